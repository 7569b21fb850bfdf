"""Every equation of the normal form: its example holds in numbers, and the normal form knows it by this one alone."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

from symmat.algebra.equations import LAWS, Law
from symmat.algebra.normal import normal
from symmat.core.constructors import shape_of
from symmat.core.operation import operations
from symmat.core.table import interning
from symmat.core.walks import symbols
from symmat.language import read
from symmat.numeric import lower
from symmat.numeric.demands import evaluated
from symmat.numeric.draw import draw
from symmat.printing import Text

EQUATIONS = [*LAWS, *(equation for record in operations() for equation in record.equations)]
each_equation = pytest.mark.parametrize("equation", EQUATIONS, ids=lambda equation: equation.name)


@pytest.fixture
def without(monkeypatch):
    """A function after which an equation applies to nothing."""

    def leave_out(equation):
        if isinstance(equation, Law):
            owner, method = equation.method.__qualname__.split(".")
            monkeypatch.setattr(getattr(sys.modules[equation.method.__module__], owner), method, equation.without)
        else:
            monkeypatch.setitem(vars(equation), "right", lambda *operands: None)

    return leave_out


def sides(equation):
    """The two sides of the example, in the table in use."""
    left, right = (read(side, equation.let).expr for side in re.split(r" = (?!\d\.\.)", equation.example))
    assert shape_of(left) == shape_of(right)
    return left, right


def forms(equation):
    """The normal forms of the two sides, in text."""
    with interning():
        return [Text().print(normal(side)) for side in sides(equation)]


@each_equation
def test_the_normal_form_knows_the_example_by_this_equation_alone(equation, without):
    left, right = forms(equation)
    assert left == right
    without(equation)
    assert forms(equation) != [left, right]


@each_equation
def test_the_example_holds_in_numbers(equation):
    with interning():
        left, right = sides(equation)
        values = draw(left, symbols(left, right), np.random.default_rng(3))
        numbers = [evaluated(lower(side), values) for side in (left, right)]
    assert np.all(np.isfinite(numbers[0]))
    np.testing.assert_allclose(*numbers, rtol=1e-9, atol=1e-12)


def test_no_two_equations_have_one_name():
    assert len({equation.name for equation in EQUATIONS}) == len(EQUATIONS)
