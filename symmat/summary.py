"""Everything that applies to an expression, for somebody who does not know yet what to ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symmat.calculus.fresh import FreshNames
from symmat.calculus.sandwiches import obstacle, sandwiches
from symmat.core.constructors import differential_symbol, shape_of
from symmat.core.table import interning
from symmat.core.walks import symbols
from symmat.effort import answering
from symmat.printing import Ascii, LaTeX, Style, Text, Unicode
from symmat.printing.layout import aligned, rows_of_each, where_rows
from symmat.result import TITLES, Result
from symmat.shapes import show_shape


class Summary:
    """An expression as it was read, with its shapes, and its derivatives by kind.

    ``results`` are the derivatives, ``missing`` says of those that apply and are not there why.
    """

    def __init__(self, results: Mapping[str, Result], missing: Mapping[str, str], advice: str = "") -> None:
        self._question = results["diff"].question
        self.results = dict(results)
        self.missing = dict(missing)
        self.advice = advice

    def text(self) -> str:
        """The summary in the notation."""
        return self._lines(Text)

    def unicode(self) -> str:
        """The summary with Unicode marks."""
        return self._lines(Unicode)

    def ascii(self) -> str:
        """The summary for a terminal without other signs."""
        return self._lines(Ascii)

    @answering()
    def latex(self, *, transpose: str = r"\top", bold: bool = False, parentheses: bool = False) -> str:
        """The equations as an aligned block, in the styles of a result."""
        printer = LaTeX({}, self._question.reading.definitions, Style(transpose, bold, parentheses))
        sides = [result.sides(printer) for result in self.results.values()]
        shown: list[str] = []
        known: dict[str, str] = {}
        for found, (_, _, defined) in zip(rows_of_each([(a, "=", b) for a, b, _ in sides]), sides, strict=True):
            named = {equation.partition(" = ")[0]: equation for equation in defined}
            shown += [*found, *where_rows([new for name, new in named.items() if known.get(name) != new])]
            known |= named
        return aligned(shown)

    def __reduce__(self) -> tuple[Any, ...]:
        return Summary, (self.results, self.missing, self.advice)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Summary of {self.reading()}>"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    @property
    def conditions(self) -> list[str]:
        """What must hold for the derivatives to exist."""
        return list(dict.fromkeys(c for result in self.results.values() for c in result.conditions))

    @property
    def let(self) -> str:
        """The declarations under which the text reads back."""
        return next(iter(self.results.values())).let

    def reading(self, printer: type[Text] = Text) -> str:
        """The expression as it was read."""
        question = self._question
        with interning(question.table):
            shown = question.printer(printer)
            defined = [f"{name} = {shown.print(node.args[1])}" for name, node in question.reading.definitions.items()]
            return shown.with_definitions(shown.print(question.F), defined)

    def operators(self, printer: type[Text] = Text) -> list[str]:
        """The sandwiches that dF is made of, and why no single matrix does where dX stands in several places."""
        question = self._question
        if len(question.variables) != 1:
            return []
        [variable] = question.variables
        with interning(question.table):
            dX = differential_symbol(variable)
            change = self.results["diff"].shown
            E = FreshNames(s.name for s in symbols(question.F, change)).take("E")
            found = sandwiches(change, dX, E)
            if not found:
                return []
            shown = question.printer(printer)
            lines = [f"{shown.name(E)} ↦ {shown.print(s.operator)}    {s.name}" for s in found]
            d, F = shown.print(dX), question.letter or "F"
            why = obstacle(found, d)
            if why:
                lines.append(f"{why}: no single matrix M gives d{F} = M {d}")
        return lines

    @answering()
    def _lines(self, printer: type[Text]) -> str:
        with interning(self._question.table):
            shape = show_shape(shape_of(self._question.F))
        rows = [("read as", self.reading(printer)), ("shape", shape), ("where", self.let)]
        for kind, result in self.results.items():
            shown = {Text: result.text, Unicode: result.unicode, Ascii: result.ascii}[printer]
            rows.append((TITLES[kind], shown(equation=True)))
        rows += [(TITLES[kind], f"({why})") for kind, why in self.missing.items()]
        rows += [("operators", text) for text in self.operators(printer)]
        rows += [("if", ", ".join(self.conditions))] if self.conditions else []
        rows += [("", self.advice)] if self.advice else []
        titles = [title if title != before else "" for (title, _), before in zip(rows, ["", *(t for t, _ in rows)])]
        return "\n".join(f"{title:<14}{text}" for title, (_, text) in zip(titles, rows, strict=True))

    @answering()
    def to_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        return {
            "input": self._question.reading.source,
            "reading": self.reading(),
            "results": {kind: result.to_json() for kind, result in self.results.items()},
            "missing": self.missing,
            "operators": self.operators(),
        }


def kinds_for(shape: Sequence[object], variables: int) -> tuple[str, ...]:
    """The derivatives that apply to a function of some variables."""
    if variables > 1:
        return ("diff",)
    return ("diff", "adjoint", "jacobian") if shape else ("diff", "grad", "hessian")
