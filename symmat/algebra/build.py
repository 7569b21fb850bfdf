"""Terms as nodes: how a number, scalars and a word of factors are put together for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import Add, Basic, MatMul, Mul, OneMatrix, Rational, Trace

from symmat.algebra.terms import Exponent, Factor, Scalars, Terms, Typed, Word, times
from symmat.core.constructors import (
    Number,
    add,
    decimal,
    identity,
    inverse,
    is_one,
    make,
    mul,
    neg,
    number,
    power,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.nodes import HadamardQuotient, Seed, SquareRoot
from symmat.core.structure import is_orthogonal
from symmat.core.sums import index_level
from symmat.core.table import Shape, learnt, table

HALF = Fraction(1, 2)


def sum_node(terms: Terms, shape: Shape) -> Basic:
    """The sum as a node, term by term."""
    if not terms:
        return zero(shape)
    return add(*(term_node(c, scalars, word, shape) for (scalars, word), c in terms.items()))


def term_node(coefficient: Number, scalars: Scalars, word: Word, shape: Shape) -> Basic:
    """One term as a node: number, scalars, matrices, and what it is divided by last."""
    above = [power_node(s, e) for s, e in scalars if type(s) is not Seed and not _divides(e)]
    below = tuple((s, opposite(e)) for s, e in scalars if _divides(e))
    matrices = [factor_node(f) for f in word]
    if shape and not word:
        matrices = [identity(shape[0])]
    if above and is_dot(above[-1]) and (not shape or (is_one(shape[1]) and table().holes[above[-1]])):
        matrices += above.pop().args[0].args  # 2 x'x is one product, and x (x'dx) is written x x'dx
    if len(matrices) == 1 and type(matrices[0]) is HadamardQuotient and isinstance(matrices[0].args[0], OneMatrix):
        return _over_entries(coefficient, above, below, matrices[0])
    factors = above + matrices
    leading: Number = times(coefficient, -1) if coefficient < 0 else coefficient
    divisor = 1
    if below and type(leading) is Fraction:  # x / (2 y), and not 1/2 x / y
        leading, divisor = leading.numerator, leading.denominator
    if leading != 1 or not factors:
        factors.insert(0, number_node(leading))
    node = mul(*factors)
    if not shape:
        node = trace(node)
    if below:
        over = [node] if not shape else factors
        under = term_node(divisor, below, (), ())
        node = mul(*(node.args if type(node) is Mul else over), power(under, number(-1)))
    return neg(node) if coefficient < 0 else node


def _over_entries(coefficient: Number, above: list[Basic], below: Scalars, quotient: Basic) -> Basic:
    """c ./ X for c (1 ./ X)."""
    one, matrix = quotient.args
    size: Number = times(coefficient, -1) if coefficient < 0 else coefficient
    over, under = (size, 1) if type(size) is not Fraction else (size.numerator, size.denominator)
    top = [number_node(over)] * (over != 1) + above + [one]
    bottom = [number_node(under)] * (under != 1) + [power_node(s, e) for s, e in below] + [matrix]
    node = make(HadamardQuotient, mul(*top), mul(*bottom))
    return neg(node) if coefficient < 0 else node


def is_dot(node: Basic) -> bool:
    """Whether a scalar is a product of matrices that is 1×1, such as x'A x."""
    return type(node) is Trace and type(node.args[0]) is MatMul and is_one(shape_of(node.args[0])[0])


def _divides(exponent: Exponent) -> bool:
    return not isinstance(exponent, Basic) and exponent < 0


def number_node(exact: Number) -> Basic:
    """A number node: a decimal where one was typed and there is a finite one."""
    if type(exact) is Typed and exact.denominator != 1:
        rest = exact.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return decimal(exact)
    return number(exact if isinstance(exact, int) else Fraction(exact))


def exponent_node(exponent: Exponent) -> Basic:
    """An exponent as a node."""
    return exponent if isinstance(exponent, Basic) else number_node(exponent)


def power_node(atom: Basic, exponent: Exponent) -> Basic:
    """A scalar with its exponent."""
    if exponent == HALF:
        return make(SquareRoot, atom)
    return atom if exponent == 1 else power(atom, exponent_node(exponent))


def factor_shape(factor: Factor) -> tuple[Basic, Basic]:
    """Rows and columns of a factor."""
    rows, cols = shape_of(factor[0])
    return (cols, rows) if factor[2] else (rows, cols)


def pieces(word: Word) -> Iterator[tuple[Word, bool]]:
    """The pieces of a word between dimensions that are 1, each with whether it is 1×1."""
    start, thin_start = 0, False
    for i, factor in enumerate(word):
        rows, cols = factor_shape(factor)
        if i == start:
            thin_start = is_one(rows)
        if is_one(cols) or i == len(word) - 1:
            yield word[start : i + 1], thin_start and is_one(cols)
            start = i + 1


@learnt
def transposes() -> dict[Basic, Basic]:
    """The bases whose transpose is shown as another operation: A' ∘ B for the transpose of A ∘ B'."""
    return {}


def factor_node(factor: Factor) -> Basic:
    """A factor as a node; negative powers are powers of the inverse."""
    base, exponent, turned = factor
    if turned and exponent == 1 and base in transposes():
        return transposes()[base]
    node = base
    if exponent == -1 and is_orthogonal(base):
        return transpose(base)
    if exponent != 1:
        if is_negative(exponent):
            node, exponent = inverse(base), opposite(exponent)
        node = power(node, exponent_node(exponent))
    return transpose(node) if turned else node


def matrix_power(matrix: Basic, exponent: Basic) -> Basic:
    """X^k; a power is one of the inverse if all of its exponent is negative."""
    terms = exponent.args if isinstance(exponent, Add) else (exponent,)
    if not all(map(is_negative, terms)):
        return power(matrix, exponent)
    return power(inverse(matrix), exponent_node(opposite(exponent)))


def is_negative(exponent: Exponent) -> bool:
    """Whether an exponent is written with a minus in front.

    A sum is as its letters are, an index of a finite sum after the letters that bound it; 1 - i is at least 0.
    """
    if not isinstance(exponent, Basic):
        return exponent < 0
    if isinstance(exponent, Add):
        letters = [t for t in exponent.args if not isinstance(t, Rational)]
        outermost = min(map(index_level, letters), default=0)
        if outermost and any(isinstance(t, Rational) and t.p > 0 for t in exponent.args):
            return False
        return all(is_negative(t) for t in letters or exponent.args if index_level(t) == outermost)
    first = exponent.args[0] if isinstance(exponent, Mul) else exponent
    return isinstance(first, Rational) and first.p < 0


def opposite(exponent: Exponent) -> Exponent:
    """−e, with the signs of its terms turned, and what is positive first."""
    if not isinstance(exponent, Basic):
        return times(exponent, -1)
    return add(*sorted(map(neg, exponent.args), key=is_negative)) if isinstance(exponent, Add) else neg(exponent)
