"""How fast the symbolic part is, as ratios side by side in one run: ``python -m tests.benchmarks.symbolic``.

Machines differ and are noisy: only the ratios count.  SymPy's answers are checked against numbers, and SymPy is cut off
after twenty seconds.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

import symmat as sm
from symmat.core.table import interning
from symmat.language import read

LIMIT = 20
n = sp.Symbol("n", integer=True, positive=True)
X, A, B = (sp.MatrixSymbol(name, n, n) for name in "XAB")
x, a, b = (sp.MatrixSymbol(name, n, 1) for name in "xab")
VALUES = {
    s: np.random.default_rng(i).standard_normal((3, s.shape[1] if s.shape[1] == 1 else 3))
    for i, s in enumerate([X, A, B, x, a, b])
}

ROWS: dict[str, tuple[Callable[[], Any], Any]] = {
    "tr(X)": (lambda: sp.Trace(X), X),
    "tr(A X B)": (lambda: sp.Trace(A * X * B), X),
    "tr(A X B X)": (lambda: sp.Trace(A * X * B * X), X),
    "tr(X'A X)": (lambda: sp.Trace(X.T * A * X), X),
    "tr(X X X)": (lambda: sp.Trace(sp.MatMul(X, X, X)), X),
    "tr(A X^-1 B)": (lambda: sp.Trace(A * X.I * B), X),
    "x'A x": (lambda: x.T * A * x, x),
    "a'X b": (lambda: a.T * X * b, X),
    "a'X'X b": (lambda: a.T * X.T * X * b, X),
    "(A x - b)' (A x - b)": (lambda: (A * x - b).T * (A * x - b), x),
    "det(X)": (lambda: sp.Determinant(X), X),
    "logdet(X)": (lambda: sp.log(sp.Determinant(X)), X),
}


def best(run: Callable[[], Any], seconds: float = 0.4, before: Callable[[], Any] = int) -> float:
    """The least time of several runs; infinity past the limit."""
    times: list[float] = []
    while not times or (sum(times) < seconds and len(times) < 100):
        before()
        signal.alarm(LIMIT)
        start = time.perf_counter()
        try:
            run()
        except TimeoutError:
            return float("inf")
        finally:
            signal.alarm(0)
        times.append(time.perf_counter() - start)
    return min(times)


def sympy_best(run: Callable[[], Any], seconds: float = 0.4) -> float:
    """The least time of several runs of SymPy's, each without what it has cached."""
    return best(run, seconds, sp.core.cache.clear_cache)


def is_right(derivative: Any, text: str, wrt: str) -> bool:
    """Whether SymPy's gradient has the value of ours."""
    ours = sm.grad(text, wrt, let="; ".join(f"{s}: {'n' if s.shape[1] == 1 else 'n×n'}" for s in VALUES)).numpy()
    pool: dict[str, Any] = {s.name: v if v.shape[1] > 1 else v[:, 0] for s, v in VALUES.items()}
    want = ours(**{name: pool[name] for name in ours.names})
    try:
        numbers = {s: sp.ImmutableMatrix(v) for s, v in VALUES.items()}
        # SymPy's own derivative, which nothing but SymPy can work out
        value = derivative.subs(n, 3).subs({s.subs(n, 3): v for s, v in numbers.items()}).doit()
        got = np.array(value.as_explicit() if hasattr(value, "as_explicit") else value, dtype=float)
    except (TypeError, ValueError, AttributeError, NotImplementedError):
        return False
    return got.size == np.size(want) and bool(np.allclose(got.reshape(np.shape(want)), want, rtol=1e-8))


def show(seconds: float) -> str:
    """A time for people."""
    return f"over {LIMIT} s" if seconds == float("inf") else f"{seconds * 1e3:.2f} ms"


def process_start() -> None:
    """The whole command against the imports that it cannot do without."""
    ours = [sys.executable, "-m", "symmat", "diff", "X^3"]
    floor = [sys.executable, "-c", "import sympy, lark"]
    pairs = []
    for _ in range(8):
        times = []
        for command in (ours, floor):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
        pairs.append(times)
    ratio = float(np.median([mine / theirs for mine, theirs in pairs[1:]]))
    print(f'process start: symmat diff "X^3" / python -c "import sympy, lark" = {ratio:.2f}   (goal 1.25)\n')


def against_sympy() -> None:
    """The gradient of each row, from its input to its text, against SymPy's."""
    print(f"{'gradient':24}{'symmat':>12}{'SymPy':>12}{'ratio':>9}   SymPy's answer")
    ratios = []
    for text, (build, variable) in ROWS.items():
        mine = best(lambda text=text, variable=variable: sm.grad(text, variable.name).text())
        theirs = sympy_best(lambda build=build, variable=variable: str(build().diff(variable)))
        right = is_right(build().diff(variable), text, variable.name)
        if right:
            ratios.append(theirs / mine)
        print(f"{text:24}{show(mine):>12}{show(theirs):>12}{theirs / mine:>8.0f}×   {'right' if right else 'wrong'}")
    print(f"least ratio where SymPy is right: {min(ratios):.0f}×   (goal 10×)\n")


def nodes(root: Any) -> int:
    """The nodes of an expression, as often as they stand in it."""
    return 1 + sum(map(nodes, root.args))


def stages() -> None:
    """What a derivative goes through, each stage against SymPy's."""
    print(f"{'':32}{'symmat':>12}{'SymPy':>12}{'ratio':>9}   goal")
    trace = lambda: sp.Trace(A * X.I * B + A.T * X * B)
    with interning():
        mine = best(lambda: read("tr(A X^-1 B + A'X B)"))
    theirs = sympy_best(trace)
    print(f"{'text to expression':32}{show(mine):>12}{show(theirs):>12}{theirs / mine:>8.1f}×   0.25 ms")
    ours, other = sm.diff("X^20"), sp.MatAdd(*(sp.MatMul(*[X] * 20) for _ in range(20)))
    printers = {
        "text": (lambda: ours.text(), lambda: str(other)),
        "LaTeX": (lambda: ours.latex(), lambda: sp.latex(other)),
    }
    for name, (mine_printed, theirs_printed) in printers.items():
        mine = best(mine_printed) / nodes(ours.expr)
        theirs = sympy_best(theirs_printed) / nodes(other)
        print(f"{name + ' of a node':32}{mine * 1e6:>9.1f} µs{theirs * 1e6:>9.1f} µs{theirs / mine:>8.1f}×   10 µs")
    gradient = sp.MatMul(-1, X.T.I, A.T, B.T, X.T.I)
    derived = best(lambda: sm.grad("tr(A X^-1 B)", "X"))
    mine = best(lambda: sm.grad("tr(A X^-1 B)", "X").numpy()) - derived
    theirs = sympy_best(lambda: sp.lambdify([A, B, X], gradient))
    print(f"{'derivative to callable':32}{show(mine):>12}{show(theirs):>12}{theirs / mine:>8.1f}×   5 ms\n")


def growth() -> None:
    """Powers and product chains: symmat grows linearly."""
    print(f"{'':24}{'derivative':>12}{'with text':>12}{'SymPy':>12}")
    stuck = False
    for k in (10, 50, 200):
        power = sp.MatMul(*[X] * k)
        theirs = float("inf") if stuck else sympy_best(lambda p=power: p.diff(X), 0.1)
        stuck = theirs == float("inf")
        text = f"X^{k}"
        times = best(lambda t=text: sm.diff(t)), best(lambda t=text: sm.diff(t).text())
        print(f"d(X^{k}){'':17}"[:24] + f"{show(times[0]):>12}{show(times[1]):>12}{show(theirs):>12}")
    stuck = False
    for k in (20, 50, 200):
        names = [f"A_{i}" for i in range(k // 2)]
        text, let = " ".join(f"{name} X" for name in names), "; ".join(f"{name}: n×n" for name in names)
        chain = sp.MatMul(*[f for name in names for f in (sp.MatrixSymbol(name, n, n), X)])
        theirs = float("inf") if stuck else sympy_best(lambda c=chain: c.diff(X), 0.1)
        stuck = theirs == float("inf")
        with interning():
            reading = best(lambda t=text, d=let: read(t, d))
        times = (
            best(lambda t=text, d=let: sm.diff(t, "X", let=d)) - reading,
            best(lambda t=text, d=let: sm.diff(t, "X", let=d).text()),
        )
        print(f"chain of {k} factors{'':14}"[:24] + f"{show(times[0]):>12}{show(times[1]):>12}{show(theirs):>12}")
    print(f"\n{'':24}{'gradient':>12}")
    for steps in (10, 20, 30):
        names = ["X", *(f"Y_{i}" for i in range(1, steps))]
        body = "; ".join(f"{new} = {old} (2 I - A {old})" for old, new in pairwise(names))
        text = f"{body}; tr(B {names[-1]} (2 I - A {names[-1]}))"
        mine = best(lambda t=text: sm.grad(t, "X", let="X: n×n").text())
        print(f"{steps} Newton–Schulz steps   {show(mine):>12}")


def main() -> None:
    """All of it."""

    def stop(_number: int, _frame: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    process_start()
    against_sympy()
    stages()
    growth()


if __name__ == "__main__":
    main()
