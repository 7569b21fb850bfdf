"""The order of the products in a chain: the cheapest, where matrices are large and vectors have a side of 1.

A chain is cut wherever two factors meet at a side of 1: what lies between cuts is a scalar, and an outer product comes
last.  Towards a vector side products are taken from the vector; a chain of matrices alone is ordered by dynamic
programming (Cormen et al., Introduction to Algorithms, sec. 15.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from symmat.numeric.values import Value, Values

LARGE = 1000
"""What a symbolic size counts as."""
LONG = 16
"""Longer chains of matrices are taken from the left."""


@dataclass(frozen=True, eq=False)
class Factor:
    """A matrix of a chain: a value, its transpose, its inverse, or both, with the sizes of its sides.

    What is known of it: it is ``symmetric``, and of a diagonal matrix ``entries`` are those on the diagonal.
    """

    base: Value
    rows: int
    cols: int
    turned: bool = False
    inverted: bool = False
    symmetric: bool = False
    entries: Value | None = None

    def value(self, make: Values) -> Value:
        """The factor as an array."""
        if self.inverted and self.entries is not None:
            return make.diag(self.scale(make, self.entries))
        value = make.inv(self.base) if self.inverted else self.base
        return make.turned(value) if self.turned else value

    def scale(self, make: Values, entries: Value) -> Value:
        """What stands on the diagonal of a diagonal matrix, or of its inverse."""
        return make.quotient(make.number(1), entries) if self.inverted else entries


def product(make: Values, chain: Sequence[Factor]) -> Factor:
    """The product of the factors."""
    ones = [i for i, (a, b) in enumerate(pairwise(chain), 1) if a.cols == 1 == b.rows]
    if not ones:
        return _between(make, chain)
    cuts = [0, *ones, len(chain)]
    pieces = [_between(make, chain[i:j]) for i, j in pairwise(cuts)]
    left, *scalars, right = pieces
    result = _join(make, left, right)
    value = make.scaled(result.value(make), Fraction(1), [s.value(make) for s in scalars])
    return Factor(value, result.rows, result.cols)


def trace_of_product(make: Values, chain: Sequence[Factor]) -> Value:
    """The trace of a product, without the product: tr(A B) = Σ (A' ∘ B)."""
    for i, factor in enumerate(chain):
        if factor.rows == 1:
            return product(make, [*chain[i:], *chain[:i]]).value(make)
    if len(chain) == 1 or (len(chain) == 2 and (chain[0].inverted or chain[1].inverted)):
        whole = product(make, chain)
        if whole.entries is not None and not whole.inverted:
            return make.call("np.sum", whole.entries)
        value = whole.value(make)
        return make.make("trace", value.args[0] if value.op == "turned" else value)
    if len(chain) > LONG:
        split = len(chain) - 1
    else:
        cost, _ = _costs(chain)
        last = len(chain) - 1
        split = min(range(1, last + 1), key=lambda k: cost[0, k - 1] + cost[k, last] + _alone(chain, 0, k - 1, last))
    sides = [_between(make, part).value(make) for part in (chain[:split], chain[split:])]
    if sides[0].op != "turned" and sides[1].op == "turned":
        return make.dot(sides[0], sides[1].args[0])
    return make.dot(make.turned(sides[0]), sides[1])


def _between(make: Values, chain: Sequence[Factor]) -> Factor:
    """A chain without a cut inside."""
    if len(chain) == 1:
        return chain[0]
    if chain[-1].cols == 1 and chain[0].rows != 1:
        return reduce(lambda right, left: _join(make, left, right), reversed(chain[:-1]), chain[-1])
    if chain[0].rows == 1 or len(chain) > LONG:
        return reduce(lambda left, right: _join(make, left, right), chain)
    _, split = _costs(chain)
    done: dict[tuple[int, int], Factor] = {(i, i): factor for i, factor in enumerate(chain)}
    stack = [(0, len(chain) - 1)]
    while stack:
        i, j = stack[-1]
        k = split[i, j]
        todo = [part for part in ((i, k), (k + 1, j)) if part not in done]
        if todo:
            stack.extend(todo)
        else:
            done[stack.pop()] = _join(make, done[i, k], done[k + 1, j])
    return done[0, len(chain) - 1]


def _costs(chain: Sequence[Factor]) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], int]]:
    """The cost of every stretch, in multiplications, and where it is best split: of equals, as far right as can be."""
    cost: dict[tuple[int, int], float] = {(i, i): 0.0 for i in range(len(chain))}
    split: dict[tuple[int, int], int] = {}
    for width in range(1, len(chain)):
        for i in range(len(chain) - width):
            j = i + width
            best = min(
                range(j - 1, i - 1, -1), key=lambda k: cost[i, k] + cost[k + 1, j] + _product_cost(chain, i, k, j)
            )
            split[i, j] = best
            cost[i, j] = cost[i, best] + cost[best + 1, j] + _product_cost(chain, i, best, j)
    return cost, split


def _product_cost(chain: Sequence[Factor], i: int, k: int, j: int) -> float:
    rows, inner, cols = chain[i].rows, chain[k].cols, chain[j].cols
    if any(a == b and chain[a].entries is not None for a, b in ((i, k), (k + 1, j))):
        return rows * cols
    left, right = i == k and chain[i].inverted, k + 1 == j and chain[j].inverted
    factorisations = (inner**3 / 3 if left else 0) + (1.01 * inner**3 / 3 if right else 0)
    return rows * inner * cols + factorisations + (inner**3 if left and right else 0)


def _alone(chain: Sequence[Factor], i: int, k: int, j: int) -> float:
    """The price of an inverse that stands alone on a side of a trace of a product."""
    return sum(float(chain[a].rows) ** 3 for a, b in ((i, k), (k + 1, j)) if a == b and chain[a].inverted)


def _join(make: Values, left: Factor, right: Factor) -> Factor:
    rows, inner, cols = left.rows, left.cols, right.cols
    rank = (rows != 1) + (cols != 1)
    if left.entries is not None and right.entries is not None:
        entries = make.times(left.scale(make, left.entries), right.scale(make, right.entries))
        return Factor(make.diag(entries), rows, cols, symmetric=True, entries=entries)
    if left.entries is not None:
        value = _scaled(make, right.value(make), left.entries, left.inverted, rows=True)
    elif right.entries is not None:
        value = _scaled(make, left.value(make), right.entries, right.inverted, rows=False)
    elif left.inverted:
        value = make.make("solve", left.base, right.value(make), data=left.turned, rank=rank)
    elif right.inverted:
        other = make.turned(left.value(make))
        turned = not (right.turned or right.symmetric)
        value = make.turned(make.make("solve", right.base, other, data=turned, rank=rank))
    else:
        a, b = left.value(make), right.value(make)
        if a.op == "negative" or b.op == "negative":
            sides = [Factor(v.args[0] if v.op == "negative" else v, f.rows, f.cols) for v, f in ((a, left), (b, right))]
            value = _join(make, *sides).value(make)
            value = value if a.op == b.op else make.negative(value)
        elif inner != 1:
            value = make.product(a, b, rank)
        elif a.rank and b.rank:
            value = make.make("outer", a, b, rank=2)
        else:
            value = make.scaled(a, Fraction(1), [b]) if a.rank else make.scaled(b, Fraction(1), [a])
    return Factor(value, rows, cols)


def _scaled(make: Values, value: Value, entries: Value, inverted: bool, rows: bool) -> Value:
    """A product with a diagonal matrix, or with its inverse: the rows, or the columns, of the other scaled."""
    if value.op == "negative":
        return make.negative(_scaled(make, value.args[0], entries, inverted, rows))
    scale = make.lifted(entries, "column", 2) if rows and value.rank == 2 else entries
    return make.quotient(value, scale) if inverted else make.times(*((scale, value) if rows else (value, scale)))
