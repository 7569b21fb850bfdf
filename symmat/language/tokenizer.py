"""From characters to tokens: every decision that depends on white space, names and brackets is made here, in one pass.

The decisions are those of the notation: which words of a text are names, which a function, which a product of letters;
whether a slash binds its neighbours; whether a newline ends an item.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NoReturn

from lark import Token

from symmat.errors import (
    AmbiguousProblem,
    NameProblem,
    SyntaxProblem,
    UnsupportedProblem,
)
from symmat.language.names import (
    ALIASES,
    FUNCTION_LETTERS,
    GREEK,
    INTEGERS,
    LETTER,
    LOOK_ALIKES,
    SUBSCRIPT,
    TWINS,
    canonical,
    is_function,
    nearest,
)

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
ITEM = re.compile(rf"(?:^|[;\n])\s*(?P<name>{LETTER}+{SUBSCRIPT}?)\s*=(?!=)")
SUBSCRIPTED = re.compile(SUBSCRIPT)
SIMPLE = {
    "+": "PLUS", "-": "MINUS", "*": "TIMES", "·": "TIMES", "@": "TIMES", "\\": "BACKSLASH", "^": "CARET", "⊗": "KRON",
    "(": "LPAR", ")": "RPAR", "{": "LBRACE", "}": "RBRACE", ",": "COMMA", ";": "SEMI", "=": "EQUALS",
}  # fmt: skip
CLOSING = {"RPAR": "(", "RBRACE": "{"}
OPERATORS = frozenset(
    {"PLUS", "MINUS", "TIMES", "SLASH", "BACKSLASH", "KRON", "TIGHT", "CARET", "COMMA", "EQUALS", "RANGE"}
)
RESET = frozenset({"PLUS", "MINUS", "TIMES", "BACKSLASH", "KRON", "COMMA", "EQUALS", "RANGE", "SEMI"})
ENDS = frozenset({"NUMBER", "SYMBOL", "DIFFERENTIAL", "IDENTITY", "RPAR", "RBRACE", "PRIME", "RAISED"})
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789-T")
LATER = {
    ":": "the Frobenius product A : B", "[": "a bracket [", "]": "a bracket ]", "|": "an absolute value |x|",
    "||": "a norm ||x||", "‖": "a norm ‖x‖",
}  # fmt: skip


def clean(text: str) -> str:
    """The text in NFC with look-alike characters read as their twins; raises where nobody could see which is meant."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    out = []
    for i, c in enumerate(text):
        if c.isascii() and (c.isprintable() or c in "\n\r"):
            out.append(TWINS.get(c, c))
        elif 0x1D400 <= ord(c) <= 0x1D7FF:
            out.append(unicodedata.normalize("NFKC", c))
        else:
            out.append(TWINS.get(c, c))
            _refuse(text, i, c)
    return "".join(out)


def _refuse(text: str, i: int, c: str) -> None:
    """Raise for a character that no reader can tell from another, or that cannot be seen."""
    if c in TWINS:
        return
    name = unicodedata.name(c, f"U+{ord(c):04X}")
    category = unicodedata.category(c)
    if c in LOOK_ALIKES:
        raise NameProblem(
            f"{name} looks like the Latin {LOOK_ALIKES[c]}", f"type {LOOK_ALIKES[c]}", source=text, position=i
        )
    if category in ("Cc", "Cf"):
        named = "a tab" if c == "\t" else "a control character"
        hint = 'LaTeX in a Python string needs r"…"; in a formula use blanks'
        raise SyntaxProblem(f"{named} in the text", hint, source=text, position=i)
    if category.startswith("M"):
        raise NameProblem(
            f"an accent, {name}, on a letter", "give the symbol a name of its own", source=text, position=i
        )
    if name.startswith(("CYRILLIC", "FULLWIDTH")):
        raise NameProblem(f"the character {name}", "type the Latin one", source=text, position=i)


class Tokenizer:
    """One text: ``known`` maps declared and defined names to their kind."""

    def __init__(self, text: str, declared: Mapping[str, str]) -> None:
        self.text = text
        self.known = dict(declared)
        self.defined: set[str] = set()
        self.tokens: list[Token] = []
        self.brackets: list[tuple[str, int]] = []
        self.divided: list[Token | None] = [None]
        self.spaced = True
        self.position = 0
        self.targets = {m.start("name"): m["name"] for m in ITEM.finditer(text)} if "=" in text else {}
        self._index()

    def _index(self) -> None:
        longer = {word for word in self.known if len(word) > 1}
        longer |= {word for word, letter in GREEK.items() if letter in self.known or len(word) > 2}
        self.names = sorted(longer, key=len, reverse=True)

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
            if kind == "turned":
                kind = "TURN"
            getattr(self, f"_{kind}".lower())(found[0], found.start())
            self.position = max(self.position, found.end())
            self.spaced = kind == "SPACE" or (self.spaced and kind == "SPACE")
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
        rest = self.text[at:].lstrip()
        continued = self.brackets or not self.tokens or self.tokens[-1].type in OPERATORS | {"SEMI"}
        if not continued and rest and rest[0] not in "+*/\\·@⊗=^':)];,":
            self._add("SEMI", "\n", at)

    def _word(self, run: str, at: int) -> None:
        """A run of letters: a definition's target, a function, names, or a product of letters."""
        if at in self.targets and (not self.tokens or self.tokens[-1].type == "SEMI"):
            self._target(self.targets[at], at)
            return
        end = at + len(run)
        if entry := re.match(r"\(\s*\d+(\s*,\s*\d+)*\s*\)", self.text[end:]):
            if not is_function(run):
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

    # ------------------------------------------------------------ words

    def _target(self, name: str, at: int) -> None:
        own = canonical(name)
        self.known[own] = "defined"
        self.defined.add(own)
        self._index()
        self._add("TARGET", own, at, len(name))
        self.position = at + len(name)

    def _call(self, run: str, at: int) -> bool:
        """A word before '(': a function, a product that ends in one, or neither."""
        if run in self.known or canonical(run) in self.known:
            return False
        if run == "sum" and (index := re.compile(r"\(\s*([A-Za-z])\s*=").match(self.text, at + 3)):
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
        if (
            word
            and (word == run or len(word) > 2 or run[2:].isupper())
            and not any(run.startswith(n) for n in self.names)
        ):
            after = run[len(word) :] or self.text[at + len(run) :].split()[:1]
            shown = after if isinstance(after, str) else "".join(after) or "X"
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
        return next((name for name in self.names if self.text.startswith(name, at)), "")

    def _plain(self, at: int, end: int) -> tuple[str, int]:
        """A declared name, a Greek name or a letter, with its digits or subscript."""
        stem = self._known_at(at)
        if stem and at + len(stem) <= end and stem not in self.known and len(stem) < 3:
            stem = ""
        word = self.text[at:end]
        if not stem and word in GREEK:
            stem = word
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
        place = self._place(start, len(run))
        product = " ".join(run)
        if before and own in INTEGERS:
            meaning = (
                "X[i,j]"
                if at > start and run[1:] in ("ij", "ji", "ii", "jk")
                else "inv(A)"
                if run.endswith("inv")
                else ""
            )
            hint = f"write {product} for the product" + (f", or {meaning}" if meaning else "")
            raise NameProblem(f"{run} is read both as a product and as one word", f"{hint}, or declare {run}", **place)
        if own == "T" and len(run) > 1:
            turned = run.replace("T", "'", 1) if run[0] != "T" else product
            raise AmbiguousProblem(
                f"the T in {run} is read as a transpose too", f"write {turned} or {product}", **place
            )
        if re.fullmatch(rf"{LETTER}_\{{?[i-n]+\}}?", name) and name[0] != "I":
            inner = ",".join(name[2:].strip("{}"))
            raise NameProblem(
                f"{name} is an entry on paper",
                f"write {name[0]}[{inner}], or declare {name}",
                **self._place(at, len(name)),
            )
        if own == "d" and "d" not in self.known and re.match(r"\s+[A-Za-z(]", self.text[at + 1 :]):
            rest = self.text[at + 1 :].split()[0]
            raise AmbiguousProblem(
                f"'d {rest}' may be a differential", f"write d{rest} or d({rest}), or declare d", **place
            )

    # ------------------------------------------------------------ decisions

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
        mark = re.match(r"\^\s*\{?\s*([H*†])(?![A-Za-z(])", self.text[at:])
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
        rest = re.match(r"[^\s+\-*/;,)\]]*", self.text[at:])[0] or self.text[at]
        if not self.spaced and self._exponent_just_ended():
            base = self.text[: tokens[-1].start_pos].rstrip("^-")[-1:]
            exponent = tokens[-1].value
            raise AmbiguousProblem(
                "a factor directly after an exponent is read both ways",
                f"write {base}^{exponent} {rest} or {base}^({exponent} {rest})",
                **self._place(at),
            )
        slash = self.divided[-1]
        if slash is not None and (slash.type == "SLASH" or not self.spaced):
            over = self.text[: slash.start_pos].split()[-1]
            under, prime = self.text[slash.end_pos : at].strip(), "'"
            raise AmbiguousProblem(
                "a factor after a divisor is read both ways",
                f"write {over}/({under}{' ' * (under[-1:] != prime)}{rest}) or ({over}/{under}) {rest}",
                **self._place(at),
            )
        self.divided[-1] = None

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

    def _strange(self, c: str) -> NoReturn:
        _refuse(self.text, self.position, c)
        named = unicodedata.name(c, repr(c))
        hint = "close up a subscript to its letter: X_1, x_{new}" if c == "_" else ""
        if c in '"`':
            hint = "formulas have no quotation marks"
        self._fail(f"the character {c!r} ({named}) has no meaning here", hint, self.position)

    def _add(self, kind: str, value: str, at: int, length: int = 0) -> None:
        if kind in RESET:
            self.divided[-1] = None
        self.tokens.append(Token(kind, value, at, end_pos=at + (length or len(value))))

    def _place(self, at: int, length: int = 1) -> dict[str, object]:
        return {"source": self.text, "position": at, "end": at + length}

    def _fail(self, message: str, hint: str, at: int, length: int = 1) -> NoReturn:
        raise SyntaxProblem(message, hint, source=self.text, position=at, end=at + length)
