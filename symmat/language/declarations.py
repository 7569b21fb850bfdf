"""Declarations: ``X: n×n invertible; A, B: m×n; x: n; c: scalar; k: integer``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from sympy import Add, Basic, Integer, MatrixSymbol, Mul, Pow, Symbol

from symmat.algebra.sizes import size
from symmat.core.constructors import dimension, number
from symmat.core.nodes import Index, MatrixDifferential, ScalarDifferential, Variable
from symmat.core.signature import size_product
from symmat.core.structure import STRUCTURES
from symmat.errors import LimitProblem, NameProblem, Place, ShapeProblem, SymmatError, SyntaxProblem, ValueProblem
from symmat.language.characters import clean
from symmat.language.names import LONGEST_NUMBER, NAME, canonical, is_reserved, kind_of
from symmat.operations.structures import DECLARED

KINDS = ("scalar", "vector", "matrix", "integer")
PROPERTIES = ("invertible", "constant", *sorted({*DECLARED} - {"invertible"}))
SQUARE = frozenset(DECLARED) - {"orthogonal"}
"""The properties that only square matrices have."""

SIZE = re.compile(r"[A-Za-z](?:_?\d+)?")
"""What may stand for a size."""
_DIMENSION = rf"(?:\d+|{SIZE.pattern})"
_SIZE = rf"{_DIMENSION}(?:\s*[-+*]\s*{_DIMENSION})*"
_PIECE = re.compile(
    rf"[\s,]*(?:(?P<rows>{_SIZE})(?:\s*[×,x]\s*(?P<cols>{_SIZE}))?(?=[\s,]|$)|(?P<word>unit\s+\w+|[^\s,]+))"
)


@dataclass(frozen=True)
class Declaration:
    """What is said of a name: its kind, its size as far as it is given, and its properties; and where it is named."""

    kind: str
    rows: Basic | None = None
    cols: Basic | None = None
    properties: frozenset[str] = frozenset()
    place: tuple[int, int] = (0, 0)


@dataclass
class Declarations:
    """The declarations of a text, by canonical name; ``sizes`` are the letters used as dimensions."""

    names: dict[str, Declaration] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)

    @property
    def constants(self) -> frozenset[str]:
        """The names declared constant."""
        return frozenset(name for name, said in self.names.items() if "constant" in said.properties)

    def kind(self, name: str) -> str:
        """The kind of a symbol: as declared, or by its letter."""
        if name in self.names:
            return self.names[name].kind
        return "integer" if name in self.sizes else kind_of(name)


def read_declarations(let: str | Sequence[str]) -> Declarations:
    """Read ``let``; raises SymmatError where it does not follow the notation."""
    parts = [let] if isinstance(let, str) else let
    if not isinstance(parts, Sequence) or not all(isinstance(part, str) for part in parts):
        raise ValueProblem(f"declarations are text, or a list of texts, not {let!r:.40}", 'write "X: n×n; c: scalar"')
    text = clean("; ".join(parts))
    result = Declarations()
    for part in re.finditer(r"[^;\s][^;\n]*", text):
        _Item(text, part.start(), part.start() + len(part[0].rstrip())).read(result)
    for name, said in result.names.items():
        message = ""
        if name[0] == "d" and name[1:] in result.names:
            message = f"{name} is the differential of {name[1:]} and cannot be declared"
        elif name in result.sizes and said.kind != "integer":
            message = f"{name} is declared a {said.kind}, and it stands for a size"
        if message:
            raise NameProblem(message, "use another name", source=text, position=said.place[0], end=said.place[1])
    return result


class _Item:
    """One declaration, ``A, B: m×n``, and where it stands in the source."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self._source = source
        self._start = start
        self._end = end

    def read(self, result: Declarations) -> None:
        names, colon, _ = self._source[self._start : self._end].partition(":")
        if not colon:
            self._fail(SyntaxProblem, "a declaration needs a colon", "write X: n×n, x: n or c: scalar")
        shape, words = self._split(self._start + len(names) + 1)
        properties = frozenset(words) - set(KINDS)
        kinds = [w for w in words if w in KINDS]
        if len(kinds) > 1:
            self._fail(NameProblem, f"{' and '.join(kinds)} are two kinds", "declare one", words[kinds[1]])
        sizes = [self._size(s, result.sizes) for s in shape]
        at = self._start
        for part in names.split(","):
            typed = part.strip()
            start = at + len(part) - len(part.lstrip())
            place = (start, start + max(1, len(typed)))
            at += len(part) + 1
            name = self._name(typed, result, place)
            kind = kinds[0] if kinds else ("vector", "matrix")[len(sizes) - 1] if sizes else kind_of(name)
            self._check(typed, kind, sizes, properties)
            rows, cols = [*sizes, None, None][:2]
            if kind == "vector":
                cols = number(1)
            if properties & SQUARE and rows is not None and cols is None:
                cols, kind = rows, "matrix"
            result.names[name] = Declaration(kind, rows, cols, properties, place)

    def _name(self, typed: str, result: Declarations, place: tuple[int, int]) -> str:
        name = canonical(typed)
        if not NAME.fullmatch(typed):
            hint = "a name is letters, with digits or a subscript: X, cov, x_1"
            self._fail(SyntaxProblem, f"{typed!r} is not a name", hint, place)
        if is_reserved(name):
            what = f"{typed} has a meaning in the notation and cannot be declared"
            self._fail(NameProblem, what, "use another name", place)
        if name in result.names:
            self._fail(NameProblem, f"{typed} is declared twice", place=place)
        return name

    def _split(self, at: int) -> tuple[list[str], dict[str, tuple[int, int]]]:
        """The sizes, and the words with their places, in any order."""
        shape: list[str] = []
        words: dict[str, tuple[int, int]] = {}
        while found := _PIECE.match(self._source, at, self._end):
            at = found.end()
            if found["rows"]:
                if shape:
                    place = (found.start("rows"), at)
                    self._fail(SyntaxProblem, "two sizes are declared", "write n, or m×n for both sides", place)
                shape = [side for side in found.group("rows", "cols") if side]
                continue
            word = " ".join(found["word"].split())
            if word not in (*KINDS, *PROPERTIES):
                hint = f"sizes are n or m×n; words: {', '.join((*KINDS, *PROPERTIES))}"
                self._fail(NameProblem, f"{word!r} is neither a size nor a property", hint, found.span("word"))
            words[word] = found.span("word")
        if not shape and not words:
            self._fail(SyntaxProblem, "nothing is declared after the colon", "write X: n×n, x: n or c: scalar")
        return shape, words

    def _size(self, text: str, letters: set[str]) -> Basic:
        """A dimension: a number, a letter, or a sum of products of these."""
        terms = []
        if any(len(digits) > LONGEST_NUMBER for digits in re.findall(r"\d+", text)):
            self._fail(LimitProblem, f"a size of more than {LONGEST_NUMBER} digits", "write a letter for it: X: n×n")
        for sign, term in re.findall(r"([-+]?)([^-+]+)", text.replace(" ", "")):
            factors = term.split("*")
            letters.update(f for f in factors if not f.isdigit())
            product = size_product(*(dimension(int(f) if f.isdigit() else f) for f in factors))
            terms.append(-product if sign == "-" else product)
        result = size(Add(*terms))
        if isinstance(result, Integer) and result.p < 1:
            self._fail(ShapeProblem, f"a size of {result}", "sizes are whole numbers from 1, or letters")
        return result

    def _check(self, name: str, kind: str, sizes: list[Basic], properties: frozenset[str]) -> None:
        if kind in ("scalar", "integer") and (sizes or properties - {"constant"}):
            what = " and ".join([*(["a size"] if sizes else []), *sorted(properties - {"constant"})])
            self._fail(NameProblem, f"{name} is {'an' if kind == 'integer' else 'a'} {kind}: it cannot have {what}")
        if kind == "vector" and len(sizes) > 1:
            self._fail(ShapeProblem, f"{name} is a vector: it has one size", f"write {name}: {sizes[0]}")
        structures = sorted(p for p in properties & STRUCTURES.keys() if STRUCTURES[p].project is not None)
        if len(structures) > 1:
            self._fail(NameProblem, f"{name} is declared {' and '.join(structures)}", "declare one structure")
        square = sorted(properties & SQUARE)
        if square and kind == "vector":
            self._fail(ShapeProblem, f"{name} is a vector: it cannot be {square[0]}")
        if square and len(sizes) == 2 and sizes[0] != sizes[1]:
            self._fail(ShapeProblem, f"{name} is not square, so that it cannot be {square[0]}")
        if "orthogonal" in properties and kind == "vector":
            self._fail(ShapeProblem, f"{name} is a vector: it cannot be orthogonal")
        if "orthogonal" in properties and len(sizes) == 2:
            rows, cols = sizes
            if isinstance(rows, Integer) and isinstance(cols, Integer) and rows.p < cols.p:
                self._fail(ShapeProblem, f"{name} has more columns than rows: they cannot be orthonormal")

    def _fail(
        self, problem: type[SymmatError], message: str, hint: str = "", place: tuple[int, int] | None = None
    ) -> NoReturn:
        start, end = place or (self._start, self._end)
        raise problem(message, hint, source=self._source, position=start, end=end)


def parse_names(text: str) -> list[str]:
    """The names in a list such as ``A, X``, in canonical form.

    >>> parse_names("A, Sigma")
    ['A', 'Σ']
    """
    source = clean(text)
    names: dict[str, None] = {}
    for part in re.finditer(r"[^,]+|(?<=,)(?=$)|^$", source):
        typed = part[0].strip()
        name = canonical(typed)
        start = part.start() + len(part[0]) - len(part[0].lstrip())
        place: Place = {"source": source, "position": start, "end": start + max(1, len(typed))}
        if not typed:
            raise NameProblem("a name is missing", "write names and commas: A, X", **place)
        if not NAME.fullmatch(typed):
            raise NameProblem(f"{typed!r} is not a name", "write names and commas: A, X", **place)
        if name in names:
            raise NameProblem(f"{typed} is named twice", **place)
        names[name] = None
    return list(names)


def declare(
    symbols: Iterable[Basic], spelling: Mapping[str, str] | None = None, constants: Collection[str] = ()
) -> str:
    """The declarations under which text in these symbols reads back: ``A: m×n; x: n; c: scalar``."""
    said: dict[str, str] = {}
    sizes: set[str] = set()
    integers: dict[str, str] = {}
    for symbol in symbols:
        name = str(symbol.name)
        if isinstance(symbol, MatrixDifferential | ScalarDifferential):
            name = name[1:]
        shown = (spelling or {}).get(name, name)
        if isinstance(symbol, MatrixSymbol):
            rows, cols = symbol.args[1:3]
            shape = _shape(rows, cols)
            if shape not in KINDS:
                sizes.update(str(s) for s in rows.free_symbols | cols.free_symbols)
            properties = sorted(symbol.properties) if isinstance(symbol, Variable) else []
            properties += ["constant"] if name in constants else []
            if name not in said or properties:
                said[name] = f"{shown}: {' '.join([shape, *properties])}"
        elif isinstance(symbol, Symbol) and not isinstance(symbol, Index):
            kind = " ".join([_kind(symbol), *(["constant"] if name in constants else [])])
            (integers if symbol.is_integer else said).setdefault(name, f"{shown}: {kind}")
    said.update((name, text) for name, text in integers.items() if name not in sizes)
    return "; ".join(said.values())


def _shape(rows: Basic, cols: Basic) -> str:
    """The size of a matrix; only its kind where a size is no sum of products, and follows from the text."""
    if not all(map(_is_plain, (rows, cols))):
        return "vector" if cols == 1 else "matrix"
    return _show(rows) if cols == 1 else f"{_show(rows)}×{_show(cols)}"


def _is_plain(size: Basic) -> bool:
    return bool(size.is_polynomial()) and all(c.is_integer for c in size.as_coefficients_dict().values())


def _show(dimension: Basic) -> str:
    """A size as declarations have it: n*n for a square."""
    if isinstance(dimension, Pow):
        return "*".join([_show(dimension.args[0])] * int(dimension.args[1]))
    if isinstance(dimension, Mul):
        return "*".join(map(_show, dimension.args))
    return (
        str(dimension).replace(" ", "")
        if dimension.is_Atom
        else "+".join(map(_show, dimension.as_ordered_terms())).replace("+-", "-")
    )


def _kind(symbol: Basic) -> str:
    return "integer" if symbol.is_integer else "scalar"
