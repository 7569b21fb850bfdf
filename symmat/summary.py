"""Everything that applies to an expression, for somebody who does not know yet what to ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symmat.expressions.constructors import shape_of, show_shape
from symmat.expressions.table import interning
from symmat.printing import Text, Unicode
from symmat.result import Question, Result

TITLES = {
    "diff": "differential",
    "grad": "gradient",
    "adjoint": "adjoint",
    "jacobian": "Jacobian",
    "hessian": "Hessian",
}


class Summary:
    """An expression as it was read, with its shapes, and its derivatives by kind.

    ``results`` are the derivatives, ``missing`` says of those that apply and are not there why.
    """

    def __init__(
        self, question: Question, results: Mapping[str, Result], missing: Mapping[str, str], advice: str = ""
    ) -> None:
        self._question = question
        self.results = dict(results)
        self.missing = dict(missing)
        self.advice = advice

    def text(self) -> str:
        """The summary in the notation."""
        return self._lines(Text)

    def unicode(self) -> str:
        """The summary with Unicode marks."""
        return self._lines(Unicode)

    def latex(self) -> str:
        """The equations as an aligned block."""
        rows = [result.latex(equation=True).replace(" = ", " &= ", 1) for result in self.results.values()]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Summary of {self.reading()}>"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    @property
    def conditions(self) -> list[str]:
        """What must hold for the derivatives to exist."""
        return next(iter(self.results.values())).conditions

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

    def _lines(self, printer: type[Text]) -> str:
        with interning(self._question.table):
            shape = show_shape(shape_of(self._question.F))
        rows = [("read as", self.reading(printer)), ("shape", shape), ("where", self.let)]
        for kind, result in self.results.items():
            equation = result.unicode(equation=True) if printer is Unicode else result.text(equation=True)
            rows.append((TITLES[kind], equation))
        rows += [(TITLES[kind], f"({why})") for kind, why in self.missing.items()]
        rows += [("if", ", ".join(self.conditions))] if self.conditions else []
        rows += [("", self.advice)] if self.advice else []
        return "\n".join(f"{title:<14}{text}" for title, text in rows)

    def to_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        return {
            "input": self._question.reading.source,
            "reading": self.reading(),
            "results": {kind: result.to_json() for kind, result in self.results.items()},
            "missing": self.missing,
        }


def kinds_for(shape: Sequence[object], variables: int) -> tuple[str, ...]:
    """The derivatives that apply to a function of some variables."""
    if variables > 1:
        return ("diff",)
    return ("diff", "adjoint", "jacobian") if shape else ("diff", "grad", "hessian")
