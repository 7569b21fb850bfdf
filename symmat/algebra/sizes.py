"""Integer expressions, for sizes and bounds, with SymPy's arithmetic of polynomials."""

from __future__ import annotations

from itertools import product

from sympy import Add, Basic, Mul, Pow, cancel, degree

from symmat.core.constructors import integer_symbol
from symmat.core.signature import interned_size, multiplied_out
from symmat.core.table import known
from symmat.core.walks import folded


def size(node: Basic) -> Basic:
    """A dimension, expanded, and in SymPy's own order: 1 + m is m + 1."""
    simple = polynomial(node)
    return interned_size(simple.xreplace({symbol: integer_symbol(symbol.name) for symbol in simple.free_symbols}))


def polynomial(root: Basic) -> Basic:
    """An integer expression with SymPy's arithmetic, expanded, for sizes and bounds."""

    def expanded(node: Basic, operands: list[Basic]) -> Basic:
        return multiplied_out(node, operands) if type(node) in (Add, Mul, Pow) else node

    return folded(expanded, {}, root)[root]


@known
def size_quotient(whole: Basic, part: Basic) -> Basic:
    """A dimension divided by another, in lowest terms."""
    return interned_size(cancel(whole / part))


def is_whole(node: Basic) -> bool:
    """Whether a polynomial in integers is an integer at all of them, as (n^2 + n) / 2 is.

    It is if it is one at 0, 1, … up to its degree in each.
    """
    whole = size(node)
    letters = sorted(whole.free_symbols, key=str)
    if not whole.is_polynomial(*letters):
        return False
    points = product(*(range(int(degree(whole, s)) + 1) for s in letters))
    return all(whole.subs(dict(zip(letters, at, strict=True))).is_integer for at in points)
