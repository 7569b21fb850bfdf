"""From values to Python: straight-line code, with a temporary for each value that is used twice.

What does not depend on the index of a finite sum is computed before its loop.  A matrix that is solved with more than
once, or solved with and its determinant taken, is factorised once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from symmat.errors import LimitProblem
from symmat.numeric.copying import KERNELS
from symmat.numeric.naming import Naming, literal
from symmat.numeric.values import FACTORED, Value, Values, postorder

COMPARE, ADD, MUL, UNARY, POWER, ATOM = range(6)
Text = tuple[str, int]
"""A piece of source and its precedence."""

WIDTH = 88
"""A longer piece becomes a temporary."""
MOST_LOOPS = 12
"""Python nests no more than twenty blocks."""
PLAIN = ("name", "number", "index", "nonnegative", "zeros", "side", "literal", "keyword", "function")
"""Values that are never worth a temporary."""
SHORT = 16
"""A sum of integers up to this width is written again."""
TRIVIAL = re.compile(r"\w+(\.T|\[[:None, ]+\])?")
"""Pieces that cost nothing: names, and views of them."""
FACTORISATIONS = {"lu": "lu", "cholesky": "cho"}
"""The factorisations of a matrix for all its uses, as SciPy spells them."""
ALONE = {("np.linalg.svd", 1): "np.linalg.svd({}, compute_uv=False)", ("np.linalg.eigh", 0): "np.linalg.eigvalsh({})"}
"""Parts of factorisations that cost less where no other part is wanted."""


class Source:
    """Writes the body of one function."""

    def __init__(self, make: Values, naming: Naming, hints: Mapping[Value, str]) -> None:
        self._make, self._naming, self._hints = make, naming, hints
        self._text: dict[Value, Text] = {}
        self._uses: Counter[Value] = Counter()
        self._before_loop: set[Value] = set()
        self._factored: set[Value] = set()
        self._parts: dict[Value, set[Value]] = {}
        self.lines: list[str] = []
        self.calls: set[str] = set()
        self.kernels: dict[str, None] = {}

    def write(self, root: Value) -> list[str]:
        """The lines of the body; the last returns the value."""
        groups: dict[Value, set[Value]] = {}
        for value in postorder(root, lambda v: v.args):
            if value.op in FACTORED:
                groups.setdefault(value.args[0], set()).add(value)
            if value.op == "item":
                self._parts.setdefault(value.args[0], set()).add(value)
        self._factored = {matrix for matrix, users in groups.items() if len(users) > 1}
        for value in postorder(root, self._operands):
            inside = self._operands(value)
            self._uses.update(inside)
            moving = value.free | {value.data} if value.op == "loop" else value.free
            carried = inside[:1] if value.op == "loop" else inside
            self._before_loop.update(a for a in carried if len(a.free) < len(moving))
        self._block(root, frozenset(), "    ")
        self.lines.append(f"    return {self._text[root][0]}")
        return self.lines

    def _operands(self, value: Value) -> Sequence[Value]:
        if value.op in FACTORED and value.args[0] in self._factored:
            how = "cholesky" if value.args[0] in self._make.definite else "lu"
            return (self._make.make(how, value.args[0]), *value.args[1:])
        return value.args[0].args[:1] if self._is_alone(value) else value.args

    def _is_alone(self, value: Value) -> bool:
        """Whether a value is the only part of a factorisation, and one that costs less alone."""
        if value.op != "item" or len(self._parts[value.args[0]]) > 1:
            return False
        return (value.args[0].data, value.data) in ALONE

    def _block(self, root: Value, scope: frozenset[str], indent: str) -> None:
        """The lines that compute what the indices in scope allow and no outer block has computed, operands first."""
        if len(scope) > MOST_LOOPS:
            raise LimitProblem("finite sums nested too deeply for numbers", "name a sum inside by a definition: S = …")
        for value in postorder(root, self._operands):
            if value in self._text or not value.free <= scope:
                continue
            if value.op == "loop":
                self._loop(value, scope, indent)
                continue
            text = self._rule(value, indent)
            self._text[value] = text
            if self._is_temporary(value, text) and (value is not root or scope):
                self._assign(value, text[0], indent)

    def _is_temporary(self, value: Value, text: Text) -> bool:
        if value.op in PLAIN or TRIVIAL.fullmatch(text[0]):
            return value in self._hints and not text[0].isidentifier()
        if value in self._hints or value.op in FACTORISATIONS or len(text[0]) > WIDTH:
            return True
        return (self._uses[value] > 1 or value in self._before_loop) and not (
            is_plain_sum(value) and len(text[0]) <= SHORT
        )

    def _assign(self, value: Value, text: str, indent: str) -> str:
        name = self._temporary(value)
        self.lines.append(f"{indent}{name} = {text}")
        self._text[value] = (name, ATOM)
        return name

    def _temporary(self, value: Value) -> str:
        if value in self._hints:
            return self._naming.unique(self._hints[value])
        if value.op in FACTORISATIONS or value in self._parts:
            matrix = self._text[value.args[0]][0]
            word = FACTORISATIONS.get(value.op) or value.data.rpartition(".")[2]
            return self._naming.unique(f"{word}_{matrix}" if matrix.isidentifier() else word)
        return self._naming.numbered("T" if value.rank == 2 else "t")

    # ------------------------------------------------------------ one value

    def _rule(self, value: Value, indent: str) -> Text:
        args = [self._text[a] for a in self._operands(value)]
        if value.op == "nonnegative":
            self.lines.append(f"{indent}if {args[0][0]} < 0:")
            self.lines.append(f"{indent}    raise ValueError({literal(f'{value.data} must be at least 0')})")
            return args[0]
        if value.op in FACTORED:
            return self._solution(value, args)
        if self._is_alone(value):
            return ALONE[value.args[0].data, value.data].format(args[0][0]), ATOM
        if value.op in ("call", "function") and value.data in KERNELS:
            self.kernels[value.data] = None
        if value.op == "permutation":
            return self._kernel("permutation", args[0])
        if value.op == "sum":
            return self._sum(value, indent)
        if value.op in FACTORISATIONS:
            return self._call(f"{FACTORISATIONS[value.op]}_factor", args[0])
        return RULES[value.op](value, args)

    def _solution(self, value: Value, args: Sequence[Text]) -> Text:
        matrix, definite = value.args[0], value.args[0] in self._make.definite
        if matrix in self._factored:
            return self._from_factors(value, args, definite)
        if value.op == "logdet":
            return self._kernel("log_det", args[0])
        if value.op != "solve":
            return call(f"np.linalg.{value.op}", args[0])
        if definite:
            return self._call("cho_solve", self._call("cho_factor", args[0]), args[1])
        return call("np.linalg.solve", turned(args[0]) if value.data else args[0], args[1])

    def _from_factors(self, value: Value, args: Sequence[Text], definite: bool) -> Text:
        if value.op in ("det", "logdet"):
            return self._kernel(f"{value.op.replace('log', 'log_')}_of_{'cholesky' if definite else 'lu'}", args[0])
        right = args[1] if value.op == "solve" else (f"np.eye(len({args[0][0]}[{0 if definite else 1}]))", ATOM)
        if definite:
            return self._call("cho_solve", args[0], right)
        return self._call("lu_solve", args[0], right, *[("trans=1", ATOM)] * bool(value.data))

    def _call(self, name: str, *args: Text) -> Text:
        self.calls.add(name)
        return call(name, *args)

    def _kernel(self, name: str, *args: Text) -> Text:
        self.kernels[name] = None
        return call(name, *args)

    def _sum(self, value: Value, indent: str) -> Text:
        """The sum, a positive term first; of many terms over several lines."""
        pieces = [self._signed(term) for term in value.args]
        first = next((i for i, piece in enumerate(pieces) if piece[0] == "+"), 0)
        pieces.insert(0, pieces.pop(first))
        rows: list[list[tuple[str, str]]] = [[]]
        for piece in pieces:
            if rows[-1] and sum(len(t) + 3 for _, t in rows[-1]) + len(piece[1]) > WIDTH:
                rows.append([])
            rows[-1].append(piece)
        sign, text = signs_outside(rows[0])
        text = text if sign == "+" else "-" + within((text, ADD), POWER)
        if len(rows) == 1:
            return text, ADD
        name = self._temporary(value)
        self.lines.append(f"{indent}{name} = {text}")
        for row in rows[1:]:
            self.lines.append(f"{indent}{name} = {name} {' '.join(f'{s} {t}' for s, t in row)}")
        return name, ATOM

    def _signed(self, term: Value) -> tuple[str, str]:
        text = self._text[term]
        if term.op == "negative" and text[0].startswith("-"):
            return "-", within(self._text[term.args[0]], MUL)
        if term.op == "number" and term.data < 0:
            return "-", within(number_text(-term.data), MUL)
        return "+", f"({text[0]})" if text[0].startswith("-") else text[0]

    def _loop(self, value: Value, scope: frozenset[str], indent: str) -> None:
        body, low, stop, start = value.args[:4]
        zero = RULES["zeros"](start, [self._text[side] for side in start.args])[0] if start.rank else "0.0"
        name = self._assign(value, zero, indent)
        bounds = self._text[stop][0]
        if self._text[low][0] != "0":
            bounds = f"{self._text[low][0]}, {bounds}"
        self.lines.append(f"{indent}for {value.data} in range({bounds}):")
        before = dict(self._text)
        self._block(body, scope | {value.data}, indent + "    ")
        self.lines.append(f"{indent}    {name} += {self._text[body][0]}")
        self._text = before


# ---------------------------------------------------------------- pieces of source


def is_plain_sum(value: Value) -> bool:
    """Whether a value is a sum such as k - 1 - i, which is not worth a temporary."""
    terms = (t for a in value.args for t in (a.args if a.op == "negative" else (a,)))
    return not value.rank and value.op in ("sum", "negative") and all(t.op in PLAIN for t in terms)


def within(piece: Text, precedence: int) -> str:
    """The piece, in parentheses if it binds looser than its place."""
    return piece[0] if piece[1] >= precedence else f"({piece[0]})"


def turned(piece: Text) -> Text:
    return within(piece, ATOM) + ".T", ATOM


def signs_outside(terms: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The sign of the first term, and the sum under it."""
    (sign, text), *rest = terms
    for s, term in rest:
        text += f" {'+' if s == sign else '-'} {term}"
    return sign, text


def call(function: str, *args: Text) -> Text:
    return f"{function}({', '.join(a[0] for a in args)})", ATOM


def number_text(value: Fraction) -> Text:
    """A number as Python has it: whole, as a short decimal, or as a fraction."""
    if value < 0:
        text, precedence = number_text(-value)
        return f"-{text}", min(precedence, UNARY)
    if value.denominator == 1 and value.numerator < 2**53:
        return str(value.numerator), ATOM
    try:
        short = float(value)
    except OverflowError:
        raise LimitProblem("a number too large for floating point", "write a scalar c in its place") from None
    if not short and value:
        raise LimitProblem("a number too small for floating point", "write a scalar c in its place")
    if Fraction(short) == value or len(repr(short)) <= 8 or max(value.numerator, value.denominator) >= 2**53:
        return repr(short), ATOM
    return f"{value.numerator} / {value.denominator}", MUL


def matmul(value: Value, args: Sequence[Text]) -> Text:
    return f"{within(args[0], MUL)} @ {within(args[1], UNARY)}", MUL


def negative(value: Value, args: Sequence[Text]) -> Text:
    # -(A @ b) negates the vector, and -A @ b would negate the matrix
    return "-" + within(args[0], POWER), UNARY


def scaled(value: Value, args: Sequence[Text]) -> Text:
    """number · above / below · value, read from the left: the scalars first."""
    number, count_above, count_below = value.data
    above = [within(a, UNARY) for a in args[:count_above]]
    below = [within(b, UNARY) for b in args[count_above : count_above + count_below]]
    rest = args[count_above + count_below :]
    scale = [within(number_text(number), MUL)] if number != 1 else []
    divisor = below[0] if len(below) == 1 else f"({' * '.join(below)})" if below else ""
    front = " * ".join([*scale, *above])
    if number.numerator == 1 and number.denominator > 1 and number_text(number)[1] == MUL and not below:
        divisor, front = str(number.denominator), " * ".join(above)
    if not front:
        front = within(rest[0], MUL) if rest else "1"
        rest = ()
    text = f"{front} / {divisor}" if divisor else front
    return (f"{text} * {within(rest[0], UNARY)}" if rest else text), MUL


def part(value: Value, args: Sequence[Text]) -> Text:
    """X[a - 1 : b, c], an axis at a time."""
    bounds = iter(args[1:])
    shown = []
    for axis in value.data:
        if axis == "all":
            shown.append(":")
        elif axis == "one":
            shown.append(next(bounds)[0])
        else:
            first, last = next(bounds)[0], next(bounds)[0]
            spaced = " " in first + last
            shown.append(f"{'' if first == '0' else first}{' : ' if spaced else ':'}{last}".strip())
    while shown[-1] == ":" and len(shown) > 1:
        shown.pop()
    return f"{within(args[0], ATOM)}[{', '.join(shown)}]", ATOM


def blocks(value: Value, args: Sequence[Text]) -> Text:
    texts = [a[0] for a in args]
    rows = (texts[i : i + value.data] for i in range(0, len(texts), value.data))
    return "np.block([" + ", ".join(f"[{', '.join(row)}]" for row in rows) + "])", ATOM


def filled(name: str, args: Sequence[Text]) -> Text:
    sides = ", ".join(a[0] for a in args)
    return f"np.{name}({sides if len(args) == 1 else f'({sides})'})", ATOM


def reshaped(value: Value, args: Sequence[Text]) -> Text:
    sides = ", ".join(a[0] for a in args[1:])
    order = f", order={value.data!r}" if value.data != "C" else ""
    return f"{within(args[0], ATOM)}.reshape({sides}{order})", ATOM


LIFTED = {"column": "{}[:, None]", "row": "{}[None, :]", "scalar": "np.full((1, 1), {})"}
FLATTENED = {0: "{}.item()", 1: "{}.reshape(-1)"}


RULES: dict[str, Callable[[Value, Sequence[Text]], Text]] = {
    "name": lambda value, args: (value.data, ATOM),
    "index": lambda value, args: (value.data, ATOM),
    "number": lambda value, args: number_text(value.data),
    "turned": lambda value, args: turned(args[0]),
    "negative": negative,
    "scaled": scaled,
    "matmul": matmul,
    "outer": lambda value, args: call("np.outer", *args),
    "dot": lambda value, args: (f"np.sum({within(args[0], MUL)} * {within(args[1], UNARY)})", ATOM),
    "trace": lambda value, args: call("np.trace", *args),
    "power": lambda value, args: call("np.linalg.matrix_power", *args),
    "raised": lambda value, args: (f"{within(args[0], ATOM)} ** {within(args[1], UNARY)}", POWER),
    "call": lambda value, args: call(value.data, *args),
    "taken": lambda value, args: (f"{within(args[0], ATOM)}[{':, ' * (value.data == 'columns')}{args[1][0]}]", ATOM),
    "eye": lambda value, args: call("np.eye", *args),
    "zeros": lambda value, args: filled("zeros", args),
    "ones": lambda value, args: filled("ones", args),
    "entrywise": lambda value, args: (" * ".join([within(args[0], MUL), *(within(a, UNARY) for a in args[1:])]), MUL),
    "part": part,
    "blocks": blocks,
    "guarded": lambda value, args: args[0],
    "floordiv": lambda value, args: (f"{within(args[0], MUL)} // {within(args[1], UNARY)}", MUL),
    "lifted": lambda value, args: (LIFTED[value.data].format(within(args[0], ATOM)), ATOM),
    "flattened": lambda value, args: (FLATTENED[value.rank].format(within(args[0], ATOM)), ATOM),
    "literal": lambda value, args: (value.data, ATOM),
    "function": lambda value, args: (value.data, ATOM),
    "keyword": lambda value, args: (f"{value.data}={args[0][0]}", ATOM),
    "item": lambda value, args: (f"{within(args[0], ATOM)}[{value.data}]", ATOM),
    "side": lambda value, args: (f"{within(args[0], ATOM)}.shape[1]" if value.data else f"len({args[0][0]})", ATOM),
    "reshaped": reshaped,
    "quotient": lambda value, args: (f"{within(args[0], MUL)} / {within(args[1], UNARY)}", MUL),
    "equal": lambda value, args: (f"{within(args[0], ADD)} == {within(args[1], ADD)}", COMPARE),
    "tuple": lambda value, args: (", ".join(a[0] for a in args), ADD),
}
