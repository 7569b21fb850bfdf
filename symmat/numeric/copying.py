"""The source of kernels, as it is copied into generated code: without annotations, and what one calls before it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
from inspect import getsource, isfunction
from textwrap import dedent
from typing import Any

from symmat.errors import NameProblem
from symmat.numeric import kernels

KERNELS: dict[str, Callable[..., Any]] = {
    name: f for name, f in vars(kernels).items() if isfunction(f) and f.__module__ == kernels.__name__
}


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of one's own a kernel, that values call as ``xp.kernels.its_name``.

    It is plain NumPy, named ``np``, and SciPy, and calls no other function but kernels.  Raises NameProblem where
    another module has a kernel of the name.
    """
    name = function.__name__
    if KERNELS.get(name, function).__module__ != function.__module__:
        raise NameProblem(f"there is a kernel {name} in {KERNELS[name].__module__} already", "give it another name")
    KERNELS[name] = function
    setattr(kernels, name, function)
    return function


def sources(names: Iterable[str]) -> list[str]:
    """The sources of kernels and of all that they call, callees first."""
    order: dict[str, None] = {}
    for name in names:
        order.update(dict.fromkeys((*_callees(KERNELS[name]), name)))
    return [source(KERNELS[name]) for name in order]


@cache
def source(kernel: Callable[..., Any]) -> str:
    """The source of one kernel, without its annotations and decorators."""
    text = dedent(getsource(kernel)).rstrip()
    [function] = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    lines = text.encode().split(b"\n")  # in which a tree counts
    for line, start, end in sorted(_annotations(function, lines), reverse=True):
        lines[line] = lines[line][:start] + lines[line][end:]
    return b"\n".join(lines[function.lineno - 1 :]).decode()


def _annotations(function: ast.FunctionDef, lines: list[bytes]) -> Iterable[tuple[int, int, int]]:
    """The line, start and end of each annotation of a function whose head is one line."""
    own = function.args
    for arg in (*own.posonlyargs, *own.args, *own.kwonlyargs, own.vararg, own.kwarg):
        if arg is not None and arg.annotation is not None:
            yield arg.lineno - 1, arg.col_offset + len(arg.arg.encode()), arg.annotation.end_col_offset or 0
    if function.returns is not None:
        arrow = lines[function.returns.lineno - 1].rindex(b" ->", 0, function.returns.col_offset)
        yield function.returns.lineno - 1, arrow, function.returns.end_col_offset or 0


@cache
def _callees(kernel: Callable[..., Any]) -> tuple[str, ...]:
    """The kernels that a kernel calls, each before what calls it."""
    found: dict[str, None] = {}
    for node in ast.walk(ast.parse(source(kernel))):
        if isinstance(node, ast.Name) and node.id in KERNELS and node.id != kernel.__name__:
            found.update(dict.fromkeys((*_callees(KERNELS[node.id]), node.id)))
    return tuple(found)
