"""The inverse, from X⁻¹ X = I, and what stands in for it: the pseudoinverse and the adjugate."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Determinant, Inverse

from symmat.core.constructors import add, identity, inverse, make, mul, neg, shape_of, trace, transpose
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Abbreviation, Operation, abbreviate, register
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
        reference="Magnus & Neudecker, ch. 8, thm 3",
    )
)


class PseudoInverse(MatrixOperation):
    """The Moore-Penrose inverse."""


class Adjugate(MatrixOperation):
    """adj(X), with adj(X) X = det(X) I."""


def _penrose(F: Any, X: Basic) -> tuple[tuple[Basic, Basic], ...]:
    """Penrose 1955, (3)–(6), and what follows: X X⁺ (X⁺)' = (X⁺ X X⁺)' = (X⁺)'."""
    turned, X_turned = transpose(F), transpose(X)
    return (
        (mul(turned, X_turned), mul(X, F)),
        (mul(X_turned, turned), mul(F, X)),
        (mul(X, F, X), X),
        (mul(F, X, F), F),
        (mul(X, F, turned), turned),
        (mul(turned, F, X), turned),
        (mul(F, X, X_turned), X_turned),
        (mul(X_turned, X, F), X_turned),
    )


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
        transpose=lambda F: make(PseudoInverse, transpose(F.args[0])),
        rules=(lambda F: F.args[0].args[0] if type(F.args[0]) is PseudoInverse else None,),
        relations=_penrose,
        numpy="scipy.linalg.pinv({A})",
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
        transpose=lambda F: make(Adjugate, transpose(F.args[0])),
        identity=lambda F, X: (mul(F, X), mul(make(Determinant, X), identity(shape_of(X)[0]))),
        numpy="np.linalg.det({A}) * np.linalg.inv({A})",
        smooth=invertible_in_this_form("A"),
        reference="Magnus & Neudecker, ch. 8, thm 5",
    )
)
abbreviate(Abbreviation("solve", "n×n, n×p -> n×p", lambda A, B: mul(inverse(A), B)))
