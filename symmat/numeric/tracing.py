"""Tracing: the value of a record over names that write down what is asked of them.

``xp.linalg.det(A)`` over these names is the value that the code ``np.linalg.det(A)`` computes.  Sums, multiples,
products, transposes, inverses and determinants become those of :mod:`.values`, so that signs stay outside and what is
factorised twice is factorised once.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any, NoReturn

import numpy as np

from symmat.numeric.namespaces import NUMPY
from symmat.numeric.values import FACTORED, VECTORS, Value, Values, postorder

WHOLE = ("np.sum", "np.mean", "np.max", "np.min")
"""What sees all entries, in whatever shape they stand."""
MADE: dict[str, Callable[..., Value]] = {
    "np.diag": Values.diag,
    "np.eye": Values.eye,
    "np.linalg.det": Values.det,
    "np.linalg.inv": Values.inv,
    "np.linalg.solve": Values.solve,
    "log_det": Values.log_det,
    "permutation": Values.permutation,
}
"""What is more to :mod:`.values` than a call."""


class Traced:
    """What code is to compute, with the operators and methods of an array."""

    __slots__ = ("make", "value")

    def __init__(self, make: Values, value: Value) -> None:
        self.make, self.value = make, value

    def _entrywise(self, build: Callable[..., Value], *operands: Any) -> Traced:
        return entrywise(self.make, build, *(_exact(self.make, a) for a in operands))

    def __add__(self, other: Any) -> Traced:
        return self._entrywise(self.make.plus, self, other)

    def __radd__(self, other: Any) -> Traced:
        return self._entrywise(self.make.plus, other, self)

    def __sub__(self, other: Any) -> Traced:
        return self._entrywise(self.make.minus, self, other)

    def __rsub__(self, other: Any) -> Traced:
        return self._entrywise(self.make.minus, other, self)

    def __neg__(self) -> Traced:
        return self._entrywise(self.make.negative, self)

    def __mul__(self, other: Any) -> Traced:
        return self._entrywise(self.make.times, self, other)

    def __rmul__(self, other: Any) -> Traced:
        return self._entrywise(self.make.times, other, self)

    def __truediv__(self, other: Any) -> Traced:
        return self._entrywise(self.make.quotient, self, other)

    def __rtruediv__(self, other: Any) -> Traced:
        return self._entrywise(self.make.quotient, other, self)

    def __floordiv__(self, other: Any) -> Traced:
        return self._entrywise(self.make.floordiv, self, other)

    def __pow__(self, other: Any) -> Traced:
        return self._entrywise(self.make.raised, self, other)

    def __eq__(self, other: object) -> Any:
        return self._entrywise(self.make.equal, self, other)

    __hash__ = object.__hash__

    def __matmul__(self, other: Traced) -> Traced:
        return Traced(
            self.make, self.make.product(self.value, other.value, max(0, self.value.rank + other.value.rank - 2))
        )

    def __getitem__(self, index: Any) -> Traced:
        if isinstance(index, int):
            rank = 1 if (self.value.data, index) in VECTORS else self.value.rank
            return Traced(self.make, self.make.make("item", self.value, data=index, rank=rank))
        return Traced(self.make, self.make.make("taken", self.value, index.value, data="rows", rank=self.value.rank))

    @property
    def T(self) -> Traced:
        """The transpose."""
        return Traced(self.make, self.make.transposed(self.value))

    @property
    def shape(self) -> tuple[Traced, Traced]:
        """Its sides, two of a matrix."""
        first, second = (Traced(self.make, self.make.side(self.value, axis)) for axis in (0, 1))
        return first, second

    def reshape(self, *sides: Any, order: str = "C") -> Traced:
        """Its entries in another shape."""
        exact = (_exact(self.make, side) for side in sides)
        return Traced(self.make, self.make.reshaped(self.value, *exact, order=order))

    def _unwritten(self) -> NoReturn:
        raise TypeError("a value is one expression, without if, loops and len: use A.shape[0], or call a kernel")

    __bool__ = __len__ = __iter__ = _unwritten


class Names:
    """A name of NumPy, SciPy or the kernels; calling it is written down."""

    __slots__ = ("_make", "_path", "_real")

    def __init__(self, make: Values, path: str = "np", real: Any = NUMPY) -> None:
        self._make, self._path, self._real = make, path, real

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        path = f"{self._path}.{name}" if self._path else name
        path = {"np.scipy": "scipy", "np.kernels": ""}.get(path, path)
        return Traced(self._make, self._make.name(path)) if isinstance(real, float) else Names(self._make, path, real)

    def __call__(self, *args: Any, **options: Any) -> Traced:
        if self._path in MADE:
            return Traced(self._make, MADE[self._path](self._make, *(_exact(self._make, a) for a in args)))
        values = [self._argument(a) for a in args]
        if isinstance(self._real, np.ufunc):
            return entrywise(self._make, self._call, *values)
        if self._path in WHOLE and not options:
            values = [v.args[0] if v.op == "lifted" else v for v in values]
            return Traced(self._make, self._make.call(self._path, *values))
        keywords = [self._make.make("keyword", self._argument(a), data=name) for name, a in options.items()]
        return Traced(self._make, self._call(*values, *keywords))

    def _call(self, *values: Value) -> Value:
        return self._make.call(self._path, *values, rank=max(v.rank for v in values))

    def _argument(self, given: Any) -> Value:
        """An operand, another function, or what is written as it is in Python."""
        if isinstance(given, Names):
            return self._make.make("function", data=given._path)
        return given.value if isinstance(given, Traced) else self._make.make("literal", data=repr(given))


def _exact(make: Values, given: Any) -> Value:
    return given.value if isinstance(given, Traced) else make.number(Fraction(given))


def entrywise(make: Values, build: Callable[..., Value], *values: Value) -> Traced:
    """Entry by entry a vector stays one: f(x[:, None]) is f(x)[:, None]."""
    lifts = {(v.data, v.rank) if v.op == "lifted" else None for v in values if v.rank}
    lift = lifts.pop() if len(lifts) == 1 else None
    if lift is None:
        return Traced(make, build(*values))
    return Traced(make, make.lifted(build(*(v.args[0] if v.op == "lifted" else v for v in values)), *lift))


@cache
def functions_of(value: Callable[..., Any], ranks: tuple[int, ...]) -> frozenset[str]:
    """What the value of an operation calls, on operands of so many axes."""
    make = Values()
    operands = (Traced(make, make.name(f"A{i}", rank)) for i, rank in enumerate(ranks))
    every = [*postorder(value(Names(make), *operands).value, lambda v: v.args)]
    return frozenset(
        [v.data for v in every if v.op in ("call", "function")] + [f"linalg.{v.op}" for v in every if v.op in FACTORED]
    )
