"""Bounds of the Frobenius norm of a remainder, in the norms of what it is made of.

‖A B‖ ≤ ‖A‖ ‖B‖, the same for A ∘ B and A ⊗ B, and |tr(A B)| ≤ ‖A‖ ‖B‖ (Horn & Johnson, Matrix analysis, sec. 5.6).
A linear map L with L L* L = c L has no singular values but √c and 0, so that ‖L(A)‖ ≤ √c ‖A‖.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from sympy import (
    Abs,
    Add,
    Basic,
    HadamardPower,
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
    ZeroMatrix,
)

from symmat.algebra.build import term_node
from symmat.algebra.normal import normal, normalizer
from symmat.core.constructors import (
    add,
    finite_sum,
    hole,
    inverse,
    is_one,
    make,
    mul,
    neg,
    number,
    power,
    shape_of,
    trace,
)
from symmat.core.nodes import DEFINITIONS, SUMS, SquareRoot
from symmat.core.operation import Operation, find_operation
from symmat.core.table import table
from symmat.core.walks import children, postorder
from symmat.facts.known import known_where, sizes_in
from symmat.facts.predicates import nonnegative
from symmat.operations.norms import Norm

SUMMING = (Add, MatAdd)
MULTIPLYING = (Mul, MatMul, HadamardProduct, KroneckerProduct)
RAISING = (Pow, MatPow, HadamardPower)


def bound(root: Basic) -> Basic | None:
    """A bound of the norm, or of the absolute value of a scalar; None where none is known."""
    return _Bounds(root).of(root)


class _Bounds:
    """The bounds of what an expression is made of."""

    def __init__(self, root: Basic) -> None:
        self._known = known_where(sizes_in(root))
        self._norms: dict[Basic, Basic | None] = {}
        self._traces: dict[Basic, Basic | None] = {}
        for node in postorder(root, skip=_is_whole):
            self._norms[node] = self._norm(node)
            shape = shape_of(node)
            if shape and shape[0] == shape[1]:
                self._traces[node] = self._trace(node)

    def of(self, node: Basic) -> Basic | None:
        """A bound of ‖A‖, which is ‖A‖ itself for what is not taken apart."""
        return self._own(node) if _is_whole(node) else self._norms[node]

    def _own(self, node: Basic) -> Basic:
        if isinstance(node, Rational):
            return node if node.p >= 0 else neg(node)
        if isinstance(node, ZeroMatrix):
            return number(0)
        if shape_of(node):
            return make(Norm, node)
        if type(node) is Mul:
            return mul(*map(self._own, node.args))
        if type(node) is Pow and isinstance(node.args[1], Integer):
            return power(self._own(node.args[0]), node.args[1])
        return node if nonnegative in self._known(node) else make(Abs, node)

    def _norm(self, node: Basic) -> Basic | None:
        if type(node) in SUMMING:
            return _every(add, [self.of(a) for a in node.args])
        if type(node) in MULTIPLYING:
            return _every(mul, [self.of(a) for a in node.args])
        if type(node) in RAISING:
            base, exponent = node.args
            limit = self._own(normal(base)) if exponent.p < 0 else self.of(base)
            return None if limit is None else power(limit, exponent)
        if type(node) is Transpose:
            return self.of(node.args[0])
        if type(node) in SUMS:
            body = self.of(node.args[0])
            return None if body is None else finite_sum(body, *node.args[1:])
        if type(node) is Trace:
            return self._trace_of(node.args[0])
        record = find_operation(type(node))
        moving = [i for i, a in enumerate(children(node)) if table().holes[a]]
        if record is None or (len(moving) > 1 and not record.additive):
            return None
        return _every(add, [self._mapped(node, record, i) for i in moving])

    def _mapped(self, node: Basic, record: Operation, i: int) -> Basic | None:
        """What is linear in one operand."""
        gain, limit = _squared_norm(node, record, i), self.of(node.args[i])
        if gain is None or limit is None:
            return None
        return mul(_root(gain), limit)

    def _trace_of(self, node: Basic) -> Basic | None:
        return self._own_trace(node) if _is_whole(node) else self._traces[node]

    def _trace(self, node: Basic) -> Basic | None:
        """A bound of |tr(A)|."""
        if type(node) in SUMMING:
            return _every(add, [self._trace_of(a) for a in node.args])
        if type(node) is Transpose:
            return self._trace_of(node.args[0])
        if type(node) is MatMul:
            factors = [a for a in node.args if shape_of(a)]
            if len(factors) == 1:
                scalars = [self.of(a) for a in node.args if not shape_of(a)]
                return _every(mul, [*scalars, self._trace_of(factors[0])])
            return self._norms[node]
        return self._norms[node] if type(node) is MatPow else self._own_trace(node)

    def _own_trace(self, node: Basic) -> Basic | None:
        limit = self.of(node)
        return None if limit is None else mul(_root(shape_of(node)[0]), limit)


def _is_whole(node: Basic) -> bool:
    """Whether a node's own norm serves: that of a factor without dX, of a definition or an inverse."""
    if type(node) in RAISING:
        return not isinstance(node.args[1], Integer)
    if type(node) is Inverse or type(node) in DEFINITIONS or not children(node):
        return True
    return not table().holes[node] and type(node) not in (*MULTIPLYING, Transpose)


def _every(build: Callable[..., Basic], parts: list[Basic | None]) -> Basic | None:
    known = [part for part in parts if part is not None]
    return build(*known) if len(known) == len(parts) else None


def _squared_norm(node: Basic, record: Operation, i: int) -> Basic | None:
    """The number c of L L* L = c L, where L is the operation in its operand i; None where there is none."""
    slot = record.slot(i)
    if slot is None:
        return None
    once = slot.push(node, i, hole(shape_of(node.args[i])))
    again = slot.push(node, i, slot.adjoint(node, i, once))
    factors, bodies = [], []
    is_entry = all(map(is_one, shape_of(once)))
    for image in map(trace, (again, once)) if is_entry else (again, once):
        c, scalars, body = normalizer().scaled_out(normalizer().known_terms(image), shape_of(image))
        factors.append(term_node(c, scalars, (), ()))
        bodies.append(body)
    ratio = normal(mul(factors[0], inverse(factors[1])))
    return ratio if bodies[0] is bodies[1] and not table().holes[ratio] else None


def _root(positive: Basic) -> Basic:
    """√c, and n for c = n² of sizes n."""
    terms = normalizer().known_terms(positive)
    if len(terms) != 1:
        return make(SquareRoot, positive)
    [((scalars, _), c)] = terms.items()
    p, q = isqrt(c.numerator), isqrt(c.denominator)
    if Fraction(p, q) ** 2 == c and all(isinstance(e, int) and e % 2 == 0 for _, e in scalars):
        return term_node(Fraction(p, q), tuple((s, e // 2) for s, e in scalars), (), ())
    return make(SquareRoot, positive)
