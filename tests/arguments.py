"""Random arguments for a row: full matrices, pairwise different sizes, neither symmetric nor near the identity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    for symbol in symbols:
        kind = kinds.get(symbol.name, "")
        if isinstance(symbol, MatrixSymbol):
            continue
        if symbol in sizes:
            arguments[symbol.name] = sizes[symbol]
        elif symbol.is_integer:
            arguments[symbol.name] = int(kind or 3)
        else:
            arguments[symbol.name] = rng.uniform(0.5, 2)
    return arguments


def size(dimension: Basic, sizes: dict[Basic, int]) -> int:
    """A size for a dimension: 3, 4, 5, … in order of appearance."""
    if isinstance(dimension, Integer):
        return int(dimension)
    return sizes.setdefault(dimension, 3 + len(sizes))


def value(rng: np.random.Generator, shape: tuple[int, ...], kind: str) -> Any:
    """A matrix, or a vector as a one-dimensional array."""
    if shape[1] == 1:
        return rng.standard_normal(shape[0])
    full = rng.standard_normal(shape)
    if kind == "invertible":
        while abs(np.linalg.det(full)) < 0.5 or np.linalg.cond(full) > 20:
            full = rng.standard_normal(shape)
        return full if np.linalg.det(full) > 0 else full[[1, 0, *range(2, shape[0])]]
    return full @ full.T + np.eye(shape[0]) if kind == "spd" else full


def direction(rng: np.random.Generator, at: Any) -> Any:
    """A random dX in the shape of X."""
    return rng.standard_normal(np.shape(at)) if np.ndim(at) else rng.standard_normal()


def vec(array: Any) -> Any:
    """Columns, one under the other."""
    return np.reshape(array, -1, order="F")
