"""Gradients of structured variables: the pullback, projected onto the tangent space.

G − Q sym(Q'G) is the projection at an orthogonal Q, square or tall (Absil, Mahony & Sepulchre, Optimization algorithms
on matrix manifolds, (3.35)).
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Basic

from symmat.core.constructors import add, make, mul, neg, transpose
from symmat.core.properties import TANGENT, is_orthogonal, structure
from symmat.errors import UnsupportedProblem
from symmat.operations.diagonal import diagonal, diagonal_of
from symmat.operations.triangles import (
    LowerTriangle,
    SkewPart,
    StrictLowerTriangle,
    StrictUpperTriangle,
    UpperTriangle,
    symmetric_part,
)

PROJECTIONS: dict[str, Callable[[Basic, Basic], Basic]] = {
    "symmetric": lambda X, G: symmetric_part(G),
    "spd": lambda X, G: symmetric_part(G),
    "skew": lambda X, G: make(SkewPart, G),
    "diagonal": lambda X, G: diagonal(diagonal_of(G)),
    "lower": lambda X, G: make(LowerTriangle, G),
    "upper": lambda X, G: make(UpperTriangle, G),
    "unit lower": lambda X, G: make(StrictLowerTriangle, G),
    "unit upper": lambda X, G: make(StrictUpperTriangle, G),
    "orthogonal": lambda Q, G: add(G, neg(mul(Q, symmetric_part(mul(transpose(Q), G))))),
}


def project(variable: Basic, G: Basic) -> Basic:
    """The projection of a pullback onto the tangent space of a variable."""
    kind = structure(variable)
    return PROJECTIONS[kind](variable, G) if kind else G


def tangent_space(variable: Basic) -> str:
    """What the gradient of a structured variable is projected onto, in words; nothing if it is not structured."""
    kind = structure(variable)
    if kind == "orthogonal":
        return "the tangent space"
    word = TANGENT.get(kind, "")
    return f"{word} triangular matrices" if word.endswith(("lower", "upper")) else f"{word} matrices" if word else ""


def refuse_second_order(variable: Basic) -> None:
    """An error where the second differential depends on more than dX: Q'Q = I bends."""
    if is_orthogonal(variable):
        raise UnsupportedProblem(
            f"a second derivative in an orthogonal variable: d²{variable.name} is not 0 on Q'Q = I",
            "take first derivatives, or write Q in free parameters, such as (I - S)^-1 (I + S) with S skew",
        )
