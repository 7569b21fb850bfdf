"""The factors of the standard factorisations: their values.

Their differentials come with implicit differentiation.  Golub & Van Loan, Matrix computations, 2013.
"""

from __future__ import annotations

from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Operation, register
from symmat.core.predicate import Condition
from symmat.facts.predicates import definite, minors, symmetric

WITHOUT_PIVOTING = """\
def _lu(A):
    U, L = np.array(A, dtype=float), np.eye(len(A))
    for j in range(len(A) - 1):
        if not abs(U[j, j]) > 2.0**-52 * np.max(np.abs(U[j:, j])):
            raise ValueError("a pivot is 0: the matrix has no LU factorisation without pivoting")
        L[j + 1 :, j] = U[j + 1 :, j] / U[j, j]
        U[j + 1 :] -= np.outer(L[j + 1 :, j], U[j])
    return L, np.triu(U)
"""


def _part(
    word: str,
    letter: str,
    name: str,
    signature: str,
    numpy: str,
    section: str,
    condition: Condition | None = None,
    helper: str = "",
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
            numpy=numpy,
            helper=helper,
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
    "_lu({A})[0]",
    "sec. 3.2",
    minors("A"),
    WITHOUT_PIVOTING,
    structure="unit lower",
)
_part(
    "lu", "U", "upper factor of LU", SQUARE, "_lu({A})[1]", "sec. 3.2", minors("A"), WITHOUT_PIVOTING, structure="upper"
)
_part(
    "ldl",
    "L",
    "lower factor of LDL",
    SQUARE,
    "_lu({A})[0]",
    "sec. 4.1",
    minors("A"),
    WITHOUT_PIVOTING,
    structure="unit lower",
)
_part(
    "ldl",
    "D",
    "diagonal of LDL",
    SQUARE,
    "np.diag(np.diag(_lu({A})[1]))",
    "sec. 4.1",
    minors("A"),
    WITHOUT_PIVOTING,
    structure="diagonal",
)
_part("chol", "", "Cholesky factor", SQUARE, "np.linalg.cholesky({A})", "sec. 4.2", definite("A"), structure="lower")
_part(
    "qr",
    "Q",
    "orthonormal factor of QR",
    "m×n -> m×min(m,n)",
    "np.linalg.qr({A})[0]",
    "sec. 5.2",
    structure="orthogonal",
)
_part("qr", "R", "upper factor of QR", "m×n -> min(m,n)×n", "np.linalg.qr({A})[1]", "sec. 5.2", structure="upper")
_part("eigh", "values", "eigenvalues", LONG, "np.linalg.eigvalsh({A})", "sec. 8.1", symmetric("A"))
_part(
    "eigh",
    "vectors",
    "eigenvectors",
    SQUARE,
    "np.linalg.eigh({A})[1]",
    "sec. 8.1",
    symmetric("A"),
    structure="orthogonal",
)
LEFT = _part(
    "svd",
    "U",
    "left singular vectors",
    "m×n -> m×min(m,n)",
    "np.linalg.svd({A}, full_matrices=False)[0]",
    "sec. 2.4",
    structure="orthogonal",
)
RIGHT = _part(
    "svd",
    "V",
    "right singular vectors",
    "m×n -> n×min(m,n)",
    "np.linalg.svd({A}, full_matrices=False)[2].T",
    "sec. 2.4",
    structure="orthogonal",
)
_part(
    "svd",
    "S",
    "diagonal of singular values",
    "m×n -> min(m,n)×min(m,n)",
    "np.diag(np.linalg.svd({A}, compute_uv=False))",
    "sec. 2.4",
    structure="diagonal",
)
SINGULAR_VALUES = _part(
    "svd", "values", "singular values", "m×n -> min(m,n)×1", "np.linalg.svd({A}, compute_uv=False)", "sec. 2.4"
)
_part("polar", "U", "orthonormal polar factor", TALL, "scipy.linalg.polar({A})[0]", "sec. 9.4")
_part(
    "polar", "P", "positive polar factor", "m×n -> n×n", "scipy.linalg.polar({A})[1]", "sec. 9.4", structure="symmetric"
)
