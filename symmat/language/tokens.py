"""The tokens of a text so far, and the decisions that rest on what stands before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from lark import Token

from symmat.errors import AmbiguousProblem, Place, SyntaxProblem, UnsupportedProblem

CLOSING = {"RPAR": "(", "RBRACE": "{"}
OPERATORS = frozenset(
    {"PLUS", "MINUS", "TIMES", "SLASH", "BACKSLASH", "KRON", "TIGHT", "CARET", "COMMA", "EQUALS", "RANGE"}
)
RESET = frozenset({"PLUS", "MINUS", "TIMES", "BACKSLASH", "KRON", "COMMA", "EQUALS", "RANGE", "SEMI"})
ENDS = frozenset({"NUMBER", "SYMBOL", "DIFFERENTIAL", "IDENTITY", "RPAR", "RBRACE", "PRIME", "RAISED"})
CONJUGATE = re.compile(r"\^\s*\{?\s*([H*†])(?![A-Za-z(])")
FACTOR = re.compile(r"[^\s+\-*/;,)\]]*")


class Tokens:
    """One text and its tokens; ``known`` maps declared and defined names to their kind."""

    def __init__(self, text: str, declared: Mapping[str, str]) -> None:
        self.text = text
        self.known = dict(declared)
        self.defined: set[str] = set()
        self.tokens: list[Token] = []
        self.brackets: list[tuple[str, int]] = []
        self.divided: list[Token | None] = [None]
        self.spaced = True
        self.position = 0

    def _closed_up(self, *kinds: str) -> bool:
        return bool(self.tokens) and not self.spaced and self.tokens[-1].type in kinds

    def _exponent_just_ended(self) -> bool:
        """Whether the last token is an exponent without brackets, as the 2 of X^2."""
        tokens = self.tokens
        if len(tokens) > 1 and tokens[-1].type in ("NUMBER", "SYMBOL"):
            return tokens[-2].type == "CARET" or (
                len(tokens) > 2 and tokens[-2].type == "MINUS" and tokens[-3].type == "CARET"
            )
        return False

    def _one_exponent(self, at: int) -> None:
        if self._exponent_just_ended():
            shown = self.text[max(0, at - 6) : at]
            base, _, exponent = shown.rpartition("^")
            rest = self.text[at + 1 : at + 2] or "3"
            raise AmbiguousProblem(
                "a power of a power is read both ways",
                f"write ({base.strip()}^{exponent})^{rest} or {base.strip()}^({exponent}^{rest})",
                **self._place(at),
            )

    def _real_only(self, at: int) -> None:
        """Matrices are real: there is no conjugate transpose."""
        mark = CONJUGATE.match(self.text, at)
        if mark and mark[1] not in self.known:
            raise UnsupportedProblem(
                f"^{mark[1]} is a complex transpose, and everything here is real",
                "write X' for the transpose",
                **self._place(at, mark.end()),
            )

    def _factor(self, at: int) -> None:
        """A factor begins: not closed up to an exponent or a divisor, nor anyhow after a spaced slash."""
        tokens = self.tokens
        if not tokens or tokens[-1].type not in ENDS:
            if tokens and tokens[-1].type in ("SLASH", "TIGHT"):
                self.divided[-1] = tokens[-1]
            elif not (tokens and (tokens[-1].type == "CARET" or (len(tokens) > 1 and tokens[-2].type == "CARET"))):
                self.divided[-1] = None
            return
        if not self.spaced and self._exponent_just_ended():
            base = self.text[: tokens[-1].start_pos].rstrip("^-")[-1:]
            exponent, rest = tokens[-1].value, self._factor_text(at)
            raise AmbiguousProblem(
                "a factor directly after an exponent is read both ways",
                f"write {base}^{exponent} {rest} or {base}^({exponent} {rest})",
                **self._place(at),
            )
        slash = self.divided[-1]
        if slash is not None and (slash.type == "SLASH" or not self.spaced):
            over = (self.text[: slash.start_pos].split() or ["a"])[-1]
            under, prime, rest = self.text[slash.end_pos : at].strip(), "'", self._factor_text(at)
            raise AmbiguousProblem(
                "a factor after a divisor is read both ways",
                f"write {over}/({under}{' ' * (under[-1:] != prime)}{rest}) or ({over}/{under}) {rest}",
                **self._place(at),
            )
        self.divided[-1] = None

    def _factor_text(self, at: int) -> str:
        """The factor that begins here, for a message."""
        found = FACTOR.match(self.text, at)
        return found[0] if found and found[0] else self.text[at]

    def _open(self, c: str, at: int) -> None:
        self.brackets.append((c, at))
        self.divided.append(None)

    def _close(self, kind: str, c: str, at: int) -> None:
        if not self.brackets:
            self._fail(f"'{c}' closes nothing", "remove it, or open the bracket", at)
        bracket, opened = self.brackets.pop()
        self.divided.pop()
        if bracket != CLOSING[kind]:
            raise SyntaxProblem(f"'{c}' closes '{bracket}'", also=(opened, opened + 1), **self._place(at))

    def _add(self, kind: str, value: str, at: int, length: int = 0) -> None:
        if kind in RESET:
            self.divided[-1] = None
        self.tokens.append(Token(kind, value, at, end_pos=at + (length or len(value))))

    def _place(self, at: int, length: int = 1) -> Place:
        return {"source": self.text, "position": at, "end": at + length}

    def _fail(self, message: str, hint: str, at: int, length: int = 1) -> NoReturn:
        raise SyntaxProblem(message, hint, source=self.text, position=at, end=at + length)
