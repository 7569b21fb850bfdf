"""vec X, the columns of X in one, and the fixed matrices on it: K vec X = vec X' (Magnus & Neudecker, ch. 2 and 3)."""

from __future__ import annotations

from typing import Any

from sympy import Basic, OneMatrix

from symmat.algebra.entries import ENTRYWISE
from symmat.core.constructors import (
    identity,
    is_one,
    make,
    mul,
    number,
    ones,
    rebuild,
    shape_of,
    transpose,
)
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Equation, Linear, Operation, find_operation, register
from symmat.core.signature import size_product


class Vec(MatrixOperation):
    """vec X: the columns of X, one under the other."""


class Unvec(MatrixOperation):
    """unvec(x, m, n): the m×n matrix of which x is the vec."""


class HalfVec(MatrixOperation):
    """vech X: the columns of the lower triangle of X, one under the other."""


class Duplication(MatrixOperation):
    """duplication(n): the matrix D with D vech X = vec X for every symmetric n×n matrix X."""


class Elimination(MatrixOperation):
    """elimination(n): the matrix L with L vec X = vech X for every n×n matrix X."""


class UnitVector(MatrixOperation):
    """basis(i, n): the i-th unit vector of length n."""


class Commutation(MatrixOperation):
    """commutation(m, n): the matrix K with K vec X = vec X' for every m×n matrix X."""


def vec(matrix: Basic) -> Basic:
    """vec X; a column vector is its own, and so is a scalar."""
    shape = shape_of(matrix)
    return make(Vec, matrix) if shape and not is_one(shape[1]) else matrix


def commutation(rows: Basic, cols: Basic) -> Basic:
    """K_{rows,cols}; of a vector the identity."""
    if is_one(rows) or is_one(cols):
        return identity(size_product(rows, cols))
    return make(Commutation, rows, cols)


def unvec(vector: Basic, rows: Basic, cols: Basic) -> Basic:
    """The rows×cols matrix of which a vector is the vec."""
    return vector if is_one(cols) else make(Unvec, vector, rows, cols)


def basis(place: Basic, length: Basic) -> Basic:
    """The unit vector e_i."""
    return make(UnitVector, place, length)


def _size(F: Any) -> Basic:
    return shape_of(F.args[0])[0]


def _of_vec(F: Any, x: Any, *sides: Basic) -> Basic | None:
    return x.args[0] if type(x) is Vec and shape_of(x.args[0]) == shape_of(F) else None


def _matrix_of_ones(F: Any, x: Basic, *sides: Basic) -> Basic | None:
    return ones(*shape_of(F)) if isinstance(x, OneMatrix) else None


def _of_entries(F: Any, x: Basic, *sides: Basic) -> Basic | None:
    """Where an operand is a vec, or ones."""
    record = find_operation(type(x))
    if record is None or not (record.elementwise or type(x) in ENTRYWISE):
        return None
    known = {a: _known_matrix(unvec(a, *sides)) for a in x.args if shape_of(a)}
    if not any(known.values()):
        return None
    return rebuild(x, [known.get(a) or (unvec(a, *sides) if a in known else a) for a in x.args])


def _known_matrix(F: Any) -> Basic | None:
    found = (rule(F, *F.args) for rule in (_matrix_of_ones, _of_vec, _of_entries))
    return next((matrix for matrix in found if matrix is not None), None)


register(
    Operation(
        node=Vec,
        name="vec",
        spelling="vec",
        signature="m×n -> nm×1",
        linear=Linear(
            push=lambda F, i, E: vec(E),
            adjoint=lambda F, i, G: unvec(G, *shape_of(F.args[0])),
            vec=lambda F, i: None,
        ),
        equations=(
            Equation("vec of a vector", "vec(x) = x", "F", lambda F, X: X if is_one(shape_of(X)[1]) else None),
            Equation(
                "vec of a matrix of a vec",
                "vec(unvec(x, 2, 3)) = x",
                "F",
                lambda F, X: X.args[0] if type(X) is Unvec else None,
                let="x: 6",
            ),
            Equation(
                "vec of ones",
                "vec(ones(m, n)) = ones(m n)",
                "F",
                lambda F, X: ones(shape_of(F)[0], number(1)) if isinstance(X, OneMatrix) else None,
            ),
        ),
        value=lambda xp, A: A.reshape(-1, order="F"),
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
register(
    Operation(
        node=Unvec,
        name="matrix of a vec",
        spelling="unvec",
        signature="nm×1, #m, #n -> m×n",
        shape=lambda args, shapes: tuple(map(size_product, args[1:])),
        linear=(
            Linear(
                push=lambda F, i, E: unvec(E, *F.args[1:]),
                adjoint=lambda F, i, G: vec(G),
                vec=lambda F, i: None,
            ),
        ),
        equations=(
            Equation("matrix of ones", "unvec(ones(m n), m, n) = ones(m, n)", "F", _matrix_of_ones),
            Equation("matrix of a vec", "unvec(vec(X), m, n) = X", "F", _of_vec, let="X: m×n"),
            Equation(
                "matrix of entries",
                "unvec(exp.(x) ∘ vec(X), 2, 3) = unvec(exp.(x), 2, 3) ∘ X",
                "F",
                _of_entries,
                let="x: 6; X: 2×3",
            ),
        ),
        value=lambda xp, A, m, n: A.reshape(m, n, order="F"),
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
register(
    Operation(
        node=HalfVec,
        name="half-vectorization",
        spelling="vech",
        signature="n×n -> n(n+1)/2×1",
        linear=Linear(
            push=lambda F, i, E: make(HalfVec, E),
            adjoint=lambda F, i, G: unvec(mul(transpose(make(Elimination, _size(F))), G), _size(F), _size(F)),
            vec=lambda F, i: make(Elimination, _size(F)),
        ),
        value=lambda xp, A: A.T[xp.triu_indices(A.shape[0])],
        reference="Magnus & Neudecker, ch. 3, sec. 8",
    )
)
register(
    Operation(
        node=Commutation,
        name="commutation matrix",
        spelling="commutation",
        signature="#m, #n -> mn×nm",
        equations=(
            Equation(
                "transpose of a commutation matrix",
                "commutation(m, n)' = commutation(n, m)",
                "F'",
                lambda F, m, n: commutation(n, m),
            ),
            Equation(
                "product of commutation matrices",
                "commutation(m, n) commutation(n, m) = I_{m n}",
                "F G",
                lambda F, m, n, G: identity(shape_of(F)[0]) if G.args == (n, m) else None,
            ),
            Equation(
                "inverse of a commutation matrix",
                "commutation(m, n)^-1 = commutation(n, m)",
                "F^k",
                lambda F, m, n, k: commutation(n, m) if k is number(-1) else None,
            ),
        ),
        value=lambda xp, m, n: xp.kernels.permutation(xp.arange(m * n).reshape(m, n, order="F").reshape(-1)),
        latex=r"\mathcal K_{{A},{B}}",
        reference="Magnus & Neudecker, ch. 3, sec. 7",
    )
)
register(
    Operation(
        node=Duplication,
        name="duplication matrix",
        spelling="duplication",
        signature="#n -> nn×n(n+1)/2",
        value=lambda xp, n: xp.eye(n * (n + 1) // 2)[xp.kernels.half_places(n)],
        latex=r"\mathcal D_{{A}}",
        reference="Magnus & Neudecker, ch. 3, sec. 8",
    )
)
register(
    Operation(
        node=Elimination,
        name="elimination matrix",
        spelling="elimination",
        signature="#n -> n(n+1)/2×nn",
        value=lambda xp, n: xp.eye(n * n)[xp.kernels.lower_places(n)],
        latex=r"\mathcal L_{{A}}",
        reference="Magnus & Neudecker 1980, The elimination matrix, def. 3.1",
    )
)
register(
    Operation(
        node=UnitVector,
        name="unit vector",
        spelling="basis",
        signature="#i, #n -> n×1",
        equations=(
            Equation(
                "norm of a unit vector",
                "basis(2, 3)' basis(2, 3) = 1",
                lambda F, i, n: mul(transpose(F), F),
                lambda F, i, n: identity(number(1)),
            ),
            Equation(
                "sum of a unit vector",
                "ones(3)' basis(2, 3) = 1",
                lambda F, i, n: mul(transpose(ones(*shape_of(F))), F),
                lambda F, i, n: identity(number(1)),
            ),
        ),
        value=lambda xp, i, n: xp.where(xp.arange(1, n + 1) == i, 1.0, 0.0),
        latex="e_{{A}}^{({B})}",
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
