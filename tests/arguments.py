"""Random arguments for a row: full matrices, pairwise different sizes, neither symmetric nor near the identity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zlib import crc32

import numpy as np
from sympy import Basic, Integer, MatrixSymbol

Arguments = dict[str, Any]


def draw(symbols: Iterable[Basic], kinds: Mapping[str, str], seed: str) -> Arguments:
    """A value for every symbol by name; ``kinds`` names what some of them must be."""
    rng = np.random.default_rng(crc32(seed.encode()))
    sizes: dict[Basic, int] = {}
    arguments: Arguments = {}
    for symbol in symbols:
        kind = kinds.get(symbol.name, "")
        if isinstance(symbol, MatrixSymbol):
            shape = tuple(size(s, sizes) for s in symbol.args[1:3])
            arguments[symbol.name] = value(rng, shape, kind)
            for declared in map(str, symbol.args[3:]):
                arguments[symbol.name] = STRUCTURES[declared](arguments[symbol.name])
    for symbol in symbols:
        kind = kinds.get(symbol.name, "")
        if isinstance(symbol, MatrixSymbol):
            continue
        if symbol in sizes:
            arguments[symbol.name] = sizes[symbol]
        elif symbol.is_integer:
            arguments[symbol.name] = int(kind or 3)
        else:
            arguments[symbol.name] = rng.uniform(0.2, 0.8) if kind == "small" else rng.uniform(0.5, 2)
    return arguments


def size(dimension: Basic, sizes: dict[Basic, int]) -> int:
    """A size for a dimension: 3, 4, 5, … in order of appearance."""
    if isinstance(dimension, Integer):
        return int(dimension)
    return sizes.setdefault(dimension, 3 + len(sizes))


def value(rng: np.random.Generator, shape: tuple[int, ...], kind: str) -> Any:
    """A matrix, or a vector as a one-dimensional array."""
    full = rng.standard_normal(shape[:1] if shape[1] == 1 else shape)
    if kind == "positive":
        return np.abs(full) + 0.2
    if kind == "small":
        return 0.3 * full / np.max(np.abs(full)) + 0.05
    if kind == "away":
        return full + np.sign(full)
    if kind == "large":
        return full / np.sqrt(shape[0]) / 2 + 2 * np.eye(shape[0])
    if kind == "dominant":
        return np.clip(full, -1, 1) + 2 * shape[0] * np.eye(shape[0])
    if kind == "invertible":
        while abs(np.linalg.det(full)) < 0.5 or np.linalg.cond(full) > 20:
            full = rng.standard_normal(shape)
        return full if np.linalg.det(full) > 0 else full[[1, 0, *range(2, shape[0])]]
    return full @ full.T + np.eye(shape[0]) if kind == "spd" else full


def unit(triangle: Any) -> Any:
    """A triangle with ones on its diagonal."""
    return triangle - np.diag(np.diag(triangle)) + np.eye(len(triangle))


STRUCTURES: dict[str, Callable[[Any], Any]] = {
    "symmetric": lambda A: A + A.T,
    "spd": lambda A: A @ A.T + np.eye(len(A)),
    "skew": lambda A: A - A.T,
    "diagonal": lambda A: np.diag(np.diag(A)),
    "lower": np.tril,
    "upper": np.triu,
    "unit lower": lambda A: unit(np.tril(A)),
    "unit upper": lambda A: unit(np.triu(A)),
    "orthogonal": lambda A: np.linalg.qr(A)[0],
    "invertible": lambda A: A,
}
TANGENTS: dict[str, Callable[[Any, Any], Any]] = {
    "symmetric": lambda X, D: (D + D.T) / 2,
    "spd": lambda X, D: (D + D.T) / 2,
    "skew": lambda X, D: (D - D.T) / 2,
    "diagonal": lambda X, D: np.diag(np.diag(D)),
    "lower": lambda X, D: np.tril(D),
    "upper": lambda X, D: np.triu(D),
    "unit lower": lambda X, D: np.tril(D, -1),
    "unit upper": lambda X, D: np.triu(D, 1),
    "orthogonal": lambda Q, D: D - Q @ (Q.T @ D + D.T @ Q) / 2,
}
"""The orthogonal projections onto the directions in which a structured variable can move."""


def direction(rng: np.random.Generator, at: Any, declared: Iterable[str] = ()) -> Any:
    """A random dX in the shape of X, in its tangent space."""
    full = rng.standard_normal(np.shape(at)) if np.ndim(at) else rng.uniform(0.5, 1)
    for name in declared:
        full = TANGENTS[name](at, full)
    return full


def vec(array: Any) -> Any:
    """Columns, one under the other."""
    return np.reshape(array, -1, order="F")
