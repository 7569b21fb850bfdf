"""What an expression costs at given sizes, estimated node by node before anything is computed.

Operations are counted as Golub & Van Loan do (Matrix computations, table 1.1.2), a factorisation as a multiple of n³.
What lies in a finite sum counts as often as the indices that it depends on have values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from sympy import (
    Basic,
    Determinant,
    Identity,
    Integer,
    Inverse,
    MatMul,
    MatPow,
    OneMatrix,
    Trace,
    Transpose,
    ZeroMatrix,
)

from symmat.algebra.sizes import polynomial
from symmat.core.nodes import DEFINITIONS, SUMS, Index
from symmat.core.operation import find_operation
from symmat.core.walks import children, postorder
from symmat.numeric.lower import RULES
from symmat.numeric.ranks import axes, patterns, shape_of
from symmat.numeric.tracing import functions_of
from symmat.operations.determinant import LogDeterminant

HUGE = 10**100
"""A longer number is no float."""
BYTES = 8
CALL = 3e3
"""A call counts as so many operations, which take as long."""
PER_SECOND = 1e9
ENTRYWISE, SOLVING, ITERATING = 3.0, 2.0, 60.0
"""The multiples of the entries, and those of n³ of an inverse and of what iterates: eigenvalues, matrix functions."""
ITERATES = re.compile(r"linalg|_lu|logm|sqrtm|power|frechet")
"""What a factorisation or a function of a matrix calls."""
SCALED = re.compile(r"logm|power")
"""What takes square roots until a matrix is near I, at each of which SciPy looks at norms of powers."""
STEPS, SCALED_STEPS = 30, 400
"""The calls in what iterates, and in what is scaled as well."""
FIXED = (Identity, OneMatrix, ZeroMatrix)
VIEWS = (Transpose, *DEFINITIONS)

Sizes = Mapping[Basic, int]


@dataclass(frozen=True)
class Cost:
    """The memory of all values together, and the seconds; the node that is dearest in each, and how often it is met."""

    bytes: float
    seconds: float
    largest: Basic
    slowest: Basic
    repeated: int


class Estimate:
    """The costs of expressions at sizes."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes: dict[Basic, int] = dict(sizes)
        self._known: dict[Basic, int] = {}

    def cost(self, root: Basic) -> Cost:
        """That of one expression, every node of it once."""
        order = list(postorder(root))
        uses = Counter(a for node in order for a in children(node))
        free = self._indices(order)
        absorbed: set[Basic] = set()
        bytes_, seconds = dict.fromkeys(order, 0.0), dict.fromkeys(order, 0.0)
        repeated = dict.fromkeys(order, 1)
        for node in reversed(order):
            repeated[node] = prod(self._counts.get(i, 1) for i in free[node])
            if type(node) in (Trace, MatMul):  # a product within dissolves: tr(A B) is Σ A' ∘ B
                absorbed.update(a for a in children(node) if type(a) is MatMul and uses[a] == 1)
            if node not in absorbed and type(node) not in VIEWS:
                bytes_[node] = BYTES * self._entries(node)
            inside = children(node)[:-1] if node in absorbed else children(node)
            seconds[node] = repeated[node] * (CALL + self._operations(node, inside)) / PER_SECOND
        largest, slowest = (max(order, key=costs.__getitem__) for costs in (bytes_, seconds))
        return Cost(sum(bytes_.values()), sum(seconds.values()), largest, slowest, repeated[slowest])

    def _indices(self, order: Sequence[Basic]) -> dict[Basic, frozenset[Basic]]:
        """The indices of finite sums that each node depends on; on the way, how many values each takes."""
        self._counts: dict[Basic, int] = {}
        for node in order:
            if type(node) in SUMS:
                _, bound, low, high = node.args
                self._sizes[bound] = max(self._sizes.get(bound, 0), abs(self.size(high)))
                count = max(0, self.size(high) - self.size(low) + 1)
                self._counts[bound] = max(self._counts.get(bound, 0), count)
        free: dict[Basic, frozenset[Basic]] = {}
        for node in order:
            own = frozenset((node,)) if isinstance(node, Index) else frozenset[Basic]()
            free[node] = own.union(*(free[a] for a in children(node)))
            if type(node) in SUMS:
                free[node] -= {node.args[1]}
        return free

    def size(self, side: Basic) -> int:
        """A side in numbers."""
        if isinstance(side, Integer):
            return int(side.p)
        if side not in self._known:
            plain = polynomial(side)
            swap = {s: Integer(self._sizes.get(s, 1)) for s in plain.free_symbols}
            self._known[side] = int(plain.xreplace(swap))
        return self._known[side]

    def sides(self, node: Basic) -> tuple[int, ...]:
        """Rows and columns; nothing of a scalar."""
        return tuple(map(self.size, node.shape if isinstance(node, FIXED) else shape_of(node)))

    def _entries(self, node: Basic) -> float:
        return float(min(prod(self.sides(node)), HUGE))

    def _operations(self, node: Basic, inside: Sequence[Basic]) -> float:
        if not inside or type(node) in VIEWS:
            return 0
        if type(node) is MatMul:
            shapes = [s for s in map(self.sides, inside) if s]
            sizes = [shapes[0][0], *(cols for _, cols in shapes)] if shapes else []
            left = sum(sizes[0] * a * b for a, b in pairwise(sizes[1:]))
            right = sum(a * b * sizes[-1] for a, b in pairwise(sizes[:-1]))
            return min(left, right) + ENTRYWISE * sum(map(self._entries, inside))
        side = float(min(max((n for a in inside[:3] for n in self.sides(a)), default=1), HUGE))
        if type(node) is MatPow:
            return 2 * abs(self.size(node.args[1])).bit_length() * (CALL / 2 + side**3)
        if type(node) in (Inverse, Determinant, LogDeterminant):
            return SOLVING * side**3
        entries = self._entries(node) + sum(map(self._entries, inside))
        called = "" if type(node) in RULES else _called(node)
        if not ITERATES.search(called):
            return ENTRYWISE * entries
        if "frechet" in called:
            directions = sum(self.sides(a) == self.sides(node) for a in inside) - 1
            side *= 2 ** max(1, directions)
        units = side**2 if "frechet_matrix" in called else 1
        steps = SCALED_STEPS if SCALED.search(called) else STEPS
        return units * (steps * CALL + ITERATING * side**3) + ENTRYWISE * entries


def _called(node: Basic) -> str:
    """What the code of an operation calls."""
    record = find_operation(type(node))
    if record is None or record.value is None:
        return ""
    return " ".join(functions_of(record.value, tuple(map(axes, patterns(node)[0]))))
