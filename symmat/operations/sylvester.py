"""The Sylvester equation A X + X B = C (Bartels & Stewart 1972)."""

from __future__ import annotations

from typing import Any

from sympy import Basic

from symmat.core.constructors import add, identity, inverse, make, mul, neg, shape_of, transpose
from symmat.core.nodes import MatrixOperation
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.facts.predicates import no_common_eigenvalue
from symmat.operations.kronecker import kron


class Sylvester(MatrixOperation):
    """sylvester(A, B, C): the X of A X + X B = C."""


def sylvester(A: Basic, B: Basic, C: Basic) -> Basic:
    """The X of A X + X B = C."""
    return make(Sylvester, A, B, C)


def _matrix(F: Any, i: int) -> Basic:
    """(I ⊗ A + B' ⊗ I)⁻¹."""
    A, B, _ = F.args
    return inverse(add(kron(identity(shape_of(B)[0]), A), kron(transpose(B), identity(shape_of(A)[0]))))


register(
    Operation(
        node=Sylvester,
        name="Sylvester equation",
        spelling="sylvester",
        signature="m×m, n×n, m×n -> m×n",
        differential=(
            lambda F, A, B, C, dA: neg(sylvester(A, B, mul(dA, F))),
            lambda F, A, B, C, dB: neg(sylvester(A, B, mul(F, dB))),
        ),
        linear=(
            None,
            None,
            Linear(
                push=lambda F, i, E: sylvester(F.args[0], F.args[1], E),
                adjoint=lambda F, i, G: sylvester(transpose(F.args[0]), transpose(F.args[1]), G),
                vec=_matrix,
            ),
        ),
        equations=(
            Equation(
                "transpose of the Sylvester equation",
                "sylvester(A, B, C)' = sylvester(B', A', C')",
                "F'",
                lambda F, A, B, C: sylvester(transpose(B), transpose(A), transpose(C)),
                let="A: m×m; B: n×n; C: m×n",
            ),
        ),
        identity=lambda F, A, B, C: (add(mul(A, F), mul(F, B)), C),
        value=lambda xp, A, B, C: xp.scipy.linalg.solve_sylvester(A, B, C),
        condition=no_common_eigenvalue("A", "B"),
        reference="Horn & Johnson, Topics in matrix analysis, thm 4.4.6",
    )
)
