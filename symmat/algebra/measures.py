"""What an expression is measured by: its length, its transposes, whether it is a count, a divisor or several."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Basic, Integer, Pow, Rational, Symbol, Transpose

from symmat.algebra.build import is_negative
from symmat.core.constructors import is_one, shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.table import table
from symmat.core.walks import children, definitions_in, fold, postorder

COUNTED = 10**6
"""More transposes than this count as this many: a shared expression may unfold to any number."""


@fold
def is_count(node: Basic, operands: list[bool]) -> bool:
    """Whether a scalar is an integer or made of integers alone, as k - 1."""
    return all(operands) if operands else isinstance(node, Symbol | Rational) and bool(node.is_integer)


def turns(node: Basic) -> tuple[int, tuple[bool, ...]]:
    """The transposes in an operation, and which of its operands are one."""
    return count_turns(node), tuple(type(a) is Transpose for a in node.args)


def is_several(node: Basic) -> bool:
    """Whether a node is a matrix made of several: to a reader (A ⊗ B)' is A' ⊗ B'."""
    return len(node.args) > 1 and not any(map(is_one, shape_of(node)))


@fold
def count_turns(node: Basic, operands: list[int]) -> int:
    """The transposes in an expression."""
    return min(COUNTED, sum(operands) + (type(node) is Transpose))


@fold
def length(node: Basic, operands: list[int]) -> int:
    """The symbols and operations of an expression as it is written, after its definitions."""
    return 1 if type(node) in DEFINITIONS else 1 + sum(operands)


def program_length(root: Basic) -> int:
    """The symbols and operations of an expression as it is written, with its definitions."""
    return sum(map(length, (root, *(children(d)[0] for d in definitions_in(root)))))


def unfolded(root: Basic, kept: Callable[[Basic], bool]) -> int:
    """The symbols and operations of an expression whose definitions are written out, but for those that are kept."""
    sizes: dict[Basic, int] = {}
    for node in postorder(root, skip=lambda n: n in sizes or (type(n) in DEFINITIONS and kept(n))):
        sizes[node] = 1 + sum([sizes.get(a, 1) for a in children(node)])
    return sizes.get(root, 1)


def is_value(definition: Basic) -> bool:
    """Whether a definition is one of values, and no differential or cotangent."""
    return not table().holes[definition]


def is_matrix(node: Basic) -> bool:
    """Whether a node is a matrix and no vector."""
    shape = shape_of(node)
    return bool(shape) and not any(map(is_one, shape))


def is_divisor(node: Basic) -> bool:
    """Whether a factor is 1/t for a scalar t."""
    return type(node) is Pow and isinstance(node.args[1], Integer) and node.args[1].p == -1


def operations(root: Basic) -> int:
    """The operations of an expression, each with its operands, what is shared counted once."""
    return sum(1 + len(children(node)) for node in postorder(root))


def is_seen_through(node: Basic) -> bool:
    """Whether a reader looks at what is in it: a transpose, a divisor, a count."""
    is_divisor = type(node) is Pow and is_negative(node.args[1])
    return type(node) is Transpose or is_divisor or (not shape_of(node) and is_count(node))
