"""Names that are free: what is defined for a reader must not bear the name of something else in the same formula."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count


class FreshNames:
    """Names other than those ``taken`` and those given before."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def take(self, *wanted: str) -> str:
        """The first of the wanted names that is free, else the first one with a number: D, E, then D_1, D_2, …."""
        numbered = (f"{wanted[0]}_{i}" for i in count(1))
        name = next(name for name in chain(wanted, numbered) if name not in self._taken)
        self._taken.add(name)
        return name
