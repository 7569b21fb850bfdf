"""A text, where its pieces stand in it, and the errors that point there."""

from __future__ import annotations

from typing import NoReturn

from symmat.errors import SymmatError

LONGEST_WORDS = 40


class Span:
    """Where a piece of a text begins and ends."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class Source:
    """The text that is read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def words(self, piece: Span) -> str:
        """A piece of the text, for a message."""
        end = min(piece.end, piece.start + 10 * LONGEST_WORDS)
        text = self.typed(Span(piece.start, end))
        return text if end == piece.end and len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 2] + " …"

    def typed(self, piece: Span) -> str:
        """All of a piece of the text, in one line."""
        return " ".join(self.text[piece.start : piece.end].split())

    def fail(
        self, problem: type[SymmatError], message: str, piece: Span, hint: str = "", also: Span | None = None
    ) -> NoReturn:
        """Raise an error at a piece of the text, and at a second one for a clash of the two."""
        second = (also.start, also.end) if also else None
        raise problem(message, hint, source=self.text, position=piece.start, end=piece.end, also=second)
