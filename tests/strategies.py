"""Random expressions, built by the constructors from one pool of symbols."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from sympy import Basic

from symmat.core.constructors import (
    add,
    differential_symbol,
    dimension,
    identity,
    inverse,
    matrix_symbol,
    mul,
    neg,
    number,
    power,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
)

SIZES = {"m": 2, "n": 3}


class Pool:
    """Symbols of the shapes m×n, n×m, n×n, n×1 and scalars, with values; a table must be in use."""

    def __init__(self) -> None:
        m, n, one = dimension("m"), dimension("n"), number(1)
        X = matrix_symbol("X", m, n)
        self.atoms = [
            X,
            differential_symbol(X),
            matrix_symbol("A", n, n),
            matrix_symbol("B", n, m),
            matrix_symbol("b", n, one),
            matrix_symbol("c", m, one),
            scalar_symbol("λ"),
            scalar_symbol("μ"),
        ]
        rng = np.random.default_rng(1)
        self.values: dict[Basic, Any] = {dimension(k): v for k, v in SIZES.items()}
        for atom in self.atoms:
            shape = tuple(self.values[s] if s in self.values else int(s) for s in shape_of(atom))
            self.values[atom] = rng.standard_normal(shape) + 0.5 if shape else rng.uniform(0.5, 2)
        self.identity = identity(n)

    def expression(self, draw: st.DrawFn, depth: int, shape: Any = None) -> Basic:
        """A random expression of a shape; any shape of the pool, if it is None."""
        if shape is None:
            shape = draw(st.sampled_from([shape_of(a) for a in self.atoms]))
        same = [a for a in self.atoms if shape_of(a) == shape]
        turned = [a for a in self.atoms if shape and shape_of(a) == shape[::-1]]
        leaves = same + [transpose(a) for a in turned]
        kind = draw(st.integers(0, 7)) if depth else 0
        if kind == 0 and leaves:
            return draw(st.sampled_from(leaves))
        if kind in (1, 2) or not depth:
            if not depth and shape:
                middle = dimension("n")
                return mul(self.expression(draw, 0, (shape[0], middle)), self.expression(draw, 0, (middle, shape[1])))
            if not depth:
                return draw(st.sampled_from(leaves))
            terms = [self.expression(draw, depth - 1, shape) for _ in range(draw(st.integers(2, 3)))]
            return add(*(neg(t) if draw(st.booleans()) else t for t in terms))
        if not shape:
            return self.scalar(draw, depth, kind)
        if kind == 3:
            return transpose(self.expression(draw, depth - 1, shape[::-1]))
        if kind == 4:
            return mul(self.expression(draw, depth - 1, ()), self.expression(draw, depth - 1, shape))
        if kind == 5 and shape[0] is shape[1]:
            return power(self.expression(draw, depth - 1, shape), number(draw(st.integers(2, 3))))
        if kind == 6 and shape == shape_of(self.identity):
            base = draw(st.sampled_from([a for a in self.atoms if shape_of(a) == shape]))
            return inverse(add(mul(transpose(base), base), self.identity))
        middle = draw(st.sampled_from([dimension("m"), dimension("n"), number(1)]))
        left = self.expression(draw, depth - 1, (shape[0], middle))
        return mul(left, self.expression(draw, depth - 1, (middle, shape[1])))

    def scalar(self, draw: st.DrawFn, depth: int, kind: int) -> Basic:
        """A random scalar."""
        if kind in (3, 4):
            return mul(self.expression(draw, depth - 1, ()), self.expression(draw, depth - 1, ()))
        if kind == 5:
            return mul(number(draw(st.integers(-3, 3).filter(bool))), self.expression(draw, depth - 1, ()))
        size = draw(st.sampled_from([dimension("m"), dimension("n"), number(1)]))
        other = draw(st.sampled_from([dimension("m"), dimension("n")]))
        left = self.expression(draw, depth - 1, (size, other))
        return trace(mul(left, self.expression(draw, depth - 1, (other, size))))
