"""Differentials of any order, each from the one before, so that like terms never come apart: dⁿ X⁻¹ has one term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice

from sympy import Basic

from symmat.algebra.measures import length, operations
from symmat.algebra.normal import normal
from symmat.core.constructors import shape_of, zero
from symmat.core.differential import differential
from symmat.core.nodes import SUMS
from symmat.core.table import table
from symmat.core.walks import postorder
from symmat.effort import advise
from symmat.errors import LimitProblem

Directions = Mapping[Basic, Basic]

LONGEST = 150_000
"""So many symbols and operations are written out, in all the differentials up to an order."""
SHORT = 100_000
"""Up to so many a differential is simplified before it is differentiated for numbers."""


def nth(differentials: Iterable[Basic], order: int) -> Basic:
    """The differential of an order, of those from the first."""
    return next(islice(differentials, order - 1, None))


def shown(F: Basic, forms: Iterable[Basic], directions: Directions) -> Iterator[Basic]:
    """dF, d²F, … as a reader sees them, from forms of dF: at each order the shortest.

    Where there are finite sums each is from F.
    """
    ways, written = list(dict.fromkeys(forms)), 0
    for order in count(2):
        yield ways[0] if len(ways) == 1 else min(ways, key=length)
        advise(f"take order {order - 1}, or compute it with .numpy()")
        moved = [_moved(way, directions) for way in ways if not has_sums(way)]
        moved = moved or [nth(_plain(F, directions), order)]
        short = [change for change in moved if length(change) <= LONGEST - written]
        written += sum(map(length, short))
        if not short:
            raise LimitProblem(
                f"the differentials up to order {order} have over {LONGEST:,} symbols when they are written out",
                f"take order {order - 1}, or compute it with .numpy()",
            )
        ways = list(dict.fromkeys(map(normal, short)))


def computed(F: Basic, directions: Directions) -> Iterator[Basic]:
    """dF, d²F, … as programs: each of what is the smaller program, the one before or its normal form."""
    ways = [_moved(F, directions)]
    for order in count(2):
        yield ways[0] if len(ways) == 1 else min(ways, key=operations)
        advise(f"compute order {order - 1} with .numpy(), or write out a lower one")
        forms = dict.fromkeys(form for way in ways for form in (way, _simplified(way)))
        moved = [_moved(form, directions) for form in forms]
        fewest = min(map(operations, moved))
        ways = sorted((way for way in moved if operations(way) <= 2 * fewest), key=operations)[:2]


def has_sums(root: Basic) -> bool:
    """Whether there is a finite sum, in which X^i X^-1 may have become X^(i-1): no sum is its differential at i = 0."""
    return table().has_indices and any(type(node) in SUMS for node in postorder(root))


def _plain(F: Basic, directions: Directions) -> Iterator[Basic]:
    while True:
        F = _moved(F, directions)
        yield F


def _moved(F: Basic, directions: Directions) -> Basic:
    """dF, a structural zero made a node."""
    change = differential(F, directions)
    return zero(shape_of(F)) if change is None else change


def _simplified(change: Basic) -> Basic:
    """The normal form, where it is short and fit to be differentiated."""
    return change if length(change) > SHORT or has_sums(change) else normal(change)
