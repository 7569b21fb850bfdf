"""Brackets and bars: what opens and closes them, and what is inside: arguments, entries, blocks, norms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from lark import Token

from symmat.errors import AmbiguousProblem, SymmatError, SyntaxProblem

_SUBSCRIPT = re.compile(r"_(?:\{\s*([^{}]*?)\s*\}|(inf|[0-9]+|[A-Za-z∞*]))")
_BRACKETS = {"(": "LPAR", ")": "RPAR", "{": "LBRACE", "}": "RBRACE", "]": "RBRACKET"}
_PARTNERS = {")": "(", "}": "{", "]": "["}
OPERANDS = frozenset((
    "NUMBER", "SYMBOL", "BOUND", "DIFFERENTIAL", "IDENTITY", "NAMED", "RPAR", "RBRACE", "RBRACKET", "PRIME", "RAISED",
    "NORMCLOSE", "ABSCLOSE", "PART",
))  # fmt: skip


@dataclass
class Bracket:
    """An open bracket or bar, and the indices that are bound in it.

    ``kind`` is ``entry`` or ``block`` of a square one, ``frechet`` of the parentheses of that function; ``blanks`` says
    that in the row at hand of a block matrix blanks separate the blocks.
    """

    char: str
    position: int
    bound: tuple[str, ...] = ()
    index: str = ""
    kind: str = ""
    blanks: bool = False


class Brackets:
    """The tokens so far, and the brackets and bars that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.brackets: list[Bracket] = []
        self.position = 0

    def _bracket(self, found: re.Match[str]) -> None:
        """``[`` closed up to an operand is for entries, else it opens a matrix of blocks."""
        c, at = found[0], found.start()
        if c == "]":
            self._close(found)
            return
        operand = bool(self.tokens) and self.tokens[-1].type in OPERANDS and not self._spaced(found)
        bound = self.brackets[-1].bound if self.brackets else ()
        kind = "entry" if operand else "block"
        self.brackets.append(Bracket(c, at, bound, kind=kind, blanks=not operand and self._row_of_blanks(at + 1)))
        self._add("LENTRY" if operand else "LBLOCK", c, at, at + 1)

    def _row_of_blanks(self, start: int) -> bool:
        """Whether the row of blocks that begins here has no comma, so that its blanks separate."""
        return start not in self._rows_of_commas

    @cached_property
    def _rows_of_commas(self) -> frozenset[int]:
        """Where the rows begin whose first separator is a comma, found in one pass."""
        found, starts = set(), [-1]
        for place, c in enumerate(self.text):
            if c in "([{":
                starts.append(place + 1)
            elif c in ")]}":
                starts[-1:] = [] if len(starts) > 1 else [-1]
            elif c == ";":
                starts[-1] = place + 1
            elif c == ",":
                found.add(starts[-1])
        return frozenset(found)

    def _bar(self, found: re.Match[str]) -> None:
        """A bar closes the innermost bracket, if that is a like bar and an operand stands before it; else it opens."""
        c, at, end = found[0].replace("‖", "||"), found.start(), found.end()
        operand = bool(self.tokens) and self.tokens[-1].type in OPERANDS
        opened = self.brackets[-1] if self.brackets else None
        if found[0] == "||" and opened is not None and opened.char == "|" and operand and not self._spaced(found):
            c, end = "|", at + 1  # two bars of absolute values: |λ||μ|
        if opened is not None and opened.char == c and operand:
            self.brackets.pop()
            subscript = _SUBSCRIPT.match(self.text, end) if c == "||" else None
            value = (subscript[1] or subscript[2]) if subscript else ""
            self.position = subscript.end() if subscript else end
            self._add("NORMCLOSE" if c == "||" else "ABSCLOSE", value, at, self.position)
            return
        if opened is not None and opened.char == c:
            hint = f"write parentheses between bars: {c}a ({c}b{c}){c}"
            self._fail(AmbiguousProblem, "a bar directly inside like bars", at, end, hint)
        self.brackets.append(Bracket(c, at, opened.bound if opened else ()))
        self._add("NORMOPEN" if c == "||" else "ABSOPEN", c, at, end)

    def _part(self, found: re.Match[str]) -> None:
        """``lu(X).L``: a part of a factorisation, closed up to its parentheses."""
        if not (self.tokens and self.tokens[-1].type == "RPAR" and not self._spaced(found)):
            at, end = found.span()
            self._fail(SyntaxProblem, f"'{found[0]}' has no meaning here", at, end, "X.T is the transpose of X")
        self._add("PART", found[0], found.start(), found.end())

    def _open(self, found: re.Match[str]) -> None:
        bound = self.brackets[-1].bound if self.brackets else ()
        self.brackets.append(Bracket(found[0], found.start(), bound))
        self._add(_BRACKETS[found[0]], found[0], found.start(), found.end())

    def _close(self, found: re.Match[str]) -> None:
        c, at = found[0], found.start()
        if not self.brackets:
            self._fail(SyntaxProblem, f"'{c}' closes nothing", at, hint="remove it, or open the bracket")
        opened = self.brackets.pop()
        if opened.char != _PARTNERS[c]:
            raise SyntaxProblem(
                f"'{opened.char}' is closed by '{c}'",
                source=self.text,
                position=at,
                also=(opened.position, opened.position + 1),
            )
        self._add(_BRACKETS[c], c, at, at + 1)

    def _spaced(self, found: re.Match[str]) -> bool:
        return bool(self.tokens) and self.tokens[-1].end_pos != found.start()

    def _add(self, kind: str, value: str, start: int, end: int) -> None:
        self.tokens.append(Token(kind, value, start, end_pos=end))

    def _fail(
        self, problem: type[SymmatError], message: str, start: int, end: int | None = None, hint: str = ""
    ) -> NoReturn:
        raise problem(message, hint, source=self.text, position=start, end=end)


def closing(text: str, opened: int) -> int:
    """The end of the bracket that is opened at a place; 0 where it is never closed."""
    depth = 0
    for place in range(opened, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if not depth:
            return place + 1
    return 0
