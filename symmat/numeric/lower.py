"""From nodes to values: a table of rules by node type, and one walk over what the plan needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import inf

from sympy import (
    Add,
    Basic,
    HadamardProduct,
    Identity,
    Integer,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Min,
    Mul,
    NumberSymbol,
    OneMatrix,
    Poly,
    Pow,
    Rational,
    Symbol,
    Trace,
    ZeroMatrix,
    expand,
    pi,
)

from symmat.algebra.sizes import polynomial
from symmat.algebra.terms import to_power
from symmat.core.constructors import is_one, make, number
from symmat.core.nodes import FiniteSum, Index, ScalarFiniteSum
from symmat.core.operation import composite, operation
from symmat.core.table import Shape
from symmat.core.walks import children
from symmat.errors import LimitProblem, UnsupportedProblem
from symmat.facts.known import known
from symmat.facts.predicates import definite, diagonal, symmetric
from symmat.numeric.chains import LARGE, Factor, product, trace_of_product
from symmat.numeric.counts import Counts
from symmat.numeric.naming import Naming
from symmat.numeric.plan import Plan, Term, View, is_count
from symmat.numeric.ranks import axes, is_whole, patterns, rank, shape_of
from symmat.numeric.tracing import Names, Traced
from symmat.numeric.values import Value, Values
from symmat.operations.structure import Block, Part

LONGEST_SIDE = 10**12
"""No array has a longer one."""


class Lowering:
    """The values of one expression, and of ``further`` ones that are looked at beside it.

    ``hints`` are the names of definitions, ``arguments`` the symbols it reads.
    """

    def __init__(self, root: Basic, make: Values, naming: Naming, further: Sequence[Basic] = ()) -> None:
        self.make, self.naming = make, naming
        self.hints: dict[Value, str] = {}
        self.arguments: dict[Basic, str] = {}
        self._names = Names(make)
        self._indices: dict[Basic, str] = {}
        self._values: dict[Basic, Value] = {}
        self.plan = Plan(root, further)
        self.counts = Counts(self.plan, (root, *further))

    def result(self) -> Value:
        """The value of the expression; with further ones, all of them."""
        for core in self.plan.order:
            value = self._values[core] = self._named(View(core), self._rule(core))
            if value.rank == 2 and known(core) >= definite.facts:
                self.make.definite.add(value)
        value = self._value(self.plan.root)
        return self.make.make("tuple", value, *map(self._value, self.plan.further)) if self.plan.further else value

    def _rule(self, core: Basic) -> Value:
        if isinstance(core, Rational):
            return self.make.number(Fraction(int(core.p), int(core.q)))
        if isinstance(core, Index):
            return self.make.make("index", data=self._index(core))
        if isinstance(core, NumberSymbol):
            return self.make.name(CONSTANTS[core])
        if isinstance(core, MatrixSymbol | Symbol):
            return self._argument(core)
        rule = RULES.get(type(core))
        return rule(self, core) if rule else self._operation(core)

    def _value(self, view: View) -> Value:
        value = self._values[view.core]
        if value.rank == 2 and (view.turned or view.inverted):
            value = self._factor(view).value(self.make)
        elif view.inverted:
            value = self._over(value)
        return self._named(view, value)

    def _of(self, node: Basic) -> Value:
        return self._value(self.plan.view(node))

    def _named(self, view: View, value: Value) -> Value:
        if view in self.plan.names and value.op not in ("name", "number"):
            self.hints.setdefault(value, self.plan.names[view])
        return value

    def _argument(self, symbol: Basic) -> Value:
        if symbol not in self.arguments:
            self.arguments[symbol] = self.naming.unique(symbol.name)
        return self.make.name(self.arguments[symbol], rank(shape_of(symbol)))

    def _index(self, symbol: Basic) -> str:
        if symbol not in self._indices:
            self._indices[symbol] = self.naming.first("ijlpqrs")
        return self._indices[symbol]

    def _over(self, value: Value) -> Value:
        return self.make.scaled(None, Fraction(1), (), [value])

    def size(self, size: Basic) -> Value:
        """A dimension: a polynomial in integers, expanded."""
        if isinstance(size, Integer):
            if size.p > LONGEST_SIDE:
                raise LimitProblem(f"a side of over {LONGEST_SIDE:,} rows or columns", "declare a letter: X: n×n")
            return self.make.number(int(size.p))
        if isinstance(size, Index):
            return self.make.make("index", data=self._index(size))
        if isinstance(size, Symbol):
            return self._argument(size)
        if isinstance(size, Rational):
            return self.make.number(Fraction(int(size.p), int(size.q)))
        if not size.free_symbols:
            return self.size(polynomial(size))
        denominator = Poly(size).clear_denoms()[0] if size.is_polynomial() else 1
        if denominator != 1:
            return self.make.make("floordiv", self.size(expand(size * denominator)), self.size(denominator))
        parts = [self.size(a) for a in size.args]
        if isinstance(size, Add):
            return self.make.sum(parts)
        if isinstance(size, Min):
            return self.make.make("call", *parts, data="min")
        return self.make.make("raised", *parts) if isinstance(size, Pow) else self.make.scaled(None, Fraction(1), parts)

    def _zeros(self, shape: Shape) -> Value:
        sides = [self.size(side) for side in shape if not is_one(side)]
        return self.make.make("zeros", *sides, rank=len(sides)) if sides else self.make.number(0)

    def _eye(self, size: Basic) -> Value:
        return self.make.number(1) if is_one(size) else self.make.eye(self.size(size))

    def _sum(self, core: Basic) -> Value:
        return self.make.sum([self._of(a) for a in children(core)])

    def _term(self, term: Term, combine: Callable[[Sequence[Factor]], Value], empty: Callable[[], Value]) -> Value:
        powers = list(whole_powers(term.scalars))
        above = [self._raised(self._values[base], number(e)) for base, e in powers if e > 0]
        below = [self._raised(self._values[base], number(-e)) for base, e in powers if e < 0]
        chain = []
        for view in term.factors:
            base = self._values[view.core]
            rows, cols = (cost(side) for side in shape_of(view.core)[:: -1 if view.turned else 1])
            if view.inverted and not base.rank:
                below.append(base)
            else:
                chain.append(self._factor(view, rows, cols))
        value = combine(chain) if chain else empty()
        return self.make.scaled(value, term.number, above, below)

    def _factor(self, view: View, rows: int = LARGE, cols: int = LARGE) -> Factor:
        """A matrix of a chain, with what is known of it: a symmetric one is its own transpose."""
        base, facts = self._values[view.core], known(view.core)
        entries = self.make.diagonal(base) if base.rank == 2 and facts >= diagonal.facts else None
        own = symmetric in facts
        return Factor(base, rows, cols, view.turned and base.rank == 2 and not own, view.inverted, own, entries)

    def _product(self, core: Basic) -> Value:
        shape = shape_of(core)

        def chain_product(chain: Sequence[Factor]) -> Value:
            return product(self.make, chain).value(self.make)

        def nothing() -> Value:
            return self._eye(shape[0]) if shape else self.make.number(1)

        return self.make.sum([self._term(term, chain_product, nothing) for term in self.plan.terms[core]])

    def _trace(self, core: Basic) -> Value:
        size = shape_of(core.args[0])[0]
        return self.make.sum(
            [
                self._term(term, lambda chain: trace_of_product(self.make, chain), lambda: self.size(size))
                for term in self.plan.terms[core]
            ]
        )

    def _raised(self, base: Value, exponent: Basic) -> Value:
        if isinstance(exponent, Rational) and exponent.p < 0:
            return self._over(self._raised(base, number(Fraction(int(-exponent.p), int(exponent.q)))))
        if exponent == 1:
            return base
        if base.op == "number" and isinstance(exponent, Integer):
            return self.make.number(to_power(base.data, int(exponent.p)))
        if exponent == Rational(1, 2):
            return self.make.make("call", base, data="np.sqrt")
        return self.make.make(
            "raised", base, self._rule(exponent) if isinstance(exponent, Rational) else self._of(exponent)
        )

    def _matrix_power(self, core: Basic) -> Value:
        base, exponent = self._of(core.args[0]), core.args[1]
        if not base.rank:
            return self._raised(base, exponent)
        if is_count(exponent, 3):
            square = self.make.make("matmul", base, base, rank=2)
            return square if exponent.p == 2 else self.make.make("matmul", square, base, rank=2)
        count = self._of(exponent)
        if not self.counts.is_nonnegative(core, exponent):
            opposite = -polynomial(exponent)
            if self.counts.is_nonnegative(core, opposite):
                return self.make.make("power", self.make.inv(base), self.size(opposite), rank=2)
            guards = self._guards(core, exponent)
            if not guards or not self.plan.is_inverted(core.args[0]):
                count = self._guarded(count, guards)
                if self.counts.slack(core, exponent):  # below 0 it is worked out for nothing
                    count = self.make.make("call", count, self.make.number(0), data="max")
        return self.make.make("power", base, count, rank=2)

    def _guards(self, user: Basic, count: Basic) -> list[Value]:
        """The error where a count is so far below 0 that it does harm."""
        slack = inf if self.counts.is_nonnegative(user, count) else self.counts.slack(user, count)
        if slack == inf or self.counts.is_nonnegative(user, polynomial(count) + slack):
            return []
        return [self._nonnegative(polynomial(count) + slack)]

    def _nonnegative(self, count: Basic) -> Value:
        """A count, and the error where it is below 0."""
        size = self.size(count)
        names = {s: Symbol(self._index(s) if isinstance(s, Index) else self.arguments[s]) for s in count.free_symbols}
        return self.make.make("nonnegative", size, data=str(count.xreplace(names)).replace("Min(", "min("))

    def _guarded(self, value: Value, guards: Sequence[Value]) -> Value:
        return self.make.make("guarded", value, *guards) if guards else value

    def _finite_sum(self, core: Basic) -> Value:
        body, bound, lower, upper = core.args
        low, stop = self._of(lower), self.make.sum([self._of(upper), self.make.number(1)])
        from_zero = lower in (0, 1)  # i X^(i-1) is 0 at i = 0, and left out
        count = Add(polynomial(upper), 0 if from_zero else -polynomial(lower), 1)
        name = self._index(bound)
        parts = (self._of(body), low, stop, self._zeros(shape_of(core)), *self._guards(core, count))
        return self.make.make("loop", *parts, data=name, rank=parts[0].rank, bound=name)

    def _entry_product(self, core: Basic) -> Value:
        return self.make.make("entrywise", *map(self._of, core.args), rank=rank(shape_of(core)))

    def _part(self, core: Basic) -> Value:
        """X[a - 1 : b, c - 1 : d], along the axes that the array has; indices that may be out of range are checked."""
        matrix, *ends = core.args
        axes, bounds = [], []
        for side, own, first, last in zip(shape_of(matrix), shape_of(core), ends[::2], ends[1::2], strict=True):
            if is_one(side):
                continue
            if first == 1 and last == side:
                axes.append("all")
                continue
            axes.append("one" if is_one(own) else "range")
            bounds.append(self._checked(core, polynomial(first) - 1, side - polynomial(last)))
            if not is_one(own):
                bounds.append(self.size(polynomial(last)))
        if not axes:
            return self._of(matrix)
        return self.make.make("part", self._of(matrix), *bounds, data=tuple(axes), rank=rank(shape_of(core)))

    def _checked(self, core: Basic, before: Basic, after: Basic) -> Value:
        """The count of what stands before a range; an error where this or what stands after is negative."""
        guards = []
        for count in (before, after):
            plain = count.as_coefficients_dict().values()
            if not all(c >= 0 for c in plain) and not self.counts.is_nonnegative(core, count):
                guards.append(self._nonnegative(expand(count)))
        return self._guarded(self.size(expand(before)), guards)

    def _block(self, core: Basic) -> Value:
        width = int(core.args[0].p)
        whole = self.make.make("blocks", *(self._lifted(arg, 2) for arg in core.args[1:]), data=width, rank=2)
        return self.make.flattened(whole, rank(shape_of(core)))

    def _ones(self, core: Basic) -> Value:
        sides = [self.size(side) for side in core.args if not is_one(side)]
        return self.make.make("ones", *sides, rank=len(sides)) if sides else self.make.number(1)

    def _lifted(self, node: Basic, wanted: int) -> Value:
        """An operand with so many axes."""
        value = self._of(node)
        if value.rank >= wanted:
            return value
        kind = "scalar" if not value.rank else "row" if is_one(shape_of(node)[0]) else "column"
        return self.make.lifted(value, kind, wanted)

    def _operation(self, core: Basic) -> Value:
        """Any other operation, by its value: of operands, and with a result, that have the axes of its signature."""
        record = operation(type(core))
        if record.value is None:
            raise UnsupportedProblem(f"numbers for {record.name} are not supported yet")
        arguments, result = patterns(core)
        operands = [
            self.size(arg) if is_whole(pattern) else self._lifted(arg, axes(pattern))
            for arg, pattern in zip(core.args, arguments, strict=True)
        ]
        value = record.value(self._names, *(Traced(self.make, operand) for operand in operands)).value
        value.rank = axes(result)  # which is known of what is called inside by its signature alone
        return self.make.flattened(value, rank(shape_of(core)))


def whole_powers(scalars: Sequence[tuple[Basic, int]]) -> Iterator[tuple[Basic, int]]:
    """Each scalar of a product once: t^4 / t is t^3, which is there at t = 0 too, and so is ‖x‖² / ‖x‖."""
    squares = [(base, composite(2, type(base))) for base, _ in scalars]
    roots = {make(square, *base.args): base for base, square in squares if square is not None}
    powers = Counter[Basic]()
    for base, exponent in scalars:
        if base in roots:
            base, exponent = roots[base], 2 * exponent
        powers[base] += exponent
    yield from powers.items()


def cost(side: Basic) -> int:
    """A side as the order of products sees it."""
    return min(int(side.p), LONGEST_SIDE) if isinstance(side, Integer) else LARGE


CONSTANTS: dict[Basic, str] = {pi: "np.pi"}

RULES: dict[type[Basic], Callable[[Lowering, Basic], Value]] = {
    Add: Lowering._sum,
    MatAdd: Lowering._sum,
    Mul: Lowering._product,
    MatMul: Lowering._product,
    Pow: lambda lowering, core: lowering._raised(lowering._of(core.args[0]), core.args[1]),
    MatPow: Lowering._matrix_power,
    Trace: Lowering._trace,
    Identity: lambda lowering, core: lowering._eye(core.args[0]),
    OneMatrix: Lowering._ones,
    HadamardProduct: Lowering._entry_product,
    Part: Lowering._part,
    Block: Lowering._block,
    ZeroMatrix: lambda lowering, core: lowering._zeros(core.args),
    FiniteSum: Lowering._finite_sum,
    ScalarFiniteSum: Lowering._finite_sum,
}
