"""What the normal form computes with: a sum of terms, each a number times commuting scalars times a word of factors.

A factor is a base with an exponent and a transpose, so that X X⁻¹ is empty and X' X' is (X²)'.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn, TypeAlias

from sympy import Basic, Integer, Rational

from symmat.core.constructors import Number
from symmat.core.nodes import Decimal
from symmat.errors import LimitProblem
from symmat.limits import LARGEST_NUMBER

Exponent: TypeAlias = int | Fraction | Basic
Factor = tuple[Basic, Exponent, bool]
Word = tuple[Factor, ...]
Scalars = tuple[tuple[Basic, Exponent], ...]
Key = tuple[Scalars, Word]
Terms = dict[Key, Number]

UNIT: Key = ((), ())


class Typed(Fraction):
    """A number with a decimal among its origins: it is shown as a decimal where it has a finite one."""


def same_factor(a: Factor, b: Factor) -> bool:
    """Whether two factors are one: bases are interned, so that comparing them never goes deep."""
    return a is b or (a[0] is b[0] and a[2] == b[2] and (a[1] is b[1] or (is_number(a[1]) and a[1] == b[1])))


def same_word(a: Word, b: Word) -> bool:
    """Whether two words are one."""
    return len(a) == len(b) and all(map(same_factor, a, b))


def is_number(exponent: Exponent) -> bool:
    """Whether an exponent is a number and no expression."""
    return not isinstance(exponent, Basic)


def value(node: Rational) -> Number:
    """The exact value of a number node."""
    if isinstance(node, Integer):
        return int(node.p)
    exact = Fraction(node.p, node.q)
    return Typed(exact) if type(node) is Decimal else exact


def times(a: Number, b: Number) -> Number:
    """a b, a decimal if one of them is."""
    return _like(a * b, a, b)


def plus(a: Number, b: Number) -> Number:
    """a + b, a decimal if one of them is."""
    return _like(a + b, a, b)


def to_power(a: Number, n: int) -> Number:
    """a^n for an integer n and a ≠ 0."""
    if (_bits(a) - 1) * abs(n) > LARGEST_NUMBER:
        _refuse_number()
    return _like(Fraction(a) ** n, a, a)


def _bits(a: Number) -> int:
    return max(a.numerator.bit_length(), a.denominator.bit_length())


def _refuse_number() -> NoReturn:
    raise LimitProblem(f"a number of more than {LARGEST_NUMBER * 3 // 10:,} digits", "write a scalar c in its place")


def _like(result: Number, a: Number, b: Number) -> Number:
    if _bits(result) > LARGEST_NUMBER:
        _refuse_number()
    if type(a) is int and type(b) is int and type(result) is int:
        return result
    if type(a) is Typed or type(b) is Typed:
        return Typed(result)
    return result.numerator if result.denominator == 1 else Fraction(result)


def accumulate(terms: Terms, key: Key, coefficient: Number) -> None:
    """Add coefficient · key to a sum, in place."""
    count = len(terms)
    total = terms.setdefault(key, coefficient)  # a long word is looked up once
    if len(terms) == count:
        total = terms[key] = plus(total, coefficient)
    if not total:
        del terms[key]
