"""Sums, products, powers and transposes: linear in each argument but the power."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from typing import Any

from sympy import Add, Basic, Integer, MatAdd, MatMul, MatPow, Mul, Pow, Rational, Transpose, log

from symmat.core.constructors import add, decimal, finite_sum, make, mul, neg, number, power, shape_of, trace, transpose
from symmat.core.nodes import Decimal, FiniteSum, ScalarFiniteSum
from symmat.core.operation import Linear, Operation, register
from symmat.core.predicate import Condition, Facts, Known
from symmat.core.sums import sum_over
from symmat.core.table import known
from symmat.facts.predicates import (
    NOTHING,
    definite,
    full_column_rank,
    full_row_rank,
    invertible,
    lower,
    minors,
    nonnegative,
    nonzero,
    nonzero_or_higher_power,
    not_null,
    oriented,
    positive,
    principal,
    semidefinite,
    skew,
    symmetric,
    upper,
)
from symmat.facts.transfer import common, congruence, each, first, keeps
from symmat.operations.kronecker import sandwich
from symmat.operations.vec import commutation, vec

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


def power_exists(F: Any) -> Condition | None:
    """Where x^e is smooth in x: anywhere, away from 0, or at positive numbers only."""
    exponent = F.args[1]
    if isinstance(exponent, Integer):
        return nonzero("A") if exponent.p < 0 else None
    return nonzero_or_higher_power("A", "B") if exponent.is_integer else positive("A")


# ---------------------------------------------------------------- facts


def _of_sum(known: Known, *terms: Basic) -> Facts:
    facts = [known(term) for term in terms]
    found = common((nonnegative, semidefinite, symmetric, skew, lower, upper), facts)
    if nonnegative in found and any(positive in f for f in facts):
        found |= {positive}
    if any(f >= definite.facts for f in facts) and all(semidefinite in f or skew in f for f in facts):
        found |= {principal}  # x'(P + K) x = x'P x > 0 for a skew K
    return found


def _of_product(known: Known, *factors: Basic) -> Facts:
    """A product of scalars, and of scalars with matrices."""
    facts = [known(factor) for factor in factors]
    found = common((positive, nonnegative), facts)
    scalars = [known(factor) for factor in factors if not shape_of(factor)]
    matrices = [known(factor) for factor in factors if shape_of(factor)]
    if not matrices:
        return found | common((nonzero,), facts)
    found |= common((lower, upper), matrices)
    if len(matrices) == 1:
        found |= matrices[0] & {symmetric, skew}
    if all(nonzero in s for s in scalars):
        found |= common((full_column_rank, full_row_rank), matrices)
        found |= matrices[0] & {minors, not_null} if len(matrices) == 1 else NOTHING
    if all(positive in s for s in scalars):
        found |= common((oriented,), matrices)
        found |= matrices[0] & {principal} if len(matrices) == 1 else NOTHING
    return found | _of_congruence(known, factors, scalars)


def _of_congruence(known: Known, factors: Sequence[Basic], scalars: Sequence[Facts]) -> Facts:
    """W'M W is positive semidefinite if M is, and definite if M is and the columns of W are independent."""
    parts = congruence(factors)
    if parts is None:
        return NOTHING
    middle, right = ([known(a) for a in part] for part in parts)
    found = common((symmetric,), middle)
    if all(semidefinite in m for m in middle) and all(nonnegative in s for s in scalars):
        found |= {semidefinite}
    if all(m >= definite.facts for m in middle) and all(nonzero in s for s in scalars):
        found |= common((full_column_rank,), right)
        found |= common((not_null,), right) if len(right) <= 1 else NOTHING
    return found


def _of_transpose(known: Known, A: Basic) -> Facts:
    swap = {full_column_rank: full_row_rank, full_row_rank: full_column_rank, lower: upper, upper: lower}
    return frozenset(swap.get(fact, fact) for fact in known(A))


def raised(known: Known, base: Basic, exponent: Basic) -> Facts:
    """A power of a number, and of every entry."""
    found = known(base) & {positive, nonnegative, nonzero}
    if isinstance(exponent, Integer) and exponent.p % 2 == 0:
        found |= {nonnegative}
    return found | {nonzero} if isinstance(exponent, Rational) and exponent.p < 0 else found


def _of_power(known: Known, base: Basic, exponent: Basic) -> Facts:
    kept = {nonnegative, symmetric, semidefinite, full_column_rank, full_row_rank, oriented, lower, upper}
    own = known(base)
    found = own & kept
    if isinstance(exponent, Integer) and exponent.p % 2 == 0:
        found |= {semidefinite} if symmetric in own else NOTHING
        found |= {oriented} if full_column_rank in own else NOTHING
    return found


def _is_positive(known: Known, *factors: Basic) -> Sequence[Condition] | None:
    rest = [factor for factor in factors if positive not in known(factor)]
    return [positive(mul(*rest))] if 0 < len(rest) < len(factors) else None


def _is_not_null(known: Known, *factors: Basic) -> Sequence[Condition] | None:
    """c A ≠ 0 where c ≠ 0 and A ≠ 0."""
    return each(not_null)(known, *factors) if sum(map(bool, map(shape_of, factors))) <= 1 else None


def _is_nonzero(known: Known, *factors: Basic) -> Sequence[Condition] | None:
    return each(nonzero)(known, *factors) if not any(map(shape_of, factors[:-1])) else None


def _is_invertible(known: Known, *factors: Basic) -> Sequence[Condition] | None:
    """A product of square matrices is invertible where each of them is."""
    sizes = {size for factor in factors for size in shape_of(factor)}
    return [(invertible if shape_of(a) else nonzero)(a) for a in factors] if len(sizes) == 1 else None


# ---------------------------------------------------------------- records


_SAME = Linear(push=lambda F, i, E: E, adjoint=lambda F, i, G: G, vec=lambda F, i: None)
_FACTOR = Linear(push=_push_product, adjoint=_pull_product, vec=_vec_product)
for summing in (Add, MatAdd):
    register(
        Operation(
            node=summing,
            name="sum rule",
            linear=_SAME,
            facts=_of_sum,
            value=lambda xp, *terms: reduce(operator.add, terms),
            reference="Magnus & Neudecker, ch. 8, (3)",
        )
    )
for multiplying, iff in (
    (Mul, ((positive, _is_positive), (nonzero, each(nonzero)))),
    (MatMul, ((not_null, _is_not_null), (nonzero, _is_nonzero), (invertible, _is_invertible))),
):
    register(
        Operation(
            node=multiplying,
            name="product rule",
            linear=_FACTOR,
            facts=_of_product,
            iff=iff,
            value=lambda xp, *factors: xp.kernels.product(*factors),
            reference="Magnus & Neudecker, ch. 8, (14)",
        )
    )
for repeating in (FiniteSum, ScalarFiniteSum):
    register(
        Operation(
            node=repeating,
            name="sum rule",
            differential=lambda F, body, *range_: finite_sum(range_[-1], *range_[:-1]),
            facts=keeps(nonnegative, symmetric, skew, semidefinite),
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
        facts=_of_transpose,
        iff=((not_null, first(not_null)), (nonzero, first(nonzero)), (invertible, first(invertible))),
        value=lambda xp, A: A.T,
        reference="Magnus & Neudecker, ch. 8, (17)",
    )
)
register(
    Operation(
        node=MatPow,
        name="power rule",
        differential=_power_differential,
        condition=lambda F: None if isinstance(F.args[1], Integer) else nonnegative("B"),
        facts=_of_power,
        iff=((invertible, first(invertible)),),
        value=lambda xp, A, k: xp.linalg.matrix_power(A, int(k)),
        reference="Magnus & Neudecker, ch. 8, sec. 8",
    )
)
register(
    Operation(
        node=Pow,
        name="power rule",
        differential=(_scalar_power_base, lambda F, s, e, E: mul(F, make(log, s), E)),
        condition=power_exists,
        facts=raised,
        iff=((nonzero, first(nonzero)),),
        value=lambda xp, x, e: x**e,
        reference="Magnus & Neudecker, ch. 8, (10)",
    )
)
