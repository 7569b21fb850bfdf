"""The reference of the operations, worked out from their records: what each means and how it is differentiated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import getdoc

from sympy import Basic, Symbol

from symmat.api import adjoint, diff, jacobian
from symmat.core.constructors import (
    dimension,
    identity,
    integer_symbol,
    make,
    matrix_symbol,
    number,
    ones,
    scalar_symbol,
    shape_of,
    zero,
)
from symmat.core.nodes import Index
from symmat.core.operation import Abbreviation, Operation, abbreviations, operations
from symmat.core.signature import Pattern, Signature, size_from
from symmat.core.table import interning
from symmat.core.walks import symbols
from symmat.errors import SymmatError
from symmat.language import read
from symmat.printing import LaTeX, Text
from symmat.result import Result
from symmat.shapes import show_shape

FAMILIES = (
    "algebra sums trace determinant inverse sylvester norms elementwise logarithms extrema softmax hadamard diagonal "
    "triangles structure vec kronecker matrix_functions factorizations"
).split(" ")
"""The files of operations, in the order in which one would explain them."""

IN_WORDS = [
    "X + A",
    "λ + μ",
    "X A",
    "λ μ",
    "X^k",
    "λ^μ",
    "X'",
    "X^-1",
    "sum(i = 0..k, X^i)",
    "sum(i = 0..k, λ^i)",
    "X[i..k, j..l]",
    "[X, A]",
    "unvec(x, m, n)",
    *(f"frechet({f}, X, A)" for f in ("expm", "logm", "sqrtm", "sinm", "cosm", "α")),
    *(f"frechet({f}, X)" for f in ("expm", "logm", "sqrtm", "sinm", "cosm", "α")),
]
"""Samples of the operations that no signature makes one of."""


@dataclass(frozen=True)
class Entry:
    """One operation: how it is typed, its shape and those of its operands, its derivatives as LaTeX, its source.

    ``missing`` says that its differential is not there yet.
    """

    name: str
    text: str
    shape: str
    latex: str
    derivatives: Sequence[tuple[str, str]]
    missing: bool
    conditions: Sequence[str]
    reference: str
    record: Operation | Abbreviation | None = None


@dataclass(frozen=True)
class Family:
    """The operations of one file, with what it says of them."""

    title: str
    about: str
    entries: Sequence[Entry]


def families() -> Iterator[Family]:
    """All operations by the file that they stand in, those of other packages last."""
    members: dict[str, list[Operation | Abbreviation]] = {f"symmat.operations.{name}": [] for name in FAMILIES}
    records: Sequence[Operation | Abbreviation] = (*operations(), *abbreviations())
    for record in records:
        members.setdefault(_module(record), []).append(record)
    for module, found in members.items():
        about = (getdoc(sys.modules[module]) or module).replace("``", "")
        title = about.partition("\n")[0].partition(":")[0].rstrip(".")
        yield Family(title, about, [describe(record) for record in found])
    yield Family("Matrices whose entries are fixed", "", list(_constants()))


def entries() -> Iterator[Entry]:
    """The entries of all families."""
    for family in families():
        yield from family.entries


def describe(record: Operation | Abbreviation) -> Entry:
    """The entry of an operation, or of a word that stands for others.

    >>> from sympy import Trace
    >>> from symmat.core.operation import operation
    >>> describe(operation(Trace)).derivatives[0]
    ('differential', '\\\\mathrm{d}f = \\\\operatorname{tr}(\\\\mathrm{d}X)')
    """
    with interning():
        if isinstance(record, Abbreviation):
            operands = _operands(record.types)
            spelled = f"{record.spelling}({', '.join(map(Text().print, operands))})"
            return _entry(record.spelling, spelled, record.build(*operands), "", record)
        node = _sample(record)
        return _entry(record.name, Text().print(node), node, record.reference, record)


def _entry(name: str, text: str, node: Basic, reference: str, record: Operation | Abbreviation | None = None) -> Entry:
    found: list[tuple[str, str]] = []
    conditions: list[str] = []
    operands = [s for s in symbols(node) if not (isinstance(s, Index) or (isinstance(s, Symbol) and s.is_integer))]
    variables = [s.name for s in operands if _derived(diff, node, s.name) is not None]
    if variables:
        total = diff(node, variables)
        conditions = total.conditions
        found.append(("differential", total.latex(equation=True)))
    for variable in variables:
        for title, derive in (("adjoint", adjoint), ("Jacobian", jacobian)):
            result = _derived(derive, node, variable)
            if result is not None:
                found.append((title, result.latex(equation=True)))
    shapes = ", ".join(f"{s.name} {show_shape(shape_of(s))}" for s in operands if shape_of(s))
    shape = show_shape(shape_of(node)) + (f", of {shapes}" if shapes else "")
    missing = bool(operands) and not found
    return Entry(name, text, shape, LaTeX().print(node), tuple(found), missing, conditions, reference, record)


def _derived(derive: Callable[..., Result], node: Basic, name: str) -> Result | None:
    try:
        result = derive(node, name)
        result.text()
    except SymmatError:
        return None
    return result


def _constants() -> Iterator[Entry]:
    reference = "Magnus & Neudecker, ch. 1"
    with interning():
        m, n = dimension("m"), dimension("n")
        for name, node in (("identity", identity(n)), ("ones", ones(m, n)), ("zeros", zero((m, n)))):
            yield _entry(name, Text().print(node), node, reference)


def _module(record: Operation | Abbreviation) -> str:
    """The file of a node of ours, or the one that gives a node of SymPy its derivative."""
    if isinstance(record, Abbreviation):
        return record.build.__module__
    own = record.node.__module__
    if not own.startswith("sympy.") and own != "symmat.core.nodes":
        return own
    slot = record.slot(0)
    rule = slot.adjoint if slot is not None else record.differentials[0]
    return rule.__module__ if rule is not None else own


def _sample(record: Operation) -> Basic:
    """The operation on symbols of general shapes, X first."""
    if record.node in _in_words():
        return read(_in_words()[record.node]).expr
    return make(record.node, *_operands(record.types))


@cache
def _in_words() -> dict[type[Basic], str]:
    with interning():
        return {type(read(sample).expr): sample for sample in IN_WORDS}


def _operands(types: Signature) -> list[Basic]:
    names = {"matrix": iter("XABC"), "vector": iter("xab"), "scalar": iter("λμ")}
    sizes: dict[str, Basic] = {"1": number(1)}
    return [_operand(pattern, names, sizes) for pattern in types.arguments]


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
