"""The increment F(X + dX) − F(X) by degree in dX, with what is left.

Sums, products and what else is linear in each operand expand exactly, and so does the inverse:
(S + D)⁻¹ = S⁻¹ − S⁻¹D S⁻¹ + S⁻¹D (S + D)⁻¹ D S⁻¹.  Anything else is its Taylor polynomial (Magnus & Neudecker, ch. 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from math import factorial, prod

from sympy import Add, Basic, HadamardPower, Integer, Inverse, MatAdd, MatMul, MatPow, Mul, Pow

from symmat.algebra.measures import length, unfolded
from symmat.algebra.normal import normal, normalizer
from symmat.calculus.bounds import bound
from symmat.calculus.derivatives import nth_differential, shown_differentials
from symmat.calculus.fresh import FreshNames
from symmat.calculus.naming import names_after
from symmat.calculus.orders import LONGEST, SHORT
from symmat.calculus.unrolled import unrolled, with_squares
from symmat.core.constructors import (
    add,
    definition,
    differential_symbol,
    finite_sum,
    inverse,
    mul,
    neg,
    number,
    rebuild,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.differential import still
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.operation import find_operation
from symmat.core.structure import is_orthogonal
from symmat.core.sums import index_level
from symmat.core.walks import children, definitions_in, name_of, occurs, postorder, replace
from symmat.effort import sharing
from symmat.errors import LimitProblem, UnsupportedProblem
from symmat.operations.hadamard import entry_product
from symmat.operations.norms import SquaredNorm
from symmat.operations.structure import block_product

READABLE = 400
"""A remainder with more factors than this is left as F(X + dX) − F(X) − …."""
MOST_DEGREES = 64
"""Of a polynomial of a higher degree, and of more than is asked for, only the Taylor polynomial is known."""

Degree = int | None
"""The degree in dX; None is what has no degree, such as (X + dX)⁻¹."""
Parts = Mapping[Degree, Basic]


@dataclass(frozen=True)
class Increment:
    """``terms`` by degree in dX, the exact ``remainder`` (None where it is not known), and a ``bound`` of its norm.

    ``inverses`` are those at X + dX that have to exist for it.
    """

    terms: Mapping[int, Basic]
    remainder: Basic | None = None
    bound: Basic | None = None
    inverses: Sequence[Basic] = ()


@dataclass(frozen=True)
class _Graded:
    """A value, and its increment by degree."""

    value: Basic
    parts: Parts = field(default_factory=dict)

    def all(self) -> Parts:
        """The increment by degree and the value as degree 0, so that dX moves from left to right."""
        known = sorted((d for d in self.parts if d is not None), reverse=True)
        rest: list[Degree] = [None] if None in self.parts else []
        return {d: self.parts[d] for d in (*known, *rest)} | {0: self.value}

    def total(self) -> Basic:
        """The whole increment."""
        return add(*(part for _, part in sorted(self.parts.items(), key=_degrees_first)))

    def highest(self) -> int:
        """The highest degree."""
        return max((d for d in self.parts if d is not None), default=0)


def increment(F: Basic, variables: Sequence[Basic], order: int, names: FreshNames) -> Increment:
    """F(X + dX) − F(X) up to an order, with its remainder; ``names`` are for what it has to define."""
    for variable in variables:
        _refuse_curved(variable)
    directions = {v: differential_symbol(v) for v in variables}
    F = unrolled(F, frozenset(variables))
    first = nth_differential(F, variables, 1).shown
    if unfolded(F, lambda _: False) > READABLE and definitions_in(F):
        return _of_program(F, variables, first, order)
    inverses = _Inverses(order, names)
    try:
        graded = _exact(with_squares(F), directions, inverses)
    except LimitProblem:
        return _of_program(F, variables, first, order)
    found = _taylor(F, variables, order) if graded is None else _up_to(graded, order)
    with sharing(3 / 4):  # the rest is for the remainder
        shown = {1: first} | dict(_written_out(found))
    terms = {d: part for d, part in shown.items() if part is not zero(shape_of(F))}
    if graded is None:
        return Increment(terms)
    left = [part for d, part in sorted(graded.parts.items(), key=_degrees_first) if d is None or d > order]
    if not left:
        return Increment(terms, zero(shape_of(F)), number(0))
    raw = add(*left)
    try:
        remainder = normalizer().within(READABLE, raw)
        raw = normalizer().expanded(raw)
    except LimitProblem:
        if definitions_in(F):
            return _of_program(F, variables, first, order)
        remainder = _difference(replace(F, _moved(directions)), F, terms)
    return Increment(terms, remainder, _short_bound(raw), inverses.moved)


def _written_out(parts: Iterable[tuple[int, Basic]]) -> Iterator[tuple[int, Basic]]:
    """The normal forms of the terms, or a LimitProblem where they are too long all together."""
    total = 0
    for degree, part in parts:
        advice = f"take order {degree - 1}"
        try:
            shown = normalizer().within(5 * LONGEST, part)
        except LimitProblem as problem:
            raise LimitProblem(f"in degree {degree} {problem.message}", advice) from None
        total += length(shown)
        if total > LONGEST:
            raise LimitProblem(f"the terms up to degree {degree} have over {LONGEST:,} symbols", advice)
        yield degree, shown


def _short_bound(raw: Basic) -> Basic | None:
    """A bound of the remainder, if there is one that people read."""
    limit = bound(raw)
    try:
        return limit and normalizer().within(SHORT, limit) and normalizer().expanded(limit)
    except LimitProblem:
        return None


def _of_program(F: Basic, variables: Sequence[Basic], first: Basic, order: int) -> Increment:
    """The differentials of a program, and what is left of its value at X + dX, where each definition S is M_S."""
    depends = occurs(F, frozenset(variables))
    moved = _moved({v: differential_symbol(v) for v in variables})
    names = names_after("M", {node: name_of(node) for node in definitions_in(F) if depends[node]}, (F,))
    for node, name in names.items():
        moved[node] = definition(name, replace(children(node)[0], moved))
    there = replace(F, moved)
    found = {1: first} | dict(_written_out(_taylor(F, variables, order)))
    terms = {d: part for d, part in found.items() if part is not zero(shape_of(F))}
    return Increment(terms, _difference(there, F, terms), None, [there])


def _moved(directions: Mapping[Basic, Basic]) -> dict[Basic, Basic]:
    return {v: add(v, d) for v, d in directions.items()}


def _difference(moved: Basic, F: Basic, terms: Mapping[int, Basic]) -> Basic:
    """F(X + dX) − F(X) − …."""
    return add(moved, *(neg(t) for whole in (F, *terms.values()) for t in summands(whole)))


def summands(node: Basic) -> Sequence[Basic]:
    """The terms of a sum."""
    terms: Sequence[Basic] = node.args if type(node) in (Add, MatAdd) else (node,)
    return terms


def _refuse_curved(variable: Basic) -> None:
    """An error where X + dX leaves the set in which X moves."""
    if is_orthogonal(variable):
        Q = variable.name
        raise UnsupportedProblem(
            f"an increment of an orthogonal variable: {Q} + d{Q} is not orthogonal for a tangent d{Q} of {Q}'{Q} = I",
            "take the differential, or write Q in free parameters, such as (I - S)^-1 (I + S) with S skew",
        )


def _degrees_first(item: tuple[Degree, Basic]) -> tuple[bool, int]:
    return item[0] is None, item[0] or 0


def _up_to(graded: _Graded, order: int) -> Iterator[tuple[int, Basic]]:
    return ((d, graded.parts[d]) for d in range(2, order + 1) if d in graded.parts)


def _taylor(F: Basic, variables: Sequence[Basic], order: int) -> Iterator[tuple[int, Basic]]:
    degree = 1
    try:
        for degree, change in islice(enumerate(shown_differentials(F, variables), 1), 1, order):
            yield degree, mul(number(Fraction(1, factorial(degree))), change)
    except LimitProblem as problem:
        raise LimitProblem(problem.message, f"take order {degree}") from None


# ---------------------------------------------------------------- the exact increment


def _exact(F: Basic, directions: Mapping[Basic, Basic], inverses: _Inverses) -> _Graded | None:
    """The exact increment; None where an operation on the way is neither linear nor an inverse."""
    depends = occurs(F, frozenset(directions))
    done: dict[Basic, _Graded] = {}
    for node in postorder(F):
        if not depends[node]:
            done[node] = _Graded(node)
        elif node in directions:
            done[node] = _Graded(node, {1: directions[node]})
        elif type(node) in DEFINITIONS:
            done[node] = _Graded(node, done[node.args[1]].parts)
        else:
            graded = _of_operation(node, [done[a] for a in children(node)], inverses)
            if graded is None or graded.highest() > inverses.most_degrees:
                return None
            done[node] = graded
    return done[F]


def _of_operation(node: Basic, operands: Sequence[_Graded], inverses: _Inverses) -> _Graded | None:
    if not any(operand.parts for operand in operands):
        return _Graded(node)
    if type(node) is Inverse:
        return inverses.of(operands[0])
    if type(node) in POWERS:
        return None if operands[1].parts else _power(node, operands[0], inverses)
    if type(node) is SquaredNorm:
        return _squared_norm(node, operands[0])
    if type(node) in SUMS:
        body = operands[0]
        return _Graded(node, {d: finite_sum(part, *node.args[1:]) for d, part in body.parts.items()})
    moving = [i for i, operand in enumerate(operands) if operand.parts]
    record = find_operation(type(node))
    if record is None or any(record.slot(i) is None for i in moving):
        return None
    if type(node) in (Mul, MatMul):
        return _product(node, _times, operands)
    if record.additive:
        return _together(node, operands)
    if len(moving) == 1 or type(node) in (Add, MatAdd):
        pushed = ((d, record.push(node, i, part)) for i in moving for d, part in operands[i].parts.items())
        return _Graded(node, _by_degree((d, part) for d, part in pushed if part is not None))
    choices = [operand.all() for operand in operands]
    if prod(map(len, choices)) > READABLE:
        return None
    return _Graded(node, _by_degree(_multilinear(node, choices)))


def _by_degree(parts: Iterable[tuple[Degree, Basic]]) -> Parts:
    """The sum of the parts of each degree."""
    found: dict[Degree, list[Basic]] = {}
    for degree, part in parts:
        found.setdefault(degree, []).append(part)
    return {degree: add(*terms) for degree, terms in found.items()}


def _multilinear(node: Basic, choices: Sequence[Parts]) -> Iterator[tuple[Degree, Basic]]:
    """f(A + a, B + b) − f(A, B) of what is linear in each operand."""
    for degrees in product(*choices):
        if any(degree != 0 for degree in degrees):
            chosen = [choice[degree] for choice, degree in zip(choices, degrees, strict=True)]
            yield _joined(*degrees), rebuild(node, chosen)


def _joined(*degrees: Degree) -> Degree:
    """The degree of a product."""
    known = [d for d in degrees if d is not None]
    return sum(known) if len(known) == len(degrees) else None


def _together(node: Basic, operands: Sequence[_Graded]) -> _Graded:
    """What is linear in all operands together: f(A + a, B + b) − f(A, B) = f(a, b)."""
    degrees = dict.fromkeys(d for operand in operands for d in operand.parts)
    return _Graded(node, {d: rebuild(node, [o.parts.get(d) or still(o.value) for o in operands]) for d in degrees})


def _times(left: Basic, right: Basic) -> Basic:
    return block_product(left, right) or mul(left, right)


def _product(node: Basic, times: Callable[[Basic, Basic], Basic], operands: Sequence[_Graded]) -> _Graded | None:
    """(A + a)(B + b)(C + c) − A B C by degree, two factors at a time."""
    degrees = [operand.highest() for operand in operands if operand.parts]
    if len(degrees) > 1 and sum(degrees) > MOST_DEGREES:
        return None
    result = operands[0]
    for operand in operands[1:]:
        pairs = product(result.all().items(), operand.all().items())
        parts = _by_degree((_joined(a, b), times(left, right)) for (a, left), (b, right) in pairs if (a, b) != (0, 0))
        result = _Graded(times(result.value, operand.value), parts)
    return _Graded(node, result.parts)


def _squared_norm(node: Basic, X: _Graded) -> _Graded | None:
    """‖X‖² = tr(X'X)."""
    turned = _Graded(transpose(X.value), {d: transpose(part) for d, part in X.parts.items()})
    found = _product(node, _times, [turned, X])
    return found and _Graded(node, {d: trace(part) for d, part in found.parts.items()})


POWERS: Mapping[type[Basic], Callable[[Basic, Basic], Basic]] = {
    MatPow: _times,
    Pow: _times,
    HadamardPower: entry_product,
}
"""What a power is a product in."""


def _power(node: Basic, base: _Graded, inverses: _Inverses) -> _Graded | None:
    """A power with a number for its exponent is a product, of inverses where it is negative."""
    exponent = normal(node.args[1])
    if exponent == 0:
        return _Graded(node)  # X^0 is I
    k = int(exponent.p) if isinstance(exponent, Integer) else 0
    if k < 0 and type(node) is Pow:
        over = inverses.of(base)
        if over is None:
            return None
        base, k = over, -k
    return _product(node, POWERS[type(node)], [base] * k) if 1 <= k <= MOST_DEGREES else None


class _Inverses:
    """Increments of inverses up to an order; the increment D of the operand has a name where it is no symbol."""

    def __init__(self, order: int, names: FreshNames) -> None:
        self._order = order
        self.most_degrees = max(order, MOST_DEGREES)
        self._names = names
        self._named: dict[Basic, Basic] = {}
        self.moved: list[Basic] = []

    def of(self, operand: _Graded) -> _Graded | None:
        """Σ_j (−S⁻¹D)^j S⁻¹ up to the order N, and the rest (−S⁻¹D)^N (S + D)⁻¹ (−D) S⁻¹."""
        if self._order * operand.highest() > self.most_degrees:
            return None
        over = inverse(operand.value)
        step: Parts = {0: over}
        parts: list[tuple[Degree, Basic]] = []
        for j in range(1, self._order + 1):
            pairs = product(step.items(), operand.parts.items())
            step = _by_degree((_joined(a, b), mul(left, part, over)) for (a, left), (b, part) in pairs)
            parts += ((degree, neg(part) if j % 2 else part) for degree, part in step.items())
        D = self._name(operand.total())
        moved = inverse(add(operand.value, D))
        self.moved.append(normal(moved))
        rest = mul(*[over, D] * self._order, moved, D, over)
        return _Graded(over, _by_degree([*parts, (None, rest if self._order % 2 else neg(rest))]))

    def _name(self, change: Basic) -> Basic:
        if not children(change) or index_level(change):  # what has an index cannot be defined outside of its sum
            return change
        body = normalizer().within(READABLE, change)
        if body not in self._named:
            wanted = ("D", "E", "H") if shape_of(body) else ("δ", "ε")
            self._named[body] = definition(self._names.take(*wanted), body)
        return self._named[body]
