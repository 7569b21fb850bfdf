"""What to say where the parser stops: told from the token before, the token that does not fit, and the open bracket."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from symmat.errors import SymmatError, SyntaxProblem, UnsupportedProblem

_BINARY = frozenset(("COLON", "PLUS", "MINUS", "OPERATOR", "CARET", "COMMA", "EQUALS", "RANGE"))
_CLOSING = frozenset(("RPAR", "RBRACE", "RBRACKET", "NORMCLOSE", "ABSCLOSE"))
_OPENING = ("LPAR", "LBRACE", "LENTRY", "LBLOCK", "NORMOPEN", "ABSOPEN")
_SUM = "write sum(i = 0..k-1, X^i)"


def syntax_error(source: str, tokens: Sequence[Token], place: int) -> SymmatError:
    """The error where the token at ``place`` does not fit, or the end of the text does."""
    before = tokens[place - 1] if place else None
    found = tokens[place] if place < len(tokens) else None
    start = found.start_pos if found else len(source.rstrip())
    end = found.end_pos if found else None
    message, hint = _classify(before, found, _open_bracket(tokens[:place]))
    problem = UnsupportedProblem if "not supported" in message else SyntaxProblem
    return problem(message, hint, source=source, position=start, end=end)


def _open_bracket(tokens: Sequence[Token]) -> str:
    """What the innermost open bracket belongs to: ``call``, ``sum``, ``exponent``, ``group``, or nothing."""
    depth = 0
    for i in range(len(tokens) - 1, -1, -1):
        kind = tokens[i].type
        if kind in _CLOSING:
            depth += 1
        elif kind in _OPENING:
            if not depth:
                owner = tokens[i - 1].type if i else ""
                return {"FUNCTION": "call", "SUM": "sum", "CARET": "exponent", "MINUS": "group"}.get(owner, "group")
            depth -= 1
    return ""


def _classify(before: Token | None, found: Token | None, bracket: str) -> tuple[str, str]:
    kind = found.type if found else "END"
    shown = _shown(found)
    if before is not None and before.type == "FUNCTION" and kind != "LPAR":
        return f"{before.value} needs parentheses", f"write {before.value}(X)"
    if kind == "LBRACE":
        return "braces hold exponents and subscripts", "write parentheses: (A + B)"
    if before is not None and before.type in _OPENING and kind in _CLOSING:
        return "there is nothing between the brackets", "write an expression there"
    if before is None or before.type in (*_OPENING, "SEMI", "ROWEND"):
        if kind == "CARET":
            return "an operand is missing before '^'", "write what is to be raised to a power, X^3"
        if kind in ("PRIME", "RAISED"):
            return f"there is nothing before {shown} for it to stand on", "write X' or X^-1"
        return f"an operand is missing before {shown}", "write an expression there"
    if before.type in _BINARY:
        what = {"CARET": "an exponent", "COMMA": "an argument"}.get(before.type, "an operand")
        if found is None or kind in (*_CLOSING, "SEMI"):
            return f"{what} is missing after {_shown(before)}", "write it, or remove the sign"
        return f"{what} is missing between {_shown(before)} and {shown}", "write it, or remove one of the signs"
    if bracket == "sum":
        return f"{shown} has no place in this finite sum", _SUM
    if kind == "COMMA":
        return "a comma stands between arguments of a function, and here is none", "write one expression"
    if kind == "EQUALS":
        if bracket:
            return "'=' inside brackets has no meaning", "write definitions in front: S = X'X; tr(S)"
        return "an item has one '='", "separate items by ';'"
    if kind == "RANGE":
        return "a range '..' stands in a finite sum", _SUM
    if kind == "COLON":
        return "':' stands once in a term: the Frobenius product of two matrices", "write (A : B) * (C : D)"
    if kind == "ALL":
        return "':' inside brackets stands for a whole row or column", "write X[i,:] or X[:,j]"
    return f"{shown} cannot stand after {_shown(before)}", "an operator or a ';' may be missing"


def _shown(token: Token | None) -> str:
    if token is None:
        return "the end"
    return "the end of the line" if token.value == "\n" else f"'{token.value}'"
