"""How numbers and exponents are spelled."""

from __future__ import annotations

import re


def closed_up(text: str) -> str:
    """A sum with no blanks around its signs, as in an exponent: k-1-i; those of a product stay."""
    return re.sub(r" ([+−-]) ", r"\1", text)


def is_mark(exponent: str) -> bool:
    """Whether an exponent that is named T would be read as a transpose."""
    return exponent.lstrip("-−") == "T"


def exact_decimal(p: int, q: int) -> str:
    """The finite decimal p/q."""
    digits = 0
    while q != 1 and p * 10**digits % q:
        digits += 1
    whole, rest = divmod(p * 10**digits // q, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)
