"""From characters to tokens, in one pass: what depends on white space, names or brackets is decided here.

The pass knows the open brackets and the token before.  It decides what a word means, whether a newline ends an item,
what is a transpose and what a power, and where an index is bound, so that the grammar has no choices left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NoReturn

from lark import Token

from symmat.errors import AmbiguousProblem, LimitProblem, SyntaxProblem, UnsupportedProblem
from symmat.language.brackets import OPERANDS, Bracket, Brackets, closing
from symmat.language.names import LETTER, LONGEST_NUMBER, SUBSCRIPT, canonical, entry
from symmat.language.runs import Piece, Runs
from symmat.operations.matrix_functions import FRECHET

_TOKEN = re.compile(
    rf"""(?P<word>{LETTER}+(?:{SUBSCRIPT})?)
    |(?P<space>[ ]+)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<turn>\^\s*(?P<sign>-?)\s*[Tᵀ](?![\w⁻])|\^\s*\{{\s*(?P<sign_in>-?)\s*[Tᵀ]\s*\}}|\^\s*\(\s*(?P<sign_of>-?)\s*[Tᵀ]\s*\)
        |\.T(?!\w)|'|(?P<raised_sign>⁻?)ᵀ)
    |(?P<complex>\^\s*(?:H(?!\w)|\*|†|\{{\s*[H*†]\s*\}}|\(\s*[H*†]\s*\)))
    |(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<range>\.\.)
    |(?P<latex>\\[A-Za-z]{{2,}}|\\[|,;!{{}}])
    |(?P<foreign>\*\*|==|:=|->)
    |(?P<part>\.[A-Za-z]+)
    |(?P<bar>\|\||\||‖)
    |(?P<bracket>[\[\]])
    |(?P<operator>\.\*|\./|[*·@/\\⊗∘])
    |(?P<open>[({{])
    |(?P<close>[)}}])
    |(?P<mark>\.\^|[-+^,;=:])
    |(?P<newline>\n)""",
    re.VERBOSE,
)
_TARGET = re.compile(rf"(?:^|[;\n])[^\S\n]*(?P<name>{LETTER}+(?:{SUBSCRIPT})?)\s*=(?!=)")
_LOWER = re.compile("[a-zα-ω]")
_GOING_ON = re.compile(r"\s*(?:[-+*/\\·@⊗∘=^':]|\.[*/^])")
_SUM = re.compile(rf"\(\s*(?P<index>{LETTER}(?:{SUBSCRIPT})?)\s*=")

_FACTOR = re.compile(
    rf"""[ ]*[*·@]?[ ]*(?P<factor>
    (?P<bar>\|\||\||‖).*?(?P=bar)
    |(?:\d[\d.]*[ ]*)?(?:{LETTER}+(?:{SUBSCRIPT})?(?:\.?\()?|(?<=[ *·@])[(\[])
    |\d[\d.]*)""",
    re.VERBOSE,
)
"""A factor after a d, up to its opening bracket if it has one."""

_MARKS = {
    ".^": "CARET",
    ":": "COLON",
    "+": "PLUS",
    "-": "MINUS",
    "^": "CARET",
    ",": "COMMA",
    ";": "SEMI",
    "=": "EQUALS",
}
_OPERATORS = {"·": "*", "@": "*", ".*": "∘"}
_UNFINISHED = frozenset(("PLUS", "MINUS", "OPERATOR", "COLON", "CARET", "COMMA", "EQUALS", "SEMI", "RANGE"))
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
DEEPEST_SUM = 10

_INSTEAD = {"**": "write X^3 for a power", "==": "write one =", ":=": "write S = … for a definition", "->": ""}


def tokenize(text: str, declared: Iterable[str]) -> list[Token]:
    """The tokens of a cleaned text; raises SymmatError for what no rule of the notation begins with."""
    return _Tokenizer(text, declared).run()


def targets(text: str) -> dict[int, str]:
    """Where the names of definitions stand, as typed: what is before ``=`` in an item that is no more than a name."""
    return {m.start("name"): m["name"] for m in _TARGET.finditer(text)} if "=" in text else {}


class _Tokenizer(Brackets):
    def __init__(self, text: str, declared: Iterable[str]) -> None:
        super().__init__(text)
        self.targets = targets(text)
        self.continued = 0
        self.runs = Runs(text, [*declared, *map(canonical, self.targets.values())])
        self.rules: dict[str, Callable[[re.Match[str]], None]] = {
            "word": self._word,
            "space": self._skip,
            "number": self._number,
            "turn": self._turn,
            "complex": self._complex,
            "raised": self._raised,
            "range": lambda m: self._add("RANGE", "..", m.start(), m.end()),
            "latex": self._latex,
            "foreign": self._foreign,
            "part": self._part,
            "bar": self._bar,
            "bracket": self._bracket,
            "operator": self._operator,
            "open": self._open,
            "close": self._close,
            "mark": self._mark,
            "newline": self._newline,
        }

    def run(self) -> list[Token]:
        text, match, rules = self.text, _TOKEN.match, self.rules
        while self.position < len(text):
            found = match(text, self.position)
            if found is None:
                self._strange()
            self.position = found.end()
            rules[str(found.lastgroup)](found)
        if self.brackets:
            opened = self.brackets[-1]
            self._fail(SyntaxProblem, f"'{opened.char}' is never closed", opened.position)
        while self.tokens and self.tokens[-1].type == "SEMI":
            self.tokens.pop()
        if not self.tokens:
            self._fail(SyntaxProblem, "there is no expression", 0)
        return self.tokens

    # ------------------------------------------------------------ words and numbers

    def _word(self, found: re.Match[str]) -> None:
        word, at = found[0], found.start()
        following = self.text[found.end() : found.end() + 2]
        if at in self.targets and (not self.tokens or self.tokens[-1].type == "SEMI"):
            self._add("SYMBOL", canonical(word), at, found.end())
            return
        if word == "I" and following == "_{":
            self._add("IDENTITY", "", at, found.end())
            self.position += 1
            return
        if following[:1] == "_" or (word[-2:-1] == "_" and _LOWER.match(following)):
            self._long_subscript(word, at)
        if word in ("i", "j") and self._is_imaginary(word, at):
            hint = f"everything is real: write {self.tokens[-1].value} {word} for a product"
            start = self.tokens[-1].start_pos or 0
            self._fail(UnsupportedProblem, "a complex constant", start, found.end(), hint)
        if not self.runs.is_one_name(word) and self._in_exponent():
            self._refuse_exponent(word, at)
        if following[:1] == "(" or following == ".(":
            if word == "sum" and self._finite_sum(at, found.end()):
                return
            pieces = self.runs.read_call(word, at)
            if following == ".(":
                pieces = self._dotted(pieces, word, at)
        elif word in FRECHET and self._names_function():
            pieces = [Piece("NAMED", word, len(word))]
        else:
            pieces = self.runs.read(word, at)
            if word == "d" and not self.runs.knows("d"):
                self._lonely_d(at)
        bound = self.brackets[-1].bound if self.brackets else ()
        for piece in pieces:
            kind = "BOUND" if piece.name in bound and piece.token == "SYMBOL" else piece.token
            self._add(kind, piece.name, at, at + piece.length)
            at += piece.length

    def _dotted(self, pieces: list[Piece], word: str, at: int) -> list[Piece]:
        """``exp.(X)``: the function with its dot."""
        *before, last = pieces
        if last.token != "FUNCTION":
            hint = "a dot before parentheses makes a function act on every entry: exp.(X)"
            self._fail(SyntaxProblem, f"{word} is not a function of the notation", at, at + len(word), hint)
        self.position += 1
        return [*before, Piece("FUNCTION", last.name + ".", last.length + 1)]

    def _is_imaginary(self, word: str, at: int) -> bool:
        """Whether i or j is closed up to a number and is no index of a sum: 2i."""
        bound = self.brackets[-1].bound if self.brackets else ()
        number = self.tokens[-1] if self.tokens else None
        closed_up = number is not None and number.type == "NUMBER" and number.end_pos == at
        return closed_up and word not in bound and not self.runs.knows(word)

    def _names_function(self) -> bool:
        """Whether the next word is the function of a Fréchet derivative: frechet(expm, X, E)."""
        return [t.value for t in self.tokens[-2:]] == ["frechet", "("]

    def _finite_sum(self, at: int, end: int) -> bool:
        """``sum(i =`` binds i up to the closing parenthesis."""
        found = _SUM.match(self.text, end)
        if found is None:
            return False
        index = canonical(found["index"])
        self._add("SUM", "sum", at, end)
        self._add("LPAR", "(", end, end + 1)
        self._add("INDEX", index, *found.span("index"))
        outer = self.brackets[-1].bound if self.brackets else ()
        if len(outer) >= DEEPEST_SUM:
            hint = "name a sum inside by a definition: S = sum(i = 0..k, X^i); …"
            self._fail(LimitProblem, f"finite sums are nested more than {DEEPEST_SUM} deep", at, end, hint)
        self.brackets.append(Bracket("(", end, outer, index))
        self.position = found.end("index")
        return True

    def _number(self, found: re.Match[str]) -> None:
        exponent = re.search(r"[eE]([+-]?\d+)", found[0])
        if len(found[0]) > LONGEST_NUMBER or (exponent and abs(int(exponent[1])) > LONGEST_NUMBER):
            what = f"a number of more than {LONGEST_NUMBER} digits"
            self._fail(LimitProblem, what, found.start(), found.end(), "write a power such as 10^400, or a scalar c")
        if self.tokens and self.tokens[-1].type == "NUMBER":
            self._fail(AmbiguousProblem, "two numbers side by side", found.start(), found.end(), "write * between them")
        self._add("NUMBER", found[0], found.start(), found.end())

    # ------------------------------------------------------------ postfixes

    def _turn(self, found: re.Match[str]) -> None:
        """A transpose, or an inverse transpose: two tokens."""
        at, end = found.span()
        inverse = any(found.group("sign", "sign_in", "sign_of", "raised_sign"))
        if "T" in found[0] and self.runs.knows("T") and found[0] != ".T":
            instead = "X^-1' for an inverse transpose" if inverse else "X' for a transpose"
            what = f"T is a name here, so that {''.join(found[0].split())} has two readings"
            self._fail(AmbiguousProblem, what, at, end, f"write {instead}")
        if not self.tokens or self.tokens[-1].type not in OPERANDS or (found[0] == "'" and self._spaced(found)):
            self._fail(
                SyntaxProblem, f"there is nothing before {found[0]} to transpose", at, end, "write X', closed up"
            )
        if inverse:
            self._add("RAISED", "-1", at, end)
        self._add("PRIME", "'", at, end)

    def _complex(self, found: re.Match[str]) -> None:
        if self.runs.knows("H") and "H" in found[0]:
            self.position = found.start() + 1
            self._add("CARET", "^", found.start(), found.start() + 1)
            return
        hint = "everything is real: write X' for the transpose"
        self._fail(UnsupportedProblem, f"{found[0]} is for complex matrices", found.start(), found.end(), hint)

    def _raised(self, found: re.Match[str]) -> None:
        self._add("RAISED", found[0].translate(_DIGITS), found.start(), found.end())

    # ------------------------------------------------------------ marks, operators, brackets

    def _skip(self, found: re.Match[str]) -> None:
        """A blank: between two operands in a row of blocks it separates."""
        opened = self.brackets[-1] if self.brackets else None
        if opened is None or not opened.blanks or not self.tokens or self.tokens[-1].type not in OPERANDS:
            return
        after = self.text[found.end() : found.end() + 1]
        if after in "];\n":
            return
        if after in "+-*·@/\\⊗∘^:.":
            entry = self.text[opened.position : found.end() + 1]
            hint = "separate the blocks by commas: [A, -B], or close up what belongs together: [A-B C]"
            self._fail(AmbiguousProblem, f"'{entry} …' has two readings", opened.position, found.end() + 1, hint)
        self._add("COMMA", " ", found.start(), found.end())

    def _mark(self, found: re.Match[str]) -> None:
        c, at = found[0], found.start()
        if c == ";" and self.brackets and self.brackets[-1].kind == "block":
            self._add("ROWEND", c, at, at + 1)
            self.brackets[-1].blanks = self._row_of_blanks(at + 1)
            return
        if c == ";" and self.brackets:
            hint = "close the bracket first, or separate arguments by a comma"
            self._fail(SyntaxProblem, "a ';' inside brackets", at, hint=hint)
        if c == ":" and self.brackets and self.brackets[-1].kind == "entry":
            self._add("ALL", c, at, at + 1)
            return
        if c == "," and self.brackets and self.brackets[-1].index:
            opened = self.brackets[-1]
            opened.bound, opened.index = (*opened.bound, opened.index), ""
        self._add(_MARKS[c], c, at, found.end())

    def _operator(self, found: re.Match[str]) -> None:
        self._add("OPERATOR", _OPERATORS.get(found[0], found[0]), found.start(), found.end())

    def _newline(self, found: re.Match[str]) -> None:
        """A newline ends an item, unless brackets are open or an operator stands at its end or after it."""
        at = found.end()
        if self.brackets or not self.tokens or self.tokens[-1].type in _UNFINISHED or at <= self.continued:
            return
        goes_on = _GOING_ON.match(self.text, at)
        if goes_on:
            self.continued = goes_on.end()
        else:
            self._add("SEMI", "\n", found.start(), at)

    # ------------------------------------------------------------ errors

    def _latex(self, found: re.Match[str]) -> None:
        hint = "write it in the notation: A X^-1 B, X', tr(A X)"
        self._fail(
            UnsupportedProblem, f"LaTeX such as {found[0]} is not supported yet", found.start(), found.end(), hint
        )

    def _foreign(self, found: re.Match[str]) -> None:
        message = f"'{found[0]}' is not an operator of the notation"
        self._fail(SyntaxProblem, message, found.start(), found.end(), _INSTEAD[found[0]])

    def _strange(self) -> NoReturn:
        c, at = self.text[self.position], self.position
        if c == "_":
            self._fail(
                SyntaxProblem, "'_' without a letter before it", at, hint="a subscript is closed up: X_1, x_{new}"
            )
        if c == ".":
            self._fail(SyntaxProblem, "a '.' without digits on both sides", at, hint="write 0.5 or 2.0")
        hint = {"#": "there are no comments", "×": 'sizes are declared: let "X: n×n"'}.get(c, "")
        hint = "formulas have no quotation marks" if c in '"`´' else hint
        self._fail(SyntaxProblem, f"the character {c!r} has no meaning here", at, hint=hint)

    def _long_subscript(self, word: str, at: int) -> NoReturn:
        letter = word.partition("_")[0]
        at, letter = at + len(letter) - 1, letter[-1]
        rest = re.compile(r"\w*").match(self.text, at + len(letter))
        inside = (rest[0] if rest else "").strip("_").replace("_", "")
        entered = entry(f"{letter}_{{{inside}}}") if inside else ""
        shown = f"write {entered or f'{letter}_{{{inside}}}'}" if inside else f"write {letter}_1 or {letter}_{{new}}"
        end = rest.end() if rest else at + len(word)
        self._fail(SyntaxProblem, "a subscript is digits, one letter, or in braces", at, end, shown)

    def _lonely_d(self, at: int) -> None:
        """An undeclared d before another factor may be a differential."""
        blanks = bool(self.brackets) and self.brackets[-1].blanks
        found = None if blanks else _FACTOR.match(self.text, at + 1)
        end = found.end() if found else 0
        if self.text[end - 1 : end] in ("(", "["):
            end = closing(self.text, end - 1)
        if found is None or not end:
            return
        factor = " ".join(self.text[found.start("factor") : end].split())
        message = f"'{' '.join(self.text[at:end].split())}' is read as a differential and as a product"
        inside = factor[1:-1] if factor[0] == "(" else factor
        self._fail(AmbiguousProblem, message, at, end, f"write d({inside}) for the differential, or declare d")

    def _in_exponent(self) -> bool:
        """Whether the next token is an exponent without brackets."""
        kinds = [token.type for token in self.tokens[-2:]]
        return kinds[-1:] == ["CARET"] or kinds == ["CARET", "MINUS"]

    def _refuse_exponent(self, word: str, at: int) -> NoReturn:
        """A product closed up in an exponent: X^ij, X^TX."""
        first, rest = word[0], word[1:]
        caret = next(i for i in (-1, -2) if self.tokens[i].type == "CARET")
        base = self.tokens[caret - 1] if len(self.tokens) >= 1 - caret else None
        shown = self.text[base.start_pos : base.end_pos] if base is not None and base.type == "SYMBOL" else "(…)"
        inverse = "^-1" if caret == -2 else ""
        hint = (
            f"write {shown}{inverse}'{rest} for a transpose"
            if first == "T"
            else f"write ^({first} {rest}) or ^{first} {rest}"
        )
        self._fail(AmbiguousProblem, f"the exponent {word} has two readings", at, at + len(word), hint)
