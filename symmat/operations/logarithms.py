"""Logarithms of functions, in one step: of what may be negative, overflow or vanish by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, Basic, cosh, log, tanh

from symmat.core.constructors import add, mul, neg
from symmat.core.nodes import MatrixOperation, ScalarOperation
from symmat.core.operation import Operation, operation, register
from symmat.facts.predicates import nonzero
from symmat.operations.elementwise import ON_ENTRIES, Sigmoid, apply, one, over
from symmat.operations.hadamard import entry_product


class LogAbs(ScalarOperation):
    """log|x|."""


class LogCosh(ScalarOperation):
    """log cosh x."""


class EntrywiseLogCosh(MatrixOperation):
    """log.(cosh.(X)), entry by entry."""


class LogSigmoid(ScalarOperation):
    """log sigmoid x, what -softplus(-x) is."""


class EntrywiseLogSigmoid(MatrixOperation):
    """log.(sigmoid.(X)), entry by entry."""


register(
    Operation(
        node=LogAbs,
        name="log of the absolute value",
        signature="scalar -> scalar",
        composite=(log, Abs),
        differential=lambda F, x, dx: mul(over(x), dx),
        value=lambda xp, A: xp.log(xp.abs(A)),
        text="log(|{A}|)",
        latex=r"\log\left|{A}\right|",
        condition=nonzero("A"),
        reference="Abramowitz & Stegun, 4.1.46",
    )
)


def _log_of(
    inner: type[Basic],
    single: type[Basic],
    every: type[Basic],
    slope: Callable[[Any], Basic],
    value: Callable[..., Any],
    latex: str,
    reference: str,
) -> None:
    """Register log f(x), and that of every entry: in one step, because f(x) itself may overflow or vanish."""
    word = operation(inner).spelling
    for node, signature, parts, dot, mark in (
        (single, "scalar -> scalar", (log, inner), "", ""),
        (every, "m×n -> m×n", (ON_ENTRIES[log], ON_ENTRIES[inner]), ".", r"_{\odot}"),
    ):
        register(
            Operation(
                node=node,
                name=f"log of {word}",
                signature=signature,
                composite=parts,
                differential=lambda F, x, dx: entry_product(slope(x), dx),
                value=value,
                text=f"log{dot}({word}{dot}({{A}}))",
                latex=rf"\log{mark}\left({latex}{mark}\left({{A}}\right)\right)",
                reference=reference,
            )
        )


_log_of(
    cosh,
    LogCosh,
    EntrywiseLogCosh,
    lambda x: apply(tanh, x),
    lambda xp, A: xp.logaddexp(A, -A) - xp.log(2.0),
    r"\cosh",
    "Abramowitz & Stegun, 4.5.72",
)
_log_of(
    Sigmoid,
    LogSigmoid,
    EntrywiseLogSigmoid,
    lambda x: add(one(x), neg(apply(Sigmoid, x))),
    lambda xp, A: -xp.logaddexp(-A, 0.0),
    r"\operatorname{sigmoid}",
    "Goodfellow, Bengio & Courville, Deep learning, (3.31)",
)
