"""Whatever is printed reads back, in every notation and style, over random expressions of all operations.

``python -m tests.round_trips --count 20000 --seed 0`` makes as many trips and prints those that come back changed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from sympy import Basic, MatrixSymbol

import symmat as sm
from symmat.algebra.depths import with_depths
from symmat.algebra.normal import normal
from symmat.calculus.fresh import FreshNames
from symmat.calculus.sandwiches import sandwiches
from symmat.core.constructors import add, differential_symbol, matrix_symbol, mul, rebuild, scalar_symbol
from symmat.core.nodes import DEFINITIONS, PENDING, Hole, MatrixOperation, ScalarOperation
from symmat.core.operation import Operation, operations
from symmat.core.structure import properties
from symmat.core.table import interning
from symmat.core.walks import children, definitions_in, postorder, replace, symbols
from symmat.errors import SymmatError
from symmat.language import declare, read
from symmat.language.program import split
from symmat.printing import Ascii, LaTeX, Printer, Style, Text, Unicode
from tests.expressions import Drawn, draw_expression
from tests.plugins import registered

SPELLINGS: dict[str, tuple[type[Printer], Style | None]] = {
    "text": (Text, None),
    "unicode": (Unicode, None),
    "ascii": (Ascii, None),
    "latex": (LaTeX, Style()),
    "bold": (LaTeX, Style(bold=True)),
    "parentheses": (LaTeX, Style(parentheses=True)),
    **{mark: (LaTeX, Style(mark)) for mark in ("T", r"\mathsf{T}", r"\mathrm{T}", r"\intercal", r"\prime")},
    "all": (LaTeX, Style(r"{\mathsf T}", bold=True, parentheses=True)),
}
"""Notations, and LaTeX in its styles."""
ROWS = "rows"
"""LaTeX as an equation, which is broken into rows where it is long."""


@dataclass(frozen=True)
class Shown:
    """Something that is printed: an expression of a result, and the declarations that it comes with."""

    what: str
    node: Basic
    result: sm.Result
    let: str
    equation: bool = False

    def spellings(self) -> Iterator[str]:
        """The notations in which it is printed."""
        yield from SPELLINGS
        if self.equation:
            yield ROWS

    def spelled(self, name: str) -> str:
        """How it is printed."""
        question = self.result.question
        if name == ROWS:
            shown = self.result.latex(equation=True)
            left = question.left(question.printer(LaTeX), question.kind, question.order)
            return shown.replace(left, "", 1).replace("=", "", 1)
        printer = question.printer(*SPELLINGS[name])
        with interning(question.table):
            defined = [printer.definition(d) for d in definitions_in(self.node)]
            return printer.with_definitions(printer.print(self.node), defined)

    def change(self, name: str) -> str:
        """What is different after the way back from a notation; nothing, if it is the same expression."""
        with interning(self.result.question.table):
            text = self.spelled(name)
            try:
                back = read(text, self.let).expr
            except SymmatError as problem:
                return f"{text}\n    {problem.message}"
            return "" if same(self.node, back) else f"{text}\n    is read as {Text().print(back)}"


def same(one: Basic, other: Basic) -> bool:
    """Whether two expressions have one normal form, with names for their parts or without."""
    return any(normal(with_depths(f(one))) is normal(with_depths(f(other))) for f in (lambda node: node, unfolded))


def unfolded(root: Basic) -> Basic:
    """The expression without names for its parts."""
    done: dict[Basic, Basic] = {}
    for node in postorder(root):
        args = [done[a] for a in children(node)]
        done[node] = args[0] if type(node) in DEFINITIONS else rebuild(node, args) if args else node
    return done[root]


# ---------------------------------------------------------------- what is printed


def attempt(ask: Callable[[], Any]) -> Any:
    """An answer, or None where there is none."""
    try:
        return ask()
    except SymmatError:
        return None


def answers(F: Any, wrt: Sequence[str], let: str = "") -> list[Callable[[], Iterator[Shown]]]:
    """Everything that is printed of an expression, by what is asked for."""
    whole = ", ".join(wrt)
    asked = [partial(value, F, whole, let), partial(operators, F, whole, let)]
    asked += [partial(derivative, sm.diff, F, whole, let=let, order=order) for order in (1, 2)]
    asked += [partial(increment, F, whole, let, order) for order in (1, 2)]
    for name in wrt:
        asked += [partial(derivative, kind, F, name, let=let) for kind in (sm.adjoint, sm.grad, sm.hessian)]
        asked += [partial(derivative, sm.jacobian, F, name, let=let, **form) for form in FORMS]
    return asked


FORMS = ({}, {"form": "index"}, {"vech": True})


def value(F: Any, wrt: str, let: str) -> Iterator[Shown]:
    """The expression itself, as a summary shows how it was read."""
    total = attempt(lambda: sm.diff(F, wrt, let=let))
    if total is not None:
        yield Shown("value", total.question.F, total, total.let)


def derivative(kind: Callable[..., sm.Result], F: Any, wrt: str, **options: Any) -> Iterator[Shown]:
    """A result, and the lines of its derivation."""
    result = attempt(lambda: kind(F, wrt, **options))
    if result is None or attempt(result.text) is None:
        return
    what = f"{kind.__name__} {wrt} {[v for k, v in options.items() if k != 'let']}"
    yield Shown(what, result._display, result, result.let, equation=True)
    for i, line in enumerate(attempt(lambda: result.steps) or ()):
        for node in (line.step.before, line.step.after, *(side for sides in line.step.reason for side in sides)):
            if not any(type(inside) in PENDING for inside in postorder(node)):
                with interning(result.question.table):
                    let = declare(symbols(result.question.F, node), result.question.reading.spelling)
                yield Shown(f"{what}, step {i}", node, result, let)


def operators(F: Any, wrt: str, let: str) -> Iterator[Shown]:
    """The sandwiches of a summary, with E for their operand."""
    total = attempt(lambda: sm.diff(F, wrt, let=let))
    if total is None or len(total.question.variables) > 1:
        return
    question = total.question
    with interning(question.table):
        free = FreshNames(s.name for s in symbols(question.F, total.shown)).take("E")
        for sandwich in sandwiches(total.shown, differential_symbol(question.variables[0]), free) or ():
            operand = {h: matrix_symbol(h.name, *h.shape) for h in symbols(sandwich.operator) if isinstance(h, Hole)}
            operator = replace(sandwich.operator, operand)
            yield Shown("operator", operator, total, declare(symbols(question.F, operator), question.reading.spelling))


def increment(F: Any, wrt: str, let: str, order: int) -> Iterator[Shown]:
    """The terms of an increment, its remainder and the bound."""
    found = attempt(lambda: sm.expand(F, wrt, let=let, order=order))
    if found is None:
        return
    parts = {**{f"term {d}": t for d, t in found.terms.items()}, "remainder": found.remainder, "bound": found.bound}
    for what, node in parts.items():
        if node is not None:
            yield Shown(f"{what} of order {order}", node, found._linear, found.let)


# ---------------------------------------------------------------- operations of other packages


class Halved(ScalarOperation):
    """x / 2."""


class HalvedEntries(MatrixOperation):
    """X / 2, entry by entry."""


class Squaring(MatrixOperation):
    """X X."""


class Blend(MatrixOperation):
    """A B + A."""


RECORDS = (
    Operation(
        node=Halved,
        name="half",
        spelling="halved",
        signature="scalar -> scalar",
        differential=lambda F, x, dx: dx,
        elementwise=True,
        reference="here",
    ),
    Operation(
        node=HalvedEntries,
        name="half of every entry",
        spelling="halved",
        signature="m×n -> m×n",
        differential=lambda F, x, dx: dx,
        elementwise=True,
        reference="here",
    ),
    Operation(
        node=Squaring,
        name="squaring",
        spelling="squaring",
        signature="n×n -> n×n",
        differential=lambda F, X, dX: add(mul(dX, X), mul(X, dX)),
        latex="{A!}^{[2]}",
        reference="here",
    ),
    Operation(
        node=Blend,
        name="blend",
        spelling="blend",
        signature="m×n, n×n -> m×n",
        differential=(lambda F, A, B, dA: add(mul(dA, B), dA), lambda F, A, B, dB: mul(A, dB)),
        latex=r"\operatorname{Bl}\left({A}, {B}\right)",
        reference="here",
    ),
)
"""Records as other packages write them: with LaTeX of their own, and without."""


# ---------------------------------------------------------------- the law


@dataclass(frozen=True)
class Case:
    """A random expression as text with declarations, or as SymPy's."""

    F: Any
    let: str
    wrt: tuple[str, ...]
    text: str


NAMES = (
    *"TdefghGFERSKLDJPQcuxyabXYZσφψΦγΣΛ", "x_{new}", "X_1", "A1", "λ_1", "Σ_{ab}", "x_α", "cov",
    "Kinv", "ab", "μ_1", "τ", "O", "BigO", "S_1", "H", "dA", "ξ", "XX", "vec_1", "Tr_1", "N", "C_{xy}",
)  # fmt: skip
"""Names that the notation reads otherwise where they are not declared, and those that results give themselves."""


def renamed(drawn: Drawn, rng: Random) -> Drawn:
    """The same expression with other names for its symbols."""
    own = (s for s in symbols(drawn.expression, *drawn.variables) if not s.is_integer)
    names = rng.sample(NAMES, len(NAMES))
    swap: dict[Basic, Basic] = {}
    for symbol in own:
        if isinstance(symbol, MatrixSymbol):
            swap[symbol] = matrix_symbol(names.pop(), *symbol.shape, properties(symbol))
        else:
            swap[symbol] = scalar_symbol(names.pop())
    return Drawn(replace(drawn.expression, swap), tuple(swap.get(v, v) for v in drawn.variables), drawn.integers)


def case(seed: int, depth: int = 3) -> Case:
    """The expression of a seed: one in four is SymPy's, and in every other one an operation is asked for."""
    rng = Random(seed)
    with interning():
        focus = rng.choice(operations()).node if rng.random() < 0.5 else None
        drawn = draw_expression(rng, rng.randint(1, depth), focus=focus)
        if rng.random() < 0.5:
            drawn = renamed(drawn, rng)
        wrt = tuple(v.name for v in drawn.variables)
        if rng.random() < 0.25:
            return Case(split(drawn.expression), "", wrt, f"SymPy's {drawn.text}")
        return Case(drawn.text, drawn.declarations, wrt, drawn.text)


def changes(seed: int, some: int = 0, depth: int = 3) -> Iterator[str]:
    """Of each trip of a seed's expression what comes back changed, or nothing.

    All that is printed in every notation, or ``some`` of the answers in one notation each.
    """
    rng = Random(-seed)
    drawn = case(seed, depth)
    if isinstance(drawn.F, str):
        sm.parse(drawn.F, drawn.let)  # an expression that is not read would be no trip
    asked = answers(drawn.F, drawn.wrt, drawn.let)
    for answer in rng.sample(asked, min(some, len(asked))) if some else asked:
        for shown in answer():
            spellings = [*shown.spellings()]
            for name in [rng.choice(spellings)] if some else spellings:
                change = shown.change(name)
                where = f"seed {seed}: {shown.what} in {name} of {drawn.text}    [{drawn.let}]"
                yield change and f"{where}\n    {change}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="how many trips")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    trips = changed = 0
    seed = options.seed
    with registered(*RECORDS):
        while trips < options.count:
            for change in changes(seed):
                trips += 1
                if change:
                    changed += 1
                    print(f"\r{change}\n")
            seed += 1
            done = min(1, trips / options.count)
            bar = f"\r[{'#' * round(30 * done):<30}] {trips:,} trips, {changed} changed"
            print(bar, end="", file=sys.stderr, flush=True)
    print(f"\n{trips:,} trips of the seeds {options.seed} to {seed - 1}: {changed} changed")
    sys.exit(changed > 0)


if __name__ == "__main__":
    main()
