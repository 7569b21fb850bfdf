"""The normal form: right, idempotent, and the same for every order of terms."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Basic

from symmat.algebra.normal import normal
from symmat.core.constructors import (
    add,
    differential_symbol,
    dimension,
    identity,
    inverse,
    matrix_symbol,
    mul,
    neg,
    number,
    power,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
)
from symmat.core.table import afresh, interning
from symmat.language import read
from symmat.numeric.evaluate import evaluate
from symmat.printing import Text
from tests.shuffles import canonical, shuffled
from tests.strategies import Pool

relaxed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@given(st.data())
@relaxed
def test_it_has_the_same_value(data):
    with interning():
        pool = Pool()
        node = pool.expression(data.draw, 4)
        before, after = evaluate(node, pool.values), evaluate(normal(node), pool.values)
        np.testing.assert_allclose(after, before, rtol=1e-7, atol=1e-7 * (1 + np.max(np.abs(before))))


@given(st.data())
@relaxed
def test_it_is_idempotent(data):
    with interning():
        once = normal(Pool().expression(data.draw, 4))
        same = normal(once) is once
        assert same  # of nodes pytest would print the repr, each time that one fails


@given(st.data(), st.randoms(use_true_random=False))
@relaxed
def test_shuffled_terms_give_one_form(data, random):
    with interning():
        node = Pool().expression(data.draw, 4)
        forms = {form(node), form(shuffled(node, random))}
        assert len(forms) == 1


def form(node: Basic) -> str:
    """The normal form in an answer of its own, whatever the order in which its terms are shown."""
    with afresh():
        return canonical(normal(node))


def symbols():
    m, n, one = dimension("m"), dimension("n"), number(1)
    square = [matrix_symbol(name, n, n) for name in "XABC"]
    return (*square, matrix_symbol("x", n, one), matrix_symbol("y", n, one), matrix_symbol("T", m, n))


RULES = {
    "X X is X^2": (lambda X, A, B, C, x, y, T: mul(X, X), "X^2"),
    "X X^-1 vanishes": (lambda X, A, B, C, x, y, T: mul(A, X, inverse(X), B), "A B"),
    "a product and its inverse vanish": (lambda X, A, B, C, x, y, T: mul(inverse(mul(A, B)), A, B, C), "C"),
    "one factor of an inverse product vanishes": (
        lambda X, A, B, C, x, y, T: add(mul(inverse(mul(A, B)), A), mul(B, inverse(mul(A, B)), C)),
        "B^-1 + A^-1 C",
    ),
    "no factor of the inverse of a rectangular product does": (
        lambda X, A, B, C, x, y, T: mul(inverse(mul(T, transpose(T))), T),
        "(T T')^-1 T",
    ),
    "a matrix stands before its transpose": (
        lambda X, A, B, C, x, y, T: mul(
            add(mul(differential_symbol(X), transpose(A)), mul(differential_symbol(X), A)), B
        ),
        "dX (A + A') B",
    ),
    "a matrix and its transpose stand in one sum with others": (
        lambda X, A, B, C, x, y, T: mul(
            add(X, differential_symbol(X)),
            add(transpose(A), C, A, mul(B, differential_symbol(X)), mul(scalar_symbol("λ"), A)),
        ),
        "X C + X (A + A') + X B dX + λ X A + dX (C + A + A') + dX B dX + λ dX A",
    ),
    "one prime inside is as good as one outside": (
        lambda X, A, B, C, x, y, T: mul(
            add(mul(differential_symbol(X), transpose(A)), mul(scalar_symbol("λ"), differential_symbol(X))), B
        ),
        "dX (A' + λ I) B",
    ),
    "double transposes vanish": (lambda X, A, B, C, x, y, T: transpose(mul(A, transpose(transpose(B)))), "B'A'"),
    "unit factors vanish": (lambda X, A, B, C, x, y, T: mul(identity(dimension("n")), X, number(1)), "X"),
    "like terms join": (lambda X, A, B, C, x, y, T: add(mul(A, B), mul(A, B)), "2 A B"),
    "scalars stand in front": (lambda X, A, B, C, x, y, T: mul(A, scalar_symbol("λ"), B), "λ A B"),
    "sums of the user stay": (lambda X, A, B, C, x, y, T: mul(X, add(A, B)), "X (A + B)"),
    "sums with a differential do not": (
        lambda X, A, B, C, x, y, T: mul(X, add(mul(differential_symbol(X), X), mul(A, differential_symbol(X)))),
        "X (dX X + A dX)",
    ),
    "common factors stand outside": (
        lambda X, A, B, C, x, y, T: add(mul(A, differential_symbol(X), B), mul(A, differential_symbol(X), C)),
        "A dX (B + C)",
    ),
    "what is common to both sides leaves I": (
        lambda X, A, B, C, x, y, T: add(mul(A, C, differential_symbol(X)), neg(mul(A, B, C, differential_symbol(X)))),
        "A (I - B) C dX",
    ),
    "a matrix and its transpose stand in one sum": (
        lambda X, A, B, C, x, y, T: add(
            mul(differential_symbol(X), A, B, C), mul(C, X), mul(differential_symbol(X), A, transpose(B), C)
        ),
        "dX A (B + B') C + C X",
    ),
    "such sums flow together": (
        lambda X, A, B, C, x, y, T: add(
            *(mul(M, differential_symbol(X)) for M in (A, transpose(A), B, transpose(B))),
        ),
        "(A + A' + B + B') dX",
    ),
    "scalars before one product stand in one sum": (
        lambda X, A, B, C, x, y, T: add(
            mul(scalar_symbol("λ"), A, differential_symbol(X)), mul(scalar_symbol("μ"), A, differential_symbol(X))
        ),
        "(λ + μ) A dX",
    ),
    "sums stand on both sides of a differential": (
        lambda X, A, B, C, x, y, T: add(
            mul(A, differential_symbol(X), C),
            neg(mul(A, differential_symbol(X))),
            mul(number(2), B, differential_symbol(X), C),
            mul(number(-2), B, differential_symbol(X)),
        ),
        "(A + 2 B) dX (C - I)",
    ),
    "(I + A)⁻¹ (I - A) + I = 2 (I + A)⁻¹": (
        lambda X, A, B, C, x, y, T: add(
            mul(
                B,
                inverse(add(identity(dimension("n")), A)),
                add(identity(dimension("n")), neg(A)),
                differential_symbol(X),
            ),
            mul(B, differential_symbol(X)),
        ),
        "2 B (I + A)^-1 dX",
    ),
    "A - A (A + B)⁻¹ A = A (A + B)⁻¹ B": (
        lambda X, A, B, C, x, y, T: add(
            mul(differential_symbol(X), A), neg(mul(differential_symbol(X), A, inverse(add(A, B)), A))
        ),
        "dX A (A + B)^-1 B",
    ),
    "c - c a / (a + b) = c b / (a + b)": (
        lambda X, A, B, C, x, y, T: add(
            differential_symbol(X),
            neg(
                mul(
                    scalar_symbol("λ"),
                    power(add(number(1), scalar_symbol("λ")), number(-1)),
                    differential_symbol(X),
                )
            ),
        ),
        "dX / (1 + λ)",
    ),
    "a common scalar stands before I too": (
        lambda X, A, B, C, x, y, T: add(
            mul(scalar_symbol("λ"), identity(dimension("n"))), mul(scalar_symbol("λ"), A, differential_symbol(X))
        ),
        "λ (I + A dX)",
    ),
    "a number that all terms have stands before the sum": (
        lambda X, A, B, C, x, y, T: add(
            mul(number(2), A, differential_symbol(X)),
            mul(number(4), differential_symbol(X), B),
            mul(number(-2), C, differential_symbol(X), A),
        ),
        "2 (A dX + 2 dX B - C dX A)",
    ),
    "a whole number before two terms stays": (
        lambda X, A, B, C, x, y, T: add(
            mul(number(2), A, differential_symbol(X)), mul(number(4), differential_symbol(X), B)
        ),
        "2 A dX + 4 dX B",
    ),
    "a fraction before two terms does not": (
        lambda X, A, B, C, x, y, T: add(
            mul(number(Fraction(1, 2)), A, differential_symbol(X)),
            mul(number(Fraction(-1, 2)), differential_symbol(X), B),
        ),
        "1/2 (A dX - dX B)",
    ),
    "numbers that differ stay": (
        lambda X, A, B, C, x, y, T: add(
            mul(number(Fraction(1, 2)), A, differential_symbol(X)),
            mul(number(Fraction(1, 6)), differential_symbol(X), B),
        ),
        "1/2 A dX + 1/6 dX B",
    ),
    "k T is (k - 1) T + T": (
        lambda X, A, B, C, x, y, T: add(
            mul(add(scalar_symbol("k"), number(-1)), A, differential_symbol(X)),
            mul(A, differential_symbol(X)),
            mul(differential_symbol(X), B),
        ),
        "k A dX + dX B",
    ),
    "what cancels is multiplied out": (
        lambda X, A, B, C, x, y, T: add(
            mul(differential_symbol(X), add(A, neg(B))),
            mul(add(differential_symbol(X), neg(mul(C, differential_symbol(X)))), B),
        ),
        "dX A - C dX B",
    ),
    "what does not cancel is not multiplied out": (
        lambda X, A, B, C, x, y, T: add(mul(differential_symbol(X), add(A, neg(B))), mul(C, differential_symbol(X))),
        "dX (A - B) + C dX",
    ),
    "dX beside a sum with I stays": (
        lambda X, A, B, C, x, y, T: add(differential_symbol(X), mul(A, differential_symbol(X))),
        "dX + A dX",
    ),
    "x'x x is (x'x) x": (lambda X, A, B, C, x, y, T: mul(x, transpose(x), x), "(x'x) x"),
    "a scalar is its transpose": (
        lambda X, A, B, C, x, y, T: add(trace(mul(transpose(x), A, y)), trace(mul(transpose(y), transpose(A), x))),
        "2 x'A y",
    ),
    "a trace turns": (lambda X, A, B, C, x, y, T: add(trace(mul(A, B, C)), trace(mul(C, A, B))), "2 tr(A B C)"),
    "a differential in a trace stands last": (
        lambda X, A, B, C, x, y, T: trace(mul(A, transpose(differential_symbol(X)), B)),
        "tr(A'B'dX)",
    ),
    "a trace over a vector is a product": (lambda X, A, B, C, x, y, T: trace(mul(A, x, transpose(y))), "y'A x"),
    "a symmetric sum is its transpose": (
        lambda X, A, B, C, x, y, T: transpose(inverse(add(mul(transpose(T), T), identity(dimension("n"))))),
        "(T'T + I)^-1",
    ),
    "transposed groups stay": (lambda X, A, B, C, x, y, T: transpose(add(x, neg(y))), "(x - y)'"),
    "transposes of sums keep their first reading": (
        lambda X, A, B, C, x, y, T: mul(x, transpose(add(mul(A, x), neg(y))), add(mul(A, x), neg(y))),
        "((A x - y)' (A x - y)) x",
    ),
    "powers with a symbol add": (
        lambda X, A, B, C, x, y, T: mul(power(X, add(scalar_symbol("k"), number(-1))), X),
        "X^k",
    ),
    "tr I is its size": (lambda X, A, B, C, x, y, T: trace(identity(dimension("n"))), "n"),
    "scalar quotients cancel": (
        lambda X, A, B, C, x, y, T: mul(scalar_symbol("λ"), X, power(scalar_symbol("λ"), number(-1))),
        "X",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule):
    build, text = RULES[rule]
    with interning():
        assert Text().print(normal(build(*symbols()))) == text


def test_a_sum_of_scalars_stands_before_a_differential_at_once():
    with interning():
        X, λ = symbols()[0], scalar_symbol("λ")
        change = trace(mul(X, differential_symbol(X)))
        once = normal(mul(λ, add(mul(number(2), change), mul(λ, change))))
        assert Text().print(once) == "λ (2 + λ) tr(X dX)"
        assert Text().print(normal(once)) == Text().print(once)


IDENTITIES = [
    ("double entrywise factors are powers", "X ∘ A ∘ X", "", "X.^2 ∘ A"),
    ("entrywise quotients cancel", "(X ∘ A) ./ A", "", "X"),
    ("ones are the unit of the Hadamard product", "X ∘ ones(m, n)", "X: m×n", "X"),
    ("numbers come out of linear operations", "tril(2 X)", "", "2 tril(X)"),
    ("numbers come out of Hadamard products", "(2 X) ∘ (3 A)", "", "6 (X ∘ A)"),
    ("a projection of a projection", "tril(tril(X)) + sym(sym(A))", "X, A: n×n", "tril(X) + sym(A)"),
    ("the symmetric part of a symmetric matrix", "sym(A'A)", "", "A'A"),
    ("the skew part of a symmetric matrix", "skew(A'A) + B", "B: n×n", "B"),
    ("vec of unvec", "vec(unvec(x, 3, 4))", "", "x"),
    ("unvec of vec", "unvec(vec(X), 3, 4)", "X: 3×4", "X"),
    ("the diagonal of a diagonal matrix", "diag(diag(x))", "", "x"),
    ("the diagonal of a transpose", "diag(X')", "", "diag(X)"),
    ("a diagonal matrix is symmetric", "diag(x)'", "", "diag(x)"),
    ("diag(diag(x) y)", "diag(diag(x) y)", "", "diag(x ∘ y)"),
    ("diag(x) diag(y)", "A diag(x) diag(y) B diag(x)^2", "x: n", "A diag(x ∘ y) B diag(x.^2)"),
    ("diag(x)^-1", "diag(x)^-1 A + (diag(x) diag(x))^-1", "x: n", "diag(1 ./ x) A + diag(1 ./ x.^2)"),
    ("diag(x) and its inverse", "diag(x) diag(x)^-1 A", "", "A"),
    (
        "diag(diag(D)) of a diagonal D",
        "diag(diag(D^-1)) + diag(diag(D^-1 D'^3))",
        "D: n×n diagonal",
        "D^-1 + D^2",
    ),
    (
        "diag(diag(L)) is not L",
        "diag(diag(L)) + diag(diag(A))",
        "L: n×n lower; A: n×n",
        "diag(diag(L)) + diag(diag(A))",
    ),
    ("diag(a b')", "diag(A a b'B)", "a, b: n; A, B: n×n", "(A a) ∘ (B'b)"),
    ("diag(diag(x) X)", "diag(diag(x) X) + diag(X diag(x))", "", "2 (x ∘ diag(X))"),
    ("diag(M') of a product", "diag(X'A') + diag(A X)", "A, X: n×n", "2 diag(A X)"),
    (
        "a triangle of a triangular matrix",
        "tril(L^-1 D L) + triu(L') + tril(A)",
        "L: n×n lower; D: n×n diagonal; A: n×n",
        "L^-1 D L + L' + tril(A)",
    ),
    (
        "the other triangle of a triangular matrix",
        "triu(L) + tril(U)",
        "L: n×n lower; U: n×n upper",
        "diag(diag(L)) + diag(diag(U))",
    ),
    (
        "the symmetric part of a transpose",
        "sym(A') + sym(A) + sym(A B') + sym(B A')",
        "A, B: n×n",
        "2 sym(A) + 2 sym(A B')",
    ),
    ("the skew part of a transpose", "skew(A') + 2 skew(A)", "A: n×n", "skew(A)"),
    ("the symmetric part of a skew matrix", "sym(S) + sym(A S + S A) + A", "S: n×n skew; A: n×n symmetric", "A"),
    ("the skew part of a skew matrix", "skew(S) + skew(S^3)", "S: n×n skew", "S + S^3"),
    ("symmetric terms come out of sym", "sym(2 S - 3 A + A'A)", "S: n×n symmetric; A: n×n", "2 S + A'A - 3 sym(A)"),
    ("symmetric terms vanish in skew", "skew(S - A)", "S: n×n symmetric; A: n×n", "-skew(A)"),
    (
        "what a linear operation keeps comes out of it",
        "tril(L + A) + diag(diag(x) + A) x'",
        "x: n; L: n×n lower; A: n×n",
        "L + tril(A) + (x + diag(A)) x'",
    ),
    ("the determinant of a transpose", "det(A'B') / det(B A)", "A, B: n×n", "1"),
    ("the determinant of a Kronecker product", "det(A ⊗ B)", "A: 2×2; B: n×n", "det(A)^n det(B)^2"),
    ("the trace of a Kronecker product", "tr(A ⊗ B) + tr(A) tr(B)", "A: 2×2; B: n×n", "2 tr(A) tr(B)"),
    ("powers of a Kronecker product", "(A ⊗ B)^-2", "A: 2×2; B: n×n", "A^-2 ⊗ B^-2"),
    ("powers of a product of rectangular matrices", "(A ⊗ B)^-1", "A: 2×n; B: n×2", "(A ⊗ B)^-1"),
    ("a factor of one entry", "I_1 ⊗ A + A ⊗ I_1", "A: m×n", "2 A"),
    ("Kronecker products are associative", "A ⊗ (B ⊗ C) - (A ⊗ B) ⊗ C + A ⊗ B ⊗ C", "A, B, C: n×n", "A ⊗ B ⊗ C"),
    ("blocks of a product of three", "blocksum(A, A ⊗ B ⊗ C)", "A: 2×3; B, C: n×n", "tr(A'A) (B ⊗ C)"),
    ("blocks of I", "blocksum(A, I_6)", "A: 2×2", "tr(A) I_3"),
    ("commutations that cancel", "commutation(m, n) commutation(n, m) A", "m, n: integer", "A"),
    ("the inverse of a commutation", "commutation(m, n)^-1 A", "m, n: integer", "commutation(n, m) A"),
    (
        "factors of different sizes stay",
        "commutation(2, 6) commutation(3, 4) A",
        "",
        "commutation(2, 6) commutation(3, 4) A",
    ),
    ("Kronecker products are transposed factor by factor", "((A X B) ⊗ X)' C", "A, B, X: n×n", "((B'X'A') ⊗ X') C"),
    ("rows scaled by a vector", "X ∘ (x ones(n)')", "X: m×n; n: integer", "diag(x) X"),
    ("columns scaled by a vector", "X ∘ (ones(m) y')", "X: m×n; m: integer", "X diag(y)"),
    ("a part of a part", "(X[2..5, :])[2, :]", "X: 6×6", "X[3, :]"),
    ("a row of I", "I_4[2, :] X", "X: 4×4", "basis(2, 4)'X"),
    ("I ⊗ I", "I_2 ⊗ I_3", "", "I_6"),
    ("blocks of a Kronecker product", "blocksum(A, B ⊗ X)", "A, B: 2×3; X: 4×5", "tr(A'B) X"),
    ("the sum of ones is their number", "sum(ones(m, n)) X", "X: m×n", "m n X"),
    ("the mean of ones is 1", "mean(ones(m, n)) X", "X: m×n", "X"),
    ("what was put there is picked out", "(I_5[:, 2..3] X I_4[1..2, :])[2..3, 1..2]", "X: 2×2", "X"),
    ("an entry that was put there", "(basis(2, 5) basis(1, 3)')[2, 1] X", "X: 2×2", "X"),
    ("an entry of a unit vector", "basis(2, 5)[2] X", "X: 2×2", "X"),
    ("a row that was put there", "(basis(2, 5) x' I_4[1..2, :])[2, 1..2]", "x: 2", "x'"),
    ("a function of a matrix that commutes", "frechet(expm, X, X)", "", "X expm(X)"),
    ("a function in the direction I", "frechet(logm, X, I)", "", "X^-1"),
    ("transposes stand outside of functions", "expm(X') + exp.(A')", "", "expm(X)' + exp.(A)'"),
    ("transposes of Hadamard products", "(A' ∘ B')'", "", "A ∘ B"),
    ("transposes of Kronecker products", "(A ⊗ B')'", "", "A' ⊗ B"),
    ("the square of a norm", "||X|| ||X||", "", "||X||^2"),
    ("the norm over its square", "||X||^2 / ||X||", "", "||X||"),
    ("I ∘ X", "I ∘ X + diag(x) ∘ X", "X: n×n; x: n", "diag(diag(X)) + diag(x ∘ diag(X))"),
    ("sign(x) ∘ relu(x)", "(relu(x) ∘ sign(x)) + max(0, x) ∘ sign(x)", "x: n", "relu(x) + max(0, x)"),
    ("sign(x) beside the larger of x and 0", "sign.(A) ∘ max.(A, zeros(m, n))", "A: m×n", "max.(A, 0)"),
    ("sign(x) stays beside the larger of x and y", "sign.(A) ∘ max.(A, B)", "A, B: m×n", "sign.(A) ∘ max.(A, B)"),
    ("sign(x) stays beside relu(y)", "relu(y) ∘ sign(x)", "x, y: n", "relu(y) ∘ sign(x)"),
    ("odd functions of a difference", "sin(-x + y) + cos(x - y)", "x, y: n", "cos(x - y) - sin(x - y)"),
    ("a sign stays as it was written", "sin(-x + y) + cos(-x - y)", "x, y: n", "sin(y - x) + cos(x + y)"),
    ("unvec of a function of every entry", "unvec(exp(vec(X) ∘ y), 3, 4)", "X: 3×4", "exp.(X ∘ unvec(y, 3, 4))"),
    ("a number over every entry", "2 (1 ./ x) - 1/3 (1 ./ sqrt(x))", "x: n", "2 ./ x - 1 ./ (3 sqrt(x))"),
    ("a scalar over every entry", "λ (1 ./ X) / μ", "X: m×n", "λ ./ (μ X)"),
    ("a number over every entry is its own form", "λ ./ (2 x)", "x: n", "λ ./ (2 x)"),
    (
        "the diagonal of the inverse of a triangular matrix",
        "diag(L^-1) + diag(A^-1)",
        "L: n×n lower; A: n×n",
        "1 ./ diag(L) + diag(A^-1)",
    ),
    ("triangles of what is not square", "triu(tril(X)) + tril(tril(X))", "X: 2×3", "triu(tril(X)) + tril(X)"),
    ("the trace of a diagonal matrix", "tr(diag(x) diag(y))", "x, y: n", "sum(x ∘ y)"),
    ("odd functions", "sin(-λ)", "", "-sin(λ)"),
    ("even functions", "cos.(-X)", "", "cos.(X)"),
    ("a symmetric variable is its transpose", "S' A S^-T", "S: n×n symmetric", "S A S^-1"),
    ("a skew variable is minus its transpose", "S' + S + A", "S: n×n skew", "A"),
    ("an orthogonal variable", "Q'Q A Q^-1", "Q: n×n orthogonal", "A Q'"),
    ("orthonormal columns", "Q'Q A", "Q: 5×3 orthogonal", "A"),
    ("nothing is assumed that was not declared", "Q'Q A Q^-1", "Q: n×n", "Q'Q A Q^-1"),
    ("(A ∘ B).^½ is not A.^½ ∘ B.^½", "(A ∘ B).^(1/2)", "", "(A ∘ B).^(1/2)"),
    ("the square of a square root", "sqrt(x'x)^2 A", "", "(x'x) A"),
    ("a number over its square root", "λ / sqrt(λ)", "", "sqrt(λ)"),
    ("a function in a direction that commutes, transposed", "frechet(cosm, X', sinm(X'))", "", "-(sinm(X)^2)'"),
    ("the symmetric part of a function of a symmetric matrix", "sym(X logm(X))", "X: n×n spd", "X logm(X)"),
    ("the symmetric part of a product of two", "sym(X A)", "X, A: n×n symmetric", "sym(X A)"),
    ("the skew part of a function of a symmetric matrix", "skew(X expm(X)) + A", "X: n×n symmetric", "A"),
    ("X X⁺ X = X", "X pinv(X) X pinv(X) A", "", "X pinv(X) A"),
    ("X X⁺ is symmetric wherever it stands", "(A X pinv(X) B X pinv(X))'", "A, B: m×m", "X pinv(X) B'X pinv(X) A'"),
    ("Q⁺ = Q' if Q'Q = I", "A pinv(Q)'", "Q: m×n orthogonal", "A Q"),
    ("(X⁺)⁺ = X", "A pinv(pinv(X))", "", "A X"),
    ("X X⁺ is symmetric", "pinv(X)'X' A + A' (X pinv(X))'", "A: m×m; X: m×n", "X pinv(X) A + A'X pinv(X)"),
    ("X X⁺ is a projector", "(X pinv(X))^2 A", "", "X pinv(X) A"),
    ("entries of a transposed product of entries", "C ∘ (A ∘ B')'", "A: n×m; B, C: m×n", "C ∘ A' ∘ B"),
    ("X⁺ X X' = X'", "pinv(X) X X' + (X'X pinv(X)) A", "", "X' + X'A"),
    ("S and S⁺ commute if S is symmetric", "pinv(S) S pinv(S)^2 S^5", "S: n×n symmetric", "S^3"),
    ("diag(x) 1 = x", "diag(x) ones(n) + (ones(n)'diag(x))'", "x: n; n: integer", "2 x"),
    ("a unit vector has length 1", "x (ones(n)'basis(2, n)) + (basis(2, n)'basis(2, n)) x", "x: n; n: integer", "2 x"),
    ("what vanishes lies within powers", "(A B)^-2 A B^3", "A, B: n×n", "(A B)^-1 B^2"),
    ("(a b)^½ is not a^½ b^½", "(λ μ)^(1/2)", "", "sqrt(λ μ)"),
]


@pytest.mark.parametrize(("name", "text", "let", "wanted"), IDENTITIES, ids=[row[0] for row in IDENTITIES])
def test_identity(name, text, let, wanted):
    with interning():
        assert Text().print(normal(read(text, let).expr)) == wanted


LETTERS = (
    "X; pinv(X); svd(X).U; svd(X).V; qr(X).Q; qr(X).R; A; (A B); (A B)^-1; A^-1; B^k; C; S; S^-1; pinv(S); Q; pinv(Q);"
    "R; K; expm(K); cosm(S); eigh(S).vectors"
)
KINDS = "X: m×n; A, B: m×m; C: n×n; S: n×n symmetric; Q: m×n orthogonal; R: n×n orthogonal; K: n×n skew; k: integer"
WORDS = range(400)


def test_a_product_is_turned_factor_by_factor():
    """However a product of values of which equations are known is transposed, and where it is cut."""
    print(f"seeds {WORDS.start} to {WORDS.stop - 1}")
    for seed in WORDS:
        random = Random(seed)
        with interning():
            pool = [read(letter, KINDS).expr for letter in random.sample(LETTERS.split(";"), 3)]
            word = draw_word(random, [*pool, *map(transpose, pool)])
            cut = random.randrange(len(word))
            whole = normal(transpose(mul(*word)))
            by_factor = normal(mul(*map(transpose, reversed(word)))) is whole
            in_parts = normal(transpose(mul(normal(mul(*word[: cut + 1])), *word[cut + 1 :]))) is whole
            assert by_factor and in_parts, f"seed {seed}: {Text().print(mul(*word))}"


def draw_word(random: Random, pool: list[Basic]) -> list[Basic]:
    """A product of up to eight factors out of a few."""
    word = [random.choice(pool)]
    for _ in range(random.randrange(1, 8)):
        fitting = [f for f in pool if shape_of(f)[0] is shape_of(word[-1])[1]]
        word += [random.choice(fitting)] if fitting else []
    return word
