"""The reader: text to tokens, to a surface tree, to shapes, to nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lark import Token, UnexpectedInput
from sympy import Basic

from symmat.errors import NameProblem, Place, SyntaxProblem
from symmat.expressions.constructors import definition
from symmat.expressions.sums import with_depths
from symmat.language.build import Build
from symmat.language.characters import clean
from symmat.language.declarations import Declaration, read_declarations
from symmat.language.grammar import parser
from symmat.language.messages import explain
from symmat.language.names import canonical
from symmat.language.shapes import Shapes
from symmat.language.surface import Surface
from symmat.language.tokenizer import Tokenizer

LONGEST = 1_000_000
"""Characters of the longest text that is read."""


@dataclass(frozen=True)
class Reading:
    """What a text means: an expression, its definitions and its symbols by canonical name."""

    expr: Basic
    definitions: Mapping[str, Basic] = field(default_factory=dict)
    symbols: Mapping[str, Basic] = field(default_factory=dict)
    name: str = ""
    constants: frozenset[str] = frozenset()
    source: str = ""
    spelling: Mapping[str, str] = field(default_factory=dict)


def read(text: str, let: str | Sequence[str] = "") -> Reading:
    """The reading of a text under declarations; raises SymmatError with the place and what to write instead."""
    if len(text) > LONGEST:
        raise SyntaxProblem(f"the text has {len(text):,} characters, and the longest that is read has {LONGEST:,}")
    if not text.strip():
        raise SyntaxProblem("the expression is empty", "write one, for example X^3")
    declared, typed = read_declarations(let)
    source = clean(text)
    tokens = _tokens(source, declared)
    items = _parse(source, tokens)
    shapes = Shapes(source, declared)
    *definitions, last = items
    for item in definitions:
        if item.value is None:
            raise SyntaxProblem(
                "an expression that is followed by another one needs a name",
                "write S = … for a definition",
                source=source,
                position=item.start,
                end=item.end,
            )
        _check_new(item, declared, shapes)
        shapes.define(item.value, item.parts[0])
    if last.value is not None:
        _check_new(last, declared, shapes)
    shapes.infer(last.parts[0], last.value)
    shapes.name_sizes()
    build = Build(shapes)
    for item in definitions:
        build.defined[item.value] = definition(item.value, with_depths(build.build(item.parts[0])))
    expr = with_depths(build.build(last.parts[0]))
    spelling = {**_spelling(source, tokens), **typed}
    constants = frozenset(name for name, d in declared.items() if "constant" in d.properties)
    return Reading(expr, build.defined, build.symbols(), last.value or "", constants, source, spelling)


def parse_names(text: str) -> list[str]:
    """The canonical names in a list such as ``A, X``."""
    names = [canonical(word.strip()) for word in clean(text).split(",")]
    for name in names:
        if not re.fullmatch(r"[^\W\d_]+(_?\w+|_\{[^{}]*\})?", name):
            raise NameProblem(f"'{name}' is not a name of a variable", "write one or several names: X or A, X")
    return list(dict.fromkeys(names))


def _tokens(source: str, declared: Mapping[str, Declaration]) -> list[Token]:
    kinds = {name: d.kind for name, d in declared.items()}
    kinds |= {size: "integer" for d in declared.values() for size in (d.rows, d.cols) if size and not size.isdigit()}
    return Tokenizer(source, kinds).run()


def _parse(source: str, tokens: Sequence[Token]) -> list[Surface]:
    interactive = parser().parse_interactive()
    fed = 0
    try:
        for token in tokens:
            interactive.feed_token(token)
            fed += 1
        items: list[Surface] = interactive.feed_token(Token("$END", ""))
    except UnexpectedInput:
        raise explain(source, tokens, fed) from None
    return items


def _check_new(item: Surface, declared: Mapping[str, Declaration], shapes: Shapes) -> None:
    name = item.value
    place: Place = {"source": shapes.source, "position": item.start, "end": item.start + len(name)}
    if name in declared:
        raise NameProblem(f"{name} is declared, and cannot be defined too", "give the definition another name", **place)
    if name in shapes.definitions or name in shapes.symbols:
        raise NameProblem(f"{name} has a meaning already", "give the definition another name", **place)


def _spelling(source: str, tokens: Sequence[Token]) -> dict[str, str]:
    """How Greek letters were typed, by canonical name."""
    typed = {}
    for token in tokens:
        if token.type in ("SYMBOL", "DIFFERENTIAL", "TARGET"):
            written = source[token.start_pos : token.end_pos]
            written = written[1:] if token.type == "DIFFERENTIAL" else written
            if written != token.value:
                typed[str(token.value)] = written
    return typed
