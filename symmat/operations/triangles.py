"""Triangles of a matrix, and its symmetric and skew parts: orthogonal projections, so that each is its own adjoint.

Murray, Differentiation of the Cholesky decomposition, 2016, sec. 2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Basic, ZeroMatrix

from symmat.algebra.normal import normal
from symmat.core.constructors import add, identity, make, mul, neg, number, ones, shape_of, transpose, zero
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Linear, Operation, register
from symmat.core.predicate import Predicate
from symmat.core.signature import size_product
from symmat.core.structure import structure
from symmat.core.walks import symbols
from symmat.facts import predicates
from symmat.facts.known import known
from symmat.facts.predicates import lower, upper
from symmat.facts.transfer import always
from symmat.operations.diagonal import diagonal, diagonal_of
from symmat.operations.kronecker import commutation, vec
from symmat.operations.matrix_functions import is_function_of


class LowerTriangle(MatrixOperation):
    """The entries on and below the diagonal."""


class UpperTriangle(MatrixOperation):
    """The entries on and above the diagonal."""


class StrictLowerTriangle(MatrixOperation):
    """The entries below the diagonal."""


class StrictUpperTriangle(MatrixOperation):
    """The entries above the diagonal."""


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


def _again(F: Any) -> Basic | None:
    """A projection of what is projected is the same."""
    inner: Basic = F.args[0]
    return inner if type(inner) is type(F) else None


def _transposed_to(other: type[Basic]) -> Any:
    return lambda F: make(other, transpose(F.args[0]))


def _lies_there(triangle: Predicate) -> Callable[[Any], Basic | None]:
    """tril(L) = L of a lower triangular L, and tril(U) = diag(diag(U)) of an upper triangular U."""

    def rule(F: Any) -> Basic | None:
        inner: Basic = F.args[0]
        triangles, (rows, cols) = known(inner) & predicates.diagonal.facts, shape_of(inner)
        return inner if triangle in triangles else diagonal(diagonal_of(inner)) if triangles and rows == cols else None

    return rule


for node, name, spelling, other, triangle in (
    (LowerTriangle, "lower triangle", "tril", UpperTriangle, lower),
    (UpperTriangle, "upper triangle", "triu", LowerTriangle, upper),
    (StrictLowerTriangle, "strictly lower triangle", "stril", StrictUpperTriangle, lower),
    (StrictUpperTriangle, "strictly upper triangle", "striu", StrictLowerTriangle, upper),
):
    strictly = {"stril": ", -1", "striu": ", 1"}.get(spelling, "")
    register(
        Operation(
            node=node,
            name=name,
            spelling=spelling,
            signature="m×n -> m×n",
            linear=Linear(push=_same, adjoint=_same, vec=_mask),
            transpose=_transposed_to(other),
            rules=(_again,) if strictly else (_lies_there(triangle),),
            facts=always(triangle),
            numpy=f"np.{spelling.removeprefix('s')}({{A}}{strictly})",
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


def _is_symmetric(F: Any) -> Basic | None:
    """sym(S) = S of a symmetric S, and 0 of a skew one."""
    inner: Basic = F.args[0]
    if _is_minus_its_transpose(inner):
        return zero(shape_of(inner))
    return inner if _equals_its_transpose(inner) else None


def _is_skew(F: Any) -> Basic | None:
    """skew(S) = S of a skew S, and 0 of a symmetric one."""
    inner: Basic = F.args[0]
    if _is_minus_its_transpose(inner):
        return inner
    return zero(shape_of(inner)) if _equals_its_transpose(inner) else None


register(
    Operation(
        node=SymmetricPart,
        name="symmetric part",
        spelling="sym",
        signature="n×n -> n×n",
        linear=Linear(push=_same, adjoint=_same, vec=_part_matrix(1)),
        transpose=lambda F: F,
        rules=(_is_symmetric,),
        transposed=1,
        numpy="0.5 * ({A} + {A}.T)",
        reference="Magnus & Neudecker, ch. 3, sec. 7",
    )
)
register(
    Operation(
        node=SkewPart,
        name="skew part",
        spelling="skew",
        signature="n×n -> n×n",
        linear=Linear(push=_same, adjoint=_same, vec=_part_matrix(-1)),
        rules=(_again, _is_skew),
        transposed=-1,
        numpy="0.5 * ({A} - {A}.T)",
        reference="Magnus & Neudecker, ch. 3, sec. 7",
    )
)
