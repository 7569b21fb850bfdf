"""The derivation of a differential: one rule a step, the whole expression before and after.

It runs the same records as the differential, outermost operation first, with what is left to do written d(…).
Constant factors stand outside of d(…), and like terms stay apart until the end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from itertools import chain

from sympy import Add, Basic, MatAdd, MatMul, Mul, Rational, Trace, Transpose

from symmat.algebra.build import is_dot
from symmat.algebra.normal import Normalizer, normalizer
from symmat.calculus.naming import names_after
from symmat.core.constructors import (
    add,
    definition,
    differential_symbol,
    is_one,
    mul,
    pending,
    rebuild,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.differential import differential, differentials, names_of_values, still
from symmat.core.nodes import DEFINITIONS, PENDING
from symmat.core.operation import Operation, operation
from symmat.core.table import table
from symmat.core.walks import children, definitions_in, folded, name_of, postorder, replace, symbols

Equation = tuple[Basic, Basic]


@dataclass(frozen=True)
class Rewriting:
    """One step: the rule, the expression before and after it, and the equations that the rule follows from.

    ``rule`` has slots for the ``names`` in it.  The left side is the definition ``of``, or the derivative of F that
    ``kind`` and ``order`` say.  A ``stated`` step begins a left side with what it is equal to by the rule.
    """

    rule: str
    before: Basic
    after: Basic
    of: Basic | None = None
    kind: str = "diff"
    order: int = 1
    names: tuple[Basic, ...] = ()
    reason: tuple[Equation, ...] = ()
    stated: bool = False


class Derivation:
    """The steps of one derivation in the order in which they are told, each definition and each identity once."""

    def __init__(self, F: Basic, variables: Sequence[Basic], taken: Sequence[str] = ()) -> None:
        self.steps: list[Rewriting] = []
        self._directions: dict[Basic, Basic] = {v: differential_symbol(v) for v in variables}
        self._called: dict[Basic, Basic] = {}
        self._moving = dict.fromkeys(variables, True)
        self._standing = Normalizer(turning=False)
        for each in (self._standing, normalizer()):
            each.normal(F)  # first, so that sums and factors keep the order in which they were written
        self._told: set[Basic] = set()
        self._taken = {str(s.name) for s in symbols(F)} | set(map(name_of, definitions_in(F))) | set(taken)

    def name(self, letters: str, body: Basic) -> Basic:
        """A definition with a name that is not in use, told from now on."""
        names = chain(letters, (f"{letters[0]}_{n}" for n in range(1, len(self._taken) + 2)))
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        named = definition(name, body)
        self._told.add(named)
        return named

    def differentiate(self, F: Basic, shown: Basic, order: int = 1) -> None:
        """The steps from d(F) to ``shown``, after those of the definitions in F."""
        self._define(F)
        self._walk(F, shown, None, order)

    def differentiate_definition(self, named: Basic) -> Basic | None:
        """The steps to the differential of a definition; None if it is constant."""
        self._define(named)
        return self._directions.get(named)

    def state(self, step: Rewriting) -> None:
        """A left side, and what it is equal to by a rule."""
        self.steps.append(replaced(step, stated=True, reason=self.untold(step.after)))

    def untold(self, root: Basic) -> tuple[Equation, ...]:
        """The definitions in an expression that have not been told yet, told from now on."""
        below = postorder(root, skip=self._told.__contains__)
        new = [(node, children(node)[0]) for node in below if type(node) in DEFINITIONS]
        self._told.update(node for node, _ in new)
        return tuple(new)

    def _moves(self, root: Basic) -> bool:
        """Whether an expression depends on a variable."""
        return folded(lambda node, operands: any(operands), self._moving, root)[root]

    def _define(self, root: Basic) -> None:
        """The definitions in an expression, and their differentials."""
        self._called |= names_of_values(root)
        changes = differentials(root, self._directions)
        for node in postorder(root):
            if type(node) not in DEFINITIONS:
                continue
            [body] = children(node)
            if node not in self._told:
                self._told.add(node)
                self.steps.append(Rewriting("definition", body, body, of=node, stated=True))
            change = changes[node] if node not in self._directions else None
            if change is not None:
                moved = normalizer().normal(change)
                self._walk(body, moved.args[1], moved, 1)
                self._directions[node] = moved
                self._told.add(moved)

    # ------------------------------------------------------------ from d(F) to the answer

    def _walk(self, F: Basic, shown: Basic, of: Basic | None, order: int) -> None:
        current = pending(F)

        def step(rule: str, after: Basic, names: tuple[Basic, ...] = (), reason: tuple[Equation, ...] = ()) -> None:
            nonlocal current
            self.steps.append(Rewriting(rule, current, after, of, order=order, names=names, reason=reason))
            current = after

        if not self._moves(F):
            step("constant", zero(shape_of(F)))
            return
        terms, rule = self._opened(F)
        if rule:
            step(rule, _sum(terms, F))
        while (todo := _todo(terms)) is not None:
            [node] = children(todo)
            record, changes = self._applied(node)
            terms = [new for term in terms for new in self._put(term, todo, changes, record.additive)]
            step(record.name, _sum(terms, F), reason=self._reason(record, node))
        kept, cotangents = _named(shown), self._cotangents(F, shown)
        while (change := self._last(terms, kept)) is not None:
            if change in cotangents:
                G = cotangents[change]
                terms = [*(t for t in terms if change not in _named(t)), _inner_product(G, change)]
                step("collect", _sum(terms, F), reason=self.untold(G))
            elif len(alike := self._terms(_sum(terms, F))) < len(terms):
                terms = alike
                step("collect", _sum(terms, F))
            terms = [new for term in terms for new in self._terms(_with(term, change, *children(change)))]
            step("substitute {0}", _sum(terms, F), names=(change,))
        turned = [new for term in terms for new in _terms(normalizer().expanded(term))]
        if turned != terms:
            step(_turning(terms), _sum(turned, F))
        if shown is not current:
            rule = "collect" if len(turned) > len(_terms(shown)) else "simplify"
            step(rule, shown, reason=self.untold(shown))

    def _last(self, terms: Sequence[Basic], kept: Collection[Basic]) -> Basic | None:
        """The differential of the last definition in some terms, but for those that are kept."""
        found = _named(*terms)
        return next((d for d in reversed(self._directions.values()) if d in found and d not in kept), None)

    def _cotangents(self, F: Basic, shown: Basic) -> dict[Basic, Basic]:
        """G_S by dS, where what is shown has such names: dF is the sum of tr(G_S' dS) over the last definitions S."""
        if shape_of(F):
            return {}
        named = {name_of(node): node for node in definitions_in(shown)}
        own = {d: name_of(node) for node, d in self._directions.items() if type(node) in DEFINITIONS}
        names = names_after("G", own, (F,))
        return {d: named[name] for d, name in names.items() if name in named}

    def _opened(self, F: Basic) -> tuple[list[Basic], str]:
        """d(F) with its constant factors before it, and the rule if that is a step: numbers and scalars are none."""
        terms = self._terms(self._direction(F))
        if F in self._directions:
            return terms, "definition" if type(F) in DEFINITIONS else "the variable"
        around, _ = self._factors(F)
        scalars = not any(shape_of(a) for outer, i in around for a in outer.args if a is not outer.args[i])
        if type(F) is Transpose:
            return terms, "transpose"
        if scalars and _todo(terms) is not None:
            return terms, ""
        return terms, "constant factor"

    def _factors(self, node: Basic) -> tuple[list[tuple[Basic, int]], Basic]:
        """The transposes and the products with one factor that moves, each with its place, and what is in them."""
        around: list[tuple[Basic, int]] = []
        while node not in self._directions:
            inner = node.args[0] if is_dot(node) else node
            moving = [i for i, a in enumerate(children(inner)) if self._moves(a)]
            if type(inner) not in (Mul, MatMul, Transpose) or len(moving) != 1:
                break
            around += [(node, 0), (inner, *moving)] if inner is not node else [(inner, *moving)]
            node = inner.args[moving[0]]
        return around, node

    def _direction(self, node: Basic) -> Basic:
        """dX of a variable, and of anything else d(…), to be worked out, between its constant factors."""
        around, inmost = self._factors(node)
        change = self._directions.get(inmost) or self._pending(inmost)
        for outer, i in reversed(around):
            change = operation(type(outer)).push(outer, i, change) or change
        return change

    def _pending(self, node: Basic) -> Basic:
        """d(…) with the scalars that do not move before it."""
        product = node.args[0] if is_dot(node) else node
        if type(product) not in (Mul, MatMul):
            return pending(node)
        constant = [a for a in product.args if not shape_of(a) and not self._moves(a)]
        rest = mul(*(a for a in product.args if a not in constant))
        return mul(*constant, pending(rest if product is node else trace(rest)))

    def _applied(self, node: Basic) -> tuple[Operation, list[Basic]]:
        """The record of an operation, and its differentials with d(…) of each operand."""
        if is_dot(node):  # to a reader x'A x is a product, and no trace
            record, changes = self._applied(node.args[0])
            return record, list(map(trace, changes))
        record, value = operation(type(node)), self._called.get(node)
        moving = [(i, self._direction(a)) for i, a in enumerate(children(node)) if self._moves(a)]
        if record.additive:
            directions = dict(moving)
            return record, [rebuild(node, [directions.get(i) or still(a) for i, a in enumerate(node.args)])]
        return record, [term for i, E in moving if (term := record.push(node, i, E, value)) is not None]

    def _put(self, term: Basic, todo: Basic, changes: list[Basic], together: bool) -> list[Basic]:
        """A term with what d(…) is in its place: term by term where it is linear in that alone."""
        if todo not in table().holes[term]:
            return [term]
        if not changes:
            changes = [zero(shape_of(todo))]
        if together or table().holes[term] != {todo}:
            changes = [add(*changes)]
        return [new for change in changes for new in self._terms(_with(term, todo, change))]

    def _terms(self, node: Basic) -> list[Basic]:
        return _terms(self._standing.expanded(node))

    def _reason(self, record: Operation, node: Basic) -> tuple[Equation, ...]:
        """The defining equation and its differential, from which the rule follows by solving."""
        if record.identity is None or node in self._told:
            return ()
        self._told.add(node)
        value, change = node, pending(node)
        operands = [a for a in children(node) if not isinstance(a, Rational)]
        named: list[Equation] = []
        if len(operands) > 1 or any(children(a) and type(a) not in DEFINITIONS for a in operands):
            value = self.name("yz" if is_one(shape_of(node)[1]) else "YZ", node)
            change = definition("d" + name_of(value), change)
            named = [(value, node)]
        sides = record.identity(value, *node.args)
        moving = {a: self._direction(a) for a in operands if self._moves(a)} | {value: change}
        changes = [differential(side, moving) for side in sides]
        left, right = (zero(shape_of(value)) if c is None else self._standing.expanded(c) for c in changes)
        return (*named, sides, (left, right))


def _terms(node: Basic) -> list[Basic]:
    """The terms of a sum; a zero has none."""
    if type(node) in (Add, MatAdd):
        return list(node.args)
    return [] if node is zero(shape_of(node)) else [node]


def _sum(terms: Sequence[Basic], F: Basic) -> Basic:
    """The sum of terms of the shape of F, positive ones first."""
    ordered = sorted(terms, key=lambda t: type(t) in (Mul, MatMul) and _is_negative(t.args[0]))
    return add(*ordered) if ordered else zero(shape_of(F))


def _is_negative(node: Basic) -> bool:
    return isinstance(node, Rational) and node.p < 0


def _inner_product(G: Basic, change: Basic) -> Basic:
    """⟨G, dS⟩ = tr(G' dS)."""
    return trace(mul(transpose(G), change)) if shape_of(G) else mul(G, change)


def _todo(terms: Sequence[Basic]) -> Basic | None:
    """The first d(…) that is left."""
    below = postorder(*terms, skip=lambda node: type(node) in DEFINITIONS)
    return next((node for node in below if type(node) in PENDING), None)


def _named(*roots: Basic) -> dict[Basic, Basic]:
    """The definitions by which a reader sees the expressions, none of those inside of others."""
    found: dict[Basic, Basic] = {}

    def is_name(node: Basic) -> bool:
        if type(node) in DEFINITIONS:
            found[node] = node
        return node in found

    for _ in postorder(*roots, skip=is_name):
        pass
    return found


def _with(term: Basic, part: Basic, other: Basic) -> Basic:
    """A term with one part exchanged, and its definitions as they are."""
    return replace(term, _named(term) | {part: other})


def _turning(terms: Sequence[Basic]) -> str:
    """tr(AB) = tr(BA) and tr(A) = tr(A'), or what is left of that where the matrix is 1×1."""
    holes = table().holes
    sizes = [shape_of(node.args[0])[0] for node in postorder(*terms) if type(node) is Trace and holes[node]]
    return "transpose the scalar" if all(map(is_one, sizes)) else "turn the trace"
