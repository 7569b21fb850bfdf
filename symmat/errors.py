"""Errors for people: what is wrong, where, what was found, and what to write instead."""

from __future__ import annotations

import sys
from typing import TypedDict


class Place(TypedDict):
    """Where in a text: ``raise SyntaxProblem(message, hint, **place)``."""

    source: str
    position: int
    end: int


class SymmatError(Exception):
    """Base of every error that symmat raises for its user's input.

    ``message`` says what is wrong, ``hint`` what to write instead, ``position`` and ``end`` delimit the place in
    ``source``, and ``also`` is a second place, for a clash of shapes.  ``str`` shows the input with a caret.

    >>> print(SyntaxProblem("an operand is missing", "write one after '+'", source="A +", position=2, end=3))
    an operand is missing
      A +
        ^
    hint: write one after '+'
    """

    kind = "error"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        source: str = "",
        position: int | None = None,
        end: int | None = None,
        also: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = printable(message)
        self.hint = printable(hint)
        self.source = source
        self.position = position
        self.end = end if end is not None or position is None else position + 1
        self.also = also

    def __str__(self) -> str:
        lines = [self.message]
        if self.source.strip() and self.position is not None:
            lines += excerpt(self.source, self.position, self.end or self.position + 1, self.also)
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)


class SyntaxProblem(SymmatError):
    """The text does not follow the notation."""

    kind = "syntax"


class NameProblem(SymmatError):
    """A name is unknown, unusable or ambiguous."""

    kind = "name"


class AmbiguousProblem(SymmatError):
    """Two readings are common; the message shows both."""

    kind = "ambiguous"


class ShapeProblem(SymmatError):
    """Sizes do not fit."""

    kind = "shape"


class UnsupportedProblem(SymmatError):
    """A part of the notation, a property or an operation that symmat does not support."""

    kind = "unsupported"


class ValueProblem(SymmatError):
    """A number or an option out of its range, or a value for which the result does not exist."""

    kind = "value"


class LimitProblem(SymmatError):
    """An explicit limit on the size of input or output is passed."""

    kind = "limit"


class RecordProblem(Exception):
    """A mistake in the record of an operation: its author's, and none in what a user wrote."""


def too_deep() -> LimitProblem:
    """What is said where Python's stack ends: no walk recurses with the depth of an expression."""
    limit = sys.getrecursionlimit()
    hint = f"raise it: sys.setrecursionlimit({max(1000, 10 * limit)})"
    return LimitProblem(f"Python's recursion limit of {limit} is too low here", hint)


def printable(text: str) -> str:
    """The text with what no terminal should be sent, such as a control character in a name, written as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def excerpt(source: str, position: int, end: int, also: tuple[int, int] | None, width: int = 72) -> list[str]:
    """The line of ``source`` that holds ``position``, cut to ``width``, over a line of carets."""
    position = min(position, len(source))
    start = source.rfind("\n", 0, position) + 1
    stop = source.find("\n", position)
    line = source[start : len(source) if stop < 0 else stop]
    first = max(0, position - start - width // 2)
    shown = line[first : first + width]
    marks = [" "] * (len(shown) + 1)
    for low, high, mark in [(*also, "~")] if also else []:
        for i in range(low - start - first, max(high, low + 1) - start - first):
            if 0 <= i < len(marks):
                marks[i] = mark
    for i in range(position - start - first, max(end, position + 1) - start - first):
        if 0 <= i < len(marks):
            marks[i] = "^"
    left, right = "… " if first else "", " …" if first + width < len(line) else ""
    printable = "".join(c if c.isprintable() else " " for c in shown)
    return [f"  {left}{printable}{right}".rstrip(), ("  " + " " * len(left) + "".join(marks)).rstrip()]
