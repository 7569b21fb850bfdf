"""Deep expressions as programs: what stands inside of the inside gets a name where a derivative would repeat it.

The k-th derivative of f(g(h(…))) has f, g, h, … in each of its terms; with names each is written once (Griewank &
Walther, Evaluating Derivatives, ch. 3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sympy import Basic

from symmat.algebra.measures import is_seen_through, program_length
from symmat.calculus.naming import LETTERS, kind
from symmat.core.constructors import definition, differential_symbol
from symmat.core.differential import differential
from symmat.core.nodes import DEFINITIONS, SUMS
from symmat.core.walks import children, occurs, postorder, with_operands

LONGEST = 500
"""Of so many symbols and operations a derivative is written without new names."""
PART = 5
"""What is shorter needs no name."""
DEEP = 3
"""Parts that stand less deep inside of one another need no names."""
STEEP = 10
"""So many times longer than itself the differential of an expression is, where parts are deep inside of it."""
HIGHEST = 8
"""The size of a derivative is estimated up to this order."""
SMALL = 16
"""Nor does an expression of fewer nodes."""


def as_program(F: Basic, variables: Sequence[Basic], order: int, taken: Collection[str]) -> Basic:
    """F, with definitions for its parts where its derivative of an order would be too long without."""
    if sum(1 for _ in postorder(F)) < SMALL:
        return F
    parts = _parts(F, variables)
    if max(parts.values(), default=0) < DEEP or not _is_long(F, variables, order):
        return F
    names = {key: _numbered(letters, taken) for key, letters in LETTERS.items()}
    done: dict[Basic, Basic] = {}
    for node in postorder(F, skip=lambda n: type(n) in SUMS):
        own = with_operands(node, [done.get(a, a) for a in children(node)])
        done[node] = definition(next(names[kind(node)]), own) if node in parts else own
    return done[F]


def _parts(F: Basic, variables: Sequence[Basic]) -> dict[Basic, int]:
    """The operations below F that move and have several symbols beside those of the parts inside of them.

    With each goes how many stand inside of one another there.
    """
    moves = occurs(F, frozenset(variables))
    bodies = {children(node)[0] for node in postorder(F) if type(node) in DEFINITIONS}
    sizes: dict[Basic, int] = {}
    depths: dict[Basic, int] = {}
    parts: dict[Basic, int] = {}
    for node in postorder(F, skip=lambda n: type(n) in SUMS):
        if type(node) in DEFINITIONS:
            sizes[node], depths[node] = 1, 0
            continue
        sizes[node] = 1 + sum(sizes.get(a, 1) for a in children(node))
        depths[node] = max((depths.get(a, 0) for a in children(node)), default=0)
        is_part = sizes[node] >= PART and moves[node] and not is_seen_through(node)
        if is_part and node is not F and node not in bodies:
            sizes[node] = 1
            depths[node] += 1
            parts[node] = depths[node]
    return parts


def _is_long(F: Basic, variables: Sequence[Basic], order: int) -> bool:
    """Whether a derivative would be long, and each differentiation makes it several times longer."""
    change = differential(F, {v: differential_symbol(v) for v in variables})
    if change is None:
        return False
    after = program_length(change)
    growth = after // program_length(F)
    return growth >= STEEP and after * int(growth ** min(order - 1, HIGHEST)) > LONGEST


def _numbered(letters: str, taken: Collection[str]) -> Iterator[str]:
    """S_1, S_2, …, with a letter that no name begins with."""
    firsts = {name[0] for name in taken}
    letter = next((a for a in letters if a not in firsts), letters[0])
    n = 0
    while True:
        n += 1
        if f"{letter}_{n}" not in taken:
            yield f"{letter}_{n}"
