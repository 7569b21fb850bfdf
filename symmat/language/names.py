"""Names: Greek letters, the kinds that letters have, and the words of the notation."""

from __future__ import annotations

import re
import unicodedata

from symmat.core.operation import spelled
from symmat.greek import GREEK
from symmat.language.characters import LOOK_ALIKES
from symmat.registry import NOTATION, known_words

LONG_GREEK = sorted((name for name in GREEK if len(name) > 2), key=len, reverse=True)
"""The names that are read inside a run of letters: mu, nu, xi and pi only as words of their own."""
GREEK_INITIALS = frozenset(name[0] for name in LONG_GREEK)

SHORT_GREEK = {name: letter for name, letter in GREEK.items() if len(name) == 2}
LATIN_CAPITALS = {
    name: latin
    for letter, latin in LOOK_ALIKES.items()
    if (name := unicodedata.name(letter).split()[-1].capitalize()) not in GREEK
}
"""The Greek capitals that look Latin: nobody could tell them from the letters that they are named with here."""

LETTER = r"[A-Za-zα-ρσ-ωΓΔΘΛΞΠΣΥΦΨΩ]"
SUBSCRIPT = rf"(?:_(?:\d+|{LETTER}|\{{[A-Za-z0-9α-ωΓ-Ω]+\}})|\d+)"
NAME = re.compile(rf"({LETTER}+)({SUBSCRIPT})?")

LONGEST_NUMBER = 300
"""The digits of a number that is written out."""
INTEGERS = frozenset("ijklmn")
FUNCTION_LETTERS = frozenset("fghσφψΦ")

STATEMENTS = frozenset(("d", "grad", "adjoint", "jacobian", "hessian"))
"""What stands before parentheses in a statement to verify."""
RULED = NOTATION - STATEMENTS
"""Functions of which the reader has a rule: they are no record's."""

ALIASES = {
    "eye": "I_n", "cholesky": "chol(X)", "Det": "det(X)", "logabsdet": "logdet(X)", "slogdet": "logdet(X)",
    "asin": "arcsin(x)", "acos": "arccos(x)", "atan": "arctan(x)", "matmul": "A B", "Inverse": "inv(X)",
}  # fmt: skip
"""Words of other languages, and what to write instead."""


def canonical(name: str) -> str:
    """A name with its Greek letter as a character and its subscript without needless braces.

    >>> canonical("Sigma_{1}")
    'Σ_1'
    """
    found = NAME.fullmatch(name)
    if found is None:
        return name
    letters, subscript = found[1], found[2] or ""
    if subscript.startswith("_{") and subscript[2:-1] in GREEK:
        subscript = f"_{GREEK[subscript[2:-1]]}"
    if subscript.startswith("_{") and (subscript[2:-1].isdigit() or len(subscript) == 4):
        subscript = "_" + subscript[2:-1]
    return GREEK.get(letters, letters) + subscript


def notation(name: str) -> str | None:
    """A name of SymPy as the notation writes it, or None: a subscript of several characters stands in braces.

    >>> notation("theta_hat"), notation("x_1"), notation("A B")
    ('theta_{hat}', 'x_1', None)
    """
    written = re.sub(r"_(?!\d+$)(\w\w+)$", r"_{\1}", name)
    return written if NAME.fullmatch(written) else None


def is_function(word: str) -> bool:
    """Whether a word stands before parentheses: that of a record, of a factorisation, or one with a rule of its own."""
    return len(word) > 1 and (word in RULED or bool(spelled(word)) or bool(spelled(f"{word}.")))


def factors(word: str) -> list[str]:
    """The parts of a factorisation: L and U of lu."""
    return [record.spelling.partition(".")[2] for record in spelled(f"{word}.")]


def is_reserved(name: str) -> bool:
    """Whether a canonical name means something in every text, so that no text may give it another meaning."""
    word = name in ALIASES or (name in STATEMENTS and name != "d") or is_function(name)
    return word or name in ("π", "I") or name.startswith("I_")


def kind_of(name: str) -> str:
    """The kind of a symbol that is not declared: ``matrix``, ``vector``, ``integer`` or ``scalar``."""
    letter = name[0]
    if letter.isupper():
        return "matrix"
    if letter in INTEGERS:
        return "integer"
    return "vector" if letter.isascii() else "scalar"


def nearest(word: str) -> str:
    """What to write instead of an unknown word, or nothing."""
    if word in ALIASES:
        return ALIASES[word]
    from difflib import get_close_matches  # for messages only

    known = {known.partition(".")[0] for known in (*known_words(), *RULED)}
    close = get_close_matches(word.lower(), sorted(known), 1, 0.7)
    return f"{close[0]}( )" if close else ""


def entry(name: str) -> str:
    """``x[i]`` for x_i, as it is on paper; nothing for other names."""
    found = NAME.fullmatch(name)
    inside = (found[2] or "").strip("_{}") if found else ""
    if not inside or found is None or not set(inside) <= INTEGERS:
        return ""
    return f"{found[1]}[{','.join(inside)}]"
