"""symmat: matrix derivatives that can be trusted.

Symbolic noncommutative differentiation of matrix expressions: dF = F'(X)[dX], with dX standing where it belongs.

>>> import symmat as sm
>>> print(sm.diff("X^3"))
dF = dX X^2 + X dX X + X^2 dX
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symmat.errors import SymmatError, too_deep

if TYPE_CHECKING:
    from symmat.api import (
        Program,
        Result,
        adjoint,
        check,
        diff,
        expand,
        grad,
        hessian,
        jacobian,
        parse,
        show,
    )
    from symmat.expansion import Expansion
    from symmat.numeric import CheckReport
    from symmat.summary import Summary

__version__ = "0.1.0"

__all__ = [
    "CheckReport",
    "Expansion",
    "Program",
    "Result",
    "Summary",
    "SymmatError",
    "adjoint",
    "check",
    "diff",
    "expand",
    "grad",
    "hessian",
    "jacobian",
    "parse",
    "show",
]


HOMES = {"CheckReport": "symmat.numeric", "Expansion": "symmat.expansion", "Summary": "symmat.summary"}


def __getattr__(name: str) -> Any:
    # SymPy and Lark load with the first name that is used, so that `import symmat` costs nothing
    if name not in __all__:
        raise AttributeError(f"module 'symmat' has no attribute {name!r}")
    try:
        return getattr(import_module(HOMES.get(name, "symmat.api")), name)
    except RecursionError:
        raise too_deep() from None


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
