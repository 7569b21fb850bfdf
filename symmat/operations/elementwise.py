"""Functions of a scalar."""

from __future__ import annotations

from sympy import log

from symmat.expressions.constructors import mul, number, power
from symmat.expressions.operation import Operation, register

register(
    Operation(
        node=log,
        name="logarithm",
        spelling="log",
        aliases=("ln",),
        signature="scalar -> scalar",
        differential=lambda F, x, dx: mul(power(x, number(-1)), dx),
        numpy="np.log({A})",
        latex=r"\log\left({A}\right)",
        domain="positive",
        condition="{A} > 0",
        reference="Magnus & Neudecker, ch. 8, (11)",
    )
)
