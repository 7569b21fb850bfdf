"""Traces of words, and what is 1×1: tr(AB) = tr(BA), tr(A') = tr(A), and x'y is a scalar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Basic, MatAdd

from symmat.algebra.build import factor_node, factor_shape, pieces
from symmat.algebra.equations import law, unchanged
from symmat.algebra.order import factor_place, word_place
from symmat.algebra.terms import Scalars, Terms, Word, accumulate
from symmat.algebra.words import Words
from symmat.core.constructors import is_one, mul, shape_of, trace
from symmat.core.table import table
from symmat.effort import spend

MANY = 64
"""A trace of more factors is turned for a differential, and no further."""


def alone(_: Any, word: Word, cyclic: bool) -> Iterable[Word]:
    """The words with the same trace as one, if tr(AB) = tr(BA) and tr(A') = tr(A) did not hold."""
    return (word,)


class Traces:
    """Traces within one table; ``terms`` are those of a node as a factor.

    ``turning`` says whether tr(AB) = tr(BA) and tr(A) = tr(A') are used.
    """

    def __init__(self, words: Words, terms: Callable[[Basic], Terms], turning: bool) -> None:
        self._words = words
        self._terms = terms
        self._turning = turning
        self._holes = table().holes
        self._traces: dict[Word, Basic] = {}
        self._wide: set[int] = set()

    @law("what is 1×1 is a scalar", "x y'z = y'z x", "x, y, z: n", unchanged)
    def cut(self, terms: Terms) -> Terms:
        """Each word cut where a dimension is 1: what is 1×1 is a scalar."""
        result: Terms = {}
        for (scalars, word), c in terms.items():
            kept: Word = ()
            for piece, is_scalar in list(pieces(word)):
                if is_scalar:
                    scalars = self._words.merge(scalars, self.trace_of(piece))
                else:
                    kept = self._words.join(kept, piece)
            accumulate(result, (scalars, kept), c)
        return result

    def has_vectors(self, terms: Terms) -> bool:
        """Whether a factor has a dimension that is 1."""
        return any(id(f[0]) not in self._wide and self._is_thin(f[0]) for _, word in terms for f in word)

    def _is_thin(self, base: Basic) -> bool:
        thin = any(map(is_one, shape_of(base)))
        if not thin:
            self._wide.add(id(base))
        return thin

    def trace_of(self, word: Word) -> Scalars:
        """tr of a word, cut where a dimension is 1 and turned so that a differential stands last."""
        cuts = [i for i, factor in enumerate(word) if is_one(factor_shape(factor)[0])]
        if cuts and (self._turning or cuts[0] == 0):
            word = self._words.join(word[cuts[0] :], word[: cuts[0]])
            scalars: Scalars = ()
            for piece, _ in pieces(word):
                scalars = self._words.merge(scalars, self._one_by_one(piece))
            return scalars
        return self._words.scalar(self._trace_node(word, cyclic=self._turning))

    def _one_by_one(self, word: Word) -> Scalars:
        """A product that is 1×1, as a scalar; a sum is one of scalars, and e_i'e_i, which turned is nothing, is 1."""
        if len(word) == 1 and word[0][1] == 1 and type(word[0][0]) is MatAdd:
            [(scalars, _)] = self._terms(trace(word[0][0]))
            return scalars
        there = all(self._same_trace(word, cyclic=False))
        return self._words.scalar(self._trace_node(word, cyclic=False)) if there else ()

    @law(
        "trace between factors that vanish",
        "tr(Q A Q') = tr(A)",
        "Q: m×n orthogonal; A: n×n",
        lambda self, *given: given,
    )
    def closed(self, word: Word, size: Basic) -> tuple[Word, Basic]:
        """A word with the same trace whose ends make no shorter one, and its size: tr(Q A Q') is tr(A) if Q'Q = I."""
        while self._turning and len(word) > 1:
            seam = self._words.join(word[-1:], word[:1])
            if len(seam) > 1:
                break
            size = factor_shape(word[-1])[0]
            word = self._words.join(seam, word[1:-1])
        return word, size

    def _trace_node(self, word: Word, cyclic: bool) -> Basic:
        same = list(self._same_trace(word, cyclic))
        spend(len(same) * (1 + len(word) // 6))
        known = next((self._traces[w] for w in same if w in self._traces), None)
        if known is None:
            best = max(map(self._ends_well, same))
            shown, *others = (w for w in same if self._ends_well(w) == best)
            if others and any(self._holes[base] for base, _, _ in word):  # nobody wrote it
                shown = min(shown, *others, key=lambda w: (cyclic and factor_place(w[-1]), word_place(w)))
            known = trace(mul(*map(factor_node, shown)))
            self._traces[shown] = known
        return known

    @law("trace of a product that is turned", "tr(A B C) = tr(B C A)", "A, B, C: n×n", alone)
    @law("trace of a transpose", "tr(A') = tr(A)", without=alone)
    def _same_trace(self, word: Word, cyclic: bool) -> Iterable[Word]:
        """The words with the same trace: rotations, if cyclic, and transposes."""
        turns = self._turning and self._words.turn_sign(word) > 0
        for way in (word, self._words.turn_word(word)) if turns else (word,):
            yield way
            if cyclic:
                for i in range(1, len(way)):
                    if len(way) <= MANY or self._holes[way[i - 1][0]]:
                        yield way[i:] + way[:i]

    def _ends_well(self, word: Word) -> tuple[int, int]:
        """A differential stands last, and untransposed; else there are few transposes."""
        ending = 0 if not word or not self._holes[word[-1][0]] else 1 if word[-1][2] else 2
        return ending, -sum(turned for _, _, turned in word)
