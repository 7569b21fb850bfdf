"""The differential: dF = F'(X)[dX], one push a node, operands first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sympy import Basic

from symmat.core.constructors import add, definition, mul, number, rebuild, shape_of, zero
from symmat.core.nodes import DEFINITIONS
from symmat.core.operation import Operation, operation
from symmat.core.table import known
from symmat.core.walks import children, definitions_in, postorder


def differential(F: Basic, directions: Mapping[Basic, Basic]) -> Basic | None:
    """dF, linear in the directions of the variables; None is a structural zero.

    The differential of a definition S is a definition dS, so that the derivative of a program is a program.
    """
    return _differential(F, *directions.items())


@known
def _differential(F: Basic, *directions: tuple[Basic, Basic]) -> Basic | None:
    return differentials(F, dict(directions))[F]


def differentials(F: Basic, directions: Mapping[Basic, Basic]) -> dict[Basic, Basic | None]:
    """The differentials of F and of all that it is made of."""
    d: dict[Basic, Basic | None] = dict(directions)
    named = names_of_values(F)
    for node in postorder(F, skip=d.__contains__):
        changes = [(i, E) for i, a in enumerate(children(node)) if (E := d[a]) is not None]
        if not changes:
            d[node] = None
        elif type(node) in DEFINITIONS:
            d[node] = definition("d" + node.args[0].name, changes[0][1])
        else:
            record = operation(type(node))
            if record.additive:
                moving = dict(changes)
                d[node] = rebuild(node, [moving.get(i) or still(a) for i, a in enumerate(node.args)])
                continue
            times = counted(node, record)
            pushed = [(record.push(node, i, E, named.get(node)), times[i]) for i, E in changes if times[i]]
            terms = [term if n == 1 else mul(number(n), term) for term, n in pushed if term is not None]
            d[node] = add(*terms) if terms else None
    return d


def counted(node: Basic, record: Operation) -> Sequence[int]:
    """For how many operands each operand stands: the first of equal factors for all, where their order is nothing."""
    operands = children(node)
    if not record.commutative:
        return [1] * len(operands)
    left = Counter(operands)
    return [left.pop(operand, 0) for operand in operands]


def names_of_values(F: Basic) -> dict[Basic, Basic]:
    """The definitions by what they define: the derivative of h = sigmoid(x) is h ∘ (1 - h)."""
    return {children(node)[0]: node for node in definitions_in(F)}


def still(operand: Basic) -> Basic:
    """The differential of an operand that does not move; what is no matrix is a count and stays."""
    return zero(shape_of(operand)) if shape_of(operand) else operand
