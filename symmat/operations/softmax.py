"""The soft maximum and its gradient: d logsumexp(x) = softmax(x)'dx.

Boyd & Vandenberghe, Convex optimization, sec. 3.1.5.
"""

from __future__ import annotations

from symmat.expressions.constructors import add, make, mul, neg, shape_of, trace, transpose
from symmat.expressions.nodes import MatrixOperation, ScalarOperation
from symmat.expressions.operation import Operation, register
from symmat.operations.hadamard import entry_product
from symmat.operations.sums import ones_vector, row_sums


class LogSumExp(ScalarOperation):
    """log Σ exp(x_i)."""


class Softmax(MatrixOperation):
    """exp(x) / Σ exp(x_i)."""


class RowSoftmax(MatrixOperation):
    """The softmax of each row."""


register(
    Operation(
        node=LogSumExp,
        name="log-sum-exp",
        spelling="logsumexp",
        signature="n×1 -> scalar",
        differential=lambda F, x, dx: trace(mul(transpose(make(Softmax, x)), dx)),
        numpy="scipy.special.logsumexp({A})",
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
register(
    Operation(
        node=Softmax,
        name="softmax",
        spelling="softmax",
        signature="n×1 -> n×1",
        differential=lambda F, x, dx: add(entry_product(F, dx), neg(mul(F, transpose(F), dx))),
        numpy="scipy.special.softmax({A})",
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
register(
    Operation(
        node=RowSoftmax,
        name="softmax of rows",
        spelling="rowsoftmax",
        signature="m×n -> m×n",
        differential=lambda F, X, dX: add(
            entry_product(F, dX),
            neg(entry_product(F, mul(row_sums(entry_product(F, dX)), transpose(ones_vector(shape_of(X)[1]))))),
        ),
        numpy="scipy.special.softmax({A}, axis=1)",
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
