"""Diagonal matrices and diagonals: ⟨G, diag(x)⟩ = ⟨diag(G), x⟩."""

from __future__ import annotations

from typing import Any

from sympy import Basic, HadamardPower, HadamardProduct, Identity, Inverse, MatMul, OneMatrix

from symmat.core.constructors import identity, is_one, make, mul, number, ones, shape_of, transpose
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Linear, Operation, register
from symmat.core.sums import sum_over
from symmat.core.table import table
from symmat.facts import predicates
from symmat.facts.known import known
from symmat.facts.predicates import full_column_rank, nonnegative, nonzero, positive, semidefinite, symmetric
from symmat.facts.transfer import becomes, keeps
from symmat.operations.kronecker import basis, kron


class DiagonalMatrix(MatrixOperation):
    """diag(x): the matrix with the vector x on its diagonal."""


class Diagonal(MatrixOperation):
    """diag(X): the vector of the diagonal of X."""


def diagonal(vector: Basic) -> Basic:
    """The matrix with a vector on its diagonal."""
    return make(DiagonalMatrix, vector)


def diagonal_of(matrix: Basic) -> Basic:
    """The vector of a matrix's diagonal."""
    return make(Diagonal, matrix)


def selection(size: Basic) -> Basic:
    """The matrix M with vec diag(x) = M x: Σ (e_i ⊗ e_i) e_i'."""

    def term(i: Basic) -> Basic:
        e = basis(i, size)
        return mul(kron(e, e), transpose(e))

    return sum_over(term, number(1), size, ())


def _of_diagonal_times(F: Any) -> Basic | None:
    """diag(diag(x) y) = diag(x ∘ y)."""
    inner = F.args[0]
    if type(inner) is MatMul and type(inner.args[0]) is DiagonalMatrix:
        return diagonal(_together(inner.args[0].args[0], mul(*inner.args[1:])))
    return None


def _of_own_diagonal(F: Any) -> Basic | None:
    """diag(diag(D)) = D of a diagonal matrix D."""
    inner = F.args[0]
    return inner.args[0] if type(inner) is Diagonal and known(inner.args[0]) >= predicates.diagonal.facts else None


def _on_vector(F: Any, v: Any) -> Basic:
    """diag(x ∘ dx) v = diag(v ∘ x) dx."""
    x, holes = F.args[0], table().holes
    factors = x.args if type(x) is HadamardProduct else (x,)
    moving = [a for a in factors if holes[a]]
    if len(moving) != 1:
        return mul(diagonal(v), x)
    for factor in factors:
        v = v if factor is moving[0] else _together(v, factor)
    return mul(diagonal(v), moving[0])


def _together(x: Basic, y: Basic) -> Basic:
    return make(HadamardProduct, x, y)


def _of_ones(F: Any) -> Basic | None:
    return identity(shape_of(F)[0]) if isinstance(F.args[0], OneMatrix) else None


def _of_diagonal(F: Any) -> Basic | None:
    """diag(diag(x)) = x, and diag(I) = 1."""
    inner = F.args[0]
    if type(inner) is DiagonalMatrix:
        vector: Basic = inner.args[0]
        return vector
    return ones(inner.args[0], number(1)) if isinstance(inner, Identity) else None


def _of_product(F: Any) -> Basic | None:
    """diag(a b') = a ∘ b, and diag(diag(x) X) = x ∘ diag(X)."""
    factors = F.args[0].args if type(F.args[0]) is MatMul else ()
    for i, factor in enumerate(factors[:-1], 1):
        if shape_of(factor) and is_one(shape_of(factor)[1]):
            return _together(mul(*factors[:i]), transpose(mul(*factors[i:])))
    for i in (0, -1):
        if factors and type(factors[i]) is DiagonalMatrix:
            return _together(factors[i].args[0], diagonal_of(mul(*(factors[1:] if i == 0 else factors[:-1]))))
    return None


def _of_triangular_inverse(F: Any) -> Basic | None:
    """diag(L^-1) = 1 ./ diag(L) of a triangular L; a diagonal D stays, for diag(diag(D^-1)) is D^-1."""
    inner = F.args[0]
    if not isinstance(inner, Inverse) or len(known(inner) & predicates.diagonal.facts) != 1:
        return None
    return make(HadamardPower, diagonal_of(inner.args[0]), number(-1))


register(
    Operation(
        node=DiagonalMatrix,
        name="diagonal matrix",
        spelling="diag",
        aliases=(r"\diag",),
        signature="n×1 -> n×n",
        linear=Linear(
            push=lambda F, i, E: diagonal(E),
            adjoint=lambda F, i, G: diagonal_of(G),
            vec=lambda F, i: selection(shape_of(F)[0]),
        ),
        transpose=lambda F: F,
        rules=(_of_ones, _of_diagonal_times, _of_own_diagonal),
        facts=becomes(
            (nonzero, full_column_rank), (nonnegative, semidefinite), always=[symmetric, *predicates.diagonal.facts]
        ),
        product=lambda F, G: diagonal(_together(F.args[0], G.args[0])),
        power=lambda F, k: diagonal(make(HadamardPower, F.args[0], k)),
        relations=lambda F, x: (
            (mul(F, ones(shape_of(x)[0], number(1))), x),
            (mul(transpose(ones(shape_of(x)[0], number(1))), F), transpose(x)),
        ),
        on_vector=_on_vector,
        numpy="np.diag({A})",
        reference="Magnus & Neudecker, ch. 1, sec. 6",
    )
)
register(
    Operation(
        node=Diagonal,
        name="diagonal",
        spelling="diag",
        aliases=(r"\diag",),
        signature="n×n -> n×1",
        linear=Linear(
            push=lambda F, i, E: diagonal_of(E),
            adjoint=lambda F, i, G: diagonal(G),
            vec=lambda F, i: transpose(selection(shape_of(F)[0])),
        ),
        rules=(_of_diagonal, _of_product, _of_triangular_inverse),
        facts=keeps(positive, nonnegative),
        transposed=1,
        numpy="np.diag({A})",
        reference="Magnus & Neudecker, ch. 1, sec. 6",
    )
)
