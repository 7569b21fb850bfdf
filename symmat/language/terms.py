"""Terms: what pieces of text mean, while the sizes in them are still open."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Basic

from symmat.language.sizes import Dims, Size
from symmat.language.source import Span


class Term:
    """A constructor and its arguments, and a shape that may still be open.

    ``integer`` marks what may be an exponent or a size, and ``value`` is that of a number.
    """

    __slots__ = ("dims", "integer", "make", "node", "origin", "parts", "value")
    node: Basic

    def __init__(
        self,
        make: Callable[..., Basic],
        parts: tuple[Term, ...],
        dims: Dims,
        origin: Span,
        integer: bool = False,
        value: Fraction | None = None,
    ) -> None:
        self.make = make
        self.parts = parts
        self.dims = dims
        self.origin = origin
        self.integer = integer
        self.value = value

    @property
    def kind(self) -> str:
        """Number, scalar, vector or matrix, with its article."""
        if not self.dims:
            return "a number" if self.value is not None else "a scalar"
        return "a vector" if self.dims[1].is_one else "a row vector" if self.dims[0].is_one else "a matrix"


class Terms:
    """The terms of one text, parts before the whole, so that their nodes can be built in this order."""

    def __init__(self) -> None:
        self._open: list[Term] = []

    def new(
        self,
        make: Callable[..., Basic],
        parts: tuple[Term, ...],
        dims: Dims,
        origin: Span,
        integer: bool = False,
        value: Fraction | None = None,
    ) -> Term:
        """A term; a number or an integer waits for no size, so that its node is built at once."""
        term = Term(make, parts, dims, origin, integer, value)
        if integer or value is not None:
            term.node = make(*[part.node for part in parts])
        else:
            self._open.append(term)
        return term

    def known(self, node: Basic, origin: Span, integer: bool = False, value: Fraction | None = None) -> Term:
        """A scalar that is known: a number, a symbol."""
        term = Term(lambda: node, (), (), origin, integer, value)
        term.node = node
        return term

    def build(self) -> None:
        """Build the nodes, now that every size is known."""
        for term in self._open:
            term.node = term.make(*[part.node for part in term.parts])


def known(size: Size) -> Basic:
    """The value of a size, once it has one."""
    value = size.root().value
    if value is None:
        raise RuntimeError("a size is asked for before it is known")
    return value
