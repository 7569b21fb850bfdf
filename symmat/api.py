"""The public functions: an expression in, a derivative out.  No mathematics is done here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import TYPE_CHECKING, Literal, TypeAlias

from sympy import Basic, MatrixSymbol, Symbol

from symmat.calculus import derivatives
from symmat.calculus.derivatives import Derivative
from symmat.calculus.nesting import as_program
from symmat.core.constructors import cotangent, shape_of
from symmat.core.table import interning
from symmat.core.walks import definitions_in, name_of, symbols
from symmat.effort import answering, sharing
from symmat.errors import (
    LimitProblem,
    NameProblem,
    ShapeProblem,
    SymmatError,
    SyntaxProblem,
    UnsupportedProblem,
    ValueProblem,
)
from symmat.language import Reading, described, parse_names, read, read_sympy, spelled
from symmat.language.foreign import adopt
from symmat.language.program import Program, split
from symmat.result import TITLES, Question, Result
from symmat.shapes import show_shape

if TYPE_CHECKING:
    from symmat.expansion import Expansion
    from symmat.numeric import CheckReport
    from symmat.summary import Summary

Expression: TypeAlias = str | Basic | Program | Result
HIGHEST_ORDER = 1_000
"""The numbers in differentials of higher orders have more digits than anybody reads."""
Names: TypeAlias = str | Basic | Sequence[str | Basic] | None


def parse(text: str, let: str | Sequence[str] = "") -> Basic | Program:
    """F, the SymPy expression that a text means; a Program where the text has definitions.

    Shapes are those of ``let``, and else as general as the text allows.  Raises SymmatError for what the notation does
    not have, with the place in the text.

    >>> parse("A X B + C").shape
    (m, q)
    """
    with interning():
        return split(_read(text, let).expr)


def diff(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "", order: int = 1) -> Result:
    """dF = F'(X)[dX], the differential: linear in dX, which stands where it belongs.

    dF has the shape of F, and dX that of X.  ``order`` n gives dⁿF = F⁽ⁿ⁾(X)[dX, …, dX].  Several names in ``wrt`` give
    the total differential.  Without ``wrt`` it is X or x, or the only symbol.  Raises SymmatError for what is not read,
    and UnsupportedProblem for an operation that has no differential yet.  Magnus & Neudecker, Matrix Differential
    Calculus, ch. 5 and 8.

    >>> print(diff("X^3"))
    dF = dX X^2 + X dX X + X^2 dX
    """
    _check_order(order, "a differential")
    return _ask("diff", F, wrt, let, order)


def adjoint(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Result:
    """F'(X)*[G], the adjoint of the differential: ⟨G, F'(X)[dX]⟩ = ⟨F'(X)*[G], dX⟩ with ⟨A, B⟩ = tr(A'B).

    G has the shape of F, and the adjoint that of X.  It is the reverse mode of automatic differentiation.  Raises
    SymmatError as ``diff`` does, and ValueProblem for several variables.  Giles, Collected matrix derivative results,
    2008.

    >>> print(adjoint("A X B", "X").text())
    A'G B'
    """
    return _ask("adjoint", F, wrt, let)


def grad(f: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Result:
    """∇f, the gradient of a scalar function, in the shape of X: df = tr(∇f' dX).

    Raises ShapeProblem where f is not a scalar.  Petersen & Pedersen, The Matrix Cookbook, sec. 2.

    >>> print(grad("tr(A X)", "X").text())
    A'
    """
    return _ask("grad", f, wrt, let)


def jacobian(
    F: Expression,
    wrt: Names = None,
    *,
    let: str | Sequence[str] = "",
    form: Literal["kron", "index"] = "kron",
    vech: bool = False,
) -> Result:
    """J = ∂ vec F / ∂ (vec X)', with vec F'(X)[dX] = J vec dX; vec stacks columns.

    J is mn×pq for F m×n and X p×q.  ``form="index"`` gives J_ijkl = ∂F_ij / ∂X_kl in free indices i, j, k, l.
    ``vech`` multiplies by the duplication matrix: J D vech dX for a symmetric X.  Raises ValueProblem for another form.
    Magnus & Neudecker, Matrix Differential Calculus, ch. 9.

    >>> print(jacobian("A X B", "X").text())
    B' ⊗ A
    >>> print(jacobian("A X B", "X", form="index").text())
    A[i, k] B[l, j]
    """
    if form not in ("kron", "index"):
        raise ValueProblem(f"the form of a Jacobian is kron or index, not {form!r}")
    if form == "index":
        if vech:
            raise ValueProblem("vech goes with the Kronecker form", 'leave out form="index"')
        return _ask("entries", F, wrt, let)
    return _ask("half jacobian" if vech else "jacobian", F, wrt, let)


def hessian(f: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Result:
    """∇²f, with d(vec ∇f) = ∇²f vec dX: the second derivative of a scalar function, for a matrix X that of vec X.

    It has the shape pq×pq for X p×q.  Raises ShapeProblem where f is not a scalar.  Magnus & Neudecker, Matrix
    Differential Calculus, ch. 10.

    >>> print(hessian("x'A x", "x").text())
    A + A'
    """
    return _ask("hessian", f, wrt, let)


@answering()
def expand(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "", order: int | None = None) -> Expansion:
    """F(X + dX) − F(X) by degree in dX up to an order (one, if none is given), with the exact remainder and a bound.

    What is built from inverses and from operations that are linear in each operand has an exact remainder, up to degree
    64 in dX or to ``order``; anything else is its Taylor polynomial.  Every term has the shape of F.  Raises
    LimitProblem where the terms are too many.  Magnus & Neudecker, Matrix Differential Calculus, ch. 5 and 6.

    >>> print(expand("X^2"))
    F(X + dX) - F(X) = dX X + X dX + R
    R = dX^2
    ||R|| <= ||dX||^2    [Frobenius norm]
    """
    if order is not None:
        _check_order(order, "an expansion")
    linear = diff(F, wrt, let=let)
    with interning(linear.question.table):
        from symmat.expansion import Expansion

    return Expansion(linear, order or 1)


@answering()
def show(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "") -> Summary:
    """F with all that applies: shapes, differential, gradient or adjoint, Jacobian or Hessian, conditions.

    Where it is not said which of several symbols varies, all of them do.  Raises SymmatError for what is not read.

    >>> print(show("x'A x", "x"))
    read as       x'A x
    shape         a scalar
    where         x: n; A: n×n
    differential  df = x' (A + A') dx
    gradient      grad(x'A x, x) = (A + A') x
    Hessian       hessian(x'A x, x) = A + A'
    """
    advice = ""
    try:
        total = diff(F, wrt, let=let)
    except NameProblem:
        with interning():
            names = list(_candidates(_read(F, let)))
        if wrt or not names:
            raise
        total = diff(F, names, let=let)
        advice = f"all symbols vary; name one, for example --wrt {names[0]}, for the other derivatives"
    question = total.question
    with interning(question.table):
        from symmat.summary import Summary, kinds_for

        kinds = kinds_for(shape_of(question.F), len(question.variables))
    results, missing = {"diff": total}, {}
    for place, kind in enumerate(kinds[1:]):
        try:
            with sharing(1 / (len(kinds) + 1 - place)):
                results[kind] = DERIVATIVES[kind](F, question.names, let=let)
                results[kind].text()
        except (UnsupportedProblem, LimitProblem) as problem:
            results.pop(kind, None)
            missing[kind] = problem.message
    return Summary(results, missing, advice)


@answering()
def check(F: Expression, wrt: Names = None, *, let: str | Sequence[str] = "", seed: int = 0) -> CheckReport:
    """‖F(X + h dX) − F(X) − h dF‖ = O(h²) in numbers, and adjoint, Jacobian and code with it, as a CheckReport.

    Arguments are drawn in small shapes that fit, and where the derivative exists.  Raises SymmatError for what is not
    read, or where no such arguments are found.  Griewank & Walther, Evaluating Derivatives, 2008.

    >>> bool(check("X^3"))
    True
    """
    return diff(F, wrt, let=let).check(seed)


DERIVATIVES = {"diff": diff, "adjoint": adjoint, "grad": grad, "jacobian": jacobian, "hessian": hessian}


ANSWERS: dict[str, Callable[[Question], Derivative]] = {
    "diff": lambda q: derivatives.nth_differential(q.F, q.variables, q.order),
    "adjoint": lambda q: derivatives.adjoint(q.F, _only(q), q.cotangent),
    "grad": lambda q: derivatives.gradient(_scalar(q), _only(q)),
    "jacobian": lambda q: derivatives.jacobian(q.F, _only(q)),
    "half jacobian": lambda q: derivatives.half_jacobian(q.F, _only(q)),
    "entries": lambda q: derivatives.jacobian_entries(q.F, _only(q)),
    "hessian": lambda q: derivatives.hessian(_scalar(q), _only(q)),
}


def _check_order(order: int, kind: str) -> None:
    if not isinstance(order, int) or order < 1:
        raise ValueProblem(f"the order of {kind} is a whole number from 1, not {order!r}")
    if order > HIGHEST_ORDER:
        raise LimitProblem(f"the order of {kind} is over {HIGHEST_ORDER:,}", f"take order {HIGHEST_ORDER} at most")


def _ask(kind: str, F: Expression, wrt: Names, let: str | Sequence[str], order: int = 1) -> Result:
    with interning() as table:
        reading = _read(F, let)
        variables = _variables(reading, wrt)
        taken = {*reading.symbols, *reading.definitions}
        expr = as_program(reading.expr, variables, 2 if kind == "hessian" else order, taken)
        if expr is not reading.expr:
            reading = replace(reading, expr=expr, definitions={name_of(d): d for d in definitions_in(expr)})
        names = chain(["G"], (f"G_{i}" for i in count(1)))
        G = cotangent(shape_of(reading.expr), next(name for name in names if not reading.knows(name)))
        question = Question(kind, order, reading, variables, G, table, (_ask, F, let))
        return Result(question, ANSWERS[kind](question))


def _read(F: Expression, let: str | Sequence[str]) -> Reading:
    if isinstance(F, str):
        return read(F, let)
    if isinstance(F, Result):
        asked = F.question.reading
        return replace(_read(F.expr, let), spelling=asked.spelling, constants=asked.constants)
    if let:
        raise UnsupportedProblem("declarations are for text", "give a SymPy expression its shapes in SymPy")
    if not isinstance(F, Basic | Program):
        raise SyntaxProblem(f"an expression is text, a SymPy expression, a Result or a Program, not {type(F).__name__}")
    return read_sympy(F)


def _variables(reading: Reading, wrt: Names) -> tuple[Basic, ...]:
    """The symbols that vary: those named, or X or x, or the only one."""
    candidates = _candidates(reading)
    if wrt is not None and wrt != "":
        named = tuple(_variable(name, reading, candidates) for name in _names(wrt))
        if not reading.source:
            _refuse_others(named, wrt)
        return named
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


def _names(wrt: object) -> list[str]:
    """The names of what varies: from text, or from symbols."""
    given = list(wrt) if isinstance(wrt, Iterable) and not isinstance(wrt, str | bytes) else [wrt]
    names = []
    for one in given:
        if not isinstance(one, str | MatrixSymbol | Symbol):
            raise NameProblem(f"{one!r} is not the name of a variable", 'name what varies, for example wrt="A, X"')
        names.append(one if isinstance(one, str) else spelled(one))
    return parse_names(", ".join(names))


def _refuse_others(named: Iterable[Basic], wrt: object) -> None:
    """Symbols that are given as SymPy has them are those of the expression."""
    by_name = {own.name: own for own in named}
    for symbol in wrt if isinstance(wrt, Iterable) else [wrt]:
        if isinstance(symbol, Basic) and adopt(symbol) is not (own := by_name.get(symbol.name)):
            found = described(own) if own is not None else "spelled otherwise"
            raise NameProblem(f"{symbol.name} is {found} in the expression, and {described(adopt(symbol))} in wrt")


def _candidates(reading: Reading) -> dict[str, Basic]:
    """The symbols that may vary."""
    inside = set(symbols(reading.expr))
    return {
        name: s
        for name, s in reading.symbols.items()
        if s in inside and not s.is_integer and name not in reading.constants
    }


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


def _scalar(question: Question) -> Basic:
    shape = shape_of(question.F)
    if shape:
        raise ShapeProblem(
            f"the {TITLES[question.kind]} is of a scalar function, and this is {show_shape(shape)}",
            "take the differential (diff), the adjoint or the Jacobian of a matrix function",
        )
    return question.F


def _only(question: Question) -> Basic:
    if len(question.variables) != 1:
        raise ValueProblem(
            f"the {TITLES[question.kind]} is with respect to one variable", "name one, or use diff for several"
        )
    return question.variables[0]


__all__ = [
    "Program",
    "Result",
    "SymmatError",
    "adjoint",
    "check",
    "diff",
    "expand",
    "grad",
    "hessian",
    "jacobian",
    "parse",
    "show",
]
