"""How facts pass from operands to a value, and conditions on a value to its operands: the rules that records share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Basic, Transpose

from symmat.core.constructors import shape_of
from symmat.core.predicate import Condition, Facts, Predicate
from symmat.core.structure import structure
from symmat.facts.predicates import (
    full_column_rank,
    full_row_rank,
    nonnegative,
    nonzero,
    positive,
    semidefinite,
    symmetric,
)

Transfer = Callable[..., Facts]
"""``(known, *operands)``: what is known of the value, from what is known of the operands."""
Equivalent = Callable[..., Sequence[Condition] | None]
"""``(known, *operands)``: the conditions on operands that together are one on the value; None where there are none."""


INHERITED = (positive, nonnegative, nonzero, symmetric, semidefinite, full_column_rank, full_row_rank)
"""What a Kronecker product is if all of its factors are (Horn & Johnson, Topics in matrix analysis, ch. 4)."""


def always(*found: Predicate) -> Transfer:
    """What is true of all values."""
    return lambda known, *operands: frozenset(found)


def keeps(*kept: Predicate, always: Sequence[Predicate] = ()) -> Transfer:
    """Facts of the first operand that the value has too, beside those that it always has."""
    return lambda known, A, *_: known(A) & frozenset(kept) | frozenset(always)


def becomes(*changes: tuple[Predicate, Predicate], always: Sequence[Predicate] = ()) -> Transfer:
    """Facts of the first operand, each with what it makes of the value."""
    return lambda known, A, *_: frozenset(after for before, after in changes if before in known(A)) | frozenset(always)


def shared(*wanted: Predicate) -> Transfer:
    """The value has what all operands have."""
    return lambda known, *operands: common(wanted, [known(a) for a in operands])


def common(wanted: Sequence[Predicate], operands: Sequence[Facts]) -> Facts:
    """Those of the facts that all operands have."""
    return frozenset(wanted).intersection(*operands)


def first(predicate: Predicate) -> Equivalent:
    """A predicate of the first operand."""
    return lambda known, A, *_: [predicate(A)]


def each(predicate: Predicate) -> Equivalent:
    """A predicate of every operand."""
    return lambda known, *operands: [predicate(a) for a in operands]


def congruence(factors: Sequence[Basic]) -> tuple[Sequence[Basic], Sequence[Basic]] | None:
    """The middle, none or one factor, and the right half W of a product W'M W; None of any other product."""
    matrices = [a for a in factors if shape_of(a)]
    half = len(matrices) // 2
    for left, right in zip(matrices[:half], reversed(matrices), strict=False):
        if not (_is_transpose(left, right) or _is_transpose(right, left)):
            return None
    return matrices[half : len(matrices) - half], matrices[len(matrices) - half :]


def _is_transpose(left: Basic, right: Basic) -> bool:
    return (type(left) is Transpose and left.args[0] is right) or (left is right and structure(left).sign > 0)
