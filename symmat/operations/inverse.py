"""The inverse: differentiate X⁻¹ X = I."""

from __future__ import annotations

from sympy import Inverse

from symmat.expressions.constructors import identity, mul, neg, shape_of
from symmat.expressions.operation import Operation, register

register(
    Operation(
        node=Inverse,
        name="inverse",
        spelling="inv",
        aliases=("inverse",),
        signature="n×n -> n×n",
        differential=lambda F, X, _, dX: neg(mul(F, dX, F)),
        identity=lambda F, X, _: (mul(F, X), identity(shape_of(X)[0])),
        domain="invertible",
        condition="{A} is invertible",
        reference="Magnus & Neudecker, ch. 8, thm 3",
    )
)
