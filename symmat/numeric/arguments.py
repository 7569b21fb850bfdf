"""The door of a function: arguments are read, named in every message, and held against what is declared of them."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import Any, SupportsIndex

import numpy as np
from sympy import Basic, Integer, Poly, Symbol

from symmat.core.constructors import is_one
from symmat.core.nodes import MatrixDifferential
from symmat.core.structure import properties
from symmat.core.table import Shape
from symmat.errors import ShapeProblem, ValueProblem
from symmat.numeric.structure import departure, leaves_tangent
from symmat.shapes import show_shape

Given = dict[str, Any]
LARGEST_SIZE = int(np.iinfo(np.intp).max)
WITHOUT_LOOKING = "give an array that is as declared; numpy(check=False) computes without looking"


@dataclass(frozen=True)
class Parameter:
    """One argument: its keyword, its symbol, and its shape (``()`` for a number)."""

    keyword: str
    symbol: Basic
    shape: Shape
    integer: bool = False
    is_size: bool = False

    @cached_property
    def sides(self) -> list[tuple[int, Basic]]:
        """The axes of the array, each with its size; a vector has one."""
        return list(enumerate(size for size in self.shape if not is_one(size)))

    @cached_property
    def axes(self) -> int:
        """How many axes the array has."""
        return len(self.sides)

    def read(self, given: object) -> Any:
        """The argument as an array of float64, a float or an int; its number of axes is checked."""
        if self.integer:
            return self._whole(given)
        array = self._array(given)
        if array.ndim != self.axes:
            if array.ndim == 2 and self.axes < 2 and len(self.shape) == 2 and self._fits(array.shape):
                return array.reshape(-1) if self.axes else np.float64(array.item())
            kinds = ("a number", "a one-dimensional array", "a two-dimensional array")
            found = f"has shape {show_shape(array.shape)}" if array.ndim else "is given a number"
            raise ShapeProblem(f"{self.symbol} is {show_shape(self.shape)}: {kinds[self.axes]}; it {found}")
        return array if self.axes else np.float64(array)

    def _array(self, given: object) -> Any:
        if isinstance(given, np.ma.MaskedArray):
            raise ValueProblem(f"{self.symbol} is a masked array", "fill it first: x.filled(0)")
        if hasattr(given, "toarray"):
            raise ValueProblem(f"{self.symbol} is a sparse matrix", "make it dense: x.toarray()")
        if isinstance(given, Real) and not isinstance(given, np.generic):
            try:
                return np.float64(float(given))
            except OverflowError:
                raise ValueProblem(f"{self.symbol} is too large for floating point") from None
        try:
            array = np.asarray(given)
        except (TypeError, ValueError):
            raise ValueProblem(f"{self.symbol} is not an array of numbers") from None
        if array.dtype.kind == "c":
            raise ValueProblem(f"{self.symbol} is not real numbers", "everything is real: give its real part, x.real")
        if array.dtype.kind == "O":
            hint = "make it an array of numbers: np.asarray(x, dtype=float)"
            raise ValueProblem(f"{self.symbol} is not an array of numbers: it holds objects", hint)
        if array.dtype.kind not in "biuf":
            raise ValueProblem(f"{self.symbol} is not an array of numbers: its dtype is {array.dtype}")
        with np.errstate(over="ignore"):
            return np.asarray(array, dtype=np.float64)

    def _fits(self, shape: tuple[int, ...]) -> bool:
        """A row may be given as 1×n and a 1×1 matrix as it is; a column is always one-dimensional."""
        return is_one(self.shape[0]) and shape[0] == 1 and (not is_one(self.shape[1]) or shape[1] == 1)

    def _whole(self, given: object) -> int:
        value = given.item() if isinstance(given, np.ndarray) and not given.ndim else given
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, SupportsIndex) or isinstance(value, np.ndarray):
            raise ValueProblem(f"{self.symbol} is an integer, not {_shown(given)}")
        whole = operator.index(value)
        if self.is_size and not 0 <= whole <= LARGEST_SIZE:
            raise ValueProblem(f"{self.symbol} is a size, a whole number from 0, not {_shown(given)}")
        return whole


def _shown(given: object) -> str:
    """A value as it may stand in a message."""
    if isinstance(given, Integral) and abs(int(given)) >= 10**20:
        return "a number of more than twenty digits"
    text = repr(given)
    return text if len(text) <= 40 else f"a value of type {type(given).__name__}"


class Door:
    """Reads the arguments of one function; with ``checks`` holds them against what is declared of them.

    ``cubic`` says that the function does work of order n³, beside which a Cholesky factorisation is cheap.
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        spelled: Mapping[str, Parameter],
        ignored: Set[str],
        checks: bool = False,
        cubic: bool = False,
    ) -> None:
        self._parameters, self._spelled, self._ignored = parameters, spelled, ignored
        self._cubic = cubic
        self._plain = [(p.keyword, p.axes, p) for p in parameters]
        letters = {s: i for i, s in enumerate({side for p in parameters for _, side in p.sides})}
        self._sides = [(p.keyword, axis, letters[side]) for p in parameters for axis, side in p.sides]
        self._start = [int(side.p) if isinstance(side, Integer) else None for side in letters]
        given_sizes = {p.symbol for p in parameters if p.integer}
        self._plain_sizes = all(isinstance(side, Symbol | Integer) and side not in given_sizes for side in letters)
        self._structured = [(p, name) for p in parameters for name in sorted(properties(p.symbol))] if checks else []
        orthogonal = {f"d{p.symbol}": p for p, name in self._structured if name == "orthogonal"}
        self._tangents = [
            (orthogonal[str(p.symbol)], p)
            for p in parameters
            if isinstance(p.symbol, MatrixDifferential) and str(p.symbol) in orthogonal
        ]

    def __call__(self, arguments: Mapping[str, object]) -> Given:
        """The arguments by keyword, as the code takes them."""
        given = self._read(arguments)
        if not self._sizes_agree(given):
            self._explain_sizes(given)
        if self._structured:
            with np.errstate(all="ignore"):
                self._hold_structure(given)
        return given

    def _hold_structure(self, given: Given) -> None:
        for parameter, name in self._structured:
            self._hold(parameter, name, given[parameter.keyword])
        for base, moved in self._tangents:
            if leaves_tangent(given[base.keyword], given[moved.keyword]):
                product = f"{base.symbol}'{moved.symbol}"
                raise ValueProblem(f"an orthogonal {base.symbol} cannot move by {moved.symbol}: {product} is not skew")

    def _read(self, arguments: Mapping[str, object]) -> Given:
        given: Given = {}
        if len(arguments) == len(self._plain):
            for keyword, axes, parameter in self._plain:
                value = arguments.get(keyword)
                if type(value) is np.ndarray and value.dtype == np.float64 and value.ndim == axes > 0:
                    given[keyword] = value
                elif keyword in arguments:
                    given[keyword] = parameter.read(value)
                else:
                    break
            else:
                return given
        given = {}
        for name, value in arguments.items():
            found = self._spelled.get(name)
            if found is None and name in self._ignored:
                continue
            if found is None:
                raise ValueProblem(f"there is no argument {name}", f"it takes {', '.join(self._keywords) or 'none'}")
            if found.keyword in given:
                raise ValueProblem(f"{found.keyword} is given twice")
            given[found.keyword] = found.read(value)
        missing = [keyword for keyword in self._keywords if keyword not in given]
        if missing:
            raise ValueProblem(f"the argument {', '.join(missing)} is missing", f"it takes {', '.join(self._keywords)}")
        return given

    @property
    def _keywords(self) -> list[str]:
        return [p.keyword for p in self._parameters]

    def _sizes_agree(self, given: Given) -> bool:
        """Whether every letter has one size; anything but letters and numbers is left to a closer look."""
        if not self._plain_sizes:
            return False
        sizes = self._start.copy()
        for keyword, axis, letter in self._sides:
            found = given[keyword].shape[axis]
            if sizes[letter] is None:
                sizes[letter] = found
            elif sizes[letter] != found:
                return False
        return True

    def _explain_sizes(self, given: Given) -> None:
        known: dict[Basic, int] = {p.symbol: given[p.keyword] for p in self._parameters if p.integer}
        source: dict[Basic, Parameter] = {p.symbol: p for p in self._parameters if p.integer}

        def has(parameter: Parameter) -> str:
            value = given[parameter.keyword]
            shape = value if parameter.integer else show_shape(value.shape)
            return f"{parameter.symbol} {'is' if parameter.integer else 'has shape'} {shape}"

        later = []
        for parameter in self._parameters:
            for axis, size in parameter.sides:
                if not isinstance(size, Symbol):
                    later.append((parameter, axis, size))
                    continue
                found = given[parameter.keyword].shape[axis]
                before = known.setdefault(size, found)
                if before != found:
                    reason = f"{has(source[size])}, and {has(parameter)}"
                    raise ShapeProblem(f"{size} is both {before} and {found}: {reason}")
                source.setdefault(size, parameter)
        for parameter, axis, size in sorted(later, key=lambda entry: len(entry[2].free_symbols)):
            found = given[parameter.keyword].shape[axis]
            rest = size.xreplace({s: Integer(known[s]) for s in size.free_symbols if s in known})
            solved = inverted(rest)
            if solved:
                symbol, factor, offset = solved
                known[symbol], source[symbol] = (found - offset) // factor, parameter
            elif rest.free_symbols:
                continue  # two sizes that nothing else fixes
            wanted = size.xreplace({s: Integer(known[s]) for s in size.free_symbols})
            if wanted != found:
                fixed = "; ".join(f"{s} is {known[s]}: {has(source[s])}" for s in size.free_symbols)
                fixed = f" ({fixed})" if fixed else ""
                raise ShapeProblem(f"{has(parameter)}, where {found} should be {size} = {wanted}{fixed}")

    def _hold(self, parameter: Parameter, name: str, array: Any) -> None:
        departs = departure(name, array, self._cubic)
        if departs:
            refuse_infinite(parameter.symbol, array)
            raise ValueProblem(f"{parameter.symbol} is not {name}: {departs}", WITHOUT_LOOKING)

    def refuse_infinite(self, given: Given) -> None:
        """Raise ValueProblem if an argument holds NaN or infinity."""
        for parameter in self._parameters:
            if not parameter.integer:
                refuse_infinite(parameter.symbol, given[parameter.keyword])


def refuse_infinite(symbol: Basic, value: Any) -> None:
    """Raise ValueProblem if an array holds NaN or infinity, with the entry."""
    place = first(~np.isfinite(value))
    if place is not None:
        entry = np.asarray(value)[place]
        raise ValueProblem(f"{symbol}{shown_place(place)} is {entry}: arguments are finite numbers")


def first(bad: Any) -> tuple[int, ...] | None:
    """The first place where an array is true."""
    return tuple(map(int, np.argwhere(bad)[0])) if np.any(bad) else None


def shown_place(place: Sequence[int]) -> str:
    """An index as the notation has it, from 1; nothing of a number."""
    return f"[{', '.join(str(i + 1) for i in place)}]" if place else ""


def inverted(size: Basic) -> tuple[Basic, int, int] | None:
    """A size a·n + b as (n, a, b); None for any other."""
    if len(size.free_symbols) != 1 or not size.is_polynomial():
        return None
    [symbol] = size.free_symbols
    coefficients = Poly(size, symbol).all_coeffs()
    return (symbol, int(coefficients[0]), int(coefficients[1])) if len(coefficients) == 2 else None
