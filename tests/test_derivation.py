"""Derivations: every step is true in numbers, nothing is said twice, and the last line is the answer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import symmat.api as sm
from symmat.core.constructors import differential_symbol, shape_of, zero
from symmat.core.differential import differential as differential_of
from symmat.core.nodes import DEFINITIONS, PENDING
from symmat.core.table import interning
from symmat.core.walks import children, postorder, replace, symbols
from symmat.errors import SymmatError
from symmat.numeric.evaluate import evaluation
from tests.cases import ROWS
from tests.test_laws import derivative, point, relative, value

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


def derived(row, kind):
    """The results of a kind for each variable; none where there is no such derivative."""
    try:
        if kind in ("first", "second"):
            return [derivative(row, "diff", row.wrt, 2 if kind == "second" else 1)]
        return [derivative(row, kind, name) for name in point(row)[2]]
    except SymmatError:
        return []


def worked_out(node, moving):
    """The expression with d(F) worked out, wherever it is still to be, and definitions in their place."""
    done = {}
    for part in postorder(node):
        own = replace(part, done)
        if type(part) in PENDING:
            change = differential_of(children(own)[0], moving)
            own = zero(shape_of(part)) if change is None else change
        elif type(part) in DEFINITIONS:
            own = children(own)[0]
        if own is not part:
            done[part] = own
    return done.get(node, node)


KINDS = ["first", "second", "grad", "adjoint", "jacobian", "hessian"]


@pytest.mark.parametrize("kind", KINDS)
@each_row
def test_every_step_is_true(row, kind):
    """Before and after a rule are equal with what is left to do worked out, and so are the sides of its reasons.

    Each step begins where the one before ends, none changes nothing, and the last is the answer.
    """
    for result in derived(row, kind):
        arguments, directions, _ = point(row)
        question = result.question
        G = np.random.default_rng(7).standard_normal(value(row, arguments).shape)
        given = {**arguments, **directions, question.cotangent.name: G}
        with interning(question.table):
            moving = {v: differential_symbol(v) for v in question.variables}
            own = (*symbols(question.F), *moving.values(), question.cotangent)
            values = evaluation({symbol: given[symbol.name] for symbol in own})
            for step in (line.step for line in result.steps):
                if kind in ("first", "second") or step.of is not None or step.kind != "diff":
                    for sides in [(step.before, step.after), *step.reason]:
                        left, right = (worked_out(side, moving) for side in sides)
                        if left is not right:
                            assert relative(values.of(left), values.of(right)) < 1e-8, step.rule
        steps = result.steps
        assert all(step.step.stated or step.before != step.after for step in steps)
        for step, following in pairwise(steps):
            assert following.step.stated or following.of != step.of or following.before == step.after
        assert result.text().endswith(steps[-1].after)


TOLD = {
    ("diff", "-1/2 y'K^-1 y", "K", ""): """\
df = d(-1/2 y'K^-1 y)
   = -1/2 y' d(K^-1) y    [constant factor]
     (K^-1 K = I)
     (d(K^-1) K + K^-1 dK = 0)
   = 1/2 y'K^-1 dK K^-1 y    [inverse]""",
    ("diff", "I - K H", "K", ""): """\
dF = d(I - K H)
   = -dK H    [sum rule]""",
    ("diff", "3 X - X / 2", "X", ""): """\
dF = d(3 X - X / 2)
   = 3 dX - 1/2 dX    [sum rule]
   = 5/2 dX    [collect]""",
    ("diff", "sylvester(A, X, C)", "X", ""): """\
dF = d(sylvester(A, X, C))
     (Y = sylvester(A, X, C))
     (A Y + Y X = C)
     (A dY + dY X + Y dX = 0)
   = -sylvester(A, X, sylvester(A, X, C) dX)    [Sylvester equation]""",
    ("diff", "A ./ X", "X", ""): """\
dF = d(A ./ X)
     (Y = A ./ X)
     (Y ∘ X = A)
     (X ∘ dY + Y ∘ dX = 0)
   = -(A ∘ dX) ./ X.^2    [Hadamard quotient]""",
    ("diff", "sqrtm(X)", "X", ""): """\
dF = d(sqrtm(X))
     (sqrtm(X) sqrtm(X) = X)
     (d(sqrtm(X)) sqrtm(X) + sqrtm(X) d(sqrtm(X)) = dX)
   = frechet(sqrtm, X, dX)    [matrix function sqrtm]""",
    ("diff", "S = X'X + λ I; tr(S^-1 B)", "X", ""): """\
S = X'X + λ I    [definition]
dS = d(X'X + λ I)
   = d(X'X)    [sum rule]
   = dX'X + X'dX    [product rule]
df = d(tr(S^-1 B))
   = tr(d(S^-1) B)    [trace]
     (S^-1 S = I)
     (d(S^-1) S + S^-1 dS = 0)
   = -tr(S^-1 dS S^-1 B)    [inverse]
   = -tr(S^-1 dX'X S^-1 B) - tr(S^-1 X'dX S^-1 B)    [substitute dS]
   = -tr(S^-1 B'S^-1 X'dX) - tr(S^-1 B S^-1 X'dX)    [turn the trace]
   = -tr(S^-1 (B + B') S^-1 X'dX)    [collect]""",
    ("diff", "tr(expm(X))", "X", ""): """\
df = d(tr(expm(X)))
   = tr(d(expm(X)))    [trace]
   = tr(frechet(expm, X, dX))    [matrix function expm]
   = tr(expm(X) dX)    [simplify]""",
    ("grad", "a'X b", "X", "X: n×n symmetric"): """\
df = d(a'X b)
   = a'dX b    [constant factor]
G = a b'    [df is the inner product of G and dX]
grad(a'X b, X) = sym(G)    [project onto symmetric matrices]
               = sym(a b')    [substitute G]""",
    ("adjoint", "A L", "L", "L: n×n unit lower"): """\
dF = d(A L)
   = A dL    [constant factor]
H = A'G    [the inner product of G and dF is that of H and dL]
adjoint(A L, L) = stril(H)    [project onto strictly lower triangular matrices]
   = stril(A'G)    [substitute H]""",
    ("hessian", "x'A x", "x", ""): """\
df = d(x'A x)
   = dx'A x + x'A dx    [product rule]
   = x'A'dx + x'A dx    [transpose the scalar]
   = x' (A + A') dx    [collect]
g = (A + A') x    [df is the inner product of g and dx]
dg = d((A + A') x)
   = (A + A') dx    [constant factor]
hessian(x'A x, x) = A + A'    [dg is the Hessian times dx]""",
    ("hessian", "a'x", "x", ""): """\
df = d(a'x)
   = a'dx    [constant factor]
g = a    [df is the inner product of g and dx]
hessian(a'x, x) = zeros(n, n)    [g is constant]""",
}


@pytest.mark.parametrize("asked", TOLD)
def test_what_a_careful_author_writes(asked):
    kind, text, wrt, let = asked
    assert str(getattr(sm, kind)(text, wrt, let=let).steps) == TOLD[asked]


def test_higher_orders_differentiate_the_differential():
    assert str(sm.diff("X^-1", order=3).steps).splitlines()[3:12] == [
        "   = -X^-1 dX X^-1    [inverse]",
        "d2F = d(-X^-1 dX X^-1)",
        "    = -d(X^-1) dX X^-1 - X^-1 dX d(X^-1)    [product rule]",
        "    = X^-1 dX X^-1 dX X^-1 + X^-1 dX X^-1 dX X^-1    [inverse]",
        "    = 2 X^-1 dX X^-1 dX X^-1    [collect]",
        "d3F = d(2 X^-1 dX X^-1 dX X^-1)",
        "    = 2 d(X^-1) dX X^-1 dX X^-1 + 2 X^-1 dX d(X^-1) dX X^-1 + 2 X^-1 dX X^-1 dX d(X^-1)    [product rule]",
        "    = -2 X^-1 dX X^-1 dX X^-1 dX X^-1 - 2 X^-1 dX X^-1 dX X^-1 dX X^-1 - 2 X^-1 dX X^-1 dX X^-1 dX X^-1"
        "    [inverse]",
        "    = -6 X^-1 dX X^-1 dX X^-1 dX X^-1    [collect]",
    ]


def test_in_latex_the_rule_stands_beside_the_line_where_it_fits():
    assert sm.grad("x'x").steps.latex().splitlines()[1:-1] == [
        r"\mathrm{d}f &= \mathrm{d}(x^{\top} x) \\",
        r"&= \mathrm{d}x^{\top} \, x + x^{\top} \, \mathrm{d}x && \text{product rule} \\",
        r"&= x^{\top} \, \mathrm{d}x + x^{\top} \, \mathrm{d}x && \text{transpose the scalar} \\",
        r"&= 2 x^{\top} \, \mathrm{d}x && \text{collect} \\",
        r"\nabla_{x} f &= 2 x && \mathrm{d}f = \langle \nabla f, \mathrm{d}x \rangle",
    ]
    wide = sm.diff("(X'X + λ I)^-1 (A + B + C)", "X").steps.latex()
    assert r"&\quad [\text{product rule}] \\" in wide
    assert "&& " not in wide


def test_a_derivation_in_latex_has_the_styles_of_a_result():
    latex = sm.diff("X^-1 A", "X").steps.latex(bold=True, parentheses=True)
    assert latex.splitlines()[-2] == (
        r"&= -\boldsymbol{X}^{-1} (\mathrm{d}\boldsymbol{X}) \boldsymbol{X}^{-1} \boldsymbol{A} && \text{inverse}"
    )
    assert r"X^{T}" in sm.diff("X'X").steps.latex(transpose="T")
