"""What may be known of values, and what is asked of them: a predicate and its operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Basic


@dataclass(frozen=True)
class Predicate:
    """``invertible``; ``invertible(X)`` is a condition, and ``invertible("A")`` one on the operand A of an operation.

    ``means`` are the facts that together say the same of one operand: of a fact nothing but itself.  ``of_entries``
    marks what is asked of every entry of a matrix.  ``follows(known, *operands)`` says whether it holds, where that is
    more than to be known.
    """

    name: str
    means: tuple[Predicate, ...] = ()
    of_entries: bool = False
    follows: Callable[..., bool] | None = field(default=None, compare=False)

    def __call__(self, *operands: Basic | str) -> Condition:
        return Condition(self, operands)

    @property
    def facts(self) -> Facts:
        """What is known of the operand where it holds."""
        return frozenset(self.means or (self,))


Facts = frozenset[Predicate]
Known = Callable[[Basic], Facts]


@dataclass(frozen=True)
class Condition:
    """A predicate of values; of the entry alone that a ``selection``, a max or min, takes, and for ``every`` index."""

    predicate: Predicate
    operands: tuple[Any, ...]
    selection: Basic | None = None
    every: tuple[Basic, ...] = ()

    def of(self, operands: Sequence[Basic]) -> Condition:
        """A record's condition, for the operands that its letters stand for."""
        return replace(self, operands=tuple(operands["ABCDEFGH".index(letter)] for letter in self.operands))

    def holds(self, known: Known) -> bool:
        """Whether it follows from what is known of its operands."""
        if self.selection is not None or self.every:
            return False
        if self.predicate.follows is not None:
            return self.predicate.follows(known, *self.operands)
        return self.predicate.facts <= known(self.operands[0])
