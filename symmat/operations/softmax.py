"""The soft maximum and its gradient: d logsumexp(x) = softmax(x)'dx.

Boyd & Vandenberghe, Convex optimization, sec. 3.1.5.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, log

from symmat.core.constructors import add, make, mul, neg, shape_of, trace, transpose
from symmat.core.nodes import MatrixOperation, ScalarOperation
from symmat.core.operation import Operation, register
from symmat.facts.predicates import positive
from symmat.facts.transfer import always
from symmat.operations.elementwise import ON_ENTRIES
from symmat.operations.hadamard import entry_product
from symmat.operations.sums import ones_vector, row_sums


class LogSumExp(ScalarOperation):
    """log Σ exp(x_i)."""


class Softmax(MatrixOperation):
    """exp(x) / Σ exp(x_i)."""


class RowSoftmax(MatrixOperation):
    """rowsoftmax(X): exp(x) / Σ exp(x_i) of each row x."""


class LogSoftmax(MatrixOperation):
    """x - logsumexp(x), what log(softmax(x)) is."""


class RowLogSoftmax(MatrixOperation):
    """log.(rowsoftmax(X)): x - logsumexp(x) of each row x."""


def _push_softmax_of_rows(F: Any, X: Basic, dX: Basic) -> Basic:
    weighted = entry_product(F, dX)
    return add(weighted, neg(entry_product(F, mul(row_sums(weighted), transpose(ones_vector(shape_of(X)[1]))))))


def _push_log_softmax_of_rows(F: Any, X: Basic, dX: Basic) -> Basic:
    weighted = entry_product(make(RowSoftmax, X), dX)
    return add(dX, neg(mul(row_sums(weighted), transpose(ones_vector(shape_of(X)[1])))))


register(
    Operation(
        node=LogSumExp,
        name="log-sum-exp",
        spelling="logsumexp",
        signature="n×1 -> scalar",
        differential=lambda F, x, dx: trace(mul(transpose(make(Softmax, x)), dx)),
        value=lambda xp, A: xp.scipy.special.logsumexp(A),
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
        value=lambda xp, A: xp.scipy.special.softmax(A),
        facts=always(positive),
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
register(
    Operation(
        node=RowSoftmax,
        name="softmax of rows",
        spelling="rowsoftmax",
        signature="m×n -> m×n",
        differential=_push_softmax_of_rows,
        value=lambda xp, A: xp.scipy.special.softmax(A, axis=1),
        facts=always(positive),
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
register(
    Operation(
        node=LogSoftmax,
        name="log of the softmax",
        signature="n×1 -> n×1",
        composite=(ON_ENTRIES[log], Softmax),
        differential=lambda F, x, dx: add(dx, neg(mul(ones_vector(shape_of(x)[0]), transpose(make(Softmax, x)), dx))),
        value=lambda xp, A: xp.scipy.special.log_softmax(A),
        text="log(softmax({A}))",
        latex=r"\log\left(\operatorname{softmax}\left({A}\right)\right)",
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
register(
    Operation(
        node=RowLogSoftmax,
        name="log of the softmax of rows",
        signature="m×n -> m×n",
        composite=(ON_ENTRIES[log], RowSoftmax),
        differential=_push_log_softmax_of_rows,
        value=lambda xp, A: xp.scipy.special.log_softmax(A, axis=1),
        text="log.(rowsoftmax({A}))",
        latex=r"\log_{\odot}\left(\operatorname{rowsoftmax}\left({A}\right)\right)",
        reference="Boyd & Vandenberghe, Convex optimization, sec. 3.1.5",
    )
)
