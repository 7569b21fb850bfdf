"""The surface tree: what was written, with positions, before kinds and shapes are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Token, Transformer


class Surface:
    """A piece of text as it was written: its kind, its parts, what it says, and where it stands."""

    __slots__ = ("end", "kind", "parts", "start", "value")

    def __init__(self, kind: str, parts: list[Surface], start: int, end: int, value: Any = None) -> None:
        self.kind = kind
        self.parts = parts
        self.start = start
        self.end = end
        self.value = value


def postorder(root: Surface) -> Iterator[Surface]:
    """Every piece, parts before the whole, from left to right; without recursion."""
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready or not node.parts:
            yield node
        else:
            stack.append((node, True))
            stack.extend((part, False) for part in reversed(node.parts))


def leaf(kind: str, token: Token) -> Surface:
    """A piece made of one token."""
    return Surface(kind, [], token.start_pos or 0, token.end_pos or 0, token.value)


class Builder(Transformer[Token, Any]):
    """Lark calls a method as it reduces a rule: no parse tree is ever built."""

    def start(self, parts: list[Any]) -> list[Surface]:
        return [p for p in parts if isinstance(p, Surface)]

    def item(self, parts: list[Any]) -> Surface:
        body = parts[-1]
        name = parts[0] if len(parts) > 1 else None
        return Surface("item", [body], name.start if name else body.start, body.end, name.value if name else None)

    def target(self, parts: list[Token]) -> Surface:
        return leaf("target", parts[0])

    def sign(self, parts: list[Token]) -> str:
        return str(parts[0].type)

    def sum(self, parts: list[Any]) -> Surface:
        terms = parts[::2]
        if len(terms) == 1:
            return terms[0]  # type: ignore[no-any-return]
        return Surface("sum", terms, terms[0].start, terms[-1].end, ["PLUS", *parts[1::2]])

    def operator(self, parts: list[Token]) -> Token:
        return parts[0]

    def negative(self, parts: list[Any]) -> Surface:
        sign, body = parts
        return Surface("negative", [body], sign.start_pos, body.end)

    def link(self, parts: list[Any]) -> list[Any]:
        return parts

    def chain(self, parts: list[Any]) -> Surface:
        factors, operators = [parts[0]], []
        for part in parts[1:]:
            operator, factor = part if isinstance(part, list) else (None, part)
            operators.append(operator)
            factors.append(factor)
        if len(factors) == 1:
            return factors[0]  # type: ignore[no-any-return]
        return Surface("chain", factors, factors[0].start, factors[-1].end, operators)

    def ratio(self, parts: list[Any]) -> Surface:
        above, slash, below = parts
        return Surface("ratio", [above, below], above.start, below.end, slash)

    def transposed(self, parts: list[Any]) -> Surface:
        base, mark = parts
        return Surface("transposed", [base], base.start, mark.end_pos)

    def power(self, parts: list[Any]) -> Surface:
        base, _, exponent = parts
        return Surface("power", [base, exponent], base.start, exponent.end)

    def raised(self, parts: list[Any]) -> Surface:
        base, mark = parts
        return Surface("raised", [base], base.start, mark.end_pos, mark.value)

    def group(self, parts: list[Any]) -> Surface:
        left, inner, right = parts
        inner.start, inner.end = left.start_pos, right.end_pos
        return inner  # type: ignore[no-any-return]

    def number(self, parts: list[Token]) -> Surface:
        return leaf("number", parts[0])

    def symbol(self, parts: list[Token]) -> Surface:
        return leaf("symbol", parts[0])

    def differential(self, parts: list[Token]) -> Surface:
        return leaf("differential", parts[0])

    def identity(self, parts: list[Token]) -> Surface:
        return leaf("identity", parts[0])

    def arguments(self, parts: list[Any]) -> list[Surface]:
        return [p for p in parts if isinstance(p, Surface)]

    def call(self, parts: list[Any]) -> Surface:
        word, _, arguments, right = parts
        return Surface("call", arguments, word.start_pos, right.end_pos, word.value)

    def finite_sum(self, parts: list[Any]) -> Surface:
        word, _, index, _, lower, _, upper, _, body, right = parts
        for node in postorder(body):
            if node.kind == "symbol" and node.value == index.value:
                node.kind = "index"
        return Surface("finite sum", [lower, upper, body], word.start_pos, right.end_pos, index.value)
