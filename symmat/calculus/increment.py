"""The increment F(X + dX) − F(X) by degree in dX, with what is left.

Sums, products and what else is linear in each operand expand exactly, and so does the inverse:
(S + D)⁻¹ = S⁻¹ − S⁻¹D S⁻¹ + S⁻¹D (S + D)⁻¹ D S⁻¹.  Anything else is its Taylor polynomial (Magnus & Neudecker, ch. 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import factorial

from sympy import (
    Abs,
    Add,
    Basic,
    HadamardProduct,
    Integer,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    Pow,
    Rational,
    Trace,
    Transpose,
)

from symmat.calculus.derivatives import nth_differential
from symmat.calculus.differential import differential
from symmat.calculus.projection import refuse_second_order
from symmat.errors import LimitProblem
from symmat.expressions.constructors import (
    add,
    definition,
    differential_symbol,
    inverse,
    is_one,
    make,
    mul,
    neg,
    number,
    power,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.expressions.nodes import DEFINITIONS
from symmat.expressions.normal import normal, normalizer
from symmat.expressions.operation import find_operation
from symmat.expressions.walks import children, occurs, postorder, replace, symbols
from symmat.operations.kronecker import Vec
from symmat.operations.norms import Norm, SquaredNorm
from symmat.operations.triangles import (
    LowerTriangle,
    StrictLowerTriangle,
    StrictUpperTriangle,
    SymmetricPart,
    UpperTriangle,
)

MULTILINEAR = (Mul, MatMul, HadamardProduct, KroneckerProduct)
ADDITIVE = (Add, MatAdd)
NORM_KEEPING = (Transpose, Vec, LowerTriangle, UpperTriangle, StrictLowerTriangle, StrictUpperTriangle, SymmetricPart)
"""Linear operations whose value is no larger than their operand."""
READABLE = 400
"""A remainder with more factors than this is left as F(X + dX) − F(X) − …."""
MOST_POWERS = 12


@dataclass(frozen=True)
class Increment:
    """``terms`` by degree in dX, the exact ``remainder`` (None where it is not known), and a ``bound`` of its norm."""

    terms: Mapping[int, Basic]
    remainder: Basic | None
    bound: Basic | None


@dataclass
class _Graded:
    """A value, its increment by degree, and what has no degree."""

    value: Basic
    degrees: dict[int, Basic] = field(default_factory=dict)
    rest: list[Basic] = field(default_factory=list)

    def total(self) -> Basic:
        """The whole increment."""
        return add(*(self.degrees[d] for d in sorted(self.degrees)), *self.rest)

    def parts(self) -> Iterator[tuple[int | None, Basic]]:
        """The value as degree 0, and the increment by degree; None is no degree."""
        yield from sorted(self.degrees.items(), reverse=True)  # so that dX moves from left to right
        yield from ((None, part) for part in self.rest)
        yield 0, self.value

    def increments(self) -> Iterator[tuple[int | None, Basic]]:
        """The increment by degree."""
        yield from self.degrees.items()
        yield from ((None, part) for part in self.rest)

    def add(self, degree: int | None, part: Basic) -> None:
        """Add to a degree."""
        if degree is None:
            self.rest.append(part)
        else:
            self.degrees[degree] = add(self.degrees[degree], part) if degree in self.degrees else part


def increment(F: Basic, variables: Sequence[Basic], order: int) -> Increment:
    """F(X + dX) − F(X) up to an order, with its remainder."""
    directions = {v: differential_symbol(v) for v in variables}
    for variable in variables:
        refuse_second_order(variable)
    squares = {n: _square(n.args[0]) for n in postorder(F) if type(n) is SquaredNorm}
    graded = _exact(replace(F, squares) if squares else F, directions, order)
    if graded is None:
        return Increment(dict(_taylor(F, directions, order)), None, None)
    normal(F)
    terms = {d: normal(part) for d, part in sorted(graded.degrees.items()) if d <= order}
    if 1 in terms:
        terms[1] = nth_differential(F, variables, 1).shown
    left = [part for d, part in sorted(graded.degrees.items()) if d > order] + graded.rest
    terms = {d: part for d, part in terms.items() if part is not zero(shape_of(F))}
    if not left:
        return Increment(terms, zero(shape_of(F)), number(0))
    raw = add(*left)
    try:
        remainder = normalizer().within(READABLE, raw)
    except LimitProblem:
        moved = replace(F, {v: add(v, d) for v, d in directions.items()})
        remainder = add(moved, neg(F), *map(neg, terms.values()))
        return Increment(terms, remainder, None)
    limit = bound(normalizer().expanded(raw))
    if limit is not None:
        normal(limit)
    return Increment(terms, remainder, None if limit is None else normalizer().expanded(limit))


def _square(X: Basic) -> Basic:
    return trace(mul(transpose(X), X))


def _taylor(F: Basic, directions: Mapping[Basic, Basic], order: int) -> Iterator[tuple[int, Basic]]:
    change: Basic | None = F
    normal(F)
    for degree in range(1, order + 1):
        change = differential(change, directions) if change is not None else None
        if change is None:
            return
        yield degree, normal(mul(number(Fraction(1, factorial(degree))), change))


def _exact(F: Basic, directions: Mapping[Basic, Basic], order: int) -> _Graded | None:
    """The exact increment; None where an operation on the way is neither linear nor an inverse."""
    depends = occurs(F, frozenset(directions))
    done: dict[Basic, _Graded] = {}
    for node in postorder(F):
        if not depends[node]:
            done[node] = _Graded(node)
        elif node in directions:
            done[node] = _Graded(node, {1: directions[node]})
        elif type(node) in DEFINITIONS:
            inner = done[node.args[1]]
            done[node] = _Graded(node, inner.degrees, inner.rest)
        else:
            operands = [done[a] for a in children(node)]
            if type(node) is Inverse:
                done[node] = _of_inverse(node, operands[0], order)
                continue
            graded = _of_operation(node, operands)
            if graded is None:
                return None
            done[node] = graded
    return done[F]


def _of_operation(node: Basic, operands: Sequence[_Graded]) -> _Graded | None:
    if type(node) in (MatPow, Pow):
        exponent = node.args[1]
        if not (isinstance(exponent, Integer) and 1 <= exponent.p <= MOST_POWERS):
            return None
        return _product(node, [operands[0]] * int(exponent.p))
    moving = [i for i, operand in enumerate(operands) if operand.degrees or operand.rest]
    record = find_operation(type(node))
    if record is None or any(record.slot(i) is None for i in moving):
        return None
    if type(node) in MULTILINEAR and len(moving) > 1:
        return _product(node, operands)
    if len(moving) > 1 and type(node) not in ADDITIVE:
        return None
    result = _Graded(node)
    for i in moving:
        for degree, part in operands[i].increments():
            pushed = record.push(node, i, part)
            if pushed is not None:
                result.add(degree, pushed)
    return result


def _product(node: Basic, operands: Sequence[_Graded]) -> _Graded:
    """(A + a)(B + b)(C + c) − A B C by degree, two factors at a time."""
    result = operands[0]
    for operand in operands[1:]:
        longer = _Graded(_times(node, result.value, operand.value))
        for (a, left), (b, right) in product(list(result.parts()), list(operand.parts())):
            if (a, b) != (0, 0):
                longer.add(None if a is None or b is None else a + b, _times(node, left, right))
        result = longer
    return result


def _times(node: Basic, left: Basic, right: Basic) -> Basic:
    return make(type(node), left, right) if type(node) in (HadamardProduct, KroneckerProduct) else mul(left, right)


def _of_inverse(node: Basic, operand: _Graded, order: int) -> _Graded:
    """Σ_j (−S⁻¹D)^j S⁻¹ up to the order N, and the rest (−S⁻¹D)^N (S + D)⁻¹ (−D) S⁻¹."""
    result = _Graded(node)
    steps: list[tuple[int | None, Basic]] = [(0, node)]
    for j in range(1, order + 1):
        steps = [
            (None if a is None or b is None else a + b, mul(left, part, node))
            for (a, left), (b, part) in product(steps, list(operand.increments()))
        ]
        for degree, part in steps:
            result.add(degree, neg(part) if j % 2 else part)
    D = operand.total()
    if children(D):
        taken = {s.name for s in symbols(node)}
        D = definition(next(name for name in ("D", "E", "H", "D_1", "D_2", "D_3") if name not in taken), normal(D))
    rest = mul(*[node, D] * order, inverse(add(operand.value, D)), D, node)
    result.rest.append(rest if order % 2 else neg(rest))
    return result


# ---------------------------------------------------------------- bounds


def bound(root: Basic) -> Basic | None:
    """A bound of the Frobenius norm: ‖A B‖ ≤ ‖A‖ ‖B‖, ‖A'‖ = ‖A‖, |tr(A B)| ≤ ‖A‖ ‖B‖; None where none is known."""
    done: dict[Basic, Basic | None] = {}
    for node in postorder(root, skip=_has_own_norm):
        done[node] = _bound(node, [done.get(a, _own_norm(a)) for a in children(node)])
    return done.get(root, _own_norm(root) if _has_own_norm(root) else None)


def _has_own_norm(node: Basic) -> bool:
    return type(node) is Inverse or type(node) in DEFINITIONS or not children(node)


def _own_norm(node: Basic) -> Basic:
    """‖A‖ or |λ| of what is not taken apart."""
    if isinstance(node, Rational):
        return number(abs(Fraction(int(node.p), int(node.q))))
    return make(Norm, node) if shape_of(node) else make(Abs, node)


def _bound(node: Basic, parts: Sequence[Basic | None]) -> Basic | None:
    if _has_own_norm(node):
        return _own_norm(node)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if type(node) in ADDITIVE:
        return add(*known)
    if type(node) in (*MULTILINEAR, Trace) or type(node) in NORM_KEEPING:
        if type(node) is Trace and not is_one(shape_of(node.args[0])[0]) and type(node.args[0]) is not MatMul:
            return mul(shape_of(node.args[0])[0], *known)
        return mul(*known)
    if type(node) in (MatPow, Pow) and isinstance(node.args[1], Integer) and node.args[1].p > 0:
        return power(known[0], node.args[1])
    return None if shape_of(node) else make(Abs, node)
