"""Arrays that do not serve: each gets an error that says what is wrong, and none a warning, NaN or a wrong number."""

from __future__ import annotations

import pickle
import re
from contextlib import suppress
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest
import scipy.sparse
from sympy import Integer, Inverse

import symmat as sm
from symmat.calculus.conditions import conditions
from symmat.core.constructors import integer_symbol, inverse, make, matrix_symbol, mul, number, scalar_symbol, shape_of
from symmat.core.operation import operations
from symmat.core.table import interning
from symmat.facts import predicates as p
from symmat.numeric.demands import EXAMINED
from symmat.numeric.draw import WELL
from tests.arguments import STRUCTURES
from tests.arguments import draw as draw_arguments
from tests.cases import ROWS

SEED = 3
RNG = np.random.default_rng(SEED)
X = RNG.standard_normal((3, 3)) + 3 * np.eye(3)
x, y = RNG.standard_normal(3), RNG.standard_normal(3)
M = np.arange(1.0, 10.0).reshape(3, 3)
I = np.eye(3)


def gradient(text, wrt, let=""):
    return sm.grad(text, wrt, let=let).numpy()


# ---------------------------------------------------------------- conditions of records


def entry(rng, value):
    """An array with one entry changed."""

    def change(array):
        array = np.array(array, dtype=float)
        array[tuple(rng.integers(0, n) for n in array.shape)] = value
        return array

    return change


def tie(end):
    def change(vector):
        vector = np.array(vector)
        vector[[0, -1]] = end(vector) * (2 if end(vector) > 0 else 0.5) if end is np.max else end(vector) - 1
        return vector

    return change


def broken(condition, rng):
    """What makes the first operand of a condition break it; None if nothing can."""
    singular = lambda A: np.outer(A[0], A[1])

    def some(single, *others):
        """A value that is one of some, or has it among its entries."""
        value = rng.choice([single, *others])
        return entry(rng, value) if shape_of(condition.operands[0]) else lambda _: value

    return {
        p.positive: some(0.0, -rng.uniform(0, 3)),
        p.nonnegative: some(-float(rng.integers(1, 5))),
        p.nonzero: some(0.0),
        p.not_null: lambda A: 0 * A,
        p.within_one: some(rng.uniform(1.1, 3), -rng.uniform(1.1, 3)),
        p.below_one: some(-1.0, 1.0, 2.0),
        p.nonzero_or_higher_power: some(0.0),
        p.invertible: singular,
        p.invertible_in_this_form: singular,
        p.definite: lambda A: A @ A.T - 9 * np.linalg.norm(A) ** 2 * np.eye(len(A)),
        p.symmetric: lambda A: A + np.triu(np.ones_like(A), 1),
        p.oriented: lambda A: np.diag([-1.0, *np.ones(len(A) - 1)]) @ A @ A.T,
        p.principal: lambda A: A @ np.diag([-1.0, 2.0, 3.0]) @ np.linalg.inv(A),
        p.minors: lambda A: np.vstack([np.hstack([[[0.0]], A[:1, 1:]]), A[1:]]),
        p.no_common_eigenvalue: "common",
        p.full_rank: singular,
        p.constant_rank: singular,
        p.single_largest: tie(np.max),
        p.single_smallest: tie(np.min),
        p.simple_largest: lambda A: np.linalg.qr(A)[0],
        p.different: "equal",
    }.get(condition.predicate)


UNREACHABLE = {p.no_pole}
"""No floating-point number is such a multiple."""


def applied(record):
    """An operation on symbols of its signature, the first of which varies, and those symbols."""
    n = integer_symbol("n")
    operands = []
    for i, pattern in enumerate(record.types.arguments):
        if pattern and pattern[0].startswith("#"):
            operands.append(n)
        elif not pattern:
            operands.append(scalar_symbol(f"λ_{i}"))
        else:
            operands.append(matrix_symbol(f"A_{i}", *(number(1) if side == "1" else n for side in pattern)))
    return inverse(*operands) if record.node is Inverse else make(record.node, *operands), operands


CONDITIONED = [record for record in operations() if (record.condition or record.smooth) and record.types.arguments]


@pytest.mark.parametrize("record", CONDITIONED, ids=lambda record: f"{record.name}, {record.signature}")
@pytest.mark.parametrize("seed", range(3))
def test_a_broken_condition_of_a_record_is_an_error(record, seed):
    rng = np.random.default_rng([SEED, seed])
    with interning():
        F, operands = applied(record)
        moves = record.differential or record.linear
        if moves:
            result = sm.diff(F, operands[0].name)
        else:
            Y = matrix_symbol("Y", F.shape[1], number(1))
            result = sm.diff(mul(F, Y), "Y")
        asked = list(conditions(result.question.F, result.question.variables))
    assert asked, "the record has a condition"
    function = result.numpy()
    for condition in asked:
        if condition.predicate in UNREACHABLE:
            continue
        with interning(result.question.table):
            change = broken(condition, rng)
        assert change is not None, f"no way is known to break {condition.predicate.name}"
        given = {}
        for parameter in function.parameters:
            sides = [3 for _, side in parameter.sides]
            given[parameter.keyword] = (
                rng.standard_normal(sides) + 2 * np.eye(3)
                if len(sides) == 2
                else (rng.uniform(0.2, 0.8, sides) if sides else rng.uniform(0.2, 0.8))
            )
        first, *others = [o.name for o in condition.operands if hasattr(o, "name")] or [""]
        keywords = {a.symbol.name: a.keyword for a in function.parameters}
        if first not in keywords:  # a derivative that is 0 wherever it exists has no arguments
            assert record.spelling in ("sign", "argmax") and result.text().startswith(("0", "zeros"))
            continue
        keyword = keywords[first]
        if change == "common":
            given[keyword] = -given[keywords[others[0]]].T
        elif change == "equal":
            given[keyword] = given[keywords[others[0]]]
        else:
            given[keyword] = change(given[keyword])
        if condition.predicate == p.nonzero_or_higher_power:
            given = {k: v if k == keyword or np.ndim(v) else -0.5 for k, v in given.items()}
        with pytest.raises(sm.SymmatError) as caught:
            print(f"seed {SEED}, {seed}: {result} at {given} is {function(**given)}")
        assert not re.search(r"\bnan\b", str(caught.value))


def test_every_condition_has_its_examiner():
    assert {*p.STRENGTH} <= EXAMINED.keys()


@pytest.mark.parametrize(("predicate", "within", "beyond"), [
    (p.positive, [1e-9, 0.5, 2.0], [0.0, -1e-9]),
    (p.nonnegative, [0.0, 0.5, 2.0], [-1e-9]),
    (p.nonzero, [1e-3, -0.5], [0.0]),
    (p.within_one, [-1.0, 0.0, 1.0], [1.0 + 1e-9, -1.5]),
    (p.below_one, [-0.999, 0.0, 0.999], [-1.0, 1.0, 1.5]),
    (p.not_null, [[0.0, 1e-300], 1.0], [[0.0, 0.0], 0.0]),
    (p.single_largest, [[1.0, 2.0, 1.0], [3.0]], [[2.0, 1.0, 2.0]]),
    (p.single_smallest, [[1.0, 2.0, 2.0], [3.0]], [[1.0, 2.0, 1.0]]),
])  # fmt: skip
def test_where_a_domain_ends(predicate, within, beyond):
    examine = EXAMINED[predicate]
    assert not any(examine(np.array(value)) for value in within)
    assert all(examine(np.array(value)) for value in beyond)


def test_a_fact_is_what_it_says_and_nothing_weaker():
    """A condition holds where just its facts are known, and not where one of them is missing."""
    with interning():
        X = matrix_symbol("X", number(3), number(3))
        for predicate in p.STRENGTH:
            assert predicate(X).holds(lambda _, known=predicate.facts: known)
            for missing in predicate.facts:
                assert not predicate(X).holds(lambda _, known=predicate.facts - {missing}: known)


def test_a_matrix_without_columns_stays_orthogonal():
    f = sm.diff("Q X", "Q", let="Q: m×n orthogonal; X: n×p").numpy()
    assert f(X=np.zeros((0, 2)), dQ=np.zeros((3, 0)), **({"Q": np.zeros((3, 0))} if "Q" in f.names else {})).shape == (
        3,
        2,
    )
    g = sm.diff("Q'A Q", "Q", let="Q: m×n orthogonal; A: m×m").numpy()
    assert g(Q=np.zeros((3, 0)), dQ=np.zeros((3, 0)), A=np.eye(3)).shape == (0, 0)


# ---------------------------------------------------------------- declared structure


@pytest.mark.parametrize("declared", sorted({*STRUCTURES} - {"invertible"}))
def test_what_is_not_as_declared_is_refused_and_named(declared):
    rng = np.random.default_rng([SEED, len(declared)])
    for _ in range(25):
        n = int(rng.integers(2, 12))
        wide = declared == "orthogonal"
        S = STRUCTURES[declared](rng.standard_normal((n + int(rng.integers(0, 3)) * wide, n)))
        S = S if declared == "orthogonal" or declared.startswith("unit") else S * 10.0 ** rng.integers(-9, 10)
        S = np.asfortranarray(S) if rng.random() < 0.3 else S
        let = f"S: {'m' if wide else 'n'}×n {declared}; X: n×p"
        function, unchecked = (sm.diff("S X", "X", let=let).numpy(check=c) for c in (True, False))
        dX = rng.standard_normal((n, 2))
        np.testing.assert_allclose(function(S=S, dX=dX), S @ dX)
        np.testing.assert_allclose(function(S=S * (1 + 1e-14), dX=dX), S @ dX)
        i, j = (int(k) for k in rng.integers(0, n, 2))
        wrong = S.copy()
        off = {"lower": i < j, "upper": i > j, "unit lower": i <= j, "unit upper": i >= j}.get(declared, i != j)
        if not off:
            continue
        wrong[i, j] += 10.0 ** rng.uniform(-5, 2) * max(np.max(np.abs(S)), 1e-300)
        with pytest.raises(sm.SymmatError, match=f"S is not {declared}") as caught:
            function(S=wrong, dX=dX)
        places = {
            f"[{i + 1}, {j + 1}]",
            f"[{j + 1}, {i + 1}]",
            f"columns {min(i, j) + 1}",
            f"columns {j + 1}",
            "columns",
        }
        assert any(place in str(caught.value) for place in places), caught.value
        believed = np.diag(np.diag(wrong)) if declared == "diagonal" else wrong
        np.testing.assert_allclose(unchecked(S=wrong, dX=dX), believed @ dX)


def test_a_symmetric_matrix_that_is_not_definite_is_refused():
    rng = np.random.default_rng(SEED)
    for text in ("x'S^-1 x", "logdet(S)", "tr(S A S)"):
        function = sm.grad(text, "S", let="S: n×n spd; x: n; A: n×n").numpy()
        for n in (1, 2, 5, 40):
            values = rng.uniform(0.1, 1, n)
            values[rng.integers(0, n)] *= -1
            Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
            given = {"S": Q * values @ Q.T, "x": np.ones(n), "A": np.eye(n)}
            with pytest.raises(sm.SymmatError, match="S is not spd: its smallest eigenvalue is -"):
                function(**{k: given[k] for k in function.names})


def test_directions_leave_no_structure():
    symmetric = sm.diff("S^2", let="S: n×n symmetric").numpy()
    with pytest.raises(sm.SymmatError, match="dS is not symmetric"):
        symmetric(S=I, dS=M)
    orthogonal = sm.diff("A Q A", "Q", let="Q: n×n orthogonal; A: n×n").numpy()
    assert orthogonal.names == ["A", "dQ"]
    rotation = sm.diff("Q'A Q", "Q", let="Q: n×n orthogonal; A: n×n").numpy()
    rotation(Q=I, A=M, dQ=M - M.T)
    with pytest.raises(sm.SymmatError, match="cannot move by dQ"):
        rotation(Q=I, A=M, dQ=M)


# ---------------------------------------------------------------- singular matrices

SOLVES = ["X^-1", "a'X^-1 b", "A X^-1 B", "tr(A X^-1 X^-1)", "X^-2 a", "det(X)", "logdet(X) + tr(X^-1)", "X'^-1 A X^-1"]


@pytest.mark.parametrize("text", SOLVES)
def test_singular_matrices_are_refused_however_they_are_scaled(text):
    rng = np.random.default_rng([SEED, len(text)])
    function = sm.diff(text, "X", let="A, B, X: n×n; a, b: n").numpy()
    for n in (1, 2, 3, 5, 12, 30):
        rank = int(rng.integers(0, n))
        singular = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, n)) * 10.0 ** rng.integers(-100, 100)
        given = {name: rng.standard_normal(n if name.islower() else (n, n)) for name in function.names}
        with pytest.raises(sm.SymmatError, match=r"singular|det\(X\) > 0"):
            function(**given | {"X": singular})


def test_an_inverse_that_does_not_fit_is_refused():
    rng = np.random.default_rng(SEED)
    for _ in range(40):
        A = rng.standard_normal((4, 4))
        with pytest.raises(sm.SymmatError):
            gradient("logdet(X)", "X")(X=(A - A.T) * 1e-310)


def test_a_matrix_of_bad_scale_is_not_singular():
    rng = np.random.default_rng(SEED)
    function = sm.diff("X^-1 A", "A", let="X, A: n×n").numpy()
    for _ in range(20):
        n = int(rng.integers(1, 8))
        rows, cols = (10.0 ** rng.integers(-40, 40, n) for _ in range(2))
        Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
        np.testing.assert_allclose(function(X=np.diag(rows), dA=np.eye(n)), np.diag(1 / rows))
        value = function(X=rows[:, None] * Q * cols, dA=np.eye(n)) * rows * cols[:, None]
        np.testing.assert_allclose(value, Q.T, atol=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_sylvester_equations_without_a_unique_solution_are_refused(seed):
    rng = np.random.default_rng([SEED, seed])
    m, n = rng.integers(1, 9, 2)
    function = sm.diff("sylvester(A, B, C)", "C", let="A: m×m; B: n×n; C: m×n").numpy()
    P, R = (np.linalg.qr(rng.standard_normal((k, k)))[0] for k in (m, n))
    left, right = rng.standard_normal(m), rng.standard_normal(n)
    given = {"B": R @ np.diag(right) @ np.linalg.inv(R), "dC": rng.standard_normal((m, n))}
    A = P @ np.diag(left) @ np.linalg.inv(P)
    solved = function(A=A, **given)
    np.testing.assert_allclose(A @ solved + solved @ given["B"], given["dC"], atol=1e-5)
    left[rng.integers(0, m)] = -right[rng.integers(0, n)]
    with pytest.raises(sm.SymmatError, match=r"common eigenvalue|no unique solution"):
        function(A=P @ np.diag(left) @ np.linalg.inv(P), **given)
    turn = np.array([[1.0, 2.0], [-2.0, 1.0]])  # complex pairs meet too
    with pytest.raises(sm.SymmatError, match=r"common eigenvalue|no unique solution"):
        function(A=turn, B=-turn, dC=np.ones((2, 2)))


# ---------------------------------------------------------------- ranges of floating point


@pytest.mark.parametrize("text", ["||x||", "norm(X)", "||A x||", "||x + y||", "||x|| + ||y||", "||X A||"])
def test_norms_neither_overflow_nor_vanish(text):
    wrt = "X" if "X" in text else "x"
    result = sm.grad(text, wrt, let="A, X: n×n; x, y: n")
    function = result.numpy()
    for exponent in (-290, -200, -160, 160, 200, 290):
        given = {"A": M, "X": X, "x": x, "y": y}
        scaled = {k: v if k == "A" else v * 10.0**exponent for k, v in given.items()}
        wanted = function(**{k: given[k] for k in function.names})
        for f in (function, result.numpy(check=False)):
            np.testing.assert_allclose(f(**{k: scaled[k] for k in function.names}), wanted, rtol=1e-12)


def test_what_overflows_is_said():
    for text, given in [("sum(exp(x))", {"x": 1e3 * np.abs(x)}), ("x'A x", {"A": X * 1e300, "x": x * 1e300})]:
        with pytest.raises(sm.SymmatError, match="too large for floating point"):
            gradient(text, "x")(**given)
    large = 1e200 * np.ones((2, 2))
    np.testing.assert_array_equal(sm.diff("A X", "X").numpy()(A=np.eye(2), dX=large), large)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
def test_nan_and_infinity_in_any_argument_are_named_or_do_not_reach_the_value(value):
    rng = Random(f"{SEED} {value}")
    for row in rng.sample([row for row in ROWS if not row.wrt or row.wrt], 120):
        function = sm.diff(row.text, row.wrt, let=row.let).numpy()
        given = complete(row, function)
        arrays = [k for k, v in given.items() if isinstance(v, np.ndarray) and v.size]
        if not arrays:
            continue
        keyword = rng.choice(arrays)
        bad, other = np.array(given[keyword], dtype=float), np.array(given[keyword], dtype=float)
        place = tuple(rng.randrange(n) for n in bad.shape)
        bad[place] = value
        try:
            found = function(**given | {keyword: bad})
        except sm.SymmatError:
            continue
        assert np.all(np.isfinite(found)), f"{row.text} with {keyword}{place} = {value}"
        if np.isnan(value):  # then it is not read at all
            other[place] += 0.01
            try:
                np.testing.assert_array_equal(found, function(**given | {keyword: other}), err_msg=row.text)
            except sm.SymmatError:
                continue


@pytest.mark.parametrize("declared", sorted(STRUCTURES))
def test_arguments_of_any_magnitude_give_the_number_or_an_error_and_no_warning(declared):
    texts = ("logdet(X)", "tr(S'X S)", "tr(S X) + logdet(S X)")
    results = [sm.grad(text, "X", let=f"S: n×n {declared}; X: n×n") for text in texts]
    S = STRUCTURES[declared](np.random.default_rng(SEED).standard_normal((4, 4)))
    for value in (1e-310, 1e-200, 1e200, 1e308 / np.max(np.abs(S)), np.nan, np.inf):
        with np.errstate(invalid="ignore"):
            scaled = value * S
        for given, result in product((S, scaled, scaled.T, -scaled, np.triu(scaled, 1)), results):
            with suppress(sm.SymmatError):
                found = result.numpy()(S=given, X=scaled)
                with np.errstate(all="ignore"):
                    plain = result.numpy(check=False)(S=given, X=scaled)
                np.testing.assert_allclose(found, plain, rtol=1e-6, atol=1e-6 * np.max(np.abs(found)))


def complete(row, function):
    """Values of all arguments of a function of a row."""
    given = draw_arguments([a.symbol for a in function.parameters if str(a.symbol)[0] != "d"], row.draw, row.text)
    sizes = {}
    values = {}
    for a in function.parameters:
        if a.symbol.name in given:
            values[a.keyword] = given[a.symbol.name]
            for axis, side in a.sides:
                sizes[side] = values[a.keyword].shape[axis]
    for a in function.parameters:
        if a.keyword not in values:
            sides = [
                int(side.xreplace({s: Integer(sizes.setdefault(s, 3)) for s in side.free_symbols}))
                for _, side in a.sides
            ]
            values[a.keyword] = np.zeros(sides) if sides else 0.0
    return values


def test_empty_matrices_work_or_it_is_said():
    tally = {"works": 0, "refused": 0}
    for row in ROWS:
        function = sm.diff(row.text, row.wrt, let=row.let).numpy()
        given = {}
        for a in function.parameters:
            sides = [int(side) if side.is_Integer else 0 for _, side in a.sides]
            given[a.keyword] = np.zeros(sides) if sides else 2 if a.integer else 0.5
        try:
            assert np.all(np.isfinite(function(**given))), row.text
            tally["works"] += 1
        except sm.SymmatError as problem:
            assert str(problem)
            tally["refused"] += 1
    print(tally)
    assert tally["works"] > tally["refused"]


# ---------------------------------------------------------------- check=False, other processes


def test_check_is_no_argument_of_the_function():
    function = gradient("check'x", "x", "check: n; x: n")
    np.testing.assert_array_equal(function(check=x), x)
    kink = sm.grad("sum(abs(x))", "x")
    with pytest.raises(sm.SymmatError, match="check=False"):
        kink.numpy()(x=np.zeros(2))
    np.testing.assert_array_equal(kink.numpy(check=False)(x=np.zeros(2)), np.zeros(2))


def test_a_kink_that_no_argument_can_leave_is_none():
    lower = np.tril(M)
    np.testing.assert_array_equal(gradient("sum(abs.(L))", "L", "L: n×n lower")(L=lower), np.tril(np.ones((3, 3))))
    with pytest.raises(sm.SymmatError, match=r"L\[2, 1\] is 0"):
        gradient("sum(abs.(L))", "L", "L: n×n lower")(L=lower * (M != 4))


def test_checked_functions_go_to_other_processes():
    for text, bad in [("sum(abs(A x))", np.zeros(3)), ("sum(log(A x))", -x * 0), ("1/sum(x) + ||A x||", x * 0)]:
        function = gradient(text, "x", "A: n×n; x: n")
        copy = pickle.loads(pickle.dumps(function))
        given = {"A": I, "x": np.abs(x) + 0.1}
        np.testing.assert_array_equal(
            copy(**{k: given[k] for k in copy.names}), function(**{k: given[k] for k in copy.names})
        )
        for f in (function, copy):
            with pytest.raises(sm.SymmatError, match="it must hold that"):
                f(**{k: {"A": I, "x": bad}[k] for k in f.names})


def test_the_source_is_plain():
    for text in ("a'X^-1 b", "sum(abs(A x))", "logdet(X)"):
        source = sm.grad(text, "x" if "x" in text else "X").numpy().source
        assert "check" not in source and "raise" not in source


# ---------------------------------------------------------------- the table in the documentation

TABLE = re.findall(
    r"   \* - ``(.+?)``(?: with ``(.+)``)?\n     - ``(.+)``\n     - (?:``)?(.+?)(?:``)?\n",
    (Path(__file__).parents[1] / "docs" / "arrays.rst").read_text("utf-8"),
)


def test_the_table_has_twenty_kinds_of_bad_arrays():
    assert sum(not answer.startswith(("[", "0")) for *_, answer in TABLE) >= 20


@pytest.mark.parametrize(("text", "let", "arguments", "answer"), TABLE)
def test_arrays_get_what_the_documentation_says(text, let, arguments, answer):
    wrt = next(w for w in re.findall(r"\bd(\w+)=", arguments) if w != "type")
    function = sm.diff(text, wrt, let=let).numpy()
    try:
        # the arguments are the documentation's own, and are to be pasted as they stand
        found = str(np.asarray(eval(f"f({arguments})", {"f": function, "np": np, "scipy": scipy})).tolist())
    except sm.SymmatError as problem:
        found = problem.message
    assert found == answer


@pytest.mark.parametrize("predicate", WELL, ids=lambda predicate: predicate.name)
def test_nothing_that_is_no_number_satisfies_a_condition(predicate):
    with np.errstate(invalid="ignore"):
        assert not WELL[predicate](np.full((2, 2), np.nan))
