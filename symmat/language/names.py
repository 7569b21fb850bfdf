"""Names: Greek letters, look-alike characters, kinds by letter, and what a run of letters means."""

from __future__ import annotations

import re

from symmat.expressions.operation import spelled

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

TWINS = {
    "’": "'", "′": "'", "−": "-", "∥": "‖", "⊙": "∘", "⋅": "·", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "µ": "μ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "\r": " ",
}  # fmt: skip
"""Characters read as another one."""

LOOK_ALIKES = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
"""Greek capitals that look Latin: an error, for nobody sees which one was typed."""

LETTER = r"[A-Za-zα-ωΓΔΘΛΞΠΣΥΦΨΩ]"
SUBSCRIPT = r"(?:_(?:\d+|[A-Za-zα-ω]|\{[A-Za-z0-9_,+\-* ]+\})|\d+)"
INTEGERS = frozenset("ijklmn")
FUNCTION_LETTERS = frozenset("fghσφψΦ")

KNOWN_FUNCTIONS = frozenset(
    [
        "tr",
        "det",
        "logdet",
        "sum",
        "mean",
        "dot",
        "norm",
        "norm1",
        "norm2",
        "norminf",
        "normnuc",
        "logsumexp",
        "inv",
        "transpose",
        "vec",
        "vech",
        "kron",
        "diag",
        "tril",
        "triu",
        "stril",
        "striu",
        "sym",
        "skew",
        "solve",
        "sylvester",
        "pinv",
        "adj",
        "rowsum",
        "colsum",
        "commutation",
        "duplication",
        "elimination",
        "basis",
        "unvec",
        "argmax",
        "blocksum",
        "expm",
        "logm",
        "sqrtm",
        "sinm",
        "cosm",
        "frechet",
        "lu",
        "chol",
        "ldl",
        "qr",
        "eigh",
        "svd",
        "polar",
        "exp",
        "log",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "erf",
        "abs",
        "sign",
        "max",
        "min",
        "sigmoid",
        "relu",
        "softplus",
        "softmax",
        "rowsoftmax",
        "ones",
        "zeros",
    ]
)
"""The functions of the notation: those without a record are not supported yet."""

ALIASES = {"eye": "I", "trace": "tr", "Tr": "tr", "ln": "log", "inverse": "inv", "cholesky": "chol", "expmat": "expm"}


def canonical(word: str) -> str:
    """A Greek letter by its character, whatever way it was typed; every other name as it is."""
    stem = re.match(r"[^\W\d_]+", word)
    if stem and stem[0] in GREEK:
        return GREEK[stem[0]] + word[stem.end() :]
    return word


def kind_of(name: str) -> str:
    """The kind of an undeclared symbol: matrix, vector, integer or scalar."""
    letter = name[0]
    if letter.isupper():
        return "matrix"
    if letter in INTEGERS:
        return "integer"
    return "vector" if letter.isascii() else "scalar"


def is_function(word: str) -> bool:
    """Whether the notation has a function of this name."""
    return word in KNOWN_FUNCTIONS or spelled(word) is not None


def nearest(word: str) -> str:
    """A known function that is spelled nearly like this, or nothing."""
    if word in ALIASES:
        return ALIASES[word]
    from difflib import get_close_matches  # for messages only

    close = get_close_matches(word, KNOWN_FUNCTIONS, 1, 0.7)
    return close[0] if close else ""
