"""The work of an answer, counted in what is built and gone through: the same everywhere, and bounded.

What the answer to a short question takes is bounded by a constant, which is about a second of time, and that to a
longer one in proportion to its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from symmat.errors import LimitProblem

UNITS = 200_000
"""Of work, for the answer to a short question: to go through a node is one."""
SHORT = 200
"""The characters of a short question, or its nodes."""
BUILT, JOINED, PRINTED, MULTIPLIED = 6, 3, 15, 50
"""The units of a node that is built, of two terms that are multiplied, of a piece of text, of a size's expansion."""
COPIED = 100
"""So many characters of a piece of text are one unit more."""


class Effort:
    """The work that one answer may still take, and what to ask instead where that is not enough."""

    __slots__ = ("advice", "left", "units")

    def __init__(self) -> None:
        self.units = self.left = UNITS
        self.advice = "name the repeated parts by definitions: S = …; …, or ask for less at once"

    def allow(self, size: int) -> None:
        """Work for a question of a size."""
        more = max(0, UNITS * size // SHORT - self.units)
        self.units += more
        self.left += more

    def spend(self, units: int) -> None:
        """Take from what is left; raises LimitProblem where that is too little."""
        self.left -= units
        if self.left < 0:
            raise LimitProblem(f"the answer takes over {self.units:,} units of work", self.advice)


_running: ContextVar[Effort | None] = ContextVar("symmat_effort", default=None)


@contextmanager
def answering() -> Iterator[Effort]:
    """One answer: what is answered on the way is a part of it."""
    outer = _running.get()
    if outer is not None:
        yield outer
        return
    effort = Effort()
    token = _running.set(effort)
    try:
        yield effort
    finally:
        _running.reset(token)


@contextmanager
def sharing(share: float) -> Iterator[None]:
    """A part of an answer, which takes no more than a share of what is left: the others need theirs."""
    with answering() as effort:
        kept = effort.left - int(effort.left * share)
        effort.left -= kept
        try:
            yield
        finally:
            effort.left = kept + max(0, effort.left)


def spend(units: int) -> None:
    """Take from what is left to the answer."""
    effort = _running.get()
    if effort is not None:
        effort.spend(units)


def advise(advice: str) -> None:
    """What to ask instead, from here on."""
    with answering() as effort:
        effort.advice = advice
