"""What a chain of factors and operators means, now that the kinds of its factors are known."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import NoReturn

from sympy import Basic

from symmat.algebra.sizes import is_whole
from symmat.core.constructors import call, inverse, mul, number, power, trace, transpose
from symmat.core.operation import Operation, spelled
from symmat.errors import AmbiguousProblem, ShapeProblem, ValueProblem
from symmat.language.calls import apply, spread
from symmat.language.context import Context
from symmat.language.sizes import Dims
from symmat.language.source import Span
from symmat.language.surface import Surface, postorder
from symmat.language.terms import Term
from symmat.registry import SIGNS

ENTRYWISE = ("∘", "./")


def read_frobenius(context: Context, node: Surface) -> Term:
    """``A : B``, which is tr(A'B)."""
    left, right = node.parts
    for part in node.parts:
        if not part.term.dims:
            message = f"{context.words(part)} is {part.term.kind}, and ':' stands between matrices"
            context.fail(ShapeProblem, message, part, "write * for a product of scalars")
    for side in range(2):
        if not context.sizes.unify(left.term.dims[side], right.term.dims[side], node):
            context.sizes.clash((left, side), (right, side), f"the product {context.words(node)}")
    return context.terms.new(lambda A, B: trace(mul(transpose(A), B)), (left.term, right.term), (), node)


def read_chain(context: Context, chain: Surface) -> Term:
    """The term of a chain."""
    product = Product(context, chain)
    links = chain.value
    if any(link is not None and link != "*" for link in links):
        product.check_slashes()
    product.check_exponents()
    infix = next((i for i, link in enumerate(links) if link in SIGNS), None)
    if infix is not None:
        return product.infix(infix)
    for place, part in enumerate(chain.parts):
        link = links[place - 1] if place else None
        if link == "/":
            product.divide(place)
        elif link == "\\":
            product.divide_left(place)
            product.times(part)
        else:
            product.times(part)
    return product.term()


class Product:
    """A product as it is read from left to right: once its factors are 1×1 they are one scalar factor."""

    def __init__(self, context: Context, chain: Surface) -> None:
        self._context = context
        self._source = context.source
        self._sizes = context.sizes
        self._chain = chain
        self._parts = chain.parts
        self._links = chain.value
        self._factors: list[Term] = []
        self._dims: Dims = ()
        self._last: Surface | None = None

    # ------------------------------------------------------------ building

    def times(self, part: Surface) -> None:
        """Multiply by a factor from the right."""
        self._times(part.term, part)

    def _times(self, term: Term, part: Surface) -> None:
        self._factors.append(term)
        if not term.dims:
            return
        if self._last is None:
            self._dims = term.dims
        else:
            if not self._sizes.unify(self._dims[1], term.dims[0], self._chain):
                self._clash(self._last, part)
            self._dims = (self._dims[0], term.dims[1])
        self._last = part
        if self._dims[0].is_one and self._dims[1].is_one:
            factors = tuple(self._factors)
            self._restart(self._context.terms.new(lambda *f: trace(mul(*f)), factors, (), self._chain))

    def _restart(self, *factors: Term) -> None:
        self._factors, self._dims, self._last = list(factors), (), None

    def divide(self, place: int) -> None:
        """Divide by a scalar: its reciprocal takes its place among the factors."""
        part = self._parts[place]
        if part.term.dims:
            self._refuse_division(place)
        above, below = self._factors[-1], part.term
        if below.value == 0:
            self._source.fail(ValueProblem, "a division by zero", part)
        if above.value is not None and below.value is not None:
            self._factors[-1] = self._context.number(above.value / below.value, self._chain, above, below)
        elif whole := self._whole(below):
            self._restart(self._context.terms.known(whole, self._chain, integer=True))
        else:
            self._times(self._context.terms.new(lambda t: power(t, number(-1)), (below,), (), part), part)

    def _whole(self, below: Term) -> Basic | None:
        """The integers so far over another, where that is an integer: n (n + 1) / 2."""
        if below.value is None or not all(f.integer for f in (*self._factors, below)):
            return None
        quotient = mul(*(f.node for f in self._factors), power(below.node, number(-1)))
        return quotient if is_whole(quotient) else None

    def divide_left(self, place: int) -> None:
        """All that stands to the left of a backslash is inverted."""
        left = Surface("chain", [], self._chain.start, self._parts[place - 1].end)
        left.term = self.term()
        self._restart()
        if left.term.value == 0:
            self._source.fail(ValueProblem, "a division by zero", left)
        if left.term.dims:
            self._sizes.square(left, "'\\'", left)
        self._times(self._context.terms.new(inverse, (left.term,), left.term.dims, left), left)

    def term(self) -> Term:
        """What has been read so far."""
        factors = tuple(self._factors)
        if len(factors) == 1:
            return factors[0]
        integer = not self._dims and all(f.integer for f in factors)
        values = [f.value for f in factors if f.value is not None]
        value = prod(values, start=Fraction(1)) if len(values) == len(factors) else None
        return self._context.terms.new(mul, factors, self._dims, self._chain, integer, value)

    def infix(self, first: int) -> Term:
        """A chain of one infix operation, or of those entry by entry, with scalars in front."""
        family = ENTRYWISE if self._links[first] in ENTRYWISE else (self._links[first],)
        for place in (p for p in range(len(self._links)) if p != first and self._links[p] not in family):
            if place > first or self._links[place] not in (None, "*", "/"):
                self._refuse_mixing(min(place, first), max(place, first))
        for place in range(first):
            if place and self._links[place - 1] == "/":
                self.divide(place)
            else:
                self.times(self._parts[place])
        if self._dims:
            self._refuse_mixing(first - 1, first)
        left = self._parts[first]
        place = first
        while place < len(self._links):
            sign = str(self._links[place])
            record = next(r for r in spelled(sign) if isinstance(r, Operation))
            last = place + 1
            while record.commutative and last < len(self._links) and self._links[last] == sign:
                last += 1
            left = self._entrywise(record, sign, [left, *self._parts[place + 1 : last + 1]])
            place = last
        self._times(left.term, left)
        return self.term()

    def _entrywise(self, record: Operation, sign: str, parts: list[Surface]) -> Surface:
        """One operation on its operands, in the text from the first to the last."""
        both = Surface("infix", parts, parts[0].start, parts[-1].end)
        shown = [self._source.words(part) for part in parts]
        for part in parts:
            if part.term.dims:
                continue
            if sign == "./" and part is parts[0] and parts[1].term.dims:
                spreading = spread(self._context, part.term, parts[1].term.dims, part)
                part = Surface("spread", [], part.start, part.end)
                part.term = spreading
                return self._entrywise(record, sign, [part, parts[1]])
            plain = f"{shown[0]} / {shown[1]}" if sign == "./" else " ".join(shown)
            self._source.fail(
                ShapeProblem, f"{self._source.words(part)} is {part.term.kind} beside '{sign}'", part, f"write {plain}"
            )
        if len(parts) > 2:
            for part in parts[1:]:
                for side in range(2):
                    if not self._sizes.unify(parts[0].term.dims[side], part.term.dims[side], self._chain):
                        self._sizes.clash((parts[0], side), (part, side), f"the product {f' {sign} '.join(shown)}")
            terms = tuple(part.term for part in parts)
            both.term = self._context.terms.new(lambda *args: call(record.node, *args), terms, parts[0].term.dims, both)
        else:
            both.term = apply(self._context, record, sign, both)
        return both

    # ------------------------------------------------------------ two readings

    def _closed_up(self, place: int) -> bool:
        """Whether nothing stands between a factor and the link after it, and the factor after that."""
        link = self._links[place]
        before, after = self._parts[place], self._parts[place + 1]
        first, last = (link.start_pos, link.end_pos) if link else (after.start, before.end)
        return bool(before.end == first and last == after.start)

    def check_slashes(self) -> None:
        """After a divisor nothing is juxtaposed: closed up after a closed-up slash, or at all after a spaced one."""
        links = self._links
        for place, link in enumerate(links):
            if link != "/":
                continue
            tight = self._closed_up(place)
            if tight and self._open_exponent(place) and self._like_exponent(place + 1):
                base, exponent = self._parts[place].parts
                divisor = self._words(place + 1)
                self._two_readings(
                    place,
                    f"({self._source.words(self._parts[place])})/{divisor}",
                    f"{self._source.words(base)}^({self._source.words(exponent)}/{divisor})",
                )
            if place + 1 < len(links) and links[place + 1] is None and (not tight or self._closed_up(place + 1)):
                above = self._source.text[self._chain.start : self._parts[place].end]
                slash = "/" if tight else " / "
                divisor, factor = self._words(place + 1), self._words(place + 2)
                self._two_readings(
                    0,
                    f"({above}{slash}{divisor}) {factor}",
                    f"{above}{slash}({side_by_side(divisor, factor)})",
                    place + 2,
                )
            if not tight and place + 1 < len(links) and links[place + 1] == "/" and self._closed_up(place + 1):
                above, divisor, factor = (self._words(place + i) for i in range(3))
                self._two_readings(
                    place, f"({above} / {divisor}) / {factor}", f"{above} / ({divisor}/{factor})", place + 2
                )

    def check_exponents(self) -> None:
        """Nothing that could be part of an exponent is closed up after one: X^2k."""
        for place, link in enumerate(self._links):
            if (
                link is None
                and self._closed_up(place)
                and self._open_exponent(place)
                and self._like_exponent(place + 1)
            ):
                base, exponent = map(self._source.words, self._parts[place].parts)
                factor = self._words(place + 1)
                self._two_readings(place, f"{base}^{exponent} {factor}", f"{base}^({exponent} {factor})")

    def _open_exponent(self, place: int) -> bool:
        part = self._parts[place]
        return part.rule == "power" and not part.grouped and not part.parts[1].grouped

    def _like_exponent(self, place: int) -> bool:
        part = self._parts[place]
        return part.rule == "number" or (part.term.integer and not part.grouped)

    def _two_readings(self, place: int, one: str, other: str, end: int | None = None) -> NoReturn:
        first, last = self._parts[place], self._parts[place + 1 if end is None else end]
        both = Span(first.start, last.end)
        self._source.fail(
            AmbiguousProblem, f"{self._source.typed(both)} has two readings", both, f"write {one} or {other}"
        )

    def _refuse_mixing(self, one: int, other: int) -> NoReturn:
        """Two operations in one chain that need parentheses."""
        if other - one > 1:
            one = other - 1
        a, b, c = (self._words(one + i) for i in range(3))
        left, right = (f" {self._links[i]} ".replace(" None ", " ") for i in (one, other))
        message = "products of different kinds in one chain need parentheses"
        matrix = self._parts[one + 1].term.dims  # a scalar belongs to the side that has no such operation
        before = f"({a}{left}{b}){right}{c}" if matrix or self._links[one] not in SIGNS else ""
        after = f"{a}{left}({b}{right}{c})" if matrix or self._links[other] not in SIGNS else ""
        hint = f"write {' or '.join(filter(None, (before, after)))}"
        self._source.fail(AmbiguousProblem, message, Span(self._parts[one].start, self._parts[one + 2].end), hint)

    # ------------------------------------------------------------ errors

    def _refuse_division(self, place: int) -> NoReturn:
        above, below = self._words(place - 1), self._words(place)
        if self._parts[place].term.kind == "a matrix":
            hint = f"write {above} {below}^-1 or {below} \\ {above}"
            if not self._parts[place - 1].term.dims:
                hint = f"write {above} {below}^-1" if above != "1" else f"write {below}^-1"
        else:
            guessed = [p for p in postorder(self._parts[place]) if p.rule == "symbol" and p.term.dims]
            may_be_number = len(guessed) == 1 and self._context.symbols.undeclared(guessed[0])
            declare = f"declare {guessed[0].value}: scalar if it is a number; " if may_be_number else ""
            hint = f"{declare}elementwise division is {above} ./ {below}"
        self._source.fail(AmbiguousProblem, f"a division by {self._parts[place].term.kind}", self._parts[place], hint)

    def _clash(self, left: Surface, right: Surface) -> NoReturn:
        a, b = self._source.words(left), self._source.words(right)
        kinds = (left.term.kind, right.term.kind)
        hint = ""
        if kinds == ("a vector", "a vector"):
            hint = f"write {a}'{b} for a scalar, {a} {b}' for a matrix, or {a} ∘ {b} for the elementwise product"
        elif kinds == ("a vector", "a matrix"):
            hint = f"write {a}'{b}, or declare {a}: scalar"
        elif kinds == ("a matrix", "a row vector"):
            after = self._parts.index(right) + 1 if right in self._parts else len(self._parts)
            if after < len(self._parts):
                inner = self._source.typed(Span(right.start, self._parts[after].end))
                hint = f"write {a} ({inner}) or ({inner}) {a}"
        self._sizes.clash((left, 1), (right, 0), f"the product {side_by_side(a, b)}", hint)

    def _words(self, place: int) -> str:
        return self._source.words(self._parts[place])


def side_by_side(left: str, right: str) -> str:
    """A product as people write it: x'y, A B."""
    return left + right if left.endswith("'") else f"{left} {right}"
