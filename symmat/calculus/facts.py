"""What is known of values: signs, ranks and definiteness, from declared properties and assumptions, operands first.

One rule an idea; Horn & Johnson, Matrix analysis, ch. 7, has the proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sympy import (
    Abs,
    Add,
    Basic,
    Determinant,
    HadamardPower,
    HadamardProduct,
    Identity,
    Integer,
    Inverse,
    KroneckerProduct,
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
)

from symmat.core.constructors import is_one, shape_of
from symmat.core.nodes import DEFINITIONS, SUMS, HadamardQuotient, SquareRoot
from symmat.core.operation import find_operation
from symmat.core.properties import properties
from symmat.core.walks import children, postorder
from symmat.facts.conditions import (
    COLUMNS,
    FULL_RANK,
    MINORS,
    NONNEGATIVE,
    NONZERO,
    NOT_NULL,
    ORIENTED,
    POSITIVE,
    ROWS,
    SEMIDEFINITE,
    SKEW,
    SPECTRUM,
    SYMMETRIC,
    Facts,
)
from symmat.operations.diagonal import Diagonal, DiagonalMatrix
from symmat.operations.elementwise import ON_ENTRIES
from symmat.operations.norms import Norm, NuclearNorm, SpectralNorm, SquaredNorm
from symmat.operations.structure import Part
from symmat.operations.sums import ColumnSums, EntrySum, Mean, RowSums

Known = Mapping[Basic, Facts]

DEFINITE = frozenset((SEMIDEFINITE, COLUMNS))
NOTHING: Facts = frozenset()

IMPLICATIONS: Sequence[tuple[Iterable[str], Iterable[str]]] = (
    ((POSITIVE,), (NONNEGATIVE, NONZERO)),
    ((NONNEGATIVE, NONZERO), (POSITIVE,)),
    ((NONZERO,), (NOT_NULL,)),
    ((SEMIDEFINITE,), (SYMMETRIC,)),
    ((SEMIDEFINITE, COLUMNS), (SPECTRUM, MINORS)),
    ((SPECTRUM,), (ORIENTED,)),
    ((ORIENTED,), (COLUMNS, ROWS)),
    ((MINORS,), (COLUMNS, ROWS)),
    ((COLUMNS,), (FULL_RANK,)),
    ((ROWS,), (FULL_RANK,)),
    ((FULL_RANK,), (NOT_NULL,)),
)
SQUARE = (((FULL_RANK,), (COLUMNS, ROWS)),)
VECTOR = (((NOT_NULL,), (COLUMNS,)),)
SCALAR = (((NOT_NULL,), (NONZERO,)),)

DECLARED: Mapping[str, Facts] = {
    "spd": DEFINITE,
    "invertible": frozenset((COLUMNS,)),
    "orthogonal": frozenset((COLUMNS,)),
    "unit lower": frozenset((SPECTRUM, MINORS)),
    "unit upper": frozenset((SPECTRUM, MINORS)),
    "symmetric": frozenset((SYMMETRIC,)),
    "diagonal": frozenset((SYMMETRIC,)),
    "skew": frozenset((SKEW,)),
}


def facts(root: Basic, assumed: Known) -> dict[Basic, Facts]:
    """The facts of every node below the root."""
    known: dict[Basic, Facts] = {}
    for node in postorder(root):
        known[node] = closed(own_facts(node, known) | assumed.get(node, NOTHING), node)
    return known


def own_facts(node: Basic, known: Known) -> Facts:
    """What follows for a node from what is known of its operands."""
    rule = _RULES.get(type(node))
    record = find_operation(type(node))
    always = NOTHING if record is None else frozenset(record.facts)
    if rule is not None:
        return always | frozenset(rule(node, [known[a] for a in children(node)]))
    if isinstance(node, MatrixSymbol):
        return NOTHING.union(*(DECLARED.get(name, NOTHING) for name in properties(node)))
    if isinstance(node, Rational):
        return frozenset((NONZERO,) if node.p < 0 else (POSITIVE,) if node.p else (NONNEGATIVE,))
    if isinstance(node, NumberSymbol):
        return frozenset((POSITIVE,))
    if isinstance(node, Symbol):
        return frozenset(fact for fact, holds in _assumptions(node) if holds)
    return always


def closed(found: Facts, node: Basic) -> Facts:
    """The facts with all that they imply."""
    shape = shape_of(node)
    rules = [*IMPLICATIONS]
    if not shape:
        rules += SCALAR
    elif shape[0] == shape[1]:
        rules += SQUARE
    elif is_one(shape[1]):
        rules += VECTOR
    result, before = set(found), -1
    while before != len(result):
        before = len(result)
        for premises, conclusions in rules:
            if result.issuperset(premises):
                result.update(conclusions)
    return frozenset(result)


def gram(product: Basic) -> tuple[Sequence[Basic], Sequence[Basic]] | None:
    """The middle, none or one factor, and the right half W of a product W'M W; None of any other product."""
    matrices = [a for a in product.args if shape_of(a)] if type(product) is MatMul else [product]
    half = len(matrices) // 2
    for left, right in zip(matrices[:half], reversed(matrices), strict=False):
        if not (_is_transpose(left, right) or _is_transpose(right, left)):
            return None
    return matrices[half : len(matrices) - half], matrices[len(matrices) - half :]


def _is_transpose(left: Basic, right: Basic) -> bool:
    return (type(left) is Transpose and left.args[0] is right) or (
        left is right and bool(properties(left) & {"symmetric", "spd", "diagonal"})
    )


def _assumptions(symbol: Symbol) -> Sequence[tuple[str, bool | None]]:
    return ((POSITIVE, symbol.is_positive), (NONNEGATIVE, symbol.is_nonnegative), (NONZERO, symbol.is_nonzero))


def _shared(wanted: Iterable[str], operands: Sequence[Facts]) -> set[str]:
    """Those of the facts that all operands have."""
    return set(wanted).intersection(*operands)


def _sum(node: Basic, terms: Sequence[Facts]) -> set[str]:
    found = _shared((NONNEGATIVE, SEMIDEFINITE, SYMMETRIC, SKEW), terms)
    if NONNEGATIVE in found and any(POSITIVE in t for t in terms):
        found.add(POSITIVE)
    if any(t >= DEFINITE for t in terms) and all(SEMIDEFINITE in t or SKEW in t for t in terms):
        found.add(SPECTRUM)  # x'(P + K) x = x'P x > 0 for a skew K
    return found


def _product(node: Basic, factors: Sequence[Facts]) -> set[str]:
    """A product of scalars, and of scalars with matrices."""
    found = _shared((POSITIVE, NONNEGATIVE), factors)
    scalars = [f for a, f in zip(node.args, factors, strict=True) if not shape_of(a)]
    matrices = [f for a, f in zip(node.args, factors, strict=True) if shape_of(a)]
    if not matrices:
        return found | _shared((NONZERO,), factors)
    if len(matrices) == 1:
        found |= matrices[0] & {SYMMETRIC, SKEW}
    if all(NONZERO in s for s in scalars):
        found |= _shared((COLUMNS, ROWS), matrices)
        found |= matrices[0] & {MINORS, NOT_NULL} if len(matrices) == 1 else set()
    if all(POSITIVE in s for s in scalars):
        found |= _shared((ORIENTED,), matrices)
        found |= matrices[0] & {SPECTRUM} if len(matrices) == 1 else set()
    halves = gram(node)
    if halves is not None:
        found |= _gram(halves, dict(zip(node.args, factors, strict=True)), scalars)
    return found


def _gram(halves: tuple[Sequence[Basic], Sequence[Basic]], known: Known, scalars: Sequence[Facts]) -> set[str]:
    """W'M W is positive semidefinite if M is, and definite if M is and the columns of W are independent."""
    middle, right = ([known[a] for a in half] for half in halves)
    found = _shared((SYMMETRIC,), middle)
    if all(SEMIDEFINITE in m for m in middle) and all(NONNEGATIVE in s for s in scalars):
        found.add(SEMIDEFINITE)
    if all(m >= DEFINITE for m in middle) and all(NONZERO in s for s in scalars):
        found |= _shared((COLUMNS,), right)
        found |= _shared((NOT_NULL,), right) if len(right) <= 1 else set()
    return found


def _entry_product(node: Basic, factors: Sequence[Facts]) -> set[str]:
    found = _shared((POSITIVE, NONNEGATIVE, NONZERO, SYMMETRIC), factors)
    if len(node.args) == 2 and node.args[0] is node.args[1]:
        found.add(NONNEGATIVE)
    return found


def _hadamard(node: Basic, factors: Sequence[Facts]) -> set[str]:
    """By Schur's product theorem."""
    found = _entry_product(node, factors) | _shared((SEMIDEFINITE,), factors)
    return found | (set(DEFINITE) if all(f >= DEFINITE for f in factors) else set())


def _number_power(node: Basic, operands: Sequence[Facts]) -> set[str]:
    exponent = node.args[1]
    found = operands[0] & {POSITIVE, NONNEGATIVE, NONZERO}
    if isinstance(exponent, Integer) and exponent.p % 2 == 0:
        found |= {NONNEGATIVE}
    return set(found | ({NONZERO} if isinstance(exponent, Rational) and exponent.p < 0 else set()))


def _matrix_power(node: Basic, operands: Sequence[Facts]) -> set[str]:
    base, exponent = operands[0], node.args[1]
    found = set(base & {NONNEGATIVE, SYMMETRIC, SEMIDEFINITE, COLUMNS, ROWS, ORIENTED})
    if isinstance(exponent, Integer) and exponent.p % 2 == 0:
        found |= {SEMIDEFINITE} if SYMMETRIC in base else set()
        found |= {ORIENTED} if COLUMNS in base else set()
    return found


def _inverse(node: Basic, operands: Sequence[Facts]) -> set[str]:
    return {COLUMNS, *(operands[0] & {SYMMETRIC, SKEW, SEMIDEFINITE, ORIENTED, SPECTRUM})}


def _transpose(node: Basic, operands: Sequence[Facts]) -> set[str]:
    swap = {COLUMNS: ROWS, ROWS: COLUMNS}
    return {swap.get(fact, fact) for fact in operands[0]}


def _trace(node: Basic, operands: Sequence[Facts]) -> set[str]:
    found = set(operands[0] & {NONNEGATIVE}) | ({NONNEGATIVE} if SEMIDEFINITE in operands[0] else set())
    return found | ({NONZERO} if operands[0] >= {SEMIDEFINITE, NOT_NULL} else set())


def _determinant(node: Basic, operands: Sequence[Facts]) -> set[str]:
    means = {ORIENTED: POSITIVE, COLUMNS: NONZERO, SEMIDEFINITE: NONNEGATIVE}
    return {means[fact] for fact in operands[0] if fact in means}


def _diagonal(node: Basic, operands: Sequence[Facts]) -> set[str]:
    means = {NONZERO: COLUMNS, NONNEGATIVE: SEMIDEFINITE}
    return {SYMMETRIC, *(means[fact] for fact in operands[0] if fact in means)}


def _keeps(*kept: str) -> Callable[[Basic, Sequence[Facts]], set[str]]:
    """The rule of an operation that keeps some facts of its first operand."""
    return lambda node, operands: set(operands[0] & set(kept))


def _always(*found: str) -> Callable[[Basic, Sequence[Facts]], set[str]]:
    return lambda node, operands: set(found)


_RULES: dict[type[Basic], Callable[[Basic, Sequence[Facts]], set[str]]] = {
    Identity: _always(NONNEGATIVE, *DEFINITE),
    OneMatrix: _always(POSITIVE),
    ZeroMatrix: _always(NONNEGATIVE),
    **dict.fromkeys((Add, MatAdd), _sum),
    **dict.fromkeys((Mul, MatMul), _product),
    HadamardProduct: _hadamard,
    HadamardQuotient: _entry_product,
    **dict.fromkeys((Pow, HadamardPower), _number_power),
    **dict.fromkeys(DEFINITIONS, lambda node, operands: set(operands[0])),
    **dict.fromkeys(SUMS, _keeps(NONNEGATIVE, SYMMETRIC, SKEW, SEMIDEFINITE)),
    **dict.fromkeys((Norm, SquaredNorm, SpectralNorm, NuclearNorm), _keeps(NOT_NULL)),
    **dict.fromkeys((Abs, ON_ENTRIES[Abs], SquareRoot, ON_ENTRIES[SquareRoot]), _keeps(NONZERO)),
    **dict.fromkeys((EntrySum, Mean, RowSums, ColumnSums, Diagonal, Part), _keeps(POSITIVE, NONNEGATIVE)),
    KroneckerProduct: lambda node, factors: _shared(
        (POSITIVE, NONNEGATIVE, NONZERO, SYMMETRIC, SEMIDEFINITE, COLUMNS, ROWS), factors
    ),
    MatPow: _matrix_power,
    Inverse: _inverse,
    Transpose: _transpose,
    Trace: _trace,
    Determinant: _determinant,
    DiagonalMatrix: _diagonal,
}
