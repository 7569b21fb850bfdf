"""The value of a node, by the definition of its operation: slow, plain, and independent of the numeric backend.

A value that does not exist, such as log(-1), is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial, reduce
from itertools import product as product_of
from typing import Any

import numpy as np
import scipy.linalg
import sympy
from sympy import Basic, Identity, Integer, MatrixSymbol, NumberSymbol, OneMatrix, Rational, Symbol, ZeroMatrix

from symmat.core import nodes
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.operation import operations
from symmat.operations import (
    determinant,
    diagonal,
    elementwise,
    extrema,
    inverse,
    kronecker,
    logarithms,
    matrix_functions,
    norms,
    softmax,
    structure,
    sums,
    sylvester,
    triangles,
)
from symmat.operations import (
    vec as vecs,
)

Values = Mapping[Basic, Any]


def evaluate(node: Basic, values: Values, rounded: Callable[[Any], Any] = lambda value: value) -> Any:
    """Matrices are two-dimensional arrays, vectors too; scalars are floats.  Values on the way may be ``rounded``."""
    with np.errstate(all="ignore"):
        return _Evaluation(values, rounded).of(node)


class _Evaluation:
    """The values of nodes where the symbols have theirs, each worked out once."""

    def __init__(self, values: Values, rounded: Callable[[Any], Any]) -> None:
        self.values, self.rounded = values, rounded
        self.known: dict[Basic, Any] = {}

    def of(self, node: Basic) -> Any:
        if node not in self.known:
            self.known[node] = self.rounded(self._of(node))
        return self.known[node]

    def _of(self, node: Basic) -> Any:
        if isinstance(node, MatrixSymbol | Symbol):
            if node not in self.values:
                raise KeyError(f"no value for {node}")
            return self.values[node]
        if isinstance(node, Rational | NumberSymbol):
            return np.float64(float(node))
        if isinstance(node, Identity):
            return np.eye(self.size(node.args[0]))
        if isinstance(node, ZeroMatrix | OneMatrix):
            return np.full([*map(self.size, node.args)], float(isinstance(node, OneMatrix)))
        if type(node) in SUMS:
            return self.finite_sum(node)
        if type(node) in DEFINITIONS:
            return self.of(node.args[1])
        if type(node) is structure.Part:
            a, b, c, d = (round(float(self.of(end))) for end in node.args[1:])
            return self.of(node.args[0])[a - 1 : b, c - 1 : d]
        return RULES[type(node)](*map(self.of, node.args))

    def size(self, side: Basic) -> int:
        """A dimension in numbers."""
        return int(side.xreplace({s: Integer(round(float(self.values[s]))) for s in side.free_symbols}))

    def finite_sum(self, node: Basic) -> Any:
        body, index, *ends = node.args
        low, high = (round(float(self.of(end))) for end in ends)
        total = np.zeros([*map(self.size, node.shape)]) if isinstance(node, nodes.FiniteSum) else 0.0
        for i in range(low, high + 1):
            total = total + _Evaluation({**self.values, index: np.float64(i)}, self.rounded).of(body)
        return total


def total(*terms: Any) -> Any:
    return sum(terms[1:], start=terms[0])


def product(*factors: Any) -> Any:
    """Scalars are floats, everything else is multiplied as matrices; i X^(i-1) is 0 at i = 0, of a singular X too."""
    scalar = np.prod([f for f in factors if np.ndim(f) == 0])
    matrices = [f for f in factors if np.ndim(f) == 2]
    if not matrices:
        return scalar
    return scalar * (np.nan_to_num if scalar == 0 else np.asarray)(reduce(np.matmul, matrices))


def existing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a square matrix that is NaN where NumPy or SciPy find none, or a complex one."""

    def value(X: Any, *rest: Any) -> Any:
        try:
            found = function(X, *rest)
        except (np.linalg.LinAlgError, ValueError):
            return np.full(np.shape(X), np.nan)
        whole = np.isrealobj(found) or np.max(np.abs(np.imag(found))) < 1e-9 * (1 + np.max(np.abs(found)))
        return np.real(found) if whole else np.full(np.shape(X), np.nan)

    return value


SINGULAR = 1e13
"""A matrix of which the condition number is larger has no inverse."""


@existing
def matrix_power(X: Any, k: Any) -> Any:
    """X^k for an integer k, factor by factor."""
    if k < 0 and np.linalg.cond(X) > SINGULAR:
        raise np.linalg.LinAlgError
    base = np.linalg.inv(X) if k < 0 else X
    return reduce(np.matmul, [base] * abs(round(float(k))), np.eye(len(X)))


WORST_EIGENVECTORS = 1e5


def on_spectrum(f: Callable[[Any], Any], otherwise: Callable[[Any], Any], cut: bool = False) -> Callable[[Any], Any]:
    """V f(λ) V^-1 of X = V λ V^-1, in a stack of matrices too; SciPy's way where eigenvectors are nearly parallel.

    A function with a cut has no value at an eigenvalue on it, the negative real axis.
    """

    def value(X: Any) -> Any:
        X = np.asarray(X)
        if X.ndim > 2:
            spectrum, V = np.linalg.eig(X)
            if np.max(np.linalg.cond(V)) > WORST_EIGENVECTORS:
                return np.stack([value(each) for each in X])
            return V * f(spectrum)[..., None, :] @ np.linalg.inv(V)
        if not np.all(np.isfinite(X)):
            return np.full(X.shape, np.nan)
        spectrum, V = np.linalg.eig(X)
        if cut and np.any((np.abs(spectrum.imag) < 1e-12 * (1 + np.abs(spectrum))) & (spectrum.real <= 1e-12)):
            return np.full(X.shape, np.nan)
        plain = np.linalg.cond(V) < WORST_EIGENVECTORS
        return V * f(spectrum.astype(complex)) @ np.linalg.inv(V) if plain else otherwise(X)

    value.has_cut = cut
    return value


def power_function(a: Any) -> Callable[[Any], Any]:
    return on_spectrum(lambda z: np.exp(a * np.log(z)), lambda X: scipy.linalg.fractional_matrix_power(X, a), cut=True)


def waves(sign: int) -> Callable[[Any], Any]:
    """The cosine, or i times the sine."""
    return lambda X: (scipy.linalg.expm(1j * X) + sign * scipy.linalg.expm(-1j * X)) / 2


FUNCTIONS = {
    "expm": on_spectrum(np.exp, scipy.linalg.expm),
    "logm": on_spectrum(np.log, scipy.linalg.logm, cut=True),
    "sqrtm": on_spectrum(np.sqrt, scipy.linalg.sqrtm, cut=True),
    "sinm": on_spectrum(np.sin, lambda X: waves(-1)(X) / 1j),
    "cosm": on_spectrum(np.cos, waves(1)),
}
POINTS = 36
"""So many points of a circle in the complex plane give a derivative to rounding."""


def room(X: Any) -> float:
    """How far about the spectrum of X is from the negative real axis."""
    spectrum = np.linalg.eigvals(X)
    away = np.where(spectrum.real < 0, np.abs(spectrum.imag), np.abs(spectrum))
    return min(float(np.min(away)), float(np.linalg.svd(X, compute_uv=False)[-1]))


def along_circle(f: Callable[[Any], Any], X: Any, E: Any, order: int) -> Any:
    """The derivative of f(X + z E) in z at 0, by Cauchy's formula on a circle well inside of where f is analytic."""
    size = np.linalg.norm(E)
    if not size or not np.all(np.isfinite(X)):
        return np.zeros_like(X) if not size else np.full(np.shape(X), np.nan)
    radius = 0.4 * min(1.0, room(X) if f.has_cut else 1.0) / size
    if not radius:
        return np.full(np.shape(X), np.nan)
    z = radius * np.exp(2j * np.pi * np.arange(POINTS) / POINTS)[:, None, None]
    return math.factorial(order) * np.mean(f(X + z * E) / z**order, axis=0)


def frechet(f: Callable[[Any], Any], X: Any, *directions: Any) -> Any:
    """The derivative of f at X in some directions, from those in sums of them: 2 a b = (a + b)^2 - a^2 - b^2."""
    n = len(directions)
    total = np.zeros(np.shape(X), dtype=complex)
    for chosen in product_of((0, 1), repeat=n):
        if any(chosen):
            E = sum(c * D for c, D in zip(chosen, directions, strict=True))
            total += (-1) ** (n - sum(chosen)) * along_circle(f, X, E, n)
    return total / math.factorial(n)


def real_frechet(f: Callable[[Any], Any], X: Any, *directions: Any) -> Any:
    return existing(lambda Y, *rest: np.real(frechet(f, Y, *rest)))(X, *directions)


def frechet_matrix(f: Callable[[Any], Any], X: Any) -> Any:
    """Column by column: the derivatives in the unit directions."""
    n = len(X)
    return np.column_stack([vec(real_frechet(f, X, unit(n, j, i)))[:, 0] for i in range(n) for j in range(n)])


def unit(n: int, i: int, j: int) -> Any:
    E = np.zeros((n, n))
    E[i, j] = 1
    return E


def vec(X: Any) -> Any:
    return np.concatenate([X[:, [j]] for j in range(X.shape[1])])


def unvec(x: Any, m: Any, n: Any) -> Any:
    m, n = round(float(m)), round(float(n))
    return np.column_stack([x[j * m : j * m + m, 0] for j in range(n)])


def half_vec(X: Any) -> Any:
    return np.array([[X[i, j]] for j in range(len(X)) for i in range(j, len(X))])


def kron(A: Any, B: Any) -> Any:
    return np.block([[a * B for a in row] for row in A])


def block_sum(A: Any, B: Any) -> Any:
    m, n = A.shape
    p, q = B.shape[0] // m, B.shape[1] // n
    return sum(A[i, j] * B[i * p : i * p + p, j * q : j * q + q] for i in range(m) for j in range(n))


def linear_map(function: Callable[[Any], Any], rows: int, cols: int) -> Any:
    """The matrix of a linear function of vec X, column by column."""
    columns = []
    for j in range(cols):
        for i in range(rows):
            E = np.zeros((rows, cols))
            E[i, j] = 1
            columns.append(function(E)[:, 0])
    return np.column_stack(columns)


def commutation(m: Any, n: Any) -> Any:
    return linear_map(lambda X: vec(X.T), round(float(m)), round(float(n)))


def elimination(n: Any) -> Any:
    return linear_map(half_vec, round(float(n)), round(float(n)))


def duplication(n: Any) -> Any:
    """The columns are the vecs of the symmetric matrices with one entry, or two."""
    n = round(float(n))
    return np.column_stack([vec(np.maximum(unit(n, i, j), unit(n, j, i))) for j in range(n) for i in range(j, n)])


def basis(i: Any, n: Any) -> Any:
    return np.eye(round(float(n)))[:, [round(float(i)) - 1]]


def blocks(width: Any, *entries: Any) -> Any:
    width = round(float(width))
    return np.vstack([np.hstack(entries[i : i + width]) for i in range(0, len(entries), width)])


def solve_sylvester(A: Any, B: Any, C: Any) -> Any:
    """The X of A X + X B = C, from the linear system for vec X."""
    m, n = C.shape
    return unvec(np.linalg.solve(linear_map(lambda X: vec(A @ X + X @ B), m, n), vec(C)), m, n)


def minor(X: Any, i: int, j: int) -> Any:
    return np.delete(np.delete(X, i, 0), j, 1)


def adjugate(X: Any) -> Any:
    """Cofactors, transposed."""
    n = len(X)
    return np.array([[(-1) ** (i + j) * np.linalg.det(minor(X, j, i)) for j in range(n)] for i in range(n)])


def lu(A: Any) -> tuple[Any, Any]:
    """Doolittle's method, entry by entry."""
    n = len(A)
    L, U = np.eye(n), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            rest = A[i, j] - sum(L[i, s] * U[s, j] for s in range(min(i, j)))
            if i <= j:
                U[i, j] = rest
            else:
                L[i, j] = rest / U[j, j]
    return L, U


def softmax_of(X: Any, axis: int) -> Any:
    return np.exp(X) / np.sum(np.exp(X), axis=axis, keepdims=True)


def argmax(x: Any) -> Any:
    return (np.arange(len(x))[:, None] == np.argmax(x)) * 1.0


def singular(X: Any) -> tuple[Any, Any, Any]:
    if not np.all(np.isfinite(X)):
        return tuple(np.full(s, np.nan) for s in ((len(X), min(X.shape)), min(X.shape), (X.shape[1], min(X.shape))))
    U, s, V = np.linalg.svd(X, full_matrices=False)
    return U, s, V.T


def pseudoinverse(X: Any) -> Any:
    U, s, V = singular(X)
    return (V / np.where(s > 1e-12 * s[0], s, np.inf)) @ U.T


def polar(X: Any) -> tuple[Any, Any]:
    """U P of X = U P, with the positive semidefinite P = (X'X)^½."""
    U, s, V = singular(X)
    return only_if(s[-1] > NEAR * s[0], U @ V.T), (V * s) @ V.T


NEAR = 1e-6


def only_if(unique: bool, factor: Any) -> Any:
    """A factor that is not determined where singular values, or eigenvalues, are equal or 0."""
    return factor if unique else np.full(np.shape(factor), np.nan)


def are_apart(values: Any) -> bool:
    return bool(np.all(np.diff(np.sort(values)) > NEAR * np.max(np.abs(values))))


def vectors(X: Any, side: int) -> Any:
    """Left or right singular vectors."""
    s = singular(X)[1]
    return only_if(are_apart(np.append(s, 0.0)), singular(X)[side])


def eigen(X: Any) -> tuple[Any, Any]:
    if not np.all(np.isfinite(X)):
        return np.full(len(X), np.nan), np.full(X.shape, np.nan)
    values, own = np.linalg.eigh(X)
    return values, only_if(are_apart(values), own)


def qr(X: Any) -> tuple[Any, Any]:
    s = singular(X)[1]
    return tuple(only_if(s[-1] > NEAR * s[0], factor) for factor in np.linalg.qr(X))


FACTORS: dict[str, Callable[[Any], Any]] = {
    "lu.L": lambda X: lu(X)[0],
    "lu.U": lambda X: lu(X)[1],
    "ldl.L": lambda X: lu(X)[0],
    "ldl.D": lambda X: np.diag(np.diag(lu(X)[1])),
    "chol": existing(np.linalg.cholesky),
    "qr.Q": lambda X: qr(X)[0],
    "qr.R": lambda X: qr(X)[1],
    "eigh.values": lambda X: eigen(X)[0][:, None],
    "eigh.vectors": lambda X: eigen(X)[1],
    "svd.U": lambda X: vectors(X, 0),
    "svd.V": lambda X: vectors(X, 2),
    "svd.S": lambda X: np.diag(singular(X)[1]),
    "svd.values": lambda X: singular(X)[1][:, None],
    "polar.U": lambda X: polar(X)[0],
    "polar.P": lambda X: polar(X)[1],
}


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


ENTRYWISE: dict[type[Basic], Callable[[Any], Any]] = {
    sympy.log: np.log,
    sympy.exp: np.exp,
    nodes.SquareRoot: np.sqrt,
    sympy.sin: np.sin,
    sympy.cos: np.cos,
    sympy.tan: np.tan,
    sympy.asin: np.arcsin,
    sympy.acos: np.arccos,
    sympy.atan: np.arctan,
    sympy.sinh: lambda x: (np.exp(x) - np.exp(-x)) / 2,
    sympy.cosh: lambda x: (np.exp(x) + np.exp(-x)) / 2,
    sympy.tanh: np.tanh,
    sympy.erf: np.vectorize(math.erf),
    sympy.Abs: np.abs,
    sympy.sign: np.sign,
    elementwise.Sigmoid: sigmoid,
    elementwise.Relu: lambda x: np.where(x > 0, x, 0.0),
    elementwise.Softplus: lambda x: np.log(1 + np.exp(x)),
}


def power(base: Any, exponent: Any) -> Any:
    return np.power(np.asarray(base, dtype=float), exponent)[()]


RULES: dict[type[Basic], Callable[..., Any]] = {
    sympy.Add: total,
    sympy.MatAdd: total,
    sympy.Mul: product,
    sympy.MatMul: product,
    sympy.Pow: power,
    sympy.MatPow: matrix_power,
    sympy.Inverse: lambda X, _: matrix_power(X, -1),
    sympy.Transpose: np.transpose,
    sympy.Trace: lambda X: sum(X[i, i] for i in range(len(X))),
    sympy.Determinant: np.linalg.det,
    determinant.LogDeterminant: lambda X: np.log(np.linalg.det(X)),
    sympy.KroneckerProduct: kron,
    sympy.HadamardProduct: lambda *factors: reduce(np.multiply, factors),
    sympy.HadamardPower: power,
    nodes.HadamardQuotient: np.divide,
    nodes.MatrixRealPower: existing(lambda X, a: power_function(a)(X)),
    kronecker.BlockSum: block_sum,
    vecs.Vec: vec,
    vecs.Unvec: unvec,
    vecs.HalfVec: half_vec,
    vecs.Commutation: commutation,
    vecs.Duplication: duplication,
    vecs.Elimination: elimination,
    vecs.UnitVector: basis,
    diagonal.DiagonalMatrix: lambda x: np.diag(x[:, 0]),
    diagonal.Diagonal: lambda X: np.diag(X)[:, None],
    structure.Block: blocks,
    extrema.Larger: np.maximum,
    extrema.EntrywiseLarger: np.maximum,
    extrema.Smaller: np.minimum,
    extrema.EntrywiseSmaller: np.minimum,
    extrema.Largest: np.max,
    extrema.Smallest: np.min,
    extrema.ArgMax: argmax,
    inverse.PseudoInverse: pseudoinverse,
    inverse.Adjugate: adjugate,
    logarithms.LogAbs: lambda x: np.log(np.abs(x)),
    logarithms.LogCosh: lambda x: np.log((np.exp(x) + np.exp(-x)) / 2),
    logarithms.EntrywiseLogCosh: lambda x: np.log((np.exp(x) + np.exp(-x)) / 2),
    logarithms.LogSigmoid: lambda x: np.log(sigmoid(x)),
    logarithms.EntrywiseLogSigmoid: lambda x: np.log(sigmoid(x)),
    sums.EntrySum: np.sum,
    sums.Mean: np.mean,
    sums.RowSums: lambda X: np.sum(X, axis=1, keepdims=True),
    sums.ColumnSums: lambda X: np.sum(X, axis=0)[:, None],
    norms.Norm: lambda X: np.sqrt(np.sum(X * X)),
    norms.SquaredNorm: lambda X: np.sum(X * X),
    norms.SpectralNorm: lambda X: singular(X)[1][0],
    norms.NuclearNorm: lambda X: np.sum(singular(X)[1]),
    softmax.LogSumExp: lambda x: np.log(np.sum(np.exp(x))),
    softmax.Softmax: lambda x: softmax_of(x, 0),
    softmax.RowSoftmax: lambda X: softmax_of(X, 1),
    softmax.LogSoftmax: lambda x: np.log(softmax_of(x, 0)),
    softmax.RowLogSoftmax: lambda X: np.log(softmax_of(X, 1)),
    sylvester.Sylvester: solve_sylvester,
    triangles.LowerTriangle: lambda X: X * np.tri(*X.shape),
    triangles.UpperTriangle: lambda X: X * (1 - np.tri(*X.shape, -1)),
    triangles.StrictLowerTriangle: lambda X: X * np.tri(*X.shape, -1),
    triangles.StrictUpperTriangle: lambda X: X * (1 - np.tri(*X.shape)),
    triangles.SymmetricPart: lambda X: (X + X.T) / 2,
    triangles.SkewPart: lambda X: (X - X.T) / 2,
    matrix_functions.PowerFrechet: lambda a, X, *E: real_frechet(power_function(a), X, *E),
    matrix_functions.PowerFrechetMatrix: lambda a, X: frechet_matrix(power_function(a), X),
}
for function, of_entry in ENTRYWISE.items():
    RULES[function] = RULES[elementwise.ON_ENTRIES[function]] = of_entry
for record in operations():
    word = record.name.split()[-1]
    if record.spelling in FACTORS:
        RULES[record.node] = FACTORS[record.spelling]
    elif record.spelling in FUNCTIONS:
        RULES[record.node] = existing(FUNCTIONS[record.spelling])
    elif record.name == f"Fréchet derivative of {word}":
        RULES[record.node] = partial(real_frechet, FUNCTIONS[word])
    elif record.name == f"Kronecker matrix of the Fréchet derivative of {word}":
        RULES[record.node] = partial(frechet_matrix, FUNCTIONS[word])
