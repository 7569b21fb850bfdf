"""Sums, products, powers and transposes: linear in each argument but the power."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from typing import Any

from sympy import Add, Basic, Integer, MatAdd, MatMul, MatPow, Mul, Pow, Rational, Transpose, log

from symmat.core.constructors import add, decimal, finite_sum, make, mul, neg, number, power, shape_of, trace, transpose
from symmat.core.nodes import Decimal, FiniteSum, ScalarFiniteSum
from symmat.core.operation import Linear, Operation, register
from symmat.core.sums import sum_over
from symmat.core.table import known
from symmat.facts.conditions import HAS_POWER, IS_NONNEGATIVE, IS_NOT_ZERO, IS_POSITIVE
from symmat.operations.kronecker import commutation, sandwich, vec

LONGEST_SUM = 256
"""Up to this exponent d(X^k) is written out; above it is a finite sum."""


def product(*factors: Basic | None) -> Basic:
    """The product of the factors that are there."""
    return mul(*(f for f in factors if f is not None))


@known
def affixes(F: Basic) -> list[tuple[Basic | None, Basic | None]]:
    """For each factor the product of those before it and of those after it, shared: linear in their number."""
    args = F.args
    before = [None, *accumulate(args[:-1], mul)]
    after = [None, *accumulate(args[:0:-1], lambda right, left: mul(left, right))]
    return list(zip(before, reversed(after), strict=True))


def _push_product(F: Any, i: int, E: Basic) -> Basic:
    before, after = affixes(F)[i]
    return product(before, E, after)


def _pull_product(F: Any, i: int, G: Basic) -> Basic:
    before, after = affixes(F)[i]
    if not shape_of(F.args[i]):
        rest = product(before, after)
        return trace(mul(transpose(G), rest)) if shape_of(rest) else mul(G, rest)
    return product(_turned(before), G, _turned(after))


def _vec_product(F: Any, i: int) -> Basic:
    factor = F.args[i]
    others = [a for a in F.args if a is not factor and not shape_of(a)]
    before, after = ([a for a in side if shape_of(a)] for side in (F.args[:i], F.args[i + 1 :]))
    if not shape_of(factor):
        rest = [*before, *after]
        return product(*others, vec(mul(*rest)) if rest else None)
    return product(
        *others, sandwich(mul(*before) if before else None, mul(*after) if after else None, shape_of(factor))
    )


def _turned(matrix: Basic | None) -> Basic | None:
    return None if matrix is None else transpose(matrix)


def _power_differential(F: Any, X: Basic, k: Any, E: Basic) -> Basic | None:
    """Σ X^i E X^(k-1-i), i = 0, …, k-1."""
    if k is number(0):
        return None
    if isinstance(k, Integer) and k.p <= LONGEST_SUM:
        return add(*(_push_power(X, number(i), number(k.p - 1 - i), E) for i in range(k.p)))
    last = add(k, number(-1))
    return sum_over(lambda i: _push_power(X, i, add(last, neg(i)), E), number(0), last, (X, k, E))


def _push_power(X: Basic, before: Basic, after: Basic, E: Basic) -> Basic:
    sides = [None if side is number(0) else power(X, side) for side in (before, after)]
    return product(sides[0], E, sides[1])


def less_one(exponent: Basic) -> Basic:
    """e - 1, worked out where it is a number."""
    if not isinstance(exponent, Rational):
        return add(exponent, number(-1))
    value = Fraction(exponent.p, exponent.q) - 1
    return decimal(value) if type(exponent) is Decimal else number(value)


def _scalar_power_base(F: Any, s: Basic, e: Any, E: Basic) -> Basic | None:
    return None if e == 0 else mul(e, power(s, less_one(e)), E)


def power_domain(F: Any) -> str:
    """Where x^e is smooth in x: anywhere, away from 0, or at positive numbers only."""
    exponent = F.args[1]
    if isinstance(exponent, Integer):
        return "not zero" if exponent.p < 0 else ""
    return "not zero" if exponent.is_integer else "positive"


def power_condition(not_zero: str, has_power: str, positive: str) -> Callable[[Any], str]:
    """The condition of x^e in the words for a number, or for entries."""

    def condition(F: Any) -> str:
        domain = power_domain(F)
        if domain == "not zero":
            return not_zero if isinstance(F.args[1], Integer) else has_power
        return positive if domain else ""

    return condition


_SAME = Linear(push=lambda F, i, E: E, adjoint=lambda F, i, G: G, vec=lambda F, i: None)
_FACTOR = Linear(push=_push_product, adjoint=_pull_product, vec=_vec_product)
for summing in (Add, MatAdd):
    register(Operation(node=summing, name="sum rule", linear=_SAME, reference="Magnus & Neudecker, ch. 8, (3)"))
for multiplying in (Mul, MatMul):
    register(
        Operation(node=multiplying, name="product rule", linear=_FACTOR, reference="Magnus & Neudecker, ch. 8, (14)")
    )
for repeating in (FiniteSum, ScalarFiniteSum):
    register(
        Operation(
            node=repeating,
            name="sum rule",
            differential=lambda F, body, *range_: finite_sum(range_[-1], *range_[:-1]),
            reference="Magnus & Neudecker, ch. 8, (3)",
        )
    )
register(
    Operation(
        node=Transpose,
        name="transpose",
        spelling="transpose",
        signature="m×n -> n×m",
        linear=Linear(
            push=lambda F, i, E: transpose(E),
            adjoint=lambda F, i, G: transpose(G),
            vec=lambda F, i: commutation(*shape_of(F.args[0])),
        ),
        reference="Magnus & Neudecker, ch. 8, (17)",
    )
)
register(
    Operation(
        node=MatPow,
        name="power rule",
        differential=_power_differential,
        condition=lambda F: "" if isinstance(F.args[1], Integer) else IS_NONNEGATIVE.replace("{A}", "{B}"),
        reference="Magnus & Neudecker, ch. 8, sec. 8",
    )
)
register(
    Operation(
        node=Pow,
        name="power rule",
        differential=(_scalar_power_base, lambda F, s, e, E: mul(F, make(log, s), E)),
        domain=power_domain,
        condition=power_condition(IS_NOT_ZERO, HAS_POWER, IS_POSITIVE),
        reference="Magnus & Neudecker, ch. 8, (10)",
    )
)
