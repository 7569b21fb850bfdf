"""Diagonal matrices and diagonals: ⟨G, diag(x)⟩ = ⟨diag(G), x⟩."""

from __future__ import annotations

from typing import Any

from sympy import Basic, HadamardPower, HadamardProduct, Identity, Inverse, MatMul, OneMatrix

from symmat.core.constructors import identity, is_one, make, mul, number, ones, shape_of, transpose
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.sums import sum_over
from symmat.core.table import table
from symmat.facts import predicates
from symmat.facts.known import known
from symmat.facts.predicates import full_column_rank, nonnegative, nonzero, positive, semidefinite
from symmat.facts.transfer import becomes, keeps
from symmat.operations.kronecker import kron
from symmat.operations.vec import basis


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


def _of_diagonal_times(F: Any, v: Basic) -> Basic | None:
    if type(v) is MatMul and type(v.args[0]) is DiagonalMatrix:
        return diagonal(_together(v.args[0].args[0], mul(*v.args[1:])))
    return None


def _of_own_diagonal(F: Any, v: Any) -> Basic | None:
    return v.args[0] if type(v) is Diagonal and known(v.args[0]) >= predicates.diagonal.facts else None


def _on_vector(F: Any, x: Any, v: Basic) -> Basic:
    """diag(x ∘ dx) v = diag(v ∘ x) dx."""
    holes = table().holes
    factors = x.args if type(x) is HadamardProduct else (x,)
    moving = [a for a in factors if holes[a]]
    if len(moving) != 1:
        return mul(diagonal(v), x)
    for factor in factors:
        v = v if factor is moving[0] else _together(v, factor)
    return mul(diagonal(v), moving[0])


def _together(x: Basic, y: Basic) -> Basic:
    return make(HadamardProduct, x, y)


def _of_dyad(F: Any, X: Basic) -> Basic | None:
    factors = X.args if type(X) is MatMul else ()
    for i, factor in enumerate(factors[:-1], 1):
        if shape_of(factor) and is_one(shape_of(factor)[1]):
            return _together(mul(*factors[:i]), transpose(mul(*factors[i:])))
    return None


def _of_scaled_rows(F: Any, X: Basic) -> Basic | None:
    if type(X) is not MatMul or type(X.args[0]) is not DiagonalMatrix:
        return None
    return _together(X.args[0].args[0], diagonal_of(mul(*X.args[1:])))


def _of_scaled_columns(F: Any, X: Basic) -> Basic | None:
    if type(X) is not MatMul or type(X.args[-1]) is not DiagonalMatrix:
        return None
    return _together(X.args[-1].args[0], diagonal_of(mul(*X.args[:-1])))


def _of_triangular_inverse(F: Any, X: Basic) -> Basic | None:
    """A diagonal D stays, for diag(diag(D^-1)) is D^-1."""
    if not isinstance(X, Inverse) or len(known(X) & predicates.diagonal.facts) != 1:
        return None
    return make(HadamardPower, diagonal_of(X.args[0]), number(-1))


register(
    Operation(
        node=DiagonalMatrix,
        name="diagonal matrix",
        spelling="diag",
        aliases=(r"\diag",),
        signature="n×1 -> n×n",
        structure="diagonal",
        linear=Linear(
            push=lambda F, i, E: diagonal(E),
            adjoint=lambda F, i, G: diagonal_of(G),
            vec=lambda F, i: selection(shape_of(F)[0]),
        ),
        equations=(
            Equation(
                "diagonal matrix of ones",
                "diag(ones(n)) = I_n",
                "F",
                lambda F, x: identity(shape_of(F)[0]) if isinstance(x, OneMatrix) else None,
            ),
            Equation("diagonal matrix of a scaled vector", "diag(diag(x) y) = diag(x ∘ y)", "F", _of_diagonal_times),
            Equation(
                "diagonal matrix of its own diagonal",
                "diag(diag(D)) = D",
                "F",
                _of_own_diagonal,
                let="D: n×n diagonal",
            ),
            Equation(
                "product of diagonal matrices",
                "diag(x) diag(y) = diag(x ∘ y)",
                "F G",
                lambda F, x, G: diagonal(_together(x, G.args[0])),
            ),
            Equation(
                "power of a diagonal matrix",
                "diag(x)^3 = diag(x.^3)",
                "F^k",
                lambda F, x, k: diagonal(make(HadamardPower, x, k)),
            ),
            Equation(
                "diagonal matrix times ones",
                "diag(x) ones(n) = x",
                lambda F, x: mul(F, ones(shape_of(x)[0], number(1))),
                lambda F, x: x,
            ),
            Equation(
                "ones times a diagonal matrix",
                "ones(n)' diag(x) = x'",
                lambda F, x: mul(transpose(ones(shape_of(x)[0], number(1))), F),
                lambda F, x: transpose(x),
            ),
            Equation("differential on a diagonal", "diag(dx) y = diag(y) dx", "F v", _on_vector),
        ),
        facts=becomes((nonzero, full_column_rank), (nonnegative, semidefinite)),
        value=lambda xp, A: xp.diag(A),
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
        equations=(
            Equation(
                "diagonal of a diagonal matrix",
                "diag(diag(x)) = x",
                "F",
                lambda F, X: X.args[0] if type(X) is DiagonalMatrix else None,
            ),
            Equation(
                "diagonal of the identity",
                "diag(I_n) = ones(n)",
                "F",
                lambda F, X: ones(X.args[0], number(1)) if isinstance(X, Identity) else None,
            ),
            Equation("diagonal of a dyad", "diag(a b') = a ∘ b", "F", _of_dyad, let="a, b: n"),
            Equation("diagonal of scaled rows", "diag(diag(x) X) = x ∘ diag(X)", "F", _of_scaled_rows),
            Equation("diagonal of scaled columns", "diag(X diag(x)) = x ∘ diag(X)", "F", _of_scaled_columns),
            Equation(
                "diagonal of a triangular inverse",
                "diag(L^-1) = 1 ./ diag(L)",
                "F",
                _of_triangular_inverse,
                let="L: n×n unit lower",
            ),
            Equation("diagonal of a transpose", "diag(X') = diag(X)", "f(A')", lambda F, X: F),
        ),
        facts=keeps(positive, nonnegative),
        value=lambda xp, A: xp.diag(A),
        reference="Magnus & Neudecker, ch. 1, sec. 6",
    )
)
