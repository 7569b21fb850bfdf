"""A derivation for readers: lines of text, or an aligned block of LaTeX that fits a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from symmat.algebra.measures import is_matrix
from symmat.calculus.derivation import Equation, Rewriting
from symmat.core.table import Table, interning
from symmat.printing.ascii import Ascii
from symmat.printing.latex import LaTeX, Style
from symmat.printing.layout import INDENT, LINE, aligned, broken, rows_of_each, width
from symmat.printing.printer import Printer
from symmat.printing.text import Text
from symmat.printing.unicode import Unicode

Shown = TypeVar("Shown")

GAP = 20.0
"""Points between an aligned column and the next."""
LONGEST_LEFT = 14
"""Of a longer left side the lines of text are indented by two."""

READ_OFF = {
    "grad": ("{F} is the inner product of the gradient and {0}", r"{F} = \langle \nabla f, {0} \rangle"),
    "named grad": ("{F} is the inner product of {1} and {0}", r"{F} = \langle {1}, {0} \rangle"),
    "adjoint": (
        "the inner product of {1} and {F} is that of the adjoint and {0}",
        r"\langle {1}, {F} \rangle = \langle {left}, {0} \rangle",
    ),
    "named adjoint": (
        "the inner product of {1} and {F} is that of {2} and {0}",
        r"\langle {1}, {F} \rangle = \langle {2}, {0} \rangle",
    ),
    "hessian": ("{vec}{1} is the Hessian times {vec}{0}", r"{vec}{1} = H \, {vec}{0}"),
    "jacobian": ("vec {F} is the Jacobian times vec {0}", r"\operatorname{{vec}} {F} = J \, \operatorname{{vec}} {0}"),
    "half jacobian": (
        "vec {F} is the Jacobian times vec {0}, and vec {0} is D vech {0}",
        r"\operatorname{{vec}} {0} = D \operatorname{{vech}} {0}",
    ),
    "entries": (
        "an entry of {F} in the direction of an entry of {0}",
        r"{F} \text{{ by entries of }} {0}",
    ),
}
"""How a result is read off a differential, in words and in LaTeX."""


@dataclass(frozen=True)
class Row:
    """A row of a derivation: a left side or nothing, a right side or nothing, the rule, and its reasons."""

    left: str
    right: str
    rule: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """How a derivation is printed: its nodes' table, its printers, and the left sides of its results."""

    table: Table
    printer: Callable[[type[Printer], Style | None], Printer]
    left: Callable[[Printer, str, int], str]
    result: Any


@dataclass(frozen=True)
class Line:
    """One step: what is derived, the expression before and after the rule, and why."""

    step: Rewriting
    view: View
    number: int

    def __reduce__(self) -> tuple[Any, ...]:
        return _line, (self.view.result, self.number)

    @cached_property
    def rule(self) -> str:
        """The name of the rule."""
        return self._in(Text, self.words)

    @cached_property
    def of(self) -> str:
        """What the step is about: dF, the differential of a definition, or a result."""
        return self._in(Text, self.left)

    @cached_property
    def before(self) -> str:
        """The whole expression before the rule."""
        return self._in(Text, lambda p: p.print(self.step.before))

    @cached_property
    def after(self) -> str:
        """The whole expression after the rule."""
        return self._in(Text, lambda p: p.print(self.step.after))

    @cached_property
    def reason(self) -> tuple[str, ...]:
        """The equations that the rule follows from, and the definitions of what is new."""
        return self._in(Text, lambda p: tuple(map(partial(_equation, p), self.step.reason)))

    def __str__(self) -> str:
        because = f", from {' and '.join(self.reason)}" if self.reason else ""
        return f"{self.rule}{because}: {self.before} = {self.after}"

    def to_json(self) -> dict[str, Any]:
        """The step as plain data."""

        def both(kind: type[Printer]) -> dict[str, str]:
            return {
                "before": self._in(kind, lambda p: p.print(self.step.before)),
                "after": self._in(kind, lambda p: p.print(self.step.after)),
            }

        return {
            "of": self.of,
            "rule": self.rule,
            **both(Text),
            "unicode": both(Unicode),
            "latex": both(LaTeX),
            "reason": list(self.reason),
        }

    def left(self, printer: Printer) -> str:
        """The left side."""
        step = self.step
        return printer.defined(step.of) if step.of is not None else self.view.left(printer, step.kind, step.order)

    def words(self, printer: Printer) -> str:
        """The rule in words, with the names in it."""
        return self._filled(READ_OFF.get(self.step.rule, (self.step.rule, ""))[0], printer, "vec ")

    def formula(self, printer: Printer) -> str:
        """The rule in LaTeX: a formula where something is read off, else words."""
        if self.step.rule in READ_OFF:
            return self._filled(READ_OFF[self.step.rule][1], printer, r"\operatorname{vec} ")
        pieces = re.split(r"\{(\d)\}", self.step.rule)
        shown = [printer.print(self.step.names[int(p)]) if i % 2 else p for i, p in enumerate(pieces)]
        return "".join(p if i % 2 else rf"\text{{{p}}}" for i, p in enumerate(shown) if p)

    def _filled(self, template: str, printer: Printer, vec: str) -> str:
        names = [printer.print(name) for name in self.step.names]
        matrix = bool(self.step.names) and is_matrix(self.step.names[0])
        slots = {"F": self.view.left(printer, "diff", 1), "left": self.left(printer), "vec": vec if matrix else ""}
        return template.format(*names, **slots)

    def _in(self, kind: type[Printer], show: Callable[[Printer], Shown]) -> Shown:
        with interning(self.view.table):
            return show(self.view.printer(kind, None))


class Steps(list[Line]):
    """The steps of a derivation, in order; ``result`` is what they derive."""

    def __init__(self, lines: Iterable[Line], result: Any) -> None:
        super().__init__(lines)
        self.result = result

    def __reduce__(self) -> tuple[Any, ...]:
        return attrgetter("steps"), (self.result,)

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """One rule a line, with its name, in the notation."""
        return self._plain(Text)

    def unicode(self) -> str:
        """The same with Unicode marks."""
        return self._plain(Unicode)

    def ascii(self) -> str:
        """The same for a terminal without other signs."""
        return self._plain(Ascii)

    def latex(self, *, transpose: str = r"\top", bold: bool = False, parentheses: bool = False) -> str:
        r"""An ``aligned`` block: one rule a line, with its name beside it, or before it where the block is too wide."""
        return aligned(list(_in_latex(self._rows(LaTeX, Style(transpose, bold, parentheses)))))

    def _plain(self, kind: type[Printer]) -> str:
        lines: list[str] = []
        indent = ""
        for row in self._rows(kind, None):
            if row.left:
                indent = " " * (len(row.left) if len(row.left) <= LONGEST_LEFT else 2)
            lines += [f"{indent}   {reason}" for reason in row.reasons]
            right = f"= {row.right}" if row.right else ""
            rule = f"    [{row.rule}]" if row.rule else ""
            lines.append(f"{row.left or indent} {right}{rule}".rstrip())
        return "\n".join(lines)

    def _rows(self, kind: type[Printer], style: Style | None) -> list[Row]:
        if not self:
            return []
        with interning(self[0].view.table):
            printer = self[0].view.printer(kind, style)
            return [row for _, steps in groupby(self, lambda line: line.of) for row in _rows(list(steps), printer)]


def _line(result: Any, number: int) -> Line:
    steps: Steps = result.steps
    return next(line for line in steps if line.number == number)


def _rows(steps: Sequence[Line], printer: Printer) -> Iterator[Row]:
    """The rows of the steps with one left side."""
    left = steps[0].left(printer)
    if not steps[0].step.stated:
        before = printer.print(steps[0].step.before)
        yield Row(left, "" if before == left else before)
        left = ""
    for line in steps:
        reasons = tuple(f"({_equation(printer, sides)})" for sides in line.step.reason)
        rule = line.formula(printer) if isinstance(printer, LaTeX) else line.words(printer)
        yield Row(left, printer.print(line.step.after), rule, reasons)
        left = ""


def _equation(printer: Printer, sides: Equation) -> str:
    left, right = sides
    return f"{printer.print(left)} = {printer.print(right, bare=True)}"


def _in_latex(rows: Sequence[Row]) -> Iterator[str]:
    """The rows of ``aligned``: each rule beside its line if all of them fit there, else before it."""
    columns = ((width(row.left), max(map(width, (row.right, *row.reasons))), width(row.rule)) for row in rows)
    left, right, rule = map(max, zip(*columns, strict=True))
    beside = left + width("=") + right + GAP + rule <= LINE
    equations = rows_of_each([(row.left, "=", row.right) for row in rows])
    for row, lines in zip(rows, equations, strict=True):
        if row.rule and not beside:
            yield rf"&\quad [{row.rule}]"
        for reason in row.reasons:
            yield from (rf"&\quad {line}" for line in broken(reason, LINE - min(left, LINE / 3) - INDENT))
        first, *rest = lines if row.right else [f"&{row.left}"]
        yield f"{first} && {row.rule}" if row.rule and beside else first
        yield from rest
