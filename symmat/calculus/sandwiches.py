"""The operators that a differential is made of: sandwiches E ↦ A E B.

Where dX stands in several places no single matrix M gives dF = M dX: vec dF = (Σ B' ⊗ A) vec dX, and a sum of Kronecker
products is one of its own only where the terms share a side (Magnus & Neudecker, ch. 9, sec. 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Basic, MatAdd, MatMul, Transpose

from symmat.expressions.constructors import hole, is_one, shape_of
from symmat.expressions.normal import normalizer
from symmat.expressions.table import table
from symmat.expressions.walks import replace


@dataclass(frozen=True)
class Sandwich:
    """E ↦ A E B or A E' B, and what it is called."""

    name: str
    operator: Basic


def sandwiches(change: Basic, direction: Basic) -> Sequence[Sandwich] | None:
    """The terms of a differential as operators on E; None where it is no sum of sandwiches."""
    if not shape_of(change) or not shape_of(direction) or is_one(shape_of(direction)[1]):
        return None
    E = hole(shape_of(direction))
    whole = normalizer().expanded(change)
    found = []
    for term in whole.args if type(whole) is MatAdd else (whole,):
        kind = _name(term, direction)
        if kind is None:
            return None
        found.append(Sandwich(kind, replace(term, {direction: E})))
    return found


def _name(term: Basic, direction: Basic) -> str | None:
    holes = table().holes
    factors = [a for a in (term.args if type(term) is MatMul else (term,)) if shape_of(a) or holes[a]]
    places = [i for i, factor in enumerate(factors) if holes[factor]]
    if len(places) != 1:
        return None
    at = factors[places[0]]
    turned = type(at) is Transpose and at.args[0] is direction
    if at is not direction and not turned:
        return None
    before, after = places[0] > 0, places[0] < len(factors) - 1
    side = NAMES[before, after]
    if not turned:
        return side
    return "transposition" if side == "identity" else f"{side} of the transpose"


NAMES = {
    (True, True): "two-sided multiplication",
    (True, False): "left multiplication",
    (False, True): "right multiplication",
    (False, False): "identity",
}
