"""Gradients of structured variables: the pullback, projected onto the tangent space."""

from __future__ import annotations

from sympy import Basic

from symmat.core.structure import FREE, is_orthogonal, structure
from symmat.errors import UnsupportedProblem


def project(variable: Basic, G: Basic) -> Basic:
    """The projection of a pullback onto the tangent space of a variable."""
    project_onto = structure(variable).project
    return G if project_onto is None else project_onto(variable, G)


def tangent_space(variable: Basic) -> str:
    """What the gradient of a structured variable is projected onto, in words; nothing if it is not structured."""
    kind = structure(variable)
    if kind is FREE:
        return ""
    if not kind.tangent:
        return "the tangent space"
    return f"{kind.tangent} {'triangular ' * kind.tangent.endswith(('lower', 'upper'))}matrices"


def refuse_second_order(variable: Basic) -> None:
    """An error where the second differential depends on more than dX: Q'Q = I bends."""
    if is_orthogonal(variable):
        raise UnsupportedProblem(
            f"a second derivative in an orthogonal variable: d²{variable.name} is not 0 on Q'Q = I",
            "take first derivatives, or write Q in free parameters, such as (I - S)^-1 (I + S) with S skew",
        )
