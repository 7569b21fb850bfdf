"""Whatever is printed reads back: a short run of :mod:`tests.round_trips`; and a result is an expression again."""

from __future__ import annotations

import pytest

import symmat as sm
from tests.plugins import registered
from tests.round_trips import RECORDS, Shown, attempt, case, changes

BATCHES, EACH = 10, 10


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_printed_reads_back(batch):
    seeds = range(batch * EACH, (batch + 1) * EACH)
    with registered(*RECORDS):
        trips = [change for seed in seeds for change in changes(seed, some=2, depth=2)]
    changed = [change for change in trips if change]
    print(f"seeds from {seeds.start}: {len(trips)} trips")
    assert trips and not changed, "\n".join(changed)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_result_is_an_expression_again(batch):
    """As a Result, as its text under its declarations, and as its SymPy expression: the same derivative."""
    found = 0
    for seed in range(batch * EACH, (batch + 1) * EACH):
        drawn = case(seed, depth=2)
        for kind in (sm.diff, sm.adjoint):
            result = attempt(lambda kind=kind, drawn=drawn: kind(drawn.F, drawn.wrt[0], let=drawn.let))
            if result is None:
                continue
            again = attempt(lambda result=result, drawn=drawn: sm.diff(result, drawn.wrt[0]))
            if again is None:  # the derivative is constant, or has none itself
                continue
            found += 1
            text = Shown("", result.shown, result, result.let).spelled("text")
            assert str(again) == str(sm.diff(result.expr, drawn.wrt[0])), f"seed {seed}"
            assert sm.diff(text, drawn.wrt[0], let=result.let).text() == again.text(), f"seed {seed}"
    assert found
