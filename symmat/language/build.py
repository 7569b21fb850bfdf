"""From a surface tree with known shapes to interned nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from sympy import Add, Basic, Integer, Mul, Pow, Rational, Symbol, pi

from symmat.errors import LimitProblem, ShapeProblem, UnsupportedProblem
from symmat.expressions.constructors import (
    add,
    call,
    constant,
    decimal,
    differential_symbol,
    dimension,
    identity,
    integer_symbol,
    inverse,
    is_one,
    matrix_symbol,
    mul,
    neg,
    number,
    power,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.expressions.operation import spelled
from symmat.expressions.signature import size_product
from symmat.expressions.sums import bound_sum
from symmat.expressions.table import Shape
from symmat.language.inference import Dims, Size
from symmat.language.shapes import Plan, Shapes
from symmat.language.surface import Surface, postorder
from symmat.operations.kronecker import kron

LARGEST_EXPONENT = 10**6


class Build:
    """The nodes of one text."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.defined: dict[str, Basic] = {}
        self.nodes: dict[Surface, Basic] = {}
        self._symbols: dict[str, Basic] = {}
        self.rules: dict[str, Callable[[Surface], Basic]] = {
            "number": self.number,
            "symbol": lambda node: self.symbol(node.value),
            "index": lambda node: integer_symbol(node.value),
            "differential": lambda node: differential_symbol(self.symbol(node.value)),
            "identity": lambda node: identity(self.shape(self.shapes.shapes[node])[0]),
            "sum": self.sum,
            "negative": lambda node: neg(self.nodes[node.parts[0]]),
            "chain": lambda node: self.product(self.shapes.plans[node]),
            "ratio": self.ratio,
            "transposed": lambda node: transpose(self.nodes[node.parts[0]]),
            "power": lambda node: self.power(node, self.nodes[node.parts[1]]),
            "raised": self.raised,
            "call": self.call,
            "finite sum": self.finite_sum,
        }

    def build(self, root: Surface) -> Basic:
        """The node of a piece of text."""
        for node in postorder(root):
            self.nodes[node] = self.rules[node.kind](node)
        return self.nodes[root]

    def symbols(self) -> Mapping[str, Basic]:
        """Every symbol of the text, in order of appearance."""
        return {name: self.symbol(name) for name in self.shapes.symbols}

    def symbol(self, name: str) -> Basic:
        if name in self.defined:
            return self.defined[name]
        if name not in self.shapes.symbols:
            return constant(pi)
        if name not in self._symbols:
            named = self.shapes.symbols[name]
            if named.kind == "integer":
                node = integer_symbol(name)
            elif named.kind == "scalar":
                node = scalar_symbol(name)
            else:
                rows, cols = map(self.size, named.dims)
                node = matrix_symbol(name, rows, cols, named.properties - {"constant"})
            self._symbols[name] = node
        return self._symbols[name]

    def shape(self, dims: Dims) -> Shape:
        """Sizes as nodes."""
        return tuple(map(self.size, dims))

    def size(self, size: Size) -> Basic:
        value = size.root().value
        if isinstance(value, tuple):
            return size_product(*map(self.size, value))
        return dimension(value if value is not None else "n")

    # ------------------------------------------------------------ rules

    def number(self, node: Surface) -> Basic:
        dims = self.shapes.shapes[node]
        if dims:
            return zero(self.shape(dims))
        text = str(node.value)
        exponent = abs(int(text.lower().partition("e")[2] or 0))
        if exponent > 400 or len(text) > 5000:
            raise self.shapes.fail(LimitProblem, "a number out of range", "numbers have up to 5000 digits", node)
        exact = Fraction(text)
        return number(exact) if text.isdigit() else decimal(exact)

    def sum(self, node: Surface) -> Basic:
        terms = []
        for sign, part in zip(node.value, node.parts, strict=True):
            terms.append(self.nodes[part] if sign == "PLUS" else neg(self.nodes[part]))
        return add(*terms)

    def product(self, plan: Plan) -> Basic:
        factors = [self.factor(kind, what) for kind, what in plan.factors]
        node = mul(*factors)
        shape = shape_of(node)
        return trace(node) if shape and is_one(shape[0]) and is_one(shape[1]) else node

    def factor(self, kind: str, what: Surface | Plan | list[Surface]) -> Basic:
        if isinstance(what, list):
            first, *rest = (self.nodes[f] for f in what)
            for other in rest:
                first = kron(first, other)
            return first
        if isinstance(what, Plan):
            inner = self.product(what)
            return inverse(inner) if kind == "inverse" else inner
        node = self.nodes[what]
        return power(node, number(-1)) if kind == "over" else node

    def ratio(self, node: Surface) -> Basic:
        above, below = (self.nodes[part] for part in node.parts)
        if isinstance(above, Integer) and isinstance(below, Integer):
            if below.p == 0:
                raise self.shapes.fail(ShapeProblem, "division by zero", "", node)
            return number(Fraction(int(above.p), int(below.p)))
        return mul(above, power(below, number(-1)))

    def raised(self, node: Surface) -> Basic:
        base = self.nodes[node.parts[0]]
        if node.value == "-T":
            return transpose(inverse(base))
        return self.power(node, number(int(node.value)))

    def power(self, node: Surface, exponent: Basic) -> Basic:
        base = self.nodes[node.parts[0]]
        value = self.literal(exponent, node)
        if value is not None and abs(value) > LARGEST_EXPONENT:
            raise self.shapes.fail(LimitProblem, "the exponent is too large", "exponents go up to 10^6", node)
        if not shape_of(base):
            return power(base, exponent if value is None or isinstance(exponent, Rational) else number(value))
        if value is not None:
            if value.denominator != 1:
                raise self.shapes.fail(
                    UnsupportedProblem, "a fractional power of a matrix is not supported yet", "", node
                )
            k = int(value)
            if k < 0:
                return power(inverse(base), number(-k))
            return power(base, number(k))
        if not exponent.is_integer:
            raise self.shapes.fail(UnsupportedProblem, "a real power of a matrix is not supported yet", "", node)
        if type(exponent) is Mul and isinstance(exponent.args[0], Integer) and exponent.args[0].p < 0:
            return power(inverse(base), neg(exponent))
        return power(base, exponent)

    def literal(self, exponent: Basic, node: Surface) -> Fraction | None:
        """The value of an exponent without symbols."""
        if isinstance(exponent, Rational):
            return Fraction(int(exponent.p), int(exponent.q))
        if type(exponent) not in (Add, Mul, Pow) or exponent.atoms(Symbol):
            return None
        values = [self.literal(a, node) for a in exponent.args]
        numbers = [v for v in values if v is not None]
        if len(numbers) < len(values):
            return None
        if type(exponent) is Pow:
            base, e = numbers
            if e.denominator != 1 or abs(e) > 1000 or (base == 0 and e < 0):
                raise self.shapes.fail(LimitProblem, "the exponent is too large", "exponents go up to 10^6", node)
            return Fraction(base**e)
        total = numbers[0]
        for v in numbers[1:]:
            total = total + v if type(exponent) is Add else total * v
        return total

    def call(self, node: Surface) -> Basic:
        args = [self.nodes[part] for part in node.parts]
        if node.value == "zeros":
            return zero(self.shape(self.shapes.shapes[node]))
        record = spelled(node.value)
        if record is None:
            raise self.shapes.fail(UnsupportedProblem, f"the function {node.value} is not supported yet", "", node)
        return call(record.node, *args)

    def finite_sum(self, node: Surface) -> Basic:
        lower, upper, body = (self.nodes[part] for part in node.parts)
        return bound_sum(body, integer_symbol(node.value), lower, upper)
