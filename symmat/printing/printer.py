"""One walk for all printers: each node becomes a piece, a string with its precedence, from the pieces of its operands.

A printer is a table of rules by node type; what the table does not have is printed by its record.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import (
    Add,
    Basic,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    NumberSymbol,
    OneMatrix,
    Pow,
    Rational,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
)

from symmat.algebra.measures import is_divisor
from symmat.core.constructors import is_one, shape_of
from symmat.core.nodes import DEFINITIONS, PENDING, SUMS, Decimal, Index, MatrixDifferential, ScalarDifferential
from symmat.core.operation import operation
from symmat.core.table import Shape, table
from symmat.core.walks import children, postorder, symbols
from symmat.effort import COPIED, PRINTED, spend
from symmat.printing.spelling import exact_decimal
from symmat.registry import LETTERS, SLOT
from symmat.shapes import show_size

SUM, INFIX, PRODUCT, RATIO, POSTFIX, ATOM = range(6)
"""Precedences, from loosest to tightest."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed operand; ``unsized`` is how an identity is printed where its size is plain from what stands by."""

    text: str
    precedence: int = ATOM
    unsized: str = ""


class Printer(ABC):
    """The rules that all printers share: ``names`` is how symbols were typed, ``definitions`` what the user defined."""

    plus, minus, at_most = " + ", " - ", "<="
    moving = ATOM
    """How tightly the d of a differential binds."""

    def __init__(self, names: Mapping[str, str] | None = None, definitions: Collection[str] = ()) -> None:
        self.names = names or {}
        self.definitions = definitions
        self.indices: dict[str, str] = {}
        self.done: dict[Basic, Piece] = {}
        self.rules: dict[type[Basic], Callable[[Basic, Sequence[Piece]], Piece]] = {
            Add: self.sum,
            MatAdd: self.sum,
            Mul: self.product,
            MatMul: self.product,
            Pow: self.power,
            MatPow: self.power,
            Inverse: lambda node, args: self.inverse(args[0]),
            Transpose: self.transposed,
            Trace: self.trace,
            Identity: self.identity,
            ZeroMatrix: self.zero,
            OneMatrix: self.ones,
            **dict.fromkeys(SUMS, self.finite_sum),
            **dict.fromkeys(PENDING, self.pending),
        }

    def print(self, root: Basic, bare: bool = False) -> str:
        """The expression as a string; ``bare`` leaves the size of an identity or a zero to the context."""
        if bare and isinstance(root, ZeroMatrix):
            return "0"
        piece = self.piece(root)
        return piece.unsized if bare and piece.unsized else piece.text

    def definition(self, node: Basic) -> str:
        """A definition as an equation."""
        return f"{self.defined(node)} = {self.print(node.args[1])}"

    def piece(self, root: Basic) -> Piece:
        """The expression with its precedence."""
        if table().has_indices:
            taken = {s.name for s in symbols(root)}
            letters = [*"ijlpqrstuvw", *(f"i_{n}" for n in range(100))]
            free = (letter for letter in letters if letter not in taken)
            self.indices = {f"i{level}": letter for level, letter in enumerate(free, 1)}
        self.done = {}
        for node in postorder(root, skip=self.is_name):
            self.done[node] = piece = self.rule(node, [self.done[a] for a in children(node)])
            spend(PRINTED + len(piece.text) // COPIED)
        return self.done[root]

    def is_name(self, node: Basic) -> bool:
        """A definition is printed as its name, and its body elsewhere."""
        if type(node) in DEFINITIONS:
            self.done[node] = Piece(self.defined(node), self.moving if self.differences(node) else ATOM)
            return True
        return False

    def rule(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """One node."""
        if isinstance(node, Rational):
            return self.number(node)
        if isinstance(node, MatrixSymbol | Symbol):
            return self.symbol(node)
        if isinstance(node, NumberSymbol):
            return Piece(self.name({"pi": "π"}.get(str(node), str(node))))
        rule = self.rules.get(type(node))
        return rule(node, args) if rule else self.operation(node, args)

    # ------------------------------------------------------------ what printers differ in

    @abstractmethod
    def name(self, name: str, of: Basic | None = None) -> str:
        """A symbol's name; ``of`` is what it names, where it may be a matrix."""

    @abstractmethod
    def differential(self, name: str, order: int = 1, of: Basic | None = None) -> str:
        """dX, ddX, …."""

    def group(self, text: str) -> str:
        """Parentheses."""
        return f"({text})"

    @abstractmethod
    def juxtapose(self, pieces: Sequence[str], nodes: Sequence[Basic]) -> str:
        """A product of printed factors."""

    @abstractmethod
    def quotient(self, above: Sequence[tuple[Basic, Piece]], below: Sequence[Piece], sign: str) -> Piece:
        """A product over scalars."""

    @abstractmethod
    def raised(self, base: str, exponent: str, node: Basic) -> str:
        """A power."""

    @abstractmethod
    def fraction(self, above: Piece, below: Piece) -> Piece:
        """A factor over a scalar."""

    def ratio(self, p: int, q: int) -> Piece:
        """A fraction of integers."""
        return Piece(f"{p}/{q}", RATIO)

    @abstractmethod
    def inverse(self, base: Piece) -> Piece:
        """X⁻¹."""

    @abstractmethod
    def transposed(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """X'."""

    @abstractmethod
    def call(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """An operation that is not infix."""

    @abstractmethod
    def infix(self, node: Basic) -> str:
        """The sign of an infix operation, with its spaces."""

    @abstractmethod
    def zero(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """A zero matrix."""

    @abstractmethod
    def ones(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """A matrix of ones."""

    @abstractmethod
    def sized(self, size: str) -> str:
        """I with its size."""

    @abstractmethod
    def finite_sum(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """Σ."""

    @abstractmethod
    def left_side(self, kind: str, order: int, letter: str, inner: Piece, names: Sequence[str]) -> str:
        """The left side of a result: ``letter`` is F, or empty where the expression itself must stand for it."""

    @abstractmethod
    def with_definitions(self, shown: str, defined: Sequence[str]) -> str:
        """A result with the definitions that it uses."""

    def equation(self, left: str, right: str, defined: Sequence[str]) -> str:
        """An equation with the definitions that it uses."""
        return self.with_definitions(f"{left} = {right}", defined)

    # ------------------------------------------------------------ what they share

    @cached_property
    def taken(self) -> set[str]:
        """The names of the text: where T is one, a raised T has two readings."""
        return {node.name for node in table().shape if isinstance(node, MatrixSymbol | Symbol)}.union(self.definitions)

    def number(self, node: Rational) -> Piece:
        size = self.magnitude(node)
        return Piece("-" + size.text, SUM) if node.p < 0 else size

    def magnitude(self, node: Rational) -> Piece:
        p, q = abs(int(node.p)), int(node.q)
        if q == 1:
            return Piece(str(p))
        return Piece(exact_decimal(p, q)) if type(node) is Decimal else self.ratio(p, q)

    def symbol(self, node: MatrixSymbol | Symbol) -> Piece:
        if isinstance(node, Index):
            return Piece(self.indices[node.name])
        if isinstance(node, MatrixDifferential | ScalarDifferential):
            return Piece(self.differential(node.name[1:], of=node), self.moving)
        return Piece(self.name(node.name, node))

    def sum(self, node: Basic, args: Sequence[Piece]) -> Piece:
        terms = list(node.args)
        if isinstance(terms[0], Integer) and all(isinstance(t, Symbol) and t.is_integer for t in terms[1:]):
            terms, args = [*terms[1:], terms[0]], [*args[1:], args[0]]  # a size is m + 1
        some_sized = not all(a.unsized for a in args)
        text = ""
        for term, arg in zip(terms, args, strict=True):
            shown = arg.unsized if arg.unsized and some_sized else arg.text
            if arg.precedence == SUM and isinstance(term, Add | MatAdd):
                shown = self.group(shown)
            if not text:
                text = shown
            elif shown.startswith("-"):
                text += self.minus + shown[1:]
            else:
                text += self.plus + shown
        return Piece(text, SUM)

    def product(self, node: Basic, args: Sequence[Piece]) -> Piece:
        pairs = list(zip(node.args, args, strict=True))
        factors = [(f, p) for f, p in pairs if type(f) is not Identity or not is_one(f.args[0])] or pairs[:1]
        sign = ""
        first = factors[0][0]
        if isinstance(first, Rational) and first.p < 0:
            sign = "-"
            factors[0] = (first, self.magnitude(first))
            if first.p == -1 and first.q == 1 and len(factors) > 1 and not is_divisor(factors[1][0]):
                del factors[0]
        below: list[Piece] = []
        while len(factors) > 1 and is_divisor(factors[-1][0]):
            below.insert(0, self.done[factors.pop()[0].args[0]])
        if below:
            return self.quotient(factors, below, sign)
        factors = self.divided(factors)
        text = self.within(factors[0][1], INFIX) if sign and len(factors) == 1 else self.factors(factors)
        bare = ""
        if all(not shape_of(f) or type(f) is Identity for f, _ in factors) and shape_of(node):
            bare = sign + self.factors([(f, Piece(p.unsized or p.text, p.precedence)) for f, p in factors])
        elif any(type(f) is Identity for f, _ in factors):
            text = self.factors([(f, Piece(p.unsized or p.text, p.precedence)) for f, p in factors])
        return Piece(sign + text, SUM if sign else max(PRODUCT, factors[0][1].precedence * (len(factors) == 1)), bare)

    def divided(self, factors: Sequence[tuple[Basic, Piece]]) -> list[tuple[Basic, Piece]]:
        """Factors with each divisor under the factor before it, as in λ/2 X."""
        done: list[tuple[Basic, Piece]] = []
        for node, piece in factors:
            if done and is_divisor(node):
                done.append((node, self.fraction(done.pop()[1], self.done[node.args[0]])))
            else:
                done.append((node, piece))
        return done

    def factors(self, factors: Sequence[tuple[Basic, Piece]]) -> str:
        if len(factors) == 1:
            return self.within(factors[0][1], PRODUCT)
        shown = [self.within(piece, RATIO) for _, piece in factors]
        return self.juxtapose(shown, [f for f, _ in factors])

    def within(self, piece: Piece, precedence: int) -> str:
        """The piece, in parentheses if it binds more loosely than ``precedence``."""
        return self.group(piece.text) if piece.precedence < precedence else piece.text

    def power(self, node: Basic, args: Sequence[Piece]) -> Piece:
        base, exponent = args
        if type(node.args[0]) is Inverse:  # X^-2, and not (X^-1)^2
            inner = self.done[node.args[0].args[0]]
            return Piece(self.raised(self.within(inner, ATOM), self.opposite(node.args[1]), node.args[1]), POSTFIX)
        return Piece(self.raised(self.within(base, ATOM), exponent.text, node.args[1]), POSTFIX)

    def opposite(self, node: Basic) -> str:
        """A printed number or size with the other sign: -k-1 for k + 1, and -(k-i) for k - i.

        A sign in front says that a power is one of the inverse.
        """
        terms = sorted(node.args, key=lambda term: isinstance(term, Integer)) if type(node) is Add else [node]
        shown = [self.done[term] for term in terms]
        if any(p.text.startswith("-") for p in shown):
            return f"-({self.done[node].text})"
        return "".join("-" + self.within(p, PRODUCT) for p in shown)

    def trace(self, node: Basic, args: Sequence[Piece]) -> Piece:
        matrix = node.args[0]
        if is_one(shape_of(matrix)[0]):
            return args[0]
        return self.call(node, args)

    def identity(self, node: Basic, args: Sequence[Piece]) -> Piece:
        size = show_size(node.args[0])
        return Piece("1") if size == "1" else Piece(self.sized(size), ATOM, "I")

    def defined(self, node: Basic) -> str:
        """The name of a definition: dS and ddS, made of a differential, as the differentials of S."""
        name, order = node.args[0].name, self.differences(node)
        return self.differential(name[order:], order, node) if order else self.name(name, node)

    def differences(self, node: Basic) -> int:
        """How many d a definition's name begins with, if it is the differential of a definition: 2 of ddS."""
        name: str = node.args[0].name
        order = 0
        while name[order:] not in self.definitions and name[order] == "d" and name[order + 1 : order + 2].isalpha():
            order += 1
        return order

    @abstractmethod
    def pending(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """d(F)."""

    def operation(self, node: Basic, args: Sequence[Piece]) -> Piece:
        record = operation(type(node))
        if record.infix and not record.text:
            first = INFIX if type(node.args[0]) is type(node) else POSTFIX  # A ⊗ B ⊗ C is (A ⊗ B) ⊗ C
            shown = [self.within(a, POSTFIX if i else first) for i, a in enumerate(args)]
            return Piece(self.infix(node).join(shown), INFIX)
        if record.elementwise and len(args) > 1:
            args = self.one_spread(node, args, 1 if record.infix else len(args))
        return self.call(node, args)

    def one_spread(self, node: Basic, args: Sequence[Piece], places: int) -> Sequence[Piece]:
        """The first operand that is the same in every entry as its scalar; the others give the size: 1 ./ x."""
        for i, (operand, piece) in enumerate(zip(node.args[:places], args, strict=False)):
            spread = self.spread(operand, piece)
            if spread is not piece:
                return [*args[:i], spread, *args[i + 1 :]]
        return args

    def spread(self, node: Basic, piece: Piece) -> Piece:
        """A scalar that stands in every entry, as in max(0, x)."""
        if isinstance(node, ZeroMatrix | OneMatrix):
            return Piece(str(int(isinstance(node, OneMatrix))))
        if type(node) is MatMul and isinstance(node.args[-1], OneMatrix) and not any(map(shape_of, node.args[:-1])):
            factors = [(a, self.done[a]) for a in node.args[:-1]]
            return Piece(self.factors(factors), PRODUCT) if len(factors) > 1 else factors[0][1]
        return piece

    def filled(self, template: str, node: Basic, args: Sequence[Piece]) -> str:
        """A record's template: ``{A}`` is the first operand, ``{A!}`` in parentheses unless it is an atom.

        ``{A~}`` is in parentheses unless it binds as a postfix does, ``{A^}`` is an exponent, ``{#3}`` an operand by
        number, ``{*}`` are all operands, and ``{*B}`` those from B on.
        """

        def slot(found: re.Match[str]) -> str:
            every, letter, place, mark = found.groups()
            first = int(place) if place else LETTERS.index(letter) if letter else 0
            if every:
                return ", ".join(a.text for a in args[first:])
            if mark == "^":
                return self.exponent(args[first], node.args[first])
            if mark:
                return self.within(args[first], ATOM if mark == "!" else POSTFIX)
            return args[first].text

        return SLOT.sub(slot, template)

    def norm(self, text: str, shape: Shape) -> str:
        """The norm of what is printed; the absolute value of a scalar."""
        return f"||{text}||" if shape else f"|{text}|"

    def exponent(self, piece: Piece, node: Basic) -> str:
        """An exponent, in parentheses if it needs them."""
        return self.within(piece, INFIX)
