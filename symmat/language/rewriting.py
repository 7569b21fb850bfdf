"""What is written while LaTeX is rewritten, and what is open: atoms, brackets, bars, arguments and postfixes."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from symmat.errors import SymmatError, SyntaxProblem
from symmat.language.names import GREEK

COMMAND = re.compile(r"\\([A-Za-z]+|.)\s*", re.S)
BLANKS = re.compile(r"\s*")
POSTFIX = re.compile(r"(?:\s|\\[,!])*[\^_']")
SUBSCRIPT = re.compile(r"\s*_")
LETTERS = {**GREEK, "varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "ell": "l"}
_T = r"\\top|\\intercal|\\(?:mathsf|mathrm|text)\s*\{?T\}?|T|\\prime"
_TURNED = re.compile(rf"\{{?\s*(-?)\s*(?:{_T})\s*\}}?$")


@dataclass
class Frame:
    """Something open: its kind, where it began in the output, and what is written when it closes."""

    kind: str
    start: int
    closing: str = ""
    after: Callable[[], None] | None = None


class Rewriting(ABC):
    """The notation that has been written so far, with the place in the LaTeX of each of its characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.out: list[str] = []
        self.places: list[int] = []
        self.frames: list[Frame] = []
        self.last = 0
        self.operand = False
        self.apart = False
        self.glued = False
        self.side = ""

    @abstractmethod
    def inner(self, text: str) -> str:
        """A piece of LaTeX in the notation."""

    # ------------------------------------------------------------ writing

    def emit(self, text: str, at: int) -> None:
        self.out.extend(text)
        self.places.extend([at] * len(text))

    def atom(self, text: str, at: int, from_command: bool = False) -> None:
        """A name or a number."""
        if (self.apart or from_command) and not self.glued and self.out and self.out[-1].isalnum():
            self.emit(" ", at)
        self.glued, self.apart = False, from_command
        start = len(self.out)
        self.emit(text, at)
        self.done(start)

    def call(self, text: str, at: int) -> None:
        """A whole call as an atom."""
        if self.out and self.out[-1].isalnum():
            self.emit(" ", at)
        start = len(self.out)
        self.emit(text, at)
        self.done(start)

    def done(self, start: int) -> None:
        """An atom is complete, with what is closed by it, unless a postfix follows."""
        self.last, self.operand = start, True
        while self.frames and self.frames[-1].kind in ("single", "factor"):
            frame = self.frames[-1]
            if frame.kind == "factor" and self.followed_by_postfix():
                return
            self.frames.pop()
            self.finish(frame)
            if frame.after is not None:
                return

    def finish(self, frame: Frame) -> None:
        self.emit(frame.closing, self.position - 1)
        self.last, self.operand = frame.start, True
        if frame.after is not None:
            self.operand = False
            frame.after()

    def followed_by_postfix(self) -> bool:
        return POSTFIX.match(self.text, self.position) is not None

    def skip_blanks(self) -> None:
        """Go to what is no blank."""
        found = BLANKS.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def end_term(self) -> None:
        """A sum reaches to the end of its term."""
        while self.frames and self.frames[-1].kind == "sum":
            self.finish(self.frames.pop())

    def inside(self, kind: str) -> bool:
        return bool(self.frames) and self.frames[-1].kind == kind

    def fail(self, problem: type[SymmatError], message: str, at: int, hint: str = "") -> NoReturn:
        raise problem(message, hint, source=self.text, position=at, end=max(self.position, at + 1))

    # ------------------------------------------------------------ brackets

    def open(self, c: str, at: int) -> None:
        if c == "[" and not self.side and self.operand and self.text[at - 1] not in " \n":
            self.frames.append(Frame("[", self.last, "]"))
            self.emit("[", at)
        else:
            self.frames.append(Frame(c, len(self.out), ")"))
            self.emit("(", at)
        self.operand, self.glued, self.side = False, False, ""

    def close(self, c: str, at: int) -> None:
        self.end_term()
        if not self.inside({")": "(", "]": "[", "}": "{"}[c]):
            self.emit({"}": ")"}.get(c, c), at)
            return
        frame = self.frames.pop()
        self.emit(frame.closing, at)
        self.side = ""
        if frame.after is not None:
            self.operand = False
            frame.after()
            return
        self.done(frame.start)

    def argument(self, closing: str, start: int, after: Callable[[], None] | None = None) -> None:
        """What follows, in braces or a single token; then ``closing`` is written, and ``after`` done."""
        self.skip_blanks()
        self.operand = False
        if self.text[self.position : self.position + 1] == "{":
            self.position += 1
            self.frames.append(Frame("{", start, closing, after))
        else:
            self.frames.append(Frame("single", start, closing, after))

    def raw(self) -> str:
        """What follows as it stands, in braces or a single token, without its braces."""
        self.skip_blanks()
        if self.text[self.position : self.position + 1] != "{":
            found = COMMAND.match(self.text, self.position)
            token = found[0].rstrip() if found else self.text[self.position : self.position + 1]
            self.position += len(token)
            return token
        start = self.position
        if start not in self._closings:
            self.fail(SyntaxProblem, "'{' is never closed", start)
        self.position = self._closings[start] + 1
        return self.text[start + 1 : self.position - 1]

    @cached_property
    def _closings(self) -> dict[int, int]:
        """The place of the closing brace of each opening one, found in one pass."""
        found, opened = {}, []
        for place, c in enumerate(self.text):
            if c == "{":
                opened.append(place)
            elif c == "}" and opened:
                found[opened.pop()] = place
        return found

    def bar(self, sign: str, at: int, side: str = "") -> None:
        """A bar closes a like one, if an operand stands before it; else it opens."""
        side = side or self.side
        self.side = ""
        if side != "left" and (side == "right" or self.operand):
            self.end_term()
            if self.inside(sign):
                frame = self.frames.pop()
                self.emit(sign, at)
                subscript = SUBSCRIPT.match(self.text, self.position) if sign == "||" else None
                if subscript:
                    self.position = subscript.end()
                    name = re.sub(r"\\(?:mathrm|mathsf|text|mathbf)|[{}\s]", "", self.raw())
                    self.emit("_" + {"\\infty": "inf", "\\ast": "*"}.get(name, name), at)
                self.done(frame.start)
                return
        self.frames.append(Frame(sign, len(self.out)))
        self.emit(sign, at)
        self.operand = False

    # ------------------------------------------------------------ postfixes

    def postfix(self, c: str, at: int) -> None:
        if c == "'":
            self.emit("'", at)
            self.done(self.last)
            return
        here = self.position
        content = self.raw()
        after, self.position = self.position, here
        if c == "^":
            self.raised(content, at, after)
        else:
            self.lowered(content, at, after)

    def raised(self, content: str, at: int, after: int) -> None:
        turned = _TURNED.match(content.strip())
        if turned:
            self.position = after
            self.emit("^-T" if turned[1] else "'", at)
            self.done(self.last)
        elif content.strip() in ("+", r"\dagger"):
            self.position = after
            self.out[self.last : self.last] = "pinv("
            self.places[self.last : self.last] = [at] * len("pinv(")
            self.emit(")", at)
            self.done(self.last)
        elif content.lstrip().startswith(r"\circ"):
            rest = content.lstrip()[len(r"\circ") :]
            self.position = after
            self.emit(f".^({self.inner(rest)})", at)
            self.done(self.last)
        elif content.strip() in ("*", "H", r"\ast"):
            self.position = after
            self.emit("^*", at)
        else:
            self.emit("^{", at)
            self.argument("}", self.last)

    def lowered(self, content: str, at: int, after: int) -> None:
        """A subscript: an entry in brackets or with a comma, the size of I, else part of the name."""
        last = self.out[-1] if self.out else ""
        if not self.operand:
            self.fail(SyntaxProblem, "a subscript without a letter before it", at)
        if last in ")]" or re.search(r",|:|\\ldots", content):
            self.emit("[", at)
            self.argument("]", self.last)
        elif last == "I" and not (len(self.out) > 1 and self.out[-2].isalnum()):
            self.emit("_{", at)
            self.argument("}", self.last)
        else:
            name = re.sub(r"\\(?:mathrm|mathsf|text|mathbf|mathit)|[{}\s]", "", content)
            for command, letter in LETTERS.items():
                name = name.replace("\\" + command, letter)
            self.position = after
            self.emit(f"_{name}" if len(name) == 1 or name.isdigit() else f"_{{{name}}}", at)
            self.done(self.last)
