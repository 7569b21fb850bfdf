"""Derivatives in a structured variable: of a scalar function all of them follow the gradient, in the tangent space."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import symmat as sm
from symmat.core.operation import find_operation
from symmat.core.table import interning
from symmat.core.walks import symbols
from symmat.language import read
from tests.arguments import STRUCTURES, direction, draw, vec
from tests.cases import ROWS, VALUES

HESSIANS = [
    ("tr(X'A X B)", "symmetric", "1/4 (I + commutation(n, n)) (B' ⊗ A + B ⊗ A') (I + commutation(n, n))"),
    ("||A X - B||^2", "lower", "2 diag(vec(tril(ones(n, n)))) (I_n ⊗ (A'A)) diag(vec(tril(ones(n, n))))"),
    ("(a'X b)^2", "symmetric", "2 vec(sym(a b')) vec(sym(a b'))'"),
    ("tr(X^3)", "symmetric", "3 (X ⊗ I_n) + 3 (I_n ⊗ X)"),
    ("logdet(X)", "spd", "-X^-1 ⊗ X^-1"),
    ("logdet(X)", "diagonal", "-X^-1 ⊗ X^-1"),
    ("tr(X A X)", "skew", "-1/4 (I - commutation(n, n)) (I_n ⊗ A + A' ⊗ I_n) (I - commutation(n, n))"),
]


def value(result, **arguments):
    f = result.numpy()
    return f(**{name: argument for name, argument in arguments.items() if name in f.names})


@pytest.mark.parametrize(("text", "kind", "shown"), HESSIANS)
def test_the_hessian_is_projected_on_both_sides_where_it_must_be(text, kind, shown):
    assert sm.hessian(text, "X", let=f"X: n×n {kind}").text() == shown


@pytest.mark.parametrize("kind", ["symmetric", "skew", "diagonal", "lower", "upper", "unit lower", "unit upper"])
@pytest.mark.parametrize("text", ["tr(X'A X B)", "tr(A X)^2 + tr(X^2 B)"])
def test_the_hessian_is_the_symmetric_derivative_of_the_gradient(text, kind):
    rng = np.random.default_rng(3)
    A, B, X = rng.standard_normal((3, 4, 4))
    X, let = STRUCTURES[kind](X), f"X: n×n {kind}"
    dX = direction(rng, X, [kind])
    H, ahead, here = (
        value(result, A=A, B=B, X=at)
        for result, at in (
            (sm.hessian(text, "X", let=let), X),
            (sm.grad(text, "X", let=let), X + dX),
            (sm.grad(text, "X", let=let), X),
        )
    )
    np.testing.assert_allclose(H, H.T, atol=1e-12)
    np.testing.assert_allclose(H @ vec(dX), vec(ahead - here), atol=1e-9)  # the gradient is linear in X


@pytest.mark.parametrize("kind", ["", "symmetric", "skew", "diagonal", "lower", "unit upper", "orthogonal"])
@pytest.mark.parametrize("text", ["tr(A X)", "tr(X'A X B) + a'X b", "2 a'X b"])
def test_both_forms_of_the_jacobian_of_a_scalar_function_are_the_gradient(text, kind):
    rng = np.random.default_rng(4)
    given = dict(zip("ABX", rng.standard_normal((3, 4, 4)), strict=True), a=rng.standard_normal(4), b=np.arange(4.0))
    given["X"] = STRUCTURES[kind](given["X"]) if kind else given["X"]
    let = f"A: 4×4; X: 4×4 {kind}"
    wanted = value(sm.grad(text, "X", let=let), **given)
    np.testing.assert_allclose(np.ravel(value(sm.jacobian(text, "X", let=let), **given)), vec(wanted), atol=1e-12)
    entry = sm.jacobian(text, "X", let=let, form="index")
    found = [[value(entry, **given, i=i, j=j) for j in range(1, 5)] for i in range(1, 5)]
    np.testing.assert_allclose(found, wanted, atol=1e-12)


@pytest.mark.parametrize("kind", ["lower", "upper", "unit lower", "unit upper", "skew", "orthogonal"])
def test_vech_is_for_a_symmetric_variable(kind):
    with pytest.raises(sm.SymmatError, match=f"vech .* symmetric .* X is {kind}"):
        sm.jacobian("X^2", let=f"X: n×n {kind}", vech=True)


@pytest.mark.parametrize("kind", ["", "symmetric", "spd", "diagonal", "invertible"])
def test_vech_times_the_jacobian_is_the_differential(kind):
    rng = np.random.default_rng(5)
    X, dX = (A + A.T for A in rng.standard_normal((2, 3, 3)))
    if kind == "diagonal":
        X, dX = (np.diag(np.diag(A)) for A in (X, dX))
    if kind == "spd":
        X = X + 9 * np.eye(3)
    J = sm.jacobian("X^2 A", "X", let=f"X: n×n {kind}", vech=True).numpy()(X=X, A=np.ones((3, 3)))
    np.testing.assert_allclose(J @ dX.T[np.triu_indices(3)], vec((dX @ X + X @ dX) @ np.ones((3, 3))))


# ---------------------------------------------------------------- values of operations are structured as declared ones


HAVE = {
    "symmetric": lambda V: V - V.T,
    "skew": lambda V: V + V.T,
    "diagonal": lambda V: V - np.diag(np.diag(V)),
    "lower": lambda V: np.triu(V, 1),
    "upper": lambda V: np.tril(V, -1),
    "strictly lower": lambda V: np.triu(V),
    "strictly upper": lambda V: np.tril(V),
    "unit lower": lambda V: np.triu(V) - np.eye(len(V)),
    "orthogonal": lambda V: V.T @ V - np.eye(V.shape[1]),
}
"""What is 0 of a matrix that has a structure."""


@pytest.mark.parametrize("row", [*ROWS, *VALUES], ids=lambda row: row.id)
def test_a_value_has_the_structure_that_its_record_says(row):
    with interning():
        root = read(row.text, row.let).expr
        record = find_operation(type(root))
        if record is None or not record.structure:
            return
        arguments = draw(symbols(root), row.draw, row.id)
    own = [name for name, p in inspect.signature(row.value).parameters.items() if p.default is p.empty]
    found = row.value(**{name: arguments[name] for name in own})
    np.testing.assert_allclose(HAVE[record.structure](found), 0, atol=1e-12)


@pytest.mark.parametrize(("text", "let", "shown"), [
    ("qr(A).Q'qr(A).Q X", "", "dX"),
    ("svd(A).V'svd(A).V X", "", "dX"),
    ("eigh(A).vectors^-1 X", "", "eigh(A).vectors'dX"),
    ("polar(A).P' X", "", "polar(A).P dX"),
    ("tril(lu(A).L) X", "", "lu(A).L dX"),
    ("triu(chol(A)) X", "A: n×n", "diag(diag(chol(A))) dX"),
    ("skew(A)' X", "", "-skew(A) dX"),
    ("sym(A)' X", "", "sym(A) dX"),
    ("diag(a)' X", "", "diag(a) dX"),
])  # fmt: skip
def test_a_value_is_structured_in_the_way_that_a_variable_is(text, let, shown):
    assert sm.diff(text, "X", let=let).text() == shown
