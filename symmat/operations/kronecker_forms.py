"""Products and sums of Kronecker products in Kronecker form (Magnus & Neudecker, ch. 2, (4) to (6))."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic, Identity, KroneckerProduct, MatMul, Transpose

from symmat.expressions.constructors import add, is_one, mul, shape_of, transpose
from symmat.expressions.normal import normal, normalizer
from symmat.operations.kronecker import Vec, kron


def kron_product(left: Basic, right: Basic) -> Basic:
    """left right, by (A ⊗ B)(C ⊗ D) = (A C) ⊗ (B D), where an operand I or a side of 1 allows it."""
    if type(left) is MatMul and not shape_of(left.args[0]):  # scalars in front
        scalars = [a for a in left.args if not shape_of(a)]
        return mul(*scalars, kron_product(mul(*(a for a in left.args if shape_of(a))), right))
    left, right = _as_kron(left), _as_kron(right)
    if type(left) is type(right) is KroneckerProduct:
        (A, B), (C, D) = left.args, right.args
        if shape_of(A)[1] == shape_of(C)[0] and shape_of(B)[1] == shape_of(D)[0]:
            return kron(_times(A, C), _times(B, D))
    if type(right) is KroneckerProduct and isinstance(right.args[1], Identity) and is_one(shape_of(right.args[0])[0]):
        return kron(right.args[0], left)  # A (c' ⊗ I) = c' ⊗ A
    if type(left) is KroneckerProduct and isinstance(left.args[1], Identity) and is_one(shape_of(left.args[0])[1]):
        return kron(left.args[0], right)  # (c ⊗ I) A = c ⊗ A
    return mul(left, right)


def kron_sum(terms: Sequence[Basic]) -> Basic:
    """The sum, by A ⊗ B + A ⊗ C = A ⊗ (B + C) where all terms share a side."""
    pairs = [(term.args[:-1], term.args[-1]) if type(term) is MatMul else ((), term) for term in map(flat, terms)]
    if all(type(K) is KroneckerProduct and not any(map(shape_of, front)) for front, K in pairs):
        for side in (0, 1):
            shared = normal(pairs[0][1].args[side])
            if all(normal(K.args[side]) is shared for _, K in pairs):
                others = normalizer().collected(add(*(mul(*front, K.args[1 - side]) for front, K in pairs)))
                return kron(shared, others) if side == 0 else kron(others, shared)
    return add(*terms)


def _times(left: Basic, right: Basic) -> Basic:
    return right if isinstance(left, Identity) else left if isinstance(right, Identity) else mul(left, right)


def _as_kron(node: Basic) -> Basic:
    """vec(a b') = b ⊗ a, so that the column of a row of such vecs has a Kronecker form."""
    if type(node) is Transpose:
        inner = _as_kron(node.args[0])
        return kron(*map(transpose, inner.args)) if type(inner) is KroneckerProduct else node
    if type(node) is Vec and type(node.args[0]) is MatMul:
        factors = [a for a in node.args[0].args if shape_of(a)]
        scalars = [a for a in node.args[0].args if not shape_of(a)]
        cut = next((i for i, a in enumerate(factors[:-1], 1) if is_one(shape_of(a)[1])), None)
        if cut is not None and not scalars:
            return kron(transpose(mul(*factors[cut:])), mul(*factors[:cut]))
    return node


def flat(node: Basic) -> Basic:
    """Scalars of nested products side by side: a (b A) is (a b) A."""
    if type(node) is MatMul and type(node.args[-1]) is MatMul and not any(map(shape_of, node.args[:-1])):
        inner = flat(node.args[-1])
        return mul(*node.args[:-1], *(inner.args if type(inner) is MatMul else (inner,)))
    return node
