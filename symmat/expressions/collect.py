"""Common factors of a sum: A dX B + A dY B is A (dX + dY) B.

A factor is taken out only if all terms share it and no term becomes I.
"""

from __future__ import annotations

from collections.abc import Set
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from sympy import Basic

from symmat.expressions.constructors import Number
from symmat.expressions.terms import Scalars, Terms, Typed, Word, same_factor

Shared = tuple[Number, Scalars, Word, Terms, Word]


def common_factors(terms: Terms, dropped: Set[Basic]) -> Shared | None:
    """(number, scalars, words before and after, remaining sum), or None if the terms share nothing."""
    words = [word for _, word in terms]
    shortest = min(map(len, words))
    before = _common_length(words, max(0, shortest - 1))
    after = _common_length([word[::-1] for word in words], max(0, shortest - 1 - before))
    scalars = _common_scalars([dict(s) for s, _ in terms], dropped)
    if not (before or after or scalars):
        return None
    content = _content(list(terms.values()))
    taken = dict(scalars)
    inner: Terms = {}
    for (own, word), c in terms.items():
        left = tuple((atom, e - taken[atom] if atom in taken else e) for atom, e in own)
        rest = word[before : len(word) - after]
        inner[(tuple(s for s in left if s[1] != 0), rest)] = _divided(c, content)
    if any(not word and not own for own, word in inner) and not (before or after) and words[0]:
        return None
    first = words[0]
    return content, scalars, first[:before], inner, first[len(first) - after :]


def _common_length(words: list[Word], most: int) -> int:
    length = 0
    while length < most and all(same_factor(word[length], words[0][length]) for word in words):
        length += 1
    return length


def _common_scalars(factors: list[dict[Basic, object]], dropped: Set[Basic]) -> Scalars:
    """The scalars that divide every term, each with the exponent nearest to 0."""
    common = []
    for atom in factors[0]:
        exponents = [f.get(atom) for f in factors]
        if atom in dropped or not all(isinstance(e, int | Fraction) for e in exponents):
            continue
        numbers: list[Number] = [e for e in exponents if isinstance(e, int | Fraction)]
        if all(e > 0 for e in numbers) or all(e < 0 for e in numbers):
            nearest = min(numbers) if numbers[0] > 0 else max(numbers)
            common.append((atom, nearest))
    return tuple(common)


def _content(coefficients: list[Number]) -> Number:
    """The greatest number that leaves whole coefficients, negative if all of them are."""
    exact = [Fraction(c) for c in coefficients]
    size = Fraction(reduce(gcd, (abs(c.numerator) for c in exact)), reduce(lcm, (c.denominator for c in exact)))
    signed = -size if all(c < 0 for c in exact) else size
    if any(type(c) is Typed for c in coefficients):
        return Typed(signed)
    return signed.numerator if signed.denominator == 1 else signed


def _divided(coefficient: Number, content: Number) -> Number:
    quotient = Fraction(coefficient) / Fraction(content)
    return quotient.numerator if quotient.denominator == 1 else quotient
