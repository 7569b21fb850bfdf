"""Products, quotients and powers entry by entry (Magnus & Neudecker, ch. 3, sec. 6).

d(A ∘ B) = dA ∘ B + A ∘ dB, and vec(A ∘ E) = diag(vec A) vec E.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Basic, HadamardPower, HadamardProduct, Identity, MatMul, OneMatrix, Transpose

from symmat.core.constructors import is_one, make, mul, neg, number, ones, power, shape_of, transpose
from symmat.core.nodes import HadamardQuotient
from symmat.core.operation import Linear, Operation, register
from symmat.core.predicate import Facts, Known
from symmat.core.table import Shape
from symmat.errors import ShapeProblem
from symmat.facts.predicates import definite, nonnegative, nonzero, positive, semidefinite, symmetric
from symmat.facts.transfer import common, each, shared
from symmat.operations.diagonal import DiagonalMatrix, diagonal, diagonal_of
from symmat.operations.kronecker import vec
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


def _scaled_rows(F: Any) -> Basic | None:
    """(v 1') ∘ X = diag(v) X, and X ∘ (1 v') = X diag(v)."""
    for i, factor in enumerate(F.args):
        if type(factor) is not MatMul:
            continue
        rest = F.args[:i] + F.args[i + 1 :]
        first, last = factor.args[0], factor.args[-1]
        if type(last) is Transpose and isinstance(last.args[0], OneMatrix) and is_one(shape_of(last)[0]):
            return mul(diagonal(mul(*factor.args[:-1])), entry_product(*rest))
        if isinstance(first, OneMatrix) and is_one(shape_of(first)[1]):
            return mul(entry_product(*rest), diagonal(transpose(mul(*factor.args[1:]))))
    return None


def _of_diagonal(F: Any) -> Basic | None:
    """I ∘ X = diag(diag(X)), and diag(x) ∘ X = diag(x ∘ diag(X))."""
    i = next((i for i, factor in enumerate(F.args) if isinstance(factor, Identity | DiagonalMatrix)), None)
    if i is None:
        return None
    entries = diagonal_of(entry_product(*F.args[:i], *F.args[i + 1 :]))
    return diagonal(entries if isinstance(F.args[i], Identity) else entry_product(F.args[i].args[0], entries))


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
        transpose=lambda F: entry_product(*map(transpose, F.args)),
        rules=(_scaled_rows, _of_diagonal),
        facts=_facts,
        iff=((nonzero, each(nonzero)),),
        latex=r"\odot",
        aliases=(r"\circ",),
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
        transpose=lambda F: entry_quotient(*map(transpose, F.args)),
        identity=lambda F, A, B: (entry_product(F, B), A),
        any_rank=True,
        numpy="{A} / {B}",
        elementwise=True,
        text="{A~} ./ {B~}",
        latex=r"{A~} \oslash {B~}",
        condition=nonzero("B"),
        facts=shared(positive, nonnegative, nonzero, symmetric),
        reference="Magnus & Neudecker, ch. 8, (15)",
    )
)
