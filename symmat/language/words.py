"""Words: which letters of a text are names, which a function, and which a product."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symmat.errors import AmbiguousProblem, NameProblem
from symmat.language.names import (
    ALIASES,
    FUNCTION_LETTERS,
    GREEK,
    INTEGERS,
    LETTER,
    SUBSCRIPT,
    canonical,
    is_function,
    nearest,
)
from symmat.language.tokens import Tokens

ITEM = re.compile(rf"(?:^|[;\n])\s*(?P<name>{LETTER}+{SUBSCRIPT}?)\s*=(?!=)")
SUBSCRIPTED = re.compile(SUBSCRIPT)
SUM_INDEX = re.compile(r"\(\s*([A-Za-z])\s*=")
ENTRY = re.compile(r"\(\s*\d+(\s*,\s*\d+)*\s*\)")
NEXT_FACTOR = re.compile(r"\s+([A-Za-z(]\S*)")
ENTRY_NAME = re.compile(rf"{LETTER}_\{{?[i-n]+\}}?")
NEXT_WORD = re.compile(r"\s*(\S+)")
LEADING = {
    c: tuple(sorted((w for w in GREEK if w[0] == c and len(w) > 2), key=len, reverse=True))
    for c in {w[0] for w in GREEK}
}
"""The Greek names that are read inside a run of letters, by first letter."""


class Words(Tokens):
    """How the words of a text are read."""

    def __init__(self, text: str, declared: Mapping[str, str]) -> None:
        super().__init__(text, declared)
        self.targets = {m.start("name"): m["name"] for m in ITEM.finditer(text)} if "=" in text else {}
        self.long_names: dict[str, list[str]] = {}
        for name in self.known:
            self.learn(name)

    def learn(self, name: str) -> None:
        """A declared or defined name, and how else it may be typed."""
        for word in (name, *(w for w, letter in GREEK.items() if letter == name)):
            if len(word) > 1:
                self.long_names.setdefault(word[0], []).append(word)

    def _word(self, run: str, at: int) -> None:
        """A run of letters: a definition's target, a function, names, or a product of letters."""
        if at in self.targets and (not self.tokens or self.tokens[-1].type == "SEMI"):
            self._target(self.targets[at], at)
            return
        end = at + len(run)
        if (entry := ENTRY.match(self.text, end)) and not is_function(run):
            inner = entry[0][1:-1]
            self._fail(
                f"{run}{entry[0]} is read as an entry or as a product",
                f"write {run}[{inner}] for the entry, {inner} {run} for the product",
                at,
                len(run) + len(entry[0]),
            )
        called = self.text[end : end + 1] == "(" or self.text[end : end + 2] == ".("
        if called and self._call(run, at):
            return
        if not called or run in self.known:
            self._needs_parentheses(run, at)
        self._pieces(run, at)

    def _target(self, name: str, at: int) -> None:
        own = canonical(name)
        self.known[own] = "defined"
        self.defined.add(own)
        self.learn(own)
        self._add("TARGET", own, at, len(name))
        self.position = at + len(name)

    def _call(self, run: str, at: int) -> bool:
        """A word before '(': a function, a product that ends in one, or neither."""
        if run in self.known or canonical(run) in self.known:
            return False
        if run == "sum" and (index := SUM_INDEX.match(self.text, at + 3)):
            self._add("SUM", run, at)
            self._open("(", index.start())
            self._add("LPAR", "(", index.start())
            self._add("INDEX", index[1], index.start(1))
            self.position = index.end(1)
            return True
        if len(run) == 1 and run in FUNCTION_LETTERS:
            self._fail(f"{run}( ) is a function that symmat does not know", f"write {run} * ( … ) for a product", at)
        for cut in range(len(run) - 1):
            word = run[cut:]
            if is_function(word) or word in ALIASES:
                if cut:
                    self._pieces(run[:cut], at)
                    self.spaced = False
                self._factor(at)
                self._add("FUNCTION", word, at + cut)
                self.position = at + len(run)
                return True
        if len(run) > 1 and not run.isupper() and canonical(run) == run and not self._is_product(run):
            close = nearest(run)
            hint = f"did you mean {close}( )?" if close else "write a * between the factors of a product"
            raise NameProblem(f"{run}( ) is not a function of the notation", hint, **self._place(at, len(run)))
        return False

    def _is_product(self, run: str) -> bool:
        """Whether a run of letters before '(' ends in a declared name."""
        return any(run.endswith(name) for name in self.known)

    def _needs_parentheses(self, run: str, at: int) -> None:
        if run in self.known:
            return
        word = next((w for w in (run, run[:6], run[:5], run[:4], run[:3], run[:2]) if is_function(w)), "")
        if word and (word == run or len(word) > 2 or run[2:].isupper()) and not self._known_at(at):
            after = NEXT_WORD.match(self.text, at + len(run))
            shown = run[len(word) :] or (after[1] if after else "X")
            self._fail(f"{word} is a function and needs parentheses", f"write {word}({shown})", at, len(word))

    def _pieces(self, run: str, at: int) -> None:
        """A run of letters as names, differentials and a product of single letters."""
        start, end = at, at + len(run)
        pieces = 0
        while at < end:
            name, length = self._name(at, end)
            self._check_piece(name, run, start, at, pieces)
            at += length
            pieces += 1
            self.spaced = False
        self.position = max(self.position, at)

    def _name(self, at: int, end: int) -> tuple[str, int]:
        """The name that starts here, added as a token, and its length in the text."""
        text = self.text
        if text[at] == "d" and at + 1 < end and "d" not in self.known and not self._known_at(at):
            name, length = self._plain(at + 1, end)
            self._symbol("DIFFERENTIAL", canonical(name), at, length + 1)
            return "d" + name, length + 1
        name, length = self._plain(at, end)
        own = canonical(name)
        if own == "I" or (own.startswith("I_") and own not in self.known):
            self._symbol("IDENTITY", own[2:].strip("{}"), at, length)
        else:
            self._symbol("SYMBOL", own, at, length)
        return name, length

    def _known_at(self, at: int) -> str:
        """The longest declared or Greek name that the text has here."""
        text, c = self.text, self.text[at]
        found = [name for name in self.long_names.get(c, ()) if text.startswith(name, at)]
        found += [name for name in LEADING.get(c, ()) if text.startswith(name, at)][:1]
        return max(found, key=len, default="")

    def _plain(self, at: int, end: int) -> tuple[str, int]:
        """A declared name, a Greek name or a letter, with its digits or subscript."""
        stem = self._known_at(at)
        if not stem and end - at == 2 and self.text[at:end] in GREEK:
            stem = self.text[at:end]  # mu, nu, xi and pi are words of their own only
        stem = stem or self.text[at]
        stop = at + len(stem)
        if stem in self.known and len(stem) > 1:
            return stem, len(stem)
        subscript = SUBSCRIPTED.match(self.text, stop) if stop >= end else None
        if subscript is None:
            return stem, len(stem)
        return stem + subscript[0], len(stem) + len(subscript[0])

    def _symbol(self, kind: str, value: str, at: int, length: int) -> None:
        self._factor(at)
        self._add(kind, value, at, length)
        self.position = max(self.position, at + length)

    def _check_piece(self, name: str, run: str, start: int, at: int, before: int) -> None:
        """The letters that a run of letters may not have inside: they mean something else on paper."""
        own = canonical(name)
        if own in self.known or (own[0] == "d" and len(own) > 1):
            return
        if before and own in INTEGERS:
            self._refuse_run(run, start)
        if own == "T" and len(run) > 1:
            turned = run.replace("T", "'", 1) if run[0] != "T" else " ".join(run)
            hint = f"write {turned} or {' '.join(run)}"
            raise AmbiguousProblem(f"the T in {run} is read as a transpose too", hint, **self._place(start, len(run)))
        if "_" in name and name[0] != "I" and ENTRY_NAME.fullmatch(name):
            hint = f"write {name[0]}[{','.join(name[2:].strip('{}'))}], or declare {name}"
            raise NameProblem(f"{name} is an entry on paper", hint, **self._place(at, len(name)))
        if own == "d" and (after := NEXT_FACTOR.match(self.text, at + 1)):
            hint = f"write d{after[1]} or d({after[1]}), or declare d"
            raise AmbiguousProblem(f"'d {after[1]}' may be a differential", hint, **self._place(at))

    def _refuse_run(self, run: str, start: int) -> None:
        """A run with an index letter inside: a product, an entry, or a word."""
        meaning = "inv(A)" if run.endswith("inv") else f"{run[0]}[i,j]" if run[1:] in ("ij", "ji", "ii", "jk") else ""
        hint = f"write {' '.join(run)} for the product" + (f", or {meaning}" if meaning else "")
        message = f"{run} is read both as a product and as one word"
        raise NameProblem(message, f"{hint}, or declare {run}", **self._place(start, len(run)))
