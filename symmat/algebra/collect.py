"""Common factors of a sum: A dX B + A dY B is A (dX + dY) B, and A dX C + B dX C is (A + B) dX C.

A factor is taken out only if all terms share it, and no term becomes I but between two factors.  Around a differential
those terms are collected that are all the products of a sum before it and a sum after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import comb, gcd, lcm
from typing import Any

from sympy import Basic

from symmat.algebra.order import key_place, word_place
from symmat.algebra.terms import Exponent, Factor, Key, Scalars, Terms, Typed, Word, same_factor, times
from symmat.core.constructors import Number
from symmat.core.nodes import Seed
from symmat.effort import spend

Shared = tuple[Number, Scalars, Word, Terms, Word]
Cells = dict[tuple[Key, Word], Number]
Sandwich = tuple[list[Key], Terms, Factor, Terms]


def common_factors(terms: Terms, seeds: bool = False) -> Shared | None:
    """(number, scalars, words before and after, remaining sum), or None if the terms share nothing.

    The cotangent 1 is no factor, unless ``seeds`` says so.
    """
    words = [word for _, word in terms]
    shortest = min(map(len, words))
    before = _common_length(words, max(0, shortest - 1))
    after = _common_length([word[::-1] for word in words], shortest - before if before else max(0, shortest - 1))
    scalars = _common_scalars([dict(s) for s, _ in terms], seeds)
    if not (before or after or scalars):
        return None
    shared_number = content(list(terms.values()))
    inner: Terms = {}
    for (own, word), c in terms.items():
        left = tuple(s for s in without(own, scalars) if s[1] != 0)
        inner[(left, word[before : len(word) - after])] = divided(c, shared_number)
    first = words[0]
    return shared_number, scalars, first[:before], inner, first[len(first) - after :]


def without(powers: Iterable[tuple[Basic, Exponent]], taken: Scalars) -> Scalars:
    """Powers less those that are taken out."""
    out = dict(taken)
    return tuple((base, _less(e, out[base]) if base in out else e) for base, e in powers)


def _less(exponent: Exponent, taken: Exponent) -> Exponent:
    return 0 if isinstance(exponent, Basic) or isinstance(taken, Basic) else exponent - taken


def _common_length(words: list[Word], most: int) -> int:
    length = 0
    while length < most and all(same_factor(word[length], words[0][length]) for word in words):
        length += 1
    return length


def _common_scalars(factors: list[dict[Basic, Exponent]], seeds: bool) -> Scalars:
    """The scalars that divide every term, each with the exponent nearest to 0."""
    common = []
    for atom in factors[0]:
        exponent = None if type(atom) is Seed and not seeds else common_exponent([f.get(atom) for f in factors])
        if exponent is not None:
            common.append((atom, exponent))
    return tuple(common)


def common_exponent(exponents: Sequence[Exponent | None]) -> Exponent | None:
    """The exponent nearest to 0 of powers of one sign, or that which all of them have; None if they share nothing."""
    first = exponents[0]
    if isinstance(first, Basic):
        return first if all(e is first for e in exponents) else None
    numbers: list[Number] = [e for e in exponents if isinstance(e, int | Fraction)]
    if len(numbers) == len(exponents):
        if all(e > 0 for e in numbers):
            return min(numbers)
        if all(e < 0 for e in numbers):
            return max(numbers)
    return None


def content(coefficients: list[Number]) -> Number:
    """The greatest number that leaves whole coefficients, negative if all of them are."""
    exact = [Fraction(c) for c in coefficients]
    size = Fraction(reduce(gcd, (abs(c.numerator) for c in exact)), reduce(lcm, (c.denominator for c in exact)))
    signed = -size if all(c < 0 for c in exact) else size
    if any(type(c) is Typed for c in coefficients):
        return Typed(signed)
    return signed.numerator if signed.denominator == 1 else signed


def positive(number: Number) -> Number:
    """The size of a number."""
    return times(number, -1) if number < 0 else number


def common_number(coefficients: Collection[Number]) -> Number:
    """The number that all terms share: 2 of 2 A + 4 B; but A/2 + A^2/6 stays, and so does -A - B."""
    number = positive(content(list(coefficients)))
    sizes = {positive(c) for c in coefficients}
    return number if len(sizes) == 1 or (number > 1 and number in sizes) else 1


def number_before(coefficients: Collection[Number]) -> Number:
    """The number that is written before a sum in parentheses where that is shorter: 1/2 (A + B), 2 (A + B + C)."""
    number = common_number(coefficients)
    return number if number.denominator != 1 or len(coefficients) > 2 else 1


def divided(coefficient: Number, number: Number) -> Number:
    """The quotient of two numbers."""
    quotient = Fraction(coefficient) / Fraction(number)
    return quotient.numerator if quotient.denominator == 1 else quotient


def transposed_pairs(terms: Terms) -> Iterator[tuple[Key, Key, int]]:
    """Terms B A C and B A' C, with the place of A; each term is in one pair."""
    alike: dict[object, list[Key]] = {}  # but for what is transposed
    for (scalars, word), c in terms.items():
        if len(word) > 1 or abs(c) != 1 or any(type(atom) is not Seed for atom, _ in scalars):
            alike.setdefault((scalars, tuple((base, e) for base, e, _ in word)), []).append((scalars, word))
    for keys in alike.values():
        paired: set[Key] = set()
        # what comes first has no minus sign then, and fewer transposes to the left
        in_order = sorted(keys, key=lambda key: (terms[key] < 0, *(turned for _, _, turned in key[1])))
        spend(comb(len(in_order), 2))
        for first, second in combinations(in_order, 2):
            places = [i for i, (a, b) in enumerate(zip(first[1], second[1], strict=True)) if a != b]
            if len(places) == 1 and not paired & {first, second} and abs(terms[first]) == abs(terms[second]):
                paired |= {first, second}
                yield first, second, places[0]


def sandwiches(terms: Terms, holes: Mapping[Basic, object]) -> Iterator[Sandwich]:
    """What can be written (sum) dX (sum): the keys of its terms, the sum before, the differential, the sum after."""
    groups: dict[Factor, Cells] = {}
    for (scalars, word), c in terms.items():
        places = [i for i, factor in enumerate(word) if holes[factor[0]]]
        if len(places) == 1 and not any(holes[s] for s, _ in scalars):
            [i] = places
            groups.setdefault(word[i], {})[(scalars, word[:i]), word[i + 1 :]] = c
    for hole, cells in groups.items():
        for grid in _grids(cells):
            rows, cols = dict.fromkeys(row for row, _ in grid), dict.fromkeys(col for _, col in grid)
            before, after = {word for _, word in rows}, set(cols)
            # dX + A dX stays as it is: a sum with I in it stands beside more than the differential
            small = (() in before and not any(after)) or (() in after and not any(before))
            if len(grid) < 2 or small:
                continue
            corner, (top, left) = min(((c, cell) for cell, c in grid.items()), key=_corner_place)
            if all(times(c, corner) == times(grid[row, left], grid[top, col]) for (row, col), c in grid.items()):
                yield (
                    [(scalars, (*word, hole, *col)) for (scalars, word), col in grid],
                    {row: grid[row, left] for row in rows},
                    hole,
                    {((), col): divided(grid[top, col], corner) for col in cols},
                )


def _corner_place(entry: tuple[Number, tuple[Key, Word]]) -> Any:
    """What stands in the corner of a table: without a minus sign, if there is one."""
    number, (row, col) = entry
    return number < 0, key_place(row), word_place(col)


def _grids(cells: Cells) -> Iterator[Cells]:
    """The parts of a table that are full and share no row and no column with the rest."""
    cols_of: dict[Key, list[Word]] = {}
    rows_in: dict[Word, int] = {}
    for row, col in cells:
        cols_of.setdefault(row, []).append(col)
        rows_in[col] = rows_in.get(col, 0) + 1
    same: dict[frozenset[Word], list[Key]] = {}
    for row, cols in cols_of.items():
        same.setdefault(frozenset(cols), []).append(row)
    for shared, rows in same.items():
        if all(rows_in[col] == len(rows) for col in shared):
            yield {(row, col): cells[row, col] for row in rows for col in cols_of[row]}
