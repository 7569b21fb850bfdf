"""The equations that the normal form uses: those of operations, from their records, and those of the algebra itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sympy import Basic

from symmat.core.operation import Equation

M = TypeVar("M", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Law:
    """An equation of the algebra itself, with an example as in a record, and the method that uses it.

    ``without`` stands for that method where the equation does not hold.
    """

    name: str
    example: str
    method: Callable[..., Any]
    without: Callable[..., Any]
    let: str = ""


LAWS: list[Law] = []


def nothing(*_: Any) -> None:
    """What a method without its law finds."""


def unchanged(_: Any, given: Any, *others: Any) -> Any:
    """What a method without its law makes of terms, or of a word."""
    return given


def law(name: str, example: str, let: str = "", without: Callable[..., Any] = nothing) -> Callable[[M], M]:
    """Say which equation a method uses."""

    def mark(method: M) -> M:
        LAWS.append(Law(name, example, method, without, let))
        return method

    return mark


def right_side(equations: Iterable[Equation], F: Basic, *beside: Basic) -> Basic | None:
    """What the first of some equations that holds makes of a value and what stands beside it."""
    found = (equation.right(F, *F.args, *beside) for equation in equations)
    return next((right for right in found if right is not None), None)
