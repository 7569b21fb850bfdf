"""One operation is one record and its rows; and a new one needs nothing else."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest
from sympy import Inverse, MatPow, MatrixSlice, MatrixSymbol, sin

import symmat.api as sm
from symmat.errors import UnsupportedProblem
from symmat.expressions.constructors import add, make, matrix_symbol, mul, number, power, shape_of
from symmat.expressions.nodes import MatrixOperation
from symmat.expressions.operation import Operation, operation, operations, register
from symmat.expressions.table import interning
from symmat.expressions.walks import children, postorder
from symmat.language import read
from symmat.numeric import lower
from tests.cases import ROWS, VALUES


@cache
def kinds_of(row):
    """The operations of a row, and whether each stands alone at the top or inside others."""
    with interning():
        root = read(row.text, row.let).expr
        inner = Counter(type(node).__name__ for node in postorder(root) if children(node))
        return type(root).__name__, inner


@pytest.mark.parametrize("record", operations(), ids=lambda r: r.node.__name__)
def test_every_record_has_a_row_alone_and_a_row_composed(record):
    name = record.node.__name__
    rows = ROWS if record.differential or record.linear else VALUES
    found = [kinds_of(row) for row in rows]
    alone = [top for top, inner in found if top == name]
    composed = [top for top, inner in found if inner[name] and top != name]
    assert alone, f"{name} has no row of its own in tests/cases.py"
    assert composed, f"{name} has no row where it is composed with others in tests/cases.py"


@pytest.mark.parametrize("record", operations(), ids=lambda r: r.node.__name__)
def test_every_record_says_where_it_comes_from(record):
    assert record.name
    assert record.reference


class Squaring(MatrixOperation):
    """X X, as an operation that symmat does not have."""


def test_a_new_operation_is_one_record():
    register(
        Operation(
            node=Squaring,
            name="squaring",
            spelling="squaring",
            signature="n×n -> n×n",
            differential=lambda F, X, dX: add(mul(dX, X), mul(X, dX)),
            numpy="{A} @ {A}",
            latex="{A}^{[2]}",
            reference="this test",
        )
    )
    F = sm.diff("A squaring(X) B", "X")
    assert F.text() == "A (dX X + X dX) B"
    assert sm.adjoint("squaring(X)").text() == "G X' + X'G"
    assert sm.jacobian("squaring(X)").text() == "X' ⊗ I_n + I_n ⊗ X"
    assert sm.diff("squaring(X)", order=2).text() == "2 dX^2"
    assert F.check()
    X = np.arange(9.0).reshape(3, 3)
    with interning():
        node = read("squaring(X)").expr
        np.testing.assert_allclose(lower(node)(X=X), X @ X)


class Unknown(MatrixOperation):
    """A node without a record."""


def test_a_node_without_a_record_is_an_error_that_names_it():
    with pytest.raises(UnsupportedProblem, match="Unknown"):
        operation(Unknown)
    with interning():
        X = matrix_symbol("X", number(3), number(3))
        with pytest.raises(UnsupportedProblem, match="Unknown"):
            make(Unknown, X)
        assert shape_of(power(X, number(2))) == (3, 3)
    Y = MatrixSymbol("Y", 2, 2)
    for foreign in (MatrixSlice(Y, (0, 1), (0, 1)), sin(Y[0, 0])):
        with pytest.raises(sm.SymmatError, match="not supported"):
            sm.diff(foreign, "Y")


def test_rules_are_found_by_exact_type():
    assert operation(Inverse) is not operation(MatPow)

    class Sub(Inverse):
        pass

    with pytest.raises(UnsupportedProblem, match="Sub"):
        operation(Sub)
