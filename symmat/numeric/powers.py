"""Powers made binary: X^200 as eight squarings and two products, before it is differentiated."""

from __future__ import annotations

from sympy import Basic, Integer, MatPow

from symmat.core.constructors import mul, rebuild
from symmat.core.walks import children, postorder

LARGEST_PLAIN = 3
"""Up to this exponent a power is differentiated as it stands."""


def binary_powers(expr: Basic) -> Basic:
    """The same expression, its powers with a number above 3 for an exponent as shared squarings.

    The differential of X^k then costs O(log k) products, not k (Knuth, The Art of Computer Programming, sec. 4.6.3).
    """
    done: dict[Basic, Basic] = {}
    for node in postorder(expr):
        args = children(node)
        new = [done[a] for a in args]
        if type(node) is MatPow and isinstance(args[1], Integer) and args[1].p > LARGEST_PLAIN:
            done[node] = _power(new[0], int(args[1].p))
        elif all(a is b for a, b in zip(args, new, strict=True)):
            done[node] = node
        else:
            done[node] = rebuild(node, new)
    return done[expr]


def _power(base: Basic, exponent: int) -> Basic:
    factors = []
    while exponent:
        if exponent & 1:
            factors.append(base)
        exponent >>= 1
        if exponent:
            base = mul(base, base)
    return mul(*factors)
