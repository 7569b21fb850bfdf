"""Exact residues modulo a prime, as a namespace: what is exact there, and nothing else.

A residue wraps an array of integers and has the operators of arrays; what it has not, such as an exponential, is
refused by its name, so that nothing is rounded on the way.  A number remembers itself, for a residue is no exponent.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symmat.errors import UnsupportedProblem
from symmat.numeric import kernels

Array = Any
HALF = 16
"""The bits of the lower half of a factor: sums of products of halves with residues do not overflow."""
LONGEST_EXACT = 1024
"""The bits of a number that is remembered."""


class Residue:
    """Residues modulo a prime below 2³¹: an array, or a number that is ``exact`` where it is known as a fraction."""

    __slots__ = ("array", "exact", "p")
    __array_ufunc__ = None  # NumPy leaves the operators to this class, and knows no function of it

    def __init__(self, array: Array, p: int, exact: Fraction | None = None) -> None:
        self.array, self.p, self.exact = array, p, exact

    def _other(self, other: Any) -> Residue:
        return other if isinstance(other, Residue) else of_number(other, self.p)

    def _with(self, other: Any, combine: Callable[[Any, Any], Any]) -> Residue:
        other = self._other(other)
        exact = None if self.exact is None or other.exact is None else combine(self.exact, other.exact)
        return Residue(combine(self.array, other.array) % self.p, self.p, remembered(exact))

    def __add__(self, other: Any) -> Residue:
        return self._with(other, operator.add)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Residue:
        return self._with(other, operator.sub)

    def __rsub__(self, other: Any) -> Residue:
        return self._other(other) - self

    def __neg__(self) -> Residue:
        return self._other(0) - self

    def __mul__(self, other: Any) -> Residue:
        return self._with(other, operator.mul)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Residue:
        return self * self._other(other) ** -1

    def __rtruediv__(self, other: Any) -> Residue:
        return self._other(other) / self

    def __int__(self) -> int:
        if self.exact is None or self.exact.denominator != 1:
            raise inexact("an exponent that is not whole")
        return int(self.exact)

    def __pow__(self, exponent: Any) -> Residue:
        """A whole power; ZeroDivisionError for a negative one of 0."""
        k = int(self._other(exponent))
        if k < 0 and not np.all(self.array):
            raise ZeroDivisionError("division by zero")
        small = self.exact is not None and abs(k) <= LONGEST_EXACT
        array = powers(self.array, k % (self.p - 1) if k < 0 else k, self.p)
        return Residue(array, self.p, remembered(self.exact**k) if small and self.exact is not None else None)

    def __matmul__(self, other: Residue) -> Residue:
        return bilinear(np.matmul, self, other)

    def __getitem__(self, index: Any) -> Residue:
        return Residue(self.array[index], self.p)

    @property
    def T(self) -> Residue:
        """The transpose."""
        return Residue(self.array.T, self.p)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sides."""
        sides: tuple[int, ...] = self.array.shape
        return sides

    def reshape(self, *sides: Any, order: Any = "C") -> Residue:
        """The same residues in another shape."""
        return Residue(self.array.reshape(*sides, order=order), self.p)


def inexact(what: str) -> UnsupportedProblem:
    """The error for what has no value modulo a prime."""
    return UnsupportedProblem(f"{what} is not exact: it has no value modulo a prime")


def remembered(exact: Fraction | None) -> Fraction | None:
    """A number, unless it is too long."""
    if exact is None or max(exact.numerator.bit_length(), exact.denominator.bit_length()) > LONGEST_EXACT:
        return None
    return exact


def of_number(value: Any, p: int) -> Residue:
    """The residue of a number; UnsupportedProblem for a float with more bits than people write."""
    exact = Fraction(value)
    if isinstance(value, float) and (exact.denominator > 2**10 or abs(exact) > 2**20):
        raise inexact(f"the number {value}")
    if exact.denominator % p == 0:
        raise ZeroDivisionError("division by zero")
    return Residue(np.int64(exact.numerator * pow(exact.denominator, -1, p) % p), p, exact)


def powers(array: Array, k: int, p: int) -> Array:
    """The k-th powers, by squarings."""
    result = np.ones_like(array)
    while k:
        if k & 1:
            result = result * array % p
        array, k = array * array % p, k >> 1
    return result


def bilinear(combine: Callable[[Array, Array], Array], left: Residue, right: Residue) -> Residue:
    """A sum of products, by the halves of the left factors."""
    high, low = (combine(half, right.array) for half in (left.array >> HALF, left.array & (2**HALF - 1)))
    return Residue(((high % left.p << HALF) + low) % left.p, left.p)


def echelon(matrix: Array, p: int) -> tuple[Array, list[int], int]:
    """The reduced row echelon form, the columns of its pivots, and the product of the pivots with the sign of swaps."""
    M, det = matrix.copy(), 1
    pivots: list[int] = []
    for j in range(M.shape[1]):
        i = len(pivots)
        below = np.flatnonzero(M[i:, j])
        if not below.size:
            continue
        M[[i, i + below[0]]] = M[[i + below[0], i]]
        pivot = int(M[i, j])
        det = (-det if below[0] else det) * pivot % p
        row = M[i] * pow(pivot, -1, p) % p
        M = (M - M[:, j, None] * row) % p
        M[i] = row
        pivots.append(j)
    return M, pivots, det


class Exact:
    """Functions by name; any other is refused by its name."""

    def __getattr__(self, name: str) -> Any:
        raise inexact(name)


class Residues(Exact):
    """The namespace of residues modulo one prime."""

    undefined = ()
    arange, triu_indices = staticmethod(np.arange), staticmethod(np.triu_indices)

    def __init__(self, p: int) -> None:
        self.p = p
        self.linalg, self.kernels, self.scipy = Linalg(self), Kernels(self), SciPy(self)

    def scalar(self, value: Any) -> Residue:
        """The residue of a number."""
        return value if isinstance(value, Residue) else of_number(value, self.p)

    def asarray(self, values: Any) -> Residue:
        """The residues of whole numbers and fractions."""
        numbers = np.asarray(values, dtype=object)
        flat = [int(of_number(value, self.p).array) for value in numbers.ravel()]
        return Residue(np.array(flat, dtype=np.int64).reshape(numbers.shape), self.p)

    def _plain(self, array: Array) -> Residue:
        return Residue(np.asarray(array, dtype=np.int64) % self.p, self.p)

    def eye(self, n: int) -> Residue:
        """I."""
        return self._plain(np.eye(n))

    def zeros(self, sides: Any) -> Residue:
        """0."""
        return self._plain(np.zeros(sides))

    def ones(self, sides: Any) -> Residue:
        """The matrix of ones."""
        return self._plain(np.ones(sides))

    def where(self, condition: Array, yes: Any, no: Any) -> Residue:
        """One number or the other."""
        return Residue(np.where(condition, self.scalar(yes).array, self.scalar(no).array), self.p)

    def diag(self, A: Residue) -> Residue:
        """A diagonal, and the matrix of one."""
        return Residue(np.diag(A.array), self.p)

    def tril(self, A: Residue, k: int = 0) -> Residue:
        """The lower triangle."""
        return Residue(np.tril(A.array, k), self.p)

    def triu(self, A: Residue, k: int = 0) -> Residue:
        """The upper triangle."""
        return Residue(np.triu(A.array, k), self.p)

    def sum(self, A: Residue, axis: int | None = None) -> Residue:
        """The sum of entries."""
        return Residue(np.sum(A.array, axis=axis) % self.p, self.p)

    def mean(self, A: Residue) -> Residue:
        """The mean of entries."""
        return self.sum(A) / int(A.array.size)

    def trace(self, A: Residue) -> Residue:
        """The sum of the diagonal."""
        return self.sum(self.diag(A))

    def kron(self, A: Residue, B: Residue) -> Residue:
        """The Kronecker product."""
        return Residue(np.kron(A.array, B.array) % self.p, self.p)

    def einsum(self, pattern: str, A: Residue, B: Residue) -> Residue:
        """Sums of products of two arrays."""
        return bilinear(lambda a, b: np.einsum(pattern, a, b), A, B)

    def block(self, rows: Sequence[Sequence[Residue]]) -> Residue:
        """A matrix of blocks."""
        return Residue(np.block([[entry.array for entry in row] for row in rows]), self.p)


class Linalg(Exact):
    """What is exact of numpy.linalg; ZeroDivisionError where a matrix is singular."""

    def __init__(self, xp: Residues) -> None:
        self.xp = xp

    def solve(self, A: Residue, B: Residue) -> Residue:
        """A⁻¹ B."""
        right = B.array if B.array.ndim == 2 else B.array[:, None]
        n = len(A.array)
        M, pivots, _ = echelon(np.hstack([A.array, right]), A.p)
        if pivots[:n] != [*range(n)]:
            raise ZeroDivisionError(f"a matrix is singular modulo {A.p}")
        return Residue(M[:, n:].reshape(B.shape), A.p)

    def inv(self, A: Residue) -> Residue:
        """A⁻¹."""
        return self.solve(A, self.xp.eye(len(A.array)))

    def det(self, A: Residue) -> Residue:
        """The determinant."""
        _, pivots, det = echelon(A.array, A.p)
        return Residue(np.int64(det if len(pivots) == len(A.array) else 0), A.p)

    def matrix_power(self, A: Residue, k: int) -> Residue:
        """A^k, by squarings."""
        base, result = (self.inv(A) if k < 0 else A), self.xp.eye(len(A.array))
        k = abs(k)
        while k:
            if k & 1:
                result = result @ base
            base, k = base @ base, k >> 1
        return result


class SciPy(Exact):
    """SciPy."""

    def __init__(self, xp: Residues) -> None:
        self.linalg, self.special = SciPyLinalg(xp), Exact()


class SciPyLinalg(Exact):
    """What is exact of scipy.linalg."""

    def __init__(self, xp: Residues) -> None:
        self.xp = xp

    def solve_sylvester(self, A: Residue, B: Residue, C: Residue) -> Residue:
        """The X of A X + X B = C, from the linear system for vec X."""
        m, n = C.shape
        M = self.xp.kron(self.xp.eye(n), A) + self.xp.kron(B.T, self.xp.eye(m))
        return self.xp.linalg.solve(M, C.reshape(-1, order="F")).reshape(m, n, order="F")

    def pinv(self, A: Residue) -> Residue:
        """R'(R R')⁻¹ (C'C)⁻¹ C' of A = C R, where both have full rank (Ben-Israel & Greville, sec. 1.6)."""
        inv, (M, pivots, _) = self.xp.linalg.inv, echelon(A.array, A.p)
        C, R = A[:, pivots], Residue(M[: len(pivots)], A.p)
        return R.T @ inv(R @ R.T) @ inv(C.T @ C) @ C.T


class Kernels(Exact):
    """The kernels that are exact."""

    lower_places, half_places = staticmethod(kernels.lower_places), staticmethod(kernels.half_places)

    def __init__(self, xp: Residues) -> None:
        self.xp = xp

    def permutation(self, order: Array) -> Residue:
        """The rows of I in an order."""
        return self.xp.eye(len(order))[order]

    def product(self, *factors: Residue) -> Residue:
        """The product of scalars and matrices."""
        scalar, matrix = self.xp.scalar(1), None
        for factor in factors:
            if not factor.shape:
                scalar = scalar * factor
            else:
                matrix = factor if matrix is None else matrix @ factor
        return scalar if matrix is None else scalar * matrix

    def unpivoted_lu(self, A: Residue) -> tuple[Residue, Residue]:
        """The factors of A = L U; ZeroDivisionError where a pivot is 0."""
        p, U = A.p, A.array.copy()
        L = np.eye(len(U), dtype=np.int64)
        for j in range(len(U) - 1):
            if not U[j, j]:
                raise ZeroDivisionError("a pivot is 0")
            L[j + 1 :, j] = U[j + 1 :, j] * pow(int(U[j, j]), -1, p) % p
            U[j + 1 :] = (U[j + 1 :] - L[j + 1 :, j, None] * U[j]) % p
        return Residue(L, p), Residue(np.triu(U), p)
