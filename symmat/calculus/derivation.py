"""The derivation of a differential: one rule a step, the whole expression before and after.

It runs the same records as the differential, outermost operation first, with what is left to do written d(…).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Basic, Transpose

from symmat.calculus.differential import differential, still
from symmat.expressions.build import is_dot
from symmat.expressions.constructors import (
    add,
    differential_symbol,
    pending,
    rebuild,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.expressions.nodes import DEFINITIONS, PENDING
from symmat.expressions.normal import normalizer
from symmat.expressions.operation import Operation, operation
from symmat.expressions.walks import children, occurs, postorder, replace


@dataclass(frozen=True)
class Rewriting:
    """One step: the rule, the expression before and after it, and the equations that the rule is read off from.

    ``of`` is the definition whose differential this is, or None for F itself.  ``read_off`` marks the last step to
    something that is not equal to dF but read off it, such as a gradient.
    """

    rule: str
    of: Basic | None
    before: Basic
    after: Basic
    read_off: bool = False
    reason: tuple[tuple[Basic, Basic], ...] = ()


def derive(F: Basic, variables: Sequence[Basic], shown: Basic) -> list[Rewriting]:
    """The steps from d(F) to ``shown``; the differentials of definitions are derived first."""
    directions: dict[Basic, Basic] = {v: differential_symbol(v) for v in variables}
    steps: list[Rewriting] = []
    for node in postorder(F):
        if type(node) in DEFINITIONS and node is not F:
            change = differential(node, directions)
            if change is not None:
                [body], [result] = children(node), children(normalizer().normal(change))
                steps += _rewritings(body, directions, result, node)
                directions[node] = normalizer().normal(change)
    return steps + _rewritings(F, directions, shown, None)


def _rewritings(F: Basic, directions: Mapping[Basic, Basic], shown: Basic, of: Basic | None) -> list[Rewriting]:
    depends = occurs(F, frozenset(directions))
    current = pending(F)
    steps: list[Rewriting] = []
    if not depends[F]:
        return [Rewriting("constant", of, current, zero(shape_of(F)))]
    while (todo := next(_pendings(current), None)) is not None:
        node = children(todo)[0]
        if node in directions:
            change, rule = directions[node], "the variable"
            reason: tuple[tuple[Basic, Basic], ...] = ()
        else:
            record, change = _applied(node, directions, depends)
            rule, reason = record.name, tuple(_reason(record, node, directions))
        after = normalizer().expanded(replace(current, {todo: change}))
        steps.append(Rewriting(rule, of, current, after, reason=reason))
        current = after
    steps.append(Rewriting("collect", of, current, shown))
    return steps


def _applied(node: Basic, directions: Mapping[Basic, Basic], depends: Mapping[Basic, bool]) -> tuple[Operation, Basic]:
    """The record of an operation, and its differential with d(…) of its operands."""
    if is_dot(node):  # to a reader x'A x is a product, and no trace
        record, change = _applied(node.args[0], directions, depends)
        return record, trace(change)
    record = operation(type(node))
    moving = [(i, _direction(a, directions)) for i, a in enumerate(children(node)) if depends[a]]
    if record.additive:
        changes = dict(moving)
        return record, rebuild(node, [changes.get(i) or still(a) for i, a in enumerate(node.args)])
    terms = [term for i, E in moving if (term := record.push(node, i, E)) is not None]
    return record, add(*terms) if terms else zero(shape_of(node))


def _direction(node: Basic, directions: Mapping[Basic, Basic]) -> Basic:
    """dX of a variable, and of anything else d(…), to be worked out."""
    if type(node) is Transpose and node not in directions:
        return transpose(_direction(node.args[0], directions))
    return directions[node] if node in directions else pending(node)


def _pendings(root: Basic) -> Iterator[Basic]:
    return (node for node in postorder(root, skip=lambda n: type(n) in DEFINITIONS) if type(node) in PENDING)


def _reason(record: Operation, node: Basic, directions: Mapping[Basic, Basic]) -> Iterator[tuple[Basic, Basic]]:
    """The defining equation and its differential, from which the rule follows by solving."""
    if record.identity is None:
        return
    left, right = record.identity(node, *node.args)
    moving = {node: pending(node), node.args[0]: _direction(node.args[0], directions)}
    changes = [differential(side, moving) for side in (left, right)]
    yield left, right
    yield tuple(zero(shape_of(left)) if c is None else normalizer().expanded(c) for c in changes)
