"""How nodes are built: raw, interned, in order, with their shapes checked.

Nothing here flattens, distributes, sorts or evaluates; that is for the normal form alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from sympy import (
    Add,
    Basic,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    Rational,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.core.symbol import Str

from symmat.core.nodes import (
    Decimal,
    FiniteSum,
    Hole,
    Index,
    MatrixDefinition,
    MatrixDifferential,
    MatrixPending,
    ScalarDefinition,
    ScalarDifferential,
    ScalarFiniteSum,
    ScalarHole,
    ScalarPending,
    Seed,
    Variable,
)
from symmat.core.operation import composite, operation
from symmat.core.structure import STRUCTURES, properties
from symmat.core.table import Shape, intern, intern_atom, table
from symmat.errors import ShapeProblem
from symmat.shapes import show_shape

Number = int | Fraction


def number(value: Number) -> Basic:
    """An exact number."""
    if isinstance(value, int):
        return intern_atom((Integer, value), lambda: Integer(value), ())
    if value.denominator == 1:
        return number(value.numerator)
    p, q = value.numerator, value.denominator
    return intern_atom((Rational, p, q), lambda: Rational(p, q), ())


def decimal(value: Fraction) -> Basic:
    """An exact number that is shown as a decimal."""
    p, q = value.numerator, value.denominator
    return intern_atom((Decimal, p, q), lambda: Decimal(p, q), ())


def constant(number: Basic) -> Basic:
    """A number that has a name, such as π."""
    return intern_atom((type(number),), lambda: number, ())


def integer_symbol(name: str) -> Basic:
    """An integer by name: an exponent or a dimension."""
    return intern_atom((Symbol, name, "integer"), lambda: Symbol(name, integer=True), ())


def scalar_symbol(name: str, assumption: str = "real") -> Basic:
    """A scalar by name: real, or positive."""
    return intern_atom((Symbol, name, assumption), lambda: Symbol(name, **{assumption: True}), ())


def dimension(size: int | str) -> Basic:
    """A size: a number or a letter."""
    return number(size) if isinstance(size, int) else integer_symbol(size)


def matrix_symbol(name: str, rows: Basic, cols: Basic, declared: Iterable[str] = ()) -> Basic:
    """A matrix, or a column vector where ``cols`` is 1."""
    words = tuple(sorted(declared))
    if not words:
        key = (MatrixSymbol, name, rows, cols)
        return intern_atom(key, lambda: MatrixSymbol(name, rows, cols), (rows, cols))
    args = (Str(name), rows, cols, *map(Str, words))
    return intern_atom((Variable, name, rows, cols, *words), lambda: Basic.__new__(Variable, *args), (rows, cols))


def _hole(
    name: str, shape: Shape, matrix: type[MatrixSymbol], scalar: type[Symbol], properties: Iterable[str] = ()
) -> Basic:
    if shape:
        args = (Str(name), *shape, *map(Str, sorted(properties)))
        key = (matrix, name, *shape, *sorted(properties))
        return intern_atom(key, lambda: Basic.__new__(matrix, *args), shape, hole=True)
    return intern_atom((scalar, name), lambda: scalar(name, real=True), (), hole=True)


def differential_symbol(variable: Basic) -> Basic:
    """dX."""
    return differential_named(variable.name, table().shape[variable], properties(variable))


def differential_named(name: str, shape: Shape, declared: Iterable[str] = ()) -> Basic:
    """dX from the name X, its shape and its properties."""
    tangent = {STRUCTURES[name].tangent for name in declared if name in STRUCTURES} - {""}
    return _hole("d" + name, shape, MatrixDifferential, ScalarDifferential, tangent)


def cotangent(shape: Shape, name: str = "G") -> Basic:
    """G, a symbol that the calculus put there; its name must not be in use."""
    if shape:
        return intern_atom((MatrixSymbol, name, *shape), lambda: MatrixSymbol(name, *shape), shape, hole=True)
    return intern_atom((Symbol, name, "real"), lambda: Symbol(name, real=True), (), hole=True)


def seed() -> Basic:
    """The cotangent 1."""
    return intern_atom((Seed,), lambda: Seed("1", real=True), (), hole=True)


def hole(shape: Shape, name: str = "E") -> Basic:
    """The place of a linear map's argument."""
    return _hole(name, shape, Hole, ScalarHole)


def index(level: int) -> Basic:
    """The index of a finite sum at a level of nesting."""
    table().has_indices = True
    return intern_atom((Index, level), lambda: Index(f"i{level}", integer=True), ())


def identity(size: Basic) -> Basic:
    """I of a given size."""
    return intern(Identity, (size,), (size, size))


def zero(shape: Shape) -> Basic:
    """0: a zero matrix, or the number."""
    return intern(ZeroMatrix, shape, shape) if shape else number(0)


def ones(rows: Basic, cols: Basic) -> Basic:
    """The matrix of ones, which is I where it is 1×1."""
    if is_one(rows) and is_one(cols):
        return identity(rows)
    return intern(OneMatrix, (rows, cols), (rows, cols))


# ---------------------------------------------------------------- sums and products


def shape_of(node: Basic) -> Shape:
    """``(rows, columns)``, or ``()`` for a scalar."""
    return table().shape[node]


def is_one(size: Basic) -> bool:
    """Whether a dimension is the number 1."""
    return isinstance(size, Integer) and size.p == 1


def add(*terms: Basic) -> Basic:
    """The sum of terms of one shape, in their order."""
    if len(terms) == 1:
        return terms[0]
    shapes = table().shape
    shape = shapes[terms[0]]
    for term in terms:
        if shapes[term] != shape:
            raise ShapeProblem(f"a sum of {show_shape(shape)} and {show_shape(shapes[term])}")
    return intern(MatAdd if shape else Add, terms, shape)


def mul(*factors: Basic) -> Basic:
    """The product in its order; scalars may stand anywhere."""
    if len(factors) == 1:
        return factors[0]
    shapes = table().shape
    inner = [shape for shape in map(shapes.__getitem__, factors) if shape]
    if not inner:
        return intern(Mul, factors, ())
    for left, right in pairwise(inner):
        if left[1] != right[0]:
            raise ShapeProblem(f"a product of {show_shape(left)} and {show_shape(right)}")
    return intern(MatMul, factors, (inner[0][0], inner[-1][1]))


def neg(node: Basic) -> Basic:
    """−F, with the sign in the leading number where there is one."""
    if isinstance(node, Rational):
        value = Fraction(-node.p, node.q)
        return decimal(value) if type(node) is Decimal else number(value)
    if type(node) in (Mul, MatMul) and isinstance(node.args[0], Rational):
        first = neg(node.args[0])
        rest = node.args[1:]
        return mul(*rest) if first is number(1) else mul(first, *rest)
    return mul(number(-1), *node.args) if type(node) in (Mul, MatMul) else mul(number(-1), node)


def power(base: Basic, exponent: Basic) -> Basic:
    """F^k of a square matrix for an integer k ≥ 0, or of a scalar for any scalar exponent."""
    shape = shape_of(base)
    if not shape:
        if exponent is number(1):
            return base
        squared = composite(2, type(base)) if exponent is number(2) else None
        return make(squared, *base.args) if squared else intern(Pow, (base, exponent), ())
    if shape[0] != shape[1]:
        raise ShapeProblem(f"a power of a matrix that is {show_shape(shape)}, not square")
    if exponent is number(1):
        return base
    return intern(MatPow, (base, exponent), shape)


def inverse(matrix: Basic) -> Basic:
    """X⁻¹, or 1/x for a scalar."""
    shape = shape_of(matrix)
    if not shape:
        return power(matrix, number(-1))
    if shape[0] != shape[1]:
        raise ShapeProblem(f"the inverse of a matrix that is {show_shape(shape)}, not square")
    return intern(Inverse, (matrix, number(-1)), shape)


def transpose(matrix: Basic) -> Basic:
    """X'; a scalar is its own transpose."""
    shape = shape_of(matrix)
    if not shape:
        return matrix
    if type(matrix) is Transpose:
        return matrix.args[0]
    return intern(Transpose, (matrix,), (shape[1], shape[0]))


def trace(matrix: Basic) -> Basic:
    """tr(X); of a 1×1 matrix its entry, and of a scalar the scalar."""
    shape = shape_of(matrix)
    if not shape:
        return matrix
    if shape[0] != shape[1]:
        raise ShapeProblem(f"the trace of a matrix that is {show_shape(shape)}, not square")
    return intern(Trace, (matrix,), ())


def make(node: type[Basic], *args: Basic) -> Basic:
    """The node of any other operation: its shape follows from its signature."""
    together = composite(node, type(args[0])) if len(args) == 1 else None
    if together is not None:
        return make(together, *args[0].args)
    return intern(node, args, operation(node).shape_for(args, [shape_of(a) for a in args]))


def call(node: type[Basic], *args: Basic) -> Basic:
    """The node of an operation that the notation calls by name."""
    return _BUILDERS[node](*args) if node in _BUILDERS else make(node, *args)


# ---------------------------------------------------------------- definitions, finite sums, pending differentials


def definition(name: str, body: Basic) -> Basic:
    """``name``, defined by ``body``."""
    current = table()
    shape = current.shape[body]
    cls = MatrixDefinition if shape else ScalarDefinition
    key = (cls, name, id(body))
    found = current.nodes.get(key)
    current.has_definitions = True
    if found is None:
        found = current.add(key, Basic.__new__(cls, Str(name), body), shape, current.holes[body])
    return found


def finite_sum(body: Basic, bound: Basic, lower: Basic, upper: Basic) -> Basic:
    """Σ body for bound = lower, …, upper."""
    shape = shape_of(body)
    return intern(FiniteSum if shape else ScalarFiniteSum, (body, bound, lower, upper), shape)


def pending(node: Basic) -> Basic:
    """d(F), still to be worked out."""
    shape = shape_of(node)
    cls = MatrixPending if shape else ScalarPending
    return intern_atom((cls, node), lambda: Basic.__new__(cls, node), shape, hole=True)


def rebuild(node: Basic, args: Sequence[Basic]) -> Basic:
    """The same operation on other arguments."""
    cls = type(node)
    if cls in _BUILDERS:
        return _BUILDERS[cls](*args)
    if cls in (MatrixDefinition, ScalarDefinition):
        return definition(node.args[0].name, args[-1])
    return make(cls, *args)


_BUILDERS: dict[type[Basic], Callable[..., Basic]] = {
    Add: add,
    MatAdd: add,
    Mul: mul,
    MatMul: mul,
    Pow: power,
    MatPow: power,
    Inverse: lambda matrix, *_: inverse(matrix),
    Transpose: transpose,
    Trace: trace,
    FiniteSum: finite_sum,
    ScalarFiniteSum: finite_sum,
    MatrixPending: pending,
    ScalarPending: pending,
}
