"""Results of programs, with names and without, against central differences: as computed, as shown, and as read back."""

from __future__ import annotations

import numpy as np
import pytest

import symmat.api as sm
from symmat.core.constructors import shape_of
from symmat.core.table import interning
from symmat.errors import LimitProblem
from symmat.language import read
from symmat.numeric import lower
from tests.test_growth import PROGRAMS

SIZE, STEP = 2, 1e-5
VECTORS = ("x", "dx", "a", "y")


def arguments(seed=1):
    """Matrices near 0, or near I where they are constant, so that no program runs away."""
    rng = np.random.default_rng(seed)
    drawn = {name: 0.3 * rng.standard_normal((SIZE, SIZE)) for name in ("X", "dX", "A", "B")}
    drawn["A"] += np.eye(SIZE)
    drawn |= {name: 1 + 0.3 * rng.standard_normal(SIZE) for name in VECTORS}
    return drawn | {"lambda_": 0.3, "dlambda": 0.7, **dict.fromkeys("mnpq", SIZE)}


def call(function, given):
    return np.asarray(function(**{name: given[name] for name in function.names}))


def matrix_of_differences(function, given, name):
    """∂ vec F / ∂ (vec X)', column by column."""
    x, found = np.asarray(given[name], float), []
    for h in STEP * np.eye(x.size):
        ends = (call(function, given | {name: x + s * h.reshape(x.shape, order="F")}) for s in (1, -1))
        found.append(np.subtract(*(end.ravel(order="F") for end in ends)) / (2 * STEP))
    return np.array(found).T


def functions(result):
    """The function of a result, that of what it shows, and that of what its text reads back to."""
    with interning(result.question.table):
        yield result.numpy()
        yield lower(result.shown)
    with interning():
        yield lower(read(result.text(), result.let).expr)


@pytest.mark.parametrize("n", [2, 8])
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "blocks"])
def test_results_are_right(name, n):
    make, wrt = PROGRAMS[name]
    text, given, key = make(n), arguments(), wrt.replace("λ", "lambda_")
    question = sm.diff(text, wrt).question
    with interning(question.table):
        F, is_scalar = lower(question.F), not shape_of(question.F)
    expected = matrix_of_differences(F, given, key)
    results = [sm.jacobian(text, wrt)]
    if is_scalar:
        g = sm.grad(text, wrt)
        results, expected = [g, sm.hessian(text, wrt)], [expected, matrix_of_differences(g.numpy(), given, key)]
    for result, J in zip(results, expected if is_scalar else [expected], strict=True):
        for function in functions(result):
            found = call(function, given)
            found = found.ravel(order="F") if J.size == found.size else found
            np.testing.assert_allclose(found, J.ravel(order="F"), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("n", [2, 8])
@pytest.mark.parametrize("name", ["Newton–Schulz steps", "matrices", "scalars"])
def test_the_remainder_is_what_is_left(name, n):
    make, wrt = PROGRAMS[name]
    given, found = arguments(), sm.expand(make(n), wrt, order=2)
    question = found._question
    with interning(question.table):
        F, rest = lower(question.F), lower(found.remainder)
        terms = [lower(term) for term in found.terms.values()]
    left = call(F, given | {"X": given["X"] + given["dX"]}) - sum(call(f, given) for f in (F, *terms))
    np.testing.assert_allclose(call(rest, given), left, rtol=1e-9, atol=1e-9 * (1 + np.max(np.abs(left))))


def test_what_is_too_long_is_for_numbers():
    """The Jacobian of three hundred factors has 150 terms of them: what the hint names works."""
    text = " ".join(f"A_{{{i}}} X" for i in range(150))
    jacobian = sm.jacobian(text, "X")
    with pytest.raises(LimitProblem, match="symbols") as caught:
        jacobian.text()
    assert "numpy" in caught.value.hint and "adjoint" in caught.value.hint
    dF, rng = sm.diff(text, "X").numpy(), np.random.default_rng(2)
    given = {name: np.linalg.qr(rng.standard_normal((SIZE, SIZE)))[0] for name in dF.names}
    J = call(jacobian.numpy(), given)
    np.testing.assert_allclose(J @ given["dX"].ravel(order="F"), call(dF, given).ravel(order="F"), rtol=1e-9)
    assert len(sm.adjoint(text, "X").text()) > 10**5
