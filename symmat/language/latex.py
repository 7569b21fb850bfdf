r"""LaTeX as authors write it, rewritten to the notation: \frac12 x^\top A x becomes ((1)/(2)) x'A x.

One pass with a stack of what is open: braces and brackets, functions that wait for their one factor, sums that reach to
the end of their term.  Every character that is written remembers where in the LaTeX it comes from, so that errors point
there.
"""

from __future__ import annotations

import re

from symmat.errors import NameProblem, SyntaxProblem
from symmat.language.names import FUNCTIONS, MATRIX_FUNCTIONS
from symmat.language.rewriting import COMMAND, LETTERS, Frame, Rewriting

LATEX = re.compile(r"\\[A-Za-z]{2}|\\[|,;!{}]")
_FUNCTIONS = {
    **{name: name for name in (
        "det", "log", "exp", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "max", "min",
        "tr", "diag",
    )},
    "ln": "log", "Tr": "tr", "trace": "tr",
}  # fmt: skip
_STYLES = frozenset((
    "mathbf", "boldsymbol", "bm", "mathsf", "mathit", "mathnormal", "mathtt", "mathrm", "text", "textrm", "mathbb",
    "operatorname", "mathop", "vec", "hat", "bar",
))  # fmt: skip
_STYLED = re.compile(rf"(?:\\(?:{'|'.join(sorted(_STYLES))})\s*\{{\s*)+([^{{}}]*?)[}}\s]*")
_SIGNS = {
    "cdot": " * ", "times": " * ", "odot": " ∘ ", "circ": " ∘ ", "oslash": " ./ ", "otimes": " ⊗ ", "colon": " : ",
    "quad": " ", "qquad": " ", "ldots": "..", "dots": "..", "cdots": "..", ",": " ", ";": " ", ":": " ", " ": " ",
    "!": "", "displaystyle": "", "textstyle": "", "limits": "", "nonumber": "", "infty": "∞", "[": "", "]": "",
    "(": "", ")": "", "backslash": " \\ ",
}  # fmt: skip
_DELIMITERS = {
    "left": "left", "bigl": "left", "Bigl": "left", "right": "right", "bigr": "right", "Bigr": "right", "big": "",
    "Big": "", "bigg": "", "Bigg": "", "middle": "",
}  # fmt: skip
_BARS = {
    "|": ("||", ""), "Vert": ("||", ""), "lVert": ("||", "left"), "rVert": ("||", "right"),
    "vert": ("|", ""), "lvert": ("|", "left"), "rvert": ("|", "right"),
}  # fmt: skip
_FIXED = {"K": "commutation", "D": "duplication", "L": "elimination"}


def is_latex(text: str) -> bool:
    r"""Whether a text is LaTeX: ``\`` and two letters, or one of ``\| \, \; \! \{ \}``."""
    return LATEX.search(text) is not None


def rewrite(text: str) -> tuple[str, list[int]]:
    """The text in the notation, and for each of its characters the place that it comes from."""
    return _Rewriter(text).run()


class _Rewriter(Rewriting):
    """The tokens and commands of LaTeX."""

    def inner(self, text: str) -> str:
        """A piece of LaTeX in the notation."""
        return _Rewriter(text).run()[0].strip()

    def run(self) -> tuple[str, list[int]]:
        main, where, definitions = self.text.partition(r"\text{where }")
        if where:  # results name their definitions last, and the notation first
            split = len(main)
            first, first_at = _Rewriter(definitions.replace(r", \;", "; ")).run()
            rest, rest_at = _Rewriter(main).run()
            shift = split + len(where)
            return f"{first}; {rest}", [*(shift + p for p in first_at), split, split, *rest_at]
        while self.position < len(self.text):
            self.step()
        self.end_term()
        return "".join(self.out), self.places

    def step(self) -> None:
        """One token."""
        at, c = self.position, self.text[self.position]
        if c == "\\":
            found = COMMAND.match(self.text, at)
            if found is None:
                self.fail(SyntaxProblem, "a lone backslash", at)
            self.position = found.end() if len(found[1]) > 1 else at + 2
            self.command(found[1], at)
            return
        self.position += 1
        if c in "([{":
            self.open(c, at)
        elif c in ")]}":
            self.close(c, at)
        elif c in "^_'":
            self.postfix(c, at)
        elif c == "|":
            self.bar("|", at)
        elif c in "+-=,;":
            self.end_term()
            self.emit(c, at)
            self.operand = False
        elif c == "&":
            self.emit(", " if self.inside("matrix") else " ", at)
        elif c in "$~ \n":
            self.emit(" ", at)
        elif c == "." and self.operand and self.text[self.position : self.position + 1].isalpha():
            part = re.compile(r"[A-Za-z]+").match(self.text, self.position)
            self.position = part.end() if part else self.position
            self.emit("." + (part[0] if part else ""), at)
        elif c.isdigit():
            number = re.compile(r"\d*(\.\d+)?").match(self.text, self.position)
            alone = bool(self.frames) and self.frames[-1].kind == "single"  # \frac12 takes a digit each
            self.position = number.end() if number and not alone else self.position
            self.atom(self.text[at : self.position], at)
        elif c.isalpha():
            self.letter(c, at)
        else:
            self.emit(c, at)
            self.operand = False

    def letter(self, c: str, at: int) -> None:
        fixed = re.compile(r"\s*_\s*\{([^{}]*)\}\s*\^\s*\{\(([^{}]*)\)\}").match(self.text, self.position)
        named = self.function_in_subscript() if c in "LK" else ""
        if c == "e" and fixed:
            self.position = fixed.end()
            self.call(f"basis({fixed[1]}, {fixed[2]})", at)
        elif named:
            self.function_with(f"frechet({named}, ", at)
        else:
            self.atom(c, at)

    def function_in_subscript(self) -> str:
        r"""expm of ``L_{\operatorname{expm}}``, or the exponent of ``L_{x^{\alpha}}``; else nothing is read."""
        here = self.position
        if self.text[here : here + 1] != "_":
            return ""
        self.position += 1
        content = self.raw()
        named = re.fullmatch(r"\\operatorname\{(\w+)\}", content)
        if named and named[1] in MATRIX_FUNCTIONS:
            return named[1]
        if content.startswith("x^"):
            return f"({self.inner(content[2:])})"
        self.position = here
        return ""

    def function_with(self, opening: str, at: int) -> None:
        """A function whose first argument stands in its subscript: the parentheses that follow hold the others."""
        if self.out and self.out[-1].isalnum():
            self.emit(" ", at)
        start = len(self.out)
        self.emit(opening, at)
        found = re.compile(r"\s*(?:\\left)?\s*\(").match(self.text, self.position)
        if found is None:
            self.fail(SyntaxProblem, "a Fréchet derivative needs parentheses", at)
        self.position = found.end()
        self.frames.append(Frame("(", start, ")"))

    # ------------------------------------------------------------ commands

    def command(self, name: str, at: int) -> None:
        if name in LETTERS:
            self.atom(LETTERS[name], at, from_command=True)
        elif name in _FUNCTIONS:
            self.function(_FUNCTIONS[name], at)
        elif name in _DELIMITERS:
            self.delimiter(_DELIMITERS[name])
        elif name in _BARS:
            sign, side = _BARS[name]
            self.bar(sign, at, side)
        elif name in _SIGNS:
            self.emit(_SIGNS[name], at)
            self.operand = self.operand and not _SIGNS[name].strip()
        elif name in _STYLES:
            self.style(name, at)
        elif name in ("frac", "dfrac", "tfrac"):
            self.fraction(at)
        elif name == "sqrt":
            self.root(at)
        elif name == "sum":
            self.sum(at)
        elif name == "mathcal":
            self.fixed_matrix(at)
        elif name in ("begin", "end"):
            self.environment(name, at)
        elif name == "\\":
            self.emit("; " if self.inside("matrix") else " ", at)
        elif name in "{}":
            (self.open if name == "{" else self.close)({"{": "(", "}": ")"}[name], at)
        elif name == "langle":
            self.frames.append(Frame("angle", len(self.out)))
            self.emit("dot(", at)
            self.operand = False
        elif name == "rangle" and self.inside("angle"):
            frame = self.frames.pop()
            self.emit(")", at)
            self.done(frame.start)
        elif name in FUNCTIONS:
            self.fail(NameProblem, f"\\{name} is not a command of LaTeX", at, f"write \\operatorname{{{name}}}")
        else:
            self.position = at + len(name) + 1
            self.fail(NameProblem, f"the LaTeX command \\{name} is not known", at)

    def delimiter(self, side: str) -> None:
        """``\\left`` and its like say that a delimiter opens or closes."""
        self.side = side
        if self.text[self.position : self.position + 1] == ".":
            self.position += 1
            self.side = ""
        elif self.text[self.position : self.position + 1] == "|":
            self.position += 1
            self.bar("|", self.position - 1)

    def style(self, name: str, at: int) -> None:
        r"""``\mathbf{X}`` is X, ``\mathrm{d}X`` is dX, and ``\operatorname{tr}`` a function."""
        here = self.position
        content = self.raw().strip()
        twice = _STYLED.fullmatch(content)
        content = twice[1] if twice else content
        if name == "mathrm" and content == "d":
            order = re.compile(r"\s*\^\s*\{?\s*([1-9])\s*\}?\s*").match(self.text, self.position)
            self.position = order.end() if order else self.position
            self.atom("d" * int(order[1] if order else 1), at, from_command=True)
            self.glued, self.apart = True, False
            self.operand = False
        elif content in ("1", "0") and name in ("mathbf", "mathbb", "boldsymbol", "bm"):
            self.constant("ones" if content == "1" else "zeros", content, at)
        elif content in FUNCTIONS or content in _FUNCTIONS:
            self.function(_FUNCTIONS.get(content, content), at)
        elif name == "operatorname":
            self.function(content, at)
        elif content.startswith("\\") and content[1:] in LETTERS:
            self.atom(LETTERS[content[1:]], at, from_command=True)
        elif "\\" in content:
            self.position = here  # a whole expression in bold: its braces group
        else:
            self.atom(content, at, from_command=True)

    def constant(self, word: str, digit: str, at: int) -> None:
        r"""``\mathbf{1}_{m \times n}``."""
        found = re.compile(r"\s*_").match(self.text, self.position)
        if found is None:
            self.atom(digit, at, from_command=True)
            return
        self.position = found.end()
        sizes = [self.inner(size) for size in self.raw().split(r"\times")]
        self.call(f"{word}({', '.join(sizes)})", at)

    def function(self, word: str, at: int) -> None:
        """A function takes what is in parentheses, or else one factor with its postfixes."""
        dotted = re.compile(r"\s*_\s*\{\\odot\}").match(self.text, self.position)
        if dotted:
            self.position = dotted.end()
            word += "."
        follows = re.compile(r"\s*\\det\s*").match(self.text, self.position) if word == "log" else None
        if follows:
            self.position = follows.end()
            word = "logdet"
        if self.out and (self.out[-1].isalnum() or self.out[-1] in ")'"):
            self.emit(" ", at)
        start = len(self.out)
        self.emit(word, at)
        self.glued = self.apart = False
        parenthesis = re.compile(r"\s*(?:\\left|\\bigl|\\Bigl|\\big|\\Big)?\s*([(\[])").match(self.text, self.position)
        if parenthesis:
            self.position = parenthesis.end()
            self.emit("(", self.position - 1)
            self.frames.append(Frame(parenthesis[1], start, ")"))
        else:
            self.emit("(", at)
            self.frames.append(Frame("factor", start, ")"))
        self.operand, self.side = False, ""

    def fraction(self, at: int) -> None:
        if self.out and self.out[-1].isalnum():
            self.emit(" ", at)
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
            degree, self.position = self.text[self.position + 1 : end], end + 1
        if self.out and self.out[-1].isalnum():
            self.emit(" ", at)
        start = len(self.out)
        self.emit("(" if degree else "sqrt(", at)
        self.argument(f")^(1/{degree})" if degree else ")", start)

    def sum(self, at: int) -> None:
        found = re.compile(r"\s*_\s*").match(self.text, self.position)
        if found is None:
            self.fail(SyntaxProblem, "a sum needs its index", at, r"write \sum_{i=0}^{k-1}")
        self.position = found.end()
        lower = self.raw()
        above = re.compile(r"\s*\^\s*").match(self.text, self.position)
        if above is None or "=" not in lower:
            self.fail(SyntaxProblem, "a sum needs both of its bounds", at, r"write \sum_{i=0}^{k-1}")
        self.position = above.end()
        index, _, first = lower.partition("=")
        last = self.inner(self.raw())
        if self.out and self.out[-1].isalnum():
            self.emit(" ", at)
        start = len(self.out)
        self.emit(f"sum({index.strip()} = {self.inner(first)}..{last.strip()}, ", at)
        self.frames.append(Frame("sum", start, ")"))
        self.operand = False

    def fixed_matrix(self, at: int) -> None:
        r"""``\mathcal{K}_{m,n}``, the commutation matrix, and its like."""
        letter = self.raw().strip()
        found = re.compile(r"\s*_\s*").match(self.text, self.position)
        if letter not in _FIXED or found is None:
            self.atom(letter, at, from_command=True)
            return
        self.position = found.end()
        self.call(f"{_FIXED[letter]}({self.inner(self.raw())})", at)

    def environment(self, name: str, at: int) -> None:
        kind = self.raw()
        if "matrix" not in kind:
            return
        if name == "begin":
            self.frames.append(Frame("matrix", len(self.out), "]"))
            self.emit("[", at)
            self.operand = False
        else:
            self.end_term()
            frame = self.frames.pop() if self.inside("matrix") else None
            self.emit("]", at)
            self.done(frame.start if frame else 0)
