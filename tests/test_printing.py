"""What is printed reads back; LaTeX in other styles, long formulas in several rows, and names for what repeats."""

from __future__ import annotations

import pytest

import symmat as sm
from symmat.algebra.normal import normal
from symmat.core.table import interning
from symmat.errors import SymmatError
from symmat.language import read
from symmat.printing import Text
from symmat.printing.layout import LINE, broken, width

READS_BACK = {
    "blocks in one column": (sm.diff("[(A X); (B X)]", "X"), "[(A dX); (B dX)]"),
    "numbers in blocks": (sm.diff("[1, 2; λ, 4] X", "X"), "[1, 2; λ, 4] dX"),
    "needless braces": (
        sm.diff("Y_{1} = X'X; Y_{1} Y_{1}"),
        "Y_{1} = X'X; dY_1 = dX'X + X'dX; dY_1 Y_{1} + Y_{1} dY_1",
    ),
    "braces, order two": (
        sm.diff("Y_{ab} = X'X; Y_{ab} Y_{ab}", order=2),
        "Y_{ab} = X'X; ddY_{ab} = 2 dX'dX; dY_{ab} = dX'X + X'dX; ddY_{ab} Y_{ab} + 2 dY_{ab}^2 + Y_{ab} ddY_{ab}",
    ),
    "a Greek subscript": (sm.grad("x_α'A x_α", "x_α"), "(A + A') x_α"),
    "half of a polynomial": (sm.diff("vech(X) - vech(X)"), "zeros((n^2 + n) / 2, 1)"),
    "a square": (sm.jacobian("vec(X)", let="X: n×n"), "I_{n^2}"),
    "sizes of a cotangent": (sm.adjoint("X[2..n, :]"), "I_m[:, 2..n] G"),
    "a Kronecker product": (
        sm.adjoint("X ⊗ X"),
        "blocksum(X, commutation(m, m) G commutation(n, n)) + blocksum(X, G)",
    ),
    "bars within bars": (sm.diff("norm(x / norm(x)) A", "A"), "||(x / ||x||)|| dA"),
    "a product in an exponent": (sm.grad("2^(-1/3 λ a'x)", "x"), "-1/3 * 2^(-1/3 λ a'x) log(2) λ a"),
    "a bound that is a product": (
        sm.diff("sum(i = 1..n m, x[i] y)", "x", let="x: n*m; y: p"),
        "sum(i = 1..n m, dx[i] y)",
    ),
    "a power that is one of the inverse": (sm.diff("X^-k"), "-sum(i = 0..k-1, X^(-i-1) dX X^(-(k-i)))"),
    "blocks of a vector": (sm.adjoint("x ⊗ x"), "blocksum(x, commutation(n, n) G) + blocksum(x, G)"),
    "a unit vector and a factor": (sm.adjoint("X[2, :]", let="X: 3×4"), "basis(2, 3) G"),
    "a unit vector alone": (sm.grad("x[k]"), "basis(k, n)"),
    "a selection alone": (sm.jacobian("x[1..m]", let="x: n"), "I_n[1..m, :]"),
    "bars of a norm in bars": (sm.diff("abs(norm(c)) X", "X"), "abs(||c||) dX"),
    "bars beside bars": (sm.diff("|λ| ||x||^2 |μ| ||X||", "X"), "abs(λ) ||x||^2 abs(μ) tr(X'dX) / ||X||"),
    "powers of a logarithm of bars": (sm.diff("log(|λ|)^2 X", "X"), "log(|λ|)^2 dX"),
    "the larger entries": (sm.diff("max.(A, B) X", "X"), "max.(A, B) dX"),
    "a pseudoinverse and no word": (sm.diff("tr(A pinv(B))", "A"), "tr(pinv(B) dA)"),
    "a pseudoinverse alone": (sm.jacobian("pinv(A) x", "x"), "pinv(A)"),
    "a scalar's differential before a sum": (sm.diff("λ (A + B)", "λ"), "dλ (A + B)"),
    "the powers of an adjugate": (
        sm.diff("sum(i = 0..1, adj(X)^i)"),
        "tr(X^-1 dX) sum(i = 1..1, i adj(X)^i) - sum(i = 0..1, sum(j = 0..i-1, adj(X)^j X^-1 dX adj(X)^(i-j)))",
    ),
    "the vector of one entry": (sm.diff("vec([tr(A X)])", "X"), "tr(A dX)"),
    "names with digits": (sm.diff("A1 X A_1", "X"), "A1 dX A_1"),
    "T beside a transpose": (sm.diff("T X' + X T'", "X"), "T dX' + dX T'"),
    "the differential of a definition, entry by entry": (
        sm.jacobian("S_1 = X A; S_1 S_1", "X", form="index"),
        "dS_1 = (basis(k, m) basis(l, n)') A; S_1 = X A; (dS_1 S_1)[i, j] + (S_1 dS_1)[i, j]",
    ),
    "powers of differentials": (sm.diff("λ^3", order=2), "6 λ dλ^2"),
}
STYLED = {"transpose": r"{\mathsf T}", "bold": True, "parentheses": True}


@pytest.mark.parametrize("case", READS_BACK)
def test_what_is_printed_reads_back(case):
    result, text = READS_BACK[case]
    assert result.text() == text
    for shown in (result.latex(), result.latex(transpose="T"), result.latex(**STYLED)):
        with interning():
            same = [Text().print(normal(read(s, result.let).expr)) for s in (text, shown)]
        assert same[0] == same[1], shown


@pytest.mark.parametrize("text", ["λ X ⊗ A ⊗ (B ∘ B)", "λ x_α'X x_α"])
def test_ascii_reads_back(text):
    result = sm.diff(text, "X, λ")
    assert result.ascii().isascii()
    with interning():
        same = [Text().print(normal(read(s, result.let).expr)) for s in (result.text(), result.ascii())]
    assert same[0] == same[1]


def test_names_of_cotangents_are_free():
    steps = "; ".join(f"Y_{i + 1} = Y_{i} (2 I - A Y_{i})" for i in range(1, 12))
    result = sm.adjoint(f"Y_1 = X (2 I - A X); {steps}; Y_12 + G_{{Y8}}", "X")
    assert "; G_{Y9} = G_{Y10} (2 I - A Y_9)' - A'Y_9'G_{Y10}; G_{Y81} = " in result.text()
    assert set(sm.parse(result.text(), result.let).definitions) == set(result.expr.definitions)


READ_AS = {
    "(X / λ) Y": "(X / λ) Y",
    "X/λ * Y": "X/λ Y",
    "λ/2 ||X||^2": "λ/2 ||X||^2",
    "(x'A x) / λ * X": "(x'A x / λ) X",
    "X^(-(k+1))": "X^(-k-1)",
    "X^(-(k - m))": "X^(-(k-m))",
}


@pytest.mark.parametrize("text", READ_AS)
def test_how_a_text_was_read(text):
    shown = sm.show(text, "X").text().splitlines()[0]
    assert shown == f"read as       {READ_AS[text]}"
    assert sm.show(READ_AS[text], "X").text().splitlines()[0] == shown


def test_shapes():
    assert "\nshape         (m + q)×(n + p)\n" in sm.show("[X, A; B, C]", "X").text()
    assert sm.adjoint("X[2..n, :]").let == "X: m×p; G: n-1×p"
    with pytest.raises(SymmatError, match=r"is \(m \+ q\)×n .*B is 3×3"):
        sm.parse("[X; A] + B", let="X: m×n; A: q×n; B: 3×3")


STYLES = {
    "plain": ({}, r"\Sigma \, \mathrm{d}X^{\top} - A X^{-1} \, \mathrm{d}X \, X^{-1} B"),
    "T": ({"transpose": "T"}, r"\Sigma \, \mathrm{d}X^{T} - A X^{-1} \, \mathrm{d}X \, X^{-1} B"),
    "parentheses": ({"parentheses": True}, r"\Sigma (\mathrm{d}X)^{\top} - A X^{-1} (\mathrm{d}X) X^{-1} B"),
    "bold": (
        {"bold": True},
        r"\boldsymbol{\Sigma} \, \mathrm{d}\boldsymbol{X}^{\top}"
        r" - \boldsymbol{A} \boldsymbol{X}^{-1} \, \mathrm{d}\boldsymbol{X} \, \boldsymbol{X}^{-1} \boldsymbol{B}",
    ),
}


FORMULAS = {
    r"2 (\mathrm{d}X)^{2}": sm.diff("X^2", order=2),
    r"\operatorname{tr}(\mathrm{d}X)": sm.diff("tr(X)"),
    r"\det(X) \operatorname{tr}(X^{-1} \, \mathrm{d}X)": sm.diff("det(X)"),
    r"\left(X - \frac{x x^{\top}}{\lVert x \rVert}\right) \mathrm{d}A": sm.diff("(X - x x' / ||x||) A", "A"),
    r"\frac{1}{2} \mathrm{d}X": sm.diff("1/2 X"),
    r"\frac{x - b}{\lVert x - b \rVert}": sm.grad("||x - b||", "x"),
    r"x_{\mathrm{new}}^{\top} \, \mathrm{d}A": sm.diff("x_{new}'A", "A"),
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_spaces_and_brackets(latex):
    assert FORMULAS[latex].latex() == latex


def test_a_style_reaches_all_of_an_equation():
    result = sm.adjoint("S = X'X; S^-1 A", "X")
    assert result.latex(equation=True, bold=True).startswith(
        r"\boldsymbol{F}'(\boldsymbol{X})^{*}[\boldsymbol{G}] = \boldsymbol{X} (\boldsymbol{G}_{S} "
    )
    named = sm.diff("S = X'X; S^-1 A S", "X").latex(parentheses=True, transpose="T")
    assert named.endswith(r"\mathrm{d}S = (\mathrm{d}X)^{T} X + X^{T} (\mathrm{d}X)")
    assert r"\frac{\partial \operatorname{vec} \boldsymbol{F}}" in sm.jacobian("X^2").latex(equation=True, bold=True)
    assert r"\nabla_{\boldsymbol{x}} f &= " in sm.show("||x||").latex(bold=True)
    assert r"- \boldsymbol{F}(\boldsymbol{X}) &= (\mathrm{d}" in sm.expand("X^2").latex(bold=True, parentheses=True)


@pytest.mark.parametrize("mark", ["", "t", "{}", r"\dagger"])
def test_what_is_no_mark_of_a_transpose(mark):
    with pytest.raises(SymmatError, match="not a mark of a transpose"):
        sm.diff("X'").latex(transpose=mark)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_and_that_it_reads_back(style):
    options, wanted = STYLES[style]
    result = sm.diff("A X^-1 B + Sigma X'", "X")
    assert result.latex(**options) == wanted
    assert sm.parse(result.latex(**options), result.let) == result.expr


LONG = {
    "a sum": sm.diff("X^12"),
    "a Jacobian": sm.jacobian("X^8"),
    "order two": sm.diff("A X B X C X D X", "X", order=2),
    "a Hessian": sm.hessian("log(x'A x) / ||x||^3", "x"),
    "definitions": sm.diff("S = X'X + A'A + B'B + C'C + D'D + E'E + P'P; S^-1 A S^-1 B S", "X, A, B, C"),
    "a product": sm.diff("(A + B + C + D + P + Q) X (A - B - C - D - P - Q) (A + B) (C + D) (P + Q)", "X"),
    "a long left side": sm.grad("F = tr(A X); F^2 + tr(B X B X) + tr(A X' A X) + tr(C X C X) + tr(D X D X)", "X"),
}


@pytest.mark.parametrize("case", LONG)
def test_a_long_formula_is_broken_and_reads_back(case):
    result = LONG[case]
    latex = result.latex(equation=True)
    rows = latex.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}").split(" \\\\\n")
    assert len(rows) > 1
    assert all(width(row) <= LINE + 10 for row in rows)
    assert all(row.count(r"\left") == row.count(r"\right") for row in rows)
    left = rows[0].partition("= ")[0] if "=" in rows[0] else rows[0]
    right = latex.replace(left, "", 1).replace("=", "", 1)
    with interning():
        same = [Text().print(normal(read(s, result.let).expr)) for s in (right, result.text())]
    assert same[0] == same[1]


def test_a_summary_defines_each_name_once():
    rows = sm.show("X (X'X)^-1 X'").latex().splitlines()
    assert rows[2] == r"&\text{where } S = (X^{\top} X)^{-1} \\"
    assert sum("where" in row for row in rows) == 1


def test_a_line_ends_as_far_outside_as_it_can():
    shown = r"A \left(\frac{1}{2} B + C\right) + D (P + Q)"
    assert broken(shown, width(shown)) == [shown]
    assert broken(shown, 100) == [r"A \left(\frac{1}{2} B + C\right)", "+ D (P + Q)"]
    assert broken(shown, 50) == [r"A \Bigl(\frac{1}{2} B", r"+ C\Bigr)", "+ D", r"\cdot (P + Q)"]
    assert broken(r"A B \, \mathrm{d}X", 30) == ["A B", r"\cdot \mathrm{d}X"]


def test_a_long_sum_is_broken():
    latex = sm.diff("X^12").latex(equation=True)
    assert latex.startswith("\\begin{aligned}\n\\mathrm{d}F &= \\mathrm{d}X \\, X^{11} + ")
    assert latex.count("\\\\\n&\\quad + ") == 2
    assert latex.endswith("\n\\end{aligned}")
    assert "aligned" not in sm.diff("X^12").latex()


def test_what_repeats_gets_a_name():
    hat = sm.diff("X (X'X)^-1 X'")
    assert hat.text() == "S = (X'X)^-1; (I - X S X') dX S X' + X S dX' (I - X S X')"
    assert hat.latex().endswith(r"\quad \text{where } S = (X^{\top} X)^{-1}")
    assert str(hat.steps).splitlines()[-1].endswith("[name what repeats]")
    assert "S" not in {s.name for s in hat.expr.free_symbols}
    assert sm.diff("S (S'S)^-1 S'").text().startswith("U = (S'S)^-1; ")
    assert "S =" not in sm.diff("(X'X)^-1").text()


def test_what_holds_the_index_of_a_sum_stays_inside():
    steps = sm.grad("sum(i = 1..n-1, (x[i+1] - x[i])^2)", "x", let="x: n")
    assert steps.text() == ("2 sum(i = 1..n-1, (x[i + 1] - x[i]) (basis(i + 1, n) - basis(i, n)))")


def test_a_divisor_is_named_and_not_its_inverse():
    quotient = sm.hessian("w'A w / (w'w)", let="A: n×n symmetric", wrt="w")
    assert quotient.text() == (
        "c = w'w; 2 (A + 4 (w'A w) w w' / c^2 - 2 w w'A / c - (w'A w) I_n / c - 2 A w w' / c) / c"
    )


@pytest.mark.parametrize("text", ["tr(X^-1 T)", "T = X B; tr(X^-1 T)"])
def test_an_inverse_transpose_beside_a_matrix_T_reads_back(text):
    result = sm.grad(text, "X")
    assert "(X^-1)'" in result.text()
    assert "X⁻ᵀ" in result.unicode()
    for shown in (result.text(), result.unicode()):
        assert sm.parse(shown, result.let) == result.expr


def test_the_steps_of_a_text_that_is_only_a_name():
    assert str(sm.diff("S = X'X; S").steps).splitlines() == [
        "S = X'X    [definition]",
        "dS = d(X'X)",
        "   = dX'X + X'dX    [product rule]",
        "dF = d(S)",
        "   = dS    [definition]",
    ]


def test_a_differential_of_any_order_stops_at_zero():
    assert sm.diff("X^3", order=1000).text() == "zeros(n, n)"
    assert sm.diff("X^3", order=3).text() == "6 dX^3"
