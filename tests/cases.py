"""The one table: expressions, each with an independent NumPy function of its value.

All laws difference ``value``, so a misread text or a wrong lowering cannot agree with itself.  ``draw`` names what an
argument must be for the value to exist; everything else is a full random matrix, rectangular where its shape allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

inv, det, eye, outer = np.linalg.inv, np.linalg.det, np.eye, np.outer
power = np.linalg.matrix_power


@dataclass(frozen=True, eq=False)
class Row:
    """One expression: its text, its value by keyword, what varies, and what a reader sees where that is fixed."""

    text: str
    value: Callable[..., Any]
    wrt: str = ""
    let: str = ""
    draw: Mapping[str, str] = field(default_factory=dict)
    diff: str = ""
    adjoint: str = ""
    grad: str = ""
    latex: str = ""

    @property
    def id(self) -> str:
        return f"{self.text} wrt {self.wrt}" if self.wrt else self.text


INVERTIBLE = {"X": "invertible"}

ROWS = [
    # affine and products
    Row("X", lambda X: X, diff="dX", adjoint="G", latex=r"\mathrm{d}X"),
    Row("A X", lambda A, X: A @ X, diff="A dX", adjoint="A'G"),
    Row(
        "A X B + C",
        lambda A, X, B, C: A @ X @ B + C,
        diff="A dX B",
        adjoint="A'G B'",
        latex=r"A \, \mathrm{d}X \, B",
    ),
    Row("3 X - X / 2", lambda X: 2.5 * X, diff="5/2 dX"),
    Row("λ X A", lambda λ, X, A: λ * X @ A, wrt="λ", diff="dλ X A", adjoint="tr(A'X'G)"),
    Row("X Y - Y X", lambda X, Y: X @ Y - Y @ X, wrt="X, Y", diff="dX Y + X dY - dY X - Y dX"),
    Row("I + X (A + X (B + X C))", lambda X, A, B, C: eye(len(X)) + X @ (A + X @ (B + X @ C))),
    # transposes
    Row("X'", lambda X: X.T, diff="dX'", adjoint="G'"),
    Row("X'A X", lambda X, A: X.T @ A @ X, diff="dX'A X + X'A dX", adjoint="A X G' + A'X G"),
    Row("((A X)' B)' C", lambda A, X, B, C: ((A @ X).T @ B).T @ C, diff="B'A dX C"),
    Row("A'A h - A't", lambda A, h, t: A.T @ A @ h - A.T @ t, wrt="A", diff="dA'A h + A'dA h - dA't"),
    # powers
    Row("X^2", lambda X: X @ X, diff="dX X + X dX"),
    Row(
        "X^3",
        lambda X: X @ X @ X,
        diff="dX X^2 + X dX X + X^2 dX",
        adjoint="G (X^2)' + X'G X' + (X^2)'G",
        latex=r"\mathrm{d}X \, X^{2} + X \, \mathrm{d}X \, X + X^{2} \, \mathrm{d}X",
    ),
    Row("X^10", lambda X: power(X, 10)),
    Row("A X^2 B", lambda A, X, B: A @ X @ X @ B),
    Row(
        "X^k",
        lambda X, k: power(X, k),
        draw={"k": "4"},
        diff="sum(i = 0..k-1, X^i dX X^(k-1-i))",
        latex=r"\sum_{i=0}^{k-1} X^{i} \, \mathrm{d}X \, X^{k-1-i}",
    ),
    Row("A X^(k-1) B", lambda A, X, B, k: A @ power(X, k - 1) @ B, draw={"k": "5"}),
    Row("(X A)^k", lambda X, A, k: power(X @ A, k), draw={"k": "3"}),
    Row("X^-k", lambda X, k: power(inv(X), k), draw={"X": "invertible", "k": "3"}),
    Row("X^-3", lambda X: power(inv(X), 3), draw=INVERTIBLE),
    # finite sums
    Row(
        "sum(i = 0..3, X^i)",
        lambda X: eye(len(X)) + X + X @ X + X @ X @ X,
        diff="sum(i = 0..3, sum(j = 0..i-1, X^j dX X^(i-1-j)))",
    ),
    Row(
        "A sum(i = 1..k, X^i) B", lambda A, X, B, k: A @ sum(power(X, i) for i in range(1, k + 1)) @ B, draw={"k": "4"}
    ),
    Row("sum(i = 1..3, tr(A X^i))", lambda A, X: sum(np.trace(A @ power(X, i)) for i in range(1, 4))),
    Row(
        "λ sum(i = 1..k, tr(X^i)) + tr(X)",
        lambda λ, X, k: λ * geometric_traces(X, k) + np.trace(X),
        wrt="X",
        draw={"k": "3"},
    ),
    # the inverse
    Row(
        "X^-1",
        lambda X: inv(X),
        draw=INVERTIBLE,
        diff="-X^-1 dX X^-1",
        adjoint="-X^-T G X^-T",
        latex=r"-X^{-1} \, \mathrm{d}X \, X^{-1}",
    ),
    Row("A X^-T B", lambda A, X, B: A @ inv(X).T @ B, draw=INVERTIBLE, diff="-A X^-T dX'X^-T B"),
    Row("A X^-1 B X C", lambda A, X, B, C: A @ inv(X) @ B @ X @ C, draw=INVERTIBLE),
    Row("X^-1 A X", lambda X, A: inv(X) @ A @ X, draw=INVERTIBLE, diff="X^-1 (A dX - dX X^-1 A X)"),
    Row(
        "(X'X + λ I)^-1",
        lambda X, λ: inv(X.T @ X + λ * eye(X.shape[1])),
        diff="-(X'X + λ I)^-1 (dX'X + X'dX) (X'X + λ I)^-1",
    ),
    Row("(I + X)^-1 (I - X)", lambda X: inv(eye(len(X)) + X) @ (eye(len(X)) - X), draw=INVERTIBLE),
    Row("X (X'X)^-1 X'", lambda X: X @ inv(X.T @ X) @ X.T, let="X: 5×3"),
    Row("A \\ X", lambda A, X: inv(A) @ X, draw={"A": "invertible"}, diff="A^-1 dX"),
    Row(
        "A - B D^-1 C",
        lambda A, B, C, D: A - B @ inv(D) @ C,
        wrt="D",
        draw={"D": "invertible"},
        diff="B D^-1 dD D^-1 C",
    ),
    # vectors
    Row("A x + b", lambda A, x, b: A @ x + b, diff="A dx", adjoint="A'G"),
    Row("x x'", lambda x: outer(x, x), diff="dx x' + x dx'", adjoint="(G + G') x"),
    Row("x x'x", lambda x: x * (x @ x), diff="(x'x) dx + 2 x x'dx"),
    # scalars
    Row("x'A x", lambda x, A: x @ A @ x, diff="x' (A + A') dx", grad="(A + A') x"),
    Row(
        "(A x - b)' (A x - b)",
        lambda A, x, b: (A @ x - b) @ (A @ x - b),
        diff="2 (A x - b)'A dx",
        grad="2 A' (A x - b)",
    ),
    Row("0.5 x'A x", lambda x, A: 0.5 * x @ A @ x, grad="0.5 (A + A') x"),
    Row("(a'x) (x'b)", lambda a, x, b: (a @ x) * (x @ b), grad="(x'b) a + (a'x) b"),
    Row("a'X b", lambda a, X, b: a @ X @ b, diff="a'dX b", grad="a b'"),
    Row("a'X^3 b", lambda a, X, b: a @ X @ X @ X @ b),
    Row("tr(X)", lambda X: np.trace(X), diff="tr(dX)", grad="I_n"),
    Row("tr(A X B)", lambda A, X, B: np.trace(A @ X @ B), diff="tr(B A dX)", grad="A'B'"),
    Row("tr(A X B X)", lambda A, X, B: np.trace(A @ X @ B @ X), grad="A'X'B' + B'X'A'"),
    Row("tr(A X^-1 B)", lambda A, X, B: np.trace(A @ inv(X) @ B), draw=INVERTIBLE, grad="-X^-T A'B'X^-T"),
    Row("tr(X^k)", lambda X, k: np.trace(power(X, k)), draw={"k": "4"}, grad="k (X^(k-1))'"),
    Row("tr(A X^k)", lambda A, X, k: np.trace(A @ power(X, k)), draw={"k": "3"}),
    Row("tr((A X B + C) (A X B + C)')", lambda A, X, B, C: np.sum((A @ X @ B + C) ** 2), grad="2 A' (A X B + C) B'"),
    Row(
        "det(X)",
        lambda X: det(X),
        draw=INVERTIBLE,
        diff="det(X) tr(X^-1 dX)",
        grad="det(X) X^-T",
        adjoint="G det(X) X^-T",
    ),
    Row("det(A X B)", lambda A, X, B: det(A @ X @ B), let="A: 3×4; B: 5×3"),
    Row("det(X^-1)", lambda X: 1 / det(X), draw=INVERTIBLE, grad="-det(X^-1) X^-T"),
    Row("logdet(X)", lambda X: np.log(det(X)), draw=INVERTIBLE, diff="tr(X^-1 dX)", grad="X^-T"),
    Row("logdet(X'X + λ I)", lambda X, λ: np.log(det(X.T @ X + λ * eye(X.shape[1]))), grad="2 X (X'X + λ I)^-1"),
    Row("tr(X) logdet(X)", lambda X: np.trace(X) * np.log(det(X)), draw=INVERTIBLE, grad="logdet(X) I + tr(X) X^-T"),
    Row("log(det(inv(X)))", lambda X: -np.log(det(X)), draw=INVERTIBLE, grad="-X^-T"),
    Row("log(x'A x)", lambda x, A: np.log(x @ A @ x), draw={"A": "spd"}, grad="(A + A') x / (x'A x)"),
    Row("x'A x / (x'x)", lambda x, A: (x @ A @ x) / (x @ x)),
    Row("tr(X) det(X)^2 / tr(X'X)", lambda X: np.trace(X) * det(X) ** 2 / np.sum(X * X), draw=INVERTIBLE),
    Row("(x'x)^(1/2)", lambda x: np.sqrt(x @ x), grad="x / (x'x)^(1/2)"),
    Row("tr((A + τ B)^-1)", lambda A, B, τ: np.trace(inv(A + τ * B)), wrt="τ", draw={"A": "spd", "B": "spd"}),
    Row("λ^k", lambda λ, k: λ**k, wrt="λ", draw={"k": "4"}, grad="k λ^(k-1)"),
    Row("X - X", lambda X: 0 * X, diff="zeros(m, n)"),
    Row("λ^3 + 2 λ / μ", lambda λ, μ: λ**3 + 2 * λ / μ, wrt="λ, μ"),
    Row("log(λ) X", lambda λ, X: np.log(λ) * X, wrt="λ", diff="dλ X / λ"),
    # functions of a scalar
    Row("exp(λ)", lambda λ: np.exp(λ), grad="exp(λ)"),
    Row("exp(-x'A x)", lambda x, A: np.exp(-x @ A @ x), wrt="x", grad="-exp(-x'A x) (A + A') x"),
    Row(
        "sqrt(λ)",
        lambda λ: np.sqrt(λ),
        grad="1 / (2 sqrt(λ))",
        latex=r"\frac{\mathrm{d}\lambda}{2 \sqrt{\lambda}}",
    ),
    Row("X exp(-tr(X))", lambda X: X * np.exp(-np.trace(X))),
    Row("x / sqrt(1 + x'x)", lambda x: x / np.sqrt(1 + x @ x)),
    Row("sqrt(x'x)", lambda x: np.sqrt(x @ x), grad="x / sqrt(x'x)"),
    Row("sin(λ)", lambda λ: np.sin(λ), grad="cos(λ)"),
    Row("tr(X) sin(a'X b)", lambda X, a, b: np.trace(X) * np.sin(a @ X @ b), wrt="X"),
    Row("cos(λ)", lambda λ: np.cos(λ), grad="-sin(λ)"),
    Row("cos(λ)^2 X", lambda λ, X: np.cos(λ) ** 2 * X, wrt="λ"),
    Row("tan(λ / 2)", lambda λ: np.tan(λ / 2), grad="1/2 (1 + tan(1/2 λ)^2)"),
    Row("x tan(a'x / 9)", lambda x, a: x * np.tan(a @ x / 9), wrt="x"),
    Row("arcsin(λ / 3)", lambda λ: np.arcsin(λ / 3)),
    Row("λ arcsin(λ / 3)", lambda λ: λ * np.arcsin(λ / 3)),
    Row("arccos(λ / 3)", lambda λ: np.arccos(λ / 3)),
    Row("λ arccos(λ / 3)", lambda λ: λ * np.arccos(λ / 3)),
    Row("arctan(λ)", lambda λ: np.arctan(λ), grad="1 / (1 + λ^2)"),
    Row("log(1 + arctan(x'x))", lambda x: np.log(1 + np.arctan(x @ x))),
    Row("sinh(λ)", lambda λ: np.sinh(λ), grad="cosh(λ)"),
    Row("sinh(tr(X)) X", lambda X: np.sinh(np.trace(X)) * X),
    Row("cosh(λ)", lambda λ: np.cosh(λ), grad="sinh(λ)"),
    Row("log(cosh(a'x))", lambda a, x: np.log(np.cosh(a @ x)), wrt="x", grad="sinh(a'x) a / cosh(a'x)"),
    Row("tanh(λ)", lambda λ: np.tanh(λ), grad="1 - tanh(λ)^2"),
    Row("x tanh(x'x / 20)", lambda x: x * np.tanh(x @ x / 20)),
    Row(
        "abs(λ)",
        lambda λ: np.abs(λ),
        grad="sign(λ)",
        latex=r"\operatorname{sign}\left(\lambda\right) \, \mathrm{d}\lambda",
    ),
    Row("abs(a'x) x", lambda a, x: np.abs(a @ x) * x, wrt="x"),
    Row("sign(λ)", lambda λ: np.sign(λ), grad="0"),
    Row("sign(a'x) x", lambda a, x: np.sign(a @ x) * x, wrt="x", diff="sign(a'x) dx"),
    # programs
    Row(
        "S = X'X + λ I; tr(S^-1 B)",
        lambda X, λ, B: np.trace(inv(X.T @ X + λ * eye(X.shape[1])) @ B),
        grad="-X S^-1 (B + B') S^-1",
    ),
    Row(
        "P = X'X + I; Q = P^-1 X'; R = A Q; R R'",
        lambda X, A: A @ inv(X.T @ X + eye(X.shape[1])) @ X.T @ X @ inv(X.T @ X + eye(X.shape[1])) @ A.T,
        let="X: m×n",
    ),
    Row(
        "Y = X (2 I - A X); Z = Y (2 I - A Y); Z (2 I - A Z)",
        lambda X, A: schulz(A, schulz(A, schulz(A, X))),
    ),
]


def schulz(A: Any, X: Any) -> Any:
    """One Newton–Schulz step towards A⁻¹."""
    return X @ (2 * eye(len(A)) - A @ X)


def geometric_traces(X: Any, k: int) -> Any:
    """tr X + … + tr X^k."""
    return sum(np.trace(power(X, i)) for i in range(1, k + 1))
