"""The values of the records: traced into source and computed directly they are the same."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import symmat as sm
from symmat.core.operation import operations
from symmat.core.table import interning
from symmat.core.walks import symbols
from symmat.language import read
from symmat.numeric import kernels, lower
from symmat.numeric.copying import KERNELS, kernel, source, sources
from symmat.numeric.evaluate import evaluate
from symmat.numeric.tracing import Names, Traced
from symmat.numeric.values import Values
from tests.arguments import draw
from tests.test_numeric import alone


def test_every_record_has_a_value():
    missing = [record.name for record in operations() if record.value is None]
    assert missing == ["sum rule", "sum rule"]  # a finite sum binds its index


@pytest.mark.parametrize(
    "value",
    [
        lambda xp, A: A if A else -A,
        lambda xp, A: sum(A),
        lambda xp, A: xp.eye(len(A)),
        lambda xp, A: max(A),
    ],
)
def test_a_value_is_one_expression(value):
    make = Values()
    with pytest.raises(TypeError, match="one expression"):
        value(Names(make), Traced(make, make.name("A", 2)))


def test_what_numpy_has_not_is_the_author_s_error():
    determinant = lambda xp: xp.linalg.dett
    with pytest.raises(AttributeError, match="dett"):
        determinant(Names(Values()))


# ---------------------------------------------------------------- kernels

rng = np.random.default_rng(5)
X = rng.standard_normal((4, 4))
P = X @ X.T + np.eye(4)


def test_factors_and_determinants():
    L, U = kernels.unpivoted_lu(P)
    np.testing.assert_allclose(L @ U, P)
    assert np.all(np.triu(L, 1) == 0) and np.all(np.diag(L) == 1) and np.all(np.tril(U, -1) == 0)
    with pytest.raises(ValueError, match="pivot"):
        kernels.unpivoted_lu(np.array([[0.0, 1.0], [1.0, 0.0]]))
    factors = scipy.linalg.lu_factor(P[[1, 0, 2, 3]])
    assert kernels.det_of_lu(factors) == pytest.approx(-np.linalg.det(P))
    with pytest.raises(ValueError, match="not positive"):
        kernels.log_det_of_lu(factors)
    with pytest.raises(ValueError, match="not positive"):
        kernels.log_det(P[[1, 0, 2, 3]])
    assert kernels.det_of_cholesky(scipy.linalg.cho_factor(P)) == pytest.approx(np.linalg.det(P))
    expected = np.linalg.slogdet(P)[1]
    assert kernels.log_det_of_cholesky(scipy.linalg.cho_factor(P)) == pytest.approx(expected)
    assert kernels.log_det(P) == pytest.approx(expected)
    assert kernels.log_det_of_lu(scipy.linalg.lu_factor(P)) == pytest.approx(expected)


def test_functions_of_matrices():
    np.testing.assert_allclose(kernels.sqrtm(P) @ kernels.sqrtm(P), P)
    np.testing.assert_allclose(scipy.linalg.expm(kernels.logm(P)), P)
    np.testing.assert_allclose(kernels.real_power(P, 0.5), kernels.sqrtm(P))
    for function in (kernels.sqrtm, kernels.logm, lambda A: kernels.real_power(A, 0.5)):
        with pytest.raises(ValueError, match="negative real axis"):
            function(np.diag([-4.0, 9.0]))


def test_frechet_derivatives():
    E, D = rng.standard_normal((2, 4, 4))
    cube = lambda A: A @ A @ A
    np.testing.assert_allclose(kernels.frechet(cube, X, E), E @ X @ X + X @ E @ X + X @ X @ E)
    np.testing.assert_allclose(kernels.frechet(lambda A: A @ A, X, E, D), E @ D + D @ E)
    np.testing.assert_allclose(
        kernels.frechet_matrix(cube, X) @ E.reshape(-1, order="F"), kernels.frechet(cube, X, E).reshape(-1, order="F")
    )
    np.testing.assert_allclose(kernels.power_frechet(2.0, P, E), E @ P + P @ E)
    np.testing.assert_allclose(kernels.power_frechet_matrix(2.0, P), np.kron(P, np.eye(4)) + np.kron(np.eye(4), P))


def test_places():
    S = X + X.T
    np.testing.assert_array_equal(kernels.permutation(np.array([2, 0, 1])) @ np.arange(3), [2, 0, 1])
    half = S.reshape(-1, order="F")[kernels.lower_places(4)]
    np.testing.assert_array_equal(half, S.T[np.triu_indices(4)])
    np.testing.assert_array_equal(half[kernels.half_places(4)], S.reshape(-1, order="F"))


def test_products():
    np.testing.assert_allclose(kernels.product(2.0, X, 0.5, P), X @ P)
    assert kernels.product(2.0, 3.0) == 6
    np.testing.assert_array_equal(kernels.product(0.0, np.full((2, 2), np.nan)), np.zeros((2, 2)))


@pytest.mark.parametrize("name", KERNELS)
def test_the_copy_of_a_kernel_is_the_kernel_without_annotations(name):
    copy = alone("\n\n".join(["import numpy as np", "import scipy.linalg", *sources([name])]), name)
    original = KERNELS[name]
    for what in ("co_names", "co_varnames"):
        assert getattr(copy.__code__, what) == getattr(original.__code__, what)
    assert copy.__doc__ and copy.__doc__ == original.__doc__
    assert original.__annotations__ and not copy.__annotations__
    assert source(original).isascii()


def test_a_kernel_stands_before_what_calls_it():
    names = [text.split("(")[0].removeprefix("def ") for text in sources(["power_frechet_matrix", "real_power"])]
    assert names == ["frechet", "frechet_matrix", "principal", "real_power", "power_frechet_matrix"]


def spread(A: np.ndarray) -> float:  # defined as a package does that has a kernel of its own
    """The largest eigenvalue less the smallest."""
    values = np.linalg.eigvalsh(A)
    return values[-1] - values[0]


def test_a_kernel_of_another_package(monkeypatch):
    monkeypatch.setitem(KERNELS, "spread", spread)
    monkeypatch.setattr(kernels, "spread", spread, raising=False)
    assert kernel(spread) is spread
    assert sources(["spread"])[0].startswith("def spread(A):  # defined")
    make = Values()
    found = (lambda xp, A: xp.kernels.spread(A))(Names(make), Traced(make, make.name("A", 2))).value
    assert (found.op, found.data) == ("call", "spread")
    with pytest.raises(sm.SymmatError, match="already"):
        kernel(type(spread)(spread.__code__, {}, "logm"))


# ---------------------------------------------------------------- what is computed once


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("lu(X).L - lu(X).U", "unpivoted_lu(X)"),
        ("ldl(X).L ldl(X).D ldl(X).L'", "unpivoted_lu(X)"),
        ("qr(X).Q qr(X).R", "np.linalg.qr(X)"),
        ("svd(X).U svd(X).S svd(X).V'", "np.linalg.svd(X, full_matrices=False)"),
        ("eigh(X).vectors' X eigh(X).vectors eigh(X).values", "np.linalg.eigh(X)"),
        ("polar(X).U polar(X).P", "scipy.linalg.polar(X)"),
        ("adj(X) X^-1", "lu_factor(X)"),
    ],
)
def test_the_parts_of_one_factorisation_are_computed_once(text, once):
    with interning():
        body = lower(read(text, "X: n×n").expr).source.split("def f(")[1]
    assert body.count(once) == 1
    assert len([line for line in body.splitlines() if "np.linalg." in line or "scipy.linalg." in line]) <= 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("svd(X).values", "np.linalg.svd(X, compute_uv=False)"), ("eigh(X).values", "np.linalg.eigvalsh(X)")],
)
def test_a_part_alone_costs_no_more_than_it(text, code):
    with interning():
        assert f"return {code}\n" in lower(read(text, "X: n×n").expr).source


# ---------------------------------------------------------------- what is known of a matrix

KNOWN = [
    ("S^-1 b", "S: n×n spd; b: n", "cho_solve(cho_factor(S), b)"),
    ("(A'A + I)^-1 A'", "A: m×n", "cho_solve(cho_factor(A.T @ A + np.eye(n)), A.T)"),
    ("logdet(S) + b'S^-1 b", "S: n×n spd; b: n", "log_det_of_cholesky(cho_S) + cho_solve(cho_S, b) @ b"),
    (
        "det(S) S^-1",
        "S: n×n spd",
        "det_of_cholesky(cho_S) * cho_solve(cho_S, np.eye(len(cho_S[0])))",
    ),
    ("A S^-1", "S: n×n symmetric; A: n×n", "np.linalg.solve(S, A.T).T"),
    ("S'A", "S: n×n symmetric; A: n×n", "S @ A"),
    ("S^-1 A S^-1", "S: n×n symmetric; A: n×n", "lu_solve(lu_S, lu_solve(lu_S, A).T).T"),
    ("A (X'X + I)^-1", "A, X: n×n", "cho_solve(cho_factor(X.T @ X + np.eye(n)), A.T).T"),
    ("diag(x) A", "x: n; A: n×n", "x[:, None] * A"),
    ("A diag(x) b", "x, b: n; A: n×n", "A @ (x * b)"),
    ("A diag(x)^-1", "x: n; A: n×n", "A / x"),
    ("D^-1 A", "D: n×n diagonal; A: n×n", "A / np.diag(D)[:, None]"),
    ("diag(x) diag(a)^-1 A", "x, a: n; A: n×n", "x[:, None] * (A / a[:, None])"),
    ("tr(diag(x)^-1 diag(a))", "x, a: n", "np.sum(1 / x * a)"),
    ("A (2 I - 3 diag(x))", "x: n; A: n×n", "A * (2 - 3 * x)"),
    ("svd(X).U svd(X).S", "X: n×n", "svd_X[0] * svd_X[1]"),
]


@pytest.mark.parametrize(("text", "let", "code"), KNOWN, ids=[row[0] for row in KNOWN])
def test_the_code_uses_what_is_known(text, let, code):
    with interning():
        root = read(text, let).expr
        function = lower(root)
        given = draw([s for s in symbols(root) if s.is_Matrix], {"x": "positive", "a": "positive"}, text)
        direct = evaluate(root, {s: given[s.name] for s in symbols(root) if s.is_Matrix})
    assert f"return {code}\n" in function.source
    computed = function(**{name: given[name] for name in function.names})
    np.testing.assert_allclose(np.ravel(computed), np.ravel(direct), rtol=1e-9, atol=1e-12)


def test_a_matrix_that_is_definite_but_for_rounding_is_an_error():
    function = sm.grad("b'(A'A + I)^-1 b", "b", let="A: n×n; b: n").numpy()
    assert "cho_factor" in function.source
    with pytest.raises(sm.SymmatError, match=r"not positive definite|singular"):
        function(A=np.full((3, 3), 1e9), b=np.ones(3))
    assert function(A=np.zeros((0, 0)), b=np.zeros(0)).shape == (0,)
