"""The predicates that records speak of, and what follows from what.

One rule an idea; Horn & Johnson, Matrix analysis, ch. 7, has the proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sympy import Basic

from symmat.core.constructors import is_one, shape_of
from symmat.core.operation import find_operation
from symmat.core.predicate import Facts, Known, Predicate

NOTHING: Facts = frozenset()

positive, nonnegative, nonzero, within_one, below_one, no_pole = (
    Predicate(name, of_entries=True)
    for name in ("positive", "nonnegative", "nonzero", "from -1 to 1", "between -1 and 1", "no odd multiple of π/2")
)
not_null = Predicate("not the zero matrix")
full_column_rank, full_row_rank, full_rank = map(Predicate, ("full column rank", "full row rank", "full rank"))
symmetric, skew, semidefinite = map(Predicate, ("symmetric", "skew", "positive semidefinite"))
oriented = Predicate("positive determinant")
principal = Predicate("no eigenvalue on the closed negative real axis")
minors = Predicate("leading minors that are not 0")

lower, upper = map(Predicate, ("lower triangular", "upper triangular"))

diagonal = Predicate("diagonal", (lower, upper))
definite = Predicate("positive definite", (semidefinite, full_column_rank))
invertible = Predicate("invertible", (full_column_rank, full_row_rank))
invertible_in_this_form = Predicate("invertible in this form", invertible.means)
"""Condition of a matrix whose inverse is in a formula for what exists without it."""


def _some_power(fact: Predicate) -> Callable[..., bool]:
    return lambda known, base, exponent: fact in known(base) or positive in known(exponent)


def _apart(known: Known, A: Basic, B: Basic) -> bool:
    left, right = known(A), known(B)
    return semidefinite in left & right and full_column_rank in left | right


constant_rank = Predicate("constant rank", follows=lambda known, A: full_rank in known(A))
nonzero_or_higher_power, not_null_or_higher_power = (
    Predicate(f"{fact.name}, or raised to 1 or more", follows=_some_power(fact)) for fact in (nonzero, not_null)
)
no_common_eigenvalue = Predicate("no eigenvalue in common with the negative", follows=_apart)
single_largest, single_smallest = map(Predicate, ("a single largest entry", "a single smallest entry"))
EXTREME = {single_largest: "largest", single_smallest: "smallest"}
simple_largest = Predicate("a simple largest singular value")
different = Predicate("different")

STRENGTH = (
    invertible_in_this_form, invertible, not_null, nonzero, within_one, below_one, nonnegative, positive, full_rank,
    oriented, principal, minors, definite, symmetric,
)  # fmt: skip
"""Those that may follow from one another: the weaker of two goes first."""
IMPLICATIONS: Sequence[tuple[Iterable[Predicate], Iterable[Predicate]]] = (
    ((positive,), (nonnegative, nonzero)),
    ((nonnegative, nonzero), (positive,)),
    ((nonzero,), (not_null,)),
    ((below_one,), (within_one,)),
    ((semidefinite,), (symmetric,)),
    ((semidefinite, full_column_rank), (principal, minors)),
    ((principal,), (oriented,)),
    ((oriented,), (full_column_rank, full_row_rank)),
    ((minors,), (full_column_rank, full_row_rank)),
    ((full_column_rank,), (full_rank,)),
    ((full_row_rank,), (full_rank,)),
    ((full_rank,), (not_null,)),
)
SQUARE = (((full_rank,), (full_column_rank, full_row_rank)),)
VECTOR = (((not_null,), (full_column_rank,)),)
SCALAR = (((not_null,), (nonzero,)),)


def closed(found: Iterable[Predicate], node: Basic) -> Facts:
    """The facts of a value with all that they imply."""
    shape = shape_of(node)
    rules = [*IMPLICATIONS]
    if not shape:
        rules += SCALAR
    elif shape[0] == shape[1]:
        rules += SQUARE
    elif is_one(shape[1]):
        rules += VECTOR
    result, before = set(found), -1
    while before != len(result):
        before = len(result)
        for premises, conclusions in rules:
            if result.issuperset(premises):
                result.update(conclusions)
    return frozenset(result)


def extreme(selection: Basic) -> str:
    """Whether an operation takes the ``largest`` or the ``smallest`` of entries; nothing if it is none of these."""
    record = find_operation(type(selection))
    asked = None if record is None or shape_of(selection) else record.asks(selection)[1]
    return "" if asked is None else EXTREME.get(asked.predicate, "")
