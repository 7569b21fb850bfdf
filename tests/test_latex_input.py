"""LaTeX as authors write it means what its plain notation means; errors point into the LaTeX."""

from __future__ import annotations

import pytest

import symmat as sm
from symmat.errors import SymmatError
from symmat.expressions.normal import normal
from symmat.expressions.table import interning
from symmat.language import read
from symmat.language.latex import is_latex
from symmat.printing import Text

SAME = [
    (r"\operatorname{tr}\left(A X^{-1} B\right)", "tr(A X^-1 B)"),
    (r"X^{\top}", "X'"),
    (r"X^\top \, A", "X'A"),
    (r"X^{\mathsf T}\!A", "X'A"),
    (r"X^{-\top}\,A", "X^-T A"),
    (r"\frac12 x^\top A x", "1/2 x'A x"),
    (r"\frac{1}{2} x^{\top} A x", "1/2 x'A x"),
    (r"\frac{X^\top A X}{\operatorname{tr}(X^\top X)}", "X'A X / tr(X'X)"),
    (r"\|A x - b\|_2^2", "||A x - b||^2"),
    (r"\left\| A x - b \right\|^{2}", "||A x - b||^2"),
    (r"\lVert x \rVert_1", "||x||_1"),
    (r"\|x\|_{\infty}", "||x||_inf"),
    (r"\|X\|_F", "||X||"),
    (r"\|X\|_*", "normnuc(X)"),
    (r"\left|a^\top x\right|", "|a'x|"),
    (r"\det X", "det(X)"),
    (r"\det(A X) B", "det(A X) B"),
    (r"\log\det X", "logdet(X)"),
    (r"\log \left|\det X\right|", "log(|det(X)|)"),
    (r"\log\det X^2", "logdet(X^2)"),
    (r"\ln \operatorname{tr} X", "log(tr(X))"),
    (r"\sin\theta \cos\theta \, X", "sin(θ) cos(θ) X"),
    (r"M \odot (X - Y)", "M ∘ (X - Y)"),
    (r"A \oslash X", "A ./ X"),
    (r"X \otimes A", "X ⊗ A"),
    (r"\exp_{\odot}(X)", "exp.(X)"),
    (r"X^{\circ 3}", "X.^3"),
    (r"\mathbf{x}^\top\mathbf{A}\mathbf{x}", "x'A x"),
    (r"\boldsymbol\Sigma^{-1} \bm{\mu}", "Sigma^-1 mu"),
    (r"\boldsymbol{\mathbf{\Sigma}} \mathbf{\Lambda A}", "Sigma (Lambda A)"),
    (r"\lambda \mathbf{X}", "λ X"),
    (r"X \, \mathrm{d}X \, X", "X dX X"),
    (r"\mathrm{d}\Sigma \, \Sigma", "dSigma Sigma"),
    (r"\sum_{i=0}^{k-1} X^i A X^{k-1-i} + B", "sum(i = 0..k-1, X^i A X^(k-1-i)) + B"),
    (r"\begin{bmatrix} A & B \\ C & D \end{bmatrix}", "[A, B; C, D]"),
    (r"\begin{pmatrix} x \\ y \end{pmatrix}", "[x; y]"),
    (r"\left[A X\right]_{1,2}", "(A X)[1, 2]"),
    (r"X_{1,:} \,", "X[1, :]"),
    (r"x_{\mathrm{new}}^\top x_1 \,", "x_{new}'x_1"),
    (r"\mathbf{1}_n^\top x", "ones(n)'x"),
    (r"X \mathbf{1}_{n \times m}", "X ones(n, m)"),
    (r"I_{n} + \lambda A", "I_n + λ A"),
    (r"\sqrt{x^\top x}", "sqrt(x'x)"),
    (r"\sqrt[3]{\lambda}", "λ^(1/3)"),
    (r"X^{+} \, A", "pinv(X) A"),
    (r"\operatorname{svd}\left(X\right).U", "svd(X).U"),
    (r"L_{\operatorname{expm}}\left(X, A\right)", "frechet(expm, X, A)"),
    (r"L_{x^{\alpha}}\left(X, A\right)", "frechet(α, X, A)"),
    (r"\langle A, X \rangle", "dot(A, X)"),
    (r"A \backslash B", "A \\ B"),
    (r"2 \cdot 3 X \,", "2 * 3 X"),
    (r"S^{2} \quad \text{where } S = X^{\top} X", "S = X'X; S^2"),
    (r"S = X^\top X; \; \det S", "S = X'X; det(S)"),
]


@pytest.mark.parametrize(("latex", "plain"), SAME)
def test_it_means_its_plain_notation(latex, plain):
    assert is_latex(latex)
    with interning():
        read_back, wanted = (Text().print(normal(read(text).expr)) for text in (latex, plain))
    assert read_back == wanted


WRONG = [
    (r"‹\foo› X", "name", "command"),
    (r"A X + \frac{x‹}{›2", "syntax", ""),
    (r"‹\sum› X", "syntax", "index"),
    (r"‹\mathbf{X}› + \beta", "shape", "kinds"),
    (r"\mathbf{A} ‹x_i›", "name", "entry"),
    (r"‹\logsumexp ›x", "name", r"\operatorname{logsumexp}"),
    (r"‹x y›\,", "shape", "x'y"),
]


@pytest.mark.parametrize(("marked", "kind", "word"), WRONG)
def test_errors_point_into_the_latex(marked, kind, word):
    text = marked.replace("‹", "").replace("›", "")
    with pytest.raises(SymmatError) as caught:
        sm.parse(text)
    assert caught.value.kind == kind
    assert word in str(caught.value)
    assert caught.value.source == text
    assert caught.value.position == marked.index("‹")
    assert caught.value.position < caught.value.end <= len(text)


@pytest.mark.parametrize("text", ["A \\ B", "A\\B", "A \\ (B + C)", "X^3"])
def test_left_division_is_no_latex(text):
    assert not is_latex(text)
    sm.parse(text)


@pytest.mark.parametrize("depth", [2000])
def test_depth_is_no_limit(depth):
    assert sm.parse(r"\left(" * depth + "X" + r"\right)" * depth + r" \,").name == "X"
    assert sm.parse(r"\operatorname{tr}\left(X\right) " * depth)
