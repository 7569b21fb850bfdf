"""Equations between products, as Q'Q = I, X X⁺ X = X and (A B)⁻¹ A B = I, each used from left to right."""

from __future__ import annotations

from sympy import Basic

from symmat.algebra.terms import Factor, Word, same_word
from symmat.effort import spend


class Relations:
    """The equations known within one table."""

    def __init__(self) -> None:
        self._by_start: dict[tuple[Basic, ...], list[tuple[Word, Word]]] = {}
        self._longest = 0

    def learn(self, left: Word, right: Word) -> None:
        """Add left = right: a product with the left side in it is from now on written with the right one."""
        self._by_start.setdefault(tuple(base for base, _, _ in left[:2]), []).append((left, right))
        self._longest = max(self._longest, len(left))

    def find(self, word: Word, seam: int | None = None) -> tuple[Word, Word, Word] | None:
        """What stands before a left side in a word, its right side, and what stands after it.

        With a ``seam`` what lies before and after that place is known to hold none, but for its last factor's power.
        """
        first, end = (0, len(word)) if seam is None else (max(0, seam - self._longest), seam)
        spend((end - first) // 4)
        for i in range(first, end):
            bases = tuple(base for base, _, _ in word[i : i + 2])
            for start in (bases[:1], bases):
                known = self._by_start.get(start, ())
                spend(len(known))
                for left, right in known:
                    rest = _without(word, i, left)
                    if rest is not None:
                        return rest[0], right, rest[1]
        return None


def _without(word: Word, i: int, product: Word) -> tuple[Word, Word] | None:
    """What stands before and after a product in a word; it may start and end within a power."""
    part = word[i : i + len(product)]
    if len(part) < len(product) or not same_word(part[1:-1], product[1:-1]):
        return None
    before = _over(part[0], product[0]) if len(product) > 1 else ()
    after = _over(part[-1], product[-1])
    if before is None or after is None:
        return None
    return word[:i] + before, after + word[i + len(product) :]


def _over(factor: Factor, part: Factor) -> Word | None:
    """What is left of A^5 when A^2 is taken, and nothing of A^-1 when A^-1 is; None if it is no part."""
    (base, e, turned), (other, k, also_turned) = factor, part
    if base is not other or turned != also_turned:
        return None
    if e is k or (not isinstance(e, Basic) and e == k):
        return ()
    if isinstance(e, int) and isinstance(k, int) and (e > k > 0 or e < k < 0):
        return ((base, e - k, turned),)
    return None
