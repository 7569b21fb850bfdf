"""The sizes of a check: pairwise different where the work allows it, and so small that it is done within a second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np
from sympy import Basic, Integer

from symmat.core.structure import is_orthogonal
from symmat.errors import LimitProblem
from symmat.numeric.cost import Cost, Estimate
from symmat.numeric.ranks import shape_of
from symmat.shapes import show_shape

Sizes = dict[Basic, int]

MOST_BYTES = 1e8
"""What the values of one expression may take together."""
MOST_SECONDS = 0.5
"""What all evaluations may take together, as they are estimated."""
DRAWING = 1e-7
"""The seconds that an entry of an argument takes, until one is found that will do."""
PATIENCE = 8
"""So many candidates of a kind are looked at."""


def affordable(wanted: Sequence[Basic], uses: Mapping[Basic, int], rng: np.random.Generator) -> Iterator[Sizes]:
    """Sizes for the integers among the ``wanted`` symbols, at which the expressions can be computed, each so often.

    Raises LimitProblem where no sizes are small enough.
    """
    letters = [s for s in wanted if not shape_of(s) and s.is_integer]
    tall = [s for s in wanted if is_orthogonal(s)]
    count = len(letters)
    kinds = (
        lambda: rng.permutation(count + 2) + 2,  # pairwise different
        lambda: rng.permutation(count) + 2,
        lambda: rng.integers(2, 4, count),
        lambda: np.full(count, 2),
    )
    known: dict[tuple[int, ...], Cost | None] = {}
    for kind in kinds:
        found, left = False, PATIENCE
        while found or left:
            left -= not found
            numbers = tuple(map(int, kind()[:count]))
            sizes = dict(zip(letters, numbers, strict=True))
            estimate = Estimate(sizes)
            if any(rows < cols for rows, cols in map(estimate.sides, tall)):
                continue  # no columns are orthonormal
            if numbers not in known:
                known[numbers] = excess(estimate, uses, wanted)
            if known[numbers] is None:
                found = True
                yield sizes
    dear = [cost for cost in known.values() if cost is not None]
    if dear:
        raise too_dear(min(dear, key=lambda cost: cost.bytes / MOST_BYTES + cost.seconds / MOST_SECONDS), estimate)


def excess(estimate: Estimate, uses: Mapping[Basic, int], wanted: Sequence[Basic]) -> Cost | None:
    """The cost that passes a limit, if one does."""
    total = DRAWING * sum(prod(estimate.sides(symbol)) for symbol in wanted)
    for root, times in uses.items():
        cost = estimate.cost(root)
        total += times * cost.seconds
        if cost.bytes > MOST_BYTES or total > MOST_SECONDS:
            return cost
    return None


def too_dear(cost: Cost, estimate: Estimate) -> LimitProblem:
    """What the numbers would take, and what to ask instead."""
    if cost.bytes > MOST_BYTES:
        node, takes = cost.largest, f"{cost.bytes / 1e9:,.1f} GB of memory"
    else:
        node, takes = cost.slowest, f"{cost.seconds:,.0f} s" if cost.seconds > 1 else "more than a second"
    shape = shape_of(node)
    what = f"a value of {show_shape(estimate.sides(node))}" if shape else "a value"
    hint = "check a shorter expression of the same kind"
    if cost.bytes <= MOST_BYTES and cost.repeated > 1:
        what = f"a sum of {cost.repeated:,} terms"
        hint = "write a letter for the number of terms, as in X^k: it is checked at small numbers"
    elif any(isinstance(side, Integer) and side.p > 2 for side in shape):
        hint = "declare sizes as letters, as in X: n×n: the check then chooses small ones"
    return LimitProblem(f"the check computes {what} on the way, which takes {takes}", hint)
