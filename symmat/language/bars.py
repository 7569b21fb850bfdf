"""Norms and absolute values in bars: ‖x‖, ‖X‖_F, |x|."""

from __future__ import annotations

from symmat.errors import AmbiguousProblem, NameProblem
from symmat.language.calls import read_call
from symmat.language.context import Context
from symmat.language.surface import Surface
from symmat.language.terms import Term

WORDS = {"": "norm", "F": "norm", "1": "norm1", "2": "norm2", "inf": "norminf", "∞": "norminf", "*": "normnuc"}


def read_norm(context: Context, node: Surface) -> Term:
    """``||x||``, ``‖X‖_F``, ``||x||_1``: the function that the subscript names."""
    subscript = str(node.value)
    if subscript not in WORDS:
        known = ", ".join(f"_{s}" for s in WORDS if s)
        context.fail(NameProblem, f"a norm with the subscript {subscript} is not known", node, f"there are {known}")
    inner = node.parts[0]
    if not inner.term.dims:
        shown = context.words(inner)
        context.fail(AmbiguousProblem, f"{shown} is {inner.term.kind}, which has no norm", node, f"write |{shown}|")
    node.value = WORDS[subscript]
    return read_call(context, node)


def read_absolute(context: Context, node: Surface) -> Term:
    """``|x|`` of a scalar."""
    inner = node.parts[0]
    shown = context.words(inner)
    if inner.term.kind == "a matrix":
        hint = f"write det({shown}) for the determinant, or abs.({shown}) for every entry"
        context.fail(AmbiguousProblem, f"bars around a matrix have two readings: {shown} is a matrix", node, hint)
    if inner.term.dims:
        hint = f"write ||{shown}|| for the norm, or abs({shown}) for every entry"
        context.fail(
            AmbiguousProblem, f"bars around a vector have two readings: {shown} is {inner.term.kind}", node, hint
        )
    node.value = "abs"
    return read_call(context, node)
