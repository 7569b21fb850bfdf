"""The reader: a text becomes tokens, a surface tree, terms whose sizes are still open, and nodes.

A term is made for each piece of the tree, parts before the whole; when all sizes are known the nodes are built in the
same order.  No step recurses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lark import Token, UnexpectedToken
from sympy import Basic

from symmat.algebra.depths import with_depths
from symmat.core.constructors import definition
from symmat.core.nodes import DEFINITIONS
from symmat.core.table import ask
from symmat.errors import SymmatError, SyntaxProblem, UnsupportedProblem
from symmat.language.characters import clean, is_latex
from symmat.language.context import Context
from symmat.language.declarations import Declarations, read_declarations
from symmat.language.grammar import parse
from symmat.language.messages import syntax_error
from symmat.language.names import canonical
from symmat.language.rules import meaning
from symmat.language.surface import Surface
from symmat.language.terms import Term
from symmat.language.tokenizer import targets, tokenize


@dataclass(frozen=True)
class Reading:
    """What a text means.

    ``definitions`` and ``symbols`` are nodes by canonical name, in order of appearance; ``name`` is the F of a last
    item ``F = X^3``; ``constants`` are the names declared constant; ``spelling`` is how names were typed, where that
    is not their canonical name.
    """

    expr: Basic
    definitions: Mapping[str, Basic] = field(default_factory=dict)
    symbols: Mapping[str, Basic] = field(default_factory=dict)
    name: str = ""
    constants: frozenset[str] = frozenset()
    source: str = ""
    spelling: Mapping[str, str] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether the text has a symbol or a definition of this name."""
        return name in self.symbols or name in self.definitions


def read(text: str, let: str | Sequence[str] = "") -> Reading:
    """The expression that a text means, with its definitions and symbols, under declarations.

    Raises SymmatError, with the place in the text and what to write instead, for what does not follow the notation.
    """
    if not text.strip():
        raise SyntaxProblem("the text is empty: there is no expression", "write one, such as X^3", source=text)
    ask(len(text))
    declared = read_declarations(let)
    return _read_latex(text, declared) if is_latex(text) else _read_notation(text, declared)


def _read_notation(text: str, declared: Declarations) -> Reading:
    source = clean(text)
    tokens = tokenize(source, declared.names)
    names = {canonical(name) for name in targets(source).values()}
    context = Context(source, declared, names)
    expr, name = _items(context, _parse(source, tokens))
    symbols = context.symbols
    symbols.refuse_named_differentials()
    return Reading(
        expr=expr,
        definitions={name: t.node for name, t in symbols.definitions.items() if type(t.node) in DEFINITIONS},
        symbols={name: t.node for name, t in symbols.symbols.items()},
        name=name,
        constants=declared.constants,
        source=text,
        spelling=_spelling(source, tokens),
    )


def _read_latex(text: str, declared: Declarations) -> Reading:
    """Read the notation that LaTeX is rewritten to; errors point to the LaTeX."""
    from symmat.language.commands import hinted
    from symmat.language.latex import rewrite

    plain, places = rewrite(text, declared.names)
    places.append(len(text))
    try:
        return replace(_read_notation(plain, declared), source=text)
    except SymmatError as error:
        if error.source.strip() == plain.strip() and error.position is not None:
            last = places[min((error.end or error.position + 1) - 1, len(places) - 1)]
            error.position, error.end = places[min(error.position, len(places) - 1)], last + 1
            error.also = (places[error.also[0]], places[error.also[1] - 1] + 1) if error.also else None
            error.source, error.hint = text, hinted(error.hint)
        raise


def _parse(source: str, tokens: Sequence[Token]) -> list[Surface]:
    try:
        return parse(tokens)
    except UnexpectedToken as stopped:
        place = next((i for i, token in enumerate(tokens) if token is stopped.token), len(tokens))
    raise syntax_error(source, tokens, place)


def _spelling(source: str, tokens: Sequence[Token]) -> dict[str, str]:
    """How each name was typed first, where that is not its canonical name."""
    typed: dict[str, str] = {}
    for token in tokens:
        if token.type in ("SYMBOL", "DIFFERENTIAL"):
            shown = source[token.start_pos : token.end_pos].removeprefix("d" if token.type == "DIFFERENTIAL" else "")
            typed.setdefault(token.value, shown)
    return {name: shown for name, shown in typed.items() if name != shown}


def _items(context: Context, items: Sequence[Surface]) -> tuple[Basic, str]:
    """The last item's node, and its name if it has one; the items before it are definitions."""
    for item in items[:-1]:
        if len(item.parts) < 2:
            hint = "write S = … for a definition, and the expression last"
            context.fail(SyntaxProblem, "an item that others follow needs a name", item, hint)
        _define(context, item, meaning(context, item.parts[1]))
    last = items[-1]
    name = _target(context, last) if len(last.parts) > 1 else ""
    result = meaning(context, last.parts[-1])
    if name:
        context.symbols.refuse_taken(name, last)
    context.solve()
    return with_depths(result.node), name


def _target(context: Context, item: Surface) -> str:
    left = item.parts[0]
    if left.rule != "symbol":
        hint = "name what stands on the left, or give one side alone"
        context.fail(UnsupportedProblem, "an equation to verify is not supported yet", item, hint)
    return str(left.value)


def _define(context: Context, item: Surface, body: Term) -> None:
    name = _target(context, item)
    if not body.integer:  # what may be an exponent or a size is no node of its own
        body = context.terms.new(lambda node: definition(name, with_depths(node)), (body,), body.dims, item)
    context.symbols.define(name, body, item)
