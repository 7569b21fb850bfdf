"""Linear slots in products: B f(A) D and B f(C) D differ in the operand of one, where f is linear."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Basic

from symmat.algebra.build import transposes
from symmat.algebra.entries import ENTRYWISE
from symmat.algebra.terms import Factor, Key, Terms, Word
from symmat.core.constructors import shape_of
from symmat.core.nodes import SUMS
from symmat.core.operation import find_operation
from symmat.core.table import Shape
from symmat.effort import spend


@dataclass(frozen=True)
class Place:
    """A linear slot in a product: all but its operand."""

    before: Key
    at: int
    slot: int
    turned: bool
    node: type[Basic]
    operands: tuple[Basic, ...]
    shape: Shape
    after: Word


def applied(factor: Factor) -> tuple[Basic, bool]:
    """A factor as an operation, and whether it is a transpose: frechet(expm, X', E') is none."""
    base, _, turned = factor
    return (transposes()[base], False) if turned and base in transposes() else (base, turned)


def linear_slots(node: Basic) -> list[int]:
    """The operands in which an operation is linear, each by itself."""
    if type(node) in SUMS:
        return [0]
    record = find_operation(type(node))
    if record is None or record.additive:
        return []
    return [i for i in range(len(node.args)) if record.slot(i) is not None]


def slots(terms: Terms) -> dict[Place, list[Key]]:
    """The linear slots in the terms of a sum, each with the terms that differ in nothing but its operand."""
    found: dict[Place, list[Key]] = {}
    for key in terms:
        scalars, word = key
        spend(len(word))
        for at, factor in enumerate(word):
            base, turned = applied(factor)
            linear = linear_slots(base) if factor[1] == 1 and type(base) not in ENTRYWISE else []
            # what is linear in two operands is a product, and stays apart
            if len(linear) == 1 and (shape := shape_of(base.args[linear[0]])):
                [i] = linear
                others = (*base.args[:i], *base.args[i + 1 :])
                place = Place((scalars, word[:at]), at, i, turned, type(base), others, shape, word[at + 1 :])
                found.setdefault(place, []).append(key)
    return found
