"""Names for what repeats: where parts that occur several times make a result long, they become definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator

from sympy import Basic

from symmat.algebra.measures import is_seen_through
from symmat.calculus.naming import LETTERS, kind
from symmat.core.constructors import definition
from symmat.core.nodes import DEFINITIONS, SUMS, Index
from symmat.core.table import NO_HOLES, table
from symmat.core.walks import children, postorder, replace

LONG = 45
"""Up to so many symbols and operations a result is shown as it is."""
SMALLEST = 5
"""What is shorter, such as X^-1, needs no name."""
WORTH = 10
"""A name has to save so many."""
MOST = 3
"""So many names are given."""


def abbreviate(root: Basic, taken: Container[str]) -> Basic:
    """The expression with its largest repeated parts as definitions, if it is long and has none yet."""
    if any(type(node) in DEFINITIONS for node in postorder(root)):
        return root
    names = {key: (name for name in letters if name not in taken) for key, letters in LETTERS.items()}
    for _ in range(MOST):
        part = _worthiest(root)
        if part is None:
            break
        name = next(names[kind(part)], None)
        if name is None:
            break
        root = replace(root, {part: definition(name, part)})
    return root


def _worthiest(root: Basic) -> Basic | None:
    """The part whose name saves most, if any is worth one."""
    order = list(postorder(root, skip=lambda node: type(node) in DEFINITIONS))
    sizes: dict[Basic, int] = {}
    for node in order:
        sizes[node] = 1 + sum(sizes.get(a, 1) for a in children(node))
    if sizes[root] <= LONG:
        return None
    times: Counter[Basic] = Counter({root: 1})
    for node in reversed(order):
        for operand in children(node):
            times[operand] += times[node]
    saved = {node: (times[node] - 1) * (sizes[node] - 1) for node in _candidates(order) if sizes[node] >= SMALLEST}
    best = max(saved, key=saved.__getitem__, default=None)
    return best if best is not None and saved[best] >= WORTH else None


def _candidates(order: list[Basic]) -> Iterator[Basic]:
    """Operations that hold no differential and no index of a sum around them, and are no mere transpose or count."""
    holes = table().holes
    indices: dict[Basic, frozenset[Basic]] = {}
    for node in order:
        free = frozenset().union(*(indices.get(a, NO_HOLES) for a in children(node)))
        bound = node.args[1:2] if type(node) in SUMS else ()
        indices[node] = frozenset((node,)) if isinstance(node, Index) else free.difference(bound)
        if children(node) and not holes[node] and not indices[node] and not is_seen_through(node):
            yield node
