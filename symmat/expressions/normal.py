"""The normal form: a sum of terms, each a number, commuting scalars and a word of matrix factors.

What holds a differential or a cotangent is distributed, what the user wrote is kept as a factor.  Sums are equal
whatever the order of their terms, and are shown in the order in which they first appeared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from sympy import (
    Add,
    Basic,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    Pow,
    Rational,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
)

from symmat.errors import LimitProblem, ValueProblem
from symmat.expressions.collect import common_factors
from symmat.expressions.constructors import (
    Number,
    add,
    decimal,
    definition,
    finite_sum,
    identity,
    inverse,
    is_one,
    mul,
    neg,
    number,
    power,
    rebuild,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.expressions.nodes import DEFINITIONS, PENDING, SUMS, Decimal
from symmat.expressions.operation import find_operation
from symmat.expressions.sums import is_free
from symmat.expressions.table import Shape, table
from symmat.expressions.terms import (
    UNIT,
    Exponent,
    Factor,
    Key,
    Scalars,
    Terms,
    Typed,
    Word,
    accumulate,
    plus,
    times,
    to_power,
    value,
)
from symmat.expressions.walks import postorder

LARGEST_RESULT = 5_000_000
"""A result with more factors than this is an error that advises definitions."""


def normal(node: Basic) -> Basic:
    """The normal form of an expression, in the table in use."""
    return normalizer().normal(node)


def normalizer() -> Normalizer:
    """The normalizer of the table in use: it remembers what it has seen."""
    memo = table().memo("normalizer")
    if not memo:
        memo[None] = Normalizer()
    return memo[None]  # type: ignore[no-any-return]


class Normalizer:
    """Normal forms within one table.

    ``dropped`` holds cotangents to be shown as 1: a gradient is an adjoint applied to 1.
    """

    def __init__(self) -> None:
        self.dropped: set[Basic] = set()
        self._holes = table().holes
        self._terms: dict[Basic, Terms] = {}
        self._nodes: dict[Basic, Basic] = {}
        self._rank: dict[Basic, int] = {}
        self._sums: dict[tuple[object, Shape], Factor] = {}
        self._parts: dict[Basic, Terms] = {}
        self._turned: dict[Basic, Factor] = {}
        self._traces: dict[Word, Basic] = {}
        self._thin: dict[Basic, bool] = {}
        self._size, self._limit = 0, LARGEST_RESULT
        self._rules: dict[type[Basic], Callable[[Basic], Terms]] = {
            Add: self._sum,
            MatAdd: self._sum,
            Mul: self._product,
            MatMul: self._product,
            Pow: self._scalar_power,
            MatPow: self._matrix_power,
            Inverse: self._inverse,
            Transpose: self._transpose,
            Trace: self._trace,
            Identity: lambda node: {UNIT: 1},
            ZeroMatrix: lambda node: {},
            **dict.fromkeys(DEFINITIONS, self._definition),
            **dict.fromkeys(SUMS, self._finite_sum),
        }

    def normal(self, raw: Basic) -> Basic:
        """The normal form of a node."""
        if raw not in self._nodes:
            for node in postorder(raw, skip=self._known):
                self._terms[node] = self._terms_of(node)
            self._nodes[raw] = self._node(self._terms[raw], shape_of(raw), bool(self._holes[raw]))
        return self._nodes[raw]

    def expanded(self, raw: Basic) -> Basic:
        """The normal form with its terms side by side: no common factor is taken out."""
        self.normal(raw)
        return self._flat(self._terms[raw], shape_of(raw))

    def _known(self, node: Basic) -> bool:
        if node in self._terms:
            return True
        if type(node) in PENDING or (type(node) in DEFINITIONS and not self._holes[node]):
            self._terms[node] = self._leaf(node)
            return True
        return False

    # ------------------------------------------------------------ terms of a node, from those of its operands

    def _terms_of(self, node: Basic) -> Terms:
        if isinstance(node, Rational):
            exact = value(node)
            return {UNIT: exact} if exact else {}
        rule = self._rules.get(type(node))
        if rule is not None:
            return rule(node)
        record = find_operation(type(node))
        return self._leaf(node if record is None else rebuild(node, [self.normal(a) for a in node.args]))

    def _leaf(self, node: Basic) -> Terms:
        """The terms of a node that is a factor of its own."""
        return {((), ((node, 1, False),)) if shape_of(node) else (self._scalar(node), ()): 1}

    def _scalar(self, atom: Basic, exponent: Exponent = 1) -> Scalars:
        self._rank.setdefault(atom, len(self._rank))
        return ((atom, exponent),)

    def _definition(self, node: Basic) -> Terms:
        return self._leaf(definition(node.args[0].name, self.normal(node.args[1])))  # type: ignore[attr-defined]

    def _sum(self, node: Basic) -> Terms:
        result: Terms = {}
        for term in node.args:
            for key, coefficient in self._terms[term].items():
                accumulate(result, key, coefficient)
        return result

    def _product(self, node: Basic) -> Terms:
        result: Terms = {UNIT: 1}
        for factor in node.args:
            terms = self._factor(factor)
            product: Terms = {}
            for (scalars, word), a in result.items():
                for (more, tail), b in terms.items():
                    joined = self._join(word, tail)
                    accumulate(product, (self._merge(scalars, more), joined), times(a, b))
                    self._count(len(joined))
            result = product
        return self._cut_all(result)

    def _factor(self, node: Basic) -> Terms:
        """The terms of a factor: one term, unless it is a sum that is to be distributed."""
        terms = self._terms[node]
        if len(terms) < 2 or self._holes[node]:
            return terms
        return self._atom(terms, shape_of(node))

    def _atom(self, terms: Terms, shape: Shape) -> Terms:
        """A sum kept as one factor."""
        base, exponent, turned = self._sum_factor(terms, shape)
        return {((), ((base, exponent, turned),)) if shape else (self._scalar(base, exponent), ()): 1}

    def _transpose(self, node: Basic) -> Terms:
        terms = self._factor(node.args[0])
        return {(scalars, self._turn_word(word)): c for (scalars, word), c in terms.items()}

    def _inverse(self, node: Basic) -> Terms:
        [((scalars, word), c)] = self._factor_or_zero(node.args[0]).items()
        inverted = tuple((atom, _negated(self, e)) for atom, e in scalars)
        return {(inverted, self._word_power(word, -1)): to_power(c, -1)}

    def _matrix_power(self, node: Basic) -> Terms:
        base, exponent = node.args
        k = self._exponent(exponent)
        terms = self._factor(base)
        if not terms:
            return {}
        [((scalars, word), c)] = terms.items()
        raised = tuple((atom, self._exponent_product(e, k)) for atom, e in scalars)
        coefficient: Number = 1
        if isinstance(k, int):
            coefficient = to_power(c, k)
        elif c != 1:
            raised = self._merge(raised, self._scalar(number(c), k))
        return {(raised, self._word_power(word, k)): coefficient}

    def _scalar_power(self, node: Basic) -> Terms:
        base, exponent = node.args
        e = self._exponent(exponent)
        terms = self._factor(base)
        if not terms:
            if isinstance(e, int | Fraction) and e < 0:
                raise ValueProblem("division by zero", "the divisor is 0 for every value of its symbols")
            return {} if isinstance(e, int | Fraction) else {(self._scalar(node, 1), ()): 1}
        [((scalars, _), c)] = terms.items()
        whole = isinstance(e, int) or (isinstance(e, Basic) and bool(e.is_integer))
        if isinstance(e, int):
            return {(tuple((atom, self._exponent_product(m, e)) for atom, m in scalars), ()): to_power(c, e)}
        if c == 1 and (whole or (len(scalars) == 1 and scalars[0][1] == 1)):
            return {(tuple((atom, self._exponent_product(m, e)) for atom, m in scalars), ()): 1}
        return {(self._scalar(self.normal(base), e), ()): 1}

    def _trace(self, node: Basic) -> Terms:
        matrix = node.args[0]
        result: Terms = {}
        for (scalars, word), c in self._factor(matrix).items():
            if word:
                accumulate(result, (self._merge(scalars, self._trace_of(word)), ()), c)
            else:
                size = self._terms_of_size(shape_of(matrix)[0])
                for (more, _), b in size.items():
                    accumulate(result, (self._merge(scalars, more), ()), times(b, c))
        return result

    def _terms_of_size(self, size: Basic) -> Terms:
        self.normal(size)
        return self._factor(size)

    def _finite_sum(self, node: Basic) -> Terms:
        body, bound, lower, upper = node.args
        count = add(upper, neg(lower), number(1))
        shape = shape_of(body)
        result: Terms = {}
        for key, c in self._factor(body).items():
            outside = tuple(s for s in key[0] if not is_free(bound, power_node(*s)))
            inside = self._node({(tuple(s for s in key[0] if s not in outside), key[1]): 1}, shape, False)
            if is_free(bound, inside):
                term = self._leaf(finite_sum(inside, bound, self.normal(lower), self.normal(upper)))
            else:
                self.normal(count)
                term = {(self._merge(s, key[0]), key[1]): b for (s, _), b in self._factor(count).items()}
                outside = ()
            for (scalars, word), b in term.items():
                accumulate(result, (self._merge(outside, scalars), word), times(b, c))
        return result

    def _factor_or_zero(self, node: Basic) -> Terms:
        terms = self._factor(node)
        if not terms:
            raise ValueProblem("the inverse of a zero matrix")
        if len(terms) > 1:
            return self._leaf(self.normal(node))
        return terms

    def within(self, factors: int, raw: Basic) -> Basic:
        """The normal form, or a LimitProblem if it takes more factors than that."""
        limit, self._limit = self._limit, self._size + factors
        try:
            return self.normal(raw)
        finally:
            self._limit = limit

    def _count(self, factors: int) -> None:
        self._size += factors
        if self._size > self._limit:
            raise LimitProblem(
                f"the result has over {LARGEST_RESULT:,} factors when it is written out",
                "name the repeated parts by definitions: S = …; …",
            )

    # ------------------------------------------------------------ exponents

    def _exponent(self, node: Basic) -> Exponent:
        """A number as it is, anything else in its normal form."""
        exponent = node if isinstance(node, Rational) else self.normal(node)
        return value(exponent) if isinstance(exponent, Rational) else exponent

    def _exponent_sum(self, a: Exponent, b: Exponent) -> Exponent:
        if not isinstance(a, Basic) and not isinstance(b, Basic):
            return plus(a, b)
        return self._exponent(add(exponent_node(a), exponent_node(b)))

    def _exponent_product(self, a: Exponent, b: Exponent) -> Exponent:
        if not isinstance(a, Basic) and not isinstance(b, Basic):
            return times(a, b)
        return self._exponent(mul(exponent_node(a), exponent_node(b)))

    # ------------------------------------------------------------ scalars and words

    def _merge(self, a: Scalars, b: Scalars) -> Scalars:
        """The product of two sets of commuting factors, in the order in which they first appeared."""
        if not a or not b:
            return a or b
        powers = dict(a)
        for atom, e in b:
            powers[atom] = self._exponent_sum(powers[atom], e) if atom in powers else e
        return tuple(sorted(((s, e) for s, e in powers.items() if e != 0), key=lambda pair: self._place(pair[0])))

    def _place(self, atom: Basic) -> tuple[int, int]:
        """Cotangents first, what holds a differential last, and between them the order of appearance."""
        side = 1 if not self._holes[atom] else 2 if type(atom) is not Symbol else 0
        return (side, self._rank[atom])

    def _join(self, left: Word, right: Word) -> Word:
        """The product of two words: equal neighbours become powers, inverse neighbours vanish."""
        while left and right:
            (a, m, turned), (b, n, also_turned) = left[-1], right[0]
            if a is b and turned == also_turned:
                exponent = self._exponent_sum(m, n)
                if exponent != 0:
                    return (*left[:-1], (a, exponent, turned), *right[1:])
                left, right = left[:-1], right[1:]
            elif (width := self._whole(left, right[0])) and right[0][1] == -1:
                left, right = left[:-width], right[1:]
            elif (width := self._whole(right, left[-1], front=True)) and left[-1][1] == -1:
                left, right = left[:-1], right[width:]
            else:
                break
        return left + right

    def _whole(self, word: Word, factor: Factor, front: bool = False) -> int:
        """How many factors of the word, at its end or front, make up the base of ``factor``; 0 if they do not."""
        base, _, turned = factor
        if type(base) is not MatMul:
            return 0
        [((scalars, product), c)] = self._parts[base].items()
        wanted = self._turn_word(product) if turned else product
        width = len(wanted)
        part = word[:width] if front else word[-width:]
        return width if part == wanted and not scalars and c == 1 else 0

    def _word_power(self, word: Word, k: Exponent) -> Word:
        if len(word) == 1:
            base, e, turned = word[0]
            exponent = self._exponent_product(e, k)
            return ((base, exponent, turned),) if exponent != 0 else ()
        if not word or k == 1:
            return word
        base = mul(*map(factor_node, word))
        self._parts[base] = {((), word): 1}
        return ((base, k, False),)

    def _turn_word(self, word: Word) -> Word:
        """The transpose of a word."""
        return tuple(map(self._turn, reversed(word)))

    def _turn(self, factor: Factor) -> Factor:
        base, exponent, turned = factor
        if turned:
            return (base, exponent, False)
        other, _, flag = self._turned.get(base) or self._learn_transpose(base)
        return (other, exponent, flag)

    def _learn_transpose(self, base: Basic) -> Factor:
        """What the transpose of a base is: itself, something simpler by its record, or its transpose as it stands."""
        record = find_operation(type(base))
        result: Factor = (base, 1, True)
        if base in self._parts and type(base) is MatMul:
            [((_, word), _)] = self._parts[base].items()
            if self._turn_word(word) == word:
                result = (base, 1, False)
        elif record is not None and record.transpose is not None:
            simpler = record.transpose(base)
            self.normal(simpler)
            terms = self._factor(simpler)
            if len(terms) == 1:
                [((scalars, word), c)] = terms.items()
                if len(word) == 1 and not scalars and c == 1 and word[0][1] == 1:
                    result = word[0]
        elif type(base) is Identity:
            result = (base, 1, False)
        self._turned[base] = result
        return result

    def _cut_all(self, terms: Terms) -> Terms:
        """Each word cut where a dimension is 1: what is 1×1 is a scalar."""
        if not any(self._is_thin(factor[0]) for _, word in terms for factor in word):
            return terms
        result: Terms = {}
        for (scalars, word), c in terms.items():
            pieces = list(self._pieces(word))
            kept: Word = ()
            for piece, is_scalar in pieces:
                if is_scalar:
                    scalars = self._merge(scalars, self._trace_of(piece))
                else:
                    kept = self._join(kept, piece)
            accumulate(result, (scalars, kept), c)
        return result

    def _pieces(self, word: Word) -> Iterable[tuple[Word, bool]]:
        """The pieces of a word between dimensions that are 1, each with whether it is 1×1."""
        start, thin_start = 0, False
        for i, factor in enumerate(word):
            rows, cols = factor_shape(factor)
            if i == start:
                thin_start = is_one(rows)
            if is_one(cols) or i == len(word) - 1:
                yield word[start : i + 1], thin_start and is_one(cols)
                start = i + 1

    def _is_thin(self, base: Basic) -> bool:
        if base not in self._thin:
            self._thin[base] = any(map(is_one, shape_of(base)))
        return self._thin[base]

    # ------------------------------------------------------------ traces

    def _trace_of(self, word: Word) -> Scalars:
        """tr of a word, cut where a dimension is 1 and turned so that a differential stands last."""
        cuts = [i for i, factor in enumerate(word) if is_one(factor_shape(factor)[0])]
        if cuts:
            word = word[cuts[0] :] + word[: cuts[0]]
            scalars: Scalars = ()
            for piece, _ in self._pieces(word):
                scalars = self._merge(scalars, self._scalar(self._trace_node(piece, cyclic=False)))
            return scalars
        return self._scalar(self._trace_node(word, cyclic=True))

    def _trace_node(self, word: Word, cyclic: bool) -> Basic:
        holds = next((i for i, factor in enumerate(word) if self._holes[factor[0]]), None)
        if holds is not None:
            if word[holds][2]:
                word, holds = self._turn_word(word), len(word) - 1 - holds
            if cyclic:
                word = self._join(word[holds + 1 :], word[: holds + 1])
        elif cyclic and len(word) > 1 and word[0][0] is word[-1][0] and word[0][2] == word[-1][2]:
            word = self._join(word[-1:], word[:-1])
        same = self._same_trace(word, cyclic and holds is None)
        known = next((self._traces[w] for w in same if w in self._traces), None)
        if known is None:
            known = trace(mul(*map(factor_node, word))) if word else trace(identity(number(1)))
            self._traces[word] = known
        return known

    def _same_trace(self, word: Word, cyclic: bool) -> Iterable[Word]:
        """The words with the same trace: rotations, if cyclic, and transposes."""
        for way in (word, self._turn_word(word)):
            yield way
            if cyclic:
                for i in range(1, min(len(way), 64)):
                    yield way[i:] + way[:i]

    # ------------------------------------------------------------ sums as factors

    def _sum_factor(self, terms: Terms, shape: Shape) -> Factor:
        """The factor that stands for a sum; sums with the same terms, or transposed ones, have the same base."""
        key = (frozenset(terms.items()), shape)
        found = self._sums.get(key)
        if found is None:
            base = self._flat(terms, shape)
            found = (base, 1, False)
            self._parts[base] = terms
            if shape:
                turned = {(scalars, self._turn_word(word)): c for (scalars, word), c in terms.items()}
                turned_key = (frozenset(turned.items()), (shape[1], shape[0]))
                self._turned[base] = found if turned_key == key else (base, 1, True)
                self._sums[turned_key] = self._turned[base]
            self._sums[key] = found
        return found

    def _flat(self, terms: Terms, shape: Shape) -> Basic:
        """The sum as a node, term by term."""
        if not terms:
            return zero(shape)
        return add(*(self._term(c, scalars, word, shape) for (scalars, word), c in terms.items()))

    def _node(self, terms: Terms, shape: Shape, linear: bool) -> Basic:
        """The node of a sum: with its common factors outside if it is linear in a differential, else as it was."""
        if len(terms) < 2:
            return self._flat(terms, shape)
        if not linear:
            factor = self._sum_factor(terms, shape)
            return factor_node(factor) if shape else factor[0]
        terms = dict(sorted(terms.items(), key=lambda item: item[1] < 0))
        shared = common_factors(terms, self.dropped)
        if shared is None:
            return self._flat(terms, shape)
        coefficient, scalars, prefix, inner, suffix = shared
        rows, cols = shape or ((), ())
        inside = (factor_shape(prefix[-1])[1] if prefix else rows, factor_shape(suffix[0])[0] if suffix else cols)
        base = self._flat(inner, inside if shape else ())
        if not shape:
            return self._term(coefficient, (*scalars, *self._scalar(base)), (), ())
        return self._term(coefficient, scalars, (*prefix, (base, 1, False), *suffix), shape)

    def _term(self, coefficient: Number, scalars: Scalars, word: Word, shape: Shape) -> Basic:
        """One term as a node: number, scalars, matrices, and what it is divided by last."""
        above = [power_node(s, e) for s, e in scalars if s not in self.dropped and not _divides(e)]
        below = [power_node(s, -e) for s, e in scalars if _divides(e)]  # type: ignore[operator]
        matrices = [factor_node(f) for f in word]
        if shape and not word:
            matrices = [identity(shape[0])]
        if above and is_dot(above[-1]) and (not shape or (is_one(shape[1]) and self._holes[above[-1]])):
            matrices += above.pop().args[0].args  # 2 x'x is one product, and x (x'dx) is written x x'dx
        factors = above + matrices
        leading = abs(coefficient)
        if leading != 1 or not factors:
            factors.insert(0, number_node(leading))
        node = mul(*factors)
        if not shape:
            node = trace(node)
        if below:
            over = [node] if not shape else factors
            node = mul(*(node.args if type(node) is Mul else over), power(mul(*below), number(-1)))
        return neg(node) if coefficient < 0 else node


def is_dot(node: Basic) -> bool:
    """Whether a scalar is a product of matrices that is 1×1, such as x'A x."""
    return type(node) is Trace and type(node.args[0]) is MatMul and is_one(shape_of(node.args[0])[0])


def _divides(exponent: Exponent) -> bool:
    return not isinstance(exponent, Basic) and exponent < 0


def _negated(owner: Normalizer, exponent: Exponent) -> Exponent:
    return owner._exponent_product(exponent, -1)


def number_node(exact: Number) -> Basic:
    """A number node: a decimal where one was typed and there is a finite one."""
    if type(exact) is Typed and exact.denominator != 1:
        rest = exact.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return decimal(exact)
    return number(exact if isinstance(exact, int) else Fraction(exact))


def exponent_node(exponent: Exponent) -> Basic:
    """An exponent as a node."""
    return exponent if isinstance(exponent, Basic) else number_node(exponent)


def power_node(atom: Basic, exponent: Exponent) -> Basic:
    """A scalar with its exponent."""
    return atom if exponent == 1 else power(atom, exponent_node(exponent))


def factor_shape(factor: Factor) -> tuple[Basic, Basic]:
    """Rows and columns of a factor."""
    rows, cols = shape_of(factor[0])
    return (cols, rows) if factor[2] else (rows, cols)


def factor_node(factor: Factor) -> Basic:
    """A factor as a node; negative powers are powers of the inverse."""
    base, exponent, turned = factor
    node = base
    if exponent != 1:
        if _is_negative(exponent):
            node = inverse(base)
            exponent = -exponent if not isinstance(exponent, Basic) else normal(neg(exponent))
        node = power(node, exponent_node(exponent))
    return transpose(node) if turned else node


def _is_negative(exponent: Exponent) -> bool:
    """Whether an exponent is written with a minus in front."""
    if not isinstance(exponent, Basic):
        return exponent < 0
    first = exponent.args[0] if isinstance(exponent, Mul | Add) else exponent
    if isinstance(exponent, Add) and isinstance(first, Mul):
        first = first.args[0]
    return isinstance(first, Rational) and first.p < 0
