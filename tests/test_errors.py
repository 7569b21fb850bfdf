"""Errors say what, where, what was found and what to write instead; bad input never gives anything else."""

from __future__ import annotations

import time

import numpy as np
import pytest

import symmat.api as sm

# text -> words of the message (what is wrong, what to write instead), and the text under the caret
ERRORS = {
    "": ("empty", ""),
    "  \t ": ("empty", ""),
    # syntax
    "A +": ("operand is missing after '+'", ""),
    "A + * X": ("operand is missing after '+', and '*'", "*"),
    "(A X": ("'(' is not closed", "("),
    "A X)": ("')' closes nothing", ")"),
    "(A X}": ("'}' closes '('", "}"),
    "tr()": ("nothing between the brackets", ")"),
    "tr(A, B)": ("tr takes 1 argument, and has 2", "tr(A, B)"),
    "A, B": ("comma outside", ","),
    "X {Y}": ("write ( … )", "{"),
    "1 2": ("two numbers", "2"),
    "X**3": ("write X^3", "**"),
    "d(X) = A": ("equation", "="),
    "A; B": ("needs a name", "A"),
    # names
    "foo(X)": ("foo( ) is not a function", "foo"),
    "trnspose(X)": ("did you mean transpose", "trnspose"),
    "tr A": ("write tr(A)", "tr"),
    "det X": ("write det(X)", "det"),
    "logdet X": ("write logdet(X)", "logdet"),
    "f(x)": ("does not know", "f"),
    "x(1)": ("x[1]", "x(1)"),
    "Xij": ("X[i,j]", "Xij"),
    "Ainv": ("inv(A)", "Ainv"),
    "XTX": ("X'X", "XTX"),
    "xTAx": ("x'Ax", "xTAx"),
    "x_i": ("x[i]", "x_i"),
    "X_{ij}": ("X[i,j]", "X_{ij}"),
    "d x": ("d(x)", "d"),
    "d tr(X)": ("d(tr(X))", "d"),
    "S = X'X; S = A; S": ("meaning already", "S"),
    "X = X + A": ("defined by itself", "X"),
    # readings that are both common
    "x y": ("x'y for the scalar, x y' for the matrix, x ∘ y", "x y"),
    "x^2": ("x'x", "x^2"),
    "A b'c": ("(b'c) A", "A b'"),
    "a X": ("a'X", "a X"),
    "1'x": ("ones(n)'", "1'"),
    "x + 1": ("ones(n)", "1"),
    "X + λ": ("λ I", "λ"),
    "X^2^3": ("(X^2)^3 or X^(2^3)", "^"),
    "A^1/2": ("A^(1/2)", "/"),
    "X^2k": ("X^2 k or X^(2 k)", "k"),
    "1/2x": ("(1/2) x", "x"),
    "x'Ax/x'x": ("x'Ax/(x'x)", "x"),
    "a / b c": ("(a/b) c", "c"),
    "A / B": ("A B^-1 or B \\ A", "B"),
    "e^x": ("exp(x)", "e^x"),
    "log(X)": ("logm(X)", "X"),
    "A ⊗ B C": ("parentheses", "A ⊗ B C"),
    # shapes
    "I": ("I_n", "I"),
    "2 I": ("I_n", "I"),
    "tr(λ)": ("takes a matrix", "λ"),
    # characters
    "А X": ("CYRILLIC", "А"),
    "Χ X": ("looks like the Latin X", "Χ"),
    "Ｘ": ("FULLWIDTH", "Ｘ"),
    "X\tau": ('r"…"', "\t"),
    "X̂": ("accent", None),
    "__import__('os')": ("no meaning here", "_"),
    "X # comment": ("no meaning here", "#"),
    "lambda x: x": ("not supported yet", ":"),
    "X if X else A": ("", None),
    # real numbers
    "X^H": ("X' for the transpose", "^H"),
    "X^*": ("X' for the transpose", "^*"),
    # limits
    "X^(10^9)": ("10^6", "X^(10^9)"),
    "X^-(10^9)": ("10^6", "X^-(10^9)"),
    "λ^(9^9^9)": ("", None),
    # what comes later says so
    "A ∘ B": ("∘ is not supported yet", "∘"),
    "||x||": ("norm", "||"),
    "exp.(X)": ("elementwise function exp", ".("),
    "expm(X)": ("expm is not supported yet", "expm(X)"),
    "X[1,2]": ("not supported yet", "["),
    "X^λ": ("real power", "X^λ"),
    "X^(1/2)": ("fractional power", "X^(1/2)"),
    "A : B": ("Frobenius", ":"),
    r"\frac12 X": ("LaTeX", None),
}


@pytest.mark.parametrize(("text", "words", "marked"), [(text, *expected) for text, expected in ERRORS.items()])
def test_error(text, words, marked):
    start = time.perf_counter()
    with pytest.raises(sm.SymmatError) as caught:
        sm.parse(text)
    assert time.perf_counter() - start < 1
    error = caught.value
    assert words.lower() in str(error).lower()
    assert error.kind != "error"
    if marked:
        assert error.source[error.position : error.end] == marked
        assert "^" in str(error)


SHAPES = {
    ("tr(A B X)", "A: 3×4; B: 5×2"): ("A is 3×4", "B is 5×2"),
    ("det(A X)", "A: 2×3; X: 3×4"): ("square", "2×4"),
    ("tr(X^-1 A)", "X: 2×3"): ("square", "2×3"),
    ("A X + B", "A: 3×4; X: 5×2"): ("4 columns (declared)", "5 rows (declared)"),
    ("A X + B X", "A: m×n; B: n×m"): ("m columns (declared)", "n rows (from A X)"),
    ("X + Y", "X: n×n; Y: n×m"): ("X is n×n", "Y is n×m"),
    ("S = X + B; A X", "A: 3×4; B: 5×6"): ("A is 3×4", "5 rows (from X + B)"),
}


@pytest.mark.parametrize(("text", "let", "words"), [(*k, v) for k, v in SHAPES.items()])
def test_a_clash_of_shapes_names_both_sides_and_what_fixed_them(text, let, words):
    with pytest.raises(sm.SymmatError) as caught:
        sm.parse(text, let)
    for word in words:
        assert word in str(caught.value)


DECLARATIONS = {
    "X n×n": "needs a colon",
    "X: symmetric": "'symmetric' is not supported yet",
    "X: unit lower": "'unit lower' is not supported yet",
    "X: purple": "neither a size nor a property",
    "X: n×n; X: m×m": "declared twice",
    "I: n×n": "identity",
    "X: n×n; dX: n×n": "differential of X",
    "X: 3×4 invertible": "not square",
    "1X: n": "cannot be a name",
    "c: scalar invertible": "cannot be invertible",
}


@pytest.mark.parametrize("let", DECLARATIONS)
def test_declaration_errors(let):
    with pytest.raises(sm.SymmatError) as caught:
        sm.parse("X", let)
    assert DECLARATIONS[let] in str(caught.value)


QUESTIONS = {
    ("A B", None, ""): "which symbol varies: A, B",
    ("A X", "Y", ""): "Y does not occur",
    ("X^k", "k", ""): "integer",
    ("A X", "A", "A: m×n constant"): "declared constant",
    ("S = X'X; S^-1", "S", ""): "is a definition",
    ("3", None, ""): "no variable",
    ("X", "X +", ""): "not a name",
}


@pytest.mark.parametrize(("text", "wrt", "let"), list(QUESTIONS))
def test_question_errors(text, wrt, let):
    with pytest.raises(sm.SymmatError) as caught:
        sm.diff(text, wrt, let=let)
    assert QUESTIONS[text, wrt, let] in str(caught.value)


def test_wrong_types_and_numbers():
    for call in (
        lambda: sm.diff(3),
        lambda: sm.diff("X", order=0),
        lambda: sm.diff("X", order=1.5),
        lambda: sm.grad("X"),
        lambda: sm.adjoint("A X", "A, X"),
        lambda: sm.check("X", seed=-1),
        lambda: sm.diff("X^-1").numpy()(X=np.zeros((2, 2)), dX=np.eye(2)),
        lambda: sm.diff("A X", "X").numpy()(A=np.ones((2, 3)), dX=np.ones((4, 4))),
        lambda: sm.diff("A X", "X").numpy()(A=np.ones((2, 3))),
        lambda: sm.diff("X / (λ - λ)").text(),
    ):
        with pytest.raises(sm.SymmatError):
            call()


def test_the_jacobian_through_what_is_not_linear_yet_is_named():
    with pytest.raises(sm.SymmatError, match="Kronecker product"):
        sm.diff("A ⊗ X", "X")
    with pytest.raises(sm.SymmatError, match="vec"):
        sm.diff("vec(X)")


def test_a_long_line_is_cut_around_the_caret():
    with pytest.raises(sm.SymmatError) as caught:
        sm.parse("A + " * 100 + "* B" + " + A" * 100)
    lines = str(caught.value).splitlines()
    assert max(map(len, lines)) < 90
    assert lines[1][lines[2].index("^")] == "*"


def test_garbage_of_100_000_characters_fails_fast():
    rng = np.random.default_rng(0)
    alphabet = list("AXx λ2'^+-*/()[]{};=,.#")
    text = "".join(rng.choice(alphabet, 100_000))
    start = time.perf_counter()
    with pytest.raises(sm.SymmatError):
        sm.parse(text)
    assert time.perf_counter() - start < 1
