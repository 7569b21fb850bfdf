"""The algebra of words: products of matrix factors, their powers and transposes, and commuting scalars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sympy import Basic, Identity, MatMul, OneMatrix, Rational, Symbol

from symmat.algebra.build import exponent_node, factor_node, factor_shape, transposes
from symmat.algebra.equations import law, right_side
from symmat.algebra.measures import count_turns, is_count, is_several, turns
from symmat.algebra.relations import Relations
from symmat.algebra.terms import Exponent, Factor, Scalars, Terms, Word, accumulate, plus, same_word, times, value
from symmat.core.constructors import add, is_one, mul, ones, rebuild, shape_of, transpose
from symmat.core.nodes import DEFINITIONS, Seed
from symmat.core.operation import Equation, Operation, find_operation
from symmat.core.structure import is_orthogonal, structure
from symmat.core.table import table
from symmat.core.walks import postorder

MANY_FACTORS = 8
"""Of a longer product only the whole is known beside its inverse."""


class Words:
    """Products within one table; ``normal`` is the normal form of a node, ``terms`` its terms as a factor.

    ``written`` is where we are in the text.
    """

    def __init__(self, normal: Callable[[Basic], Basic], terms: Callable[[Basic], Terms]) -> None:
        self._normal = normal
        self._terms = terms
        self._holes = table().holes
        self.written = 0
        self._rank: dict[Basic, tuple[int, int]] = {}
        self._products: dict[Basic, Word] = {}
        self._turned: dict[Basic, Factor] = {}
        self._symmetric: set[Basic] = set()
        self._skew: set[Basic] = set()
        self._inverted: set[Basic] = set()
        self._relations = Relations()
        self._searched: set[Basic] = set()
        self._kept: set[frozenset[Basic]] = set()

    def exponent(self, node: Basic) -> Exponent:
        """A number as it is, anything else in its normal form."""
        exponent = node if isinstance(node, Rational) else self._normal(node)
        return value(exponent) if isinstance(exponent, Rational) else exponent

    def exponent_sum(self, a: Exponent, b: Exponent) -> Exponent:
        """a + b."""
        if not isinstance(a, Basic) and not isinstance(b, Basic):
            return plus(a, b)
        return self.exponent(add(exponent_node(a), exponent_node(b)))

    def exponent_product(self, a: Exponent, b: Exponent) -> Exponent:
        """a b."""
        if not isinstance(a, Basic) and not isinstance(b, Basic):
            return times(a, b)
        return self.exponent(mul(exponent_node(a), exponent_node(b)))

    # ------------------------------------------------------------ scalars and words

    @law("transpose of a skew matrix", "S' = -S", "S: n×n skew")
    @law("transpose of an orthogonal matrix", "Q Q'A = A", "Q: n×n orthogonal; A: n×n")
    @law("orthonormal columns", "Q'Q A = A", "Q: m×n orthogonal; A: n×n")
    def learn_structure(self, matrix: Basic) -> None:
        """What a structure means: S' = -S of a skew one, Q' = Q⁻¹ of a square orthogonal one, else Q'Q = I."""
        if structure(matrix).sign < 0:
            self._skew.add(matrix)
        elif is_orthogonal(matrix) and len({*shape_of(matrix)}) == 1:
            self._inverted.add(matrix)
        elif is_orthogonal(matrix):
            self._learn(((matrix, 1, True), (matrix, 1, False)), ())

    def scalar(self, atom: Basic, exponent: Exponent = 1) -> Scalars:
        """A scalar factor, which gets its place in the order of appearance."""
        self._rank.setdefault(atom, (self.written, len(self._rank)))
        return ((atom, exponent),)

    @law("scalars commute", "μ λ / λ^2 = μ / λ", without=lambda self, a, b: a + b)
    @law("equal scalars are a power", "λ λ = λ^2", without=lambda self, a, b: a + b)
    def merge(self, a: Scalars, b: Scalars) -> Scalars:
        """The product of two sets of commuting factors, in the order in which they first appeared."""
        if not a or not b:
            return a or b
        powers = dict(a)
        for atom, e in b:
            powers[atom] = self.exponent_sum(powers[atom], e) if atom in powers else e
        return tuple(sorted(((s, e) for s, e in powers.items() if e != 0), key=lambda pair: self._place(pair[0])))

    def _place(self, atom: Basic) -> tuple[int, tuple[int, int]]:
        """Cotangents and integers first, what holds a differential last, else in the order of appearance."""
        if self._holes[atom]:
            return (0 if type(atom) in (Symbol, Seed) else 3, self._rank[atom])
        return (1 if is_count(atom) else 2, self._rank[atom])

    def join(self, left: Word, right: Word) -> Word:
        """The product of two words: equal neighbours become powers, inverse neighbours vanish."""
        while left and right:
            (a, m, _), (b, n, _) = left[-1], right[0]
            together = self._multiplied(left[-1], right[0]) if type(a) is type(b) and m == n == 1 else None
            if together is not None:
                return self.join(self.join(left[:-1], together), right[1:])
            power = self._power(left[-1], right[0]) if a is b else None
            if power is None:
                break
            left, right = left[:-1] + power, right[1:]
            if power:
                break
        found = self._relations.find(left + right, len(left))
        if found is None:
            return left + right
        before, simpler, after = found
        return self.join(self.join(before, simpler), after)

    @law("equal factors side by side are a power", "A A = A^2")
    @law("powers side by side", "A^2 A^k = A^(k + 2)", "k: integer")
    @law("a factor beside its inverse", "A^-1 A B = B", "A, B: n×n")
    def _power(self, left: Factor, right: Factor) -> Word | None:
        """The product of two powers of one factor."""
        (base, m, turned), (_, n, also_turned) = left, right
        if turned != also_turned:
            return None
        exponent = self.exponent_sum(m, n)
        return ((base, exponent, turned),) if exponent != 0 else ()

    def _multiplied(self, left: Factor, right: Factor) -> Word | None:
        """The product of two values of one operation, where its record knows a simpler one."""
        record = find_operation(type(left[0]))
        equations = () if record is None else record.by_form["F G"]
        return self._by(equations, left, factor_node(right)) if equations else None

    def _raised(self, factor: Factor, k: Exponent) -> Word | None:
        """The power of a value, where its record knows a simpler one."""
        record = find_operation(type(factor[0])) if factor[1] == 1 and k != 1 else None
        equations = () if record is None else record.by_form["F^k"]
        return self._by(equations, factor, exponent_node(k)) if equations else None

    def _by(self, equations: Sequence[Equation], factor: Factor, beside: Basic) -> Word | None:
        """What equations make of a value with what stands beside it."""
        F = factor_node(factor)
        whole = right_side(equations, F, beside) if type(F) is type(factor[0]) else None
        return None if whole is None else self._plain_word(whole, {})

    def word_power(self, word: Word, k: Exponent) -> Word:
        if len(word) == 1:
            raised = self._raised(word[0], k)
            if raised is not None:
                return raised
            base, e, turned = word[0]
            exponent = self.exponent_product(e, k)
            return ((base, exponent, turned),) if exponent != 0 else ()
        if not word or k == 1:
            return word
        if isinstance(k, int) and k > 1 and self._is_projector(word):
            return word
        base = mul(*map(factor_node, word))
        if base not in self._products:
            self._products[base] = word
            self._learn_product(base, word)
        return ((base, k, False),)

    @law("power of a projector", "(X pinv(X))^3 = X pinv(X)")
    def _is_projector(self, word: Word) -> bool:
        return same_word(self.join(word, word), word)

    @law("a product beside its inverse", "(A B)^-1 A B C = C", "A: m×n; B: n×m; C: m×m")
    @law("a factor beside the inverse of its product", "B (A B)^-1 = A^-1", "A, B: n×n")
    def _learn_product(self, base: Basic, word: Word) -> None:
        """The same for the transposes."""
        over: Word = ((base, -1, False),)
        equations: list[tuple[Word, Word]] = [(over + word, ()), (word + over, ())]
        rows = factor_shape(word[0])[0]
        for i in range(1, len(word) if len(word) <= MANY_FACTORS else 1):
            if factor_shape(word[i])[0] == rows:
                equations.append((over + word[:i], self.word_power(word[i:], -1)))
                equations.append((word[i:] + over, self.word_power(word[:i], -1)))
        for left, right in equations:
            self._learn(left, right)
            if self.turn_sign(word) > 0 and self.turn_sign(left) == self.turn_sign(right):
                self._learn(self.turn_word(left), self.turn_word(right))

    def related(self, node: Basic, equations: Iterable[tuple[Basic, Basic]]) -> Word:
        """A value, of whose products with its operands equations are known from now on, used from left to right."""
        known: dict[Basic, Word] = {node: ((node, 1, False),), transpose(node): (self.turn((node, 1, False)),)}
        for left, right in equations:
            one, other = self._plain_word(left, known), self._plain_word(right, known)
            if one and other is not None:
                self._learn(one, other)
        return self._reduced(known[node])

    def _plain_word(self, product: Basic, known: Mapping[Basic, Word]) -> Word | None:
        """The word of a product, or None if there is a number or a scalar in it."""
        word: Word = ()
        for node in product.args if type(product) is MatMul else (product,):
            factors = known.get(node)
            if factors is None:
                terms = self._terms(node)
                factors = next((f for s, f in terms if not s), ())
                if terms != {((), factors): 1}:
                    return None
            word = self.join(word, factors)
        return word

    def _learn(self, left: Word, right: Word) -> None:
        left, right = self._reduced(left), self._reduced(right)
        if left and not same_word(left, right):
            self._relations.learn(left, right)

    def _reduced(self, word: Word) -> Word:
        """A word with all its relations used."""
        while found := self._relations.find(word):
            before, simpler, after = found
            word = self.join(self.join(before, simpler), after)
        return word

    def turn_word(self, word: Word) -> Word:
        """The transpose of a word."""
        return self._reduced(tuple(map(self.turn, reversed(word))))

    def transpose(self, node: Basic) -> Basic:
        """The normal form of a transpose."""
        return self._normal(transpose(node))

    def transposed(self, terms: Terms) -> Terms:
        """The transpose of a sum; what differs only until it is turned becomes one term."""
        result: Terms = {}
        for (scalars, word), c in terms.items():
            accumulate(result, (scalars, self.turn_word(word)), times(c, self.turn_sign(word)))
        return result

    def is_turned(self, terms: Terms) -> bool:
        """Whether a sum is the transpose of one without any, and shorter so: A' + B'C', but not A' + I."""
        words = [word for _, word in terms if word]
        turned = all(any(f[2] for f in word) for word in words)
        if not turned or sum(f[2] and f[1] != -1 for word in words for f in word) < 2:
            return False
        return not any(f[2] for word in words for f in self.turn_word(word))

    def turn_sign(self, word: Word) -> int:
        """The sign that a transpose puts in front: S' = -S for each skew factor, and S'' = S."""
        if not self._skew:
            return 1
        powers = (e for base, e, turned in word if base in self._skew and not turned and not isinstance(e, Basic))
        return -1 if sum(e % 2 == 1 for e in powers) % 2 else 1

    def turn(self, factor: Factor) -> Factor:
        base, exponent, turned = factor
        if turned:
            return (base, exponent, False)
        if base in self._inverted:
            return (base, self.exponent_product(exponent, -1), False)
        if base in self._skew and not isinstance(exponent, Basic):
            return factor
        if base not in self._searched:
            self._learn_definitions(base)
        if base not in self._turned:
            own = self._own_transpose(base)
            self._turned[base] = (base, 1, True) if own is None else (own, 1, False)
        other, _, flag = self._turned[base]
        return (other, exponent, flag)

    def _learn_definitions(self, base: Basic) -> None:
        """The transposes of the definitions in a base, those inside of others first, so that none waits for another."""
        for node in postorder(base, skip=self._searched.__contains__):
            self._searched.add(node)
            if type(node) in DEFINITIONS:
                self.turn((node, 1, False))

    @law("transpose of a symmetric matrix", "S' A = S A", "S: n×n symmetric; A: n×n")
    @law("transpose of a product that is its own", "((A'A)^-1)' = (A'A)^-1")
    @law("transpose of ones", "ones(m, n)' A = ones(n, m) A")
    def _own_transpose(self, base: Basic) -> Basic | None:
        """What the transpose of a base is, if not its transpose as it stands: itself, or other ones."""
        if base in self._products:
            word = self._products[base]
            return base if self.turn_sign(word) > 0 and same_word(self.turn_word(word), word) else None
        if type(base) in DEFINITIONS:
            return base if self.transpose(base.args[1]) is self._normal(base.args[1]) else None
        if base in self._symmetric or type(base) is Identity or structure(base).sign > 0:
            return base
        return ones(*reversed(base.args)) if type(base) is OneMatrix and not any(map(is_one, base.args)) else None

    def oriented(self, node: Basic, record: Operation) -> Terms:
        """An operation as itself or as the transpose of another, whichever has fewer transposes inside."""
        itself: Terms = {((), ((node, 1, False),)): 1}
        if record.structure:
            self.learn_structure(node)
        other = right_side(record.by_form["F'"], node)
        if other is None:
            return itself
        other = rebuild(other, [self._normal(a) for a in other.args]) if other is not node else node
        if other is node or (record.commutative and set(other.args) == set(node.args)):
            self._symmetric.add(node)
        elif any(type(a) is MatMul and not shape_of(a.args[0]) for a in other.args):
            return itself  # a sign or a scalar would come out: S' = -S of a skew S
        elif self._is_plainer(other, node, record):
            return self.transposed(self._terms(other))
        elif is_several(node) or count_turns(other) <= count_turns(node):
            transposes()[node] = other
        return itself

    def _is_plainer(self, other: Basic, node: Basic, record: Operation) -> bool:
        """Whether the transpose has fewer transposes inside; of equals what was met first, or begins without one."""
        if not record.commutative:
            return turns(other) < turns(node)
        more = count_turns(other) - count_turns(node)
        if more < 0 or (more == 0 and frozenset(other.args) in self._kept):
            return True
        self._kept.add(frozenset(node.args))
        return False

    def learn_sum(self, base: Basic, factor: Factor) -> None:
        """The transpose of a sum that stands as a factor."""
        self._turned[base] = factor
