"""The value of an expression node by node, over a namespace: what the records say it is, without any lowering.

Every matrix is an array with two axes here, and so is a vector; records are given, and give, what their signatures say.
"""

from __future__ import annotations

import warnings
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from sympy import (
    Add,
    Basic,
    Identity,
    MatrixSymbol,
    Min,
    Mul,
    NumberSymbol,
    OneMatrix,
    Pow,
    Rational,
    Symbol,
    ZeroMatrix,
)

from symmat.core.nodes import DEFINITIONS, SUMS, Index
from symmat.core.operation import find_operation, operation
from symmat.core.walks import children, occurs, postorder
from symmat.errors import LimitProblem, UnsupportedProblem, ValueProblem
from symmat.numeric.namespaces import NUMPY
from symmat.numeric.ranks import axes, is_whole, patterns, shape_of
from symmat.numeric.source import MOST_LOOPS

ARITHMETIC: dict[type[Basic], Callable[[Sequence[Any]], Any]] = {
    Add: sum,
    Mul: prod,
    Min: min,
    Pow: lambda operands: operands[0] ** operands[1],
}
"""What sizes, exponents and indices are made of."""


def evaluate(
    root: Basic, values: Mapping[Basic, Any], xp: Any = NUMPY, each: Callable[[Any], Any] = lambda value: value
) -> Any:
    """The value of an expression at those of its symbols; sizes that are not among them are read off the arrays.

    Over NumPy, what does not exist is NaN.  ``each`` is what becomes of the value of every node.
    """
    return evaluation(values, xp, each).of(root)


def evaluation(
    values: Mapping[Basic, Any], xp: Any = NUMPY, each: Callable[[Any], Any] = lambda value: value
) -> Evaluation:
    """The values of all expressions at those of their symbols."""
    sizes = {
        side: length
        for symbol, value in values.items()
        if isinstance(symbol, MatrixSymbol)
        for side, length in zip(symbol.shape, _matrix(symbol, value).shape, strict=True)
        if isinstance(side, Symbol)
    }
    return Evaluation({**sizes, **values}, xp, each, {})


class Evaluation:
    """The values of nodes where the symbols have theirs, each worked out once."""

    def __init__(
        self,
        values: Mapping[Basic, Any],
        xp: Any,
        each: Callable[[Any], Any],
        known: MutableMapping[Basic, Any],
        depth: int = 0,
    ) -> None:
        self.values, self.xp, self.each, self.known, self.depth = values, xp, each, known, depth

    def of(self, root: Basic) -> Any:
        """The value of a node."""
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of SciPy, that a logarithm has but 12 digits
            for node in postorder(root, skip=self.known.__contains__, operands_of=_operands):
                self.known[node] = self.each(self._value(node))
        return self.known[root]

    def _value(self, node: Basic) -> Any:
        if isinstance(node, MatrixSymbol):
            return _matrix(node, self._given(node))
        if isinstance(node, Symbol):
            return self._scalar(self._given(node))
        if isinstance(node, Rational):
            return self._scalar(Fraction(int(node.p), int(node.q)))
        if isinstance(node, NumberSymbol):
            return self.xp.pi
        if isinstance(node, Identity):
            return self.xp.eye(self.count(node.args[0]))
        if isinstance(node, ZeroMatrix | OneMatrix):
            return (self.xp.ones if isinstance(node, OneMatrix) else self.xp.zeros)(self._sides(node.args))
        if type(node) in DEFINITIONS:
            return self.known[node.args[1]]
        return self._finite_sum(node) if type(node) in SUMS else self._operation(node)

    def _given(self, symbol: Basic) -> Any:
        if symbol not in self.values:
            raise ValueProblem(f"no value for {symbol}")
        return self.values[symbol]

    def _scalar(self, value: Any) -> Any:
        return self.xp.scalar(value) if isinstance(value, int | float | Fraction) else value

    def count(self, root: Basic) -> int:
        """A size, an exponent or an index."""
        done: dict[Basic, Any] = {}
        for node in postorder(root):
            if isinstance(node, Rational):
                done[node] = Fraction(int(node.p), int(node.q))
            elif isinstance(node, Symbol):
                done[node] = Fraction(int(self._given(node)))
            elif type(node) in DEFINITIONS:
                done[node] = done[node.args[1]]
            else:
                done[node] = ARITHMETIC[type(node)]([done[a] for a in children(node)])
        return int(done[root])

    def _sides(self, shape: Sequence[Basic]) -> tuple[int, ...]:
        return tuple(map(self.count, shape))

    def _operation(self, node: Basic) -> Any:
        """The value that the record gives, of operands with the axes of its signature."""
        record = operation(type(node))
        if record.value is None:
            raise UnsupportedProblem(f"numbers for {record.name} are not supported yet")
        arguments, result = patterns(node)
        operands = [
            self.count(arg) if is_whole(pattern) else _flat(self.known[arg]) if "1" in pattern else self.known[arg]
            for arg, pattern in zip(node.args, arguments, strict=False)  # the -1 of SymPy's Inverse is no operand
        ]
        try:
            value = record.value(self.xp, *operands)
        except self.xp.undefined:
            return self.xp.full(self._sides(shape_of(node)), self.xp.nan)[()]
        return value.reshape(self._sides(shape_of(node))) if axes(result) == 1 else value

    def _finite_sum(self, node: Basic) -> Any:
        """The sum over the values of its index: what does not depend on it is worked out once."""
        body, bound, *ends = node.args
        if self.depth == MOST_LOOPS:
            raise LimitProblem("finite sums nested too deeply for numbers", "name a sum inside by a definition: S = …")
        low, high = map(self.count, ends)
        total = self.xp.zeros(self._sides(shape_of(node))) if shape_of(node) else self.xp.scalar(0)
        if low > high:
            return total
        indices = frozenset(n for n in postorder(body) if isinstance(n, Index) and n not in self.values) | {bound}
        fixed = {inside: self.of(inside) for inside, moves in occurs(body, indices).items() if not moves}
        for i in range(low, high + 1):
            known = ChainMap({}, fixed)
            total = total + Evaluation({**self.values, bound: i}, self.xp, self.each, known, self.depth + 1).of(body)
        return total


def _operands(node: Basic) -> Sequence[Basic]:
    """The operands of which the values are wanted: no sizes, and not what is different for each index of a sum."""
    record = find_operation(type(node))
    if type(node) in SUMS or record is None:
        return () if type(node) in SUMS else children(node)
    return [a for a, pattern in zip(node.args, patterns(node)[0], strict=False) if not is_whole(pattern)]


def _matrix(symbol: Basic, value: Any) -> Any:
    """An array with two axes."""
    return value if len(value.shape) == 2 else value.reshape((-1, 1) if symbol.shape[1] == 1 else (1, -1))


def _flat(value: Any) -> Any:
    return value.reshape(-1)
