"""The record of an operation, and the register of all of them.

A nonlinear operation writes only its differential, one function an argument; an operation linear in an argument
declares that slot.  Adjoint, gradient, Jacobian and numeric code follow from these (Giles, Collected matrix derivative
results, 2008; the division of labour is that of Frostig et al., Decomposing reverse-mode automatic differentiation,
2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sympy import Basic

from symmat.errors import UnsupportedProblem
from symmat.expressions.signature import Signature

Partial = Callable[..., Basic]
"""``(F, *arguments, dA) -> Basic``: the differential of F in one argument, linear in dA."""


@dataclass(frozen=True)
class Linear:
    """An argument in which an operation is linear.

    ``push(F, i, E)`` is F with E in the place of argument i, without what does not depend on it; ``adjoint(F, i, G)``
    is the map back, ⟨G, push(F, i, E)⟩ = ⟨adjoint(F, i, G), E⟩; ``vec(F, i)`` is the matrix M with
    vec push(F, i, E) = M vec E, or None for the identity.
    """

    push: Callable[[Any, int, Any], Any]
    adjoint: Callable[[Any, int, Any], Any]
    vec: Callable[[Any, int], Any]


@dataclass(frozen=True)
class Operation:
    """One operation: everything that symmat knows of it.

    ``spelling`` is its name in the notation, ``infix`` its sign there if it has one.  ``numpy`` and ``latex`` are
    templates over the arguments ``{A}``, ``{B}``, …; of an infix operation ``latex`` is the sign.  ``domain`` is the
    property that a random argument must have, ``condition`` what must hold for the derivative to exist, ``identity``
    the defining equation (left side, right side) that the derivation of the differential starts from, ``transpose`` the
    transpose of a value where that is simpler than its transpose as it stands.
    """

    node: type[Basic]
    name: str
    spelling: str = ""
    infix: str = ""
    aliases: tuple[str, ...] = ()
    signature: str = ""
    differential: Partial | tuple[Partial | None, ...] = ()
    linear: Linear | tuple[Linear | None, ...] = ()
    transpose: Callable[[Any], Basic] | None = None
    identity: Callable[..., tuple[Basic, Basic]] | None = None
    numpy: str = ""
    latex: str = ""
    domain: str = ""
    condition: str | Callable[[Any], str] = ""
    reference: str = ""
    types: Signature = field(init=False)

    def __post_init__(self) -> None:
        types = Signature.read(self.signature) if self.signature else Signature((), ())
        object.__setattr__(self, "types", types)

    def slot(self, i: int) -> Linear | None:
        """The linear slot of argument i, or None."""
        if isinstance(self.linear, Linear):
            return self.linear
        return self.linear[i] if i < len(self.linear) else None

    def push(self, F: Basic, i: int, E: Basic) -> Basic:
        """The differential of F in argument i, applied to E."""
        slot = self.slot(i)
        if slot is not None:
            return slot.push(F, i, E)
        rules = (self.differential,) if callable(self.differential) else self.differential
        rule = rules[i] if i < len(rules) else None
        if rule is None:
            raise UnsupportedProblem(f"the differential of {self.name} in argument {i + 1} is not supported yet")
        return rule(F, *F.args, E)


_records: dict[type[Basic], Operation] = {}
_spellings: dict[str, Operation] = {}


def register(record: Operation) -> Operation:
    """Make an operation known; third parties do so through the entry-point group ``symmat.operations``."""
    _records[record.node] = record
    for word in (record.spelling, *record.aliases):
        if word:
            _spellings[word] = record
    return record


def operation(node: type[Basic]) -> Operation:
    """The record of a node, by its exact type: ``Inverse`` is a ``MatPow`` for Python, and not for us."""
    record = _records.get(node)
    if record is None:
        raise UnsupportedProblem(f"the operation {node.__name__} has no record, so it is not supported")
    return record


def find_operation(node: type[Basic]) -> Operation | None:
    """The record of a node's type, or None for symbols, definitions and the like."""
    return _records.get(node)


def spelled(word: str) -> Operation | None:
    """The operation that the notation calls ``word``, or None; a word that is new is looked for in other packages."""
    if word not in _spellings:
        load_plugins()
    return _spellings.get(word)


def operations() -> tuple[Operation, ...]:
    """All records, in the order in which they were registered."""
    load_plugins()
    return tuple(_records.values())


@cache
def load_plugins() -> None:
    """Import the modules that other packages name under ``symmat.operations``: they register their records."""
    from importlib.metadata import entry_points  # as slow to import as all of our records, and seldom needed

    for point in entry_points(group="symmat.operations"):
        point.load()
