"""Taking in SymPy expressions that a user built: every node is built anew, raw and interned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from sympy import (
    Add,
    Basic,
    E,
    Float,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    NumberSymbol,
    OneMatrix,
    Pow,
    Rational,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    exp,
    pi,
)

from symmat.algebra.build import matrix_power
from symmat.algebra.sizes import size
from symmat.core.constructors import (
    add,
    constant,
    decimal,
    definition,
    differential_named,
    identity,
    index,
    integer_symbol,
    inverse,
    make,
    matrix_symbol,
    mul,
    number,
    ones,
    power,
    rebuild,
    scalar_symbol,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.nodes import (
    DEFINITIONS,
    SUMS,
    Decimal,
    Index,
    MatrixDifferential,
    MatrixRealPower,
    ScalarDifferential,
    Variable,
)
from symmat.core.operation import find_operation
from symmat.core.structure import properties
from symmat.core.walks import LEAVES
from symmat.errors import UnsupportedProblem
from symmat.operations.structures import DECLARED


def adopt(root: Basic, integers: Collection[str] = ()) -> Basic:
    """The expression in the table in use; a 1×1 product is a scalar, and symbols named in ``integers`` are integers.

    Raises UnsupportedProblem for a node without a record.
    """
    # by identity: to hash foreign nodes, or to compare them, recurses
    done: dict[int, Basic] = {}
    small: dict[int, Basic] = {}
    stack: list[tuple[Basic, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if isinstance(node, (*LEAVES, Float)):
            done[id(node)] = _leaf(node, integers)
            continue
        args = node.args[1:] if type(node) in DEFINITIONS else node.args
        if ready:
            built = _build(node, [done[id(a)] for a in args], [small.get(id(a), done[id(a)]) for a in args])
            done[id(node)] = _scalar_if_small(built)
            if done[id(node)] is not built:
                small[id(node)] = built
        else:
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(args))
    return done[id(root)]


def _scalar_if_small(node: Basic) -> Basic:
    return trace(node) if type(node) in (MatMul, MatAdd) and shape_of(node) == (number(1), number(1)) else node


def _leaf(node: Basic, integers: Collection[str]) -> Basic:
    if isinstance(node, Identity):
        return identity(size(node.args[0]))
    if isinstance(node, ZeroMatrix):
        return zero(tuple(map(size, node.args)))
    if isinstance(node, OneMatrix):
        return ones(*map(size, node.args))
    if isinstance(node, MatrixDifferential):
        return differential_named(node.name[1:], tuple(map(size, node.shape)), properties(node))
    if isinstance(node, ScalarDifferential):
        return differential_named(node.name[1:], ())
    if isinstance(node, Variable):
        if not node.properties <= {*DECLARED}:
            raise UnsupportedProblem(f"the properties of {node.name} are not all known", ", ".join(sorted(DECLARED)))
        return matrix_symbol(node.name, size(node.args[1]), size(node.args[2]), node.properties)
    if isinstance(node, MatrixSymbol):
        return matrix_symbol(node.name, *map(size, node.shape))
    if isinstance(node, Index):
        return index(int(node.name[1:]))
    if isinstance(node, Symbol):
        if node.is_integer or node.name in integers:
            return integer_symbol(node.name)
        return scalar_symbol(node.name, "positive" if node.is_positive else "real")
    if node is pi:
        return constant(node)
    if node is E:
        return make(exp, number(1))
    if isinstance(node, NumberSymbol):
        raise UnsupportedProblem(f"the constant {node} is not supported", "write a number")
    if isinstance(node, Float):
        return decimal(Fraction(str(node)))
    if isinstance(node, Decimal):
        return decimal(Fraction(node.p, node.q))
    if isinstance(node, Rational):
        return number(Fraction(node.p, node.q))
    raise UnsupportedProblem(f"{type(node).__name__} is not supported")


def _build(node: Basic, args: Sequence[Basic], matrices: Sequence[Basic]) -> Basic:
    """The operation on its operands, of which ``matrices`` are 1×1 matrices and no scalars."""
    builder = _BUILDERS.get(type(node))
    if builder is not None:
        return builder(*args)
    if type(node) in DEFINITIONS:
        return definition(str(node.args[0]), args[0])
    if type(node) in SUMS:
        return rebuild(node, args)
    record = find_operation(type(node))
    if record is not None:
        wanted = record.types.arguments
        patterns = wanted if len(wanted) == len(args) else matrices
        return make(type(node), *(m if p else a for p, a, m in zip(patterns, args, matrices, strict=True)))
    raise UnsupportedProblem(
        f"the SymPy node {type(node).__name__} is not supported",
        "build it from sums, products, powers, inverses, transposes and the functions of the notation",
    )


def _power(base: Basic, exponent: Basic) -> Basic:
    if not shape_of(base):
        return power(base, exponent)
    if isinstance(exponent, Rational) and exponent.q == 1:
        return matrix_power(base, number(int(exponent.p)))
    return matrix_power(base, exponent) if exponent.is_integer else make(MatrixRealPower, base, exponent)


_BUILDERS: dict[type[Basic], Callable[..., Basic]] = {
    Add: add,
    MatAdd: add,
    Mul: mul,
    MatMul: mul,
    Pow: _power,
    MatPow: _power,
    Inverse: lambda matrix, *_: inverse(matrix),
    Transpose: transpose,
    Trace: trace,
}
