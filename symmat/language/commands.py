r"""The commands of LaTeX that are read, by what they do, and what to write for those that are not."""

from __future__ import annotations

import re
from collections.abc import Callable

from symmat.core.operation import operations
from symmat.greek import GREEK
from symmat.language.names import FUNCTIONS

LETTERS = {**GREEK, "varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "ell": "l"}
CALLED = {
    **{name: name for name in (
        "det", "log", "exp", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "max", "min",
        "tr", "diag",
    )},
    "ln": "log", "Tr": "tr", "trace": "tr",
}  # fmt: skip
"""Functions with a command of their own."""
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
    "cdot": " * ", "times": " * ", "odot": " ∘ ", "circ": " ∘ ", "oslash": " ./ ", "otimes": " ⊗ ", "colon": " : ",
    "ldots": "..", "dots": "..", "cdots": "..", "infty": "∞", "backslash": " \\ ",
}  # fmt: skip
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
FIXED = {"K": "commutation", "D": "duplication", "L": "elimination"}
r"""``\mathcal{K}_{m,n}`` and its like."""
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

_CALL = re.compile(rf"(?<![\\\w])({'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})(\.?)(?=\()")


def spelled(word: str) -> str:
    r"""A function as LaTeX has it: ``\det``, ``\operatorname{vec}``, ``\exp_{\odot}``."""
    stem = word.removesuffix(".")
    known = CALLED.get(stem) == stem and stem not in ("tr", "diag")
    return (f"\\{stem}" if known else rf"\operatorname{{{stem}}}") + r"_{\odot}" * (stem != word)


def is_function(word: str) -> bool:
    """Whether a word is a function, by its name in the notation or in LaTeX."""
    return word in FUNCTIONS or word in CALLED


def word_of(command: str) -> str:
    r"""The word of the record that is printed with a command before its operands: ``\operatorname{Bl}``."""
    return _word_where(lambda latex: latex.startswith(rf"{command}\left({{"))


def word_of_mark(mark: str) -> str:
    r"""The word of the record that is printed with a mark: pinv for ``+``, because its LaTeX is ``{A!}^{+}``."""
    return _word_where(lambda latex: latex in (f"{{A!}}^{{{mark}}}", f"{{A}}^{{{mark}}}"))


def _word_where(fits: Callable[[str], bool]) -> str:
    """The word of the first record whose LaTeX fits, or nothing."""
    return next((r.spelling for r in operations() if isinstance(r.latex, str) and fits(r.latex)), "")


def hinted(hint: str) -> str:
    r"""What to write, with its functions as LaTeX has them: ``\det(X)`` for ``det(X)``."""
    return _CALL.sub(lambda found: spelled(found[1] + found[2]), hint)
