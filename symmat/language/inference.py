"""Shape inference: unification of sizes, as general as the expression allows, and able to say what fixed each size.

Robinson, A machine-oriented logic based on the resolution principle, 1965.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NoReturn

from sympy import Basic, Integer

from symmat.core.constructors import dimension, is_one, number
from symmat.core.signature import Pattern
from symmat.errors import LimitProblem, ShapeProblem
from symmat.language.sizes import PRODUCT, SUM, Dims, Formula, Size, formula_of
from symmat.language.source import Source
from symmat.language.surface import Surface
from symmat.shapes import show_shape, show_size

DECLARE = "declare the sizes of what is in it"


class Inference:
    """The sizes of one text."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._made: list[tuple[Size, Surface]] = []

    # ------------------------------------------------------------ equalities

    def unify(self, a: Size, b: Size, why: Surface) -> bool:
        """Make two sizes one; False where they cannot be.  No free size becomes 1."""
        first, second = a.root(), b.root()
        if first is second:
            return True
        if first.value is not None and second.value is not None:
            return bool(first.value == second.value)
        given = second.value if first.value is None else first.value
        if given is not None and is_one(given):
            return False
        if first.value is not None or (first.factors and not second.factors and second.value is None):
            first, second = second, first
        a.make_first()
        a.edge = (b, why)
        first.link = second
        return True

    def square(self, node: Surface, what: str, whole: Surface) -> None:
        """A matrix is square, because ``what`` needs it to be."""
        rows, cols = node.term.dims
        if not self.unify(rows, cols, whole):
            hint = f"write {self._source.words(node)}'…, or declare it square" if node.term.kind == "a vector" else ""
            self._source.fail(ShapeProblem, f"{what} needs a square matrix, and {self._fact(node, None)}", node, hint)

    def match(self, pattern: Pattern, node: Surface, sizes: dict[str, Size], whole: Surface, name: str) -> None:
        """An argument has the shape that a signature asks for."""
        if len(set(pattern)) == 1:
            self.square(node, name, whole)
        for side, (letter, size) in enumerate(zip(pattern, node.term.dims, strict=True)):
            if letter == "1":
                if not size.is_one:
                    self._source.fail(ShapeProblem, f"{name} takes a vector, and {self._fact(node, None)}", node)
                continue
            if len(letter) > 1:
                if size.is_one:  # each factor of a product that is 1
                    sizes.update((c, Size(number(1))) for c in letter if c not in sizes)
                factors = tuple(sizes.setdefault(c, Size()) for c in letter)
                wanted = self.made_of(PRODUCT, factors, whole)
            else:
                wanted = sizes.setdefault(letter, size)
            if not self.unify(wanted, size, whole):
                sides = [(part, i) for part in whole.parts for i, s in enumerate(part.term.dims) if s is wanted]
                self.clash(sides[0] if sides else (node, 0), (node, side), self._source.words(whole))
            self._work_out(wanted, whole)  # what follows may need to know that a factor is 1

    def result(self, pattern: Pattern, sizes: dict[str, Size], whole: Surface) -> Dims:
        """The shape that a signature gives."""
        return tuple(self._result(letters, sizes, whole) for letters in pattern)

    def _result(self, letters: str, sizes: dict[str, Size], whole: Surface) -> Size:
        if letters == "1":
            return Size(number(1), "a vector")
        if len(letters) == 1:
            return sizes[letters]
        if letters.isalpha():
            return self.made_of(PRODUCT, tuple(sizes[c] for c in letters), whole)
        names = [c for c in dict.fromkeys(letters) if c in sizes and c != "1"]
        return self.made_of(formula_of(letters, tuple(names)), tuple(sizes[c] for c in names), whole)

    def made_of(self, formula: Formula, factors: tuple[Size, ...], whole: Surface) -> Size:
        """A size that a formula gives from others."""
        if len(factors) == 1 and formula in (PRODUCT, SUM):
            return factors[0]
        made = Size(factors=factors, formula=formula)
        self._work_out(made, whole)
        self._made.append((made, whole))
        return made

    def _work_out(self, made: Size, whole: Surface) -> bool:
        """Work out a size from those it is made of, or one of them from it; False where they do not fit."""
        values = [f.root().value for f in made.factors]
        known = [v for v in values if v is not None]
        root, formula = made.root(), made.formula
        if formula is None or len(known) < len(values) - 1:
            return True
        if len(known) == len(values):
            size = self._value(formula, known, whole)
            if root.value is None:
                root.value, root.given = size, "from its arguments"
            return bool(root.value == size)
        if root.value is None or formula not in (PRODUCT, SUM):
            return True
        missing = next(f for f in made.factors if f.root().value is None).root()
        solved = formula.solve(root.value, *known)
        if solved is None:
            return False
        missing.value, missing.given = solved, "from the rest"
        return True

    def _value(self, formula: Formula, sizes: Sequence[Basic], whole: Surface) -> Basic:
        try:
            return formula.value(*sizes)
        except LimitProblem as limit:
            self._source.fail(LimitProblem, limit.message, whole, limit.hint)

    # ------------------------------------------------------------ names for what is open

    def name_free(self, sizes: Sequence[Size], used: set[str]) -> None:
        """Name those of the sizes that nothing fixes: n alone, else m, n, p, q, …, skipping letters in use."""
        self._work_out_all()
        while self._match_factors():
            self._work_out_all()
        computed = {made.root() for made, _ in self._made}
        roots = (size.root() for size in sizes)
        free = [r for r in dict.fromkeys(roots) if r.value is None and r not in computed]
        for root, letter in zip(free, _letters(len(free), used), strict=False):
            root.value = dimension(letter)
        self._work_out_all(DECLARE)
        if any(size.root().value is None for size in sizes):  # made of itself: n = n n, as in A + A ⊗ A
            self._refuse(next(whole for made, whole in self._made if made.root().value is None))

    def _match_factors(self) -> bool:
        """Make the factors equal, each to its own, of equal sizes that are made in the same way; False if all are.

        The order of the factors is that of Kronecker products: of vec(X), first the columns of X.
        """
        first: dict[tuple[Size, Formula, int], Size] = {}
        changed = False
        for made, whole in reversed(self._made):  # the whole before its parts
            count = len(made.factors)
            if made.formula is None or not (made.formula in (PRODUCT, SUM) or count == 1):
                continue
            other = first.setdefault((made.root(), made.formula, count), made)
            if other is made or not (self._is_open(made) or self._is_open(other)):
                continue
            for one, its in _unmatched(other.factors, made.factors):
                changed = True
                if not self.unify(its, one, whole):
                    self._refuse(whole, DECLARE)
        return changed

    def _work_out_all(self, hint: str = "") -> None:
        """Work out what is made of known sizes, until nothing more becomes known."""
        todo = self._made
        while todo:
            for made, whole in todo:
                if not self._work_out(made, whole):
                    self._refuse(whole, hint)
            left = [(made, whole) for made, whole in todo if made.root().value is None or self._is_open(made)]
            if len(left) == len(todo):
                return
            todo = left

    def _refuse(self, whole: Surface, hint: str = "") -> NoReturn:
        self._source.fail(
            ShapeProblem, f"the sizes of {self._source.words(whole)} do not fit what it stands with", whole, hint
        )

    def _is_open(self, made: Size) -> bool:
        return any(f.root().value is None for f in made.factors)

    # ------------------------------------------------------------ messages

    def clash(self, left: tuple[Surface, int], right: tuple[Surface, int], what: str, hint: str = "") -> NoReturn:
        """Refuse two operands of which one side each should be equal and is not: ``what`` does not fit."""
        (one, side), (other, other_side) = left, right
        message = f"{what} does not fit: {self._fact(one, side)}, {self._fact(other, other_side)}"
        sizes = [node.term.dims[i].root().value for node, i in (left, right) if node.term.dims]
        numbers = [isinstance(size, Integer) for size in sizes if size is not None and not is_one(size)]
        if not hint and sorted(numbers) == [False, True]:
            hint = "write numbers for both sizes, or letters for both"
        self._source.fail(ShapeProblem, message, one, hint, also=other)

    def _fact(self, node: Surface, side: int | None) -> str:
        """``A is 3×4 (declared)`` or ``X has 5 rows (from X + B)``."""
        term, shown = node.term, self._source.words(node)
        if not term.dims:
            return f"{shown} is {term.kind}"
        sides = term.dims if side is None else (term.dims[side],)
        given = dict.fromkeys(reason for reason in map(self._reason, sides) if reason)
        why = f" ({', '.join(given)})" if given else ""
        values = [size.root().value for size in term.dims]
        if None not in values:
            vector = "a vector, " if term.kind == "a vector" else ""
            return f"{shown} is {vector}{show_shape(values)}{why}"
        if side is None or values[side] is None or term.dims[side].is_one:
            return f"{shown} is {term.kind}{why}"
        value, many = values[side], ("row", "column")[side]
        return f"{shown} has {show_size(value)} {many}{'' if value == 1 else 's'}{why}"

    def _reason(self, size: Size) -> str:
        steps = [self._source.words(step) for step in size.reasons()]
        if steps:
            return "from " + " and ".join(dict.fromkeys(steps[:3]))
        return size.root().given if size.root().value is not None and not size.is_one else ""


def _unmatched(left: Sequence[Size], right: Sequence[Size]) -> list[tuple[Size, Size]]:
    """The factors of two sides in pairs, without those that both sides have."""
    count = Counter(size.key for size in left) & Counter(size.key for size in right)
    rest = []
    for side in (left, right):
        common = count.copy()
        kept = []
        for size in side:
            if common[size.key]:
                common[size.key] -= 1
            else:
                kept.append(size)
        rest.append(kept)
    return list(zip(*rest, strict=True))


def _letters(count: int, used: set[str]) -> Iterator[str]:
    order = "nmpqrstuvwabcdefgh" if count == 1 else "mnpqrstuvwabcdefgh"
    yield from (letter for letter in order if letter not in used)
    yield from (f"n_{i}" for i in range(1, count + 1))
