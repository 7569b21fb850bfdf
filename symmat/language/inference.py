"""Shape inference by unification: as general as the expression allows, and able to say what fixed each size.

Robinson's unification (1965) over dimensions: numbers and declared letters are constants, all others are free.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from symmat.errors import Place, ShapeProblem
from symmat.expressions.signature import Pattern
from symmat.language.surface import Surface


@dataclass(eq=False, slots=True)
class Size:
    """A dimension: a number, a declared letter, a product of sizes, or free until it is unified."""

    value: int | str | tuple[Size, ...] | None = None
    why: str = ""
    link: Size | None = None

    def root(self) -> Size:
        """The size that this one is unified with."""
        size = self
        while size.link is not None:
            size = size.link
        return size

    def reason(self) -> str:
        """What fixed the size."""
        size = self
        while size.link is not None and not size.why:
            size = size.link
        return size.why

    @property
    def is_one(self) -> bool:
        """Whether this is the short side of a vector."""
        return self.root().value == 1

    def __str__(self) -> str:
        value = self.root().value
        if isinstance(value, tuple):
            return " ".join(map(str, value))
        return "?" if value is None else str(value)


Dims = tuple[Size, ...]
"""Rows and columns; empty for a scalar."""


@dataclass
class Inference:
    """The shapes of one text, and how to speak of its parts."""

    source: str
    shapes: dict[Surface, Dims] = field(default_factory=dict)

    def words(self, node: Surface) -> str:
        """A part of the text, for a message."""
        text = " ".join(self.source[node.start : node.end].split())
        return text if len(text) <= 40 else text[:38] + " …"

    def shown(self, dims: Dims) -> str:
        """A shape for a message."""
        if not dims:
            return "a scalar"
        if dims[1].is_one:
            return f"a vector of {dims[0]} rows" if dims[0].root().value else "a vector"
        if dims[0].is_one:
            return "a row vector"
        return f"{dims[0]}×{dims[1]}" if any(d.root().value for d in dims) else "a matrix"

    def equal(self, a: Size, b: Size, left: tuple[Surface, int], right: tuple[Surface, int], whole: Surface) -> None:
        """Two sizes are one; raises a ShapeProblem that names both and what fixed them."""
        a, b = a.root(), b.root()
        if a is b or (a.value is not None and a.value == b.value):
            return
        if a.value is None or (b.value is not None and isinstance(a.value, tuple) and not isinstance(b.value, tuple)):
            a, b = b, a
            left, right = right, left
        if b.value is None and a.value != 1:
            b.link = a
            b.why = b.why or f"from {self.words(whole)}"
            return
        if (
            isinstance(a.value, tuple)
            and isinstance(b.value, tuple)
            and sorted(map(str, a.value)) == sorted(map(str, b.value))
        ):
            return
        raise self.clash(left, right, whole)

    def clash(
        self, left: tuple[Surface, int], right: tuple[Surface, int], whole: Surface, hint: str = ""
    ) -> ShapeProblem:
        """The error of two sizes that do not fit: ``left`` and ``right`` are an operand and which of its sides."""
        first, second = sorted((left, right), key=lambda side: side[0].start)
        facts = " and ".join(self._fact(node, side) for node, side in (first, second))
        place: Place = {"source": self.source, "position": first[0].start, "end": first[0].end}
        also = (second[0].start, second[0].end)
        return ShapeProblem(f"the shapes in {self.words(whole)} do not fit: {facts}", hint, also=also, **place)

    def _fact(self, node: Surface, side: int) -> str:
        dims = self.shapes.get(node, ())
        if not dims:
            return f"{self.words(node)} is a scalar"
        reason = dims[side].reason()
        side_name = ("row", "column")[side]
        size = dims[side]
        many = "" if str(size) == "1" else "s"
        count = "" if size.root().value is None else f", {size} {side_name}{many}"
        fixed = f" ({reason})" if reason else ""
        return f"{self.words(node)} is {self.shown(dims)}{count}{fixed}"

    def square(self, node: Surface, whole: Surface, what: str) -> None:
        """A matrix is square; raises a ShapeProblem that says what needs it to be."""
        rows, cols = self.shapes[node]
        one, other = rows.root(), cols.root()
        if one is other or (one.value is not None and one.value == other.value):
            return
        if (one.value is None and other.value != 1) or (other.value is None and one.value != 1):
            free, fixed = (one, other) if one.value is None else (other, one)
            free.link, free.why = fixed, free.why or f"from {self.words(whole)}"
            return
        raise ShapeProblem(
            f"{what} needs a square matrix, and {self.words(node)} is {self.shown((rows, cols))}",
            source=self.source,
            position=node.start,
            end=node.end,
        )

    def match(self, pattern: Pattern, node: Surface, sizes: dict[str, Size], whole: Surface, name: str) -> None:
        """An argument of a function against its pattern."""
        dims = self.shapes[node]
        if len(dims) != len(pattern):
            wanted, given = (("a scalar", "a matrix")[bool(p)] for p in (pattern, dims))
            raise ShapeProblem(
                f"{name} takes {wanted}, and {self.words(node)} is {given}",
                source=self.source,
                position=node.start,
                end=node.end,
            )
        if len(pattern) == 2 and pattern[0] == pattern[1]:
            self.square(node, whole, name)
        for letter, size in zip(pattern, dims, strict=True):
            known = sizes.setdefault(letter, size)
            if known is not size:
                self.equal(known, size, (node, 0), (node, 1), whole)


def pattern_size(letters: str, sizes: dict[str, Size]) -> Size:
    """The size that a word of a signature stands for: a letter's, or the product of its letters'."""
    if len(letters) == 1:
        return sizes.setdefault(letters, Size(1 if letters == "1" else None))
    parts = tuple(sizes[letter].root() for letter in letters)
    numbers = [p.value for p in parts if isinstance(p.value, int)]
    return Size(prod(numbers)) if len(numbers) == len(parts) else Size(parts)
