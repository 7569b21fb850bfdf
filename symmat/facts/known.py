"""What is known of values: signs, ranks and definiteness, from declared properties and assumptions, operands first."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic, Identity, MatrixSymbol, NumberSymbol, OneMatrix, Rational, Symbol, ZeroMatrix

from symmat.core.constructors import shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.operation import Operation, find_operation
from symmat.core.predicate import Facts, Known
from symmat.core.structure import STRUCTURES, properties
from symmat.core.walks import children, fold, folded, symbols
from symmat.facts.predicates import NOTHING, closed, definite, diagonal, nonnegative, nonzero, positive


@fold
def known(node: Basic, _: list[Facts]) -> Facts:
    """The facts of a value, wherever it stands."""
    return closed(own_facts(node, known), node)


def known_where(assumed: Mapping[Basic, Facts]) -> Known:
    """What is known of values, where some things are assumed."""
    found: dict[Basic, Facts] = {}

    def look_up(root: Basic) -> Facts:
        if root not in found:
            folded(rule, found, root)
        return found[root]

    def rule(node: Basic, _: list[Facts]) -> Facts:
        return closed(own_facts(node, look_up) | assumed.get(node, NOTHING), node)

    return look_up


def sizes_in(root: Basic) -> dict[Basic, Facts]:
    """The letters that are sizes of what an expression is made of: they are positive."""
    sides = (side for node in symbols(root) for side in shape_of(node))
    return {letter: frozenset((positive,)) for side in sides for letter in side.free_symbols}


def own_facts(node: Basic, look_up: Known) -> Facts:
    """What follows for a node from what is known of its operands."""
    record = find_operation(type(node))
    if record is not None:
        return _of_value(record, node, look_up)
    if type(node) in DEFINITIONS:
        return look_up(children(node)[0])
    if isinstance(node, Identity):
        return frozenset((nonnegative, *definite.facts, *diagonal.facts))
    if isinstance(node, OneMatrix | NumberSymbol):
        return frozenset((positive,))
    if isinstance(node, ZeroMatrix):
        return frozenset((nonnegative,))
    if isinstance(node, MatrixSymbol):
        return NOTHING.union(*(STRUCTURES[name].facts for name in properties(node)))
    if isinstance(node, Rational):
        return frozenset((nonzero,) if node.p < 0 else (positive,) if node.p else (nonnegative,))
    if isinstance(node, Symbol):
        means = ((positive, node.is_positive), (nonnegative, node.is_nonnegative), (nonzero, node.is_nonzero))
        return frozenset(fact for fact, holds in means if holds)
    return NOTHING


def _of_value(record: Operation, node: Basic, look_up: Known) -> Facts:
    found: Facts = NOTHING if record.facts is None else record.facts(look_up, *node.args)
    found |= STRUCTURES[record.structure].facts if record.structure else NOTHING
    for predicate, rule in record.iff:
        conditions = rule(look_up, *node.args)
        if conditions is not None and all(condition.holds(look_up) for condition in conditions):
            found |= predicate.facts
    return found
