"""The resolvent's equation: (A + B)⁻¹ A + (A + B)⁻¹ B = I, where terms of a sum become fewer by it."""

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
    @law(
        "resolvent of more scalars",
        "tr(dX) - λ / (λ + μ + α) * tr(dX) - μ / (λ + μ + α) * tr(dX) = α / (λ + μ + α) * tr(dX)",
        without=unchanged,
    )
    def _of_scalars(self, terms: Terms) -> Terms:
        """c b / (a + b) for c - c a / (a + b), where more terms of the sum are there than not."""
        found = [(key, base, parts) for key in terms for base, e in key[0] if (parts := self._divisor(base, e))]
        spend(sum(len(scalars) + len(parts) for (scalars, _), _, parts in found))
        if len(found) > 1:
            found.sort(key=lambda f: (key_place(f[0]), place(f[1])))
        for (scalars, word), base, parts in found:
            for part, a in parts.items():
                left = self._quotient(scalars, part[0])
                whole = self._words.merge(left, self._words.scalar(base)), word
                if whole not in terms or times(terms[whole], a) != -terms[scalars, word]:
                    continue
                zero: Terms = {whole: terms[whole]}
                for other, b in parts.items():
                    zero[self._words.merge(left, other[0]), word] = times(terms[whole], -b)
                missing = {key: c for key, c in zero.items() if terms.get(key) != c}
                if 2 * len(missing) < len(zero):
                    rest = {key: c for key, c in terms.items() if key in missing or key not in zero}
                    for key, c in missing.items():
                        accumulate(rest, key, times(c, -1))
                    return self._of_scalars(rest)
        return terms

    def _divisor(self, base: Basic, exponent: Exponent) -> Terms | None:
        """The terms of a sum that something is divided by."""
        return self._parts.get(base) if not isinstance(exponent, Basic) and exponent < 0 else None

    def _quotient(self, above: Scalars, below: Scalars) -> Scalars:
        return self._words.merge(above, tuple((s, self._words.exponent_product(e, -1)) for s, e in below))

    @law("resolvent of matrices", "dX (I + A)^-1 (I - A) + dX = 2 dX (I + A)^-1", without=unchanged)
    def _of_matrices(self, terms: Terms) -> Terms:
        """A S⁻¹ (T + S) B for A S⁻¹ T B + A B if T + S is a single term: (I + X)⁻¹ (I - X) + I = 2 (I + X)⁻¹.

        Among other terms they stay: in a remainder one order of the differential would go into another.
        """
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
