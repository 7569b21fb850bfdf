"""What a value needs beyond one call of NumPy or SciPy.

The source of these functions is copied into the code that calls them, so each is plain NumPy and calls only others of
this file.  A value names them as ``xp.kernels.logm``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

Array = Any
Function = Callable[..., Array]


# ---------------------------------------------------------------- factorisations and determinants


def unpivoted_lu(A: Array) -> tuple[Array, Array]:
    """The factors of A = L U, without pivoting."""
    U, L = np.array(A, dtype=float), np.eye(len(A))
    for j in range(len(A) - 1):
        if not abs(U[j, j]) > 2.0**-52 * np.max(np.abs(U[j:, j])):
            raise ValueError("a pivot is 0: the matrix has no LU factorisation without pivoting")
        L[j + 1 :, j] = U[j + 1 :, j] / U[j, j]
        U[j + 1 :] -= np.outer(L[j + 1 :, j], U[j])
    return L, np.triu(U)


def det_of_lu(factors: tuple[Array, Array]) -> Any:
    """det A from what lu_factor(A) gives."""
    factored, pivots = factors
    return np.prod(np.diag(factored)) * (-1) ** np.sum(pivots != np.arange(len(pivots)))


def log_det(A: Array) -> Any:
    """log det A."""
    sign, size = np.linalg.slogdet(A)
    if sign <= 0:
        raise ValueError("a determinant under a logarithm is not positive")
    return size


def log_det_of_lu(factors: tuple[Array, Array]) -> Any:
    """log det A from what lu_factor(A) gives."""
    diagonal, pivots = np.diag(factors[0]), factors[1]
    if np.prod(np.sign(diagonal)) * (-1) ** np.sum(pivots != np.arange(len(pivots))) <= 0:
        raise ValueError("a determinant under a logarithm is not positive")
    return np.sum(np.log(np.abs(diagonal)))


def det_of_cholesky(factor: tuple[Array, bool]) -> Any:
    """det A from what cho_factor(A) gives."""
    return np.prod(np.diag(factor[0])) ** 2


def log_det_of_cholesky(factor: tuple[Array, bool]) -> Any:
    """log det A from what cho_factor(A) gives."""
    return 2 * np.sum(np.log(np.diag(factor[0])))


# ---------------------------------------------------------------- functions of matrices


def principal(f: Function, X: Array, *exponent: Any) -> Array:
    """f(X), which is complex or not there where X has an eigenvalue on the closed negative real axis."""
    singular = not np.all(np.linalg.eigvals(X))
    F = X if singular else f(X, *exponent)
    if singular or np.any(np.abs(np.imag(F)) > 1e-8 * np.max(np.abs(F))):
        raise ValueError("a matrix has an eigenvalue on the closed negative real axis: a function of it is not real")
    return np.real(F)


def logm(X: Array) -> Array:
    """The principal logarithm."""
    return principal(scipy.linalg.logm, X)


def sqrtm(X: Array) -> Array:
    """The principal square root."""
    return principal(scipy.linalg.sqrtm, X)


def real_power(X: Array, a: Any) -> Array:
    """X^a = exp(a log X)."""
    return principal(scipy.linalg.fractional_matrix_power, X, a)


def frechet(f: Function, X: Array, *directions: Array) -> Array:
    """The block of f of a triangular matrix of blocks that is its derivative in the directions."""
    n, blocks = len(X), X
    for E in directions:
        E = np.kron(np.eye(len(blocks) // n), E)
        blocks = np.block([[blocks, E], [np.zeros_like(blocks), blocks]])
    return f(blocks)[:n, -n:]


def frechet_matrix(f: Function, X: Array) -> Array:
    """The matrix that frechet(f, X, E) is on vec E."""
    n = len(X)
    units = np.eye(n * n).reshape(n * n, n, n, order="F")
    return np.column_stack([frechet(f, X, E).reshape(-1, order="F") for E in units])


def power_frechet(a: Any, X: Array, *directions: Array) -> Array:
    """The derivative of X^a in the directions."""
    return frechet(lambda M: real_power(M, a), X, *directions)


def power_frechet_matrix(a: Any, X: Array) -> Array:
    """The matrix that power_frechet(a, X, E) is on vec E."""
    return frechet_matrix(lambda M: real_power(M, a), X)


# ---------------------------------------------------------------- places


def permutation(order: Array) -> Array:
    """The rows of I in an order."""
    return np.eye(len(order))[order]


def lower_places(n: int) -> Array:
    """Where in vec X the entries of its lower triangle are."""
    return np.flatnonzero(np.tri(n).reshape(-1, order="F"))


def half_places(n: int) -> Array:
    """Where in vech X the entries of vec X are, for a symmetric X."""
    place = np.zeros((n, n), dtype=int)
    rows, cols = np.triu_indices(n)
    place[rows, cols] = place[cols, rows] = np.arange(len(rows))
    return place.reshape(-1)


# ---------------------------------------------------------------- products


def product(*factors: Any) -> Any:
    """The product of scalars and matrices; 0 times what is not there is 0, as in k X^(k-1) at k = 0."""
    scalar, matrices = 1.0, []
    for factor in factors:
        if np.ndim(factor):
            matrices.append(factor)
        else:
            scalar = scalar * factor
    if not matrices:
        return scalar
    matrix = matrices[0]
    for other in matrices[1:]:
        matrix = matrix @ other
    return np.where(scalar == 0, 0.0, scalar * matrix)
