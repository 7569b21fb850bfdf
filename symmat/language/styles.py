r"""What a letter or a word is set in: ``\mathbf{X}`` is X, ``\hat{X}`` and ``\mathcal{X}`` would be other symbols."""

from __future__ import annotations

import re
from typing import NoReturn

from symmat.errors import NameProblem, SyntaxProblem, UnsupportedProblem
from symmat.language.commands import (
    ACCENTS,
    ALPHABETS,
    BOLD,
    LETTERS,
    OLD,
    SUBSCRIBED,
    WORDS,
    hinted,
    word_of,
    word_of_fixed,
)
from symmat.language.names import is_function, nearest
from symmat.language.operators import OPENING, SUBSCRIPT, Operators

_OLD = re.compile(rf"\{{\s*\\({'|'.join(OLD)})(?![A-Za-z])\s*")
_GREEK = re.compile(rf"\\({'|'.join(LETTERS)})(?![A-Za-z])")
_EQUALS = re.compile(r"\s*=")
_STYLE = re.compile(r"\\([a-z]+)\s*\{([^{}]*)\}")


class Styles(Operators):
    """Names, numbers and functions in a style."""

    def brace(self, at: int) -> None:
        r"""Braces that group, or that end a style: ``{\rm d}``."""
        old = _OLD.match(self.text, at)
        if old is not None and at in self.closings:
            self.position = self.closings[at] + 1
            name = OLD[old[1]]
            if name in ALPHABETS:
                self.alphabet(name, self.text[old.end() : self.position - 1].strip(), at)
            elif not self.styled(name, self.text[old.end() : self.position - 1].strip(), at):
                self.position = at + 1
                self.open("{", at)
                self.position = old.end()
            return
        self.skip_blanks()
        if self.text[self.position : self.position + 1] == "}":
            self.position += 1
        else:
            self.open("{", at)

    def style(self, name: str, at: int) -> None:
        r"""``\mathbf{X}`` is X, ``\mathrm{d}X`` is dX, and ``\operatorname{tr}`` a function."""
        self.position += self.text[self.position : self.position + 1] == "*"
        here = self.position
        if not self.styled(name, self.raw().strip(), at):
            self.position = here  # a whole expression in bold: its braces group

    def styled(self, name: str, content: str, at: int) -> bool:
        """A name, a number or a function in a style, or in two; False for any other content."""
        inner = _STYLE.fullmatch(content)
        if inner is not None and inner[1] in (WORDS if name in BOLD else BOLD):
            return self.styled(inner[1], inner[2].strip(), at)
        word = _GREEK.sub(lambda found: LETTERS[found[1]], content).replace(" ", "") if name in WORDS else content
        if word == "d" and name in WORDS:
            self.differential(at)
        elif word in ("1", "0") and name in BOLD:
            self.constant("ones" if word == "1" else "zeros", word, at)
        elif len(word) > 1 and (word in self.words or word in self.names or _EQUALS.match(self.text, self.position)):
            self.atom(word, at, from_command=True)
        elif is_function(word):
            self.function(word_of(word) or word, at)
        elif word.startswith("\\") and word[1:] in LETTERS:
            self.atom(LETTERS[word[1:]], at, from_command=True)
        elif "\\" in word or "{" in word:
            return False
        elif name in WORDS and not (len(word) == 1 and name != "operatorname"):
            self.other_word(name, word, content, at)
        elif re.fullmatch(r"[^\W_]+", word):
            self.atom(word, at, from_command=True)
        else:
            return False
        return True

    def other_word(self, name: str, word: str, content: str, at: int) -> None:
        """A word that is printed for a record, in its style or as a function."""
        function = word_of(rf"\operatorname{{{word}}}") or word_of(rf"\{name}{{{word}}}")
        if not function:
            self.refuse_word(word, content, at)
        self.function(function, at)

    def refuse_word(self, word: str, content: str, at: int) -> NoReturn:
        """A word that is no function and no name."""
        if word in SUBSCRIBED:
            self.fail(UnsupportedProblem, f"{word} is not part of the notation", at, SUBSCRIBED[word])
        if not word.isalnum():
            hint = "leave it out, or write a formula there"
            self.fail(SyntaxProblem, f"the text {content!r} is no part of a formula", at, hint)
        instead = nearest(word)
        hint = f"did you mean {hinted(instead)}?" if instead else f"declare {word}: m×n if it is a matrix of that name"
        self.fail(NameProblem, f"{word} is not a function of the notation, and not declared", at, hint)

    def alphabet(self, name: str, letter: str, at: int) -> None:
        r"""``\mathcal{K}_{m,n}``, the commutation matrix, and its like; every other letter is one of its own."""
        found = SUBSCRIPT.match(self.text, self.position)
        if name == "mathcal" and found and (word := word_of_fixed(letter)):
            self.position = found.end()
            self.fixed(word, "sizes", at)
        elif word := word_of(rf"\{name} {letter}") or word_of(rf"\{name}{{{letter}}}"):
            self.function(word, at)
        elif letter in ("1", "0"):
            self.constant("ones" if letter == "1" else "zeros", letter, at)
        else:
            hint = f"write a name with a subscript, such as {letter if len(letter) == 1 else 'X'}_{{{ALPHABETS[name]}}}"
            self.fail(NameProblem, f"the letters of \\{name} are not part of the notation", at, hint)

    def refuse_accent(self, name: str, at: int) -> NoReturn:
        if name == "vec" and OPENING.match(self.text, self.position):
            self.fail(NameProblem, r"\vec sets an arrow", at, r"write \operatorname{vec}(X) for the columns of X")
        letter = self.raw().strip()
        shown = letter if len(letter) == 1 or letter[1:] in LETTERS else "x"
        hint = f"write a name with a subscript, such as {shown}_{{{ACCENTS[name]}}}"
        self.fail(NameProblem, f"the accent \\{name} is not part of the notation", at, hint)
