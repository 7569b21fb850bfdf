"""The Kronecker product: vec(A E B) = (B' ⊗ A) vec E (Magnus & Neudecker, ch. 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from sympy import Basic, Identity, KroneckerProduct, MatMul

from symmat.algebra.sizes import size_quotient
from symmat.core.constructors import (
    identity,
    is_one,
    make,
    mul,
    number,
    power,
    shape_of,
    trace,
    transpose,
)
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.signature import size_product
from symmat.core.sums import sum_over
from symmat.core.table import Shape
from symmat.errors import ShapeProblem
from symmat.facts.transfer import INHERITED, shared
from symmat.operations.vec import Commutation, basis, commutation, unvec, vec
from symmat.shapes import show_shape


class BlockSum(MatrixOperation):
    """blocksum(A, B) = Σ A_ij B_ij over the blocks of B."""


def kron(left: Basic, right: Basic) -> Basic:
    """left ⊗ right; of a scalar the product."""
    scalar = not (shape_of(left) and shape_of(right))
    return mul(left, right) if scalar else make(KroneckerProduct, left, right)


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


def matrix_of(linear: Callable[[Basic], Basic], shape: Shape, inside: Sequence[Basic]) -> Basic:
    """The matrix of any linear map on vec E, column by column: Σ_j Σ_i vec L(e_i e_j') (e_j ⊗ e_i)'."""
    rows, cols = shape

    def column(i: Basic, j: Basic) -> Basic:
        left, right = basis(i, rows), basis(j, cols)
        return mul(vec(linear(mul(left, transpose(right)))), transpose(kron(right, left)))

    def columns(j: Basic) -> Basic:
        return sum_over(lambda i: column(i, j), number(1), rows, (*inside, j))

    return sum_over(columns, number(1), cols, inside)


def _blocksum_shape(args: Sequence[Any], shapes: Sequence[Shape]) -> Shape:
    (m, n), (rows, cols) = shapes
    sides = size_quotient(rows, m), size_quotient(cols, n)
    if any(side.as_numer_denom()[1] != 1 for side in sides):
        raise ShapeProblem(f"blocksum of {show_shape(shapes[0])} and {show_shape(shapes[1])}")
    return sides


def blocksum(A: Basic, B: Basic) -> Basic:
    """Σ A_ij B_ij over the blocks B_ij of B: adjoint to E ↦ A ⊗ E."""
    return make(BlockSum, A, B)


def _swapped(F: Basic, K: Basic) -> Basic:
    """The commutations that turn A ⊗ B into B ⊗ A, around K."""
    (m, n), (p, q) = (shape_of(a) for a in F.args)
    return mul(commutation(p, m), K, commutation(n, q))


def _vec_of_kron(F: Any, i: int) -> Basic:
    """vec(A ⊗ B) = (I ⊗ K ⊗ I) (vec A ⊗ vec B): Magnus & Neudecker, ch. 3, thm 10."""
    (m, n), (p, q) = (shape_of(a) for a in F.args)
    A, B = F.args
    spread = kron(identity(n), kron(commutation(q, m), identity(p)))
    one = identity(size_product(*shape_of(F.args[i])))
    return mul(spread, kron(one, vec(B)) if i == 0 else kron(vec(A), one))


def _vec_of_blocksum(F: Any, i: int) -> Basic:
    """The transpose of the matrix of the Kronecker product whose adjoint this is."""
    A, B = F.args
    m, n = shape_of(A)
    p, q = shape_of(F)
    if i == 1:
        spread = kron(identity(n), kron(commutation(q, m), identity(p)))
        return transpose(mul(spread, kron(vec(A), identity(size_product(p, q)))))
    E = identity(size_product(m, n))
    columns = unvec_rows(B, (m, n), (p, q))
    return mul(columns, E)


def unvec_rows(B: Basic, outer: Shape, inner: Shape) -> Basic:
    """The matrix whose columns are the vecs of the blocks of B."""
    (m, n), (p, q) = outer, inner
    blocks = mul(kron(identity(n), kron(commutation(m, q), identity(p))), vec(B))
    return unvec(blocks, size_product(p, q), size_product(m, n))


def _of_identities(F: Any, A: Basic, B: Basic) -> Basic | None:
    return identity(shape_of(F)[0]) if isinstance(A, Identity) and isinstance(B, Identity) else None


def _of_single_entry(F: Any, A: Basic, B: Basic) -> Basic | None:
    for one, other in ((A, B), (B, A)):
        if all(map(is_one, shape_of(one))):
            return mul(trace(one), other)
    return None


def _associated(F: Any, A: Basic, B: Basic) -> Basic | None:
    return kron(kron(A, B.args[0]), B.args[1]) if type(B) is KroneckerProduct else None


def _kron_power(F: Any, A: Basic, B: Basic, k: Basic) -> Basic | None:
    square = all(rows == cols for rows, cols in map(shape_of, (A, B)))
    return kron(power(A, k), power(B, k)) if square else None


def _of_identity(F: Any, A: Basic, B: Basic) -> Basic | None:
    square = isinstance(B, Identity) and shape_of(A)[0] == shape_of(A)[1]
    return mul(trace(A), identity(shape_of(F)[0])) if square else None


def _of_turned_kron(F: Any, A: Basic, B: Basic) -> Basic | None:
    kinds = [type(factor) for factor in B.args] if type(B) is MatMul else []
    turned = kinds == [Commutation, KroneckerProduct, Commutation]
    return _of_kron(F, A, kron(*reversed(B.args[1].args))) if turned else None


def _of_kron(F: Any, A: Basic, B: Basic) -> Basic | None:
    """Where A has the shape of B."""
    rest: list[Basic] = []
    while type(B) is KroneckerProduct and shape_of(B) != shape_of(A):
        B, last = B.args
        rest.insert(0, last)
    return mul(trace(mul(transpose(A), B)), reduce(kron, rest)) if rest and shape_of(B) == shape_of(A) else None


register(
    Operation(
        node=KroneckerProduct,
        name="Kronecker product",
        spelling="kron",
        facts=shared(*INHERITED),
        infix="⊗",
        latex=r"\otimes",
        signature="m×n, p×q -> mp×nq",
        linear=(
            Linear(
                push=lambda F, i, E: kron(E, F.args[1]),
                adjoint=lambda F, i, G: blocksum(F.args[1], _swapped(F, G)),
                vec=_vec_of_kron,
            ),
            Linear(
                push=lambda F, i, E: kron(F.args[0], E),
                adjoint=lambda F, i, G: blocksum(F.args[0], G),
                vec=_vec_of_kron,
            ),
        ),
        equations=(
            Equation("Kronecker product of identities", "I_m ⊗ I_n = I_{m n}", "F", _of_identities),
            Equation("Kronecker product with one entry", "[λ] ⊗ A = [λ] A", "F", _of_single_entry),
            Equation("Kronecker products associate", "A ⊗ (B ⊗ C) = (A ⊗ B) ⊗ C", "F", _associated),
            Equation(
                "transpose of a Kronecker product",
                "(A ⊗ B)' = A' ⊗ B'",
                "F'",
                lambda F, A, B: kron(transpose(A), transpose(B)),
            ),
            Equation("power of a Kronecker product", "(A ⊗ B)^3 = A^3 ⊗ B^3", "F^k", _kron_power, let="A: m×m; B: n×n"),
        ),
        value=lambda xp, A, B: xp.kron(A, B),
        reference="Magnus & Neudecker, ch. 2, sec. 2",
    )
)
register(
    Operation(
        node=BlockSum,
        name="sum of blocks",
        spelling="blocksum",
        signature="m×n, mp×nq -> p×q",
        linear=(
            Linear(
                push=lambda F, i, E: blocksum(E, F.args[1]),
                adjoint=lambda F, i, G: unvec(
                    mul(transpose(unvec_rows(F.args[1], shape_of(F.args[0]), shape_of(F))), vec(G)),
                    *shape_of(F.args[0]),
                ),
                vec=_vec_of_blocksum,
            ),
            Linear(
                push=lambda F, i, E: blocksum(F.args[0], E),
                adjoint=lambda F, i, G: kron(F.args[0], G),
                vec=_vec_of_blocksum,
            ),
        ),
        shape=_blocksum_shape,
        equations=(
            Equation(
                "sum of the blocks of the identity",
                "blocksum(A, I_{m n}) = tr(A) I_n",
                "F",
                _of_identity,
                let="A: m×m; n: integer",
            ),
            Equation(
                "sum of blocks of a turned Kronecker product",
                "blocksum(A, commutation(m, n) (C ⊗ B) commutation(n, m)) = tr(A'B) C",
                "F",
                _of_turned_kron,
                let="A, B: m×m; C: n×n",
            ),
            Equation(
                "sum of blocks of a Kronecker product",
                "blocksum(A, B ⊗ C) = tr(A'B) C",
                "F",
                _of_kron,
                let="A, B: m×n",
            ),
            Equation(
                "transpose of a sum of blocks",
                "blocksum(A, B)' = blocksum(A', B')",
                "F'",
                lambda F, A, B: blocksum(transpose(A), transpose(B)),
                let="A: 2×3; B: 4×9",
            ),
        ),
        value=lambda xp, A, B: xp.einsum(
            "ij,ipjq->pq", A, B.reshape(A.shape[0], -1, A.shape[1], B.shape[1] // A.shape[1])
        ),
        reference="Magnus & Neudecker, ch. 2, sec. 2",
    )
)
