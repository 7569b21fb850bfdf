"""Random expressions over everything against an independent oracle: ``python -m tests.oracle --count 5000 --seed 0``.

Each derivative, its code and its text are held against central differences of what the values of records say
an expression is.  Nothing is skipped silently: the summary counts what was not compared, by reason.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.linalg
from sympy import Basic, MatrixSymbol

import symmat as sm
from symmat.calculus.index_form import index_names
from symmat.core.constructors import is_one, shape_of
from symmat.core.structure import is_orthogonal, properties
from symmat.core.table import interning
from symmat.core.walks import symbols
from symmat.errors import LimitProblem, UnsupportedProblem, ValueProblem
from symmat.language import read
from symmat.numeric import lower
from symmat.numeric.evaluate import evaluate
from symmat.numeric.namespaces import NUMPY
from symmat.result import Result
from tests.arguments import STRUCTURES, TANGENTS, vec
from tests.expressions import SIZES, Drawn, draw_expression

POINTS = 40
LARGEST = 1e4
TOLERANCE = 1e-6
"""Of the values and their changes, which are about 1."""
ENOUGH = 1e-9
HALVINGS = 8
NUDGE = 1e-13
EPS = 1e-15
DEPTHS = (2, 2, 3, 3, 4)

KINDS = (
    "value",
    "text",
    "differential",
    "second differential",
    "adjoint",
    "gradient",
    "Jacobian",
    "Jacobian by entries",
    "Hessian",
    "increment",
)


NOWHERE = ("division by zero", "the inverse of a zero matrix")
"""What is said of a derivative that is nowhere there, as that of (t - t)^(2/3)."""


class Skipped(Exception):
    """What is not compared, with the reason."""


class Mismatched(Exception):
    """What is wrong, in words."""


@dataclass
class Report:
    """What became of one expression: for each kind ``None`` where it agrees, a reason, or a mismatch."""

    seed: int
    text: str = ""
    let: str = ""
    agreed: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    mismatched: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"  {kind}: {what}" for kind, what in self.mismatched]
        return "\n".join([f"seed {self.seed}: {self.text}", f"  let {self.let}", *lines])


class Point:
    """Values of the symbols by name, a direction of each variable, and F along them."""

    def __init__(self, drawn: Drawn, rng: np.random.Generator, positive: bool) -> None:
        self.drawn, self.rng = drawn, rng
        self.sizes = {str(s.name): n for s, n in drawn.integers.items()}
        own = set(symbols(drawn.expression, *drawn.variables))
        self.named: dict[str, Any] = dict(self.sizes)
        for symbol in sorted(own, key=lambda s: str(s.name)):
            if symbol.name not in self.named:
                self.named[symbol.name] = self._value(symbol, positive)
        self.directions = [self._directions(), self._directions()]
        self._changes: dict[Any, tuple[Any, float]] = {}

    def _value(self, symbol: Basic, positive: bool) -> Any:
        if not isinstance(symbol, MatrixSymbol):
            return self.rng.uniform(0.5, 2) * (1 if positive else self.rng.choice((-1, 1)))
        array = self.rng.standard_normal(self.shape(symbol)) / np.sqrt(self.shape(symbol)[1])
        array = np.abs(array) if positive else array
        for word in properties(symbol):
            array = STRUCTURES[word](array)
        return array

    def shape(self, node: Basic) -> tuple[int, ...]:
        return tuple(int(side.xreplace(self.drawn.integers)) for side in shape_of(node))

    def _directions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for variable in self.drawn.variables:
            full = self.rng.standard_normal(self.shape(variable))[()]
            for word in properties(variable) & set(TANGENTS):
                full = TANGENTS[word](self.named[variable.name], full)
            found[variable.name] = full
        return found

    def along(self, names: Mapping[str, Any], h: float) -> dict[str, Any]:
        """The values with some variables moved; Q'Q = I stays where it is declared."""
        moved = dict(self.named)
        for variable in self.drawn.variables:
            if variable.name in names:
                at = self.named[variable.name] + h * names[variable.name]
                moved[variable.name] = scipy.linalg.polar(at)[0] if is_orthogonal(variable) else at
        return moved

    def value(self, named: Mapping[str, Any]) -> Any:
        """F at values by name."""
        return evaluated(self.drawn.expression, named)

    def change(self, names: Mapping[str, Any], order: int = 1) -> Any:
        """The derivative of F along a direction by central differences, extrapolated to a step of 0 (Ridders 1982)."""

        key = (*((name, id(d)) for name, d in names.items()), order)
        if key not in self._changes:
            self._changes[key] = self._extrapolated(names, order)
        best, least = self._changes[key]
        scale = 1 + largest(self.start) + (largest(best) if best is not None else np.inf)
        if not least < TOLERANCE * scale / 10 or scale > LARGEST:
            raise Skipped("no accurate difference: a kink, a pole or a jump is near")
        return best

    def _extrapolated(self, names: Mapping[str, Any], order: int) -> tuple[Any, float]:
        def quotient(h: float) -> Any:
            ahead, back = (self.value(self.along(names, s)) for s in (h, -h))
            return (ahead - back) / (2 * h) if order == 1 else (ahead - 2 * self.start + back) / h**2

        rows: list[list[Any]] = []
        best, least = None, np.inf
        for k in range(HALVINGS):
            row = [quotient(0.04 * 0.5**k)]
            for j in range(len(rows)):
                row.append(row[j] + (row[j] - rows[-1][j]) / (4 ** (j + 1) - 1))
                error = max(largest(row[-1] - row[-2]), largest(row[-1] - rows[-1][-1]))
                if error < least:
                    best, least = row[-1], error
            rows.append(row)
            if best is not None and least < ENOUGH * (1 + largest(best)):
                break
        return best, float(least)

    @property
    def start(self) -> Any:
        """F itself."""
        if not hasattr(self, "_start"):
            self._start = self.value(self.named)
        return self._start

    def has_kink(self) -> bool:
        """Whether F bends at the point itself, as |x| at 0: differences from both sides are not the same."""
        h = 1e-6
        for names in self.directions:
            ahead, back = (self.value(self.along(names, s)) for s in (h, -h))
            bend = largest(ahead - 2 * self.start + back) / h
            if not bend < 1e-3 * (1 + largest(self.start) + largest(ahead - back) / h):
                return True
        return False


SINGULAR = 1e13
"""A matrix of which the condition number is larger has no inverse."""


def inverse(X: Any) -> Any:
    if np.linalg.cond(X) > SINGULAR:
        raise np.linalg.LinAlgError
    return np.linalg.inv(X)


CAREFUL = SimpleNamespace(**{**vars(NUMPY), "linalg": SimpleNamespace(**{**vars(np.linalg), "inv": inverse})})
"""NumPy, in which what is singular but for rounding has no inverse."""


def largest(array: Any) -> float:
    return float(np.max(np.abs(array), initial=0.0))


def evaluated(root: Basic, named: Mapping[str, Any], rounded: Callable[[Any], Any] = lambda value: value) -> Any:
    """An expression at values by name; sizes that a reader named are those of the arrays."""
    own = symbols(root)
    matrices = {symbol: named[symbol.name] for symbol in own if isinstance(symbol, MatrixSymbol)}
    sizes = {side for symbol in matrices for side in symbol.shape if side.is_Symbol}
    rest = {symbol: named[symbol.name] for symbol in own if symbol not in matrices and symbol not in sizes}
    return evaluate(root, matrices | rest, CAREFUL, rounded)


def computed(function: Any, named: Mapping[str, Any]) -> Any:
    """A function of arrays at values by name: vectors with one axis, in and out."""
    arguments = {}
    for parameter in function.parameters:
        value = np.asarray(named[parameter.symbol.name])
        kept = [n for n, side in zip(value.shape, parameter.shape, strict=True) if not is_one(side)]
        arguments[parameter.keyword] = value.reshape(kept) if parameter.shape else value.item()
    return function(**arguments)


class Trial:
    """One expression, and all that is asked of it."""

    def __init__(self, seed: int, drawn: Drawn | None = None) -> None:
        self.report = Report(seed)
        self.rng = np.random.default_rng(seed)
        random = Random(seed)
        self.drawn = drawn or draw_expression(random, random.choice(DEPTHS))
        self.F = self.drawn.expression
        self.report.text, self.report.let = self.drawn.text, self.drawn.declarations
        unsaid = any(f": {kind}" in self.report.let for kind in ("matrix", "vector"))  # a size such as n(n+1)/2
        self.as_text = random.random() < 0.5 and not unsaid
        self.variable = random.choice(self.drawn.variables)
        self.names = [v.name for v in self.drawn.variables]

    def run(self) -> Report:
        try:
            self.point = self._point()
        except Skipped as skipped:
            self.report.skipped.append(("point", str(skipped)))
            return self.report
        checks: list[tuple[str, Callable[[], None]]] = [
            ("value", self.value),
            ("text", self.text),
            ("differential", self.differential),
            ("second differential", self.second_differential),
            ("adjoint", self.adjoint),
            ("Jacobian", self.jacobian),
            ("Jacobian by entries", self.jacobian_by_entries),
            ("increment", self.increment),
        ]
        if not shape_of(self.F):
            checks += [("gradient", self.gradient), ("Hessian", self.hessian)]
        for kind, check in checks:
            try:
                check()
            except Skipped as skipped:
                self.report.skipped.append((kind, str(skipped)))
            except Mismatched as mismatch:
                self.report.mismatched.append((kind, str(mismatch)))
            except Exception as error:  # whatever comes out is what the campaign is to find
                refused = isinstance(error, UnsupportedProblem | LimitProblem) and "recursion" not in str(error)
                if refused or str(error).split("\n")[0] in NOWHERE:
                    self.report.skipped.append((kind, generic(str(error))))
                else:
                    self.report.mismatched.append((kind, f"{type(error).__name__}: {error}"))
            else:
                self.report.agreed.append(kind)
        return self.report

    def _point(self) -> Point:
        reasons = Counter[str]()
        for i in range(POINTS):
            point = Point(self.drawn, self.rng, positive=i >= POINTS // 2)
            try:
                size = largest(point.start)
            except np.linalg.LinAlgError:
                size = np.nan
            if not np.isfinite(size):
                reasons["it has no value"] += 1
            elif size > LARGEST:
                reasons["it is too large"] += 1
            elif point.has_kink():
                reasons["it has a kink"] += 1
            else:
                return point
        raise Skipped(f"{reasons.most_common(1)[0][0]} at {POINTS} random points")

    # ------------------------------------------------------------ what is compared

    def value(self) -> None:
        self._code(lower(self.F), self.F, self.point.named, ["F"])

    def text(self) -> None:
        read_back = read(self.drawn.text, self.drawn.declarations).expr
        self._agree(
            evaluated(read_back, self.point.named), self.point.start, "the text means something else", exact=True
        )

    def differential(self) -> None:
        result = self._asked(sm.diff, self.names)
        named = self._moving(0)
        shown = self._shown(result, named)
        self._agree(shown, self._change(0), f"dF = {result.text()}", rounding=self._felt(result, named, shown))
        self._read_back(result, named, shown)

    def second_differential(self) -> None:
        result = self._asked(sm.diff, self.names, order=2)
        named = self._moving(0)
        shown = self._shown(result, named)
        self._agree(shown, self.point.change(self.point.directions[0], 2), f"d2F = {result.text()}", 100)
        self._read_back(result, named, shown)

    def adjoint(self) -> None:
        result = self._asked(sm.adjoint, self.variable.name)
        G = self.rng.standard_normal(np.shape(self.point.start))[()]
        named = {**self.point.named, result.question.cotangent.name: G}
        self._pulled(result, named, G)

    def gradient(self) -> None:
        self._pulled(self._asked(sm.grad, self.variable.name), self.point.named, 1.0)

    def _pulled(self, result: Result, named: Mapping[str, Any], G: Any) -> None:
        shown = self._shown(result, named)
        for i in (0, 1):
            wanted = np.sum(G * self._own_change(i))
            along = self.point.directions[i][self.variable.name]
            what = f"the {result.question.kind} in {self.variable.name} is {result.text()}"
            self._agree(np.sum(shown * along), wanted, what, rounding=self._felt(result, named, shown, along))
        at = self.point.named[self.variable.name]
        for word in properties(self.variable) & set(TANGENTS):
            self._agree(TANGENTS[word](at, shown), shown, f"outside of the tangent space: {result.text()}")
        self._read_back(result, named, shown)

    def jacobian(self) -> None:
        result = self._asked(sm.jacobian, self.variable.name)
        J = self._shown(result, self.point.named)
        for i in (0, 1):
            wanted, along = vec(self._own_change(i)), vec(self.point.directions[i][self.variable.name])
            given = np.reshape(J, (wanted.size, along.size)) @ along
            what = f"the Jacobian in {self.variable.name} is {result.text()}"
            self._agree(given, wanted, what, rounding=self._felt(result, self.point.named, J, along))
        self._read_back(result, self.point.named, J)

    def jacobian_by_entries(self) -> None:
        result = self._asked(sm.jacobian, self.variable.name, form="index")
        with interning(result.question.table):
            indices = [i.name for i in index_names(result.question.F, result.question.variables[0])]
        change = self._own_change(0)
        along = np.asarray(self.point.directions[0][self.variable.name])
        at = tuple(int(self.rng.integers(side)) for side in np.shape(change))
        total = 0.0
        for other in np.ndindex(along.shape):
            places = [i + 1 for i, n in zip((*at, *other), (*np.shape(change), *along.shape), strict=True)]
            sides = (*(shape_of(self.F)), *(shape_of(self.variable)))
            kept = [i for i, side in zip(places, sides, strict=True) if not is_one(side)]
            named = {**self.point.named, **dict(zip(indices, kept, strict=True))}
            total += self._shown(result, named, code=not any(other)) * along[other]
        self._agree(total, np.asarray(change)[at], f"the entries in {self.variable.name} are {result.text()}")

    def hessian(self) -> None:
        result = self._asked(sm.hessian, self.variable.name)
        H = self._shown(result, self.point.named)
        one, other = (np.atleast_1d(vec(d[self.variable.name])) for d in self.point.directions)
        H = np.reshape(H, (one.size, one.size))
        what = f"the Hessian in {self.variable.name} is {result.text()}"
        wanted = self.point.change({self.variable.name: self.point.directions[0][self.variable.name]}, 2)
        self._agree(one @ H @ one, wanted, what, 100)
        self._agree(one @ H @ other, other @ H @ one, f"not symmetric: {what}")
        self._read_back(result, self.point.named, np.squeeze(H) if H.size == 1 else H)

    def increment(self) -> None:
        order = 1 + int(self.rng.integers(2))
        source, options = (self.drawn.text, {"let": self.drawn.declarations}) if self.as_text else (self.F, {})
        try:
            found = sm.expand(source, self.names, order=order, **options)
        except ValueProblem as problem:
            raise Skipped(generic(problem.message)) from None
        small = {name: 0.1 * d for name, d in self.point.directions[0].items()}
        named = {**self.point.named, **{f"d{name}": d for name, d in small.items()}}
        with interning(found._question.table):
            terms = {degree: evaluated(term, named) for degree, term in found.terms.items()}
            rest = None if found.remainder is None else evaluated(found.remainder, named)
        for degree in range(1, order + 1):
            wanted = self._change(0) if degree == 1 else self.point.change(self.point.directions[0], 2) / 2
            given = terms.get(degree, np.zeros_like(wanted)) / 0.1**degree
            if found.conditions and not np.all(np.isfinite(given)):
                raise Skipped("not there: a condition that is stated does not hold")
            self._agree(given, wanted, f"degree {degree} of {found.text()}", 100**degree)
        if rest is not None:
            moved = self.point.value(self.point.along(small, 1.0))
            self._agree(sum(terms.values()) + rest, moved - self.point.start, found.text())

    # ------------------------------------------------------------ how it is compared

    def _asked(self, ask: Callable[..., Result], wrt: Any, **options: Any) -> Result:
        if self.as_text:
            return ask(self.drawn.text, wrt, let=self.drawn.declarations, **options)
        return ask(self.F, wrt, **options)

    def _moving(self, i: int) -> dict[str, Any]:
        return {**self.point.named, **{f"d{name}": d for name, d in self.point.directions[i].items()}}

    def _change(self, i: int) -> Any:
        return self.point.change(self.point.directions[i])

    def _own_change(self, i: int) -> Any:
        return self.point.change({self.variable.name: self.point.directions[i][self.variable.name]})

    def _shown(self, result: Result, named: Mapping[str, Any], code: bool = True) -> Any:
        """What a result shows, at values by name; its code computes the same."""
        with interning(result.question.table):
            shown = evaluated(result.shown, named)
            if not np.all(np.isfinite(shown)):
                if result.conditions:
                    raise Skipped("not there: a condition that is stated does not hold")
                if any(word in result.text() for word in ("svd(", "eigh(", "polar(", "qr(")):
                    raise Skipped("its factors are not unique")
                raise Mismatched(f"not a number, and no condition says why: {result.text()}")
            if code:
                program = result._derivative.program
                self._code(result.numpy(), result.shown, named, result.conditions, lambda: program(result.question.F))
        return shown

    def _code(
        self,
        function: Any,
        root: Basic,
        named: Mapping[str, Any],
        conditions: list[str],
        program: Callable[[], Basic] | None = None,
    ) -> None:
        """The code computes the value of the root, up to rounding in the root and in the ``program`` it is made of."""
        wanted = evaluated(root, named)
        try:
            given = computed(function, named)
        except ValueProblem as problem:
            if conditions and "must be at least 0" not in problem.message:
                raise Skipped(f"the code refuses: {generic(problem.message)}") from None
            raise Mismatched(f"the code refuses: {problem.message}") from None
        sides = [n for n, side in zip(np.shape(wanted), shape_of(root), strict=True) if not is_one(side)]
        if conditions and not np.all(np.isfinite(given)):
            raise Skipped("the code is not there: a condition that is stated does not hold")
        if np.shape(given) != tuple(sides):
            raise Mismatched(f"the code gives an array of {np.shape(given)}, not {sides}")
        what = f"the code computes something else:\n{function.source}"

        def noise() -> float:
            return max(rounding(each, named, wanted) for each in ([root, program()] if program else [root]))

        self._agree(given, np.reshape(wanted, sides), what, exact=True, rounding=noise)

    def _felt(self, result: Result, named: Mapping[str, Any], shown: Any, along: Any = 1.0) -> Callable[[], float]:
        """How far rounding may move what is shown, summed along a direction."""

        def noise() -> float:
            with interning(result.question.table):
                return rounding(result.shown, named, shown) * float(np.sum(np.abs(along)))

        return noise

    def _read_back(self, result: Result, named: Mapping[str, Any], shown: Any) -> None:
        with interning():
            again = read(result.text(), result.let).expr
            self._agree(evaluated(again, named), shown, f"read back as something else: {result.text()}", exact=True)

    def _agree(
        self,
        given: Any,
        wanted: Any,
        what: str,
        looser: float = 1,
        exact: bool = False,
        rounding: Callable[[], float] = float,
    ) -> None:
        scale = 1 + largest(wanted) + largest(self.point.start)
        error = largest(np.asarray(given) - np.asarray(wanted)) if np.shape(given) == np.shape(wanted) else np.nan
        allowed = (TOLERANCE * looser if not exact else TOLERANCE) * scale
        if error < allowed:
            return
        noise = rounding()
        if error < noise < 100 * allowed:
            return
        if not error >= noise:
            raise Skipped("rounding is felt too much here")
        shown = f"{np.round(given, 6).tolist()} instead of {np.round(wanted, 6).tolist()}"
        raise Mismatched(f"{what}\n    {shown:.300}")


def rounding(root: Basic, named: Mapping[str, Any], at: Any) -> float:
    """How far rounding may move a value: as a small change of its arguments does, or of what is computed on the way."""
    rng = np.random.default_rng(0)

    def rounded(value: Any, by: float = EPS) -> Any:
        return value * (1 + by * rng.standard_normal(np.shape(value)))

    moved = []
    for _ in range(4):
        nudged = {name: v if isinstance(v, int) else rounded(v, NUDGE) for name, v in named.items()}
        moved += [evaluated(root, nudged), evaluated(root, named, rounded)]
    return 100 * float(np.max([largest(value - at) for value in moved]))


def generic(message: str) -> str:
    """A message without what it is about, so that equal reasons are counted together."""
    return message.split("\n")[0].split(":")[0][:80]


def examine(seed: int) -> Report:
    """One random expression and all its derivatives."""
    with interning():
        return Trial(seed).run()


def examine_text(text: str, let: str, wrt: str, seed: int, **integers: int) -> Report:
    """An expression of one's own and all its derivatives; letters of sizes are those that are drawn, unless said."""
    with interning():
        reading = read(text, let)
        letters = [s for s in symbols(reading.expr) if not isinstance(s, MatrixSymbol) and s.is_integer]
        values = {s: (SIZES | integers)[s.name] for s in letters}
        variables = tuple(reading.symbols[name] for name in wrt.split(", "))
        return Trial(seed, Drawn(reading.expr, variables, values)).run()


def campaign(seeds: range, progress: bool = True) -> Iterator[Report]:
    """The reports of many expressions, with a progress bar on a terminal's standard error."""
    wrong = 0
    for done, seed in enumerate(seeds, 1):
        report = examine(seed)
        wrong += bool(report.mismatched)
        if progress and (done % max(1, len(seeds) // 200) == 0 or done == len(seeds)):
            bar = "#" * (40 * done // len(seeds))
            print(f"\r[{bar:<40}] {done}/{len(seeds)}, {wrong} mismatched", end="", file=sys.stderr, flush=True)
        yield report
    if progress:
        print(file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    agreed, skipped, wrong = Counter[str](), Counter[tuple[str, str]](), []
    slowest: list[tuple[float, int]] = []
    start = time.process_time()
    for report in campaign(range(options.seed, options.seed + options.count)):
        now = time.process_time()
        agreed.update(report.agreed)
        skipped.update(report.skipped)
        if report.mismatched:
            wrong.append(report)
            print(f"\n{report}", flush=True)
        slowest = sorted([*slowest, (now - start, report.seed)])[-3:]
        start = time.process_time()
    print(f"seeds {options.seed} to {options.seed + options.count - 1}")
    for kind in KINDS:
        missed = sum(n for (k, _), n in skipped.items() if k == kind)
        failed = sum(k == kind for r in wrong for k, _ in r.mismatched)
        print(f"{kind:<22}{agreed[kind]:>6} agree{failed:>6} mismatched{missed:>6} skipped")
    for (kind, reason), n in skipped.most_common():
        print(f"    {n:>5} {kind}: {reason}")
    print("slowest: " + ", ".join(f"seed {seed} in {t:.1f} s" for t, seed in reversed(slowest)))
    print(f"{len(wrong)} of {options.count} expressions have a mismatch")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
