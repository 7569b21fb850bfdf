"""Products, quotients and powers entry by entry (Magnus & Neudecker, ch. 3, sec. 6).

d(A ∘ B) = dA ∘ B + A ∘ dB, and vec(A ∘ E) = diag(vec A) vec E.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from sympy import Basic, HadamardPower, HadamardProduct, Identity, MatMul, OneMatrix, Transpose

from symmat.core.constructors import is_one, make, mul, neg, number, ones, power, shape_of, transpose
from symmat.core.nodes import HadamardQuotient
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.predicate import Facts, Known
from symmat.core.table import Shape
from symmat.errors import ShapeProblem
from symmat.facts.predicates import definite, nonnegative, nonzero, positive, semidefinite, symmetric
from symmat.facts.transfer import common, each, shared
from symmat.operations.diagonal import DiagonalMatrix, diagonal, diagonal_of
from symmat.operations.vec import vec
from symmat.shapes import show_shape


def entry_product(*factors: Basic) -> Basic:
    """A ∘ B ∘ …; scalars are factors in front."""
    scalars = [f for f in factors if not shape_of(f)]
    matrices = [f for f in factors if shape_of(f) and not isinstance(f, OneMatrix)]
    matrices = matrices or [f for f in factors if shape_of(f)][:1]
    if len(matrices) > 1:
        matrices = [make(HadamardProduct, *matrices)]
    return mul(*scalars, *matrices)


def entry_power(base: Basic, exponent: Basic) -> Basic:
    """X.^k, and of a scalar x^k."""
    if exponent is number(1):
        return base
    return make(HadamardPower, base, exponent) if shape_of(base) else power(base, exponent)


def entry_quotient(above: Basic, below: Basic) -> Basic:
    """A ./ B, and of scalars a / b; a scalar above spreads."""
    if not shape_of(below):
        return mul(above, power(below, number(-1)))
    if shape_of(above):
        return make(HadamardQuotient, above, below)
    quotient = make(HadamardQuotient, ones(*shape_of(below)), below)
    return quotient if above is number(1) else mul(above, quotient)


def spread(scalar: Basic, shape: Shape) -> Basic:
    """A scalar in every entry of a shape."""
    if not shape:
        return scalar
    return ones(*shape) if scalar is number(1) else mul(scalar, ones(*shape))


def _others(F: Any, i: int, E: Basic) -> Basic:
    return entry_product(*F.args[:i], *F.args[i + 1 :], E)


def _others_in_vec(F: Any, i: int) -> Basic:
    return diagonal(vec(entry_product(*F.args[:i], *F.args[i + 1 :])))


def _same_shape(args: Sequence[Any], shapes: Sequence[Shape]) -> Shape:
    for shape in shapes:
        if shape != shapes[0]:
            raise ShapeProblem(f"a Hadamard product of {show_shape(shapes[0])} and {show_shape(shape)}")
    return shapes[0]


def _one_of(factors: Sequence[Any], is_it: Callable[[Any], bool]) -> tuple[Any, Basic] | None:
    """The first factor that is so, and the product of the others."""
    i = next((i for i, factor in enumerate(factors) if is_it(factor)), None)
    return None if i is None else (factors[i], entry_product(*factors[:i], *factors[i + 1 :]))


def _is_column(node: Basic) -> bool:
    return isinstance(node, OneMatrix) and is_one(shape_of(node)[1])


def _scaled_rows(F: Any, *factors: Basic) -> Basic | None:
    def scales(factor: Any) -> bool:
        last: Any = factor.args[-1] if type(factor) is MatMul else None
        return type(last) is Transpose and _is_column(last.args[0])

    found = _one_of(factors, scales)
    return None if found is None else mul(diagonal(mul(*found[0].args[:-1])), found[1])


def _scaled_columns(F: Any, *factors: Basic) -> Basic | None:
    found = _one_of(factors, lambda factor: type(factor) is MatMul and _is_column(factor.args[0]))
    return None if found is None else mul(found[1], diagonal(transpose(mul(*found[0].args[1:]))))


def _with_identity(F: Any, *factors: Basic) -> Basic | None:
    found = _one_of(factors, lambda factor: isinstance(factor, Identity))
    return None if found is None else diagonal(diagonal_of(found[1]))


def _with_diagonal(F: Any, *factors: Basic) -> Basic | None:
    found = _one_of(factors, lambda factor: type(factor) is DiagonalMatrix)
    return None if found is None else diagonal(entry_product(found[0].args[0], diagonal_of(found[1])))


def _facts(known: Known, *factors: Basic) -> Facts:
    """Schur's product theorem, and that a square is not negative."""
    facts = [known(factor) for factor in factors]
    found = common((positive, nonnegative, symmetric, semidefinite), facts)
    if len(factors) == 2 and factors[0] is factors[1]:
        found |= {nonnegative}
    return found | definite.facts if all(f >= definite.facts for f in facts) else found


register(
    Operation(
        node=HadamardProduct,
        name="Hadamard product",
        infix="∘",
        commutative=True,
        signature="m×n, m×n -> m×n",
        shape=_same_shape,
        linear=Linear(push=_others, adjoint=_others, vec=_others_in_vec),
        equations=(
            Equation("scaled rows", "(y ones(n)') ∘ X = diag(y) X", "F", _scaled_rows, let="X: m×n"),
            Equation("scaled columns", "X ∘ (ones(m) x') = X diag(x)", "F", _scaled_columns, let="X: m×n"),
            Equation("diagonal part", "I_n ∘ X = diag(diag(X))", "F", _with_identity, let="X: n×n"),
            Equation("scaled diagonal part", "diag(x) ∘ X = diag(x ∘ diag(X))", "F", _with_diagonal),
            Equation(
                "transpose of a Hadamard product",
                "(A ∘ B)' = A' ∘ B'",
                "F'",
                lambda F, *factors: entry_product(*map(transpose, factors)),
            ),
        ),
        facts=_facts,
        iff=((nonzero, each(nonzero)),),
        latex=r"\odot",
        aliases=(r"\circ",),
        value=lambda xp, *factors: reduce(operator.mul, factors),
        reference="Magnus & Neudecker, ch. 8, (15)",
    )
)
register(
    Operation(
        node=HadamardQuotient,
        name="Hadamard quotient",
        infix="./",
        signature="m×n, m×n -> m×n",
        linear=(
            Linear(
                push=lambda F, i, E: entry_quotient(E, F.args[1]),
                adjoint=lambda F, i, G: entry_quotient(G, F.args[1]),
                vec=lambda F, i: diagonal(entry_quotient(number(1), vec(F.args[1]))),
            ),
        ),
        differential=(None, lambda F, A, B, dB: neg(entry_quotient(entry_product(F, dB), B))),
        equations=(
            Equation(
                "transpose of a Hadamard quotient",
                "(A ./ B)' = A' ./ B'",
                "F'",
                lambda F, A, B: entry_quotient(transpose(A), transpose(B)),
            ),
        ),
        identity=lambda F, A, B: (entry_product(F, B), A),
        value=lambda xp, A, B: A / B,
        elementwise=True,
        text="{A~} ./ {B~}",
        latex=r"{A~} \oslash {B~}",
        condition=nonzero("B"),
        facts=shared(positive, nonnegative, nonzero, symmetric),
        reference="Magnus & Neudecker, ch. 8, (15)",
    )
)
