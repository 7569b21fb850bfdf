"""The determinant and its logarithm: Jacobi's formula."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Determinant, KroneckerProduct

from symmat.core.constructors import inverse, make, mul, power, shape_of, trace
from symmat.core.nodes import ScalarOperation
from symmat.core.operation import Equation, Operation, register
from symmat.facts.predicates import (
    invertible,
    invertible_in_this_form,
    nonnegative,
    nonzero,
    oriented,
    positive,
    semidefinite,
)
from symmat.facts.transfer import becomes, first


class LogDeterminant(ScalarOperation):
    """log det X."""


def _of_kron(F: Any, X: Basic) -> Basic | None:
    """Of an m×m matrix A and an n×n matrix B: Magnus & Neudecker, ch. 2, (14)."""
    if type(X) is not KroneckerProduct or any(rows != cols for rows, cols in map(shape_of, X.args)):
        return None
    A, B = X.args
    return mul(power(make(Determinant, A), shape_of(B)[0]), power(make(Determinant, B), shape_of(A)[0]))


register(
    Operation(
        node=Determinant,
        name="determinant",
        spelling="det",
        signature="n×n -> scalar",
        differential=lambda F, X, dX: mul(F, trace(mul(inverse(X), dX))),
        value=lambda xp, A: xp.linalg.det(A),
        latex=r"\det",
        equations=(
            Equation("determinant of a transpose", "det(X') = det(X)", "f(A')", lambda F, X: F),
            Equation(
                "determinant of a Kronecker product",
                "det(A ⊗ B) = det(A)^n det(B)^m",
                "F",
                _of_kron,
                let="A: m×m; B: n×n",
            ),
        ),
        smooth=invertible_in_this_form("A"),
        facts=becomes((semidefinite, nonnegative)),
        iff=((nonzero, first(invertible)), (positive, first(oriented))),
        reference="Magnus & Neudecker, ch. 8, thm 1",
    )
)
register(
    Operation(
        node=LogDeterminant,
        name="log determinant",
        spelling="logdet",
        signature="n×n -> scalar",
        differential=lambda F, X, dX: trace(mul(inverse(X), dX)),
        equations=(Equation("log determinant of a transpose", "logdet(X') = logdet(X)", "f(A')", lambda F, X: F),),
        value=lambda xp, A: xp.kernels.log_det(A),
        latex=r"\log\det",
        condition=oriented("A"),
        silent=True,
        reference="Magnus & Neudecker, ch. 8, thm 2",
    )
)
