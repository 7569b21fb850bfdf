"""Functions and finite sums: their arguments against the signature of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Basic

from symmat.errors import AmbiguousProblem, ShapeProblem, SyntaxProblem, UnsupportedProblem
from symmat.expressions.constructors import call, number, zero
from symmat.expressions.operation import Operation, spelled
from symmat.expressions.sums import bound_sum
from symmat.language.inference import Size
from symmat.language.names import FUNCTIONS
from symmat.language.surface import Surface
from symmat.language.symbols import index_symbol
from symmat.language.terms import Term, known

if TYPE_CHECKING:
    from symmat.language.reader import Reader

OF_SCALARS = {"tr": "the trace", "inv": "the inverse", "transpose": "the transpose"}
"""The functions of matrices that are plain for a scalar too: tr(x'A x) is x'A x."""


def read_call(reader: Reader, node: Surface) -> Term:
    """``tr(A X)``, ``zeros(m, n)``."""
    name = str(node.value)
    if name == "zeros":
        return _zeros(reader, node)
    record = spelled(name)
    if record is None:
        reader.fail(UnsupportedProblem, f"the function {name} is not supported yet", node)
    return apply(reader, record, name, node)


def apply(reader: Reader, record: Operation, name: str, node: Surface) -> Term:
    """An operation on the parts of a piece, whose shapes its signature fixes."""
    patterns = record.types.arguments
    if len(node.parts) != len(patterns):
        count = f"{len(patterns)} argument{'s' if len(patterns) > 1 else ''}"
        reader.fail(SyntaxProblem, f"{name} takes {count}, and has {len(node.parts)}", node)
    sizes: dict[str, Size] = {"1": Size(number(1))}
    for pattern, part in zip(patterns, node.parts, strict=True):
        if pattern and pattern[0].startswith("#"):
            sizes[pattern[0][1:]] = reader.symbols.size_of(part)
        elif not pattern and part.term.dims:
            _refuse_elementwise(reader, name, part)
        elif pattern and not part.term.dims:
            if record.spelling not in OF_SCALARS:
                message = f"{name} takes a matrix, and {reader.sizes.words(part)} is {part.term.kind}"
                reader.fail(ShapeProblem, message, part)
            return reader.terms.new(lambda arg: call(record.node, arg), (part.term,), (), node)
        else:
            reader.sizes.match(pattern, part, sizes, node, name)
    dims = reader.sizes.result(record.types.result, sizes, node)
    return reader.terms.new(lambda *args: call(record.node, *args), tuple(p.term for p in node.parts), dims, node)


def _refuse_elementwise(reader: Reader, name: str, part: Surface) -> None:
    shown = reader.sizes.words(part)
    if part.term.kind == "a matrix":
        matrix_function = f", or {name}m({shown}) for the matrix function" if f"{name}m" in FUNCTIONS else ""
        hint = f"write {name}.({shown}) for every entry{matrix_function}"
        reader.fail(AmbiguousProblem, f"{name} of a matrix is read both ways", part, hint)
    reader.fail(UnsupportedProblem, f"{name} of a vector is not supported yet", part)


def _zeros(reader: Reader, node: Surface) -> Term:
    if len(node.parts) > 2:
        reader.fail(SyntaxProblem, f"zeros takes 1 or 2 sizes, and has {len(node.parts)}", node)
    rows = reader.symbols.size_of(node.parts[0])
    cols = reader.symbols.size_of(node.parts[1]) if len(node.parts) > 1 else Size(number(1))
    return reader.terms.new(lambda: zero((known(rows), known(cols))), (), (rows, cols), node)


def read_finite_sum(reader: Reader, node: Surface) -> Term:
    """``sum(i = 0..k-1, X^i)``."""
    lower, upper, body = node.parts
    index = str(node.value)
    for bound in (lower, upper):
        if not bound.term.integer:
            shown = reader.sizes.words(bound)
            reader.fail(ShapeProblem, f"{shown} is {bound.term.kind}, and the bounds of a sum are integers", bound)
    if index not in reader.bound:
        reader.fail(SyntaxProblem, f"the index {index} does not occur in the summand", body, f"write {index} in it")
    reader.bound.discard(index)

    def make(low: Basic, high: Basic, summand: Basic) -> Basic:
        return bound_sum(summand, index_symbol(index), low, high)

    return reader.terms.new(make, (lower.term, upper.term, body.term), body.term.dims, node)
