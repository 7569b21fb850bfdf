"""X X, as an operation that symmat does not have."""

from symmat.core.constructors import add, mul
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Operation, register


class Squaring(MatrixOperation):
    """X X."""


register(
    Operation(
        node=Squaring,
        name="squaring",
        spelling="squaring",
        signature="n×n -> n×n",
        differential=lambda F, X, dX: add(mul(dX, X), mul(X, dX)),
        value=lambda xp, A: A @ A,
        latex="{A!}^{[2]}",
        reference="here",
    )
)
