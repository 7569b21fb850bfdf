"""What must hold at the arguments of a function, and what is said where it does not.

A condition that a value asks for shows in the numbers: a logarithm of 0, a singular matrix.  It is examined when a call
has failed, to say which.  A kink does not show: |x| has a derivative on either side of 0, and a number comes out.  What
it is asked of is computed with the result, and examined every time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Basic, Integer, Transpose

from symmat.core.constructors import make
from symmat.core.predicate import Condition, Predicate
from symmat.core.structure import STRUCTURES, properties
from symmat.core.walks import postorder
from symmat.errors import UnsupportedProblem, ValueProblem
from symmat.facts import predicates as p
from symmat.numeric.arguments import Parameter, first, shown_place
from symmat.numeric.checked import EPS, is_singular, meet
from symmat.numeric.structure import departure, structured, tangent
from symmat.operations.factorizations import SINGULAR_VALUES
from symmat.operations.inverse import PseudoInverse
from symmat.operations.sums import ColumnSums

Array = Any
Examine = Callable[..., str]
"""What is wrong with the values of the operands; nothing if nothing is."""
ASKED_OF_VALUES = (p.positive, p.oriented)
NEARBY = 1e-6
ONE_SIDED = "numpy(check=False) computes what the formula gives there, between the derivatives on either side"


@dataclass(frozen=True)
class Demand:
    """A condition as it is printed, with the names of its operands and what is looked at to see whether it holds."""

    predicate: Predicate
    text: str
    names: Sequence[str]
    seen: tuple[Basic, ...]
    extreme: str = ""
    by_column: bool = False

    @classmethod
    def of(cls, condition: Condition, text: str, names: Sequence[str]) -> Demand | None:
        """The demand of a condition: its operands are looked at, or what shows their rank at once.

        There is none of what is asked for every index of a sum.
        """
        if condition.every:
            return None
        predicate, operands, selection = condition.predicate, condition.operands, condition.selection
        if predicate in WITNESSES:
            return cls(predicate, text, names, (*operands, WITNESSES[predicate](operands[0])))
        if selection is None:
            return cls(predicate, text, names, operands)
        [measure] = selection.args
        turned = any(type(node) is Transpose and node.args[0] is operands[0] for node in postorder(measure))
        by_column = (type(measure) is ColumnSums) != turned
        return cls(predicate, text, names, (*operands, measure), p.extreme(selection), by_column)

    def broken(self, *values: Array) -> str:
        """In what way values of ``seen`` break it; nothing if they do not."""
        examine, selected = EXAMINED.get(self.predicate), self._selected(values)
        if examine is None or not all(np.size(v) and np.all(np.isfinite(v)) for v in selected):
            return ""
        with np.errstate(all="ignore"):
            detail = examine(*selected)
        for i, name in enumerate(self.names):
            if not name.isidentifier():
                detail = detail.replace(f"{{{i}}}[", f"({{{i}}})[")
        return f"it must hold that {self.text}: {detail.format(*self.names)}" if detail else ""

    def defects(self, *values: Array) -> int:
        """How often it is broken."""
        return int(DEFECTS[self.predicate](*self._selected(values)))

    @property
    def counts(self) -> bool:
        """Whether it is known how often it is broken."""
        return self.predicate in DEFECTS

    def _selected(self, values: Sequence[Array]) -> Sequence[Array]:
        """The values, or only the entries of which the condition is asked."""
        if not self.extreme or not all(map(np.size, values)):
            return values
        *values, measure = values
        ends = measure == (np.min if self.extreme == "smallest" else np.max)(measure)
        if self.by_column:
            return [v[..., ends] if np.ndim(v) == 2 else v for v in values]
        return [v[ends] if np.ndim(v) else v for v in values]


class Demands:
    """The demands of one function.  ``find`` lists the conditions of its value, or those that are silent."""

    def __init__(self, find: Callable[[bool], list[Demand]], lower: Callable[[Basic], Any], variables: Sequence[Basic]):
        self._find, self._lower, self._variables = find, lower, variables
        self._moving: dict[str, Basic] = {}
        self._functions: list[tuple[Demand, list[Any]]] | None = None
        self.silent = [demand for demand in find(True) if demand.counts]
        self.source = ""

    def __getstate__(self) -> dict[str, Any]:
        """Without nodes, which do not travel between processes: with the functions that compute them."""
        silent = [replace(demand, seen=demand.seen and (Integer(0),) * len(demand.seen)) for demand in self.silent]
        functions = [(replace(demand, seen=()), list(parts)) for demand, parts in self._parts()]
        return self.__dict__ | {"_find": None, "_lower": None, "silent": silent, "_functions": functions}

    def watch(self, source: str, parameters: Sequence[Parameter]) -> None:
        """Examine the silent demands beside the value, in a source that computes what they look at too."""
        self.source = source
        self._moving = {p.keyword: p.symbol for p in parameters if p.symbol in self._variables}

    def keep(self, wanted: Callable[[Demand], bool]) -> None:
        """Only those silent demands that are wanted."""
        self.silent = [demand for demand in self.silent if wanted(demand)]

    def _parts(self) -> list[tuple[Demand, list[Any]]]:
        """Each demand, with the functions of what is looked at; worked out when the first call fails."""
        if self._functions is None:
            self._functions = []
            for demand in self._find(False):
                try:
                    parts = [self._lower(node) for node in demand.seen]
                except UnsupportedProblem:  # an operand with the index of a sum
                    continue
                self._functions.append((demand, parts))
        return self._functions

    def broken(self, given: Mapping[Basic, Any]) -> str:
        """Which demand the arguments break, and how; nothing if none is known to be broken."""
        for demand, parts in self._parts():
            if all(p.symbol in given for part in parts for p in part.parameters):
                values = [evaluated(part, given) for part in parts]
                found = demand.broken(*values)
                if found:
                    return found
        return ""

    def examine(self, seen: Sequence[Array], given: Mapping[str, Any], function: Callable[..., Any]) -> None:
        """Raise ValueProblem where a silent demand is broken: a kink, if it is not there at all arguments nearby."""
        moved: Sequence[Array] | None = None
        at = 0
        for demand in self.silent:
            places = slice(at, at := at + len(demand.seen))
            count = demand.defects(*seen[places])
            if not count:
                continue
            if demand.predicate not in ASKED_OF_VALUES and moved is None:
                moved = self._seen_nearby(given, function)
            if demand.predicate in ASKED_OF_VALUES or moved is None or demand.defects(*moved[places]) < count:
                fixed = [np.equal(v, 0) for v in moved[places]] if moved is not None else [False] * len(demand.seen)
                values = [np.where(zero, 1.0, v) for zero, v in zip(fixed, seen[places], strict=True)]
                raise ValueProblem(demand.broken(*values) or f"it must hold that {demand.text}", ONE_SIDED)

    def _seen_nearby(self, given: Mapping[str, Any], function: Callable[..., Any]) -> Sequence[Array] | None:
        """What is looked at, nearby; None where nothing comes out."""
        try:
            with np.errstate(all="ignore"):
                _, *seen = function(**self._nearby(given))
                return list(seen)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None

    def _nearby(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments nearby, with the structure that is declared of them."""
        rng = np.random.default_rng(0)
        moved = dict(given)
        for keyword, variable in self._moving.items():
            at = given[keyword]
            direction = rng.standard_normal(np.shape(at)) * (1 + np.max(np.abs(at), initial=0.0))
            allowed = frozenset(STRUCTURES[name].tangent for name in properties(variable)) - {""}
            moved[keyword] = at + NEARBY * tangent(variable, at, structured(direction, allowed))
        return moved


def evaluated(function: Any, given: Mapping[Basic, Any]) -> Array:
    """A function at values of its symbols; not a number where it does not exist."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of SciPy, that a logarithm has but 12 digits
            return function(**{p.keyword: given[p.symbol] for p in function.parameters})
    except ValueProblem:
        return np.nan


def entries(test: Callable[[Array], Array]) -> Examine:
    """Every entry passes."""

    def examine(A: Array, *_: Array) -> str:
        place = first(~test(np.asarray(A)))
        return "" if place is None else f"{{0}}{shown_place(place)} is {np.asarray(A)[place]:.6g}"

    return examine


def pairs(test: Callable[[Array, Array], Array]) -> Examine:
    """Every pair of entries passes; a number stands beside every entry."""

    def examine(A: Array, B: Array) -> str:
        both = np.broadcast_arrays(A, B)
        place = first(~test(*both))
        return (
            ""
            if place is None
            else " and ".join(
                f"{{{i}}}{shown_place(place) if np.ndim(v) else ''} is {w[place]:.6g}"
                for i, (v, w) in enumerate(zip((A, B), both, strict=True))
            )
        )

    return examine


def _not_null(A: Array) -> str:
    return "" if np.any(A) else "{0} is 0"


def _invertible(A: Array) -> str:
    return "it is singular to working precision" if is_singular(np.atleast_2d(A)) else ""


def _definite(A: Array) -> str:
    departs = departure("spd", A, True)
    return f"{departs}" if departs else ""


def _oriented(A: Array) -> str:
    sign, size = np.linalg.slogdet(A)
    return f"its determinant is {sign * np.exp(size):.6g}" if sign <= 0 else ""


def _spectrum(A: Array) -> str:
    values = np.linalg.eigvals(A)
    bad = [v.real for v in values if v.real <= 0 and abs(v.imag) <= EPS * len(A) * np.max(np.abs(values))]
    return f"{{0}} has the eigenvalue {min(bad):.6g}" if bad else ""


def _minors(A: Array) -> str:
    for k in range(1, len(A)):
        if is_singular(A[:k, :k]):
            return f"the leading minor of order {k} is 0"
    return ""


def _common(A: Array, B: Array) -> str:
    return "to working precision they have" if meet(np.linalg.eigvals(A), -np.linalg.eigvals(B)) else ""


def _lacking_by_values(A: Array, values: Array) -> Any:
    """How much of its rank a matrix lacks, from its singular values."""
    A, values = np.atleast_2d(A), np.atleast_1d(values)
    return min(A.shape) - np.count_nonzero(values > EPS * max(A.shape) * np.max(values, initial=0.0))


def _lacking_by_inverse(A: Array, P: Array) -> Any:
    """How much of its rank a matrix lacks, from its pseudoinverse: rank A = tr(P A)."""
    A = np.atleast_2d(A)
    return min(A.shape) - round(float(np.vdot(np.transpose(P).reshape(A.shape), A)))


def _rank(lacking: Callable[[Array, Array], Any]) -> Examine:
    def examine(A: Array, witness: Array) -> str:
        missing, whole = lacking(A, witness), min(np.atleast_2d(A).shape)
        return f"the rank of {{0}} is {whole - missing}, and may change to {whole}" if missing else ""

    return examine


def _equal_largest(_: Array, values: Array) -> bool:
    values = np.atleast_1d(values)
    return len(values) > 1 and bool(values[0] - values[1] <= EPS * len(values) * values[0])


def _simple(A: Array, values: Array) -> str:
    return f"the two largest are {np.max(values):.6g}" if _equal_largest(A, values) else ""


def _only(extreme: Callable[[Array], Array]) -> Examine:
    def examine(x: Array) -> str:
        places = np.flatnonzero(x == extreme(x))
        return f"{{0}}[{places[0] + 1}] and {{0}}[{places[1] + 1}] are {extreme(x):.6g}" if len(places) > 1 else ""

    return examine


EXAMINED: Mapping[Predicate, Examine] = {
    p.positive: entries(lambda A: A > 0),
    p.nonnegative: entries(lambda A: A >= 0),
    p.nonzero: entries(lambda A: A != 0),
    p.not_null: _not_null,
    p.within_one: entries(lambda A: np.abs(A) <= 1),
    p.below_one: entries(lambda A: np.abs(A) < 1),
    p.nonzero_or_higher_power: pairs(lambda A, b: (A != 0) | (b >= 1)),
    p.not_null_or_higher_power: lambda A, b: "" if b >= 1 else _not_null(A),
    p.invertible: _invertible,
    p.invertible_in_this_form: _invertible,
    p.definite: _definite,
    p.symmetric: lambda A: departure("symmetric", A, False),
    p.oriented: _oriented,
    p.principal: _spectrum,
    p.minors: _minors,
    p.no_common_eigenvalue: _common,
    p.full_rank: _rank(_lacking_by_values),
    p.constant_rank: _rank(_lacking_by_inverse),
    p.single_largest: _only(np.max),
    p.single_smallest: _only(np.min),
    p.simple_largest: _simple,
    p.different: pairs(lambda A, B: A != B),
}
WITNESSES: Mapping[Predicate, Callable[[Basic], Basic]] = {
    p.constant_rank: lambda A: make(PseudoInverse, A),
    p.full_rank: lambda A: make(SINGULAR_VALUES, A),
    p.simple_largest: lambda A: make(SINGULAR_VALUES, A),
}
"""What shows whether a condition holds, and is computed anyway or cheaply: the rank is the trace of X⁺ X."""
DEFECTS: Mapping[Predicate, Callable[..., Any]] = {
    p.positive: lambda A: np.size(A) - np.count_nonzero(np.greater(A, 0)),
    p.oriented: np.errstate(all="ignore")(lambda A: np.linalg.slogdet(A)[0] <= 0),
    p.not_null: lambda A: not np.count_nonzero(A),
    p.nonzero: lambda A: np.size(A) - np.count_nonzero(A),
    p.different: lambda A, B: np.count_nonzero(np.equal(A, B)),
    p.single_largest: lambda x: np.count_nonzero(x == x.max(initial=-np.inf)) - 1 if x.size else 0,
    p.single_smallest: lambda x: np.count_nonzero(x == x.min(initial=np.inf)) - 1 if x.size else 0,
    p.full_rank: _lacking_by_values,
    p.constant_rank: _lacking_by_inverse,
    p.simple_largest: _equal_largest,
}
"""How often a condition that is silent is broken; quick, for it is asked in every call."""
