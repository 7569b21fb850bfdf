"""Expressions as flat lists, for pickles: no expression is too deep for one, and what is shared stays shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sympy import Add, Basic, Inverse, MatAdd, MatMul, MatPow, Mul, Pow, Trace, Transpose

from symmat.core.nodes import DEFINITIONS, PENDING, SUMS
from symmat.core.operation import find_operation
from symmat.core.table import FLAGGED

Row: TypeAlias = Basic | tuple[type[Basic], tuple[int, ...]]
"""A symbol or the like as it is, or an operation with the places of its operands."""

PLAIN = frozenset((Add, MatAdd, Mul, MatMul, Pow, MatPow, Inverse, Transpose, Trace, *DEFINITIONS, *SUMS, *PENDING))


def flatten(roots: Sequence[Basic]) -> tuple[list[Row], list[int]]:
    """Every node once, operands first, and the places of the roots.

    Nodes are told apart by identity: foreign ones are not interned, and to compare them costs what they unfold to.
    """
    rows: list[Row] = []
    places: dict[int, int] = {}
    stack: list[tuple[Basic, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if id(node) in places:
            continue
        if ready or not _is_operation(node):
            rows.append((type(node), tuple(places[id(a)] for a in node.args)) if ready else node)
            places[id(node)] = len(rows) - 1
        else:
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.args))
    return rows, [places[id(root)] for root in roots]


def unflatten(rows: Sequence[Row], roots: Sequence[int]) -> list[Basic]:
    """The roots again, built raw."""
    nodes: list[Basic] = []
    for row in rows:
        nodes.append(_built(row[0], [nodes[place] for place in row[1]]) if isinstance(row, tuple) else row)
    return [nodes[place] for place in roots]


def _is_operation(node: Basic) -> bool:
    return type(node) in PLAIN or find_operation(type(node)) is not None


def _built(cls: type[Basic], args: Sequence[Any]) -> Basic:
    node = Basic.__new__(cls, *args)
    if cls in FLAGGED:
        node.is_commutative = True
    hash(node)  # kept at the node, so that no later hash recurses
    return node
