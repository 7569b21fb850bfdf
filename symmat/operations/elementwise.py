"""Functions of a number, applied to every entry of a vector or matrix: d f(X) = f'(X) ∘ dX.

Each has its derivative in the notation's own functions (Abramowitz & Stegun, ch. 3, 4 and 7).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Basic,
    HadamardPower,
    acos,
    asin,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from symmat.core.constructors import add, constant, make, mul, neg, number, power, shape_of, transpose
from symmat.core.nodes import MatrixOperation, ScalarOperation, SquareRoot
from symmat.core.operation import Equation, Operation, Partial, register
from symmat.core.predicate import Predicate
from symmat.facts.predicates import below_one, no_pole, nonnegative, nonzero, positive, within_one
from symmat.facts.transfer import Equivalent, Transfer, always, first
from symmat.operations.algebra import less_one, power_exists, raised
from symmat.operations.hadamard import entry_power, entry_product, entry_quotient, spread

Slope = Callable[[Any, Any], Basic | None]
"""f'(x) from the value F = f(x) and the argument x, a scalar or a matrix; None is zero."""


class Sigmoid(ScalarOperation):
    """1 / (1 + exp(-x))."""


class Relu(ScalarOperation):
    """max(0, x)."""


class Softplus(ScalarOperation):
    """log(1 + exp(x))."""


ON_ENTRIES: dict[type[Basic], type[Basic]] = {}
"""The function of every entry, by that of a scalar."""


def apply(function: type[Basic], x: Basic) -> Basic:
    """The function of a scalar, or of every entry."""
    return make(ON_ENTRIES[function] if shape_of(x) else function, x)


def one(x: Basic) -> Basic:
    """1 in the shape of x."""
    return spread(number(1), shape_of(x))


def over(x: Basic) -> Basic:
    """1 over every entry."""
    return entry_quotient(number(1), x)


def squared(x: Basic) -> Basic:
    """The square of every entry."""
    return entry_power(x, number(2))


def _times(slope: Slope) -> Partial:
    def partial(F: Any, x: Basic, dx: Basic) -> Basic | None:
        factor = slope(F, x)
        return None if factor is None else entry_product(factor, dx)

    return partial


def entrywise(
    node: type[Basic],
    spelling: str,
    slope: Slope,
    value: Callable[..., Any],
    reference: str,
    latex: str = "",
    condition: Predicate | None = None,
    smooth: Predicate | None = None,
    silent: bool = False,
    aliases: tuple[str, ...] = (),
    parity: int = 0,
    facts: Transfer | None = None,
    iff: tuple[tuple[Predicate, Equivalent], ...] = (),
    equations: tuple[Equation, ...] = (),
) -> None:
    """Register f with df = f'(x) dx for scalars, and d f.(X) = f'.(X) ∘ dX for vectors and matrices.

    ``parity`` is 1 for an even function, -1 for an odd one; ``equations`` are of the function of every entry.
    """
    every = type(
        f"Entrywise{node.__name__[0].upper()}{node.__name__[1:]}",
        (MatrixOperation,),
        {"__doc__": f"{spelling}.(X), entry by entry."},
    )
    ON_ENTRIES[node] = every
    latex = latex or rf"\{spelling}"
    exists, moves = (None if asked is None else asked("A") for asked in (condition, smooth))
    register(
        Operation(
            node=node,
            name=spelling,
            spelling=spelling,
            aliases=aliases,
            signature="scalar -> scalar",
            differential=_times(slope),
            equations=_parity(spelling, f"{spelling}({{}})", "λ", parity),
            elementwise=True,
            value=value,
            latex=latex,
            condition=exists,
            smooth=moves,
            silent=silent,
            facts=facts,
            iff=iff,
            reference=reference,
        )
    )
    register(
        Operation(
            node=every,
            name=f"{spelling} of every entry",
            spelling=spelling,
            aliases=aliases,
            signature="m×n -> m×n",
            differential=_times(slope),
            equations=(
                Equation(
                    f"transpose of {spelling} of every entry",
                    f"{spelling}.(X)' = {spelling}.(X')",
                    "F'",
                    lambda F, X: make(every, transpose(X)),
                ),
                *_parity(f"{spelling} of every entry", f"{spelling}.({{}})", "X", parity),
                *equations,
            ),
            elementwise=True,
            value=value,
            latex="" if "{A}" in latex else latex,
            condition=exists,
            smooth=moves,
            silent=silent,
            facts=facts,
            iff=iff,
            reference=reference,
        )
    )


def _parity(name: str, call: str, letter: str, parity: int) -> tuple[Equation, ...]:
    """f(-x) = f(x) of an even function, and f(-x) = -f(x) of an odd one."""
    negative, positive = call.format(f"-{letter}"), call.format(letter)
    if parity > 0:
        return (Equation(f"{name} is even", f"{negative} = {positive}", "f(-A)", lambda F, x: F),)
    return (Equation(f"{name} is odd", f"{negative} = -{positive}", "f(-A)", lambda F, x: neg(F)),) if parity else ()


def _below_one(x: Basic) -> Basic:
    """√(1 - x²)."""
    return apply(SquareRoot, add(one(x), neg(squared(x))))


def _erf_slope(F: Any, x: Basic) -> Basic:
    """2/√π exp(-x²)."""
    return mul(number(2), power(make(SquareRoot, constant(pi)), number(-1)), apply(exp, neg(squared(x))))


AS = "Abramowitz & Stegun, "
entrywise(
    log,
    "log",
    lambda F, x: over(x),
    lambda xp, A: xp.log(A),
    AS + "4.1.46",
    condition=positive,
    silent=True,
    aliases=("ln", r"\ln"),
)
entrywise(exp, "exp", lambda F, x: F, lambda xp, A: xp.exp(A), AS + "4.2.49", facts=always(positive))
entrywise(
    SquareRoot,
    "sqrt",
    lambda F, x: over(mul(number(2), F)),
    lambda xp, A: xp.sqrt(A),
    AS + "4.2.50",
    r"\sqrt{{A}}",
    condition=nonnegative,
    smooth=positive,
    facts=always(nonnegative),
    iff=((nonzero, first(nonzero)),),
)
entrywise(sin, "sin", lambda F, x: apply(cos, x), lambda xp, A: xp.sin(A), AS + "4.3.105", parity=-1)
entrywise(cos, "cos", lambda F, x: neg(apply(sin, x)), lambda xp, A: xp.cos(A), AS + "4.3.106", parity=1)
entrywise(
    tan,
    "tan",
    lambda F, x: add(one(x), squared(F)),
    lambda xp, A: xp.tan(A),
    AS + "4.3.107",
    condition=no_pole,
    parity=-1,
)
entrywise(
    asin,
    "arcsin",
    lambda F, x: over(_below_one(x)),
    lambda xp, A: xp.arcsin(A),
    AS + "4.4.52",
    condition=within_one,
    smooth=below_one,
)
entrywise(
    acos,
    "arccos",
    lambda F, x: neg(over(_below_one(x))),
    lambda xp, A: xp.arccos(A),
    AS + "4.4.53",
    condition=within_one,
    smooth=below_one,
)
entrywise(
    atan,
    "arctan",
    lambda F, x: over(add(one(x), squared(x))),
    lambda xp, A: xp.arctan(A),
    AS + "4.4.54",
    parity=-1,
)
entrywise(sinh, "sinh", lambda F, x: apply(cosh, x), lambda xp, A: xp.sinh(A), AS + "4.5.71", parity=-1)
entrywise(
    cosh,
    "cosh",
    lambda F, x: apply(sinh, x),
    lambda xp, A: xp.cosh(A),
    AS + "4.5.72",
    parity=1,
    facts=always(positive),
)
entrywise(tanh, "tanh", lambda F, x: add(one(x), neg(squared(F))), lambda xp, A: xp.tanh(A), AS + "4.5.73", parity=-1)
entrywise(erf, "erf", _erf_slope, lambda xp, A: xp.scipy.special.erf(A), AS + "7.1.19", r"\operatorname{erf}")
entrywise(
    Abs,
    "abs",
    lambda F, x: apply(sign, x),
    lambda xp, A: xp.abs(A),
    AS + "3.2.1",
    r"\left|{A}\right|",
    smooth=nonzero,
    silent=True,
    parity=1,
    facts=always(nonnegative),
    iff=((nonzero, first(nonzero)),),
)
entrywise(
    sign,
    "sign",
    lambda F, x: None,
    lambda xp, A: xp.sign(A),
    AS + "3.2.1",
    r"\operatorname{sign}",
    smooth=nonzero,
    silent=True,
    parity=-1,
)
entrywise(
    Sigmoid,
    "sigmoid",
    lambda F, x: entry_product(F, add(one(x), neg(F))),
    lambda xp, A: xp.scipy.special.expit(A),
    "Goodfellow, Bengio & Courville, Deep learning, (3.30)",
    r"\operatorname{sigmoid}",
    facts=always(positive),
)
entrywise(
    Relu,
    "relu",
    lambda F, x: mul(number(Fraction(1, 2)), add(one(x), apply(sign, x))),
    lambda xp, A: xp.maximum(A, 0.0),
    "Goodfellow, Bengio & Courville, Deep learning, sec. 6.3.1",
    r"\operatorname{relu}",
    smooth=nonzero,
    silent=True,
    facts=always(nonnegative),
    equations=(
        Equation(
            "sign of what is positive",
            "sign.(X) ∘ relu.(X) = relu.(X)",
            lambda F, X: entry_product(F, apply(sign, X)),
            lambda F, X: F,
        ),
    ),
)
entrywise(
    Softplus,
    "softplus",
    lambda F, x: apply(Sigmoid, x),
    lambda xp, A: xp.logaddexp(A, 0.0),
    "Goodfellow, Bengio & Courville, Deep learning, (3.31)",
    r"\operatorname{softplus}",
    facts=always(positive),
)


register(
    Operation(
        node=HadamardPower,
        name="elementwise power",
        signature="m×n, scalar -> m×n",
        differential=(
            lambda F, X, k, dX: None if k == 0 else mul(k, entry_product(entry_power(X, less_one(k)), dX)),
            lambda F, X, k, dk: mul(dk, entry_product(F, apply(log, X))),
        ),
        equations=(
            Equation(
                "transpose of powers of entries",
                "(X.^3)' = X'.^3",
                "F'",
                lambda F, X, k: entry_power(transpose(X), k),
            ),
        ),
        value=lambda xp, A, k: A**k,
        text="{A!}.^{B^}",
        latex=r"{A!}^{\circ {B^}}",
        condition=power_exists,
        facts=raised,
        iff=((nonzero, first(nonzero)),),
        reference="Magnus & Neudecker, ch. 8, (10)",
    )
)
