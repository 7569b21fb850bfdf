"""Names of every kind: what a user calls things is written safely or refused, and never becomes code."""

from __future__ import annotations

import ast
import json
import random
import re

import numpy as np
import pytest
from sympy import Dummy, E, GoldenRatio, HadamardProduct, Identity, MatrixSymbol, OneMatrix, Sum, Symbol, Trace, pi
from sympy.core.symbol import Str

import symmat as sm
from symmat.core.constructors import add, dimension, integer_symbol, matrix_symbol, mul, power, scalar_symbol
from symmat.core.nodes import MatrixDefinition, MatrixDifferential, MatrixOperation, Variable
from symmat.core.operation import Abbreviation, Operation, abbreviate, find_operation, register
from symmat.core.table import interning
from symmat.errors import RecordProblem
from symmat.numeric import lower

HOSTILE = [
    'n"""\n    __import__("os").system("echo pwned")\n    """',
    '"""', "'''", "\\", "\\\"\"\"", "{A}", "{0.__class__}", "%s", "a\nb", "a\rb", "\x00", "\x1b[2J", "\u2028", "\ud800",
    "x=print(1)", "*, x", "x):\n    pass\ndef g(", "__import__", "__debug__", "lambda", "None", "np", "scipy", "range",
    "ValueError", "len", "f", "T1", "t1", "i", "A B", "", " ", "#", "x#", "𝐱", "ﬁ", "é", "a" * 5000,
    r"\input{/etc/passwd}", r"\write18{rm}", "%", "$", "$$", "\\\\", "}", "{", "}{", "_", "^", "&", "~", "x_", "_x",
    "x; y", "x, y", "X'", "dX", "G", "tr", "I", "I_n", "π", "pi", "d", "e", "T", "0", "1x", "x.T", "<b>", "`ls`", "..",
]  # fmt: skip
SEED = 7
PIECES = [*HOSTILE[:30], *"AXxnλ_{}12'\"\\;:,$%&#~^\n\t ()[]|", "alpha", "__", "\u202e", "\u0301", "А", "ｘ", "\ud83d"]
NOTATION = re.compile(r"[\w\s'^.(){}\[\]+\-*/∘⊗=;:,|×≤<>₀-₉⁰¹²³⁴-⁹⁻ᵀ‖−·↦]*")
COMMANDS = {
    "top", "mathrm", "operatorname", "left", "right", "lVert", "rVert", "odot", "otimes", "frac", "nabla", "partial",
    "quad", "text", "begin", "end", "mathbf", "times", "sum", "alpha", "lambda", "pi", "boldsymbol", "cdot", "langle",
    "rangle", "lvert", "rvert", "dots", "circ", "varepsilon",
}  # fmt: skip


def drawn(count):
    """Hostile names, and as many drawn from pieces of them."""
    rng = random.Random(SEED)
    print(f"seed {SEED}")
    made = ("".join(rng.choices(PIECES, k=rng.randint(1, 4))) for _ in range(count))
    return [*HOSTILE, *made]


def assert_nothing_else_in(source: str) -> None:
    """The source is its imports and one function, whose body holds nothing but numbers and calls of NumPy."""
    *_, function = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef) and function.name == "f"
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, ast.Global | ast.Delete | ast.With | ast.AsyncFunctionDef | ast.ClassDef)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id in {"ValueError", "range", "len", "min"}
    assert isinstance(function.body[0], ast.Expr)  # the docstring


def assert_harmless(text: str, latex: str) -> None:
    """No sign that the notation does not have, no command that is not ours, and every brace closed."""
    assert NOTATION.fullmatch(text) and text.isprintable(), text
    assert set(re.findall(r"\\([A-Za-z]+)", latex)) <= COMMANDS, latex
    assert not re.search(r"[%$#~\"`]|\\\d|[^\x20-\x7e\n]", latex), latex
    bare = re.sub(r"\\.", "", latex)
    assert bare.count("{") == bare.count("}")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_code(name):
    """Nodes with any names at all are lowered to what was asked, whatever would have stopped them on the way in."""
    with interning():
        n, k, c = dimension(name), integer_symbol(name + "k"), scalar_symbol(name + "c")
        X, Y = (matrix_symbol(name + letter, n, n) for letter in "XY")
        function = lower(add(mul(c, power(X, k)), Y))
    assert_nothing_else_in(function.source)
    given = dict(zip((p.symbol for p in function.parameters), (p.keyword for p in function.parameters), strict=True))
    values = {c: 3.0, k: 2, X: 2 * np.eye(3), Y: 5 * np.eye(3)}
    value = function(**{given[symbol]: value for symbol, value in values.items()})
    np.testing.assert_allclose(value, 17 * np.eye(3))


n = Symbol("n", integer=True)
X = MatrixSymbol("X", n, n)
PLACES = {
    "matrix": lambda name: X * MatrixSymbol(name, n, n) * X,
    "vector": lambda name: X * MatrixSymbol(name, n, 1),
    "scalar": lambda name: Symbol(name) * X,
    "positive": lambda name: Symbol(name, positive=True) ** 2 * X,
    "integer": lambda name: Symbol(name, integer=True) * X,
    "exponent": lambda name: X ** Symbol(name, integer=True),
    "real exponent": lambda name: X ** Symbol(name),
    "dummy": lambda name: Dummy(name) * X,
    "size": lambda name: X * MatrixSymbol("B", n, Symbol(name, integer=True)),
    "size of all": lambda name: MatrixSymbol("X", Symbol(name), Symbol(name)) ** 2,
    "sum of sizes": lambda name: MatrixSymbol("A", Symbol(name) + 1, n) * X,
    "size of I": lambda name: Trace(Identity(Symbol(name, integer=True))) * X,
    "size of ones": lambda name: X * OneMatrix(n, Symbol(name, integer=True)),
    "in a Hadamard product": lambda name: HadamardProduct(X, MatrixSymbol(name, n, n)),
    "property": lambda name: X * Variable(Str("A"), n, n, Str(name)),
    "named differential": lambda name: X * MatrixDifferential(Str("d" + name), n, n),
    "definition": lambda name: sm.Program(X * MatrixSymbol(name, n, n), {name: X.T * X}),
    "definition node": lambda name: X * MatrixDefinition(Str(name), X.T * X),
    "index of a sum": lambda name: Sum(Symbol(name) * X, (Symbol(name), 0, 3)),
    "index of a matrix": lambda name: MatrixSymbol("A", n, n)[Symbol(name), 0] * X,
    "entry": lambda name: X * MatrixSymbol(name, 3, 3)[0, 1],
}


@pytest.mark.parametrize("place", PLACES)
def test_names_from_sympy_are_written_safely_or_refused(place):
    taken = 0
    for name in drawn(300):
        try:
            given = PLACES[place](name)
        except (TypeError, ValueError, AttributeError, UnicodeError):
            continue  # SymPy has no such symbol
        try:
            result = sm.diff(given, "X")
        except sm.SymmatError as error:
            assert str(error).replace("\n", "").isprintable()
            continue
        taken += 1
        assert_harmless(result.text(equation=True), result.latex(equation=True))
        assert_harmless(result.let, result.latex(bold=True, parentheses=True))
        assert sm.diff(sm.show(given, "X").reading(), "X", let=result.let).latex() == result.latex()
        if place != "real exponent":  # whose source has helpers
            assert_nothing_else_in(result.numpy().source)
    assert taken > 3 or place in ("property", "index of a sum", "index of a matrix", "entry")


TEXTS = {
    "declared": lambda name: sm.diff(f"X {name}", "X", let=f"X: n×n; {name}: n×n"),
    "size": lambda name: sm.diff("X", "X", let=f"X: {name}×n"),
    "property": lambda name: sm.diff("X", "X", let=f"X: n×n {name}"),
    "wrt": lambda name: sm.diff("A X", name),
    "wrt in a list": lambda name: sm.diff("A X", ["A", name]),
    "wrt as a symbol": lambda name: sm.diff("A X", Symbol(name)),
    "wrt as a matrix": lambda name: sm.diff(X * X, MatrixSymbol(name, n, n)),
    "wrt as a dummy": lambda name: sm.diff(X * X, [Dummy(name)]),
    "text": lambda name: sm.diff(f"X {name} + {name}"),
    "subscript": lambda name: sm.diff(f"X X_{{{name}}}", "X"),
    "definition": lambda name: sm.diff(f"{name} = X'X; {name} X", "X"),
    "index": lambda name: sm.diff(f"sum({name} = 0..3, X^{name})", "X"),
    "latex": lambda name: sm.diff(rf"X^\top \mathrm{{{name}}}", "X"),
    "operator": lambda name: sm.diff(rf"\operatorname{{{name}}}(X)", "X"),
    "function": lambda name: sm.diff(f"{name}(X)", "X"),
}


@pytest.mark.parametrize("place", TEXTS)
def test_names_in_text_are_written_safely_or_refused(place):
    for name in drawn(150):
        try:
            result = TEXTS[place](name)
            shown = result.text(equation=True), result.latex(equation=True)
            source = result.numpy().source
        except sm.SymmatError as error:
            assert str(error).replace("\n", "").isprintable()
            continue
        assert_harmless(*shown)
        ast.parse(source)
        json.dumps(result.let)


def test_a_mark_of_a_transpose_is_one_of_the_list():
    taken = set()
    for mark in [*drawn(300), r"\top", "T", r"\mathsf{T}", "{T}", r"\mathsf T", 5, None, b"T", ["T"]]:
        try:
            assert_harmless("", sm.diff("X'X").latex(transpose=mark).replace(r"\mathsf", r"\mathrm"))
            taken.add(mark)
        except sm.SymmatError:
            continue
    assert taken == {r"\top", "T", r"\mathsf{T}", "{T}", r"\mathsf T"}


@pytest.mark.parametrize("word", ["M", "np", "scipy", "principal", "real_power", "f", "X", "lambda", "exponent"])
def test_no_argument_is_called_as_what_the_source_names(word):
    name = "X" if word != "X" else "Y"
    square, dX = np.array([[3, 1], [1, 2.0]]), np.array([[0.5, 1], [2, 0.25]])
    function = sm.diff(MatrixSymbol(name, 2, 2) ** Symbol(word), name).numpy()
    value = function(**{name: square, "d" + name: dX, word: 2.0})
    np.testing.assert_allclose(value, square @ dX + dX @ square)


@pytest.mark.parametrize("word", [w for w in HOSTILE if not re.fullmatch(r"[A-Za-z]\w*(\.\w+)?", w, re.ASCII)])
def test_words_of_records_are_words(word):
    class Own(MatrixOperation):
        """Of a plug-in."""

    if word:
        with pytest.raises(RecordProblem, match="no word"):
            abbreviate(Abbreviation(word, "n×n -> n×n", lambda A: A))
        with pytest.raises(RecordProblem, match="no word"):
            register(Operation(Own, "own", spelling=word, signature="n×n -> n×n"))
    if not re.fullmatch(r"[\w -]+", word):
        with pytest.raises(RecordProblem, match="no name"):
            register(Operation(Own, word, signature="n×n -> n×n"))
    assert find_operation(Own) is None


# ---------------------------------------------------------------- symbols of SymPy that are not ours


def refusal(given, wrt="X"):
    with pytest.raises(sm.SymmatError) as caught:
        sm.diff(given, wrt)
    return str(caught.value)


def test_two_symbols_of_one_name_are_refused():
    a = Symbol("a")
    for one, other, what in [
        (X, MatrixSymbol("X", 3, 3), "3×3"),
        (X, MatrixSymbol("X", n, 2), "n×2"),
        (X, Variable(Str("X"), n, n, Str("symmetric")), "n×n symmetric"),
        (X, Symbol("X"), "a scalar"),
        (a, Symbol("a", positive=True), "a positive scalar"),
        (a, Symbol("a", integer=True), "an integer"),
        (a, Dummy("a"), "both a scalar"),
        (Dummy("a"), Dummy("a"), "both a scalar"),
        (Symbol("alpha"), Symbol("α"), "alpha and α"),
        (Symbol("n"), MatrixSymbol("n", 2, 2), "2×2"),
    ]:
        pair = [s if isinstance(s, MatrixSymbol) else s * MatrixSymbol("C", n, n) for s in (one, other)]
        given = Trace(pair[0]) * Trace(MatrixSymbol("X", n, n)) + Trace(
            MatrixSymbol("B", pair[1].shape[1], n) * pair[1]
        )
        message = refusal(given)
        assert "two symbols are called" in message and what in message, message


def test_symbols_that_mean_the_same_are_one():
    given = (Symbol("a") + Symbol("a", real=True)) * Trace(X)
    assert sm.grad(given, "X").text() == "2 a I_n"
    size = Symbol("n")  # a size, so an integer wherever it stands
    assert sm.grad(size * Trace(MatrixSymbol("X", size, size)), "X").text() == "n I_n"
    assert sm.diff(MatrixSymbol("X", size + 1, size) * MatrixSymbol("A", n, 2), "X").let == "X: n+1×n; A: n×2"


@pytest.mark.parametrize("kind", [{"commutative": False}, {"imaginary": True}, {"real": False}])
def test_symbols_that_are_no_real_scalars_are_refused(kind):
    A, B = Symbol("A", **kind), Symbol("X", **kind)
    message = refusal(A * B * A * Trace(MatrixSymbol("Y", 2, 2)), "Y")
    assert ("MatrixSymbol(" in message) == ("commutative" in kind)


def test_wrt_is_a_symbol_of_the_expression():
    for wrt in [
        MatrixSymbol("X", 3, 3),
        Symbol("X"),
        Dummy("X"),
        MatrixSymbol("X, Y", n, n),
        Variable(*X.args, Str("spd")),
    ]:
        refusal(X * X, wrt)
        refusal(X * X, [wrt])
    assert sm.diff(X * X, [X]).text() == "dX X + X dX"


def test_names_as_sympy_writes_them():
    given = MatrixSymbol("X_hat", n, n) * MatrixSymbol("Y_12", n, n) * Symbol("lambda_max")
    result = sm.diff(given, "X_{hat}")
    assert result.text() == "lambda_{max} dX_{hat} Y_12"
    assert result.latex() == r"\lambda_{\mathrm{max}} \, \mathrm{d}X_{\mathrm{hat}} \, Y_{12}"
    assert sm.diff("λ_{max} X_{hat} Y_{12}", "X_{hat}", let=result.let).latex() == result.latex()
    assert set(result.numpy().names) == {"lambda_max", "Y_12", "dX_hat"}


def test_constants():
    assert sm.diff(E * pi * X, "X").text() == "exp(1) π dX"
    refusal(GoldenRatio * X)
