"""Functions and finite sums: their arguments against the signature of the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import NoReturn

from sympy import Basic, Inverse, Trace, Transpose

from symmat.consistency import place
from symmat.core.constructors import call, mul, number, ones, shape_of, zero
from symmat.core.operation import Abbreviation, Operation, spelled
from symmat.core.sums import bound_sum
from symmat.errors import AmbiguousProblem, RecordProblem, ShapeProblem, SyntaxProblem, UnsupportedProblem
from symmat.language.context import Context
from symmat.language.names import factors, is_function
from symmat.language.sizes import PRODUCT, Dims, Size
from symmat.language.surface import Surface
from symmat.language.symbols import index_symbol
from symmat.language.terms import Term, known
from symmat.operations.matrix_functions import FRECHET, frechet
from symmat.shapes import show_shape

OF_SCALARS = (Trace, Inverse, Transpose)
"""The functions of matrices that are plain for a scalar too: tr(x'A x) is x'A x."""

Meaning = Operation | Abbreviation


def read_call(context: Context, node: Surface) -> Term:
    """``tr(A X)``, ``exp.(X)``, ``zeros(m, n)``, ``lu(X).L``."""
    name = str(node.value)
    word, dot = name.removesuffix("."), name.endswith(".")
    if word in OWN:
        return OWN[word](context, node)
    vector = next((part for part in node.parts if part.term.kind == "a vector"), None)
    if word in FRECHET and vector is not None:
        shown = context.words(vector)
        hint = f"write {word[:-1]}({shown}) for every entry"
        context.fail(ShapeProblem, f"{word} takes a square matrix, and {shown} is a vector", vector, hint)
    meanings = spelled(word)
    if not meanings:
        _refuse_factors(context, node, word)
        context.fail(UnsupportedProblem, f"the function {word} is not supported yet", node)
    if dot and not any(meaning.elementwise for meaning in meanings):
        context.fail(SyntaxProblem, f"{word} does not act entry by entry", node, f"leave out the dot: {word}(…)")
    return apply(context, _meaning(context, meanings, word, node, dot), word, node)


def _meaning(context: Context, meanings: Sequence[Meaning], word: str, node: Surface, dot: bool) -> Meaning:
    """The meaning that fits the number and the kinds of the arguments."""
    counts = sorted({len(m.types.arguments) for m in meanings})
    counted = [m for m in meanings if len(m.types.arguments) == len(node.parts)]
    if not counted:
        wanted = " or ".join(map(str, counts))
        plural = "" if counts == [1] else "s"
        context.fail(SyntaxProblem, f"{word} takes {wanted} argument{plural}, and has {len(node.parts)}", node)
    fitting = [m for m in counted if _fits(m, node)]
    best = min(fitting, key=lambda m: not any("1" in p for p in m.types.arguments), default=counted[0])
    matrix = next((part for part in node.parts if part.term.kind == "a matrix"), None)
    if best.elementwise and matrix is not None and not dot:
        _refuse_elementwise(context, word, node, matrix)
    if not fitting and len(counted) > 1:
        kinds = " or ".join(dict.fromkeys(" and ".join(m.types.kinds) for m in counted))
        given = " and ".join(f"{context.words(p)} is {p.term.kind}" for p in node.parts)
        context.fail(ShapeProblem, f"{word} takes {kinds}, and {given}", node)
    return best


def _fits(meaning: Meaning, node: Surface) -> bool:
    """Whether arguments are of the kinds that a meaning takes; a scalar spreads where a function is elementwise."""
    pairs = list(zip(meaning.types.arguments, node.parts, strict=True))
    spread = meaning.elementwise and any(part.term.dims for part in node.parts)
    for pattern, part in pairs:
        if pattern and pattern[0].startswith("#"):
            continue
        if bool(pattern) != bool(part.term.dims) and not (spread and pattern):
            return False
        if part.term.dims and any(
            letter == "1" and not size.is_one for letter, size in zip(pattern, part.term.dims, strict=True)
        ):
            return False
    return True


def apply(context: Context, meaning: Meaning, name: str, node: Surface) -> Term:
    """An operation on the parts of a piece, whose shapes its signature fixes."""
    patterns = meaning.types.arguments
    sizes: dict[str, Size] = {"1": Size(number(1))}
    terms = _spread(context, node) if meaning.elementwise else [part.term for part in node.parts]
    for pattern, part in zip(patterns, node.parts, strict=True):
        if pattern and pattern[0].startswith("#"):
            sizes[pattern[0][1:]] = context.symbols.size_of(part)
    for pattern, part, term in zip(patterns, node.parts, terms, strict=True):
        if pattern and pattern[0].startswith("#"):
            continue
        if not pattern and term.dims:
            context.fail(ShapeProblem, f"{name} takes a scalar, and {context.words(part)} is {term.kind}", part)
        elif pattern and not term.dims:
            if isinstance(meaning, Abbreviation) or meaning.node not in OF_SCALARS:
                message = f"{name} takes a matrix, and {context.words(part)} is {term.kind}"
                context.fail(ShapeProblem, message, part)
            return context.terms.new(lambda arg: _build(meaning, arg), (term,), (), node)
        elif part.term.dims:
            context.sizes.match(pattern, part, sizes, node, name)
    dims = context.sizes.result(meaning.types.result, sizes, node)
    return context.small(context.terms.new(lambda *args: _build(meaning, *args), tuple(terms), dims, node), node)


def _build(meaning: Meaning, *args: Basic) -> Basic:
    if isinstance(meaning, Operation):
        return call(meaning.node, *args)
    built = meaning.build(*args)
    found, wanted = shape_of(built), meaning.types.shape(meaning.spelling, args, [shape_of(a) for a in args])
    if found != wanted and prod(found + wanted) != 1:
        shapes = f"{show_shape(found)}, and {meaning.signature} is {show_shape(wanted)}"
        raise RecordProblem(f"the word {meaning.spelling}{place(meaning.build)} gives {shapes}")
    return built


def _spread(context: Context, node: Surface) -> list[Term]:
    """The arguments of an elementwise function: a scalar beside a matrix stands in each entry."""
    shaped = next((part.term for part in node.parts if part.term.dims), None)
    return [p.term if p.term.dims or shaped is None else spread(context, p.term, shaped.dims, p) for p in node.parts]


def spread(context: Context, scalar: Term, dims: Dims, node: Surface) -> Term:
    """A scalar in each entry of a matrix."""

    def make(value: Basic) -> Basic:
        if value is number(0):
            return zero(tuple(map(known, dims)))
        everywhere = ones(*map(known, dims))
        return everywhere if value is number(1) else mul(value, everywhere)

    return context.terms.new(make, (scalar,), dims, node)


def _refuse_elementwise(context: Context, name: str, node: Surface, part: Surface) -> NoReturn:
    shown = ", ".join(map(context.words, node.parts))
    matrix_function = f", or {name}m({shown}) for the matrix function" if is_function(f"{name}m") else ""
    hint = f"write {name}.({shown}) for every entry{matrix_function}"
    context.fail(AmbiguousProblem, f"{name} of a matrix is read both ways", part, hint)


def _refuse_factors(context: Context, node: Surface, word: str) -> None:
    """A factorisation without the part that is meant, or with one that it does not have."""
    stem = word.partition(".")[0]
    if parts := factors(stem):
        shown = context.words(node.parts[0])
        written = " or ".join(f"{stem}({shown}).{part}" for part in parts)
        context.fail(SyntaxProblem, f"{stem} has the parts {', '.join(parts)}", node, f"write {written}")


def read_frechet(context: Context, node: Surface) -> Term:
    """``frechet(expm, X, E)``, ``frechet(α, X, E)``, ``frechet(expm, X)``."""
    if len(node.parts) < 2:
        context.fail(
            SyntaxProblem, "frechet takes a function, a matrix and directions", node, "write frechet(expm, X, E)"
        )
    function, matrix, *directions = node.parts
    named = str(function.value) if function.rule == "named" else ""
    if function.term.dims:
        context.fail(ShapeProblem, f"{context.words(function)} is no function of a matrix", function, _functions())
    for part in (matrix, *directions):
        if not part.term.dims:
            context.fail(ShapeProblem, f"frechet takes matrices, and {context.words(part)} is {part.term.kind}", part)
        context.sizes.match(("n", "n"), part, {"n": matrix.term.dims[0]}, node, "frechet")
    n = matrix.term.dims[0]
    dims = (n, n) if directions else (context.sizes.made_of(PRODUCT, (n, n), node),) * 2

    def make(function: Basic, *matrices: Basic) -> Basic:
        return frechet(named or function, *matrices)

    return context.terms.new(make, tuple(part.term for part in node.parts), dims, node)


def _functions() -> str:
    *most, last = FRECHET
    return f"write {', '.join(most)} or {last}, or the exponent α of X^α"


def read_constant(context: Context, node: Surface) -> Term:
    """``zeros(m, n)``, ``ones(n)``: the one of size 1 is a number."""
    if len(node.parts) > 2:
        context.fail(SyntaxProblem, f"{node.value} takes 1 or 2 sizes, and has {len(node.parts)}", node)
    rows = context.symbols.size_of(node.parts[0])
    cols = context.symbols.size_of(node.parts[1]) if len(node.parts) > 1 else Size(number(1))
    if rows.is_one and cols.is_one:
        return context.number(Fraction(node.value == "ones"), node)
    build = ones if node.value == "ones" else lambda *shape: zero(shape)
    return context.terms.new(lambda: build(known(rows), known(cols)), (), (rows, cols), node)


OWN: dict[str, Callable[[Context, Surface], Term]] = {
    "frechet": read_frechet,
    "zeros": read_constant,
    "ones": read_constant,
}
"""The functions that are no record's."""


def read_finite_sum(context: Context, node: Surface) -> Term:
    """``sum(i = 0..k-1, X^i)``."""
    lower, upper, body = node.parts
    index = str(node.value)
    for bound in (lower, upper):
        if not bound.term.integer:
            shown = context.words(bound)
            context.fail(ShapeProblem, f"{shown} is {bound.term.kind}, and the bounds of a sum are integers", bound)
    if not context.symbols.binds(index, body.start):
        context.fail(SyntaxProblem, f"the index {index} does not occur in the summand", body, f"write {index} in it")

    def make(low: Basic, high: Basic, summand: Basic) -> Basic:
        return bound_sum(summand, index_symbol(index), low, high)

    return context.terms.new(make, (lower.term, upper.term, body.term), body.term.dims, node)
