"""The determinant and its logarithm: Jacobi's formula."""

from __future__ import annotations

from sympy import Determinant

from symmat.expressions.conditions import INVERTIBLE_IN_THIS_FORM, IS_ORIENTED
from symmat.expressions.constructors import inverse, mul, trace
from symmat.expressions.nodes import ScalarOperation
from symmat.expressions.operation import Operation, register


class LogDeterminant(ScalarOperation):
    """log det X."""


register(
    Operation(
        node=Determinant,
        name="determinant",
        spelling="det",
        signature="n×n -> scalar",
        differential=lambda F, X, dX: mul(F, trace(mul(inverse(X), dX))),
        numpy="np.linalg.det({A})",
        latex=r"\det\left({A}\right)",
        domain="invertible",
        smooth=INVERTIBLE_IN_THIS_FORM,
        reference="Magnus & Neudecker, ch. 8, thm 1",
    )
)
register(
    Operation(
        node=LogDeterminant,
        name="log determinant",
        spelling="logdet",
        signature="n×n -> scalar",
        differential=lambda F, X, dX: trace(mul(inverse(X), dX)),
        numpy="np.log(np.linalg.det({A}))",
        latex=r"\log\det\left({A}\right)",
        domain="positive determinant",
        condition=IS_ORIENTED,
        reference="Magnus & Neudecker, ch. 8, thm 2",
    )
)
