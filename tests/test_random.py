"""The normal forms of random expressions, built from the records."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from symmat.algebra.normal import normal
from symmat.core.constructors import (
    add,
    call,
    matrix_symbol,
    mul,
    neg,
    number,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
)
from symmat.core.operation import operations
from symmat.core.table import interning
from symmat.errors import ValueProblem
from tests.shuffles import shuffled
from tests.test_normal import form

SMOOTH = [
    record
    for record in operations()
    if (record.differential or record.linear)
    and record.types.arguments
    and not any(p and p[0].startswith("#") for p in record.types.arguments)
    and not any(len(token) > 1 for p in record.types.arguments for token in p)
    and record.shape is None
]
"""The records whose operands can be drawn from their signatures alone."""


class Generator:
    """Random expressions in X, A, b, λ: sums, products, transposes and every record with a signature."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.sizes = [number(2), number(3)]
        self.X = matrix_symbol("X", self.sizes[rng.integers(2)], number(3))

    def expression(self, shape, depth):
        """A random expression of a shape, () for a scalar."""
        if not depth:
            return self.leaf(shape)
        kind = self.rng.integers(6)
        if kind == 0:
            other = self.expression(shape, depth - 1)
            return add(self.expression(shape, depth - 1), neg(other) if self.rng.random() < 0.5 else other)
        if kind == 1:
            return self.product(shape, depth)
        if kind == 2 and shape:
            return transpose(self.expression(shape[::-1], depth - 1))
        return self.applied(shape, depth) or self.product(shape, depth)

    def product(self, shape, depth):
        if not shape:
            if self.rng.random() < 0.5:
                return mul(self.expression((), depth - 1), self.expression((), depth - 1))
            n = self.size()
            return trace(self.expression((n, n), depth - 1))
        middle = self.size()
        return mul(self.expression((shape[0], middle), depth - 1), self.expression((middle, shape[1]), depth - 1))

    def applied(self, shape, depth):
        """A record's operation on random operands, if one gives the shape."""
        for i in self.rng.permutation(len(SMOOTH))[:12]:
            record = SMOOTH[i]
            result = record.types.result
            if len(result) != len(shape) or any(len(token) > 1 for token in result):
                continue
            sizes = {"1": number(1)}
            if all(sizes.setdefault(token, side) == side for token, side in zip(result, shape, strict=True)):
                shapes = [tuple(sizes.setdefault(t, self.size()) for t in p) for p in record.types.arguments]
                if (number(1), number(1)) in shapes:  # in the notation that is a scalar
                    continue
                return call(record.node, *(self.expression(s, depth - 1) for s in shapes))
        return None

    def leaf(self, shape):
        if not shape:
            return scalar_symbol("λ")
        same = [s for s in (self.X, transpose(self.X)) if shape_of(s) == shape]
        own = matrix_symbol("ABCDPQRST"[SHAPES.index(tuple(map(int, shape)))], *shape)
        return same[0] if same and self.rng.random() < 0.7 else own

    def size(self):
        return self.sizes[self.rng.integers(2)]


SHAPES = [(2, 2), (2, 3), (3, 2), (3, 3), (2, 1), (3, 1), (1, 2), (1, 3), (1, 1)]


@pytest.mark.parametrize("batch", range(20))
def test_normal_forms_of_random_expressions(batch):
    """Idempotent, and the same for every order of terms, over two thousand expressions and their shuffles."""
    for seed in range(batch * 100, batch * 100 + 100):
        with interning():
            F = Generator(np.random.default_rng(seed)).expression((), 4)
            try:
                once = normal(F)
            except ValueProblem:  # the inverse of a difference that is zero
                continue
            same = normal(once) is once
            forms = {form(F), form(shuffled(F, Random(seed)))}
            assert same and len(forms) == 1, f"seed {seed}"
