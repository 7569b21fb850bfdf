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

from sympy import Basic, Integer, Min, Symbol, expand

from symmat.errors import ShapeProblem
from symmat.expressions.table import Shape, intern_atom

Pattern = tuple[str, ...]


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
        return interned_size(expand(n * (n + 1) / 2))
    return size_product(*map(sizes.__getitem__, token))


def _pattern(text: str) -> Pattern:
    word = text.strip()
    return () if word == "scalar" else tuple(word.split("×"))


def size_product(*sizes: Basic) -> Basic:
    """The product of dimensions, expanded: (n + 1) m and n m + m are the same size."""
    product = Integer(1)
    for size in sizes:
        product = expand(product * size)
    return sizes[0] if len(sizes) == 1 and sizes[0] == product else interned_size(product)


def interned_size(size: Basic) -> Basic:
    """A dimension as the one node of the table in use."""
    if isinstance(size, Integer):
        return intern_atom((Integer, int(size)), lambda: size, ())
    if isinstance(size, Symbol):
        return intern_atom((Symbol, size.name, "integer"), lambda: size, ())
    return intern_atom(("size", size), lambda: size, ())
