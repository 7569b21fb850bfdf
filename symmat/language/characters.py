"""Characters: what is read as another one, and what nobody could tell from another."""

from __future__ import annotations

import unicodedata

from symmat.errors import NameProblem, SyntaxProblem
from symmat.language.names import LOOK_ALIKES, TWINS


def clean(text: str) -> str:
    """The text in NFC with look-alike characters read as their twins; raises where nobody could see which is meant."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    out = []
    for i, c in enumerate(text):
        if c.isascii() and (c.isprintable() or c in "\n\r"):
            out.append(TWINS.get(c, c))
        elif 0x1D400 <= ord(c) <= 0x1D7FF:
            out.append(unicodedata.normalize("NFKC", c))
        else:
            out.append(TWINS.get(c, c))
            refuse(text, i, c)
    return "".join(out)


def refuse(text: str, i: int, c: str) -> None:
    """Raise for a character that no reader can tell from another, or that cannot be seen."""
    if c in TWINS:
        return
    name = unicodedata.name(c, f"U+{ord(c):04X}")
    category = unicodedata.category(c)
    if c in LOOK_ALIKES:
        raise NameProblem(
            f"{name} looks like the Latin {LOOK_ALIKES[c]}", f"type {LOOK_ALIKES[c]}", source=text, position=i
        )
    if category in ("Cc", "Cf"):
        named = "a tab" if c == "\t" else "a control character"
        hint = 'LaTeX in a Python string needs r"…"; in a formula use blanks'
        raise SyntaxProblem(f"{named} in the text", hint, source=text, position=i)
    if category.startswith("M"):
        raise NameProblem(
            f"an accent, {name}, on a letter", "give the symbol a name of its own", source=text, position=i
        )
    if name.startswith(("CYRILLIC", "FULLWIDTH")):
        raise NameProblem(f"the character {name}", "type the Latin one", source=text, position=i)
