"""Residues modulo primes: what the records say of polynomials and rational functions agrees with the reals."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from inspect import signature
from math import isqrt, prod
from zlib import crc32

import numpy as np
import pytest
from sympy import HadamardPower, Pow, isprime

import symmat as sm
from symmat.core.operation import find_operation
from symmat.core.table import interning
from symmat.core.walks import postorder, symbols
from symmat.errors import UnsupportedProblem
from symmat.language import read
from symmat.numeric.evaluate import evaluate
from symmat.numeric.residues import Residues
from tests.arguments import size
from tests.cases import ROWS, VALUES

PRIMES = [2**31 - d for d in (1, 19, 61, 69, 85)]
"""Together they tell fractions with numerators and denominators of 23 digits from each other."""
EXACT = {
    "sum rule", "product rule", "power rule", "inverse", "transpose", "trace", "determinant", "adjugate",
    "pseudoinverse", "Hadamard product", "Hadamard quotient", "elementwise power", "Kronecker product",
    "sum of blocks", "vec", "matrix of a vec", "half-vectorization", "lower triangle", "upper triangle",
    "strictly lower triangle", "strictly upper triangle", "symmetric part", "skew part", "diagonal matrix", "diagonal",
    "sum of entries", "mean of entries", "sums of rows", "sums of columns", "squared norm", "Sylvester equation",
    "part", "block matrix", "duplication matrix", "commutation matrix", "elimination matrix", "unit vector",
    "lower factor of LU", "upper factor of LU", "lower factor of LDL", "diagonal of LDL",
}  # fmt: skip
"""Some operations that are polynomials or rational functions of their operands, and must not be refused."""


def whole(rng, shape):
    return rng.integers(1, 8, shape) * rng.choice((-1, 1), shape)


def cayley(A):
    """(I - S)^-1 (I + S) of a skew S, in fractions."""
    n = len(A)
    S = np.array([[Fraction(int(x)) for x in row] for row in np.triu(A, 1) - np.triu(A, 1).T])
    eye = np.array([[Fraction(int(i == j)) for j in range(n)] for i in range(n)])
    M = np.hstack([eye - S, eye + S])
    for j in range(n):
        M[j] = M[j] / M[j, j]  # the leading minors of I - S are positive
        for i in {*range(n)} - {j}:
            M[i] = M[i] - M[i, j] * M[j]
    return M[:, n:]


STRUCTURES = {
    "symmetric": lambda A: A + A.T,
    "spd": lambda A: A @ A.T + np.eye(len(A), dtype=int),
    "skew": lambda A: A - A.T,
    "diagonal": lambda A: np.diag(np.diag(A)),
    "lower": np.tril,
    "upper": np.triu,
    "unit lower": lambda A: np.tril(A, -1) + np.eye(len(A), dtype=int),
    "unit upper": lambda A: np.triu(A, 1) + np.eye(len(A), dtype=int),
    "orthogonal": lambda A: cayley(A if A.shape[0] == A.shape[1] else np.resize(A, (len(A), len(A))))[:, : A.shape[1]],
    "invertible": lambda A: A,
}


def drawn(row, root):
    """Whole numbers, or fractions where a matrix is orthogonal, by symbol; vectors with one axis."""
    rng, sizes, given = np.random.default_rng(crc32(row.id.encode())), {}, {}
    for symbol in symbols(root):
        if symbol.is_Matrix:
            shape = [size(side, sizes) for side in symbol.args[1:3]]
            given[symbol] = whole(rng, shape)
            if row.draw.get(symbol.name) in ("invertible", "dominant"):
                given[symbol] += 8 * shape[0] * np.eye(shape[0], dtype=int)
            for word in map(str, symbol.args[3:]):
                given[symbol] = STRUCTURES[word](given[symbol])
            given[symbol] = given[symbol][:, 0] if shape[1] == 1 else given[symbol]
    for symbol in symbols(root):
        if symbol not in given:
            kind = row.draw.get(symbol.name, "")
            given[symbol] = sizes.get(symbol) or (int(kind or 3) if symbol.is_integer else int(whole(rng, ())))
    return given


def modulo(root, given, p):
    """The residues of an expression."""
    xp = Residues(p)
    return evaluate(root, {s: v if s.is_integer else xp.asarray(v) for s, v in given.items()}, xp)


def fraction(residue, modulus):
    """The fraction with the smallest terms that has a residue (Wang, Guy & Davenport 1982)."""
    bound = isqrt(modulus // 2)
    (r, t), (s, u) = (modulus, 0), (residue, 1)
    while s > bound:
        q = r // s
        (r, t), (s, u) = (s, u), (r - q * s, t - q * u)
    assert 0 < abs(u) <= bound
    return Fraction(s, u)


def reconstructed(residues):
    """Real numbers from their residues modulo each of the primes."""
    M = prod(PRIMES)
    units = [M // p * pow(M // p, -1, p) for p in PRIMES]
    flat = zip(*(r.array.ravel() for r in residues), strict=True)
    numbers = [float(fraction(sum(int(x) * u for x, u in zip(xs, units, strict=True)) % M, M)) for xs in flat]
    return np.array(numbers).reshape(residues[0].shape)


@cache
def is_exact(row):
    """Whether a row is a polynomial or rational function."""
    with interning():
        nodes = [*postorder(read(row.text, row.let).expr)]
        names = {record.name for node in nodes if (record := find_operation(type(node)))}
        roots = [n for n in nodes if type(n) in (Pow, HadamardPower) and not n.args[1].is_integer]
    return names <= EXACT and not roots and "min(" not in row.text


def test_the_primes():
    assert all(map(isprime, PRIMES)) and len(set(PRIMES)) == len(PRIMES)


@pytest.mark.parametrize("row", [*ROWS, *VALUES], ids=lambda row: row.id)
def test_a_residue_is_exact_or_refused(row):
    """What has residues agrees with the reals, and what is a polynomial or a rational function has them."""
    with interning():
        root = read(row.text, row.let).expr
        given = drawn(row, root)
        try:
            residues = [modulo(root, given, p) for p in PRIMES]
        except UnsupportedProblem as refusal:
            assert "is not exact" in refusal.message
            assert not is_exact(row), "every operation of this row is exact, and one is refused"
            return
    found = reconstructed(residues)
    own = [name for name, p in signature(row.value).parameters.items() if p.default is p.empty]
    named = {s.name: v if s.is_integer else np.asarray(v, dtype=float) for s, v in given.items()}
    wanted = np.asarray(row.value(**{name: named[name] for name in own}))
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted, rtol=1e-9, atol=1e-9)


def test_arithmetic_is_that_of_the_field():
    p = PRIMES[0]
    xp, a, b = Residues(p), np.arange(1, 7), np.array([p - 1, p - 2, p - 3, 5, 4, 3])
    A, B = xp.asarray(a), xp.asarray(b)
    for found, wanted in ((A + B, a + b), (A - B, a - b), (-A, -a), (A * B, a * b), (2 - A, 2 - a), (A**3, a**3)):
        assert found.array.tolist() == [int(x) % p for x in wanted]
    assert ((A / B) * B).array.tolist() == a.tolist() and (1 / A * A).array.tolist() == [1] * 6
    assert (0.5 * A + 0.5 * A).array.tolist() == a.tolist()
    M, N = (np.full((3, 3), v, dtype=object) for v in (p - 1, p - 2))
    assert (xp.asarray(M) @ xp.asarray(N)).array.tolist() == (M @ N % p).tolist()
    with pytest.raises(ZeroDivisionError):
        A / xp.asarray(a - 1)
    with pytest.raises(ZeroDivisionError, match="singular"):
        xp.linalg.inv(xp.ones((2, 2)))
    assert xp.linalg.det(xp.asarray([[0, 1], [1, 0]])).array == p - 1


def test_nothing_is_rounded_on_the_way():
    xp = Residues(PRIMES[0])
    A = xp.asarray([[1, 2], [3, 4]])
    for inexact in (lambda: A * 0.1, lambda: A * 1e30, lambda: A**0.5, lambda: A**A, lambda: 2**A, lambda: xp.exp(A)):
        with pytest.raises((UnsupportedProblem, TypeError)):
            inexact()
    for function in (np.exp, np.linalg.inv, np.negative):
        with pytest.raises((TypeError, np.linalg.LinAlgError)):
            function(A)
    with pytest.raises(UnsupportedProblem, match="log is not exact"):
        xp.log(A)


def test_a_derivative_is_exact_too():
    """d(X^-1) = -X^-1 dX X^-1, and the program computes what is shown."""
    result = sm.diff("X^-1 A X^3", "X")
    with interning(result.question.table):
        given = {s: whole(np.random.default_rng(0), (3, 3)) for s in symbols(result.shown) if s.is_Matrix}
        shown, program = (
            modulo(F, given, PRIMES[0]) for F in (result.shown, result._derivative.program(result.question.F))
        )
    assert shown.array.tolist() == program.array.tolist()
