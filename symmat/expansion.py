"""What an increment comes as: F(X + dX) − F(X) by degree, its remainder and a bound of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import Any

from sympy import Basic

from symmat.calculus.fresh import FreshNames
from symmat.calculus.increment import increment, summands
from symmat.core.constructors import add, is_one, matrix_symbol, number, scalar_symbol, shape_of, zero
from symmat.core.table import Shape, interning
from symmat.core.walks import definitions_in, symbols
from symmat.language import declare
from symmat.printing import Ascii, LaTeX, Printer, Style, Text, Unicode
from symmat.printing.layout import Equation, aligned, rows
from symmat.printing.steps import Steps
from symmat.result import Result

EXACT = "exact, no remainder"


class Expansion:
    """F(X + dX) − F(X) by degree in dX.

    ``terms`` are expressions by degree; ``remainder`` is what is left, exactly, or None where only its order is known;
    ``bound`` is a bound of its Frobenius norm by ‖A B‖ ≤ ‖A‖ ‖B‖.
    """

    def __init__(self, linear: Result, order: int) -> None:
        self._linear = linear
        self._question = question = linear.question
        self.order = order
        with interning(question.table):
            shape = shape_of(question.F)
            taken = {s.name for s in symbols(question.F)}
            names = FreshNames(taken.union(question.reading.symbols, question.reading.definitions) - {question.letter})
            self._letter = names.take(*filter(None, [question.letter]), *("FGH" if shape else "fgh"))
            self._rest = names.take("R")
            self._landau = names.take("O", "BigO")
            self._increment = increment(question.F, question.variables, order, names)

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
        """A bound of the Frobenius norm of the remainder, in the norms of what it is made of, or None."""
        return self._increment.bound

    @cached_property
    def exact(self) -> bool:
        """Whether there is no remainder."""
        with interning(self._question.table):
            return self.remainder is zero(shape_of(self._question.F))

    @property
    def steps(self) -> Steps:
        """The derivation of the linear part."""
        return self._linear.steps

    @cached_property
    def let(self) -> str:
        """The declarations under which the terms and the remainder read back."""
        with interning(self._question.table):
            return declare(symbols(*self._roots), self._question.reading.spelling)

    @cached_property
    def conditions(self) -> list[str]:
        """What must hold at X, and for an exact remainder at X + dX as well."""
        with interning(self._question.table):
            moved = ((inverse, ()) for inverse in self._increment.inverses)
            return self._question.conditions((self._question.F, self._question.variables), *moved)

    def text(self) -> str:
        """The increment in the notation, its remainder and the bound, a line each."""
        return self._lines(Text)

    def unicode(self) -> str:
        """The same with Unicode marks."""
        return self._lines(Unicode)

    def __reduce__(self) -> tuple[Any, ...]:
        return Expansion, (self._linear, self.order)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Expansion {self.text().splitlines()[0]}>"

    def ascii(self) -> str:
        """The same for a terminal without other signs."""
        return self._lines(Ascii)

    def latex(self, *, transpose: str = r"\top", bold: bool = False, parentheses: bool = False) -> str:
        """An aligned block: the increment, its remainder and the bound, in the styles of a result."""
        with interning(self._question.table):
            found = rows(list(self._equations(self._question.printer(LaTeX, Style(transpose, bold, parentheses)))))
        return aligned([*found, rf"&\text{{{EXACT}}}"] if self.exact else found)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def _lines(self, kind: type[Text]) -> str:
        with interning(self._question.table):
            lines = [" ".join(equation) for equation in self._equations(self._question.printer(kind))]
            if self.bound is not None and not self.exact and self._has_matrix_norms():
                lines[-1] += "    [Frobenius norm]"
        lines += [EXACT] if self.exact else []
        lines += [f"if {', '.join(self.conditions)}"] if self.conditions else []
        return "\n".join(lines)

    def _has_matrix_norms(self) -> bool:
        """Whether a norm in the bound is not just that of a vector."""
        shapes = [shape_of(self._question.F), *(shape_of(s) for s in symbols(self.bound))]
        return any(shape and not any(map(is_one, shape)) for shape in shapes)

    @property
    def _roots(self) -> list[Basic]:
        rest = [] if self.remainder is None else [self.remainder]
        return [self._question.F, *self.terms.values(), *rest]

    def _equations(self, printer: Printer) -> Iterator[Equation]:
        """The definitions, the increment, the remainder and its bound."""
        for node in dict.fromkeys(chain.from_iterable(map(definitions_in, self._roots))):
            yield printer.defined(node), "=", printer.print(node.args[1])
        terms, left = list(self.terms.values()), self._left(printer)
        if self.remainder is None:
            order = self._order_of_the_rest(printer)
            yield left, "=", f"{_sum(printer, terms)}{printer.plus}{order}" if terms else order
            return
        if self.exact:
            yield left, "=", _sum(printer, terms or [self.remainder])
            return
        rest = _symbol(self._rest, shape_of(self._question.F))
        yield left, "=", _sum(printer, [*terms, rest])
        yield printer.print(rest), "=", printer.print(self.remainder)
        if self.bound is not None:
            yield printer.norm(printer.print(rest), shape_of(rest)), printer.at_most, printer.print(self.bound)

    def _order_of_the_rest(self, printer: Printer) -> str:
        """O((‖dX‖ + |dλ|)²)."""
        moved = [(printer.differential(v.name, of=v), shape_of(v)) for v in self._question.variables]
        norms = [printer.norm(text, shape) for text, shape in moved]
        base = norms[0] if len(norms) == 1 else printer.group(printer.plus.join(norms))
        power = printer.raised(base, str(self.order + 1), number(self.order + 1))
        return printer.name(self._landau) + printer.group(power)

    def _left(self, printer: Printer) -> str:
        variables = self._question.variables
        letter = printer.name(self._letter, self._question.F)
        names = [printer.name(v.name, v) for v in variables]
        moved = [f"{printer.name(v.name, v)} + {printer.differential(v.name, of=v)}" for v in variables]
        return f"{letter}({', '.join(moved)}){printer.minus}{letter}({', '.join(names)})"

    def to_json(self) -> dict[str, Any]:
        """The expansion as plain data."""
        question = self._question
        with interning(question.table):
            printer = question.printer(Text)
            return {
                "input": question.reading.source,
                "kind": "expand",
                "wrt": [v.name for v in question.variables],
                "let": question.declared(*self._roots),
                "terms": {str(degree): printer.print(term) for degree, term in self.terms.items()},
                "remainder": None if self.remainder is None else printer.print(self.remainder),
                "bound": None if self.bound is None else printer.print(self.bound),
                "text": self.text(),
                "unicode": self.unicode(),
                "latex": self.latex(),
                "conditions": self.conditions,
                "steps": [step.to_json() for step in self.steps],
            }


def _symbol(name: str, shape: Shape) -> Basic:
    return matrix_symbol(name, *shape) if shape else scalar_symbol(name)


def _sum(printer: Printer, terms: Iterable[Basic]) -> str:
    """A sum of sums."""
    return printer.print(add(*(t for term in terms for t in summands(term))))
