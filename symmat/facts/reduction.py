"""Conditions in simpler operands: 2 σ² ≠ 0 is σ ≠ 0, and A B is invertible where A and B are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Basic

from symmat.core.constructors import shape_of
from symmat.core.operation import find_operation
from symmat.core.predicate import Condition, Known, Predicate
from symmat.facts.predicates import (
    nonnegative,
    nonzero,
    nonzero_or_higher_power,
    not_null,
    not_null_or_higher_power,
    positive,
)

OF_POWERS = {nonzero_or_higher_power: nonzero, not_null_or_higher_power: not_null}
"""What is asked of a base in place of a higher exponent."""


def simplified(condition: Condition, known: Known, seen: set[Condition]) -> Iterator[Condition]:
    """The conditions on parts of the operand that are the same together, without those seen or known to hold."""
    todo = [condition]
    while todo:
        condition = _plain(todo.pop())
        if condition in seen or condition.holds(known):
            continue
        seen.add(condition)
        simpler = _reduced(condition, known)
        if simpler is None:
            yield condition
        else:
            todo.extend(reversed(simpler))


def _plain(condition: Condition) -> Condition:
    """A number that is not null is nonzero."""
    if shape_of(condition.operands[0]):
        return condition
    of_number = {not_null: nonzero, not_null_or_higher_power: nonzero_or_higher_power}
    return replace(condition, predicate=of_number.get(condition.predicate, condition.predicate))


def _reduced(condition: Condition, known: Known) -> Sequence[Condition] | None:
    """The conditions that one is equivalent to, if they are simpler."""
    asked, (operand, *others) = condition.predicate, condition.operands
    if asked == positive and nonnegative in known(operand):
        return [nonzero(operand)]
    if asked in OF_POWERS:
        bases = _of_operands(OF_POWERS[asked], operand, known) or ()
        again = [predicate for base in bases for predicate, fact in OF_POWERS.items() if fact == base.predicate]
        return [again[0](*bases[0].operands, *others)] if len(bases) == len(again) == 1 else None
    return None if others else _of_operands(asked, operand, known)


def _of_operands(asked: Predicate, node: Basic, known: Known) -> Sequence[Condition] | None:
    """The conditions on operands that are one on their value, by its record."""
    record = find_operation(type(node))
    rules = {} if record is None else {predicate.facts: rule for predicate, rule in record.iff}
    found = rules[asked.facts](known, *node.args) if asked.facts in rules else None
    if found is None:
        return None
    return [replace(part, predicate=asked) if part.predicate.facts == asked.facts else part for part in found]
