"""Programs: definitions and an expression in them, for Python code and for what a text with definitions means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Basic, MatrixSymbol, Symbol

from symmat.errors import NameProblem
from symmat.expressions.constructors import (
    definition,
    matrix_symbol,
    scalar_symbol,
    shape_of,
)
from symmat.expressions.foreign import adopt
from symmat.expressions.nodes import DEFINITIONS
from symmat.expressions.table import table
from symmat.expressions.walks import children, postorder, replace


@dataclass(frozen=True)
class Program:
    """``S = X'X + λ I; tr(S^-1 B)``: definitions by name, in order, and an expression in them.

    Later expressions call a definition by a symbol of its name: a MatrixSymbol of its shape, or a Symbol.  What is
    shared is written once, and costs once.

    >>> from sympy import MatrixSymbol, Trace
    >>> X, S = MatrixSymbol("X", 3, 3), MatrixSymbol("S", 3, 3)
    >>> Program(Trace(S * S), {"S": X.T * X}).definitions["S"]
    X.T*X
    """

    expr: Basic
    definitions: Mapping[str, Basic] = field(default_factory=dict)

    def joined(self) -> Basic:
        """The expression with its definitions inside, as interned nodes."""
        known: dict[Basic, Basic] = {}

        def place(node: Basic) -> Basic:
            own = adopt(node)
            used = {n: known[n] for n in postorder(own) if n in known}
            return replace(own, used)

        for name, body in self.definitions.items():
            node = definition(name, place(body))
            if any(s.name == name for s in postorder(node) if isinstance(s, MatrixSymbol | Symbol)):
                raise NameProblem(f"the definition of {name} uses {name} itself")
            known[_symbol(node)] = node
            real = Symbol(name)
            if not shape_of(node):
                known[adopt(real)] = node
        return place(self.expr)


def split(root: Basic) -> Basic | Program:
    """The expression, or the Program if it has definitions: each becomes a symbol of its name."""
    found = [node for node in postorder(root) if type(node) in DEFINITIONS]
    if not found:
        return root
    names = {node: _symbol(node) for node in found}
    bodies = {name_of(node): replace(children(node)[0], names) for node in found}
    return Program(replace(root, names), bodies)


def definitions_in(root: Basic) -> list[Basic]:
    """The definitions that an expression uses, each after those that it uses itself, the user's own first."""
    found = [node for node in postorder(root) if type(node) in DEFINITIONS]
    return sorted(found, key=lambda node: bool(table().holes[node]))


def name_of(node: Basic) -> str:
    """The name of a definition."""
    return str(node.args[0])


def _symbol(node: Basic) -> Basic:
    shape = shape_of(node)
    return matrix_symbol(name_of(node), *shape) if shape else scalar_symbol(name_of(node))
