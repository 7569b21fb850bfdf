"""The callable: arguments by keyword, the source that computes, and a look at what comes out.

Where the checks live: declared structure and sizes at the door (:mod:`.arguments`), where they cost two products with a
vector; singular matrices in the linear algebra that the code runs over (:mod:`.checked`), which has the factorisation;
logarithms, roots and quotients in the flags that the processor sets anyway; NaN, infinity and overflow in the result,
which is the smallest array; kinks beside the result (:mod:`.demands`).  So the source stays plain NumPy.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
from scipy.linalg import LinAlgWarning
from sympy import Basic, Identity, OneMatrix, Symbol, ZeroMatrix

from symmat.algebra.depths import with_depths
from symmat.core.constructors import is_one
from symmat.core.nodes import Index
from symmat.core.table import Shape, table
from symmat.core.walks import postorder as walk
from symmat.core.walks import symbols as symbols_in
from symmat.errors import LimitProblem, SymmatError, ValueProblem
from symmat.numeric.arguments import Door, Given, Parameter, first, inverted, shown_place
from symmat.numeric.checked import NAMES, Singular
from symmat.numeric.copying import KERNELS, sources
from symmat.numeric.demands import Demands
from symmat.numeric.lower import Lowering
from symmat.numeric.naming import Naming, aliases, docstring
from symmat.numeric.ranks import shape_of
from symmat.numeric.source import Source
from symmat.numeric.values import FACTORED, Value, Values, postorder
from symmat.shapes import show_shape

FIXED = (Identity, OneMatrix, ZeroMatrix)
PROBLEMS = (np.linalg.LinAlgError, LinAlgWarning, ValueError, ArithmeticError, MemoryError, RuntimeWarning)
"""What code raises for values that do not serve."""


class NumericFunction:
    """A function of NumPy arrays, by keyword.

    Vectors are one-dimensional arrays and scalars floats, in and out.  ``names`` lists the keywords; a Greek letter may
    also be given as it is written, and what belongs to the question and is not needed is ignored.  ``source`` is Python
    that needs NumPy (and SciPy, where it imports it) alone; the checks are not in it.  Raises ShapeProblem for sizes
    that clash, ValueProblem for unknown and missing arguments, and for values that do not serve.
    """

    parameters: Sequence[Parameter]
    source: str
    shape: Shape

    def __init__(
        self, parameters: Sequence[Parameter], source: str, shape: Shape, door: Door, demands: Demands | None
    ) -> None:
        self.parameters, self.source, self.shape = parameters, source, shape
        self._door, self._demands = door, demands
        self._watched = demands is None and "_factor" in source

    @cached_property
    def _function(self) -> Callable[..., Any]:
        if self._demands is None:
            return compiled(self.source, {})
        return compiled(self._demands.source or self.source, NAMES)

    def __reduce__(self) -> tuple[Any, ...]:
        return NumericFunction, (self.parameters, self.source, self.shape, self._door, self._demands)

    def __repr__(self) -> str:
        return f"<NumericFunction of {', '.join(self.names) or 'nothing'}>"

    @property
    def names(self) -> list[str]:
        """The keywords."""
        return [p.keyword for p in self.parameters]

    def __call__(self, /, *values: object, **arguments: object) -> Any:
        """The value at the arguments."""
        if values:
            keywords = ", ".join(f"{name}=…" for name in self.names)
            raise ValueProblem("arguments are given by keyword", f"write f({keywords})")
        given = self._door(arguments)
        result = self._computed(given) if self._demands is None else self._checked(given, self._demands)
        if not isinstance(result, np.ndarray):
            return result
        is_own = result.base is None and all(result is not a for a in given.values())
        return result if is_own else result.copy()

    def _computed(self, given: Given) -> Any:
        """The value, whatever comes out."""
        try:
            with _singular_is_an_error() if self._watched else nullcontext():
                return _plain(self._function(**given))
        except PROBLEMS as error:
            raise _named(error) from None

    def _checked(self, given: Given, demands: Demands) -> Any:
        """The value, if it is finite and nothing is broken on the way."""
        seen: Sequence[Any] = ()
        try:
            with np.errstate(divide="raise", invalid="raise", over="ignore", under="ignore"):
                result = self._function(**given)
                if demands.silent:
                    result, *seen = result
                result = _plain(result)
                finite = _is_finite(result)
        except PROBLEMS as error:
            return self._explained(given, demands, error, None)
        if not finite:
            return self._explained(given, demands, None, result)
        demands.examine(seen, given, self._function)
        return result

    def _explained(self, given: Given, demands: Demands, error: Exception | None, result: Any) -> Any:
        """Raise what is wrong; the value, if a closer look finds nothing."""
        self._door.refuse_infinite(given)
        broken = demands.broken({p.symbol: given[p.keyword] for p in self.parameters})
        if broken:
            raise ValueProblem(broken)
        if isinstance(error, FloatingPointError):  # a flag may be set by what does not reach the result
            try:
                with np.errstate(all="ignore"):
                    result = self._function(**given)
            except PROBLEMS as problem:
                raise _named(problem) from None
            result = _plain(result[0] if demands.silent else result)
        elif error is not None:
            raise _named(error)
        place = first(~np.isfinite(result))
        if place is None:
            return result
        entry = np.asarray(result)[place]
        reason = "is not defined, or" if np.isnan(entry) else "is"
        what = f"a value on the way {reason} too large for floating point"
        raise ValueProblem(f"the result{shown_place(place)} is {entry}: {what}")


def _plain(result: Any) -> Any:
    """An array, or a float."""
    return result if isinstance(result, np.ndarray) and result.ndim else float(result)


def _is_finite(result: Any) -> bool:
    """Whether a result holds no NaN or infinity; of entries over 1e154 no, to be looked at closely."""
    if not isinstance(result, np.ndarray):
        return isfinite(result)
    flat = result.ravel(order="K")
    return isfinite(flat.dot(flat))


def _named(error: Exception) -> SymmatError:
    """What code raised, in words."""
    text = str(error)
    if isinstance(error, MemoryError):
        return LimitProblem("the arrays on the way do not fit in the memory", "give smaller sizes")
    if isinstance(error, np.linalg.LinAlgError | LinAlgWarning):
        if "positive definite" in text:
            return ValueProblem("a matrix is not positive definite")
        if isinstance(error, Singular | LinAlgWarning) or "ingular" in text:
            return ValueProblem(text if isinstance(error, Singular) else "a matrix that is to be inverted is singular")
    return ValueProblem(text)


@contextmanager
def _singular_is_an_error() -> Iterator[None]:
    """SciPy's factorisation only warns of a singular matrix; NumPy's solve raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", LinAlgWarning)
        yield


def lower(
    expr: Basic, symbols: Sequence[Basic] = (), known: Sequence[Basic] = (), demands: Demands | None = None
) -> NumericFunction:
    """The function that computes an expression, of the symbols that occur in it.

    Of the further ``symbols`` those become arguments that fix a dimension which nothing else fixes: the gradient of
    tr(X) is I, of the size of X.  Values of ``known`` ones that it does not need are ignored.  With ``demands`` its
    arguments and values are checked.

    >>> from sympy import MatrixSymbol
    >>> from symmat.core.constructors import dimension, inverse, matrix_symbol, mul
    >>> from symmat.core.table import interning
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
    parameters, source, is_cubic = _written(expr, symbols, ())
    if demands is not None and demands.silent:
        _watch(demands, expr, symbols, parameters)
    ignored = frozenset().union(*(aliases(s.name) for s in known))
    door = Door(parameters, _spellings(parameters), ignored, demands is not None, is_cubic)
    return NumericFunction(parameters, source, shape_of(expr), door, demands)


def _watch(demands: Demands, expr: Basic, symbols: Sequence[Basic], parameters: Sequence[Parameter]) -> None:
    """Have computed beside the value what silent demands look at, where it is made of the same arguments."""
    own = {p.symbol for p in parameters}
    demands.keep(lambda demand: all(s in own or is_integer(s) for s in _arguments(*demand.seen)))
    further = [with_depths(node) for demand in demands.silent for node in demand.seen]
    given, source, _ = _written(expr, symbols, further)
    if [p.keyword for p in given] == [p.keyword for p in parameters]:
        demands.watch(source, parameters)
    else:
        demands.keep(lambda demand: False)


def _arguments(*roots: Basic) -> list[Basic]:
    return [s for s in symbols_in(*roots) if not isinstance(s, Index)]


def _written(expr: Basic, symbols: Sequence[Basic], further: Sequence[Basic]) -> tuple[list[Parameter], str, bool]:
    """The parameters and the source of a function, and whether it does work of order n³."""
    make, naming = Values(), Naming(KERNELS)
    lowering = Lowering(expr, make, naming, further)
    found = _arguments(expr)
    for symbol in sorted(found, key=is_integer):  # all before the index of any sum
        lowering.arguments[symbol] = naming.unique(symbol.name)
    value = lowering.result()
    read = _read(value, lowering)
    order = [s for s in found if not is_integer(s)]
    fixed = {side for s in order for size in shape_of(s) for side in _fixes(size)}
    for symbol in symbols:
        fixes = {side for size in shape_of(symbol) for side in _fixes(size)}
        if symbol not in order and fixes & (read - fixed):
            if symbol not in lowering.arguments:
                lowering.arguments[symbol] = naming.unique(symbol.name)
            order.append(symbol)
            fixed |= fixes
    order += [s for s in lowering.arguments if is_integer(s) and s in read and s not in fixed]
    holes, sizes = table().holes, _sizes(expr) if any(map(is_integer, order)) else set()
    order.sort(key=lambda s: 2 if holes[s] else 1 if is_integer(s) else 0)
    parameters = [Parameter(lowering.arguments[s], s, shape_of(s), is_integer(s), s in sizes) for s in order]
    header = [
        f"    {keyword} = {_size_source(size, parameters)}"
        for size, keyword in lowering.arguments.items()
        if size in fixed and size in read
    ]
    writer = Source(make, naming, lowering.hints)
    body = writer.write(value)
    source = _module(parameters, [*header, *body], writer.calls, sources(writer.kernels))
    return parameters, source, any(map(_is_cubic, postorder(value, lambda v: v.args)))


def _sizes(expr: Basic) -> set[Basic]:
    """The letters of the sizes of an expression."""
    sides = (side for node in walk(expr) for side in (node.args if isinstance(node, FIXED) else shape_of(node)))
    return {s for side in set(sides) for s in side.free_symbols}


def _is_cubic(value: Value) -> bool:
    """Whether a value is a product of matrices, or starts with a factorisation."""
    if value.op == "matmul":
        return all(a.rank == 2 for a in value.args)
    if value.op == "call" and any(a.rank == 2 for a in value.args):
        return "linalg" in value.data or value.data in KERNELS
    return value.op in (*FACTORED, "power")


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
    fixing = ((p, axis, inverted(side)) for p, axis, side in sides)
    parameter, axis, factor, rest = next((p, axis, *s[1:]) for p, axis, s in fixing if s and s[0] == size)
    text = f"{parameter.keyword}.shape[{axis}]" + (f" {'-' if rest > 0 else '+'} {abs(rest)}" if rest else "")
    return text if factor == 1 else f"({text}) // {factor}"


def _module(parameters: Sequence[Parameter], body: Sequence[str], calls: set[str], kernels: Sequence[str]) -> str:
    imports = ["import numpy as np"]
    text = "\n".join([*kernels, *body])
    imports += [f"import scipy.{name}" for name in ("linalg", "special") if f"scipy.{name}." in text]
    if calls:
        imports.append(f"from scipy.linalg import {', '.join(sorted(calls))}")
    signature = "*, " + ", ".join(p.keyword for p in parameters) if parameters else ""
    before = [line for kernel in kernels for line in ("", "", kernel)]
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


def compiled(source: str, names: Mapping[str, object]) -> Callable[..., Any]:
    """The function of a source that was lowered from nodes, with names of our own making and no text of a user.

    ``names`` stand in the place of what it imports.
    """
    namespace: dict[str, Any] = {}
    exec(compile(source, "<symmat>", "exec"), namespace)
    namespace.update(names)
    function: Callable[..., Any] = namespace["f"]
    return function
