"""The increment by degree, over every row of the table, against the row's own function."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import symmat.api as sm
from symmat.calculus.fresh import FreshNames
from symmat.core.table import interning
from symmat.errors import SymmatError
from symmat.numeric import lower
from tests.cases import ROWS, Row, eye, inv, outer, power, vec
from tests.test_laws import call, moved, point, value

ALL = "X, A, B: n×n"
EXACT = [
    Row("[X, A; B, X]", lambda X, A, B: np.block([[X, A], [B, X]]), "X", ALL),
    Row("[X, A; B, X]^2", lambda X, A, B: power(np.block([[X, A], [B, X]]), 2), "X", ALL),
    Row("[X, A] [X; B]", lambda X, A, B: X @ X + A @ B, "X", "X: n×n; A: n×m; B: m×n"),
    Row("[X^2, A]", lambda X, A: np.hstack([X @ X, A]), "X", ALL),
    Row("[X, A] [X, A]'", lambda X, A: X @ X.T + A @ A.T, "X", "X: m×n; A: m×p"),
    Row("X.^2", lambda X: X**2),
    Row("X.^3 A", lambda X, A: X**3 @ A, "X"),
    Row("sum(i = 0..3, A^i X^2)", lambda X, A: sum(power(A, i) for i in range(4)) @ X @ X, "X"),
    Row("sum(i = 0..2, X^i)", lambda X: eye(len(X)) + X + X @ X),
    Row("sum(i = 0..2, X^(2 - i) A)", lambda X, A: (eye(len(X)) + X + X @ X) @ A, "X"),
    Row("sum(i = 0..2, sum(j = 0..i, X^j))", lambda X: 3 * eye(len(X)) + 2 * X + X @ X),
    Row("sum(i = 1..2, (A^i X)^-1)", lambda X, A: inv(A @ X) + inv(A @ A @ X), "X"),
    Row("X^13", lambda X: power(X, 13)),
    Row("tr(X^12)", lambda X: np.trace(power(X, 12))),
    Row("||X||^4", lambda X: np.sum(X**2) ** 2),
    Row("X / λ", lambda X, λ: X / λ, "λ, X", draw={"λ": "positive"}),
    Row("λ^-3", lambda λ: λ**-3.0, draw={"λ": "positive"}),
    Row("x / (x'x)", lambda x: x / (x @ x)),
    Row("pinv(A) X^2 / ||A||", lambda X, A: np.linalg.pinv(A) @ X @ X / np.linalg.norm(A), "X"),
    Row("|λ| n A^2 X diag(a) X", lambda X, A, a, λ: abs(λ) * len(X) * A @ A @ X @ np.diag(a) @ X, "X", "X: n×n"),
    Row("skew(X^2) + sym(X A X) + tril(X^2)", lambda X, A: skew(X @ X) + sym(X @ A @ X) + np.tril(X @ X), "X"),
    Row("vec(X^2)", lambda X: vec(X @ X)),
    Row("diag(X A X)", lambda X, A: np.diag(X @ A @ X), "X"),
    Row("diag(x) A diag(x)", lambda x, A: outer(x, x) * A, "x"),
    Row("(X A X)[2..3, 1..2]", lambda X, A: (X @ A @ X)[1:3, :2], "X", "X: 4×3; A: 3×4"),
    Row("X[1, :] A X", lambda X, A: X[:1] @ A @ X, "X"),
    Row("sum(X^2) + mean(X ∘ X)", lambda X: np.sum(X @ X) + np.mean(X**2)),
    Row("tr(X ∘ X) + tr(X)^2", lambda X: np.sum(np.diag(X) ** 2) + np.trace(X) ** 2),
    Row("((X'X)^-1 + I)^-1", lambda X: inv(inv(X.T @ X) + eye(X.shape[1])), let="X: 4×3"),
    Row("(X'X)^-1 A (X X' + I)^-1", lambda X, A: inv(X.T @ X) @ A @ inv(X @ X.T + eye(len(X))), "X", "X: 4×3"),
]
"""Polynomials and inverses in each of their forms: all have an exact remainder and a bound."""
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


def skew(X):
    return (X - X.T) / 2


def sym(X):
    return (X + X.T) / 2


@cache
def expansion(row, order=1):
    return sm.expand(row.text, row.wrt, let=row.let, order=order)


def functions(found, *nodes):
    with interning(found._question.table):
        return [lower(node) for node in nodes]


def change_and_terms(row, terms, arguments, small):
    change = value(row, moved(arguments, small, 1.0)) - value(row, arguments)
    return change, sum((call(term, arguments, small) for term in terms), np.zeros(np.shape(change)))


def assert_exact(row, found, arguments, directions):
    terms = functions(found, *found.terms.values())
    remainder, *bound = functions(found, found.remainder, *([] if found.bound is None else [found.bound]))
    for scale in (0.01, 0.1, 1.0):
        small = {name: scale * d for name, d in directions.items()}
        change, total = change_and_terms(row, terms, arguments, small)
        rest = call(remainder, arguments, small)
        size = 1 + np.max(np.abs(change)) + np.max(np.abs(total))
        np.testing.assert_allclose(total + rest, change, atol=1e-9 * size)
        if bound:
            limit = call(*bound, arguments, small)
            assert np.linalg.norm(rest) <= limit * (1 + 1e-9) + 1e-12, found.text()


def assert_next_order(row, found, arguments, directions):
    """What a Taylor polynomial leaves falls like the next power of a step in all variables."""
    rests, terms = [], functions(found, *found.terms.values())
    for scale in (0.01, 0.005):
        change, total = change_and_terms(row, terms, arguments, {n: scale * d for n, d in directions.items()})
        rests.append(np.max(np.abs(change - total)))
    assert rests[1] < 1e-9 or rests[0] / rests[1] > 0.75 * 2 ** (found.order + 1)


@each_row
def test_terms_and_remainder_are_the_increment(row):
    arguments, directions, _ = point(row)
    try:
        found = expansion(row)
    except SymmatError as problem:
        assert "is not orthogonal" in str(problem)
        return
    if found.remainder is None:
        assert_next_order(row, found, arguments, directions)
        if row.second and row.text != "X^-k":  # its terms hold X^(j - k + i + 1), whose exponent numbers want ≥ 0
            assert_next_order(row, expansion(row, 2), arguments, directions)
    else:
        assert_exact(row, found, arguments, directions)
        assert_exact(row, expansion(row, 2), arguments, directions)


@pytest.mark.parametrize("row", EXACT, ids=lambda row: row.id)
@pytest.mark.parametrize("order", [1, 2])
def test_polynomials_and_inverses_have_an_exact_remainder_with_a_bound(row, order):
    arguments, directions, _ = point(row)
    found = expansion(row, order)
    assert found.remainder is not None
    assert found.bound is not None
    assert_exact(row, found, arguments, directions)


@pytest.mark.parametrize("text", ["X / λ + expm(λ X)", "det(λ A X)", "expm(λ X)", "exp(λ A x)"])
def test_the_order_of_what_is_left_counts_all_variables(text):
    name = "x" if text.endswith("x)") else "X"
    assert sm.expand(text, f"λ, {name}").text().splitlines()[0].endswith(f" + O((|dλ| + ||d{name}||)^2)")


NAMES = [
    ("R X^2", "X", ["F(X + dX) - F(X) = R (dX X + X dX) + R_1", "R_1 = R dX^2"]),
    ("F X", "X", ["G(X + dX) - G(X) = F dX"]),
    ("F G H X", "X", ["F_1(X + dX) - F_1(X) = F G H dX"]),
    ("Y = F X", "X", ["Y(X + dX) - Y(X) = F dX"]),
    ("O X^65", "X", ["F(X + dX) - F(X) = O (", "+ BigO(||dX||^2)"]),
    ("D (X'X)^-1", "X", ["E = dX'X + X'dX + dX'dX", "(X'X + E)^-1"]),
    ("D = A X; (D'D)^-1", "X", ["D = A X", "E = dX'A'D + D'A dX + dX'A'A dX"]),
    ("(X'X)^-1 A (X X' + I)^-1", "X", ["D = dX'X + X'dX + dX'dX", "E = dX X' + X dX' + dX dX'"]),
    ("((X'X)^-1 + I)^-1", "X", ["D = dX'X + X'dX + dX'dX", "E = (X'X)^-1 (D "]),
    ("(D E H D_1 D_2 D_3 X'X)^-1", "X", ["D_4 = D E H D_1 D_2 D_3 (dX'X + X'dX + dX'dX)"]),
]


@pytest.mark.parametrize(("text", "wrt", "parts"), NAMES, ids=lambda p: str(p)[:30])
def test_names_are_free(text, wrt, parts):
    shown = sm.expand(text, wrt).text()
    defined = [line.split(" = ")[0] for line in shown.splitlines() if " = " in line]
    assert len(set(defined)) == len(defined)
    for part in parts:
        assert part in shown


def test_fresh_names():
    names = FreshNames({"D", "D_1"})
    assert [names.take("D", "E") for _ in range(3)] == ["E", "D_2", "D_3"]
    assert FreshNames(()).take("D", "E") == "D"


BOUNDS = {
    "tr(X^2)": "||dX||^2",
    "tr(X^3)": "3 ||X|| ||dX||^2 + ||dX||^3",
    "tr(X)^2": "n ||dX||^2",
    "X ∘ X": "||dX||^2",
    "sum(X^2)": "n ||dX||^2",
    "mean(X^2)": "||dX||^2 / n",
    "skew(X^2)": "||dX||^2",
    "(X A X)[1..2, 1..2]": "||A|| ||dX||^2",
    "[X^2, A]": "||dX||^2",
    "X[1, 2] X": "||dX||^2",
    "X^2 / ||A||": "||dX||^2 / ||A||",
    "|λ| X^2": "abs(λ) ||dX||^2",
    "λ X^2": "abs(λ) ||dX||^2",
    "expm(A) X^2": "||expm(A)|| ||dX||^2",
    "A^k X^2": "||A^k|| ||dX||^2",
    "diag(a) X^2": "||diag(a)|| ||dX||^2",
    "A[1, :] X^2": "||A[1, :]|| ||dX||^2",
    "(A + B) X^2": "||A + B|| ||dX||^2",
    "sum(i = 0..k, A^i X^2)": "sum(i = 0..k, ||A^i||) ||dX||^2",
    "X^2 / (1 + ||A||^2)": "||dX||^2 / (1 + ||A||^2)",
    "X^2 - X X": "0",
    "vech(X^2)": None,
    "frechet(expm, A, X^2)": None,
}


@pytest.mark.parametrize(("text", "shown"), BOUNDS.items(), ids=lambda p: str(p))
def test_bounds(text, shown):
    assert sm.expand(text, "X").to_json()["bound"] == shown


def test_a_size_is_positive_and_another_integer_may_not_be():
    assert sm.expand("n X^2", let="X: n×n").to_json()["bound"] == "n ||dX||^2"
    assert sm.expand("k X^2", let="X: n×n").to_json()["bound"] == "abs(k) ||dX||^2"


def test_degrees_have_a_limit():
    assert sm.expand("X^64").remainder is not None
    for text in ("X^65", "(X^2)^33", "X^40 A X^40"):
        assert sm.expand(text, "X").text().splitlines()[0].endswith(" + O(||dX||^2)")


SHOWN = {
    ("X^3", "", 1): [
        "F(X + dX) - F(X) = dX X^2 + X dX X + X^2 dX + R",
        "R = dX^2 X + dX X dX + X dX^2 + dX^3",
        "||R|| <= 3 ||X|| ||dX||^2 + ||dX||^3    [Frobenius norm]",
    ],
    ("X^3", "", 3): [
        "F(X + dX) - F(X) = dX X^2 + X dX X + X^2 dX + dX^2 X + dX X dX + X dX^2 + dX^3",
        "exact, no remainder",
    ],
    ("X^-1", "", 1): [
        "F(X + dX) - F(X) = -X^-1 dX X^-1 + R",
        "R = X^-1 dX (X + dX)^-1 dX X^-1",
        "||R|| <= ||X^-1||^2 ||dX||^2 ||(X + dX)^-1||    [Frobenius norm]",
        "if X is invertible, X + dX is invertible",
    ],
    ("A X B + C", "X", 1): ["F(X + dX) - F(X) = A dX B", "exact, no remainder"],
    ("[X, A; B, X]", "X", 1): ["F(X + dX) - F(X) = [dX, 0; 0, dX]", "exact, no remainder"],
    ("[X, A] [X, A]'", "X", 1): [
        "F(X + dX) - F(X) = [dX, zeros(m, p)] [X'; A'] + [X, A] [dX'; zeros(p, m)] + R",
        "R = dX dX'",
        "||R|| <= ||dX||^2    [Frobenius norm]",
    ],
    ("||A x - b||^2", "x", 1): [
        "f(x + dx) - f(x) = 2 (A x - b)'A dx + R",
        "R = dx'A'A dx",
        "|R| <= ||A||^2 ||dx||^2    [Frobenius norm]",
    ],
    ("(x - y)'(x - y) / 2", "x", 1): ["f(x + dx) - f(x) = (x - y)'dx + R", "R = 1/2 dx'dx", "|R| <= 1/2 ||dx||^2"],
    ("x'x", "", 1): ["f(x + dx) - f(x) = 2 x'dx + R", "R = dx'dx", "|R| <= ||dx||^2"],
    ("(X'X)^-1", "", 1): [
        "D = dX'X + X'dX + dX'dX",
        "F(X + dX) - F(X) = -(X'X)^-1 (dX'X + X'dX) (X'X)^-1 + R",
        "R = (X'X)^-1 (D (X'X + D)^-1 D - dX'dX) (X'X)^-1",
        "||R|| <= ||(X'X)^-1||^2 ||dX||^2 + ||(X'X)^-1||^2 ||D||^2 ||(X'X + D)^-1||    [Frobenius norm]",
        "if X'X is invertible, X'X + D is invertible",
    ],
    ("X^6", "", 1): [
        "F(X + dX) - F(X) = dX X^5 + X dX X^4 + X^2 dX X^3 + X^3 dX X^2 + X^4 dX X + X^5 dX + R",
        "R = (X + dX)^6 - X^6 - dX X^5 - X dX X^4 - X^2 dX X^3 - X^3 dX X^2 - X^4 dX X - X^5 dX",
        "||R|| <= 15 ||X||^4 ||dX||^2 + 20 ||X||^3 ||dX||^3 + 15 ||X||^2 ||dX||^4 + 6 ||X|| ||dX||^5 + ||dX||^6"
        "    [Frobenius norm]",
    ],
    ("exp(x)", "", 2): ["F(x + dx) - F(x) = exp(x) ∘ dx + 1/2 (exp(x) ∘ dx.^2) + O(||dx||^3)"],
    ("relu(x)", "", 1): [
        "F(x + dx) - F(x) = 1/2 ((ones(n) + sign(x)) ∘ dx) + O(||dx||^2)",
        "if no entry of x is 0",
    ],
    ("sign(x)", "", 1): ["F(x + dx) - F(x) = O(||dx||^2)", "if no entry of x is 0"],
}


@pytest.mark.parametrize(("asked", "lines"), SHOWN.items(), ids=lambda p: str(p)[:40])
def test_what_a_reader_sees(asked, lines):
    text, wrt, order = asked
    assert sm.expand(text, wrt, order=order).text().splitlines() == lines


def test_a_variable_on_a_curved_set_has_no_increment_along_a_line():
    with pytest.raises(SymmatError, match=r"Q \+ dQ is not orthogonal"):
        sm.expand("tr(A'Q)", "Q", let="Q: n×n orthogonal")
    assert sm.expand("tr(A'S)", "S", let="S: n×n skew").exact


def test_as_latex():
    assert sm.expand("X^2").latex() == (
        "\\begin{aligned}\n"
        r"F(X + \mathrm{d}X) - F(X) &= \mathrm{d}X \, X + X \, \mathrm{d}X + R \\"
        "\n"
        r"R &= (\mathrm{d}X)^{2} \\"
        "\n"
        r"\lVert R \rVert_F &\le \lVert \mathrm{d}X \rVert_F^{2}"
        "\n\\end{aligned}"
    )
    assert r"\lVert R \rVert &\le" in sm.expand("x x'x").latex()  # of a vector there is one norm only
    assert sm.expand("A X", "X").latex().splitlines()[-2] == r"&\text{exact, no remainder}"
    assert r"O((\lVert \mathrm{d}A \rVert_F + \lVert \mathrm{d}x \rVert)^{2})" in (
        sm.expand("exp(A x)", "A, x").latex()
    )


def test_a_long_equation_has_several_rows():
    rows = sm.expand("X^12").latex().splitlines()
    assert any(row.startswith(r"&\quad +") for row in rows)


def test_as_unicode():
    assert sm.expand("X^3").unicode().splitlines() == [
        "F(X + dX) − F(X) = dX X² + X dX X + X² dX + R",
        "R = dX² X + dX X dX + X dX² + dX³",
        "‖R‖ ≤ 3 ‖X‖ ‖dX‖² + ‖dX‖³    [Frobenius norm]",
    ]
    assert sm.expand("||X||", "X").unicode().splitlines()[0].endswith("tr(XᵀdX) / ‖X‖ + O(‖dX‖²)")
    assert sm.expand("A X", "X").unicode().splitlines()[-1] == "exact, no remainder"


def test_as_data():
    found = sm.expand("A X^-1", "X")
    data = found.to_json()
    assert data["terms"] == {"1": "-A X^-1 dX X^-1"}
    assert data["conditions"] == found.conditions == ["X is invertible", "X + dX is invertible"]
    assert data["let"]["A"] == {"kind": "matrix", "rows": "m", "cols": "n", "properties": []}
    assert found.let == "A: m×n; X: n×n"
    assert data["unicode"] == found.unicode()
    assert [step["rule"] for step in data["steps"]] == [step.rule for step in sm.diff("A X^-1", "X").steps]


def test_the_order_is_a_number_from_one():
    with pytest.raises(SymmatError, match="whole number"):
        sm.expand("X^2", order=0)
