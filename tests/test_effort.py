"""The work of an answer: bounded for a short question, and in proportion for a longer one."""

from __future__ import annotations

import pytest

from symmat import effort
from symmat.effort import advise, answering, sharing, spend
from symmat.errors import LimitProblem


def test_a_long_question_may_take_more_than_a_short_one():
    with answering() as short, pytest.raises(LimitProblem, match="units of work"):
        short.allow(effort.SHORT)
        spend(effort.UNITS + 1)
    with answering() as long:
        long.allow(2 * effort.SHORT)
        spend(2 * effort.UNITS)


def test_what_is_answered_on_the_way_is_a_part_of_the_answer():
    with answering() as outer:
        with answering() as inner:
            spend(7)
        assert inner is outer
        assert outer.left == effort.UNITS - 7


def test_a_part_leaves_the_others_theirs():
    with answering() as whole:
        for parts in (3, 2, 1):
            with pytest.raises(LimitProblem), sharing(1 / parts):
                spend(effort.UNITS // 3 + 2)
        assert whole.left == 0


def test_advice():
    with answering(), pytest.raises(LimitProblem) as caught:
        advise("take order 3")
        spend(effort.UNITS + 1)
    assert caught.value.hint == "take order 3"
