"""What an increment comes as: F(X + dX) − F(X) by degree, its remainder and a bound of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sympy import Basic

from symmat.calculus.increment import Increment
from symmat.expressions.constructors import shape_of, zero
from symmat.expressions.program import definitions_in
from symmat.expressions.table import interning
from symmat.printing import Ascii, LaTeX, Printer, Style, Text, Unicode
from symmat.printing.layout import aligned, rows
from symmat.result import Question


class Expansion:
    """F(X + dX) − F(X) by degree in dX.

    ``terms`` are expressions by degree; ``remainder`` is what is left, exactly, or None where only its order is known;
    ``bound`` is a bound of its Frobenius norm by ‖A B‖ ≤ ‖A‖ ‖B‖.
    """

    def __init__(self, question: Question, increment: Increment, order: int) -> None:
        self._question = question
        self._increment = increment
        self.order = order

    @property
    def terms(self) -> dict[int, Basic]:
        """The terms by degree."""
        return dict(self._increment.terms)

    @property
    def remainder(self) -> Basic | None:
        """F(X + dX) − F(X) without the terms; None where only its order is known."""
        return self._increment.remainder

    @property
    def bound(self) -> Basic | None:
        """A bound of the norm of the remainder, in the norms of what it is made of."""
        return self._increment.bound

    @cached_property
    def exact(self) -> bool:
        """Whether there is no remainder."""
        with interning(self._question.table):
            return self.remainder is zero(shape_of(self._question.F))

    def text(self) -> str:
        """The increment in the notation, its remainder and the bound, a line each."""
        return self._lines(self._question.printer(Text), "<=")

    def unicode(self) -> str:
        """The same with Unicode marks."""
        return self._lines(self._question.printer(Unicode), "≤")

    def ascii(self) -> str:
        """The same for a terminal without other signs."""
        return self._lines(self._question.printer(Ascii), "<=")

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Expansion {self.text().splitlines()[0]}>"

    def latex(self, *, transpose: str = r"\top", bold: bool = False, parentheses: bool = False) -> str:
        """An aligned block: the increment, its remainder and the bound, in the styles of a result."""
        printer = LaTeX({}, self._question.reading.definitions, Style(transpose, bold, parentheses))
        return aligned(rows(self._equations(printer, r"\le")))

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def _lines(self, printer: Printer, less: str) -> str:
        lines = [" ".join(equation) for equation in self._equations(printer, less)]
        if self.exact:
            lines.append("exact, no remainder")
        return "\n".join(lines)

    def _equations(self, printer: Printer, less: str) -> list[tuple[str, str, str]]:
        """Left side, sign and right side of each."""
        question = self._question
        with interning(question.table):
            left = self._left(printer)
            shown = [printer.print(term) for term in self.terms.values()] or ["0"]
            norm = printer.norm("R", bool(shape_of(question.F)))
            if self.remainder is None:
                first = question.variables[0]
                moved = printer.norm(printer.differential(first.name, of=first), bool(shape_of(first)))
                rest = printer.order_of(f"{moved}^{self.order + 1}")
                return [*self._where(printer), (left, "=", _joined([*shown, rest]))]
            if self.exact:
                return [*self._where(printer), (left, "=", _joined(shown))]
            bound = [(norm, less, printer.print(self.bound))] if self.bound is not None else []
            increment, remainder = _joined([*shown, "R"]), printer.print(self.remainder)
            return [*self._where(printer), (left, "=", increment), ("R", "=", remainder), *bound]

    def _where(self, printer: Printer) -> list[tuple[str, str, str]]:
        roots = [self._question.F, *self.terms.values(), *([self.remainder] if self.remainder is not None else [])]
        found = dict.fromkeys(d for root in roots for d in definitions_in(root))
        return [(printer.defined(d), "=", printer.print(d.args[1])) for d in found]

    def _left(self, printer: Printer) -> str:
        question = self._question
        letter = printer.name(question.letter or "F", question.F)
        names = [printer.name(v.name, v) for v in question.variables]
        moved = [f"{printer.name(v.name, v)} + {printer.differential(v.name, of=v)}" for v in question.variables]
        return f"{letter}({', '.join(moved)}) - {letter}({', '.join(names)})"

    def to_json(self) -> dict[str, Any]:
        """The expansion as plain data."""
        question = self._question
        with interning(question.table):
            printer = question.printer(Text)
            return {
                "input": question.reading.source,
                "kind": "expand",
                "wrt": [v.name for v in question.variables],
                "terms": {str(degree): printer.print(term) for degree, term in self.terms.items()},
                "remainder": None if self.remainder is None else printer.print(self.remainder),
                "bound": None if self.bound is None else printer.print(self.bound),
                "text": self.text(),
                "latex": self.latex(),
            }


def _joined(terms: list[str]) -> str:
    text = terms[0]
    for term in terms[1:]:
        text += " - " + term[1:] if term.startswith("-") else " + " + term
    return text
