"""Characters: which are read as their twin, and which nobody can tell apart, so that they are an error.

Every character stays in its place, so that positions hold for the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NoReturn

from symmat.errors import NameProblem, SymmatError, SyntaxProblem

LATEX = re.compile(r"\\[A-Za-z]{2}|\\[|,;!{}]|\^\{(?:\++\}|\s*[\[\\!<>~])|_\{[^{}]*\}\s*\^\s*\{")

TWINS = {
    "’": "'", "′": "'", "⊤": "ᵀ", "−": "-", "∥": "‖", "⊙": "∘", "⋅": "·", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "µ": "μ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ",
}  # fmt: skip
"""Characters that are read as another one."""

LOOK_ALIKES = dict(zip("οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oABEZHIKMNOPTYX", strict=True))
"""Greek letters that look Latin."""


def clean(text: str) -> str:
    """The text with twins and composed characters replaced, one for one; raises for what cannot be told apart."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else _read(text, at, c) for at, c in enumerate(text))


def _read(source: str, at: int, c: str) -> str:
    if c == "\n":
        return c
    if c == "\r" and source[at + 1 : at + 2] == "\n":
        return " "
    styled = 0x1D400 <= ord(c) <= 0x1D7FF or c == "ℎ"
    normal = unicodedata.normalize("NFKC" if styled else "NFC", c)
    c = normal if len(normal) == 1 else c
    c = TWINS.get(c, c)
    if c in LOOK_ALIKES:
        _refuse(NameProblem, f"Greek {LOOK_ALIKES[c]}", f"write the Latin letter {LOOK_ALIKES[c]}", source, at)
    category = unicodedata.category(c)
    if category.startswith("C"):
        where = '; of LaTeX in a Python string it is a lost backslash: write r"…"'
        _refuse(SyntaxProblem, "a tab" if c == "\t" else "a control character", f"remove it{where}", source, at)
    if category.startswith("M"):
        _refuse(NameProblem, "a combining accent", "write X_1 or x_{new} for another X", source, at)
    if category == "Nd" and not c.isascii():
        _refuse(SyntaxProblem, "a digit of another script", f"write {unicodedata.digit(c)}", source, at)
    name = unicodedata.name(c, "")
    if name.startswith("CYRILLIC"):
        _refuse(NameProblem, "a Cyrillic letter", "write a Latin or a Greek letter", source, at)
    if name.startswith(("FULLWIDTH", "HALFWIDTH", "IDEOGRAPHIC SPACE")):
        plain = unicodedata.normalize("NFKC", c)
        _refuse(SyntaxProblem, "a full-width form", f"write {plain.strip() or 'a blank'}", source, at)
    return c


def _refuse(problem: type[SymmatError], what: str, hint: str, source: str, at: int) -> NoReturn:
    c = source[at]
    shown = f" {c!r}" if c.isprintable() and not unicodedata.category(c).startswith("M") else ""
    named = unicodedata.name(c, f"U+{ord(c):04X}")
    raise problem(f"the character{shown} ({named}) is {what}", hint, source=source, position=at)


def is_latex(text: str) -> bool:
    r"""Whether a text is LaTeX: ``\`` and two letters, ``\| \, \; \! \{ \}``, or scripts such as ``X^{+}``."""
    return LATEX.search(text) is not None
