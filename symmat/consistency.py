"""What a record says is of one piece: its rules, conditions and templates are of the operands of its signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import CO_VARARGS
from typing import Any

from symmat.errors import RecordProblem
from symmat.registry import LETTERS, SLOT, structures

RAISED = re.compile(r"\{A\}\^|\{A\}_")
STRAY = re.compile(r"(?<![A-Za-z^_}\]])\{([I-Za-z])[!~^]?\}")
"""A letter of no operand in braces of no argument."""


def check(record: Any) -> None:
    """RecordProblem where what an operation says of its operands does not agree with its signature."""
    if not re.fullmatch(r"[\w -]+", record.name):
        raise RecordProblem(f"{record.name!r:.60} is no name for an operation: a name is words, such as real power")
    if record.structure and structures and record.structure not in structures:
        raise RecordProblem(f"{record.name}: {record.structure!r:.60} is no structure, as {', '.join(structures)} are")
    if not record.signature:
        if record.spelling:
            raise RecordProblem(f"{record.name} has the word {record.spelling!r} and no signature: what does it take?")
        return
    what, count = f"{record.name}: {record.signature}", len(record.types.arguments)
    if record.shape is None:
        _check_sizes(record, what)
    if hasattr(record.node, "shape") != bool(record.types.result):
        kind = "matrix" if record.types.result else "scalar"
        raise RecordProblem(f"{what} gives a {kind}, and the node {record.node.__name__} is none")
    _check_rules(record, what, count)
    for condition in (record.condition, record.smooth):
        if condition is not None and not hasattr(condition, "__code__"):
            _check_condition(condition, what, LETTERS[:count])
    for template in (record.text, record.latex):
        if isinstance(template, str):
            _check_template(template, what, count)


def check_word(word: Any) -> None:
    """RecordProblem where an abbreviation does not agree with its signature."""
    what = f"{word.spelling}: {word.signature}"
    _check_sizes(word, what)
    if not _takes(word.build, count := len(word.types.arguments)):
        raise RecordProblem(f"{what}: the rule{place(word.build)} is given {count} arguments")


def _check_sizes(record: Any, what: str) -> None:
    """The sizes of the result are known."""
    given = {side.removeprefix("#") for pattern in record.types.arguments for side in pattern}
    unknown = sorted({c for side in record.types.result for c in side.replace("min", "") if c.isalpha()} - given)
    if unknown:
        raise RecordProblem(f"{what} has no operand of which {', '.join(unknown)} is a side")


def _check_rules(record: Any, what: str, count: int) -> None:
    """No operand has two rules, and each takes what it is given."""
    for rules in (record.differentials, record.linear):
        if isinstance(rules, tuple) and len(rules) > count:
            raise RecordProblem(f"{what} has {count} operands, and {len(rules)} rules for them")
    for rule, arguments in _rules(record, count):
        if not _takes(rule, arguments):
            raise RecordProblem(f"{what}: the rule{place(rule)} is given {arguments} arguments")


def _check_condition(condition: Any, what: str, operands: str) -> None:
    """A condition is a predicate of operands that there are."""
    if not hasattr(condition, "operands"):
        raise RecordProblem(f"{what} has the condition {condition!r:.60}: write a predicate of operands")
    for letter in condition.operands:
        if letter not in operands:
            raise RecordProblem(f"{what} has a condition on {letter!r}, and the operands {operands}")


def _rules(record: Any, count: int) -> Iterator[tuple[Any, int]]:
    """The functions of a record, each with the number of its arguments."""
    if record.node.__module__.startswith("sympy."):  # the operands of Inverse are X and -1
        return
    slots = record.linear if isinstance(record.linear, tuple) else (record.linear,)
    yield from ((rule, count + 2) for rule in record.differentials)
    yield from ((rule, count + 1) for rule in (record.identity, record.facts, record.value))
    for slot in slots:
        if hasattr(slot, "push"):
            yield from ((slot.push, 3), (slot.adjoint, 3), (slot.vec, 2))


def _takes(rule: Any, count: int) -> bool:
    """Whether a function may have so many arguments; what is no function of Python's takes any."""
    code = getattr(rule, "__code__", None)
    if code is None:
        return True
    least = code.co_argcount - len(rule.__defaults__ or ())
    return bool(least <= count and (count <= code.co_argcount or code.co_flags & CO_VARARGS))


def place(rule: Any) -> str:
    """Where a function is written, as tracebacks say it."""
    code = getattr(rule, "__code__", None)
    return f' (File "{code.co_filename}", line {code.co_firstlineno})' if code else ""


def _check_template(template: str, what: str, count: int) -> None:
    """It names no operand but the ``count`` that there are."""
    found = [(m[0], int(m[3]) if m[3] else LETTERS.index(m[2])) for m in SLOT.finditer(template) if m[2] or m[3]]
    wrong = [slot for slot, place in found if place >= count] + [m[0] for m in STRAY.finditer(template)]
    if wrong:
        there = ", ".join(f"{{{letter}}}" for letter in LETTERS[:count])
        raise RecordProblem(f"{what} has the operands {there}, and {template!r} names {wrong[0]}")
    if RAISED.match(template):
        raise RecordProblem(f"{what} is printed as {template!r}: write {{A!}}, in parentheses where it has to be")
