"""The laws, over every row of the table: each differences the row's own NumPy function, never our lowering of F."""

from __future__ import annotations

from functools import cache, partial
from inspect import signature
from zlib import crc32

import numpy as np
import pytest
from sympy import Symbol

import symmat.api as sm
from symmat.expressions.constructors import shape_of
from symmat.expressions.foreign import adopt
from symmat.expressions.nodes import DEFINITIONS
from symmat.expressions.normal import normal
from symmat.expressions.table import interning
from symmat.expressions.walks import postorder, replace, symbols
from symmat.language import read
from symmat.numeric import lower
from symmat.printing import Text
from tests.arguments import direction, draw, vec
from tests.cases import ROWS, VALUES

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


@cache
def differential(row):
    return sm.diff(row.text, row.wrt, let=row.let)


def point(row):
    """Arguments, directions and names of what varies."""
    question = differential(row)._question
    with interning(question.table):
        arguments = draw(symbols(question.F), row.draw, row.id)
    names = [v.name for v in question.variables]
    rng = np.random.default_rng(crc32(row.id.encode()) + 1)
    directions = {f"d{v.name}": direction(rng, arguments[v.name], map(str, v.args[3:])) for v in question.variables}
    return arguments, directions, names


def value(row, arguments):
    """F by the row's own function."""
    own = [name for name, p in signature(row.value).parameters.items() if p.default is p.empty]
    return np.asarray(row.value(**{name: arguments[name] for name in own}))


def call(function, *pools):
    pool = {k: v for p in pools for k, v in p.items()}
    for letter, name in {"λ": "lambda_", "μ": "mu", "τ": "tau", "α": "alpha"}.items():
        pool |= {name: pool.get(letter), f"d{name.rstrip('_')}": pool.get("d" + letter)}
    return np.asarray(function(**{n: pool[n] for n in function.names}))


def moved(arguments, directions, h):
    return arguments | {k[1:]: arguments[k[1:]] + h * d for k, d in directions.items()}


def relative(a, b):
    return np.max(np.abs(a - b), initial=0) / (1 + np.max(np.abs(b), initial=0))


@each_row
def test_taylor_remainder_has_slope_two(row):
    arguments, directions, _ = point(row)
    dF = call(differential(row).numpy(), arguments, directions)
    F = value(row, arguments)
    assert dF.shape == F.shape
    scale = 1 + np.max(np.abs(F)) + np.max(np.abs(dF))
    steps = 2.0 ** -np.arange(4, 15)
    errors = np.array([np.max(np.abs(value(row, moved(arguments, directions, h)) - F - h * dF)) for h in steps]) / scale
    if np.all(errors < 1e-13):
        return  # affine: the remainder is at rounding level
    reliable = errors > 1e-11
    assert reliable.sum() >= 4
    slopes = np.diff(np.log2(errors[reliable])) / np.diff(np.log2(steps[reliable]))
    assert np.median(slopes[-4:]) > 1.9


@each_row
def test_the_program_equals_what_is_shown(row):
    arguments, directions, _ = point(row)
    result = differential(row)
    with interning(result._question.table):
        shown = lower(result._derivative.shown)
    dF = call(result.numpy(), arguments, directions)
    assert relative(call(shown, arguments, directions), dF) < 1e-9


@each_row
def test_adjoint_is_adjoint(row):
    arguments, directions, names = point(row)
    dF = call(differential(row).numpy(), arguments, directions)
    G = np.random.default_rng(5).standard_normal(dF.shape)
    total = 0.0
    for name in names:
        adjoint = sm.adjoint(row.text, name, let=row.let)
        with interning(adjoint._question.table):
            shown = lower(adjoint._derivative.shown)
        pulled = call(adjoint.numpy(), arguments, {"G": G})
        assert relative(call(shown, arguments, {"G": G}), pulled) < 1e-9
        total += np.sum(pulled * directions[f"d{name}"])
    assert total == pytest.approx(np.sum(G * dF), rel=1e-9, abs=1e-9)


@each_row
def test_jacobian_times_direction(row):
    arguments, directions, names = point(row)
    total = sum(
        np.atleast_2d(call(sm.jacobian(row.text, n, let=row.let).numpy(), arguments)).reshape(
            -1, np.size(directions[f"d{n}"])
        )
        @ vec(directions[f"d{n}"])
        for n in names
    )
    dF = call(differential(row).numpy(), arguments, directions)
    assert relative(vec(total), vec(dF)) < 1e-9


@each_row
def test_gradient_is_the_adjoint_of_one(row):
    arguments, directions, names = point(row)
    with interning(differential(row)._question.table):
        scalar = not shape_of(differential(row)._question.F)
    if not scalar:
        with pytest.raises(sm.SymmatError, match="scalar"):
            sm.grad(row.text, names[0], let=row.let)
        return
    dF = call(differential(row).numpy(), arguments, directions)
    total = sum(
        np.sum(call(sm.grad(row.text, name, let=row.let).numpy(), arguments) * directions[f"d{name}"]) for name in names
    )
    assert total == pytest.approx(float(dF), rel=1e-9, abs=1e-9)


@each_row
def test_hessian_is_the_second_difference(row):
    arguments, directions, names = point(row)
    with interning(differential(row)._question.table):
        if shape_of(differential(row)._question.F):
            return
    if not row.second:
        with pytest.raises(sm.SymmatError, match=r"singular vectors|orthogonal"):
            sm.hessian(row.text, names[0], let=row.let)
        return
    h = 1e-4
    for name in names:
        d = {f"d{name}": directions[f"d{name}"]}
        H = call(sm.hessian(row.text, name, let=row.let).numpy(), arguments)
        assert relative(H, H.T) < 1e-9
        ahead, here, back = (value(row, moved(arguments, d, s)) for s in (h, 0, -h))
        along = vec(d[f"d{name}"])
        wanted = (ahead - 2 * here + back) / h**2
        assert along @ np.reshape(H, (along.size, along.size)) @ along == pytest.approx(
            wanted, rel=1e-4, abs=1e-4 * (1 + abs(here))
        )


@each_row
def test_sympy_can_use_what_comes_out(row):
    """The expression prints, and knows its shape, after the call that made it."""
    for expr in (sm.parse(row.text, row.let), differential(row).expr):
        for node in expr.definitions.values() if isinstance(expr, sm.Program) else [expr]:
            assert str(node)
            assert len(getattr(node, "shape", ())) in (0, 2)


def test_sympy_rebuilds_declared_symbols():
    result = sm.diff("X^-1", let="X: n×n symmetric").expr
    assert result.subs(Symbol("n", integer=True), 3).shape == (3, 3)


@each_row
def test_text_reads_back(row):
    """parse ∘ print is the identity, for the input and for every result."""
    names = point(row)[2]
    results = [
        differential(row),
        *(f(row.text, name, let=row.let) for f in (sm.adjoint, sm.jacobian) for name in names),
    ]
    for result in results:
        with interning():
            again = unfolded(read(result.text(), result.let).expr)
            assert Text().print(normal(again)) == Text().print(normal(unfolded(adopted(result.expr))))


@each_row
def test_latex_reads_back(row):
    """Every LaTeX that is printed reads back to the same expression."""
    names = point(row)[2]
    results = [
        differential(row),
        *(f(row.text, name, let=row.let) for f in (sm.adjoint, sm.jacobian) for name in names),
    ]
    for result in results:
        latex = result.latex()
        if "\\" in latex:  # else it is in the notation
            with interning():
                same = [Text().print(normal(unfolded(read(s, result.let).expr))) for s in (latex, result.text())]
            assert same[0] == same[1], latex


@pytest.mark.parametrize("row", VALUES, ids=lambda row: row.id)
def test_value(row):
    """Fixed matrices and factors by their own functions."""
    with interning():
        root = read(row.text, row.let).expr
        arguments = draw(symbols(root), row.draw, row.id)
        computed = call(lower(root), arguments)
        assert Text().print(read(Text().print(root), row.let).expr) == Text().print(root)
    wanted = value(row, arguments)
    assert computed.shape == wanted.shape
    assert relative(computed, wanted) < 1e-9


def adopted(expr):
    """A result in the table in use, with its definitions."""
    return expr.joined() if isinstance(expr, sm.Program) else adopt(expr)


def unfolded(node):
    """The expression with the bodies of its definitions in their place."""
    bodies = {}
    for part in postorder(node):
        if type(part) in DEFINITIONS:
            bodies[part] = replace(part.args[1], bodies)
    return replace(node, bodies) if bodies else node


def without_definitions(result):
    """The text of a result, after its definitions."""
    parts = result.text().split("; ")
    return "; ".join(part for part in parts if " = " not in part or "sum(" in part)


READERS = {
    "diff": sm.diff,
    "diff2": partial(sm.diff, order=2),
    "adjoint": sm.adjoint,
    "grad": sm.grad,
    "jacobian": sm.jacobian,
    "hessian": sm.hessian,
    "latex": sm.diff,
}
shown = [(row, kind) for row in ROWS for kind in READERS if getattr(row, kind)]


@pytest.mark.parametrize(("row", "kind"), shown, ids=lambda p: p if isinstance(p, str) else p.id)
def test_what_a_reader_sees(row, kind):
    result = READERS[kind](row.text, row.wrt, let=row.let)
    printed = result.latex() if kind == "latex" else without_definitions(result)
    assert printed == getattr(row, kind)
