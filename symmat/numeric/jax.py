"""JAX as a namespace: the values of the records, and the code that is made of them, run on it as they are.

Kernels are the same functions over ``jax.numpy``.  Those that assign to entries, or raise for some values, have twins
without branches, which may be traced; what does not exist is NaN there.  64-bit numbers are the caller's to enable.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.linalg
import jax.scipy.special
import numpy as np

from symmat.numeric import kernels
from symmat.numeric.copying import KERNELS

Array = Any
ROOTS = 10
"""So many square roots bring a matrix near to I, where its logarithm is a short sum."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)


def unpivoted_lu(A: Array) -> tuple[Array, Array]:
    """The factors of A = L U, column by column."""
    n = len(A)
    U, L, place = A, jnp.eye(n), jnp.arange(n)
    for j in range(n - 1):
        column = jnp.where(place > j, U[:, j] / U[j, j], 0.0)
        L, U = L.at[:, j].add(column), U - jnp.outer(column, U[j])
    return L, jnp.triu(U)


def log_det(A: Array) -> Array:
    """log det A."""
    sign, size = jnp.linalg.slogdet(A)
    return jnp.where(sign > 0, size, jnp.nan)


def log_det_of_lu(factors: tuple[Array, Array]) -> Array:
    """log det A from what lu_factor(A) gives."""
    diagonal = jnp.diag(factors[0])
    sign = jnp.prod(jnp.sign(diagonal)) * (-1) ** jnp.sum(factors[1] != jnp.arange(len(diagonal)))
    return jnp.where(sign > 0, jnp.sum(jnp.log(jnp.abs(diagonal))), jnp.nan)


def sqrtm(X: Array) -> Array:
    """The principal square root."""
    return _real(jax.scipy.linalg.sqrtm(X))


def logm(X: Array) -> Array:
    """The principal logarithm, by inverse scaling and squaring (Higham, Functions of matrices, sec. 11.5)."""
    for _ in range(ROOTS):
        X = jax.scipy.linalg.sqrtm(X)
    eye = jnp.eye(len(X))
    A = X - eye  # log(I + A) is the integral of A (I + x A)⁻¹ over x from 0 to 1
    terms = (w / 2 * jnp.linalg.solve(eye + (x + 1) / 2 * A, A) for x, w in zip(NODES, WEIGHTS, strict=True))
    return _real(2**ROOTS * sum(terms))


def real_power(X: Array, a: Any) -> Array:
    """X^a = exp(a log X)."""
    return jax.scipy.linalg.expm(a * logm(X))


def _real(F: Array) -> Array:
    """A function that is real, or NaN."""
    whole = jnp.max(jnp.abs(jnp.imag(F))) <= 1e-8 * jnp.max(jnp.abs(F))
    return jnp.where(whole, jnp.real(F), jnp.nan)


def sinm(X: Array) -> Array:
    """The sine."""
    return jnp.imag(jax.scipy.linalg.expm(1j * X))


def cosm(X: Array) -> Array:
    """The cosine."""
    return jnp.real(jax.scipy.linalg.expm(1j * X))


def solve_sylvester(A: Array, B: Array, C: Array) -> Array:
    """The X of A X + X B = C, from the linear system for vec X."""
    m, n = C.shape
    M = jnp.kron(jnp.eye(n), A) + jnp.kron(B.T, jnp.eye(m))
    return jnp.linalg.solve(M, C.reshape(-1, order="F")).reshape(m, n, order="F")


def _named(*functions: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    return {f.__name__: f for f in functions}


SCIPY = SimpleNamespace(special=SimpleNamespace(**vars(jax.scipy.special) | _named(jax.nn.softmax, jax.nn.log_softmax)))
SCIPY.linalg = SimpleNamespace(
    **vars(jax.scipy.linalg) | _named(sinm, cosm, solve_sylvester), norm=jnp.linalg.norm, pinv=jnp.linalg.pinv
)
NAMES: dict[str, Any] = {
    "np": jnp,
    "scipy": SCIPY,
    "lu_factor": jax.scipy.linalg.lu_factor,
    "lu_solve": jax.scipy.linalg.lu_solve,
    "cho_factor": jax.scipy.linalg.cho_factor,
    "cho_solve": jax.scipy.linalg.cho_solve,
}
"""What the names in generated code stand for, over JAX."""
NAMES |= {name: FunctionType(kernel.__code__, NAMES, name) for name, kernel in KERNELS.items()}
NAMES |= _named(unpivoted_lu, log_det, log_det_of_lu, sqrtm, logm, real_power)
NAMES |= _named(kernels.lower_places, kernels.half_places)  # of integers, which are known when code is traced


class Kernels:
    """Kernels by name, those of other packages over JAX as well."""

    def __getattr__(self, name: str) -> Any:
        return NAMES[name] if name in NAMES else FunctionType(KERNELS[name].__code__, NAMES, name)


JAX = SimpleNamespace(**vars(jnp), scipy=SCIPY, kernels=Kernels(), scalar=np.float64, undefined=())
"""The namespace."""
