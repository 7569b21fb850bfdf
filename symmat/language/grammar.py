"""The parser: Lark's LALR over tokens of our own, built once and kept in the user's cache directory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import lark
from lark import Lark, Token
from lark.lexer import Lexer

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
    """The parser of the notation."""
    text = grammar_text()
    options: dict[str, Any] = {"parser": "lalr", "lexer": NoLexer, "transformer": Builder()}
    file = cache_file(text)
    return Lark(text, cache=str(file), **options) if file else Lark(text, **options)


def grammar_text() -> str:
    """The grammar: of the checkout that this file is in, else of the installed package."""
    checkout = Path(__file__).parents[2] / "grammar" / "symmat.lark"
    if checkout.exists():
        return checkout.read_text("utf-8")
    return resources.files("symmat.grammar").joinpath("symmat.lark").read_text("utf-8")


def cache_file(grammar: str) -> Path | None:
    """Where the built parser is kept, named for what it was built from; None where nothing can be written.

    A file of the user's own: Lark unpickles it, so it must not lie where others can put one.
    """
    digest = sha256("\n".join((lark.__version__, grammar)).encode()).hexdigest()[:16]
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symmat"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder / f"grammar-lark{lark.__version__}-{digest}" if os.access(folder, os.W_OK) else None
