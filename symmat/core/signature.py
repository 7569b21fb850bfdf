"""Signatures: what shapes an operation takes and gives, as people write it: ``n×n, n×p -> n×p``.

A letter is a dimension and equal letters are equal dimensions; two letters are their product,
and ``n(n+1)/2`` and ``min(m,n)`` are what they say; ``1`` is the short side
of a vector; ``scalar`` is a scalar; ``#m`` is an integer argument that is itself the dimension m.  One signature serves
the shape of a node and the inference of shapes in a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb, prod

from sympy import Add, Basic, Integer, Min, Mul, Pow, Rational, Symbol, cancel, expand

from symmat.core.table import FLAGGED, Shape, intern, intern_atom, known
from symmat.effort import MULTIPLIED, spend
from symmat.errors import LimitProblem, ShapeProblem

Pattern = tuple[str, ...]
LARGEST_NUMBER = 14_000  # bits: Python refuses to print integers of more than 4300 digits
LARGEST_SIZE = 256
"""The degree of a size in its letters, and the number of its terms."""


@dataclass(frozen=True)
class Signature:
    """The patterns of the arguments and of the result: ``("n", "n")`` for n×n, ``()`` for a scalar.

    >>> Signature.read("n×n, n×p -> n×p")
    Signature(arguments=(('n', 'n'), ('n', 'p')), result=('n', 'p'))
    """

    arguments: tuple[Pattern, ...]
    result: Pattern

    @staticmethod
    @cache
    def read(text: str) -> Signature:
        left, right = text.split("->")
        patterns = [_pattern(part) for part in left.split(",")]
        return Signature(tuple(patterns), _pattern(right))

    def shape(self, name: str, args: Sequence[Basic], shapes: Sequence[Shape]) -> Shape:
        """The shape of the result; raises ShapeProblem where the arguments do not fit."""
        if len(args) != len(self.arguments):
            raise ShapeProblem(f"{name} takes {len(self.arguments)} argument(s), and has {len(args)}")
        sizes: dict[str, Basic] = {"1": intern_atom((Integer, 1), lambda: Integer(1), ())}
        for pattern, arg, shape in zip(self.arguments, args, shapes, strict=True):
            if pattern and pattern[0].startswith("#"):
                sizes[pattern[0][1:]] = size_product(arg)
                continue
            if len(pattern) != len(shape):
                wanted, given = (("a scalar", "a matrix")[bool(p)] for p in (pattern, shape))
                raise ShapeProblem(f"{name} takes {wanted}, and is given {given}")
            for letter, size in zip(pattern, shape, strict=True):
                if sizes.setdefault(letter, size) != size:
                    wanted = "a square matrix" if len(set(pattern)) == 1 else "×".join(pattern)
                    raise ShapeProblem(f"{name} needs {wanted}, and is given {'×'.join(map(str, shape))}")
        return tuple(size_from(token, sizes) for token in self.result)


def size_from(token: str, sizes: Mapping[str, Basic]) -> Basic:
    """The size that a part of a signature stands for: ``n``, ``mn``, ``n(n+1)/2`` or ``min(m,n)``."""
    if token.startswith("min("):
        smaller = Min(*(sizes[letter] for letter in token[4:-1].split(",")))
        return interned_size(smaller)
    if token.endswith("(n+1)/2"):
        n = sizes["n"]
        refuse_large(n, n)
        return interned_size(expand(n * (n + 1) / 2))
    return size_product(*map(sizes.__getitem__, token))


def _pattern(text: str) -> Pattern:
    word = text.strip()
    return () if word == "scalar" else tuple(word.split("×"))


@known
def size_product(*sizes: Basic) -> Basic:
    """The product of dimensions, expanded: (n + 1) m and n m + m are the same size."""
    product = Integer(1)
    for size in map(_expanded, sizes):
        if product != 1 or not isinstance(size, Symbol):
            refuse_large(product, size)
        product *= size
        if product.has(Add):
            product = expand(product)
    return sizes[0] if len(sizes) == 1 and sizes[0] == product else interned_size(product)


@known
def size_quotient(whole: Basic, part: Basic) -> Basic:
    """A dimension divided by another, in lowest terms."""
    return interned_size(cancel(whole / part))


def refuse_large(*sizes: Basic, power: int = 1) -> None:
    """A LimitProblem where a power of a product of sizes has more digits, letters or terms than anybody means."""
    letters = len({letter for size in sizes for letter in size.free_symbols})
    counts = [len(Add.make_args(size)) for size in sizes]
    degree, bits = (power * sum(map(measure, sizes)) for measure in (_degree, _bits))
    work = prod(counts) if power == 1 else comb(min(power, LARGEST_SIZE) + counts[0] - 1, counts[0] - 1)
    terms = min(work, comb(degree + letters, letters))
    if max(degree, terms, work / 10) > LARGEST_SIZE or bits > LARGEST_NUMBER:
        raise LimitProblem(
            f"a size of over {LARGEST_SIZE:,} factors or terms, or {LARGEST_NUMBER * 3 // 10:,} digits",
            "write one matrix K of this size: K: m×n",
        )


def _degree(size: Basic) -> int:
    """The number of letters in the longest term of a size."""
    return max(
        sum(
            int(factor.exp) if factor.is_Pow and factor.exp.is_Integer else 1
            for factor in Mul.make_args(term)
            if not factor.is_Number
        )
        for term in Add.make_args(size)
    )


def _bits(size: Basic) -> int:
    """The length of the longest number in a size."""
    return max(int(term.as_coeff_Mul()[0].p).bit_length() for term in Add.make_args(size))


def _expanded(size: Basic) -> Basic:
    """A size in SymPy's own order, multiplied out: p + 1 in normal form and 1 + p as it was declared are the same."""
    return multiplied_out(size, [_expanded(a) for a in size.args]) if size.args else size


def multiplied_out(size: Basic, args: Sequence[Basic]) -> Basic:
    """An operation of a size, on operands that are expanded, expanded; raises LimitProblem where that is too long."""
    if isinstance(size, Mul):
        refuse_large(*args)
    elif isinstance(size, Pow) and isinstance(args[1], Integer):
        refuse_large(args[0], power=abs(int(args[1])))
    spend(MULTIPLIED)
    return expand(size.func(*args))


def interned_size(size: Basic) -> Basic:
    """A dimension as the one node of the table in use, with what it is made of: it may be a factor, as in tr(I)."""
    if isinstance(size, Integer):
        return intern_atom((Integer, int(size)), lambda: size, ())
    if isinstance(size, Symbol):
        return intern_atom((Symbol, size.name, "integer"), lambda: size, ())
    if isinstance(size, Rational):
        return intern_atom((Rational, int(size.p), int(size.q)), lambda: size, ())
    parts = tuple(map(interned_size, size.args))
    if isinstance(size, FLAGGED):
        return intern(type(size), parts, ())
    return intern_atom((type(size), *map(id, parts)), lambda: size, ())
