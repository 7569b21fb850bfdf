r"""Displayed formulas: what only sets a formula becomes blanks, one for one, so that places in the text hold.

Comments, labels, spaces, dollar signs and the environments of displays mean nothing; a row that ends outside of a
matrix is a new line of the notation: ``X &= A \\ Y &= X'`` are two items.
"""

from __future__ import annotations

import re

MATRIX = re.compile(r"[pbBvV]?(?:small)?matrix|array")
_DISPLAY = re.compile(
    r"equation|displaymath|math|alignat|alignedat|align|aligned|flalign|gather|gathered|multline|split|eqnarray"
)
_SPACES = (
    "quad|qquad|enspace|thinspace|medspace|thickspace|negthinspace|displaystyle|textstyle|limits|nolimits|nonumber|"
    "notag|allowbreak|nobreak|hfill|allowdisplaybreaks"
)
_LENGTH = r"\[\s*-?[\d.]*\s*(?:[a-z]{2}|\\[A-Za-z]+)\s*\]"
_PIECE = re.compile(
    rf"""(?P<row>\\\\\*?(?:\s*{_LENGTH})?)
    |(?P<environment>\\(?P<side>begin|end)\s*\{{\s*(?P<name>[A-Za-z]+)\*?\s*\}}
        (?P<options>(?:\s*\[[a-z]*\])?(?:(?<=array\}})\s*\{{[^{{}}]*\}}|(?<=at\}})\s*\{{\d*\}}|(?<=at\*\}})\s*\{{\d*\}})?))
    |(?P<blank>%[^\n]*|\\(?:{_SPACES})(?![A-Za-z])|\\(?:label|tag\*?|hspace\*?|vspace\*?)\s*\{{[^{{}}]*\}}
        |\\[,;:!>\s()\[\]]|[$~\n])
    |(?P<column>&(?=(?P<relation>(?:\s|\{{\s*\}}|\\[,;:!]|\\q?quad(?![A-Za-z]))*[=+-])?))
    |\\.""",
    re.VERBOSE | re.DOTALL,
)
_PUNCTUATION = re.compile(r"[(\[{)\]}]|(?<!\\right)(?<!\\left)[.,;](?=\s*(?:\n|\Z|\\text\s*\{\s*where\b))")


def plain(text: str) -> str:
    r"""The text as one formula, character for character; ``\n`` separates its items."""
    out: list[str] = []
    matrices = done = 0
    last = "\n"
    for found in _PIECE.finditer(text):
        piece = found[0]
        out.append(text[done : found.start()])
        last = out[-1].rstrip()[-1:] or last
        done = found.end()
        if found["environment"]:
            head = piece[: len(piece) - len(found["options"])]
            if MATRIX.fullmatch(found["name"]):
                matrices += 1 if found["side"] == "begin" else -1
                piece = head.ljust(len(piece))
            elif _DISPLAY.fullmatch(found["name"]):
                piece = " " * len(piece)
        elif found["row"]:
            piece = (r"\\" if matrices > 0 else "\n").ljust(len(piece))
        elif found["blank"]:
            piece = " " * len(piece)
        elif found["column"]:
            begins_a_side = not matrices and (found["relation"] or last in "\n=")
            piece = " " if begins_a_side else "&"
        out.append(piece)
        last = piece.rstrip(" ")[-1:] or last
    out.append(text[done:])
    return _without_punctuation("".join(out).rstrip().ljust(len(text)))


def _without_punctuation(text: str) -> str:
    """The text without what ends a sentence: outside of brackets a comma before a new row is punctuation."""
    depth = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal depth
        c = found[0]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif depth <= 0:
            return " "
        return c

    return _PUNCTUATION.sub(kept, text)
