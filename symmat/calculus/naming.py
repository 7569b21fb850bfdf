"""Names that are free: for parts, and for what belongs to a definition, as the cotangent G_S to S."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, count

from sympy import Basic

from symmat.algebra.normal import normal
from symmat.core.constructors import definition, is_one, shape_of
from symmat.core.sums import is_open
from symmat.core.walks import children, definitions_in, name_of, symbols

LETTERS = {"matrix": "SUVWMN", "vector": "uvwst", "scalar": "csαβγ"}


def kind(node: Basic) -> str:
    """Whether a node is a matrix, a vector or a scalar."""
    shape = shape_of(node)
    return "scalar" if not shape else "vector" if is_one(shape[1]) else "matrix"


def names_after(letter: str, named: Mapping[Basic, str], inside: Sequence[Basic]) -> dict[Basic, str]:
    """A name for what belongs to each name, as G_S to S; G_{S1} where an expression has a G_S of its own."""
    if not named:
        return {}
    taken = {s.name for s in symbols(*inside)} | {name_of(d) for root in inside for d in definitions_in(root)}
    names = {}
    for node, own in named.items():
        name = re.sub(r"[_{}]", "", own)
        first = f"{letter}_{name}" if len(name) == 1 else f"{letter}_{{{name}}}"
        numbered = (f"{letter}_{{{name}{i}}}" for i in count(1))
        names[node] = next(n for n in chain([first], numbered) if n not in taken)
        taken.add(names[node])
    return names


def cotangent_names(F: Basic, G: Basic) -> Callable[[Basic, Basic], Basic]:
    """The cotangent g of a definition S as a definition G_S, unless it is a symbol or stands in a finite sum."""
    names = names_after("G", {node: name_of(node) for node in definitions_in(F)}, (F, G))

    def named(S: Basic, g: Basic) -> Basic:
        return definition(names[S], g) if S in names and children(normal(g)) and not is_open(g) else g

    return named
