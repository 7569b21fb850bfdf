"""The plan: which nodes are values, and which dissolve into the products and traces that use them.

A transpose, an inverse and a definition are no values of their own but a view of one.  Nested products are one chain
where they are used once, where they are outer products, and beside vectors; else what is shared is computed once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from sympy import Basic, Identity, Integer, Inverse, MatAdd, MatMul, MatPow, Mul, Pow, Rational, Trace, Transpose

from symmat.core.constructors import is_one
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.operation import find_operation
from symmat.core.walks import children, postorder
from symmat.facts.known import known
from symmat.facts.predicates import full_column_rank
from symmat.numeric.ranks import rank, shape_of

PRODUCTS = (Mul, MatMul)
SHORT = 8
"""Beside a vector, a shared product of up to so many factors is multiplied out again."""
MOST_TERMS = 16
"""A product is taken into sums up to so many terms."""
UNROLLED = 16
"""Beside a vector, powers up to this exponent are products."""


class View(NamedTuple):
    """A node, its transpose, its inverse, or both."""

    core: Basic
    turned: bool = False
    inverted: bool = False

    def through(self, outer: View) -> View:
        """The same under the transpose and the inverse of another view."""
        return View(self.core, self.turned ^ outer.turned, self.inverted ^ outer.inverted)


@dataclass(frozen=True)
class Term:
    """number · scalars · factors: scalars with their exponents, and a chain of matrices."""

    number: Fraction = Fraction(1)
    scalars: tuple[tuple[Basic, int], ...] = ()
    factors: tuple[View, ...] = ()

    def times(self, other: Term) -> Term:
        """The scalars of both, with the factors of the other."""
        return Term(self.number * other.number, self.scalars + other.scalars, other.factors)


class Plan:
    """The values that an expression needs, operands first, and the terms of its products and traces."""

    def __init__(self, root: Basic, further: Sequence[Basic] = ()) -> None:
        self.names: dict[View, str] = {}
        self.ranges: dict[tuple[Basic, Basic], list[tuple[Basic, Basic]]] = {}
        self.terms: dict[Basic, list[Term]] = {}
        self._views: dict[Basic, View] = {}
        self._inverted: set[Basic] = set()
        self._uses: Counter[Basic] = Counter()
        self._length: dict[Basic, int] = {}
        self.root = self.view(root)
        self.further = [self.view(node) for node in further]
        cores = [self.root.core, *(v.core for v in self.further)]
        self._uses.update(cores[1:])
        order = self._ordered(cores)
        needed = set(cores)
        for core in reversed(order):
            if core in needed:
                if type(core) in PRODUCTS:
                    self.terms[core] = self._spread(self._chain(View(core)))
                elif type(core) is Trace:
                    self.terms[core] = self._trace_terms(self.view(core.args[0]))
                needed.update(self._needs(core))
        self.order = [core for core in order if core in needed]

    def _needs(self, core: Basic) -> Iterator[Basic]:
        if core not in self.terms:
            yield from (v.core for v in self._operands(core))
        for term in self.terms.get(core, ()):
            yield from (*(base for base, _ in term.scalars), *(f.core for f in term.factors))

    def view(self, node: Basic) -> View:
        found = self._views.get(node)
        if found is None:
            passed: list[tuple[str, bool, bool]] = []
            core, turned, inverted = node, False, False
            while type(core) in (Transpose, Inverse, *DEFINITIONS):
                if type(core) in DEFINITIONS:
                    passed.append((core.args[0].name, turned, inverted))
                    core = core.args[1]
                else:
                    turned ^= type(core) is Transpose
                    inverted ^= type(core) is Inverse
                    core = core.args[0]
            found = self._views[node] = View(core, turned, inverted)
            if inverted:
                self._inverted.add(core)
            for name, t, i in passed:
                self.names.setdefault(View(core, turned ^ t, inverted ^ i), name)
        return found

    def is_inverted(self, matrix: Basic) -> bool:
        """Whether the expression has an inverse of a matrix: then it has negative powers of it too."""
        core = self.view(matrix).core
        return core in self._inverted or full_column_rank in known(core)

    def _operands(self, core: Basic) -> list[View]:
        record = find_operation(type(core))
        inside = children(core)
        if record is not None and any(p and p[0].startswith("#") for p in record.types.arguments):
            inside = [a for a, p in zip(inside, record.types.arguments, strict=True) if not p[0].startswith("#")]
        return [self.view(a) for a in inside]

    def _ordered(self, roots: Sequence[Basic]) -> list[Basic]:
        """Every core once, operands first; on the way the uses of each, and the factors of each product."""
        order: list[Basic] = []
        seen = set()
        stack = [(root, False) for root in reversed(roots)]
        while stack:
            core, ready = stack.pop()
            if ready:
                order.append(core)
                inside = self._operands(core)
                self._uses.update(v.core for v in inside)
                if type(core) in PRODUCTS:
                    self._length[core] = min(UNROLLED + 1, sum(self._length.get(v.core, 1) for v in inside))
                if type(core) is MatPow and is_count(core.args[1], UNROLLED):
                    unrolled = int(core.args[1].p) * self._length.get(inside[0].core, 1)
                    self._length[core] = min(UNROLLED + 1, unrolled)
                if type(core) in SUMS:
                    body, bound, *ends = core.args
                    for node in postorder(body):
                        if type(node) is MatPow or type(node) in SUMS:
                            self.ranges.setdefault((node, bound), []).append((ends[0], ends[1]))
            elif core not in seen:
                seen.add(core)
                stack.append((core, True))
                stack.extend((v.core, False) for v in reversed(self._operands(core)))
        return order

    def _is_own(self, view: View) -> bool:
        """Whether nothing else uses a value, so that it may dissolve into its user."""
        return not view.inverted and self._uses[view.core] <= 1 and View(view.core) not in self.names

    def _dissolves(self, view: View, beside_vector: bool) -> bool:
        core = view.core
        if type(core) not in PRODUCTS or view.inverted:
            return False
        matrices = [a for a in core.args if shape_of(a) and not isinstance(a, Identity)]
        if self._is_own(view) or (not matrices and shape_of(core)):
            return True
        outer = any(is_one(side) for a in core.args for side in shape_of(a))
        return rank(shape_of(core)) == 2 and self._length[core] <= SHORT and (beside_vector or outer)

    def _chain(self, product: View) -> Term:
        """The factors of a product, with what dissolves in it."""
        term = self._flat(self._factors(product), beside_vector=False)
        return self._flat(self._factors(product), beside_vector=True) if has_vector(term) else term

    def _spread(self, term: Term) -> list[Term]:
        """The terms of a product: beside a vector it is taken into a sum of products, so that none is formed."""
        terms: list[Term] = []
        todo = [term]
        while todo:
            term = todo.pop()
            at = next((i for i, f in enumerate(term.factors) if self._is_sum_of_products(f)), None)
            if at is None or not has_vector(term) or len(todo) + len(terms) >= MOST_TERMS:
                terms.append(term)
                continue
            spread = term.factors[at]
            for summand in reversed(self._operands(spread.core)):
                inner = self._flat([summand.through(spread)], beside_vector=True)
                factors = (*term.factors[:at], *inner.factors, *term.factors[at + 1 :])
                todo.append(replace(term.times(inner), factors=factors))
        return terms

    def _is_sum_of_products(self, view: View) -> bool:
        if type(view.core) is not MatAdd or not self._is_own(view) or rank(shape_of(view.core)) < 2:
            return False
        return any(type(v.core) in (MatMul, MatPow) and self._is_own(v) for v in self._operands(view.core))

    def _flat(self, stack: list[View], beside_vector: bool) -> Term:
        """The product of a stack of views, the first on top."""
        scale, scalars, factors = Fraction(1), [], []
        while stack:
            view = stack.pop()
            core = view.core
            if isinstance(core, Rational):
                scale *= Fraction(int(core.p), int(core.q))
            elif self._dissolves(view, beside_vector):
                stack.extend(self._factors(view))
            elif not shape_of(core):
                scalars.append(self._power(core))
            elif type(core) is MatPow and beside_vector and self._length.get(core, UNROLLED + 1) <= UNROLLED:
                stack.extend([self.view(core.args[0]).through(view)] * int(core.args[1].p))
            elif not isinstance(core, Identity):
                factors.append(view)
        return Term(scale, tuple(scalars), tuple(factors))

    def _power(self, core: Basic) -> tuple[Basic, int]:
        """A scalar as a whole power of another."""
        exponent = 1
        while type(core) is Pow and isinstance(core.args[1], Integer) and core.args[1].p:
            if core.args[1].p > 0 and View(core) in self.names:
                break
            exponent *= int(core.args[1].p)
            core = self.view(core.args[0]).core
        return core, exponent

    def _factors(self, product: View) -> list[View]:
        """The factors of a product, last first, for a stack."""
        inside = [v.through(product) for v in self._operands(product.core)]
        return inside if product.turned else inside[::-1]

    def _trace_terms(self, start: View) -> list[Term]:
        """The traces that a trace is the sum of."""
        terms: list[Term] = []
        stack = [(start, Term())]
        while stack:
            view, scalars = stack.pop()
            if type(view.core) is MatAdd and self._is_own(view):
                stack.extend((v, scalars) for v in reversed(self._operands(view.core)))
                continue
            parts = [Term(factors=() if isinstance(view.core, Identity) else (view,))]
            if type(view.core) in PRODUCTS and (self._is_own(view) or self._dissolves(view, False)):
                parts = self._spread(self._chain(view))
            for part in parts:
                term = scalars.times(part)
                if len(term.factors) == 1 and type(term.factors[0].core) is MatAdd and self._is_own(term.factors[0]):
                    stack.append((term.factors[0], replace(term, factors=())))
                else:
                    terms.append(term)
        return terms


def has_vector(term: Term) -> bool:
    """Whether a factor has a side of 1."""
    return any(is_one(side) for f in term.factors for side in shape_of(f.core))


def is_count(exponent: Basic, most: int) -> bool:
    """Whether an exponent is a number from 1 to ``most``."""
    return isinstance(exponent, Integer) and 1 <= exponent.p <= most
