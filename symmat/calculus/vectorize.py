"""The Jacobian: vec F'(X)[dX] = J vec dX, by vec(A E B) = (B' ⊗ A) vec E along the linear slots.

Magnus & Neudecker, ch. 9: J = ∂ vec F / ∂ (vec X)'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Basic

from symmat.algebra.normal import normal, normalizer
from symmat.calculus.naming import names_after
from symmat.core.constructors import definition, finite_sum, hole, identity, mul, number, shape_of, transpose, zero
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.operation import operation
from symmat.core.pullback import pullback
from symmat.core.signature import size_product
from symmat.core.table import table
from symmat.core.walks import children, definitions_in, name_of, postorder, replace
from symmat.errors import UnsupportedProblem
from symmat.operations.kronecker_forms import kron_product, kron_sum
from symmat.operations.vec import vec

Matrices = dict[Basic, Basic | None]
"""M with vec L = M vec E, by L; None is the identity."""


def vec_matrix(L: Basic, E: Basic, tangent: Callable[[Basic], Basic] = lambda g: g, named: bool = False) -> Basic:
    """The matrix M with vec L = M vec E, for an expression L that is linear in E.

    The gradients of scalars in L may be projected onto the ``tangent`` space that E lies in.  ``named`` makes the
    matrix of a definition dS a definition J_S, so that the Jacobian of a program is a program.
    """
    holes = table().holes
    if E not in holes[L] and E is not L:
        return zero((size_product(*shape_of(L)), size_product(*shape_of(E))))
    matrices: Matrices = {E: None}
    places: dict[Basic, Basic] = {}  # what stands for a definition in those after it
    moving = [node for node in definitions_in(L) if E in holes[node]] if named else []
    for node, name in names_after("J", {node: name_of(node)[1:] for node in moving}, (L,)).items():
        place = hole(shape_of(node), name)
        body = _matrix(replace(children(node)[0], places), E, matrices, tangent)
        matrices[place] = definition(name, normalizer().collected(body))
        places[node] = place
    return _matrix(replace(L, places), E, matrices, tangent)


def _matrix(L: Basic, E: Basic, places: Matrices, tangent: Callable[[Basic], Basic]) -> Basic:
    """The matrix M with vec L = M vec E, given those of all places that L is linear in."""
    holes = table().holes
    matrix = dict(places)
    moves = {node: bool(holes[node] & places.keys()) for node in postorder(L)}
    for node in [n for n in moves if moves[n] and n not in places and not shape_of(n)]:
        matrix[node] = _row(node, E, places, tangent)
    for node in postorder(L, skip=lambda n: n in matrix or not moves[n]):
        moving = [(i, a) for i, a in enumerate(children(node)) if a in matrix]
        if type(node) in DEFINITIONS:
            matrix[node] = matrix[node.args[1]]
        elif type(node) in SUMS:
            inner = matrix[node.args[0]]
            body = _identity_on(E) if inner is None else inner
            matrix[node] = finite_sum(body, *node.args[1:])
        else:
            matrix[node] = _sum([_compose(node, i, matrix[a]) for i, a in moving], E)
    result = matrix[L]
    return _identity_on(E) if result is None else result


def _row(scalar: Basic, E: Basic, places: Matrices, tangent: Callable[[Basic], Basic]) -> Basic | None:
    """⟨g, E⟩ is (vec g)' vec E."""
    moving = [place for place in places if place in table().holes[scalar]]
    rows: list[Basic | None] = []
    for place, gradient in zip(moving, pullback(scalar, number(1), moving), strict=True):
        if gradient is not None:
            inner, own = places[place], normal(tangent(gradient) if place is E else gradient)
            row = transpose(vec(own)) if shape_of(own) else own
            rows.append(row if inner is None else kron_product(row, inner) if shape_of(own) else mul(row, inner))
    return _sum(rows, E) if rows else None


def _sum(terms: Sequence[Basic | None], E: Basic) -> Basic | None:
    return terms[0] if len(terms) == 1 else kron_sum([_identity_on(E) if t is None else t for t in terms])


def _compose(node: Basic, i: int, inner: Basic | None) -> Basic | None:
    slot = operation(type(node)).slot(i)
    if slot is None:
        raise UnsupportedProblem(f"the Jacobian through {operation(type(node)).name} is not supported yet")
    own = slot.vec(node, i)
    return inner if own is None else own if inner is None else kron_product(own, inner)


def _identity_on(E: Basic) -> Basic:
    shape = shape_of(E)
    return identity(size_product(*shape) if shape else size_product())
