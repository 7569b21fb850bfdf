"""The callable: arguments by keyword, checked and named in every message, and the source that computes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.linalg import LinAlgWarning
from sympy import Basic, Integer, Poly, Symbol

from symmat.errors import ShapeProblem, ValueProblem
from symmat.expressions.constructors import is_one, show_shape
from symmat.expressions.nodes import Index
from symmat.expressions.operation import find_operation
from symmat.expressions.sums import with_depths
from symmat.expressions.table import Shape, table
from symmat.expressions.walks import postorder as walk
from symmat.expressions.walks import symbols as symbols_in
from symmat.numeric.lower import Lowering
from symmat.numeric.naming import Naming, aliases, docstring, words_of
from symmat.numeric.plan import shape_of
from symmat.numeric.source import Source
from symmat.numeric.values import Value, Values, postorder


@dataclass(frozen=True)
class Parameter:
    """One argument: its keyword, its symbol, and its shape (``()`` for a number)."""

    keyword: str
    symbol: Basic
    shape: Shape
    integer: bool = False

    @cached_property
    def sides(self) -> list[tuple[int, Basic]]:
        """The axes of the array, each with its size; a vector has one."""
        return list(enumerate(size for size in self.shape if not is_one(size)))

    def read(self, given: object) -> Any:
        """The argument as an array of float64, a float or an int; its number of axes is checked."""
        if type(given) is np.ndarray and given.dtype == np.float64 and given.ndim == len(self.sides) > 0:
            return given
        try:
            array = np.asarray(given)
            if array.dtype.kind == "c" or (array.dtype.kind not in "biuf" and array.dtype.kind != "O"):
                raise ValueProblem(f"{self.symbol} is not real numbers")
            array = np.asarray(array, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueProblem(f"{self.symbol} is not an array of numbers") from None
        wanted = len(self.sides)
        if array.ndim != wanted:
            if array.ndim == 2 and wanted < 2 and len(self.shape) == 2 and self._fits(array.shape):
                return array.reshape(-1) if wanted else np.float64(array.item())
            kinds = ("a number", "a one-dimensional array", "a two-dimensional array")
            found = f"has shape {show_shape(array.shape)}" if array.ndim else "is given a number"
            raise ShapeProblem(f"{self.symbol} is {show_shape(self.shape)}: {kinds[wanted]}; it {found}")
        if not self.integer:
            return array if wanted else np.float64(array)
        if array != np.floor(array):
            raise ValueProblem(f"{self.symbol} is an integer, not {given}")
        return int(array)

    def _fits(self, shape: tuple[int, ...]) -> bool:
        """A row may be given as 1×n and a 1×1 matrix as it is; a column is always one-dimensional."""
        return is_one(self.shape[0]) and shape[0] == 1 and (not is_one(self.shape[1]) or shape[1] == 1)


@dataclass(frozen=True, eq=False)
class NumericFunction:
    """A function of NumPy arrays, by keyword.

    Vectors are one-dimensional arrays and scalars floats, in and out.  ``names`` lists the keywords; a Greek letter may
    also be given as it is written, and what belongs to the question and is not needed is ignored.  ``source`` is Python
    that needs NumPy (and SciPy, where it imports it) alone.  Raises ShapeProblem for sizes that clash, ValueProblem for
    unknown and missing arguments, and for values that do not serve.
    """

    parameters: Sequence[Parameter]
    source: str
    shape: Shape
    _spelled: Mapping[str, Parameter] = field(repr=False)
    _factorises: bool = field(repr=False)
    _ignored: Set[str] = field(repr=False)

    @cached_property
    def _function(self) -> Callable[..., Any]:
        return _compiled(self.source)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_function"}

    @property
    def names(self) -> list[str]:
        """The keywords."""
        return [p.keyword for p in self.parameters]

    def __call__(self, /, *values: object, **arguments: object) -> Any:
        """The value at the arguments."""
        if values:
            keywords = ", ".join(f"{name}=…" for name in self.names)
            raise ValueProblem("arguments are given by keyword", f"write f({keywords})")
        given = self._given(arguments)
        self._check_sizes(given)
        try:
            with _singular_is_an_error() if self._factorises else nullcontext():
                result = self._function(**given)
            if not isinstance(result, np.ndarray) or not result.ndim:
                return float(result)
        except (np.linalg.LinAlgError, LinAlgWarning) as error:
            indefinite = "positive definite" in str(error)
            reason = "is not positive definite" if indefinite else "that is to be inverted is singular"
            raise ValueProblem(f"a matrix {reason}") from None
        except (ValueError, ArithmeticError) as error:
            raise ValueProblem(str(error)) from None
        is_own = result.base is None and all(result is not a for a in given.values())
        return result if is_own else result.copy()

    def _given(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in arguments.items():
            parameter = self._spelled.get(name)
            if parameter is None and name in self._ignored:
                continue
            if parameter is None:
                raise ValueProblem(f"there is no argument {name}", f"it takes {', '.join(self.names) or 'none'}")
            if parameter.keyword in given:
                raise ValueProblem(f"{parameter.keyword} is given twice")
            given[parameter.keyword] = parameter.read(value)
        missing = [p.keyword for p in self.parameters if p.keyword not in given]
        if missing:
            raise ValueProblem(f"the argument {', '.join(missing)} is missing", f"it takes {', '.join(self.names)}")
        return given

    def _check_sizes(self, given: Mapping[str, Any]) -> None:
        known: dict[Basic, int] = {p.symbol: given[p.keyword] for p in self.parameters if p.integer}
        source: dict[Basic, Parameter] = {p.symbol: p for p in self.parameters if p.integer}

        def has(parameter: Parameter) -> str:
            value = given[parameter.keyword]
            return (
                f"{parameter.symbol} is {value}"
                if parameter.integer
                else (f"{parameter.symbol} has shape {show_shape(value.shape)}")
            )

        later = []
        for parameter in self.parameters:
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


@contextmanager
def _singular_is_an_error() -> Iterator[None]:
    """SciPy's factorisation only warns of a singular matrix; NumPy's solve raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", LinAlgWarning)
        yield


def inverted(size: Basic) -> tuple[Basic, int, int] | None:
    """A size a·n + b as (n, a, b); None for any other."""
    if len(size.free_symbols) != 1 or not size.is_polynomial():
        return None
    [symbol] = size.free_symbols
    coefficients = Poly(size, symbol).all_coeffs()
    return (symbol, int(coefficients[0]), int(coefficients[1])) if len(coefficients) == 2 else None


def lower(expr: Basic, symbols: Sequence[Basic] = (), known: Sequence[Basic] = ()) -> NumericFunction:
    """The function that computes an expression, of the symbols that occur in it.

    Of the further ``symbols`` those become arguments that fix a dimension which nothing else fixes: the gradient of
    tr(X) is I, of the size of X.  Values of ``known`` ones that it does not need are ignored.

    >>> from sympy import MatrixSymbol
    >>> from symmat.expressions.constructors import dimension, inverse, matrix_symbol, mul
    >>> from symmat.expressions.table import interning
    >>> with interning():
    ...     n = dimension("n")
    ...     f = lower(mul(inverse(matrix_symbol("A", n, n)), matrix_symbol("b", n, dimension(1))))
    >>> print(f.source)
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def f(*, A, b):
        \"\"\"Of A n×n, b n.\"\"\"
        return np.linalg.solve(A, b)
    <BLANKLINE>
    """
    expr = with_depths(expr)
    make, naming = Values(), Naming(reserved(expr))
    lowering = Lowering(expr, make, naming)
    found = [s for s in symbols_in(expr) if not isinstance(s, Index)]
    for symbol in sorted(found, key=is_integer):  # all before the index of any sum
        lowering.arguments[symbol] = naming.unique(symbol.name)
    value = lowering.result()
    read = _read(value, lowering)
    order = [s for s in found if not is_integer(s)]
    fixed = {side for s in order for size in shape_of(s) for side in _fixes(size)}
    for symbol in symbols:
        fixes = {side for size in shape_of(symbol) for side in _fixes(size)}
        if symbol not in order and fixes & (read - fixed):
            lowering.arguments[symbol] = naming.unique(symbol.name)
            order.append(symbol)
            fixed |= fixes
    order += [s for s in lowering.arguments if is_integer(s) and s in read and s not in fixed]
    holes = table().holes
    order.sort(key=lambda s: 2 if holes[s] else 1 if is_integer(s) else 0)
    parameters = [Parameter(lowering.arguments[s], s, shape_of(s), is_integer(s)) for s in order]
    header = [
        f"    {keyword} = {_size_source(size, parameters)}"
        for size, keyword in lowering.arguments.items()
        if size in fixed and size in read
    ]
    writer = Source(make, naming, lowering.hints)
    body = writer.write(value)
    source = _module(parameters, [*header, *body], writer.calls, list(lowering.helpers))
    ignored = frozenset().union(*(aliases(s.name) for s in known))
    return NumericFunction(parameters, source, shape_of(expr), _spellings(parameters), bool(writer.calls), ignored)


def reserved(expr: Basic) -> set[str]:
    """The words of the code of an expression's operations."""
    records = filter(None, map(find_operation, {type(node) for node in walk(expr)}))
    return set().union(*(words_of(record.numpy, record.helper) for record in records))


def is_integer(symbol: Basic) -> bool:
    """Whether a symbol is an exponent or a dimension."""
    return not shape_of(symbol) and bool(symbol.is_integer)


def _fixes(size: Basic) -> list[Basic]:
    """The dimensions that an axis of this size fixes."""
    if isinstance(size, Symbol):
        return [size]
    solved = inverted(size)
    return [solved[0]] if solved else []


def _read(value: Value, lowering: Lowering) -> set[Basic]:
    """The symbols that a value is computed from."""
    names = {v.data for v in postorder(value, lambda v: v.args) if v.op == "name"}
    return {symbol for symbol, name in lowering.arguments.items() if name in names}


def _size_source(size: Basic, parameters: Sequence[Parameter]) -> str:
    """How a dimension is read off the arguments: from an axis of just this size, if there is one."""
    sides = [(p, axis, side) for p in parameters for axis, side in p.sides]
    for parameter, axis, side in sides:
        if side == size:
            return f"{parameter.keyword}.shape[{axis}]"
    parameter, axis, side = next(entry for entry in sides if size in _fixes(entry[2]))
    solved = inverted(side)
    factor, rest = solved[1:] if solved else (1, 0)
    text = f"{parameter.keyword}.shape[{axis}]" + (f" {'-' if rest > 0 else '+'} {abs(rest)}" if rest else "")
    return text if factor == 1 else f"({text}) // {factor}"


def _module(parameters: Sequence[Parameter], body: Sequence[str], calls: set[str], helpers: Sequence[str]) -> str:
    imports = ["import numpy as np"]
    text = "\n".join([*helpers, *body])
    imports += [f"import scipy.{name}" for name in ("linalg", "special") if f"scipy.{name}." in text]
    if calls:
        imports.append(f"from scipy.linalg import {', '.join(sorted(calls))}")
    signature = "*, " + ", ".join(p.keyword for p in parameters) if parameters else ""
    before = [line for helper in helpers for line in ("", "", helper)]
    return "\n".join(
        [*imports, *before, "", "", f"def f({signature}):", f"    {docstring(_summary(parameters))}", *body, ""]
    )


def _summary(parameters: Sequence[Parameter]) -> str:
    shapes = []
    for p in parameters:
        sides = tuple(size for size in p.shape if not is_one(size))
        kind = show_shape(sides) if sides else ""
        shapes.append(f"{p.keyword} {kind}" if kind else f"{p.keyword} {'an integer' if p.integer else 'a number'}")
    text = ", ".join(shapes)
    return f"Of {text}." if text else "A constant."


def _spellings(parameters: Sequence[Parameter]) -> dict[str, Parameter]:
    spelled: dict[str, Parameter] = {}
    for parameter in parameters:
        for name in aliases(parameter.symbol.name):
            spelled.setdefault(name, parameter)
    return spelled | {p.keyword: p for p in parameters}


def _compiled(source: str) -> Callable[..., Any]:
    """The function of a source that was lowered from nodes, with names of our own making and no text of a user."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "<symmat>", "exec"), namespace)
    function: Callable[..., Any] = namespace["f"]
    return function
