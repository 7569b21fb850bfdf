"""What a careful author writes before each kind of derivative: the differentials, and how the result is read off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sympy import Basic

from symmat.algebra.depths import with_depths
from symmat.calculus.derivation import Derivation, Rewriting
from symmat.calculus.derivatives import adjoint, gradient, nth_differential, shown_differentials, slope
from symmat.calculus.projection import project, tangent_space
from symmat.core.constructors import differential_symbol, is_one, shape_of


def explain(
    kind: str,
    order: int,
    F: Basic,
    variables: Sequence[Basic],
    cotangent: Basic,
    shown: Basic,
    display: Basic,
    taken: Sequence[str],
) -> list[Rewriting]:
    """The steps to what is shown, and to how it is displayed; ``taken`` are names that no definition may get."""
    told = Derivation(F, variables, [*taken, cotangent.name] if kind == "adjoint" else taken)
    current = F
    last = shown if kind == "diff" else nth_differential(F, variables, order).shown
    for n, change in enumerate([*_in_between(F, variables, order), last], 1):
        told.differentiate(current, change, n)
        current = change
    dX = differential_symbol(variables[0])
    if kind in ("grad", "adjoint"):
        _pull_back(told, kind, F, variables[0], cotangent, shown)
    elif kind == "hessian":
        _differentiate_gradient(told, F, variables[0], cotangent, shown)
    elif kind != "diff":
        told.state(Rewriting(kind, shown, shown, kind=kind, names=(dX,)))
    if display is not shown:
        name = "name what repeats"
        told.steps.append(Rewriting(name, shown, display, None, kind, order, reason=told.untold(display)))
    return told.steps


def _in_between(F: Basic, variables: Sequence[Basic], order: int) -> list[Basic]:
    """The differentials of the orders below; a program stays in its definitions."""
    if order == 1:
        return []
    return [*map(with_depths, islice(shown_differentials(F, variables, from_gradients=False), order - 1))]


def _pull_back(
    told: Derivation, kind: str, F: Basic, X: Basic, cotangent: Basic, shown: Basic, of: Basic | None = None
) -> None:
    """The gradient or the adjoint, read off dF; in a structured variable it is projected onto the tangent space."""
    dX = differential_symbol(X)
    about = (dX, cotangent) if kind == "adjoint" else (dX,)
    if not tangent_space(X):
        rule, names = (kind, about) if of is None else (f"named {kind}", (*about, of))
        told.state(Rewriting(rule, shown, shown, of, kind, names=names))
        return
    free = (gradient(F, X, False) if kind == "grad" else adjoint(F, X, cotangent, False)).shown
    G = told.name("GHK", free)
    told.state(Rewriting(f"named {kind}", free, free, G, names=(*about, G)))
    projected = project(X, G)
    told.state(Rewriting(f"project onto {tangent_space(X)}", projected, projected, of, kind))
    told.steps.append(Rewriting("substitute {0}", projected, shown, of, kind, names=(G,)))


def _differentiate_gradient(told: Derivation, f: Basic, x: Basic, cotangent: Basic, shown: Basic) -> None:
    """The gradient g, its differential, and the Hessian read off that."""
    gradient_, shape = slope(f, x), shape_of(x)
    g = told.name("GHK" if shape and not is_one(shape[1]) else "gh", gradient_)
    _pull_back(told, "grad", f, x, cotangent, gradient_, g)
    dg = told.differentiate_definition(g)
    rule, names = ("hessian", (differential_symbol(x), dg)) if dg is not None else ("{0} is constant", (g,))
    told.state(Rewriting(rule, shown, shown, kind="hessian", names=names))
