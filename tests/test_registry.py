"""One operation is one record and its rows; and a new one needs nothing else."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from sympy import Inverse, MatPow, MatrixSlice, MatrixSymbol, sin

import symmat.api as sm
from symmat.core.constructors import make, matrix_symbol, number, power, shape_of
from symmat.core.nodes import SUMS, MatrixOperation
from symmat.core.operation import operation, operations
from symmat.core.table import interning
from symmat.core.walks import children, postorder
from symmat.errors import UnsupportedProblem
from symmat.language import read
from tests.cases import ROWS, VALUES

ROOT = Path(__file__).parents[1]


@cache
def kinds_of(row):
    """The operation at the top of a row, whether it stands alone on symbols, and those inside."""
    with interning():
        root = read(row.text, row.let).expr
        inside = [node for node in postorder(root) if children(node)]
        # a summand has to hold its index
        alone = len(inside) <= (2 if type(root) in SUMS else 1)
        return type(root), alone, Counter(type(node) for node in inside)


@pytest.mark.parametrize("record", operations(), ids=lambda r: r.node.__name__)
def test_every_record_has_a_row_alone_and_a_row_composed(record):
    rows = ROWS if record.differential or record.linear else VALUES
    found = [kinds_of(row) for row in rows]
    name = record.node.__name__
    assert any(top is record.node and alone for top, alone, _ in found), f"{name} has no row of its own in cases.py"
    assert any(inside[record.node] and top is not record.node for top, _, inside in found), (
        f"{name} has no row where it is composed with others in cases.py"
    )


@pytest.mark.parametrize("record", operations(), ids=lambda r: r.node.__name__)
def test_every_record_says_where_it_comes_from(record):
    assert record.name
    assert record.reference


def test_records_can_be_in_a_set():
    assert len({*operations()}) == len(operations())


USE = """\
import numpy as np, symmat as sm
print(sm.diff(r"A X^{[2]} B", "X").text(), sm.diff(r"\\operatorname{squaring}(X)").text(), sep="; ")
from symmat.embed.reference import entries
F = sm.diff("A squaring(X) B", "X")
print(F.text(), F.latex(), sm.adjoint("squaring(X)").text(), sm.jacobian("squaring(X)").text(), sep="; ")
print(sm.diff("squaring(X)", order=2).text(), bool(F.check()), sm.grad("tr(squaring(X))").text(), sep="; ")
X = np.arange(9.0).reshape(3, 3)
print(np.allclose(sm.diff("squaring(X)").numpy()(X=X, dX=X), 2 * X @ X))
print(sm.diff("squaring(squaring(X))").numpy().source.count("X @ X\\n"))
print(*[e.text for e in entries() if e.name == "squaring"], sm.diff("squaring(X)").latex(equation=True))
"""


def test_a_new_operation_is_one_record_under_ten_lines(tmp_path):
    """A package names its module under the entry-point group symmat.operations, and all the rest follows."""
    page = (ROOT / "docs" / "extending.rst").read_text("utf-8")
    group, module = re.search(r'entry-points."(.*)"]\n *squaring = "(.*)"', page).groups()
    plugin = (ROOT / "docs" / "squaring.py").read_text("utf-8")
    [record] = re.findall(r"Operation\(\n(.*?)\n    \)", plugin, re.S)
    assert len(record.splitlines()) < 10
    info = tmp_path / "squaring-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: squaring\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\nsquaring = {module}\n")
    (tmp_path / f"{module}.py").write_text(plugin, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run([sys.executable, "-c", USE], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "A (dX X + X dX) B; dX X + X dX",
        r"A (dX X + X dX) B; A (\mathrm{d}X \, X + X \, \mathrm{d}X) B; G X' + X'G; X' ⊗ I_n + I_n ⊗ X",
        "2 dX^2; True; 2 X'",
        "True",
        "1",
        r"squaring(X) \mathrm{d}F = \mathrm{d}X \, X + X \, \mathrm{d}X",
    ]
    command, shown = re.search(r"\$ symmat (.*)\n *(.*)\n", page).groups()
    done = subprocess.run(
        [sys.executable, "-m", "symmat", *shlex.split(command)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    assert done.stdout.strip() == shown


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
