"""Signatures: what shapes an operation takes and gives, as people write it: ``n×n, n×p -> n×p``.

A letter is a dimension and equal letters are equal dimensions; two letters are their product; ``1`` is the short side
of a vector; ``scalar`` is a scalar; ``#m`` is an integer argument that is itself the dimension m.  In a result,
``n(n+1)/2`` and ``min(m,n)`` are what they say.  One signature serves the shape of a node and the inference of shapes
in a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sympy import Add, Basic, Integer, Min, Mul, Pow, Rational, Symbol, expand

from symmat.core.table import FLAGGED, Shape, intern, intern_atom, known
from symmat.effort import MULTIPLIED, spend
from symmat.errors import RecordProblem, ShapeProblem
from symmat.limits import refuse_large

Pattern = tuple[str, ...]
ARGUMENT = re.compile(r"scalar|#[a-z]|(?:1|[a-z]+)×(?:1|[a-z]+)")
SIDE = r"(?:1|[a-z]+|[a-z]\([a-z]\+1\)/2|min\([a-z],[a-z]\))"
RESULT = re.compile(rf"scalar|{SIDE}×{SIDE}")


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
        left, arrow, right = text.partition("->")
        if not arrow:
            raise RecordProblem(f"the signature {text!r:.60} has no '->': write n×n, n×p -> n×p")
        patterns = [_pattern(part, ARGUMENT, text) for part in left.split(",")]
        return Signature(tuple(patterns), _pattern(right, RESULT, text))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind of each argument, in words."""
        return tuple(map(_kind, self.arguments))

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
    if token.endswith("+1)/2"):
        n = sizes[token[0]]
        refuse_large(n, n)
        return interned_size(expand(n * (n + 1) / 2))
    return size_product(*map(sizes.__getitem__, token))


def _kind(pattern: Pattern) -> str:
    if not pattern:
        return "a scalar"
    return "an integer" if pattern[0][0] == "#" else "a vector" if "1" in pattern else "a matrix"


def _pattern(part: str, known: re.Pattern[str], text: str) -> Pattern:
    word = part.strip()
    if not known.fullmatch(word):
        raise RecordProblem(f"{word!r:.60} is no shape, in the signature {text!r:.60}: write m×n, n×1, scalar or #m")
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
