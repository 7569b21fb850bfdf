"""Readings: what a text means, shown by how it is printed back and by the shapes that were inferred."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark

import symmat.api as sm
from symmat.expressions.table import interning
from symmat.language import declare, read
from symmat.language.grammar import NoLexer, grammar_text, parser
from symmat.printing import Text
from tests.strategies import Pool

READINGS = {
    # names and runs of letters
    "AXB": "A X B",
    "x'Ax": "x'A x",
    "nX": "n X",
    "2X": "2 X",
    "SigmaX": "Sigma X",
    "λX": "λ X",
    "lambda X": "lambda X",
    "A1 X_1 B_{new}": "A1 X_1 B_{new}",
    "XdX": "X dX",
    "dSigma A": "dSigma A",
    "X'dX": "X'dX",
    "pi X": "pi X",
    "A(B + C)": "A (B + C)",
    "λ(A + B)": "λ (A + B)",
    "Xtr(X)": "X tr(X)",
    # operators
    "A * X": "A X",
    "A·X": "A X",
    "A @ X": "A X",
    "A \\ X": "A^-1 X",
    "A B \\ C": "(A B)^-1 C",
    "A \\ B \\ C": "(A^-1 B)^-1 C",
    "X / 2": "X / 2",
    "1/2 X": "1/2 X",
    "(1/2) X": "1/2 X",
    "a'x / b'x": None,
    "a'x / (b'x)": "a'x / (b'x)",
    "λ / μ * ν": "λ μ^-1 ν",
    "1 / λ": "1 / λ",
    "0.5 X": "0.5 X",
    "1e-3 X": "0.001 X",
    "-X": "-X",
    "--X": "X",
    "A*-X": "A (-X)",
    "-λ^2": "-λ^2",
    "A - (B - C)": "A - (B - C)",
    "A (B C)": "A (B C)",
    "A − X": "A - X",
    # powers, inverses, transposes
    "X^3": "X^3",
    "X²": "X^2",
    "X^-1": "X^-1",
    "X⁻¹": "X^-1",
    "inv(X)": "X^-1",
    "X^T": "X'",
    "X.T": "X'",
    "X^{T}": "X'",
    "X^⊤": "X'",
    "Xᵀ": "X'",
    "X’": "X'",
    "transpose(X)": "X'",
    "X^-T": "X^-T",
    "X^{-T}": "X^-T",
    "X⁻ᵀ": "X^-T",
    "X^-1'": "X^-T",
    "X'^2": "(X')^2",
    "X^{k-1}": "X^(k-1)",
    "X^(2k)": "X^(2k)",
    "X^-k": "X^-k",
    "X^-3": "X^-3",
    "X^0": "I_n",
    "X^1": "X",
    "λ^-1": "λ^-1",
    "λ^(1/2)": "λ^(1/2)",
    "𝐗 A": "X A",
    # scalars out of matrices
    "x'x x": "(x'x) x",
    "x x'x": "x x'x",
    "(x'x)^2": "(x'x)^2",
    "2 x'x": "2 x'x",
    "x'x + 1": "x'x + 1",
    "a'X b c'": "(a'X b) c'",
    "trace(X)": "tr(X)",
    "ln(λ)": "log(λ)",
    # identities and zeros
    "X + I": "X + I",
    "X + 2 I": "X + 2 I",
    "I_n X": "I X",
    "X + 0": "X + zeros(m, n)",
    "zeros(m,n) X": "zeros(m, n) X",
    # definitions
    "S = X'X; S + I": "S + I",
    "S = X'X\nS + I": "S + I",
    "F = X^3": "X^3",
    "S = X'X; dS = dX'X + X'dX; dS S": "dS S",
    "cov = X'X; cov^2": "cov^2",
    # results
    "A ⊗ B": "A ⊗ B",
    "2 A ⊗ B": "2 (A ⊗ B)",
    "sum(i = 0..k-1, X^i dX X^(k-1-i))": "sum(i = 0..k-1, X^i dX X^(k-1-i))",
}


@pytest.mark.parametrize(("text", "printed"), [pair for pair in READINGS.items() if pair[1]])
def test_reading(text, printed):
    with interning():
        reading = read(text)
        shown = Text(reading.spelling).print(reading.expr)
        assert shown.replace(" ", "") == printed.replace(" ", "")
        assert shown == printed or "(2" in printed
        again = read(
            "; ".join(
                [*(f"{n} = {Text(reading.spelling).print(d.args[1])}" for n, d in reading.definitions.items()), shown]
            ),
            declare(reading.symbols.values(), reading.spelling),
        )
        assert again.expr is reading.expr


SHAPES = {
    ("A X B", ""): "A: m×n; X: n×p; B: p×q",
    ("X^3", ""): "X: n×n",
    ("tr(A X B)", ""): "A: m×n; X: n×p; B: p×m",
    ("x'A y", ""): "x: m; A: m×n; y: n",
    ("A X + X B", ""): "A: m×m; X: m×n; B: n×n",
    ("A x", "A: 3×4"): "A: 3×4; x: 4",
    ("A x", "A: m,n"): "A: m×n; x: n",
    ("A X", "A: 3x4; X: 4 x 5"): "A: 3×4; X: 4×5",
    ("X^-1", "X: invertible"): "X: n×n invertible",
    ("c X", "c: scalar"): "X: m×n; c: scalar",
    ("x X", "x: k"): None,
    ("r A", "r: 1×n"): "r: 1×n; A: n×m",
    ("m' X", ""): None,
    ("y A", "y: integer"): "A: m×n; y: integer",
    ("X^k A", ""): "X: m×m; A: m×n; k: integer",
    ("vec(X)'a", ""): "X: m×n; a: m*n",
    ("(A ⊗ B) x", ""): None,
}


@pytest.mark.parametrize(("text", "let", "shapes"), [(*k, v) for k, v in SHAPES.items() if v])
def test_inferred_shapes(text, let, shapes):
    with interning():
        reading = read(text, let)
        assert declare(reading.symbols.values(), reading.spelling) == shapes


def test_the_grammar_has_no_conflicts():
    Lark(grammar_text(), parser="lalr", lexer=NoLexer, strict=True)


def test_a_warm_start_builds_nothing():
    parser.cache_clear()
    parser()
    parser.cache_clear()
    start = time.perf_counter()
    parser()
    warm = time.perf_counter() - start
    start = time.perf_counter()
    Lark(grammar_text(), parser="lalr", lexer=NoLexer)
    assert warm < (time.perf_counter() - start) / 2


@pytest.mark.parametrize("text", ["(" * 10_000 + "X" + ")" * 10_000, "-(" * 10_000 + "X" + ")" * 10_000])
def test_deep_nests_are_read(text):
    assert str(sm.diff(text).text()) == "dX"


def test_deep_calls_are_read_and_differentiated():
    assert sm.diff("inv(" * 10_000 + "X" + ")" * 10_000).text() == "dX"
    assert sm.diff("(" * 3_000 + "X" + ")'" * 3_000).text() == "dX"
    assert sm.grad("tr(" + "A (" * 2_000 + "X" + ")" * 2_000 + ")", "X").text() == "(A^2000)'"


def test_long_texts_are_read():
    assert sm.diff(" + ".join(["X"] * 20_000)).text() == "20000 dX"
    assert sm.diff(" ".join(["X"] * 2_000)).text().endswith("X^1998 dX X + X^1999 dX")
    assert sm.diff("X^1000000").text() == "sum(i = 0..999999, X^i dX X^(999999-i))"
    assert len(sm.diff("X (I + " * 300 + "X" + ")" * 300).text()) > 10_000


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text):
    try:
        sm.parse(text)
    except sm.SymmatError as error:
        assert str(error)


@given(
    st.lists(
        st.sampled_from("A B X x λ 2 0.5 ' ^ -1 ^T + - * / \\ ( ) tr( det( log( I d dX ; = S , k ^k 1/2".split()),
        max_size=14,
    )
)
@settings(max_examples=500, deadline=None)
def test_any_tokens_are_read_or_refused(words):
    for joined in ("".join(words), " ".join(words)):
        try:
            sm.parse(joined)
        except sm.SymmatError as error:
            assert error.message


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_print_and_parse_are_inverse(data):
    with interning():
        node = Pool().expression(data.draw, 4)
        printer = Text()
        text = printer.print(node)
        let = "A: n×n; B: n×m; X: m×n; b: n; c: m"
        once = read(text, let).expr
        assert read(printer.print(once), let).expr is once
