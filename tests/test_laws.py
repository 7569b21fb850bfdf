"""The laws, over every row of the table: each differences the row's own NumPy function, never our lowering of F."""

from __future__ import annotations

from functools import cache, partial
from inspect import signature
from zlib import crc32

import numpy as np
import pytest
from sympy import Symbol

import symmat.api as sm
from symmat.algebra.normal import normal
from symmat.calculus.index_form import index_names
from symmat.core.constructors import shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.table import interning
from symmat.core.walks import postorder, replace, symbols
from symmat.language import declare, read
from symmat.language.foreign import adopt
from symmat.numeric import lower
from symmat.numeric.evaluate import evaluate
from symmat.printing import Text
from tests.arguments import STRUCTURES, TANGENTS, direction, draw, vec
from tests.cases import ROWS, VALUES

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


@cache
def derivative(row, kind, wrt, order=1):
    options = {"order": order} if order > 1 else {}
    return getattr(sm, kind)(row.text, wrt, let=row.let, **options)


def differential(row):
    return derivative(row, "diff", row.wrt)


@cache
def is_scalar(row):
    question = differential(row).question
    with interning(question.table):
        return not shape_of(question.F)


def derivatives(row):
    """All that a reader can ask of a row."""
    kinds = ["adjoint", "jacobian", *(["grad"] if is_scalar(row) else [])]
    kinds += ["hessian"] if is_scalar(row) and row.second else []
    return [
        differential(row),
        *([derivative(row, "diff", row.wrt, 2)] if row.second else []),
        *(derivative(row, kind, variable.name) for kind in kinds for variable in differential(row).question.variables),
    ]


def point(row):
    """Arguments, directions and names of what varies."""
    question = differential(row).question
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


def order_of_remainder(row, *terms):
    """The order in h of F(X + h dX) - F - h dF - …, infinite where nothing is left but rounding."""
    arguments, directions, _ = point(row)
    steps = 2.0 ** -np.arange(4, 15)
    values = [value(row, moved(arguments, directions, h)) for h in (0, *steps)]
    polynomials = [values[0] + sum(h**k * term for k, term in enumerate(terms, 1)) for h in steps]
    scale = 1 + np.max(np.abs(values[0]), initial=0) + sum(np.max(np.abs(term), initial=0) for term in terms)
    errors = np.array([np.max(np.abs(F - P), initial=0) for F, P in zip(values[1:], polynomials)]) / scale
    reliable = np.cumprod(errors > 1e-12).astype(bool)  # those before rounding sets in
    if not reliable.any():
        return np.inf
    assert reliable.sum() >= 4
    return np.median(-np.diff(np.log2(errors[reliable]))[-4:])


@each_row
def test_taylor_remainder_has_slope_two(row):
    arguments, directions, _ = point(row)
    dF = call(differential(row).numpy(), arguments, directions)
    assert dF.shape == value(row, arguments).shape
    assert order_of_remainder(row, dF) > 1.9


@each_row
def test_remainder_of_the_second_differential_has_slope_three(row):
    if not row.second:
        with pytest.raises(sm.SymmatError, match=r"singular vectors|orthogonal"):
            derivative(row, "diff", row.wrt, 2)
        return
    arguments, directions, _ = point(row)
    dF, d2F = (call(derivative(row, "diff", row.wrt, n).numpy(), arguments, directions) for n in (1, 2))
    assert order_of_remainder(row, dF, d2F / 2) > 2.9


@each_row
def test_the_program_equals_what_is_shown(row):
    arguments, directions, _ = point(row)
    G = {"G": np.random.default_rng(5).standard_normal(value(row, arguments).shape)}
    given = arguments | directions | G
    for result in derivatives(row):
        with interning(result.question.table):
            shown = evaluate(result.shown, {s: given[s.name] for s in symbols(result.shown) if s.name in given})
        computed = call(result.numpy(), arguments, directions, G)
        assert relative(np.reshape(shown, computed.shape), computed) < 1e-9


@each_row
def test_adjoint_is_adjoint(row):
    arguments, directions, names = point(row)
    dF = call(differential(row).numpy(), arguments, directions)
    G = np.random.default_rng(5).standard_normal(dF.shape)
    pulled = {name: call(derivative(row, "adjoint", name).numpy(), arguments, {"G": G}) for name in names}
    total = sum(np.sum(pulled[name] * directions[f"d{name}"]) for name in names)
    assert total == pytest.approx(np.sum(G * dF), rel=1e-9, abs=1e-9)


@each_row
def test_adjoint_lies_in_the_tangent_space(row):
    arguments = point(row)[0]
    G = np.random.default_rng(5).standard_normal(value(row, arguments).shape)
    for variable in differential(row).question.variables:
        pulled = call(derivative(row, "adjoint", variable.name).numpy(), arguments, {"G": G})
        assert pulled.shape == np.squeeze(arguments[variable.name]).shape
        for kind in map(str, variable.args[3:]):
            assert relative(TANGENTS[kind](arguments[variable.name], pulled), pulled) < 1e-9


@each_row
def test_jacobian_times_direction(row):
    arguments, directions, names = point(row)
    total = sum(kronecker(row, n, arguments, directions) @ vec(directions[f"d{n}"]) for n in names)
    dF = call(differential(row).numpy(), arguments, directions)
    assert relative(vec(total), vec(dF)) < 1e-9


def kronecker(row, name, arguments, directions):
    """The Jacobian as a matrix, also where F or X is a scalar."""
    J = call(derivative(row, "jacobian", name).numpy(), arguments)
    return J.reshape(-1, np.size(directions[f"d{name}"]))


@each_row
def test_both_forms_of_the_jacobian_agree(row):
    """J_ijkl stands in row (i, j) and column (k, l) of the Kronecker form; a few entries are tried."""
    arguments, directions, names = point(row)
    rng = np.random.default_rng(7)
    for name in names:
        sides = value(row, arguments).shape, np.squeeze(directions[f"d{name}"]).shape
        J = kronecker(row, name, arguments, directions)
        entry = sm.jacobian(row.text, name, let=row.let, form="index")
        with interning(entry.question.table):
            indices = [i.name for i in index_names(entry.question.F, entry.question.variables[0])]
        for _ in range(3):
            at = [tuple(rng.integers(side)) for side in sides]
            place = dict(zip(indices, [i + 1 for i in (*at[0], *at[1])], strict=True))
            row_column = tuple(np.ravel_multi_index(i, side, order="F") if side else 0 for i, side in zip(at, sides))
            assert relative(call(entry.numpy(), arguments, place), J[row_column]) < 1e-9


@each_row
def test_gradient_is_the_adjoint_of_one(row):
    arguments, directions, names = point(row)
    if not is_scalar(row):
        with pytest.raises(sm.SymmatError, match="scalar"):
            derivative(row, "grad", names[0])
        return
    dF = call(differential(row).numpy(), arguments, directions)
    total = sum(
        np.sum(call(derivative(row, "grad", name).numpy(), arguments) * directions[f"d{name}"]) for name in names
    )
    assert total == pytest.approx(float(dF), rel=1e-9, abs=1e-9)


@each_row
def test_hessian_is_the_second_difference(row):
    arguments, directions, names = point(row)
    if not is_scalar(row):
        return
    if not row.second:
        with pytest.raises(sm.SymmatError, match=r"singular vectors|orthogonal"):
            derivative(row, "hessian", names[0])
        return
    h = 1e-4
    for name in names:
        d = {f"d{name}": directions[f"d{name}"]}
        H = call(derivative(row, "hessian", name).numpy(), arguments)
        assert relative(H, H.T) < 1e-9
        ahead, here, back = (value(row, moved(arguments, d, s)) for s in (h, 0, -h))
        along = vec(d[f"d{name}"])
        wanted = (ahead - 2 * here + back) / h**2
        assert along @ np.reshape(H, (along.size, along.size)) @ along == pytest.approx(
            wanted, rel=1e-4, abs=1e-4 * (1 + abs(here))
        )


@each_row
def test_a_result_checks_itself(row):
    report = differential(row).check(seed=crc32(row.id.encode()) % 100)
    assert report, report


@each_row
def test_sympy_can_use_what_comes_out(row):
    """Nodes that SymPy rebuilds from their operands, after the call that made them, have the same value."""
    arguments, directions, _ = point(row)
    dF = differential(row).expr
    program = dF if isinstance(dF, sm.Program) else sm.Program(dF)
    rebuilt = sm.Program(rebuild(program.expr), {name: rebuild(body) for name, body in program.definitions.items()})
    with interning():
        again = lower(rebuilt.joined())
    assert relative(call(again, arguments, directions), call(differential(row).numpy(), arguments, directions)) < 1e-9


def rebuild(node):
    """The same tree, made anew by SymPy's own way."""
    assert len(getattr(node, "shape", ())) in (0, 2)
    return node if node.is_Atom or node.is_symbol else node.func(*map(rebuild, node.args))


def test_sympy_rebuilds_declared_symbols():
    result = sm.diff("X^-1", let="X: n×n symmetric").expr
    assert result.subs(Symbol("n", integer=True), 3).shape == (3, 3)


@each_row
def test_text_reads_back(row):
    """parse ∘ print is the identity for every result; for what is read see test_value."""
    for result in derivatives(row):
        with interning():
            wanted = Text().print(normal(unfolded(adopted(result.expr))))
            assert canonical(result.text(), result.let) == wanted


@each_row
def test_latex_reads_back(row):
    """Every LaTeX that is printed reads back to the same expression."""
    for result in derivatives(row):
        latex = result.latex()
        if "\\" in latex:  # else it is in the notation
            with interning():
                assert canonical(latex, result.let) == canonical(result.text(), result.let), latex


@cache
def canonical(text, let):
    """The normal form of what a text means, printed."""
    return Text().print(normal(unfolded(read(text, let).expr)))


@pytest.mark.parametrize("row", [*ROWS, *VALUES], ids=lambda row: row.id)
def test_value(row):
    """An expression as it is read, as it is printed, and in its normal form, and node by node without lowering."""
    with interning():
        reading = read(row.text, row.let)
        root = unfolded(reading.expr)
        arguments = draw(symbols(root), row.draw, row.id)
        printed = read(Text(reading.spelling).print(root), declare(symbols(root), reading.spelling)).expr
        computed = [call(lower(node), arguments) for node in (root, printed, normal(root))]
        direct = np.asarray(evaluate(root, {s: arguments[s.name] for s in symbols(root)}))
    for found in (*computed, direct.reshape(computed[0].shape)):
        assert found.shape == value(row, arguments).shape
        assert relative(found, value(row, arguments)) < 1e-9


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


@pytest.mark.parametrize("row", [row for row in ROWS if row.conditions], ids=lambda row: row.id)
def test_what_must_hold(row):
    assert tuple(differential(row).conditions) == row.conditions


@pytest.mark.parametrize("kind", TANGENTS)
def test_gradients_are_projected_orthogonally(kind):
    """tr(A X) has the gradient A' among all matrices, and its projection among structured ones."""
    A, X = np.random.default_rng(3).standard_normal((2, 4, 4))
    X = STRUCTURES[kind](X)
    gradient = sm.grad("tr(A X)", "X", let=f"A: 4×4; X: 4×4 {kind}")
    assert relative(call(gradient.numpy(), {"A": A, "X": X}), TANGENTS[kind](X, A.T)) < 1e-12
