"""Programs: definitions and an expression in them, for Python code and for what a text with definitions means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic

from symmat.core.constructors import definition, matrix_symbol, scalar_symbol, shape_of
from symmat.core.nodes import DEFINITIONS
from symmat.core.walks import children, name_of, postorder, replace, symbols
from symmat.errors import NameProblem, ShapeProblem, SyntaxProblem
from symmat.language.flat import Row, flatten, unflatten
from symmat.language.foreign import adopt
from symmat.shapes import show_shape


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

    def __post_init__(self) -> None:
        named = self.definitions.items() if isinstance(self.definitions, Mapping) else None
        if named is None or not all(isinstance(name, str) for name, _ in named):
            raise SyntaxProblem(
                "the definitions of a Program are SymPy expressions by name", 'Program(S, {"S": X.T*X})'
            )
        for part in (self.expr, *self.definitions.values()):
            if not isinstance(part, Basic):
                raise SyntaxProblem(
                    f"a Program is made of SymPy expressions, not {type(part).__name__}", "read text by sm.parse"
                )

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (list(self.definitions), *flatten([self.expr, *self.definitions.values()]))

    def joined(self, integers: Collection[str] = ()) -> Basic:
        """The expression with its definitions inside, as interned nodes; ``integers`` are names of dimensions."""
        known: dict[str, Basic] = {}

        def place(node: Basic, inside: str) -> Basic:
            own = adopt(node, integers)
            used = {}
            for symbol in symbols(own):
                if symbol.name in self.definitions:
                    used[symbol] = _defined(symbol, known, inside)
            return replace(own, used)

        for name, body in self.definitions.items():
            known[name] = definition(name, place(body, name))
        return place(self.expr, "")


def _again(names: Sequence[str], rows: Sequence[Row], roots: Sequence[int]) -> Program:
    expr, *bodies = unflatten(rows, roots)
    return Program(expr, dict(zip(names, bodies, strict=True)))


def _defined(symbol: Basic, known: Mapping[str, Basic], inside: str) -> Basic:
    """The definition that a symbol calls."""
    name = symbol.name
    if symbol.is_integer:
        raise NameProblem(f"{name} is an integer and a definition", "give the definition another name")
    if name == inside:
        raise NameProblem(f"the definition of {name} uses {name} itself")
    if name not in known:
        raise NameProblem(f"{name} is used before it is defined", "definitions stand in front")
    wanted, shape = shape_of(symbol), shape_of(known[name])
    if wanted != shape:
        raise ShapeProblem(f"{name} is {show_shape(shape)} by its definition and {show_shape(wanted)} where it is used")
    return known[name]


def split(root: Basic) -> Basic | Program:
    """The expression, or the Program if it has definitions: each becomes a symbol of its name."""
    found = [node for node in postorder(root) if type(node) in DEFINITIONS]
    if not found:
        return root
    names = {node: _symbol(node) for node in found}
    bodies = {name_of(node): replace(children(node)[0], names) for node in found}
    return Program(replace(root, names), bodies)


def _symbol(node: Basic) -> Basic:
    shape = shape_of(node)
    return matrix_symbol(name_of(node), *shape) if shape else scalar_symbol(name_of(node))
