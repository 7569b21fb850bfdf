"""Norms: d‖X‖ = tr(X'dX) / ‖X‖ for the Frobenius norm, and the derivatives of the others where they are smooth.

Watson, Characterization of the subdifferential of some matrix norms, 1992.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Basic

from symmat.core.constructors import inverse, is_one, make, mul, number, shape_of, trace, transpose
from symmat.core.nodes import ScalarOperation
from symmat.core.operation import Abbreviation, Equation, Operation, abbreviate, register
from symmat.facts.predicates import full_rank, nonnegative, nonzero, not_null, simple_largest
from symmat.facts.transfer import always, first
from symmat.operations.elementwise import apply
from symmat.operations.extrema import Largest
from symmat.operations.factorizations import LEFT, RIGHT
from symmat.operations.structure import part
from symmat.operations.sums import ColumnSums, RowSums, entry_sum


class Norm(ScalarOperation):
    """‖x‖, and the Frobenius norm ‖X‖ = √tr(X'X)."""


class SquaredNorm(ScalarOperation):
    """‖X‖² = tr(X'X)."""


class SpectralNorm(ScalarOperation):
    """‖X‖₂, the largest singular value."""


class NuclearNorm(ScalarOperation):
    """‖X‖_*, the sum of the singular values."""


def _bars(F: Any) -> str:
    return r"\left\| {A} \right\|" + ("" if is_one(shape_of(F.args[0])[1]) else "_F")


def _push_spectral(F: Any, X: Basic, dX: Basic) -> Basic:
    """u'dX v for the singular vectors of the largest singular value."""
    first = (number(1), number(1))
    u, v = (part(make(side, X), None, first) for side in (LEFT, RIGHT))
    return trace(mul(transpose(u), dX, v))


register(
    Operation(
        node=Norm,
        name="Frobenius norm",
        spelling="norm",
        signature="m×n -> scalar",
        differential=lambda F, X, dX: mul(inverse(F), trace(mul(transpose(X), dX))),
        value=lambda xp, A: xp.scipy.linalg.norm(A.reshape(-1)),  # of a vector it neither overflows nor vanishes
        text="||{A}||",
        latex=_bars,
        smooth=not_null("A"),
        facts=always(nonnegative),
        iff=((nonzero, first(not_null)),),
        reference="Petersen & Pedersen, The matrix cookbook, (129)",
    )
)
register(
    Operation(
        node=SquaredNorm,
        name="squared norm",
        signature="m×n -> scalar",
        differential=lambda F, X, dX: mul(number(2), trace(mul(transpose(X), dX))),
        composite=(2, Norm),
        equations=(
            Equation(
                "square of a norm", "||X||^2 / ||X|| = ||X||", "F", lambda F, X: mul(make(Norm, X), make(Norm, X))
            ),
        ),
        value=lambda xp, A: xp.sum(A**2),
        text="||{A}||^2",
        latex=lambda F: rf"{_bars(F)}^{{2}}",
        facts=always(nonnegative),
        iff=((nonzero, first(not_null)),),
        reference="Petersen & Pedersen, The matrix cookbook, (131)",
    )
)
register(
    Operation(
        node=SpectralNorm,
        name="spectral norm",
        spelling="norm2",
        signature="m×n -> scalar",
        differential=_push_spectral,
        value=lambda xp, A: xp.linalg.norm(A, 2),
        latex=r"\left\| {A} \right\|_2",
        smooth=simple_largest("A"),
        silent=True,
        facts=always(nonnegative),
        iff=((nonzero, first(not_null)),),
        reference="Watson 1992, sec. 3",
    )
)
register(
    Operation(
        node=NuclearNorm,
        name="nuclear norm",
        spelling="normnuc",
        signature="m×n -> scalar",
        differential=lambda F, X, dX: trace(mul(make(RIGHT, X), transpose(make(LEFT, X)), dX)),
        value=lambda xp, A: xp.linalg.norm(A, "nuc"),
        latex=r"\left\| {A} \right\|_*",
        smooth=full_rank("A"),
        silent=True,
        facts=always(nonnegative),
        iff=((nonzero, first(not_null)),),
        reference="Watson 1992, sec. 3",
    )
)
for spelling, signature, build in (
    ("norm1", "n×1 -> scalar", lambda x: entry_sum(apply(Abs, x))),
    ("norm1", "m×n -> scalar", lambda X: make(Largest, make(ColumnSums, apply(Abs, X)))),
    ("norm2", "n×1 -> scalar", lambda x: make(Norm, x)),
    ("norminf", "n×1 -> scalar", lambda x: make(Largest, apply(Abs, x))),
    ("norminf", "m×n -> scalar", lambda X: make(Largest, make(RowSums, apply(Abs, X)))),
    ("dot", "m×n, m×n -> scalar", lambda A, B: trace(mul(transpose(A), B))),
):
    abbreviate(Abbreviation(spelling, signature, build))
