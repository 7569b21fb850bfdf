"""Products and sums of Kronecker products in Kronecker form (Magnus & Neudecker, ch. 2, (4) to (6))."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from sympy import Basic, HadamardProduct, Identity, KroneckerProduct, MatAdd, MatMul, Transpose

from symmat.algebra.normal import normal, normalizer
from symmat.core.constructors import add, identity, is_one, make, mul, shape_of, transpose
from symmat.core.nodes import FiniteSum
from symmat.operations.diagonal import DiagonalMatrix, diagonal, diagonal_of, selection
from symmat.operations.kronecker import kron
from symmat.operations.vec import Vec


def kron_product(left: Basic, right: Basic) -> Basic:
    """left right, by (A ⊗ B)(C ⊗ D) = (A C) ⊗ (B D), where an operand I or a side of 1 allows it."""
    selected = _selected(left, right)
    if selected is not None:
        return selected
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


def _selected(left: Basic, right: Basic) -> Basic | None:
    """left right with S'(A ⊗ B) S = A ∘ B, S'vec A = diag(A) and S'S = I, where S x is vec diag(x); None without these.

    Magnus & Neudecker, ch. 3, sec. 7.
    """
    front = [*_factors(left)]
    factors = [*front, *islice(_factors(right), 2)]
    for i in range(len(front)):
        if not (type(factors[i]) is Transpose and _is_selection(factors[i].args[0])):
            continue
        for end, middle in _behind(factors[i + 1 : i + 3]):
            if middle is not None:
                return mul(*factors[:i], middle, *factors[i + 1 + end :], *islice(_factors(right), 2, None))
    return None


def _behind(factors: list[Basic]) -> Iterator[tuple[int, Basic | None]]:
    """How many factors behind S' become one with it, and what."""
    if factors and _is_selection(factors[0]):
        yield 1, identity(shape_of(factors[0])[1])
    if factors and type(factors[0]) is Vec:
        yield 1, diagonal_of(factors[0].args[0])
    if len(factors) > 1 and _is_selection(factors[1]):
        yield 2, _entrywise(factors[0])


def _is_selection(node: Basic) -> bool:
    return type(node) is FiniteSum and node is selection(shape_of(node)[1])


def _factors(root: Basic) -> Iterator[Basic]:
    """The factors of a product of products."""
    stack = [root]
    while stack:
        node = stack.pop()
        if type(node) is MatMul:
            stack += reversed(node.args)
        else:
            yield node


def _entrywise(node: Basic) -> Basic | None:
    """A ∘ B for A ⊗ B, and so for each term of a sum; diag(diag(W)) for diag(vec W)."""
    if type(node) is MatAdd:
        terms = [_entrywise(term) for term in node.args]
        found = [term for term in terms if term is not None]
        return add(*found) if len(found) == len(terms) else None
    *scalars, matrix = _factors(node)
    if any(map(shape_of, scalars)):
        return None
    if type(matrix) is DiagonalMatrix and type(matrix.args[0]) is Vec:
        return mul(*scalars, diagonal(diagonal_of(matrix.args[0].args[0])))
    square = type(matrix) is KroneckerProduct and shape_of(matrix.args[0]) == shape_of(matrix.args[1])
    return mul(*scalars, make(HadamardProduct, *matrix.args)) if square else None


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
