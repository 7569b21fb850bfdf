"""The public functions: an expression in, a derivative out.  No mathematics is done here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from sympy import Basic, Symbol

from symmat.calculus import derivatives
from symmat.calculus.conditions import conditions
from symmat.calculus.derivation import Rewriting, derive
from symmat.calculus.derivatives import Derivative
from symmat.errors import (
    NameProblem,
    ShapeProblem,
    SymmatError,
    SyntaxProblem,
    UnsupportedProblem,
    ValueProblem,
)
from symmat.expressions.constructors import cotangent, shape_of, show_shape
from symmat.expressions.foreign import adopt
from symmat.expressions.nodes import (
    Index,
    MatrixDifferential,
    ScalarDifferential,
    Variable,
)
from symmat.expressions.program import Program, definitions_in, name_of, split
from symmat.expressions.table import Table, interning
from symmat.expressions.walks import symbols
from symmat.language import Reading, declare, parse_names, read
from symmat.printing import LaTeX, Printer, Text, Unicode
from symmat.printing.steps import Line, Steps

if TYPE_CHECKING:
    from symmat.numeric import CheckReport, NumericFunction

Expression: TypeAlias = str | Basic | Program
READ_OFF = {
    "diff": "differentiate again",
    "grad": "df is the inner product of the gradient and dX",
    "adjoint": "the inner product of G and dF is that of the adjoint and dX",
    "jacobian": "vec dF is the Jacobian times vec dX",
}
"""How the result is read off the differential."""

Names: TypeAlias = str | Sequence[str] | None


def parse(text: str, let: str | Sequence[str] = "") -> Basic | Program:
    """The SymPy expression that a text means; a Program where the text has definitions.

    Raises SymmatError for what the notation does not have.

    >>> parse("A X B + C").shape
    (m, q)
    """
    with interning():
        return split(_read(text, let).expr)


def diff(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "", order: int = 1) -> Result:
    """dF = F'(X)[dX], the differential: linear in dX, which stands where it belongs.

    ``order`` n gives dⁿF = F⁽ⁿ⁾(X)[dX, …, dX].  Several names in ``wrt`` give the total differential.  Without ``wrt``
    it is X or x, or the only symbol.  Magnus & Neudecker, Matrix Differential Calculus, ch. 5 and 8.

    >>> print(diff("X^3"))
    dF = dX X^2 + X dX X + X^2 dX
    """
    if not isinstance(order, int) or order < 1:
        raise ValueProblem(f"the order of a differential is a whole number from 1, not {order!r}")

    def make(question: Question) -> Derivative:
        return derivatives.nth_differential(question.F, question.variables, order)

    return _ask("diff", F, wrt, let, make, order=order)


def adjoint(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Result:
    """F'(X)*[G], the adjoint of the differential: ⟨G, F'(X)[dX]⟩ = ⟨F'(X)*[G], dX⟩ with ⟨A, B⟩ = tr(A'B).

    G has the shape of F.  It is the reverse mode of automatic differentiation (Giles, Collected matrix derivative
    results, 2008).

    >>> print(adjoint("A X B", "X").text())
    A'G B'
    """
    return _ask("adjoint", F, wrt, let, lambda q: derivatives.adjoint(q.F, _only(q), q.cotangent))


def grad(f: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Result:
    """∇f, the gradient of a scalar function, in the shape of X: df = tr(∇f' dX).

    Raises ShapeProblem where f is not a scalar.

    >>> print(grad("tr(A X)", "X").text())
    A'
    """

    def make(question: Question) -> Derivative:
        shape = shape_of(question.F)
        if shape:
            raise ShapeProblem(
                f"the gradient is of a scalar function, and this is {show_shape(shape)}",
                "take the differential (diff), the adjoint or the Jacobian of a matrix function",
            )
        return derivatives.gradient(question.F, _only(question))

    return _ask("grad", f, wrt, let, make)


def jacobian(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Result:
    """J = ∂ vec F / ∂ (vec X)', with vec F'(X)[dX] = J vec dX; vec stacks columns.

    Magnus & Neudecker, Matrix Differential Calculus, ch. 9.

    >>> print(jacobian("A X B", "X").text())
    B' ⊗ A
    """
    return _ask("jacobian", F, wrt, let, lambda q: derivatives.jacobian(q.F, _only(q)))


def check(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "", seed: int = 0) -> CheckReport:
    """The differential of F against numbers: Taylor remainder, adjoint and Jacobian, as a CheckReport.

    >>> bool(check("X^3"))
    True
    """
    return diff(F, wrt, let=let).check(seed)


def _ask(
    kind: str,
    F: Expression,
    wrt: Names,
    let: str | Sequence[str],
    make: Callable[[Question], Derivative],
    order: int = 1,
) -> Result:
    with interning() as table:
        reading = _read(F, let)
        variables = _variables(reading, wrt)
        taken = set(reading.symbols) | set(reading.definitions)
        G = cotangent(shape_of(reading.expr), "G_1" if "G" in taken else "G")
        question = Question(kind, order, reading, variables, G, table)
        return Result(question, make(question))


def _read(F: Expression, let: str | Sequence[str]) -> Reading:
    if isinstance(F, str):
        return read(F, let)
    if let:
        raise UnsupportedProblem("declarations are for text", "give a SymPy expression its shapes in SymPy")
    if isinstance(F, Program):
        expr = F.joined()
    elif isinstance(F, Basic):
        expr = adopt(F)
    else:
        raise SyntaxProblem(f"an expression is text, a SymPy expression or a Program, not {type(F).__name__}")
    own = (Index, MatrixDifferential, ScalarDifferential)
    named = {str(s.name): s for s in symbols(expr) if not isinstance(s, own)}
    return Reading(expr=expr, definitions={}, symbols=named, name="", constants=frozenset(), source="")


def _variables(reading: Reading, wrt: Names) -> tuple[Basic, ...]:
    """The symbols that vary: those named, or X or x, or the only one."""
    inside = set(symbols(reading.expr))
    candidates = {
        name: s
        for name, s in reading.symbols.items()
        if s in inside and not s.is_integer and name not in reading.constants
    }
    if wrt is not None and wrt != "":
        names = parse_names(wrt if isinstance(wrt, str) else ", ".join(wrt))
        return tuple(_variable(name, reading, candidates) for name in names)
    favoured: list[str] = [name for name in ("X", "x") if name in candidates]
    if len(favoured) != 1:
        favoured = list(candidates)
    if len(favoured) == 1:
        return (candidates[favoured[0]],)
    if not candidates:
        raise NameProblem("there is no variable to differentiate with respect to", source=reading.source)
    raise NameProblem(
        "it is not said which symbol varies: " + ", ".join(candidates),
        f"name it, for example wrt {next(iter(candidates))}",
        source=reading.source,
    )


def _variable(name: str, reading: Reading, candidates: dict[str, Basic]) -> Basic:
    if name in candidates:
        return candidates[name]
    if name in reading.constants:
        raise NameProblem(f"{name} is declared constant")
    if name in reading.definitions:
        raise NameProblem(f"{name} is a definition", f"differentiate with respect to one of {', '.join(candidates)}")
    if name in reading.symbols and reading.symbols[name].is_integer:
        raise NameProblem(f"{name} is an integer: there is no derivative with respect to it")
    raise NameProblem(f"{name} does not occur in the expression", f"it has {', '.join(candidates) or 'no variables'}")


def _only(question: Question) -> Basic:
    if len(question.variables) != 1:
        raise ValueProblem(f"the {question.kind} is with respect to one variable", "name one, or use diff for several")
    return question.variables[0]


@dataclass(frozen=True)
class Question:
    """What was asked: of which expression, with respect to which variables."""

    kind: str
    order: int
    reading: Reading
    variables: tuple[Basic, ...]
    cotangent: Basic
    table: Table

    @property
    def F(self) -> Basic:
        """The expression."""
        return self.reading.expr

    @property
    def letter(self) -> str:
        """What F is called on the left side, or nothing where the text has such a symbol of its own."""
        letter = self.reading.name or ("F" if shape_of(self.F) else "f")
        return "" if letter in self.reading.symbols or letter in self.reading.definitions else letter


class Result:
    """A derivative.

    ``str`` is the equation in the notation; ``text``, ``unicode`` and ``latex`` are its right side; ``numpy`` computes
    it; ``steps`` derives it; ``check`` holds it against numbers.
    """

    def __init__(self, question: Question, derivative: Derivative) -> None:
        self._question = question
        self._derivative = derivative

    @cached_property
    def expr(self) -> Basic | Program:
        """The SymPy expression, in which dX and G are symbols; a Program where it has definitions."""
        with interning(self._question.table):
            return split(self._derivative.shown)

    def text(self, *, equation: bool = False) -> str:
        """The right side in the notation, after its definitions; with ``equation`` the left side too."""
        return self._printed(Text(self._question.reading.spelling), equation)

    def unicode(self, *, equation: bool = False) -> str:
        """The notation with Unicode marks: Xᵀ, X⁻¹, X²."""
        return self._printed(Unicode(self._question.reading.spelling), equation)

    def latex(self, *, equation: bool = False) -> str:
        """LaTeX for mathematics mode; it needs amsmath only."""
        return self._printed(LaTeX(), equation)

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
            shown = self._derivative.shown
            if question.kind != "diff":
                shown = derivatives.nth_differential(question.F, question.variables, 1).shown
            taken = derive(question.F, question.variables, shown)
            if question.kind != "diff" or question.order > 1:
                taken.append(Rewriting(READ_OFF[question.kind], None, shown, self._derivative.shown, read_off=True))
            return Steps([self._step(t) for t in taken])

    def numpy(self) -> NumericFunction:
        """A function of NumPy arrays, by keyword; its ``source`` is plain Python that runs without symmat."""
        return self._numpy

    @cached_property
    def _numpy(self) -> NumericFunction:
        from symmat.numeric import binary_powers, lower

        with interning(self._question.table):
            return lower(self._derivative.program(binary_powers(self._question.F)), self._question.variables)

    def check(self, seed: int = 0) -> CheckReport:
        """The derivative against numbers: Taylor remainder, adjoint dot test, Jacobian test."""
        from symmat.numeric import check

        with interning(self._question.table):
            return check(self._question.F, self._question.variables, self._question.cotangent, seed=seed)

    @cached_property
    def let(self) -> str:
        """The declarations under which the text reads back."""
        with interning(self._question.table):
            return declare(symbols(self._question.F, self._derivative.shown), self._question.reading.spelling)

    @cached_property
    def conditions(self) -> list[str]:
        """What must hold for the derivative to exist."""
        printer = Text(self._question.reading.spelling)
        with interning(self._question.table):
            found: dict[str, None] = {}
            for template, operands in conditions(self._question.F):
                shown = {k: printer.print(a) for k, a in zip("ABCDEFGH", operands, strict=False)}
                found[template.format(**shown)] = None
        return list(found)

    def to_json(self) -> dict[str, Any]:
        """The result as plain data."""
        question = self._question
        with interning(question.table):
            declared = {
                s.name: _declaration(s)
                for s in symbols(question.F, self._derivative.shown)
                if not isinstance(s, MatrixDifferential | ScalarDifferential)
            }
        return {
            "input": question.reading.source,
            "kind": question.kind,
            "wrt": [v.name for v in question.variables],
            "let": declared,
            "text": self.text(),
            "unicode": self.unicode(),
            "latex": self.latex(),
            "numpy": self.numpy().source,
            "conditions": self.conditions,
            "steps": [step.to_json() for step in self.steps],
        }

    # ------------------------------------------------------------ printing

    def _printed(self, printer: Printer, equation: bool) -> str:
        with interning(self._question.table):
            shown = self._derivative.shown
            defined = [f"{printer.defined(name_of(d))} = {printer.print(d.args[1])}" for d in definitions_in(shown)]
            right = printer.print(shown)
            if equation:
                right = f"{self._left(printer, self._question.kind, self._question.order)} = {right}"
            return printer.with_definitions(right, defined)

    def _left(self, printer: Printer, kind: str, order: int) -> str:
        question = self._question
        letter = printer.name(question.letter) if question.letter else ""
        inner = printer.piece(question.F)
        names = [printer.name(str(v)) for v in question.variables]
        return printer.left_side(kind, order, letter, inner, names)

    def _step(self, taken: Rewriting) -> Line:
        text, latex = Text(self._question.reading.spelling), LaTeX()

        def both(show: Callable[[Printer], str]) -> tuple[str, str]:
            return show(text), show(latex)

        def left(printer: Printer) -> str:
            if taken.of is not None:
                return printer.differential(name_of(taken.of))
            kind, order = (self._question.kind, self._question.order) if taken.read_off else ("diff", 1)
            return self._left(printer, kind, order)

        return Line(
            rule=taken.rule,
            left=both(left),
            old=both(lambda p: p.print(taken.before)),
            new=both(lambda p: p.print(taken.after)),
            read_off=taken.read_off,
            reasons=tuple(both(partial(_equation, sides=sides)) for sides in taken.reason),
        )


def _equation(printer: Printer, sides: tuple[Basic, Basic]) -> str:
    return f"{printer.print(sides[0])} = {printer.print(sides[1], bare=True)}"


def _declaration(symbol: Basic) -> Mapping[str, Any]:
    shape = shape_of(symbol) if not isinstance(symbol, Symbol) else ()
    kind = "matrix" if shape else "integer" if symbol.is_integer else "scalar"
    rows, cols = map(str, shape) if shape else (None, None)
    if cols == "1":
        kind = "vector"
    properties = sorted(symbol.properties) if isinstance(symbol, Variable) else []
    return {"kind": kind, "rows": rows, "cols": cols, "properties": properties}


__all__ = ["Program", "Result", "SymmatError", "adjoint", "check", "diff", "grad", "jacobian", "parse"]
