"""What must hold for a derivative to exist: collected from the records of the operations in F."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Basic

from symmat.expressions.operation import find_operation
from symmat.expressions.properties import INVERTIBLE, properties
from symmat.expressions.walks import postorder

POSITIVE_DEFINITE = frozenset(("spd",))
IMPLIED = {
    "{A} is invertible": INVERTIBLE,
    "det({A}) > 0": POSITIVE_DEFINITE,
    "{A} is positive definite": POSITIVE_DEFINITE,
    "the leading minors of {A} are not 0": POSITIVE_DEFINITE,
    "{A} has no eigenvalue on the negative real axis": POSITIVE_DEFINITE,
}
"""Conditions that a declared property of the operand grants."""


def conditions(F: Basic) -> Iterator[tuple[str, tuple[Basic, ...]]]:
    """Templates such as ``{A} is invertible``, each with the operands that fill it."""
    for node in postorder(F):
        record = find_operation(type(node))
        if record is None:
            continue
        template = record.condition if isinstance(record.condition, str) else record.condition(node)
        operand = node.args[0] if node.args else None
        granted = frozenset() if operand is None else properties(operand)
        if template and not granted & IMPLIED.get(template, frozenset()):
            yield template, node.args
