"""Functions of a scalar, each with its derivative in the notation's own functions (Abramowitz & Stegun, ch. 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, Basic, acos, asin, atan, cos, cosh, exp, log, sign, sin, sinh, tan, tanh

from symmat.expressions.constructors import add, make, mul, neg, number, power
from symmat.expressions.nodes import ScalarOperation
from symmat.expressions.operation import Operation, register


class SquareRoot(ScalarOperation):
    """The square root of a positive number."""


def _over(x: Basic) -> Basic:
    return power(x, number(-1))


def _squared(x: Basic) -> Basic:
    return power(x, number(2))


def _below_one(x: Basic) -> Basic:
    """√(1 - x²)."""
    return make(SquareRoot, add(number(1), neg(_squared(x))))


def _function(
    node: type[Basic],
    spelling: str,
    slope: Callable[[Any, Any], Basic],
    numpy: str,
    latex: str,
    reference: str,
    condition: str = "",
    domain: str = "",
    aliases: tuple[str, ...] = (),
) -> None:
    """Register f with df = slope(F, x) dx."""
    register(
        Operation(
            node=node,
            name=spelling,
            spelling=spelling,
            aliases=aliases,
            signature="scalar -> scalar",
            differential=lambda F, x, dx: mul(slope(F, x), dx),
            numpy=numpy,
            latex=latex,
            domain=domain,
            condition=condition,
            reference=f"Abramowitz & Stegun, {reference}",
        )
    )


_function(
    log, "log", lambda F, x: _over(x), "np.log({A})", r"\log\left({A}\right)", "4.1.46", "{A} > 0", "positive", ("ln",)
)
_function(exp, "exp", lambda F, x: F, "np.exp({A})", r"\exp\left({A}\right)", "4.2.49")
_function(
    SquareRoot,
    "sqrt",
    lambda F, x: mul(number(1), _over(mul(number(2), F))),
    "np.sqrt({A})",
    r"\sqrt{{A}}",
    "4.2.50",
    "{A} > 0",
    "positive",
)
_function(sin, "sin", lambda F, x: make(cos, x), "np.sin({A})", r"\sin\left({A}\right)", "4.3.105")
_function(cos, "cos", lambda F, x: neg(make(sin, x)), "np.cos({A})", r"\cos\left({A}\right)", "4.3.106")
_function(tan, "tan", lambda F, x: add(number(1), _squared(F)), "np.tan({A})", r"\tan\left({A}\right)", "4.3.107")
_function(
    asin,
    "arcsin",
    lambda F, x: _over(_below_one(x)),
    "np.arcsin({A})",
    r"\arcsin\left({A}\right)",
    "4.4.52",
    "|{A}| < 1",
)
_function(
    acos,
    "arccos",
    lambda F, x: neg(_over(_below_one(x))),
    "np.arccos({A})",
    r"\arccos\left({A}\right)",
    "4.4.53",
    "|{A}| < 1",
)
_function(
    atan,
    "arctan",
    lambda F, x: _over(add(number(1), _squared(x))),
    "np.arctan({A})",
    r"\arctan\left({A}\right)",
    "4.4.54",
)
_function(sinh, "sinh", lambda F, x: make(cosh, x), "np.sinh({A})", r"\sinh\left({A}\right)", "4.5.71")
_function(cosh, "cosh", lambda F, x: make(sinh, x), "np.cosh({A})", r"\cosh\left({A}\right)", "4.5.72")
_function(
    tanh, "tanh", lambda F, x: add(number(1), neg(_squared(F))), "np.tanh({A})", r"\tanh\left({A}\right)", "4.5.73"
)
_function(Abs, "abs", lambda F, x: make(sign, x), "np.abs({A})", r"\left|{A}\right|", "3.2.1", "{A} ≠ 0")
_function(
    sign, "sign", lambda F, x: number(0), "np.sign({A})", r"\operatorname{sign}\left({A}\right)", "3.2.1", "{A} ≠ 0"
)
