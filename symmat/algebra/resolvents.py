"""The resolvent's equation: (A + B)⁻¹ A + (A + B)⁻¹ B = I, where two terms of a sum become one by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sympy import Basic

from symmat.algebra.equations import law, unchanged
from symmat.algebra.order import key_place, place
from symmat.algebra.terms import Exponent, Scalars, Terms, Word, accumulate, same_word, times
from symmat.algebra.words import Words
from symmat.effort import spend


class Resolvents:
    """The sums that are known as factors, by their terms; ``flattened`` takes inner sums apart."""

    def __init__(self, words: Words, parts: Mapping[Basic, Terms], flattened: Callable[[Terms], Terms]) -> None:
        self._words = words
        self._parts = parts
        self._flattened = flattened

    def resolved(self, terms: Terms) -> Terms:
        """The terms with those joined that differ by a resolvent."""
        return self._of_matrices(self._of_scalars(terms))

    @law("resolvent of scalars", "tr(dX) - λ / (λ + μ) * tr(dX) = μ / (λ + μ) * tr(dX)", without=unchanged)
    def _of_scalars(self, terms: Terms) -> Terms:
        """c b / (a + b) for c - c a / (a + b)."""
        found = [(key, base, parts) for key in terms for base, e in key[0] if (parts := self._divisor(base, e))]
        spend(sum(len(scalars) for (scalars, _), _, _ in found))
        for key, base, parts in (
            sorted(found, key=lambda f: (key_place(f[0]), place(f[1]))) if len(found) > 1 else found
        ):
            coefficient = terms[key]
            for (part, a), (other, b) in zip(parts.items(), reversed(parts.items()), strict=True):
                whole = self._words.merge(self._quotient(key[0], part[0]), self._words.scalar(base))
                short = (whole, key[1])
                if short in terms and times(terms[short], a) == -coefficient:
                    rest = {k: c for k, c in terms.items() if k not in (key, short)}
                    left = self._words.merge(self._quotient(whole, self._words.scalar(base)), other[0])
                    accumulate(rest, (left, key[1]), times(terms[short], b))
                    return self._of_scalars(rest)
        return terms

    def _divisor(self, base: Basic, exponent: Exponent) -> Terms | None:
        """The terms of a sum of two that something is divided by."""
        parts = self._parts.get(base) if not isinstance(exponent, Basic) and exponent < 0 else None
        return parts if parts is not None and len(parts) == 2 else None

    def _quotient(self, above: Scalars, below: Scalars) -> Scalars:
        return self._words.merge(above, tuple((s, self._words.exponent_product(e, -1)) for s, e in below))

    @law("resolvent of matrices", "dX (I + A)^-1 (I - A) + dX = 2 dX (I + A)^-1", without=unchanged)
    def _of_matrices(self, terms: Terms) -> Terms:
        """A S⁻¹ (T + S) B for A S⁻¹ T B + A B if T + S is a single term: (I + X)⁻¹ (I - X) + I = 2 (I + X)⁻¹."""
        if len(terms) != 2:
            return terms
        (short, c), (long, d) = sorted(terms.items(), key=lambda item: len(item[0][1]))
        if short[0] != long[0]:
            return terms
        for k, (base, exponent, turned) in enumerate(long[1]):
            parts = self._parts.get(base) if exponent == -1 else None
            if parts is None:
                continue
            inverted = self._words.transposed(parts) if turned else parts
            for before, middle, after in _around(short[1], long[1], k):
                whole = self._flattened({((), middle): d})
                for key, number in inverted.items():
                    accumulate(whole, key, times(number, c))
                if len(whole) == 1:
                    [((scalars, word), number)] = whole.items()
                    product = self._words.join(self._words.join(before, word), after)
                    return {(self._words.merge(short[0], scalars), product): number}
        return terms


def _around(short: Word, long: Word, k: int) -> Iterator[tuple[Word, Word, Word]]:
    """For a S t b and a b, and for a t S b and a b, with S at place k: a S, t, b and a, t, S b."""
    others = len(long) - 1 - k
    if k <= len(short) and same_word(short[:k], long[:k]):
        end = len(long) - (len(short) - k)
        if end > k + 1 and same_word(short[k:], long[end:]):
            yield long[: k + 1], long[k + 1 : end], long[end:]
    if others <= len(short) and same_word(short[len(short) - others :], long[k + 1 :]):
        start = len(short) - others
        if start < k and same_word(short[:start], long[:start]):
            yield long[:start], long[start:k], long[k:]
