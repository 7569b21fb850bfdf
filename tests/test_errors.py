"""What is refused: each text with its kind of error, words of the message or hint, and the place of the caret.

In the texts ‹ and › mark where the caret begins and ends; they are not part of it.
"""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symmat as sm
from symmat.core.table import interning
from symmat.errors import LimitProblem, SymmatError
from symmat.language import read

A_AND_B = "A: n×n; B: n×n"

ERRORS = [
    # letter runs and names
    ("‹Xij›", "", "ambiguous", "X i j", "X[i,j]"),
    ("‹Ainv›", "", "ambiguous", "A i n v", "inv(A)"),
    ("‹XTX›", "", "ambiguous", "X'X", "X T X"),
    ("‹xTAx›", "", "ambiguous", "x'A x", "x T A x"),
    ("‹Xnew›", "", "ambiguous", "X_{new}", "declare Xnew"),
    ("A ‹x_i›", "", "name", "x[i]", "declare x_i"),
    ("‹X_{ij}›", "", "name", "X[i,j]"),
    ("‹x_ij›", "", "syntax", "x[i,j]"),
    ("‹X_new›", "", "syntax", "X_{new}"),
    ("‹_›x", "", "syntax", "subscript"),
    ("‹I3›", "", "name", "I_3"),
    ("‹d x›", "", "ambiguous", "d(x)"),
    ("‹d tr(X)›", "", "ambiguous", "d(tr(X))"),
    ("A ‹d (x'x)›", "", "ambiguous", "d(x'x)"),
    ("‹d (tr(X))› + 1", "", "ambiguous", "d(tr(X))"),
    ("‹d ||x||›^2", "", "ambiguous", "d(||x||)"),
    ("‹d |λ|›", "", "ambiguous", "d(|λ|)"),
    ("‹d [X, Y]›", "", "ambiguous", "d([X, Y])"),
    ("‹d 2 X›", "", "ambiguous", "d(2 X)"),
    ("‹d*x›", "", "ambiguous", "d(x)"),
    ("d ‹(›x", "", "syntax", "never closed"),
    ("‹dtr›(X)", "", "ambiguous", "d(tr(…))"),
    ("‹ddX›", "", "unsupported", "differentials of differentials"),
    ("‹dk›", "", "name", "integer"),
    ("‹dπ›", "", "name", "π is a number"),
    ("‹dpi› X", "", "name", "no differential"),
    ("‹dI_3›", "", "name", "I_3 is the identity"),
    ("k = 3; ‹dk›", "", "name", "k is an integer"),
    ("S = X'X; ‹dS›", "", "unsupported", "the definition S", "define dS"),
    ("‹S›; S", "", "syntax", "needs a name", "S = …"),
    ("S = X; ‹S› = X'; S", "", "name", "defined twice"),
    ("‹X› = A; X", "X: n×n", "name", "declared and defined"),
    ("S = ‹T›; T = X; S", "", "name", "before it is defined"),
    ("X = ‹X›'X; X", "", "name", "before it is defined"),
    ("dX = A; ‹X› dX", "", "name", "dX is defined", "the differential of X"),
    ("‹I› = X; I", "", "name", "has a meaning"),
    ("‹I_n› = X; X", "", "name", "has a meaning"),
    ("‹tr› = X; X", "", "name", "has a meaning"),
    ("‹trace› = X; X", "", "name", "has a meaning"),
    ("‹π› = 3; X", "", "name", "has a meaning"),
    ("‹n› = 2; X", "X: n×n", "name", "declared as a size"),
    ("‹Beta› X", "", "name", "Latin letter B"),
    ("A ‹Mu›_1", "", "name", "Latin letter M"),
    ("‹muX›", "", "ambiguous", "m u X", "μ X"),
    ("‹piX›", "", "ambiguous", "p i X", "π X"),
    ("‹Axi›", "", "ambiguous", "A x i", "A ξ"),
    ("‹xij›", "", "ambiguous", "x[i,j]"),
    ("‹In›", "", "ambiguous", "I n", "I_n"),
    ("‹I_x›", "", "shape", "x is a vector", "declare x: integer"),
    ("S = X; ‹I_S›", "", "shape", "S is a matrix"),
    ("‹I_0›", "", "shape", "a size of 0"),
    ("‹1i› X", "", "unsupported", "complex", "1 i"),
    ("X + ‹2j›", "", "unsupported", "complex", "2 j"),
    # functions
    ("‹tr› A", "", "syntax", "parentheses", "tr(A)"),
    ("‹det› X", "", "syntax", "det(X)"),
    ("‹tr› (A X)", "", "syntax", "tr(A X)"),
    ("‹sin› x", "", "syntax", "sin(x)"),
    ("‹det›X", "", "syntax", "det(X)", "d e t X"),
    ("‹foo›(X)", "", "name", "foo", "function"),
    ("‹kx›(X)", "", "name", "k x (…)"),
    ("‹DET›(X)", "", "name", "det( )"),
    ("‹inverze›(X)", "", "name", "did you mean inverse( )"),
    ("‹Trace›(X)", "", "name", "trace( )"),
    ("‹cholesky›(X)", "", "name", "chol(X)"),
    ("‹eye›(3)", "", "name", "I_n"),
    ("‹asin›(x)", "", "name", "arcsin"),
    ("‹f›(x)", "", "name", "f * (…)"),
    ("‹σ›(x)", "", "name", "σ * (…)"),
    ("‹x›(1)", "", "ambiguous", "x[1]"),
    ("‹X›(1, 2)", "", "ambiguous", "X[1, 2]"),
    ("‹x›(1)", "x: n", "ambiguous", "x[1]"),
    ("‹x›(i)", "", "ambiguous", "x[i] for an entry, or x * i"),
    ("‹X›(i, :)", "", "ambiguous", "X[i, :] for an entry\n"),
    ("tr‹(A, B)›", "", "syntax", "tr takes 1 argument, and has 2"),
    ("tr(‹)›", "", "syntax", "nothing between"),
    ("det(‹x'x›)", "", "shape", "det takes a matrix"),
    ("log(‹X›)", "", "ambiguous", "log.(X)", "logm(X)"),
    ("‹d›(X)", "", "unsupported", "verify"),
    # products
    ("‹x› y", "", "shape", "x'y", "x y'", "x ∘ y"),
    ("‹a› X", "", "shape", "a'X", "declare a: scalar"),
    ("‹A› b'c", "", "shape", "A (b'c)", "(b'c) A"),
    ("‹1'›x", "", "shape", "ones(n)'"),
    ("‹β'›X'Xβ", "", "shape", "declare β: n"),
    ("2 ‹3›", "", "ambiguous", "*"),
    ("tr(‹A ∘ B X›)", "", "ambiguous", "parentheses", "(A ∘ B) X", "A ∘ (B X)"),
    ("‹A ⊗ B ∘ X›", "", "ambiguous", "parentheses"),
    ("‹A B ⊗ C›", "", "ambiguous", "(A B) ⊗ C", "A (B ⊗ C)"),
    ("x' A x ‹A B ∘ C›", "", "ambiguous", "(A B) ∘ C", "A (B ∘ C)"),
    ("‹A / 2 ∘ B›", "", "ambiguous", "write (A / 2) ∘ B\n"),
    ("‹A ∘ 2 B›", "", "ambiguous", "write A ∘ (2 B)\n"),
    # sums
    ("‹x› + 1", "", "shape", "ones(n)"),
    ("‹X› + λ", "", "shape", "λ I", "λ ones(m,n)"),
    ("‹x› + λ", "", "shape", "λ ones(n)"),
    ("‹A x› + B", "A: m×n; x: n; B: m×n", "shape", "A x is a vector", "B is m×n"),
    # powers
    ("‹X^2^3›", "", "ambiguous", "(X^2)^3", "X^(2^3)"),
    ("‹A^1/2›", "", "ambiguous", "(A^1)/2", "A^(1/2)"),
    ("‹X^2k›", "", "ambiguous", "X^2 k", "X^(2 k)"),
    ("X^‹ij›", "", "ambiguous", "^(i j)"),
    ("X^‹TX›", "", "ambiguous", "X'X"),
    ("X_1^-‹TX›", "", "ambiguous", "X_1^-1'X"),
    ("X‹^-T›", "T: n×n", "ambiguous", "X^-1'"),
    ("‹x^2›", "", "ambiguous", "x'x", "x x'", "x.^2"),
    ("‹x²›", "", "ambiguous", "x.^2"),
    ("‹x.^2^3›", "", "ambiguous", "(x.^2)^3", "x.^(2^3)"),
    ("‹X^2²›", "", "ambiguous", "(X^2)^2", "X^(2^2)"),
    ("‹e^{-x}›", "", "ambiguous", "exp(-x)"),
    ("‹e^x›", "", "ambiguous", "exp(x)", "expm"),
    ("A^‹X›", A_AND_B, "shape", "exponent"),
    ("X^‹(10^9)›", "", "limit", "exponent", "1,000,000"),
    ("X^‹1000001›", "", "limit", "exponent"),
    ("X^‹(10^(10^6))›", "", "limit", "exponent"),
    # entry by entry
    ("exp(‹X›)", "", "ambiguous", "both ways", "exp.(X)", "expm(X)"),
    ("max(‹A›, B)", "", "ambiguous", "max.(A, B)"),
    ("max(0, ‹X›)", "", "ambiguous", "max.(0, X)"),
    ("expm(‹x›)", "", "shape", "x is a vector", "exp(x)"),
    ("commutation(‹2.5›, 2)", "", "shape", "a size is an integer\n  c"),
    ("‹tr.(X)›", "", "syntax", "entry by entry", "leave out the dot"),
    ("‹foo›.(X)", "", "name", "not a function"),
    ("‹2› ∘ x", "", "shape", "beside '∘'", "2 x"),
    ("x ./ ‹2›", "", "shape", "beside './'", "x / 2"),
    ("‹A ∘ B ⊗ C›", "", "ambiguous", "(A ∘ B) ⊗ C", "A ∘ (B ⊗ C)"),
    ("‹A ∘ B C›", "", "ambiguous", "(A ∘ B) C", "A ∘ (B C)"),
    ("x.^‹X›", "", "shape", "the exponent X is a matrix"),
    ("‹A› ∘ B", "A: 2×3; B: 3×2", "shape", "does not fit"),
    ("‹A› ∘ B ∘ C", "A: 2×3; C: 3×2", "shape", "does not fit"),
    # the Frobenius product
    ("‹A› : B", "A: 2×3; B: 3×2", "shape", "A : B does not fit"),
    ("‹λ› : X", "", "shape", "between matrices"),
    ("A : B ‹:› C", "", "syntax", "once in a term"),
    # bars
    ("‹|X|›", "", "ambiguous", "det(X)", "abs.(X)"),
    ("‹|x|›", "", "ambiguous", "||x||", "abs(x)"),
    ("‹||λ||›", "", "ambiguous", "no norm", "|λ|"),
    ("‹||x||_3›", "", "name", "subscript 3", "_inf"),
    ("‹||x||_12›", "", "name", "subscript 12"),
    ("|| ‹||›x|| a ||", "", "ambiguous", "directly inside like bars"),
    ("||A x - b‹|›^2", "", "syntax", "never closed"),
    ("|| ‹||›", "", "ambiguous", "directly inside like bars"),
    # entries
    ("‹X[1]›", "", "shape", "two indices", "X[1,:]", "X[:,1]"),
    ("‹A[1,2,3]›", "", "syntax", "two indices"),
    ("X[‹0›,1]", "", "shape", "counts from 1"),
    ("X[‹5›,1]", "X: 3×4", "shape", "from 1 to 3"),
    ("x[i,‹2›]", "", "shape", "out of range"),
    ("x[1,‹i›]", "", "shape", "can only be 1"),
    ("X[‹4..2›,:]", "", "shape", "empty"),
    ("x[‹a›]", "", "shape", "an index is an integer", "declare a: integer"),
    ("x[‹2.5›]", "", "shape", "an index is an integer"),
    ("‹λ[1]›", "", "shape", "no entries"),
    ("X[1..‹:›]", "", "syntax", "missing between"),
    # blocks
    ("‹[A -›B]", "", "ambiguous", "[A, -B]"),
    ("[‹A›, B]", "A: 2×3; B: 3×3", "shape", "the row of blocks"),
    ("[‹A›; B]", "A: 2×3; B: 2×2", "shape", "the column of blocks"),
    ("‹[›A; B", "", "syntax", "never closed"),
    ("[A, ‹]›", "", "syntax", "missing"),
    ("[‹]›", "", "syntax", "nothing between the brackets"),
    # factors and functions of matrices
    ("tr(‹lu(X)›)", "", "syntax", "the parts L, U", "lu(X).L"),
    ("‹lu(X).Q›", "", "syntax", "the parts L, U"),
    ("A ‹.L›", "", "syntax", "no meaning here"),
    ("frechet(‹X›, X, E)", "", "shape", "no function of a matrix", "expm"),
    ("‹frechet(expm)›", "", "syntax", "frechet(expm, X, E)"),
    ("frechet(expm, ‹λ›, A)", "", "shape", "frechet takes matrices"),
    ("‹expm›", "", "syntax", "parentheses", "expm(X)"),
    ("‹diag(λ)›", "", "shape", "a vector or a matrix"),
    ("Q K' / ‹sqrt(d)›", "", "ambiguous", "a division by a vector", "declare d: scalar"),
    ("A + ‹A ⊗ A›", "", "shape", "the sizes of A ⊗ A do not fit"),
    ("‹vec(X)› + y", "y: 12", "shape", "do not fit", "declare the sizes"),
    ("(‹A ⊗ B›)^-1", "A: 2×3", "shape", "do not fit", "declare the sizes"),
    ("‹ones(n)'›x", "x: 3", "shape", "numbers for both sizes"),
    ("A : (‹A ⊗ A›)", "", "shape", "the sizes of A ⊗ A do not fit"),
    ("softmax(‹X›)", "", "shape", "takes a vector"),
    ("‹sylvester(A, B)›", "", "syntax", "takes 3 arguments"),
    ("ones(‹0›)", "", "shape", "a size of 0"),
    ("unvec(‹x›, 3, 4)", "x: 10", "shape", "fit"),
    ("X‹^H›", "", "unsupported", "complex", "X'"),
    ("X‹^*›", "", "unsupported", "complex", "X'"),
    ("X^‹›", "", "syntax", "exponent is missing"),
    ("X‹**›3", "", "syntax", "X^3"),
    # quotients
    ("‹1/2x›", "", "ambiguous", "(1/2) x", "1/(2 x)"),
    ("‹λ / μ ν›", "", "ambiguous", "(λ / μ) ν", "λ / (μ ν)"),
    ("‹x'Ax/x'x›", "", "ambiguous", "(x'Ax/x') x", "x'Ax/(x'x)"),
    ("‹1/2A› ∘ B", "", "ambiguous", "(1/2) A", "1/(2 A)"),
    ("‹λ / μ ν› A ⊗ B", "", "ambiguous", "(λ / μ) ν", "λ / (μ ν)"),
    ("‹λ^2k› A ∘ B", "", "ambiguous", "λ^2 k", "λ^(2 k)"),
    ("A / ‹B›", A_AND_B, "ambiguous", "A B^-1", "B \\ A"),
    ("tr(A / ‹X›)", "", "ambiguous", "A X^-1", "X \\ A"),
    ("1 / ‹X›", "", "ambiguous", "X^-1"),
    ("x / ‹y›", "", "ambiguous", "x ./ y"),
    ("1/‹0›", "", "value", "zero"),
    ("‹0› \\ A", "", "value", "zero"),
    # shapes
    ("tr(‹A› B X)", "A: 3×4; B: 5×2", "shape", "A is 3×4 (declared)", "B is 5×2 (declared)"),
    ("‹A› X + X + B", "A: 3×4; X: 5×2; B: 5×2", "shape", "A is 3×4 (declared)", "X is 5×2 (declared)"),
    ("tr((X + B) C) ‹A› X", "A: 3×4; B: 5×6", "shape", "A is 3×4 (declared)", "X is 5×6 (from (X + B))"),
    ("‹A X› + X", "A: 3×4", "shape", "A X has 3 rows (declared)", "X has 4 rows (from A X)"),
    ("‹A› + (X - B)'", "A: 3×4; B: 3×4", "shape", "A is 3×4", "(X - B)' is 4×3"),
    ("‹A› + B", "A: n×m; B: m×n", "shape", "A is n×m", "B is m×n"),
    ("det(‹A X›)", "A: 2×3; X: 3×4", "shape", "square", "2×4"),
    ("tr(‹X›^-1 A)", "X: 2×3", "shape", "square", "2×3"),
    ("‹x^-1›'x", "", "ambiguous", "vector"),
    ("tr(‹I›)", "", "shape", "I_n"),
    ("zeros(‹x›, n)", "", "shape", "size"),
    # brackets, operators
    ("", "", "syntax", "empty"),
    ("  \t ", "", "syntax", "empty"),
    ("‹;›", "", "syntax", "no expression"),
    ("‹(›A + B", "", "syntax", "never closed"),
    ("A + B‹)›", "", "syntax", "closes nothing"),
    ("(A + B‹}›", "", "syntax", "closed by"),
    ("(A‹;› B)", "", "syntax", "inside brackets"),
    ("A +‹›", "", "syntax", "operand is missing after '+'"),
    ("tr(A + ‹*› X)", "", "syntax", "between '+' and '*'"),
    ("‹*› X", "", "syntax", "before '*'"),
    ("(‹)›", "", "syntax", "nothing between"),
    ("‹'›X", "", "syntax", "nothing before '"),
    ("A‹,› B", "", "syntax", "comma"),
    ("‹{›A}", "", "syntax", "(A + B)"),
    ("0‹..›k", "", "syntax", "sum(i = 0..k-1"),
    ("sum(i = 0..k, ‹X›)", "", "syntax", "index i"),
    ("sum(i = 0..‹X›, X^i)", "", "shape", "bounds"),
    ("X = Y ‹=› Z", "", "syntax", "one '='"),
    ("‹A X = B›", "", "unsupported", "equation"),
    ("2‹.›", "", "syntax", "digits"),
    ("sum(i = 0..k, " * 10 + "‹sum›(i = 0..k, X^i" + ")" * 11, "", "limit", "10 deep"),
    ("‹1e999999›", "", "limit", "digits"),
    # characters
    ("‹Х› A", "", "name", "CYRILLIC"),
    ("‹Α› X", "", "name", "Greek", "Latin letter A"),
    ("X‹\u0302›", "", "name", "COMBINING"),
    ("‹۳› X", "", "syntax", "ARABIC", "write 3"),
    ("‹Ｘ›", "", "syntax", "FULLWIDTH", "write X"),
    ("X‹\t›A", "", "syntax", 'r"…"'),
    ("‹\x08›eta", "", "syntax", 'r"…"'),
    ("X ‹$› Y", "", "syntax", "no meaning"),
    ('‹"›X"', "", "syntax", "quotation"),
    # other languages
    ("‹\\foobar› X A", "", "name", "command \\foobar is not known"),
    ("‹_›_import__('os')", "", "syntax", "letter before"),
    ("X ‹==› Y", "", "syntax", "write one ="),
]  # fmt: skip


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: repr(row[0]))
def test_error(row):
    marked, let, kind, *words = row
    text = marked.replace("‹", "").replace("›", "")
    with interning(), pytest.raises(SymmatError) as caught:
        read(text, let)
    error = caught.value
    assert error.kind == kind
    for word in words:
        assert word in f"{error}\n"
    if "‹" in marked:
        start, end = marked.index("‹"), marked.index("›") - 1
        if marked.startswith("tr‹(A, B)"):
            start = 0
        assert (error.position, error.end) == (start, max(end, start + 1))


DECLARATIONS = [
    ("X: n×n ‹hermitian›", "name", "'hermitian'"),
    ("‹X n×n›", "syntax", "colon"),
    ("‹X:›", "syntax", "nothing is declared"),
    ("‹X: m×n invertible›", "shape", "not square"),
    ("‹x: m×n vector›", "shape", "one size"),
    ("x: vector ‹scalar›", "name", "two kinds"),
    ("‹c: scalar 3›", "name", "cannot have a size"),
    ("‹X: 0×n›", "shape", "size of 0"),
    ("X: ‹m×n×p›", "name", "neither a size"),
    ("X: 3 ‹4›", "syntax", "two sizes"),
    ("X: n; ‹X›: n", "name", "declared twice"),
    ("A: n; ‹dX›: n; X: n", "name", "differential"),
    ("dX: n", "name", "differential"),
    ("‹I›: n×n", "name", "meaning"),
    ("A, ‹tr›: n×n", "name", "meaning"),
    ("‹trace›: n×n", "name", "meaning"),
    ("‹eye›: n×n", "name", "meaning"),
    ("‹grad›: n", "name", "meaning"),
    ("‹π›: scalar", "name", "meaning"),
    ("A: n; ‹X›: X×X", "name", "stands for a size"),
    ("A, ‹2X›: n×n", "syntax", "not a name"),
    ("‹X Y›: n×n", "syntax", "not a name"),
    ("‹Х›: n×n", "name", "CYRILLIC"),
    ("‹X: n×n symmetric lower›", "name", "lower and symmetric"),
    ("‹X: m×n spd›", "shape", "not square, so that it cannot be spd"),
    ("‹x: vector skew›", "shape", "it cannot be skew"),
    ("‹Q: 2×3 orthogonal›", "shape", "more columns than rows"),
    ("‹c: scalar symmetric›", "name", "cannot have symmetric"),
]


@pytest.mark.parametrize(("marked", "kind", "words"), DECLARATIONS)
def test_declaration_refused(marked, kind, words):
    let = marked.replace("‹", "").replace("›", "")
    with interning(), pytest.raises(SymmatError) as caught:
        read("X + X", let)
    error = caught.value
    assert error.kind == kind
    assert words in str(error)
    if "‹" in marked:
        assert error.source == let
        assert (error.position, error.end) == (marked.index("‹"), marked.index("›") - 1)
    else:
        assert error.source == "X + X"
        assert error.position == 0


@pytest.mark.parametrize("let", [None, 5, [1], {"X": "n"}])
def test_declarations_that_are_no_text(let):
    with pytest.raises(SymmatError, match="declarations are text"):
        sm.diff("X^3", let=let)


def test_a_clash_shows_both_places():
    with interning(), pytest.raises(SymmatError) as caught:
        read("A B", "A: 3×4; B: 5×2")
    assert caught.value.also == (2, 3)
    assert str(caught.value).splitlines()[1:] == ["  A B", "  ^ ~"]


@pytest.mark.parametrize("text", ["2^1000000 X", "(2^1000000)^1000000 X", "X " + " * ".join(["9" * 290] * 30)])
def test_a_number_that_is_too_long_to_print(text):
    with pytest.raises(LimitProblem, match="4,200 digits"):
        sm.diff(text, wrt="X").text()


def outcome(text, let=""):
    """The error of a text, which must show itself, or None where it is read."""
    try:
        with interning():
            read(text, let)
    except SymmatError as error:
        return error.position is None or 0 <= error.position <= len(error.source), str(error)
    return None


@pytest.mark.parametrize("seed", range(5))
def test_100_000_random_characters(seed):
    pool = string.printable + "λΣ⊗∘ᵀ⁻¹²‖′АΑ\x00"
    text = "".join(random.Random(seed).choices(pool, k=100_000))
    assert outcome(text)


@pytest.mark.parametrize("text", ["(" * 100_000, "X^(" * 30_000, "X" + "^2" * 50_000, "1" * 100_000, "x" * 100_000])
def test_100_000_characters_that_look_alike(text):
    assert outcome(text)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    assert outcome(text) is None or all(outcome(text))


PIECES = (
    "A", "B", "X", "x", "y", "λ", "k", "n", "2", "0.5", "T", "I_n", "I", "d", "dX", "S", "=", "tr(", "det(", "log(",
    "inv(", "vec(", "zeros(", "sum(i = 0..k, ", "(", ")", "{", "}", "^", "^-1", "^T", "'", "²", "+", "-", "*", "/",
    "\\", "⊗", "∘", ",", ";", ".", "..", "[", "]", "|", ":", "_1", " ", "\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_formula_is_read_or_refused(pieces):
    found = outcome("".join(pieces))
    assert found is None or all(found)


@given(st.text(max_size=20))
def test_any_declaration_is_read_or_refused(let):
    found = outcome("X", let)
    assert found is None or all(found)
