"""What must hold for a derivative to exist: what the value asks for everywhere, and smoothness where a variable is.

A condition that follows from declared properties, or from another condition, is not repeated (:mod:`symmat.facts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import (
    Basic,
    HadamardPower,
    Integer,
    Pow,
    Rational,
)

from symmat.algebra.normal import normal
from symmat.core.constructors import add, neg, number
from symmat.core.nodes import DEFINITIONS, SUMS, Index
from symmat.core.operation import find_operation
from symmat.core.predicate import Condition, Facts, Known
from symmat.core.walks import children, occurs, postorder
from symmat.core.walks import replace as exchange
from symmat.facts.known import known_where, own_facts, sizes_in
from symmat.facts.predicates import NOTHING, STRENGTH, closed, extreme, nonnegative
from symmat.facts.reduction import simplified
from symmat.operations.sums import ColumnSums, RowSums

Range = tuple[Basic, Basic, Basic]
"""A bound index, and the numbers that it runs from and to."""


@dataclass(frozen=True)
class Place:
    """Where in F a condition is asked for: within sums, and in what only a largest or smallest entry is taken of."""

    ranges: tuple[Range, ...] = ()
    selection: Basic | None = None


def conditions(F: Basic, variables: Iterable[Basic], order: int = 1, *, silent: bool = False) -> Iterator[Condition]:
    """The conditions of F and its derivatives up to an order, those of operands first; or the silent ones alone."""
    if silent and not any(map(_is_silent, postorder(F))):
        return
    sizes = sizes_in(F)
    known = known_where(sizes)
    found: dict[Condition, None] = {}
    seen: dict[Place, set[Condition]] = {}
    for condition, place in _asked(F, frozenset(variables), order, known, silent):
        for simple in simplified(condition, known, seen.setdefault(place, set())):
            placed = _over_ranges(replace(simple, selection=place.selection), place.ranges)
            if placed == simple or not placed.holds(known):
                found[placed] = None
    if found:
        yield from _needed(F, sizes, list(found))


def _is_silent(node: Basic) -> bool:
    record = find_operation(type(node))
    return record is not None and record.silent


# ---------------------------------------------------------------- what the records ask for


def _asked(
    F: Basic, variables: frozenset[Basic], order: int, known: Known, silent: bool
) -> Iterator[tuple[Condition, Place]]:
    depends = occurs(F, variables)
    softened, selections = _softened(F, depends, order), _selections(F)
    scopes: list[tuple[Basic, tuple[Range, ...]]] = [(F, ())]
    for root, ranges in scopes:  # which grows on the way
        inner: list[Basic] = []

        def is_sum(node: Basic, inner: list[Basic] = inner) -> bool:
            inner.extend([node] if type(node) in SUMS else [])
            return type(node) in SUMS

        for node in postorder(root, skip=is_sum):
            record = find_operation(type(node))
            if record is None or (silent and not record.silent):
                continue
            exists, is_smooth = record.asks(node)
            if exists is not None:
                yield exists, Place(ranges)
            if is_smooth is not None and depends[node] and not (node in softened and nonnegative in known(node)):
                yield is_smooth, Place(ranges, selections.get(node))
        scopes += [(node.args[0], (*ranges, node.args[1:])) for node in inner]


def _selections(F: Basic) -> dict[Basic, Basic]:
    """The max or min of what is used, entry by entry or as the sum of a row or column, for nothing else."""
    found: dict[Basic, set[Basic | None]] = {F: {None}}
    for node in reversed(list(postorder(F))):
        record, own = find_operation(type(node)), found[node]
        passes = type(node) in (RowSums, ColumnSums, *DEFINITIONS) or (record is not None and record.elementwise)
        for operand in children(node):
            found.setdefault(operand, set()).update({node} if extreme(node) else own if passes else {None})
    return {node: next(iter(places)) for node, places in found.items() if len(places) == 1 and None not in places}


def _softened(F: Basic, depends: Mapping[Basic, bool], order: int) -> set[Basic]:
    """What occurs only in powers so high that a kink where it is 0 is smooth in them: ‖x‖³, |x|³."""
    hard = {F}
    for node in reversed(list(postorder(F))):
        softens = depends[node] and _is_high_power(node, order)
        if not softens and (node in hard or type(node) not in DEFINITIONS):
            hard.update(children(node))
    return {node for node in depends if node not in hard}


def _is_high_power(node: Basic, order: int) -> bool:
    return type(node) in (Pow, HadamardPower) and isinstance(node.args[1], Integer) and node.args[1].p >= 2 * order


def _over_ranges(condition: Condition, ranges: Sequence[Range]) -> Condition:
    """A condition for all terms of a sum: that an exponent is not negative holds if it holds of the smallest."""
    for bound, lower, upper in reversed(ranges):
        selection = condition.selection
        if not any(_has(a, bound) for a in (*condition.operands, *(selection.args if selection else ()))):
            continue
        first = condition.operands[0]
        step = _step(first, bound) if condition.predicate == nonnegative and not condition.every else None
        if isinstance(step, Rational):
            least = normal(exchange(first, {bound: lower if step.p > 0 else upper}))
            condition = nonnegative(least)
        else:
            condition = replace(condition, every=(*condition.every, bound))
    return condition


def _step(exponent: Basic, bound: Basic) -> Basic:
    """By how much it changes from one term to the next."""
    return normal(add(exchange(exponent, {bound: add(bound, number(1))}), neg(exponent)))


def _has(root: Basic, bound: Basic) -> bool:
    return any(node is bound for node in postorder(root) if isinstance(node, Index))


# ---------------------------------------------------------------- what does not follow from the others


def _needed(F: Basic, sizes: Mapping[Basic, Facts], found: Sequence[Condition]) -> Iterator[Condition]:
    """The conditions without those that follow from the others on the same operand, or on what it is made of."""
    asked: dict[Basic, list[Condition]] = {}
    for condition in found:
        if _is_fact(condition):
            asked.setdefault(condition.operands[0], []).append(condition)
    known: dict[Basic, Facts] = {}
    follows: set[Condition] = set()

    def look_up(node: Basic) -> Facts:
        return known.get(node, NOTHING)

    for node in postorder(F, *(a for condition in found for a in condition.operands)):
        own = own_facts(node, look_up) | sizes.get(node, NOTHING)
        kept = asked.get(node, [])
        for condition in sorted(kept, key=lambda condition: STRENGTH.index(condition.predicate)):
            rest = [other for other in kept if other != condition]
            if condition.predicate.facts <= closed(own.union(*(other.predicate.facts for other in rest)), node):
                follows.add(condition)
                kept = rest
        known[node] = closed(own.union(*(condition.predicate.facts for condition in kept)), node)
    for condition in found:
        if condition not in follows and (_is_fact(condition) or not condition.holds(look_up)):
            yield condition


def _is_fact(condition: Condition) -> bool:
    """Whether other conditions may follow from one, and it from others."""
    return condition.predicate in STRENGTH and condition.selection is None and not condition.every
