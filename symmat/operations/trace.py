"""The trace: ⟨G, E⟩ = tr(G'E), so its adjoint is g ↦ g I."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Basic, KroneckerProduct, MatMul, Trace

from symmat.core.constructors import identity, is_one, mul, shape_of, trace, transpose
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.predicate import Condition, Facts, Known
from symmat.facts.predicates import definite, nonnegative, nonzero, not_null, semidefinite
from symmat.facts.transfer import congruence
from symmat.operations.diagonal import DiagonalMatrix
from symmat.operations.sums import entry_sum
from symmat.operations.vec import vec


def _adjoint(F: Any, i: int, G: Basic) -> Basic:
    size = shape_of(F.args[0])[0]
    return G if is_one(size) else mul(G, identity(size))


def _of_kron(F: Any, X: Basic) -> Basic | None:
    square = type(X) is KroneckerProduct and all(rows == cols for rows, cols in map(shape_of, X.args))
    return mul(*map(trace, X.args)) if square else None


def _facts(known: Known, A: Basic) -> Facts:
    found = {nonnegative} if known(A) & {nonnegative, semidefinite} else set()
    return frozenset(found | {nonzero} if known(A) >= {semidefinite, not_null} else found)


def _is_nonzero(known: Known, A: Basic) -> Sequence[Condition] | None:
    """x'S x ≠ 0 where x ≠ 0, if S is positive definite."""
    parts = congruence(A.args) if type(A) is MatMul else None
    if parts is None or len(parts[1]) != 1 or not all(known(M) >= definite.facts for M in parts[0]):
        return None
    return [not_null(*parts[1])]


register(
    Operation(
        node=Trace,
        name="trace",
        spelling="tr",
        aliases=("trace", "Tr", r"\tr", r"\Tr", r"\trace"),
        signature="n×n -> scalar",
        linear=Linear(
            push=lambda F, i, E: trace(E),
            adjoint=_adjoint,
            vec=lambda F, i: transpose(vec(identity(shape_of(F.args[0])[0]))),
        ),
        equations=(
            Equation(
                "trace of a Kronecker product",
                "tr(A ⊗ B) = tr(A) tr(B)",
                "F",
                _of_kron,
                let="A: m×m; B: n×n",
            ),
            Equation(
                "trace of a diagonal matrix",
                "tr(diag(x)) = sum(x)",
                "F",
                lambda F, X: entry_sum(X.args[0]) if type(X) is DiagonalMatrix else None,
            ),
        ),
        facts=_facts,
        iff=((nonzero, _is_nonzero),),
        value=lambda xp, A: xp.trace(A),
        reference="Magnus & Neudecker, ch. 8, (19)",
    )
)
