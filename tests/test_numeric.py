"""The numeric backend: its values against NumPy written by hand, its source as people read it, and its checks."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Abs, Determinant, KroneckerProduct, MatrixSymbol, Symbol, log

import symmat as sm
from symmat.core.constructors import (
    add,
    cotangent,
    decimal,
    definition,
    differential_symbol,
    dimension,
    finite_sum,
    identity,
    index,
    integer_symbol,
    inverse,
    make,
    matrix_symbol,
    mul,
    neg,
    number,
    power,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.nodes import MatrixDefinition, MatrixOperation
from symmat.core.operation import operation
from symmat.core.table import interning
from symmat.core.walks import children, postorder
from symmat.errors import ShapeProblem, SymmatError, UnsupportedProblem, ValueProblem
from symmat.language import read
from symmat.language.foreign import adopt
from symmat.numeric import binary_powers, check, laws, lower
from symmat.numeric.evaluate import evaluate
from symmat.numeric.naming import identifier
from symmat.operations.determinant import LogDeterminant
from symmat.operations.elementwise import ON_ENTRIES
from symmat.operations.kronecker import kron
from symmat.operations.vec import Vec, commutation, vec
from tests.cases import ROWS
from tests.strategies import Pool

SIZES = {"m": 2, "n": 3, "p": 4, "q": 5}
SHAPES = {
    **dict.fromkeys("XYZ", "nn"),
    "A": "mn",
    "B": "np",
    "C": "mp",
    "D": "pq",
    "a": "n1",
    "b": "n1",
    "c": "m1",
    "d": "p1",
    "r": "1n",
    "λ": "",
    "μ": "",
    "k": "k",
}


def unit(letter):
    """I of a size."""
    return identity(dimension(letter))


inv, det, eye, outer, T = np.linalg.inv, np.linalg.det, np.eye, np.outer, transpose
matrix_power = np.linalg.matrix_power


class Symbols:
    """Symbols by name, each made in the table in use."""

    def __getattr__(self, name):
        if name not in SHAPES:
            raise AttributeError(name)
        shape = SHAPES[name]
        if not shape:
            return scalar_symbol(name)
        if shape == "k":
            return integer_symbol(name)
        return matrix_symbol(name, *(number(1) if s == "1" else dimension(s) for s in shape))


s = Symbols()


def arguments():
    rng = np.random.default_rng(7)
    values = {"k": 4, "λ": 0.7, "μ": 1.3}
    for name, shape in SHAPES.items():
        if name not in values:
            values[name] = rng.standard_normal([SIZES[x] for x in shape if x != "1"])
    return values


VALUES = arguments()
ASCII = {"lambda_": "λ", "mu": "μ"}


def call(function):
    known = VALUES | SIZES
    return function(**{name: known[ASCII.get(name, name)] for name in function.names})


def compiled(build):
    with interning():
        return lower(build())


# each row: the nodes, the value by hand, and what the source must hold
X, Y, Z, A, B, C, D, a, b, c, d, r, lam, mu = (VALUES[k] for k in "XYZABCDabcdrλμ")
PRODUCTS = {
    "a product": (lambda: mul(s.A, s.B, s.D), A @ B @ D, "A @ B @ D"),
    "towards a vector": (lambda: mul(s.A, s.X, s.Y, s.a), A @ (X @ (Y @ a)), "A @ (X @ (Y @ a))"),
    "from a vector": (lambda: mul(T(s.a), s.X, s.Y), a @ X @ Y, "a @ X @ Y"),
    "a scalar product": (lambda: mul(T(s.a), s.X, s.b), a @ X @ b, "@"),
    "its trace": (lambda: trace(mul(T(s.a), s.X, s.b)), a @ X @ b, "@"),
    "an outer product": (lambda: mul(s.X, s.a, T(s.c), s.A), outer(X @ a, c @ A), "np.outer(X @ a, c @ A)"),
    "a scaled outer product": (lambda: mul(s.λ, s.a, T(s.c)), lam * outer(a, c), "np.outer(lambda_ * a, c)"),
    "x x'x": (lambda: mul(s.a, T(s.a), s.a), a * (a @ a), "(a @ a) * a"),
    "a scalar inside": (lambda: mul(s.X, s.a, T(s.a), s.b, T(s.c)), outer(X @ a, c) * (a @ b), ""),
    "scalars in any place": (lambda: mul(s.A, s.λ, s.X, number(2), s.a), 2 * lam * A @ X @ a, "2 * lambda_ * (A @"),
    "a sign": (lambda: mul(number(-1), s.A, s.a), -(A @ a), "-(A @ a)"),
    "a quotient": (lambda: mul(s.A, power(s.λ, number(-1))), A / lam, "A / lambda_"),
    "a quotient of scalars": (
        lambda: mul(number(Fraction(2, 3)), s.λ, power(s.μ, number(-2)), s.A),
        2 / 3 * lam / mu**2 * A,
        "",
    ),
    "a third": (lambda: mul(number(Fraction(1, 3)), s.A), A / 3, "A / 3"),
    "a decimal": (lambda: mul(decimal(Fraction(1, 10)), s.A), 0.1 * A, "0.1 * A"),
    "identities": (lambda: mul(unit("m"), s.A, unit("n"), s.B), A @ B, "return A @ B"),
    "a scaled identity": (lambda: mul(s.λ, unit("n")), lam * eye(3), "lambda_ * np.eye(n)"),
    "ones and minus ones": (lambda: mul(number(1), neg(neg(s.A)), unit("n")), A, "return A"),
    "a transpose": (lambda: T(mul(s.A, s.λ, s.B)), lam * (A @ B).T, ""),
    "a transposed product beside a vector": (lambda: mul(T(mul(s.A, s.X)), s.c), X.T @ (A.T @ c), "c @ A @ X"),
    "a nested transpose": (lambda: mul(T(mul(T(mul(s.A, s.X)), s.C)), s.a), (X.T @ A.T @ C).T @ a, ""),
    "a row": (lambda: mul(s.r, s.B), r @ B, "r @ B"),
    "an outer product with a row": (lambda: mul(s.c, s.r), outer(c, r), "np.outer(c, r)"),
    "a sum": (lambda: add(neg(s.A), mul(s.C, T(s.B)), neg(mul(s.A, s.X))), C @ B.T - A - A @ X, "C @ B.T - A - A @ X"),
    "vectors times a sum": (lambda: mul(add(s.X, T(s.X)), s.a), (X + X.T) @ a, ""),
    "vectors are taken into sums of products": (
        lambda: mul(T(s.c), add(mul(s.A, s.X), mul(number(-2), s.λ, s.A, power(s.X, number(2)), s.Y)), s.a),
        c @ (A @ X - 2 * lam * A @ X @ X @ Y) @ a,
        "t1 @ a - 2 * lambda_ * (t1 @ X @ Y @ a)",
    ),
    "also transposed": (
        lambda: mul(T(add(mul(s.A, s.X), mul(number(2), s.A), s.A)), s.c),
        (A @ X + 3 * A).T @ c,
        "t1 @ X + 2 * t1 + t1",
    ),
    "also with an identity": (
        lambda: mul(add(mul(number(2), unit("n")), neg(mul(s.X, s.Y))), s.a),
        2 * a - X @ Y @ a,
        "2 * a - X @ (Y @ a)",
    ),
    "also in a trace": (
        lambda: trace(mul(s.a, T(s.c), add(mul(s.A, s.X), s.A))),
        c @ (A @ X + A) @ a,
        "t1 @ X @ a + t1 @ a",
    ),
    "equal terms": (lambda: add(s.A, s.A, s.A), 3 * A, "3 * A"),
    "terms that vanish": (lambda: add(s.A, neg(s.A)), 0 * A, ""),
    "zeros": (lambda: add(s.A, zero((dimension("m"), dimension("n")))), A, "return A"),
    "a zero": (lambda: zero((dimension("m"), dimension("n"))), np.zeros((2, 3)), "np.zeros((m, n))"),
    "a power of two": (lambda: power(s.X, number(2)), X @ X, "X @ X"),
    "a power": (lambda: power(s.X, number(7)), matrix_power(X, 7), "np.linalg.matrix_power(X, 7)"),
    "a power on a vector": (lambda: mul(power(s.X, number(3)), s.a), X @ (X @ (X @ a)), "X @ (X @ (X @ a))"),
    "a symbolic power": (lambda: power(s.X, s.k), matrix_power(X, 4), "matrix_power(X, k)"),
    "a scalar power": (lambda: power(trace(mul(T(s.a), s.a)), number(Fraction(-1, 2))), 1 / np.sqrt(a @ a), "np.sqrt"),
    "an exponent that is a symbol": (lambda: power(s.λ, s.μ), lam**mu, "lambda_ ** mu"),
    "an exponent that is a negative fraction": (
        lambda: power(s.λ, add(number(Fraction(1, 3)), number(-1))),
        lam ** (-2 / 3),
        "",
    ),
    "a power of a fraction that is negative": (
        lambda: power(number(Fraction(-2, 3)), s.k),
        (-2 / 3) ** 4,
        "(-2 / 3) ** k",
    ),
    "a logarithm": (lambda: make(log, trace(mul(T(s.a), s.a))), np.log(a @ a), "np.log(a @ a)"),
    "a number": (lambda: number(3), 3, "return 3"),
    "a size": (lambda: trace(unit("n")), 3, "return n"),
    "the trace of a product": (lambda: trace(mul(s.A, s.B, T(s.C))), np.trace(A @ B @ C.T), "np.sum("),
    "the trace of a square": (lambda: trace(mul(T(s.A), s.A)), np.sum(A * A), "np.sum(A * A)"),
    "the trace of an outer product": (lambda: trace(mul(s.X, s.a, T(s.b))), b @ X @ a, "@"),
    "the trace of a sum": (
        lambda: trace(mul(number(-1), s.λ, add(mul(s.X, s.Y), neg(mul(s.Y, s.Z)), unit("n"), s.X))),
        -lam * np.trace(X @ Y - Y @ Z + eye(3) + X),
        "np.sum(",
    ),
    "equal traces": (
        lambda: add(trace(mul(T(s.X), s.Y)), trace(mul(T(s.Y), s.X))),
        2 * np.sum(X * Y),
        "2 * np.sum(X * Y)",
    ),
    "numbers times numbers": (lambda: mul(number(2), add(mul(number(3), s.λ, s.A))), 6 * lam * A, "6 * lambda_ * A"),
    "the trace of a transpose": (lambda: trace(T(s.X)), np.trace(X), "np.trace(X)"),
}
INVERSES = {
    "alone": (lambda: inverse(s.X), inv(X), "np.linalg.inv(X)"),
    "left": (lambda: mul(inverse(s.X), s.B), inv(X) @ B, "np.linalg.solve(X, B)"),
    "right": (lambda: mul(s.A, inverse(s.X)), A @ inv(X), "np.linalg.solve(X.T, A.T).T"),
    "between": (lambda: mul(s.A, inverse(s.X), s.B), A @ inv(X) @ B, "A @ np.linalg.solve(X, B)"),
    "on a vector": (lambda: mul(s.A, s.X, inverse(s.Y), s.a), A @ X @ inv(Y) @ a, "A @ (X @ np.linalg.solve(Y, a))"),
    "under a vector": (lambda: mul(T(s.a), inverse(s.X)), a @ inv(X), "np.linalg.solve(X.T, a)"),
    "in a form": (lambda: trace(mul(T(s.a), inverse(s.X), s.b)), a @ inv(X) @ b, "np.linalg.solve("),
    "transposed": (lambda: mul(inverse(T(s.X)), s.B), inv(X).T @ B, "np.linalg.solve(X.T, B)"),
    "transposed outside": (lambda: mul(T(inverse(s.X)), s.B), inv(X).T @ B, "np.linalg.solve(X.T, B)"),
    "twice": (lambda: mul(inverse(inverse(s.X)), s.B), X @ B, "X @ B"),
    "two of them": (lambda: mul(inverse(s.X), inverse(s.Y)), inv(Y @ X), "np.linalg.solve(X, np.linalg.inv(Y))"),
    "two beside a vector": (lambda: mul(inverse(s.X), inverse(s.Y), s.a), inv(Y @ X) @ a, "np.linalg.solve("),
    "in a trace": (lambda: trace(mul(inverse(s.X), s.Y)), np.trace(inv(X) @ Y), "np.trace(np.linalg.solve(X, Y))"),
    "in a long trace": (
        lambda: trace(mul(s.Y, inverse(s.X), s.Z)),
        np.trace(Y @ inv(X) @ Z),
        "np.sum(Y.T * np.linalg.solve(X, Z))",
    ),
    "the trace of two": (lambda: trace(mul(inverse(s.X), inverse(s.Y))), np.trace(inv(Y @ X)), "np.trace("),
    "a power of one": (lambda: power(inverse(s.X), number(3)), matrix_power(inv(X), 3), "np.linalg.inv(X)"),
    "a power of one on a vector": (lambda: mul(power(inverse(s.X), number(2)), s.a), inv(X @ X) @ a, "lu_factor(X)"),
    "of a sum": (
        lambda: mul(inverse(add(mul(T(s.A), s.A), mul(s.λ, unit("n")))), s.a),
        inv(A.T @ A + lam * eye(3)) @ a,
        "np.linalg.solve(A.T @ A + lambda_ * np.eye(n), a)",
    ),
    "of a 1×1 product": (lambda: mul(s.A, s.a, inverse(mul(T(s.a), s.a))), A @ a / (a @ a), "/ (a @ a)"),
    "on both sides": (
        lambda: neg(mul(inverse(s.X), s.Y, inverse(s.X))),
        -inv(X) @ Y @ inv(X),
        "lu_X = lu_factor(X)",
    ),
    "with its transpose": (lambda: mul(T(inverse(s.X)), s.Y, inverse(s.X)), inv(X).T @ Y @ inv(X), "trans=1"),
    "with its determinant": (
        lambda: mul(make(Determinant, s.X), T(inverse(s.X))),
        det(X) * inv(X).T,
        "lu_X = lu_factor(X)",
    ),
    "with its log-determinant": (
        lambda: add(make(LogDeterminant, s.X), trace(mul(inverse(s.X), s.Y))),
        np.linalg.slogdet(X)[1] + np.trace(inv(X) @ Y),
        "lu_X = lu_factor(X)",
    ),
    "a determinant": (lambda: make(Determinant, s.X), det(X), "np.linalg.det(X)"),
    "a log-determinant": (lambda: make(LogDeterminant, mul(T(s.X), s.X)), np.linalg.slogdet(X.T @ X)[1], "slogdet"),
}
OPERATIONS = {
    "vec": (lambda: vec(s.A), A.reshape(-1, order="F"), "reshape(-1, order='F')"),
    "vec of a product": (lambda: make(Vec, mul(s.A, s.B)), (A @ B).reshape(-1, order="F"), "(A @ B).reshape"),
    "kron": (lambda: kron(s.A, s.C), np.kron(A, C), "np.kron(A, C)"),
    "kron of vectors": (lambda: kron(s.a, s.c), np.kron(a, c), ""),
    "kron of a row and a column": (lambda: kron(T(s.a), s.c), np.kron(a[None, :], c[:, None]), ""),
    "kron of a column and a matrix": (lambda: kron(s.a, s.A), np.kron(a[:, None], A), "a[:, None]"),
    "kron times vec": (lambda: mul(kron(T(s.B), s.A), vec(s.X)), (A @ X @ B).reshape(-1, order="F"), ""),
    "commutation": (
        lambda: mul(commutation(dimension("m"), dimension("n")), vec(s.A)),
        A.T.reshape(-1, order="F"),
        "",
    ),
    "the row of a trace": (lambda: mul(T(vec(unit("n"))), vec(s.X)), np.trace(X), ""),
}
TABLE = {
    f"{family}: {name}": row
    for family, rows in (("product", PRODUCTS), ("inverse", INVERSES), ("operation", OPERATIONS))
    for name, row in rows.items()
}


@pytest.mark.parametrize("name", TABLE)
def test_value_and_source(name):
    build, expected, piece = TABLE[name]
    function = compiled(build)
    value = call(function)
    assert np.shape(value) == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-11)
    assert piece in function.source


def alone(source, name="f"):
    """The function of a source as somebody runs it who pastes it: with what it imports itself, and nothing of ours."""
    namespace = {}
    exec(source, namespace)  # which symmat generated, and the test is that it runs
    return namespace[name]


@pytest.mark.parametrize("name", TABLE)
def test_source_runs_without_symmat(name):
    function = compiled(TABLE[name][0])
    assert "symmat" not in function.source
    known = VALUES | SIZES
    value = alone(function.source)(**{n: known[ASCII.get(n, n)] for n in function.names})
    np.testing.assert_allclose(value, TABLE[name][1], rtol=1e-9, atol=1e-11)


def test_source_runs_in_a_process_of_its_own():
    function = compiled(lambda: mul(inverse(s.X), s.Y, inverse(s.X)))
    code = f"{function.source}\nimport sys\nprint(f(X=np.eye(2), Y=np.ones((2, 2)))[0, 0], 'symmat' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1.0", "False"]


def test_import_is_lazy():
    code = "import symmat, sys; print([m for m in ('numpy', 'scipy', 'sympy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------- sharing, depth, loops


def test_shared_nodes_are_temporaries():
    def build():
        P = mul(s.A, s.X)
        return add(mul(P, s.Y), mul(P, s.Z))

    function = compiled(build)
    assert "T1 = A @ X\n    return T1 @ Y + T1 @ Z\n" in function.source
    np.testing.assert_allclose(call(function), A @ X @ (Y + Z))


def test_definitions_keep_their_names():
    def build():
        S = definition("S", add(mul(T(s.A), s.A), mul(s.λ, unit("n"))))
        return trace(mul(inverse(S), s.Y))

    function = compiled(build)
    assert "    S = A.T @ A + lambda_ * np.eye(n)\n" in function.source
    assert "np.trace(np.linalg.solve(S, Y))" in function.source
    np.testing.assert_allclose(call(function), np.trace(inv(A.T @ A + lam * eye(3)) @ Y))


def test_definitions_of_inverses_and_transposes():
    def build():
        K = definition("K", inverse(s.X))
        L = definition("L", T(mul(s.A, K)))
        return add(mul(K, s.a), mul(L, s.c))

    function = compiled(build)
    np.testing.assert_allclose(call(function), inv(X) @ a + (A @ inv(X)).T @ c)
    assert "np.linalg.inv" not in function.source


def test_names_in_the_source_do_not_clash():
    def build():
        n, one = dimension("n"), number(1)
        names = ["np", "T1", "lambda", "λ", "f", "x_{1}", "x_1", "a b; import os", "t1"]
        columns = [matrix_symbol(name, n, one) for name in names]
        shared = trace(mul(T(columns[0]), columns[1]))
        return mul(shared, add(mul(shared, columns[0]), *columns))

    function = compiled(build)
    assert len(set(function.names)) == 9 and all(name.isidentifier() for name in function.names)
    assert "import os" not in function.source
    ones = function(**{name: np.ones(2) for name in function.names})
    np.testing.assert_allclose(ones, np.full(2, 2.0 * (9 + 2)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("λ", "lambda_"), ("Σ", "Sigma"), ("dΣ", "dSigma"), ("x_{12}", "x_12"), ("β1", "beta1"), ("µ", "mu")],
)
def test_identifiers(name, expected):
    assert identifier(name) == expected


def test_newton_schulz_is_linear_in_its_steps():
    with interning():
        Y, X0 = s.X, s.Y
        for _ in range(30):
            Y = mul(Y, add(mul(number(2), unit("n")), neg(mul(X0, Y))))
        function = lower(Y)
    assert function.source.count("@") <= 60
    value = function(X=0.3 * eye(2), Y=eye(2) * 2)
    np.testing.assert_allclose(value, eye(2) / 2)


@pytest.mark.parametrize("depth", [10_000])
def test_deep_nests(depth):
    def nest():
        node = s.X
        for i in range(depth):
            node = [lambda n: T(n), lambda n: add(n, s.Y), lambda n: mul(number(Fraction(1, 2)), n)][i % 3](node)
        return node

    value = X
    for i in range(depth):
        value = [value.T, value + Y, value / 2][i % 3]
    np.testing.assert_allclose(call(compiled(nest)), value, rtol=1e-9)


def test_deep_products_and_sums():
    def product():
        node = s.a
        for _ in range(5_000):
            node = mul(s.X, node)
        return node

    function = compiled(product)
    small = function(X=eye(3), a=a)
    np.testing.assert_allclose(small, a)

    def scalars():
        node = s.λ
        for _ in range(5_000):
            node = add(make(log, power(node, number(2))), mul(s.μ, node), number(1))
        return node

    assert isinstance(compiled(scalars)(lambda_=0.5, mu=0.1), float)

    def long_sum():
        return add(*(mul(s.A, power(s.X, number(i))) for i in range(2, 60)))

    np.testing.assert_allclose(call(compiled(long_sum)), sum(A @ matrix_power(X, i) for i in range(2, 60)))


def test_long_sums_leave_the_arguments_alone():
    with interning():
        long = mul(*[matrix_symbol("Factor" * 4 + str(i), dimension("n"), dimension("n")) for i in range(3)])
        function = lower(add(s.X, long, long, s.Y, *(mul(number(i), s.Z, s.X) for i in range(2, 12))))
    given = {name: np.ones((3, 3)) for name in function.names}
    function(**given)
    assert all(np.array_equal(v, np.ones((3, 3))) for v in given.values())


def test_signs_in_long_sums():
    def build():
        return add(*(mul(number((-1) ** (i // 3)), s.A, power(s.X, number(i))) for i in range(2, 40)))

    function = compiled(build)
    assert function.source.count("    T2 = T2 ") > 3
    np.testing.assert_allclose(call(function), sum((-1) ** (i // 3) * A @ matrix_power(X, i) for i in range(2, 40)))


def test_long_chains():
    def build():
        return mul(*[s.X, s.Y] * 60, s.Z)

    small = {"X": X / 3, "Y": Y / 3, "Z": Z}
    np.testing.assert_allclose(compiled(build)(**small), matrix_power(small["X"] @ small["Y"], 60) @ Z)


def test_numbers_decide_the_order_of_a_chain():
    with interning():
        one, ten, many = number(2), number(10), number(500)
        P, Q, R = (
            matrix_symbol(n, *shape) for n, shape in (("P", (many, one)), ("Q", (one, many)), ("R", (many, ten)))
        )
        assert "P @ (Q @ R)" in lower(mul(P, Q, R)).source


def test_shared_outer_products_are_not_formed():
    def build():
        G = mul(s.a, T(s.b))
        return add(mul(s.X, G, s.Y), mul(s.Y, G, s.X))

    function = compiled(build)
    assert function.source.count("np.outer") == 2
    np.testing.assert_allclose(call(function), X @ outer(a, b) @ Y + Y @ outer(a, b) @ X)


def test_finite_sum_is_a_loop():
    def build():
        i, last = index(1), add(s.k, number(-1))
        return finite_sum(mul(power(s.X, i), add(s.Y, s.Z), power(s.X, add(last, neg(i)))), i, number(0), last)

    function = compiled(build)
    assert "for i in range(k):" in function.source
    assert function.source.index("= Y + Z") < function.source.index("for i")
    assert function.source.count("raise ValueError") == 1
    expected = sum(matrix_power(X, i) @ (Y + Z) @ matrix_power(X, 3 - i) for i in range(4))
    np.testing.assert_allclose(call(function), expected)
    np.testing.assert_array_equal(function(X=X, Y=Y, Z=Z, k=0), np.zeros((3, 3)))
    with pytest.raises(ValueProblem, match="k must be at least 0"):
        function(X=X, Y=Y, Z=Z, k=-1)


def test_nested_sums_and_sums_side_by_side():
    def build():
        i, j = index(1), index(2)
        inner = finite_sum(mul(i, power(s.X, j)), j, number(1), i)
        one = finite_sum(mul(inner, s.a), i, number(2), s.k)
        other = finite_sum(mul(power(s.X, i), s.b), i, number(0), s.k)
        return add(one, other, mul(finite_sum(i, i, number(1), s.k), s.a))

    expected = sum(i * matrix_power(X, j) @ a for i in range(2, 5) for j in range(1, i + 1))
    expected = expected + sum(matrix_power(X, i) @ b for i in range(5)) + 10 * a
    np.testing.assert_allclose(call(compiled(build)), expected)


def test_negative_symbolic_exponents_are_errors():
    function = compiled(lambda: mul(s.A, power(s.X, add(s.k, number(-2))), s.B))
    np.testing.assert_allclose(call(function), A @ X @ X @ B)
    with pytest.raises(ValueProblem, match="k - 2 must be at least 0"):
        function(A=A, X=X, B=B, k=1)
    with pytest.raises(ValueError, match="k - 2"):
        alone(function.source)(A=A, X=X, B=B, k=1)


def test_a_count_is_spelled_out_in_its_error_also_where_it_has_a_name():
    function = compiled(lambda: read("tr(X^(4 k - 2)) + tr(Y^(4 k - 2))", "X, Y: 2×2; k: integer").expr)
    assert "4*k - 2 must be at least 0" in function.source
    assert '"min(m, n) - 1 must be at least 0"' in sm.grad("norm2(X)", "X").numpy().source


@pytest.mark.parametrize(
    "text", ["k X^(k - 1)", "k^2 (A X^(k - 1))", "k (k - 1) X^(k - 2)", "k X^(2 k - 1)", "2 k X^(3 k - 2)"]
)
def test_under_a_factor_zero_no_power_is_negative(text):
    """What is multiplied by 0 is not refused; a k below 0 is."""
    function = compiled(lambda: read(text, "X, A: 2×2; k: integer").expr)
    rest = {"A": np.ones((2, 2))} if "A" in text else {}
    np.testing.assert_array_equal(function(X=np.zeros((2, 2)), k=0, **rest), np.zeros((2, 2)))
    with pytest.raises(ValueProblem):
        function(X=np.zeros((2, 2)), k=-1, **rest)


@pytest.mark.parametrize(
    "text",
    [
        "k X^(k - 1) + X^(k - 1)",
        "k X^(k - 2)",
        "(k + 1) X^(k - 1)",
        "k^-1 X^(k - 1)",
        "k^-1 (k X^(k - 1))",
        "k I + X^(k - 1)",
    ],
)
def test_a_negative_power_that_counts_is_refused(text):
    function = compiled(lambda: read(text, "X: 2×2; k: integer").expr)
    function(X=np.eye(2), k=2)
    with pytest.raises(ValueProblem, match="must be at least 0"):
        function(X=np.eye(2), k=0)


# ---------------------------------------------------------------- powers made binary


@pytest.mark.parametrize("text", ["||x||^4", "||x||^3", "(x'x)^2", "sum(x.^2)", "tr(X)^3"])
def test_powers_are_smooth_at_zero(text):
    function = sm.grad(text).numpy()
    [name] = function.names
    zero = np.zeros((2, 2)) if name == "X" else np.zeros(2)
    np.testing.assert_array_equal(function(**{name: zero}), zero)


def test_higher_derivatives_of_powers_stop():
    assert "**" not in sm.diff("x.^2", order=3).numpy().source
    lower_triangle = np.array([[1.0, 0.0], [2.0, 3.0]])
    third = sm.diff("log.(ones(n,n) + X.^2)", "X", let="X: n×n lower", order=3).numpy()
    by_hand = 4 * lower_triangle * (lower_triangle**2 - 3) / (1 + lower_triangle**2) ** 3
    np.testing.assert_allclose(third(X=lower_triangle, dX=np.tril(np.ones((2, 2)))), by_hand)


NEGATIVE, SINGULAR = np.diag([-4.0, 9.0]), np.array([[0.0, 1.0], [1.0, 2.0]])


@pytest.mark.parametrize(
    ("text", "X", "words"),
    [
        *((f, NEGATIVE, "negative real axis") for f in ("sqrtm(X)", "logm(X)", "X^(1/3)", "X^(-1/2)")),
        *((f, NEGATIVE, "negative real axis") for f in ("frechet(sqrtm, X, X)", "frechet(logm, X)", "frechet(1/2, X)")),
        ("logm(X)", np.diag([0.0, 1.0]), "negative real axis"),
        ("logdet(X)", NEGATIVE, "not positive"),
        ("logdet(X^-1)", NEGATIVE, "not positive"),
        ("logdet(X) + tr(X^-1)", NEGATIVE, "not positive"),
        ("lu(X).L", SINGULAR, "pivot"),
        ("chol(X)", NEGATIVE, "not positive definite"),
    ],
)
def test_outside_of_the_domain(text, X, words):
    with interning():
        function = lower(read(text).expr)
    with pytest.raises(ValueProblem, match=words):
        function(X=X)


@pytest.mark.parametrize(
    ("text", "let"), [("X - X", ""), ("A X - A X", ""), ("x - x", ""), ("(A - A) X + B", ""), ("tr(X) - tr(X)", "")]
)
def test_the_index_form_of_nothing(text, let):
    result = sm.jacobian(text, "x" if "x" in text else "X", let=let, form="index")
    assert result.text() == "0" and result.numpy()() == 0


@pytest.mark.parametrize("text", ["vech(X)", "vec(X)", "X ⊗ A", "diag(X)"])
def test_second_differentials_of_linear_functions_of_numeric_size(text):
    second = sm.diff(text, "X", let="X: 3×3; A: 2×2", order=2)
    assert second.text().startswith("zeros(") and not np.any(second.numpy()())


@pytest.mark.parametrize(
    ("text", "wrt", "let"),
    [
        ("det([A, λ a; a', 9]) a", "λ", ""),
        ("A X B", "X", "X: 1×1; A: 3×1; B: 1×2"),
        ("X A", "X", "X: 1×1; A: 2×2"),
        ("X", "X", "X: 1×1"),
    ],
)
def test_jacobians_through_scalars(text, wrt, let):
    result = sm.jacobian(text, wrt, let=let)
    assert result.check().jacobian < 1e-10


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("λ ./ x", "no entry of x is 0"),
        ("max(λ, x)", "no entry of x is λ"),
        ("max(-1/3, x)", "no entry of x is -1/3"),
    ],
)
def test_conditions_with_a_scalar_that_spreads(text, condition):
    assert sm.diff(text, "x", let="λ: scalar; x: n").conditions == [condition]


def test_the_log_of_what_vanishes():
    with interning():
        function = lower(read("log(sigmoid(x))").expr)
    np.testing.assert_allclose(function(x=np.array([-800.0, 0.0, 800.0])), [-800, -np.log(2), 0])
    slope = sm.grad("sum(log(sigmoid(x)))").numpy()
    np.testing.assert_allclose(slope(x=np.array([-800.0, 800.0])), [1, 0])


def test_at_the_border_of_the_domain():
    with interning():
        root, logarithm, lu = (lower(read(t).expr) for t in ("sqrtm(X)", "logdet(X^-1)", "lu(X).U"))
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    np.testing.assert_allclose(root(X=turn) @ root(X=turn), turn, atol=1e-12)
    assert logarithm(X=-2 * eye(2)) == pytest.approx(-np.log(4))
    np.testing.assert_allclose(lu(X=np.ones((2, 2))), [[1, 1], [0, 0]])


@pytest.mark.parametrize(
    "text", ["det(X^{})", "logdet(X^{} A X^2)", "a'X^-{} b", "tr(X^{} A X^-1)"], ids=lambda text: text.format("k")
)
def test_symbolic_exponents_may_be_negative_where_there_is_an_inverse(text):
    symbolic, plain = (sm.hessian(text.format(k), "X", let="A, X: n×n") for k in ("k", "3"))
    values = {"X": Z @ Z.T + eye(3), "A": Y @ Y.T + eye(3), "a": a, "b": b}
    values = {name: values[name] for name in symbolic.numpy().names if name != "k"}
    np.testing.assert_allclose(symbolic.numpy()(k=3, **values), plain.numpy()(**values), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "text",
    ["A commutation(3,4)", "commutation(3,4) A", "commutation(3,4)' A", "b'commutation(3,4) A", "A' commutation(3,4)'"],
)
def test_a_commutation_is_an_order_of_rows_or_columns(text):
    function = sm.diff(f"λ ({text})", "λ", let="A: 12×12; b: 12").numpy()
    assert "np.eye" not in function.source
    rng = np.random.default_rng(3)
    big, vector, K = rng.standard_normal((12, 12)), rng.standard_normal(12), np.zeros((12, 12))
    for i, j in np.ndindex(3, 4):
        K[j + 4 * i, i + 3 * j] = 1
    by_hand = {
        "A commutation(3,4)": big @ K,
        "commutation(3,4) A": K @ big,
        "commutation(3,4)' A": K.T @ big,
        "b'commutation(3,4) A": vector @ K @ big,
        "A' commutation(3,4)'": big.T @ K.T,
    }
    given = {"A": big, "dλ": 1} | ({"b": vector} if "b" in text else {})
    np.testing.assert_allclose(function(**given), by_hand[text])


def test_binary_powers_share_their_squarings():
    with interning():
        F = mul(s.A, power(s.X, number(200)), s.B)
        binary = binary_powers(F)
        assert len(list(postorder(binary))) < 16
        small = X / np.max(np.abs(np.linalg.eigvals(X)))
        value = lower(binary)(A=A, X=small, B=B)
        np.testing.assert_allclose(value, A @ matrix_power(small, 200) @ B, rtol=1e-8)
        assert binary_powers(power(s.X, number(3))) is power(s.X, number(3))
        assert binary_powers(mul(s.A, s.X, s.Y, s.B)) is mul(s.A, s.X, s.Y, s.B)
        S = definition("S", power(s.X, number(4)))
        assert "S" in [n.args[0].name for n in postorder(binary_powers(inverse(S))) if type(n) is MatrixDefinition]


# ---------------------------------------------------------------- arguments


def test_keywords():
    function = compiled(lambda: mul(s.λ, cotangent((dimension("m"), dimension("n"))), s.X, differential_symbol(s.a)))
    assert function.names == ["lambda_", "X", "G", "da"]
    given = {"G": A, "X": X, "da": a}
    for spelling in ("λ", "lambda_", "lambda"):
        np.testing.assert_allclose(function(**given, **{spelling: 2}), 2 * A @ X @ a)


def test_the_indices_of_an_index_form_are_keywords():
    result = sm.jacobian("X^k", form="index")
    function = result.numpy()
    assert "[i, j, l, p]" in str(result) and {"i", "j", "l", "p"} < set(function.names)
    h, E = 1e-5, np.zeros((3, 3))
    E[1, 2] = h
    change = (matrix_power(X + E, 3) - matrix_power(X - E, 3)) / (2 * h)
    assert function(X=X, k=3, i=2, j=1, l=2, p=3) == pytest.approx(change[1, 0], rel=1e-6)


def test_every_symbol_of_the_question_is_taken():
    np.testing.assert_array_equal(sm.hessian("x'A x", "x").numpy()(A=X, x=X[0]), X + X.T)
    np.testing.assert_array_equal(sm.diff("A X + B", "X").numpy()(A=X, B=Y, X=Z, dX=Y), X @ Y)
    assert sm.diff("λ^3", order=3).numpy()(λ=0, dλ=2) == 48
    with pytest.raises(ValueProblem, match="no argument C"):
        sm.diff("A X + B", "X").numpy()(A=X, C=Y, dX=Y)
    with pytest.raises(ValueProblem, match="no argument dX"):
        sm.grad("tr(A X)", "X").numpy()(A=X, dX=Y)


def test_a_dimension_that_nothing_fixes_is_a_keyword():
    assert compiled(lambda: mul(s.λ, unit("n"))).names == ["lambda_", "n"]
    assert compiled(lambda: add(s.X, unit("n"))).names == ["X"]
    with interning():
        n = dimension("n")
        bigger = adopt(MatrixSymbol("P", 2 * Symbol("n", integer=True) + 1, 2))
        function = lower(mul(trace(identity(n)), bigger))
    assert function.names == ["P"]
    np.testing.assert_allclose(function(P=np.ones((7, 2))), 3 * np.ones((7, 2)))
    with pytest.raises(ShapeProblem, match="P"):
        function(P=np.ones((6, 2)))


def test_further_symbols_fix_dimensions():
    with interning():
        function = lower(identity(dimension("n")), symbols=[s.X])
        assert lower(mul(s.A, s.B), symbols=[s.X]).names == ["A", "B"]
    assert function.names == ["X"]
    np.testing.assert_array_equal(function(X=X), eye(3))


def test_integers_are_computed_in_floating_point():
    function = compiled(lambda: mul(s.X, s.X))
    big = np.array([[2**40, 1], [0, 1]])
    assert function(X=big).dtype == np.float64 and function(X=big)[0, 0] == 2.0**80
    assert isinstance(compiled(lambda: trace(s.X))(X=[[1, 2], [3, 4]]), float)


def test_the_result_is_not_the_argument():
    for build in (lambda: s.X, lambda: T(s.X), lambda: definition("S", s.X)):
        given = X.copy()
        compiled(build)(X=given)[0, 0] = 99
        np.testing.assert_array_equal(given, X)


WRONG = {
    "unknown": ({"A": A, "X": X, "Q": X}, ValueProblem, ["no argument Q", "it takes A, X"]),
    "missing": ({"A": A}, ValueProblem, ["argument X is missing"]),
    "twice": ({"A": A, "X": X, "λ": 1}, ValueProblem, ["no argument λ"]),
    "a clash": (
        {"A": A, "X": np.ones((4, 4))},
        ShapeProblem,
        ["n is both 3 and 4", "A has shape 2×3", "X has shape 4×4"],
    ),
    "not square": ({"A": A, "X": np.ones((3, 4))}, ShapeProblem, ["n is both 3 and 4"]),
    "a vector for a matrix": ({"A": A, "X": a}, ShapeProblem, ["X is n×n", "two-dimensional", "has shape 3"]),
    "a number for a matrix": ({"A": A, "X": 1.0}, ShapeProblem, ["X is n×n", "given a number"]),
    "text": ({"A": A, "X": "abc"}, ValueProblem, ["X is not an array of numbers", "<U3"]),
    "ragged": ({"A": A, "X": [[1, 2], [3]]}, ValueProblem, ["X is not an array"]),
    "complex": ({"A": A, "X": 1j * X}, ValueProblem, ["X is not real"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments(name):
    given, kind, words = WRONG[name]
    with pytest.raises(kind) as caught:
        compiled(lambda: mul(s.A, s.X))(**given)
    assert all(word in str(caught.value) for word in words)


def test_other_wrong_arguments():
    with pytest.raises(ValueProblem, match="k is an integer"):
        compiled(lambda: power(s.X, s.k))(X=X, k=1.5)
    with pytest.raises(ShapeProblem, match="a is n×1: a one-dimensional array"):
        compiled(lambda: mul(s.X, s.a))(X=X, a=a[:, None])
    with pytest.raises(ShapeProblem, match="λ is a scalar: a number"):
        compiled(lambda: mul(s.λ, s.X))(X=X, λ=a)
    with pytest.raises(ShapeProblem, match="K has shape 2×3"), interning():
        lower(matrix_symbol("K", number(3), number(4)))(K=A)
    for build in (lambda: inverse(s.X), lambda: mul(inverse(s.X), s.Y, inverse(s.X))):
        function = compiled(build)
        with pytest.raises(ValueProblem, match="singular"):
            function(**{name: np.zeros((2, 2)) for name in function.names})
    np.testing.assert_allclose(compiled(lambda: mul(s.r, s.a))(r=r[None, :], a=a), r @ a)


def test_an_operation_without_a_record_is_named():
    class Secret(MatrixOperation):
        pass

    with interning(), pytest.raises(UnsupportedProblem, match="Secret"):
        make(Secret, s.X)
    assert operation(KroneckerProduct).value


# ---------------------------------------------------------------- against the definition, on random expressions


def flat(value):
    """A column as a one-dimensional array."""
    return value[:, 0] if np.ndim(value) == 2 and value.shape[0] > value.shape[1] == 1 else value


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
def test_random_expressions(data):
    with interning():
        pool = Pool()
        node = pool.expression(data.draw, 4)
        expected = evaluate(node, pool.values)
        function = lower(node)
        given = {p.keyword: flat(pool.values[p.symbol]) for p in function.parameters}
        value = np.reshape(function(**given), np.shape(expected))
        np.testing.assert_allclose(value, expected, rtol=1e-7, atol=1e-8 * (1 + np.max(np.abs(expected))))


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
def test_pushes_of_records(data):
    with interning():
        pool = Pool()
        node = pool.expression(data.draw, 3)
        if not children(node):
            return
        for i, operand in enumerate(children(node)):
            if operation(type(node)).slot(i) is None and i:
                continue
            E = matrix_symbol("E", *shape_of(operand)) if shape_of(operand) else scalar_symbol("E")
            pushed = operation(type(node)).push(node, i, E)
            values = dict(pool.values)
            shape = [values[side] if side in values else int(side) for side in shape_of(operand)]
            values[E] = np.random.default_rng(3).standard_normal(shape) if shape else 0.3
            function = lower(pushed)
            given = {p.keyword: flat(values[p.symbol]) for p in function.parameters}
            expected = evaluate(pushed, values)
            value = np.reshape(function(**given), np.shape(expected))
            np.testing.assert_allclose(value, expected, rtol=1e-7, atol=1e-8 * (1 + np.max(np.abs(expected))))


# ---------------------------------------------------------------- checks

CHECKED = {
    "A X B": (lambda: mul(s.A, s.X, s.B), "X"),
    "X^3": (lambda: power(s.X, number(3)), "X"),
    "X^k": (lambda: power(s.X, s.k), "X"),
    "X^-1": (lambda: inverse(s.X), "X"),
    "X'X": (lambda: mul(T(s.A), s.A), "A"),
    "A (A'A)^-1 A'": (lambda: mul(s.A, inverse(mul(T(s.A), s.A)), T(s.A)), "A"),
    "logdet X": (lambda: make(LogDeterminant, s.X), "X"),
    "log x'X x": (lambda: make(log, trace(mul(T(s.a), s.X, s.a))), "a"),
    "λ X": (lambda: mul(s.λ, s.X), "λ"),
    "x x'x": (lambda: mul(s.a, T(s.a), s.a), "a"),
}


@pytest.mark.parametrize("name", CHECKED)
@pytest.mark.parametrize("seed", [0, 1])
def test_check_passes_what_is_right(name, seed):
    build, variable = CHECKED[name]
    with interning():
        F = build()
        report = check(F, [getattr(s, variable)], cotangent(shape_of(F)), seed=seed)
    assert report and report.ok and report.seed == seed
    affine = name in ("A X B", "λ X")
    assert report.taylor == "exact" if affine else report.taylor == pytest.approx(2, abs=0.02)
    assert report.adjoint < 1e-10 and report.jacobian < 1e-10
    assert "agrees" in str(report) and f"seed {seed}" in str(report)


def test_check_of_several_variables_and_with_an_oracle():
    with interning():
        F = mul(s.X, s.Y)
        report = check(F, [s.X, s.Y], cotangent(shape_of(F)), oracle=lambda X, Y: X @ Y)
        assert report and report.adjoint is None and report.jacobian is None
        assert not check(F, [s.X], cotangent(shape_of(F)), oracle=lambda X, Y: Y @ X)


WRONG_DERIVATIVES = {
    "commuted": lambda X, dX: mul(number(2), X, dX),
    "a sign": lambda X, dX: neg(add(mul(X, dX), mul(dX, X))),
    "a factor": lambda X, dX: mul(X, dX),
    "a transpose": lambda X, dX: add(mul(T(X), dX), mul(dX, X)),
    "a small one": lambda X, dX: add(mul(X, dX), mul(dX, X), mul(number(Fraction(1, 1000)), dX)),
    "zero": lambda X, dX: zero(shape_of(X)),
}


@pytest.mark.parametrize("name", WRONG_DERIVATIVES)
def test_wrong_derivatives_fail(name):
    with interning():
        report = laws(power(s.X, number(2)), WRONG_DERIVATIVES[name](s.X, differential_symbol(s.X)), [s.X])
    assert not report and not report.ok
    assert report.taylor == pytest.approx(1, abs=0.05)
    assert "wrong" in str(report) and "FAILED" in str(report)


def test_a_wrong_derivative_of_an_affine_function_fails():
    with interning():
        report = laws(mul(s.A, s.X), mul(number(2), s.A, differential_symbol(s.X)), [s.X])
    assert not report and report.taylor == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    "text", ["X' - abs.(X)", "expm(sign.(X))", "abs.(X).^3", "max.(X, A) B max.(X, B)", "relu.(X) X"]
)
def test_a_kink_within_the_largest_steps_is_no_fault(text):
    result = sm.diff(text, "X")
    for seed in range(8):
        report = result.check(seed=seed)
        assert report, f"seed {seed}: {report}"


def test_a_wrong_derivative_beside_a_kink_fails():
    with interning():
        F = make(ON_ENTRIES[Abs], s.X)
        for seed in range(8):
            assert laws(F, differential_symbol(s.X), [s.X], seed=seed).taylor == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    "text",
    [
        "sylvester(X, X, X)",
        "mean(rowsoftmax(X))",
        "X^(k+1) - X^k X",
        "log(sum(softmax(X a)))",
        "(X + A) (X + A)' - X X' - A X' - X A' - A A'",
    ],
)
def test_the_derivative_of_a_constant_is_nothing_but_rounding(text):
    for seed in range(8):
        report = sm.diff(text, "X").check(seed=seed)
        assert report, f"seed {seed}: {report}"


@pytest.mark.parametrize(
    ("text", "let"),
    [
        ("Q", "Q: orthogonal"),
        ("A Q B", "Q: m×n orthogonal"),
        ("Q'P'P Q", "P: m×n orthogonal; Q: n×p orthogonal"),
        ("logdet(Q)", "Q: n×n orthogonal"),
        ("logdet(Q'Q)", "Q: n×n orthogonal"),
        ("logdet(Q'Q)", "Q: n×n unit lower"),
        ("logdet(Q) + tr(Q'Q - I)", "Q: n×n unit upper"),
        ("sum(k = 0..m, tr(Q^k))", "Q: n×n"),
    ],
)
def test_check_of_structured_variables_and_of_values_that_cancel(text, let):
    for seed in range(6):
        report = sm.check(text, "Q", let=let, seed=seed)
        assert report, f"seed {seed}: {report}"


@pytest.mark.parametrize("let", ["Q: n×n orthogonal", "Q: n×n unit lower"])
@pytest.mark.parametrize("wrong", ["tr(A dX)", "1e-4 tr(A dX)", "a'dX a"])
def test_a_wrong_derivative_of_a_value_that_cancels_fails(let, wrong):
    right = sm.diff("logdet(Q)", let=let)
    [Q], F = right.question.variables, right.question.F
    with interning(right.question.table):
        A, a = matrix_symbol("A", *shape_of(Q)), matrix_symbol("a", shape_of(Q)[0], number(1))
        dQ = differential_symbol(Q)
        dF = trace(mul(T(a), dQ, a)) if "a'" in wrong else trace(mul(A, dQ))
        dF = mul(number(Fraction(1, 10000)), dF) if "1e-4" in wrong else dF
        adjoint = mul(cotangent(()), T(A))
        for seed in range(6):
            report = laws(F, dF, [Q], adjoint, G=cotangent(()), seed=seed)
            assert report.taylor == pytest.approx(1, abs=0.05)
            if wrong != "tr(A dX)":
                assert report.adjoint > 1e-3


@pytest.mark.parametrize(
    "text",
    ["A log.(X) b", "sum(log(A X b))", "tr(sqrt.(X)^2)", "B ./ (A ⊗ X)", "(A ⊗ X).^-1", "chol(A) X", "log.(X ⊗ A)"],
)
def test_a_check_finds_arguments_that_are_positive(text):
    for seed in range(8):
        assert sm.check(text, "X", seed=seed)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", ["exp(exp(exp(λ)))", "sum(exp.(exp.(exp.(3 X))))", "logm(X)"])
def test_numpy_warns_no_user_of_a_check(text):
    for seed in range(4):
        assert sm.check(text, seed=seed)


def test_a_jacobian_that_does_not_exist_fails():
    with interning():
        nowhere = inverse(add(s.X, neg(s.X)))
        identity_map = laws(s.X, differential_symbol(s.X), [s.X], jacobian=kron(nowhere, nowhere))
    assert not identity_map and np.isnan(identity_map.jacobian)


def test_rounding_of_zero_is_no_error_of_the_code():
    assert all(sm.diff("tr(skew(X)'sym(X))").check(seed=seed).code < 1e-10 for seed in range(4))


def test_wrong_adjoints_and_jacobians_fail():
    with interning():
        G = cotangent((dimension("m"), dimension("n")))
        F, dF = mul(s.A, s.X), mul(s.A, differential_symbol(s.X))
        report = laws(F, dF, [s.X], mul(T(s.A), neg(G)), kron(identity(dimension("n")), s.A), G)
        assert not report and report.adjoint > 1e-3 and report.jacobian < 1e-10
        report = laws(F, dF, [s.X], mul(T(s.A), G), kron(identity(dimension("n")), neg(s.A)), G)
        assert not report and report.adjoint < 1e-10 and report.jacobian > 1e-3


def test_wrong_code_fails():
    with interning():
        F, dF = mul(s.A, s.X), mul(s.A, differential_symbol(s.X))
        report = laws(F, dF, [s.X], computed=(lower(neg(dF)), dF))
        assert not report and report.code == pytest.approx(2)
        assert laws(F, dF, [s.X], computed=(lower(dF), dF)).code < 1e-10


@pytest.mark.parametrize(
    "result",
    [sm.diff("X^3", order=2), sm.grad("tr(A X^4)", "X"), sm.hessian("x'x"), sm.jacobian("X^2", form="index")],
    ids=str,
)
def test_the_code_of_every_result_is_checked(result):
    assert result.check().code < 1e-10


def test_what_never_exists_is_given_up():
    with interning(), pytest.raises(ValueProblem, match="tries"):
        never = inverse(mul(s.a, T(s.b)))
        check(never, [s.a], cotangent(shape_of(never)))
    with interning(), pytest.raises(SymmatError, match="seed"):
        check(s.X, [s.X], cotangent(shape_of(s.X)), seed=-1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_no_product_is_computed_twice(row):
    source = sm.diff(row.text, row.wrt, let=row.let).numpy().source
    body = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "f")
    products = [ast.unparse(n) for n in ast.walk(body) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.MatMult)]
    assert [p for p, times in Counter(products).items() if times > 1] == []
