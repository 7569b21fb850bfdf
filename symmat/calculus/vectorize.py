"""The Jacobian: vec F'(X)[dX] = J vec dX, by vec(A E B) = (B' ⊗ A) vec E along the linear slots.

Magnus & Neudecker, ch. 9: J = ∂ vec F / ∂ (vec X)'.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Basic

from symmat.calculus.pullback import pullback
from symmat.errors import UnsupportedProblem
from symmat.expressions.constructors import finite_sum, identity, number, shape_of, transpose, zero
from symmat.expressions.nodes import DEFINITIONS, SUMS
from symmat.expressions.normal import normal
from symmat.expressions.operation import operation
from symmat.expressions.signature import size_product
from symmat.expressions.table import table
from symmat.expressions.walks import children, postorder
from symmat.operations.kronecker import vec
from symmat.operations.kronecker_forms import kron_product, kron_sum


def vec_matrix(L: Basic, E: Basic, tangent: Callable[[Basic], Basic] = lambda g: g) -> Basic:
    """The matrix M with vec L = M vec E, for an expression L that is linear in E.

    The gradients of scalars in L may be projected onto the ``tangent`` space that E lies in.
    """
    holes = table().holes
    if E not in holes[L] and E is not L:
        return zero((size_product(*shape_of(L)), size_product(*shape_of(E))))
    matrix: dict[Basic, Basic | None] = {E: None}  # None is the identity
    scalars = {n for n in postorder(L) if not shape_of(n) and E in holes[n] and n is not E}
    for node in scalars:  # ⟨g, E⟩ is (vec g)' vec E
        [gradient] = pullback(node, number(1), [E])
        matrix[node] = None if gradient is None else transpose(vec(normal(tangent(gradient))))
    for node in postorder(L, skip=lambda n: n in matrix or E not in holes[n]):
        moving = [(i, a) for i, a in enumerate(children(node)) if a in matrix]
        if type(node) in DEFINITIONS:
            matrix[node] = matrix[node.args[1]]
        elif type(node) in SUMS:
            inner = matrix[node.args[0]]
            body = _identity_on(E) if inner is None else inner
            matrix[node] = finite_sum(body, *node.args[1:])
        else:
            parts = [_compose(node, i, matrix[a]) for i, a in moving]
            matrix[node] = (
                parts[0] if len(parts) == 1 else kron_sum([_identity_on(E) if p is None else p for p in parts])
            )
    result = matrix[L]
    return _identity_on(E) if result is None else result


def _compose(node: Basic, i: int, inner: Basic | None) -> Basic | None:
    slot = operation(type(node)).slot(i)
    if slot is None:
        raise UnsupportedProblem(f"the Jacobian through {operation(type(node)).name} is not supported yet")
    own = slot.vec(node, i)
    return inner if own is None else own if inner is None else kron_product(own, inner)


def _identity_on(E: Basic) -> Basic:
    shape = shape_of(E)
    return identity(size_product(*shape) if shape else size_product())
