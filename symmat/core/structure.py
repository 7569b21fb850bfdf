"""What a matrix may be declared to be, and what that means: if X is symmetric, so is dX.

Differentials lie in the tangent space (Absil, Mahony & Sepulchre, Optimization algorithms on matrix manifolds, ch. 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Basic, MatrixSymbol

from symmat.core.operation import find_operation
from symmat.core.predicate import Facts
from symmat.registry import structures


@dataclass(frozen=True)
class Structure:
    """A set of matrices, by the word that declares it.

    ``tangent`` is the structure of their differentials, and ``project(X, G)`` the projection onto these: an open set
    has neither.  ``facts`` are true of all, ``sign`` is 1 where X' = X and -1 where X' = -X, ``draw(xp, A)`` makes one.
    """

    name: str
    facts: Facts = frozenset()
    tangent: str = ""
    sign: int = 0
    project: Callable[[Any, Basic], Basic] | None = None
    draw: Callable[[Any, Any], Any] | None = None


STRUCTURES: dict[str, Structure] = structures
FREE = Structure("")


def properties(node: Basic) -> frozenset[str]:
    """The properties of a symbol, declared ones or those of a differential, and of the values of an operation."""
    if isinstance(node, MatrixSymbol):
        return frozenset(map(str, node.args[3:]))
    record = find_operation(type(node))
    return frozenset((record.structure,)) if record is not None and record.structure else frozenset()


def structure(node: Basic) -> Structure:
    """The structure of a matrix; FREE where it may be anything in an open set."""
    return next((s for name in properties(node) if (s := STRUCTURES[name]).project), FREE)


def is_orthogonal(node: Basic) -> bool:
    """Whether X'X = I."""
    return "orthogonal" in properties(node)
