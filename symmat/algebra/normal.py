"""The normal form: a sum of terms, each a number, commuting scalars and a word of matrix factors.

What holds a differential or a cotangent is distributed, what the user wrote is kept as a factor.  Sums are equal
whatever the order of their terms, and are shown in the order in which they first appeared.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from sympy import (
    Add,
    Basic,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    Pow,
    Rational,
    Trace,
    Transpose,
    ZeroMatrix,
)

from symmat.algebra.applied import Applied
from symmat.algebra.build import HALF, factor_node, number_node, power_node, sum_node
from symmat.algebra.collect import common_factors, common_number
from symmat.algebra.collected import Sums
from symmat.algebra.entries import ENTRYWISE, Entries
from symmat.algebra.equations import law, unchanged
from symmat.algebra.order import met_in_order
from symmat.algebra.terms import UNIT, Exponent, Scalars, Terms, Word, accumulate, times, to_power, value
from symmat.algebra.traces import Traces
from symmat.algebra.words import Words
from symmat.core.constructors import (
    Number,
    add,
    definition,
    finite_sum,
    identity,
    is_one,
    neg,
    number,
    power,
    shape_of,
    trace,
    zero,
)
from symmat.core.nodes import DEFINITIONS, PENDING, SUMS, SquareRoot
from symmat.core.operation import find_operation
from symmat.core.sums import at_index, free_indices
from symmat.core.table import Shape, learnt, table
from symmat.effort import JOINED, spend
from symmat.errors import LimitProblem, ValueProblem

WRITTEN_OUT = 64
"""Up to so many terms a sum of powers of zero is written out."""


def normal(node: Basic) -> Basic:
    """The normal form of an expression, in the table in use."""
    return normalizer().normal(node)


@learnt
def normalizer() -> Normalizer:
    """The normalizer of this answer: it remembers what it has seen."""
    return Normalizer()


def itself(normalizer: Normalizer, node: Basic) -> Terms:
    """The terms of an operation of which nothing is known."""
    return normalizer.leaf(node)


def raised_itself(normalizer: Normalizer, base: Basic, e: Exponent) -> Terms:
    """The terms of a power of which nothing is known."""
    return normalizer.leaf(power_node(base, e))


def whole(normalizer: Normalizer, node: Basic) -> Terms:
    """The terms of a factor, if products did not distribute over sums."""
    return normalizer.atom(normalizer.known_terms(node), shape_of(node))


class Normalizer:
    """Normal forms within one table.

    Without ``turning`` traces stay as they stand, for a derivation in which turning one is a step.
    """

    def __init__(self, turning: bool = True) -> None:
        self._holes = table().holes
        self._words = Words(self.normal, self.known_factor)
        self._traces = Traces(self._words, self.known_factor, turning)
        entries = Entries(self._words)
        self._applied = Applied(self, self._words, entries)
        self._sums = Sums(self._words, self._traces, entries, self.known_factor)
        self._radicands: dict[Basic, tuple[Scalars, Number]] = {}
        self._terms: dict[Basic, Terms] = {}
        self._nodes: dict[Basic, Basic] = {}
        self._left = inf
        self._at_work = False
        self._rules: dict[type[Basic], Callable[[Basic], Terms]] = {
            Add: self._sum,
            MatAdd: self._sum,
            Mul: self._product,
            MatMul: self._product,
            Pow: lambda node: self._scalar_power(node.args[0], self._words.exponent(node.args[1])),
            SquareRoot: lambda node: self._scalar_power(node.args[0], HALF),
            MatPow: self._matrix_power,
            Inverse: self._inverse,
            Transpose: self._transpose,
            Trace: self._trace,
            Identity: lambda node: {UNIT: 1},
            ZeroMatrix: lambda node: {},
            **dict.fromkeys(ENTRYWISE, lambda node: self._applied.entrywise(node)),
            **dict.fromkeys(DEFINITIONS, self._definition),
            **dict.fromkeys(SUMS, self._finite_sum),
        }

    def normal(self, raw: Basic) -> Basic:
        """The normal form of a node."""
        if raw not in self._nodes:
            self._work_out(raw)
            self._nodes[raw] = self._sums.node(self._terms[raw], shape_of(raw), bool(self._holes[raw]))
        return self._nodes[raw]

    def expanded(self, raw: Basic) -> Basic:
        """The normal form with its terms side by side: no common factor is taken out."""
        self.normal(raw)
        return sum_node(self._terms[raw], shape_of(raw))

    def collected(self, raw: Basic) -> Basic:
        """The normal form with the common factors of its terms taken out."""
        self.normal(raw)
        return self._sums.node(self._terms[raw], shape_of(raw), True)

    def _work_out(self, raw: Basic) -> None:
        """The terms of a node and of those below it; scalars are shown in the order in which they were written."""
        outermost, first = not self._at_work, self._words.written
        nodes, places = met_in_order(raw, self._known)
        self._at_work = True
        try:
            for node in nodes:
                if outermost and places:
                    self._words.written = first + places[node]
                if node not in self._terms:
                    self._terms[node] = self._terms_of(node)
        finally:
            if outermost:
                self._at_work, self._words.written = False, first + len(nodes)

    def _known(self, node: Basic) -> bool:
        if node in self._terms:
            return True
        if type(node) in PENDING or (type(node) in DEFINITIONS and not self._holes[node]):
            self._terms[node] = self.leaf(node)
            return True
        return False

    # ------------------------------------------------------------ terms of a node, from those of its operands

    def _terms_of(self, node: Basic) -> Terms:
        if isinstance(node, Rational):
            exact = value(node)
            return {UNIT: exact} if exact else {}
        rule = self._rules.get(type(node))
        if rule is not None:
            return rule(node)
        if isinstance(node, MatrixSymbol) and len(node.args) > 3:
            self._words.learn_structure(node)
        record = find_operation(type(node))
        return self.leaf(node) if record is None else self._applied.operation(node, record)

    def is_opposite(self, node: Basic) -> bool:
        """Whether a sum is the negative of one that came first."""
        return self._sums.is_opposite(node)

    def leaf(self, node: Basic) -> Terms:
        """The terms of a node that is a factor of its own."""
        return {((), ((node, 1, False),)) if shape_of(node) else (self._words.scalar(node), ()): 1}

    def _definition(self, node: Basic) -> Terms:
        return self.leaf(definition(node.args[0].name, self.normal(node.args[1])))

    @law("like terms", "A + B + 2 A = 3 A + B", without=itself)
    @law("terms that cancel", "A + B - A = B", without=itself)
    def _sum(self, node: Basic) -> Terms:
        result: Terms = {}
        for term in node.args:
            for key, c in self._terms[term].items():
                accumulate(result, key, c)
        return self._sums.flattened(result)

    def _product(self, node: Basic) -> Terms:
        result: Terms = {UNIT: 1}
        for factor in node.args:
            terms = self.factor(factor)
            product: Terms = {}
            for (scalars, word), a in result.items():
                for (more, tail), b in terms.items():
                    key = self._words.merge(scalars, more), self._words.join(word, tail)
                    self.count(len(more) + len(tail))
                    accumulate(product, key, times(a, b))
            result = product
        if not self._traces.has_vectors(result):
            return self._whole(result)
        return self._traces.cut(self._whole(self._applied.on_vectors(result) if self._holes[node] else result))

    def scaled_out(self, terms: Terms, shape: Shape) -> tuple[Number, Scalars, Basic]:
        """A sum as number · scalars · rest, where the terms of the rest share neither."""
        shared = common_factors(terms, seeds=True)
        number_, scalars = (shared[0], shared[1]) if shared else (common_number(terms.values()), ())
        if not shared and all(c < 0 for c in terms.values()):
            number_ = times(number_, -1)
        taken = dict(self.raised(scalars, -1))
        rest = {
            (self._words.merge(own, tuple(taken.items())), word): times(c, to_power(number_, -1))
            for (own, word), c in terms.items()
        }
        return number_, scalars, self._sums.node(rest, shape, True)

    def known_terms(self, node: Basic) -> Terms:
        """The terms of a node, worked out if need be."""
        self.normal(node)
        return self._terms[node]

    @law("products distribute over a differential", "A (dX + B) + C = A dX + A B + C", without=whole)
    def factor(self, node: Basic) -> Terms:
        """The terms of a factor: one term, unless it is a sum that is to be distributed."""
        terms = self._terms[node]
        return terms if self._holes[node] else self.atom(terms, shape_of(node))

    def known_factor(self, node: Basic) -> Terms:
        self.normal(node)
        return self.factor(node)

    def atom(self, terms: Terms, shape: Shape) -> Terms:
        """A sum kept as one factor."""
        if len(terms) < 2:
            return terms
        base, exponent, turned = self._sums.factor(terms, shape)
        return {((), ((base, exponent, turned),)) if shape else (self._words.scalar(base, exponent), ()): 1}

    @law("transpose of a product", "(A B)' = B'A'", "A, B: n×n", without=itself)
    @law("transpose of a sum that is kept", "(A' + B')' = A + B", without=itself)
    def _transpose(self, node: Basic) -> Terms:
        return self._words.transposed(self.factor(node.args[0]))

    @law("inverse of a multiple", "(λ A)^-1 = A^-1 / λ", without=itself)
    def _inverse(self, node: Basic) -> Terms:
        term = self.single(node.args[0])
        if term is None:
            raise ValueProblem("the inverse of a zero matrix")
        scalars, word, c = term
        return {(self.raised(scalars, -1), self._words.word_power(word, -1)): to_power(c, -1)}

    @law("power of a multiple", "(2 A)^3 = 8 A^3", without=itself)
    @law("power of a power", "(A^2)^3 = A^6", without=itself)
    def _matrix_power(self, node: Basic) -> Terms:
        term, k = self.single(node.args[0]), self._words.exponent(node.args[1])
        if term is None:  # 0^k is I at k = 0
            zero_power = power(zero(shape_of(node)), k) if isinstance(k, Basic) else None
            return self.leaf(zero_power) if zero_power else {} if k else {UNIT: 1}
        scalars, word, c = term
        raised, coefficient = self.raised(scalars, k), c
        if isinstance(k, int):
            coefficient = to_power(c, k)
        elif c != 1:
            raised, coefficient = self._words.merge(raised, self._words.scalar(number_node(c), k)), 1
        return {(raised, self._words.word_power(word, k)): coefficient}

    @law("power of a product of scalars", "(λ μ)^2 = λ^2 μ^2", without=raised_itself)
    def _scalar_power(self, base: Basic, e: Exponent) -> Terms:
        term = self.single(base)
        if term is None:
            if isinstance(e, Basic):
                return self.leaf(power_node(base, e))
            if e < 0:
                raise ValueProblem("division by zero", "the divisor is 0 for every value of its symbols")
            return {} if e else {UNIT: 1}
        scalars, _, c = term
        if isinstance(e, int):
            return self._whole({(self.raised(scalars, e), ()): to_power(c, e)})
        # (a b)^(1/2) is not a^(1/2) b^(1/2) where a and b are negative; for a whole exponent it is
        whole = isinstance(e, Basic) and bool(e.is_integer)
        if c == 1 and (whole or (len(scalars) == 1 and scalars[0][1] == 1)):
            return {(self.raised(scalars, e), ()): 1}
        radicand = self.normal(base)
        self._radicands[radicand] = (scalars, c)
        return {(self._words.scalar(radicand, e), ()): 1}

    @law("powers of a root", "λ (2 λ)^(1/2) (2 λ)^(1/2) = 2 λ^2", without=unchanged)
    def _whole(self, terms: Terms) -> Terms:
        """The terms with 2 a for (2 a)^(1/2) (2 a)^(1/2)."""
        if not self._radicands:
            return terms
        result: Terms = {}
        for (scalars, word), c in terms.items():
            for atom, e in scalars:
                if atom in self._radicands and isinstance(e, int):
                    inside, number_ = self._radicands[atom]
                    scalars = self._words.merge(tuple(s for s in scalars if s[0] is not atom), self.raised(inside, e))
                    c = times(c, to_power(number_, e))
            accumulate(result, (scalars, word), c)
        return result

    def single(self, node: Basic) -> tuple[Scalars, Word, Number] | None:
        """A node as one term, a sum being a factor of its own; None if it is zero."""
        for (scalars, word), c in self.atom(self._terms[node], shape_of(node)).items():
            return scalars, word, c
        return None

    def raised(self, scalars: Scalars, exponent: Exponent) -> Scalars:
        powers = ((atom, self._words.exponent_product(e, exponent)) for atom, e in scalars)
        return tuple((atom, e) for atom, e in powers if e != 0)

    def _trace(self, node: Basic) -> Terms:
        matrix = node.args[0]
        scalar = is_one(shape_of(matrix)[0])  # x'dx + dx'x is a sum of scalars
        result: Terms = {}
        for (scalars, word), c in (self._terms[matrix] if scalar else self.factor(matrix)).items():
            word, side = self._traces.closed(word, shape_of(matrix)[0])
            simpler = self._applied.simpler(trace(factor_node(word[0]))) if len(word) == 1 else None
            if simpler is not None:
                for (more, _), b in self.known_factor(simpler).items():
                    accumulate(result, (self._words.merge(scalars, more), ()), times(b, c))
            elif word:
                accumulate(result, (self._words.merge(scalars, self._traces.trace_of(word)), ()), c)
            else:
                for (more, _), b in self._terms_of_size(side).items():
                    accumulate(result, (self._words.merge(scalars, more), ()), times(b, c))
        return result

    @law("trace of the identity", "tr(I_n) = n", "n: integer", lambda self, size: self.leaf(trace(identity(size))))
    def _terms_of_size(self, size: Basic) -> Terms:
        self.normal(size)
        return self.factor(size)

    @law("sum of what does not change", "sum(i = 1..k, A B^i B^(-i)) = k A", "A, B: n×n; k: integer", without=itself)
    @law("what is before a sum", "sum(i = 1..k, λ A^i) = λ sum(i = 1..k, A^i)", without=itself)
    @law("first term that is 0", "sum(i = 0..k, i A^i) = sum(i = 1..k, i A^i)", without=itself)
    def _finite_sum(self, node: Basic) -> Terms:
        body, bound, lower, upper = node.args
        if self._has_power_of_zero(body) and isinstance(lower, Integer) and isinstance(upper, Integer):
            values = range(int(lower.p), int(upper.p) + 1)
            if 0 < len(values) <= WRITTEN_OUT:
                return self.known_terms(add(*(at_index(body, bound, number(i)) for i in values)))
        count = add(upper, neg(lower), number(1))
        shape = shape_of(body)
        result: Terms = {}
        for key, c in self.factor(body).items():
            outside = tuple(s for s in key[0] if bound not in free_indices(power_node(*s)))
            inside = self._sums.node({(tuple(s for s in key[0] if s not in outside), key[1]): 1}, shape, False)
            if bound in free_indices(inside):
                first = self.normal(lower)
                if first is number(0) and any(s is bound and isinstance(e, int) and e > 0 for s, e in key[0]):
                    first = number(1)  # i X^(i-1) is 0 at i = 0
                term = self.leaf(finite_sum(inside, bound, first, self.normal(upper)))
            else:
                self.normal(count)
                term = {(self._words.merge(s, key[0]), key[1]): b for (s, _), b in self.factor(count).items()}
                outside = ()
            for (scalars, word), b in term.items():
                accumulate(result, (self._words.merge(outside, scalars), word), times(b, c))
        return result

    @law("sum of powers of zero", "sum(i = 0..2, zeros(n, n)^i) = I_n")
    def _has_power_of_zero(self, body: Basic) -> bool:
        """Whether 0^i is a factor: of such a sum there is little left where it is written out."""
        bases = (base for _, word in self.factor(body) for base, _, _ in word)
        return any(type(base) is MatPow and isinstance(base.args[0], ZeroMatrix) for base in bases)

    def within(self, factors: int, raw: Basic) -> Basic:
        """The normal form, or a LimitProblem if more factors than that are written out for it."""
        outside = self._left
        self._left = factors
        try:
            return self.normal(raw)
        finally:
            self._left = outside

    def count(self, factors: int) -> None:
        """Take factors that are about to be written out from those that are left."""
        spend(JOINED + factors // 8)
        self._left -= factors
        if self._left < 0:
            raise LimitProblem("the result is too long to be written out", "name the repeated parts: S = …; …")
