"""The operators that a differential is made of: sandwiches E ↦ A E B.

Where dX stands in several places no single matrix M gives dF = M dX: vec dF = (Σ B' ⊗ A) vec dX, and a sum of Kronecker
products is one of its own only where the terms share a side (Magnus & Neudecker, ch. 9, sec. 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Basic, MatAdd, MatMul, Transpose

from symmat.algebra.normal import normalizer
from symmat.core.constructors import hole, is_one, shape_of
from symmat.core.operation import find_operation
from symmat.core.table import table
from symmat.core.walks import replace


@dataclass(frozen=True)
class Sandwich:
    """E ↦ A E B or A E' B, and what it is called."""

    name: str
    operator: Basic


def sandwiches(change: Basic, direction: Basic, operand: str = "E") -> Sequence[Sandwich] | None:
    """The terms of a differential as operators on an operand of some name; None where one of them has no name."""
    if not shape_of(change) or not shape_of(direction) or is_one(shape_of(direction)[1]):
        return None
    E = hole(shape_of(direction), operand)
    whole = normalizer().expanded(change)
    found = []
    for term in whole.args if type(whole) is MatAdd else (whole,):
        kind = _name(term, direction)
        if kind is None:
            return None
        found.append(Sandwich(kind, replace(term, {direction: E})))
    return found


def obstacle(found: Sequence[Sandwich], d: str) -> str:
    """Why no single matrix M gives dF = M dX; nothing where one does."""
    if all(s.name in ON_THE_LEFT for s in found):
        return ""
    if len(found) > 1:
        return f"{d} stands in {len(found)} places"
    [only] = found
    return OBSTACLES.get(only.name, "the operator is no multiplication").format(d=d)


def _name(term: Basic, direction: Basic) -> str | None:
    holes = table().holes
    parts = term.args if type(term) is MatMul else (term,)
    factors = [a for a in parts if shape_of(a)]
    places = [i for i, factor in enumerate(factors) if holes[factor]]
    if len(places) != 1 or any(holes[a] for a in parts if not shape_of(a)):
        return None
    at = factors[places[0]]
    before, after = places[0] > 0, places[0] < len(factors) - 1
    side = SIDES[before, after] or (SCALED if len(parts) > len(factors) else IDENTITY)
    if at is direction:
        return side
    record = find_operation(type(at))
    if type(at) is Transpose and at.args[0] is direction:
        return f"{side} of the transpose" if before or after else "transposition"
    return record.name if record is not None and not (before or after) else None


TWO_SIDED, LEFT, RIGHT = "two-sided multiplication", "left multiplication", "right multiplication"
SCALED, IDENTITY = "multiplication by a scalar", "identity"
SIDES = {(True, True): TWO_SIDED, (True, False): LEFT, (False, True): RIGHT, (False, False): ""}
ON_THE_LEFT = (LEFT, SCALED, IDENTITY)
OBSTACLES = {
    TWO_SIDED: "a factor stands to the right of {d}",
    RIGHT: "a factor stands to the right of {d}",
    "transposition": "{d} is transposed",
    f"{TWO_SIDED} of the transpose": "{d} is transposed",
    f"{LEFT} of the transpose": "{d} is transposed",
    f"{RIGHT} of the transpose": "{d} is transposed",
}
