"""Superscripts and subscripts of LaTeX: powers and transposes, entries, sizes, and what belongs to a name."""

from __future__ import annotations

import re
from typing import NoReturn

from symmat.core.operation import spelled
from symmat.errors import AmbiguousProblem, NameProblem, SyntaxProblem, UnsupportedProblem
from symmat.language import bars
from symmat.language.commands import ALPHABETS, BOLD, LETTERS, NORMS, OLD, WORDS, word_of
from symmat.language.names import INTEGERS
from symmat.language.rewriting import Frame, Rewriting

_T = r"\\top|\\intercal|\\(?:mathsf|mathrm|text|rm|sf)\s*(?:\{\s*[Tt]\s*\}|T)|T|\\prime|\\mathstrut\\top"
_TURNED = re.compile(rf"\s*(?:\{{\s*(?:(-)\s*1?\s*)?({_T})(?:\s*(-)\s*1)?\s*\}}|({_T})(?![A-Za-z]))")
_EXPONENT = re.compile(rf"[-+\s]*(?:\w|\\(?:{'|'.join(LETTERS)})(?![A-Za-z]))[-+\s\w]*")
_ENTRYWISE = re.compile(r"\s*\{\s*\\circ(?![A-Za-z])")
_H = r"\*|H|\\ast|\\star|\\(?:mathsf|mathrm|text)\s*(?:\{\s*H\s*\}|H)"
_COMPLEX = re.compile(rf"\s*(?:\{{\s*({_H})\s*\}}|({_H})(?![A-Za-z]))")
_LABEL = re.compile(r"\s*\{\s*(\([^(){}]*\)|\[[^\[\]{}]*\]|\\\{[^{}]*\\\})\s*\}")
_DIGITS = re.compile(r"\s*-?\d(\d+)")
_SUBSCRIPT = re.compile(r"\s*_")
_STYLE = re.compile(rf"\\(?:{'|'.join([*WORDS, *BOLD, *OLD, *ALPHABETS])})(?![A-Za-z])|[{{}}\s]")
_COMMANDS = re.compile(r"\\([A-Za-z]+)")
_NAME = re.compile(r"[A-Za-z0-9α-ωΓ-Ω]+")


class Scripts(Rewriting):
    """What stands after an atom, raised or lowered."""

    def postfix(self, c: str, at: int) -> None:
        """In TeX a power before a subscript means the same as after it."""
        if not self.operand:
            mark = {"^": "a superscript", "_": "a subscript"}.get(c, "a prime")
            self.fail(SyntaxProblem, f"{mark} without a letter before it", at)
        self.refuse_digits(c, at)
        if c == "_":
            if self.lowered(at):
                self.done(self.last)
            return
        here = self.position
        if c == "^":
            self.span()
        below = _SUBSCRIPT.match(self.text, self.position)
        resume = 0
        if below:
            self.position = below.end()
            self.refuse_digits("_", below.end() - 1)
            self.lowered(below.end() - 1, raised=True)
            resume = self.position
        self.position = here
        if c == "^":
            self.raised(at, resume)
        else:
            self.mark("'", at, resume)

    def mark(self, text: str, at: int, resume: int) -> None:
        """A postfix that is complete."""
        self.position = max(self.position, resume)
        self.emit(text, at)
        self.done(self.last)

    def wrap(self, word: str, at: int, resume: int) -> None:
        """A postfix that is a function in the notation."""
        self.out[self.last : self.last] = f"{word}("
        self.places[self.last : self.last] = [at] * len(f"{word}(")
        self.mark(")", at, resume)

    def refuse_digits(self, c: str, at: int) -> None:
        r"""``X^10``, which TeX sets as X^1 and a 0."""
        found = _DIGITS.match(self.text, self.position) if c in "^_" else None
        if found:
            base, number = self.base(at), found[0].strip()
            first, rest = number[: -len(found[1])], found[1]
            self.position = found.end()
            hint = rf"write {base}{c}{{{number}}}, or {base}{c}{first} \cdot {rest}"
            self.fail(AmbiguousProblem, f"TeX reads {base}{c}{number} as {base}{c}{first} and {rest}", at, hint)

    def base(self, at: int) -> str:
        """What a script at a place stands on, as typed."""
        return self.source[self.places[self.last] : at].strip()

    # ------------------------------------------------------------ superscripts

    def raised(self, at: int, resume: int) -> None:
        text, here = self.text, self.position
        if turned := _TURNED.match(text, here):
            self.position = turned.end()
            plain = "T" in (turned[2], turned[4]) and "T" in self.names
            self.mark("^T" if plain else "^-T" if turned[1] or turned[3] else "'", at, resume)
        elif word := self.mark_of_record():
            self.wrap(word, at, resume)
        elif entrywise := _ENTRYWISE.match(text, here):
            self.position = entrywise.end()
            self.emit(".^(", at)
            self.frames.append(Frame("{", self.last, ")", resume=resume))
            self.operand = False
        else:
            self.refuse_superscript(at)
            self.emit("^{", at)
            self.argument("}", self.last, resume=resume)

    def mark_of_record(self) -> str:
        r"""The word of the record that a superscript is the mark of, such as the + of X^+; else nothing is read."""
        here = self.position
        content = self.raw().strip()
        found = () if _EXPONENT.fullmatch(content) else spelled(f"^{{{content}}}")
        word = next((record.spelling for record in found), "")
        self.position = self.position if word else here
        return word + "." * (word != "" and found[0].elementwise)

    def refuse_superscript(self, at: int) -> None:
        here = self.position
        found = _COMPLEX.match(self.text, here)
        if found and not ("H" in (found[1], found[2]) and "H" in self.names):
            self.position, base = found.end(), self.base(at)
            hint = rf"everything is real: write {base}^\top for the transpose"
            if "H" not in found[0]:
                hint += f", or {base}_{{star}} for another {base}"
            self.fail(UnsupportedProblem, f"{base}{self.source[at : found.end()]} is for complex matrices", at, hint)
        found = _LABEL.match(self.text, here)
        if found:
            inside = "".join(_NAME.findall(found[1]))
            self.position, base = found.end(), self.base(at)
            power = found[1].strip("()[]{}\\ ")
            hint = f"write {base}_{{{inside}}} for another {base}, or {base}^{{{power}}} for a power"
            message = f"the {self.source[at + 1 : found.end()]} of {base} is a label on paper"
            self.fail(AmbiguousProblem, message, at, hint)
        if self.last == len(self.out) - 1 and self.out[-1] == "e" and "e" not in self.names:
            exponent = self.raw().strip()
            hint = rf"write \exp({exponent}), or \operatorname{{expm}}(X) of a matrix; or declare e"
            self.fail(AmbiguousProblem, "e is a vector here, and not the number", at, hint)

    def refuse_raised_entry(self, at: int) -> NoReturn:
        message = "an entry of a power and a power of an entry look the same"
        hint = r"write \left(X^2\right)_{1,2} or \left(X_{1,2}\right)^2"
        self.fail(AmbiguousProblem, message, at, hint)

    # ------------------------------------------------------------ subscripts

    def lowered(self, at: int, raised: bool = False) -> bool:
        """A subscript, under a superscript or not; whether it is read to its end.

        An entry in brackets or with a comma, the size of I, the kind of a norm, or else part of the name.
        """
        here = self.position
        start, end = self.span()
        content, last = self.text[start:end], self.out[-1]
        if last == "|":
            self.emit("_" + self.norm(content, at), at)
            return True
        entry = last in ")]" or re.search(r",|:|\\ldots", content) is not None
        size = last == "I" and not (len(self.out) > 1 and self.out[-2].isalnum())
        if last.isalnum() and not (entry or size):
            name = self.subscript(content, at)
            stem = "".join(self.out[self.last :])
            if name.isdigit() and stem + name in self.names and f"{stem}_{name}" not in self.names:  # A1 is set A_1
                self.emit(name, at)
                return True
            self.emit(f"_{name}" if len(name) == 1 or name.isdigit() else f"_{{{name}}}", at)
            return True
        if raised or not (entry or size):
            self.refuse_raised_entry(at)
        self.position = here
        self.emit("[" if entry else "_{", at)
        self.argument("]" if entry else "}", self.last)
        return False

    def norm(self, content: str, at: int) -> str:
        """The kind of a norm."""
        if self.out[-2:] != ["|", "|"]:
            self.fail(SyntaxProblem, "a subscript stands at a norm, and these are single bars", at, r"write \|X\|_F")
        name = _STYLE.sub("", content)
        name = {"\\infty": "inf", "\\ast": "*"}.get(name, name)
        if name not in bars.WORDS:
            known = ", ".join(f"_{s}" for s in bars.WORDS if s)
            weight = rf"there are {known}; the norm of x with a weight W is \sqrt{{x^\top W x}}"
            self.fail(NameProblem, f"a norm with the subscript {content} is not known", at, NORMS.get(name, weight))
        return name

    def subscript(self, content: str, at: int) -> str:
        """A subscript that is part of a name."""
        name = _STYLE.sub("", _COMMANDS.sub(_lowered, content))
        if not _NAME.fullmatch(name):
            self.refuse_subscript(content, name, at)
        return name

    def refuse_subscript(self, content: str, name: str, at: int) -> NoReturn:
        base = self.base(at)
        signs = {"*": "star", "+": "plus", "-": "minus", "'": "prime"}
        inside = "".join(_NAME.findall(name)) or "".join(signs.get(c, "") for c in name) or "new"
        hint = f"write {base}_{{{inside}}} for another {base}"
        if INTEGERS & set(name) and set(name) <= INTEGERS | set("0123456789+-"):
            hint = f"write {base}[{name}] for an entry, or {base}_{{{inside}}} for another {base}"
        self.fail(NameProblem, f"a subscript is a word or a number, and not {content.strip()}", at, hint)


def _lowered(found: re.Match[str]) -> str:
    r"""A command in a subscript: a Greek letter, or the word of a function such as ``\max``."""
    if found[1] in LETTERS or _STYLE.match(found[0]):
        return LETTERS.get(found[1], found[0])
    return found[1] if word_of(found[0]) else found[0]
