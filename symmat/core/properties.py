"""Declared properties of matrices: what they mean for a transpose, an inverse, and a differential.

If X is symmetric, so is dX: a differential lies in the tangent space (Absil, Mahony & Sepulchre, Optimization
algorithms on matrix manifolds, ch. 3).
"""

from __future__ import annotations

from sympy import Basic, MatrixSymbol

TANGENT = {
    "symmetric": "symmetric",
    "spd": "symmetric",
    "skew": "skew",
    "diagonal": "diagonal",
    "lower": "lower",
    "upper": "upper",
    "unit lower": "strictly lower",
    "unit upper": "strictly upper",
}
"""The property of dX for a property of X."""
STRUCTURES = frozenset((*TANGENT, "orthogonal"))
"""The properties that restrict a matrix to a set other than an open one."""
PROPERTIES = STRUCTURES | {"invertible"}
"""All that may be declared of a variable."""
SYMMETRIC = frozenset(("symmetric", "spd", "diagonal"))
INVERTIBLE = frozenset(("invertible", "spd", "orthogonal", "unit lower", "unit upper"))
"""The properties of matrices that have an inverse, if they are square."""


def properties(node: Basic) -> frozenset[str]:
    """The properties of a symbol: declared ones, or those of a differential."""
    return frozenset(map(str, node.args[3:])) if isinstance(node, MatrixSymbol) else frozenset()


def structure(node: Basic) -> str:
    """The structure of a symbol, or nothing."""
    return next(iter(properties(node) & STRUCTURES), "")


def is_orthogonal(node: Basic) -> bool:
    """Whether X'X = I."""
    return "orthogonal" in properties(node)
