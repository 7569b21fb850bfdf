"""LaTeX as authors write it means what its plain notation means; errors point into the LaTeX."""

from __future__ import annotations

import random

import pytest

import symmat as sm
from symmat.algebra.normal import normal
from symmat.core.table import interning
from symmat.errors import SymmatError
from symmat.language import read
from symmat.language.characters import is_latex
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
    (r"\mathrm{d}\lambda \left(\frac12 X + A\right)", "dλ (1/2 X + A)"),
    (r"\mathrm{d}x \left(\frac12 x^\top A\right)", "dx (1/2 x'A)"),
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
    # an entry of a matrix is what stands between & and \\
    (r"\begin{bmatrix} A X \\ B X \end{bmatrix}", "[(A X); (B X)]"),
    (r"\begin{bmatrix} A\,X & -A \\[2pt] X & B \\ \end{bmatrix}", "[A X, -A; X, B]"),
    (r"\begin{pmatrix} X^\top X \\ \lambda I \end{pmatrix}", "[(X'X); (λ I)]"),
    (r"\begin{bmatrix} A x - b \\ \lambda x \end{bmatrix}", "[(A x - b); (λ x)]"),
    (r"\begin{bmatrix} a^\top x \\ b^\top x \end{bmatrix}", "[(a'x); (b'x)]"),
    (r"\begin{vmatrix} \lambda & \alpha \\ \beta & \mu \end{vmatrix}", "det([λ, α; β, μ])"),
    (r"\left[\begin{array}{c|c} A & B \\ C & D \end{array}\right] X", "[A, B; C, D] X"),
    # subscripts are words, and a power may stand before them
    (r"\lambda_{\max} X", "λ_{max} X"),
    (r"x_{\rm new}^\top A", "x_{new}'A"),
    (r"x_{\text{new}}^{\top} x_{\alpha\beta}", "x_{new}'x_{αβ}"),
    (r"\|Ax-b\|^2_2", "||A x - b||^2"),
    (r"\|X\|^2_{\mathrm F}", "||X||^2"),
    (r"\sigma^2_0 X^2_1", "σ_0^2 X_1^2"),
    (r"X^\top_1 A", "X_1'A"),
    (r"\log \sigma^2_0 \, X", "log(σ_0^2) X"),
    (r"\sum\limits^{k-1}_{i=0} X^i A + B", "sum(i = 0..k-1, X^i A) + B"),
    # blanks mean nothing
    (r"A \mathrm{d} X B", "A dX B"),
    (r"A\, {\rm d} X", "A dX"),
    (r"d\mathbf{X} \, \operatorname{d}\! A", "dX dA"),
    (r"\operatorname{tr} \mathrm{d} X", "tr(dX)"),
    (r"{\bf X} {\bf A + B}", "X (A + B)"),
    (r"{X}_1 {\left(A B\right)}^{-1}", "X_1 (A B)^-1"),
    (r"X^{\!\top} A^{-1\top} B^{-1}{}^\top", "X'A^-T B^-T"),
    # displays
    (r"$X^\top A$.", "X'A"),
    (r"$$X^\top A.$$", "X'A"),
    (r"\(X^\top A\)", "X'A"),
    (r"\[ X^\top A, \]", "X'A"),
    ("\\begin{equation}\n X^\\top A \\label{eq:a_1} % 2 X\n B \\tag{3}\n\\end{equation}", "X'A B"),
    (
        r"\begin{align*} S &= X^\top X + \lambda I, \\[2pt] f &= \operatorname{tr}(S^{-1} B). \nonumber \end{align*}",
        "S = X'X + λ I; tr(S^-1 B)",
    ),
    (r"\begin{gather} S = X^\top X \\ \det(S) \\ \end{gather}", "S = X'X; det(S)"),
    ("\\begin{aligned}\nF &= A X \\\\\n&\\quad {} + B\n\\end{aligned}", "A X + B"),
    (r"f(X) = \operatorname{tr}(X^\top A X)", "tr(X'A X)"),
    # functions and brackets
    (r"\operatorname*{tr}(AX)", "tr(A X)"),
    (r"\sin^2\theta \operatorname{tr}^{2}(X)", "sin(θ)^2 tr(X)^2"),
    (r"\biggl(A + B\biggr) X \Bigl\|x\Bigr\|", "(A + B) X ||x||"),
    (r"\max\{0, x\}", "max(0, x)"),
    (r"\exp\left\{-\lambda\right\}", "exp(-λ)"),
    (r"\left\langle A, X\right\rangle_F", "dot(A, X)"),
    (r"\operatorname{tr} X + 1 + 2 \det X", "tr(X) + 1 + 2 det(X)"),
    (r"\operatorname{tr} X \operatorname{tr} A", "tr(X) tr(A)"),
    (r"\sigma \, (A + B)", "σ (A + B)"),
]


@pytest.mark.parametrize(("latex", "plain"), SAME)
def test_it_means_its_plain_notation(latex, plain):
    assert is_latex(latex)
    with interning():
        read_back, wanted = (Text().print(normal(read(text).expr)) for text in (latex, plain))
    assert read_back == wanted


WRONG = [
    (r"‹\foo› X", "name", "command"),
    (r"A X + \frac{x}‹{›2", "syntax", "never closed"),
    (r"‹\sum› X", "syntax", "index"),
    (r"‹\mathbf{X}› + \beta", "shape", "kinds"),
    (r"\mathbf{A} ‹x_i›", "name", "entry"),
    (r"‹\logsumexp ›x", "name", r"\operatorname{logsumexp}"),
    (r"‹x y›\,", "shape", "x'y"),
    (r"2 ‹\hat{x}›^\top x", "name", "x_{hat}"),
    (r"‹\widehat{\Sigma}›", "name", r"\Sigma_{hat}"),
    (r"‹\dot{X}› X", "name", "X_{dot}"),
    (r"‹\vec{x}›^\top A", "name", "x_{vec}"),
    (r"‹\vec›(AXB)", "name", r"\operatorname{vec}"),
    (r"‹\mathcal{X}› - X", "name", "X_{cal}"),
    (r"{‹\mathbb R› X}", "name", "R_{bb}"),
    (r"‹{\cal X}› X", "name", "X_{cal}"),
    (r"‹\begin{Vmatrix}› A \end{Vmatrix}", "name", r"\|X\|"),
    (r"‹\begin{cases}› A \end{cases}", "name", "bmatrix"),
    (r"A ‹&› B \lambda", "syntax", "entries"),
    (r"‹\operatorname{KL}›(X)", "name", "KL is not a function"),
    (r"A ‹\mathrm{MLP}› X", "name", "MLP is not a function"),
    (r"‹\operatorname{rank}›(X)", "name", "rank is not a function"),
    (r"\log ‹\sigma›(w^\top x)", "name", "σ( ) is a function"),
    (r"\log ‹\phi ›(x)", "name", "φ( ) is a function"),
    (r"X‹^10› \lambda", "ambiguous", r"X^{10}, or X^1 \cdot 0"),
    (r"A‹_10› \lambda", "ambiguous", "A_{10}"),
    (r"W‹^{[1]}› \lambda", "ambiguous", "W_{1}"),
    (r"W‹^{(k-1)}› \lambda", "ambiguous", "W^{k-1} for a power"),
    (r"{A B‹}^›2 \lambda", "ambiguous", r"\left(A B\right)"),
    (r"X^2‹_{1,2}› \lambda", "ambiguous", r"\left(X^2\right)_{1,2}"),
    (r"X‹_{\star}›^\top A", "name", "X_{star}"),
    (r"P‹_{k|k-1}› \lambda", "name", "P_{kk1}"),
    (r"k‹_*›^\top K \lambda", "name", "k_{star}"),
    (r"x‹_{i+1}› \lambda", "name", "x[i+1]"),
    (r"A‹^{H}› \lambda", "unsupported", r"A^\top"),
    (r"\|X\|‹_{\mathrm{op}}›", "name", r"\|X\|_2"),
    (r"\|x\|‹_{\Sigma^{-1}}›", "name", r"\sqrt{x^\top W x}"),
    (r"2 e‹^{-\frac12 x^\top A x}›", "ambiguous", r"\exp(-\frac12 x^\top A x)"),
    (r"‹\min›_x \|A x\|", "unsupported", "function alone"),
    (r"‹\operatorname*{arg\,min}›_x x", "unsupported", "function alone"),
    (r"‹\log›_2 \lambda", "unsupported", r"\log x / \log 2"),
    (r"‹\sin^›{-1}\theta", "syntax", r"\arcsin"),
    (r"\log‹|\Sigma|›", "ambiguous", r"\det(Σ)"),
    (r"\log‹|K + \sigma^2 I|›", "ambiguous", r"\det(K"),
    (r"X^\top A \qquad ‹\text{(1)}›", "syntax", "no part of a formula"),
    (
        r"2 ‹\operatorname{tr} X^\top A X›",
        "ambiguous",
        r"\operatorname{tr}(X^\top A X) or \operatorname{tr}(X^\top) A X",
    ),
    (r"(‹\log\det X A›) - 1", "ambiguous", r"\log\det(X A) or \log\det(X) A"),
    (r"\left[A\right‹)› \lambda", "syntax", "closes nothing"),
    (r"\log ‹-›\lambda", "syntax", r"\log(x)"),
    (r"‹f(X) =› A X; \det(f)", "unsupported", "f = …"),
    (r"X^{‹\foo›}", "name", "command"),
    (r"\sum_{i=0}^{‹\foo›} X^i", "name", "command"),
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


def test_a_declared_or_defined_word_is_a_name():
    assert sm.parse(r"\mathrm{cov} (A + B)", "cov: n×n") == sm.parse("cov * (A + B)", "cov: n×n")
    assert sm.parse(r"\mathrm{cov} = X^\top X; \operatorname{tr}(\mathrm{cov})").definitions.keys() == {"cov"}
    assert sm.parse(r"\log \sigma(\lambda)", "sigma: scalar") == sm.parse("log(σ) * λ", "sigma: scalar")
    assert sm.parse(r"e^{2} \lambda", "e: scalar") == sm.parse("e^2 λ", "e: scalar")


def test_what_is_left_out_of_a_display_keeps_its_place():
    text = r"\begin{align} S &= X^\top X \label{eq:s} \\ f &= \foo \end{align}"
    with pytest.raises(SymmatError) as caught:
        sm.parse(text)
    assert caught.value.position == text.index(r"\foo")


PIECES = (
    r"X A x \lambda \sigma \mathbf{X} \mathrm{d} {\rm \operatorname{tr} \det \log \exp_{\odot} \max \frac \sqrt "
    r"\sqrt[3] \sum_{i=0}^{k} \sum \left( \right) ( ) [ ] { } \{ \} | \| \left| \langle \rangle , ; . = + - ^ _ ^2 _1 "
    r"_{1,2} ^\top ' ^{(1)} _F \begin{bmatrix} \end{bmatrix} & \\ \begin{align} $ \, % \text{where} \hat "
    r"\mathcal{K}_{m,n} \odot e L_{ ²"
).split()


@pytest.mark.parametrize("seed", range(300))
def test_any_text_is_read_or_refused(seed):
    chosen = random.Random(seed)
    text = r"\, " + chosen.choice(["", " ", "\n"]).join(chosen.choices(PIECES, k=chosen.randint(1, 9)))
    try:
        sm.parse(text)
    except SymmatError as error:
        assert "LaTeX such as" not in str(error)
        assert error.position is None or (error.source == text and 0 <= error.position <= len(text))
