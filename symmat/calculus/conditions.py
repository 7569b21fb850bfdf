"""What must hold for a derivative to exist: what the value asks for everywhere, and smoothness where a variable is.

A condition that follows from declared properties, or from another condition, is not repeated (:mod:`.facts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import (
    Basic,
    HadamardPower,
    Integer,
    MatrixSymbol,
    Pow,
    Rational,
)

from symmat.algebra.normal import normal
from symmat.calculus.facts import NOTHING, closed, facts, own_facts
from symmat.calculus.reduction import Condition, holds, simplified
from symmat.core.constructors import add, neg, number
from symmat.core.nodes import DEFINITIONS, SUMS, Index
from symmat.core.operation import find_operation
from symmat.core.walks import children, occurs, postorder, replace
from symmat.facts.conditions import IS_NONNEGATIVE, MEANING, NONNEGATIVE, POSITIVE, Facts
from symmat.operations.extrema import Largest, Smallest
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
    nodes = list(postorder(F))
    if silent and not any(map(_is_silent, nodes)):
        return
    sizes = {s: frozenset((POSITIVE,)) for node in nodes for s in _sizes(node)}
    known = facts(F, sizes)

    def look_up(node: Basic) -> Facts:
        if node not in known:
            known.update(facts(node, sizes))
        return known[node]

    found: dict[Condition, None] = {}
    seen: dict[Place, set[Condition]] = {}
    for condition, place in _asked(F, frozenset(variables), order, known, silent):
        for simple in simplified(condition, look_up, seen.setdefault(place, set())):
            placed = _over_ranges(_where(simple, place.selection), place.ranges)
            if placed is simple or not holds(placed, look_up):
                found[placed] = None
    if found:
        yield from _needed(F, sizes, list(found))


def _is_silent(node: Basic) -> bool:
    record = find_operation(type(node))
    return record is not None and record.silent


def _sizes(node: Basic) -> Iterable[Basic]:
    return [s for side in node.shape for s in side.free_symbols] if isinstance(node, MatrixSymbol) else ()


# ---------------------------------------------------------------- what the records ask for


def _asked(
    F: Basic, variables: frozenset[Basic], order: int, known: Mapping[Basic, Facts], silent: bool
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
            words = _words(record.condition, node)
            if words:
                yield _filled(words, node), Place(ranges)
            words = _words(record.smooth, node)
            if words and depends[node] and not (node in softened and NONNEGATIVE in known[node]):
                yield _filled(words, node), Place(ranges, selections.get(node))
        scopes += [(node.args[0], (*ranges, node.args[1:])) for node in inner]


def _words(template: str | Callable[[Basic], str], node: Basic) -> str:
    return template if isinstance(template, str) else template(node)


def _selections(F: Basic) -> dict[Basic, Basic]:
    """The max or min of what is used, entry by entry or as the sum of a row or column, for nothing else."""
    found: dict[Basic, set[Basic | None]] = {F: {None}}
    for node in reversed(list(postorder(F))):
        record, own = find_operation(type(node)), found[node]
        passes = type(node) in (RowSums, ColumnSums, *DEFINITIONS) or (record is not None and record.elementwise)
        for operand in children(node):
            found.setdefault(operand, set()).update(
                {node} if type(node) in (Largest, Smallest) else own if passes else {None}
            )
    return {node: next(iter(places)) for node, places in found.items() if len(places) == 1 and None not in places}


def _where(condition: Condition, selection: Basic | None) -> Condition:
    if selection is None:
        return condition
    end = "largest" if type(selection) is Largest else "smallest"
    template = f"{condition.template} where {_letter(condition)} is {end}"
    return Condition(template, (*condition.operands, selection.args[0]))


def _letter(condition: Condition) -> str:
    """The place of one operand more."""
    return f"{{{'ABCDEFGH'[len(condition.operands)]}}}"


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


def _filled(template: str, node: Basic) -> Condition:
    """A condition of the operands that its template names, with {A} for the first of them."""
    named = [(letter, a) for letter, a in zip("ABCDEFGH", node.args, strict=False) if f"{{{letter}}}" in template]
    for letter, (own, _) in zip("ABCDEFGH", named, strict=False):
        template = template.replace(f"{{{own}}}", f"{{{letter}}}")
    return Condition(template, tuple(a for _, a in named))


def _over_ranges(condition: Condition, ranges: Sequence[Range]) -> Condition:
    """A condition for all terms of a sum: that an exponent is not negative holds if it holds of the smallest."""
    for bound, lower, upper in reversed(ranges):
        if not any(_has(a, bound) for a in condition.operands):
            continue
        first = condition.operands[0]
        step = _step(first, bound) if condition.template == IS_NONNEGATIVE else None
        if isinstance(step, Rational):
            least = normal(replace(first, {bound: lower if step.p > 0 else upper}))
            condition = Condition(condition.template, (least,))
        else:
            template = f"{condition.template} for every {_letter(condition)}"
            condition = Condition(template, (*condition.operands, bound))
    return condition


def _step(exponent: Basic, bound: Basic) -> Basic:
    """By how much it changes from one term to the next."""
    return normal(add(replace(exponent, {bound: add(bound, number(1))}), neg(exponent)))


def _has(root: Basic, bound: Basic) -> bool:
    return any(node is bound for node in postorder(root) if isinstance(node, Index))


# ---------------------------------------------------------------- what does not follow from the others


def _needed(F: Basic, sizes: Mapping[Basic, Facts], found: Sequence[Condition]) -> Iterator[Condition]:
    """The conditions without those that follow from the others on the same operand, or on what it is made of."""
    asked: dict[Basic, list[Condition]] = {}
    for condition in found:
        if condition.template in MEANING:
            asked.setdefault(condition.operands[0], []).append(condition)
    known: dict[Basic, Facts] = {}
    follows: set[Condition] = set()
    for node in postorder(F, *(a for condition in found for a in condition.operands)):
        own = own_facts(node, known) | sizes.get(node, NOTHING)
        kept = asked.get(node, [])
        for template in MEANING:  # the weaker of two goes first
            condition = Condition(template, (node,))
            if condition in kept:
                rest = [c for c in kept if c != condition]
                if MEANING[template] <= closed(own.union(*(MEANING[c.template] for c in rest)), node):
                    follows.add(condition)
                    kept = rest
        known[node] = closed(own.union(*(MEANING[c.template] for c in kept)), node)
    for condition in found:
        if condition not in follows and (condition.template in MEANING or not holds(condition, known.__getitem__)):
            yield condition
