"""Atoms: numbers, symbols, indices, differentials and identities."""

from __future__ import annotations

from fractions import Fraction

from symmat.core.constructors import decimal, differential_symbol, identity, number
from symmat.language.context import Context
from symmat.language.surface import Surface
from symmat.language.terms import Term, known


def read_number(context: Context, node: Surface) -> Term:
    """``2``, ``0.5``: exact, and a decimal as it is typed."""
    value = Fraction(node.value)
    if value.denominator == 1:
        return context.terms.known(number(int(value)), node, True, value)
    return context.terms.known(decimal(value), node, False, value)


def read_symbol(context: Context, node: Surface) -> Term:
    """``X``, or the name of a definition."""
    return context.small(context.symbols.find(node), node)


def read_index(context: Context, node: Surface) -> Term:
    """The i of a finite sum, inside it."""
    return context.symbols.index(node)


def read_differential(context: Context, node: Surface) -> Term:
    """``dX``."""
    symbol = context.symbols.differential_of(node)
    return context.small(context.terms.new(differential_symbol, (symbol,), symbol.dims, node), node)


def read_identity(context: Context, node: Surface) -> Term:
    """``I``, ``I_n``, ``I_{n + 1}``."""
    if node.parts:
        size = context.symbols.size_of(node.parts[0])
    else:
        size = context.symbols.named_size(node) if node.value else context.open_size(node)
    return context.terms.new(lambda: identity(known(size)), (), (size, size), node)


def read_word(context: Context, node: Surface) -> Term:
    """What is no term of its own: the expm of ``frechet(expm, X, E)``, the ``:`` of ``X[i, :]``."""
    return context.terms.known(number(0), node)
