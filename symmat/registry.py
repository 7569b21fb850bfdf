r"""The register of words: what stands for an operation, in text and in LaTeX.

A word of the notation (``det``, ``lu.L``), a sign (``⊗``), a command of LaTeX (``\det``), or what LaTeX sets around the
operands (``^{+}``).  One word may have a meaning for each kind of operands.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
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

structures: dict[str, Any] = {}
"""What a matrix may be, by its word (:mod:`symmat.core.structure`)."""
_meanings: dict[str, tuple[Any, ...]] = {}


def own_first(record: Any) -> None:
    """The notation's own words are known before those of other packages."""
    if not _origin(record)[0].startswith(("symmat.", "sympy.")):
        import_module("symmat.operations")


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
    module, name = (record.build, record.spelling) if made is record else (made, made.__qualname__)
    return str(module.__module__), name


def meanings(word: str) -> tuple[Any, ...]:
    """The records that have a word; ``lu.`` has all parts of that factorisation."""
    return _meanings.get(word, ())


def known_words() -> tuple[str, ...]:
    """All words of the notation that records have."""
    load_plugins()
    return tuple(filter(WORD.fullmatch, _meanings))


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
