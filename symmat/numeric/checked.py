"""NumPy and SciPy as generated code sees them, with an error in the place of an answer that means nothing.

The code of a function is plain NumPy.  It runs over these namespaces, in which what factorises a matrix tells whether
it is singular to working precision (Higham, Accuracy and stability of numerical algorithms, ch. 15), and what reads a
triangle whether the matrix is symmetric.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.linalg
import scipy.special
from numpy.linalg import LinAlgError
from scipy.linalg.blas import dnrm2
from scipy.linalg.lapack import dgecon, dgeequ, dgetrf, dgetri, dgetrs, dlange, dpocon, dpotrf, dpotrs, dtrsyl

from symmat.numeric.structure import departure

Array = Any
EPS = float(np.finfo(float).eps)
BLOCK = 64
"""The width of LAPACK's blocks: with less work space dgetri is slower."""


class Singular(LinAlgError):
    """A matrix has no inverse to working precision."""


class Unsymmetric(LinAlgError):
    """A matrix of which one triangle would be read is not symmetric."""


def lu_factor(A: Array) -> tuple[Array, Array]:
    """The LU factorisation of an invertible matrix, with its pivots."""
    if not A.size:
        return A, np.zeros(0, dtype=np.int32)
    lu, pivots, info = dgetrf(A)
    # where the estimate is NaN, so are entries of the result, which is looked at in the end
    if info > 0 or (dgecon(lu, column_norm(A))[0] < EPS and is_singular(A)):
        raise singular(A)
    return lu, pivots


def singular(A: Array) -> Singular:
    """The error."""
    return Singular(f"a matrix of {len(A)}×{len(A)} is singular")


def column_norm(A: Array) -> float:
    """The largest sum of sizes in a column: ‖A‖₁, or ‖A'‖∞ where the rows lie together."""
    return float(dlange("1", A) if A.flags.f_contiguous else dlange("I", A.T))


def is_singular(A: Array) -> bool:
    """Whether a matrix is singular to working precision, also with its rows and columns scaled."""
    if not A.size or not np.all(np.isfinite(A)):
        return False
    rows, cols, *_, info = dgeequ(A)
    scaled = A if info else rows[:, None] * A * cols
    lu, _, info = dgetrf(scaled)
    return bool(info > 0 or dgecon(lu, column_norm(scaled))[0] < EPS)


def lu_solve(factors: tuple[Array, Array], B: Array, trans: int = 0) -> Array:
    """The solution of A X = B, or of A'X = B."""
    lu, pivots = factors
    return dgetrs(lu, pivots, B, trans=trans)[0] if B.size else np.zeros(B.shape)


def cho_factor(A: Array) -> tuple[Array, bool]:
    """The upper Cholesky factor of a positive definite matrix."""
    if not A.size:
        return A, False
    factor, info = dpotrf(A, clean=False)
    if info > 0:
        raise LinAlgError("a matrix is not positive definite")
    if dpocon(factor, column_norm(A))[0] < EPS and is_singular(A):
        raise singular(A)
    return factor, False


def cho_solve(factor: tuple[Array, bool], B: Array) -> Array:
    """The solution of A X = B."""
    return dpotrs(factor[0], B)[0] if B.size else np.zeros(B.shape)


def solve(A: Array, B: Array) -> Array:
    """A⁻¹ B."""
    return lu_solve(lu_factor(A), B)


def inv(A: Array) -> Array:
    """A⁻¹."""
    if not A.size:
        return np.zeros(A.shape)
    lu, pivots, _ = dgetrf(A)
    inverse, info = dgetri(lu, pivots, lwork=BLOCK * len(lu))
    if info > 0 or (column_norm(A) * column_norm(inverse) * EPS > 1 and is_singular(A)):
        raise singular(A)
    return inverse


def matrix_power(A: Array, k: int) -> Array:
    """A^k."""
    return np.linalg.matrix_power(inv(A), -k) if k < 0 else np.linalg.matrix_power(A, k)


def norm(x: Array) -> Any:
    """‖x‖ of a vector, with a second look where the squares of its entries may overflow or vanish."""
    square = x.dot(x)
    return np.sqrt(square) if 1e-280 < square < 1e300 else np.float64(dnrm2(x) if x.size else 0.0)


def cholesky(A: Array) -> Array:
    """The lower factor."""
    return np.linalg.cholesky(_symmetric(A))


def eigh(A: Array) -> Any:
    """Eigenvalues and eigenvectors."""
    return np.linalg.eigh(_symmetric(A))


def eigvalsh(A: Array) -> Array:
    """Eigenvalues."""
    return np.linalg.eigvalsh(_symmetric(A))


def _symmetric(A: Array) -> Array:
    departs = departure("symmetric", A, False)
    if departs or not np.all(np.isfinite(A)):
        raise Unsymmetric(f"a matrix is not symmetric: {departs}")
    return A


def solve_sylvester(A: Array, B: Array, C: Array) -> Array:
    """The X of A X + X B = C (Bartels & Stewart 1972), where it is the only one."""
    if not C.size:
        return np.zeros(C.shape)
    R, U = scipy.linalg.schur(A, output="real")
    S, V = scipy.linalg.schur(B.T, output="real")
    if meet(schur_values(R), -schur_values(S)):
        raise Singular("a Sylvester equation has no unique solution")
    Y, scale, _ = dtrsyl(R, S, U.T @ C @ V, tranb="T")
    return scale * (U @ Y @ V.T)


def schur_values(T: Array) -> Array:
    """The eigenvalues of a real Schur form, whose blocks of two have equal entries on their diagonal."""
    below = np.diagonal(T, -1) * np.diagonal(T, 1)
    imaginary = np.sqrt(np.maximum(0, -below))
    values = T.diagonal() + 0j
    values[:-1] += 1j * imaginary
    values[1:] -= 1j * imaginary
    return values


def meet(first: Array, second: Array) -> bool:
    """Whether two sets of eigenvalues have one in common, to the precision in which they are computed."""
    scale = max(np.max(np.abs(first)), np.max(np.abs(second)))
    return bool(np.min(np.abs(first[:, None] - second)) <= 10 * EPS * max(len(first), len(second)) * scale)


def of_finite(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that iterates, which might never end on NaN or infinity."""

    def guarded(A: Array, *rest: Any, **options: Any) -> Any:
        if not np.all(np.isfinite(A)):
            raise ValueError("a value on the way is not defined, or too large for floating point")
        return function(A, *rest, **options)

    return guarded


def _namespace(module: Any, own: tuple[Callable[..., Any], ...], iterate: str) -> SimpleNamespace:
    guarded = {name: of_finite(getattr(module, name)) for name in iterate.split()}
    return SimpleNamespace(**vars(module) | guarded | {f.__name__: f for f in own})


NUMPY = SimpleNamespace(**vars(np))
NUMPY.linalg = _namespace(np.linalg, (solve, inv, matrix_power, cholesky, eigh, eigvalsh), "svd norm qr eigvals")
SCIPY = SimpleNamespace(special=scipy.special)
SCIPY.linalg = _namespace(
    scipy.linalg, (solve_sylvester, norm), "expm logm sqrtm sinm cosm fractional_matrix_power polar pinv"
)
NAMES = {"np": NUMPY, "scipy": SCIPY} | {f.__name__: f for f in (lu_factor, lu_solve, cho_factor, cho_solve)}
"""What the names in generated code stand for."""
