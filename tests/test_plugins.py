"""Operations of one's own: each kind reads and prints back, and what is wrong in one is its author's error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from sympy import MatMul

import symmat as sm
from symmat.core.constructors import add, identity, make, mul, neg, number, shape_of, trace, transpose
from symmat.core.nodes import MatrixOperation, ScalarOperation
from symmat.core.operation import (
    Abbreviation,
    Equation,
    Linear,
    Operation,
    abbreviate,
    find_operation,
    register,
    spelled,
)
from symmat.core.table import interning
from symmat.errors import RecordProblem, SymmatError
from symmat.facts.predicates import invertible
from symmat.language import read
from symmat.printing import LaTeX, Text
from tests.plugins import registered
from tests.round_trips import answers


class Squaring(MatrixOperation):
    """X X."""


class PowerSum(ScalarOperation):
    """tr(X X)."""


class Stein(MatrixOperation):
    """A X A' - X, linear in X alone."""


class Halving(MatrixOperation):
    """X / 2."""


class Cube(ScalarOperation):
    """x³."""


class Cubes(MatrixOperation):
    """x³ of every entry."""


class Weighted(ScalarOperation):
    """w x'x."""


class Exchange(MatrixOperation):
    """The n×n matrix with ones on the other diagonal."""


class Core(MatrixOperation):
    """Any matrix function of X."""


def slope(F, x, dx):
    return mul(number(3), make(type(F), x), dx) if not shape_of(x) else mul(number(3), dx)


HALF = Linear(
    push=lambda F, i, E: make(Halving, E),
    adjoint=lambda F, i, G: make(Halving, G),
    vec=lambda F, i: make(Halving, identity(mul(*shape_of(F)))),
)
SQUARING = Operation(
    node=Squaring,
    name="squaring",
    spelling="squaring",
    signature="n×n -> n×n",
    differential=lambda F, X, dX: add(mul(dX, X), mul(X, dX)),
)
POWER_SUM = Operation(
    node=PowerSum,
    name="power sum",
    spelling="psum",
    aliases=("powersum", r"\psum"),
    signature="n×n -> scalar",
    differential=lambda F, X, dX: mul(number(2), trace(mul(X, dX))),
)
STEIN = Operation(
    node=Stein,
    name="Stein operator",
    spelling="stein2",
    signature="n×n, n×n -> n×n",
    latex=r"\mathcal{S}",
    differential=(
        lambda F, A, X, dA: add(mul(dA, X, transpose(A)), mul(A, X, transpose(dA))),
        lambda F, A, X, dX: make(Stein, A, dX),
    ),
)
HALVING = Operation(
    node=Halving, name="half", spelling="halve", signature="m×n -> m×n", latex=r"\mathrm{Half}", linear=HALF
)
CUBE = Operation(
    node=Cube,
    name="cube",
    spelling="cube",
    signature="scalar -> scalar",
    elementwise=True,
    differential=lambda F, x, dx: mul(number(3), x, x, dx),
)
CUBES = Operation(
    node=Cubes,
    name="cube of every entry",
    spelling="cube",
    signature="m×n -> m×n",
    elementwise=True,
    differential=lambda F, X, dX: make(Cubes, dX),
)
WEIGHTED = Operation(
    node=Weighted,
    name="weighted square",
    spelling="wsq",
    signature="scalar, n×1 -> scalar",
    latex=r"\operatorname{w}\left({A}, {B}\right)",
    differential=(
        lambda F, w, x, dw: mul(dw, trace(mul(transpose(x), x))),
        lambda F, w, x, dx: mul(number(2), w, trace(mul(transpose(x), dx))),
    ),
)
EXCHANGE = Operation(
    node=Exchange, name="exchange", spelling="exchange", signature="#n -> n×n", latex=r"\mathcal X_{{A}}"
)
MARKS = ["{A!}^{[2]}", r"{A!}^{\star}", r"{A!}^{\mathrm D}", "{A!}^{++}", r"{A!}^{\#}"]
COMMUTATOR = Abbreviation("commutator", "n×n, n×n -> n×n", lambda A, B: add(mul(A, B), neg(mul(B, A))), ("bracket",))

KINDS = [
    (SQUARING, "A squaring(X) B", ("X",)),
    (SQUARING, "squaring(squaring(X) + A)'", ("X",)),
    (POWER_SUM, "psum(A X) X", ("X",)),
    (POWER_SUM, "powersum(X)", ("X",)),
    (STEIN, "stein2(A, X + B) C", ("X",)),
    (HALVING, "halve(A X)' B", ("X",)),
    (CUBE, "cube(c) x", ("c",)),
    (CUBE, "cube(x'x)^2", ("x",)),
    (CUBES, "cube.(A X)", ("X",)),
    (CUBES, "cube(A x)", ("x",)),
    (WEIGHTED, "wsq(c, A x) + 1", ("x", "c")),
    (EXCHANGE, "exchange(3) X exchange(n)", ("X",)),
    (COMMUTATOR, "commutator(A, X) bracket(X, B)", ("X",)),
]
NOTATIONS = ("text", "ascii", "latex", "all")
LET = {"c": "c: scalar", "x": ""}


@pytest.mark.parametrize(("record", "text", "wrt"), KINDS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_kind_prints_and_reads_back(record, text, wrt):
    let = "; ".join(filter(None, (LET.get(name, "") for name in wrt)))
    with registered(record):
        trips = [shown.change(name) for a in answers(text, wrt, let) for shown in a() for name in NOTATIONS]
    assert len(trips) > 20
    assert not any(trips), "\n".join(filter(None, trips))


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_reads_back(mark):
    named = Operation(Core, "core", "core", signature="n×n -> n×n", latex=mark)
    with registered(named), interning():
        for text in ("core(X)", "core(A X)'", "core(core(X)^-1)^2", "A core(B) X"):
            node = read(text).expr
            assert read(LaTeX().print(node)).expr is node, LaTeX().print(node)


def test_a_mark_of_what_acts_on_each_entry_reads_back():
    records = [replace(record, latex=r"{A!}^{\natural}") for record in (CUBE, CUBES)]
    with registered(*records), interning():
        for text in ("cube(λ + 1)", "cube.(A X)", "cube(x)' y", "cube(cube(x'x))"):
            node = read(text).expr
            assert read(LaTeX().print(node)).expr is node, LaTeX().print(node)


@pytest.mark.parametrize("word", ["gamma", "digamma", "dlog", "AB2", "Besselj", "norm7", "tr2", "logx"])
def test_many_words_are_words(word):
    """Also those that hold a Greek letter, a differential, or another word."""
    with registered(replace(SQUARING, spelling=word)), interning():
        node = read(f"A {word}(X) B").expr
        assert type(node.args[1]) is Squaring
        assert read(LaTeX().print(node)).expr is node and read(Text().print(node)).expr is node


def test_latex_as_authors_write_it():
    with registered(SQUARING, POWER_SUM, STEIN, HALVING, CUBE, CUBES, WEIGHTED, EXCHANGE), interning():
        for latex, text in [
            (r"A \operatorname{squaring}(X) B", "A squaring(X) B"),
            (r"\mathrm{squaring}\left(X\right)^\top", "squaring(X)'"),
            (r"\operatorname{squaring} X^2", "squaring(X^2)"),
            (r"\psum(A X)", "psum(A X)"),
            (r"\operatorname{powersum} X", "psum(X)"),
            (r"\mathcal{S}(A, X)", "stein2(A, X)"),
            (r"\mathcal S\left(A, X\right)", "stein2(A, X)"),
            (r"\operatorname{stein2}(A, X)", "stein2(A, X)"),
            (r"\mathrm{Half}(X)", "halve(X)"),
            (r"\operatorname{cube}_{\odot}(X)", "cube.(X)"),
            (r"\operatorname{cube}(\lambda)", "cube(λ)"),
            (r"\operatorname{w}(\lambda, x)", "wsq(λ, x)"),
            (r"\mathcal{X}_{n} X", "exchange(n) X"),
        ]:
            assert read(latex).expr is read(text).expr, latex


def test_words_are_suggested_and_reserved():
    with registered(SQUARING, HALVING):
        with pytest.raises(SymmatError, match="squaring"):
            sm.parse("squarring(X)")
        with pytest.raises(SymmatError, match="cannot be declared"):
            sm.parse("X", let="squaring: n×n")
        with pytest.raises(SymmatError, match="needs parentheses"):
            sm.parse("halve X")
        with pytest.raises(SymmatError, match="LaTeX") as caught:
            sm.parse(r"\halve(X)")
        assert r"\mathrm{Half}" in str(caught.value) or "operatorname" in str(caught.value)
    with pytest.raises(SymmatError, match="not a function"):
        sm.parse("squaring(X)")


# ---------------------------------------------------------------- what no record can say


def made(**fields):
    fields = {"node": Core, "name": "core", "spelling": "core", "signature": "n×n -> n×n", **fields}
    return register(Operation(**fields))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"signature": "n*n -> n*n"}, "'n*n'"),
        ({"signature": "n×n n×n"}, "'->'"),
        ({"signature": "N×N -> N×N"}, "'N×N'"),
        ({"signature": "n×n -> m×n"}, "m"),
        ({"signature": "n×n -> n×n×n"}, "'n×n×n'"),
        ({"signature": ""}, "'core'"),
        ({"signature": "n×n, matrix -> n×n"}, "'matrix'"),
        ({"signature": "#m×n -> m×n"}, "'#m×n'"),
        ({"signature": "n×n -> scalar"}, "scalar"),
        ({"latex": r"{B}^{+}"}, "{B}"),
        ({"latex": r"\operatorname{c}\left({A}, {B}\right)"}, "{B}"),
        ({"latex": r"{X}^{+}"}, "{X}"),
        ({"latex": r"{A!}^{\mathrm{D}}"}, "{D}"),
        ({"latex": "{A}^{+}"}, "{A!}"),
        ({"text": "{#3}!"}, "{#3}"),
        ({"latex": "Core"}, "'Core'"),
        ({"latex": "{A!}^{2}"}, "'^{2}'"),
        ({"latex": r"{A!}^{\top}"}, "top"),
        ({"latex": r"\det", "signature": "n×n -> scalar", "node": Cube}, "det"),
        ({"latex": "{A!}^{+}"}, "^{+}"),
        ({"infix": "⋆"}, "⋆"),
        ({"infix": "⊗"}, "⊗"),
        ({"spelling": "inv"}, "'inv'"),
        ({"aliases": ("expm",)}, "'expm'"),
        ({"aliases": (r"\det",), "signature": "n×n -> scalar", "node": Cube}, "det"),
        ({"spelling": "zeros"}, "'zeros'"),
        ({"spelling": "grad"}, "'grad'"),
        ({"spelling": "f"}, "'f'"),
        ({"spelling": "two words"}, "'two words'"),
        ({"name": "a\nb"}, "no name"),
        ({"differential": (None, None)}, "2 rules"),
        ({"linear": (None, None)}, "2 rules"),
        ({"differential": lambda F, X: X}, "is given 3 arguments"),
        ({"linear": Linear(lambda F, E: E, lambda F, i, G: G, lambda F, i: None)}, "is given 3 arguments"),
        ({"linear": Linear(lambda F, i, E: E, lambda F, i, G: G, lambda F: None)}, "is given 2 arguments"),
        ({"facts": lambda known: frozenset()}, "is given 2 arguments"),
        ({"value": lambda A: A @ A}, "is given 2 arguments"),
        ({"structure": "triangular"}, "'triangular'"),
        ({"condition": invertible("B")}, "'B'"),
        ({"condition": invertible}, "invertible"),
        ({"smooth": "X is invertible"}, "'X is invertible'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_no_record_can_say_is_an_error_that_names_it(fields, named):
    with registered(), pytest.raises(RecordProblem, match=re.escape(named)):
        made(**fields)
    assert find_operation(Core) is None and find_operation(Cube) is None


def test_an_equation_has_one_of_the_left_sides():
    with pytest.raises(RecordProblem, match=re.escape("'F G H'")):
        Equation("mine", "core(X) = X", "F G H", lambda F, X: X)


@pytest.mark.parametrize(
    ("signature", "build", "named"),
    [
        ("n×n -> n", lambda A: A, "'n'"),
        ("n×n -> m×n", lambda A: A, "m"),
        ("n×n, n×n -> n×n", lambda A: A, "is given 2 arguments"),
        ("m×n -> n×m", lambda A: A, "gives m×n, and m×n -> n×m is n×m"),
        ("m×n -> scalar", lambda A: A, "gives m×n, and m×n -> scalar is a scalar"),
    ],
)
def test_an_abbreviation_says_what_it_gives(signature, build, named):
    with registered(), pytest.raises(RecordProblem, match=re.escape(named)):
        abbreviate(Abbreviation("short", signature, build))
        sm.parse("short(X)")


def test_a_word_of_another_kind_of_operands_is_not_taken():
    with registered(), interning():
        made(spelling="inv", signature="n×n, n×n -> n×n")
        assert type(read("inv(A, B)").expr) is Core
        assert read("inv(A)").expr is read("A^-1").expr


def test_the_words_of_the_notation_come_first():
    code = PLUGIN.format(rule="None").replace('"broken", "broken"', '"broken", "inv"')
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "'inv' is taken" in done.stderr.splitlines()[-1]


def test_a_session_may_say_it_again():
    """What is written at the same place is a new version, with new words."""

    def session(latex):
        class Mine(MatrixOperation):
            """Of a notebook's cell."""

        return register(Operation(Mine, "mine", "mine", signature="n×n -> n×n", latex=latex))

    with registered():
        session(r"\operatorname{Mi}")
        second = session(r"{A!}^{[m]}")
        assert spelled("mine") == (second,)
        for word in (lambda A: mul(A, A), lambda A: mul(A, A, A)):
            abbreviate(Abbreviation("mineto", "n×n -> n×n", word))
        assert sm.parse("mineto(X)") == sm.parse("X X X")


# ---------------------------------------------------------------- what goes wrong in one


class Wrong(MatrixOperation):
    """An operation with a mistake."""


def wrong(**fields):
    return Operation(node=Wrong, name="wrong", spelling="wrong", signature="m×n -> m×n", **fields)


@pytest.mark.parametrize(
    ("fields", "ask", "words"),
    [
        ({"differential": lambda F, X, dX: transpose(dX)}, sm.diff, r"the rule of wrong for argument 1 .*p×n.*n×p"),
        ({"differential": lambda F, X, dX: trace(mul(transpose(X), dX))}, sm.diff, "a scalar where n×p"),
        ({"differential": lambda F, X, dX: MatMul(X, X.T, dX)}, sm.diff, "MatMul, which no constructor made"),
        ({"differential": lambda F, X, dX: X}, lambda text: sm.adjoint(text), "does not depend on its direction"),
        (
            {"linear": Linear(lambda F, i, E: make(Wrong, E), lambda F, i, G: transpose(G), lambda F, i: None)},
            sm.adjoint,
            "p×n where n×p",
        ),
        ({"differential": lambda F, X, dX: 0}, sm.diff, "int, which no constructor made"),
    ],
)
def test_a_value_of_another_shape_is_its_authors_error(fields, ask, words):
    with registered(wrong(**fields)), pytest.raises(RecordProblem, match=words):
        ask("A wrong(X)").text()


def test_the_error_says_where_the_rule_is_written():
    with registered(wrong(differential=lambda F, X, dX: transpose(dX))):
        with pytest.raises(RecordProblem) as caught:
            sm.diff("wrong(X)")
        assert re.search(rf'File "{re.escape(__file__)}", line \d+', str(caught.value))


PLUGIN = """\
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Operation, register

class Broken(MatrixOperation):
    "It raises."

register(Operation(Broken, "broken", "broken", signature="n×n -> n×n", differential={rule}))
"""


@pytest.mark.parametrize(
    ("module", "source", "last"),
    [
        ("broken", PLUGIN.format(rule="lambda F, X: X"), "is given 3 arguments"),
        ("broken", PLUGIN.format(rule="lambda F, X, dX: 1 / 0"), "ZeroDivisionError"),
        ("broken", PLUGIN.format(rule="lambda F, X, dX: 5"), "RecordProblem"),
        ("broken", PLUGIN.format(rule="None").replace("n×n ->", "n*n ->"), "RecordProblem"),
        ("broken", "import nothing_of_this_name", "RecordProblem"),
    ],
)
def test_the_command_line_shows_an_authors_error_with_its_traceback(tmp_path, module, source, last):
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[symmat.operations]\nbroken = {module}\n")
    (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "symmat", "diff", "broken(X)"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 70
    assert "Traceback" in done.stderr and "broken.py" in done.stderr
    *_, error, advice = done.stderr.strip().splitlines()
    assert last in error
    assert "another package" in advice and "symmat's own" not in done.stderr
