r"""LaTeX as authors write it, rewritten to the notation: \frac12 x^\top A x becomes ((1)/(2)) x'A x.

One pass with a stack of what is open: braces and brackets, functions that wait for their one factor, sums that reach to
the end of their term.  Every character that is written remembers where in the LaTeX it comes from, so that errors point
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from symmat.core.operation import Abbreviation, Operation, spelled
from symmat.errors import LimitProblem, NameProblem, SyntaxProblem, UnsupportedProblem
from symmat.language import displays
from symmat.language.commands import (
    ACCENTS,
    ALPHABETS,
    BARS,
    BOLD,
    BRACKETS,
    DELIMITERS,
    LETTERS,
    SIGNS,
    WORDS,
    as_latex,
)
from symmat.language.names import canonical, is_function
from symmat.language.rewriting import COMMAND, Frame
from symmat.language.styles import Styles

_WHERE = re.compile(r"\\text(?:rm)?\s*\{\s*where\s*\}")
_SIGNATURE = re.compile(r"\s*(?:\\left\s*)?\([^()=;]*\)\s*=")
_BASIS = re.compile(r"\s*_\s*\{([^{}]*)\}\s*\^\s*\{\(([^{}]*)\)\}")
_NUMBER = re.compile(r"\d*(\.\d+)?")
_PART = re.compile(r"\.[A-Za-z]+")
_FROBENIUS = re.compile(r"\s*_\s*(?:\{\s*(?:\\(?:mathrm|text|mathsf)\s*)?\{?\s*F\s*\}?\s*\}|F)")
_FACTOR = re.compile(r"\s*\\(?:cdot|times|odot|otimes|oslash|circ)(?![A-Za-z])")
_LAST_ROW = re.compile(r"\s*\\end(?![A-Za-z])")
_STYLED = re.compile(rf"\\({'|'.join([*LETTERS, *BOLD, *WORDS])})(?![A-Za-z])")
DEEPEST = 10


def rewrite(text: str, names: Iterable[str] = ()) -> tuple[str, list[int]]:
    """The text in the notation, and for each of its characters the place that it comes from."""
    rewriter = _Rewriter(displays.plain(text), text, names)
    rewriter.run()
    return "".join(rewriter.out), rewriter.places


class _Rewriter(Styles):
    """The tokens and commands of LaTeX."""

    depth = 0
    item = 0
    defined = False
    signature = -1
    separator = ","

    def inner(self, start: int, end: int) -> str:
        """A piece of the LaTeX in the notation."""
        piece = _Rewriter(self.text[:end], self.source)
        piece.names, piece.words, piece.closings = self.names, self.words, self.closings
        piece.depth = self.depth + 1
        if piece.depth > DEEPEST:
            self.fail(
                LimitProblem,
                f"bounds within bounds are nested more than {DEEPEST} deep",
                start,
                "name one by a definition: k = …",
            )
        piece.part(start, end)
        return "".join(piece.out).strip()

    def run(self) -> None:
        """Results name their definitions last, and the notation first."""
        where = _WHERE.search(self.text)
        if where:
            self.separator = ";"
            self.part(where.end(), len(self.text))
            self.separator = ","
            self.next_item("; ", where.start())
            self.part(0, where.start())
        else:
            self.part(0, len(self.text))

    def part(self, start: int, end: int) -> None:
        """What stands between two places."""
        self.position = start
        while self.position < end:
            self.step()
        self.end_term()
        self.refuse_open()

    def step(self) -> None:
        """One token."""
        at, c = self.position, self.text[self.position]
        if c == " ":
            self.position += 1
            if len(self.out) > self.item:
                self.emit(" ", at)
            return
        self.before, self.bare = self.bare, None
        if c == "\\":
            found = COMMAND.match(self.source, at)  # blanks after a command mean nothing, and a space that is set does
            if found is None:
                self.fail(SyntaxProblem, "a lone backslash", at)
            self.position = found.end() if len(found[1]) > 1 else at + 2
            self.command(found[1], at)
            return
        self.position += 1
        if c == "{":
            self.brace(at)
        elif c in "([":
            self.open(c, at)
        elif c in ")]}":
            self.close(c, at)
        elif c in "^_'":
            self.postfix(c, at)
        elif c == "|":
            self.bar("|", at)
        elif c in "+-=,;\n":
            self.mark_of(c, at)
        elif c == "&":
            self.column(at)
        elif c == "." and self.operand and self.text[self.position : self.position + 1].isalpha():
            part = _PART.match(self.text, at)
            self.position = part.end() if part else self.position
            self.emit(part[0] if part else ".", at)
        elif c.isdigit():
            number = _NUMBER.match(self.text, self.position)
            alone = self.inside("single")  # \frac12 takes a digit each
            self.position = number.end() if number and not alone else self.position
            self.atom(self.text[at : self.position], at)
        elif c.isalpha():
            self.letter(c, at)
        else:
            self.emit(c, at)
            self.operand = False

    def mark_of(self, c: str, at: int) -> None:
        """A sign between terms, arguments or items."""
        if c == "\n" and self.goes_on():
            self.emit(" ", at)
            return
        self.end_term()
        if self.inside("factor") or (self.inside("single") and c not in "+-"):
            name = self.frames[-1].name
            shown = as_latex(name) if name else "it"
            self.fail(SyntaxProblem, f"an argument is missing before '{c}'", at, f"write {shown}(x)" if name else "")
        self.operand = False
        if self.frames:
            self.emit(c, at)
        elif c in ";\n" or (c == "," and self.separator == ";"):
            self.next_item(self.separator if c == "," else c, at)
        else:
            if c == "=" and not self.defined:
                self.know(canonical("".join(self.out[self.item :]).strip()))
                self.defined = True
            self.emit(c, at)

    def goes_on(self) -> bool:
        """Whether a row ends inside of brackets or of a product, so that no item and no sum ends with it."""
        bracket = any(frame.kind not in ("sum", "factor", "single") for frame in self.frames)
        return bracket or (bool(self.frames) and _FACTOR.match(self.text, self.position) is not None)

    def next_item(self, text: str, at: int) -> None:
        """What separates items; what is before it is a definition."""
        if self.signature >= 0:
            hint = "write f = … for a definition, and its argument nowhere"
            self.fail(UnsupportedProblem, "a function of one's own is not part of the notation", self.signature, hint)
        self.emit(text, at)
        self.item, self.defined, self.operand = len(self.out), False, False

    def letter(self, c: str, at: int) -> None:
        unit = _BASIS.match(self.text, self.position) if c == "e" else None
        named = self.function_in_subscript() if c in "LK" else ""
        if unit:
            self.position = unit.end()
            self.call(f"basis({unit[1]}, {unit[2]})", at)
        elif named:
            self.function_with(f"frechet({named}, ", at)
        elif c == "d" and _STYLED.match(self.text, self.position) and "d" not in self.names:
            self.differential(at, closed_up=True)
        else:
            first = len(self.out) == self.item
            self.atom(c, at)
            signature = _SIGNATURE.match(self.text, self.position) if first else None
            if signature:  # f(X) = … gives the name f
                self.position, self.signature = signature.end() - 1, at

    # ------------------------------------------------------------ commands

    def command(self, name: str, at: int) -> None:
        if name in LETTERS:
            self.atom(LETTERS[name], at, from_command=True)
        elif name in DELIMITERS:
            self.delimiter(DELIMITERS[name])
        elif name in BARS:
            sign, side = BARS[name]
            self.bar(sign, at, side)
        elif name in BRACKETS:
            (self.open if BRACKETS[name] in "([" else self.close)(BRACKETS[name], at)
        elif name in SIGNS:
            self.emit(", " if name == "times" and self.inside("sizes") else SIGNS[name], at)
            self.operand = False
        elif name in WORDS or name in BOLD:
            self.style(name, at)
        elif name in ALPHABETS:
            self.alphabet(name, self.raw().strip(), at)
        elif name in ACCENTS:
            self.refuse_accent(name, at)
        elif name in ("frac", "dfrac", "tfrac"):
            self.fraction(at)
        elif name == "sqrt":
            self.root(at)
        elif name == "sum":
            self.sum(at)
        elif name in ("begin", "end"):
            self.environment(name, at)
        elif name == "\\":
            self.row(at)
        elif name == "langle":
            self.side = ""
            self.frames.append(Frame("angle", len(self.out)))
            self.emit("dot(", at)
            self.operand = False
        elif name == "rangle" and self.inside("angle"):
            frame = self.frames.pop()
            self.side = ""
            self.emit(")", at)
            found = _FROBENIUS.match(self.text, self.position)
            self.position = found.end() if found else self.position
            self.done(frame.start)
        elif meanings := spelled(f"\\{name}"):
            self.meant(meanings[0], at)
        elif is_function(name):
            self.fail(NameProblem, f"\\{name} is not a command of LaTeX", at, f"write \\operatorname{{{name}}}")
        else:
            self.position = at + len(name) + 1
            self.fail(NameProblem, f"the LaTeX command \\{name} is not known", at)

    def meant(self, record: Operation | Abbreviation, at: int) -> None:
        """A command that a record has: a sign, or a function."""
        if isinstance(record, Operation) and record.infix:
            self.emit(f" {record.infix} ", at)
            self.operand = False
        else:
            self.function(record.spelling, at)

    def delimiter(self, side: str) -> None:
        """``\\left`` and its like say that a delimiter opens or closes."""
        self.side = side
        if self.text[self.position : self.position + 1] == ".":
            self.position += 1
            self.side = ""
        elif self.text[self.position : self.position + 1] == "|":
            self.position += 1
            self.bar("|", self.position - 1)

    # ------------------------------------------------------------ matrices

    def environment(self, name: str, at: int) -> None:
        kind = self.raw().strip().rstrip("*")
        if not displays.MATRIX.fullmatch(kind):
            hint = r"a matrix is \begin{bmatrix} A & B \\ C & D \end{bmatrix}"
            self.fail(NameProblem, f"the environment {kind} is not known", at, hint)
        if kind == "Vmatrix":
            self.fail(NameProblem, "double bars around a matrix", at, r"write \|X\| for the norm, or \det(X)")
        if name == "begin":
            self.refuse_bare()
            self.separate(at)
            determinant = kind == "vmatrix"
            self.frames.append(Frame("matrix", len(self.out), ")])" if determinant else ")]", name=kind))
            self.emit("det([(" if determinant else "[(", at)
            self.operand, self.side = False, ""
        else:
            frame = self.matrix(at)
            if frame.name != kind:
                self.fail(SyntaxProblem, f"{frame.name} is closed by {kind}", at)
            self.frames.pop()
            self.emit(frame.closing, at)
            self.done(frame.start)

    def matrix(self, at: int) -> Frame:
        """The matrix whose entry ends here."""
        self.end_term()
        if not self.inside("matrix"):
            shown = self.source[at : self.position].strip()
            self.fail(SyntaxProblem, f"'{shown}' has no place here", at, "it stands between the entries of a matrix")
        return self.frames[-1]

    def column(self, at: int) -> None:
        self.matrix(at)
        self.emit("), (", at)
        self.operand = False

    def row(self, at: int) -> None:
        self.matrix(at)
        if not _LAST_ROW.match(self.text, self.position):
            self.emit("); (", at)
            self.operand = False
