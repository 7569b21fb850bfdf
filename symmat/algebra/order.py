"""An order of expressions by what they are: the order of their terms, and what was met before, do not count.

Where two forms serve equally well, the choice between them is made by this order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from hashlib import blake2b
from math import prod
from typing import Any

from sympy import Add, Basic, Inverse, MatAdd, MatMul, MatPow, Mul, Pow, Rational, Transpose

from symmat.algebra.terms import Exponent, Factor, Key, Scalars, Word
from symmat.core.constructors import shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.operation import find_operation
from symmat.core.table import known
from symmat.core.walks import children, fold, postorder

Value = tuple[int, int, int, int]
"""A 2×2 matrix of residues modulo PRIME."""
Reading = tuple[int, str]

PLAIN = frozenset((Mul, MatMul, Pow, MatPow, Inverse, Transpose, *DEFINITIONS))
PRIME = 2**61 - 1
MOST = 10**6
LONGEST = 16
MINUS = "~"  # after the letters


def commutes(node: Basic) -> bool:
    """Whether the operands of a node may stand in any order; scalars may among matrices."""
    cls = type(node)
    if cls is MatMul:
        return not all(map(shape_of, node.args))
    if cls in (Add, MatAdd, Mul):
        return True
    record = find_operation(cls)
    return record is not None and record.commutative


@fold
def reading(node: Basic, operands: list[Reading]) -> Reading:
    """How many symbols there are in an expression, and how it begins."""
    return min(MOST, sum(size for size, _ in operands) or 1), _label(node, [name for _, name in operands])


@known
def place(node: Basic) -> Any:
    """Where an expression stands in the order: short ones first, and symbols by their names."""
    return reading(node), value(node) if children(node) else ()


def met_in_order(root: Basic, seen: Callable[[Basic], bool]) -> tuple[list[Basic], dict[Basic, int]]:
    """The nodes below a root that are not known, operands first, and their places as written where these are others.

    What commutes is met in the order here, so that what is met first does not depend on how it was written.
    """
    nodes = list(postorder(root, skip=seen))
    if not _order_matters(nodes):
        return nodes, {}
    written = {node: i for i, node in enumerate(nodes)}  # equal sizes may be two nodes

    def operands(node: Basic) -> Sequence[Basic]:
        return ordered([a for a in children(node) if a in written]) if commutes(node) else children(node)

    return list(postorder(root, skip=seen, operands_of=operands)), written


def _order_matters(nodes: Sequence[Basic]) -> bool:
    """Whether there are two operands that commute and may both be shown in several forms.

    A product or a power is what its factors are, and a definition what it stands for.
    """
    if sum(1 for node in nodes if type(node) not in PLAIN and children(node)) < 2:
        return False
    several: set[int] = set()
    for node in nodes:
        operands = children(node)
        if operands:
            below = [a for a in map(id, operands) if a in several]
            if len(below) > 1 and commutes(node):
                return True
            if below or type(node) not in PLAIN:
                several.add(id(node))
    return False


def ordered(nodes: Sequence[Basic]) -> list[Basic]:
    """Expressions in the order."""
    if len(nodes) < 2:
        return list(nodes)
    readings = set(map(reading, nodes))
    return sorted(nodes, key=reading if len(readings) == len(nodes) else place)


def first_place(keys: Iterable[Key]) -> Any:
    """The place of the first of some terms."""
    return min(map(key_place, keys))


def key_place(key: Key) -> Any:
    """The place of a term: short words first."""
    return word_place(key[1]), scalars_place(key[0])


def word_place(word: Word) -> Any:
    """The place of a word."""
    return len(word), tuple(map(factor_place, word))


def factor_place(factor: Factor) -> Any:
    """The place of a factor: A stands before A'."""
    base, exponent, turned = factor
    return place(base), turned, _exponent_place(exponent)


def scalars_place(scalars: Scalars) -> Any:
    """The place of a product of scalars."""
    return len(scalars), sorted((place(atom), _exponent_place(e)) for atom, e in scalars)


def _exponent_place(exponent: Exponent) -> Any:
    if isinstance(exponent, Basic):
        return place(exponent)
    return (0, ""), (exponent.numerator, exponent.denominator)


def _label(node: Basic, operands: list[str]) -> str:
    """The names in an expression as they are read, after a minus; of what commutes the first by the alphabet."""
    cls = type(node)
    if isinstance(node, Rational):
        return MINUS if node.p < 0 else ""
    if cls in DEFINITIONS or not operands:
        named: Any = node.args[0] if cls in DEFINITIONS else node
        return getattr(named, "name", "") or cls.__name__
    if cls is Mul or cls is MatMul:
        minus = sum(name.startswith(MINUS) for name in operands) % 2
        names = [name.lstrip(MINUS) for name, a in zip(operands, node.args, strict=True) if cls is Mul or shape_of(a)]
        return MINUS * minus + (min(filter(None, names), default="") if cls is Mul else "".join(names)[:LONGEST])
    return min(operands) if commutes(node) else "".join(operands)[:LONGEST]


@fold
def value(node: Basic, operands: list[Value]) -> Value:
    """The value where each symbol is a matrix from its name, and so is each operation from its operands.

    Sums and products are what they are, so that neither their order nor how they are nested is seen.
    """
    cls, record = type(node), find_operation(type(node))
    if isinstance(node, Rational):
        number = node.p * pow(node.q, -1, PRIME) % PRIME
        return number, 0, 0, number
    if cls in (Add, MatAdd):
        return _entrywise(sum, operands)
    if cls in (Mul, MatMul):
        return reduce(_times, operands)
    if cls is Transpose:
        a, b, c, d = operands[0]
        return a, c, b, d
    if record is not None and record.commutative:
        return _entrywise(prod, operands)
    own = _label(node, []) if type(node) in DEFINITIONS or not operands else ""
    a, b, c, d = _drawn(f"{cls.__name__} {own} {operands or node.args}")
    return (a, b, c, d) if shape_of(node) else (a, 0, 0, a)


def _entrywise(function: Callable[[Iterable[int]], int], operands: Sequence[Value]) -> Value:
    a, b, c, d = (function(entries) % PRIME for entries in zip(*operands, strict=True))
    return a, b, c, d


def _times(left: Value, right: Value) -> Value:
    (a, b, c, d), (e, f, g, h) = left, right
    return (
        (a * e + b * g) % PRIME,
        (a * f + b * h) % PRIME,
        (c * e + d * g) % PRIME,
        (c * f + d * h) % PRIME,
    )


@lru_cache(maxsize=4096)
def _drawn(seed: str) -> Value:
    digest = blake2b(seed.encode(), digest_size=32).digest()
    a, b, c, d = (int.from_bytes(digest[i : i + 8], "big") % PRIME for i in range(0, 32, 8))
    return a, b, c, d
