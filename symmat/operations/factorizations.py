"""The factors of the standard factorisations: their values.

Their differentials come with implicit differentiation.  Golub & Van Loan, Matrix computations, 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Operation, register
from symmat.core.predicate import Condition
from symmat.facts.predicates import definite, minors, symmetric


def _part(
    word: str,
    letter: str,
    name: str,
    signature: str,
    value: Callable[..., Any],
    section: str,
    condition: Condition | None = None,
    structure: str = "",
) -> type[MatrixOperation]:
    """Register one part of a factorisation, such as ``lu(X).L``."""
    dotted = f".{letter}" if letter else ""
    node = type(
        f"{word.capitalize()}{letter.capitalize()}", (MatrixOperation,), {"__doc__": f"{word}(X){dotted}, the {name}."}
    )
    register(
        Operation(
            node=node,
            name=name,
            spelling=f"{word}{dotted}",
            signature=signature,
            value=value,
            structure=structure,
            text=f"{word}({{A}}){dotted}",
            latex=rf"\operatorname{{{word}}}\left({{A}}\right){dotted}",
            condition=condition,
            reference=f"Golub & Van Loan, Matrix computations, {section}",
        )
    )
    return node


SQUARE, LONG, TALL = "n×n -> n×n", "n×n -> n×1", "m×n -> m×n"
_part(
    "lu",
    "L",
    "lower factor of LU",
    SQUARE,
    lambda xp, A: xp.kernels.unpivoted_lu(A)[0],
    "sec. 3.2",
    minors("A"),
    structure="unit lower",
)
_part(
    "lu",
    "U",
    "upper factor of LU",
    SQUARE,
    lambda xp, A: xp.kernels.unpivoted_lu(A)[1],
    "sec. 3.2",
    minors("A"),
    structure="upper",
)
_part(
    "ldl",
    "L",
    "lower factor of LDL",
    SQUARE,
    lambda xp, A: xp.kernels.unpivoted_lu(A)[0],
    "sec. 4.1",
    minors("A"),
    structure="unit lower",
)
_part(
    "ldl",
    "D",
    "diagonal of LDL",
    SQUARE,
    lambda xp, A: xp.diag(xp.diag(xp.kernels.unpivoted_lu(A)[1])),
    "sec. 4.1",
    minors("A"),
    structure="diagonal",
)
_part(
    "chol",
    "",
    "Cholesky factor",
    SQUARE,
    lambda xp, A: xp.linalg.cholesky(A),
    "sec. 4.2",
    definite("A"),
    structure="lower",
)
_part(
    "qr",
    "Q",
    "orthonormal factor of QR",
    "m×n -> m×min(m,n)",
    lambda xp, A: xp.linalg.qr(A)[0],
    "sec. 5.2",
    structure="orthogonal",
)
_part(
    "qr",
    "R",
    "upper factor of QR",
    "m×n -> min(m,n)×n",
    lambda xp, A: xp.linalg.qr(A)[1],
    "sec. 5.2",
    structure="upper",
)
_part("eigh", "values", "eigenvalues", LONG, lambda xp, A: xp.linalg.eigh(A)[0], "sec. 8.1", symmetric("A"))
_part(
    "eigh",
    "vectors",
    "eigenvectors",
    SQUARE,
    lambda xp, A: xp.linalg.eigh(A)[1],
    "sec. 8.1",
    symmetric("A"),
    structure="orthogonal",
)
LEFT = _part(
    "svd",
    "U",
    "left singular vectors",
    "m×n -> m×min(m,n)",
    lambda xp, A: xp.linalg.svd(A, full_matrices=False)[0],
    "sec. 2.4",
    structure="orthogonal",
)
RIGHT = _part(
    "svd",
    "V",
    "right singular vectors",
    "m×n -> n×min(m,n)",
    lambda xp, A: xp.linalg.svd(A, full_matrices=False)[2].T,
    "sec. 2.4",
    structure="orthogonal",
)
_part(
    "svd",
    "S",
    "diagonal of singular values",
    "m×n -> min(m,n)×min(m,n)",
    lambda xp, A: xp.diag(xp.linalg.svd(A, full_matrices=False)[1]),
    "sec. 2.4",
    structure="diagonal",
)
SINGULAR_VALUES = _part(
    "svd",
    "values",
    "singular values",
    "m×n -> min(m,n)×1",
    lambda xp, A: xp.linalg.svd(A, full_matrices=False)[1],
    "sec. 2.4",
)
_part("polar", "U", "orthonormal polar factor", TALL, lambda xp, A: xp.scipy.linalg.polar(A)[0], "sec. 9.4")
_part(
    "polar",
    "P",
    "positive polar factor",
    "m×n -> n×n",
    lambda xp, A: xp.scipy.linalg.polar(A)[1],
    "sec. 9.4",
    structure="symmetric",
)
