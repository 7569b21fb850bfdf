"""Shapes and sizes as people write them."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic, Integer, Min, Symbol


def show_shape(shape: Sequence[Basic | int]) -> str:
    """The shape as people write it, ``3×4`` or ``(m + 1)×n``."""
    sizes = [show_size(size) if isinstance(size, Basic) else str(size) for size in shape]
    return "×".join(f"({size})" if " " in size else size for size in sizes) or "a scalar"


def show_size(size: Basic) -> str:
    """A dimension in the notation: ``m n``, ``n - 1``, ``(n^2 + n) / 2``."""
    if isinstance(size, Symbol):
        return str(size.name)
    if isinstance(size, Integer):
        return str(size.p)
    if isinstance(size, Min):
        return f"min({', '.join(map(show_size, size.args))})"
    whole, below = size.as_numer_denom()
    text = ""
    for term in whole.as_ordered_terms():
        coefficient, letters = term.as_coeff_Mul()
        count = int(coefficient)
        powers = [str(factor).replace("**", "^") for factor in letters.as_ordered_factors() if factor != 1]
        shown = " ".join([str(abs(count))] * (abs(count) != 1 or not powers) + powers)
        text += (" - " if count < 0 else " + ") + shown if text else "-" * (count < 0) + shown
    return text if below == 1 else f"({text}) / {below}" if " " in text else f"{text} / {below}"
