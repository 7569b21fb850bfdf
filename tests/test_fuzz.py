"""No traceback, no hang: what fuzzing found, each as its kind, and a short run of the fuzzing itself."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from fractions import Fraction
from random import Random

import pytest

import symmat as sm
from symmat.core.table import interning
from symmat.errors import LimitProblem, ShapeProblem, SymmatError, SyntaxProblem, ValueProblem
from symmat.language import read
from tests.fuzz import campaign, draw


@pytest.mark.parametrize("seed", [200])
def test_a_short_run(seed):
    """Of `python -m tests.fuzz`: each input is answered or refused within its bounds."""
    print(f"seeds from {seed}")
    for given, outcome in campaign(range(seed, seed + 100), tries=0):
        assert not outcome.fault, f"seed {given.seed}: {given}\n{outcome.detail}"


@pytest.mark.parametrize("seed", [0])
def test_what_multiplies_is_bounded(seed):
    """A text of 200 characters whose answer would be long: answered or refused within a second and 500 MB."""
    print(f"seeds from {seed}")
    for given, outcome in campaign((draw(i, "multiplied") for i in range(seed, seed + 60)), tries=0):
        assert not outcome.fault, f"seed {given.seed}: {given}\n{outcome.detail}"


@pytest.mark.parametrize("seed", range(30))
def test_numbers_over_numbers(seed):
    """(3^-1)/9 and its like are exact, however they are made."""
    rng = Random(seed)
    print(f"seed {seed}")
    text, value = "3", Fraction(3)
    for _ in range(rng.randint(1, 4)):
        n, k = rng.randint(2, 9), rng.randint(-3, 3)
        text, value = rng.choice([
            (f"({text})/{n}", value / n),
            (f"({n}^{k})/({text})" if value else f"{n}", Fraction(n) ** k / value if value else Fraction(n)),
            (f"({text} - {n})", value - n),
            (f"({text} * {n}^{k})", value * Fraction(n) ** k),
            (f"(({text}) + 1/{n})", value + Fraction(1, n)),
            (f"-({text})", -value),
        ])  # fmt: skip
    with interning():
        found = read(text).expr
    assert found == value or sm.grad(f"({text}) λ", "λ").expr == value, text


@pytest.mark.parametrize("options", [{}, {"form": "index"}, {"vech": True}])
@pytest.mark.parametrize(("text", "wrt"), [("A X", "A, X"), ("x'A x", "x, A"), ("sin(λ) μ", "λ, μ")])
def test_a_jacobian_is_of_one_variable(text, wrt, options):
    with pytest.raises(ValueProblem, match="the Jacobian is with respect to one variable"):
        sm.jacobian(text, wrt, **options)


@pytest.mark.parametrize("digits", [301, 4300, 4301, 100_000])
@pytest.mark.parametrize(
    "form", ["X: {}×3", "x: {}", "X: n×(n+{})", "A: n*{}×n", "I_{}", "zeros({}, n)", "x[{}]", "X^{}"]
)
def test_a_size_of_many_digits(form, digits):
    given = form.format("9" * digits)
    with pytest.raises(SymmatError) as caught:
        sm.parse("X", given) if ":" in form else sm.parse(given)
    assert caught.value.kind in ("limit", "name")


def test_a_size_that_does_not_follow():
    """Of min(m, n) and m neither tells n."""
    with pytest.raises(ShapeProblem, match="do not fit"):
        sm.diff("svd(X).U svd(A X).V'", "X", let="X: n×n")


NUMBERS = ["10^400", "10^-400", "(10^400 + 1)", "(1/3)^900", "-10^400", "1e300 * 1e300", "2^1000000", "9^99999"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("form", ["{} X", "X^2 / ({})", "exp({} tr(X)) X", "||{} * X||", "X^2 + {} X"])
def test_a_number_that_floats_do_not_have(form, number):
    with pytest.raises(LimitProblem, match=r"too (large|small) for floating point|digits") as caught:
        sm.diff(form.format(number), "X").numpy()
    assert "write a scalar" in caught.value.hint


RECURSING = """
import sys
import symmat as sm
if sys.argv[1] == "loaded":
    import symmat.api
calls = [
    lambda: sm.parse("A X + C"), lambda: sm.diff("X^3").steps, lambda: sm.diff("X^3").numpy(),
    lambda: sm.grad("tr(X^3)").latex(),
    lambda: sm.hessian("tr(X^3)").check(), lambda: sm.expand("X^3").text(), lambda: sm.show("X^3").text(),
    lambda: sm.check("X^-1"),
    lambda: sm.jacobian("X^3", form="index").to_json(), lambda: sm.diff(r"\\frac{1}{2} X^3").conditions,
]
for call in calls:
    for limit in (40, 60, 90, 140):
        sys.setrecursionlimit(limit)
        try:
            call()
        except sm.SymmatError as error:
            sys.setrecursionlimit(1000)
            assert "recursion limit" in str(error)
        finally:
            sys.setrecursionlimit(1000)
"""


@pytest.mark.parametrize("state", ["new", "loaded"])
def test_a_low_recursion_limit(state):
    done = subprocess.run([sys.executable, "-c", RECURSING, state], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


LONG = {
    "newlines": lambda n: "\n" * n + "X",
    "newlines before a sign": lambda n: "S = X" + "\n" * n + "+ A" + "\n" * n + "S",
    "blank lines": lambda n: "S = X;" + "\n  " * (n // 3) + "S",
    "newlines of definitions": lambda n: "S = X" + "\n" * n + "S",
    "powers in LaTeX": lambda n: r"\mathbf X " + "^3" * (n // 2) + ")",
    "sums in LaTeX": lambda n: r"\sum_{i=0}^{k_{1}} X^i + " * (n // 24) + "X",
    "blanks": lambda n: "X +" + " " * n + "A",
    "bars": lambda n: "|λ" * (n // 2),
    "an open bracket": lambda n: "X [" * (n // 3),
}


@pytest.mark.parametrize("name", LONG)
def test_reading_takes_linear_time(name):
    """What a scan inside of a regular expression costs shows in seconds only, and at length."""

    def seconds(n):
        times = []
        for _ in range(2):
            gc.collect()
            start = time.process_time()
            try:
                with interning():
                    read(LONG[name](n))
            except SymmatError as error:
                str(error)
            times.append(time.process_time() - start)
        return min(times)

    seconds(100)
    gc.disable()
    try:
        small, large = seconds(10_000), seconds(40_000)
    finally:
        gc.enable()
    assert large < max(8 * small, 0.05), f"{small} s at 10,000 characters, {large} s at 40,000"


@pytest.mark.parametrize("text", [r"\sqrt[3", r"X + \sqrt[", r"{tr}\cdot\sqrt[\operatorna"])
def test_a_root_that_is_never_closed(text):
    with pytest.raises(SyntaxProblem, match=r"'\[' is never closed"):
        sm.parse(text)


@pytest.mark.parametrize("text", ["X", "X^2", "exp(X)", "X A", "tr(X X')"])
@pytest.mark.parametrize("form", ["kron", "index"])
def test_the_jacobian_of_a_matrix_of_one_entry(text, form):
    assert sm.jacobian(text, "X", let="X: 1×1; A: 1×1", form=form).check()


def test_sizes_that_are_two_nodes():
    assert sm.hessian("tr(sinh(tr(blocksum(X, X ⊗ A))) blocksum(X, X ⊗ A))", "X").numpy().source


@pytest.mark.parametrize("size", ["10^40", "(10^6 + 2)^40", "10^400"])
def test_numbers_of_a_size_that_no_array_has(size):
    J = sm.jacobian(f"ones(3, {size}) ones({size}, 4) X", "X")
    for ask in (J.check, J.numpy):
        with pytest.raises(LimitProblem):
            ask()


def test_a_check_of_a_size_that_is_the_smaller_of_two():
    assert sm.check("sigmoid.(C svd(B).U D) + X", "X", let="C: m×n; B: matrix; D: matrix; X: m×n")


def test_products_of_sums_of_sizes_are_one_size():
    assert sm.diff("[A, B] ⊗ [A, B] + C", "C").let == "A: m×n; B: m×p; C: m*m×n*n+2*n*p+p*p"


def test_many_kronecker_products_are_refused():
    with pytest.raises(LimitProblem, match="a size of over 256 factors"):
        sm.parse("X" + " ⊗ X" * 500)
    with pytest.raises(LimitProblem, match="a size of over 256"):
        sm.parse(" ⊗ ".join(["[A B C D E F]"] * 12))


@pytest.mark.parametrize("seed", range(20))
def test_sizes_are_bounded_before_they_are_multiplied_out(seed):
    """Powers and products of sums of letters, as sizes and as bounds of a sum."""
    rng = Random(seed)
    letters = rng.sample("ijklmnpq", rng.randint(1, 6))
    text = " + ".join([*letters, *rng.choices(["1", "10^6", "n^9", "2"], k=rng.randint(0, 2))])
    for _ in range(rng.randint(1, 3)):
        text = f"({text})^{rng.choice([2, 5, 40, 999, 10**6])}" + rng.choice(["", "", f" + {rng.choice(letters)}"])
    for form in ("zeros({}, n) + X", "sum(zeros({}, 3))", "unvec(x, {}, n)", "sum(h = 1..{}, X^h)", "I_n X^({})"):
        start = time.process_time()
        try:
            sm.diff(form.format(text), form[-1] if form[-1] in "Xx" else None).text()
        except SymmatError as error:
            assert error.kind != "limit" or error.hint
        assert time.process_time() - start < 1, form.format(text)
