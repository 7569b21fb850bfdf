"""The structures that a matrix may be declared to have."""

from __future__ import annotations

from sympy import Basic

from symmat.core.constructors import add, make, mul, neg, transpose
from symmat.core.structure import STRUCTURES, Structure
from symmat.facts.predicates import (
    definite,
    diagonal,
    full_column_rank,
    lower,
    minors,
    principal,
    skew,
    symmetric,
    upper,
)
from symmat.operations.diagonal import diagonal as diagonal_matrix
from symmat.operations.diagonal import diagonal_of
from symmat.operations.triangles import (
    LowerTriangle,
    SkewPart,
    StrictLowerTriangle,
    StrictUpperTriangle,
    UpperTriangle,
    symmetric_part,
)


def _along_orthogonal(Q: Basic, G: Basic) -> Basic:
    """G - Q sym(Q'G), at an orthogonal Q, square or tall (Absil, Mahony & Sepulchre, (3.35))."""
    return add(G, neg(mul(Q, symmetric_part(mul(transpose(Q), G)))))


_STRUCTURES = (
    Structure("invertible", frozenset((full_column_rank,))),
    Structure(
        "symmetric",
        frozenset((symmetric,)),
        tangent="symmetric",
        sign=1,
        project=lambda X, G: symmetric_part(G),
        draw=lambda xp, A: (A + A.T) / 2,
    ),
    Structure(
        "spd",
        definite.facts,
        tangent="symmetric",
        sign=1,
        project=lambda X, G: symmetric_part(G),
        draw=lambda xp, A: A @ A.T + xp.eye(A.shape[0]) / 2,
    ),
    Structure(
        "skew",
        frozenset((skew,)),
        tangent="skew",
        sign=-1,
        project=lambda X, G: make(SkewPart, G),
        draw=lambda xp, A: (A - A.T) / 2,
    ),
    Structure(
        "diagonal",
        diagonal.facts | {symmetric},
        tangent="diagonal",
        sign=1,
        project=lambda X, G: diagonal_matrix(diagonal_of(G)),
        draw=lambda xp, A: xp.diag(xp.diag(A)),
    ),
    Structure(
        "lower",
        frozenset((lower,)),
        tangent="lower",
        project=lambda X, G: make(LowerTriangle, G),
        draw=lambda xp, A: xp.tril(A),
    ),
    Structure(
        "upper",
        frozenset((upper,)),
        tangent="upper",
        project=lambda X, G: make(UpperTriangle, G),
        draw=lambda xp, A: xp.triu(A),
    ),
    Structure(
        "strictly lower",
        frozenset((lower,)),
        tangent="strictly lower",
        project=lambda X, G: make(StrictLowerTriangle, G),
        draw=lambda xp, A: xp.tril(A, -1),
    ),
    Structure(
        "strictly upper",
        frozenset((upper,)),
        tangent="strictly upper",
        project=lambda X, G: make(StrictUpperTriangle, G),
        draw=lambda xp, A: xp.triu(A, 1),
    ),
    Structure(
        "unit lower",
        frozenset((lower, principal, minors)),
        tangent="strictly lower",
        project=lambda X, G: make(StrictLowerTriangle, G),
        draw=lambda xp, A: xp.tril(A, -1) + xp.eye(A.shape[0]),
    ),
    Structure(
        "unit upper",
        frozenset((upper, principal, minors)),
        tangent="strictly upper",
        project=lambda X, G: make(StrictUpperTriangle, G),
        draw=lambda xp, A: xp.triu(A, 1) + xp.eye(A.shape[0]),
    ),
    Structure(
        "orthogonal",
        frozenset((full_column_rank,)),
        project=_along_orthogonal,
        draw=lambda xp, A: xp.linalg.qr(A)[0],
    ),
)
STRUCTURES.update({structure.name: structure for structure in _STRUCTURES})
DECLARED = tuple(name for name in STRUCTURES if not name.startswith("strictly"))
"""What may be declared of a variable: the others are structures of differentials alone."""
