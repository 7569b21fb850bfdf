"""Conditions in simpler operands: 2 σ² ≠ 0 is σ ≠ 0, and A B is invertible where A and B are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import (
    Abs,
    Basic,
    Determinant,
    HadamardPower,
    HadamardProduct,
    Inverse,
    MatMul,
    MatPow,
    Mul,
    Pow,
    Trace,
    Transpose,
)

from symmat.calculus.facts import DEFINITE, gram
from symmat.core.constructors import mul, shape_of
from symmat.core.nodes import SquareRoot
from symmat.facts.conditions import (
    COLUMNS,
    ENTRIES_HAVE_POWER,
    ENTRIES_NOT_ZERO,
    ENTRIES_POSITIVE,
    FULL_RANK,
    HAS_POWER,
    INVERTIBLE_IN_THIS_FORM,
    IS_INVERTIBLE,
    IS_NOT_ZERO,
    IS_ORIENTED,
    IS_POSITIVE,
    KEEPS_ITS_RANK,
    MEANING,
    NO_COMMON_EIGENVALUE,
    NONNEGATIVE,
    NONZERO,
    POSITIVE,
    SEMIDEFINITE,
    Facts,
)
from symmat.operations.elementwise import ON_ENTRIES
from symmat.operations.norms import Norm, NuclearNorm, SpectralNorm, SquaredNorm


@dataclass(frozen=True)
class Condition:
    """A template such as ``{A} is invertible``, and the operands that fill it."""

    template: str
    operands: tuple[Basic, ...]


def simplified(condition: Condition, known: Callable[[Basic], Facts], seen: set[Condition]) -> Iterator[Condition]:
    """The conditions on parts of the operand that are the same together, without those seen or known to hold."""
    todo = [condition]
    while todo:
        condition = todo.pop()
        if condition in seen or holds(condition, known):
            continue
        seen.add(condition)
        simpler = _reduced(condition, known)
        if simpler is None:
            yield condition
        else:
            todo.extend(reversed(simpler))


def holds(condition: Condition, known: Callable[[Basic], Facts]) -> bool:
    """Whether a condition follows from what is known of its operands."""
    template, operands = condition.template, condition.operands
    if template in MEANING:
        return MEANING[template] <= known(operands[0])
    if template == KEEPS_ITS_RANK:
        return FULL_RANK in known(operands[0])
    if template in (HAS_POWER, ENTRIES_HAVE_POWER):
        return NONZERO in known(operands[0]) or POSITIVE in known(operands[1])
    if template == NO_COMMON_EIGENVALUE:
        A, B = map(known, operands)
        return SEMIDEFINITE in A & B and COLUMNS in A | B
    return False


def _reduced(condition: Condition, known: Callable[[Basic], Facts]) -> list[Condition] | None:
    """The conditions that one is equivalent to, if they are simpler."""
    template, node = condition.template, condition.operands[0]
    if template in (IS_POSITIVE, ENTRIES_POSITIVE) and NONNEGATIVE in known(node):
        return [Condition(ENTRIES_NOT_ZERO if shape_of(node) else IS_NOT_ZERO, (node,))]
    if template == IS_POSITIVE:
        return _reduced_sign(node, known)
    if template == ENTRIES_NOT_ZERO:
        return _reduced_entries(node)
    if template == IS_NOT_ZERO:
        return _reduced_nonzero(node, known)
    if template == HAS_POWER:
        bases = _reduced_nonzero(node, known) or []
        return [Condition(HAS_POWER, (bases[0].operands[0], condition.operands[1]))] if len(bases) == 1 else None
    if template in (IS_INVERTIBLE, INVERTIBLE_IN_THIS_FORM):
        return _reduced_inverse(node, template)
    return None


def _reduced_sign(node: Basic, known: Callable[[Basic], Facts]) -> list[Condition] | None:
    if type(node) is Determinant:
        return [Condition(IS_ORIENTED, node.args)]
    if type(node) is Mul:
        rest = [a for a in node.args if POSITIVE not in known(a)]
        if len(rest) < len(node.args):
            return [Condition(IS_POSITIVE, (mul(*rest),))]
    return None


def _reduced_nonzero(node: Basic, known: Callable[[Basic], Facts]) -> list[Condition] | None:
    if type(node) in (Mul, MatMul) and sum(map(bool, map(shape_of, node.args))) <= 1:
        return [Condition(IS_NOT_ZERO, (a,)) for a in node.args]
    if type(node) in (Pow, Norm, SquaredNorm, SpectralNorm, NuclearNorm, Abs, SquareRoot, Transpose):
        return [Condition(IS_NOT_ZERO, node.args[:1])]
    if type(node) is Determinant:
        return [Condition(IS_INVERTIBLE, node.args)]
    halves = gram(node.args[0]) if type(node) is Trace else None
    if halves is not None and len(halves[1]) == 1 and all(known(M) >= DEFINITE for M in halves[0]):
        return [Condition(IS_NOT_ZERO, (halves[1][0],))]  # x'S x
    return None


def _reduced_entries(node: Basic) -> list[Condition] | None:
    if type(node) in (HadamardPower, ON_ENTRIES[Abs], ON_ENTRIES[SquareRoot], Transpose):
        return [Condition(ENTRIES_NOT_ZERO, node.args[:1])]
    if type(node) is HadamardProduct or (type(node) is MatMul and not any(map(shape_of, node.args[:-1]))):
        return [Condition(ENTRIES_NOT_ZERO if shape_of(a) else IS_NOT_ZERO, (a,)) for a in node.args]
    return None


def _reduced_inverse(node: Basic, template: str) -> list[Condition] | None:
    if type(node) in (Transpose, Inverse, MatPow):
        return [Condition(template, node.args[:1])]
    if type(node) is MatMul and all(shape_of(a) in ((), shape_of(node)) for a in node.args):
        return [Condition(template if shape_of(a) else IS_NOT_ZERO, (a,)) for a in node.args]
    return None
