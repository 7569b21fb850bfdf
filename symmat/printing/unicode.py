"""The notation with Unicode marks, as far as a terminal shows them: Xᵀ, X⁻¹, X²."""

from __future__ import annotations

from sympy import Basic, Integer

from symmat.printing.text import Text

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Unicode(Text):
    """``XᵀA X⁻¹``."""

    prime, inverse_mark, inverse_transpose = "ᵀ", "⁻¹", "⁻ᵀ"
    minus = " − "

    def raised(self, base: str, exponent: str, node: Basic) -> str:
        if isinstance(node, Integer):
            return base + exponent.translate(SUPERSCRIPTS)
        return super().raised(base, exponent, node)
