"""What a differential is made of, and whether one matrix gives it."""

from __future__ import annotations

import pytest

import symmat as sm

OPERATORS = [
    ("X^3", ["right multiplication", "two-sided multiplication", "left multiplication"], "dX stands in 3 places"),
    ("A X B", ["two-sided multiplication"], "a factor stands to the right of dX"),
    ("X'", ["transposition"], "dX is transposed"),
    ("A X'B", ["two-sided multiplication of the transpose"], "dX is transposed"),
    ("A X + X", ["left multiplication", "identity"], ""),
    ("A X - 2 X", ["left multiplication", "multiplication by a scalar"], ""),
    ("tr(A) X", ["multiplication by a scalar"], ""),
    ("A ∘ X", ["Hadamard product"], "the operator is no multiplication"),
    ("expm(X)", ["Fréchet derivative of expm"], "the operator is no multiplication"),
]


@pytest.mark.parametrize(("text", "names", "why"), OPERATORS, ids=[row[0] for row in OPERATORS])
def test_operators(text, names, why):
    *found, last = [*sm.show(text, "X").operators(), ""][: len(names) + 1]
    assert [line.partition("    ")[2] for line in found] == names
    assert last == (f"{why}: no single matrix M gives dF = M dX" if why else "")
