"""Finite sums bind their index; an index is named by its level of nesting, so that equal sums are one node."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Basic

from symmat.expressions.constructors import definition, finite_sum, index
from symmat.expressions.nodes import DEFINITIONS, SUMS, Index
from symmat.expressions.table import table
from symmat.expressions.walks import children, postorder, replace


def sum_over(term: Callable[[Basic], Basic], lower: Basic, upper: Basic, inside: Sequence[Basic]) -> Basic:
    """Σ term(i), with an index that occurs in none of the nodes ``inside`` that the term is made of."""
    bound = index(1 + max(index_level(node) for node in (*inside, lower, upper)))
    return finite_sum(term(bound), bound, lower, upper)


def bound_sum(body: Basic, letter: Basic, lower: Basic, upper: Basic) -> Basic:
    """Σ body for letter = lower, …, upper: the letter, an integer symbol, becomes the sum's own index."""
    return sum_over(lambda bound: replace(body, {letter: bound}), lower, upper, (body,))


def at_index(root: Basic, bound: Basic, value: Basic) -> Basic:
    """The expression where an index has a value, or another name; what binds it again, and a definition, stays."""
    swap = {bound: value}
    for node in postorder(root, skip=lambda n: n in swap or type(n) in DEFINITIONS):
        if type(node) in SUMS and node.args[1] is bound:
            body, own, *ends = node.args
            swap[node] = finite_sum(body, own, *(replace(end, {bound: value}) for end in ends))
    closed = {node: node for node in postorder(root, skip=swap.__contains__) if type(node) in DEFINITIONS}
    return replace(root, swap | closed)


def is_open(root: Basic) -> bool:
    """Whether an index occurs that no sum within binds."""
    return bool(free_indices(root))


def is_free(bound: Basic, root: Basic) -> bool:
    """Whether an index occurs in an expression, other than bound by an inner sum."""
    return bound in free_indices(root)


def free_indices(root: Basic) -> frozenset[Basic]:
    """The indices that occur in an expression and that no sum within binds."""
    if not table().has_indices:
        return frozenset()
    found: dict[Basic, frozenset[Basic]] = table().memo("free indices")
    if root not in found:
        for node in postorder(root, skip=found.__contains__):
            inside = [found[a] for a in children(node)]
            if type(node) in SUMS:
                inside[:2] = [inside[0] - {node.args[1]}]
            found[node] = frozenset((node,)) if isinstance(node, Index) else frozenset().union(*inside)
    return found[root]


def apart(node: Basic, other: Basic) -> Basic:
    """A finite sum with an index that does not occur free in another expression, which is to stand inside of it."""
    body, bound, *ends = node.args
    if not is_free(bound, other):
        return node
    fresh = index(1 + max(index_level(node), index_level(other)))
    return finite_sum(at_index(body, bound, fresh), fresh, *ends)


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


def index_level(root: Basic) -> int:
    """The highest level of an index, free or bound, below the root."""
    levels: dict[Basic, int] = table().memo("index_level")
    if root not in levels:
        for node in postorder(root, skip=levels.__contains__):
            own = int(node.name[1:]) if isinstance(node, Index) else 0
            levels[node] = max((own, *(levels[a] for a in children(node))))
    return levels[root]
