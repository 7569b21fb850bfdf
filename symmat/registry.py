r"""The register of words: what stands for an operation, in text and in LaTeX, and what a record cannot say.

A word of the notation (``det``, ``lu.L``), a sign (``⊗``), a command of LaTeX (``\det``), or what LaTeX sets around the
operands (``^{+}``).  One word may have a meaning for each kind of operands.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from symmat.errors import RecordProblem

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

NOTATION = frozenset(("frechet", "ones", "zeros", "grad", "adjoint", "jacobian", "hessian"))
"""The words that the notation gives a meaning, and no record."""
SIGNS = ("⊗", "∘", "./")
"""The signs that stand between two operands, besides those of products and sums."""
WORD = re.compile(r"[A-Za-z]\w+(\.\w+)?", re.ASCII)
COMMAND = re.compile(r"\\[A-Za-z]+|\^\{[^{}]+\}")

LETTERS = "ABCDEFGH"
SLOT = re.compile(r"\{(\*?)([A-H]?)(?:#(\d+))?([!~^]?)\}")
"""The place of an operand in a template: ``{A}``, ``{B!}``, ``{#3}``, ``{*}``."""
CALL = re.compile(r"\\left\(\{(?:\*|A)\}(?:, \{[B-H]\})*\\right\)$")
EXPONENT = re.compile(r"\^\{([-+]?\w+|\\(top|prime|intercal))\}")
"""What a mark cannot be: ``X^{2}`` is a power."""
RAISED = re.compile(r"\{A\}\^|\{A\}_")
STRAY = re.compile(r"(?<![A-Za-z^_}\]])\{([I-Za-z])[!~^]?\}")
"""A letter of no operand in braces of no argument."""

_meanings: dict[str, tuple[Any, ...]] = {}


def spell(record: Any) -> None:
    """Make known what is read as a record; RecordProblem for what can be no word, and for what another record has."""
    for word in (record.spelling, *record.aliases):
        if word and not (WORD.fullmatch(word) or (word in record.aliases and COMMAND.fullmatch(word))):
            raise RecordProblem(f"{word!r:.60} is no word for an operation: words are letters and digits, as in norm2")
    words = _words(record)
    for word in words:
        others = (r for r in meanings(word) if _origin(r) != _origin(record))
        taken = any(r.types.kinds == record.types.kinds or word in SIGNS for r in others)
        if taken or word in NOTATION or EXPONENT.fullmatch(word):
            raise RecordProblem(f"{word!r:.60} is taken: in the notation it has another meaning")
    for word in words:
        _meanings[word] = (*(r for r in meanings(word) if r.types.kinds != record.types.kinds), record)
        stem, dot, _ = word.partition(".")
        if dot and stem.isalnum():
            _meanings[f"{stem}."] = (*meanings(f"{stem}."), record)


def _words(record: Any) -> list[str]:
    """The words of a record, its sign, its commands, and its LaTeX without the operands."""
    latex, infix = getattr(record, "latex", ""), getattr(record, "infix", "")
    if infix and infix not in SIGNS:
        raise RecordProblem(f"{infix!r:.60} is no sign of the notation: there are {' '.join(SIGNS)}")
    if isinstance(latex, str) and latex and not (infix or SLOT.search(latex) or latex.startswith("\\")):
        raise RecordProblem(rf"{latex!r:.60} is no name in LaTeX, and names no operand: write \operatorname{{{latex}}}")
    if not latex and record.spelling:
        latex = rf"\operatorname{{{record.spelling}}}"
    form = SLOT.sub("", CALL.sub("", latex)).strip() if isinstance(latex, str) else ""
    return [word for word in (record.spelling, *record.aliases, infix, form) if word]


def _origin(record: Any) -> tuple[str, str]:
    """Where a record is written: what comes from the same place is a new version of it."""
    made = getattr(record, "node", record)
    return (made.__module__, made.__qualname__) if made is not record else (record.build.__module__, record.spelling)


def meanings(word: str) -> tuple[Any, ...]:
    """The records that have a word; ``lu.`` has all parts of that factorisation."""
    return _meanings.get(word, ())


def known_words() -> tuple[str, ...]:
    """All words of the notation that records have."""
    load_plugins()
    return tuple(filter(WORD.fullmatch, _meanings))


def check(record: Any) -> None:
    """RecordProblem where what an operation says of its operands does not agree with its signature."""
    types, what = record.types, f"{record.name}: {record.signature}"
    if not re.fullmatch(r"[\w -]+", record.name):
        raise RecordProblem(f"{record.name!r:.60} is no name for an operation: a name is words, such as real power")
    if not record.signature:
        return
    given = {side.removeprefix("#") for pattern in types.arguments for side in pattern}
    unknown = sorted({c for side in types.result for c in side.replace("min", "") if c.isalpha()} - given)
    if unknown and record.shape is None:
        raise RecordProblem(f"{what} has no operand of which {', '.join(unknown)} is a side")
    kind = "matrix" if types.result else "scalar"
    if hasattr(record.node, "shape") != bool(types.result):
        raise RecordProblem(f"{what} gives a {kind}, and the node {record.node.__name__} is none")
    count = len(types.arguments)
    for rules in (record.differentials, record.linear):
        if isinstance(rules, tuple) and len(rules) > count:
            raise RecordProblem(f"{what} has {count} operands, and {len(rules)} rules for them")
    for template in (record.text, record.latex):
        if isinstance(template, str):
            _check_template(template, what, count)


def _check_template(template: str, what: str, count: int) -> None:
    """It names no operand but the ``count`` that there are."""
    found = [(m[0], int(m[3]) if m[3] else LETTERS.index(m[2])) for m in SLOT.finditer(template) if m[2] or m[3]]
    wrong = [slot for slot, place in found if place >= count] + [m[0] for m in STRAY.finditer(template)]
    if wrong:
        there = ", ".join(f"{{{letter}}}" for letter in LETTERS[:count])
        raise RecordProblem(f"{what} has the operands {there}, and {template!r} names {wrong[0]}")
    if RAISED.match(template):
        raise RecordProblem(f"{what} is printed as {template!r}: write {{A!}}, in parentheses where it has to be")


@cache
def plugins() -> tuple[EntryPoint, ...]:
    """The modules that other packages name under ``symmat.operations``."""
    from importlib.metadata import entry_points  # as slow to import as all of our records, and seldom needed

    return tuple(entry_points(group="symmat.operations"))


@cache
def load_plugins() -> None:
    """Import the modules of other packages: they register their records."""
    for point in plugins():
        try:
            point.load()
        except ImportError as error:
            raise RecordProblem(f"{point.value}, which {point.name} names, cannot be imported: {error}") from error
