"""Sums and differences, and a minus sign."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NoReturn

from symmat.core.constructors import add, neg, zero
from symmat.errors import ShapeProblem
from symmat.language.context import Context
from symmat.language.surface import Surface
from symmat.language.terms import Term, known


def read_sum(context: Context, node: Surface) -> Term:
    """Terms of one shape; a bare 0 has the shape of the others."""
    first = next((p for p in node.parts if p.term.value != 0), node.parts[0])
    dims = first.term.dims
    parts = []
    for part, sign in zip(node.parts, (1, *node.value), strict=True):
        term = part.term
        if dims and term.value == 0:
            term = context.terms.new(lambda: zero(tuple(map(known, dims))), (), dims, part)
        elif bool(dims) != bool(term.dims):
            _refuse_spreading(context, first, part)
        for side in range(len(dims)):
            if not context.sizes.unify(dims[side], term.dims[side], node):
                context.sizes.clash((first, side), (part, side), f"the sum {context.words(node)}")
        parts.append(_negative(context, term, part) if sign < 0 else term)
    integer = all(t.integer for t in parts)
    return context.terms.new(add, tuple(parts), dims, node, integer, _total(parts))


def read_negative(context: Context, node: Surface) -> Term:
    """``-A``."""
    return _negative(context, node.parts[0].term, node)


def _negative(context: Context, term: Term, origin: Surface) -> Term:
    value = None if term.value is None else -term.value
    return context.terms.new(neg, (term,), term.dims, origin, term.integer, value)


def _total(terms: Sequence[Term]) -> Fraction | None:
    """The value of a sum of numbers, or None if there is anything else in it."""
    values = [term.value for term in terms if term.value is not None]
    return sum(values, Fraction(0)) if len(values) == len(terms) else None


def _refuse_spreading(context: Context, one: Surface, other: Surface) -> NoReturn:
    scalar, matrix = (one, other) if other.term.dims else (other, one)
    factor = "" if scalar.term.value == 1 else f"{context.words(scalar)} "
    if matrix.term.kind == "a matrix":
        hint = f"write {factor}I for a multiple of the identity, or {factor}ones(m,n) for every entry"
    else:
        hint = f"write {factor}ones(n) for every entry"
    facts = [f"{context.words(p)} is {p.term.kind}" for p in (one, other)]
    context.fail(ShapeProblem, f"a sum of different kinds: {', '.join(facts)}", one, hint, also=other)
