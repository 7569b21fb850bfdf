"""The notation with Unicode marks, as far as a terminal shows them: Xᵀ, X⁻¹, X², ‖x‖."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic, Integer

from symmat.core.table import Shape
from symmat.printing.printer import Piece
from symmat.printing.text import Text

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Unicode(Text):
    """``XᵀA X⁻¹``."""

    prime, inverse_mark, inverse_transpose = "ᵀ", "⁻¹", "⁻ᵀ"
    minus, at_most = " − ", "≤"

    def raised(self, base: str, exponent: str, node: Basic) -> str:
        if isinstance(node, Integer):
            return base + exponent.translate(SUPERSCRIPTS)
        return super().raised(base, exponent, node)

    def filled(self, template: str, node: Basic, args: Sequence[Piece]) -> str:
        return super().filled(template.replace("||^2", "‖²").replace("||", "‖"), node, args)

    def norm(self, text: str, shape: Shape) -> str:
        return super().norm(text, shape).replace("||", "‖")
