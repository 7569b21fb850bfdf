"""Sums multiplied out where that makes the whole shorter: P (y - P y) = 0 for a projector P."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from sympy import Basic

from symmat.algebra.build import factor_shape, term_node
from symmat.algebra.entries import Entries
from symmat.algebra.equations import law, unchanged
from symmat.algebra.terms import UNIT, Factor, Key, Scalars, Terms, accumulate, times
from symmat.algebra.traces import Traces
from symmat.algebra.words import Words
from symmat.core.constructors import Number
from symmat.core.nodes import Seed
from symmat.effort import JOINED, spend

MOST = 32
"""A product of more terms stays as it is."""


class Distribution:
    """Products of the sums that are known as factors, by their terms."""

    def __init__(self, words: Words, traces: Traces, entries: Entries, parts: Mapping[Basic, Terms]) -> None:
        self._words = words
        self._traces = traces
        self._entries = entries
        self._parts = parts
        self._sizes: dict[Basic, int] = {}

    def learn(self, base: Basic) -> None:
        """The length of a new sum; those within it are known."""
        self._sizes[base] = 1 + self._size(self._parts[base])

    @law(
        "sums multiplied out that cancel",
        "dX pinv(X) (A - X pinv(X) A) + dX B = dX B",
        "X: m×n; A: m×k; B: n×k",
        unchanged,
    )
    def shortest(self, terms: Terms) -> Terms:
        """The terms with those multiplied out that cancel, or join with others: each such group if it gets shorter."""
        spread = {key: self._spread(key, c) for key, c in terms.items()}
        if all(count == 1 for count, _ in spread.values()):
            return terms
        result: Terms = {}
        for group in _connected({key: found for key, (_, found) in spread.items()}):
            apart: Terms = {key: terms[key] for key in group}
            whole: Terms = {}
            for key in group:
                for part, c in spread[key][1].items():
                    accumulate(whole, part, c)
            joined = len(whole) < sum(spread[key][0] for key in group)
            for key, c in (whole if joined and self._size(whole) < self._size(apart) else apart).items():
                accumulate(result, key, c)
        return result

    def _size(self, terms: Terms) -> int:
        return sum(
            1
            + sum(self._sizes.get(s, 1) for s, _ in scalars if type(s) is not Seed)
            + sum(map(self._factor_size, word))
            for scalars, word in terms
        )

    def _factor_size(self, factor: Factor) -> int:
        base, exponent, _ = factor
        if exponent == 2 and base in self._sizes:
            return 2 * self._sizes[base]
        return sum(self._sizes.get(entry, 1) for entry, _ in self._entries.powers(base, 1))

    def _spread(self, key: Key, coefficient: Number) -> tuple[int, Terms]:
        """A term multiplied out: the number of its products, and their sum."""
        scalars, word = key
        spend(JOINED * (len(scalars) + len(word)))
        factors = [self._parts.get(s[0], UNKNOWN) if s[1] == 1 else UNKNOWN for s in scalars]
        factors = [parts or {((s,), ()): 1} for s, parts in zip(scalars, factors, strict=True)]
        count = prod(map(len, factors))
        for size, parts in (pair for factor in word for pair in self._of_factor(factor)):
            count *= size
            factors.append(parts)
        if count == 1 or count > MOST:
            return 1, {key: coefficient}
        spend(count * len(factors))
        result: Terms = {}
        for chosen in product(*(parts.items() for parts in factors)):
            (own, rest), number = UNIT, coefficient
            for (more, tail), c in chosen:
                own, rest, number = self._words.merge(own, more), self._words.join(rest, tail), times(number, c)
            accumulate(result, (own, rest), number)
        return count, self._traces.cut(result) if self._traces.has_vectors(result) else result

    def _of_factor(self, factor: Factor) -> list[tuple[int, Terms]]:
        """Sums whose product a factor is, each with the number of its terms before like ones join."""
        base, exponent, turned = factor
        parts = self._parts.get(base)
        if parts and exponent in (1, 2):
            return [(len(parts), self._words.transposed(parts) if turned else parts)] * int(exponent)
        return [self._entrywise(factor) if exponent == 1 else (1, {((), (factor,)): 1})]

    def _entrywise(self, factor: Factor) -> tuple[int, Terms]:
        """A product entry by entry multiplied out."""
        if len(self._entries.powers(factor[0], 1)) < 2:
            return 1, {((), (factor,)): 1}
        entries, shape = self._entries.factors(factor), factor_shape(factor)
        sums = [self._parts.get(base, UNKNOWN) if e == 1 else UNKNOWN for base, e in entries]
        if not any(sums) or prod(len(parts) or 1 for parts in sums) > MOST:
            return 1, {((), (factor,)): 1}
        choices: list[list[tuple[Number, Scalars, Scalars]]] = []
        for entry, parts in zip(entries, sums, strict=True):
            nodes = ((c, s, term_node(1, (), word, shape)) for (s, word), c in parts.items())
            choices.append([(c, s, self._entries.powers(node, 1)) for c, s, node in nodes] or [(1, (), (entry,))])
        spend(JOINED * prod(map(len, choices)))
        result: Terms = {}
        for chosen in product(*choices):
            scalars: Scalars = ()
            number: Number = 1
            for c, own, _ in chosen:
                scalars, number = self._words.merge(scalars, own), times(number, c)
            whole = self._entries.product((powers for _, _, powers in chosen), shape)
            accumulate(result, (scalars, ((whole, 1, False),)), number)
        return prod(map(len, choices)), result


UNKNOWN: Terms = {}


def _connected(spread: Mapping[Key, Terms]) -> Iterator[list[Key]]:
    """The keys in groups, so that keys of two groups have no term in common."""
    place = {key: i for i, key in enumerate(spread)}
    groups: dict[Key, list[Key]] = {}
    for key, terms in spread.items():
        group = [key]
        for other in {id(groups[part]): groups[part] for part in terms if part in groups}.values():
            group += other
        for member in group:
            for part in spread[member]:
                groups[part] = group
        for part in terms:
            groups[part] = group
        if not terms:
            yield group
    yield from (sorted(g, key=place.__getitem__) for g in {id(g): g for g in groups.values()}.values())
