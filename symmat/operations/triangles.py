"""Triangles of a matrix, and its symmetric and skew parts: orthogonal projections, so that each is its own adjoint.

Murray, Differentiation of the Cholesky decomposition, 2016, sec. 2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Basic, ZeroMatrix

from symmat.algebra.normal import normal
from symmat.core.constructors import add, identity, make, mul, neg, number, ones, shape_of, transpose, zero
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.signature import size_product
from symmat.core.structure import structure
from symmat.core.walks import symbols
from symmat.facts import predicates
from symmat.facts.known import known
from symmat.facts.predicates import lower, upper
from symmat.operations.diagonal import diagonal, diagonal_of
from symmat.operations.matrix_functions import is_function_of
from symmat.operations.vec import commutation, vec


class LowerTriangle(MatrixOperation):
    """tril(X), the entries on and below the diagonal."""


class UpperTriangle(MatrixOperation):
    """triu(X), the entries on and above the diagonal."""


class StrictLowerTriangle(MatrixOperation):
    """stril(X), the entries below the diagonal."""


class StrictUpperTriangle(MatrixOperation):
    """striu(X), the entries above the diagonal."""


class SymmetricPart(MatrixOperation):
    """(X + X') / 2."""


class SkewPart(MatrixOperation):
    """(X - X') / 2."""


def symmetric_part(matrix: Basic) -> Basic:
    """sym(X) = (X + X') / 2."""
    return make(SymmetricPart, matrix)


def _same(F: Any, i: int, E: Basic) -> Basic:
    return make(type(F), E)


def _mask(F: Any, i: int) -> Basic:
    return diagonal(vec(make(type(F), ones(*shape_of(F)))))


def _again(spelling: str) -> Equation:
    return Equation(
        f"{spelling} is a projection",
        f"{spelling}({spelling}(X)) = {spelling}(X)",
        "F",
        lambda F, X: X if type(X) is type(F) else None,
    )


def _turned(spelling: str, other: type[Basic]) -> Equation:
    turned = spelling.translate(str.maketrans("lu", "ul"))
    return Equation(
        f"transpose of {spelling}", f"{spelling}(X')' = {turned}(X)", "F'", lambda F, X: make(other, transpose(X))
    )


def _of_triangles(spelling: str) -> tuple[Equation, ...]:
    triangle, here, there = (lower, "lower", "upper") if spelling == "tril" else (upper, "upper", "lower")

    def own(F: Any, X: Basic) -> Basic | None:
        return X if triangle in known(X) else None

    def other(F: Any, X: Basic) -> Basic | None:
        rows, cols = shape_of(X)
        return diagonal(diagonal_of(X)) if known(X) & predicates.diagonal.facts and rows == cols else None

    return (
        Equation(f"{spelling} of its triangle", f"{spelling}(A) = A", "F", own, f"A: n×n {here}"),
        Equation(f"{spelling} of the other triangle", f"{spelling}(A) = diag(diag(A))", "F", other, f"A: n×n {there}"),
    )


for node, name, spelling, other, triangle, value in (
    (LowerTriangle, "lower triangle", "tril", UpperTriangle, "lower", lambda xp, A: xp.tril(A)),
    (UpperTriangle, "upper triangle", "triu", LowerTriangle, "upper", lambda xp, A: xp.triu(A)),
    (
        StrictLowerTriangle,
        "strictly lower triangle",
        "stril",
        StrictUpperTriangle,
        "strictly lower",
        lambda xp, A: xp.tril(A, -1),
    ),
    (
        StrictUpperTriangle,
        "strictly upper triangle",
        "striu",
        StrictLowerTriangle,
        "strictly upper",
        lambda xp, A: xp.triu(A, 1),
    ),
):
    strictly = triangle.startswith("strictly")
    register(
        Operation(
            node=node,
            name=name,
            spelling=spelling,
            signature="m×n -> m×n",
            linear=Linear(push=_same, adjoint=_same, vec=_mask),
            equations=(
                _turned(spelling, other),
                *([_again(spelling)] if strictly else _of_triangles(spelling)),
            ),
            structure=triangle,
            value=value,
            reference="Murray, Differentiation of the Cholesky decomposition, sec. 2",
        )
    )


def _part_matrix(sign: int) -> Any:
    """(I ± K) / 2, the matrix of the symmetric or skew part on vec X."""

    def matrix(F: Any, i: int) -> Basic:
        n = shape_of(F)[0]
        K = commutation(n, n)
        return mul(number(Fraction(1, 2)), add(identity(size_product(n, n)), K if sign > 0 else neg(K)))

    return matrix


def _is_minus_its_transpose(S: Basic) -> bool:
    return isinstance(normal(add(S, transpose(S))), ZeroMatrix)


def _equals_its_transpose(S: Basic) -> bool:
    """Whether S' = S: as it stands, or because S is a function of one symmetric matrix, as X logm(X) is."""
    if normal(transpose(S)) is normal(S):
        return True
    matrices = [s for s in symbols(S) if shape_of(s)]
    return len(matrices) == 1 and structure(matrices[0]).sign > 0 and is_function_of(S, matrices[0])


register(
    Operation(
        node=SymmetricPart,
        name="symmetric part",
        spelling="sym",
        signature="n×n -> n×n",
        structure="symmetric",
        linear=Linear(push=_same, adjoint=_same, vec=_part_matrix(1)),
        equations=(
            Equation("symmetric part of a transpose", "sym(X') = sym(X)", "f(A')", lambda F, X: F),
            Equation(
                "symmetric part of a skew matrix",
                "sym(A - A') = zeros(n, n)",
                "F",
                lambda F, X: zero(shape_of(X)) if _is_minus_its_transpose(X) else None,
                let="A: n×n",
            ),
            Equation(
                "symmetric part of a symmetric matrix",
                "sym(A + A') = A + A'",
                "F",
                lambda F, X: X if _equals_its_transpose(X) else None,
            ),
        ),
        value=lambda xp, A: 0.5 * (A + A.T),
        reference="Magnus & Neudecker, ch. 3, sec. 7",
    )
)
register(
    Operation(
        node=SkewPart,
        name="skew part",
        spelling="skew",
        signature="n×n -> n×n",
        structure="skew",
        linear=Linear(push=_same, adjoint=_same, vec=_part_matrix(-1)),
        equations=(
            Equation("skew part of a transpose", "skew(X') = -skew(X)", "f(A')", lambda F, X: neg(F)),
            Equation(
                "skew part of a skew matrix",
                "skew(A - A') = A - A'",
                "F",
                lambda F, X: X if _is_minus_its_transpose(X) else None,
            ),
            Equation(
                "skew part of a symmetric matrix",
                "skew(A + A') = zeros(n, n)",
                "F",
                lambda F, X: zero(shape_of(X)) if _equals_its_transpose(X) else None,
                let="A: n×n",
            ),
        ),
        value=lambda xp, A: 0.5 * (A - A.T),
        reference="Magnus & Neudecker, ch. 3, sec. 7",
    )
)
