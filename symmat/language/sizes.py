"""Sizes: numbers, letters, or open until they are unified, each with the reasons why it is what it is.

The reasons are those of Nieuwenhuis and Oliveras, Proof-producing congruence closure, 2005.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from sympy import Add, Basic, Integer, cancel, expand

from symmat.core.constructors import is_one
from symmat.core.signature import interned_size, size_from, size_product
from symmat.language.source import Span


@dataclass(frozen=True)
class Formula:
    """How a size is made of others; ``solve`` gives one of them from the whole and the others, or None."""

    value: Callable[..., Basic]
    solve: Callable[..., Basic | None] = lambda whole, *others: None


class Size:
    """A dimension: a number or a letter that was given, one made of other sizes, or free until it is unified.

    ``factors`` and ``formula`` are what it is made of.  ``link`` leads to the size that stands for all that are equal
    to it; ``edge`` is one equality, with the piece of text that it comes from: together the edges are a forest in which
    a path is a reason.
    """

    __slots__ = ("edge", "factors", "formula", "given", "link", "value")

    def __init__(
        self,
        value: Basic | None = None,
        given: str = "",
        factors: tuple[Size, ...] = (),
        formula: Formula | None = None,
    ) -> None:
        self.value = value
        self.given = given
        self.factors = factors
        self.formula = formula
        self.link: Size | None = None
        self.edge: tuple[Size, Span] | None = None

    def root(self) -> Size:
        """The size that stands for all that are equal to this one."""
        size = self
        while size.link is not None:
            if size.link.link is not None:
                size.link = size.link.link
            size = size.link
        return size

    @property
    def key(self) -> Size | Basic:
        """Equal for sizes that are known to be equal."""
        root = self.root()
        return root if root.value is None else root.value

    @property
    def is_one(self) -> bool:
        """Whether this is the number 1: the short side of a vector."""
        value = self.root().value
        return value is not None and is_one(value)

    def _path(self) -> Iterator[tuple[Size, Span | None]]:
        """The sizes from this one to the end of its tree, each with the equality that leads on."""
        size: Size = self
        while size.edge is not None:
            yield size, size.edge[1]
            size = size.edge[0]
        yield size, None

    def make_first(self) -> None:
        """Turn the edges so that all of the tree leads here."""
        size, step = self, self.edge
        self.edge = None
        while step is not None:
            after, why = step
            step, after.edge = after.edge, (size, why)
            size = after

    def reasons(self) -> list[Span]:
        """The equalities between this size and what was given."""
        given = self.root()
        ways: list[dict[Size, Span | None]] = [dict(self._path()), dict(given._path())]
        meeting = next((size for size in ways[0] if size in ways[1]), given)
        found: list[Span] = []
        for way in ways:
            for size, why in way.items():
                if size is meeting:
                    break
                if why is not None:
                    found.append(why)
        return found


def _quotient(whole: Basic, rest: Basic) -> Basic | None:
    if is_one(rest):
        return whole
    ratio = cancel(whole / rest)
    exact = ratio.is_polynomial() and all(c.is_integer and c > 0 for c in ratio.as_coefficients_dict().values())
    return interned_size(ratio) if exact else None


def _difference(whole: Basic, rest: Basic) -> Basic | None:
    left = expand(whole - rest)
    return None if isinstance(left, Integer) and left.p < 1 else interned_size(left)


@cache
def formula_of(letters: str, names: tuple[str, ...]) -> Formula:
    """The formula of a part of a signature, such as n(n+1)/2."""
    return Formula(lambda *values: size_from(letters, dict(zip(names, values, strict=True))))


PRODUCT = Formula(size_product, lambda whole, *others: _quotient(whole, size_product(*others)))
SUM = Formula(
    lambda *sizes: interned_size(expand(Add(*sizes))), lambda whole, *others: _difference(whole, Add(*others))
)

Dims = tuple[Size, ...]
"""Rows and columns; empty for a scalar."""
