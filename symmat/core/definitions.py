"""The definitions that an expression uses: with interning, the DAG is the program and they are its display."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic

from symmat.core.nodes import DEFINITIONS
from symmat.core.table import known, table
from symmat.core.walks import postorder


def definitions_in(root: Basic) -> Sequence[Basic]:
    """The definitions that an expression uses, each after those that it uses itself, the user's own first."""
    return _definitions(root) if table().has_definitions else ()


@known
def _definitions(root: Basic) -> Sequence[Basic]:
    found = [node for node in postorder(root) if type(node) in DEFINITIONS]
    return tuple(sorted(found, key=lambda node: bool(table().holes[node])))


def name_of(node: Basic) -> str:
    """The name of a definition."""
    return str(node.args[0])
