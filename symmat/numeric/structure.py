"""Whether an array has the structure that is declared of its matrix, at the cost of two products with a vector.

A matrix identity holds if it holds on a random vector, but for a set of vectors of measure zero (Freivalds, Fast
probabilistic algorithms, 1979).  What fails is looked at entry by entry, and the worst entry is named.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.linalg.blas import dtrmv
from scipy.linalg.lapack import dpotrf
from sympy import Basic

from symmat.core.structure import STRUCTURES, is_orthogonal

Array = Any
TOLERANCE = 1e-8
"""Half of the digits: what departs less changes a value no more than that."""


@lru_cache(maxsize=64)
def probe(size: int) -> Array:
    """The vector on which identities are tried."""
    vector = np.random.default_rng(size).standard_normal(size)
    vector.flags.writeable = False
    return vector


def _triangle(A: Array, z: Array, lower: bool, unit: bool = False) -> Array:
    """The product of a triangle of A with a vector."""
    if A.flags.f_contiguous:
        return dtrmv(A, z, lower=lower, diag=unit)
    return dtrmv(A.T, z, lower=not lower, trans=1, diag=unit)


IMAGES: dict[str, Callable[[Array, Array], Array]] = {
    "symmetric": lambda A, z: z.dot(A),
    "skew": lambda A, z: -z.dot(A),
    "diagonal": lambda A, z: A.diagonal() * z,
    "lower": lambda A, z: _triangle(A, z, True),
    "upper": lambda A, z: _triangle(A, z, False),
    "strictly lower": lambda A, z: _triangle(A, z, True) - A.diagonal() * z,
    "strictly upper": lambda A, z: _triangle(A, z, False) - A.diagonal() * z,
    "unit lower": lambda A, z: _triangle(A, z, True, unit=True),
    "unit upper": lambda A, z: _triangle(A, z, False, unit=True),
    "spd": lambda A, z: z.dot(A),
}
"""A z, if A has the structure."""


def departure(name: str, A: Array, factorised: bool) -> str:
    """How an array departs from a structure; nothing if it does not.  It is ``factorised`` where that costs little."""
    if not A.size:
        return ""
    z = probe(A.shape[1])
    image = A.dot(z)  # where A is small, it takes a third of the time of A @ z
    if name == "orthogonal":
        rest = image.dot(A) - z
        return "" if rest.dot(rest) <= TOLERANCE**2 * z.dot(z) else _not_orthonormal(A)
    if name not in IMAGES:
        return ""
    rest = image - IMAGES[name](A, z)
    if not rest.dot(rest) <= 2 * TOLERANCE**2 * image.dot(image):
        return _worst(name, A)
    if name == "spd" and (not z.dot(image) > 0 or (factorised and dpotrf(A)[1])):
        return f"its smallest eigenvalue is {np.linalg.eigvalsh(A)[0]:.3g}"
    return ""


def _worst(name: str, A: Array) -> str:
    """The entry that departs most."""
    nearest = structured(A, frozenset(("symmetric" if name == "spd" else name,)))
    i, j = map(int, np.unravel_index(np.argmax(np.abs(A - nearest)), A.shape))
    if name in ("symmetric", "spd", "skew"):
        other = "" if i == j else f", and [{j + 1}, {i + 1}] is {A[j, i]:.6g}"
        return f"its entry [{i + 1}, {j + 1}] is {A[i, j]:.6g}{other}"
    return f"its entry [{i + 1}, {j + 1}] is {A[i, j]:.6g}, not {nearest[i, j]:.0f}"


def _not_orthonormal(Q: Array) -> str:
    """The two columns whose product departs most."""
    gram = Q.T @ Q - np.eye(Q.shape[1])
    i, j = map(int, np.unravel_index(np.argmax(np.abs(gram)), gram.shape))
    return f"the product of its columns {i + 1} and {j + 1} is {gram[i, j] + (i == j):.6g}, not {int(i == j)}"


def leaves_tangent(Q: Array, dQ: Array) -> bool:
    """Whether Q'dQ is not skew, so that Q + h dQ leaves the orthogonal matrices."""
    z = probe(Q.shape[1])
    rest = (dQ @ z) @ Q + (Q @ z) @ dQ
    moved = dQ @ z
    return not rest @ rest <= TOLERANCE**2 * (moved @ moved) * max(1.0, z @ z) if Q.size else False


def tangent(variable: Basic, at: Any, direction: Any) -> Any:
    """A direction in which a structured variable can move: dQ = Q Ω + Q⊥ K at an orthogonal Q."""
    if not is_orthogonal(variable):
        return direction
    inside = at.T @ direction
    return direction - at @ (inside + inside.T) / 2


def structured(array: Any, declared: frozenset[str]) -> Any:
    """A full matrix made one that has the declared properties: the nearest, where these are linear."""
    for name in declared:
        draw = STRUCTURES[name].draw
        array = array if draw is None else draw(np, array)
    return array
