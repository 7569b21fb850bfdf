"""The reference of the operations, worked out from their records: what each means and how it is differentiated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Basic, Inverse, MatAdd, MatMul, MatPow, MatrixSymbol, Symbol, Transpose

from symmat.api import adjoint, diff, jacobian
from symmat.errors import LimitProblem, UnsupportedProblem
from symmat.expressions.constructors import (
    add,
    dimension,
    integer_symbol,
    inverse,
    make,
    matrix_symbol,
    mul,
    number,
    power,
    scalar_symbol,
    transpose,
)
from symmat.expressions.operation import Operation, operations
from symmat.expressions.signature import Pattern, size_from
from symmat.expressions.table import interning
from symmat.printing import LaTeX, Text
from symmat.result import Result


@dataclass(frozen=True)
class Entry:
    """One operation: how it is typed, its derivatives as LaTeX, its condition and its source."""

    name: str
    text: str
    latex: str
    derivatives: Sequence[tuple[str, str]]
    conditions: Sequence[str]
    reference: str


def entries() -> Iterator[Entry]:
    """All operations that stand in the notation by themselves, in the order of their registration."""
    seen: set[str] = set()
    for record in operations():
        entry = describe(record)
        if entry is not None and entry.text not in seen:
            seen.add(entry.text)
            yield entry


def describe(record: Operation) -> Entry | None:
    """The entry of an operation; None where nothing general can be written with it.

    >>> from sympy import Trace
    >>> from symmat.expressions.operation import operation
    >>> describe(operation(Trace)).derivatives[0]
    ('differential', '\\\\mathrm{d}f = \\\\operatorname{tr}(\\\\mathrm{d}X)')
    """
    with interning():
        node = sample(record)
        if node is None:
            return None
        text, latex = Text().print(node), LaTeX().print(node)
        variables = [a.name for a in node.args if isinstance(a, MatrixSymbol | Symbol) and not a.is_integer]
    found: list[tuple[str, str]] = []
    conditions: list[str] = []
    if record.differential or record.linear:
        total = diff(node, variables)
        conditions = total.conditions
        found.append(("differential", total.latex(equation=True)))
        for name in variables:
            for title, derive in (("adjoint", adjoint), ("Jacobian", jacobian)):
                result = _derived(derive, node, name)
                if result is not None:
                    found.append((title, result.latex(equation=True)))
    return Entry(record.name, text, latex, tuple(found), tuple(conditions), record.reference)


def _derived(derive: Callable[..., Result], node: Basic, name: str) -> Result | None:
    try:
        result = derive(node, name)
        result.text()
    except (UnsupportedProblem, LimitProblem):
        return None
    return result


def sample(record: Operation) -> Basic | None:
    """The operation on symbols of general shapes, X first; None where it has no signature to go by."""
    if record.node in SAMPLES:
        X, A = (matrix_symbol(name, *map(dimension, "nn")) for name in "XA")
        return SAMPLES[record.node](X, A)
    if not record.types.arguments or not (record.spelling or record.infix or record.text):
        return None
    if record.shape is not None and not record.infix:
        return None
    names = {"matrix": iter("XABC"), "vector": iter("xab"), "scalar": iter("λμ")}
    sizes: dict[str, Basic] = {"1": number(1)}
    operands = [_operand(pattern, names, sizes) for pattern in record.types.arguments]
    return make(record.node, *operands)


def _operand(pattern: Pattern, names: dict[str, Iterator[str]], sizes: dict[str, Basic]) -> Basic:
    if not pattern:
        return scalar_symbol(next(names["scalar"]))
    if pattern[0].startswith("#"):
        return integer_symbol(pattern[0][1:])
    for letter in "".join(pattern):
        sizes.setdefault(letter, dimension(letter))
    rows, cols = (size_from(token, sizes) for token in pattern)
    kind = "vector" if "1" in pattern else "matrix"
    return matrix_symbol(next(names[kind]), rows, cols)


SAMPLES = {
    MatAdd: lambda X, A: add(X, A),
    MatMul: lambda X, A: mul(X, A),
    MatPow: lambda X, A: power(X, integer_symbol("k")),
    Inverse: lambda X, A: inverse(X),
    Transpose: lambda X, A: transpose(X),
}
"""The operations that the notation writes without a name."""
