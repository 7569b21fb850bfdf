"""What must hold for a derivative to exist, as a reader sees it; and the facts that it rests on, against numbers."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import symmat as sm
from symmat.core.nodes import Index
from symmat.core.table import interning
from symmat.core.walks import postorder, symbols
from symmat.facts.known import known
from symmat.facts.predicates import (
    full_column_rank,
    full_rank,
    full_row_rank,
    lower,
    minors,
    nonnegative,
    nonzero,
    not_null,
    oriented,
    positive,
    principal,
    semidefinite,
    skew,
    symmetric,
    upper,
)
from symmat.language import read
from symmat.numeric import lower as lowered
from symmat.numeric.evaluate import evaluation
from tests.arguments import draw
from tests.cases import ROWS, VALUES
from tests.test_laws import value

FORM = "X is invertible (in this form)"
LOGARITHM = "X has no eigenvalue on the closed negative real axis"
ONLY = "the largest entry of {} is the only one"

CONDITIONS = [
    # what the value needs everywhere, and smoothness only where the variable is
    ("A^-1 X", "X", ["A is invertible"]),
    ("X + A^-1", "X", ["A is invertible"]),
    ("abs(λ) x", "x", []),
    ("abs(λ) x", "λ", ["λ ≠ 0"]),
    ("sqrt(λ) x", "x", ["λ ≥ 0"]),
    ("sqrt(λ) x", "λ", ["λ > 0"]),
    ("arcsin(λ) x", "x", ["λ is from -1 to 1"]),
    ("arcsin.(X)", "X", ["every entry of X is between -1 and 1"]),
    ("det(X) + tr(Y)", "Y", []),
    ("pinv(A) X", "X", []),
    ("pinv(X)", "X", ["the rank of X does not change"]),
    # the shown formula has an inverse where the function needs none
    ("det(X)", "X", [FORM]),
    ("adj(X)", "X", [FORM]),
    ("X / det(X)", "X", ["X is invertible"]),
    ("log(det(X))", "X", ["det(X) > 0"]),
    # powers
    ("λ^2", "λ", []),
    ("λ^-2", "λ", ["λ ≠ 0"]),
    ("λ^k", "λ", ["λ ≠ 0 or k ≥ 1"]),
    ("x.^k", "x", ["no entry of x is 0 or k ≥ 1"]),
    ("(x'x)^k", "x", ["x ≠ 0 or k ≥ 1"]),
    ("det(X)^k", "X", [FORM]),
    ("sqrt(det(X)^k) A", "A", ["det(X) ≠ 0 or k ≥ 1", "det(X)^k ≥ 0"]),
    ("(λ μ)^k", "λ", ["λ μ ≠ 0 or k ≥ 1"]),
    ("λ^α", "λ", ["λ > 0"]),
    ("X^k", "X", ["k ≥ 0"]),
    ("X^-k", "X", ["X is invertible", "k ≥ 0"]),
    ("X^α", "X", [LOGARITHM]),
    ("logm(X)", "X", [LOGARITHM]),
    ("sqrtm(X)", "X", [LOGARITHM]),
    # sums do not show their index
    ("sum(i = 0..k-1, X^i)", "X", []),
    ("sum(i = 0..k-1, X^i A X^(k-1-i))", "X", []),
    ("sum(i = 1..k, sum(j = 1..i, X^(i-j)))", "X", []),
    ("sum(i = 0..k, X^(m-i))", "X", ["m - k ≥ 0"]),
    ("sum(i = 0..k, X^(m-i)) + sum(i = 0..l, X^(m-i))", "X", ["m - k ≥ 0", "m - l ≥ 0"]),
    ("sum(i = 1..k, (X + i I)^-1)", "X", ["X + i I is invertible for every i"]),
    # kinks, and powers in which they are smooth
    ("||A x - b||", "x", ["A x - b ≠ 0"]),
    ("||A x - b||^3", "x", []),
    ("||A x - b||^4", "x", []),
    ("||A x - b||^4 + ||A x - b||", "x", ["A x - b ≠ 0"]),
    ("r = ||A x - b||; r^3", "x", []),
    ("r = ||A x - b||; r^3 + r", "x", ["A x - b ≠ 0"]),
    ("|λ|^3", "λ", []),
    ("sum(relu.(X).^2)", "X", []),
    ("sign(λ)^2", "λ", ["λ ≠ 0"]),
    ("norm1(x)", "x", ["no entry of x is 0"]),
    ("norminf(x)", "x", ["no entry of x is 0 where abs(x) is largest", ONLY.format("abs(x)")]),
    (
        "norm1(X)",
        "X",
        ["no entry of X is 0 where colsum(abs.(X)) is largest", ONLY.format("colsum(abs.(X))")],
    ),
    ("max(A abs(x))", "x", ["no entry of x is 0", ONLY.format("A abs(x)")]),
    ("max(abs(x)) + sum(abs(x))", "x", ["no entry of x is 0", ONLY.format("abs(x)")]),
    (
        "min(abs(x))",
        "x",
        ["no entry of x is 0 where abs(x) is smallest", "the smallest entry of abs(x) is the only one"],
    ),
    ("max(0, x)", "x", ["no entry of x is 0"]),
    ("max.(X, 2)", "X", ["no entry of X is 2"]),
    ("max(x, y)", "x", ["no entry of x is that of y"]),
    ("tan(λ)", "λ", ["λ is no odd multiple of π/2"]),
    ("tan(x)", "x", ["every entry of x is no odd multiple of π/2"]),
    # simpler words, each once
    ("1 / (2 σ^2)", "σ", ["σ ≠ 0"]),
    ("log(2 π λ)", "λ", ["λ > 0"]),
    ("log(2 λ μ)", "λ", ["λ μ > 0"]),
    ("x / ||x||", "x", ["x ≠ 0"]),
    ("1 / (x'x)", "x", ["x ≠ 0"]),
    ("log(||x||)", "x", ["x ≠ 0"]),
    ("log.(X.^2)", "X", ["no entry of X is 0"]),
    ("1/λ + log(λ)", "λ", ["λ > 0"]),
    ("tr(X^-1) + logdet(X)", "X", ["det(X) > 0"]),
    ("tr(logm(X)) + det(X)^-1", "X", [LOGARITHM]),
    ("(A X)^-1", "X", ["A X is invertible"]),
    ("2 (3 X')^-1", "X", ["X is invertible"]),
    ("sylvester(X, X, B)", "X", ["X and -X have no common eigenvalue"]),
    ("normnuc(X)", "X", ["X has full rank"]),
    # always true
    ("log(1 + exp(a'x))", "x", []),
    ("1 / (1 + x'x)", "x", []),
    ("log(exp(λ)) + log(sigmoid(λ))", "λ", []),
    ("(X'X + I)^-1", "X", []),
    ("logdet(expm(X))", "X", []),
    ("tr(X) / n", "X", []),
]


@pytest.mark.parametrize(("text", "variable", "wanted"), CONDITIONS)
def test_conditions(text, variable, wanted):
    assert (
        sm.diff(text, variable, let="B: n×n" if "sylv" in text else "X: n×n" if "/ n" in text else "").conditions
        == wanted
    )


def test_the_hessian_needs_more_smoothness():
    assert sm.hessian("||A x - b||^3", "x").conditions == ["A x - b ≠ 0"]
    assert sm.diff("||A x - b||^3", "x", order=2).conditions == ["A x - b ≠ 0"]
    assert sm.hessian("||A x - b||^4", "x").conditions == []
    assert sm.show("||x||^3").conditions == ["x ≠ 0"]  # its Hessian is shown too


DISCHARGED = [
    ("spd", "log(det(X))"),
    ("spd", "sqrt(det(X))"),
    ("spd", "(X')^-1 + (2 X)^-1 + (X^2)^-1 + (X + I)^-1"),
    ("spd", "logdet(2 X) + logdet(X^-1) + logdet(A'A + X)"),
    ("spd", "pinv(X) + sylvester(X, X, B)"),
    ("spd", "logm(X) + sqrtm(X) + X^α + X^-1"),
    ("invertible", "pinv(X) + X^-1"),
    ("invertible", "normnuc(X) + det(X)^-1 + ||X||"),
    ("invertible", "logdet(X'X) + tr((X'X)^-1)"),
    ("orthogonal", "||X|| + normnuc(X) + tr(pinv(X)) + tr((X'X)^-1)"),
    ("unit lower", "logdet(X) + log(det(X)) + tr(logm(X))"),
    ("skew", "(I - X)^-1 (I + X) + (X + 2 I)^-1"),
]


@pytest.mark.parametrize(("declared", "text"), DISCHARGED)
def test_declared_properties_grant_conditions(declared, text):
    square = {"A", "B"} & set(text)
    let = f"X: n×n {declared}" + "".join(f"; {name}: n×n" for name in sorted(square))
    assert sm.diff(text, "X", let=let).conditions == []
    if declared not in ("skew", "unit lower"):
        assert sm.diff(text, "X", let=let.replace(declared, "")).conditions != []


def test_both_factors_must_be_invertible():
    assert sm.diff("(A X)^-1", "X", let="X: n×n invertible").conditions == ["A is invertible"]
    assert sm.diff("(A X)^-1", "X", let="A, X: n×n invertible").conditions == []
    assert sm.diff("1 / (x'S x)", "x", let="S: n×n spd").conditions == ["x ≠ 0"]
    assert sm.diff("1 / (x'S x)", "x", let="S: n×n symmetric").conditions == ["x'S x ≠ 0"]


def test_symbols_of_sympy_may_be_positive():
    real, positive = sympy.Symbol("s", real=True), sympy.Symbol("s", positive=True)
    assert sm.diff(sympy.log(real), "s").conditions == ["s > 0"]
    result = sm.diff(sympy.log(positive), "s")
    assert result.conditions == [] and positive in result.expr.free_symbols


# ---------------------------------------------------------------- facts against numbers


def leading_minors(V):
    return [np.linalg.det(V[:k, :k]) for k in range(1, len(V) + 1)]


def spectrum(V):
    return np.linalg.eigvals(V)


TESTS = {
    positive: lambda V: np.all(V > 0),
    nonnegative: lambda V: np.all(V >= 0),
    nonzero: lambda V: np.all(np.abs(V) > 1e-12),
    not_null: lambda V: np.max(np.abs(V)) > 1e-9,
    full_column_rank: lambda V: np.linalg.matrix_rank(V) == V.shape[1],
    full_row_rank: lambda V: np.linalg.matrix_rank(V) == V.shape[0],
    full_rank: lambda V: np.linalg.matrix_rank(V) == min(V.shape),
    symmetric: lambda V: np.allclose(V, V.T),
    skew: lambda V: np.allclose(V, -V.T),
    semidefinite: lambda V: np.allclose(V, V.T) and np.min(np.linalg.eigvalsh(V)) > -1e-9,
    oriented: lambda V: np.linalg.det(V) > 0,
    lower: lambda V: np.allclose(V, np.tril(V)),
    upper: lambda V: np.allclose(V, np.triu(V)),
    principal: lambda V: np.all((spectrum(V).real > 0) | (np.abs(spectrum(V).imag) > 1e-9)),
    minors: lambda V: np.min(np.abs(leading_minors(V))) > 1e-9,
}

LET = "S, T: n×n spd; M: n×n symmetric; K, W: n×n skew; L: n×n unit lower; D: n×n diagonal; N: n×n invertible; "
LET += "Q: 6×n orthogonal; A: 6×n; X: n×n; x, y: n; Z: n×n"

FACTS = [
    ("(L^2 (L + tril(X)))'", {upper}),
    ("L^-1 diag(x) D L", {lower}),
    ("diag(x) D^-1 + I", {lower, upper}),
    ("S + T", {semidefinite, full_column_rank, principal, minors}),
    ("S + X'X + A'A", {semidefinite, full_column_rank}),
    ("X'X + A'A", {semidefinite}),
    ("S + K - W", {principal, oriented}),
    ("I - K", {principal}),
    ("M + D + X'M X", {symmetric}),
    ("K + 2 W", {skew}),
    ("-S", {symmetric, full_column_rank, minors}),
    ("2 L", {principal, minors}),
    ("-2 L", {minors, full_column_rank}),
    ("S T N L Q'", {full_row_rank}),
    ("Q S N", {full_column_rank}),
    ("S T L", {oriented}),
    ("A'A", {semidefinite}),
    ("A S A'", {semidefinite}),
    ("Q'Q", {semidefinite, full_column_rank}),
    ("N'S N", {semidefinite, full_column_rank}),
    ("2 N'X'X N", {semidefinite}),
    ("A'Q Q'A", {semidefinite}),
    ("M M", {semidefinite}),
    ("-A'A", {symmetric}),
    ("N'", {full_column_rank}),
    ("Q'", {full_row_rank}),
    ("S^-1", {semidefinite, full_column_rank}),
    ("L^-1", {principal}),
    ("(I + K)^-1", {principal}),
    ("N^3", {full_column_rank}),
    ("N^2", {oriented}),
    ("L^3", {oriented}),
    ("M^2", {semidefinite}),
    ("M^3", {symmetric}),
    ("S^3", {semidefinite, full_column_rank}),
    ("S ⊗ T", {semidefinite, full_column_rank}),
    ("Q ⊗ N", {full_column_rank}),
    ("S ∘ T", {semidefinite, full_column_rank}),
    ("(X'X) ∘ (A'A)", {semidefinite}),
    ("X ∘ X", {nonnegative}),
    ("exp.(X) ∘ exp.(Z)", {positive}),
    ("exp.(X) ./ cosh.(Z)", {positive}),
    ("exp.(X) exp.(Z)", {positive}),
    ("exp.(X) + abs.(Z)", {positive}),
    ("relu.(X) + abs.(Z)", {nonnegative}),
    ("-exp.(X)", set()),
    ("x.^2", {nonnegative}),
    ("x.^-2", {positive}),
    ("x.^-1", {nonzero}),
    ("exp(x).^λ", {positive}),
    ("sqrt(exp(x))", {positive}),
    ("abs(exp(x))", {positive}),
    ("softmax(x)", {positive}),
    ("rowsoftmax(X)", {positive}),
    ("sigmoid(x) + softplus(x)", {positive}),
    ("diag(exp(x))", {semidefinite, full_column_rank}),
    ("diag(abs(x))", {semidefinite}),
    ("diag(x.^-1)", {full_column_rank, symmetric}),
    ("expm(X)", {oriented}),
    ("sqrtm(X'X + S)", {principal}),
    ("(X'X + S)^(1/3)", {full_column_rank}),
    ("det(S)", {positive}),
    ("det(X'X)", {nonnegative}),
    ("det(N)", {nonzero}),
    ("tr(S)", {positive}),
    ("tr(X'X)", {nonnegative}),
    ("x'x", {nonnegative}),
    ("x'A'A x", {nonnegative}),
    ("tr(N'N)", {positive}),
    ("x'S x", {nonnegative}),
    ("x'M x", set()),
    ("||N|| + normnuc(Q) + norm2(S)", {positive}),
    ("||X|| + normnuc(A) + norm2(X)", {nonnegative}),
    ("||N||^2", {positive}),
    ("det(N)^2 det(S)^-1", {positive}),
    ("-det(N) tr(S)", {nonzero}),
    ("sum(exp(x)) + mean(exp.(X))", {positive}),
    ("rowsum(exp.(X)) + colsum(exp.(Z))", {positive}),
    ("diag(exp.(X))", {positive}),
    ("exp.(X)[1, :]", {positive}),
    ("sum(i = 1..k, X'^i X^i)", set()),
    ("sum(i = 1..k, S^i)", {semidefinite}),
    ("V = X'X; V + I", {semidefinite, full_column_rank}),
    ("ones(n,n) + zeros(n,n)", {positive}),
    ("π - 1", set()),
    ("π + 1/2", {positive}),
]


@pytest.mark.parametrize(("text", "wanted"), FACTS)
def test_facts_are_true(text, wanted):
    """What is wanted is found, and all that is found, of every part, is true of numbers."""
    with interning():
        F = read(text, LET).expr
        assert known(F) >= wanted
        if not wanted:
            assert not known(F) & {positive, nonnegative, semidefinite, full_column_rank}
        for seed in ("a", "b"):
            arguments = draw(symbols(F), {"N": "invertible", "k": "2"}, text + seed)
            for node in postorder(F):
                if known(node) and not any(s not in symbols(F) for s in node.free_symbols):
                    value = evaluated(node, arguments)
                    for fact in known(node):
                        assert TESTS[fact](value), (node, fact)


@pytest.mark.parametrize("row", [*ROWS, *VALUES], ids=lambda row: row.id)
def test_what_is_known_of_the_values_of_a_row_is_true(row):
    """What records say is known of a value, and what follows, is true of the row's own function and of all inside."""
    with interning():
        F = read(row.text, row.let).expr
        arguments = draw(symbols(F), row.draw, row.id)
        values = evaluation({s: arguments[s.name] for s in symbols(F)})
        of_row = value(row, arguments)
        for node in postorder(F):
            if known(node) and not any(isinstance(s, Index) for s in node.free_symbols):
                found = np.reshape(of_row, np.shape(values.of(F))) if node is F else values.of(node)
                for fact in known(node):
                    assert TESTS[fact](np.atleast_2d(found)), (node, fact)


def evaluated(node, arguments):
    """A value as a matrix."""
    function = lowered(node)
    named = {p.keyword: arguments[{"lambda_": "λ"}.get(p.keyword, p.keyword)] for p in function.parameters}
    value = np.asarray(function(**named))
    return value.reshape(len(value), -1) if value.ndim == 1 else np.atleast_2d(value)
