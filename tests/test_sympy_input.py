"""What SymPy users give: powers of every kind, and symbols for names."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Float, MatPow, MatrixSymbol, Rational, Symbol, symbols

import symmat as sm

n, k = symbols("n k", integer=True)
A, X = (MatrixSymbol(name, n, n) for name in "AX")
α = Symbol("alpha")


@pytest.mark.parametrize(
    ("power", "text"),
    [
        (X ** Rational(1, 2), "X^(1/2)"),
        (X ** Rational(3, 2), "X^(3/2)"),
        (X ** Float(0.5), "X^0.5"),
        (MatPow(X, Float(2.0)), "X^2"),
        (MatPow(X, -k), "X^-k"),
        (MatPow(X, -k - 1), "X^(-k-1)"),
        (X**k, "X^k"),
        (X**-2, "X^-2"),
    ],
)
def test_powers(power, text):
    assert sm.diff(power, "X").text() == sm.diff(text, "X").text()
    assert sm.diff(power, "X").check()


def test_a_symbolic_exponent_is_real_unless_it_is_an_integer():
    assert sm.diff(X**α, X).text() == "frechet(alpha, X, dX)"
    assert sm.diff(X**α, "alpha").text() == "dalpha logm(X) X^alpha"


def test_symbols_are_names():
    assert sm.diff("A X", X).text() == "A dX"
    assert sm.diff(A * X, [A, "X"]).text() == "dA X + A dX"
    assert sm.diff("λ^2", Symbol("lambda")).text() == "2 λ dλ"


@pytest.mark.parametrize("wrt", [5, ["A", 3], A * X, b"A", {"A": 1, 2: 3}, []])
def test_what_is_no_name(wrt):
    with pytest.raises(sm.SymmatError, match="name"):
        sm.diff("A X", wrt)


def test_arguments_by_position():
    with pytest.raises(sm.SymmatError, match="by keyword"):
        sm.diff("A X", "X").numpy()(np.eye(2), np.eye(2))
