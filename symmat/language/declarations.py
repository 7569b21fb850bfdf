"""Declarations: ``X: n×n invertible; A, B: m×n; x: n; c: scalar; k: integer``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Basic, MatrixSymbol, Symbol

from symmat.errors import NameProblem, Place, SyntaxProblem, UnsupportedProblem
from symmat.expressions.nodes import MatrixDifferential, ScalarDifferential, Variable
from symmat.language.characters import clean
from symmat.language.names import LETTER, SUBSCRIPT, canonical, kind_of

KINDS = ("scalar", "integer", "vector", "matrix")
SUPPORTED = ("invertible", "constant")
PROPERTIES = (
    "unit lower", "unit upper", "symmetric", "skew", "diagonal", "lower", "upper", "orthogonal", "spd", *SUPPORTED,
)  # fmt: skip
SIZE = r"(?:\d+|[A-Za-z](?:_?\d+)?)"
SHAPE = re.compile(rf"({SIZE})(?:\s*(?:×|,|\s+x\s+|(?<=\d)x(?=\d))\s*({SIZE}))?(?=\s|$)")
NAME = re.compile(rf"{LETTER}+{SUBSCRIPT}?\Z")


@dataclass(frozen=True)
class Declaration:
    """What is said of one name: its kind, its size where that is given, and its properties."""

    kind: str
    rows: str = ""
    cols: str = ""
    properties: frozenset[str] = frozenset()


def read_declarations(let: str | Sequence[str]) -> tuple[dict[str, Declaration], dict[str, str]]:
    """The declarations by canonical name, and how each name was typed."""
    text = clean(let if isinstance(let, str) else "; ".join(let))
    declared: dict[str, Declaration] = {}
    typed: dict[str, str] = {}
    start = 0
    for part in re.split(r"([;\n])", text):
        if part.strip() and part not in ";\n":
            _read_one(part, start, text, declared, typed)
        start += len(part)
    for name in declared:
        if name[0] == "d" and name[1:] in declared:
            raise NameProblem(
                f"{name} is the differential of {name[1:]}, and cannot be declared", source=text, position=0
            )
    return declared, typed


def _read_one(part: str, start: int, text: str, declared: dict[str, Declaration], typed: dict[str, str]) -> None:
    place: Place = {
        "source": text,
        "position": start + len(part) - len(part.lstrip()),
        "end": start + len(part.rstrip()),
    }
    names, colon, spec = part.partition(":")
    if not colon:
        raise SyntaxProblem("a declaration needs a colon", "write X: n×n, x: n or c: scalar", **place)
    found = _specification(spec.strip(), place)
    for word in names.split(","):
        name = word.strip()
        if not NAME.match(name):
            raise SyntaxProblem(f"{name or 'nothing'} cannot be a name", "a name is letters with a subscript", **place)
        own = canonical(name)
        if own == "I" or own.startswith("I_"):
            raise NameProblem("I is the identity", "give the matrix another name", **place)
        if own in declared:
            raise NameProblem(f"{name} is declared twice", **place)
        kind, rows, cols = found.kind, found.rows, found.cols
        if not kind:
            kind = ("matrix" if cols else "vector") if rows else kind_of(own)
        if kind in ("scalar", "integer") and found.properties - {"constant"}:
            raise NameProblem(f"{name} is a {kind}: it cannot be {', '.join(sorted(found.properties))}", **place)
        if "invertible" in found.properties and (kind != "matrix" or rows != cols):
            raise NameProblem(f"{name} cannot be invertible: it is not square", **place)
        if kind == "vector":
            cols = "1"
        declared[own] = Declaration(kind, rows, cols, found.properties)
        typed[own] = name


def _specification(spec: str, place: Place) -> Declaration:
    """A size, a kind and properties, in any order."""
    rows = cols = kind = ""
    properties: set[str] = set()
    rest = spec
    while rest:
        word = next((w for w in (*KINDS, *PROPERTIES) if re.match(rf"{w}(?=\s|,|$)", rest)), "")
        if word in KINDS:
            kind = word
        elif word in SUPPORTED:
            properties.add(word)
        elif word:
            raise UnsupportedProblem(f"the property '{word}' is not supported yet", **place)
        elif (size := SHAPE.match(rest)) and not rows:
            rows, cols, word = size[1], size[2] or "", size[0]
        else:
            found = rest.split()[0]
            known = ", ".join(PROPERTIES)
            raise NameProblem(
                f"'{found}' is neither a size nor a property", f"a size is n×n or n; properties: {known}", **place
            )
        rest = rest[len(word) :].lstrip(" ,")
    return Declaration(kind, rows, cols, frozenset(properties))


def declare(symbols: Iterable[Basic], spelling: Mapping[str, str]) -> str:
    """The declarations under which a text in these symbols reads back."""
    parts, sizes = [], set()
    rest = []
    for symbol in symbols:
        if isinstance(symbol, MatrixDifferential | ScalarDifferential):
            continue
        name = spelling.get(symbol.name, symbol.name)
        if isinstance(symbol, MatrixSymbol):
            rows, cols = symbol.args[1:3]
            sizes |= {str(s) for s in rows.free_symbols | cols.free_symbols}
            size = str(rows) if str(cols) == "1" else f"{rows}×{cols}"
            properties = sorted(symbol.properties) if isinstance(symbol, Variable) else []
            parts.append(" ".join([f"{name}: {size}", *properties]))
        elif isinstance(symbol, Symbol):
            rest.append((symbol, name))
    parts += [
        f"{name}: {'integer' if s.is_integer else 'scalar'}"
        for s, name in rest
        if not (s.is_integer and s.name in sizes)
    ]
    return "; ".join(parts)
