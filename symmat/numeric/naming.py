"""The two ways in which words reach generated source: as identifiers, none used twice, and as string literals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from keyword import iskeyword
from unicodedata import normalize

from symmat.greek import GREEK_NAMES

RESERVED = {"np", "scipy", "min", "lu_factor", "lu_solve", "cho_factor", "cho_solve", "range", "len", "ValueError", "f"}
"""What the source itself calls."""


class Naming:
    """Gives out identifiers, other than those ``reserved``."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._reserved = RESERVED.union(reserved)
        self._taken = set(self._reserved)
        self._count: Counter[str] = Counter()

    def unique(self, wanted: str) -> str:
        """``wanted`` made an identifier, with a number behind it if it is taken."""
        base = identifier(wanted)
        base += "_" if base in self._reserved else ""
        name, count = base, 1
        while name in self._taken:
            count += 1
            name = f"{base.rstrip('_')}_{count}"
        self._taken.add(name)
        return name

    def first(self, candidates: str) -> str:
        """The first letter that is free."""
        return self.unique(next((c for c in candidates if c not in self._taken), candidates[0]))

    def numbered(self, letter: str) -> str:
        """``t1``, ``t2``, …"""
        while True:
            self._count[letter] += 1
            name = f"{letter}{self._count[letter]}"
            if name not in self._taken:
                return self.unique(name)


def identifier(name: str) -> str:
    """The name in ASCII: Greek letters by name, subscripts without braces; ``v`` for what has no such form.

    >>> identifier("λ"), identifier("x_{12}"), identifier("dΣ"), identifier("β1")
    ('lambda_', 'x_12', 'dSigma', 'beta1')
    """
    plain = re.sub(r"[{}]", "", "".join(GREEK_NAMES.get(normalize("NFKC", c), c) for c in name))
    plain = re.sub(r"[\s,]+", "_", plain.strip())
    if not (plain.isascii() and plain.isidentifier()) or plain.startswith("__"):
        return "v"
    return plain + "_" if iskeyword(plain) else plain


def literal(text: str) -> str:
    """A string literal; what is not plain in it is escaped."""
    return f'"{repr(text)[1:-1]}"' if '"' not in text and "'" not in text else repr(text)


def docstring(text: str) -> str:
    """The literal as docstrings are written.

    >>> print(docstring("Of n."), docstring('"'))
    \"\"\"Of n.\"\"\" '"'
    """
    return f'"""{repr(text)[1:-1]}"""' if '"' not in text else repr(text)


def aliases(name: str) -> set[str]:
    """The keywords under which a symbol may be given: as it is written, and in ASCII with or without a last ``_``."""
    plain = identifier(name)
    return {name, normalize("NFKC", name), re.sub(r"[{}]", "", name), plain, plain.rstrip("_")} - {"v", ""}
