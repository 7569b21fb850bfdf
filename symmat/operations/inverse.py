"""The inverse, from X⁻¹ X = I, and what stands in for it: the pseudoinverse and the adjugate."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Determinant, Inverse

from symmat.core.constructors import add, identity, inverse, make, mul, neg, shape_of, trace, transpose
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Abbreviation, Equation, Operation, abbreviate, register
from symmat.facts.predicates import (
    constant_rank,
    full_column_rank,
    invertible,
    invertible_in_this_form,
    lower,
    oriented,
    principal,
    semidefinite,
    skew,
    symmetric,
    upper,
)
from symmat.facts.transfer import first, keeps

register(
    Operation(
        node=Inverse,
        name="inverse",
        spelling="inv",
        aliases=("inverse",),
        signature="n×n -> n×n",
        differential=lambda F, X, _, dX: neg(mul(F, dX, F)),
        identity=lambda F, X, _: (mul(F, X), identity(shape_of(X)[0])),
        condition=invertible("A"),
        facts=keeps(symmetric, skew, semidefinite, oriented, principal, lower, upper, always=[full_column_rank]),
        iff=((invertible, first(invertible)),),
        value=lambda xp, A: xp.linalg.inv(A),
        reference="Magnus & Neudecker, ch. 8, thm 3",
    )
)


class PseudoInverse(MatrixOperation):
    """X^+, the Moore-Penrose inverse: X X^+ X = X, X^+ X X^+ = X^+, and X X^+ and X^+ X are symmetric."""


class Adjugate(MatrixOperation):
    """adj(X), with adj(X) X = det(X) I."""


_PENROSE = (
    Equation(
        "X pinv(X) is symmetric",
        "pinv(X)' X' = X pinv(X)",
        lambda F, X: mul(transpose(F), transpose(X)),
        lambda F, X: mul(X, F),
    ),
    Equation(
        "pinv(X) X is symmetric",
        "X' pinv(X)' = pinv(X) X",
        lambda F, X: mul(transpose(X), transpose(F)),
        lambda F, X: mul(F, X),
    ),
    Equation("pseudoinverse inside", "X pinv(X) X = X", lambda F, X: mul(X, F, X), lambda F, X: X),
    Equation("pseudoinverse outside", "pinv(X) X pinv(X) = pinv(X)", lambda F, X: mul(F, X, F), lambda F, X: F),
    Equation(
        "projection of a turned pseudoinverse",
        "X pinv(X) pinv(X)' = pinv(X)'",
        lambda F, X: mul(X, F, transpose(F)),
        lambda F, X: transpose(F),
    ),
    Equation(
        "turned pseudoinverse of a projection",
        "pinv(X)' pinv(X) X = pinv(X)'",
        lambda F, X: mul(transpose(F), F, X),
        lambda F, X: transpose(F),
    ),
    Equation(
        "projection of a transpose",
        "pinv(X) X X' = X'",
        lambda F, X: mul(F, X, transpose(X)),
        lambda F, X: transpose(X),
    ),
    Equation(
        "transpose of a projection",
        "X' X pinv(X) = X'",
        lambda F, X: mul(transpose(X), X, F),
        lambda F, X: transpose(X),
    ),
)
"""Penrose 1955, (3)–(6), and what follows: X X⁺ (X⁺)' = (X⁺ X X⁺)' = (X⁺)'."""


def _push_pseudo_inverse(F: Any, X: Basic, dX: Basic) -> Basic:
    """-X⁺ dX X⁺ + X⁺ (X⁺)' dX' (I - X X⁺) + (I - X⁺ X) dX' (X⁺)' X⁺, multiplied out, so that X (I - X⁺ X) vanishes."""
    left, right = mul(F, transpose(F), transpose(dX)), mul(transpose(dX), transpose(F), F)
    return add(neg(mul(F, dX, F)), left, neg(mul(left, X, F)), right, neg(mul(F, X, right)))


register(
    Operation(
        node=PseudoInverse,
        name="pseudoinverse",
        spelling="pinv",
        signature="m×n -> n×m",
        differential=_push_pseudo_inverse,
        equations=(
            Equation(
                "pseudoinverse of a pseudoinverse",
                "pinv(pinv(X)) = X",
                "F",
                lambda F, X: X.args[0] if type(X) is PseudoInverse else None,
            ),
            Equation(
                "transpose of a pseudoinverse",
                "pinv(X)' = pinv(X')",
                "F'",
                lambda F, X: make(PseudoInverse, transpose(X)),
            ),
            *_PENROSE,
        ),
        value=lambda xp, A: xp.scipy.linalg.pinv(A),
        aliases=(r"^{\dagger}",),
        latex="{A!}^{+}",
        smooth=constant_rank("A"),
        silent=True,
        reference="Golub & Pereyra 1973, (4.12)",
    )
)
register(
    Operation(
        node=Adjugate,
        name="adjugate",
        spelling="adj",
        signature="n×n -> n×n",
        differential=lambda F, X, dX: add(mul(trace(mul(inverse(X), dX)), F), neg(mul(inverse(X), dX, F))),
        equations=(
            Equation("transpose of an adjugate", "adj(X)' = adj(X')", "F'", lambda F, X: make(Adjugate, transpose(X))),
        ),
        identity=lambda F, X: (mul(F, X), mul(make(Determinant, X), identity(shape_of(X)[0]))),
        value=lambda xp, A: xp.linalg.det(A) * xp.linalg.inv(A),
        smooth=invertible_in_this_form("A"),
        reference="Magnus & Neudecker, ch. 8, thm 5",
    )
)
abbreviate(Abbreviation("solve", "n×n, n×p -> n×p", lambda A, B: mul(inverse(A), B)))
