"""What a call of a function costs, against another checkout: ``python -m tests.benchmarks.calls OLD [SIZES]``.

Both run in turn, in processes of their own, and the least CPU time of each counts: only the ratios say something.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from time import process_time
from timeit import Timer

ROUNDS = 3
CASES = {
    "x'A x": ("grad", "x'A x", "x", ""),
    "x'S x": ("grad", "x'S x", "x", "S: n×n symmetric"),
    "logistic": ("grad", "sum(softplus(y ∘ (A x)))", "x", ""),
    "A + A'": ("hessian", "x'A x", "x", ""),
    "X^3": ("diff", "X^3", "X", ""),
    "X^-1": ("diff", "X^-1", "X", ""),
    "a'X^-1 b": ("grad", "a'X^-1 b", "X", ""),
    "logdet(X)": ("grad", "logdet(X)", "X", ""),
    "||A x - b||": ("grad", "||A x - b||", "x", ""),
    "||x||_1": ("grad", "||A x - b||^2 + λ sum(abs(x))", "x", ""),
    "GP": ("grad", "y'K^-1 y + logdet(K)", "K", "K: n×n spd; y: n"),
    "tr(L'X L)": ("grad", "tr(L'X L)", "L", "L: n×n lower; X: n×n"),
}


def measure(sizes):
    """Microseconds of every case at every size, in this process."""
    import numpy as np

    import symmat as sm

    for name, (kind, text, wrt, let) in CASES.items():
        function = getattr(sm, kind)(text, wrt, let=let).numpy()
        for n in sizes:
            rng = np.random.default_rng(0)
            square = rng.standard_normal((n, n)) / np.sqrt(n)
            given = {}
            for key in function.names:
                spd = square @ square.T + np.eye(n)
                full = {"S": spd, "K": spd, "X": spd, "L": np.tril(square)}.get(key, square)
                given[key] = (
                    0.5 if key == "lambda_" else full if key.lstrip("d")[0].isupper() else rng.standard_normal(n)
                )
            timer = Timer(partial(function, **given), timer=process_time)
            number = max(1, timer.autorange()[0] // 10)
            print(f"{name}\t{n}\t{min(timer.repeat(7, number)) / number * 1e6}")


def main():
    if sys.argv[1] == "measure":
        measure([int(n) for n in sys.argv[2:]])
        return
    sizes = sys.argv[2:] or ["10", "100"]
    best = {}
    here = os.getcwd()
    for _ in range(ROUNDS):
        for side, path in (("old", sys.argv[1]), ("new", here)):
            env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": path}
            command = [sys.executable, f"{here}/tests/benchmarks/calls.py", "measure", *sizes]
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=env, cwd=path)
            for line in done.stdout.splitlines():
                name, n, us = line.split("\t")
                key = name, int(n)
                sides = best.setdefault(key, {"old": float("inf"), "new": float("inf")})
                sides[side] = min(sides[side], float(us))
    for (name, n), sides in best.items():
        print(
            f"{name:14} n = {n:<6} {sides['old']:10.1f} µs {sides['new']:10.1f} µs   {sides['new'] / sides['old']:.2f}"
        )


if __name__ == "__main__":
    main()
