"""Sums and commuting products in another order: every result is the same, term by term and factor by factor.

``python -m tests.shuffles 2000`` tries so many random expressions and lists those that fail.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import prod
from random import Random

from sympy import (
    Abs,
    Add,
    Basic,
    Determinant,
    HadamardProduct,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    Pow,
    Rational,
    Trace,
    cos,
    exp,
    sin,
    tan,
)

from symmat.algebra.build import is_dot
from symmat.algebra.measures import is_count
from symmat.algebra.normal import normal
from symmat.calculus import derivatives
from symmat.core.constructors import (
    add,
    cotangent,
    dimension,
    inverse,
    is_one,
    make,
    matrix_symbol,
    mul,
    neg,
    number,
    power,
    rebuild,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
)
from symmat.core.nodes import DEFINITIONS
from symmat.core.operation import find_operation
from symmat.core.table import interning
from symmat.core.walks import children, postorder
from symmat.errors import SymmatError
from symmat.operations.diagonal import DiagonalMatrix
from symmat.operations.elementwise import ON_ENTRIES
from symmat.operations.norms import Norm
from symmat.operations.sums import EntrySum
from symmat.operations.triangles import LowerTriangle, SymmetricPart
from tests.expressions import draw_expression


def commutes(node: Basic) -> bool:
    """Whether the operands of a node may stand in any order."""
    record = find_operation(type(node))
    return type(node) in (Add, MatAdd, Mul) or (record is not None and record.commutative)


ARITHMETIC = (Add, MatAdd, Mul, MatMul, Pow, MatPow)


def shuffled(root: Basic, random: Random) -> Basic:
    """The same expression with the terms of every sum, and commuting factors, in another order; sizes are no terms."""
    done: dict[Basic, Basic] = {}
    for node in postorder(root):
        own = type(node) not in ARITHMETIC  # of any other operation an operand that is a count is a size
        args = [a if own and not shape_of(a) and is_count(a) else done[a] for a in children(node)]
        if commutes(node):
            random.shuffle(args)
        elif type(node) is MatMul:
            scalars, args = [a for a in args if not shape_of(a)], [a for a in args if shape_of(a)]
            for scalar in scalars:
                args.insert(random.randrange(len(args) + 1), scalar)
        done[node] = rebuild(node, args) if args else node
    return done[root]


def canonical(root: Basic) -> str:
    """An expression as text, with its terms and its commuting factors in the order of their own texts."""
    text: dict[Basic, str] = {}
    for node in postorder(root):
        if type(node) in (Mul, MatMul) or is_dot(node):
            text[node] = _product(node, text)
        elif not children(node):
            text[node] = str(node)
        else:
            parts = [text[a] for a in children(node)]
            name = str(node.args[0]) if type(node) in DEFINITIONS else type(node).__name__
            text[node] = f"{name}({', '.join(sorted(parts) if commutes(node) else parts)})"
    return text[root]


def _product(node: Basic, text: dict[Basic, str]) -> str:
    """A product: what is 1×1 within it is a scalar, and scalars commute."""
    factors = _factors(node)
    numbers = [Fraction(a.p, a.q) for a in factors if isinstance(a, Rational)]
    scalars = [text[a] for a in factors if not shape_of(a) and not isinstance(a, Rational)]
    word: list[str] = []
    piece: list[Basic] = []
    matrices = [a for a in factors if shape_of(a)]
    for i, factor in enumerate(matrices):
        piece.append(factor)
        if is_one(shape_of(factor)[1]) or i == len(matrices) - 1:
            shown = " ".join(text[a] for a in piece)
            if is_one(shape_of(piece[0])[0]) and is_one(shape_of(factor)[1]):
                scalars.append(shown)
            else:
                word.append(shown)
            piece = []
    return f"({prod(numbers)}·{'·'.join(sorted(scalars))}·[{' '.join(word)}])"


def _factors(node: Basic) -> list[Basic]:
    inner = node.args[0] if type(node) is Trace else node
    return [f for a in inner.args for f in (_factors(a) if type(a) in (Mul, MatMul) or is_dot(a) else [a])]


def results(build: Callable[[], tuple[Basic, Basic]]) -> dict[str, str]:
    """Everything that is shown of an expression and a variable, each asked in a table of its own."""
    found = {}
    for kind, ask in KINDS.items():
        with interning():
            F, X = build()
            if kind in (SCALAR if shape_of(F) else MATRIX):
                continue
            try:
                found[kind] = canonical(ask(F, X))
            except SymmatError as problem:
                found[kind] = f"{type(problem).__name__}: {problem.args[0].splitlines()[0]}"
    return found


KINDS: dict[str, Callable[[Basic, Basic], Basic]] = {
    "normal form": lambda F, X: normal(F),
    "normal form again": lambda F, X: normal(normal(F)),
    "differential": lambda F, X: derivatives.nth_differential(F, [X], 1).shown,
    "second differential": lambda F, X: derivatives.nth_differential(F, [X], 2).shown,
    "adjoint": lambda F, X: derivatives.adjoint(F, X, cotangent(shape_of(F))).shown,
    "gradient": lambda F, X: derivatives.gradient(F, X).shown,
    "Jacobian": lambda F, X: derivatives.jacobian(F, X).shown,
    "Hessian": lambda F, X: derivatives.hessian(F, X).shown,
}
SCALAR, MATRIX = ("gradient", "Hessian"), ("adjoint", "Jacobian")


class Polynomials:
    """Random sums of products of a few symbols, so that terms share factors, join and cancel."""

    def __init__(self, random: Random) -> None:
        self.random = random
        n, one = dimension("n"), number(1)
        self.square, self.column = (n, n), (n, one)
        self.matrices = [
            matrix_symbol("X", n, n),
            matrix_symbol("A", n, n),
            matrix_symbol("B", n, n),
            matrix_symbol("S", n, n, ["symmetric"]),
            matrix_symbol("K", n, n, ["skew"]),
        ]
        self.columns = [matrix_symbol(name, n, one) for name in "xab"]
        self.scalars = [scalar_symbol(name) for name in "λμ"]

    def expression(self, shape: tuple[Basic, ...], depth: int) -> Basic:
        """A sum of one to four products, each with a number."""
        pick = self.random.choice
        count = pick([1, 2, 2, 3, 4])
        terms = [self.product(shape, depth) for _ in range(count)]
        numbers = [pick([1, 1, 1, 1, 2, 3, Fraction(1, 2)]) for _ in terms]
        terms = [mul(number(c), t) if c != 1 else t for c, t in zip(numbers, terms, strict=True)]
        return add(*(neg(t) if self.random.random() < 0.4 else t for t in terms))

    def product(self, shape: tuple[Basic, ...], depth: int) -> Basic:
        """A product of up to three factors, some of them scalars, or of entries."""
        pick, random = self.random.choice, self.random.random
        scalars = [self.factor((), depth - 1) for _ in range(pick([0, 0, 0, 1, 2]))]
        if not shape:
            return mul(*scalars, self.factor((), depth - 1))
        if shape == self.square and random() < 0.2:
            word = [make(HadamardProduct, *(self.factor(shape, depth - 1) for _ in range(pick([2, 2, 3]))))]
        else:
            word = [self.factor(self.square, depth - 1) for _ in range(pick([0, 1, 1, 2]))]
            word = [*word, self.factor(shape, depth - 1)]
        return mul(*scalars, *word)

    def factor(self, shape: tuple[Basic, ...], depth: int) -> Basic:
        """A symbol, a sum, or an operation on one."""
        pick, random = self.random.choice, self.random.random
        if depth <= 0 or random() < 0.55:
            if not shape:
                return pick(self.scalars)
            leaf = pick(self.matrices if shape == self.square else self.columns)
            return transpose(leaf) if shape == self.square and random() < 0.4 else leaf
        inside = self.expression(shape, depth - 1)
        if not shape:
            return pick(
                [
                    lambda: trace(self.expression(self.square, depth - 1)),
                    lambda: trace(mul(transpose(self.expression(self.column, depth - 1)), self.factor(self.column, 0))),
                    lambda: trace(mul(transpose(self.factor(self.column, 0)), self.expression(self.column, depth - 1))),
                    lambda: make(pick(self.functions), inside),
                    lambda: power(inside, number(pick([2, -1]))),
                    lambda: make(pick([Norm, EntrySum]), self.expression(pick([self.square, self.column]), depth - 1)),
                    lambda: make(Determinant, self.expression(self.square, depth - 1)),
                ]
            )()
        if random() < 0.4:
            return inside
        if shape == self.column:
            return make(ON_ENTRIES[pick(self.functions)], inside)
        return pick(
            [
                lambda: transpose(inside),
                lambda: transpose(inside),
                lambda: inverse(inside),
                lambda: power(inside, number(2)),
                lambda: make(ON_ENTRIES[pick(self.functions)], inside),
                lambda: make(DiagonalMatrix, self.expression(self.column, depth - 1)),
                lambda: make(pick([SymmetricPart, LowerTriangle]), inside),
                lambda: mul(self.factor(self.column, depth - 1), transpose(self.factor(self.column, depth - 1))),
            ]
        )()

    functions = (sin, cos, exp, tan, Abs)


def polynomial(seed: int, shuffle: int | None = None) -> tuple[Basic, Basic]:
    """A random polynomial with its variable, shuffled."""
    random = Random(seed)
    pool = Polynomials(random)
    F = pool.expression(random.choice([(), pool.square, pool.column]), random.choice([1, 2, 2, 3]))
    X = random.choice([pool.matrices[0], pool.matrices[0], pool.columns[0], pool.scalars[0]])
    return F if shuffle is None else shuffled(F, Random(shuffle)), X


def like_terms(seed: int, shuffle: int | None = None) -> tuple[Basic, Basic]:
    """A sum of short words over a few letters, or of their traces, with its variable, shuffled."""
    random = Random(seed)
    pool = Polynomials(random)
    letters = random.sample(pool.matrices, random.choice([2, 2, 3]))
    scalars, whole = random.choice([[], pool.scalars[:1], pool.scalars]), random.random() < 0.5
    x = pool.columns[0]

    def term() -> Basic:
        word = [random.choice(letters) for _ in range(random.choice([1, 2, 2, 3, 3, 4]))]
        word = [transpose(f) if random.random() < 0.3 else f for f in word]
        some = [s for s in scalars if random.random() < 0.4]
        if whole and random.random() < 0.2:
            word = [make(HadamardProduct, *word[:3])] if len(word) > 1 else word
        scalar = mul(transpose(x), *word, x) if random.random() < 0.3 else mul(*word)
        product = mul(*some, *word) if whole else mul(*some, trace(scalar))
        number_ = random.choice([1, 1, 1, -1, -1, 2, -2])
        return product if number_ == 1 else neg(product) if number_ == -1 else mul(number(number_), product)

    F = add(*(term() for _ in range(random.choice([2, 3, 3, 4, 5, 6]))))
    return F if shuffle is None else shuffled(F, Random(shuffle)), random.choice([*letters, letters[0], *scalars[:1]])


def everything(seed: int, shuffle: int | None = None) -> tuple[Basic, Basic]:
    """A random expression over all operations with one of its variables, shuffled."""
    random = Random(seed)
    drawn = draw_expression(random, random.choice([2, 3, 3, 4]))
    F, X = drawn.expression, random.choice(drawn.variables)
    return F if shuffle is None else shuffled(F, Random(shuffle)), X


SOURCES = {"polynomials": polynomial, "like terms": like_terms, "everything": everything}


def differences(drawn: Callable[..., tuple[Basic, Basic]], seed: int, shuffles: int = 2) -> dict[str, tuple[str, str]]:
    """The results of a random expression that are not those of its shuffles, and what is not idempotent."""
    one = results(lambda: drawn(seed))
    found = {}
    if one["normal form"] != one["normal form again"]:
        found["idempotence"] = one["normal form"], one["normal form again"]
    for shuffle in range(shuffles):
        other = results(lambda shuffle=shuffle: drawn(seed, shuffle))
        found |= {kind: (one[kind], other[kind]) for kind in one if one[kind] != other[kind]}
    return found


def main(count: int, first: int = 0, *sources: str) -> None:
    from symmat.printing import Text

    for name in sources or SOURCES:
        counts: Counter[str] = Counter()
        for seed in range(first, first + count):
            found = differences(SOURCES[name], seed)
            counts.update(["expressions"] * bool(found), **dict.fromkeys(found, 1))
            if found:
                with interning():
                    print(f"seed {seed}: {', '.join(found)}: {Text().print(SOURCES[name](seed)[0])}", flush=True)
        print(f"{name}, seeds {first}..{first + count - 1}: the order of terms is seen in {dict(counts)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
