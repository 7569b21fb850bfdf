"""What a derivative comes as: an expression that prints, computes, explains and checks itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from sympy import Basic, Symbol

from symmat.calculus.derivatives import Derivative
from symmat.calculus.index_form import index_names
from symmat.core.constructors import differential_symbol, shape_of
from symmat.core.nodes import MatrixDifferential, ScalarDifferential, Variable
from symmat.core.table import Table, interning
from symmat.core.walks import definitions_in, symbols
from symmat.language import Reading, declare
from symmat.language.program import Program, split
from symmat.printing import Ascii, LaTeX, Printer, Style, Text, Unicode
from symmat.printing.abbreviate import abbreviate
from symmat.printing.conditions import worded

if TYPE_CHECKING:
    from symmat.core.predicate import Condition
    from symmat.numeric import CheckReport, Demands, NumericFunction
    from symmat.printing.steps import Steps


TITLES = {
    "diff": "differential",
    "grad": "gradient",
    "adjoint": "adjoint",
    "jacobian": "Jacobian",
    "half jacobian": "Jacobian",
    "entries": "Jacobian",
    "hessian": "Hessian",
}
"""What a reader calls each kind of result."""


@dataclass(frozen=True)
class Question:
    """What was asked: of which expression, with respect to which variables."""

    kind: str
    order: int
    reading: Reading
    variables: tuple[Basic, ...]
    cotangent: Basic
    table: Table
    asked: tuple[Callable[..., Any], str | Basic | Program, str | Sequence[str]]
    """The function that answers, what was given to it, and its declarations: what a pickle asks again."""

    @property
    def F(self) -> Basic:
        """The expression."""
        return self.reading.expr

    @property
    def names(self) -> list[str]:
        """The variables as they are written."""
        return [self.reading.spelling.get(v.name, v.name) for v in self.variables]

    @property
    def differentiations(self) -> int:
        """How often F is differentiated."""
        return 2 if self.kind == "hessian" else self.order

    @property
    def letter(self) -> str:
        """What F is called on the left side, or nothing where the text has such a symbol of its own."""
        letter = self.reading.name or ("F" if shape_of(self.F) else "f")
        return "" if self.reading.knows(letter) else letter

    def printer(self, kind: type[Printer], style: Style | None = None) -> Printer:
        """A printer that spells symbols as they were typed; LaTeX in a style."""
        if kind is LaTeX:
            return LaTeX({}, self.reading.definitions, style)
        return kind(self.reading.spelling, self.reading.definitions)

    def left(self, printer: Printer, kind: str, order: int) -> str:
        """The left side of a result."""
        letter = printer.name(self.letter, self.F) if self.letter else ""
        inner = printer.piece(self.F)
        names = [printer.name(v.name, v) for v in self.variables]
        if kind == "adjoint":
            names.append(printer.name(self.cotangent.name, self.cotangent))
        if kind == "entries":
            names += [str(index) for index in index_names(self.F, self.variables[0])]
        return printer.left_side(kind, order, letter, inner, names)

    def conditions(self, *roots: tuple[Basic, Sequence[Basic]]) -> list[str]:
        """What must hold for expressions to exist, and for their derivatives in the variables that go with them."""
        from symmat.calculus.conditions import conditions  # within the table of the caller

        found = (conditions(root, variables, self.differentiations) for root, variables in roots)
        return list(dict.fromkeys(self._worded(condition)[0] for condition in chain(*found)))

    def demands(self) -> Demands:
        """The conditions, as a function of arrays examines them."""
        from symmat.calculus.conditions import conditions
        from symmat.numeric import Demand, Demands, lower

        def find(silent: bool) -> list[Demand]:
            with interning(self.table):
                found = conditions(self.F, self.variables, self.differentiations, silent=silent)
                demands = [Demand.of(condition, *self._worded(condition)) for condition in found]
            return [demand for demand in demands if demand is not None]

        def lowered(node: Basic) -> NumericFunction:
            with interning(self.table):
                return lower(node)

        return Demands(find, lowered, self.variables)

    def _worded(self, condition: Condition) -> tuple[str, list[str]]:
        """A condition in words, and its operands."""
        return worded(condition, self.printer(Text))

    def declared(self, *roots: Basic) -> dict[str, Mapping[str, Any]]:
        """The declarations of the symbols in expressions, as plain data."""
        own = (s for s in symbols(*roots) if not isinstance(s, MatrixDifferential | ScalarDifferential))
        return {s.name: _declaration(s) for s in own}


class Result:
    """A derivative.

    ``str`` is the equation in the notation; ``text``, ``unicode`` and ``latex`` are its right side; ``numpy`` computes
    it; ``steps`` derives it; ``check`` holds it against numbers.
    """

    def __init__(self, question: Question, derivative: Derivative) -> None:
        self._question = question
        self._derivative = derivative

    @property
    def question(self) -> Question:
        """What was asked."""
        return self._question

    @property
    def shown(self) -> Basic:
        """The normal form that is printed."""
        return self._derivative.shown

    @cached_property
    def expr(self) -> Basic | Program:
        """The SymPy expression, in which dX and G are symbols; a Program where it has definitions."""
        with interning(self._question.table):
            return split(self._derivative.shown)

    def text(self, *, equation: bool = False) -> str:
        """The right side in the notation, after its definitions; with ``equation`` the left side too."""
        return self._printed(self._question.printer(Text), equation)

    def unicode(self, *, equation: bool = False) -> str:
        """The notation with Unicode marks: Xᵀ, X⁻¹, X²."""
        return self._printed(self._question.printer(Unicode), equation)

    def ascii(self, *, equation: bool = False) -> str:
        """The notation for a terminal without other signs: lambda X .* A, kron(A, B)."""
        return self._printed(self._question.printer(Ascii), equation)

    def latex(
        self, *, equation: bool = False, transpose: str = r"\top", bold: bool = False, parentheses: bool = False
    ) -> str:
        r"""LaTeX for mathematics mode; it needs amsmath only.

        ``transpose`` is the mark of a transpose (``\top``, ``T``, ``\mathsf{T}``), ``bold`` sets matrices and vectors
        in bold, and ``parentheses`` writes ``(\mathrm{d}X)`` beside other factors.  A long equation is broken into rows
        of ``aligned``.
        """
        return self._printed(self._question.printer(LaTeX, Style(transpose, bold, parentheses)), equation)

    def __reduce__(self) -> tuple[Any, ...]:
        question = self._question
        ask, F, let = question.asked
        return ask, (question.kind, Program(F) if isinstance(F, Basic) else F, question.names, let, question.order)

    def __str__(self) -> str:
        return self.text(equation=True)

    def __repr__(self) -> str:
        return f"<Result {self}>"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex(equation=True)}$"

    @cached_property
    def steps(self) -> Steps:
        """The derivation: one rule a step, the whole expression before and after."""
        question = self._question
        with interning(question.table):
            from symmat.calculus.explanation import explain
            from symmat.printing.steps import Line, Steps, View

            taken = explain(
                question.kind,
                question.order,
                question.F,
                question.variables,
                question.cotangent,
                self._derivative.shown,
                self._display,
                [*question.reading.definitions, question.letter],
            )
            view = View(question.table, question.printer, question.left, self)
            lines = (Line(step, view, number) for number, step in enumerate(taken))
            return Steps((line for line in lines if line.step.stated or line.before != line.after), self)

    def numpy(self, *, check: bool = True) -> NumericFunction:
        """A function of NumPy arrays, by keyword; its ``source`` is plain Python that runs without symmat.

        It raises ValueProblem where an array is not what is declared, where the value or its derivative does not exist,
        and for NaN and infinity; with ``check=False`` it computes without looking.
        """
        return self._checked if check else self._unchecked

    @cached_property
    def _checked(self) -> NumericFunction:
        return self._lowered(check=True)

    @cached_property
    def _unchecked(self) -> NumericFunction:
        return self._lowered(check=False)

    def _lowered(self, check: bool) -> NumericFunction:
        question = self._question
        with interning(question.table):
            from symmat.numeric import binary_powers, lower

            program = self._derivative.program(binary_powers(question.F))
            directions = [differential_symbol(v) for v in question.variables] if question.kind == "diff" else []
            cotangents = [question.cotangent] if question.kind == "adjoint" else []
            known = (*symbols(question.F, *question.variables), *directions, *cotangents)
            return lower(program, question.variables, known, question.demands() if check else None)

    def check(self, seed: int = 0) -> CheckReport:
        """The derivative against numbers: Taylor remainder, adjoint dot test, Jacobian test, code."""
        question = self._question
        with interning(question.table):
            from symmat.numeric import check

            computed = self.numpy(), self._derivative.shown
            return check(question.F, question.variables, question.cotangent, seed=seed, computed=computed)

    @cached_property
    def let(self) -> str:
        """The declarations under which the text reads back."""
        with interning(self._question.table):
            reading = self._question.reading
            return declare(symbols(self._question.F, self._derivative.shown), reading.spelling, reading.constants)

    @cached_property
    def conditions(self) -> list[str]:
        """What must hold for the derivative to exist."""
        question = self._question
        with interning(question.table):
            return question.conditions((question.F, question.variables))

    def to_json(self) -> dict[str, Any]:
        """The result as plain data."""
        question = self._question
        with interning(question.table):
            return {
                "input": question.reading.source,
                "kind": question.kind,
                "wrt": question.names,
                "let": question.declared(question.F, self._derivative.shown),
                "text": self.text(),
                "unicode": self.unicode(),
                "latex": self.latex(),
                "numpy": self.numpy().source,
                "conditions": self.conditions,
                "steps": [step.to_json() for step in self.steps],
            }

    # ------------------------------------------------------------ printing

    @cached_property
    def _display(self) -> Basic:
        """What is printed: the normal form, with names for what repeats where that makes it long."""
        shown = self._derivative.shown
        taken = {s.name for s in symbols(self._question.F, shown)} | {self._question.letter}
        return abbreviate(shown, taken)

    def _printed(self, printer: Printer, equation: bool) -> str:
        left, right, defined = self.sides(printer)
        return printer.equation(left, right, defined) if equation else printer.with_definitions(right, defined)

    def sides(self, printer: Printer) -> tuple[str, str, list[str]]:
        """Both sides of the equation, and the definitions that it uses."""
        with interning(self._question.table):
            shown = self._display
            defined = [printer.definition(d) for d in definitions_in(shown)]
            right = printer.print(shown)
            return self._question.left(printer, self._question.kind, self._question.order), right, defined


def _declaration(symbol: Basic) -> Mapping[str, Any]:
    shape = shape_of(symbol) if not isinstance(symbol, Symbol) else ()
    kind = "matrix" if shape else "integer" if symbol.is_integer else "scalar"
    rows, cols = map(str, shape) if shape else (None, None)
    if cols == "1":
        kind = "vector"
    properties = sorted(symbol.properties) if isinstance(symbol, Variable) else []
    return {"kind": kind, "rows": rows, "cols": cols, "properties": properties}
