"""Kronecker product, vec and the commutation matrix: vec(A E B) = (B' ⊗ A) vec E (Magnus & Neudecker, ch. 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from sympy import Basic, Identity, KroneckerProduct, MatMul, OneMatrix

from symmat.algebra.entries import ENTRYWISE
from symmat.algebra.sizes import size_quotient
from symmat.core.constructors import (
    identity,
    is_one,
    make,
    mul,
    number,
    ones,
    power,
    rebuild,
    shape_of,
    trace,
    transpose,
)
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Linear, Operation, find_operation, register
from symmat.core.signature import size_product
from symmat.core.sums import sum_over
from symmat.core.table import Shape
from symmat.errors import ShapeProblem
from symmat.facts.transfer import INHERITED, shared
from symmat.shapes import show_shape


class Vec(MatrixOperation):
    """vec X: the columns of X, one under the other."""


class Unvec(MatrixOperation):
    """unvec(x, m, n): the m×n matrix of which x is the vec."""


class HalfVec(MatrixOperation):
    """vech X: the columns of the lower triangle of X, one under the other."""


class BlockSum(MatrixOperation):
    """blocksum(A, B) = Σ A_ij B_ij over the blocks of B."""


class Duplication(MatrixOperation):
    """duplication(n): the matrix D with D vech X = vec X for every symmetric n×n matrix X."""


class Elimination(MatrixOperation):
    """elimination(n): the matrix L with L vec X = vech X for every n×n matrix X."""


class UnitVector(MatrixOperation):
    """basis(i, n): the i-th unit vector of length n."""


class Commutation(MatrixOperation):
    """commutation(m, n): the matrix K with K vec X = vec X' for every m×n matrix X."""


def kron(left: Basic, right: Basic) -> Basic:
    """left ⊗ right; of a scalar the product."""
    scalar = not (shape_of(left) and shape_of(right))
    return mul(left, right) if scalar else make(KroneckerProduct, left, right)


def vec(matrix: Basic) -> Basic:
    """vec X; a column vector is its own, and so is a scalar."""
    shape = shape_of(matrix)
    return make(Vec, matrix) if shape and not is_one(shape[1]) else matrix


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


def matrix_of(linear: Callable[[Basic], Basic], shape: Shape, inside: Sequence[Basic]) -> Basic:
    """The matrix of any linear map on vec E, column by column: Σ_j Σ_i vec L(e_i e_j') (e_j ⊗ e_i)'."""
    rows, cols = shape

    def column(i: Basic, j: Basic) -> Basic:
        left, right = basis(i, rows), basis(j, cols)
        return mul(vec(linear(mul(left, transpose(right)))), transpose(kron(right, left)))

    def columns(j: Basic) -> Basic:
        return sum_over(lambda i: column(i, j), number(1), rows, (*inside, j))

    return sum_over(columns, number(1), cols, inside)


DUPLICATES = """\
def _duplicates(n):
    place = np.zeros((n, n), dtype=int)
    rows, cols = np.triu_indices(n)
    place[rows, cols] = place[cols, rows] = np.arange(len(rows))
    return place.reshape(-1)
"""


def _size(F: Any) -> Basic:
    return shape_of(F.args[0])[0]


def _blocksum_shape(args: Sequence[Any], shapes: Sequence[Shape]) -> Shape:
    (m, n), (rows, cols) = shapes
    sides = size_quotient(rows, m), size_quotient(cols, n)
    if any(side.as_numer_denom()[1] != 1 for side in sides):
        raise ShapeProblem(f"blocksum of {show_shape(shapes[0])} and {show_shape(shapes[1])}")
    return sides


def unvec(vector: Basic, rows: Basic, cols: Basic) -> Basic:
    """The rows×cols matrix of which a vector is the vec."""
    return vector if is_one(cols) else make(Unvec, vector, rows, cols)


def basis(place: Basic, length: Basic) -> Basic:
    """The unit vector e_i."""
    return make(UnitVector, place, length)


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


def _kron_rule(F: Any) -> Basic | None:
    """I ⊗ I = I, a ⊗ B = a B of a 1×1 matrix a, and A ⊗ (B ⊗ C) = A ⊗ B ⊗ C."""
    A, B = F.args
    if isinstance(A, Identity) and isinstance(B, Identity):
        return identity(shape_of(F)[0])
    for one, other in ((A, B), (B, A)):
        if all(map(is_one, shape_of(one))):
            return mul(trace(one), other)
    return kron(kron(A, B.args[0]), B.args[1]) if type(B) is KroneckerProduct else None


def _kron_power(F: Any, k: Basic) -> Basic | None:
    """(A ⊗ B)^k = A^k ⊗ B^k of square A and B."""
    square = all(rows == cols for rows, cols in map(shape_of, F.args))
    return kron(*(power(A, k) for A in F.args)) if square else None


def _of_kron(F: Any) -> Basic | None:
    """blocksum(A, B ⊗ C) = tr(A'B) C, where A has the shape of B; K (C ⊗ B) K is B ⊗ C, and I is I ⊗ I."""
    A, B = F.args
    if isinstance(B, Identity) and shape_of(A)[0] == shape_of(A)[1]:
        return mul(trace(A), identity(shape_of(F)[0]))
    if type(B) is MatMul and len(B.args) == 3 and type(B.args[0]) is type(B.args[2]) is Commutation:
        B = kron(*reversed(B.args[1].args)) if type(B.args[1]) is KroneckerProduct else B
    rest: list[Basic] = []
    while type(B) is KroneckerProduct and shape_of(B) != shape_of(A):
        B, last = B.args
        rest.insert(0, last)
    return mul(trace(mul(transpose(A), B)), reduce(kron, rest)) if rest and shape_of(B) == shape_of(A) else None


def _of_vec(F: Any) -> Basic | None:
    """unvec(vec X) = X, unvec(1) = 1, and entry by entry unvec(f(vec X, y)) = f(X, unvec(y))."""
    inner = F.args[0]
    if isinstance(inner, OneMatrix):
        return ones(*shape_of(F))
    if type(inner) is Vec and shape_of(inner.args[0]) == shape_of(F):
        matrix: Basic = inner.args[0]
        return matrix
    record = find_operation(type(inner))
    if record is None or not (record.elementwise or type(inner) in ENTRYWISE):
        return None
    known = {a: _of_vec(unvec(a, *F.args[1:])) for a in inner.args if shape_of(a)}
    if not any(known.values()):
        return None
    return rebuild(inner, [known.get(a) or (unvec(a, *F.args[1:]) if a in known else a) for a in inner.args])


def _same_vector(F: Any) -> Basic | None:
    """vec(x) = x, and vec(unvec(x)) = x."""
    inner: Basic = F.args[0].args[0] if type(F.args[0]) is Unvec else F.args[0]
    if is_one(shape_of(inner)[1]):
        return inner
    return ones(shape_of(F)[0], number(1)) if isinstance(inner, OneMatrix) else None


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
        transpose=lambda F: kron(transpose(F.args[0]), transpose(F.args[1])),
        rules=(_kron_rule,),
        power=_kron_power,
        numpy="np.kron({A}, {B})",
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
        transpose=lambda F: blocksum(transpose(F.args[0]), transpose(F.args[1])),
        shape=_blocksum_shape,
        rules=(_of_kron,),
        numpy="np.einsum('ij,ipjq->pq', {A}, {B}.reshape(len({A}), -1, {A}.shape[1], {B}.shape[1] // {A}.shape[1]))",
        reference="Magnus & Neudecker, ch. 2, sec. 2",
    )
)
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
        rules=(_same_vector,),
        numpy="{A}.reshape(-1, order='F')",
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
        rules=(_of_vec,),
        numpy="{A}.reshape({B}, {C}, order='F')",
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
        numpy="{A}.T[np.triu_indices(len({A}))]",
        reference="Magnus & Neudecker, ch. 3, sec. 8",
    )
)
register(
    Operation(
        node=Commutation,
        name="commutation matrix",
        spelling="commutation",
        signature="#m, #n -> mn×nm",
        transpose=lambda F: commutation(F.args[1], F.args[0]),
        product=lambda F, G: identity(shape_of(F)[0]) if F.args == G.args[::-1] else None,
        power=lambda F, k: commutation(F.args[1], F.args[0]) if k is number(-1) else None,
        numpy="np.arange({A} * {B}).reshape({A}, {B}, order='F').reshape(-1)",
        permutes=True,
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
        numpy="np.eye({A} * ({A} + 1) // 2)[_duplicates({A})]",
        helper=DUPLICATES,
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
        numpy="np.eye({A} * {A})[np.flatnonzero(np.tril(np.ones(({A}, {A}))).reshape(-1, order='F'))]",
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
        relations=lambda F, i, n: (
            (mul(transpose(F), F), identity(number(1))),
            (mul(transpose(ones(*shape_of(F))), F), identity(number(1))),
        ),
        numpy="(np.arange(1, {B} + 1) == {A}) * 1.0",
        latex="e_{{A}}^{({B})}",
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
