"""The order of terms and of commuting factors is not seen in what is made of them."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import permutations

import pytest
from sympy import cos

import symmat as sm
from symmat.algebra.normal import normal
from symmat.algebra.order import factor_place, place
from symmat.core.constructors import add
from symmat.core.table import interning
from symmat.errors import SymmatError
from symmat.language import read
from symmat.operations.elementwise import apply
from symmat.printing import Text
from tests.shuffles import SOURCES, differences, results

COUNTS = {"polynomials": 50, "like terms": 50, "everything": 40}


@pytest.mark.parametrize("source", SOURCES)
def test_every_result_is_the_same(source):
    seeds = range(100_000, 100_000 + COUNTS[source])
    print(f"seeds {seeds.start}..{seeds.stop - 1}")
    for seed in seeds:
        found = differences(SOURCES[source], seed, shuffles=1)
        assert not found, f"seed {seed}: {found}"


@pytest.mark.parametrize("source", SOURCES)
def test_the_normal_form_of_a_normal_form_is_itself(source):
    for seed in range(200_000, 200_000 + COUNTS[source]):
        with interning():
            F, _ = SOURCES[source](seed)
            try:
                once = normal(F)
            except SymmatError:  # the inverse of a difference that is zero
                continue
            same = normal(once) is once
            assert same, f"seed {seed}: {Text().print(once)}"


SUMS = {
    "a factor and a pair": ("X A B", "X A'B", "X A B'"),
    "two pairs": ("A X B", "A'X B", "A X B'", "A'X B'"),
    "a difference around dX": ("A X B", "-A X", "-C X B", "C X"),
    "the argument of an even function": ("||X||", "-tan(λ)"),
    "traces that turn": ("tr(A X B)", "λ tr(B A X)", "tr(X'A'B')"),
    "transposed products of entries": ("A ∘ X'", "λ (A' ∘ X)"),
    "a sum and its transpose": ("x' (A + X') x", "y' (A' + X) y"),
    "what is divided by a sum": ("λ tr(X)", "-λ^2 / (λ + μ) * tr(X)"),
    "what is divided by two sums": ("tr(X)", "-λ / (λ + μ) * tr(X)", "-α / (α + β) * tr(X)"),
    "powers with letters": ("tr(A^k X)", "tr(A^j X)", "tr(A^(2 k) X)"),
    "odd functions of what is skew": (
        "tanh.(A X - X'A') B",
        "B tanh.(X'A' - A X)",
        "tanh.(A X - X'A')'",
    ),
    "exponents": ("(X^k)^-1 A", "X^(k - 1)"),
}
LET = "A, B, C, X: n×n; x, y: n; j, k: integer"


@pytest.mark.parametrize("name", SUMS)
def test_every_order_of_a_sum(name):
    """The sum itself, and an even function of it."""
    answers: list[set[tuple[str, ...]]] = [set(), set()]

    def build(terms, even):
        whole = add(*(read(term, LET).expr for term in terms))
        return apply(cos, whole) if even else whole, read("X", LET).expr

    for even in (False, True):
        for terms in permutations(SUMS[name]):
            answers[even].add(tuple(results(lambda terms=terms, even=even: build(terms, even)).values()))
    assert list(map(len, answers)) == [1, 1]


def test_no_two_factors_have_one_place():
    """They differ in their base, in their exponent, a number or not, or in being transposed."""
    with interning():
        A, B, *exponents = (read(text, LET).expr for text in ("A", "B", "j", "k", "2 k", "k + 1", "-k"))
        factors = [
            (base, exponent, turned)
            for base in (A, B)
            for exponent in (*exponents, -1, 1, 2, Fraction(1, 2))
            for turned in (False, True)
        ]
        assert len({repr(factor_place(factor)) for factor in factors}) == len(factors)
        backwards = factors[::-1]
        assert sorted(factors, key=factor_place) == sorted(backwards, key=factor_place)


def test_a_reader_keeps_his_own_order():
    """Terms and commuting factors are shown as they were written, also where something else would be met first."""
    assert sm.grad("(A x - b)'(A x - b) + λ x'x", "x").text() == "2 A' (A x - b) + 2 λ x"
    assert sm.diff("μ λ tr(X) + λ", "X").text() == "μ λ tr(dX)"
    assert sm.diff("tr(A X B X) + tr(B A) tr(X)", "X").text() == "tr((B X A + A X B + tr(B A) I) dX)"
    assert sm.diff("cos(tan(λ) - ||X||)", "X").text() == "sin(tan(λ) - ||X||) tr(X'dX) / ||X||"
    assert sm.diff("cos(||X|| - tan(λ))", "X").text() == "-sin(||X|| - tan(λ)) tr(X'dX) / ||X||"


def test_names_are_in_the_order_of_the_alphabet():
    with interning():
        A, B, C = (read(letter, "A, B, C: n×n").expr for letter in "ABC")
        assert sorted([C, A, B], key=place) == [A, B, C]


SCRIPT = """
import symmat as sm
from tests.cases import ROWS
from tests.shuffles import SOURCES, results
for source in SOURCES.values():
    for seed in range(300_000, 300_008):
        print(results(lambda: source(seed)))
for row in ROWS[::4]:
    print(sm.diff(row.text, row.wrt, let=row.let).numpy().source)
"""


def test_no_answer_depends_on_the_hashes_of_a_process():
    """Sets and hashes of strings differ from process to process, answers and generated source do not."""
    answers = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert answers[0] and answers[0] == answers[1]
