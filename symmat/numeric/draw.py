"""Random arguments for an expression: general ones, for which its value exists."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from sympy import Basic, Integer, MatPow, Symbol

from symmat.core.constructors import is_one
from symmat.core.nodes import Index
from symmat.core.operation import find_operation
from symmat.core.properties import properties
from symmat.core.table import learnt
from symmat.core.walks import postorder, symbols
from symmat.errors import ValueProblem
from symmat.numeric.function import NumericFunction, lower
from symmat.numeric.plan import shape_of
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
    entries are positive.  ``sizes`` are those to try, if not any that F can be computed at.  Raises ValueProblem where
    no such arguments are found.
    """
    demands, raised = list(_demands(F)), _raised(F)
    for i, chosen in enumerate(islice(sizes or affordable(wanted, {F: 1}, rng), TRIES)):
        values = _values(wanted, chosen, rng, raised, positive=i >= TRIES // 2)
        if all(holds(evaluate(f, values)) for f, holds in demands):
            return values
    raise ValueProblem(f"no arguments found in {TRIES} tries at which the expression exists and is well conditioned")


def evaluate(function: NumericFunction, values: Arguments) -> Any:
    """The function at the values of its symbols; not a number where it does not exist."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of SciPy, that a logarithm has but 12 digits
            return function(**{p.keyword: values[p.symbol] for p in function.parameters})
    except ValueProblem:
        return np.nan


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


def _values(
    wanted: Sequence[Basic], sizes: Arguments, rng: np.random.Generator, raised: frozenset[Basic], positive: bool
) -> Arguments:
    values = dict(sizes)
    for symbol in wanted:
        shape = shape_of(symbol)
        if shape:
            sides = sides_of(symbol, sizes)
            array = rng.standard_normal([n for n, side in zip(sides, shape, strict=True) if not is_one(side)])
            array = np.abs(array) if positive else array
            if array.ndim == 2:  # of about unit spectral radius
                array /= np.sqrt(max(sides))
            if symbol in raised and array.ndim == 2 and sides[0] == sides[1]:
                array /= np.max(np.abs(np.linalg.eigvals(array)))
            values[symbol] = array
            if properties(symbol):
                values[symbol] = structured(values[symbol], properties(symbol))
        elif symbol not in values:
            values[symbol] = rng.uniform(0.5, 2)
    return values


def _demands(F: Basic) -> Iterator[tuple[NumericFunction, Callable[[Any], bool]]]:
    """The operands that must satisfy something, each as a function and a test of its value."""
    for node in postorder(F):
        record = find_operation(type(node))
        if record is None:
            continue
        domain = DOMAINS.get(record.domain(node) if callable(record.domain) else record.domain)
        if domain is not None and not any(isinstance(s, Index) for s in _all_symbols(node.args[0])):
            yield computing(node.args[0]), domain
    yield computing(F), lambda value: bool(np.all(np.abs(value) < LARGEST))


def _all_symbols(root: Basic) -> Iterator[Basic]:
    yield from (node for node in postorder(root) if isinstance(node, Symbol))


def _invertible(value: Any) -> bool:
    return bool(np.all(np.isfinite(value))) and bool(np.linalg.cond(np.atleast_2d(value)) < WORST_CONDITION)


def _orientation_kept(value: Any) -> bool:
    return _invertible(value) and bool(np.linalg.det(np.atleast_2d(value)) > 0)


def _positive(value: Any) -> bool:
    return bool(np.all(value > SMALLEST))


def _away_from_zero(value: Any) -> bool:
    return bool(np.all(np.abs(value) > SMALLEST))


def _positive_spectrum(value: Any) -> bool:
    """No eigenvalue near the negative real axis."""
    found = np.linalg.eigvals(value) if np.all(np.isfinite(value)) else np.array([-1.0])
    return bool(np.all((found.real > SMALLEST) | (np.abs(found.imag) > SMALLEST)))


def _minors(value: Any) -> bool:
    """Leading minors away from 0."""
    found = [np.linalg.det(value[:k, :k]) for k in range(1, len(value) + 1)]
    return bool(np.all(np.abs(found) > SMALLEST))


DOMAINS: dict[str, Callable[[Any], bool]] = {
    "invertible": _invertible,
    "positive determinant": _orientation_kept,
    "not zero": _away_from_zero,
    "positive": _positive,
    "positive spectrum": _positive_spectrum,
    "minors": _minors,
}


def total_symbols(*roots: Basic) -> tuple[Basic, ...]:
    """The symbols that need a value."""
    return tuple(s for s in symbols(*roots) if not isinstance(s, Index))
