"""Powers and transposes: X^3, X^-1, X^k, s^(1/2), X'."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn

from symmat.algebra.build import is_negative, matrix_power
from symmat.core.constructors import make, number, power, transpose
from symmat.core.nodes import MatrixRealPower
from symmat.errors import AmbiguousProblem, LimitProblem, ShapeProblem, ValueProblem
from symmat.language.context import Context
from symmat.language.surface import Surface
from symmat.language.terms import Term
from symmat.operations.hadamard import entry_power

LARGEST_EXPONENT = 10**6
LARGEST_FOLDED = 4096
"""Powers of numbers are worked out up to so many bits."""


def read_power(context: Context, node: Surface) -> Term:
    """A power of a scalar or of a square matrix; raises SymmatError for every other."""
    base, exponent = node.parts
    if base.rule == "power" and not base.grouped and not base.parts[1].grouped:
        _refuse_tower(context, node)
    if base.rule == "symbol" and base.value == "e" and context.symbols.undeclared(base):
        hint = f"write exp({_exponent(context, exponent)}), or expm(X) of a matrix; or declare e"
        context.fail(AmbiguousProblem, "e is a vector here, and not the number", node, hint)
    if exponent.term.dims:
        shown = context.words(exponent)
        hint = "an exponent is an integer, or a scalar; exp and expm are functions"
        context.fail(ShapeProblem, f"the exponent {shown} is {exponent.term.kind}", exponent, hint)
    value = exponent.term.value
    if value is not None and abs(value) > LARGEST_EXPONENT:
        limit = f"exponents go up to {LARGEST_EXPONENT:,}"
        context.fail(LimitProblem, f"the exponent {context.words(exponent)} is too large", exponent, limit)
    if not base.term.dims:
        return _scalar_power(context, node)
    if node.value == ".^":
        return context.terms.new(entry_power, (base.term, exponent.term), base.term.dims, node)
    if base.term.kind != "a matrix":
        _refuse_vector(context, node)
    context.sizes.square(base, f"the power {context.words(node)}", node)
    if not exponent.term.integer:
        terms = (base.term, exponent.term)
        return context.terms.new(lambda X, a: make(MatrixRealPower, X, a), terms, base.term.dims, node)
    k = exponent.term.node if value is None else number(int(value))
    return context.terms.new(lambda matrix: matrix_power(matrix, k), (base.term,), base.term.dims, node)


def _scalar_power(context: Context, node: Surface) -> Term:
    base, exponent = (part.term for part in node.parts)
    if exponent.integer and exponent.value is not None:
        exponent = context.terms.known(number(int(exponent.value)), node.parts[1], True, exponent.value)
    if base.value == 0 and exponent.value is not None and exponent.value < 0:
        context.fail(ValueProblem, "a division by zero", node)
    folded = _fold(base.value, exponent.value)
    integer = base.integer and exponent.integer and not is_negative(exponent.node)
    return context.terms.new(power, (base, exponent), (), node, integer, folded)


def _fold(base: Fraction | None, exponent: Fraction | None) -> Fraction | None:
    """The value of a power of numbers; above any limit it is just large."""
    if base is None or exponent is None or exponent.denominator != 1:
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent)
    if bits > LARGEST_FOLDED:
        return Fraction(2**LARGEST_FOLDED) if abs(base) > 1 and exponent > 0 else None
    return base ** int(exponent)


def _exponent(context: Context, node: Surface) -> str:
    """An exponent as it is typed after ^: without brackets, and not raised."""
    shown = context.words(node)
    return str(node.value) if node.rule == "number" else shown[1:-1].strip() if node.grouped else shown


def _refuse_tower(context: Context, node: Surface) -> NoReturn:
    inner, last = node.parts
    base = context.words(inner.parts[0])
    first, second = (_exponent(context, part) for part in (inner.parts[1], last))
    sign, other = (str(part.value or "^") for part in (inner, node))
    hint = f"write ({base}{sign}{first}){other}{second} or {base}{sign}({first}^{second})"
    context.fail(AmbiguousProblem, f"{context.words(node)} has two readings", node, hint)


def _refuse_vector(context: Context, node: Surface) -> NoReturn:
    base, exponent = context.words(node.parts[0]), _exponent(context, node.parts[1])
    raised = f"({exponent})" if node.parts[1].grouped else exponent
    hint = f"write {base}'{base} for a scalar, {base} {base}' for a matrix, or {base}.^{raised} for every entry"
    context.fail(AmbiguousProblem, f"{base} is {node.parts[0].term.kind}: it has no powers", node, hint)


def read_transposed(context: Context, node: Surface) -> Term:
    """The transpose; that of a 1×1 product is the product."""
    part = node.parts[0]
    term = part.term
    if not term.dims:
        shown = context.words(part)
        if part.rule == "number":
            context.fail(ShapeProblem, f"{shown} is a number, which has no transpose", node, "write ones(n)'")
        if context.symbols.undeclared(part):
            hint = f"declare {shown}: n for a vector, or {shown}: m×n for a matrix"
            context.fail(ShapeProblem, f"{shown} is {term.kind}, which has no transpose", node, hint)
        return term
    return context.terms.new(transpose, (term,), term.dims[::-1], node)
