"""The record of an operation, and the register of all of them.

A nonlinear operation writes only its differential, one function an argument; an operation linear in an argument
declares that slot.  Adjoint, gradient, Jacobian and numeric code follow from these (Giles, Collected matrix derivative
results, 2008; the division of labour is that of Frostig et al., Decomposing reverse-mode automatic differentiation,
2021).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sympy import Basic

from symmat.consistency import check, check_word, place
from symmat.core.predicate import Condition, Facts, Predicate
from symmat.core.signature import Signature
from symmat.core.table import Shape, table
from symmat.errors import RecordProblem, UnsupportedProblem
from symmat.registry import known_words, load_plugins, meanings, own_first, spell

Partial = Callable[..., Basic | None]
"""``(F, *arguments, dA)``: the differential of F in one argument, linear in dA; None is zero."""


@dataclass(frozen=True)
class Linear:
    """An argument in which an operation is linear.

    ``push(F, i, E)`` is F with E in the place of argument i, without what does not depend on it; ``adjoint(F, i, G)``
    is the map back, ⟨G, push(F, i, E)⟩ = ⟨adjoint(F, i, G), E⟩; ``vec(F, i)`` is the matrix M with
    vec push(F, i, E) = M vec E, or None for the identity.
    """

    push: Callable[[Any, int, Any], Any]
    adjoint: Callable[[Any, int, Any], Any]
    vec: Callable[[Any, int], Any]


Form = Literal["F", "F'", "f(A')", "f(-A)", "F G", "F^k", "F v"]
"""A value F = f(A), its transpose, f of a transpose or a negative, a product of values, a power, F times a vector."""


@dataclass(frozen=True, eq=False)
class Equation:
    """left = right, an equation that the normal form uses from left to right.

    ``example`` is the equation in the notation, with its declarations in ``let``: the two sides have one normal form by
    this equation, and no other.  ``right`` is of F, its operands, and what stands beside it, and None where they do not
    fit.  A ``left`` of no such form is a product, of matrices or of entries: ``lambda F, X: mul(X, F, X)``.
    """

    name: str
    example: str
    left: Form | Callable[..., Basic | None]
    right: Callable[..., Basic | None]
    let: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.left, str) and self.left not in get_args(Form):
            raise RecordProblem(
                f"{self.name}: {self.left!r:.60} is no left side: there are {', '.join(get_args(Form))}"
            )


@dataclass(frozen=True)
class Operation:
    r"""One operation: everything that symmat knows of it.

    In the notation: ``spelling`` is its word, ``aliases`` are others, also commands of LaTeX, ``infix`` its sign if it
    has one, ``elementwise`` marks what acts on each entry, so that on a matrix the notation wants a dot.  ``shape``
    gives the shape of the value where no ``signature`` can.  ``additive`` marks what is linear in all operands at once,
    f(A, B) = f(A, 0) + f(0, B), ``commutative`` what takes any number of operands in any order, ``composite`` are two
    operations of which this is one after the other, 2 for the square.

    To a reader: ``text`` and ``latex`` are templates over the operands ``{A}``, ``{B}``, …, where a call does not
    serve; a ``latex`` without operands is what stands before their parentheses, such as ``\det``, and of an infix
    operation its sign.  ``identity`` is the defining equation (left side, right side) that the derivation of the
    differential starts from; ``equations`` are those that the normal form uses.

    In logic (:mod:`symmat.facts`): ``condition`` must hold for the value to exist, ``smooth`` besides for its
    derivative; ``silent`` says that numbers come out all the same.  ``structure`` is that of all values, by its word,
    ``facts(known, *operands)`` is what is known of one, from what is known of the operands; ``iff`` has predicates of
    the value, each with the conditions on operands that are the same.

    In numbers: ``value`` is the value over a namespace, of operands that have the axes of the signature: NumPy's names
    and operators, ``xp.scipy``, ``xp.kernels`` (:mod:`symmat.numeric.kernels`), and no statement.
    """

    node: type[Basic]
    name: str
    spelling: str = ""
    infix: str = ""
    aliases: tuple[str, ...] = ()
    signature: str = ""
    shape: Callable[[Sequence[Any], Sequence[Shape]], Shape] | None = None
    differential: Partial | tuple[Partial | None, ...] | None = ()
    linear: Linear | tuple[Linear | None, ...] | Callable[[int], Linear | None] = ()
    composite: tuple[type[Basic] | int, type[Basic]] | None = None
    identity: Callable[..., tuple[Basic, Basic]] | None = None
    equations: tuple[Equation, ...] = ()
    structure: str = ""
    additive: bool = False
    commutative: bool = False
    elementwise: bool = False
    value: Callable[..., Any] | None = None
    text: str | Callable[[Any], str] = ""
    latex: str | Callable[[Any], str] = ""
    condition: Condition | Callable[[Any], Condition | None] | None = None
    smooth: Condition | Callable[[Any], Condition | None] | None = None
    silent: bool = False
    facts: Callable[..., Facts] | None = None
    iff: tuple[tuple[Predicate, Callable[..., Sequence[Condition] | None]], ...] = ()
    reference: str = ""
    types: Signature = field(init=False)
    by_form: dict[str, tuple[Equation, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        types = Signature.read(self.signature) if self.signature else Signature((), ())
        object.__setattr__(self, "types", types)
        object.__setattr__(self, "by_form", defaultdict(tuple))
        for equation in self.equations:
            form = equation.left if isinstance(equation.left, str) else "product"
            self.by_form[form] += (equation,)

    def shape_for(self, args: Sequence[Basic], shapes: Sequence[Shape]) -> Shape:
        """The shape of the value; raises ShapeProblem where the operands do not fit."""
        return self.types.shape(self.name, args, shapes) if self.shape is None else self.shape(args, shapes)

    @property
    def differentials(self) -> tuple[Partial | None, ...]:
        """The differential in each argument."""
        return self.differential if isinstance(self.differential, tuple) else (self.differential,)

    def slot(self, i: int) -> Linear | None:
        """The linear slot of argument i, or None."""
        if isinstance(self.linear, Linear):
            return self.linear
        if callable(self.linear):
            return self.linear(i)
        return self.linear[i] if i < len(self.linear) else None

    def asks(self, F: Basic) -> tuple[Condition | None, Condition | None]:
        """What must hold for the value to exist, and what more for its derivative."""
        rules = (self.condition, self.smooth)
        exists, moves = (rule(F) if callable(rule) else rule for rule in rules)
        return exists and exists.of(F.args), moves and moves.of(F.args)

    def push(self, F: Basic, i: int, E: Basic, value: Basic | None = None) -> Basic | None:
        """The differential of F in argument i, applied to E; None is zero.  ``value`` is what F is called, if not F."""
        slot = self.slot(i)
        if slot is not None:
            return self.applied(slot.push, i, F, F, i, E)
        rules = self.differentials
        rule = rules[i] if i < len(rules) else None
        if rule is None:
            raise UnsupportedProblem(f"the differential of {self.name} in argument {i + 1} is not supported yet")
        return self.applied(rule, i, F, F if value is None else value, *F.args, E)

    def applied(self, rule: Callable[..., Any], i: int, like: Basic, *args: object) -> Basic | None:
        """What a rule for argument i gives, which must have the shape of ``like``; a 1×1 matrix is its entry."""
        given, shapes = rule(*args), table().shape
        found, wanted = shapes.get(given) if isinstance(given, Basic) else None, shapes[like]
        if given is not None and found != wanted and (found is None or math.prod(found + wanted) != 1):
            shown = _shown(found) if found is not None else f"{type(given).__name__}, which no constructor made,"
            what = f"the rule of {self.name} for argument {i + 1}{place(rule)}"
            raise RecordProblem(f"{what} gives {shown} where {_shown(wanted)} is needed")
        return given


@dataclass(frozen=True)
class Abbreviation:
    """A word of the notation for an expression in other operations: ``dot(A, B)`` is tr(A'B)."""

    spelling: str
    signature: str
    build: Callable[..., Basic]
    aliases: tuple[str, ...] = ()
    elementwise: bool = False

    @property
    def types(self) -> Signature:
        """The signature."""
        return Signature.read(self.signature)


_records: dict[type[Basic], Operation] = {}
_composites: dict[tuple[type[Basic] | int, type[Basic]], type[Basic]] = {}


def register(record: Operation) -> Operation:
    """Make an operation known; third parties do so through the entry-point group ``symmat.operations``.

    Raises RecordProblem where it says what no record can.
    """
    own_first(record)
    check(record)
    spell(record)
    _records[record.node] = record
    if record.composite is not None:
        _composites[record.composite] = record.node
    return record


def abbreviate(word: Abbreviation) -> None:
    """Make an abbreviation known."""
    own_first(word)
    check_word(word)
    spell(word)


def _shown(shape: Shape) -> str:
    return "×".join(map(str, shape)) or "a scalar"


def composite(outer: type[Basic] | int, inner: type[Basic]) -> type[Basic] | None:
    """The operation that stands for one after another: log|x| for log and abs, ‖X‖² for 2 and the norm."""
    return _composites.get((outer, inner))


def operation(node: type[Basic]) -> Operation:
    """The record of a node, by its exact type: ``Inverse`` is a ``MatPow`` for Python, and not for us."""
    record = _records.get(node)
    if record is None:
        raise UnsupportedProblem(f"the operation {node.__name__} has no record, so it is not supported")
    return record


def find_operation(node: type[Basic]) -> Operation | None:
    """The record of a node's type, or None for symbols, definitions and the like."""
    return _records.get(node)


def spelled(word: str) -> tuple[Operation | Abbreviation, ...]:
    r"""What the notation calls ``word``: one meaning for each kind of operand.

    The word may also be ``\det``, what LaTeX sets around the operands such as ``^{+}``, or ``lu.`` for all parts of a
    factorisation.  One that is new is looked for in other packages.
    """
    if not meanings(word):
        load_plugins()
    return meanings(word)


def operations() -> tuple[Operation, ...]:
    """All records, in the order in which they were registered."""
    load_plugins()
    return tuple(_records.values())


def abbreviations() -> tuple[Abbreviation, ...]:
    """All words that stand for expressions in other operations."""
    found = (meaning for word in known_words() for meaning in meanings(word))
    return tuple(dict.fromkeys(word for word in found if isinstance(word, Abbreviation)))
