"""Linear slots in products: B f(A) D and B f(C) D differ in the operand of one, where f is linear."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Basic

from symmat.expressions.constructors import shape_of
from symmat.expressions.entries import ENTRYWISE
from symmat.expressions.operation import find_operation
from symmat.expressions.terms import Key, Terms, Word


@dataclass(frozen=True)
class Place:
    """A linear slot in a product: all but its operand."""

    before: Key
    at: int
    slot: int
    turned: bool
    node: type[Basic]
    operands: tuple[Basic, ...]
    after: Word


def slots(terms: Terms) -> dict[Place, list[Key]]:
    """The linear slots in the terms of a sum, each with the terms that differ in nothing but its operand."""
    found: dict[Place, list[Key]] = {}
    for key in terms:
        scalars, word = key
        for at, (base, exponent, turned) in enumerate(word):
            record = find_operation(type(base)) if exponent == 1 and type(base) not in ENTRYWISE else None
            if record is None or record.additive:
                continue
            # what is linear in two operands is a product, and stays apart
            linear = [i for i in range(len(base.args)) if record.slot(i) is not None]
            if len(linear) == 1 and shape_of(base.args[linear[0]]):
                [i] = linear
                others = (*base.args[:i], *base.args[i + 1 :])
                place = Place((scalars, word[:at]), at, i, turned, type(base), others, word[at + 1 :])
                found.setdefault(place, []).append(key)
    return found
