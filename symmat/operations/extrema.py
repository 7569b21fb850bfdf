"""The larger and the smaller of two numbers, entry by entry, and the largest and smallest entry.

max(A, B) = (A + B + |A - B|) / 2, so that d max(A, B) = (1 + sign(A - B))/2 ∘ dA + (1 - sign(A - B))/2 ∘ dB.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Basic, ZeroMatrix, sign

from symmat.core.constructors import add, make, mul, neg, number, trace, transpose
from symmat.core.nodes import MatrixOperation, ScalarOperation
from symmat.core.operation import Equation, Operation, Partial, register
from symmat.facts.predicates import different, single_largest, single_smallest
from symmat.operations.elementwise import apply, one
from symmat.operations.hadamard import entry_product


class Larger(ScalarOperation):
    """max(x, y), the larger of two numbers."""


class Smaller(ScalarOperation):
    """min(x, y), the smaller of two numbers."""


class EntrywiseLarger(MatrixOperation):
    """max(A, B), the larger of two matrices, entry by entry."""


class EntrywiseSmaller(MatrixOperation):
    """min(A, B), the smaller of two matrices, entry by entry."""


class Largest(ScalarOperation):
    """max(x), the largest entry of a vector."""


class Smallest(ScalarOperation):
    """min(x), the smallest entry of a vector."""


class ArgMax(MatrixOperation):
    """argmax(x): the unit vector of the place of the largest entry."""


def _share(side: int) -> Partial:
    """The share of an operand: (1 ± sign(A - B)) / 2."""

    def partial(F: Any, A: Basic, B: Basic, E: Basic) -> Basic:
        difference = apply(sign, add(A, neg(B)))
        share = add(one(A), difference if side > 0 else neg(difference))
        return mul(number(Fraction(1, 2)), entry_product(share, E))

    return partial


def _sign_of_positive(F: Any, A: Basic, B: Basic) -> Basic | None:
    entries = B if isinstance(A, ZeroMatrix) else A if isinstance(B, ZeroMatrix) else None
    return None if entries is None else entry_product(F, apply(sign, entries))


_SIGN = Equation("sign of the larger of 0", "sign.(X) ∘ max.(0, X) = max.(0, X)", _sign_of_positive, lambda F, A, B: F)


for word, (larger, entries, value) in {
    "max": (Larger, EntrywiseLarger, lambda xp, A, B: xp.maximum(A, B)),
    "min": (Smaller, EntrywiseSmaller, lambda xp, A, B: xp.minimum(A, B)),
}.items():
    way = 1 if word == "max" else -1
    for node, signature in ((larger, "scalar, scalar -> scalar"), (entries, "m×n, m×n -> m×n")):
        register(
            Operation(
                node=node,
                name=word,
                spelling=word,
                signature=signature,
                differential=(_share(way), _share(-way)),
                elementwise=True,
                equations=(_SIGN,) if node is EntrywiseLarger else (),
                value=value,
                latex=rf"\{word}",
                smooth=different("A", "B"),
                silent=True,
                reference="Clarke, Optimization and nonsmooth analysis, prop. 2.3.12",
            )
        )
register(
    Operation(
        node=Largest,
        name="largest entry",
        spelling="max",
        signature="n×1 -> scalar",
        differential=lambda F, x, dx: trace(mul(transpose(make(ArgMax, x)), dx)),
        value=lambda xp, A: xp.max(A),
        latex=r"\max",
        smooth=single_largest("A"),
        silent=True,
        reference="Clarke, Optimization and nonsmooth analysis, prop. 2.3.12",
    )
)
register(
    Operation(
        node=Smallest,
        name="smallest entry",
        spelling="min",
        signature="n×1 -> scalar",
        differential=lambda F, x, dx: trace(mul(transpose(make(ArgMax, neg(x))), dx)),
        value=lambda xp, A: xp.min(A),
        latex=r"\min",
        smooth=single_smallest("A"),
        silent=True,
        reference="Clarke, Optimization and nonsmooth analysis, prop. 2.3.12",
    )
)
register(
    Operation(
        node=ArgMax,
        name="place of the largest entry",
        spelling="argmax",
        signature="n×1 -> n×1",
        differential=lambda F, x, dx: None,
        value=lambda xp, A: xp.eye(A.shape[0])[xp.argmax(A)],
        smooth=single_largest("A"),
        silent=True,
        reference="Clarke, Optimization and nonsmooth analysis, prop. 2.3.12",
    )
)
