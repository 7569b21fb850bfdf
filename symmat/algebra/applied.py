"""Terms of operations in their own right: what comes out of a linear slot, what an identity makes of them.

f(c A + B) = c f(A) + f(B) where a record says that f is linear, and only as far as a differential wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any, Protocol, TypeVar

from sympy import Add, Basic, HadamardPower, MatAdd

from symmat.algebra.build import factor_node, factor_shape, is_negative, term_node
from symmat.algebra.entries import ENTRYWISE, Entries
from symmat.algebra.equations import law, right_side
from symmat.algebra.measures import count_turns
from symmat.algebra.terms import Exponent, Scalars, Terms, Word, accumulate, times, to_power
from symmat.algebra.words import Words
from symmat.core.constructors import Number, add, is_one, mul, neg, rebuild, shape_of
from symmat.core.nodes import HadamardQuotient
from symmat.core.operation import Equation, Operation, find_operation, operation
from symmat.core.table import Shape, table
from symmat.effort import spend

T = TypeVar("T")
Choice = tuple[Number, Scalars, T]
"""One term of an operand: a number, scalars, and what is left of it."""


class Owner(Protocol):
    """What operations ask of the normal form that they are part of."""

    def normal(self, raw: Basic) -> Basic: ...
    def known_terms(self, node: Basic) -> Terms: ...
    def known_factor(self, node: Basic) -> Terms: ...
    def factor(self, node: Basic) -> Terms: ...
    def single(self, node: Basic) -> tuple[Scalars, Word, Number] | None: ...
    def leaf(self, node: Basic) -> Terms: ...
    def raised(self, scalars: Scalars, exponent: Exponent) -> Scalars: ...
    def scaled_out(self, terms: Terms, shape: Shape) -> tuple[Number, Scalars, Basic]: ...
    def is_opposite(self, node: Basic) -> bool: ...
    def count(self, factors: int) -> None: ...


def as_it_stands(applied: Applied, arg: Basic, *_: Any) -> list[Choice[Basic]]:
    """An operand of a function that is not linear."""
    return [(1, (), applied.owner.normal(arg))]


class Applied:
    """The operations within one table."""

    def __init__(self, owner: Owner, words: Words, entries: Entries) -> None:
        self.owner = owner
        self._words = words
        self._entries = entries
        self._holes = table().holes
        self._upright: set[Basic] = set()

    def operation(self, node: Basic, record: Operation) -> Terms:
        """Numbers and scalars come out of linear slots, and sums with a differential out of a product's."""
        linear = [record.slot(i) is not None and not record.additive for i in range(len(node.args))]
        choices = [self._operands(arg, linear[i], sum(linear) > 1) for i, arg in enumerate(node.args)]
        slot = linear.index(True) if record.by_form["F"] and sum(linear) == 1 else None

        def build(operands: list[Basic]) -> Terms:
            applied = rebuild(node, operands)
            apart = None if slot is None else self._apart(applied, slot)
            return self._simplified(applied, record) if apart is None else apart

        return self._distributed(choices, build)

    @law("terms that an equation simplifies", "sym(S + A) = S + sym(A)", "S: n×n symmetric")
    def _apart(self, node: Basic, slot: int) -> Terms | None:
        """sym(S) + sym(A) as S + sym(A): the terms of an operand that an identity makes simpler come out of it."""
        shape = shape_of(node.args[slot])
        terms = self.owner.known_terms(node.args[slot]) if shape else {}
        if len(terms) < 2 or self.simpler(node) is not None:
            return None
        operands = [*node.args]
        result: Terms = {}
        rest = dict(terms)
        for (scalars, word), c in terms.items():
            operands[slot] = term_node(1, (), word, shape)
            simpler = self.simpler(rebuild(node, operands))
            if simpler is not None:
                del rest[scalars, word]
                for (more, tail), b in self.owner.known_terms(simpler).items():
                    accumulate(result, (self._words.merge(scalars, more), tail), times(b, c))
        if len(rest) == len(terms):
            return None
        if rest:
            number, scalars, operands[slot] = self.owner.scaled_out(rest, shape)
            for (more, tail), b in self.owner.known_terms(rebuild(node, operands)).items():
                accumulate(result, (self._words.merge(scalars, more), tail), times(b, number))
        return result

    def _distributed(self, choices: Sequence[Sequence[Choice[T]]], build: Callable[[list[T]], Terms]) -> Terms:
        """The sum over all choices of a term for each operand."""
        result: Terms = {}
        for chosen in product(*choices):
            self.owner.count(len(chosen))
            scalars: Scalars = ()
            coefficient: Number = 1
            for c, own, _ in chosen:
                scalars, coefficient = self._words.merge(scalars, own), times(coefficient, c)
            for (more, word), c in build([rest for _, _, rest in chosen]).items():
                accumulate(result, (self._words.merge(scalars, more), word), times(coefficient, c))
        return result

    @law("linear functions", "vec(2 A) = 2 vec(A)", without=as_it_stands)
    def _operands(self, arg: Basic, linear: bool, is_product: bool) -> list[Choice[Basic]]:
        """The terms of an operand; what is no product keeps a sum inside, without what its terms share."""
        shape = shape_of(arg)
        if not (linear and shape):
            return [(1, (), self.owner.normal(arg))]
        factor = self.owner.factor(arg)
        if len(factor) > 1 and not is_product:
            return [self.owner.scaled_out(factor, shape)]
        return [(c, s, term_node(1, (), word, shape)) for (s, word), c in factor.items()]

    def _simplified(self, node: Basic, record: Operation) -> Terms:
        """The terms of a node with normal operands: of what its record's identities make of it, else its own."""
        simpler = self.simpler(node)
        if simpler is not None:
            return self.owner.known_factor(simpler)
        turning, negating = record.by_form["f(A')"], record.by_form["f(-A)"]
        if turning and self._is_turned(node.args[0]):
            simpler = right_side(turning, rebuild(node, [self._words.transpose(node.args[0])]))
        elif negating and self._is_negated(node.args[0]):
            simpler = right_side(negating, rebuild(node, [self._negative(node.args[0])]))
        if simpler is not None:
            return self.owner.known_factor(simpler)
        if not shape_of(node):
            return self.owner.leaf(node)
        terms = self._words.oriented(node, record)
        products = record.by_form["product"]
        return self._learn(node, products) if products and ((), ((node, 1, False),)) in terms else terms

    def _learn(self, node: Basic, equations: Iterable[Equation]) -> Terms:
        """A value, of whose products with its operands equations are known from now on."""
        of_words: list[tuple[Basic, Basic]] = []
        for equation in equations:
            left = equation.left(node, *node.args) if callable(equation.left) else None
            right = equation.right(node, *node.args)
            if left is None or right is None:
                continue
            if type(left) in ENTRYWISE:
                self._entries.learn(left, right)
            else:
                of_words.append((left, right))
        return {((), self._words.related(node, of_words) if of_words else ((node, 1, False),)): 1}

    def simpler(self, node: Basic) -> Basic | None:
        """What one of the equations of its record makes of a node with normal operands."""
        return right_side(operation(type(node)).by_form["F"], node)

    def _is_turned(self, operand: Basic) -> bool:
        """Whether f(A) serves for f(A'): A has fewer transposes, or as many and came first."""
        other = self._words.transpose(operand)
        before, after = count_turns(operand), count_turns(other)
        if after < before or other in self._upright:
            return other is not operand
        self._upright.add(operand)
        return False

    def _is_negated(self, operand: Basic) -> bool:
        """Whether f(A) serves for f(-A): A has fewer minus signs, or as many and came first."""
        terms = operand.args if type(operand) in (Add, MatAdd) else (operand,)
        minus = sum(map(is_negative, terms))
        return 2 * minus > len(terms) or (2 * minus == len(terms) and self.owner.is_opposite(operand))

    def _negative(self, operand: Basic) -> Basic:
        """-A, term by term."""
        return self.owner.normal(add(*map(neg, operand.args)) if type(operand) in (Add, MatAdd) else neg(operand))

    # ------------------------------------------------------------ entry by entry

    @law("products of entries commute", "B ∘ A ∘ B = A ∘ B ∘ B", without=lambda self, node: self.owner.leaf(node))
    @law("equal factors of entries are a power", "A ∘ A = A.^2", without=lambda self, node: self.owner.leaf(node))
    @law("ones among factors of entries", "A ∘ ones(m, n) = A", without=lambda self, node: self.owner.leaf(node))
    @law("entries divided by themselves", "A ∘ B ./ B = A", without=lambda self, node: self.owner.leaf(node))
    def entrywise(self, node: Basic) -> Terms:
        """A product entry by entry: its factors commute, so that they are counted like scalars."""
        powers: list[tuple[Basic, Exponent]] = [(a, 1) for a in node.args]
        if type(node) is HadamardQuotient:
            powers[1] = (node.args[1], -1)
        elif type(node) is HadamardPower:
            powers = [(node.args[0], self._words.exponent(node.args[1]))]
        choices = [self._entry_factors(base, e) for base, e in powers]
        return self._distributed(choices, lambda parts: self._entry_product(parts, node))

    def _entry_product(self, parts: Sequence[Scalars], node: Basic) -> Terms:
        whole = self._entries.product(parts, shape_of(node))
        if type(whole) not in ENTRYWISE:
            return self.owner.known_factor(whole)
        return self._simplified(whole, operation(type(whole)))

    def _entry_factors(self, base: Basic, exponent: Exponent) -> list[Choice[Scalars]]:
        """The terms of a factor; what is raised to a power is one term."""
        shape = shape_of(base)
        terms: dict[tuple[Scalars, Word], Number] = {}
        if exponent == 1:
            terms = self.owner.factor(base)
        elif (single := self.owner.single(base)) is not None:
            terms = {single[:2]: single[2]}
        found: list[Choice[Scalars]] = []
        for (scalars, word), c in terms.items():
            if isinstance(exponent, int):
                powers = self._entries.of_word(word, shape, exponent)
                found.append((to_power(c, exponent), self.owner.raised(scalars, exponent), powers))
            else:  # (c A).^k is not c^k A.^k where c is negative
                whole = term_node(c, scalars, word, shape)
                found.append((1, (), self._entries.powers(whole, exponent)))
        return found

    # ------------------------------------------------------------ on a vector

    def on_vectors(self, terms: Terms) -> Terms:
        """The terms with diag(dx) v as diag(v) dx: what holds a differential comes last."""
        if not any(self._place_on_vector(word) for _, word in terms):
            return terms
        result: Terms = {}
        for (scalars, word), c in terms.items():
            place = self._place_on_vector(word)
            if place is None:
                accumulate(result, (scalars, word), c)
                continue
            first, last, turned = place
            nodes = [*map(factor_node, word[:first]), turned, *map(factor_node, word[last:])]
            for (more, rest), b in self.owner.known_terms(mul(*nodes)).items():
                accumulate(result, (self._words.merge(scalars, more), rest), times(b, c))
        return result

    def _place_on_vector(self, word: Word) -> tuple[int, int, Basic] | None:
        """Where an operation with a differential stands on a vector, and what the two are equal to."""
        spend(len(word))
        for first, (base, exponent, turned) in enumerate(word):
            record = find_operation(type(base)) if self._holes[base] and exponent == 1 and not turned else None
            equations = () if record is None else record.by_form["F v"]
            if not equations:
                continue
            last = next((i for i in range(first + 1, len(word)) if is_one(factor_shape(word[i])[1])), None)
            if last is not None and not any(self._holes[b] for b, _, _ in word[first + 1 : last + 1]):
                vector = mul(*map(factor_node, word[first + 1 : last + 1]))
                right = right_side(equations, base, vector)
                if right is not None:
                    return first, last + 1, right
        return None
