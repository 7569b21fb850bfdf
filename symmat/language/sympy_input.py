"""What SymPy expressions and programs mean: every name in them is one that the notation can write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

from sympy import Basic, Dummy, Identity, MatrixSymbol, OneMatrix, Symbol, ZeroMatrix

from symmat.core.constructors import shape_of
from symmat.core.nodes import DEFINITIONS, Index, MatrixDifferential, ScalarDifferential, Variable
from symmat.core.table import ask
from symmat.core.walks import definitions_in, name_of, symbols
from symmat.errors import NameProblem
from symmat.language.declarations import SIZE
from symmat.language.foreign import adopt
from symmat.language.names import canonical, is_reserved, notation
from symmat.language.program import Program
from symmat.language.reader import Reading
from symmat.shapes import show_shape

OWN = (Index, MatrixDifferential, ScalarDifferential)


def read_sympy(given: Basic | Program) -> Reading:
    """What SymPy nodes mean.

    Raises NameProblem for names that cannot be written, and for two symbols of one name.
    """
    program = given if isinstance(given, Program) else Program(given)
    found, sizes = _symbols((program.expr, *program.definitions.values()))
    integers = frozenset(s.name for s in sizes)
    for letter in integers:
        if not SIZE.fullmatch(letter):
            raise NameProblem(f"{letter!r:.60} cannot stand for a size", "a size is a letter, with digits: n, n_1")
    names = {str(s.name): spelled(s) for s in found if not isinstance(s, OWN)}
    names |= {s.name[1:]: spelled(s)[1:] for s in found if isinstance(s, OWN)}
    names |= {name: spell(name) for name in program.definitions}
    known = _by_name([s for s in found if s.name not in program.definitions], names, integers)
    expr = program.joined(integers)
    definitions = {name_of(d): d for d in definitions_in(expr)}
    names |= {name: spell(name) for name in definitions}
    _refuse_taken(known, [canonical(name) for name in definitions])
    return Reading(
        expr=expr,
        definitions=definitions,
        symbols={canonical(names[str(s.name)]): s for s in symbols(expr) if not isinstance(s, OWN)},
        spelling={name: written for name, written in names.items() if name != written},
    )


def spelled(symbol: Basic) -> str:
    """The name of a symbol as the notation writes it; raises NameProblem where it cannot, or where it is no real."""
    name = str(symbol.name)
    if isinstance(symbol, Index):
        return name
    if isinstance(symbol, MatrixDifferential | ScalarDifferential):
        return "d" + spell(name[1:])
    written = spell(name)
    if isinstance(symbol, Symbol) and not symbol.is_commutative:
        raise NameProblem(
            f"{name} is a non-commutative symbol, which has no shape", f'write MatrixSymbol("{name}", n, n)'
        )
    if isinstance(symbol, Symbol) and symbol.is_real is False:
        raise NameProblem(f"{name} is not real, and everything is real here", f'write Symbol("{name}")')
    return written


def spell(name: str) -> str:
    """A name as the notation writes it; raises NameProblem where it has no such name."""
    written = notation(name)
    if written is None:
        raise NameProblem(f"{name!r:.60} is not a name", "a name is letters, with digits or a subscript: X, cov, x_1")
    if is_reserved(canonical(written)):
        raise NameProblem(f"{name} has a meaning in the notation", "give the symbol another name")
    return written


def _symbols(roots: Iterable[Basic]) -> tuple[list[Basic], list[Basic]]:
    """The symbols of foreign nodes, and those of them that are in sizes."""
    found: dict[Basic, None] = {}
    sizes: dict[Basic, None] = {}
    nodes = list(_nodes(roots))
    ask(len(nodes))
    for node in nodes:
        if isinstance(node, MatrixSymbol | Identity | OneMatrix | ZeroMatrix):
            letters = sorted((s for side in node.shape for s in side.free_symbols), key=str)
            sizes.update(dict.fromkeys(letters))
            found.update(dict.fromkeys(letters))
        if isinstance(node, MatrixSymbol | Symbol):
            found[node] = None
        if type(node) in DEFINITIONS:
            spell(name_of(node))
    return list(found), list(sizes)


def _nodes(roots: Iterable[Basic]) -> Iterator[Basic]:
    """Every node once, by identity: foreign nodes are not interned, and to compare them costs what they unfold to."""
    seen: set[int] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            stack.extend(() if isinstance(node, MatrixSymbol) else reversed(node.args))


def _by_name(found: Iterable[Basic], names: Mapping[str, str], integers: frozenset[str]) -> dict[str, Basic]:
    """Our symbols by name: what is called the same is one symbol, and dX has the shape of X."""
    known: dict[str, tuple[Basic, Basic]] = {}
    moved: dict[str, Basic] = {}
    for symbol in found:
        own = adopt(symbol, integers)
        if isinstance(symbol, MatrixDifferential | ScalarDifferential):
            moved[canonical(names[symbol.name[1:]])] = own
        elif not isinstance(symbol, Index):
            name = canonical(names[str(symbol.name)])
            other, before = known.setdefault(name, (symbol, own))
            if own is not before or (symbol != other and any(isinstance(s, Dummy) for s in (symbol, other))):
                _refuse_two(name, before, own)
    for name, direction in moved.items():
        own = known[name][1] if name in known else direction
        if shape_of(own) != shape_of(direction) or own.is_integer:
            _refuse_two(name, own, direction)
        known.setdefault(name, (direction, direction))
    return {name: own for name, (_, own) in known.items()}


def _refuse_taken(known: Mapping[str, Basic], definitions: Iterable[str]) -> None:
    """No definition has the name of a symbol, and nothing is called dX where there is an X."""
    for name in definitions:
        if name in known:
            raise NameProblem(f"{name} is a symbol and a definition", "give one of them another name")
    for name in (*known, *definitions):
        if name[0] == "d" and name[1:] in known:
            raise NameProblem(f"{name} is the differential of {name[1:]}", f"give {name} another name")


def _refuse_two(name: str, before: Basic, own: Basic) -> NoReturn:
    kinds = [described(symbol) for symbol in (before, own)]
    what = " and ".join(kinds) if kinds[0] != kinds[1] else f"{before.name} and {own.name}, both {kinds[0]}"
    raise NameProblem(f"two symbols are called {name}: {what}", "give one another name, or both one shape and one kind")


def described(symbol: Basic) -> str:
    """What a symbol of ours is: its shape and properties."""
    if isinstance(symbol, MatrixSymbol):
        properties = sorted(symbol.properties) if isinstance(symbol, Variable) else []
        return " ".join([show_shape(shape_of(symbol)), *properties])
    return "an integer" if symbol.is_integer else "a positive scalar" if symbol.is_positive else "a scalar"
