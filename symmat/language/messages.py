"""What to say where the parser stops: told from what stood before it and the token that it stopped at."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from symmat.errors import Place, SymmatError, SyntaxProblem, UnsupportedProblem
from symmat.language.tokens import OPERATORS

NAMES = {"SLASH": "/", "TIGHT": "/", "SEMI": ";", "EQUALS": "="}


def explain(text: str, tokens: Sequence[Token], i: int) -> SymmatError:
    """The error for the i-th token, or for the end of the text."""
    before = tokens[i - 1] if i else None
    token = tokens[i] if i < len(tokens) else None
    at = len(text.rstrip()) if token is None else token.start_pos or 0
    end = at + 1 if token is None else token.end_pos or at + 1
    place: Place = {"source": text, "position": at, "end": end}
    shown = "the end" if token is None else "a new line" if token.value == "\n" else f"'{token.value}'"
    if token is not None and token.type == "EQUALS":
        return UnsupportedProblem(
            "an equation is not supported yet here",
            "name what stands left of '=', or give the right side alone",
            **place,
        )
    if token is not None and token.type == "COMMA":
        return SyntaxProblem("a comma outside the arguments of a function", "write one expression", **place)
    if token is not None and token.type == "LBRACE":
        return SyntaxProblem("a brace groups exponents and subscripts only", "write ( … )", **place)
    if token is not None and token.type == "RANGE":
        return SyntaxProblem("a range '..' stands only in sum(i = 0..k-1, …)", "", **place)
    if before is not None and before.type == "FUNCTION":
        return SyntaxProblem(f"{before.value} needs its arguments", f"write {before.value}(X)", **place)
    if (
        before is not None
        and before.type in ("LPAR", "LBRACE")
        and token is not None
        and token.type in ("RPAR", "RBRACE")
    ):
        return SyntaxProblem("there is nothing between the brackets", "write an expression there", **place)
    if before is None or before.type in OPERATORS | {"SEMI", "LPAR", "LBRACE", "SLASH", "TIGHT"}:
        where = "at the start" if before is None else f"after '{NAMES.get(before.type, before.value)}'"
        found = "" if token is None else f", and {shown} stands there"
        return SyntaxProblem(f"an operand is missing {where}{found}", "write an expression there", **place)
    previous = before.value
    return SyntaxProblem(f"{shown} cannot follow '{previous}'", "an operator may be missing", **place)
