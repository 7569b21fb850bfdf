"""Kronecker product, vec and the commutation matrix: vec(A E B) = (B' ⊗ A) vec E (Magnus & Neudecker, ch. 2 and 3)."""

from __future__ import annotations

from sympy import Basic, KroneckerProduct

from symmat.expressions.constructors import identity, is_one, make, shape_of, transpose
from symmat.expressions.nodes import MatrixOperation
from symmat.expressions.operation import Operation, register
from symmat.expressions.signature import size_product
from symmat.expressions.table import Shape


class Vec(MatrixOperation):
    """vec X: the columns of X, one under the other."""


class Commutation(MatrixOperation):
    """commutation(m, n): the matrix K with K vec X = vec X' for every m×n matrix X."""


def kron(left: Basic, right: Basic) -> Basic:
    """left ⊗ right."""
    return make(KroneckerProduct, left, right)


def vec(matrix: Basic) -> Basic:
    """vec X; a column vector is its own."""
    return matrix if is_one(shape_of(matrix)[1]) else make(Vec, matrix)


def commutation(rows: Basic, cols: Basic) -> Basic:
    """K_{rows,cols}; of a vector the identity."""
    if is_one(rows) or is_one(cols):
        return identity(size_product(rows, cols))
    return make(Commutation, rows, cols)


def sandwich(left: Basic | None, right: Basic | None, shape: Shape) -> Basic:
    """The matrix of E ↦ left E right on vec E, for E of the given shape: right' ⊗ left."""
    rows, cols = shape
    if right is None and is_one(cols):
        return identity(rows) if left is None else left
    if left is None and is_one(rows):
        return identity(cols) if right is None else transpose(right)
    return kron(
        identity(cols) if right is None else transpose(right),
        identity(rows) if left is None else left,
    )


register(
    Operation(
        node=KroneckerProduct,
        name="Kronecker product",
        spelling="kron",
        infix="⊗",
        latex=r"\otimes",
        signature="m×n, p×q -> mp×nq",
        transpose=lambda F: kron(transpose(F.args[0]), transpose(F.args[1])),
        numpy="np.kron({A}, {B})",
        reference="Magnus & Neudecker, ch. 2, sec. 2",
    )
)
register(
    Operation(
        node=Vec,
        name="vec",
        spelling="vec",
        signature="m×n -> mn×1",
        numpy="{A}.reshape(-1, order='F')",
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
register(
    Operation(
        node=Commutation,
        name="commutation matrix",
        spelling="commutation",
        signature="#m, #n -> mn×mn",
        transpose=lambda F: commutation(F.args[1], F.args[0]),
        numpy="np.eye({A} * {B})[np.arange({A} * {B}).reshape({A}, {B}, order='F').reshape(-1)]",
        latex="K_{{A},{B}}",
        reference="Magnus & Neudecker, ch. 3, sec. 7",
    )
)
