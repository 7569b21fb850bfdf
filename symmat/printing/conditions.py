"""Conditions in words."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic

from symmat.core.constructors import shape_of
from symmat.core.predicate import Condition, Predicate
from symmat.facts import predicates as p
from symmat.printing.printer import Printer

WORDS: Mapping[Predicate, str] = {
    p.positive: "{A} > 0",
    p.nonnegative: "{A} ≥ 0",
    p.nonzero: "{A} ≠ 0",
    p.not_null: "{A} ≠ 0",
    p.full_rank: "{A} has full rank",
    p.full_column_rank: "{A} has full column rank",
    p.full_row_rank: "{A} has full row rank",
    p.oriented: "det({A}) > 0",
    p.principal: "{A} has no eigenvalue on the closed negative real axis",
    p.minors: "the leading minors of {A} are not 0",
    p.invertible_in_this_form: "{A} is invertible (in this form)",
    p.constant_rank: "the rank of {A} does not change",
    p.nonzero_or_higher_power: "{A} ≠ 0 or {B} ≥ 1",
    p.not_null_or_higher_power: "{A} ≠ 0 or {B} ≥ 1",
    p.no_common_eigenvalue: "{A} and -{B} have no common eigenvalue",
    p.single_largest: "the largest entry of {A} is the only one",
    p.single_smallest: "the smallest entry of {A} is the only one",
    p.simple_largest: "the largest singular value of {A} is simple",
    p.different: "{A} ≠ {B}",
}
"""Where "{A} is positive definite", with the name of the predicate, does not serve."""
OF_ENTRIES: Mapping[Predicate, str] = {
    p.nonzero: "no entry of {A} is 0",
    p.nonzero_or_higher_power: "no entry of {A} is 0 or {B} ≥ 1",
    p.different: "no entry of {A} is that of {B}",
}
"""Of a matrix, where "every entry of …" does not serve."""


def worded(condition: Condition, printer: Printer) -> tuple[str, list[str]]:
    """A condition in words, and the names of its operands."""
    selection, every = condition.selection, condition.every
    shown = [_named(a, printer) for a in (*condition.operands, *(selection.args if selection else ()), *every)]
    names = [name for name, _ in shown]
    text = _template(condition, [spread for _, spread in shown]).format(**dict(zip("ABCDEFGH", names, strict=False)))
    if selection is not None:
        text += f" where {names[len(condition.operands)]} is {p.extreme(selection)}"
    return text + "".join(f" for every {name}" for name in names[len(names) - len(every) :]), names


def _named(node: Basic, printer: Printer) -> tuple[str, bool]:
    """A value in the notation, and whether that is a number for every entry."""
    piece = printer.piece(node)
    shown = printer.spread(node, piece)
    return shown.text, shown is not piece


def _template(condition: Condition, spread: list[bool]) -> str:
    asked = condition.predicate
    words = WORDS.get(asked, f"{{A}} is {asked.name}")
    if not shape_of(condition.operands[0]):
        return words
    if asked == p.different and any(spread[:2]):
        return "no entry of {B} is {A}" if spread[0] else "no entry of {A} is {B}"
    return OF_ENTRIES.get(asked, f"every entry of {words}" if asked.of_entries else words)
