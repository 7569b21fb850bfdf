"""JAX runs the values of the records and the code that is made of them: one row of the table for each."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import symmat as sm
from symmat.core.operation import find_operation, operations
from symmat.core.table import interning
from symmat.core.walks import postorder, symbols
from symmat.language import read
from symmat.numeric import lower
from symmat.numeric.evaluate import evaluate
from symmat.numeric.function import compiled
from symmat.numeric.jax import JAX, NAMES
from symmat.numeric.ranks import rank, shape_of
from tests.arguments import draw
from tests.cases import ROWS, VALUES


def rows():
    """The first row of each value; of the Fréchet derivatives, which are one kernel, those of one function."""
    left = {record.value for record in operations() if "Fréchet" not in record.name or "expm" in record.name}
    for row in (*VALUES, *ROWS):
        with interning():
            nodes = [*postorder(read(row.text, row.let).expr)]
        records = filter(None, (find_operation(type(node)) for node in nodes))
        if found := left & {record.value for record in records}:
            left -= found
            yield row


@pytest.fixture(autouse=True)
def _in_64_bits():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def on_jax(values):
    return {key: jnp.asarray(value) if np.ndim(value) else value for key, value in values.items()}


@pytest.mark.parametrize("row", [*rows()], ids=lambda row: row.id)
def test_values_and_code_are_those_of_numpy(row):
    with interning():
        root = read(row.text, row.let).expr
        given = draw(symbols(root), row.draw, row.id)
        values = {s: given[s.name] for s in symbols(root)}
        wanted, direct = evaluate(root, values), evaluate(root, on_jax(values), JAX)
        code, axes = lower(root), rank(shape_of(root))
        arguments = {
            p.keyword: np.reshape(values[p.symbol], [n for n in np.shape(values[p.symbol]) if n > 1 or p.axes == 2])
            if p.axes
            else values[p.symbol]
            for p in code.parameters
        }
    computed = compiled(code.source, NAMES)(**on_jax(arguments))
    assert np.ndim(computed) == axes
    for found in (direct, computed):
        assert isinstance(found, jax.Array | float | np.floating) and jnp.asarray(found).dtype == jnp.float64
        np.testing.assert_allclose(np.ravel(found), np.ravel(wanted), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "let"),
    [
        ("tr(A X^-1 B) + logdet(X)", "A, X, B: n×n"),
        ("lu(X).L + lu(X).U", "X: n×n"),
        ("vech(X) x' + svd(X).values' x vech(X) x'", "X: n×n; x: n"),
        ("sum(i = 0..k, X^i commutation(1, 3))", "X: 3×3; k: integer"),
        ("softmax(X x) + relu(x) ./ cosh(x)", "X: n×n; x: n"),
    ],
)
def test_values_and_code_are_compiled(text, let):
    """Under jit, where arrays have no values."""
    rng = np.random.default_rng(3)
    with interning():
        root = read(text, let).expr
        own = [s for s in symbols(root) if s.is_Matrix]
        values = {s: rng.standard_normal((3,) if s.shape[1] == 1 else (3, 3)) for s in own}
        values = {s: v + 6 * np.eye(3) if v.ndim == 2 else v for s, v in values.items()}
        integers = {s: 3 for s in symbols(root) if s not in values}
        direct = jax.jit(lambda *arrays: evaluate(root, {**dict(zip(own, arrays, strict=True)), **integers}, JAX))
        code = lower(root)
        wanted = code(**{p.keyword: (values | integers)[p.symbol] for p in code.parameters})
        found = [direct(*values.values())]
    keywords = {p.keyword: values[p.symbol] for p in code.parameters if p.symbol in values}
    function = compiled(code.source, NAMES)
    rest = {p.keyword: 3 for p in code.parameters if p.symbol not in values}
    found.append(jax.jit(lambda arrays: function(**arrays, **rest))(keywords))
    for computed in found:
        np.testing.assert_allclose(np.ravel(computed), np.ravel(wanted), rtol=1e-8, atol=1e-9)


def test_a_gradient_by_jax_is_the_gradient():
    """The value of a record is differentiable as JAX sees it, and its differential is the same."""
    gradient = sm.grad("logdet(X'X + I) + ||A X||^2", "X", let="A: 2×3; X: 3×3")
    rng = np.random.default_rng(0)
    A, X = rng.standard_normal((2, 3)), rng.standard_normal((3, 3))
    question = gradient.question
    with interning(question.table):
        by_name = {s.name: s for s in symbols(question.F)}
        F = lambda Y: evaluate(question.F, {by_name["A"]: jnp.asarray(A), by_name["X"]: Y}, JAX)
        found = jax.grad(F)(jnp.asarray(X))
    np.testing.assert_allclose(found, gradient.numpy()(A=A, X=X), rtol=1e-9)


def test_what_does_not_exist_is_nan():
    turned = jnp.array([[-4.0, 0.0], [0.0, 9.0]])
    for kernel in (JAX.kernels.sqrtm, JAX.kernels.log_det):
        assert jnp.all(jnp.isnan(kernel(turned)))
