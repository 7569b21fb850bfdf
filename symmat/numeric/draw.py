"""Random arguments for an expression: general ones, for which its value exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from sympy import Basic, Integer, MatPow

from symmat.core.constructors import is_one
from symmat.core.nodes import Index
from symmat.core.operation import find_operation
from symmat.core.predicate import Predicate
from symmat.core.structure import properties
from symmat.core.table import learnt
from symmat.core.walks import postorder, symbols
from symmat.errors import ValueProblem
from symmat.facts import predicates as p
from symmat.numeric.demands import evaluated
from symmat.numeric.function import NumericFunction, lower
from symmat.numeric.ranks import shape_of
from symmat.numeric.sizes import affordable
from symmat.numeric.structure import structured

TRIES = 400
WORST_CONDITION = 200.0
SMALLEST = 0.05
HIGH_POWER = 8
LARGEST = 1e100
"""The norms of larger values, and of their derivatives, overflow."""

Arguments = dict[Basic, Any]


def draw(
    F: Basic, wanted: Sequence[Basic], rng: np.random.Generator, sizes: Iterator[Arguments] | None = None
) -> Arguments:
    """A value for each of the ``wanted`` symbols, at which every operation of F is well conditioned.

    Matrices are full and unsymmetric, scalars lie between a half and two; where none is found soon, as for log(A X b),
    entries are positive, and away from 0.  ``sizes`` are those to try, if not any that F can be computed at.  Raises
    ValueProblem where no such arguments are found.
    """
    wanted_of, raised, fitted = list(_wanted(F)), _raised(F), _fitted(F)
    for i, chosen in enumerate(islice(sizes or affordable(wanted, {F: 1}, rng), TRIES)):
        values = _values(wanted, chosen, rng, raised, fitted, positive=i >= TRIES // 2)
        if all(test(*(evaluated(f, values) for f in operands)) for operands, test in wanted_of):
            return values
    raise ValueProblem(f"no arguments found in {TRIES} tries at which the expression exists and is well conditioned")


@learnt
def computing(node: Basic) -> NumericFunction:
    """The function that computes an expression, made once for an answer."""
    return lower(node)


def sides_of(symbol: Basic, sizes: Arguments) -> list[int]:
    """Rows and columns in numbers."""
    return [int(side.xreplace({s: Integer(sizes[s]) for s in side.free_symbols})) for side in shape_of(symbol)]


def _raised(F: Basic) -> frozenset[Basic]:
    """The symbols in high powers, which stay in range where the spectral radius is just 1."""
    high = (
        n for n in postorder(F) if type(n) is MatPow and isinstance(n.args[1], Integer) and n.args[1].p > HIGH_POWER
    )
    return frozenset(s for node in high for s in symbols(node))


def _fitted(F: Basic) -> Mapping[Basic, frozenset[str]]:
    """The structures of variables that conditions ask for, such as that of X in chol(X)."""
    found = {}
    for node in postorder(F):
        record = find_operation(type(node))
        asked = None if record is None else record.asks(node)[0]
        if asked is not None and asked.predicate in FITTED:
            found[asked.operands[0]] = frozenset((FITTED[asked.predicate],))
    return found


def _values(
    wanted: Sequence[Basic],
    sizes: Arguments,
    rng: np.random.Generator,
    raised: frozenset[Basic],
    fitted: Mapping[Basic, frozenset[str]],
    positive: bool,
) -> Arguments:
    values = dict(sizes)
    for symbol in wanted:
        shape = shape_of(symbol)
        if shape:
            sides = sides_of(symbol, sizes)
            array = rng.standard_normal([n for n, side in zip(sides, shape, strict=True) if not is_one(side)])
            array = 1 + np.abs(array) if positive else array
            if array.ndim == 2:  # of about unit spectral radius
                array /= np.sqrt(max(sides))
            if symbol in raised and array.ndim == 2 and sides[0] == sides[1]:
                array /= np.max(np.abs(np.linalg.eigvals(array)))
            values[symbol] = array
            declared = properties(symbol) or fitted.get(symbol, frozenset())
            values[symbol] = structured(values[symbol], declared)
        elif symbol not in values:
            values[symbol] = rng.uniform(0.5, 2)
    return values


def _wanted(F: Basic) -> Iterator[tuple[Sequence[NumericFunction], Callable[..., bool]]]:
    """What conditions are asked of, as functions, each with a test that they hold and are far from failing."""
    for node in postorder(F):
        record = find_operation(type(node))
        if record is None:
            continue
        exists, moves = record.asks(node)
        for condition in (exists, None if record.silent else moves):
            test = None if condition is None else WELL.get(condition.predicate)
            if condition is not None and test is not None and not any(map(_has_index, condition.operands)):
                yield [computing(a) for a in condition.operands], test
    yield [computing(F)], lambda value: bool(np.all(np.abs(value) < LARGEST))


def _has_index(root: Basic) -> bool:
    return any(isinstance(node, Index) for node in postorder(root))


def _invertible(value: Any) -> bool:
    return bool(np.all(np.isfinite(value))) and bool(np.linalg.cond(np.atleast_2d(value)) < WORST_CONDITION)


def _oriented(value: Any) -> bool:
    return _invertible(value) and bool(np.linalg.det(np.atleast_2d(value)) > 0)


def _positive(value: Any) -> bool:
    return bool(np.all(value > SMALLEST))


def _nonzero(value: Any, *_: Any) -> bool:
    return bool(np.all(np.abs(value) > SMALLEST))


def _principal(value: Any) -> bool:
    """No eigenvalue near the negative real axis."""
    found = np.linalg.eigvals(value) if np.all(np.isfinite(value)) else np.array([-1.0])
    return bool(np.all((found.real > SMALLEST) | (np.abs(found.imag) > SMALLEST)))


def _minors(value: Any) -> bool:
    """Leading minors away from 0."""
    found = [np.linalg.det(value[:k, :k]) for k in range(1, len(value) + 1)]
    return bool(np.all(np.abs(found) > SMALLEST))


def _definite(value: Any) -> bool:
    return bool(np.all(np.isfinite(value))) and bool(np.linalg.eigvalsh(value)[0] > SMALLEST)


WELL: Mapping[Predicate, Callable[..., bool]] = {
    p.invertible: _invertible,
    p.invertible_in_this_form: _invertible,
    p.oriented: _oriented,
    p.nonzero: _nonzero,
    p.nonzero_or_higher_power: _nonzero,
    p.positive: _positive,
    p.nonnegative: _positive,
    p.below_one: lambda value: bool(np.all(np.abs(value) < 1 - SMALLEST)),
    p.principal: _principal,
    p.minors: _minors,
    p.definite: _definite,
}
"""Whether a condition holds, and is far from failing."""
FITTED: Mapping[Predicate, str] = {p.definite: "spd", p.symmetric: "symmetric"}
"""The structure that a variable is given where such a condition is asked of it."""


def total_symbols(*roots: Basic) -> tuple[Basic, ...]:
    """The symbols that need a value."""
    return tuple(s for s in symbols(*roots) if not isinstance(s, Index))
