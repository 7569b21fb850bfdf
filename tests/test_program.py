"""Programs from Python: definitions by name, what they are used as, and names that the results keep clear of."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, Trace, symbols

import symmat as sm

n = symbols("n", integer=True)
X, F, G, S, U = (MatrixSymbol(name, n, n) for name in "XFGSU")
rng = np.random.default_rng(5)
A, B, C, D = rng.standard_normal((4, 3, 3))


def test_definitions_may_have_the_names_of_results():
    program = sm.Program(G * F * X, {"F": X.T * X, "G": F * X})
    assert str(sm.diff(program, "X")).endswith("d(G F X) = dG F X + G dF X + G F dX")
    pulled, pushed = sm.adjoint(program, "X"), sm.diff(program, "X")
    assert pulled.numpy().names == ["X", "G_1"]
    assert np.vdot(pulled.numpy()(X=A, G_1=B), C) == pytest.approx(np.vdot(B, pushed.numpy()(X=A, dX=C)))
    assert pulled.check() and pushed.check()


def test_a_cotangent_takes_no_name_of_the_text():
    pulled = sm.adjoint("G X G_1", "X", let="G, G_1, X: n×n")
    assert pulled.text() == "G'G_2 G_1'"
    np.testing.assert_allclose(pulled.numpy()(G=A, G_1=B, G_2=C), A.T @ C @ B.T)
    assert sm.adjoint("G = X'X; G_1 = X; G X G_1", "X").numpy().names == ["X", "G_2"]


def test_cotangents_of_definitions_take_no_name_of_the_text():
    steps = [f"S_{i + 1} = (S_{i} + A) X S_{i} + S_{i}" for i in range(1, 7)]
    program = sm.adjoint("; ".join(["S_1 = G_{S2} X'X + A", *steps, "S_7"]), "X", let="G_{S2}, A, X: n×n")
    assert "G_{S2} =" not in program.text() and "G_{S21} =" in program.text()
    assert program.check()
    sm.parse(program.text(), program.let)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sm.Program(S * X, {"S": U * X, "U": X * X}), "U is used before it is defined"),
        (lambda: sm.Program(S * X, {"S": S * X}), "uses S itself"),
        (lambda: sm.Program(S * X, {"S": Trace(X)}), "S is a scalar by its definition and n×n where"),
        (lambda: sm.Program(Symbol("S") * X, {"S": X * X}), "S is n×n by its definition and a scalar where"),
        (lambda: sm.Program(MatrixSymbol("S", n, 1).T * X, {"S": X * X}), "and n×1 where"),
        (lambda: sm.Program(X * X, {"n": Trace(X)}), "n is an integer and a definition"),
        (lambda: sm.Program("X^2", {}), "not str"),
        (lambda: sm.Program(X, {"S": "X^2"}), "not str"),
        (lambda: sm.Program(X, [X * X]), "by name"),
        (lambda: sm.Program(X, {S: X * X}), "by name"),
    ],
)
def test_programs_refused(make, words):
    with pytest.raises(sm.SymmatError, match=words):
        sm.diff(make(), "X")
