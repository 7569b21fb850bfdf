"""A derivation for readers: lines of text, or an aligned block of LaTeX that fits a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, groupby
from typing import Any, TypeVar

from sympy import Basic

from symmat.calculus.derivation import Equation, Rewriting
from symmat.expressions.table import Table, interning
from symmat.printing.ascii import Ascii
from symmat.printing.latex import LaTeX, Style, width
from symmat.printing.printer import Printer
from symmat.printing.text import Text, is_matrix
from symmat.printing.unicode import Unicode

Shown = TypeVar("Shown")

PAGE = 48
"""So many characters, as ``width`` counts them, fit a line of an article: it leaves out signs that are commands."""
GAP = 3
"""What an aligned column is apart from the next, in such characters."""
LONGEST_LEFT = 14
"""A longer left side stands on a line of its own."""

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
    """A row of a derivation: a left side or nothing, the lines of a right side, the rule, and its reasons."""

    left: str
    lines: list[str]
    rule: str = ""
    reasons: tuple[list[str], ...] = ()

    @property
    def beside(self) -> str:
        """The left side, if it is short enough to stand on the line."""
        return self.left if self.lines and width(self.left) <= LONGEST_LEFT else ""

    @property
    def inner(self) -> int:
        """The width of what stands to the right of the left side."""
        apart = [] if self.beside else [self.left]
        return max(width(line) for line in [*apart, *(f"==={r}" for r in self.lines), *chain(*self.reasons)])

    def aligned(self, rule_beside: bool) -> Iterator[str]:
        """The row in ``aligned``, the rule beside it or before it."""
        if self.left and not self.beside:
            yield f"&{self.left}"
        if self.rule and not rule_beside:
            yield rf"&\quad [{self.rule}]"
        for line in chain(*self.reasons):
            yield rf"&\quad {line}"
        for i, line in enumerate(self.lines):
            first = f"{self.beside} &= {line}".lstrip() + (f" && {self.rule}" if self.rule and rule_beside else "")
            yield rf"&\quad {{}} {line}" if i else first


@dataclass(frozen=True)
class View:
    """How a derivation is printed: its nodes' table, its printers, and the left sides of its results."""

    table: Table
    printer: Callable[[type[Printer], Style | None], Printer]
    left: Callable[[Printer, str, int], str]


@dataclass(frozen=True)
class Line:
    """One step: what is derived, the expression before and after the rule, and why."""

    step: Rewriting
    view: View

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
    """The steps of a derivation, in order."""

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
        rows = self._rows(LaTeX, Style(transpose, bold, parentheses))
        parts = ((width(row.beside), row.inner, width(row.rule)) for row in rows)
        beside = sum(map(max, zip(*parts, strict=True))) + GAP <= PAGE
        body = " \\\\\n".join(line for row in rows for line in row.aligned(beside))
        return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"

    def _plain(self, kind: type[Printer]) -> str:
        lines: list[str] = []
        indent = ""
        for row in self._rows(kind, None):
            if row.left:
                indent = " " * (len(row.left) if len(row.left) <= LONGEST_LEFT else 2)
            lines += [f"{indent}   {' '.join(reason)}" for reason in row.reasons]
            right = f"= {row.lines[0]}" if row.lines else ""
            rule = f"    [{row.rule}]" if row.rule else ""
            lines.append(f"{row.left or indent} {right}{rule}".rstrip())
        return "\n".join(lines)

    def _rows(self, kind: type[Printer], style: Style | None) -> list[Row]:
        if not self:
            return []
        with interning(self[0].view.table):
            printer = self[0].view.printer(kind, style)
            return [row for _, steps in groupby(self, lambda line: line.of) for row in _rows(list(steps), printer)]


def _rows(steps: Sequence[Line], printer: Printer) -> Iterator[Row]:
    """The rows of the steps with one left side."""
    left = steps[0].left(printer)
    if not steps[0].step.stated:
        before = _lines(printer, steps[0].step.before)
        yield Row(left, [] if before == [left] else before)
        left = ""
    for line in steps:
        reasons = [_in_lines(printer, sides) for sides in line.step.reason]
        rule = line.formula(printer) if isinstance(printer, LaTeX) else line.words(printer)
        yield Row(left, _lines(printer, line.step.after), rule, tuple(reasons))
        left = ""


def _lines(printer: Printer, node: Basic) -> list[str]:
    printer.print(node)
    return printer.lines(node)


def _equation(printer: Printer, sides: Equation) -> str:
    left, right = sides
    return f"{printer.print(left)} = {printer.print(right, bare=True)}"


def _in_lines(printer: Printer, sides: Equation) -> list[str]:
    """An equation in parentheses, with its right side on lines of its own where it is too long."""
    whole = f"({_equation(printer, sides)})"
    if not isinstance(printer, LaTeX) or width(whole) <= PAGE:
        return [whole]
    left, right = (_lines(printer, side) for side in sides)
    return [f"({left[0]}", *left[1:], f"{{}} = {right[0]}", *right[1:], ")"]
