r"""LaTeX that needs amsmath only: ``A \, \mathrm{d}X \, B``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Basic, Inverse, MatrixSymbol, Rational, Symbol, Transpose

from symmat.algebra.measures import is_matrix
from symmat.core.constructors import is_one, shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.operation import operation
from symmat.core.table import Shape
from symmat.errors import SyntaxProblem
from symmat.greek import COMMANDS, GREEK
from symmat.printing.layout import display, width
from symmat.printing.printer import ATOM, INFIX, POSTFIX, PRODUCT, RATIO, Piece, Printer
from symmat.printing.spelling import closed_up, is_mark
from symmat.registry import SLOT
from symmat.shapes import show_size

WIDEST_NUMERATOR, WIDEST_SCALAR, LONGEST_SYMBOL = 130.0, 220.0, 15.0
"""A matrix that is no wider stands in the numerator, as x over its norm, but beside what is just a symbol: 1/n X.

A scalar stands in the numerator, unless it is so wide that a line has to be broken in it.
"""
TALL = re.compile(r"\\(?:frac|sum|begin)(?![A-Za-z])")
"""What is higher than a line; only there do brackets grow."""
LOW = {
    r"\left(": "(", r"\right)": ")", r"\left\|": r"\lVert", r"\right\|": r"\rVert", r"\left|": r"\lvert ",
    r"\right|": r" \rvert",
}  # fmt: skip
"""Brackets of one line, for those that grow."""
GROWING = re.compile("|".join(map(re.escape, LOW)))
LOOSE = re.compile(r"\^\{[^^]*\}$|^\\log\\left\|")
"""What ends with an exponent, or with bars after a function: a further exponent would belong to these."""
MARK = re.compile(r"\\top|\\intercal|\\prime|T|\\(?:mathsf|mathrm|text)\s*(?:\{T\}|(?<=\s)T)")


@dataclass(frozen=True)
class Style:
    """What authors differ in: the mark of a transpose, bold matrices and vectors, and parentheses around dX."""

    transpose: str = r"\top"
    bold: bool = False
    parentheses: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.transpose, str) or not MARK.fullmatch(self.mark):
            message = f"{self.transpose!r} is not a mark of a transpose"
            raise SyntaxProblem(message, r"write \top, T, \mathsf{T}, \mathrm{T}, \intercal or \prime")

    @property
    def mark(self) -> str:
        """The mark of a transpose, without braces around it."""
        return self.transpose[1:-1] if self.transpose.startswith("{") else self.transpose


class LaTeX(Printer):
    """LaTeX for mathematics mode, in a style."""

    at_most = r"\le"

    def __init__(
        self, names: Mapping[str, str] | None = None, definitions: Collection[str] = (), style: Style | None = None
    ) -> None:
        super().__init__(names, definitions)
        self.style = style or Style()
        self.moving = INFIX if self.style.parentheses else POSTFIX

    def name(self, name: str, of: Basic | None = None) -> str:
        """A symbol, bold if it is a matrix or a vector and the style wants it: Greek letters as well."""
        stem, _, subscript = name.replace("{", "").replace("}", "").partition("_")
        digits = re.fullmatch(r"(\D+)(\d+)", stem) if not subscript else None
        if digits and f"{digits[1]}_{digits[2]}" not in self.taken:
            stem, subscript = digits.groups()
        letter = upright(stem)
        if self.style.bold and of is not None and shape_of(of):
            letter = rf"\boldsymbol{{{letter}}}"
        return f"{letter}_{{{upright(subscript)}}}" if subscript else letter

    def differential(self, name: str, order: int = 1, of: Basic | None = None) -> str:
        return rf"\mathrm{{d}}{f'^{{{order}}}' * (order > 1)}{self.name(name, of)}"

    def group(self, text: str) -> str:
        return rf"\left({text}\right)" if TALL.search(text) else f"({text})"

    def juxtapose(self, pieces: Sequence[str], nodes: Sequence[Basic]) -> str:
        text = pieces[0]
        for i, piece in enumerate(pieces[1:], 1):
            if piece[0].isdigit():
                text += r" \cdot " + piece
            else:
                moves = any(is_open_differential(nodes[j], pieces[j]) for j in (i - 1, i))
                text += (r" \, " if moves and not has_space(pieces[i - 1], piece) else " ") + piece
        return text

    def quotient(self, above: Sequence[tuple[Basic, Piece]], below: Sequence[Piece], sign: str) -> Piece:
        denominator = " ".join(self.within(p, PRODUCT) if len(below) > 1 else p.text for p in below)
        scalars = [f for f in above if not shape_of(f[0])]
        top = above
        if len(scalars) < len(above) and (
            width(denominator) <= LONGEST_SYMBOL or width(self.above(above)) > WIDEST_NUMERATOR
        ):
            top = scalars
        if width(self.above(top)) > WIDEST_SCALAR:
            top = [f for f in scalars if isinstance(f[0], Rational)]
        text = rf"{sign}\frac{{{self.above(top)}}}{{{denominator}}}"
        beside = [f for f in above if f not in top]
        return Piece(f"{text} {self.factors(beside)}" if beside else text, 0 if sign else PRODUCT)

    def above(self, factors: Sequence[tuple[Basic, Piece]]) -> str:
        """Factors in a numerator: one alone needs no parentheses."""
        return factors[0][1].text if len(factors) == 1 else self.factors(factors) if factors else "1"

    def fraction(self, above: Piece, below: Piece) -> Piece:
        return Piece(rf"\frac{{{above.text}}}{{{below.text}}}", RATIO)

    def ratio(self, p: int, q: int) -> Piece:
        return Piece(rf"\frac{{{p}}}{{{q}}}", RATIO)

    def raised(self, base: str, exponent: str, node: Basic) -> str:
        return f"{base}^{{{self.group(exponent) if is_mark(exponent) else closed_up(exponent)}}}"

    def inverse(self, base: Piece) -> Piece:
        return self.marked(base, "-1")

    def transposed(self, node: Basic, args: Sequence[Piece]) -> Piece:
        matrix = node.args[0]
        if type(matrix) is Inverse:
            return self.marked(self.done[matrix.args[0]], "-" + self.mark)
        binds = POSTFIX if is_symbol(matrix) and not self.style.parentheses else ATOM  # (dX)' is d(X')
        return Piece(f"{self.within(args[0], binds)}^{{{self.mark}}}", POSTFIX)

    @cached_property
    def mark(self) -> str:
        """The mark of a transpose: no plain T where that is a name."""
        return r"\top" if self.style.mark == "T" and "T" in self.taken else self.style.mark

    def marked(self, base: Piece, mark: str) -> Piece:
        return Piece(f"{self.within(base, ATOM)}^{{{mark}}}", ATOM - 1)

    def call(self, node: Basic, args: Sequence[Piece]) -> Piece:
        record = operation(type(node))
        template = record.latex(node) if callable(record.latex) else record.latex
        template = template or rf"\operatorname{{{record.spelling}}}"
        if not SLOT.search(template):
            template += r"\left({*}\right)"
        if record.elementwise and is_matrix(node):  # exp(X) is read both ways
            template = template.replace(r"\left(", r"_{\odot}\left(")
        loose = "!}" in template or LOOSE.search(template)
        if not any(TALL.search(a.text) for a in args):
            template = GROWING.sub(lambda found: LOW[found[0]], template)
        return Piece(self.filled(template, node, args), INFIX if record.infix else POSTFIX if loose else ATOM)

    def norm(self, text: str, shape: Shape) -> str:
        if not shape:
            return rf"\lvert {text} \rvert"
        return rf"\lVert {text} \rVert" + ("" if is_one(shape[1]) else "_F")

    def infix(self, node: Basic) -> str:
        return f" {operation(type(node)).latex} "  # an infix record's latex is its sign

    def zero(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(rf"\mathbf{{0}}_{{{self.sizes(node)}}}")

    def ones(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(rf"\mathbf{{1}}_{{{self.sizes(node)}}}")

    def sizes(self, node: Basic) -> str:
        """Rows and columns, as a subscript."""
        rows, cols = (braced(show_size(side)) for side in node.args)
        return rows if cols == "1" else rf"{rows} \times {cols}"

    def sized(self, size: str) -> str:
        return f"I_{{{braced(size)}}}"

    def finite_sum(self, node: Basic, args: Sequence[Piece]) -> Piece:
        body, index, lower, upper = args
        return Piece(
            rf"\sum_{{{index.text}={lower.text}}}^{{{closed_up(upper.text)}}} {self.within(body, PRODUCT)}",
            PRODUCT,
        )

    def pending(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(rf"\mathrm{{d}}{self.group(args[0].text)}")

    def left_side(self, kind: str, order: int, letter: str, inner: Piece, names: Sequence[str]) -> str:
        function = letter or self.group(inner.text)
        if kind == "diff":
            d = r"\mathrm{d}" if order == 1 else rf"\mathrm{{d}}^{{{order}}}"
            return d + function
        if kind == "grad":
            return rf"\nabla_{{{names[0]}}} {function}"
        if kind == "hessian":
            return rf"\nabla^{{2}}_{{{names[0]}}} {function}"
        if kind == "adjoint":
            return rf"{function}'({names[0]})^{{*}}[{names[1]}]"
        if kind == "entries":
            return rf"J_{{{''.join(names[1:])}}}"
        vec = "vech" if kind == "half jacobian" else "vec"
        below = rf"\partial (\operatorname{{{vec}}} {names[0]})^{{\top}}"
        return rf"\frac{{\partial \operatorname{{vec}} {function}}}{{{below}}}"

    def with_definitions(self, shown: str, defined: Sequence[str]) -> str:
        where = r", \; ".join(defined)
        return rf"{shown} \quad \text{{where }} {where}" if defined else shown

    def equation(self, left: str, right: str, defined: Sequence[str]) -> str:
        return display(left, right, defined)


def upright(name: str) -> str:
    """A letter in italics or Greek, a word upright."""
    if name in GREEK:
        return COMMANDS[GREEK[name]]
    letters = re.sub(r"[^\W\d_a-zA-Z]", lambda found: f"{COMMANDS[found[0]]} ", name).strip()
    return letters if len(name) == 1 or name.isdigit() else rf"\mathrm{{{letters}}}"


def braced(size: str) -> str:
    """A size, with braces around its exponents and subscripts."""
    return re.sub(r"([_^])(\d+)", r"\1{\2}", size)


def is_symbol(node: Basic) -> bool:
    """Whether a node is a name, with a transpose or without."""
    return isinstance(node.args[0] if type(node) is Transpose else node, (MatrixSymbol, Symbol, *DEFINITIONS))


def is_open_differential(node: Basic, shown: str) -> bool:
    """Whether a factor is a differential without parentheses, which thin spaces keep apart."""
    return is_symbol(node) and shown.startswith(r"\mathrm{d}")


def has_space(left: str, right: str) -> bool:
    """Whether TeX itself puts a thin space between two factors, as it does beside fractions and growing brackets."""
    return left.startswith(r"\frac") or left.endswith(r"\right)") or right.startswith((r"\frac", r"\left"))
