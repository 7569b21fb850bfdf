"""The reference: an entry for every operation and every word, and nothing of them stops a build."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from symmat.core import operation as core
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Operation, abbreviations, operations
from symmat.embed.reference import FAMILIES, describe, entries, families
from symmat.errors import UnsupportedProblem, ValueProblem

FILES = Path(__file__).parents[1] / "symmat" / "operations"


@cache
def found():
    return list(entries())


def test_every_operation_and_every_word_has_one_entry():
    described = [entry.record for entry in found() if entry.record is not None]
    assert sorted(map(id, described)) == sorted(map(id, (*operations(), *abbreviations())))
    assert len({entry.text for entry in found()}) == len(found())
    assert {"I_n", "ones(m, n)", "zeros(m, n)", "solve(X, A)", "norm1(x)", "norminf(X)", "dot(X, A)"} <= {
        entry.text for entry in found()
    }


def test_every_file_of_operations_is_a_family():
    registering = {p.stem for p in FILES.glob("*.py") if "register(" in p.read_text("utf-8")}
    assert registering == set(FAMILIES)
    titles = [family.title for family in families()]
    assert titles[0] == "Sums, products, powers and transposes"
    assert titles[-2:] == ["The factors of the standard factorisations", "Matrices whose entries are fixed"]


def test_what_has_a_differential_shows_it():
    for entry in found():
        record = entry.record
        if isinstance(record, Operation) and (record.linear or record.differential):
            assert entry.derivatives[0][0] == "differential", entry.text
            assert not entry.missing
    assert [e.missing for e in found() if e.text in ("lu(X).L", "basis(i, n)", "X A")] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("X A", "m×p, of X m×n, A n×p"),
        ("X + A", "m×n, of X m×n, A m×n"),
        ("blocksum(X, A)", "p×q, of X m×n, A (m p)×(n q)"),
    ],
)
def test_shapes_are_general(text, shape):
    assert [entry.shape for entry in found() if entry.text == text] == [shape]


@pytest.mark.parametrize("problem", [UnsupportedProblem, ValueProblem])
def test_a_record_without_a_derivative_does_not_stop_the_build(problem, monkeypatch):
    class Stubborn(MatrixOperation):
        """It has no derivative."""

    def fail(F, X, dX):
        raise problem("there is none")

    record = Operation(node=Stubborn, name="stubborn", spelling="stubborn", signature="n×n -> n×n", differential=fail)
    monkeypatch.setitem(core._records, Stubborn, record)
    entry = describe(record)
    assert (entry.text, entry.missing, entry.derivatives) == ("stubborn(X)", True, ())
