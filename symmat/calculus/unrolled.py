"""An expression in sums and products as far as it can be: finite sums term by term, even powers as those of squares."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic, HadamardPower, Integer, MatPow, Pow

from symmat.algebra.normal import normal
from symmat.core.constructors import add, make, number, power, shape_of, zero
from symmat.core.nodes import SUMS
from symmat.core.operation import composite
from symmat.core.sums import at_index, free_indices
from symmat.core.walks import occurs, postorder, replace

LONGEST_SUM = 64
"""A finite sum of more terms stays as it is."""
POWERS = (MatPow, Pow, HadamardPower)


def with_squares(F: Basic) -> Basic:
    """Even powers of what has a square as powers of that: ‖X‖⁴ is (‖X‖²)²."""
    swap = {}
    for node in postorder(F):
        squared = composite(2, type(node.args[0])) if type(node) is Pow else None
        if squared and isinstance(node.args[1], Integer) and node.args[1].p % 2 == 0:
            swap[node] = power(make(squared, *node.args[0].args), number(int(node.args[1].p) // 2))
    return replace(F, swap) if swap else F


def unrolled(F: Basic, variables: frozenset[Basic]) -> Basic:
    """The finite sums with numbers for bounds written out, where their index counts what moves."""
    while True:
        depends = occurs(F, variables)
        sums = (node for node in postorder(F) if type(node) in SUMS and depends[node])
        swap = {n: _term_by_term(n) for n in sums if _count(n) <= LONGEST_SUM and _is_counted(n, depends)}
        if not swap:
            return F
        F = replace(F, swap)


def _ends(node: Basic) -> tuple[Basic, Basic]:
    return normal(node.args[2]), normal(node.args[3])


def _count(node: Basic) -> float:
    lower, upper = _ends(node)
    known = isinstance(lower, Integer) and isinstance(upper, Integer)
    return int(upper.p) - int(lower.p) + 1 if known else float("inf")


def _term_by_term(node: Basic) -> Basic:
    lower, upper = _ends(node)
    bodies = [at_index(node.args[0], node.args[1], number(i)) for i in range(int(lower.p), int(upper.p) + 1)]
    exponents = {n.args[1] for body in bodies for n in postorder(body) if type(n) in POWERS}
    known = {e: normal(e) for e in exponents if isinstance(normal(e), Integer)}
    return add(*(replace(body, known) for body in bodies)) if bodies else zero(shape_of(node))


def _is_counted(node: Basic, depends: Mapping[Basic, bool]) -> bool:
    """Whether the index of a sum is in an exponent, or in the bound of a sum inside."""
    counts = {**dict.fromkeys(POWERS, 1), **dict.fromkeys(SUMS, 2)}
    inside = (n for n in postorder(node.args[0]) if type(n) in counts and depends[n.args[0]])
    return any(node.args[1] in free_indices(count) for n in inside for count in n.args[counts[type(n)] :])
