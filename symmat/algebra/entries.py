"""The algebra of entrywise products: factors commute, equal ones are powers, and a matrix of ones is the unit.

Two such products are one node whatever the order of their factors; a reader sees that in which they first appeared,
with a differential last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sympy import Basic, HadamardPower, HadamardProduct, MatMul, OneMatrix

from symmat.algebra.build import exponent_node, is_negative, opposite, term_node
from symmat.algebra.terms import Exponent, Factor, Scalars, Word
from symmat.algebra.words import Words
from symmat.core.constructors import make, ones, shape_of
from symmat.core.nodes import HadamardQuotient
from symmat.core.table import Shape, table

ENTRYWISE = (HadamardProduct, HadamardQuotient, HadamardPower)


class Entries:
    """Entrywise products within one table."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._holes = table().holes
        self._powers: dict[Basic, Scalars] = {}
        self._equations: list[tuple[Counter[Basic], Counter[Basic], Counter[Basic]]] = []
        self._nodes: dict[tuple[frozenset[tuple[Basic, Exponent]], Shape], Basic] = {}

    def powers(self, base: Basic, exponent: Exponent) -> Scalars:
        """The factors of a matrix raised to a power entry by entry."""
        if isinstance(base, OneMatrix):
            return ()
        whole = isinstance(exponent, int) or bool(isinstance(exponent, Basic) and exponent.is_integer)
        own = (
            self._powers.get(base, ((base, 1),)) if whole else ((base, 1),)
        )  # (A ∘ B).^½ may exist where A.^½ does not
        raised = ((b, self._words.exponent_product(e, exponent)) for b, e in own)
        return tuple((b, e) for b, e in raised if e != 0)

    def of_word(self, word: Word, shape: Shape, exponent: Exponent) -> Scalars:
        """The factors of a product of matrices raised to a power entry by entry: one, but for a product of entries."""
        if len(word) == 1 and word[0][1] == 1:
            factors = self.factors(word[0], exponent)
            if not any(type(base) is MatMul and not shape_of(base.args[0]) for base, _ in factors):
                return factors  # else one is skew, and a sign would come out
        return self.powers(term_node(1, (), word, shape), exponent)

    def factors(self, factor: Factor, exponent: Exponent = 1) -> Scalars:
        """The factors of a matrix or of its transpose."""
        powers = self.powers(factor[0], exponent)
        return tuple((self._words.transpose(base), e) for base, e in powers) if factor[2] else powers

    def product(self, parts: Iterable[Scalars], shape: Shape) -> Basic:
        """The node of a product of factors with their powers."""
        powers: dict[Basic, Exponent] = {}
        for base, e in (pair for part in parts for pair in part):
            powers[base] = self._words.exponent_sum(powers[base], e) if base in powers else e
        self._reduce(powers)
        factors = tuple((b, e) for b, e in powers.items() if e != 0)
        key = (frozenset(factors), shape)
        if key not in self._nodes:
            node = self._node(tuple(sorted(factors, key=lambda pair: bool(self._holes[pair[0]]))), shape)
            self._nodes[key] = node
            self._powers[node] = factors
        return self._nodes[key]

    def learn(self, left: Basic, right: Basic) -> None:
        """Add left = right, an equation between products of entries: sign.(x) ∘ relu.(x) is relu.(x)."""
        one, other = Counter(left.args), Counter(right.args if type(right) is HadamardProduct else (right,))
        self._equations.append((one, one - other, other - one))

    def _reduce(self, powers: dict[Basic, Exponent]) -> None:
        """Use the equations that are known, each as often as its left side is in the product."""
        for left, less, more in self._equations:
            there = {base: e for base, n in left.items() if isinstance(e := powers.get(base), int) and e >= n}
            if len(there) == len(left):
                count = 1 + min((there[base] - left[base]) // n for base, n in less.items())
                for base, n in less.items():
                    powers[base] = there[base] - count * n
                for base, n in more.items():
                    powers[base] = self._words.exponent_sum(powers.get(base, 0), count * n)

    def _node(self, factors: Scalars, shape: Shape) -> Basic:
        above = [_raised(b, e) for b, e in factors if not is_negative(e)]
        below = [_raised(b, opposite(e)) for b, e in factors if is_negative(e)]
        node = _together(above) if above else ones(*shape)
        return make(HadamardQuotient, node, _together(below)) if below else node


def _raised(base: Basic, exponent: Exponent) -> Basic:
    return base if exponent == 1 else make(HadamardPower, base, exponent_node(exponent))


def _together(factors: list[Basic]) -> Basic:
    return factors[0] if len(factors) == 1 else make(HadamardProduct, *factors)
