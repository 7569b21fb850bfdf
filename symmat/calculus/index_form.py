"""The Jacobian entry by entry: J_ijkl = ∂F_ij / ∂X_kl, read off the differential: (A dX B)_ij gives A_ik B_lj."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Basic, HadamardProduct, Identity, Integer, MatAdd, MatMul, Mul, Trace, Transpose

from symmat.algebra.normal import normal, normalizer
from symmat.core.constructors import (
    add,
    differential_symbol,
    identity,
    integer_symbol,
    is_one,
    mul,
    number,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.differential import differential
from symmat.core.pullback import pullback
from symmat.core.table import table
from symmat.core.walks import folded, replace, symbols, with_operands
from symmat.operations.structure import part
from symmat.operations.vec import basis

LETTERS = "ijklpqrstuvw"
Place = tuple[Basic, Basic]


def index_form(F: Basic, variable: Basic) -> Basic:
    """∂F_ij / ∂X_kl, a scalar in the free indices."""
    indices = iter(index_names(F, variable))
    own, other = _place(F, indices), _place(variable, indices)
    dX = differential_symbol(variable)
    change = differential(F, {variable: dX})
    if change is None:
        return zero(())
    normal(F)
    terms = normalizer().expanded(change)
    return _by_terms(normalizer().expanded(_Entries(dX, other).of(terms, own))) if table().holes[terms] else zero(())


def gradient_entry(f: Basic, variable: Basic, gradient: Basic) -> Basic:
    """∂f / ∂X_kl of a scalar function: an entry of its gradient, which is normal."""
    if not shape_of(gradient):
        return gradient
    place = _place(variable, iter(index_names(f, variable)))
    terms = gradient.args if type(gradient) is MatAdd else (gradient,)
    return _by_terms(normalizer().expanded(add(*(entry([term], place) for term in terms))))


def _by_terms(root: Basic) -> Basic:
    """The expression with entries of sums as sums of entries, which is how they are read."""

    def rule(node: Basic, operands: list[Basic]) -> Basic:
        if type(node) is Trace and type(node.args[0]) is MatAdd and is_one(shape_of(node.args[0])[0]):
            return add(*map(_entry_of, node.args[0].args))
        return with_operands(node, operands)

    return folded(rule, {}, root)[root]


def _entry_of(term: Basic) -> Basic:
    """The entry of a 1×1 matrix, scalars in front."""
    factors = term.args if type(term) is MatMul else (term,)
    matrices = [f for f in factors if shape_of(f) and type(f) is not Identity]
    scalars = [f for f in factors if not shape_of(f)]
    entries = [trace(mul(*matrices))] if matrices else []
    return mul(*scalars, *entries) if scalars or entries else number(1)


def index_names(F: Basic, variable: Basic) -> list[Basic]:
    """Free indices that the expression does not use: those of F, then those of X."""
    taken = {s.name for s in symbols(F, variable)}
    free: Iterator[str] = (letter for letter in LETTERS if letter not in taken)
    axes = [side for node in (F, variable) for side in shape_of(node) if not is_one(side)]
    return [integer_symbol(next(free)) for _ in axes]


def _place(node: Basic, indices: Iterator[Basic]) -> Place:
    """Row and column; of a side of 1 there is but one."""
    rows, cols = shape_of(node) or (Integer(1), Integer(1))
    row = number(1) if is_one(rows) else next(indices)
    return row, number(1) if is_one(cols) else next(indices)


class _Entries:
    """Entries of what is linear in E, where E has a single 1, at (k, l)."""

    def __init__(self, E: Basic, place: Place) -> None:
        self._E, self._place = E, place
        self._holes = table().holes

    def of(self, node: Basic, place: Place) -> Basic:
        """The entry of a matrix at a place, or the value of a scalar."""
        if not self._holes[node]:
            return number(0) if shape_of(node) else node
        if type(node) is MatAdd or (not shape_of(node) and node.is_Add):
            return add(*(self.of(term, place) for term in node.args))
        if not shape_of(node):
            return self._scalar(node)
        factors = node.args if type(node) in (Mul, MatMul) else (node,)
        scalars = [f for f in factors if not shape_of(f)]
        matrices = [f for f in factors if shape_of(f)]
        if any(self._holes[s] for s in scalars):
            return mul(*map(self._scalar, scalars), entry(matrices, place))
        if len(matrices) == 1 and type(matrices[0]) is HadamardProduct:
            return mul(*scalars, *(self._either(a, place) for a in matrices[0].args))
        at = next(i for i, f in enumerate(matrices) if self._holes[f])
        found = self._weight(matrices[at])
        if found is None:
            return mul(*scalars, entry([replace(f, {self._E: self._unit()}) for f in matrices], place))
        weight, (k, m) = found
        left, right = entry(matrices[:at], (place[0], k)), entry(matrices[at + 1 :], (m, place[1]))
        ends = []
        if at or place[0] is not k:
            ends.append(left if at else delta(shape_of(matrices[at])[0], place[0], k))
        if matrices[at + 1 :] or place[1] is not m:
            ends.append(right if matrices[at + 1 :] else delta(shape_of(matrices[at])[1], m, place[1]))
        return mul(*scalars, *weight, *ends) if (scalars or weight or ends) else number(1)

    def _either(self, node: Basic, place: Place) -> Basic:
        return self.of(node, place) if self._holes[node] else entry([node], place)

    def _scalar(self, node: Basic) -> Basic:
        """A scalar, or its derivative in the direction of E."""
        if not self._holes[node]:
            return node
        if not shape_of(self._E):
            return replace(node, {self._E: number(1)})
        [gradient] = pullback(node, number(1), [self._E])
        return number(0) if gradient is None else entry([normal(gradient)], self._place)

    def _weight(self, node: Basic) -> tuple[list[Basic], Place] | None:
        """Where the only entry of a factor stands, and the weights on it."""
        k, m = self._place
        if node is self._E:
            return [], (k, m)
        if type(node) is Transpose and node.args[0] is self._E:
            return [], (m, k)
        if type(node) is HadamardProduct:
            moving = [a for a in node.args if self._holes[a]]
            inner = self._weight(moving[0])
            if inner is not None:
                return [*inner[0], *(entry([a], inner[1]) for a in node.args if a is not moving[0])], inner[1]
        return None

    def _unit(self) -> Basic:
        shape = shape_of(self._E)
        if not shape:
            return number(1)
        row, col = (basis(i, side) for i, side in zip(self._place, shape, strict=True))
        return row if is_one(shape[1]) else mul(row, transpose(col))


def delta(size: Basic, i: Basic, k: Basic) -> Basic:
    """1 where i = k, else 0."""
    return number(1) if is_one(size) else trace(part(identity(size), (i, i), (k, k)))


def entry(factors: Sequence[Basic], place: Place) -> Basic:
    """The entry of a product."""
    if not factors:
        return number(1)
    i, k = place
    if len(factors) == 1 and type(factors[0]) is Transpose:
        return entry([factors[0].args[0]], (k, i))
    if len(factors) == 1 and type(factors[0]) is MatMul:
        scalars = [f for f in factors[0].args if not shape_of(f)]
        rest = entry([f for f in factors[0].args if shape_of(f)], place)
        return mul(*scalars, rest) if scalars else rest
    cut = next((n for n, a in enumerate(factors[:-1], 1) if is_one(shape_of(a)[1])), None)
    if cut is not None:  # an outer product
        return mul(entry(factors[:cut], (i, number(1))), entry(factors[cut:], (number(1), k)))
    return trace(part(mul(*factors), (i, i), (k, k)))
