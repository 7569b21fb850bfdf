"""The table of rules: what each kind of piece of a text means."""

from __future__ import annotations

from collections.abc import Callable

from symmat.language.atoms import read_differential, read_identity, read_index, read_number, read_symbol, read_word
from symmat.language.bars import read_absolute, read_norm
from symmat.language.calls import read_call, read_finite_sum
from symmat.language.context import Context
from symmat.language.parts import read_block, read_part
from symmat.language.powers import read_power, read_transposed
from symmat.language.products import read_chain, read_frobenius
from symmat.language.sums import read_negative, read_sum
from symmat.language.surface import Surface, postorder
from symmat.language.terms import Term

RULES: dict[str, Callable[[Context, Surface], Term]] = {
    "number": read_number,
    "symbol": read_symbol,
    "bound": read_index,
    "differential": read_differential,
    "identity": read_identity,
    "named": read_word,
    "negative": read_negative,
    "sum": read_sum,
    "chain": read_chain,
    "frobenius": read_frobenius,
    "power": read_power,
    "transposed": read_transposed,
    "entry": read_part,
    "range": lambda context, node: node.parts[0].term,
    "all": read_word,
    "block": read_block,
    "norm": read_norm,
    "absolute": read_absolute,
    "call": read_call,
    "finite_sum": read_finite_sum,
}


def meaning(context: Context, root: Surface) -> Term:
    """The term of a piece: each part has its own before the whole, and no step recurses."""
    for node in postorder(root):
        node.term = RULES[node.rule](context, node)
    return root.term
