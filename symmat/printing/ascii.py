"""The notation for a terminal that has letters and signs of ASCII alone; it reads back as well."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic

from symmat.core.operation import operation
from symmat.greek import GREEK_NAMES
from symmat.printing.printer import Piece
from symmat.printing.text import Text

SIGNS = {"∘": ".*"}
"""Signs of infix operations, where there is one in ASCII."""


class Ascii(Text):
    """``lambda X .* A``, ``kron(A, B)``."""

    def name(self, name: str, of: Basic | None = None) -> str:
        stem, _, subscript = super().name(name, of).partition("_")
        spelled = "".join(GREEK_NAMES.get(c, c) for c in stem)
        if not subscript or subscript.isascii():
            return f"{spelled}_{subscript}" if subscript else spelled
        return f"{spelled}_{{{''.join(GREEK_NAMES.get(c, c) for c in subscript.strip('{}'))}}}"

    def operation(self, node: Basic, args: Sequence[Piece]) -> Piece:
        """An infix operation as a function, if it has a name and its sign is not in ASCII."""
        record = operation(type(node))
        if record.infix.isascii() or not record.spelling:
            return super().operation(node, args)
        shown = args[0].text
        for operand in args[1:]:
            shown = f"{record.spelling}({shown}, {operand.text})"
        return Piece(shown)

    def infix(self, node: Basic) -> str:
        sign = super().infix(node).strip()
        return f" {SIGNS.get(sign, sign)} "
