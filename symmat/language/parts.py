"""Entries, rows, columns and ranges of a matrix, and matrices of blocks."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic, Integer

from symmat.algebra.sizes import size
from symmat.core.constructors import identity, mul, number, zero
from symmat.errors import ShapeProblem, SyntaxProblem
from symmat.language.context import Context
from symmat.language.sizes import SUM, Dims, Size
from symmat.language.surface import Surface
from symmat.language.terms import Term, known
from symmat.operations.structure import Range, block, part

Index = tuple[Term, Term] | None
"""The first and the last index; None is all."""


def read_part(context: Context, node: Surface) -> Term:
    """``X[i, j]``, ``X[i, :]``, ``X[1..m, :]``, ``x[i]``."""
    matrix, *places = node.parts
    term, shown = matrix.term, context.words(matrix)
    if not term.dims:
        context.fail(
            ShapeProblem, f"{shown} is {term.kind}: it has no entries", node, "write a blank before a block matrix"
        )
    if len(places) > 2:
        context.fail(SyntaxProblem, f"{shown} has two indices, and {len(places)} are given", node)
    if len(places) == 1:
        if term.kind == "a matrix":
            inside = context.words(places[0])
            hint = f"write {shown}[{inside},:] for a row or {shown}[:,{inside}] for a column"
            context.fail(ShapeProblem, f"{shown} is a matrix: it has two indices", node, hint)
        short = Surface("all", [], node.start, node.end)
        places = [*places, short] if term.dims[1].is_one else [short, *places]
    ranges = [_index(context, place, side, shown) for place, side in zip(places, term.dims, strict=True)]
    dims = tuple(_length(context, r, side) for r, side in zip(ranges, term.dims, strict=True))

    def make(whole: Basic, *ends: Basic) -> Basic:
        rest = iter(ends)
        pairs: list[Range | None] = [None if r is None else (next(rest), next(rest)) for r in ranges]
        return part(whole, pairs[0], pairs[1])

    ends = [end for r in ranges if r is not None for end in r]
    result = context.terms.new(make, (term, *ends), dims, node)
    return context.small(result, node)


def _index(context: Context, place: Surface, side: Size, shown: str) -> Index:
    """The ends of a range, checked as far as the size is known."""
    if place.rule == "all":
        return None
    ends = place.parts if place.rule == "range" else [place, place]
    value = side.root().value
    for end in ends:
        if not end.term.integer:
            what = f"{context.words(end)} is {end.term.kind}, and an index is an integer"
            hint = f"declare {context.words(end)}: integer" if end.rule == "symbol" else ""
            context.fail(ShapeProblem, what, end, hint)
        if side.is_one and end.term.value is None:
            what = f"{shown} is a vector: its index {context.words(end)} can only be 1"
            context.fail(ShapeProblem, what, end, "write 1, or leave it out")
        at = end.term.value
        if at is not None and (at < 1 or (isinstance(value, Integer) and at > int(value.p))):
            counted = f"from 1 to {value}" if value is not None else "from 1"
            context.fail(ShapeProblem, f"the index {at} of {shown} is out of range: it counts {counted}", end)
    first, last = (end.term for end in ends)
    if first.value is not None and last.value is not None and first.value > last.value:
        context.fail(ShapeProblem, f"the range {first.value}..{last.value} is empty", place)
    return first, last


def _length(context: Context, index: Index, side: Size) -> Size:
    if index is None:
        return side
    first, last = (term.node for term in index)
    if first is last:
        return Size(number(1), "one index")
    return Size(size(last - first + 1), "the range")


# ---------------------------------------------------------------- blocks


def read_block(context: Context, node: Surface) -> Term:
    """``[A, B; C, D]``: blocks side by side have the same rows, those one under the other the same columns.

    Rows with different numbers of blocks are matrices of one row each, one under the other.
    """
    rows: list[list[Surface]] = node.value
    grid = [[_block_term(context, part) for part in row] for row in rows]
    if len({len(row) for row in rows}) == 1:
        return _grid(context, grid, rows, node)
    stacked = [[_grid(context, [terms], [row], node)] for terms, row in zip(grid, rows, strict=True)]
    return _grid(context, stacked, [[_whole(row, term)] for row, [term] in zip(rows, stacked, strict=True)], node)


def _whole(row: Sequence[Surface], term: Term) -> Surface:
    piece = Surface("block", [], row[0].start, row[-1].end)
    piece.term = term
    return piece


def _grid(context: Context, grid: list[list[Term]], rows: list[list[Surface]], node: Surface) -> Term:
    """Blocks in as many columns in each row."""
    width = len(grid[0])
    for r, row in enumerate(grid):
        for c, term in enumerate(row):
            for other, place, side in ((row[0], rows[r][0], 0), (grid[0][c], rows[0][c], 1)):
                loose = rows[r][c].term.value == 0 or place.term.value == 0
                if not _agree(context, term.dims[side], other.dims[side], node, loose):
                    what = "the row" if side == 0 else "the column"
                    context.sizes.clash((place, side), (rows[r][c], side), f"{what} of blocks")
    heights = tuple(row[0].dims[0] for row in grid)
    widths = tuple(term.dims[1] for term in grid[0])
    dims = (context.sizes.made_of(SUM, heights, node), context.sizes.made_of(SUM, widths, node))

    def make(*entries: Basic) -> Basic:
        return block([entries[i : i + width] for i in range(0, len(entries), width)])

    return context.terms.new(make, tuple(term for row in grid for term in row), dims, node)


def _agree(context: Context, a: Size, b: Size, node: Surface, loose: bool) -> bool:
    """Sizes of neighbours are equal; a bare 0 may also have the size 1 that stands beside it."""
    for one, other in ((a, b), (b, a)) if loose else ():
        if one.root().value is None and other.is_one:
            one.root().value = number(1)
    return context.sizes.unify(a, b, node)


def _block_term(context: Context, part: Surface) -> Term:
    """An entry: a bare 0 takes its size from its neighbours, and a scalar is 1×1."""
    term = part.term
    if term.dims:
        return term
    if term.value == 0 and part.rule != "call":
        open_dims: Dims = (context.open_size(part), context.open_size(part))
        return context.terms.new(lambda: zero((known(open_dims[0]), known(open_dims[1]))), (), open_dims, part)
    one = Size(number(1), "a scalar")

    def make(value: Basic) -> Basic:
        return identity(number(1)) if value is number(1) else mul(value, identity(number(1)))

    return context.terms.new(make, (term,), (one, one), part)
