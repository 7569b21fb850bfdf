"""Random expressions over everything that the notation has: every record, every property, sums, blocks and powers.

``draw_expression(Random(seed))`` gives one, in the table in use::

    with interning():
        drawn = draw_expression(Random(1))
        text, let = drawn.text, drawn.declarations
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from random import Random

from sympy import (
    Add,
    Basic,
    Determinant,
    HadamardPower,
    HadamardProduct,
    Integer,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    Pow,
    exp,
    pi,
    tanh,
)

from symmat.algebra.sizes import size
from symmat.core.constructors import (
    add,
    call,
    constant,
    decimal,
    definition,
    identity,
    integer_symbol,
    inverse,
    is_one,
    make,
    matrix_symbol,
    mul,
    neg,
    number,
    ones,
    power,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.nodes import FiniteSum, MatrixRealPower, ScalarFiniteSum
from symmat.core.operation import Operation, abbreviations, find_operation, operations
from symmat.core.predicate import Predicate
from symmat.core.signature import size_product
from symmat.core.sums import bound_sum
from symmat.core.table import Shape
from symmat.core.walks import definitions_in, symbols
from symmat.facts.predicates import (
    definite,
    invertible,
    invertible_in_this_form,
    minors,
    no_common_eigenvalue,
    nonnegative,
    nonzero,
    oriented,
    positive,
    principal,
    symmetric,
    within_one,
)
from symmat.language.declarations import declare
from symmat.operations.determinant import LogDeterminant
from symmat.operations.elementwise import apply, squared
from symmat.operations.kronecker import BlockSum
from symmat.operations.matrix_functions import PowerFrechet, PowerFrechetMatrix
from symmat.operations.structure import Block, Part, block, part
from symmat.operations.sums import entry_sum
from symmat.operations.triangles import symmetric_part
from symmat.operations.vec import UnitVector, Unvec
from symmat.printing import Text

SIZES = {"n": 2, "m": 3, "p": 4}
"""The letters of sizes with their values, smaller ones first: X[1..n, :] fits where X has m rows."""
SQUARE = ("symmetric", "skew", "diagonal", "lower", "upper", "unit lower", "unit upper", "spd", "invertible")
PROPERTIES = (*SQUARE, "orthogonal")
TELLING = ("symmetric", "skew", "orthogonal")
"""Properties of which powers, products and transposes know."""
PLAIN = 0.4
"""So many expressions are one operation of powers and products of the variable itself."""
OF_WORDS = 0.6
"""So many of these are a trace, a determinant or nothing else of powers and transposes of one matrix."""
SCALARS = "λμαβγτρ"
"""λ to γ are any real numbers; names of scalars."""
MATRIX_NAMES = [*"ABCDHJKLMNPQRSYZ", *(f"A_{i}" for i in range(1, 100))]
VECTOR_NAMES = [*"abcrsuvwyz", *(f"a_{i}" for i in range(1, 100))]
DEFINED = {"matrix": [*"UVW"], "vector": ["z_1", "z_2"], "scalar": ["ω", "η"]}


@dataclass(frozen=True)
class Drawn:
    """A random expression, what may vary in it, and values that its integers may have."""

    expression: Basic
    variables: tuple[Basic, ...]
    integers: Mapping[Basic, int]

    @property
    def declarations(self) -> str:
        """The declarations under which its text reads back."""
        return declare(symbols(self.expression, *self.variables))

    @property
    def text(self) -> str:
        """Its definitions and itself, in the notation."""
        printer = Text()
        return "; ".join([*map(printer.definition, definitions_in(self.expression)), printer.print(self.expression)])


def draw_expression(rng: Random, depth: int = 3, shape: str = "", focus: type[Basic] | None = None) -> Drawn:
    """A random expression, a ``scalar`` or a ``matrix`` if that is said, in which the operation ``focus`` occurs."""
    generator = Generator(rng, plain=focus is None and rng.random() < PLAIN)
    of_words = generator.plain and rng.random() < OF_WORDS
    if generator.plain and not of_words:
        focus, depth = generator.plain_operation(), min(depth, 2)
    kind = shape or rng.choice(("scalar", "matrix"))
    wanted = () if kind == "scalar" else generator.shape()
    if of_words:
        drawn = generator.of_words(wanted)
    else:
        drawn = generator.expression(wanted, depth) if focus is None else generator.focused(wanted, depth, focus)
    if generator.plain and rng.random() < 0.5:
        drawn = mul(generator.contracted(generator.variables[0], ()), drawn)
    occur = [v for v in generator.variables if v in set(symbols(drawn))]
    if not occur:
        X = generator.variables[0]
        drawn = add(drawn, generator.contracted(X, wanted))
        occur = [X]
    return Drawn(drawn, tuple(occur), generator.integers)


def with_derivative(record: Operation) -> bool:
    """Whether there is a rule for what moves in an operation's operands."""
    return bool(record.differential or record.linear)


class Generator:
    """Random expressions in one set of sizes, variables and constants."""

    def __init__(self, rng: Random, plain: bool = False) -> None:
        self.rng = rng
        self.integers: dict[Basic, int] = {}
        if rng.random() < 0.5:
            letters = [integer_symbol(name) for name in SIZES]
            self.integers |= dict(zip(letters, SIZES.values(), strict=True))
            self.sizes = letters[: rng.choice((2, 3))]
        else:
            self.sizes = [number(2), number(3)]
        self.k = integer_symbol("k")
        self.integers[self.k] = rng.randrange(4)
        self.symbols: dict[tuple[Shape, str, int], Basic] = {}
        self.names = {"matrix": iter(MATRIX_NAMES), "vector": iter(VECTOR_NAMES)}
        self.defined: list[Basic] = []
        self.free = {kind: list(names) for kind, names in DEFINED.items()}
        self.counts: list[tuple[Basic, Basic, Basic]] = []  # the indices in scope, with their bounds
        self.letters = (integer_symbol(f"i_{{bound{i}}}") for i in count(1))
        self.plain = plain
        self.fixed = 0  # within the operand of what has no derivative nothing varies
        self.variables = self._variables()

    def plain_operation(self) -> type[Basic]:
        """An operation on a matrix; from now on the leaves are the variable itself, wherever it fits."""
        sides = [side for side in shape_of(self.variables[0]) if not is_one(side)]
        self.sizes = [*sides, *sides, *sides, self.size()] if sides else self.sizes
        of_matrix = [r for r in operations() if with_derivative(r) and any(len(p) == 2 for p in r.types.arguments)]
        wanted = self.rng.random() < 0.5
        return self.rng.choice([r for r in of_matrix if bool(r.types.result) == wanted]).node

    def is_tall(self) -> bool:
        """Whether the variable has more rows than columns."""
        shape = shape_of(self.variables[0])
        return bool(shape) and not is_one(shape[1]) and self._is_tall(shape)

    # ------------------------------------------------------------ sizes and symbols

    def _variables(self) -> list[Basic]:
        rng = self.rng
        others = [] if self.plain else ["matrix", "vector", "scalar"]
        kind = rng.choice([*others, "square", "square", "square", "tall"])
        n = self.size()
        if kind == "scalar":
            return [scalar_symbol("t")]
        if kind == "vector":
            return [matrix_symbol("x", n, number(1))]
        if kind == "tall":
            short, long = sorted(self.sizes, key=self.value)[:2]
            return [matrix_symbol("X", long, short, rng.choice([(), ("orthogonal",)]))]
        known = (*PROPERTIES, *TELLING, *TELLING) if self.plain else PROPERTIES
        declared = [rng.choice(known)] if kind == "square" and rng.random() < 0.8 else []
        X = matrix_symbol("X", n, n if kind == "square" else self.size(), declared)
        return [X, matrix_symbol("x", n, number(1))] if rng.random() < 0.3 else [X]

    def value(self, side: Basic) -> int:
        """A size in numbers."""
        return int(side.subs(self.integers))

    def size(self) -> Basic:
        return self.rng.choice(self.sizes)

    def shape(self) -> Shape:
        """A random shape: a matrix, a column, or now and then a row."""
        one = number(1)
        return self.rng.choice([(self.size(), self.size())] * 4 + [(self.size(), one)] * 2 + [(one, self.size())])

    def symbol(self, shape: Shape) -> Basic:
        """A constant of a shape, one of two."""
        if not shape:
            return scalar_symbol(self.rng.choice(SCALARS[:3]))
        rows, cols = shape
        if is_one(rows) and not is_one(cols):
            return transpose(self.symbol((cols, rows)))
        declared = ""
        if not is_one(cols) and self.rng.random() < 0.4:
            declared = self.rng.choice(PROPERTIES) if rows == cols else "orthogonal" if self._is_tall(shape) else ""
        key = (shape, declared, self.rng.randrange(2))
        if key not in self.symbols:
            name = next(self.names["vector" if is_one(cols) else "matrix"])
            self.symbols[key] = matrix_symbol(name, rows, cols, [declared] if declared else [])
        return self.symbols[key]

    def _is_tall(self, shape: Shape) -> bool:
        return self.value(shape[0]) > self.value(shape[1])

    def leaf(self, shape: Shape) -> Basic:
        """A variable where one fits, a definition, a constant, a fixed matrix or a number."""
        rng = self.rng
        moving = [] if self.fixed else self.variables
        fitting = [s for s in moving if shape_of(s) == shape]
        turned = [transpose(s) for s in moving if shape and shape_of(s) == shape[::-1] and s not in fitting]
        if rng.random() < (0.95 if self.plain else 0.7) and (fitting or turned):
            return rng.choice(fitting + turned)
        known = [d for d in self.defined if shape_of(d) == shape and not (self.fixed and self.varies(d))]
        if known and rng.random() < 0.5:
            return rng.choice(known)
        if rng.random() < 0.2:
            return self.fixed_leaf(shape)
        return self.contracted(rng.choice(moving), shape) if moving and rng.random() < 0.5 else self.symbol(shape)

    def fixed_leaf(self, shape: Shape) -> Basic:
        if not shape:
            return self.rng.choice([self.number(), constant(pi), *(i for i, _, _ in self.counts), self.sizes[0]])
        square = [identity(shape[0])] if shape[0] == shape[1] else []
        return self.rng.choice([*square, ones(*shape), zero(shape)])

    def number(self) -> Basic:
        one = self.rng.choice([1, 2, 3, -1, -2, Fraction(1, 2), Fraction(-2, 3), Fraction(3, 2)])
        return decimal(one) if isinstance(one, Fraction) and one.denominator == 2 else number(one)

    def varies(self, node: Basic) -> bool:
        return bool(set(self.variables) & set(symbols(node)))

    # ------------------------------------------------------------ expressions

    def expression(self, shape: Shape, depth: int) -> Basic:
        """A random expression of a shape, () for a scalar."""
        if not depth:
            return self.leaf(shape)
        ways: list[Callable[[Shape, int], Basic | None]] = [self.sum, self.product, self.power, self.finite_sum]
        if self.plain:
            ways += [self.power] * 4
            if shape and shape[0] == shape[1]:
                ways += [lambda square, depth: self.gram(square[0], depth)] * (8 if self.is_tall() else 1)
            return self.rng.choice(ways)(shape, depth) or self.product(shape, depth)
        ways += [self.transposed] * bool(shape) + [self.part, self.named, self.applied, self.applied, self.applied]
        ways += [self.power, self.power] * bool(self.counts)
        return self.rng.choice(ways)(shape, depth) or self.product(shape, depth)

    def focused(self, shape: Shape, depth: int, node: type[Basic]) -> Basic:
        """An expression in which an operation occurs, if it can have the shape by any means."""
        return self.contracted(self.of_record(node, depth) or self.leaf(shape), shape)

    def sum(self, shape: Shape, depth: int) -> Basic:
        terms = []
        for _ in range(self.rng.choice((2, 2, 3))):
            term = self.expression(shape, self.rng.choice((0, depth - 1)))
            if self.rng.random() < 0.3:
                term = mul(self.number(), term)
            terms.append(neg(term) if self.rng.random() < 0.4 else term)
        if self.rng.random() < 0.1:
            terms = [terms[0], neg(terms[0])]  # a zero that is written out
        return add(*terms)

    def product(self, shape: Shape, depth: int) -> Basic:
        if not shape:
            if self.rng.random() < 0.4:
                return mul(self.expression((), depth - 1), self.expression((), depth - 1))
            n = self.size()
            if self.rng.random() < 0.5:
                inside = (
                    self.expression if self.rng.random() < 0.7 else lambda square, depth: self.gram(square[0], depth)
                )
                return trace(inside((n, n), depth - 1))
            column = (n, number(1))
            return trace(mul(transpose(self.expression(column, depth - 1)), self.expression(column, depth - 1)))
        if self.rng.random() < 0.25:
            return mul(self.expression((), depth - 1), self.expression(shape, depth - 1))
        if shape[0] == shape[1] and self.rng.random() < 0.2:
            return self.gram(shape[0], depth)
        sides = any(map(is_one, shape))
        middle = self.size() if sides or self.rng.random() < 0.8 else number(1)
        left = self.expression((shape[0], middle), self.rng.choice((0, depth - 1)))
        return mul(left, self.expression((middle, shape[1]), self.rng.choice((0, depth - 1))))

    def gram(self, size: Basic, depth: int) -> Basic:
        """A A', of an A of any shape."""
        A = self.expression((size, self.size()), self.rng.choice((0, max(0, depth - 1))))
        return mul(A, transpose(A))

    def of_words(self, shape: Shape) -> Basic:
        """A function of a product of powers of one matrix, the variable or a constant, and of their transposes."""
        X = self.variables[0] if self.rng.random() < 0.8 else self.symbol(shape_of(self.variables[0]))
        functions: list[Callable[[Basic], Basic]] = [trace, trace, entry_sum, lambda W: W, lambda W: W]
        functions += [lambda W: make(Determinant, W)] * 2 + [lambda W: make(LogDeterminant, W)]
        return self.contracted(self.rng.choice(functions)(self.word(X)), shape)

    def word(self, X: Basic) -> Basic:
        """A product of up to three powers of a matrix, or of X X' or X'X if it is tall, or of their transposes."""
        rng, k = self.rng, self.k
        is_square = shape_of(X)[0] == shape_of(X)[1]
        base = X if is_square else mul(*rng.choice([(X, transpose(X)), (transpose(X), X)]))
        exponents = [*map(number, (1, 1, 2)), number(3), *[k, add(k, number(1)), mul(number(2), k)] * 2]
        exponents = exponents if is_square else exponents[:3]
        factors = [power(base, rng.choice(exponents)) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        return mul(*(transpose(f) if rng.random() < 0.4 else f for f in factors))

    def transposed(self, shape: Shape, depth: int) -> Basic:
        return transpose(self.expression(shape[::-1], depth - 1))

    def power(self, shape: Shape, depth: int) -> Basic | None:
        rng = self.rng
        if not shape:
            return self.scalar_power(depth)
        if shape[0] != shape[1] or is_one(shape[0]):
            return None
        base = self.expression(shape, rng.choice((0, depth - 1)))
        kind = rng.randrange(6)
        if kind == 0:
            return self.fit(invertible, base, self.inverse_power)
        if kind == 1:
            return make(MatrixRealPower, self.fit(principal, base), self.exponent())
        if kind == 2 and rng.random() < 0.5:
            base = add(base, neg(base))
        return power(base, self.whole())

    def inverse_power(self, base: Basic) -> Basic:
        return power(inverse(base), self.rng.choice([number(1), number(2), self.whole()]))

    def scalar_power(self, depth: int) -> Basic:
        base = self.expression((), depth - 1)
        kind = self.rng.randrange(4)
        if kind == 0:
            return power(self.fit(nonzero, base), number(self.rng.choice((-1, -2, -3))))
        if kind == 1:
            return power(self.fit(positive, base), self.exponent())
        if kind == 2:
            return power(self.fit(nonzero, base), self.whole())
        return power(base, number(self.rng.choice((0, 2, 3))))

    def exponent(self) -> Basic:
        """A rational number or a scalar."""
        fractions = (Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2), Fraction(2, 3))
        return self.rng.choice([*map(number, fractions), scalar_symbol("α"), add(scalar_symbol("α"), number(-1))])

    def whole(self) -> Basic:
        """A whole number from 0: a number, k, an index, or what is left of its bound."""
        k = self.k
        known = [number(0), number(2), number(3)] * (not self.plain) + [k, add(k, number(1)), mul(number(2), k)]
        for index, _, upper in self.counts:
            known += [index, index, add(index, number(1)), add(upper, neg(index))]
        return self.rng.choice(known)

    def finite_sum(self, shape: Shape, depth: int) -> Basic:
        k, rng = self.k, self.rng
        bounds = [(number(0), number(2)), (number(1), number(2)), (number(0), k), (number(1), k)]
        bounds += [(number(0), add(k, number(-1))), (number(2), number(3)), (number(0), number(1))]
        bounds += [(number(0), index) for index, lower, _ in self.counts if lower.is_nonnegative]
        lower, upper = rng.choice(bounds)
        letter = next(self.letters)
        self.counts.append((letter, lower, upper))
        body = self.expression(shape, depth - 1)
        if letter not in set(symbols(body)):
            n = self.size()
            of_index = trace(power(self.expression((n, n), 0), letter))
            body = mul(rng.choice([letter, of_index, power(self.number(), letter)]), body)
        self.counts.pop()
        return bound_sum(body, letter, lower, upper)

    def part(self, shape: Shape, depth: int) -> Basic:
        """A part of something larger, or of something as large."""
        ranges, whole = [], []
        for side in shape or (number(1), number(1)):
            larger = [s for s in self.sizes if self.value(s) > self.value(side)]
            length = self.rng.choice([side, size(side + 1), *larger])
            length = self.size() if is_one(length) else length
            first = size(length - side + 1)
            if not isinstance(first, Integer):
                first = add(length, neg(side), number(1))
            last = [(number(1), side), (first, length)]
            places = [(index, index) for index in self.places(length)] if is_one(side) else []
            ranges.append(self.rng.choice(last + places))
            whole.append(length)
        found = part(self.expression(tuple(whole), depth - 1), *ranges)
        return found if shape else trace(found)

    def places(self, length: Basic) -> list[Basic]:
        """The indices in scope that run from 1 to at most a length."""
        inside = ((i, low, up) for i, low, up in self.counts if is_one(low) and not isinstance(up, type(self.k)))
        return [i for i, _, up in inside if self.value(up) <= self.value(length)]

    def named(self, shape: Shape, depth: int) -> Basic | None:
        """A definition, which may be used again."""
        kind = "scalar" if not shape else "vector" if is_one(shape[1]) else "matrix"
        if self.counts or not self.free[kind] or (shape and is_one(shape[0])):
            return None
        body = self.expression(shape, depth - 1)
        if not self.free[kind]:
            return body
        self.defined.append(definition(self.free[kind].pop(0), body))
        return self.defined[-1]

    def contracted(self, F: Basic, shape: Shape) -> Basic:
        """F made to have a shape by factors on either side."""
        own = shape_of(F)
        if own == shape:
            return F
        if not own:
            return mul(F, self.leaf(shape))
        if not shape:
            kind = self.rng.randrange(3)
            if kind == 0 and own[0] == own[1]:
                return trace(F)
            return entry_sum(F) if kind == 1 else trace(mul(transpose(self.symbol(own)), F))
        if own == shape[::-1]:
            return transpose(F)
        left = [] if own[0] == shape[0] else [self.side(shape[0], own[0])]
        right = [] if own[1] == shape[1] else [self.side(own[1], shape[1])]
        return mul(*left, F, *right)

    def side(self, rows: Basic, cols: Basic) -> Basic:
        return ones(rows, cols) if is_one(rows) and is_one(cols) else self.symbol((rows, cols))

    # ------------------------------------------------------------ operations by their records

    def applied(self, shape: Shape, depth: int) -> Basic:
        """A random operation, of the shape or made to have it."""
        records, rng = operations(), self.rng
        for _ in range(12 * (rng.random() < 0.5)):
            record = rng.choice(records)
            found = None if record.node in BY_HAND else self.of_signature(record, depth, shape)
            if found is not None:
                return found
        found = self.abbreviated(depth) if rng.random() < 0.05 else self.of_record(rng.choice(records).node, depth)
        return self.expression(shape, depth - 1) if found is None else self.contracted(found, shape)

    def abbreviated(self, depth: int) -> Basic:
        """A word for an expression in other operations, on random operands."""
        word = self.rng.choice(abbreviations())
        sizes: dict[str, Basic] = {"1": number(1)}
        shapes = [tuple(self.side_of(token, sizes) for token in p) for p in word.types.arguments]
        operands = [self.expression(own, depth - 1) for own in shapes]
        if word.spelling == "solve":
            operands[0] = self.fit(invertible, operands[0])
        return word.build(*operands)

    def of_record(self, node: type[Basic], depth: int) -> Basic | None:
        """An operation of random operands, of whatever shape it has."""
        if node in BY_HAND:
            return BY_HAND[node](self, depth)
        record = find_operation(node)
        return None if record is None else self.of_signature(record, depth, None)

    def of_signature(self, record: Operation, depth: int, shape: Shape | None) -> Basic | None:
        """An operation of random operands; None where it cannot have the shape."""
        sizes: dict[str, Basic] = {"1": number(1)}
        if shape is not None:
            result = record.types.result
            if len(result) != len(shape) or any(len(token) > 1 for token in result):
                return None
            if not all(sizes.setdefault(token, side) == side for token, side in zip(result, shape, strict=True)):
                return None
        shapes = [tuple(self.side_of(t, sizes) for t in p) for p in record.types.arguments]
        if any(len(s) == 2 and all(map(is_one, s)) for s in shapes):  # in the notation that is a scalar
            return None
        frozen = not with_derivative(record)
        self.fixed += frozen
        operands = []
        for pattern, own in zip(record.types.arguments, shapes, strict=True):
            is_size = bool(pattern) and pattern[0].startswith("#")
            operands.append(own[0] if is_size else self.expression(own, depth - 1))
        self.fixed -= frozen
        asked = asked_of(record)
        for i, operand in enumerate(operands):
            if shape_of(operand) == shapes[i] and (i == 0 or i in asked):
                operands[i] = self.fit(asked.get(i), operand)
        return call(record.node, *operands)

    def side_of(self, token: str, sizes: dict[str, Basic]) -> Basic:
        """The size of a token of a signature: a letter, ``#m``, or a product of letters."""
        own = token.removeprefix("#")
        for letter in own:
            sizes.setdefault(letter, self.size())
        return size_product(*(sizes[letter] for letter in own))

    def fit(self, asked: Predicate | None, E: Basic, then: Callable[[Basic], Basic] = lambda E: E) -> Basic:
        """An operand made to satisfy a predicate, most of the time; now and then left as it is."""
        shape, plain = shape_of(E), self.rng.random() < 0.25
        if asked not in OF_NUMBERS | OF_MATRICES or (plain and asked not in STRICT):
            return then(E)
        one = ones(*shape) if shape else number(1)
        if asked == within_one:
            return then(apply(tanh, E))
        if asked in OF_NUMBERS:
            return then(self.rng.choice([apply(exp, E), add(squared(E), one)]))
        if not shape or shape[0] != shape[1]:
            return then(E)
        if asked == symmetric:
            return then(symmetric_part(E))
        eye = identity(shape[0])
        larger = add(mul(number(3), eye), E)
        return then(add(mul(transpose(E), E), eye) if asked in ALIKE or self.rng.random() < 0.6 else larger)

    def entrywise_power(self, depth: int) -> Basic:
        base = self.expression(self.shape(), depth - 1)
        if self.rng.random() < 0.5:
            return make(HadamardPower, base, number(self.rng.choice((2, 3))))
        exponents = [self.exponent(), self.whole(), number(-1)]
        return make(HadamardPower, self.fit(positive, base), self.rng.choice(exponents))

    def entry_product(self, depth: int) -> Basic:
        shape = self.shape()
        return make(HadamardProduct, *(self.expression(shape, depth - 1) for _ in range(self.rng.choice((2, 2, 3)))))

    def blocks(self, depth: int) -> Basic:
        """A block matrix, with zeros and scalars among its entries; also of one row or one column."""
        rng = self.rng
        height, width = rng.choice([(1, 2), (2, 1), (2, 2), (2, 2), (3, 1)])
        one = number(1)
        kind = rng.choice(["matrix", "matrix", "column", "row"])
        heights = [one] if kind == "row" else [self.block_size() for _ in range(height)]
        widths = [one] if kind == "column" else [self.block_size() for _ in range(width)]
        if len(heights) == len(widths) == 1:
            (heights if kind == "column" else widths).append(self.size())
        return block([[self.block_entry(a, b, depth) for b in widths] for a in heights])

    def block_size(self) -> Basic:
        return self.rng.choice([self.size(), self.size(), number(1)])

    def block_entry(self, rows: Basic, cols: Basic, depth: int) -> Basic:
        if is_one(rows) and is_one(cols):
            return self.expression((), depth - 1)
        return zero((rows, cols)) if self.rng.random() < 0.15 else self.expression((rows, cols), depth - 1)

    def unit_vector(self, depth: int) -> Basic:
        n = self.size()
        return make(UnitVector, self.rng.choice([number(1), number(2), *self.places(n)]), n)

    def unvec(self, depth: int) -> Basic:
        m, n = self.size(), self.size()
        return make(Unvec, self.expression((size_product(m, n), number(1)), depth - 1), m, n)

    def blocksum(self, depth: int) -> Basic:
        (m, n), (p, q) = (self.size(), self.size()), self.shape()
        inner = self.expression((m, n), depth - 1)
        return make(BlockSum, inner, self.expression((size_product(m, p), size_product(n, q)), depth - 1))

    def frechet(self, node: type[Basic], depth: int) -> Basic:
        """A Fréchet derivative in one or two directions, or its matrix."""
        shape = (n := self.size(), n)
        record = find_operation(node)
        frozen = record is not None and not with_derivative(record)
        self.fixed += frozen
        X = self.fit(definite, self.expression(shape, depth - 1))
        ahead = [self.exponent()] if node in (PowerFrechet, PowerFrechetMatrix) else []
        directions = [self.expression(shape, 0) for _ in range(self.rng.choice((1, 1, 2)) * (not frozen))]
        self.fixed -= frozen
        return make(node, *ahead, X, *directions)

    def real_power(self, depth: int) -> Basic:
        shape = (n := self.size(), n)
        return make(MatrixRealPower, self.fit(definite, self.expression(shape, depth - 1)), self.exponent())


OF_NUMBERS = frozenset((positive, nonnegative, nonzero, within_one))
OF_MATRICES = frozenset((
    invertible, invertible_in_this_form, oriented, principal, minors, definite, symmetric, no_common_eigenvalue
))  # fmt: skip
ALIKE = frozenset((definite, no_common_eigenvalue))
"""What a matrix is made positive definite for."""
STRICT = ALIKE | {principal, symmetric}
"""What numbers do not come out without."""


def asked_of(record: Operation) -> dict[int, Predicate]:
    """What an operation asks of its operands, each by its place: that it exists, and has a derivative in numbers."""
    rules = (None if record.silent else record.smooth, record.condition)
    found = {}
    for rule in rules:
        condition = positive("A") if rule is not None and callable(rule) else rule
        if condition is not None:
            found |= {"ABCDEFGH".index(letter): condition.predicate for letter in condition.operands}
    return found


def shaped(build: Callable[[Generator, Shape, int], Basic | None]) -> Callable[[Generator, int], Basic | None]:
    return lambda generator, depth: build(generator, generator.shape(), depth)


def scalar(build: Callable[[Generator, Shape, int], Basic | None]) -> Callable[[Generator, int], Basic | None]:
    return lambda generator, depth: build(generator, (), depth)


def square(build: Callable[[Generator, Shape, int], Basic | None]) -> Callable[[Generator, int], Basic | None]:
    return lambda generator, depth: build(generator, (n := generator.size(), n), depth)


def scalar_product(generator: Generator, depth: int) -> Basic:
    return mul(generator.expression((), depth - 1), generator.expression((), depth - 1))


BY_HAND: dict[type[Basic], Callable[[Generator, int], Basic | None]] = {
    Add: scalar(Generator.sum),
    MatAdd: shaped(Generator.sum),
    Mul: scalar_product,
    MatMul: shaped(Generator.product),
    Pow: scalar(Generator.power),
    MatPow: square(Generator.power),
    FiniteSum: shaped(Generator.finite_sum),
    ScalarFiniteSum: scalar(Generator.finite_sum),
    HadamardPower: Generator.entrywise_power,
    HadamardProduct: Generator.entry_product,
    MatrixRealPower: Generator.real_power,
    Part: shaped(Generator.part),
    Block: Generator.blocks,
    UnitVector: Generator.unit_vector,
    Unvec: Generator.unvec,
    BlockSum: Generator.blocksum,
}
"""The operations whose operands do not follow from a signature."""
for frechet in (record.node for record in operations() if "Fréchet" in record.name):
    BY_HAND[frechet] = lambda generator, depth, node=frechet: generator.frechet(node, depth)
