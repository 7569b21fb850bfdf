"""The triangles in which a matrix is known to lie: a lower triangular one in the lower, a diagonal one in both.

Sums, products, powers and inverses of such matrices lie there too (Magnus & Neudecker, ch. 1, sec. 6).
"""

from __future__ import annotations

from sympy import Basic, Identity, Inverse, MatAdd, MatMul, MatPow, Transpose

from symmat.core.constructors import shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.operation import find_operation
from symmat.core.properties import properties
from symmat.core.walks import children, fold

LOWER, UPPER = frozenset(("lower",)), frozenset(("upper",))
BOTH, NONE = LOWER | UPPER, frozenset[str]()
_DECLARED = {
    "diagonal": BOTH,
    **dict.fromkeys(("lower", "unit lower", "strictly lower"), LOWER),
    **dict.fromkeys(("upper", "unit upper", "strictly upper"), UPPER),
}
_CLOSED = (MatAdd, MatMul, MatPow, Inverse, *DEFINITIONS)


@fold
def triangles(node: Basic, operands: list[frozenset[str]]) -> frozenset[str]:
    """The triangles in which a matrix lies, by the properties of its symbols and by its records."""
    if not shape_of(node):
        return NONE
    inside = [known for known, a in zip(operands, children(node), strict=True) if shape_of(a)]
    if isinstance(node, Identity):
        return BOTH
    if isinstance(node, Transpose):
        [triangle] = inside
        return triangle if len(triangle) != 1 else BOTH - triangle
    if type(node) in _CLOSED:
        return BOTH.intersection(*inside)
    record = find_operation(type(node))
    if record is not None:
        return record.triangle
    return next((_DECLARED[p] for p in properties(node) if p in _DECLARED), NONE)
