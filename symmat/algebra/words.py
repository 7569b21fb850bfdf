"""The algebra of words: products of matrix factors, their powers, transposes and traces, and commuting scalars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sympy import Basic, Identity, MatAdd, MatMul, OneMatrix, Rational, Symbol

from symmat.algebra.build import exponent_node, factor_node, factor_shape, pieces, transposes
from symmat.algebra.equations import right_side
from symmat.algebra.measures import count_turns, is_count, is_several, turns
from symmat.algebra.order import factor_place, word_place
from symmat.algebra.relations import Relations
from symmat.algebra.terms import Exponent, Factor, Scalars, Terms, Word, accumulate, plus, same_word, times, value
from symmat.core.constructors import add, is_one, mul, ones, rebuild, shape_of, trace, transpose
from symmat.core.nodes import DEFINITIONS, Seed
from symmat.core.operation import Equation, Operation, find_operation
from symmat.core.structure import is_orthogonal, structure
from symmat.core.table import table
from symmat.core.walks import postorder
from symmat.effort import spend

MANY_FACTORS = 8
"""Of a longer product only the whole is known beside its inverse."""
MANY = 64
"""A trace of more factors is turned for a differential, and no further."""


class Words:
    """Products within one table; ``normal`` is the normal form of a node, ``terms`` its terms as a factor.

    ``turning`` says whether tr(AB) = tr(BA) and tr(A) = tr(A') are used, ``written`` is where we are in the text.
    """

    def __init__(self, normal: Callable[[Basic], Basic], terms: Callable[[Basic], Terms], turning: bool = True) -> None:
        self._normal = normal
        self._terms = terms
        self._turning = turning
        self._holes = table().holes
        self.written = 0
        self._rank: dict[Basic, tuple[int, int]] = {}
        self._products: dict[Basic, Word] = {}
        self._turned: dict[Basic, Factor] = {}
        self._traces: dict[Word, Basic] = {}
        self._wide: set[int] = set()
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
            (a, m, turned), (b, n, also_turned) = left[-1], right[0]
            together = self._multiplied(left[-1], right[0]) if type(a) is type(b) and m == n == 1 else None
            if together is not None:
                return self.join(self.join(left[:-1], together), right[1:])
            if a is not b or turned != also_turned:
                break
            exponent = self.exponent_sum(m, n)
            left, right = left[:-1], right[1:]
            if exponent != 0:
                left = (*left, (a, exponent, turned))
                break
        found = self._relations.find(left + right, len(left))
        if found is None:
            return left + right
        before, simpler, after = found
        return self.join(self.join(before, simpler), after)

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
        if isinstance(k, int) and k > 1 and same_word(self.join(word, word), word):  # a projector
            return word
        base = mul(*map(factor_node, word))
        if base not in self._products:
            self._learn_product(base, word)
        return ((base, k, False),)

    def _learn_product(self, base: Basic, word: Word) -> None:
        """(A B)⁻¹ A B = I, and where A and B are square B (A B)⁻¹ = A⁻¹; the same for the transposes."""
        self._products[base] = word
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
        other, _, flag = self._turned.get(base) or self._learn_transpose(base)
        return (other, exponent, flag)

    def _learn_definitions(self, base: Basic) -> None:
        """The transposes of the definitions in a base, those inside of others first, so that none waits for another."""
        for node in postorder(base, skip=self._searched.__contains__):
            self._searched.add(node)
            if type(node) in DEFINITIONS:
                self._learn_transpose(node)

    def _learn_transpose(self, base: Basic) -> Factor:
        """What the transpose of a base is: itself, something simpler by its record, or its transpose as it stands."""
        result: Factor = (base, 1, True)
        if base in self._products:
            word = self._products[base]
            if self.turn_sign(word) > 0 and same_word(self.turn_word(word), word):
                result = (base, 1, False)
        elif type(base) in DEFINITIONS:
            body = base.args[1]
            if self.transpose(body) is self._normal(body):
                result = (base, 1, False)
        elif base in self._symmetric or type(base) is Identity or structure(base).sign > 0:
            result = (base, 1, False)
        elif type(base) is OneMatrix and not any(map(is_one, base.args)):
            result = (ones(*reversed(base.args)), 1, False)
        self._turned[base] = result
        return result

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

    def cut(self, terms: Terms) -> Terms:
        """Each word cut where a dimension is 1: what is 1×1 is a scalar."""
        result: Terms = {}
        for (scalars, word), c in terms.items():
            kept: Word = ()
            for piece, is_scalar in list(pieces(word)):
                if is_scalar:
                    scalars = self.merge(scalars, self.trace_of(piece))
                else:
                    kept = self.join(kept, piece)
            accumulate(result, (scalars, kept), c)
        return result

    def has_vectors(self, terms: Terms) -> bool:
        """Whether a factor has a dimension that is 1."""
        return any(id(f[0]) not in self._wide and self._is_thin(f[0]) for _, word in terms for f in word)

    def _is_thin(self, base: Basic) -> bool:
        thin = any(map(is_one, shape_of(base)))
        if not thin:
            self._wide.add(id(base))
        return thin

    # ------------------------------------------------------------ traces

    def trace_of(self, word: Word) -> Scalars:
        """tr of a word, cut where a dimension is 1 and turned so that a differential stands last."""
        cuts = [i for i, factor in enumerate(word) if is_one(factor_shape(factor)[0])]
        if cuts and (self._turning or cuts[0] == 0):
            word = self.join(word[cuts[0] :], word[: cuts[0]])
            scalars: Scalars = ()
            for piece, _ in pieces(word):
                scalars = self.merge(scalars, self._one_by_one(piece))
            return scalars
        return self.scalar(self._trace_node(word, cyclic=self._turning))

    def _one_by_one(self, word: Word) -> Scalars:
        """A product that is 1×1, as a scalar; a sum is one of scalars, and e_i'e_i, which turned is nothing, is 1."""
        if len(word) == 1 and word[0][1] == 1 and type(word[0][0]) is MatAdd:
            [(scalars, _)] = self._terms(trace(word[0][0]))
            return scalars
        return self.scalar(self._trace_node(word, cyclic=False)) if all(self._same_trace(word, cyclic=False)) else ()

    def closed(self, word: Word, size: Basic) -> tuple[Word, Basic]:
        """A word with the same trace whose ends make no shorter one, and its size: tr(Q A Q') is tr(A) if Q'Q = I."""
        while self._turning and len(word) > 1:
            seam = self.join(word[-1:], word[:1])
            if len(seam) > 1:
                break
            size = factor_shape(word[-1])[0]
            word = self.join(seam, word[1:-1])
        return word, size

    def _trace_node(self, word: Word, cyclic: bool) -> Basic:
        same = list(self._same_trace(word, cyclic))
        spend(len(same) * (1 + len(word) // 6))
        known = next((self._traces[w] for w in same if w in self._traces), None)
        if known is None:
            best = max(map(self._ends_well, same))
            shown, *others = (w for w in same if self._ends_well(w) == best)
            if others and any(self._holes[base] for base, _, _ in word):  # nobody wrote it
                shown = min(shown, *others, key=lambda w: (cyclic and factor_place(w[-1]), word_place(w)))
            known = trace(mul(*map(factor_node, shown)))
            self._traces[shown] = known
        return known

    def _same_trace(self, word: Word, cyclic: bool) -> Iterable[Word]:
        """The words with the same trace: rotations, if cyclic, and transposes."""
        for way in (word, self.turn_word(word)) if self._turning and self.turn_sign(word) > 0 else (word,):
            yield way
            if cyclic:
                for i in range(1, len(way)):
                    if len(way) <= MANY or self._holes[way[i - 1][0]]:
                        yield way[i:] + way[:i]

    def _ends_well(self, word: Word) -> tuple[int, int]:
        """A differential stands last, and untransposed; else there are few transposes."""
        ending = 0 if not word or not self._holes[word[-1][0]] else 1 if word[-1][2] else 2
        return ending, -sum(turned for _, _, turned in word)

    def learn_sum(self, base: Basic, factor: Factor) -> None:
        """The transpose of a sum that stands as a factor."""
        self._turned[base] = factor
