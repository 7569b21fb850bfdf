"""The value of a node, by its definition: slow, plain, and independent of the numeric backend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
from sympy import (
    Add,
    Basic,
    Determinant,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    Pow,
    Rational,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    log,
)

from symmat.expressions.nodes import FiniteSum, MatrixDefinition, ScalarDefinition, ScalarFiniteSum
from symmat.operations.determinant import LogDeterminant

Values = Mapping[Basic, Any]


def evaluate(node: Basic, values: Values) -> Any:
    """Matrices are two-dimensional arrays, vectors too; scalars are floats."""
    if node in values:
        return values[node]
    if isinstance(node, Rational):
        return float(node)
    if type(node) in (FiniteSum, ScalarFiniteSum):
        body, index, lower, upper = node.args
        low, high = (round(evaluate(b, values)) for b in (lower, upper))
        return sum(evaluate(body, {**values, index: i}) for i in range(low, high + 1))
    if isinstance(node, Identity):
        return np.eye(round(evaluate(node.args[0], values)))
    if isinstance(node, ZeroMatrix):
        return np.zeros([round(evaluate(a, values)) for a in node.args])
    if isinstance(node, MatrixSymbol | Symbol):
        raise KeyError(f"no value for {node}")
    args = node.args[1:] if isinstance(node, MatrixDefinition | ScalarDefinition) else node.args
    return RULES[type(node)](*(evaluate(a, values) for a in args))


def product(*factors: Any) -> Any:
    """Scalars are floats, everything else is multiplied as matrices."""
    scalar = np.prod([f for f in factors if np.ndim(f) == 0])
    matrices = [f for f in factors if np.ndim(f) == 2]
    return scalar * reduce(np.matmul, matrices) if matrices else scalar


def matrix_power(X: Any, k: Any) -> Any:
    return np.linalg.matrix_power(X, round(k))


RULES = {
    Add: lambda *terms: sum(terms),
    MatAdd: lambda *terms: sum(terms),
    Mul: product,
    MatMul: product,
    Pow: lambda a, b: a**b,
    MatPow: matrix_power,
    Inverse: lambda X, _: np.linalg.inv(X),
    Transpose: np.transpose,
    Trace: np.trace,
    Determinant: np.linalg.det,
    LogDeterminant: lambda X: np.linalg.slogdet(X)[1],
    log: np.log,
    KroneckerProduct: np.kron,
    MatrixDefinition: lambda body: body,
    ScalarDefinition: lambda body: body,
}
