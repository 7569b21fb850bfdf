"""Sums of entries: sum(X) = 1'X 1, and those of rows and columns."""

from __future__ import annotations

from typing import Any

from sympy import Basic, OneMatrix

from symmat.core.constructors import inverse, make, mul, number, ones, shape_of, transpose
from symmat.core.nodes import MatrixOperation, ScalarOperation
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.signature import size_product
from symmat.facts.predicates import nonnegative, positive
from symmat.facts.transfer import keeps
from symmat.operations.kronecker import sandwich
from symmat.operations.vec import vec


class EntrySum(ScalarOperation):
    """Σ X_ij, the sum of all entries."""


class Mean(ScalarOperation):
    """Σ X_ij / (m n), the mean of all entries."""


class RowSums(MatrixOperation):
    """X 1, the vector of the sums of the rows."""


class ColumnSums(MatrixOperation):
    """X'1, the vector of the sums of the columns."""


def ones_vector(size: Basic) -> Basic:
    """The vector of ones."""
    return ones(size, number(1))


def entry_sum(matrix: Basic) -> Basic:
    """Σ X_ij, the sum of all entries."""
    return make(EntrySum, matrix)


def row_sums(matrix: Basic) -> Basic:
    """The sums of the rows."""
    return make(RowSums, matrix)


def _count(F: Any) -> Basic:
    return size_product(*shape_of(F.args[0]))


def _everywhere(F: Any) -> Basic:
    return ones(*shape_of(F.args[0]))


register(
    Operation(
        node=EntrySum,
        name="sum of entries",
        spelling="sum",
        facts=keeps(positive, nonnegative),
        signature="m×n -> scalar",
        linear=Linear(
            push=lambda F, i, E: entry_sum(E),
            adjoint=lambda F, i, G: mul(G, _everywhere(F)),
            vec=lambda F, i: transpose(vec(_everywhere(F))),
        ),
        equations=(
            Equation(
                "sum of ones",
                "sum(ones(m, n)) = m n",
                "F",
                lambda F, X: _count(F) if isinstance(X, OneMatrix) else None,
                let="m, n: integer",
            ),
        ),
        value=lambda xp, A: xp.sum(A),
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
register(
    Operation(
        node=Mean,
        name="mean of entries",
        spelling="mean",
        facts=keeps(positive, nonnegative),
        signature="m×n -> scalar",
        linear=Linear(
            push=lambda F, i, E: make(Mean, E),
            adjoint=lambda F, i, G: mul(G, inverse(_count(F)), _everywhere(F)),
            vec=lambda F, i: mul(inverse(_count(F)), transpose(vec(_everywhere(F)))),
        ),
        equations=(
            Equation(
                "mean of ones",
                "mean(ones(m, n)) = 1",
                "F",
                lambda F, X: number(1) if isinstance(X, OneMatrix) else None,
            ),
        ),
        value=lambda xp, A: xp.mean(A),
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
register(
    Operation(
        node=RowSums,
        name="sums of rows",
        spelling="rowsum",
        facts=keeps(positive, nonnegative),
        signature="m×n -> m×1",
        linear=Linear(
            push=lambda F, i, E: row_sums(E),
            adjoint=lambda F, i, G: mul(G, transpose(ones_vector(shape_of(F.args[0])[1]))),
            vec=lambda F, i: sandwich(None, ones_vector(shape_of(F.args[0])[1]), shape_of(F.args[0])),
        ),
        value=lambda xp, A: xp.sum(A, axis=1),
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
register(
    Operation(
        node=ColumnSums,
        name="sums of columns",
        spelling="colsum",
        facts=keeps(positive, nonnegative),
        signature="m×n -> n×1",
        linear=Linear(
            push=lambda F, i, E: make(ColumnSums, E),
            adjoint=lambda F, i, G: mul(ones_vector(shape_of(F.args[0])[0]), transpose(G)),
            vec=lambda F, i: sandwich(transpose(ones_vector(shape_of(F.args[0])[0])), None, shape_of(F.args[0])),
        ),
        value=lambda xp, A: xp.sum(A, axis=0),
        reference="Magnus & Neudecker, ch. 2, sec. 4",
    )
)
