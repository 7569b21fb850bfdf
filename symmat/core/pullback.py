"""The pullback: ⟨G, F'(X)[dX]⟩ = ⟨F'(X)*[G], dX⟩, node by node from the result to the variables.

One record at a time is linearized, and its linear expression transposed by the same walk over linear slots; cotangents
add up at shared nodes, so the cost is linear in the program (Griewank & Walther, Evaluating Derivatives, ch. 3.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Basic

from symmat.core.constructors import add, finite_sum, hole, mul, number, shape_of
from symmat.core.differential import counted, names_of_values
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.operation import operation
from symmat.core.sums import apart
from symmat.core.table import table
from symmat.core.walks import children, occurs, postorder
from symmat.errors import RecordProblem


def pullback(
    F: Basic, G: Basic, variables: Sequence[Basic], name: Callable[[Basic, Basic], Basic] = lambda S, g: g
) -> list[Basic | None]:
    """F'(X)*[G] for each variable; None is a structural zero.

    ``name(S, g)`` is the cotangent g of a definition S, as a definition of its own where it is to be one: the gradient
    of a program is a program then.
    """
    depends = occurs(F, frozenset(variables))
    return _pull(F, G, variables, depends.__getitem__, name)


def _pull(
    F: Basic,
    G: Basic,
    variables: Sequence[Basic],
    depends: Callable[[Basic], bool],
    name: Callable[[Basic, Basic], Basic] = lambda S, g: g,
) -> list[Basic | None]:
    place, called = _places(F, depends), names_of_values(F)
    cotangents: dict[Basic, list[tuple[int, Basic]]] = {F: [(0, G)]}

    def send(operand: Basic, at: int, g: Basic) -> None:
        cotangents.setdefault(operand, []).append((at, g))

    def received(node: Basic) -> Basic:
        return add(*(g for _, g in sorted(cotangents[node], key=lambda pair: pair[0])))

    for node in reversed(list(postorder(F, skip=lambda n: not depends(n)))):
        if node in variables or node not in cotangents:
            continue
        g = received(node)
        if type(node) in DEFINITIONS:
            send(node.args[1], 0, name(node, g))
        elif type(node) in SUMS:
            body, *range_ = apart(node, g).args
            within = depends if body is node.args[0] else occurs(body, frozenset(variables)).__getitem__
            for variable, inner in zip(variables, _pull(body, g, variables, within, name), strict=True):
                if inner is not None:
                    send(variable, place[node, 0], finite_sum(inner, *range_))
        else:
            times = counted(node, operation(type(node)))
            for i, operand in enumerate(children(node)):
                pulled = _pull_slot(node, i, g, called.get(node)) if depends(operand) and times[i] else None
                if pulled is not None:
                    send(operand, place[node, i], pulled if times[i] == 1 else mul(number(times[i]), pulled))
    return [received(v) if v in cotangents else None for v in variables]


def _places(F: Basic, depends: Callable[[Basic], bool]) -> dict[tuple[Basic, int], int]:
    """Where each operand of each operation is met when F is read from left to right: the order of the terms."""
    place: dict[tuple[Basic, int], int] = {}
    stack = [(F, i) for i in reversed(range(len(children(F))))]
    seen = {F}
    while stack:
        node, i = stack.pop()
        place[node, i] = len(place)
        operand = children(node)[i]
        if operand not in seen and depends(operand):
            seen.add(operand)
            stack.extend((operand, j) for j in reversed(range(len(children(operand)))))
    return place


def _pull_slot(node: Basic, i: int, g: Basic, value: Basic | None) -> Basic | None:
    """The adjoint of one node in one argument."""
    record, operand = operation(type(node)), node.args[i]
    slot = record.slot(i)
    if slot is not None:
        return record.applied(slot.adjoint, i, operand, node, i, g)
    E = hole(shape_of(operand))
    holes = table().holes
    pushed = record.push(node, i, E, value)
    if pushed is None:
        return None
    [pulled] = _pull(pushed, g, (E,), lambda n: E in holes[n])
    if pulled is None:
        raise RecordProblem(f"the differential of {record.name} in argument {i + 1} does not depend on its direction")
    return pulled
