"""Parts of a matrix and matrices of blocks: what stands in them is picked out and put in by slices of I.

X[a..b, c..d] = I[a..b, :] X I[:, c..d].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Basic, Identity, Integer, MatMul, OneMatrix, Transpose, ZeroMatrix

from symmat.algebra.normal import normal
from symmat.algebra.sizes import size
from symmat.core.constructors import add, identity, is_one, mul, number, ones, shape_of, transpose, zero
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.table import Shape, intern
from symmat.errors import ShapeProblem
from symmat.facts.predicates import nonnegative, positive
from symmat.facts.transfer import keeps
from symmat.operations.kronecker import kron
from symmat.operations.vec import basis
from symmat.shapes import show_shape

Range = tuple[Basic, Basic]
"""The first and the last index, counted from 1."""


class Part(MatrixOperation):
    """X[a..b, c..d]; its arguments are X, a, b, c, d."""


class Block(MatrixOperation):
    """[A, B; C, D]; its arguments are the number of entries of a row, and the entries row by row."""


def part(matrix: Basic, rows: Range | None, cols: Range | None) -> Basic:
    """A part of a matrix: an entry, a row, a column or a range; None is all, and a scalar is its only entry."""
    whole = shape_of(matrix)
    if not whole:
        return mul(matrix, identity(number(1)))
    ends = (rows or (number(1), whole[0])) + (cols or (number(1), whole[1]))
    return intern(Part, (matrix, *ends), _part_shape((matrix, *ends), ()))


def block(rows: Sequence[Sequence[Basic]]) -> Basic:
    """A matrix of blocks, row by row; a scalar is a block of one entry."""
    entries = [mul(e, identity(number(1))) if not shape_of(e) else e for row in rows for e in row]
    args = (number(len(rows[0])), *entries)
    return intern(Block, args, _block_shape(args, [shape_of(a) for a in args]))


def block_product(left: Basic, right: Basic) -> Basic | None:
    """The product of matrices of blocks, block by block; None where they are no such matrices, or do not fit."""
    rows, cols = _grid(left), [*zip(*_grid(right), strict=True)]
    if not rows or not cols or [shape_of(e)[1] for e in rows[0]] != [shape_of(e)[0] for e in cols[0]]:
        return None
    entries = [[_sum_of_products(row, col) for col in cols] for row in rows]
    return entries[0][0] if len(rows) == len(cols) == 1 else block(entries)


def _sum_of_products(row: Sequence[Basic], col: Sequence[Basic]) -> Basic:
    pairs = zip(row, col, strict=True)
    terms = [mul(a, b) for a, b in pairs if not isinstance(a, ZeroMatrix) and not isinstance(b, ZeroMatrix)]
    return add(*terms) if terms else zero((shape_of(row[0])[0], shape_of(col[0])[1]))


def _grid(node: Basic) -> list[Sequence[Basic]]:
    """The blocks, row by row; nothing where there are none."""
    if type(node) is Transpose:
        return [[transpose(e) for e in col] for col in zip(*_grid(node.args[0]), strict=True)]
    width = int(node.args[0].p) if type(node) is Block else 0
    return _rows(width, node.args[1:]) if width else []


def selection(length: Basic, first: Basic, last: Basic) -> Basic | None:
    """I[a..b, :]', which puts rows a to b in their place; None where that is all."""
    if first == 1 and last == length:
        return None
    if first == last:
        return basis(first, length)
    return part(identity(length), None, (first, last))


def _part_shape(args: Sequence[Any], shapes: Sequence[Shape]) -> Shape:
    _, a, b, c, d = args
    return tuple(size(last - first + 1) for first, last in ((a, b), (c, d)))


def _block_shape(args: Sequence[Any], shapes: Sequence[Shape]) -> Shape:
    width = int(args[0].p)
    grid = [shapes[i : i + width] for i in range(1, len(shapes), width)]
    for row in grid:
        for j, shape in enumerate(row):
            if shape[0] != row[0][0] or shape[1] != grid[0][j][1]:
                raise ShapeProblem(f"a block of {show_shape(shape)} beside {show_shape(row[0])}")
    return size(Add(*(row[0][0] for row in grid))), size(Add(*(shape[1] for shape in grid[0])))


def _product(*factors: Basic | None) -> Basic:
    return mul(*(f for f in factors if f is not None))


def _sides(F: Any) -> tuple[Basic | None, Basic | None]:
    """The matrices P and Q with X[a..b, c..d] = P'X Q."""
    X, a, b, c, d = F.args
    rows, cols = shape_of(X)
    return selection(rows, a, b), selection(cols, c, d)


def _put_back(F: Any, i: int, G: Basic) -> Basic:
    P, Q = _sides(F)
    return _product(P, G, None if Q is None else transpose(Q))


def _part_matrix(F: Any, i: int) -> Basic:
    P, Q = _sides(F)
    rows, cols = shape_of(F.args[0])
    return kron_of(None if Q is None else transpose(Q), None if P is None else transpose(P), cols, rows)


def kron_of(left: Basic | None, right: Basic | None, left_size: Basic, right_size: Basic) -> Basic:
    """left ⊗ right, where None is the identity of a size."""
    if left is None and is_one(left_size):
        return identity(right_size) if right is None else right
    if right is None and is_one(right_size):
        return identity(left_size) if left is None else left
    return kron(identity(left_size) if left is None else left, identity(right_size) if right is None else right)


def _place(F: Any, i: int) -> tuple[Range, Range]:
    """The rows and columns where a block stands."""
    width = int(F.args[0].p)
    row, col = divmod(i - 1, width)
    heights = [shape_of(F.args[1 + r * width])[0] for r in range(row + 1)]
    widths = [shape_of(F.args[1 + c])[1] for c in range(col + 1)]
    ranges = []
    for sides in (heights, widths):
        before, own = sum(sides[:-1], Integer(0)), sides[-1]
        ranges.append((size(before + 1), size(before + own)))
    return ranges[0], ranges[1]


def _push_block(F: Any, i: int, E: Basic) -> Basic:
    (a, b), (c, d) = _place(F, i)
    rows, cols = shape_of(F)
    P, Q = selection(rows, a, b), selection(cols, c, d)
    return _product(P, E, None if Q is None else transpose(Q))


def _block_matrix(F: Any, i: int) -> Basic:
    (a, b), (c, d) = _place(F, i)
    rows, cols = shape_of(F)
    own = shape_of(F.args[i])
    return kron_of(selection(cols, c, d), selection(rows, a, b), own[1], own[0])


_IN_BLOCK = Linear(
    push=_push_block,
    adjoint=lambda F, i, G: part(G, *_place(F, i)),
    vec=_block_matrix,
)


def _shown(range_: Range, whole: Basic, a: str, b: str) -> str:
    first, last = range_
    if first == 1 and last == whole and not is_one(whole):
        return ":"
    return a if first == last else f"{a}..{b}"


def _part_text(F: Any) -> str:
    X, a, b, c, d = F.args
    rows, cols = shape_of(X)
    if is_one(cols):
        return f"{{A!}}[{_shown((a, b), rows, '{B}', '{C}')}]"
    return f"{{A!}}[{_shown((a, b), rows, '{B}', '{C}')}, {_shown((c, d), cols, '{D}', '{E}')}]"


def _part_latex(F: Any) -> str:
    X, a, b, c, d = F.args
    rows, cols = shape_of(X)
    sides = [_shown((a, b), rows, "{B}", "{C}")]
    if not is_one(cols):
        sides.append(_shown((c, d), cols, "{D}", "{E}"))
    return rf"\left[{{A}}\right]_{{{','.join(sides)}}}".replace("..", r" \ldots ")


def _block_text(F: Any) -> str:
    rows = _slots(F)
    if len(rows[0]) == 1:  # blanks separate where there are no commas
        rows = [[slot.replace("}", "~}")] for [slot] in rows]
    return "[" + "; ".join(", ".join(row) for row in rows) + "]"


def _block_latex(F: Any) -> str:
    rows = r" \\ ".join(" & ".join(row) for row in _slots(F))
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _rows(width: int, entries: Sequence[Any]) -> list[Sequence[Any]]:
    return [entries[i : i + width] for i in range(0, len(entries), width)]


def _slots(F: Any) -> list[Sequence[str]]:
    """The places of the blocks; a zero whose size follows from its neighbours is a 0."""
    width = int(F.args[0].p)
    known = [not isinstance(entry, ZeroMatrix) for entry in F.args[1:]]
    names = []
    for place, is_known in enumerate(known):
        row = known[place - place % width : place - place % width + width]
        plain = not is_known and any(row) and any(known[place % width :: width])
        names.append("0" if plain else f"{{#{place + 1}}}")
    return _rows(width, names)


def _of_blocks(F: Any, X: Basic, a: Basic, b: Basic, c: Basic, d: Basic) -> Basic | None:
    """Where its ends fall on borders."""
    grid = _grid(X)
    if not grid:
        return None
    rows = _between([shape_of(row[0])[0] for row in grid], a, b)
    cols = _between([shape_of(e)[1] for e in grid[0]], c, d)
    if rows is None or cols is None:
        return None
    chosen = [row[cols] for row in grid[rows]]
    return chosen[0][0] if len(chosen) == len(chosen[0]) == 1 else block(chosen)


def _between(lengths: Sequence[Basic], first: Basic, last: Basic) -> slice | None:
    """The places whose lengths make up a range; None where it cuts one."""
    ends = [number(0)]
    for length in lengths:
        ends.append(size(ends[-1] + length))
    before = size(first - 1)
    return slice(ends.index(before), ends.index(last)) if before in ends and last in ends else None


def _is_all(range_: Range, whole: Basic) -> bool:
    return range_ == (1, whole)


def _column_of_identity(F: Any, X: Basic, a: Basic, b: Basic, c: Basic, d: Basic) -> Basic | None:
    rows = shape_of(X)[0]
    return basis(c, rows) if isinstance(X, Identity) and c == d and _is_all((a, b), rows) else None


def _row_of_identity(F: Any, X: Basic, a: Basic, b: Basic, c: Basic, d: Basic) -> Basic | None:
    cols = shape_of(X)[1]
    return transpose(basis(a, cols)) if isinstance(X, Identity) and a == b and _is_all((c, d), cols) else None


def _of_own_place(F: Any, X: Basic, *ends: Basic) -> Basic | None:
    """P'P E Q'Q = E, and X[:, :] = X."""
    P, Q = _sides(F)
    if isinstance(X, Identity | OneMatrix):
        return X if P is Q is None else None
    first, last = ([] if P is None else [P]), ([] if Q is None else [normal(transpose(Q))])
    factors = X.args if type(X) is MatMul else (X,)
    inside = factors[len(first) : len(factors) - len(last)]
    if factors != (*first, *inside, *last):
        return None
    return mul(*inside) if inside else identity(shape_of(F)[0])


def _of_part(F: Any, X: Basic, a: Basic, b: Basic, c: Basic, d: Basic) -> Basic | None:
    if type(X) is not Part:
        return None
    inner, r, _, s, _ = X.args
    return part(inner, (size(r + a - 1), size(r + b - 1)), (size(s + c - 1), size(s + d - 1)))


register(
    Operation(
        node=Part,
        name="part",
        signature="m×n, #a, #b, #c, #d -> m×n",
        shape=_part_shape,
        linear=(
            Linear(
                push=lambda F, i, E: part(E, F.args[1:3], F.args[3:5]),
                adjoint=_put_back,
                vec=_part_matrix,
            ),
        ),
        equations=(
            Equation(
                "transpose of a part",
                "X[1..2, :]' = X'[:, 1..2]",
                "F'",
                lambda F, X, a, b, c, d: part(transpose(X), (c, d), (a, b)),
            ),
            Equation("column of the identity", "I_n[:, 2] = basis(2, n)", "F", _column_of_identity),
            Equation("row of the identity", "I_n[2, :] = basis(2, n)'", "F", _row_of_identity),
            Equation(
                "part of ones",
                "ones(m, n)[1..2, :] = ones(2, n)",
                "F",
                lambda F, X, *ends: ones(*shape_of(F)) if isinstance(X, OneMatrix) else None,
            ),
            Equation(
                "part of what was put in its place",
                "(I_n[:, 1..2] A)[1..2, :] = A",
                "F",
                _of_own_place,
                let="A: 2×m",
            ),
            Equation("part of a part", "X[2..4, :][2..3, :] = X[3..4, :]", "F", _of_part, let="X: m×n"),
            Equation("part of blocks", "[A, B][:, 1..n] = A", "F", _of_blocks, let="A: m×n; B: m×p"),
        ),
        facts=keeps(positive, nonnegative),
        text=_part_text,
        latex=_part_latex,
        value=lambda xp, A, a, b, c, d: A[a - 1 : b, c - 1 : d],
        reference="Magnus & Neudecker, ch. 1, sec. 2",
    )
)
register(
    Operation(
        node=Block,
        name="block matrix",
        shape=_block_shape,
        linear=lambda i: _IN_BLOCK if i else None,
        additive=True,
        equations=(
            Equation(
                "transpose of blocks",
                "[A, B]' = [A'; B']",
                "F'",
                lambda F, *entries: block(_grid(transpose(F))),
                let="A: m×n; B: m×k",
            ),
            Equation(
                "zero blocks",
                "[zeros(m, n), zeros(m, k)] = zeros(m, n + k)",
                "F",
                lambda F, *entries: zero(shape_of(F)) if all(isinstance(e, ZeroMatrix) for e in entries[1:]) else None,
            ),
        ),
        text=_block_text,
        latex=_block_latex,
        value=lambda xp, width, *entries: xp.block([*map(list, _rows(int(width), entries))]),
        reference="Magnus & Neudecker, ch. 1, sec. 11",
    )
)
