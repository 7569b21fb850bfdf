"""What must hold for a derivative to exist: collected from the records of the operations in F."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Basic

from symmat.expressions.nodes import Variable
from symmat.expressions.operation import find_operation
from symmat.expressions.walks import postorder

IMPLIED = {"{A} is invertible": {"invertible"}}
"""Conditions that a declared property of the operand grants."""


def conditions(F: Basic) -> Iterator[tuple[str, tuple[Basic, ...]]]:
    """Templates such as ``{A} is invertible``, each with the operands that fill it."""
    for node in postorder(F):
        record = find_operation(type(node))
        if record is None:
            continue
        template = record.condition if isinstance(record.condition, str) else record.condition(node)
        operand = node.args[0] if node.args else None
        granted = operand.properties if isinstance(operand, Variable) else frozenset()
        if template and not granted & IMPLIED.get(template, set()):
            yield template, node.args
