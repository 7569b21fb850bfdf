"""From characters to tokens: every decision that depends on white space, names and brackets is made here, in one pass.

The decisions are those of the notation: which words of a text are names, which a function, which a product of letters;
whether a slash binds its neighbours; whether a newline ends an item.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NoReturn

from lark import Token

from symmat.errors import AmbiguousProblem, UnsupportedProblem
from symmat.language.characters import refuse
from symmat.language.names import LETTER
from symmat.language.tokens import CLOSING, ENDS, OPERATORS
from symmat.language.words import Words

PATTERN = re.compile(
    rf"""(?P<SPACE>\ +)
    |(?P<NUMBER>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<TURN>\^\s*(?P<turned>\{{\s*-?\s*[T⊤]\s*\}}|\(\s*-?\s*[T⊤]\s*\)|-?\s*[T⊤](?!_|\d))|\.T\b|'|⊤)
    |(?P<WORD>{LETTER}+)
    |(?P<RAISED>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ]+)
    |(?P<RANGE>\.\.)
    |(?P<LATER>\.\*|\./|\.\^|\.\(|∘|:|\[|\]|\|\||‖|\|)
    |(?P<POWER>\*\*)
    |(?P<OTHER>[-+*·@/\\^⊗(){{}},;=\n])""",
    re.VERBOSE,
)
LATEX = re.compile(r"\\[A-Za-z]{2,}|\\[|,;!{}]")
SIMPLE = {
    "+": "PLUS", "-": "MINUS", "*": "TIMES", "·": "TIMES", "@": "TIMES", "\\": "BACKSLASH", "^": "CARET", "⊗": "KRON",
    "(": "LPAR", ")": "RPAR", "{": "LBRACE", "}": "RBRACE", ",": "COMMA", ";": "SEMI", "=": "EQUALS",
}  # fmt: skip
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789-T")
LATER = {
    ":": "the Frobenius product A : B", "[": "a bracket [", "]": "a bracket ]", "|": "an absolute value |x|",
    "||": "a norm ||x||", "‖": "a norm ‖x‖",
}  # fmt: skip


NEXT = re.compile(r"\s*(\S)")


class Tokenizer(Words):
    """The tokens of one text."""

    def run(self) -> list[Token]:
        """The tokens of the text."""
        if LATEX.search(self.text):
            raise UnsupportedProblem(
                "LaTeX input is not supported yet", "write it in the text notation", source=self.text
            )
        text, size = self.text, len(self.text)
        match = PATTERN.match
        while self.position < size:
            found = match(text, self.position)
            if found is None:
                self._strange(text[self.position])
            kind = found.lastgroup
            kind = "TURN" if kind == "turned" else str(kind)
            getattr(self, f"_{kind}".lower())(found[0], found.start())
            self.position = max(self.position, found.end())
            self.spaced = kind == "SPACE"
        if self.brackets:
            bracket, at = self.brackets[-1]
            self._fail(f"the bracket '{bracket}' is not closed", "close it", at)
        return self.tokens

    # ------------------------------------------------------------ one method a kind of text

    def _space(self, word: str, at: int) -> None:
        pass

    def _number(self, word: str, at: int) -> None:
        if self._closed_up("NUMBER", "SYMBOL", "IDENTITY", "DIFFERENTIAL", "RPAR", "RBRACE"):
            self._fail(f"a number directly after {self.tokens[-1].value!s}", "write the number in front, as 2 X", at)
        if self.tokens and self.tokens[-1].type == "NUMBER":
            self._fail("two numbers in a row", "write 2 * 3", at)
        self._factor(at)
        self._add("NUMBER", word, at)

    def _turn(self, word: str, at: int) -> None:
        minus = "-" in word
        if "^" in word and ("T" in self.known) and "T" in word:
            raise AmbiguousProblem(
                "T is a symbol here, so that ^T is not a transpose",
                "write X' for the transpose",
                **self._place(at, len(word)),
            )
        if not self.tokens or self.tokens[-1].type not in ENDS:
            self._fail("there is nothing in front of this to transpose", "write X'", at)
        if "^" in word:
            self._one_exponent(at)
        self._add("RAISED" if minus else "PRIME", "-T" if minus else "'", at, len(word))

    def _raised(self, word: str, at: int) -> None:
        value = word.translate(SUPERSCRIPTS)
        if not re.fullmatch(r"-?(\d+|T)", value):
            self._fail(f"{word} is not an exponent", "write X^-1 or X^2", at)
        self._add("PRIME" if value == "T" else "RAISED", value, at, len(word))

    def _range(self, word: str, at: int) -> None:
        self._add("RANGE", word, at)

    def _later(self, word: str, at: int) -> None:
        if word == ".(":
            before = self.tokens[-1].value if self.tokens else ""
            what = f"the elementwise function {before}.( )"
        elif word in LATER:
            what = LATER[word]
        else:
            what = f"the elementwise operation {word}"
        raise UnsupportedProblem(f"{what} is not supported yet", **self._place(at, len(word)))

    def _power(self, word: str, at: int) -> None:
        self._fail("'**' is not an operator of the notation", "write X^3 for a power", at, 2)

    def _other(self, c: str, at: int) -> None:
        if c == "\n":
            self._newline(at)
        elif c == "/":
            after = self.text[at + 1 : at + 2]
            tight = not self.spaced and after not in ("", " ", "\n")
            if tight and self._exponent_just_ended():
                base = self.text[:at].rpartition("^")[0][-12:].strip()
                raise AmbiguousProblem(
                    "an exponent before a closed-up slash is read both ways",
                    f"write {base}^(1/2) for the fraction in the exponent, or put blanks around the slash",
                    **self._place(at),
                )
            self._add("TIGHT" if tight else "SLASH", c, at)
        else:
            kind = SIMPLE[c]
            if kind in ("LPAR", "LBRACE"):
                if kind == "LPAR" and not (self.tokens and self.tokens[-1].type in ("FUNCTION", "CARET")):
                    self._factor(at)
                self._open(c, at)
            elif kind in CLOSING:
                self._close(kind, c, at)
            elif kind == "CARET":
                self._one_exponent(at)
                self._real_only(at)
            elif kind == "SEMI" and self.brackets:
                self._fail("a ';' inside brackets", "close the bracket first, or separate arguments by a comma", at)
            self._add(kind, c, at)

    def _newline(self, at: int) -> None:
        """A newline ends an item, unless brackets are open or an operator stands at its end or after it."""
        found = NEXT.match(self.text, at)
        rest = found[1] if found else ""
        continued = self.brackets or not self.tokens or self.tokens[-1].type in OPERATORS | {"SEMI"}
        if not continued and rest and rest not in "+*/\\·@⊗=^':)];,":
            self._add("SEMI", "\n", at)

    def _strange(self, c: str) -> NoReturn:
        refuse(self.text, self.position, c)
        named = unicodedata.name(c, repr(c))
        hint = "close up a subscript to its letter: X_1, x_{new}" if c == "_" else ""
        if c in '"`':
            hint = "formulas have no quotation marks"
        self._fail(f"the character {c!r} ({named}) has no meaning here", hint, self.position)
