"""What the rules of one text share: its source, sizes, symbols and terms."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn

from symmat.core.constructors import decimal, number, trace
from symmat.core.nodes import Decimal
from symmat.errors import ShapeProblem, SymmatError
from symmat.language.declarations import Declarations
from symmat.language.inference import Inference
from symmat.language.sizes import Size
from symmat.language.source import Source, Span
from symmat.language.symbols import Symbols
from symmat.language.terms import Term, Terms


class Context:
    """The services of a text; ``targets`` are the names that are defined in it."""

    def __init__(self, text: str, declared: Declarations, targets: set[str]) -> None:
        self.source = Source(text)
        self.words = self.source.words
        self.sizes = Inference(self.source)
        self.terms = Terms()
        self.symbols = Symbols(self.source, self.sizes, self.terms, declared, targets)
        self._open: list[tuple[Size, Span]] = []

    def fail(
        self, problem: type[SymmatError], message: str, piece: Span, hint: str = "", also: Span | None = None
    ) -> NoReturn:
        """Raise an error at a piece of the text."""
        self.source.fail(problem, message, piece, hint, also)

    def number(self, value: Fraction, origin: Span, *typed: Term) -> Term:
        """An exact number: a decimal where one of those ``typed`` is."""
        shown = value.denominator != 1 and any(type(t.node) is Decimal for t in typed)
        node = decimal(value) if shown else number(value)
        return self.terms.known(node, origin, value.denominator == 1, value)

    def small(self, term: Term, origin: Span) -> Term:
        """A 1×1 matrix is its entry."""
        if term.dims and term.dims[1].is_one and term.dims[0].is_one:
            return self.terms.new(trace, (term,), (), origin)
        return term

    def open_size(self, piece: Span) -> Size:
        """A size that must come from the context."""
        size = Size()
        self._open.append((size, piece))
        return size

    def solve(self) -> None:
        """Name the sizes that are open, and build the nodes."""
        self.symbols.name_free()
        for size, piece in self._open:
            if size.root().value is None:
                letter = self.words(piece)
                self.fail(ShapeProblem, f"nothing says what size this {letter} has", piece, f"write {letter}_n")
        self.terms.build()
