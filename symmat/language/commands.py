r"""The commands of LaTeX that are read, by what they do, and what to write for those that are not."""

from __future__ import annotations

import re

from symmat.core.operation import Operation, spelled
from symmat.greek import GREEK
from symmat.language.names import is_function
from symmat.registry import SLOT

LETTERS = {**GREEK, "varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "ell": "l"}
WORDS = frozenset((
    "operatorname", "mathrm", "text", "textrm", "textsf", "mathsf", "mathit", "mathtt", "mathop", "mbox",
))  # fmt: skip
"""What sets a word: a name or a function, and never a product of its letters."""
BOLD = frozenset(("mathbf", "boldsymbol", "bm", "mathnormal", "textbf", "pmb", "symbf"))
"""What sets a product of letters."""
OLD = {"rm": "mathrm", "bf": "mathbf", "it": "mathit", "sf": "mathsf", "tt": "mathtt", "cal": "mathcal"}
r"""``{\rm d}`` is ``\mathrm{d}``."""
ALPHABETS = {"mathcal": "cal", "mathbb": "bb", "mathds": "bb", "mathfrak": "frak", "mathscr": "scr"}
ACCENTS = {
    **{name: name for name in ("hat", "bar", "tilde", "vec", "dot", "ddot", "breve", "check", "acute", "grave")},
    "widehat": "hat", "widetilde": "tilde", "overline": "bar", "underline": "low", "mathring": "ring",
    "overrightarrow": "vec",
}  # fmt: skip
"""Marks that make another symbol, and what to write as its subscript."""
SIGNS = {
    "cdot": " * ", "times": " * ", "colon": " : ", "backslash": " \\ ", "ldots": "..", "dots": "..", "cdots": "..",
    "infty": "∞",
}  # fmt: skip
"""What stands between operands, besides the signs of records."""
DELIMITERS = {
    "left": "left", "right": "right", "middle": "",
    **{f"{size}{side}": meant for size in ("big", "Big", "bigg", "Bigg")
       for side, meant in (("l", "left"), ("r", "right"), ("m", ""), ("", ""))},
}  # fmt: skip
"""What stands before a delimiter, and the side that it says."""
BARS = {
    "|": ("||", ""), "Vert": ("||", ""), "lVert": ("||", "left"), "rVert": ("||", "right"),
    "vert": ("|", ""), "lvert": ("|", "left"), "rvert": ("|", "right"),
}  # fmt: skip
BRACKETS = {"{": "(", "}": ")", "lbrace": "(", "rbrace": ")", "lbrack": "[", "rbrack": "]"}
SUBSCRIBED = {
    **dict.fromkeys(("max", "min", "argmax", "argmin"), "write the function alone that is optimised"),
    "log": r"write \log x / \log 2 for another base",
}
"""What to write for a function with a subscript."""
NORMS = {
    **dict.fromkeys(("op", "sp", "spec", "spectral"), r"the spectral norm is \|X\|_2"),
    **dict.fromkeys(("nuc", "tr"), r"the nuclear norm is \|X\|_*"),
    **dict.fromkeys(("Fro", "fro", "HS", "Frob"), r"the Frobenius norm is \|X\|_F"),
}
"""What to write for other subscripts of a norm."""

_CALL = re.compile(r"(?<![\\\w])([A-Za-z]\w+)(\.?)(?=\()", re.ASCII)


def as_latex(word: str) -> str:
    r"""A function as LaTeX has it: ``\det``, ``\operatorname{vec}``, ``\exp_{\odot}``."""
    stem = word.removesuffix(".")
    meant = (r.latex for r in spelled(stem) if isinstance(r, Operation) and isinstance(r.latex, str) and not r.infix)
    own = next((latex for latex in meant if latex and not SLOT.search(latex)), rf"\operatorname{{{stem}}}")
    return own + r"_{\odot}" * (stem != word)


def word_of(form: str) -> str:
    r"""The word that LaTeX means: tr for ``\Tr``, pinv for ``^{+}``, commutation for ``\mathcal K_{,}``."""
    return next((record.spelling for record in spelled(form)), "")


def word_of_fixed(letter: str) -> str:
    r"""The word of the fixed matrix that is printed as ``\mathcal K_{m,n}``, with one size or two."""
    return word_of(rf"\mathcal {letter}_{{}}") or word_of(rf"\mathcal {letter}_{{,}}")


def hinted(hint: str) -> str:
    r"""What to write, with its functions as LaTeX has them: ``\det(X)`` for ``det(X)``."""
    return _CALL.sub(lambda found: as_latex(found[1] + found[2]) if is_function(found[1]) else found[0], hint)
