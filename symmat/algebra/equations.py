"""Equations of operations where the normal form uses them."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Basic

from symmat.core.operation import Equation


def right_side(equations: Iterable[Equation], F: Basic, *beside: Basic) -> Basic | None:
    """What the first of some equations that holds makes of a value and what stands beside it."""
    found = (equation.right(F, *F.args, *beside) for equation in equations)
    return next((right for right in found if right is not None), None)
