"""The reader: a text becomes tokens, a surface tree, terms whose sizes are still open, and nodes.

A term is made for each piece of the tree, parts before the whole; when all sizes are known the nodes are built in the
same order.  No step recurses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NoReturn

from lark import Token, UnexpectedToken
from sympy import Basic

from symmat.algebra.depths import with_depths
from symmat.core.constructors import (
    add,
    decimal,
    definition,
    differential_symbol,
    identity,
    neg,
    number,
    trace,
    transpose,
    zero,
)
from symmat.core.nodes import DEFINITIONS, Decimal
from symmat.core.table import ask
from symmat.errors import ShapeProblem, SymmatError, SyntaxProblem, UnsupportedProblem
from symmat.language.bars import read_absolute, read_norm
from symmat.language.calls import read_call, read_finite_sum
from symmat.language.characters import clean, is_latex
from symmat.language.declarations import Declarations, read_declarations
from symmat.language.grammar import parse
from symmat.language.inference import Inference, Size
from symmat.language.messages import syntax_error
from symmat.language.names import canonical
from symmat.language.parts import read_block, read_part
from symmat.language.powers import read_power
from symmat.language.products import read_chain, read_frobenius
from symmat.language.surface import Surface, postorder
from symmat.language.symbols import Symbols
from symmat.language.terms import Term, Terms, known
from symmat.language.tokenizer import targets, tokenize


@dataclass(frozen=True)
class Reading:
    """What a text means.

    ``definitions`` and ``symbols`` are nodes by canonical name, in order of appearance; ``name`` is the F of a last
    item ``F = X^3``; ``constants`` are the names declared constant; ``spelling`` is how names were typed, where that
    is not their canonical name.
    """

    expr: Basic
    definitions: Mapping[str, Basic] = field(default_factory=dict)
    symbols: Mapping[str, Basic] = field(default_factory=dict)
    name: str = ""
    constants: frozenset[str] = frozenset()
    source: str = ""
    spelling: Mapping[str, str] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether the text has a symbol or a definition of this name."""
        return name in self.symbols or name in self.definitions


def read(text: str, let: str | Sequence[str] = "") -> Reading:
    """The expression that a text means, with its definitions and symbols, under declarations.

    Raises SymmatError, with the place in the text and what to write instead, for what does not follow the notation.
    """
    if not text.strip():
        raise SyntaxProblem("the text is empty: there is no expression", "write one, such as X^3", source=text)
    ask(len(text))
    declared = read_declarations(let)
    return _read_latex(text, declared) if is_latex(text) else _read_notation(text, declared)


def _read_notation(text: str, declared: Declarations) -> Reading:
    source = clean(text)
    tokens = tokenize(source, declared.names)
    names = {canonical(name) for name in targets(source).values()}
    reader = Reader(source, declared, names)
    expr, name = reader.read(_parse(source, tokens))
    reader.symbols.refuse_named_differentials()
    return Reading(
        expr=expr,
        definitions={
            name: term.node for name, term in reader.symbols.definitions.items() if type(term.node) in DEFINITIONS
        },
        symbols={name: term.node for name, term in reader.symbols.symbols.items()},
        name=name,
        constants=declared.constants,
        source=text,
        spelling=_spelling(source, tokens),
    )


def _read_latex(text: str, declared: Declarations) -> Reading:
    """Read the notation that LaTeX is rewritten to; errors point to the LaTeX."""
    from symmat.language.commands import hinted
    from symmat.language.latex import rewrite

    plain, places = rewrite(text, declared.names)
    places.append(len(text))
    try:
        return replace(_read_notation(plain, declared), source=text)
    except SymmatError as error:
        if error.source.strip() == plain.strip() and error.position is not None:
            last = places[min((error.end or error.position + 1) - 1, len(places) - 1)]
            error.position, error.end = places[min(error.position, len(places) - 1)], last + 1
            error.also = (places[error.also[0]], places[error.also[1] - 1] + 1) if error.also else None
            error.source, error.hint = text, hinted(error.hint)
        raise


def _parse(source: str, tokens: Sequence[Token]) -> list[Surface]:
    try:
        return parse(tokens)
    except UnexpectedToken as stopped:
        place = next((i for i, token in enumerate(tokens) if token is stopped.token), len(tokens))
    raise syntax_error(source, tokens, place)


def _spelling(source: str, tokens: Sequence[Token]) -> dict[str, str]:
    """How each name was typed first, where that is not its canonical name."""
    typed: dict[str, str] = {}
    for token in tokens:
        if token.type in ("SYMBOL", "DIFFERENTIAL"):
            shown = source[token.start_pos : token.end_pos].removeprefix("d" if token.type == "DIFFERENTIAL" else "")
            typed.setdefault(token.value, shown)
    return {name: shown for name, shown in typed.items() if name != shown}


class Reader:
    """The terms of one text: a rule for each kind of piece."""

    def __init__(self, source: str, declared: Declarations, targets: set[str]) -> None:
        self.sizes = Inference(source)
        self.terms = Terms()
        self.symbols = Symbols(self.sizes, self.terms, declared, targets)
        self._bound: dict[str, list[int]] = {}
        self._open: list[tuple[Size, Surface]] = []
        self._rules: dict[str, Callable[[Surface], Term]] = {
            "number": self._number,
            "symbol": self._symbol,
            "bound": self._index,
            "differential": self._differential,
            "identity": self._identity,
            "negative": self._negative,
            "transposed": self._transposed,
            "sum": self._sum,
            "chain": lambda node: read_chain(self, node),
            "power": lambda node: read_power(self, node),
            "named": lambda node: self.terms.known(number(0), node),
            "frobenius": lambda node: read_frobenius(self, node),
            "entry": lambda node: read_part(self, node),
            "range": lambda node: node.parts[0].term,
            "all": lambda node: self.terms.known(number(0), node),
            "block": lambda node: read_block(self, node),
            "norm": lambda node: read_norm(self, node),
            "absolute": lambda node: read_absolute(self, node),
            "call": lambda node: read_call(self, node),
            "finite_sum": lambda node: read_finite_sum(self, node),
        }

    def read(self, items: Sequence[Surface]) -> tuple[Basic, str]:
        """The last item's node, and its name if it has one; the items before it are definitions."""
        for item in items[:-1]:
            if len(item.parts) < 2:
                hint = "write S = … for a definition, and the expression last"
                self.fail(SyntaxProblem, "an item that others follow needs a name", item, hint)
            body = self._read(item.parts[1])
            self._define(item, body)
        last = items[-1]
        name = self._target(last) if len(last.parts) > 1 else ""
        result = self._read(last.parts[-1])
        if name:
            self.symbols.refuse_taken(name, last)
        self._solve()
        return with_depths(result.node), name

    def _read(self, root: Surface) -> Term:
        rules = self._rules
        for node in postorder(root):
            node.term = rules[node.rule](node)
        return root.term

    def _target(self, item: Surface) -> str:
        left = item.parts[0]
        if left.rule != "symbol":
            hint = "name what stands on the left, or give one side alone"
            self.fail(UnsupportedProblem, "an equation to verify is not supported yet", item, hint)
        return str(left.value)

    def _define(self, item: Surface, body: Term) -> None:
        name = self._target(item)
        if body.integer:  # what may be an exponent or a size is no node of its own
            self.symbols.define(name, body, item)
            return
        named = self.terms.new(lambda node: definition(name, with_depths(node)), (body,), body.dims, item)
        self.symbols.define(name, named, item)

    def _solve(self) -> None:
        """Name the sizes that are open, and build the nodes."""
        self.symbols.name_free()
        for size, node in self._open:
            if size.root().value is None:
                letter = self.sizes.words(node)
                self.fail(ShapeProblem, f"nothing says what size this {letter} has", node, f"write {letter}_n")
        self.terms.build()

    # ------------------------------------------------------------ terms

    def number(self, value: Fraction, origin: Surface, *typed: Term) -> Term:
        """An exact number: a decimal where one of those ``typed`` is."""
        shown = value.denominator != 1 and any(type(t.node) is Decimal for t in typed)
        node = decimal(value) if shown else number(value)
        return self.terms.known(node, origin, value.denominator == 1, value)

    def open_size(self, node: Surface) -> Size:
        """A size that must come from the context."""
        size = Size()
        self._open.append((size, node))
        return size

    def fail(self, problem: type[SymmatError], message: str, node: Surface, hint: str = "") -> NoReturn:
        """Raise an error at a piece of the text."""
        raise problem(message, hint, source=self.sizes.source, position=node.start, end=node.end)

    # ------------------------------------------------------------ rules

    def _number(self, node: Surface) -> Term:
        value = Fraction(node.value)
        if value.denominator == 1:
            return self.terms.known(number(int(value)), node, True, value)
        return self.terms.known(decimal(value), node, False, value)

    def _symbol(self, node: Surface) -> Term:
        return self.small(self.symbols.find(node), node)

    def small(self, term: Term, node: Surface) -> Term:
        """A 1×1 matrix is its entry."""
        if term.dims and term.dims[1].is_one and term.dims[0].is_one:
            return self.terms.new(trace, (term,), (), node)
        return term

    def _index(self, node: Surface) -> Term:
        self._bound.setdefault(str(node.value), []).append(node.start)
        return self.symbols.index(node)

    def binds(self, index: str, start: int) -> bool:
        """Whether an index stands behind ``start`` where no inner sum binds it; from now on it is bound there."""
        places = self._bound.get(index, [])
        count = len(places)
        while places and places[-1] >= start:
            places.pop()
        return len(places) < count

    def _differential(self, node: Surface) -> Term:
        symbol = self.symbols.differential_of(node)
        return self.small(self.terms.new(differential_symbol, (symbol,), symbol.dims, node), node)

    def _identity(self, node: Surface) -> Term:
        if node.parts:
            size = self.symbols.size_of(node.parts[0])
        else:
            size = self.symbols.named_size(node) if node.value else self.open_size(node)
        return self.terms.new(lambda: identity(known(size)), (), (size, size), node)

    def _negative(self, node: Surface) -> Term:
        part = node.parts[0].term
        value = None if part.value is None else -part.value
        return self.terms.new(neg, (part,), part.dims, node, part.integer, value)

    def _transposed(self, node: Surface) -> Term:
        part = node.parts[0]
        term = part.term
        if not term.dims:
            shown = self.sizes.words(part)
            if part.rule == "number":
                self.fail(ShapeProblem, f"{shown} is a number, which has no transpose", node, "write ones(n)'")
            if self.symbols.undeclared(part):
                hint = f"declare {shown}: n for a vector, or {shown}: m×n for a matrix"
                self.fail(ShapeProblem, f"{shown} is {term.kind}, which has no transpose", node, hint)
            return term
        return self.terms.new(transpose, (term,), term.dims[::-1], node)

    def _sum(self, node: Surface) -> Term:
        """Terms of one shape; a bare 0 has the shape of the others."""
        first = next((p for p in node.parts if p.term.value != 0), node.parts[0])
        dims = first.term.dims
        parts = []
        for part, sign in zip(node.parts, (1, *node.value), strict=True):
            term = part.term
            if dims and term.value == 0:
                term = self.terms.new(lambda: zero(tuple(map(known, dims))), (), dims, part)
            elif bool(dims) != bool(term.dims):
                self._refuse_spreading(first, part)
            for side in range(len(dims)):
                if not self.sizes.unify(dims[side], term.dims[side], node):
                    raise self.sizes.clash((first, side), (part, side), f"the sum {self.sizes.words(node)}")
            if sign < 0:
                negative = None if term.value is None else -term.value
                term = self.terms.new(neg, (term,), dims, part, term.integer, negative)
            parts.append(term)
        integer = all(t.integer for t in parts)
        return self.terms.new(add, tuple(parts), dims, node, integer, total(parts))

    def _refuse_spreading(self, one: Surface, other: Surface) -> NoReturn:
        scalar, matrix = (one, other) if other.term.dims else (other, one)
        shown = self.sizes.words(scalar)
        factor = "" if scalar.term.value == 1 else f"{shown} "
        if matrix.term.kind == "a matrix":
            hint = f"write {factor}I for a multiple of the identity, or {factor}ones(m,n) for every entry"
        else:
            hint = f"write {factor}ones(n) for every entry"
        facts = [f"{self.sizes.words(p)} is {p.term.kind}" for p in (one, other)]
        raise self.sizes.problem(f"a sum of different kinds: {', '.join(facts)}", one, hint, also=other)


def total(terms: Sequence[Term]) -> Fraction | None:
    """The value of a sum of numbers, or None if there is anything else in it."""
    values = [term.value for term in terms if term.value is not None]
    return sum(values, Fraction(0)) if len(values) == len(terms) else None
