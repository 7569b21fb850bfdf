"""The notation in plain text: what it prints reads back to the same expression."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sympy import Basic, Inverse, MatrixSymbol, Rational, Symbol, Transpose

from symmat.algebra.measures import is_matrix
from symmat.core.constructors import is_one
from symmat.core.nodes import DEFINITIONS, Index
from symmat.core.operation import operation
from symmat.printing.printer import ATOM, INFIX, POSTFIX, PRODUCT, RATIO, Piece, Printer
from symmat.printing.spelling import closed_up, is_mark
from symmat.shapes import show_size


class Text(Printer):
    """``dX X^2 + X dX X + X^2 dX``."""

    prime, inverse_mark, inverse_transpose = "'", "^-1", "^-T"

    def name(self, name: str, of: Basic | None = None) -> str:
        return self.names.get(name, name)

    def differential(self, name: str, order: int = 1, of: Basic | None = None) -> str:
        return "d" * order + re.sub(r"_\{(\d+|\w)\}", r"_\1", self.name(name))  # dY_1 for Y_{1}

    def juxtapose(self, pieces: Sequence[str], nodes: Sequence[Basic]) -> str:
        text = pieces[0]
        for piece, node in zip(pieces[1:], nodes[1:], strict=True):
            if piece[0].isdigit():
                text += " * " + piece
            elif text.endswith(self.prime) and starts_with_symbol(node) and piece[0] != "(":
                text += piece
            else:
                text += " " + piece
        return text

    def quotient(self, above: Sequence[tuple[Basic, Piece]], below: Sequence[Piece], sign: str) -> Piece:
        divisors = "".join(" / " + self.within(piece, POSTFIX) for piece in below)
        return Piece(sign + self.factors(above) + divisors, 0 if sign else PRODUCT)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        if above.text.isalnum() and below.text.isalnum():
            return Piece(f"{above.text}/{below.text}", RATIO)
        return Piece(f"{self.within(above, PRODUCT)} / {self.within(below, POSTFIX)}", PRODUCT)

    def raised(self, base: str, exponent: str, node: Basic) -> str:
        return f"{base}^{self.exponent(Piece(exponent), node)}"

    def inverse(self, base: Piece) -> Piece:
        return Piece(self.within(base, ATOM) + self.inverse_mark, POSTFIX)

    def transposed(self, node: Basic, args: Sequence[Piece]) -> Piece:
        matrix = node.args[0]
        if type(matrix) is Inverse and not ("T" in self.inverse_transpose and "T" in self.taken):
            return Piece(self.within(self.done[matrix.args[0]], ATOM) + self.inverse_transpose, POSTFIX)
        return Piece(self.within(args[0], ATOM) + self.prime, POSTFIX)

    def call(self, node: Basic, args: Sequence[Piece]) -> Piece:
        record = operation(type(node))
        template = record.text(node) if callable(record.text) else record.text
        if not template:
            dot = "." if record.elementwise and is_matrix(node) else ""
            return Piece(f"{record.spelling}{dot}({', '.join(a.text for a in args)})")
        if "|" in template:  # bars directly inside of bars
            args = [Piece(f"({a.text})") if {a.text[0], a.text[-1]} & set("|‖") else a for a in args]
        shown = self.filled(template, node, args)
        return Piece(shown, INFIX if record.infix else POSTFIX if "!}" in template or "^" in template else ATOM)

    def exponent(self, piece: Piece, node: Basic) -> str:
        simple = isinstance(node, Symbol) or (isinstance(node, Rational) and node.q == 1)
        if is_mark(piece.text):
            return f"(({piece.text}))"
        return piece.text if simple else f"({closed_up(piece.text)})"

    def infix(self, node: Basic) -> str:
        return f" {operation(type(node)).infix} "

    def zero(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(f"zeros({', '.join(map(show_size, node.args))})")

    def ones(self, node: Basic, args: Sequence[Piece]) -> Piece:
        sizes = node.args[:1] if is_one(node.args[1]) else node.args
        return Piece(f"ones({', '.join(map(show_size, sizes))})")

    def sized(self, size: str) -> str:
        return f"I_{size}" if len(size) == 1 or size.isdigit() else f"I_{{{size}}}"

    def finite_sum(self, node: Basic, args: Sequence[Piece]) -> Piece:
        body, index, lower, upper = (a.text for a in args)
        return Piece(f"sum({index} = {lower}..{closed_up(upper)}, {body})")

    def pending(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(f"d({args[0].text})")

    def left_side(self, kind: str, order: int, letter: str, inner: Piece, names: Sequence[str]) -> str:
        if kind == "entries":
            return f"jacobian({inner.text}, {names[0]})[{', '.join(names[1:])}]"
        if kind == "half jacobian":
            return f"jacobian({inner.text}, vech({names[0]}))"
        if kind != "diff":
            return f"{kind}({inner.text}, {names[0]})"
        d = "d" if order == 1 else f"d{order}"
        return d + (letter or f"({inner.text})")

    def with_definitions(self, shown: str, defined: Sequence[str]) -> str:
        return "; ".join([*defined, shown])


def starts_with_symbol(node: Basic) -> bool:
    """Whether a factor begins with the name of a symbol, so that it may stand close to a prime."""
    while isinstance(node, Inverse | Transpose) or (node.args and type(node).__name__ in ("Pow", "MatPow")):
        node = node.args[0]
    return isinstance(node, (MatrixSymbol, Symbol, *DEFINITIONS)) and not isinstance(node, Index)
