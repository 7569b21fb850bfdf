"""A derivative against numbers: the laws that a differential, its adjoint and its Jacobian obey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from sympy import Basic

from symmat.calculus import derivatives
from symmat.core.constructors import differential_symbol
from symmat.core.nodes import Index
from symmat.core.walks import children, postorder
from symmat.errors import LimitProblem, UnsupportedProblem, ValueProblem
from symmat.numeric.demands import evaluated
from symmat.numeric.draw import Arguments, computing, draw, total_symbols
from symmat.numeric.function import NumericFunction, is_integer
from symmat.numeric.sizes import affordable
from symmat.numeric.structure import tangent

STEPS = 0.5 ** np.arange(1, 31)
ROUNDING = 1e-11
"""What is smaller than this, relative to the values it is the difference of, may be rounding."""
NUDGE = 2.0**-20
"""A relative change of the arguments, to see how far rounding in them is felt in the value."""
LEAST_SLOPE = 1.5
"""A right derivative leaves a slope of 2, and a wrong one 1: what is nearer to 2 passes."""
LARGEST_ERROR = 1e-8
FITTED = 3
EVALUATIONS = 48
"""How often F is computed: in every step, to see its rounding, and where arguments are drawn."""
OUTERMOST = 40
LARGEST_ORDER = 5
"""A remainder that falls faster has left a kink behind: |x| is smooth within a step that does not reach 0."""


@dataclass(frozen=True)
class CheckReport:
    """What the numbers say of a derivative; truthy if they agree with it.

    ``taylor`` is the order of ‖F(X + h dX) - F(X) - h dF‖ in h: 2 for a right derivative, 1 for a wrong one, and
    ``"exact"`` where the remainder is at rounding level.  ``adjoint`` and ``jacobian`` are the relative errors in
    ⟨G, F'(X)[dX]⟩ = ⟨F'(X)*[G], dX⟩ and in J vec dX = vec dF, ``code`` that of the function that computes the result
    against the displayed form; None where there is no such test.  ``sizes`` are the numbers that were chosen for the
    letters, the smaller the more the expression costs; ``left_out`` names a test that would cost too much at any.
    """

    taylor: float | Literal["exact"]
    adjoint: float | None
    jacobian: float | None
    code: float | None
    seed: int
    sizes: Mapping[str, int] = field(default_factory=dict)
    left_out: str = ""

    @property
    def ok(self) -> bool:
        """Whether every test passes."""
        return all(passed for _, _, passed in self._tests())

    def __bool__(self) -> bool:
        return self.ok

    def to_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {"ok": self.ok, **asdict(self)}

    def _tests(self) -> list[tuple[str, str, bool]]:
        slope = self.taylor if isinstance(self.taylor, str) else f"{self.taylor:.2f}"
        tests = [("Taylor slope", slope, isinstance(self.taylor, str) or self.taylor >= LEAST_SLOPE)]
        errors = {"adjoint error": self.adjoint, "Jacobian error": self.jacobian, "code error": self.code}
        for name, error in errors.items():
            if error is not None:
                tests.append((name, f"{error:.1e}", error <= LARGEST_ERROR))
        return tests

    def __str__(self) -> str:
        tests = self._tests()
        lines = [f"{name:<16}{shown:<10}{'passed' if passed else 'FAILED'}" for name, shown, passed in tests]
        failed = ", ".join(name for name, _, passed in tests if not passed)
        verdict = f"the derivative is wrong: {failed}" if failed else "the derivative agrees with the numbers"
        lines += [f"left out: {self.left_out}"] if self.left_out else []
        chosen = ", ".join([f"seed {self.seed}", *(f"{name} = {size}" for name, size in self.sizes.items())])
        return "\n".join([*lines, f"{verdict} ({chosen})"])


def check(
    F: Basic,
    variables: Sequence[Basic],
    G: Basic,
    *,
    seed: int = 0,
    oracle: Callable[..., Any] | None = None,
    computed: tuple[NumericFunction, Basic] | None = None,
) -> CheckReport:
    """The displayed differential of F, its adjoint in the cotangent G and its Jacobian, against numbers.

    ``computed`` is a function, and the expression that it must agree with.  Adjoint and Jacobian are tested where F has
    one variable.  Raises ValueProblem where no arguments are found at which F exists.
    """
    adjoint, jacobian = None, None
    if len(variables) == 1:
        adjoint = derivatives.adjoint(F, variables[0], G).shown
        try:
            jacobian = derivatives.jacobian(F, variables[0]).shown
        except (UnsupportedProblem, LimitProblem):
            jacobian = None  # a derivative may have no Jacobian that is written down
    dF = derivatives.nth_differential(F, variables, 1).shown
    return laws(F, dF, variables, adjoint, jacobian, G, seed=seed, oracle=oracle, computed=computed)


@np.errstate(all="ignore")
def laws(
    F: Basic,
    dF: Basic,
    variables: Sequence[Basic],
    adjoint: Basic | None = None,
    jacobian: Basic | None = None,
    G: Basic | None = None,
    *,
    seed: int = 0,
    oracle: Callable[..., Any] | None = None,
    computed: tuple[NumericFunction, Basic] | None = None,
) -> CheckReport:
    """Given derivatives of F against numbers; ``oracle`` computes F from its arguments by name, in our place."""
    if not isinstance(seed, int) or seed < 0:
        raise ValueProblem(f"a seed is a whole number from 0, not {seed!r}")
    moving = {v: differential_symbol(v) for v in variables}
    others = (adjoint, jacobian, G, computed and computed[1])
    wanted = total_symbols(F, dF, *moving, *moving.values(), *(x for x in others if x is not None))
    rng = np.random.default_rng(seed)
    left_out = ""
    roots = [root for root in (dF, adjoint, computed and computed[1]) if root is not None]
    uses = {F: EVALUATIONS} | dict.fromkeys(roots, 1)
    try:
        sizes = affordable(wanted, uses | ({jacobian: 1} if jacobian is not None else {}), rng)
        values = draw(F, wanted, rng, sizes)
    except LimitProblem:
        if jacobian is None:
            raise
        left_out, jacobian = "the Jacobian, which is too large", None
        values = draw(F, wanted, rng, affordable(wanted, uses, rng))
    chosen = {str(s): values[s] for s in wanted if is_integer(s)}
    own = total_symbols(F, *moving)
    values |= {s: 1 for s in wanted if is_integer(s) and s not in own}  # the indices of an index form
    values |= {d: tangent(v, values[v], values[d]) for v, d in moving.items()}
    value = _independent(F, oracle) if oracle is not None else _lowered(F)
    change = np.asarray(_lowered(dF)(values))
    start = np.asarray(value(values))

    def remainder(h: float) -> float:
        moved = values | {v: values[v] + h * values[d] for v, d in moving.items()}
        return float(np.linalg.norm(np.asarray(value(moved)) - start - h * change))

    scale = max(conditioned(value, values, start, rng), magnitude(F, values))
    size = float(np.linalg.norm(change))
    slope = taylor_slope(remainder, scale, size)
    # the derivative of a constant is nothing but rounding
    size = max(size, scale * ROUNDING / LARGEST_ERROR)
    dot = vectorized = code = None
    if adjoint is not None and G is not None:
        left = np.sum(values[G] * change)
        right = np.sum(_lowered(adjoint)(values) * values[moving[variables[0]]])
        dot = relative(abs(left - right), float(np.linalg.norm(values[G])) * size)
    if jacobian is not None:
        direction, wanted_change = (vec(v) for v in (values[moving[variables[0]]], change))
        J = np.asarray(_lowered(jacobian)(values))
        sides = wanted_change.size, direction.size
        J = J.reshape(sides) if np.all(np.isfinite(J)) else np.full(sides, np.nan)
        vectorized = relative(float(np.linalg.norm(J @ direction - wanted_change)), size)
    if computed is not None:
        function, shown = computed
        given = change if shown is dF else np.asarray(_lowered(shown)(values))
        error = np.linalg.norm(np.asarray(evaluated(function, values)) - given)
        # the arguments are about 1, so that what is far smaller is what rounding leaves of a sum that cancels
        code = float(error) / max(float(np.linalg.norm(given)), ROUNDING / LARGEST_ERROR)
    return CheckReport(slope, dot, vectorized, code, seed, chosen, left_out)


def conditioned(value: Callable[[Arguments], Any], values: Arguments, start: Any, rng: np.random.Generator) -> float:
    """What rounding is relative to: ‖F‖ or, where terms cancel, how far relative changes of the arguments move F.

    Rounding in a stable algorithm is felt like a change of its arguments (Higham, Accuracy and stability of numerical
    algorithms, sec. 1.5).  They leave the set that a structure restricts them to, so that log det Q moves.
    """
    nudged = {
        s: v if isinstance(v, int) else v * (1 + NUDGE * rng.standard_normal(np.shape(v))) for s, v in values.items()
    }
    moved = float(np.linalg.norm(np.asarray(value(nudged)) - start)) / NUDGE
    size = float(np.linalg.norm(start))
    return max(size, moved) if np.isfinite(moved) else size


def magnitude(F: Basic, values: Arguments) -> float:
    """The largest operand of the outermost operations of F: rounding in what is always 0 is relative to it."""
    nodes = [node for node in postorder(F) if children(node)][-OUTERMOST:]
    operands = dict.fromkeys(a for node in nodes for a in children(node))
    whole = (a for a in operands if not any(isinstance(node, Index) for node in postorder(a)))
    sizes = [float(np.linalg.norm(np.asarray(_lowered(a)(values)))) for a in whole]
    return max((size for size in sizes if np.isfinite(size)), default=0.0)


def taylor_slope(remainder: Callable[[float], float], value: float, change: float) -> float | Literal["exact"]:
    """The order of the remainder in h, in the smallest steps at which it stands out from rounding."""
    rests = np.array([remainder(h) for h in STEPS])
    finite = np.isfinite(rests)
    steps, rests = STEPS[finite], rests[finite]
    reliable = rests > ROUNDING * (value + steps * change)
    if not reliable.any():
        return "exact"
    first = int(np.argmax(reliable))
    # rounding may stand out again below: only the steps before the remainder first sinks into it count
    count = int(np.argmin([*reliable[first:], False]))
    rests = rests[first : first + count + 1]
    with np.errstate(divide="ignore"):
        orders = np.log2(rests[:-1] / rests[1:])
    kinks = np.flatnonzero(orders > LARGEST_ORDER)
    smooth = orders[kinks[-1] + 1 if kinks.size else 0 : count - 1]
    return float(np.median(smooth[-FITTED:])) if smooth.size else "exact"


def relative(error: float, scale: float) -> float:
    """An error relative to a scale, or as it is where that is nothing."""
    return float(error / scale) if scale else float(error)


def vec(array: Any) -> Any:
    """The columns of an array, one under the other."""
    return np.reshape(array, -1, order="F")


def _lowered(node: Basic) -> Callable[[Arguments], Any]:
    function = computing(node)
    return lambda values: evaluated(function, values)


def _independent(F: Basic, oracle: Callable[..., Any]) -> Callable[[Arguments], Any]:
    """The given function of the symbols of F that are no mere dimensions."""
    parameters = computing(F).parameters

    def value(values: Arguments) -> Any:
        if len(parameters) == 1:
            return oracle(values[parameters[0].symbol])
        return oracle(**{p.symbol.name: values[p.symbol] for p in parameters})

    return value
