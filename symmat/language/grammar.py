"""The parser: Lark's LALR over tokens of our own, built once and cached in the user's cache directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import lark
from lark import Lark, Token
from lark.lexer import Lexer

from symmat.language.surface import Builder


class NoLexer(Lexer):
    """Tokens are fed to the parser one by one; Lark reads no text."""

    def __init__(self, _: Any) -> None:
        pass

    def lex(self, *_: Any) -> Iterator[Token]:
        """No tokens."""
        return iter(())


def grammar_text() -> str:
    """The grammar, from the installed package or from a checkout."""
    try:
        return resources.files("symmat.grammar").joinpath("symmat.lark").read_text("utf-8")
    except ModuleNotFoundError:
        return (Path(__file__).parents[2] / "grammar" / "symmat.lark").read_text("utf-8")


def cache_file(text: str) -> str | None:
    """Where the built parser is kept: a file of the user's own, named for what it was built from."""
    digest = sha256(f"{lark.__version__}\n{text}".encode()).hexdigest()[:16]
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symmat"
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return str(root / f"grammar-{digest}.lark") if os.access(root, os.W_OK) else None


@lru_cache(maxsize=1)
def parser() -> Lark:
    """The parser of the notation."""
    text = grammar_text()
    options: dict[str, Any] = {
        "parser": "lalr",
        "lexer": NoLexer,
        "transformer": Builder(),
        "maybe_placeholders": False,
    }
    path = cache_file(text)
    return Lark(text, cache=path, **options) if path else Lark(text, **options)
