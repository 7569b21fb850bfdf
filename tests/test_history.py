"""What a call answers does not depend on what was asked before.

One Result is asked for several answers in a random order, its twin in the opposite one: of each pair of answers both
come first once.  ``python -m tests.test_history [seed [rows]]`` asks every result of rows for all of them.
"""

from __future__ import annotations

import random
import sys
from zlib import crc32

import pytest

import symmat.api as sm
from tests.cases import ROWS

ANSWERS = {
    "__str__": str,
    "text": lambda result: result.text(),
    "unicode": lambda result: result.unicode(),
    "ascii": lambda result: result.ascii(),
    "_repr_latex_": lambda result: result._repr_latex_(),
    "steps": lambda result: (result.steps.text(), result.steps.latex()),
    "conditions": lambda result: result.conditions,
    "let": lambda result: result.let,
    "numpy": lambda result: result.numpy().source,
    "to_json": lambda result: result.to_json(),
    "expr": lambda result: repr(result.expr),
    "bound": lambda result: repr(result.bound),
    "operators": lambda result: result.operators(),
    "check": lambda result: result.check(),
}
KINDS = ("diff", "adjoint", "jacobian", "grad", "hessian")
ASKED = 3
"""So many answers of one result of each row."""


def questions(row):
    """What can be asked of a row, the increment and the summary among it."""
    yield lambda: sm.diff(row.text, row.wrt, let=row.let)
    yield lambda: sm.diff(row.text, row.wrt, let=row.let, order=2)
    yield lambda: sm.expand(row.text, row.wrt, let=row.let)
    yield lambda: sm.show(row.text, row.wrt, let=row.let)
    for variable in sm.diff(row.text, row.wrt, let=row.let).question.variables:
        for kind in KINDS[1:]:
            yield lambda name=variable.name, kind=kind: getattr(sm, kind)(row.text, name, let=row.let)


def answers(ask, order):
    """What a new result says, asked in an order; nothing where there is no such result."""
    try:
        result = ask()
    except sm.SymmatError:
        return {}
    return {name: _answer(result, name) for name in order if hasattr(type(result), name)}


def _answer(result, name):
    try:
        return ANSWERS[name](result)
    except sm.SymmatError as problem:
        return str(problem)


def both_ways(ask, order):
    one, other = answers(ask, order), answers(ask, order[::-1])
    assert one == other, f"asked for {order} and the other way round"
    return one


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_history(row):
    rng = random.Random(crc32(row.id.encode()))
    possible = list(questions(row))
    rng.shuffle(possible)
    assert any(both_ways(ask, rng.sample(list(ANSWERS), ASKED)) for ask in possible)


@pytest.mark.parametrize("first", ANSWERS)
def test_answers_after_one_another(first):
    def gradient():
        return sm.adjoint("(A x - b)'(A x - b) + λ x'x", "x")

    assert answers(gradient, [first, "steps"])["steps"] == answers(gradient, ["steps"])["steps"]


def main(seed=0, rows=None):
    """The law over every answer of every result of rows drawn at random."""
    rng, asked, rows = random.Random(seed), 0, rows or len(ROWS)
    for row in rng.sample(ROWS, rows):
        for ask in questions(row):
            asked += len(both_ways(ask, rng.sample(list(ANSWERS), len(ANSWERS))))
    print(f"{asked} answers in two orders, {rows} rows, seed {seed}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
