"""The derivatives that people ask for, as a reader sees them and as a program for numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sympy import Basic

from symmat.calculus.differential import differential
from symmat.calculus.pullback import pullback
from symmat.calculus.vectorize import vec_matrix
from symmat.errors import LimitProblem
from symmat.expressions.constructors import (
    add,
    cotangent,
    differential_symbol,
    mul,
    number,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.expressions.nodes import DEFINITIONS
from symmat.expressions.normal import normalizer
from symmat.expressions.signature import size_product
from symmat.expressions.table import Shape
from symmat.expressions.walks import postorder, replace
from symmat.operations.kronecker import vec

READABLE = 400
"""Up to so many factors a gradient is written out; above, the cotangents of definitions are definitions too."""


@dataclass(frozen=True)
class Derivative:
    """``shown`` is the normal form; ``program`` computes the same from F, or from an F made fit for numbers."""

    shown: Basic
    program: Callable[[Basic], Basic]


def nth_differential(F: Basic, variables: Sequence[Basic], order: int) -> Derivative:
    """dF, d²F, …: linear in each differential.  That of a scalar is shown from its gradient, as tr(g' dX)."""
    directions = {v: differential_symbol(v) for v in variables}

    def program(G: Basic) -> Basic:
        for _ in range(order):
            G = _present(differential(G, directions), shape_of(F))
        return G

    normalizer().normal(F)
    if order == 1 and not shape_of(F):
        return Derivative(normalizer().normal(_from_gradients(F, variables)), program)
    return Derivative(normalizer().normal(program(F)), program)


def _from_gradients(f: Basic, variables: Sequence[Basic]) -> Basic:
    seed = _seed()
    terms = []
    for variable, pulled in zip(variables, _pulled(f, seed, variables), strict=True):
        if pulled is not None:
            turned = normalizer().normal(transpose(pulled))
            terms.append(trace(mul(turned, differential_symbol(variable))))
    return add(*terms) if terms else number(0)


def adjoint(F: Basic, variable: Basic, G: Basic) -> Derivative:
    """F'(X)*[G]: ⟨G, F'(X)[dX]⟩ = ⟨F'(X)*[G], dX⟩ with ⟨A, B⟩ = tr(A'B)."""

    def program(H: Basic) -> Basic:
        return _present(pullback(H, G, [variable])[0], shape_of(variable))

    normalizer().normal(F)
    pulled = _pulled(F, G, [variable])[0]
    return Derivative(normalizer().normal(_present(pulled, shape_of(variable))), program)


def gradient(f: Basic, variable: Basic) -> Derivative:
    """∇f, in the shape of X: df = tr(∇f' dX)."""
    seed = _seed()
    shown = adjoint(f, variable, seed)
    return Derivative(shown.shown, lambda g: replace(shown.program(g), {seed: number(1)}))


def jacobian(F: Basic, variable: Basic) -> Derivative:
    """J with vec F'(X)[dX] = J vec dX; of a scalar function the row vec(∇f)'."""
    if not shape_of(F):
        g = gradient(F, variable)
        turned = [transpose(vec(g.shown)) if shape_of(variable) else g.shown]
        return Derivative(normalizer().normal(turned[0]), lambda _: turned[0])
    dX = differential_symbol(variable)
    normalizer().normal(F)
    change = differential(F, {variable: dX})
    if change is None:
        nothing = zero(tuple(size_product(*shape_of(node)) for node in (F, variable)))
        return Derivative(nothing, lambda _: nothing)
    shown = normalizer().normal(vec_matrix(normalizer().expanded(change), dX))
    return Derivative(shown, lambda _: shown)


def _seed() -> Basic:
    """The cotangent that a gradient is an adjoint of: it is shown as 1."""
    seed = cotangent((), "1")
    normalizer().dropped.add(seed)
    return seed


def _pulled(F: Basic, G: Basic, variables: Sequence[Basic]) -> list[Basic | None]:
    """The pullback, written out where that is short, else with named cotangents."""
    pulled = pullback(F, G, variables)
    if not any(type(node) in DEFINITIONS for node in postorder(F)):
        return pulled
    try:
        for part in pulled:
            if part is not None:
                normalizer().within(READABLE, part)
    except LimitProblem:
        return pullback(F, G, variables, named=True)
    return pulled


def _present(node: Basic | None, shape: Shape) -> Basic:
    """A structural zero made a node, at the end."""
    return zero(shape) if node is None else node
