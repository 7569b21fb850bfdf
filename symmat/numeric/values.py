"""Values: what straight-line code computes.  Equal values are one object, so every one is computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

NO_INDICES: frozenset[str] = frozenset()
TURNED = {"column": "row", "row": "column", "scalar": "scalar"}
"""How a vector that stands as a matrix stands in the transpose."""
VECTORS = (("np.linalg.svd", 1), ("np.linalg.eigh", 0))
"""The parts of factorisations that are vectors."""
FACTORED = ("solve", "inv", "det", "logdet")
"""Operations that start with a factorisation of their first operand."""


class Value:
    """One operation on other values.  ``rank`` is its number of axes: a side of 1 is none, so vectors are 1-D arrays.

    ``free`` are the indices of finite sums that it depends on.
    """

    __slots__ = ("args", "data", "free", "op", "rank")

    def __init__(self, op: str, args: tuple[Value, ...], data: Any, rank: int, free: frozenset[str]) -> None:
        self.op, self.args, self.data, self.rank, self.free = op, args, data, rank, free


class Values:
    """The values of one function, and how they are made."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Value] = {}
        self.definite: set[Value] = set()
        """Matrices of which a Cholesky factorisation serves."""

    def make(self, op: str, *args: Value, data: Any = None, rank: int = 0, bound: str = "") -> Value:
        """The one value ``op(*args)``."""
        key = (op, data, *map(id, args))
        value = self._made.get(key)
        if value is None:
            free = frozenset().union(*(a.free for a in args)) - {bound} if any(a.free for a in args) else NO_INDICES
            if op == "index":
                free = frozenset((data,))
            value = self._made[key] = Value(op, args, data, rank, free)
        return value

    def number(self, value: Fraction | int) -> Value:
        """An exact number."""
        return self.make("number", data=Fraction(value))

    def name(self, name: str, rank: int = 0) -> Value:
        """An argument, or a size read off one."""
        return self.make("name", data=name, rank=rank)

    def transposed(self, value: Value) -> Value:
        """The transpose; of a vector or a scalar the same array."""
        if value.rank < 2:
            return value
        if value.op == "lifted":
            return self.lifted(value.args[0], TURNED[value.data], 2)
        return value.args[0] if value.op == "turned" else self.make("turned", value, rank=2)

    def turned(self, value: Value) -> Value:
        """The transpose within a product: signs and scalars stay outside."""
        if value.op == "negative":
            return self.negative(self.turned(value.args[0]))
        if value.op == "outer":
            return self.make("outer", *reversed(value.args), rank=2)
        if value.op == "scaled":
            return self.make("scaled", *value.args[:-1], self.turned(value.args[-1]), data=value.data, rank=2)
        return self.transposed(value)

    def product(self, left: Value, right: Value, rank: int) -> Value:
        """left @ right; beside a vector without a transpose, and beside a permutation by taking rows or columns."""
        if (order := self._order(left)) is not None:
            return self.make("taken", right, order, data="rows", rank=rank)
        if (order := self._order(self.turned(right))) is not None:
            return self.make("taken", left, order, data="columns" if left.rank == 2 else "rows", rank=rank)
        if right.op == "turned" and left.rank == 1:
            return self.make("matmul", right.args[0], left, rank=rank)
        if left.op == "turned" and right.rank == 1:
            return self.make("matmul", right, left.args[0], rank=rank)
        if not rank and ("matmul", None, id(right), id(left)) in self._made:
            left, right = right, left
        return self.make("matmul", left, right, rank=rank)

    def _order(self, value: Value) -> Value | None:
        """The order in which a permutation takes rows, or None of any other matrix."""
        if value.op == "permutation":
            return value.args[0]
        inner = value.args[0] if value.op == "turned" else value
        return self.make("call", inner.args[0], data="np.argsort", rank=1) if inner.op == "permutation" else None

    def call(self, function: str, *args: Value, rank: int = 0) -> Value:
        """What a function gives."""
        return self.make("call", *args, data=function, rank=rank)

    def eye(self, side: Value) -> Value:
        """I."""
        return self.make("eye", side, rank=2)

    def inv(self, matrix: Value) -> Value:
        """The inverse."""
        return self.make("inv", matrix, rank=2)

    def solve(self, matrix: Value, right: Value) -> Value:
        """The inverse times what is to the right."""
        turned = matrix.op == "turned"
        return self.make("solve", matrix.args[0] if turned else matrix, right, data=turned, rank=right.rank)

    def det(self, matrix: Value) -> Value:
        """The determinant, that of the transpose too."""
        return self.make("det", matrix.args[0] if matrix.op == "turned" else matrix)

    def log_det(self, matrix: Value) -> Value:
        """Its logarithm."""
        return self.make("logdet", matrix.args[0] if matrix.op == "turned" else matrix)

    def diag(self, value: Value) -> Value:
        """The matrix with a vector on its diagonal, and the diagonal of a matrix."""
        return self.call("np.diag", value, rank=2) if value.rank == 1 else self.diagonal(value)

    def diagonal(self, matrix: Value) -> Value:
        """The vector of the entries on the diagonal: of a sum of diag(x) and I that of x and 1."""
        terms = [self._entries(term) for term in (matrix.args if matrix.op == "sum" else (matrix,))]
        known = [term for term in terms if term is not None]
        if len(known) == len(terms) and any(term.rank for term in known):
            return self.sum(known)
        return self.call("np.diag", matrix, rank=1)

    def _entries(self, term: Value) -> Value | None:
        """The diagonal of a multiple of diag(x), or the number that stands in that of a multiple of I."""
        if term.op == "negative":
            inner = self._entries(term.args[0]) if term.args[0].op != "negative" else None
            return inner and self.negative(inner)
        *scalars, matrix = term.args if term.op == "scaled" else (term,)
        is_diag = matrix.op == "call" and matrix.data == "np.diag" and matrix.args[0].rank == 1
        if not is_diag and matrix.op != "eye":
            return None
        entries = matrix.args[0] if is_diag else self.number(1)
        if term.op != "scaled":
            return entries
        number, above, _ = term.data
        return self.scaled(entries, number, scalars[:above], scalars[above:])

    def permutation(self, order: Value) -> Value:
        """The rows of I in an order."""
        return self.make("permutation", order, rank=2)

    def lifted(self, value: Value, kind: str, rank: int) -> Value:
        """A vector or a number as a matrix, or a number as a vector."""
        return self.make("lifted", value, data=kind, rank=rank)

    def flattened(self, value: Value, rank: int) -> Value:
        """What has sides of 1, without them."""
        if value.rank == rank:
            return value
        inner = value.args[0] if value.op == "lifted" else None
        return inner if inner is not None and inner.rank == rank else self.make("flattened", value, rank=rank)

    def side(self, value: Value, axis: int) -> Value:
        """A side of an array."""
        if value.op == "lifted":
            return self.side(value.args[0], 0) if value.data == ("column", "row")[axis] else self.number(1)
        return self.make("side", value, data=axis)

    def reshaped(self, value: Value, *sides: Value, order: str) -> Value:
        """The entries of an array in another shape."""
        if value.op == "lifted" and value.data != "scalar" and sides == (self.number(-1),):
            return value.args[0]
        return self.make("reshaped", value, *sides, data=order, rank=len(sides))

    def plus(self, left: Value, right: Value) -> Value:
        """The sum of two."""
        return self.sum([left, right])

    def minus(self, left: Value, right: Value) -> Value:
        """Their difference."""
        return self.sum([left, self.negative(right)])

    def times(self, left: Value, right: Value) -> Value:
        """The product of scalars, of a scalar and an array, or entry by entry."""
        if left.rank and right.rank:
            return self.make("entrywise", left, right, rank=max(left.rank, right.rank))
        scalar, other = (right, left) if left.rank else (left, right)
        return self.scaled(other, scalar.data) if scalar.op == "number" else self.scaled(other, Fraction(1), [scalar])

    def quotient(self, above: Value, below: Value) -> Value:
        """The quotient, entry by entry."""
        if below.rank:
            return self.make("quotient", above, below, rank=max(above.rank, below.rank))
        return self.scaled(above, Fraction(1), (), [below])

    def floordiv(self, above: Value, below: Value) -> Value:
        """The quotient of integers."""
        if above.op == below.op == "number":
            return self.number(above.data // below.data)
        return self.make("floordiv", above, below)

    def raised(self, base: Value, exponent: Value) -> Value:
        """The power, entry by entry."""
        return self.make("raised", base, exponent, rank=max(base.rank, exponent.rank))

    def equal(self, left: Value, right: Value) -> Value:
        """Whether entries are equal."""
        return self.make("equal", left, right, rank=max(left.rank, right.rank))

    def negative(self, value: Value) -> Value:
        """Minus a value: signs stay outside, where a sum takes them in."""
        if value.op == "number":
            return self.number(-value.data)
        return value.args[0] if value.op == "negative" else self.make("negative", value, rank=value.rank)

    def dot(self, left: Value, right: Value) -> Value:
        """Σ left ∘ right."""
        if ("dot", None, id(right), id(left)) in self._made:
            left, right = right, left
        return self.make("dot", left, right)

    def sum(self, terms: Sequence[Value]) -> Value:
        """The sum; equal terms are counted, and the numbers in a scalar one added up."""
        constant, rank = Fraction(0), max(t.rank for t in terms)
        count: dict[Value, int] = {}
        for term in terms:
            flat = term.args if term.op == "sum" and term.rank == 0 and len(term.args) <= 8 else (term,)
            for part in flat:
                if part.op == "number":
                    constant += part.data
                elif part.op != "zeros":
                    bare, sign = (part.args[0], -1) if part.op == "negative" else (part, 1)
                    count[bare] = count.get(bare, 0) + sign
        rest = [self.scaled(value, Fraction(n)) for value, n in count.items() if n]
        if constant or (not rest and not rank):
            rest.append(self.number(constant))
        if not rest:
            return terms[0] if terms[0].op == "zeros" else self.scaled(terms[0], Fraction(0))
        return rest[0] if len(rest) == 1 else self.make("sum", *rest, rank=rank)

    def scaled(
        self, value: Value | None, number: Fraction, above: Sequence[Value] = (), below: Sequence[Value] = ()
    ) -> Value:
        """number · above · value / below, the scalars first; of an outer product, one side is scaled."""
        for a in above:
            number *= a.data if a.op == "number" else 1
        above = [a for a in above if a.op != "number"]
        if number < 0:
            return self.negative(self.scaled(value, -number, above, below))
        flipped = [a for a in above if a.op == "negative"]
        if flipped:
            sign = -1 if len(flipped) % 2 else 1
            return self.scaled(value, sign * number, [a.args[0] if a.op == "negative" else a for a in above], below)
        if value is not None and value.op == "negative":
            return self.negative(self.scaled(value.args[0], number, above, below))
        if value is not None and value.op == "number":
            number, value = number * value.data, None
        if value is not None and value.op == "scaled" and not above and not below:
            inner, *counts = value.data
            if number * inner != 1:
                return self.make("scaled", *value.args, data=(number * inner, *counts), rank=value.rank)
        if number == 1 and not below:
            if value is not None and not above:
                return value
            if value is None and len(above) <= 1:
                return above[0] if above else self.number(1)
        if value is None and not above and not below:
            return self.number(number)
        if number == 0 and value is None:
            return self.number(0)
        if value is not None and value.op == "outer":
            left, right = value.args
            return self.make("outer", self.scaled(left, number, above, below), right, rank=2)
        tail = () if value is None else (value,)
        data = (number, len(above), len(below))
        return self.make("scaled", *above, *below, *tail, data=data, rank=0 if value is None else value.rank)


def postorder(root: Value, operands: Callable[[Value], Sequence[Value]]) -> Iterator[Value]:
    """Every value below the root once, operands first."""
    seen: set[Value] = set()
    stack = [(root, False)]
    while stack:
        value, ready = stack.pop()
        if ready:
            yield value
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack.extend((a, False) for a in reversed(operands(value)) if a not in seen)
