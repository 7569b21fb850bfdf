"""The parser: Lark's LALR over tokens of our own, built once and kept in the user's cache directory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import resources
from io import BytesIO
from pathlib import Path
from pickle import Unpickler, UnpicklingError
from typing import Any

import lark
from lark import Lark, Token
from lark.lexer import Lexer

from symmat.language.kept import load, save
from symmat.language.surface import Builder, Surface


class NoLexer(Lexer):
    """Tokens are fed to the parser one by one: Lark reads no text."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:
        """No tokens."""
        return iter(())


def parse(tokens: Sequence[Token]) -> list[Surface]:
    """The items of a text; raises Lark's UnexpectedToken, of type ``$END`` where the text stops too early."""
    state = parser().parse_interactive()
    for token in tokens:
        state.feed_token(token)
    items: list[Surface] = state.feed_token(Token("$END", ""))
    return items


@cache
def parser() -> Lark:
    """The parser of the notation: kept under a name for what it was built from."""
    text = grammar_text()
    name = f"grammar-{sha256(f'{lark.__version__} {text}'.encode()).hexdigest()[:16]}"
    kept = load(name)
    if kept is not None:
        with suppress(UnpicklingError):
            return Lark.__new__(Lark)._load(Data(BytesIO(kept)).load(), transformer=Builder())
    built = Lark(text, parser="lalr", lexer=NoLexer, transformer=Builder())
    buffer = BytesIO()
    built.save(buffer, {"transformer"})
    save(name, buffer.getvalue())
    return built


class Data(Unpickler):
    """Reads pickles that hold data and no code."""

    def find_class(self, module: str, name: str) -> Any:
        """The classes that the tables of a parser name, in one release of Lark or another."""
        for known in (NoLexer, Token):
            if (module, name) == (known.__module__, known.__name__):
                return known
        raise UnpicklingError(f"{module}.{name} is no part of a parser")


def grammar_text() -> str:
    """The grammar: of the checkout that this file is in, else of the installed package."""
    checkout = Path(__file__).parents[2] / "grammar" / "symmat.lark"
    if checkout.exists():
        return checkout.read_text("utf-8")
    return resources.files("symmat.grammar").joinpath("symmat.lark").read_text("utf-8")
