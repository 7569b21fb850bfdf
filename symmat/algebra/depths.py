"""Indices of finite sums named by their depth, so that equal sums are one node."""

from __future__ import annotations

from sympy import Basic

from symmat.core.constructors import definition, finite_sum, index
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.sums import at_index, index_level
from symmat.core.table import table
from symmat.core.walks import children, postorder, replace


def with_depths(root: Basic) -> Basic:
    """The expression with its indices named by their depth, outermost first: equal sums are one node then.

    A definition is printed by itself, and so its indices begin anew.
    """
    if not table().has_indices or not index_level(root):
        return root
    named: dict[Basic, Basic] = {}
    for node in postorder(root):
        if type(node) in DEFINITIONS:
            named[node] = definition(node.args[0].name, _by_depth(replace(node.args[1], named)))
    return _by_depth(replace(root, named))


def _by_depth(root: Basic) -> Basic:
    deep = index_level(root)
    fresh = _deepened(root, deep + 1)
    return replace(fresh, {index(deep + level): index(level) for level in range(1, index_level(fresh) - deep + 1)})


def _deepened(root: Basic, level: int) -> Basic:
    """Outermost sums with their index at ``level``, those inside them one above, and so on; definitions stay."""
    outermost: list[Basic] = []

    def is_sum(node: Basic) -> bool:
        if type(node) in SUMS:
            outermost.append(node)
        return type(node) in SUMS or type(node) in DEFINITIONS

    for _ in postorder(root, skip=is_sum):
        pass
    swap = {}
    for node in outermost:
        body, bound, *ends = children(node)
        own = index(level)
        swap[node] = finite_sum(_deepened(at_index(body, bound, own), level + 1), own, *ends)
    return replace(root, swap)
