"""The one table: expressions, each with an independent NumPy function of its value.

All laws difference ``value``, so a misread text or a wrong lowering cannot agree with itself.  ``draw`` names what an
argument must be for the value to exist; everything else is a full random matrix, rectangular where its shape allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import permutations
from typing import Any

import numpy as np
import scipy.linalg

inv, det, eye, outer, norm = np.linalg.inv, np.linalg.det, np.eye, np.outer, np.linalg.norm
power = np.linalg.matrix_power
real_power = scipy.linalg.fractional_matrix_power
sylvester = scipy.linalg.solve_sylvester
CIRCLE = 256


def expit(x: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def softmax(x: Any) -> Any:
    """The softmax of a vector, or of each row."""
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


def logdet(X: Any) -> Any:
    """log det X."""
    return np.log(det(X))


def vec(X: Any) -> Any:
    """The columns of a matrix, one under the other."""
    return X.reshape(-1, order="F")


def block_sum(A: Any, B: Any) -> Any:
    """The blocks of B, weighted by the entries of A."""
    p, q = B.shape[0] // A.shape[0], B.shape[1] // A.shape[1]
    m, n = A.shape
    return sum(A[i, j] * B[i * p : i * p + p, j * q : j * q + q] for i in range(m) for j in range(n))


def frechet(f: Callable[..., Any], X: Any, *directions: Any) -> Any:
    """The derivative of f(X) in some directions, by Cauchy's formula on a circle around the eigenvalues.

    The trapezoidal rule converges geometrically (Higham, Functions of Matrices, sec. 13.3.2).  ``f`` is of a number.
    """
    center = np.trace(X) / len(X)
    radius = 1.25 * np.max(np.abs(np.linalg.eigvals(X) - center)) + 0.1
    total = np.zeros(X.shape, complex)
    for turn in np.exp(2j * np.pi * np.arange(CIRCLE) / CIRCLE):
        z = center + radius * turn
        R = inv(z * eye(len(X)) - X)
        orders = (reduce(lambda P, E: P @ E @ R, order, R) for order in permutations(directions))
        total += f(z) * radius * turn * sum(orders)
    return total.real / CIRCLE


@dataclass(frozen=True, eq=False)
class Row:
    """One expression: its text, its value by keyword, what varies, and what a reader sees where that is fixed."""

    text: str
    value: Callable[..., Any]
    wrt: str = ""
    let: str = ""
    draw: Mapping[str, str] = field(default_factory=dict)
    diff: str = ""
    diff2: str = ""
    adjoint: str = ""
    grad: str = ""
    jacobian: str = ""
    hessian: str = ""
    latex: str = ""
    conditions: tuple[str, ...] = ()
    second: bool = True
    """Whether the second derivative is there: that of singular vectors is not yet, and Q'Q = I bends."""

    @property
    def id(self) -> str:
        return f"{self.text} wrt {self.wrt}" if self.wrt else self.text


INVERTIBLE = {"X": "invertible"}
NORM = r"\frac{x^{\top} \, \mathrm{d}x}{\lVert x \rVert}"
SQUARE = "A: 3×3; X: 3×4; B: 4×3"
ALL = "X, A, B: n×n"

ELEMENTWISE = [
    ("log", np.log, "positive"),
    ("exp", np.exp, ""),
    ("sqrt", np.sqrt, "positive"),
    ("sin", np.sin, ""),
    ("cos", np.cos, ""),
    ("tan", np.tan, "small"),
    ("arcsin", np.arcsin, "small"),
    ("arccos", np.arccos, "small"),
    ("arctan", np.arctan, ""),
    ("sinh", np.sinh, ""),
    ("cosh", np.cosh, ""),
    ("tanh", np.tanh, ""),
    ("abs", np.abs, "away"),
    ("sign", np.sign, "away"),
    ("erf", np.vectorize(math.erf), ""),
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), ""),
    ("relu", lambda x: np.where(x > 0, x, 0.0), "away"),
    ("softplus", lambda x: np.log(1 + np.exp(x)), ""),
]
"""The functions of every entry, and what their argument must be."""

MATRIX_FUNCTIONS = [
    ("expm", scipy.linalg.expm, np.exp, ""),
    ("logm", scipy.linalg.logm, np.log, "large"),
    ("sqrtm", scipy.linalg.sqrtm, np.sqrt, "large"),
    ("sinm", scipy.linalg.sinm, np.sin, ""),
    ("cosm", scipy.linalg.cosm, np.cos, ""),
]
"""The functions of a matrix, those of a number that they come from, and what their argument must be."""

PARTS = [
    ("tril", np.tril),
    ("triu", np.triu),
    ("stril", lambda X: np.tril(X, -1)),
    ("striu", lambda X: np.triu(X, 1)),
    ("sym", lambda X: (X + X.T) / 2),
    ("skew", lambda X: (X - X.T) / 2),
]
"""The projections onto parts of a matrix."""

ROWS = [
    # affine and products
    Row("X", lambda X: X, jacobian="I_{m n}", diff="dX", adjoint="G", latex=r"\mathrm{d}X"),
    Row("A X", lambda A, X: A @ X, diff="A dX", adjoint="A'G"),
    Row(
        "A X B + C",
        lambda A, X, B, C: A @ X @ B + C,
        jacobian="B' ⊗ A",
        diff="A dX B",
        adjoint="A'G B'",
        latex=r"A \, \mathrm{d}X \, B",
    ),
    Row("X + Y", lambda X, Y: X + Y, wrt="X, Y", diff="dX + dY"),
    Row("3 X - X / 2", lambda X: 2.5 * X, diff="5/2 dX"),
    Row("λ X A", lambda λ, X, A: λ * X @ A, wrt="λ", diff="dλ X A", adjoint="tr(A'X'G)"),
    Row("λ + μ", lambda λ, μ: λ + μ, wrt="λ, μ", diff="dλ + dμ"),
    Row("λ μ", lambda λ, μ: λ * μ, wrt="λ, μ", diff="μ dλ + λ dμ"),
    Row("X Y - Y X", lambda X, Y: X @ Y - Y @ X, wrt="X, Y", diff="dX Y + X dY - dY X - Y dX"),
    Row("I + X (A + X (B + X C))", lambda X, A, B, C: eye(len(X)) + X @ (A + X @ (B + X @ C))),
    # transposes
    Row("X'", lambda X: X.T, jacobian="commutation(m, n)", diff="dX'", adjoint="G'"),
    Row(
        "x'A x + x'B x",
        lambda x, A, B: x @ A @ x + x @ B @ x,
        wrt="x",
        grad="(A + A' + B + B') x",
    ),
    Row(
        "(A x - b)'(A x - b) + λ x'x",
        lambda A, x, b, λ: (A @ x - b) @ (A @ x - b) + λ * x @ x,
        wrt="x",
        grad="2 A' (A x - b) + 2 λ x",
    ),
    Row(
        "logdet(A X B)",
        lambda A, X, B: logdet(A @ X @ B),
        wrt="X",
        let=ALL,
        draw={"A": "invertible", "X": "invertible", "B": "invertible"},
        grad="X^-T",
    ),
    Row("det(X) tr(X)", lambda X: det(X) * np.trace(X), draw=INVERTIBLE, grad="det(X) (tr(X) X^-T + I)"),
    Row(
        "||(I - X (X'X)^-1 X') y||^2",
        lambda X, y: y @ y - y @ X @ inv(X.T @ X) @ X.T @ y,
        wrt="X",
        let="X: 5×3",
        grad="-2 (I - X (X'X)^-1 X') y y'X (X'X)^-1",
    ),
    Row("X'A X", lambda X, A: X.T @ A @ X, diff="dX'A X + X'A dX", adjoint="A X G' + A'X G"),
    Row("((A X)' B)' C", lambda A, X, B, C: ((A @ X).T @ B).T @ C, diff="B'A dX C"),
    Row("A'A h - A't", lambda A, h, t: A.T @ A @ h - A.T @ t, wrt="A", diff="dA' (A h - t) + A'dA h"),
    # powers
    Row("X^2", lambda X: X @ X, diff="dX X + X dX", jacobian="X' ⊗ I_n + I_n ⊗ X"),
    Row(
        "X^3",
        lambda X: X @ X @ X,
        diff="dX X^2 + X dX X + X^2 dX",
        adjoint="G (X^2)' + X'G X' + (X^2)'G",
        latex=r"\mathrm{d}X \, X^{2} + X \, \mathrm{d}X \, X + X^{2} \, \mathrm{d}X",
    ),
    Row("λ^μ", lambda λ, μ: λ**μ, wrt="λ, μ", diff="λ^(μ-1) μ dλ + λ^μ log(λ) dμ", conditions=("λ > 0",)),
    Row("λ^μ x", lambda λ, μ, x: λ**μ * x, wrt="μ"),
    Row("X^10", lambda X: power(X, 10)),
    Row("X^0 + X", lambda X: eye(len(X)) + X, diff="dX"),
    Row("(λ - λ)^0 X", lambda λ, X: X, diff="dX"),
    Row("0^(1-1) X", lambda X: X, diff="dX"),
    Row("A X^2 B", lambda A, X, B: A @ X @ X @ B),
    Row(
        "X^k",
        lambda X, k: power(X, k),
        draw={"k": "4"},
        diff="sum(i = 0..k-1, X^i dX X^(k-1-i))",
        conditions=("k ≥ 0",),
        latex=r"\sum_{i=0}^{k-1} X^{i} \, \mathrm{d}X \, X^{k-1-i}",
    ),
    Row("A X^(k-1) B", lambda A, X, B, k: A @ power(X, k - 1) @ B, draw={"k": "5"}),
    Row("(X A)^k", lambda X, A, k: power(X @ A, k), draw={"k": "3"}),
    Row("X^-k", lambda X, k: power(inv(X), k), draw={"X": "invertible", "k": "3"}),
    Row("X^-3", lambda X: power(inv(X), 3), draw=INVERTIBLE),
    # finite sums
    Row("sum(i = 1..k, i X)", lambda X, k: k * (k + 1) / 2 * X),
    Row("sum(i = 1..k, λ^i)", lambda λ, k: sum(λ**i for i in range(1, k + 1))),
    Row("sum(i = 0..2, X^i A)' B", lambda X, A, B: ((eye(len(X)) + X + X @ X) @ A).T @ B, wrt="X"),
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
        jacobian="-X^-T ⊗ X^-1",
        conditions=("X is invertible",),
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
    Row(
        "(I + X)^-1 (I - X)",
        lambda X: inv(eye(len(X)) + X) @ (eye(len(X)) - X),
        draw=INVERTIBLE,
        diff="-2 (I + X)^-1 dX (I + X)^-1",
    ),
    Row(
        "X'X (X'X + λ I)^-1",
        lambda X, λ: X.T @ X @ inv(X.T @ X + λ * eye(X.shape[1])),
        wrt="X",
        diff="λ (X'X + λ I)^-1 (dX'X + X'dX) (X'X + λ I)^-1",
    ),
    Row(
        "X (X'X)^-1 X'",
        lambda X: X @ inv(X.T @ X) @ X.T,
        let="X: 5×3",
        diff="(I - X S X') dX S X' + X S dX' (I - X S X')",
        adjoint="(I - X (X'X)^-1 X') (G + G') X (X'X)^-1",
    ),
    Row(
        "F (P - P H' (H P H' + R)^-1 H P) F'",
        lambda F, P, H, R: F @ (P - P @ H.T @ inv(H @ P @ H.T + R) @ H @ P) @ F.T,
        wrt="P",
        let="P, R: spd",
        diff="(F - F P H' (H P H' + R)^-1 H) dP (F - F P H' (H P H' + R)^-1 H)'",
    ),
    Row(
        "A X C - A X + 2 B X C - 2 B X",
        lambda A, X, B, C: (A + 2 * B) @ X @ (C - eye(len(C))),
        wrt="X",
        diff="(A + 2 B) dX (C - I)",
    ),
    Row("A \\ X", lambda A, X: inv(A) @ X, draw={"A": "invertible"}, diff="A^-1 dX"),
    Row(
        "A - B D^-1 C",
        lambda A, B, C, D: A - B @ inv(D) @ C,
        wrt="D",
        draw={"D": "invertible"},
        diff="B D^-1 dD D^-1 C",
    ),
    # vectors
    Row("A x + b", lambda A, x, b: A @ x + b, jacobian="A", diff="A dx", adjoint="A'G"),
    Row("x x'", lambda x: outer(x, x), jacobian="x ⊗ I_n + I_n ⊗ x", diff="dx x' + x dx'", adjoint="(G + G') x"),
    Row("x x'x", lambda x: x * (x @ x), diff="(x'x) dx + 2 x x'dx"),
    # scalars
    Row("x'A x", lambda x, A: x @ A @ x, hessian="A + A'", diff="x' (A + A') dx", grad="(A + A') x"),
    Row(
        "(A x - b)' (A x - b)",
        lambda A, x, b: (A @ x - b) @ (A @ x - b),
        diff="2 (A x - b)'A dx",
        grad="2 A' (A x - b)",
        hessian="2 A'A",
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
    Row("tr(A X^3)", lambda A, X: np.trace(A @ X @ X @ X), wrt="X", grad="(X^2 A + X A X + A X^2)'"),
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
    Row("det(X^-1)", lambda X: 1 / det(X), draw=INVERTIBLE, conditions=("X is invertible",), grad="-det(X^-1) X^-T"),
    Row(
        "logdet(X)",
        lambda X: np.log(det(X)),
        draw=INVERTIBLE,
        diff="tr(X^-1 dX)",
        grad="X^-T",
        hessian="-(X^-1 ⊗ X^-T) commutation(n, n)",
        conditions=("det(X) > 0",),
    ),
    Row("logdet(X'X + λ I)", lambda X, λ: np.log(det(X.T @ X + λ * eye(X.shape[1]))), grad="2 X (X'X + λ I)^-1"),
    Row("tr(X) logdet(X)", lambda X: np.trace(X) * np.log(det(X)), draw=INVERTIBLE, grad="logdet(X) I + tr(X) X^-T"),
    Row("log(det(inv(X)))", lambda X: -np.log(det(X)), draw=INVERTIBLE, grad="-X^-T"),
    Row("log(x'A x)", lambda x, A: np.log(x @ A @ x), draw={"A": "spd"}, grad="(A + A') x / (x'A x)"),
    Row("x'A x / (x'x)", lambda x, A: (x @ A @ x) / (x @ x)),
    Row("tr(X) det(X)^2 / tr(X'X)", lambda X: np.trace(X) * det(X) ** 2 / np.sum(X * X), draw=INVERTIBLE),
    Row("(x'x)^(1/2)", lambda x: np.sqrt(x @ x), grad="x / sqrt(x'x)"),
    Row("tr((A + τ B)^-1)", lambda A, B, τ: np.trace(inv(A + τ * B)), wrt="τ", draw={"A": "spd", "B": "spd"}),
    Row("λ^k", lambda λ, k: λ**k, wrt="λ", draw={"k": "4"}, grad="k λ^(k-1)"),
    Row("X - X", lambda X: 0 * X, diff="zeros(m, n)"),
    Row("λ^(1/3)", lambda λ: λ ** (1 / 3), grad="1 / (3 λ^(2/3))"),
    Row("λ^3 + 2 λ / μ", lambda λ, μ: λ**3 + 2 * λ / μ, wrt="λ, μ"),
    Row("log(λ)", lambda λ: np.log(λ), grad="1 / λ", hessian="-1 / λ^2", conditions=("λ > 0",)),
    Row("log(λ) X", lambda λ, X: np.log(λ) * X, wrt="λ", diff="dλ X / λ"),
    # functions of a scalar
    Row("exp(λ)", lambda λ: np.exp(λ), grad="exp(λ)"),
    Row("exp(-x'A x)", lambda x, A: np.exp(-x @ A @ x), wrt="x", grad="-exp(-x'A x) (A + A') x"),
    Row(
        "sqrt(λ)",
        lambda λ: np.sqrt(λ),
        grad="1 / (2 sqrt(λ))",
        conditions=("λ > 0",),
        latex=r"\frac{\mathrm{d}\lambda}{2 \sqrt{\lambda}}",
    ),
    Row("X exp(-tr(X))", lambda X: X * np.exp(-np.trace(X))),
    Row("x / sqrt(1 + x'x)", lambda x: x / np.sqrt(1 + x @ x)),
    Row("sqrt(x'x)", lambda x: np.sqrt(x @ x), grad="x / sqrt(x'x)"),
    Row("sin(λ)", lambda λ: np.sin(λ), grad="cos(λ)"),
    Row("tr(X) sin(a'X b)", lambda X, a, b: np.trace(X) * np.sin(a @ X @ b), wrt="X"),
    Row("cos(λ)", lambda λ: np.cos(λ), grad="-sin(λ)"),
    Row("cos(λ)^2 X", lambda λ, X: np.cos(λ) ** 2 * X, wrt="λ"),
    Row("tan(λ)", lambda λ: np.tan(λ), draw={"λ": "small"}, grad="1 + tan(λ)^2"),
    Row("tan(λ / 2)", lambda λ: np.tan(λ / 2), grad="1/2 (1 + tan(1/2 λ)^2)"),
    Row("x tan(a'x / 9)", lambda x, a: x * np.tan(a @ x / 9), wrt="x"),
    Row("arcsin(λ)", lambda λ: np.arcsin(λ), draw={"λ": "small"}, grad="1 / sqrt(1 - λ^2)"),
    Row("arcsin(λ / 3)", lambda λ: np.arcsin(λ / 3)),
    Row("λ arcsin(λ / 3)", lambda λ: λ * np.arcsin(λ / 3)),
    Row("arccos(λ)", lambda λ: np.arccos(λ), draw={"λ": "small"}, grad="-1 / sqrt(1 - λ^2)"),
    Row("arccos(λ / 3)", lambda λ: np.arccos(λ / 3)),
    Row("λ arccos(λ / 3)", lambda λ: λ * np.arccos(λ / 3)),
    Row("arctan(λ)", lambda λ: np.arctan(λ), grad="1 / (1 + λ^2)"),
    Row("log(1 + arctan(x'x))", lambda x: np.log(1 + np.arctan(x @ x))),
    Row("sinh(λ)", lambda λ: np.sinh(λ), grad="cosh(λ)"),
    Row("sinh(tr(X)) X", lambda X: np.sinh(np.trace(X)) * X),
    Row("cosh(λ)", lambda λ: np.cosh(λ), grad="sinh(λ)"),
    Row("log(cosh(a'x))", lambda a, x: np.log(np.cosh(a @ x)), wrt="x", grad="tanh(a'x) a"),
    Row("tanh(λ)", lambda λ: np.tanh(λ), grad="1 - tanh(λ)^2"),
    Row("x tanh(x'x / 20)", lambda x: x * np.tanh(x @ x / 20)),
    Row(
        "abs(λ)",
        lambda λ: np.abs(λ),
        grad="sign(λ)",
        latex=r"\operatorname{sign}(\lambda) \, \mathrm{d}\lambda",
    ),
    Row("X cosh(tr(X))", lambda X: X * np.cosh(np.trace(X))),
    Row("x log(cosh(a'x))", lambda x, a: x * np.log(np.cosh(a @ x)), wrt="x"),
    Row("log(cosh(λ))", lambda λ: np.log(np.cosh(λ)), grad="tanh(λ)"),
    Row("x log(sigmoid(a'x))", lambda x, a: x * np.log(expit(a @ x)), wrt="x"),
    Row("log(sigmoid(λ))", lambda λ: np.log(expit(λ)), grad="1 - sigmoid(λ)"),
    Row("log.(sigmoid.(X))", lambda X: np.log(expit(X)), diff="(ones(m, n) - sigmoid.(X)) ∘ dX"),
    Row("sum(log(sigmoid(x)))", lambda x: np.sum(np.log(expit(x))), grad="ones(n) - sigmoid(x)"),
    Row("log.(cosh.(X))", lambda X: np.log(np.cosh(X)), diff="tanh.(X) ∘ dX"),
    Row("sum(log.(cosh.(W X)))", lambda W, X: np.sum(np.log(np.cosh(W @ X))), wrt="W", grad="tanh.(W X) X'"),
    Row("log(|λ|)", lambda λ: np.log(np.abs(λ)), grad="1 / λ"),
    Row("log(|det(X)|)", lambda X: np.log(np.abs(det(X))), draw=INVERTIBLE, grad="X^-T"),
    Row("log(abs(a'x)) x", lambda a, x: np.log(np.abs(a @ x)) * x, wrt="x"),
    Row("abs(a'x) x", lambda a, x: np.abs(a @ x) * x, wrt="x"),
    Row("sign(λ)", lambda λ: np.sign(λ), grad="0"),
    Row("sign(a'x) x", lambda a, x: np.sign(a @ x) * x, wrt="x", diff="sign(a'x) dx"),
    # entry by entry
    Row(
        "X ∘ A",
        lambda X, A: X * A,
        jacobian="diag(vec(A))",
        diff="A ∘ dX",
        adjoint="A ∘ G",
        latex=r"A \odot \mathrm{d}X",
    ),
    Row("X ∘ X ∘ X", lambda X: X**3, diff="3 (X.^2 ∘ dX)"),
    Row("(X' ∘ X) A", lambda X, A: (X.T * X) @ A, wrt="X", diff="(X ∘ dX' + X' ∘ dX) A"),
    Row("A (X ∘ B) C", lambda A, X, B, C: A @ (X * B) @ C, wrt="X", adjoint="B ∘ (A'G C')"),
    Row("||A (B ∘ X)||^2", lambda A, B, X: np.sum((A @ (B * X)) ** 2), wrt="X", grad="2 (B ∘ (A'A (B ∘ X)))"),
    Row("(X ∘ A)' B", lambda X, A, B: (X * A).T @ B),
    Row("tr(A (X ∘ X'))", lambda A, X: np.trace(A @ (X * X.T))),
    Row("A ./ X", lambda A, X: A / X, draw={"X": "positive"}, diff="-(A ∘ dX) ./ X.^2"),
    Row("X ./ A", lambda X, A: X / A, draw={"A": "positive"}, diff="dX ./ A"),
    Row("1 ./ x", lambda x: 1 / x, draw={"x": "positive"}, conditions=("no entry of x is 0",), diff="-dx ./ x.^2"),
    Row("B (X ./ A) x", lambda B, X, A, x: B @ (X / A) @ x, wrt="X", draw={"A": "positive"}),
    Row("log(sum(c ./ x))", lambda c, x: np.log(np.sum(c / x)), wrt="x", draw={"x": "positive", "c": "positive"}),
    Row("X.^3", lambda X: X**3, diff="3 (X.^2 ∘ dX)", latex=r"3 (X^{\circ 2} \odot \mathrm{d}X)"),
    Row("X.^α", lambda X, α: X**α, wrt="X", draw={"X": "positive"}, diff="α (X.^(α-1) ∘ dX)"),
    Row("X.^α", lambda X, α: X**α, wrt="α", draw={"X": "positive"}, diff="dα (X.^α ∘ log.(X))"),
    Row("a'(x.^-2)", lambda a, x: a @ x**-2.0, wrt="x", draw={"x": "positive"}, grad="-2 (a ./ x.^3)"),
    *(
        row
        for name, function, kind in ELEMENTWISE
        for row in (
            Row(f"{name}(x)", lambda x, f=function: f(x), draw={"x": kind}),
            Row(f"{name}.(X)", lambda X, f=function: f(X), draw={"X": kind}),
            Row(f"A {name}.(X) b", lambda A, X, b, f=function: A @ f(X) @ b, wrt="X", draw={"X": kind}),
        )
    ),
    *(
        Row(f"x ∘ {name}(-x)", lambda x, f=function: x * f(-x), draw={"x": kind})
        for name, function, kind in ELEMENTWISE
        if kind != "positive"
    ),
    *(
        row
        for name, function, _ in ELEMENTWISE[-4:]
        for row in (
            Row(f"{name}(λ)", lambda λ, f=function: f(λ)),
            Row(f"{name}(a'x) x", lambda a, x, f=function: f(a @ x) * x, wrt="x"),
        )
    ),
    Row(
        "sum(log(x))",
        lambda x: np.sum(np.log(x)),
        draw={"x": "positive"},
        grad="1 ./ x",
        hessian="-diag(1 ./ x.^2)",
        conditions=("every entry of x > 0",),
    ),
    Row(
        "sum(exp(X w)) - y'X w",
        lambda X, w, y: np.sum(np.exp(X @ w)) - y @ X @ w,
        wrt="w",
        grad="X' (exp(X w) - y)",
        hessian="X' diag(exp(X w)) X",
    ),
    Row("sigmoid(W x + b)", lambda W, x, b: expit(W @ x + b), wrt="W"),
    Row("a'sin.(A X B) b", lambda a, A, X, B, b: a @ np.sin(A @ X @ B) @ b, wrt="X"),
    Row("(exp.(X))' A", lambda X, A: np.exp(X).T @ A),
    # the larger and the smaller
    Row("max(λ, 1)", lambda λ: np.maximum(λ, 1)),
    Row("λ max(λ, μ)", lambda λ, μ: λ * np.maximum(λ, μ), wrt="λ, μ"),
    Row("min(λ, 1)", lambda λ: np.minimum(λ, 1)),
    Row("λ min(λ, μ)", lambda λ, μ: λ * np.minimum(λ, μ), wrt="λ, μ"),
    Row("max.(X, A)", lambda X, A: np.maximum(X, A), wrt="X, A"),
    Row("A max(0, x)", lambda A, x: A @ np.maximum(0, x), wrt="x", diff="1/2 A ((ones(n) + sign(x)) ∘ dx)"),
    Row("min.(X, A)", lambda X, A: np.minimum(X, A), wrt="X, A"),
    Row("A min(0, x)", lambda A, x: A @ np.minimum(0, x), wrt="x"),
    Row("max(x)", lambda x: np.max(x), conditions=("the largest entry of x is the only one",), grad="argmax(x)"),
    Row("max(A x)^2", lambda A, x: np.max(A @ x) ** 2, wrt="x", grad="2 max(A x) A' argmax(A x)"),
    Row("min(x)", lambda x: np.min(x), grad="argmax(-x)"),
    Row("min(A x) x", lambda A, x: np.min(A @ x) * x, wrt="x"),
    Row("argmax(x)", lambda x: eye(len(x))[np.argmax(x)], diff="zeros(n, 1)"),
    Row("A x argmax(x)' x", lambda A, x: A @ x * np.max(x), wrt="x"),
    # sums of entries
    Row("sum(X)", lambda X: np.sum(X), diff="sum(dX)", grad="ones(m, n)"),
    Row("sum(A X)^2", lambda A, X: np.sum(A @ X) ** 2, wrt="X"),
    Row("mean(X)", lambda X: np.mean(X), grad="ones(m, n) / (m n)"),
    Row("mean((A x - b).^2)", lambda A, x, b: np.mean((A @ x - b) ** 2), wrt="x", grad="2 A' (A x - b) / m"),
    Row("mean([A, X; A, X])", lambda A, X: (np.sum(A) + np.sum(X)) / (A.size + X.size), wrt="X"),
    Row("mean([X, A, X'])", lambda X, A: (2 * np.sum(X) + np.sum(A)) / (2 * X.size + A.size), wrt="X", let="X: n×n"),
    Row("||[X, A]||^2", lambda X, A: np.sum(X**2) + np.sum(A**2), wrt="X", grad="2 X"),
    Row("mean(A X) X", lambda A, X: np.mean(A @ X) * X, wrt="X"),
    Row("rowsum(X)", lambda X: X.sum(1), adjoint="G ones(n)'"),
    Row("A rowsum(X ∘ B)", lambda A, X, B: A @ (X * B).sum(1), wrt="X"),
    Row("colsum(X)", lambda X: X.sum(0), adjoint="ones(m) G'"),
    Row("colsum(A X)' b", lambda A, X, b: (A @ X).sum(0) @ b, wrt="X"),
    Row("dot(A x, b)", lambda A, x, b: (A @ x) @ b, wrt="x", grad="A'b"),
    Row("A X : B", lambda A, X, B: np.sum(A @ X * B), wrt="X", grad="A'B"),
    # norms
    Row(
        "||x||",
        lambda x: norm(x),
        diff="x'dx / ||x||",
        grad="x / ||x||",
        hessian="(I - x x' / ||x||^2) / ||x||",
        latex=NORM,
        conditions=("x ≠ 0",),
    ),
    Row("||A X - B||", lambda A, X, B: norm(A @ X - B), wrt="X", grad="A' (A X - B) / ||A X - B||"),
    Row("||A x - b||^2", lambda A, x, b: norm(A @ x - b) ** 2, wrt="x", grad="2 A' (A x - b)"),
    Row("||X||^2", lambda X: np.sum(X**2), hessian="2 I_{m n}", diff="2 tr(X'dX)", grad="2 X"),
    Row("||x||^3 x", lambda x: norm(x) ** 3 * x),
    Row("x / ||x||^2", lambda x: x / norm(x) ** 2),
    Row("norm2(X)", lambda X: norm(X, 2), second=False),
    Row("norm2(A X B)^2", lambda A, X, B: norm(A @ X @ B, 2) ** 2, wrt="X", second=False),
    Row("normnuc(X)", lambda X: norm(X, "nuc"), conditions=("X has full rank",), second=False),
    Row(
        "normnuc(A X) tr(X)", lambda A, X: norm(A @ X, "nuc") * np.trace(X), let="A: 3×3; X: 3×3", wrt="X", second=False
    ),
    Row("||A x||_1", lambda A, x: norm(A @ x, 1), wrt="x", grad="A' sign(A x)"),
    Row("||A X||_1", lambda A, X: norm(A @ X, 1), wrt="X"),
    Row("||A x||_inf", lambda A, x: norm(A @ x, np.inf), wrt="x"),
    Row("||A X||_inf", lambda A, X: norm(A @ X, np.inf), wrt="X"),
    Row("|a'x|", lambda a, x: abs(a @ x), wrt="x", grad="sign(a'x) a"),
    # soft maxima
    Row(
        "logsumexp(x)",
        lambda x: np.log(np.sum(np.exp(x))),
        diff="softmax(x)'dx",
        grad="softmax(x)",
        hessian="diag(softmax(x)) - softmax(x) softmax(x)'",
    ),
    Row("logsumexp(A x) x", lambda A, x: np.log(np.sum(np.exp(A @ x))) * x, wrt="x"),
    Row("logsumexp(A x + b)", lambda A, x, b: np.log(np.sum(np.exp(A @ x + b))), wrt="x", grad="A' softmax(A x + b)"),
    Row(
        "softmax(x)",
        lambda x: softmax(x),
        adjoint="softmax(x) ∘ G - softmax(x) softmax(x)'G",
        jacobian="diag(softmax(x)) - softmax(x) softmax(x)'",
    ),
    Row("w'V' softmax(K q / sqrt(α))", lambda w, V, K, q, α: w @ V.T @ softmax(K @ q / np.sqrt(α)), wrt="K"),
    Row("log(softmax(x))", lambda x: np.log(softmax(x)), diff="dx - ones(n) softmax(x)'dx"),
    Row(
        "-y'log(softmax(W x))",
        lambda y, W, x: -y @ np.log(softmax(W @ x)),
        wrt="W",
        grad="((ones(m)'y) softmax(W x) - y) x'",
    ),
    Row(
        "1 / (1 + exp(-w'x))",
        lambda w, x: 1 / (1 + np.exp(-w @ x)),
        wrt="w",
        grad="exp(-w'x) x / (1 + exp(-w'x))^2",
    ),
    Row(
        "h = sigmoid(W x); ||h - y||^2",
        lambda W, x, y: norm(expit(W @ x) - y) ** 2,
        wrt="W",
        grad="2 (h ∘ (ones(m) - h) ∘ (h - y)) x'",
    ),
    Row(
        "u = ||A x - b||; u^3",
        lambda A, x, b: norm(A @ x - b) ** 3,
        wrt="x",
        grad="3 u A' (A x - b)",
    ),
    Row(
        "tr(X^k) / k",
        lambda X, k: np.trace(power(X, k)) / k,
        draw={"k": "4"},
        wrt="X",
        grad="(X^(k-1))'",
        diff2="tr(sum(i = 0..k-2, X^i dX X^(k-2-i)) dX)",
        hessian="commutation(n, n) sum(i = 0..k-2, (X^(k-2-i))' ⊗ X^i)",
    ),
    Row(
        "tr(X logm(X) - X)",
        lambda X: np.trace(X @ scipy.linalg.logm(X) - X),
        let="X: spd",
        diff2="tr(frechet(logm, X, dX) dX)",
        hessian="frechet(logm, X)",
    ),
    Row(
        "det(X)^2",
        lambda X: det(X) ** 2,
        draw=INVERTIBLE,
        diff2="2 det(X)^2 (2 tr(X^-1 dX)^2 - tr(X^-1 dX X^-1 dX))",
    ),
    Row(
        "1/4 (x'x - 1)^2",
        lambda x: (x @ x - 1) ** 2 / 4,
        grad="(x'x - 1) x",
        hessian="2 x x' + (x'x - 1) I",
    ),
    Row(
        "sum(sigmoid(x))",
        lambda x: np.sum(expit(x)),
        hessian="diag((ones(n) - 2 sigmoid(x)) ∘ (ones(n) - sigmoid(x)) ∘ sigmoid(x))",
    ),
    Row("x exp(c'x)", lambda x, c: x * np.exp(c @ x), wrt="x", jacobian="exp(c'x) (I + x c')"),
    Row("tril(A X) + tril(X B)", lambda A, X, B: np.tril(A @ X + X @ B), diff="tril(A dX + dX B)"),
    Row(
        "-y'log(sigmoid(X w)) - (ones(m) - y)'log(ones(m) - sigmoid(X w))",
        lambda y, X, w: -y @ np.log(expit(X @ w)) - (1 - y) @ np.log(1 - expit(X @ w)),
        wrt="w",
        let="m: integer; X: m×n; w: n; y: m",
        grad="X' (sigmoid(X w) - y)",
    ),
    Row("-y'log(softmax(z))", lambda y, z: -y @ np.log(softmax(z)), wrt="z"),
    Row("log.(rowsoftmax(X))", lambda X: np.log(softmax(X))),
    Row(
        "-tr(Y'log.(rowsoftmax(X W)))",
        lambda Y, X, W: -np.sum(Y * np.log(softmax(X @ W))),
        wrt="W",
        grad="X' (diag(Y ones(n)) rowsoftmax(X W) - Y)",
    ),
    Row(
        "rowsoftmax(X)",
        lambda X: softmax(X),
        adjoint="rowsoftmax(X) ∘ G - diag((rowsoftmax(X) ∘ G) ones(n)) rowsoftmax(X)",
    ),
    Row("A rowsoftmax(X B) c", lambda A, X, B, c: A @ softmax(X @ B) @ c, wrt="X"),
    # diagonals
    Row("diag(x)", lambda x: np.diag(x), diff="diag(dx)", adjoint="diag(G)"),
    Row("diag(x) A x", lambda x, A: x * (A @ x), wrt="x", diff="(diag(A x) + diag(x) A) dx"),
    Row("logdet(A diag(x) A')", lambda A, x: logdet(A * x @ A.T), wrt="x", let="A: 3×5", draw={"x": "positive"}),
    Row("diag(X)", lambda X: np.diag(X), adjoint="diag(G)"),
    Row("||diag(X'X)||^2", lambda X: np.sum(np.sum(X**2, 0) ** 2), grad="4 X diag(diag(X'X))"),
    # triangles, symmetric and skew parts
    Row("tril(X)", lambda X: np.tril(X), diff="tril(dX)", adjoint="tril(G)"),
    Row("A tril(X B)", lambda A, X, B: A @ np.tril(X @ B), wrt="X", adjoint="tril(A'G) B'"),
    Row("triu(X)", lambda X: np.triu(X)),
    Row("A triu(X)' B", lambda A, X, B: A @ np.triu(X).T @ B, wrt="X"),
    Row("stril(X)", lambda X: np.tril(X, -1)),
    Row("stril(X'X) A", lambda X, A: np.tril(X.T @ X, -1) @ A, wrt="X"),
    Row("striu(X)", lambda X: np.triu(X, 1)),
    Row("tr(A striu(X B))", lambda A, X, B: np.trace(A @ np.triu(X @ B, 1)), wrt="X"),
    Row("sym(X)", lambda X: (X + X.T) / 2, diff="sym(dX)", adjoint="sym(G)"),
    Row("A sym(X B)", lambda A, X, B: A @ (X @ B + (X @ B).T) / 2, wrt="X"),
    Row("skew(X)", lambda X: (X - X.T) / 2),
    Row("A skew(X B)", lambda A, X, B: A @ (X @ B - (X @ B).T) / 2, wrt="X"),
    Row("sum(x ./ y)", lambda x, y: np.sum(x / y), wrt="y", let="x, y: n", draw={"y": "away"}, grad="-x ./ y.^2"),
    Row("x ./ y", lambda x, y: x / y, wrt="y", draw={"y": "away"}, jacobian="-diag(x ./ y.^2)"),
    Row("logdet(diag(x))", lambda x: np.sum(np.log(x)), draw={"x": "positive"}, grad="1 ./ x"),
    Row(
        "(A x - b)'diag(w)(A x - b)",
        lambda A, x, b, w: np.sum(w * (A @ x - b) ** 2),
        wrt="w",
        grad="(A x - b).^2",
    ),
    Row(
        "logdet(C + diag(x))",
        lambda C, x: logdet(C + np.diag(x)),
        wrt="x",
        draw={"C": "spd", "x": "positive"},
        grad="diag((C + diag(x))^-1)",
        hessian="-(C + diag(x))^-T ∘ (C + diag(x))^-1",
    ),
    Row(
        "diag(A diag(x) B)",
        lambda A, x, B: np.diag(A @ np.diag(x) @ B),
        wrt="x",
        let="A: 3×4; B: 4×3",
        jacobian="B' ∘ A",
    ),
    Row("diag(tr(A diag(x)) B)", lambda A, x, B: np.diag(A) @ x * np.diag(B), wrt="x", jacobian="diag(B) diag(A)'"),
    Row(
        "logdet(A ⊗ X)",
        lambda A, X: logdet(np.kron(A, X)),
        wrt="X",
        let="A: 2×2; X: n×n",
        draw={"A": "spd", "X": "spd"},
        grad="2 X^-T",
    ),
    Row("tr(X ⊗ X)", lambda X: np.trace(X) ** 2, let="X: n×n", grad="2 tr(X) I_n"),
    Row(
        "A ⊗ X ⊗ B",
        lambda A, X, B: np.kron(np.kron(A, X), B),
        wrt="X",
        let="A: 2×3; X: 4×2; B: 3×4",  # the Jacobian of larger ones fills gigabytes
        diff="A ⊗ dX ⊗ B",
    ),
    Row("commutation((1 + 1)^2, 2) vec(X)", lambda X: vec(X.T), let="X: 4×2"),
    Row(
        "||max(0, A x - b)||^2",
        lambda A, x, b: np.sum(np.maximum(A @ x - b, 0) ** 2),
        wrt="x",
        draw={"x": "away", "b": "away"},
        grad="2 A' max(0, A x - b)",
    ),
    Row(
        "μ sum(sqrt.(x))", lambda x, μ: μ * np.sum(np.sqrt(x)), wrt="x", draw={"x": "positive"}, grad="μ ./ (2 sqrt(x))"
    ),
    Row(
        "X expm(X'X)",
        lambda X: X @ scipy.linalg.expm(X.T @ X),
        adjoint="G expm(X'X) + X frechet(expm, X'X, G'X + X'G)",
    ),
    Row(
        "A X^k + B X^k",
        lambda A, X, B, k: (A + B) @ power(X, k),
        wrt="X",
        let="A, B: m×n; X: n×n; k: integer",
        draw={"k": "3"},
        adjoint="sum(i = 0..k-1, (X^i)' (A + B)'G (X^(k-1-i))')",
    ),
    # Kronecker products and vec
    Row("X ⊗ A", lambda X, A: np.kron(X, A), wrt="X", diff="dX ⊗ A"),
    Row("A ⊗ X", lambda A, X: np.kron(A, X), wrt="X", diff="A ⊗ dX", adjoint="blocksum(A, G)"),
    Row("X ⊗ X", lambda X: np.kron(X, X), diff="dX ⊗ X + X ⊗ dX"),
    Row("tr((X ⊗ A) (B ⊗ X))", lambda X, A, B: np.trace(X @ B) * np.trace(A @ X), wrt="X", let=ALL),
    Row("A (X ⊗ B) c", lambda A, X, B, c: A @ np.kron(X, B) @ c, wrt="X", let="X: 2×3; B: 4×2; c: 6; A: 3×8"),
    Row("vec(X)", lambda X: vec(X), diff="vec(dX)", adjoint="unvec(G, m, n)"),
    Row("A vec(X B)", lambda A, X, B: A @ vec(X @ B), wrt="X", let="X: 3×4; B: 4×2; A: 5×6"),
    Row("unvec(x, 3, 4)", lambda x: x.reshape(3, 4, order="F"), adjoint="vec(G)"),
    Row("A unvec(x, 3, 4) B", lambda A, x, B: A @ x.reshape(3, 4, order="F") @ B, wrt="x"),
    Row("vech(X)", lambda X: X.T[np.triu_indices(len(X))]),
    Row("a'vech(X B)", lambda a, X, B: a @ (X @ B).T[np.triu_indices(len(X))], wrt="X", let="X: 3×4; B: 4×3; a: 6"),
    Row("blocksum(A, X)", lambda A, X: block_sum(A, X), wrt="X", let="A: 2×3; X: 8×9", adjoint="A ⊗ G"),
    Row("B blocksum(X, A)", lambda B, X, A: B @ block_sum(X, A), wrt="X", let="X: 2×3; A: 8×6; B: 5×4"),
    # parts and blocks
    Row("X[2, 3]", lambda X: X[1, 2], let="X: 3×4", diff="dX[2, 3]", grad="basis(2, 3) basis(3, 4)'"),
    Row("X[2, :]", lambda X: X[1], let="X: 3×4"),
    Row("X[:, k]", lambda X, k: X[:, k - 1], draw={"k": "2"}),
    Row("x[2..4]", lambda x: x[1:4], let="x: 6"),
    Row("X[1..2, 2..4] A", lambda X, A: X[:2, 1:4] @ A, wrt="X", let="X: 3×5"),
    Row("sum(i = 1..3, x[i]^i)", lambda x: sum(x[i] ** (i + 1) for i in range(3)), let="x: 5"),
    Row("a'X[:, 2] X[3, :] b", lambda a, X, b: a @ X[:, 1] * (X[2] @ b), wrt="X", let="X: 3×4"),
    Row(
        "[X, A; B, C]",
        lambda X, A, B, C: np.block([[X, A], [B, C]]),
        diff="[dX, zeros(m, p); zeros(q, n), zeros(q, p)]",
    ),
    Row("[X, A; B, X'X]", lambda X, A, B: np.block([[X, A], [B, X.T @ X]]), wrt="X", let="X: 3×3; A: 3×3; B: 3×3"),
    Row("[A X; B]", lambda A, X, B: np.block([[A, X], [B]]), wrt="X", let="A: 2×3; X: 2×2; B: 4×5"),
    Row("logdet([X, A; A', I])", lambda X, A: logdet(X - A @ A.T), wrt="X", let="X: 3×3", draw={"X": "large"}),
    Row("[x' 1; A b]", lambda x, A, b: np.block([[x, 1], [A, b[:, None]]]), wrt="x", let="A: 2×3"),
    # pseudoinverse, adjugate, linear equations
    Row(
        "pinv(X)",
        lambda X: np.linalg.pinv(X),
        diff="pinv(X) pinv(X)'dX' (I - X pinv(X)) + (I - pinv(X) X) dX' pinv(X)' pinv(X) - pinv(X) dX pinv(X)",
    ),
    Row("X' ∘ X", lambda X: X.T * X),
    Row("exp.(X ∘ X')", lambda X: np.exp(X * X.T)),
    Row("(B' ∘ X) C + (B ∘ X')' B", lambda B, X, C: B.T * X @ C + (B * X.T).T @ B, wrt="X", let="B, X, C: n×n"),
    Row("blocksum(X, X ⊗ A)", lambda X, A: np.sum(X * X) * A, wrt="X", diff="2 tr(X'dX) A"),
    Row("norm2(R)", lambda R: norm(R), let="R: 1×3", second=False),
    Row(
        "X pinv(X) : B",  # of odd order, a skew matrix is singular
        lambda X, B: np.sum(X @ np.linalg.pinv(X) * B),
        wrt="X",
        let="X: 5×5 skew",
    ),
    Row("X (X^0 + A)^-1", lambda X, A: X @ inv(eye(len(X)) + A), let=ALL, draw={"A": "spd"}),
    Row("ω = sum(X); ω X", lambda X: np.sum(X) * X, let="X: n×n lower"),
    Row("det(X pinv(I))", lambda X: det(X), draw=INVERTIBLE),
    Row("X pinv(X) A", lambda X, A: X @ np.linalg.pinv(X) @ A, wrt="X", let="X: 5×3"),
    Row(
        "X pinv(X)",
        lambda X: X @ np.linalg.pinv(X),
        let="X: 5×3",
        diff="(I - X pinv(X)) dX pinv(X) + pinv(X)'dX' (I - X pinv(X))",
    ),
    Row("adj(X)", lambda X: det(X) * inv(X), draw=INVERTIBLE),
    Row("tr(A adj(X))", lambda A, X: np.trace(A @ inv(X)) * det(X), wrt="X", draw=INVERTIBLE),
    Row("solve(A, b)", lambda A, b: inv(A) @ b, wrt="A", draw={"A": "invertible"}, diff="-A^-1 dA A^-1 b"),
    Row("sylvester(A, B, X)", lambda A, B, X: sylvester(A, B, X), draw={"A": "large"}, adjoint="sylvester(A', B', G)"),
    Row("sylvester(X, B, C)", lambda X, B, C: sylvester(X, B, C), draw={"X": "large"}),
    Row("tr(D sylvester(A, X, C))", lambda D, A, X, C: np.trace(D @ sylvester(A, X, C)), wrt="X", draw={"A": "large"}),
    # matrix functions
    *(
        row
        for name, function, scalar, kind in MATRIX_FUNCTIONS
        for row in (
            Row(f"{name}(X)", lambda X, f=function: f(X), draw={"X": kind}, diff=f"frechet({name}, X, dX)"),
            Row(
                f"tr(A {name}(X B))",
                lambda A, X, B, f=function: np.trace(A @ f(X @ B)),
                wrt="X",
                let=ALL if kind else SQUARE,
                draw={"X": kind, "B": kind},
            ),
            Row(f"tr({name}(X))", lambda X, f=function: np.trace(f(X)), draw={"X": kind}),
            Row(f"frechet({name}, X, A)", lambda X, A, f=scalar: frechet(f, X, A), draw={"X": kind}, wrt="A"),
            Row(f"B frechet({name}, X, A)", lambda B, X, A, f=scalar: B @ frechet(f, X, A), wrt="X", draw={"X": kind}),
        )
    ),
    Row("tr(expm(X B))", lambda X, B: np.trace(scipy.linalg.expm(X @ B)), wrt="X", grad="expm(X B)'B'"),
    Row(
        "tr(sinm(X) cosm(X))",
        lambda X: np.trace(scipy.linalg.sinm(X) @ scipy.linalg.cosm(X)),
        grad="(cosm(X)^2 - sinm(X)^2)'",
    ),
    Row("expm(τ A)", lambda τ, A: scipy.linalg.expm(τ * A), wrt="τ", diff="dτ A expm(τ A)"),
    Row("X^α", lambda X, α: real_power(X, α), wrt="X", draw={"X": "large"}, diff="frechet(α, X, dX)"),
    Row("A X^(1/3)", lambda A, X: A @ real_power(X, 1 / 3), wrt="X", draw={"X": "large"}),
    Row("X^α", lambda X, α: real_power(X, α), wrt="α", draw={"X": "large"}, diff="dα logm(X) X^α"),
    Row("frechet(α, X, A)", lambda α, X, A: frechet(lambda z: z**α, X, A), wrt="A", draw={"X": "large"}),
    Row("B frechet(α, X, A)", lambda B, α, X, A: B @ frechet(lambda z: z**α, X, A), wrt="X", draw={"X": "large"}),
    # structured variables
    Row("logdet(X)", lambda X: logdet(X), let="X: n×n spd", diff="tr(X^-1 dX)", grad="X^-1"),
    Row("a'X b", lambda a, X, b: a @ X @ b, wrt="X", let="X: n×n symmetric", diff="a'dX b", grad="sym(a b')"),
    Row("X A X", lambda X, A: X @ A @ X, wrt="X", let="X: n×n symmetric", adjoint="sym(G X A' + A'X G)"),
    Row("S^2 A", lambda S, A: S @ S @ A, wrt="S", let="S: n×n skew"),
    Row("(I - S)^-1 (I + S)", lambda S: inv(eye(len(S)) - S) @ (eye(len(S)) + S), let="S: n×n skew"),
    Row("tr(A D B D)", lambda A, D, B: np.trace(A @ D @ B @ D), wrt="D", let="D: n×n diagonal"),
    Row("L L'", lambda L: L @ L.T, let="L: n×n lower", adjoint="tril((G + G') L)"),
    Row("A U^-1", lambda A, U: A @ inv(U), wrt="U", let="U: n×n upper", draw={"U": "large"}),
    Row("||L \\ b||^2", lambda L, b: norm(inv(L) @ b) ** 2, wrt="L", let="L: n×n unit lower"),
    Row("tr(A U^-1)", lambda A, U: np.trace(A @ inv(U)), wrt="U", let="U: n×n unit upper"),
    Row(
        "Q'A Q",
        lambda Q, A: Q.T @ A @ Q,
        wrt="Q",
        let="Q: n×n orthogonal",
        diff="dQ'A Q + Q'A dQ",
        second=False,
    ),
    Row("tr(Q'A Q B)", lambda Q, A, B: np.trace(Q.T @ A @ Q @ B), wrt="Q", let="Q: 5×3 orthogonal", second=False),
    Row("Q^-1 A Q", lambda Q, A: Q.T @ A @ Q, wrt="A", let="Q: n×n orthogonal", diff="Q'dA Q"),
    Row("tr(X'A X B)", lambda X, A, B: np.trace(X.T @ A @ X @ B), wrt="X", let="X: n×n symmetric"),
    Row("(a'X b)^2", lambda a, X, b: (a @ X @ b) ** 2, wrt="X", let="X: n×n symmetric", grad="2 (a'X b) sym(a b')"),
    Row("||A X - B||^2", lambda A, X, B: norm(A @ X - B) ** 2, wrt="X", let="X: n×n lower"),
    Row("tr(A S B S')", lambda A, S, B: np.trace(A @ S @ B @ S.T), wrt="S", let="S: n×n skew"),
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

VALUES = [
    Row("argmax(A x)", lambda A, x: eye(len(A))[np.argmax(A @ x)]),
    Row("lu(X).L", lambda X: scipy.linalg.lu(X, permute_l=True)[0], draw={"X": "dominant"}),
    Row("A lu(X).L", lambda A, X: A @ scipy.linalg.lu(X, permute_l=True)[0], draw={"X": "dominant"}),
    Row("lu(X).U", lambda X: scipy.linalg.lu(X, permute_l=True)[1], draw={"X": "dominant"}),
    Row("lu(X).L lu(X).U", lambda X: X, draw={"X": "dominant"}),
    Row("chol(S)", lambda S: scipy.linalg.cholesky(S, lower=True), let="S: n×n spd"),
    Row("chol(S) chol(S)'", lambda S: S, let="S: n×n spd"),
    Row("ldl(S).L", lambda S: scipy.linalg.ldl(S)[0], let="S: n×n spd"),
    Row("ldl(S).D", lambda S: scipy.linalg.ldl(S)[1], let="S: n×n spd"),
    Row("ldl(S).L ldl(S).D ldl(S).L'", lambda S: S, let="S: n×n spd"),
    Row("qr(X).Q", lambda X: scipy.linalg.qr(X, mode="economic")[0], let="X: 5×3"),
    Row("qr(X).R", lambda X: scipy.linalg.qr(X, mode="economic")[1], let="X: 5×3"),
    Row("qr(X).Q qr(X).R", lambda X: X),
    Row("eigh(S).values", lambda S: scipy.linalg.eigh(S)[0], let="S: n×n symmetric"),
    Row("sum(eigh(S).values)", lambda S: np.trace(S), let="S: n×n symmetric"),
    Row("abs.(eigh(S).vectors)", lambda S: np.abs(scipy.linalg.eigh(S)[1]), let="S: n×n symmetric"),
    Row("eigh(S).vectors", lambda S: np.linalg.eigh(S)[1], let="S: n×n symmetric"),
    Row("svd(X).U svd(X).S svd(X).V'", lambda X: X),
    Row("svd(X).U", lambda X: np.linalg.svd(X, full_matrices=False)[0], let="X: 5×3"),
    Row("svd(X).V", lambda X: np.linalg.svd(X, full_matrices=False)[2].T, let="X: 5×3"),
    Row("svd(X).S", lambda X: np.diag(scipy.linalg.svdvals(X)), let="X: 5×3"),
    Row("svd(X).values", lambda X: scipy.linalg.svdvals(X)),
    Row("sum(svd(X).values.^2)", lambda X: np.sum(X**2)),
    Row("polar(X).U", lambda X: X @ inv(scipy.linalg.sqrtm(X.T @ X)), let="X: 5×3"),
    Row("polar(X).P", lambda X: scipy.linalg.sqrtm(X.T @ X), let="X: 5×3"),
    Row("polar(X).U polar(X).P", lambda X: X, let="X: 5×3"),
    *(
        row
        for name, function, scalar, kind in MATRIX_FUNCTIONS
        for row in (
            Row(f"frechet({name}, X)", lambda X, f=scalar: matrix_of(lambda E: frechet(f, X, E), X), draw={"X": kind}),
            Row(
                f"frechet({name}, X) vec(A)",
                lambda X, A, f=scalar: vec(frechet(f, X, A)),
                let="X, A: n×n",
                draw={"X": kind},
            ),
            Row(f"frechet({name}, X, A, B)", lambda X, A, B, f=scalar: frechet(f, X, A, B), draw={"X": kind}),
        )
    ),
    Row(
        "frechet(α, X)",
        lambda α, X: matrix_of(lambda E: frechet(lambda z: z**α, X, E), X),
        draw={"X": "large"},
    ),
    Row(
        "frechet(α, X) vec(A)",
        lambda α, X, A: vec(frechet(lambda z: z**α, X, A)),
        let="X, A: n×n",
        draw={"X": "large"},
    ),
    Row("commutation(m, n) vec(X)", lambda X: vec(X.T), let="X: m×n"),
    Row("commutation(2, 3)'", lambda: eye(6)[[0, 3, 1, 4, 2, 5]]),
    Row("diag(I_3)", lambda: np.ones(3)),
    Row("commutation(2, 3)", lambda: eye(6)[[0, 2, 4, 1, 3, 5]]),
    Row("duplication(2)", lambda: np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1.0]])),
    Row("duplication(n) vech(S)", lambda S: vec(S), let="S: n×n symmetric"),
    Row("elimination(2)", lambda: eye(4)[[0, 1, 3]]),
    Row("elimination(n) vec(X) - vech(X)", lambda X: np.zeros(len(X) * (len(X) + 1) // 2), let="X: n×n"),
    Row("basis(2, 3)", lambda: eye(3)[1]),
    Row("X basis(k, n)", lambda X, k: X[:, k - 1], let="X: m×n", draw={"k": "2"}),
    Row("ones(2, 3)", lambda: np.ones((2, 3))),
    Row("A ones(n, n) / n", lambda A: A @ np.ones((A.shape[1],) * 2) / A.shape[1], let="A: m×n"),
    # what rules make simpler
    *(Row(f"{name}(-λ)", lambda λ, f=function: f(-λ), draw={"λ": "small"}) for name, function, kind in ELEMENTWISE[3:]),
    *(Row(f"{part}({part}(X))", lambda X, f=function: f(X)) for part, function in PARTS),
    Row("skew(X + X')", lambda X: 0 * X),
    Row("skew(X - X')", lambda X: X - X.T),
    Row("diag(diag(x))", lambda x: x),
    Row("diag(diag(x) y)", lambda x, y: np.diag(x * y), let="x, y: n"),
    Row("diag(λ diag(x))", lambda λ, x: λ * x),
    Row("diag(ones(3))", lambda: eye(3)),
    Row("pinv(pinv(X))", lambda X: X),
    Row("unvec(vec(X), m, n)", lambda X: X, let="X: m×n"),
    Row("sum(ones(2, 3)) + mean(ones(2, 3))", lambda: 7.0),
    Row("[zeros(2, 3), zeros(2, 1)]", lambda: np.zeros((2, 4))),
]
"""Values alone: fixed matrices, and factors, whose differentials come from their equations."""


def matrix_of(linear: Callable[..., Any], X: Any) -> Any:
    """The matrix of a linear map on vec E, for E of the shape of X."""
    n = X.size
    return np.column_stack([vec(linear(e.reshape(X.shape, order="F"))) for e in eye(n)])


def schulz(A: Any, X: Any) -> Any:
    """One Newton–Schulz step towards A⁻¹."""
    return X @ (2 * eye(len(A)) - A @ X)


def geometric_traces(X: Any, k: int) -> Any:
    """tr X + … + tr X^k."""
    return sum(np.trace(power(X, i)) for i in range(1, k + 1))
