r"""What takes what follows, in LaTeX: functions, fractions, roots, sums, differentials and fixed matrices."""

from __future__ import annotations

import re
from abc import abstractmethod

from symmat.errors import SyntaxProblem, UnsupportedProblem
from symmat.language.commands import SUBSCRIBED, as_latex
from symmat.language.names import is_function
from symmat.language.rewriting import Frame
from symmat.language.scripts import Scripts
from symmat.operations.matrix_functions import FRECHET

OPENING = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?(\(|\[|\\\{|\\lbrace(?![A-Za-z]))")
SUBSCRIPT = re.compile(r"\s*_\s*")
_POWER = re.compile(r"\s*\^\s*(?:\{\s*([0-9A-Za-z]+)\s*\}|([0-9A-Za-z]))")
_ENTRYWISE = re.compile(r"\s*_\s*\{\\odot\}")
_DET = re.compile(r"\s*\\det(?![A-Za-z])\s*")
_SCRIPT = re.compile(r"\s*([_^])\s*")
_ORDER = re.compile(r"\s*\^\s*\{?\s*([1-9])\s*\}?")
_NAMED = re.compile(r"\\operatorname\{(\w+)\}")


class Operators(Scripts):
    """The calls that are written, and the arguments that they wait for."""

    @abstractmethod
    def inner(self, start: int, end: int) -> str:
        """A piece of the LaTeX in the notation."""

    def function(self, word: str, at: int) -> None:
        """A function takes what is in parentheses, or else one factor with its postfixes."""
        dotted = _ENTRYWISE.match(self.text, self.position)
        if dotted:
            self.position = dotted.end()
            word += "."
        det = _DET.match(self.text, self.position) if word == "log" else None
        if det:
            self.position = det.end()
            word = "logdet"
        power = self.power(word, at)
        self.separate(at)
        start = len(self.out)
        self.emit(word, at)
        self.glued = self.apart = False
        opening = OPENING.match(self.text, self.position)
        if opening:
            self.position = opening.end()
            self.emit("(", self.position - 1)
            self.frames.append(Frame("[" if opening[1] == "[" else "(", start, ")" + power))
        else:
            self.emit("(", at)
            self.skip_blanks()
            self.frames.append(Frame("factor", start, ")" + power, name=word, at=self.position))
        self.operand, self.side = False, ""

    def power(self, word: str, at: int) -> str:
        r"""The 2 of ``\sin^2 x``."""
        following = self.text[self.position : self.position + 1]
        if following == "_":
            hint = SUBSCRIBED.get(word, f"write {as_latex(word)}(…)")
            self.fail(UnsupportedProblem, f"{as_latex(word)} with a subscript is not part of the notation", at, hint)
        if _SCRIPT.match(self.text, self.position) is None:
            return ""
        found = _POWER.match(self.text, self.position)
        if found is None:
            self.position += 1
            arc = f"\\arc{word}(x) or " if is_function(f"arc{word}") else ""
            hint = f"write {arc}{as_latex(word)}(x)^{{-1}}"
            self.fail(SyntaxProblem, f"{as_latex(word)} is raised to a number such as 2 only", at, hint)
        self.position = found.end()
        return f"^{{{found[1] or found[2]}}}"

    def fraction(self, at: int) -> None:
        self.separate(at)
        start = len(self.out)
        self.emit("((", at)

        def below() -> None:
            self.emit("/(", self.position - 1)
            self.argument("))", start)

        self.argument(")", start, below)

    def root(self, at: int) -> None:
        degree = ""
        if self.text[self.position : self.position + 1] == "[":
            end = self.text.find("]", self.position)
            if end < 0:
                self.fail(SyntaxProblem, "'[' is never closed", self.position)
            degree, self.position = self.text[self.position + 1 : end], end + 1
        self.separate(at)
        start = len(self.out)
        self.emit("(" if degree else "sqrt(", at)
        self.argument(f")^(1/{degree})" if degree else ")", start)

    def sum(self, at: int) -> None:
        bounds: dict[str, tuple[int, int]] = {}
        while (mark := _SCRIPT.match(self.text, self.position)) and mark[1] not in bounds:
            self.position = mark.end()
            bounds[mark[1]] = self.span()
        if "_" not in bounds:
            self.fail(SyntaxProblem, "a sum needs its index", at, r"write \sum_{i=0}^{k-1}")
        start, end = bounds["_"]
        equals = self.text.find("=", start, end)
        if "^" not in bounds or equals < 0:
            self.fail(SyntaxProblem, "a sum needs both of its bounds", at, r"write \sum_{i=0}^{k-1}")
        index, first, last = self.inner(start, equals), self.inner(equals + 1, end), self.inner(*bounds["^"])
        self.separate(at)
        begin = len(self.out)
        self.emit(f"sum({index} = {first}..{last}, ", at)
        self.frames.append(Frame("sum", begin, ")"))
        self.operand = False

    def constant(self, word: str, digit: str, at: int) -> None:
        r"""``\mathbf{1}_{m \times n}``."""
        found = SUBSCRIPT.match(self.text, self.position)
        if found is None:
            self.atom(digit, at, from_command=True)
            return
        self.position = found.end()
        self.fixed(word, "sizes", at)

    def fixed(self, word: str, kind: str, at: int) -> None:
        """A fixed matrix: its sizes follow."""
        self.separate(at)
        start = len(self.out)
        self.emit(f"{word}(", at)
        self.argument(")", start)
        if self.inside("{"):
            self.frames[-1].kind = kind

    def differential(self, at: int, closed_up: bool = False) -> None:
        r"""``\mathrm{d}`` or ``\mathrm{d}^{2}``, whatever stands between it and its X."""
        self.refuse_bare()
        if not closed_up:
            self.separate(at)
        order = _ORDER.match(self.text, self.position)
        if order:
            self.position = order.end()
        self.emit("d" * int(order[1] if order else 1), at)
        self.glued, self.apart, self.operand = True, False, False
        self.skip_blanks()

    def function_in_subscript(self) -> str:
        r"""expm of ``L_{\operatorname{expm}}``, or the exponent of ``L_{x^{\alpha}}``; else nothing is read."""
        here = self.position
        if self.text[here : here + 1] != "_":
            return ""
        self.position += 1
        start, end = self.span()
        named = _NAMED.fullmatch(self.text, start, end)
        if named and named[1] in FRECHET:
            return named[1]
        if self.text.startswith("x^", start, end):
            return f"({self.inner(start + len('x^'), end)})"
        self.position = here
        return ""

    def function_with(self, opening: str, at: int) -> None:
        """A function whose first argument stands in its subscript: the parentheses that follow hold the others."""
        self.separate(at)
        start = len(self.out)
        self.emit(opening, at)
        found = OPENING.match(self.text, self.position)
        if found is None:
            self.fail(SyntaxProblem, "a Fréchet derivative needs parentheses", at)
        self.position = found.end()
        self.frames.append(Frame("(", start, ")"))
