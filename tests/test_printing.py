"""LaTeX in other styles, long sums over several lines, and names for what repeats."""

from __future__ import annotations

import pytest

import symmat as sm

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


@pytest.mark.parametrize("style", STYLES)
def test_a_style_and_that_it_reads_back(style):
    options, wanted = STYLES[style]
    result = sm.diff("A X^-1 B + Sigma X'", "X")
    assert result.latex(**options) == wanted
    assert sm.parse(result.latex(**options), result.let) == result.expr


def test_a_long_sum_is_broken():
    latex = sm.diff("X^12").latex(equation=True)
    assert latex.startswith("\\begin{aligned}\n\\mathrm{d}F &= \\mathrm{d}X \\, X^{11} + ")
    assert latex.count("\\\\\n&\\quad {} + ") == 1
    assert latex.endswith("\n\\end{aligned}")
    assert "aligned" not in sm.diff("X^12").latex()


def test_what_repeats_gets_a_name():
    hat = sm.diff("X (X'X)^-1 X'")
    assert hat.text() == "S = (X'X)^-1; (I - X S X') dX S X' + X S dX' (I - X S X')"
    assert hat.latex().endswith(r"\quad \text{where } S = \left(X^{\top} X\right)^{-1}")
    assert str(hat.steps).splitlines()[-1].endswith("[name what repeats]")
    assert "S" not in {s.name for s in hat.expr.free_symbols}
    assert sm.diff("S (S'S)^-1 S'").text().startswith("U = (S'S)^-1; ")
    assert "S =" not in sm.diff("(X'X)^-1").text()


def test_a_divisor_is_named_and_not_its_inverse():
    quotient = sm.hessian("w'A w / (w'w)", let="A: n×n symmetric", wrt="w")
    assert quotient.text() == (
        "c = w'w; 2 (A + 4 (w'A w) w w' / c^2 - 2 w w'A / c - (w'A w) I_n / c - 2 A w w' / c) / c"
    )
