"""The increment by degree, over every row of the table, against the row's own function."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import symmat.api as sm
from symmat.errors import SymmatError
from symmat.expressions.constructors import shape_of
from symmat.expressions.table import interning
from symmat.numeric import lower
from tests.cases import ROWS
from tests.test_laws import call, moved, point, value

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


@cache
def expansion(row, order=1):
    return sm.expand(row.text, row.wrt, let=row.let, order=order)


def evaluated(row, node, *pools):
    with interning(expansion(row)._question.table):
        return call(lower(node), *pools)


@each_row
def test_terms_and_remainder_are_the_increment(row):
    arguments, directions, _ = point(row)
    try:
        found = expansion(row)
    except SymmatError as problem:
        assert "orthogonal" in str(problem)
        return
    small = {name: (0.01 if found.remainder is None else 0.05) * d for name, d in directions.items()}
    with interning(found._question.table):
        shape = shape_of(found._question.F)
    total = sum((evaluated(row, term, arguments, small) for term in found.terms.values()), np.zeros(()))
    change = value(row, moved(arguments, small, 1.0)) - value(row, arguments)
    if found.remainder is None:  # the next order is the error
        halved = {name: d / 2 for name, d in small.items()}
        rests = []
        for step in (small, halved):
            partial = sum((evaluated(row, t, arguments, step) for t in found.terms.values()), np.zeros(()))
            rests.append(np.max(np.abs(value(row, moved(arguments, step, 1.0)) - value(row, arguments) - partial)))
        assert rests[1] < 1e-9 or rests[0] / rests[1] > 3
        return
    rest = evaluated(row, found.remainder, arguments, small)
    np.testing.assert_allclose(
        total + rest + np.zeros(np.shape(change)), change, atol=1e-9 * (1 + np.max(np.abs(change)))
    )
    if found.bound is not None:
        limit = evaluated(row, found.bound, arguments, small)
        assert np.linalg.norm(rest) <= limit * (1 + 1e-9) + 1e-12, (shape, found.text())


SHOWN = {
    ("X^3", "", 1): [
        "F(X + dX) - F(X) = dX X^2 + X dX X + X^2 dX + R",
        "R = dX^2 X + dX X dX + X dX^2 + dX^3",
        "||R|| <= 3 ||X|| ||dX||^2 + ||dX||^3",
    ],
    ("X^3", "", 3): [
        "F(X + dX) - F(X) = dX X^2 + X dX X + X^2 dX + dX^2 X + dX X dX + X dX^2 + dX^3",
        "exact, no remainder",
    ],
    ("X^-1", "", 1): [
        "F(X + dX) - F(X) = -X^-1 dX X^-1 + R",
        "R = X^-1 dX (X + dX)^-1 dX X^-1",
        "||R|| <= ||X^-1||^2 ||dX||^2 ||(X + dX)^-1||",
    ],
    ("A X B + C", "X", 1): ["F(X + dX) - F(X) = A dX B", "exact, no remainder"],
    ("||A x - b||^2", "x", 1): [
        "f(x + dx) - f(x) = 2 (A x - b)'A dx + R",
        "R = dx'A'A dx",
        "|R| <= ||A||^2 ||dx||^2",
    ],
    ("(X'X)^-1", "", 1): [
        "D = dX'X + X'dX + dX'dX",
        "F(X + dX) - F(X) = -(X'X)^-1 (dX'X + X'dX) (X'X)^-1 + R",
        "R = (X'X)^-1 (D (X'X + D)^-1 D - dX'dX) (X'X)^-1",
        "||R|| <= ||(X'X)^-1||^2 ||dX||^2 + ||(X'X)^-1||^2 ||D||^2 ||(X'X + D)^-1||",
    ],
    ("exp(x)", "", 2): ["F(x + dx) - F(x) = exp(x) ∘ dx + 1/2 (exp(x) ∘ dx.^2) + O(||dx||^3)"],
    ("X^20", "", 1): ["F(X + dX) - F(X) = "],
}


@pytest.mark.parametrize(("asked", "lines"), SHOWN.items(), ids=lambda p: str(p)[:40])
def test_what_a_reader_sees(asked, lines):
    text, wrt, order = asked
    shown = sm.expand(text, wrt, order=order).text().splitlines()
    assert [line[: len(wanted)] for line, wanted in zip(shown, lines, strict=False)] == lines


def test_as_latex_and_as_data():
    found = sm.expand("X^2")
    assert found.latex() == (
        "\\begin{aligned}\n"
        r"F(X + \mathrm{d}X) - F(X) &= \mathrm{d}X \, X + X \, \mathrm{d}X + R \\"
        "\n"
        r"R &= (\mathrm{d}X)^{2} \\"
        "\n"
        r"\lVert R \rVert &\le \lVert \mathrm{d}X \rVert_F^{2}"
        "\n\\end{aligned}"
    )
    assert found.to_json()["terms"] == {"1": "dX X + X dX"}
    with pytest.raises(SymmatError, match="whole number"):
        sm.expand("X^2", order=0)
