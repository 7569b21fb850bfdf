"""A check chooses the sizes by what the expression costs: it answers within a second and 500 MB, or says why not."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random
from time import process_time

import pytest

import symmat as sm
from symmat.core.constructors import dimension
from symmat.core.table import interning
from symmat.errors import LimitProblem
from symmat.language import read
from symmat.numeric.cost import Estimate

SEED = 12
DRAWS = 40
MOST_SECONDS, MOST_MEGABYTES = 1.0, 500


def large(rng):
    """A text whose numbers may cost far too much at careless sizes, with its declarations."""
    many = rng.randrange(2, 12)
    count = rng.choice((10, 100, 1000, 10**4, 10**5, 10**6))
    size = rng.choice((30, 300, 3000, 10**5, 10**9))
    factors = [rng.choice(["X", "X", "A", "B", "X'", "(A + X)"]) for _ in range(many)]
    return rng.choice(
        [
            (" ⊗ ".join(factors), "A: m×n; B: p×q; X: m×n"),
            (" ⊗ ".join("X^-1" for _ in factors), ""),
            (f"vec({' ⊗ '.join(factors[:4])})", "X: m×n; A: m×n; B: m×n"),
            (f"vec(X {'⊗ X' * min(many, 4)})'vec(X{' ⊗ X' * min(many, 4)})", "X: m×n"),
            (f"X^{count}", ""),
            (f"tr(A X^{count})", "X: n×n"),
            (f"sum(i = 0..{count}, X^i A X^i)", "A, X: n×n"),
            (f"sum(i = 0..{count}, sum(j = 0..i, tr(X^i A X^j)))", "A, X: n×n"),
            (f"exp(tr(X)/{count}) expm(X)^{many} logm(X'X)", "X: n×n"),
            (f"A X + {many} X", f"X: {size}×{size}"),
            (f"X^-1 + {many} X", f"X: {size}×{size}"),
            (f"||A X||^{many}", f"A: {size}×3; X: 3×{size}"),
            ("A'A X + X X'X", f"X: m×n; A: {size}×m"),
            (f"X ∘ X + zeros({size}, n)", f"X: {size}×n"),
            (f"sum(X)^{count}", "X: m×n"),
            ("frechet(expm, X, X A X)" + " + X" * many, "X: n×n"),
        ]
    )


def campaign(seed, draws):
    """Draws and checks; every one that is over the limits, and how many were checked, refused and left a test out."""
    import resource

    sm.check("X logm(X'X)")  # what is imported late
    rng, over, tally = Random(seed), [], {"checked": 0, "refused": 0, "without Jacobian": 0}
    for _ in range(draws):
        text, let = large(rng)
        start = process_time()
        try:
            report = sm.check(text, "X", let=let)
            tally["without Jacobian" if report.left_out else "checked"] += 1
            if not report:
                over.append(f"{text}; {let}: {report}")
        except LimitProblem as problem:
            tally["refused"] += 1
            assert problem.hint, problem
        except sm.SymmatError as problem:
            over.append(f"{text}; {let}: {problem!r}")
        seconds = process_time() - start
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES:
            over.append(f"{text}; {let}: {seconds:.1f} s, {megabytes:.0f} MB")
    print(tally, *over, sep="\n")


def test_every_check_answers_within_a_second_and_500_megabytes():
    code = f"from tests.test_check_sizes import campaign; campaign({SEED}, {DRAWS})"
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | threads, check=True
    )
    tally, *over = done.stdout.splitlines()
    print(f"seed {SEED}: {tally}")
    assert not over, f"seed {SEED}: {over}"


def estimate(text, let, sizes):
    with interning():
        F = read(text, let).expr
        return Estimate({dimension(name): size for name, size in sizes.items()}).cost(F)


@pytest.mark.parametrize(
    ("text", "let", "entries"),
    [
        ("A ⊗ X", "A: m×n; X: n×n", 2 * 3 + 3 * 3 + 6 * 9),
        ("A X", "A: m×n; X: n×n", 2 * 3 + 3 * 3 + 2 * 3),
        ("tr(A B)", "A: m×n; B: n×m", 2 * 3 + 3 * 2 + 1),
        ("x x'x", "x: n", 3 + 3 + 1),
        ("S = A A'; S + S", "A: m×n", 2 * 3 + 2 * 2 + 2 * 2),
    ],
)
def test_memory_is_counted_once_for_each_value(text, let, entries):
    assert estimate(text, let, {"m": 2, "n": 3}).bytes == pytest.approx(8 * entries, abs=8 * 3)


def test_time_counts_the_terms_of_sums_and_what_does_not_depend_on_the_index_once():
    few, many = (estimate(f"sum(i = 1..{count}, X^i A)", "A, X: n×n", {"n": 3}) for count in (10, 10_000))
    assert 900 < many.seconds / few.seconds < 5000
    hoisted, inside = (estimate(t, "A, X: n×n", {"n": 200}).seconds for t in ("A^-1 X", "sum(i = 1..50, tr(A^-1 X)^i)"))
    assert inside < 8 * hoisted


def test_sizes_differ_where_that_is_cheap_and_are_small_where_it_is_not():
    plain, dear = sm.check("A X B", "X"), sm.check(" ⊗ ".join("X" * 6))
    assert len(set(plain.sizes.values())) == len(plain.sizes) == 4 and min(plain.sizes.values()) >= 2
    assert plain and dear and max(dear.sizes.values()) <= 3
    assert plain.to_json()["sizes"] == plain.sizes
    assert all(f"{name} = {size}" in str(plain) for name, size in plain.sizes.items())


def test_what_cannot_be_chosen_is_left_out_and_said_or_refused_with_a_way_that_works():
    report = sm.check("A X", "X", let="X: 200×200; A: 3×200")
    assert report and report.jacobian is None and "left out: the Jacobian" in str(report)
    with pytest.raises(LimitProblem, match=r"80\.0 GB") as caught:
        sm.check("X", let="X: 100000×100000")
    assert "X: n×n" in caught.value.hint and sm.check("X", let="X: n×n")
    with pytest.raises(LimitProblem, match="1,000,000 terms") as caught:
        sm.check("X^1000000")
    assert "X^k" in caught.value.hint and sm.check("X^k", "X")


@pytest.mark.parametrize("count", [20, 100, 400])
def test_high_powers_stay_in_range(count):
    for seed in range(5):
        assert sm.check(f"tr(A X^{count})", "X", seed=seed)


if __name__ == "__main__":
    campaign(int(sys.argv[1]), int(sys.argv[2]))
