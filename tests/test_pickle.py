"""What symmat answers goes to another process and comes back: from a Pool, by pickle and by deepcopy."""

from __future__ import annotations

import copy
import multiprocessing
import pickle

import numpy as np
import pytest
from sympy import Basic, Dummy, MatAdd, MatMul, MatrixSymbol, Symbol, Trace

import symmat as sm
from symmat.core.nodes import Decimal
from symmat.language.flat import flatten, unflatten
from tests.cases import ROWS

n = Symbol("n", integer=True)
X, S, hat = MatrixSymbol("X", n, n), MatrixSymbol("S", n, n), MatrixSymbol("X_hat", n, n)
DEEP = 600


def deep():
    """Far deeper than Python's stack."""
    tower = X
    for _ in range(DEEP):
        tower = MatAdd(S, MatMul(S, tower, S, evaluate=False), evaluate=False)
    return tower


ASKED = {
    "diff": lambda: sm.diff("0.5 A X^-1 B", "X"),
    "total": lambda: sm.diff("A X^2", "A, X", let=["X: n×n symmetric", "A: m×n"]),
    "order": lambda: sm.diff("det(X)", "X", order=3),
    "adjoint": lambda: sm.adjoint("sum(i = 0..k, X^i) Σ_{1}", "X"),
    "grad": lambda: sm.grad(r"\frac12 \|A x - b\|_2^2 + \lambda \|x\|_1", "x"),
    "jacobian": lambda: sm.jacobian("A X B"),
    "half": lambda: sm.jacobian("A X A'", "X", let="X: n×n symmetric", vech=True),
    "entries": lambda: sm.jacobian("A X B", "X", form="index"),
    "hessian": lambda: sm.hessian("logsumexp(A x + b)", "x"),
    "program": lambda: sm.diff("S = X'X + λ I; S^-1 B", "X"),
    "abbreviated": lambda: sm.grad("log(1 + exp(-x'A x)) + (x'A x)^2 exp(x'A x)", "x"),
    "sympy": lambda: sm.diff(hat * X + Trace(X) * Symbol("lambda") * hat, hat),
    "dummy": lambda: sm.diff(Dummy("a") * X, "X"),
    "sympy program": lambda: sm.grad(sm.Program(Trace(S * X), {"S": X.T * X}), "X"),
    "its own": lambda: sm.diff(sm.adjoint("S = X'X + 0.5 I; S^-1 B", "X").expr, "B"),
    "deep text": lambda: sm.diff("(" * DEEP + "X" + ")'" * DEEP),
    "deep": lambda: sm.diff("log(1 + " * 30 + "λ" + ")" * 30, "λ"),
}


def told(result):
    """Everything that is said of a result."""
    return [
        str(result), result.text(), result.latex(equation=True), result.unicode(), result.let, result.conditions,
        result.question.kind, str(result.steps), result.steps.latex(), [line.after for line in result.steps],
        result.numpy().source, repr(result.check()),
    ]  # fmt: skip


def again(thing):
    """By pickle."""
    return pickle.loads(pickle.dumps(thing))


@pytest.fixture(scope="module")
def pool():
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        yield workers


def asked(kind):
    return ASKED[kind]()


@pytest.mark.parametrize("kind", ASKED)
def test_a_result_comes_back(kind, pool):
    result = ASKED[kind]()
    wanted = [str(result), result.latex()] if "deep" in kind else told(result)
    for other in (pool.apply(asked, (kind,)), again(result), copy.deepcopy(result)):
        assert ([str(other), other.latex()] if "deep" in kind else told(other)) == wanted
        assert again(other).text() == result.text()


@pytest.mark.parametrize("row", ROWS[::12], ids=lambda row: row.text)
def test_results_of_rows_come_back(row):
    result = sm.diff(row.text, row.wrt, let=row.let)
    other = again(result)
    assert (str(other), other.let, str(other.steps)) == (str(result), result.let, str(result.steps))


def functions():
    return [sm.grad("||A x - b||^2", "x").numpy(), sm.diff("logdet(X) X^k", "X").numpy()]


def increments():
    return [sm.expand("X^-1", "X", order=2), sm.expand("exp(λ) X", "λ", order=3)]


def summaries():
    return [sm.show("||A x - b||^2", "x"), sm.show("S = A X; S^2", "X"), sm.show("A + 2 B"), sm.show(hat * hat)]


def reports():
    return [sm.check("X^3"), sm.check("x'A x", "x", seed=3)]


def programs():
    return [sm.parse("S = X'X; S^-1 B"), sm.Program(S * X, {"S": X.T * X}), sm.diff("S = A X; S B S", "X").expr]


def steps():
    result = sm.diff("A X^-1 B", "X")
    return [result.steps, result.steps[0], result.steps[-1], *sm.diff("S = A X; S B S", "X").steps]


def errors():
    found = []
    for text, let in [("A +", ""), ("A X", "A: 2×3; X: 4×4"), ("X + 1", ""), ("sin(", "")]:
        with pytest.raises(sm.SymmatError) as caught:
            sm.diff(text, "X", let=let)
        found.append(caught.value)
    return found


def values(thing):
    return thing(x=[1.0, 2], A=[[1.0, 2], [3, 5], [0, 1]], b=[1.0, 1, 2]) if "x" in thing.names else thing.source


SHOWN = {
    functions: lambda f: (f.source, f.names, str(values(f))),
    increments: lambda e: (str(e), e.latex(), str(e.steps), e.to_json()),
    summaries: lambda s: (str(s), s.latex(), s.to_json()),
    reports: lambda r: (r, bool(r), str(r)),
    programs: lambda p: (str(p), sm.show(p, [v for v in ("X", "B") if v in str(p)][:1]).to_json()),
    steps: lambda s: (str(s), s.text() if hasattr(s, "text") else s.to_json()),
    errors: lambda e: (type(e), str(e), e.args, vars(e)),
}


@pytest.mark.parametrize("make", SHOWN, ids=lambda make: make.__name__)
def test_everything_else_comes_back(make, pool):
    show = SHOWN[make]
    wanted = [show(thing) for thing in make()]
    assert [show(thing) for thing in pool.apply(make)] == wanted
    assert [show(again(thing)) for thing in make()] == wanted
    assert [show(copy.deepcopy(thing)) for thing in make()] == wanted


def test_nothing_is_too_deep_for_a_pickle():
    given = sm.Program(deep())
    result = sm.diff(given, "X")
    program, other = again([given, result])
    assert other.text() == result.text() == sm.diff(program, "X").text() == f"S^{DEEP} dX S^{DEEP}"
    assert len(flatten([program.expr])[0]) == len(flatten([given.expr])[0])


def test_what_is_shared_stays_shared():
    tower = X
    for _ in range(200):
        tower = Basic.__new__(MatMul, tower, tower)  # SymPy's own constructor would walk the tree
    rows, roots = flatten([tower])
    assert len(rows) < 250
    [same] = unflatten(rows, roots)
    assert flatten([same])[0] == rows


def test_a_decimal_comes_back_as_it_was_typed():
    for number in (Decimal(1, 2), Decimal(2, 1), Decimal(-3, 4)):
        for other in (again(number), copy.deepcopy(number)):
            assert type(other) is Decimal and (other.p, other.q) == (number.p, number.q)


def test_a_function_computes_the_same_elsewhere(pool):
    function = sm.diff("A X^-1 B", "X").numpy()
    rng = np.random.default_rng(0)
    given = {name: rng.standard_normal((3, 3)) for name in function.names}
    assert np.array_equal(pool.apply(function, (), given), function(**given))
