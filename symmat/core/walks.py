"""Walks over the DAG: no recursion, so no expression is too deep; every node once, so none is too shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import TypeVar

from sympy import Basic, Identity, MatrixSymbol, NumberSymbol, OneMatrix, Rational, Symbol, ZeroMatrix

from symmat.core.constructors import rebuild
from symmat.core.nodes import DEFINITIONS, Index
from symmat.core.table import known, table
from symmat.effort import spend

V = TypeVar("V")
LEAVES = (MatrixSymbol, Symbol, Rational, NumberSymbol, Identity, OneMatrix, ZeroMatrix)

_FIRST_OPERAND: dict[type[Basic], int | None] = {}


def children(node: Basic) -> Sequence[Basic]:
    """The operands of a node: none of a symbol or a fixed matrix, the body of a definition."""
    cls = type(node)
    try:
        first = _FIRST_OPERAND[cls]
    except KeyError:
        first = None if issubclass(cls, LEAVES) else int(cls in DEFINITIONS)
        _FIRST_OPERAND[cls] = first
    args: Sequence[Basic] = node.args
    return () if first is None else args[first:] if first else args


def postorder(
    *roots: Basic,
    skip: Callable[[Basic], bool] | None = None,
    operands_of: Callable[[Basic], Sequence[Basic]] = children,
) -> Iterator[Basic]:
    """Every node below the roots once, operands before the operation; ``skip`` prunes."""
    seen: set[Basic] = set()
    stack: list[Basic | None] = list(reversed(roots))
    path: list[Basic] = []
    while stack:
        node = stack.pop()
        if node is None:  # the operands of the innermost open node are done
            yield path.pop()
        elif node not in seen and not (skip and skip(node)):
            seen.add(node)
            operands = operands_of(node)
            if operands:
                path.append(node)
                stack.append(None)
                stack.extend(reversed(operands))
            else:
                yield node
    spend(len(seen))


def folded(rule: Callable[[Basic, list[V]], V], found: dict[Basic, V], *roots: Basic) -> dict[Basic, V]:
    """What is ``found`` for nodes, and for all others by a rule for a node and what is found for its operands."""
    for node in postorder(*roots, skip=found.__contains__):
        found[node] = rule(node, [found[a] for a in children(node)])
    return found


def fold(rule: Callable[[Basic, list[V]], V]) -> Callable[[Basic], V]:
    """What is true of an expression, by a rule for a node and what is true of its operands; kept in the table."""

    @wraps(rule)
    def kept(root: Basic) -> V:
        found: dict[Basic, V] = table().memos.setdefault(rule, {})
        try:
            return found[root]  # nodes are slow to hash
        except KeyError:
            pass
        return folded(rule, found, root)[root]

    return kept


def symbols(*roots: Basic) -> tuple[Basic, ...]:
    """The symbols below the roots, dimensions included, in order of appearance."""
    found: dict[Basic, None] = {}
    for node in postorder(*roots):
        if isinstance(node, MatrixSymbol | Identity | OneMatrix | ZeroMatrix):
            for size in node.shape:
                letters = [size] if isinstance(size, Symbol) else sorted(size.free_symbols, key=str)
                found.update(dict.fromkeys(letters))
        if isinstance(node, MatrixSymbol) or (isinstance(node, Symbol) and not isinstance(node, Index)):
            found[node] = None
    return tuple(found)


def replace(root: Basic, swap: Mapping[Basic, Basic]) -> Basic:
    """The expression with nodes exchanged for others of their shape."""
    return folded(with_operands, dict(swap), root)[root] if swap else root


def with_operands(node: Basic, operands: Sequence[Basic]) -> Basic:
    """The same operation on other operands."""
    same = all(a is b for a, b in zip(children(node), operands, strict=True))
    return node if same else rebuild(node, operands)


def occurs(root: Basic, wanted: frozenset[Basic]) -> dict[Basic, bool]:
    """For every node below the root, whether it depends on one of the ``wanted`` symbols."""
    return folded(lambda node, operands: node in wanted or any(operands), {}, root)


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
