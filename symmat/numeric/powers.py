"""Powers made binary: X^200 as eight squarings and two products, before it is differentiated."""

from __future__ import annotations

from sympy import Basic, Integer, MatPow

from symmat.core.constructors import mul
from symmat.core.walks import folded, with_operands

LARGEST_PLAIN = 3
"""Up to this exponent a power is differentiated as it stands."""


def binary_powers(expr: Basic) -> Basic:
    """The same expression, its powers with a number above 3 for an exponent as shared squarings.

    The differential of X^k then costs O(log k) products, not k (Knuth, The Art of Computer Programming, sec. 4.6.3).
    """

    def rule(node: Basic, operands: list[Basic]) -> Basic:
        if type(node) is MatPow and isinstance(node.args[1], Integer) and node.args[1].p > LARGEST_PLAIN:
            return _power(operands[0], int(node.args[1].p))
        return with_operands(node, operands)

    return folded(rule, {}, expr)[expr]


def _power(base: Basic, exponent: int) -> Basic:
    factors = []
    while exponent:
        if exponent & 1:
            factors.append(base)
        exponent >>= 1
        if exponent:
            base = mul(base, base)
    return mul(*factors)
