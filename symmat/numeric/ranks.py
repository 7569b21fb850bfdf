"""How many axes an array has where it stands: as its signature says, ``n×1`` one and ``m×n`` two, ``#n`` is an int."""

from __future__ import annotations

from sympy import Basic

from symmat.core.constructors import is_one
from symmat.core.operation import operation
from symmat.core.signature import Pattern
from symmat.core.table import Shape, table


def shape_of(node: Basic) -> Shape:
    """The shape of a node; what is not in the table is a size."""
    return table().shape.get(node, ())


def rank(shape: Shape) -> int:
    """The number of axes of an array of the shape: a side of 1 is none."""
    return sum(not is_one(side) for side in shape)


def patterns(node: Basic) -> tuple[tuple[Pattern, ...], Pattern]:
    """The patterns of the operands and of the value of an operation: without a signature matrices, or scalars."""
    record = operation(type(node))
    types = record.types
    if types.arguments:
        return types.arguments[:1] * len(node.args) if record.commutative else types.arguments, types.result
    return tuple(_plain(a) for a in node.args), _plain(node)


def _plain(node: Basic) -> Pattern:
    return ("m", "n") if shape_of(node) else ()


def axes(pattern: Pattern) -> int:
    """The number of axes of an operand of a pattern."""
    return sum(token != "1" for token in pattern)


def is_whole(pattern: Pattern) -> bool:
    """Whether an operand is an integer, as ``#n``."""
    return bool(pattern) and pattern[0].startswith("#")
