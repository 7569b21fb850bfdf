"""Random expressions over everything, and each kind that was once wrong, against the independent evaluator."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import symmat as sm
from symmat.core.constructors import inverse, matrix_symbol, mul, number
from symmat.core.table import interning
from symmat.errors import ShapeProblem
from symmat.numeric.evaluate import evaluate
from symmat.operations.kronecker import matrix_of
from tests.oracle import examine, examine_text

BATCHES, EACH = 5, 24
FIRST = 20_000
CURVED = "orthogonal variable"
ALLOWED = 0.1
"""Of all comparisons so many may be skipped, those of second order in an orthogonal variable aside."""

CAPTURED = [
    ("tr(sum(i = 1..2, A^i X^k))", "X, A: n×n"),
    ("sum(i = 1..2, tr(A^i X^k) X^i)", "X, A: n×n"),
    ("sum(i = 0..2, A^i X^i B X^k)", "X, A, B: n×n"),
    ("sum(l = 2..3, sum(j = 2..3, tr(X^j) sum(i = 0..l, i sum(X))))", "X: n×n"),
    ("sum(l = 1..k, tr(X^l) sum(j = 0..2, tr((B X)^j) sum(i = 0..1, tr(A^i))))", "X, A, B: n×n"),
    ("sum(j = 1..2, 3^j det(X) sum(i = 0..1, tr(X^i) A X b))", "X, A: n×n; b: n"),
    ("sum(i = 0..1, X^i sum(i = 0..2, X^i))", "X: n×n"),
    ("sum(i = 0..1, sum(i = 0..i, A^i X) X^i)", "X, A: n×n"),
    ("sum(i = 1..2, sum(i = 0..1, i X) + i A)", "X, A: n×n"),
    ("S = sum(i = 0..2, X^i); sum(i = 1..2, tr(S^i) S A^i)", "X, A: n×n"),
    ("sum(i = 0..k, (-2)^i tr(X)) - sum(i = 0..1, tr(X^i) tr(X))", "X: 2×2 skew"),
    ("U = sum(i = 1..2, i X); (det(3 I + U) a')'", "X: n×n diagonal; a: m"),
]
ORTHOGONAL = [
    ("tr(Q Q') tr(A)", "Q: 3×2 orthogonal; A: 3×3", "A"),
    ("tr(Q Q') tr(A)", "Q: p×n orthogonal; A: m×m", "A"),
    ("tr(P Q Q'P') tr(A)", "P: 4×3 orthogonal; Q: 3×2 orthogonal; A: 3×3", "A"),
    ("tr(Q Q'A Q Q')", "Q: 4×2 orthogonal; A: 4×4", "A"),
    ("tr(Q Q' + Q A Q')", "Q: 4×2 orthogonal; A: 2×2", "Q"),
    ("tr(A Q Q'B)", "Q: 4×2 orthogonal; A, B: 4×4", "Q"),
    ("tr(pinv(X) X) tr(A)", "X: 4×2; A: 3×3", "A"),
]
SIGNS = [
    ("det(X^k)", "X: 2×2 skew"),
    ("logdet(X^(2 k))", "X: 2×2 skew"),
    ("tr(X^k X^(4 - k))", "X: 2×2 skew"),
    ("(X^k)'(X^(3 - k))'", "X: 2×2 skew"),
    ("tr(A X^k X^-1)", "X: 2×2 skew; A: 2×2"),
    ("X^k A (X^k)'", "X: 3×3 skew; A: 3×3"),
    ("tr((X^k)'A X) X", "X: 3×3 skew; A: 3×3 skew"),
    ("rowsum(-A X - B X)", "X: 2×3; A, B: 4×2"),
    ("sym(-A X - X B)", "X, A, B: n×n"),
    ("max.(A X, X'A')", "X, A: n×n"),
    ("tanh.(A X - X'A') + tanh.(X'A' - A X)", "X, A: n×n"),
    ("tr(A tanh.(X - X')) + tr(tanh.(X' - X) B)", "X, A, B: n×n"),
    ("U = A X; cosh.(U - U') + sinh.(U' - U)'", "X, A: n×n"),
]
ZEROS = [
    ("sum(i = 0..1, (A - A)^i X)", "X, A: n×n"),
    ("sum(i = 0..k, (A - A)^i X)", "X, A: n×n"),
    ("sum(i = 0..2, (A - A)^(2 - i) X)", "X, A: n×n"),
    ("sum(i = 0..1, tr(zeros(3, 3)^i) X)", "X: n×n"),
    ("(A - A)^k X", "X, A: n×n"),
    ("(A - A)^0 X + X^0", "X, A: n×n"),
    ("(X - X)^k + X", "X: n×n"),
    ("sum(i = 0..k-1, i X)", "X: m×n"),
    ("sum(i = 0..2, tr((t^2 C)^i) B)", "t: scalar; C: 2×2; B: 3×2", "t"),
    ("sum(i = 0..2, X^i / 2^i)^0 X", "X: n×n"),
]
SHAPES = [
    ("sym(X[1..n, :])", "X: p×n"),
    ("X[1..n, :] + X[1..n, :]'", "X: p×n"),
    ("sum(sym(((X A) + 2 B)[1..n, :]'))", "X: m×m; A, B: m×n"),
    ("rowsum(A X) + rowsum(A X B)", "X: 2×2; A: 3×2; B: 2×4"),
    ("colsum(X A) + colsum(B X A)", "X: 2×2; A: 2×3; B: 4×2"),
    ("vec(A X) + vec(X B)", "X: 2×6; A: 3×2; B: 6×9"),
    ("(A X)[1..2, 1] + (X B)[1..2, 1]", "A: 4×2; X: 2×3; B: 3×3"),
    ("A diag(X) + diag(X[1..2, 1..2])", "X: 3×3; A: 2×3"),
    ("(A X)[m - n + 1..m, :]", "X: m×n; A: m×m"),
    ("X[n - 1 + 1..n, :] a", "X: n×m; a: m"),
    ("sum(i = 0..2, i ((A X B)[:, 2..p + 1])[1..m, 1])", "A: m+1×m; X: m×m; B: m×p+1"),
    ("[x; a]' A [a; x]", "x: 2; a: 3; A: 5×5", "x"),
    ("[x', 1, a']", "x: 2; a: 3", "x"),
    ("[x; zeros(1, 1); a]' A", "x: 2; a: 3; A: 6×2", "x"),
    ("a blocksum(B, C X) b'", "a, b: 3; B: 2×2; C: 2×3; X: 3×2"),
    ("(log.(rowsoftmax(t (t A)))')[1, 2]", "t: scalar; A: 2×3", "t"),
    ("[x; a; (2 x)]", "x: 2; a: 3", "x"),
]
MATRICES = [
    ("diag(A x)", "x: 3; A: 2×3", "x"),
    ("A diag(x) B", "x: 3; A: 2×3; B: 3×2", "x"),
    ("diag(A X B)", "X: 2×3; A: 4×2; B: 3×4"),
    ("diag(x ∘ (A x)) b", "x: 3; A: 3×3; b: 3", "x"),
    ("frechet(expm, A, X, B)", "X, A, B: 2×2"),
    ("frechet(expm, A, X, X)", "X, A: 2×2"),
    ("tr(B expm(A X))", "X, A, B: 2×2"),
    ("max(colsum(abs.(X'))) + max(rowsum(abs.(A X)'))", "X: 2×3; A: 4×2"),
    ("A ⊗ X + X ⊗ B", "X: 2×3; A: 2×3; B: 2×3"),
    ("blocksum(X, A) + blocksum(B, X ⊗ C)", "X, B: 2×2; A: 4×6; C: 2×3"),
]
COUNTS = [
    ("tr(X^k)", "X: 2×2"),
    ("tr(X^k) tr(A X)", "X, A: 2×2"),
    ("tr((t A)^k)", "t: scalar; A: 2×2", "t"),
    ("sum(i = 0..k, tr((X A)^i) tr(B X X'))", "X: 3×2; A: 2×3; B: 3×3"),
    ("sum(i = 0..k, i tr(X^i) tr(X^i))", "X: 2×2"),
    ("sum(i = 0..k, tr((t A)^i) t^2)", "t: scalar; A: 2×2", "t"),
    ("S = X^k; tr(S S)", "X: 2×2"),
]
ROWS = [(*row, "X")[:3] for row in (*CAPTURED, *ORTHOGONAL, *SIGNS, *ZEROS, *SHAPES, *MATRICES, *COUNTS)]


@pytest.mark.parametrize("k", [0, 3])
@pytest.mark.parametrize(("text", "let", "wrt"), ROWS, ids=[row[0] for row in ROWS])
def test_what_was_once_wrong_agrees_with_the_oracle(text, let, wrt, k):
    if k == 0 and "k" not in text:
        return
    report = examine_text(text, let, wrt, 1, k=k)
    assert not report.mismatched, report
    assert "value" in report.agreed and "differential" in report.agreed, report.skipped
    assert all(CURVED in why for _, why in report.skipped), report.skipped


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_expressions_agree_with_the_oracle(batch):
    seeds = range(FIRST + batch * EACH, FIRST + batch * EACH + EACH)
    print(f"seeds {seeds.start} to {seeds.stop - 1}")
    reports = [examine(seed) for seed in seeds]
    assert not any(r.mismatched for r in reports), "\n".join(str(r) for r in reports if r.mismatched)
    skipped = Counter(why for r in reports for _, why in r.skipped if CURVED not in why)
    compared = sum(len(r.agreed) for r in reports)
    print(f"{compared} comparisons, skipped: {dict(skipped)}")
    assert skipped.total() <= ALLOWED * compared


def test_powers_of_zero_are_shown_as_what_they_are():
    assert sm.diff("sum(i = 0..1, (A - A)^i X)", "X").text() == "dX"
    assert sm.diff("sum(i = 0..k, (A - A)^i X)", "X", let="A: n×n").text() == "sum(i = 0..k, zeros(n, n)^i dX)"
    assert sm.diff("(A - A)^0 X", "X").text() == "dX"
    assert sm.diff("(A - A)^2 X + X", "X").text() == "dX"


def test_a_sum_of_negative_terms_gives_its_sign_away():
    assert sm.diff("rowsum(-A X - B X)", "X").text() == "-rowsum((A + B) dX)"
    assert sm.diff("sym(-A X - X B)", "X").text() == "-sym(A dX + dX B)"


def test_only_a_square_matrix_has_an_inverse():
    with interning(), pytest.raises(ShapeProblem, match="2×3"):
        inverse(matrix_symbol("A", number(2), number(3)))


def test_the_matrix_of_a_linear_map_of_matrices_that_are_not_square():
    rng = np.random.default_rng(0)
    with interning():
        A, B = (matrix_symbol(name, number(m), number(n)) for name, m, n in (("A", 2, 3), ("B", 4, 5)))
        values = {A: rng.standard_normal((2, 3)), B: rng.standard_normal((4, 5))}
        M = matrix_of(lambda E: mul(A, E, B), (number(3), number(4)), (A, B))
        np.testing.assert_allclose(evaluate(M, values), np.kron(values[B].T, values[A]))


def test_an_index_that_shadows_another_is_bound_by_its_own_sum():
    assert sm.parse("sum(i = 0..1, X^i sum(i = 0..2, X^i))") == sm.parse("sum(i = 0..1, X^i sum(j = 0..2, X^j))")
    with pytest.raises(sm.SymmatError, match="does not occur"):
        sm.parse("sum(i = 0..1, X sum(i = 0..2, X^i))")
