"""Interning: within one public call, equal nodes are one object.

Equality, shape and hash of a shared DAG then cost what the DAG costs, not what the tree that it unfolds to would
(Filliâtre & Conchon, Type-safe modular hash-consing, 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

from sympy import Add, Basic, Mul, Pow

from symmat.effort import BUILT, Effort, answering
from symmat.errors import too_deep

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Shape = tuple[Basic, ...]
"""``(rows, columns)`` of a matrix, ``()`` for a scalar."""
Memos = dict[Callable[..., Any], dict[Any, Any]]
"""The values of functions."""

NO_HOLES: frozenset[Basic] = frozenset()
FLAGGED = (Add, Mul, Pow)
"""What has a slot that SymPy's own constructors fill."""


class Table:
    """The nodes of one public call, with what every walk asks of them.

    ``shape`` is the shape of each node, and ``holes`` the differentials and cotangents that it is made of: what the
    calculus put there, as against what the user wrote.  ``has_indices`` says whether a finite sum was ever built, and
    ``has_definitions`` whether anything was named.  ``size`` is that of the question, ``effort`` the work of the
    answer.  ``memos`` are facts of nodes; what depends on what was asked before is ``learnt``, for one answer.
    """

    __slots__ = ("effort", "has_definitions", "has_indices", "holes", "memos", "nodes", "shape", "size")

    def __init__(self) -> None:
        self.nodes: dict[tuple[object, ...], Basic] = {}
        self.shape: dict[Basic, Shape] = {}
        self.holes: dict[Basic, frozenset[Basic]] = {}
        self.has_definitions = self.has_indices = False
        self.memos: Memos = {}
        self.size = 0
        self.effort = Effort()

    def add(self, key: tuple[object, ...], node: Basic, shape: Shape, holes: frozenset[Basic]) -> Basic:
        hash(node)  # cached from the children's cached hashes, so that no later hash recurses
        self.nodes[key] = node
        self.shape[node] = shape
        self.holes[node] = holes
        return node


_current: ContextVar[Table] = ContextVar("symmat_table")
_lessons: ContextVar[Memos] = ContextVar("symmat_lessons")


def table() -> Table:
    """The table in use."""
    try:
        return _current.get()
    except LookupError:
        raise RuntimeError("nodes are built inside `with interning():`") from None


@contextmanager
def interning(given: Table | None = None) -> Iterator[Table]:
    """Use ``given``, or a new table, for the nodes built inside the block, which is one answer."""
    current = Table() if given is None else given
    token = _current.set(current)
    try:
        with afresh(), answering() as effort:
            effort.allow(current.size)
            current.effort = effort
            yield current
    except RecursionError:
        raise too_deep() from None
    finally:
        _current.reset(token)


def ask(size: int) -> None:
    """A question of a size is about to be read, and answered in the table in use."""
    current = table()
    current.size += size
    with answering() as effort:
        effort.allow(current.size)


@contextmanager
def afresh(known: Memos | None = None) -> Iterator[None]:
    """An answer of its own: it knows what is ``known``, or nothing, and nothing else of what was asked before."""
    token = _lessons.set({} if known is None else known)
    try:
        yield
    finally:
        _lessons.reset(token)


def lessons() -> Memos:
    """All that was learnt on the way to this answer, such as the order in which symbols were met."""
    return _lessons.get()


def known(function: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
    """A function of nodes whose values are kept in the table."""
    return _kept(function, lambda: table().memos)


def learnt(function: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
    """A function whose values depend on what was asked before, and are kept for one answer."""
    return _kept(function, _lessons.get)


def _kept(function: Callable[[*Ts], T], memos: Callable[[], Memos]) -> Callable[[*Ts], T]:
    @wraps(function)
    def kept(*args: *Ts) -> T:
        values: dict[tuple[*Ts], T] = memos().setdefault(function, {})
        try:
            return values[args]  # nodes are slow to hash
        except KeyError:
            pass
        value = values[args] = function(*args)
        return value

    return kept


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
    current.effort.spend(BUILT)
    key = (cls, *map(id, args))
    found = current.nodes.get(key)
    if found is not None:
        return found
    node = Basic.__new__(cls, *args)
    if cls in FLAGGED:
        node.is_commutative = True
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
