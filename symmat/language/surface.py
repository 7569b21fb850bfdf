"""The surface tree: what was written and where, before kinds and shapes are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Token

from symmat.language.source import Span
from symmat.language.terms import Term


class Surface(Span):
    """A piece of text: the rule it follows, its parts, what it says, and where it stands.

    ``start`` and ``end`` include parentheses around the piece, and ``grouped`` says that there are some.  ``term`` is
    what it means, once it is read.
    """

    __slots__ = ("grouped", "parts", "rule", "term", "value")
    term: Term

    def __init__(self, rule: str, parts: list[Surface], start: int, end: int, value: Any = None) -> None:
        super().__init__(start, end)
        self.rule = rule
        self.parts = parts
        self.value = value
        self.grouped = False


def postorder(root: Surface) -> Iterator[Surface]:
    """Every piece, parts before the whole, from left to right; without recursion."""
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready or not node.parts:
            yield node
        else:
            stack.append((node, True))
            stack.extend([(part, False) for part in reversed(node.parts)])


class Builder:
    """Lark calls the method of a rule as it reduces it, so that no parse tree is ever built."""

    def start(self, parts: list[list[Surface]]) -> list[Surface]:
        return parts[0]

    def items(self, parts: list[Any]) -> list[Surface]:
        if len(parts) == 1:
            return parts
        read: list[Surface] = parts[0]
        read.append(parts[-1])
        return read

    def item(self, parts: list[Any]) -> Surface:
        sides = parts[::2]
        return Surface("item", sides, sides[0].start, sides[-1].end)

    def plus(self, parts: list[Any]) -> Surface:
        return self._extend("sum", parts[0], parts[2], 1)

    def minus(self, parts: list[Any]) -> Surface:
        return self._extend("sum", parts[0], parts[2], -1)

    def juxtaposed(self, parts: list[Any]) -> Surface:
        return self._extend("chain", parts[0], parts[1], None)

    def operated(self, parts: list[Any]) -> Surface:
        return self._extend("chain", parts[0], parts[2], parts[1])

    def _extend(self, rule: str, left: Surface, right: Surface, link: Any) -> Surface:
        """One flat sum or chain; ``value`` has the sign or operator between each two of its parts."""
        if left.rule != rule or left.grouped:
            return Surface(rule, [left, right], left.start, right.end, [link])
        left.parts.append(right)
        left.value.append(link)
        left.end = right.end
        return left

    def negative(self, parts: list[Any]) -> Surface:
        return Surface("negative", [parts[1]], parts[0].start_pos, parts[1].end)

    def transposed(self, parts: list[Any]) -> Surface:
        return Surface("transposed", [parts[0]], parts[0].start, parts[1].end_pos)

    def raised(self, parts: list[Any]) -> Surface:
        mark = _leaf("number", parts[1])
        return Surface("power", [parts[0], mark], parts[0].start, mark.end)

    def power(self, parts: list[Any]) -> Surface:
        return Surface("power", [parts[0], parts[2]], parts[0].start, parts[2].end, str(parts[1]))

    def group(self, parts: list[Any]) -> Surface:
        opened, closed = parts[0], parts[2]
        inner: Surface = parts[1]
        inner.start, inner.end, inner.grouped = opened.start_pos, closed.end_pos, True
        return inner

    def number(self, parts: list[Token]) -> Surface:
        return _leaf("number", parts[0])

    def symbol(self, parts: list[Token]) -> Surface:
        return _leaf("symbol", parts[0])

    def bound(self, parts: list[Token]) -> Surface:
        return _leaf("bound", parts[0])

    def differential(self, parts: list[Token]) -> Surface:
        return _leaf("differential", parts[0])

    def identity(self, parts: list[Token]) -> Surface:
        return _leaf("identity", parts[0])

    def sized(self, parts: list[Any]) -> Surface:
        return Surface("identity", [parts[2]], parts[0].start_pos, parts[3].end_pos)

    def arguments(self, parts: list[Surface]) -> list[Surface]:
        return parts

    def argument(self, parts: list[Any]) -> list[Surface]:
        read: list[Surface] = parts[0]
        read.append(parts[2])
        return read

    def call(self, parts: list[Any]) -> Surface:
        word, _, arguments = parts[:3]
        part = parts[4].value if len(parts) > 4 else ""
        return Surface("call", arguments, word.start_pos, parts[-1].end_pos, word.value + part)

    def named(self, parts: list[Token]) -> Surface:
        return _leaf("named", parts[0])

    def frobenius(self, parts: list[Any]) -> Surface:
        return Surface("frobenius", [parts[0], parts[2]], parts[0].start, parts[2].end)

    def norm(self, parts: list[Any]) -> Surface:
        return Surface("norm", [parts[1]], parts[0].start_pos, parts[2].end_pos, parts[2].value)

    def absolute(self, parts: list[Any]) -> Surface:
        return Surface("absolute", [parts[1]], parts[0].start_pos, parts[2].end_pos)

    indices = arguments

    def entry(self, parts: list[Any]) -> Surface:
        return Surface("entry", [parts[0], *parts[2]], parts[0].start, parts[3].end_pos)

    def range(self, parts: list[Any]) -> Surface:
        return Surface("range", [parts[0], parts[2]], parts[0].start, parts[2].end)

    def all(self, parts: list[Token]) -> Surface:
        return _leaf("all", parts[0])

    def rows(self, parts: list[Any]) -> list[list[Surface]]:
        return [parts[0]]

    def next_row(self, parts: list[Any]) -> list[list[Surface]]:
        read: list[list[Surface]] = parts[0]
        read.append(parts[2])
        return read

    def block(self, parts: list[Any]) -> Surface:
        """A matrix of blocks; its value is their rows."""
        rows = parts[1]
        return Surface("block", [e for row in rows for e in row], parts[0].start_pos, parts[2].end_pos, rows)

    def finite_sum(self, parts: list[Any]) -> Surface:
        word, _, index, _, lower, _, upper, _, body, closed = parts
        return Surface("finite_sum", [lower, upper, body], word.start_pos, closed.end_pos, index.value)


def _leaf(rule: str, token: Token) -> Surface:
    return Surface(rule, [], token.start_pos or 0, token.end_pos or 0, token.value)
