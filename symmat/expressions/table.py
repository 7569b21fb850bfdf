"""Interning: within one public call, equal nodes are one object.

Equality, shape and hash of a shared DAG then cost what the DAG costs, not what the tree that it unfolds to would
(Filliâtre & Conchon, Type-safe modular hash-consing, 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sympy import Add, Basic, Mul, Pow

Shape = tuple[Basic, ...]
"""``(rows, columns)`` of a matrix, ``()`` for a scalar."""

NO_HOLES: frozenset[Basic] = frozenset()
_FLAGGED = (Add, Mul, Pow)


class Table:
    """The nodes of one public call, with what every walk asks of them.

    ``shape`` is the shape of each node, and ``holes`` the differentials and cotangents that it is made of: what the
    calculus put there, as against what the user wrote.  ``has_indices`` says whether a finite sum was ever built.
    """

    __slots__ = ("has_indices", "holes", "memos", "nodes", "shape")

    def __init__(self) -> None:
        self.nodes: dict[tuple[object, ...], Basic] = {}
        self.shape: dict[Basic, Shape] = {}
        self.holes: dict[Basic, frozenset[Basic]] = {}
        self.has_indices = False
        self.memos: dict[str, dict[Any, Any]] = {}

    def add(self, key: tuple[object, ...], node: Basic, shape: Shape, holes: frozenset[Basic]) -> Basic:
        hash(node)  # cached from the children's cached hashes, so that no later hash recurses
        self.nodes[key] = node
        self.shape[node] = shape
        self.holes[node] = holes
        return node

    def memo(self, name: str) -> dict[Any, Any]:
        return self.memos.setdefault(name, {})


_current: ContextVar[Table] = ContextVar("symmat_table")


def table() -> Table:
    """The table in use."""
    try:
        return _current.get()
    except LookupError:
        raise RuntimeError("nodes are built inside `with interning():`") from None


@contextmanager
def interning(given: Table | None = None) -> Iterator[Table]:
    """Use ``given``, or a new table, for the nodes built inside the block."""
    token = _current.set(Table() if given is None else given)
    try:
        yield _current.get()
    finally:
        _current.reset(token)


@contextmanager
def some_table() -> Iterator[Table]:
    """The table in use, or a new one: for what SymPy asks of a node after the public call that made it."""
    if _current.get(None) is not None:
        yield _current.get()
    else:
        with interning() as new:
            yield new


def intern(cls: type[Basic], args: tuple[Basic, ...], shape: Shape) -> Basic:
    """The one node ``cls(*args)``, built raw: SymPy neither checks nor evaluates it."""
    current = table()
    key = (cls, *map(id, args))
    found = current.nodes.get(key)
    if found is not None:
        return found
    node = Basic.__new__(cls, *args)
    if cls in _FLAGGED:
        node.is_commutative = True  # the slot that SymPy's own constructors fill
    holes = current.holes
    inside = [h for h in (holes[a] for a in args) if h]
    return current.add(key, node, shape, frozenset().union(*inside) if inside else NO_HOLES)


def intern_atom(key: tuple[object, ...], build: Callable[[], Basic], shape: Shape, *, hole: bool = False) -> Basic:
    """The one atom under ``key``; a hole counts itself among its holes."""
    current = table()
    found = current.nodes.get(key)
    if found is None:
        node = build()
        found = current.add(key, node, shape, frozenset((node,)) if hole else NO_HOLES)
    return found
