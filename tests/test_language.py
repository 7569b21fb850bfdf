"""What texts mean: readings against nodes built by hand, shapes, declarations, and the grammar itself."""

from __future__ import annotations

from fractions import Fraction

import pytest
from lark import Lark
from sympy import Abs, Determinant, HadamardPower, HadamardProduct, KroneckerProduct, log, pi

from symmat.core.constructors import (
    add,
    constant,
    decimal,
    definition,
    differential_symbol,
    dimension,
    identity,
    integer_symbol,
    inverse,
    make,
    matrix_symbol,
    mul,
    neg,
    number,
    power,
    scalar_symbol,
    trace,
    transpose,
    zero,
)
from symmat.core.nodes import HadamardQuotient
from symmat.core.sums import sum_over
from symmat.core.table import interning
from symmat.errors import SymmatError
from symmat.language import declare, parse_names, read
from symmat.language.grammar import NoLexer, grammar_text
from symmat.operations.vec import Commutation, Vec


class Names:
    """Symbols by attribute: matrices are n×n, lower-case Latin letters are vectors, Greek ones scalars."""

    def __getattr__(self, name):
        if len(name) > 4:  # what pytest asks of every object
            raise AttributeError(name)
        n = dimension("n")
        if name in ("k", "i", "j"):
            return integer_symbol(name)
        if name.startswith("d"):
            return differential_symbol(getattr(self, name[1:]))
        if name[0].islower():
            return matrix_symbol(name, n, number(1)) if name[0].isascii() else scalar_symbol(name)
        return matrix_symbol(name, n, n)


s = Names()
SQUARE = "; ".join(f"{name}: n×n" for name in "ABCDX")
I = lambda: identity(dimension("n"))
vector = lambda name: matrix_symbol(name, dimension("n"), number(1))
dot = lambda *factors: trace(mul(*factors))
over = lambda t: power(t, number(-1))
half = lambda: number(Fraction(1, 2))

READINGS = [
    # products: flat, in order, parentheses group
    ("A X B", lambda: mul(s.A, s.X, s.B)),
    ("A * X · B @ C", lambda: mul(s.A, s.X, s.B, s.C)),
    ("AXB", lambda: mul(s.A, s.X, s.B)),
    ("A (X B)", lambda: mul(s.A, mul(s.X, s.B))),
    ("(A X) B", lambda: mul(mul(s.A, s.X), s.B)),
    ("((A))", lambda: s.A),
    ("2A", lambda: mul(number(2), s.A)),
    ("2 A X", lambda: mul(number(2), s.A, s.X)),
    ("kX", lambda: mul(s.k, s.X)),
    ("A λ B", lambda: mul(s.A, s.λ, s.B)),
    ("A * -B", lambda: mul(s.A, neg(s.B))),
    ("λ(A + B)", lambda: mul(s.λ, add(s.A, s.B))),
    ("A(B + C)", lambda: mul(s.A, add(s.B, s.C))),
    ("dX(A + B)", lambda: mul(s.dX, add(s.A, s.B))),
    ("λXdA(B)", lambda: mul(s.λ, s.X, s.dA, s.B)),
    ("Aλtr(X)", lambda: mul(s.A, s.λ, trace(s.X))),
    ("I_nX", lambda: mul(I(), s.X)),
    ("AB(C)", lambda: mul(s.A, s.B, s.C)),
    ("X_1 X1", lambda: mul(s.X_1, s.X1), "X_1: n×n; X1: n×n"),
    # what is 1×1 is a scalar, from left to right
    ("x'y", lambda: dot(transpose(s.x), s.y)),
    ("x'Ax", lambda: dot(transpose(s.x), s.A, s.x)),
    ("x'x x", lambda: mul(dot(transpose(s.x), s.x), s.x)),
    ("x x'x", lambda: mul(s.x, transpose(s.x), s.x)),
    ("2 x'y", lambda: dot(number(2), transpose(s.x), s.y)),
    ("2 x'y x", lambda: mul(dot(number(2), transpose(s.x), s.y), s.x)),
    ("x'y λ", lambda: mul(dot(transpose(s.x), s.y), s.λ)),
    ("|λ||μ|", lambda: mul(make(Abs, s.λ), make(Abs, s.μ))),
    ("x' λ y", lambda: dot(transpose(s.x), s.λ, s.y)),
    ("(a'x) (x'b)", lambda: mul(dot(transpose(s.a), s.x), dot(transpose(s.x), s.b))),
    ("a'x A", lambda: mul(dot(transpose(s.a), s.x), s.A)),
    ("x'(A + B)x", lambda: dot(transpose(s.x), add(s.A, s.B), s.x)),
    # sums
    ("A - B + C", lambda: add(s.A, neg(s.B), s.C)),
    ("A - (B + C)", lambda: add(s.A, neg(add(s.B, s.C)))),
    ("-A B", lambda: neg(mul(s.A, s.B))),
    ("--A", lambda: neg(neg(s.A))),
    ("-X^2", lambda: neg(power(s.X, number(2)))),
    ("A -B", lambda: add(s.A, neg(s.B))),
    ("X + 0", lambda: add(s.X, zero((dimension("n"), dimension("n"))))),
    ("I - X", lambda: add(I(), neg(s.X))),
    ("λI + X", lambda: add(mul(s.λ, I()), s.X)),
    ("A\n+ B", lambda: add(s.A, s.B)),
    ("A +\nB", lambda: add(s.A, s.B)),
    ("A\n.* B", lambda: make(HadamardProduct, s.A, s.B)),
    ("A .*\nB", lambda: make(HadamardProduct, s.A, s.B)),
    ("A\n./ B", lambda: make(HadamardQuotient, s.A, s.B)),
    ("A\n: B", lambda: dot(transpose(s.A), s.B)),
    ("A :\nB", lambda: dot(transpose(s.A), s.B)),
    ("A\n.^2", lambda: make(HadamardPower, s.A, number(2))),
    # powers, inverses, transposes
    ("X^3", lambda: power(s.X, number(3))),
    ("X²", lambda: power(s.X, number(2))),
    ("X^0", lambda: power(s.X, number(0))),
    ("X^1", lambda: s.X),
    ("X^-1", lambda: inverse(s.X)),
    ("X⁻¹", lambda: inverse(s.X)),
    ("inv(X)", lambda: inverse(s.X)),
    ("inverse(X)", lambda: inverse(s.X)),
    ("X^-3", lambda: power(inverse(s.X), number(3))),
    ("X^{-1}", lambda: inverse(s.X)),
    ("X^k", lambda: power(s.X, s.k)),
    ("X^(k-1)", lambda: power(s.X, add(s.k, number(-1)))),
    ("X^{k-1}", lambda: power(s.X, add(s.k, number(-1)))),
    ("X^-k", lambda: power(inverse(s.X), s.k)),
    ("X^(-k)", lambda: power(inverse(s.X), s.k)),
    ("X^(2^3)", lambda: power(s.X, number(8))),
    ("(X^2)^3", lambda: power(power(s.X, number(2)), number(3))),
    ("X^T", lambda: transpose(s.X)),
    ("X.T", lambda: transpose(s.X)),
    ("Xᵀ", lambda: transpose(s.X)),
    ("X_1ᵀ", lambda: transpose(s.X_1), "X_1: n×n"),
    ("I_nᵀ", lambda: transpose(I())),
    ("X^{⊤}", lambda: transpose(s.X)),
    ("X’", lambda: transpose(s.X)),
    ("transpose(X)", lambda: transpose(s.X)),
    ("X''", lambda: s.X),
    ("X^-T", lambda: transpose(inverse(s.X))),
    ("X^{-T}", lambda: transpose(inverse(s.X))),
    ("X⁻ᵀ", lambda: transpose(inverse(s.X))),
    ("X^-1'", lambda: transpose(inverse(s.X))),
    ("X'^2", lambda: power(transpose(s.X), number(2))),
    ("λ^(1/2)", lambda: power(s.λ, half())),
    ("(x'x)^μ", lambda: power(dot(transpose(s.x), s.x), s.μ)),
    ("λ^-1", lambda: power(s.λ, number(-1))),
    ("λ^(3-1)", lambda: power(s.λ, number(2))),
    # quotients
    ("1/2 X", lambda: mul(half(), s.X)),
    ("1 / 2", half),
    ("0.5 X", lambda: mul(decimal(Fraction(1, 2)), s.X)),
    ("1e-3 X", lambda: mul(decimal(Fraction(1, 1000)), s.X)),
    ("A / λ", lambda: mul(s.A, over(s.λ))),
    ("A / 2", lambda: mul(s.A, over(number(2)))),
    ("A/λ B", lambda: mul(s.A, over(s.λ), s.B)),
    ("λ / μ * X", lambda: mul(s.λ, over(s.μ), s.X)),
    ("x'A x / (x'x)", lambda: mul(dot(transpose(s.x), s.A, s.x), over(dot(transpose(s.x), s.x)))),
    ("A \\ B", lambda: mul(inverse(s.A), s.B)),
    ("A B \\ C D", lambda: mul(inverse(mul(s.A, s.B)), s.C, s.D)),
    # functions and fixed matrices
    ("tr(A X)", lambda: trace(mul(s.A, s.X))),
    ("trace(X)", lambda: trace(s.X)),
    ("tr(x'A x)", lambda: dot(transpose(s.x), s.A, s.x)),
    ("log(det(X))", lambda: make(log, make(Determinant, s.X))),
    ("ln(λ)", lambda: make(log, s.λ)),
    ("Adet(X)", lambda: mul(s.A, make(Determinant, s.X))),
    ("A ⊗ B", lambda: make(KroneckerProduct, s.A, s.B)),
    ("2 A ⊗ B", lambda: mul(number(2), make(KroneckerProduct, s.A, s.B))),
    ("x'y A ⊗ B", lambda: mul(dot(transpose(s.x), s.y), make(KroneckerProduct, s.A, s.B))),
    ("kron(A, B)", lambda: make(KroneckerProduct, s.A, s.B)),
    ("vec(X)", lambda: make(Vec, s.X)),
    ("commutation(n, n)", lambda: make(Commutation, dimension("n"), dimension("n"))),
    ("I_n", I),
    ("I_3", lambda: identity(number(3))),
    ("zeros(n, n)", lambda: zero((dimension("n"), dimension("n")))),
    ("zeros(n)", lambda: zero((dimension("n"), number(1)))),
    ("π X", lambda: mul(constant(pi), s.X)),
    # differentials and finite sums
    ("dX A + X dA", lambda: add(mul(s.dX, s.A), mul(s.X, s.dA))),
    ("AdXB", lambda: mul(s.A, s.dX, s.B)),
    ("dX^2", lambda: power(s.dX, number(2))),
    ("dlambda X", lambda: mul(s.dλ, s.X)),
    ("d'x", lambda: dot(transpose(vector("d")), s.x)),
    ("d'dX dd", lambda: dot(transpose(vector("d")), s.dX, differential_symbol(vector("d"))), "d: n"),
    ("dtr(X)", lambda: mul(scalar_symbol("d"), trace(s.X)), "d: scalar"),
    (
        "sum(i = 0..k-1, X^i dX X^(k-1-i))",
        lambda: sum_over(
            lambda i: mul(power(s.X, i), s.dX, power(s.X, add(s.k, number(-1), neg(i)))),
            number(0),
            add(s.k, number(-1)),
            (s.X,),
        ),
    ),
    # names
    ("Sigma^-1 Σ", lambda: mul(inverse(s.Σ), s.Σ), "Σ: n×n"),
    ("lambda X", lambda: mul(s.λ, s.X)),
    ("λX", lambda: mul(s.λ, s.X)),
    ("lambdaX", lambda: mul(s.λ, s.X)),
    ("Kinv X Kinv'", lambda: mul(s.Kinv, s.X, transpose(s.Kinv)), "Kinv: n×n"),
    ("AKinvB", lambda: mul(s.A, s.Kinv, s.B), "Kinv: n×n"),
    ("β'x", lambda: dot(transpose(vector("β")), s.x), "β: n"),
    ("a X", lambda: mul(scalar_symbol("a"), s.X), "a: scalar"),
    ("𝐗 − 𝐀", lambda: add(s.X, neg(s.A))),
    ("µ X", lambda: mul(s.μ, s.X)),
    # definitions
    ("S = X'X; S^-1 B", lambda: mul(inverse(definition("S", mul(transpose(s.X), s.X))), s.B)),
    ("S = X'X\nS B", lambda: mul(definition("S", mul(transpose(s.X), s.X)), s.B)),
    ("cov = X X'; cov B", lambda: mul(definition("cov", mul(s.X, transpose(s.X))), s.B)),
    ("s_1 = x'x; s_1 X", lambda: mul(definition("s_1", dot(transpose(s.x), s.x)), s.X)),
    ("S = X'X; dS = dX'X; dS", lambda: definition("dS", mul(transpose(s.dX), s.X))),
    ("k = 3; X^k", lambda: power(s.X, number(3))),
    ("k = j + 1; k X^k", lambda: mul(add(s.j, number(1)), power(s.X, add(s.j, number(1))))),
    ("i = 3; I_i", lambda: identity(number(3))),
    ("F = X^3", lambda: power(s.X, number(3))),
]  # fmt: skip


def declarations(own=""):
    """Everything is of size n, but for what a row declares itself."""
    return "; ".join([own, *(d for d in f"{SQUARE}; x: n; y: n; a: n; b: n".split("; ") if f"{d[0]}: " not in own)])


@pytest.mark.parametrize("row", READINGS, ids=lambda row: row[0])
def test_reading(row):
    text, build, *let = row
    with interning():
        assert read(text, declarations(*let)).expr is build()


SHAPES = [
    ("A X B", "A: m×n; X: n×p; B: p×q"),
    ("A X B + C", "A: m×n; X: n×p; B: p×q; C: m×q"),
    ("X^3", "X: n×n"),
    ("X^k", "X: n×n; k: integer"),
    ("tr(A X^-1 B)", "A: m×n; X: n×n; B: n×m"),
    ("x'A x", "x: n; A: n×n"),
    ("n X", "X: m×p; n: integer"),
    ("m X n", "X: p×q; m: integer; n: integer"),
    ("A ⊗ B", "A: m×n; B: p×q"),
    ("vec(X) + y", "X: m×n; y: m*n"),
    ("A + zeros(1 + m, m k) + zeros(m + 1, k m)", "A: m+1×k*m"),
    ("(A ⊗ B) vec(X)", "A: m×n; B: p×q; X: q×n"),
    ("commutation(m, n) vec(X)", "X: m×n"),
    ("duplication(n) vech(X)", "X: n×n"),
    ("vec(X)'vec(Y)", "X: m×n; Y: m×n"),
    ("vec(X) + y ⊗ x", "X: m×n; y: n; x: m"),
    ("(A ⊗ B)^-1", "A: m×m; B: n×n"),
    ("logdet(X ⊗ X)", "X: n×n"),
    ("(A ⊗ B) (X ⊗ C)", "A: m×n; B: p×q; X: n×r; C: q×s"),
    ("tr([X A; B C])", "X: m×m; A: m×n; B: n×m; C: n×n"),
    ("[A; B] x + [C; D] y", "A: m×n; B: p×n; x: n; C: m×q; D: p×q; y: q"),
    ("X + I", "X: n×n"),
    ("A dX", "A: m×n; X: n×p"),
    ("n = 2; ones(n)'x + y[n]", "x: 2; y: m"),
    ("sum(i = 0..2, 2i X)", "X: m×n"),
    ("S = X'X + λI; tr(S^-1 B)", "X: m×n; λ: scalar; B: n×n"),
]


@pytest.mark.parametrize(("text", "let"), SHAPES)
def test_shapes_are_as_general_as_the_expression_allows(text, let):
    with interning():
        reading = read(text)
        assert declare(reading.symbols.values()) == let
        again = read(text, let)
        assert again.expr is reading.expr
        assert again.symbols == reading.symbols


@pytest.mark.parametrize(
    "let",
    [
        "X: m×n",
        "X: m x n",
        "X: m,n",
        "X: 3×4",
        "X: 3x4",
        "X: 3 x n",
        "X: nxn",
        "X: mx3",
        "X: n, n symmetric",
        "X: n×n, symmetric",
        "X: symmetric n×n constant",
        "X: matrix",
        "X: n×n invertible",
        "X: invertible",
        "X: n×n constant",
        "X: n×n invertible constant",
        "X: N×D",
        "A, X: m×n",
        "X : n × n ; ",
        "X: m\nA: n",
    ],
)
def test_declarations(let):
    with interning():
        reading = read("X", let)
        expr = reading.expr
        again = read("X", declare([expr], constants=reading.constants))
        assert again.expr is expr
        assert again.constants == reading.constants
        assert (reading.constants == {"X"}) == ("constant" in let)


def test_declared_letters_are_integers():
    with interning():
        reading = read("X / p", "X: p×q")
        assert reading.symbols["p"] is integer_symbol("p")


def test_reading_tells_names_and_spelling():
    with interning():
        reading = read("S = X'X; F = Sigma S lambda", "Sigma: constant")
        assert reading.name == "F"
        assert list(reading.symbols) == ["X", "Σ", "λ"]
        assert list(reading.definitions) == ["S"]
        assert reading.constants == {"Σ"}
        assert reading.spelling == {"Σ": "Sigma", "λ": "lambda"}
        assert declare(reading.symbols.values(), reading.spelling) == "X: m×n; Sigma: p×n; lambda: scalar"


def test_a_differential_makes_its_symbol():
    with interning():
        assert list(read("A dX").symbols) == ["A", "X"]


@pytest.mark.parametrize(("text", "names"), [("X", ["X"]), ("A, X", ["A", "X"]), ("Sigma ,x_1", ["Σ", "x_1"])])
def test_names(text, names):
    assert parse_names(text) == names


@pytest.mark.parametrize("text", ["", "A,", "A, ,B", "A B", "A, A", "2", "X'"])
def test_names_refused(text):
    with pytest.raises(SymmatError):
        parse_names(text)


def test_the_grammar_has_no_conflict():
    Lark(grammar_text(), parser="lalr", lexer=NoLexer, strict=True)


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "X" + ")" * DEEP,
        "inv(" * DEEP + "X" + ")" * DEEP,
        "-(" * DEEP + "X" + ")" * DEEP,
        "[" * DEEP + "X" + "]" * DEEP,
        "X" + "'" * DEEP,
        " + ".join(["X"] * DEEP),
        " ".join(["X"] * DEEP),
    ],
    ids=["parentheses", "inverses", "minus", "blocks", "primes", "terms", "factors"],
)
def test_no_pass_recurses(text):
    with interning():
        read(text)


def test_an_alias_takes_what_its_word_takes():
    with interning():
        assert read("trace(x'A x)").expr is read("tr(x'A x)").expr is read("x'A x").expr
        assert read("inverse(x'A x) X").expr is read("inv(x'A x) X").expr


def test_a_defined_differential_is_known_by_the_name_of_its_greek_subscript():
    with interning():
        text = "ω = sum(J); dG_{} = 4 ω; dG_{} ones(3)"
        by_name, by_letter = text.replace("{}", "{omega}"), text.replace("{}", "ω")
        assert read(by_name, "J: 3").expr is read(by_letter, "J: 3").expr
