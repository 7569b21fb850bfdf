"""Names of every kind: what a user calls things is written safely or refused, and never becomes code."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol

import symmat as sm
from symmat.expressions.constructors import add, dimension, integer_symbol, matrix_symbol, mul, power, scalar_symbol
from symmat.expressions.table import interning
from symmat.numeric import lower

HOSTILE = [
    'n"""\n    __import__("os").system("echo pwned")\n    """',
    '"""', "'''", "\\", "\\\"\"\"", "{A}", "{0.__class__}", "%s", "a\nb", "a\rb", "\x00", "\x1b[2J", "\u2028", "\ud800",
    "x=print(1)", "*, x", "x):\n    pass\ndef g(", "__import__", "__debug__", "lambda", "None", "np", "scipy", "range",
    "ValueError", "len", "f", "T1", "t1", "i", "A B", "", " ", "#", "x#", "𝐱", "ﬁ", "é", "a" * 5000,
    r"\input{/etc/passwd}", r"\write18{rm}", "%", "$", "$$", "\\\\", "}", "{", "}{", "_", "^", "&", "~", "x_", "_x", "x__y",
]  # fmt: skip


def allowed(source: str) -> None:
    """The source is its imports and one function, whose body holds nothing but numbers and calls of NumPy."""
    function = ast.parse(source).body[-1]
    assert isinstance(function, ast.FunctionDef) and function.name == "f"
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(
            node, ast.Global | ast.Delete | ast.With | ast.AsyncFunctionDef | ast.ClassDef | ast.Await
        )
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id in {"ValueError", "range", "len", "min"}
    assert [type(node) for node in function.body[:1]] == [ast.Expr]  # the docstring


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_code(name):
    with interning():
        n, k, c = dimension(name), integer_symbol(name + "k"), scalar_symbol(name + "c")
        X = matrix_symbol(name + "X", n, n)
        function = lower(add(mul(c, power(X, k)), matrix_symbol(name + "Y", n, n)))
    allowed(function.source)
    scalar, two, five = (p.keyword for p in function.parameters if not p.sides), 2 * np.eye(3), 5 * np.eye(3)
    given = dict(zip(scalar, (3.0, 2), strict=True)) | dict(
        zip((p.keyword for p in function.parameters if p.sides), (two, five), strict=True)
    )
    np.testing.assert_allclose(function(**given), 17 * np.eye(3))


@pytest.mark.parametrize("word", ["M", "np", "scipy", "_principal", "f", "X", "lambda", "exponent"])
def test_no_argument_is_called_as_what_the_source_names(word):
    X = MatrixSymbol("X" if word != "X" else "Y", 2, 2)
    try:
        function = sm.diff(X ** Symbol(word), X.name).numpy()
    except sm.SymmatError:
        return
    dX = np.array([[0.5, 1], [2, 0.25]])
    square = np.array([[3, 1], [1, 2.0]])
    value = function(**{X.name: square, "d" + X.name: dX, word: 2.0})
    np.testing.assert_allclose(value, square @ dX + dX @ square)
