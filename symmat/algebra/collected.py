"""Sums as nodes: each is one factor whatever the order of its terms, and its common factors stand outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sympy import Basic

from symmat.algebra.build import factor_node, factor_shape, number_node, sum_node, term_node
from symmat.algebra.collect import (
    Shared,
    common_exponent,
    common_factors,
    common_number,
    content,
    divided,
    number_before,
    sandwiches,
    transposed_pairs,
    without,
)
from symmat.algebra.distribution import Distribution
from symmat.algebra.entries import Entries
from symmat.algebra.equations import law, nothing, unchanged
from symmat.algebra.measures import is_count
from symmat.algebra.order import first_place
from symmat.algebra.resolvents import Resolvents
from symmat.algebra.slots import Place, applied, slots
from symmat.algebra.terms import UNIT, Factor, Key, Terms, Word, accumulate, same_word, times
from symmat.algebra.traces import Traces
from symmat.algebra.words import Words
from symmat.core.constructors import Number, mul, rebuild, shape_of
from symmat.core.nodes import SUMS, Seed
from symmat.core.table import Shape, table


class Sums:
    """The sums within one table; ``terms`` are those of a node as a factor."""

    def __init__(self, words: Words, traces: Traces, entries: Entries, terms: Callable[[Basic], Terms]) -> None:
        self._words = words
        self._entries = entries
        self._terms = terms
        self._holes = table().holes
        self._factors: dict[tuple[object, Shape], Factor] = {}
        self._parts: dict[Basic, Terms] = {}
        self._resolvents = Resolvents(words, self._parts, self.flattened)
        self._distribution = Distribution(words, traces, entries, self._parts)

    @law("sums associate", "X X^-1 (A + B) + C = A + B + C", "X, A, B, C: n×n", unchanged)
    def flattened(self, terms: Terms) -> Terms:
        """The terms of a sum, with those of inner sums one by one."""
        scalar = not any(word for _, word in terms)
        result: Terms = {}
        for key, coefficient in terms.items():
            inner = self._inside(key, scalar) if coefficient in (1, -1) else None
            for part, c in inner.items() if inner else [(key, 1)]:
                accumulate(result, part, times(c, coefficient))
        return result

    def _inside(self, key: Key, scalar: bool) -> Terms | None:
        """The terms of a sum that is a term by itself, as in A + (B + C); (a + b) I is none."""
        silent = tuple(s for s in key[0] if type(s[0]) is Seed)
        scalars, word = tuple(s for s in key[0] if type(s[0]) is not Seed), key[1]
        parts = None
        if len(word) == 1 and not scalars:
            [(base, exponent, turned)] = word
            parts = self._parts.get(base) if exponent == 1 else None
            if parts is not None and turned:
                parts = self._words.transposed(parts)
        elif scalar and len(scalars) == 1 and scalars[0][1] == 1:
            parts = self._parts.get(scalars[0][0])
        if parts is None or not silent:
            return parts
        return {(self._words.merge(own, silent), rest): c for (own, rest), c in parts.items()}

    def factor(self, terms: Terms, shape: Shape) -> Factor:
        """The factor that stands for a sum; sums with the same terms, or transposed ones, have the same base."""
        key = (frozenset(terms.items()), shape)
        found = self._factors.get(key)
        if found is None:
            base = sum_node(positive_first(terms), shape)
            found = (base, 1, False)
            self._parts[base] = terms
            self._distribution.learn(base)
            if shape:
                turned_key = (frozenset(self._words.transposed(terms).items()), (shape[1], shape[0]))
                self._factors[turned_key] = found if turned_key == key else (base, 1, True)
                self._words.learn_sum(base, self._factors[turned_key])
            self._factors[key] = found
        return found

    def is_opposite(self, base: Basic) -> bool:
        """Whether a sum is the negative of one that came first, and not of its own transpose."""
        negative = frozenset((part, -c) for part, c in self._parts.get(base, {}).items())
        other, *_ = self._factors.get((negative, shape_of(base)), (base,))
        return other is not base and next(a is other for a in self._parts if a is base or a is other)

    def node(self, terms: Terms, shape: Shape, linear: bool) -> Basic:
        """The node of a sum: with its common factors outside if it is linear in a differential, else as it was."""
        if not linear:
            if len(terms) < 2:
                return sum_node(terms, shape)
            factor = self.factor(terms, shape)
            return factor_node(factor) if shape else factor[0]
        terms = self._distribution.shortest(terms)
        together = self._sandwiched(positive_first(self._in_slots(terms)), shape)
        while (paired := self._paired(together)) is not together:  # A + A' may stand in a sandwich that A did not
            together = self._sandwiched(paired, shape)
        return self._collected(positive_first(together), shape)

    def _collected(self, terms: Terms, shape: Shape, before: Terms | None = None) -> Basic:
        terms = self._counted(self._resolvents.resolved(self._in_slots(terms)))
        words = {word for _, word in terms}
        only = words.pop() if len(words) == 1 else None  # a X + b X is (a + b) X
        shared = self._shared(terms, only, shape) if len(terms) > 1 else None
        if shared is None:
            return self._apart(terms, shape)
        coefficient, scalars, prefix, rest, suffix = shared
        inner = self.flattened(rest)
        if len(inner) != len(rest):  # the terms of an inner sum may share more with the others
            flat: Terms = {}
            for (own, word), c in inner.items():
                whole = self._words.join(self._words.join(prefix, word), suffix)
                accumulate(flat, (self._words.merge(scalars, own), whole), times(c, coefficient))
            if flat != before:  # else its linear slots merge into the inner sum again
                return self._collected(positive_first(flat), shape, flat)
            inner = rest
        if only is not None:
            base = sum_node(inner, ())
            return term_node(coefficient, self._words.merge(scalars, self._words.scalar(base)), only, shape)
        rows = factor_shape(prefix[-1])[1] if prefix else shape[0]
        cols = factor_shape(suffix[0])[0] if suffix else shape[1]
        number, middle = self._together(inner, (rows, cols))
        return term_node(times(coefficient, number), scalars, (*prefix, middle, *suffix), shape)

    @law("common factors", "A B dX + A C dX = A (B + C) dX", without=nothing)
    def _shared(self, terms: Terms, only: Word | None, shape: Shape) -> Shared | None:
        """The common factors of terms, the whole word if it is the only one."""
        if only is None or not shape:
            return common_factors(terms)
        sizes: Terms = {(scalars, ()): c for (scalars, _), c in terms.items()}
        shared = common_factors(sizes)
        if shared is None:
            number = common_number(sizes.values())
            return number, (), only, {key: divided(c, number) for key, c in sizes.items()}, ()
        number, scalars, _, rest, _ = shared
        return number, scalars, only, rest, ()

    def _apart(self, terms: Terms, shape: Shape) -> Basic:
        """A sum whose terms share no matrix factor, as (X^2 A)' where each of its terms is such a transpose."""
        together = self._entrywise(terms, shape) if len(terms) > 1 and shape else None
        if together is not None:
            return sum_node(together, shape)
        number = number_before(terms.values()) if len(terms) > 1 else 1
        if number != 1:
            whole = self._apart({key: divided(c, number) for key, c in terms.items()}, shape)
            return mul(number_node(number), whole)
        compound = len(terms) > 1 and any(turned and e not in (1, -1) for _, word in terms for _, e, turned in word)
        if compound and self._words.is_turned(terms):
            number, terms = self._primitive(terms)
            base = self.node(self._words.transposed(terms), shape[::-1], True)
            return sum_node({((), ((base, 1, True),)): number}, shape)
        return sum_node(terms, shape)

    @law("sums around a differential", "A dX C + A dX D + B dX C + B dX D = (A + B) dX (C + D)", without=unchanged)
    def _sandwiched(self, terms: Terms, shape: Shape) -> Terms:
        """The terms with (A + B) dX C for A dX C + B dX C."""
        together: dict[Key, Terms] = {}
        found = list(sandwiches(terms, self._holes)) if shape else []
        for keys, before, hole, after in sorted(found, key=lambda s: first_place(s[0])) if len(found) > 1 else found:
            rows, cols = factor_shape(hole)
            together |= {key: {} for key in keys}
            together[keys[0]] = {
                (self._words.merge(s, t), (*left, hole, *right)): times(a, b)
                for (s, left), a in self._side(before, (shape[0], rows)).items()
                for (t, right), b in self._side(after, (cols, shape[1])).items()
            }
        return _exchanged(terms, together)

    @law("operands of a linear function", "A tril(B dX) + A tril(dX) = A tril(B dX + dX)", without=unchanged)
    def _in_slots(self, terms: Terms) -> Terms:
        """The terms with B f(A + C) D for B f(A) D + B f(C) D, where f is linear."""
        filled: dict[Key, Terms] = {}
        found = [(place, keys) for place, keys in slots(terms).items() if len(keys) > 1]
        if len(found) > 1:
            found.sort(key=lambda pair: (first_place(pair[1]), pair[0].at, pair[0].slot))
        for place, keys in found:
            if not any(key in filled for key in keys):
                inside: Terms = {}
                for key in keys:
                    for part, c in self._terms(applied(key[1][place.at])[0].args[place.slot]).items():
                        accumulate(inside, part, times(c, terms[key]))
                whole = self._filled(place, inside, keys[0])
                if whole is not None:
                    filled |= {key: {} for key in keys} | {keys[0]: whole}
        return _exchanged(terms, filled)

    def _filled(self, place: Place, inside: Terms, key: Key) -> Terms | None:
        """A product with another operand in one of its linear slots; None if it would be two products again."""
        scalars, word = key
        base, turned = applied(word[place.at])
        if not inside:
            return {}
        operand = self.node(self.flattened(inside), shape_of(base.args[place.slot]), True)
        if type(base) in SUMS and len(self._terms(operand)) > 1:
            return None
        whole = self._terms(rebuild(base, [operand if i == place.slot else a for i, a in enumerate(base.args)]))
        result: Terms = {}
        for (more, middle), c in (self._words.transposed(whole) if turned else whole).items():
            joined = self._words.join(self._words.join(word[: place.at], middle), word[place.at + 1 :])
            accumulate(result, (self._words.merge(scalars, more), joined), c)
        return result

    @law("integers before a term", "k x'dx + 2 x'dx + y'dx = (k + 2) x'dx + y'dx", "k: integer", unchanged)
    def _counted(self, terms: Terms) -> Terms:
        """The terms with k T for (k - 1) T + T: integers before the same term are added up."""
        groups: dict[Key, Terms] = {}
        for (scalars, word), c in terms.items():
            counts = tuple(s for s in scalars if is_count(s[0]) and isinstance(s[1], int) and s[1] > 0)
            rest = tuple(s for s in scalars if s not in counts)
            groups.setdefault((rest, word), {})[counts, ()] = c
        if len(groups) == len(terms) or UNIT in groups:
            return terms
        result: Terms = {}
        for (rest, word), sizes in groups.items():
            number, scalars, _, inner, _ = common_factors(sizes) or (1, (), (), sizes, ())
            inner = self.flattened(inner)
            if len(inner) > 1:
                inner = {(self._words.scalar(self.factor(inner, ())[0]), ()): 1}
            for (more, _), c in inner.items():
                accumulate(result, (self._words.merge(self._words.merge(rest, scalars), more), word), times(c, number))
        return result

    @law("a factor and its transpose", "A dX B dX + A dX'B dX + dX A = A (dX + dX') B dX + dX A", without=unchanged)
    def _paired(self, terms: Terms) -> Terms:
        """The terms with B (A + A') C for B A C + B A' C."""
        pairs = {first: (second, i) for first, second, i in transposed_pairs(terms)}
        if not pairs:
            return terms
        others = {second for second, _ in pairs.values()}
        result: Terms = {}
        for key, c in terms.items():
            if key in pairs:
                (second, i), (scalars, word) = pairs[key], key
                both: Terms = {((), (word[i],)): 1, ((), (second[1][i],)): divided(terms[second], c)}
                number, middle = self._together(both, factor_shape(word[i]))
                start = self._words.join(word[:i], (middle,))
                key, c = (scalars, self._words.join(start, word[i + 1 :])), times(c, number)
            if key not in others:
                accumulate(result, key, c)
        return self._paired(result)

    def _side(self, terms: Terms, shape: Shape) -> Terms:
        """The terms of a sum that becomes a factor: its numbers stand before it."""
        whole, words = self._resolvents.resolved(self.flattened(terms)), self._words
        if len(whole) < 2:
            return whole
        number, whole = self._primitive(whole)
        if words.is_turned(whole):
            turned = self.node(words.transposed(whole), shape[::-1], True)
            found = words.transposed(self._terms(turned))
        else:
            found = self._terms(self.node(whole, shape, True))
        return {key: times(number, c) for key, c in found.items()}

    def _primitive(self, terms: Terms) -> tuple[Number, Terms]:
        """A number, and the sum that is left when it is taken out."""
        number = content(list(terms.values()))
        return number, {key: divided(c, number) for key, c in terms.items()}

    def _together(self, terms: Terms, shape: Shape) -> tuple[Number, Factor]:
        """A sum that was found, as a number times a factor."""
        found = self._entrywise(terms, shape)
        if found is None:
            return 1, self._upright(self._plain_first(terms), shape)
        [((_, (factor,)), number)] = found.items()
        return number, factor

    def _plain_first(self, terms: Terms) -> Terms:
        """A + A' for A' + A."""
        if len(terms) != 2:
            return terms
        (_, one), (_, other) = terms
        if not same_word(self._words.turn_word(one), other) or same_word(one, other):
            return terms
        return dict(sorted(terms.items(), key=lambda item: sum(turned for _, _, turned in item[0][1])))

    def _upright(self, terms: Terms, shape: Shape) -> Factor:
        """The factor of a sum that was found, as (A + B)' if it is A' + B'."""
        if not self._words.is_turned(terms):
            return self.factor(terms, shape)
        base, exponent, turned = self.factor(self._words.transposed(terms), shape[::-1])
        return (base, exponent, not turned)

    @law("common factors of entries", "A ∘ dX + B ∘ dX = (A + B) ∘ dX")
    def _entrywise(self, terms: Terms, shape: Shape) -> Terms | None:
        """(A + B) ∘ C for A ∘ C + B ∘ C."""
        if any(len(word) != 1 or word[0][1] != 1 for _, word in terms):
            return None
        products = [dict(self._entries.factors(word[0])) for _, word in terms]
        powers = ((base, common_exponent([p.get(base) for p in products])) for base in products[0])
        common = tuple((base, e) for base, e in powers if e is not None)
        rests = [tuple((b, e) for b, e in without(p.items(), common) if e != 0) for p in products]
        if not common or not all(rests):
            return None
        inner: Terms = {}
        for ((scalars, _), c), rest in zip(terms.items(), rests, strict=True):
            accumulate(inner, (scalars, ((self._entries.product([rest], shape), 1, False),)), c)
        inner = self.flattened(inner)
        number, inner = self._primitive(inner)
        base = self._entries.product([((factor_node(self.factor(inner, shape)), 1),), common], shape)
        return {((), ((base, 1, False),)): number}


def _exchanged(terms: Terms, others: Mapping[Key, Terms]) -> Terms:
    """The terms with others in the place of some."""
    if not others:
        return terms
    result: Terms = {}
    for key, c in terms.items():
        for new, number in others[key].items() if key in others else [(key, c)]:
            accumulate(result, new, number)
    return result


def positive_first(terms: Terms) -> Terms:
    """A - B, and not -B + A."""
    return dict(sorted(terms.items(), key=lambda item: item[1] < 0))
