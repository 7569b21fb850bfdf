"""What is written while LaTeX is rewritten, and what is open: atoms, brackets, bars and arguments."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from symmat.errors import AmbiguousProblem, SymmatError, SyntaxProblem
from symmat.language.names import FUNCTION_LETTERS

COMMAND = re.compile(r"\\([A-Za-z]+|.)\s*", re.S)
BLANKS = re.compile(r"\s*")
_BRACE = re.compile(r"\\.|[{}]", re.S)
_SUBSCRIPT = re.compile(r"(?:_.*|\d+)$")
_POSTFIX = re.compile(r"\s*[\^_']")
_SCRIPT = re.compile(r"\s*[\^_]")
_PARENTHESIS = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?\(")
_TERM = re.compile(r"\\\\|\\.|[({\[]|[)}\]]|[-+=,;&|\n]", re.S)
_NEED_PARENTHESES = frozenset(("tr", "det", "logdet"))
"""Of what follows without parentheses these take one factor here, and the whole product on paper."""


@dataclass
class Frame:
    """Something open: its kind, where it began in the output, and what is written when it closes.

    ``name`` is the function that waits for its factor, and ``at`` the place of that, or of a brace; ``resume`` is where
    reading goes on, after a subscript that was read before its superscript.
    """

    kind: str
    start: int
    closing: str = ""
    after: Callable[[], None] | None = None
    name: str = ""
    at: int = 0
    resume: int = 0


class Rewriting(ABC):
    """The notation that has been written so far, with the place in the LaTeX of each of its characters.

    ``text`` is one for one the ``source`` without what only sets it; ``names`` are those declared or defined.
    ``apart`` says that the next letter is not to be closed up, ``glued`` that it is to be: the X of a dX.
    """

    def __init__(self, text: str, source: str, names: Iterable[str] = ()) -> None:
        self.text = text
        self.source = source
        self.names: set[str] = set()
        self.words: set[str] = set()
        for name in names:
            self.know(name)
        self.position = 0
        self.out: list[str] = []
        self.places: list[int] = []
        self.frames: list[Frame] = []
        self.last = 0
        self.operand = False
        self.apart = False
        self.glued = False
        self.side = ""
        self.bare: Frame | None = None
        self.before: Frame | None = None

    @abstractmethod
    def postfix(self, c: str, at: int) -> None:
        """A prime, a superscript or a subscript."""

    def know(self, name: str) -> None:
        """A name that is declared or defined, and its word without a subscript."""
        self.names.add(name)
        self.words.add(_SUBSCRIPT.sub("", name))

    # ------------------------------------------------------------ writing

    def emit(self, text: str, at: int) -> None:
        self.out.extend(text)
        self.places.extend([at] * len(text))

    def separate(self, at: int) -> None:
        """A word that follows is not closed up to what stands before."""
        if self.out and (self.out[-1].isalnum() or self.out[-1] in ")'"):
            self.emit(" ", at)

    def atom(self, text: str, at: int, from_command: bool = False) -> None:
        """A name or a number."""
        self.refuse_bare()
        if (self.apart or from_command) and not self.glued and self.out and self.out[-1].isalnum():
            self.emit(" ", at)
        start = self.last = len(self.out)
        glued, self.glued, self.apart = self.glued, False, from_command
        self.emit(text, at)
        if not glued and self.is_unknown_function():
            self.skip_blanks()
        self.done(start)

    def call(self, text: str, at: int) -> None:
        """A whole call as an atom."""
        self.separate(at)
        start = len(self.out)
        self.emit(text, at)
        self.done(start)

    def done(self, start: int) -> None:
        """An atom is complete, with what is closed by it, unless a postfix follows."""
        self.last, self.operand = start, True
        while self.frames and self.frames[-1].kind in ("single", "factor"):
            frame = self.frames[-1]
            if frame.kind == "factor" and (_POSTFIX.match(self.text, self.position) or self.is_unknown_function()):
                return
            self.frames.pop()
            self.finish(frame)
            if frame.after is not None:
                return

    def finish(self, frame: Frame) -> None:
        self.emit(frame.closing, self.position - 1)
        self.position = max(self.position, frame.resume)
        self.last, self.operand = frame.start, True
        if frame.name in _NEED_PARENTHESES:
            frame.resume, self.bare = self.position, frame
        if frame.after is not None:
            self.operand = False
            frame.after()

    def is_unknown_function(self) -> bool:
        """Whether the last atom is an f or a σ before parentheses, which is no factor: the reader refuses it."""
        name = self.out[-1] if len(self.out) - self.last == 1 else ""
        known = name not in FUNCTION_LETTERS or name in self.names
        return not known and _PARENTHESIS.match(self.source, self.position) is not None

    def end_term(self) -> None:
        """A sum reaches to the end of its term."""
        while self.frames and self.frames[-1].kind == "sum":
            self.finish(self.frames.pop())

    def inside(self, kind: str) -> bool:
        return bool(self.frames) and self.frames[-1].kind == kind

    def fail(self, problem: type[SymmatError], message: str, at: int, hint: str = "") -> NoReturn:
        raise problem(message, hint, source=self.source, position=at, end=max(self.position, at + 1))

    def refuse_open(self) -> None:
        """What is open where the text ends."""
        if not self.frames:
            return
        frame = self.frames[-1]
        at = frame.at if frame.kind == "{" else self.places[min(frame.start, len(self.places) - 1)]
        if frame.kind in ("factor", "single"):
            self.fail(SyntaxProblem, "an argument is missing at the end", at)
        command = COMMAND.match(self.source, at)
        self.position = at + len(command[0].rstrip() if command else "(")
        self.fail(SyntaxProblem, f"'{self.source[at : self.position]}' is never closed", at)

    def refuse_bare(self) -> None:
        """A further factor after ``\\det X`` without parentheses."""
        if self.before is None:
            return
        start, at = self.places[self.before.start], self.before.at
        rest = self.position = self.term_end(at)
        head, whole = self.source[start:at].strip(), self.source[at:rest].strip()
        factor = self.source[at : self.before.resume].strip()
        other = self.source[self.before.resume : rest].strip()
        hint = f"write {head}({whole}) or {head}({factor}) {other}"
        self.fail(AmbiguousProblem, f"{head} {whole} has two readings", start, hint)

    def term_end(self, start: int) -> int:
        """Where a term ends that begins at a place: at a sign, or where its bracket closes."""
        depth = 0
        for found in _TERM.finditer(self.text, start):
            c = found[0]
            if c in "([{":
                depth += 1
            elif c in ")]}":
                depth -= 1
            if depth < 0 or (not depth and c in ("\\\\", *"-+=,;&|\n")):
                return found.start()
        return len(self.text.rstrip())

    # ------------------------------------------------------------ brackets

    def open(self, c: str, at: int) -> None:
        self.refuse_bare()
        if c == "[" and not self.side and self.operand and not self.text[at - 1].isspace():
            self.frames.append(Frame("[", self.last, "]"))
            self.emit("[", at)
        else:
            self.frames.append(Frame("group" if c == "{" else c, len(self.out), ")", name="d" * self.glued))
            self.emit("(", at)
        self.operand, self.glued, self.side = False, False, ""

    def close(self, c: str, at: int) -> None:
        self.end_term()
        kinds = {")": ("(",), "]": ("[",), "}": ("{", "group", "sizes")}[c]
        if not self.frames or self.frames[-1].kind not in kinds:
            pending = bool(self.frames) and self.frames[-1].kind in ("single", "factor")
            shown = self.source[at : self.position]
            message = f"an argument is missing before '{shown}'" if pending else f"'{shown}' closes nothing"
            self.fail(SyntaxProblem, message, at)
        frame = self.frames.pop()
        self.side = ""
        if frame.kind == "group":
            self.close_group(frame, at)
            return
        self.emit(frame.closing, at)
        self.position = max(self.position, frame.resume)
        if frame.after is not None:
            self.operand = False
            frame.after()
            return
        self.done(frame.start)

    def close_group(self, frame: Frame, at: int) -> None:
        """Braces do not show: around one factor they mean nothing, and no postfix can stand on more than that."""
        start = frame.start
        if self.operand and self.last == start + 1:
            closed_up = frame.name or not start or not self.out[start - 1].isalnum()
            self.out[start : start + 1], self.places[start : start + 1] = ([], []) if closed_up else ([" "], [at])
            self.apart = True
            self.done(start if closed_up else start + 1)
            return
        if _SCRIPT.match(self.text, self.position):
            inner = self.source[self.places[start] + 1 : at].strip()
            self.position += 1
            hint = rf"write \left({inner}\right), or leave out the braces"
            self.fail(AmbiguousProblem, "braces do not show: on paper this stands on the last factor", at, hint)
        self.emit(")", at)
        self.done(start)

    def argument(self, closing: str, start: int, after: Callable[[], None] | None = None, resume: int = 0) -> None:
        """What follows, in braces or a single token; then ``closing`` is written, and ``after`` done."""
        self.skip_blanks()
        self.operand = False
        braces = self.text[self.position : self.position + 1] == "{"
        self.position += braces
        at = self.position - braces
        self.frames.append(Frame("{" if braces else "single", start, closing, after, at=at, resume=resume))

    def skip_blanks(self) -> None:
        """Go to what is no blank."""
        found = BLANKS.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def span(self) -> tuple[int, int]:
        """Where what follows stands, in braces or a single token, without its braces; reading goes on after it."""
        self.skip_blanks()
        start = self.position
        if self.text[start : start + 1] != "{":
            found = COMMAND.match(self.text, start)
            self.position += len(found[0].rstrip()) if found else 1
            return start, min(self.position, len(self.text))
        if start not in self.closings:
            self.fail(SyntaxProblem, "'{' is never closed", start)
        self.position = self.closings[start] + 1
        return start + 1, self.position - 1

    def raw(self) -> str:
        """What follows as it stands, in braces or a single token, without its braces."""
        start, end = self.span()
        return self.text[start:end]

    @cached_property
    def closings(self) -> dict[int, int]:
        """The place of the closing brace of each opening one, found in one pass."""
        found, opened = {}, []
        for brace in _BRACE.finditer(self.text):
            if brace[0] == "{":
                opened.append(brace.start())
            elif brace[0] == "}" and opened:
                found[opened.pop()] = brace.start()
        return found

    def bar(self, sign: str, at: int, side: str = "") -> None:
        """A bar closes a like one, if an operand stands before it; else it opens."""
        side = side or self.side
        self.side = ""
        if side != "left" and (side == "right" or self.operand):
            self.end_term()
            if self.inside(sign):
                frame = self.frames.pop()
                self.emit(" " * (self.out[-1] == "|") + sign, at)
                self.done(frame.start)
                return
        if self.out and self.out[-1] == "|":  # |c| ||x|| is not |c|||x||
            self.emit(" ", at)
        self.frames.append(Frame(sign, len(self.out)))
        self.emit(sign, at)
        self.operand = False
