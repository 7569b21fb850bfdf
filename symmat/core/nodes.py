"""The nodes that SymPy does not have: symbols with a role, definitions, finite sums, and bases for operations.

Everywhere else SymPy's own nodes serve, built raw by :mod:`symmat.core.constructors`.
"""

from __future__ import annotations

from sympy import Basic, Expr, Integer, MatrixExpr, MatrixSymbol, Rational, Symbol

from symmat.core.operation import operation
from symmat.core.table import some_table


class MatrixOperation(MatrixExpr):
    """Base of operations with a matrix for a value: its shape follows from its record's signature."""

    @property
    def shape(self) -> tuple[Basic, ...]:
        shapes = [getattr(a, "shape", ()) for a in self.args]
        with some_table():
            return operation(type(self)).shape_for(self.args, shapes)


class _Number(Expr):
    """What commutes."""

    is_commutative = True


class ScalarOperation(_Number):
    """Base of operations with a scalar for a value."""


class SquareRoot(ScalarOperation):
    """√x, the square root of a positive number."""


class HadamardQuotient(MatrixOperation):
    """A ./ B: the entries of A over those of B."""


class MatrixRealPower(MatrixOperation):
    """X^α for a real α."""


class _Declared(MatrixSymbol):
    """A matrix symbol with properties behind its name and its sizes; SymPy rebuilds it from its arguments."""

    def __new__(cls, name: Basic, rows: Basic, cols: Basic, *properties: Basic) -> _Declared:
        own: _Declared = Basic.__new__(cls, name, rows, cols, *properties)
        return own

    @property
    def properties(self) -> frozenset[str]:
        return frozenset(str(p) for p in self.args[3:])


class Variable(_Declared):
    """A matrix with declared properties: ``Variable(name, rows, columns, *properties)``."""


class MatrixDifferential(_Declared):
    """dX, for a matrix or vector X, with the properties of its tangent space."""


class ScalarDifferential(Symbol):
    """dλ, for a scalar λ."""


class Seed(Symbol):
    """The cotangent that a gradient is the adjoint of: the number 1, which no normal form shows."""


class Hole(MatrixSymbol):
    """The place for the argument of a linear map."""


class ScalarHole(Symbol):
    """The place for the argument of a linear map of scalars."""


class Decimal(Rational):
    """An exact decimal, shown as it was typed: 0.5 and not 1/2."""

    def __new__(cls, p: int, q: int) -> Decimal:
        own: Decimal = Basic.__new__(cls)
        own.p, own.q = p, q
        return own

    def __getnewargs__(self) -> tuple[int, int]:
        return self.p, self.q


class _Whole(MatrixExpr):
    """What has the shape of one of its arguments."""

    whole = 0

    @property
    def shape(self) -> tuple[Basic, ...]:
        shape: tuple[Basic, ...] = self.args[self.whole].shape
        return shape


class MatrixDefinition(_Whole):
    """A named matrix expression: ``S`` with ``S = X'X + λ I``.  Its arguments are the name and the body."""

    whole = 1


class ScalarDefinition(_Number):
    """A named scalar expression."""


class FiniteSum(_Whole):
    """Σ body for index = lower, …, upper; the index is bound in the body."""


class ScalarFiniteSum(_Number):
    """Σ f, a finite sum of scalars."""


class Index(Symbol):
    """The index of a finite sum, named by its level of nesting; printers name it for the reader."""


class MatrixPending(_Whole):
    """d(F), still to be worked out: what a derivation shows between two rules."""


class ScalarPending(_Number):
    """d(f) of a scalar f, still to be worked out."""


ONE = Integer(1)
"""The size of a vector's short side."""

DEFINITIONS = (MatrixDefinition, ScalarDefinition)
SUMS = (FiniteSum, ScalarFiniteSum)
PENDING = (MatrixPending, ScalarPending)
