"""Runs of letters: a declared name, a Greek letter, a differential, or a product of single letters, as on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, NoReturn

from symmat.errors import AmbiguousProblem, NameProblem, SymmatError, SyntaxProblem, UnsupportedProblem
from symmat.greek import GREEK, GREEK_NAMES
from symmat.language.names import (
    ALIASES,
    FUNCTION_LETTERS,
    GREEK_INITIALS,
    INTEGERS,
    LATIN_CAPITALS,
    LONG_GREEK,
    NAME,
    SHORT_GREEK,
    STATEMENTS,
    canonical,
    entry,
    is_function,
    kind_of,
    nearest,
)

PRIME = "'"
LONGEST_FUNCTION = 24
INDICES = re.compile(r"\((?:\s*(?:\d+|:|(?P<letter>[i-n]))\s*(?:,(?!\))|(?=\))))+\)")


class Piece(NamedTuple):
    """A part of a run: its token, its canonical name, and how many characters it has."""

    token: str
    name: str
    length: int


class Runs:
    """How the letter runs of one text are read: ``names`` are the declared and defined ones."""

    def __init__(self, source: str, names: Iterable[str]) -> None:
        self._source = source
        self._known: dict[str, str] = {}
        for name in names:
            self._known[name] = name
            if name[0] in GREEK_NAMES:
                self._known[GREEK_NAMES[name[0]] + name[1:]] = name
        self._canonical = frozenset(self._known.values())
        self._lengths = sorted(set(map(len, self._known)), reverse=True)
        longest_first = sorted(self._known, key=len, reverse=True)
        moving = [*map(re.escape, longest_first), "[A-Z]", f"(?![{''.join(sorted(FUNCTION_LETTERS))}])[^\\x00-\\x7F]"]
        self._factors = re.compile(f"(?:d?(?:{'|'.join(moving)})|[^\\x00-\\x7F])+")

    def is_one_name(self, word: str) -> bool:
        """Whether a run is a name and no product."""
        letters = NAME.fullmatch(word)
        return word in self._known or (letters is not None and (len(letters[1]) == 1 or letters[1] in GREEK))

    def knows(self, name: str) -> bool:
        """Whether a name is declared or defined."""
        return name in self._known

    def read(self, word: str, at: int) -> list[Piece]:
        """The pieces of a run that does not stand before parentheses."""
        if len(word) == 1 and word not in "Id":
            return [Piece("SYMBOL", word, 1)]
        self._refuse_function(word, at)
        letters = word.partition("_")[0].rstrip("0123456789")
        if letters in LATIN_CAPITALS and word not in self._known:
            latin = LATIN_CAPITALS[letters]
            self._fail(NameProblem, f"{letters} is Greek {latin}", at, letters, f"write the Latin letter {latin}")
        return self._split(word, at)

    def read_call(self, word: str, at: int) -> list[Piece]:
        """The pieces of a run directly before ``(``: a function, a product that ends in one, or a product."""
        if is_function(word):
            return [Piece("FUNCTION", word, len(word))]
        self._refuse_indices(word, at)
        if word in self._known:
            return [Piece("SYMBOL", self._known[word], len(word))]
        if word in ALIASES:
            self._fail(NameProblem, f"{word}( ) is not a function of the notation", at, word, f"write {ALIASES[word]}")
        if word in STATEMENTS:
            self._fail(
                UnsupportedProblem, f"{word}( ) is for statements to verify, which are not supported yet", at, word
            )
        for cut in range(max(1, len(word) - LONGEST_FUNCTION), len(word) - 1):
            if is_function(word[cut:]) and self._is_product(word[:cut]):
                if word[:cut] == "d" and not self.knows("d"):
                    self._fail(
                        AmbiguousProblem, f"{word}( ) may be a differential", at, word, f"write d({word[1:]}(…))"
                    )
                return [*self._split(word[:cut], at), Piece("FUNCTION", word[cut:], len(word) - cut)]
        self._refuse_unknown_call(word, at)
        return self._split(word, at)

    # ------------------------------------------------------------ splitting

    def _split(self, word: str, at: int) -> list[Piece]:
        pieces: list[Piece] = []
        found = NAME.fullmatch(word)
        stop = found.end(1) if found else len(word)
        done = 0
        while done < len(word):
            piece = self._first(word, done, stop, at)
            pieces.append(piece)
            done += piece.length
        if len(pieces) > 1:
            self._refuse_inside(word, pieces, at)
        return pieces

    def _first(self, word: str, start: int, stop: int, at: int) -> Piece:
        """The first piece of what is left of a run, whose letters end at ``stop``."""
        name, length = self._name(word, start, stop)
        if name == "d" and start + 1 < len(word):
            name, more = self._name(word, start + 1, stop)
            if name == "d" and not self.knows("d"):
                self._fail(UnsupportedProblem, "differentials of differentials are not supported yet", at, word)
            if name[0] == "I" and name not in self._canonical:
                self._fail(NameProblem, f"{name} is the identity: it has no differential", at, word)
            self._refuse_entry(name, word[start + 1 : start + 1 + more], at)
            return Piece("DIFFERENTIAL", name, length + more)
        if name in self._canonical:
            return Piece("SYMBOL", name, length)
        if name[0] == "I":
            return self._identity(name, length, at)
        self._refuse_entry(name, word[start : start + length], at)
        return Piece("SYMBOL", name, length)

    def _name(self, word: str, start: int, stop: int) -> tuple[str, int]:
        """The name that begins here: the longest declared one, a Greek one, or a letter, with its subscript."""
        for length in self._lengths:
            name, after = word[start : start + length], word[start + length : start + length + 1]
            if len(name) == length and name in self._known and (not after or after.isalpha()):
                return self._known[name], length
        if "_{" in word and (name := canonical(word[start:])) in self._known:  # dG_{omega} for dG_ω
            return name, len(word) - start
        stem = word[start]
        own_word = start == 0 or (start == 1 and word[0] == "d")
        if own_word and word[start:stop] in GREEK:
            stem = word[start:stop]
        elif stem in GREEK_INITIALS:
            stem = next((name for name in LONG_GREEK if word.startswith(name, start)), stem)
        if start + len(stem) == stop:
            name = canonical(word[start:])
            digits = name.replace("_", "")
            if "_{" in word and name not in self._known and digits in self._known:  # A1 as LaTeX sets it
                name = digits
            return name, len(word) - start
        return GREEK.get(stem, stem), len(stem)

    def _identity(self, name: str, length: int, at: int) -> Piece:
        size = name[1:].removeprefix("_")
        if size and name[1] != "_":
            self._fail(
                NameProblem, f"{name} is not a name: I is the identity", at, name, f"write I_{size} for its size"
            )
        return Piece("IDENTITY", size.strip("{}"), length)

    def _is_product(self, letters: str) -> bool:
        """Whether letters before parentheses are factors: one letter, or capitals, Greek and declared ones."""
        moving = letters[0] == "d" and letters[1:] not in FUNCTION_LETTERS
        alone = len(letters) == 1 or (moving and len(letters) == 2)
        return alone or letters in GREEK or self._factors.fullmatch(letters) is not None

    # ------------------------------------------------------------ errors

    def _refuse_entry(self, name: str, typed: str, at: int) -> None:
        if "_" in name and (shown := entry(typed)):
            self._fail(NameProblem, f"{typed} is an entry on paper", at, typed, f"write {shown}, or declare {typed}")

    def _refuse_inside(self, word: str, pieces: list[Piece], at: int) -> None:
        """The letters that mean something else inside a word than they do in a product."""
        typed, done = [], 0
        for piece in pieces:
            typed.append(word[done : done + piece.length])
            done += piece.length
        product = " ".join(typed)
        for place, piece in enumerate(pieces):
            if piece.token != "SYMBOL" or piece.name in self._canonical:
                continue
            if piece.name == "T":
                turned = (
                    f"{product.replace(' T', PRIME).replace(PRIME + ' ', PRIME)} for a transpose, " if place else ""
                )
                hint = f"write {turned}{product} for a product, or declare T"
                self._fail(AmbiguousProblem, f"the T in {word} is read as a transpose and as a matrix", at, word, hint)
            after = pieces[place + 1] if place + 1 < len(pieces) else piece
            greek = "".join(typed[place : place + 2]) in SHORT_GREEK and after.name not in self._canonical
            if greek or (place and piece.name in INTEGERS):
                hint = f"write {product} for the product, {_meaning(word, product)}or declare {word}"
                self._fail(AmbiguousProblem, f"{word} is read as a product and as one word", at, word, hint)

    def _refuse_function(self, word: str, at: int) -> None:
        """A function without its parentheses."""
        if word in self._known or word in GREEK or len(word) < 2:
            return
        name = next(
            (word[:end] for end in range(min(len(word), LONGEST_FUNCTION), 1, -1) if is_function(word[:end])), ""
        )
        if not name or (len(name) < len(word) and any(word.startswith(known) for known in self._known)):
            if word in ALIASES and len(word) > 2:
                self._fail(NameProblem, f"{word} is not a name of the notation", at, word, f"write {ALIASES[word]}")
            return
        following = re.match(r"\s*(\([^()]*\)|[^\s()+\-*/;,]+)", self._source[at + len(name) :])
        operand = following[1].strip("()") if following else "X"
        product = f", or {' '.join(word)} for a product" if len(word) > len(name) else ""
        self._fail(SyntaxProblem, f"{name} needs parentheses", at, name, f"write {name}({operand}){product}")

    def _refuse_indices(self, word: str, at: int) -> None:
        """Entries in parentheses: x(1), X(i, j)."""
        found = INDICES.match(self._source, at + len(word))
        if found is None or not (self.is_one_name(word) or self._is_product(word)):
            return
        scalar = word in INTEGERS or (word not in self._known and kind_of(canonical(word)) == "scalar")
        if found["letter"] and (scalar or word in FUNCTION_LETTERS or not self.is_one_name(word)):
            return
        inside = found[0][1:-1]
        product = f", or {word} * {inside.strip()} for a product" if not set(inside) & set(",:") else ""
        hint = f"write {word}[{inside}] for an entry{product}"
        self._fail(AmbiguousProblem, f"{word}{found[0]} is no function call", at, word, hint)

    def _refuse_unknown_call(self, word: str, at: int) -> None:
        name = canonical(word)
        if name in FUNCTION_LETTERS:
            hint = f"write {word} * (…) for a product, or declare {word}"
            self._fail(NameProblem, f"{word}( ) is a function that symmat does not know", at, word, hint)
        letters = word.rstrip("0123456789")
        if "_" in word or (self._is_product(letters) and not (len(word) > 1 and is_function(word.lower()))):
            return
        instead = nearest(word)
        hint = f"did you mean {instead}?" if instead else f"write {' '.join(word)} (…) for a product"
        self._fail(NameProblem, f"{word}( ) is not a function of the notation", at, word, hint)

    def _fail(self, problem: type[SymmatError], message: str, at: int, word: str, hint: str = "") -> NoReturn:
        start = self._source.find(word, at)
        raise problem(message, hint, source=self._source, position=start, end=start + len(word))


def _meaning(word: str, product: str) -> str:
    """What a word that is no product most likely means."""
    if word.endswith("inv"):
        return f"inv({word[:-3]}) for the inverse, "
    if set(word[1:]) <= INTEGERS:
        size = word[1:] if len(word) == 2 else f"{{{' '.join(word[1:])}}}"
        return f"I_{size} for its size, " if word[0] == "I" else f"{word[0]}[{','.join(word[1:])}] for an entry, "
    for name, letter in SHORT_GREEK.items():
        if " ".join(name) in product:
            return f"{product.replace(' '.join(name), letter)} for the Greek letter, "
    return f"{word[0]}_{{{word[1:]}}} for another {word[0]}, " if word.isalpha() else ""
