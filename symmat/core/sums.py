"""Finite sums bind their index; an index is named by its level of nesting, so that equal sums are one node."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Basic

from symmat.core.constructors import finite_sum, index
from symmat.core.nodes import DEFINITIONS, SUMS, Index
from symmat.core.table import table
from symmat.core.walks import fold, postorder, replace


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
    return table().has_indices and bool(free_indices(root))


@fold
def free_indices(node: Basic, inside: list[frozenset[Basic]]) -> frozenset[Basic]:
    """The indices that occur in an expression and that no sum within binds."""
    if type(node) in SUMS:
        body, _, *ends = inside
        inside = [body - {node.args[1]}, *ends]
    return frozenset((node,)) if isinstance(node, Index) else frozenset().union(*inside)


def apart(node: Basic, other: Basic) -> Basic:
    """A finite sum with an index that does not occur free in another expression, which is to stand inside of it."""
    body, bound, *ends = node.args
    if bound not in free_indices(other):
        return node
    fresh = index(1 + max(index_level(node), index_level(other)))
    return finite_sum(at_index(body, bound, fresh), fresh, *ends)


@fold
def index_level(node: Basic, inside: list[int]) -> int:
    """The highest level of an index, free or bound, in an expression."""
    return int(node.name[1:]) if isinstance(node, Index) else max(inside, default=0)
