"""Functions of a square matrix, and their Fréchet derivatives.

f([[X, E], [0, X]]) has f(X) on its diagonal and L_f(X, E) beside it: every derivative, of every order, is a block of f
of a larger matrix (Higham, Functions of matrices, 2008, (3.16); Mathias 1996 for higher orders).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from sympy import Basic, Identity, Inverse, MatAdd, MatMul, MatPow

from symmat.core.constructors import add, inverse, make, mul, neg, number, shape_of, transpose
from symmat.core.nodes import MatrixOperation, MatrixRealPower
from symmat.core.operation import Equation, Linear, Operation, register
from symmat.core.predicate import Condition
from symmat.core.signature import size_product
from symmat.core.table import Shape
from symmat.core.walks import postorder
from symmat.errors import ShapeProblem
from symmat.facts.predicates import full_column_rank, oriented, principal
from symmat.facts.transfer import Transfer, always
from symmat.operations.kronecker import matrix_of
from symmat.shapes import show_shape


class PowerFrechet(MatrixOperation):
    """L(X, E), the Fréchet derivative of X^α: its arguments are α, X and the directions."""


class PowerFrechetMatrix(MatrixOperation):
    """K(X) with vec L(X, E) = K(X) vec E, for the Fréchet derivative L of X^α."""


_FUNCTION: dict[str, type[MatrixOperation]] = {}
_MATRIX: dict[type[Basic], type[Basic]] = {}
FRECHET: dict[str, tuple[type[MatrixOperation], type[MatrixOperation]]] = {}


def frechet(function: str | Basic, X: Basic, *directions: Basic) -> Basic:
    """L_f(X, E), or its matrix where no direction is given; the function is a word, or the exponent of X^α."""
    if isinstance(function, Basic):
        return make(PowerFrechet, function, X, *directions) if directions else make(PowerFrechetMatrix, function, X)
    derivative, matrix = FRECHET[function]
    return make(derivative, X, *directions) if directions else make(matrix, X)


def _square_shapes(first: int) -> Callable[[Sequence[Any], Sequence[Shape]], Shape]:
    def shape(args: Sequence[Any], shapes: Sequence[Shape]) -> Shape:
        own = shapes[first]
        for other in shapes[first:]:
            if len(other) != 2 or other[0] != other[1] or other != own:
                raise ShapeProblem(f"a function of a matrix of {show_shape(own)} in a direction of {show_shape(other)}")
        return own

    return shape


def _squared_size(first: int) -> Callable[[Sequence[Any], Sequence[Shape]], Shape]:
    return lambda args, shapes: (size_product(*shapes[first]), size_product(*shapes[first]))


def _direction(first: int) -> Callable[[int], Linear | None]:
    """Each direction E: L_f(X, ·) is its own adjoint at X'."""

    def adjoint(F: Any, i: int, G: Basic) -> Basic:
        return make(
            type(F), *F.args[:first], *(G if j == i else transpose(a) for j, a in enumerate(F.args) if j >= first)
        )

    def push(F: Any, i: int, E: Basic) -> Basic:
        return make(type(F), *F.args[:i], E, *F.args[i + 1 :])

    def matrix(F: Any, i: int) -> Basic:
        if len(F.args) > first + 2:
            return matrix_of(lambda E: push(F, i, E), shape_of(F.args[i]), F.args)
        node = PowerFrechetMatrix if first else _MATRIX[type(F)]
        return make(node, *F.args[: first + 1])

    slot = Linear(push=push, adjoint=adjoint, vec=matrix)
    return lambda i: slot if i > first else None


def _commuting(slope: Callable[..., Basic]) -> Callable[..., Basic | None]:
    """L_f(X, E) = E f'(X) of one direction that commutes with X."""

    def right(F: Any, *operands: Basic) -> Basic | None:
        *function, X, E = operands
        if any(map(shape_of, function)) or not is_function_of(E, X):
            return None
        derivative = slope(*function, X)
        return derivative if isinstance(E, Identity) else mul(E, derivative)

    return right


def is_function_of(E: Basic, X: Basic) -> bool:
    """Whether E is made of X, or of what X is a multiple of, by sums, products, powers and matrix functions."""
    matrices = [a for a in X.args if shape_of(a)] if type(X) is MatMul else [X]
    core = matrices[0] if len(matrices) == 1 else X
    commuting = (MatAdd, MatMul, MatPow, Inverse, MatrixRealPower, *_FUNCTION.values())
    for node in postorder(E, skip=lambda n: n is core or n is X or not shape_of(n)):
        if not isinstance(node, Identity) and type(node) not in commuting:
            return False
    return True


def _matrix_function(
    spelling: str,
    function: Callable[[Any], Any],
    slope: Callable[[Basic], Basic],
    commuting: str,
    section: str,
    condition: Condition | None = None,
    facts: Transfer | None = None,
    identity: Callable[..., tuple[Basic, Basic]] | None = None,
) -> None:
    """Register f, its Fréchet derivative, and the matrix of that.

    ``function`` is what a namespace has for f, ``commuting`` L_f(X, X) = X f'(X).
    """
    stem = spelling.capitalize()
    about = {
        "": f"{spelling}(X), the matrix function.",
        "Frechet": f"L(X, E), the Fréchet derivative of {spelling} at X; for more directions, the higher ones.",
        "FrechetMatrix": f"K(X) with vec L(X, E) = K(X) vec E, for the Fréchet derivative L of {spelling}.",
    }
    node, derivative, matrix = (type(stem + e, (MatrixOperation,), {"__doc__": about[e]}) for e in about)
    _FUNCTION[spelling], FRECHET[spelling], _MATRIX[derivative] = node, (derivative, matrix), matrix
    reference = f"Higham, Functions of matrices, {section}"
    register(
        Operation(
            node=node,
            name=f"matrix function {spelling}",
            spelling=spelling,
            signature="n×n -> n×n",
            differential=lambda F, X, dX: make(derivative, X, dX),
            equations=(
                Equation(
                    f"transpose of {spelling}",
                    f"{spelling}(X)' = {spelling}(X')",
                    "F'",
                    lambda F, X: make(node, transpose(X)),
                ),
            ),
            identity=identity,
            value=lambda xp, A: function(xp)(A),
            condition=condition,
            facts=facts,
            reference=reference,
        )
    )
    register(
        Operation(
            node=derivative,
            name=f"Fréchet derivative of {spelling}",
            shape=_square_shapes(0),
            differential=lambda F, X, *rest: make(derivative, X, *rest),
            linear=_direction(0),
            equations=(
                Equation(
                    f"transpose of a Fréchet derivative of {spelling}",
                    f"frechet({spelling}, X, E)' = frechet({spelling}, X', E')",
                    "F'",
                    lambda F, *operands: make(derivative, *map(transpose, operands)),
                ),
                Equation(
                    f"Fréchet derivative of {spelling} in a direction that commutes",
                    f"frechet({spelling}, X, X) = {commuting}",
                    "F",
                    _commuting(slope),
                ),
            ),
            value=lambda xp, A, *directions: xp.kernels.frechet(function(xp), A, *directions),
            text=f"frechet({spelling}, {{*}})",
            latex=rf"L_{{\operatorname{{{spelling}}}}}\left({{*}}\right)",
            condition=condition,
            reference="Higham, Functions of matrices, (3.16)",
        )
    )
    register(
        Operation(
            node=matrix,
            name=f"Kronecker matrix of the Fréchet derivative of {spelling}",
            shape=_squared_size(0),
            equations=(
                Equation(
                    f"transpose of the matrix of a Fréchet derivative of {spelling}",
                    f"frechet({spelling}, X)' = frechet({spelling}, X')",
                    "F'",
                    lambda F, X: make(matrix, transpose(X)),
                ),
            ),
            value=lambda xp, A: xp.kernels.frechet_matrix(function(xp), A),
            text=f"frechet({spelling}, {{A}})",
            latex=rf"K_{{\operatorname{{{spelling}}}}}\left({{A}}\right)",
            condition=condition,
            reference="Higham, Functions of matrices, (3.17)",
        )
    )


_matrix_function(
    "expm",
    lambda xp: xp.scipy.linalg.expm,
    lambda X: make(_FUNCTION["expm"], X),
    "X expm(X)",
    "ch. 10",
    facts=always(oriented),
)
_matrix_function("logm", lambda xp: xp.kernels.logm, inverse, "I_n", "ch. 11", principal("A"))
_matrix_function(
    "sqrtm",
    lambda xp: xp.kernels.sqrtm,
    lambda X: mul(number(Fraction(1, 2)), inverse(make(_FUNCTION["sqrtm"], X))),
    "1/2 X sqrtm(X)^-1",
    "ch. 6",
    principal("A"),
    always(principal),
    identity=lambda F, X: (mul(F, F), X),
)
_matrix_function("sinm", lambda xp: xp.scipy.linalg.sinm, lambda X: make(_FUNCTION["cosm"], X), "X cosm(X)", "ch. 12")
_matrix_function(
    "cosm",
    lambda xp: xp.scipy.linalg.cosm,
    lambda X: neg(make(_FUNCTION["sinm"], X)),
    "-X sinm(X)",
    "ch. 12",
)


def power_slope(exponent: Basic, X: Basic) -> Basic:
    """α X^(α-1)."""
    return mul(exponent, make(MatrixRealPower, X, add(exponent, number(-1))))


register(
    Operation(
        node=MatrixRealPower,
        name="real power",
        signature="n×n, scalar -> n×n",
        differential=(
            lambda F, X, a, dX: make(PowerFrechet, a, X, dX),
            lambda F, X, a, da: mul(da, make(_FUNCTION["logm"], X), F),
        ),
        equations=(
            Equation(
                "transpose of a real power",
                "(X^(1/3))' = X'^(1/3)",
                "F'",
                lambda F, X, a: make(MatrixRealPower, transpose(X), a),
            ),
        ),
        value=lambda xp, A, a: xp.kernels.real_power(A, a),
        text="{A!}^{B^}",
        latex="{A!}^{{B}}",
        condition=principal("A"),
        facts=always(full_column_rank),
        reference="Higham, Functions of matrices, ch. 7",
    )
)
register(
    Operation(
        node=PowerFrechet,
        name="Fréchet derivative of a real power",
        shape=_square_shapes(1),
        differential=(None, lambda F, a, X, *rest: make(PowerFrechet, a, X, *rest)),
        linear=_direction(1),
        equations=(
            Equation(
                "transpose of a Fréchet derivative of a real power",
                "frechet(1/3, X, E)' = frechet(1/3, X', E')",
                "F'",
                lambda F, a, *operands: make(PowerFrechet, a, *map(transpose, operands)),
            ),
            Equation(
                "Fréchet derivative of a real power in a direction that commutes",
                "frechet(1/3, X, X) = 1/3 X X^(-2/3)",
                "F",
                _commuting(power_slope),
            ),
        ),
        value=lambda xp, a, A, *directions: xp.kernels.power_frechet(a, A, *directions),
        text="frechet({*})",
        latex=r"L_{x^{{A}}}\left({*B}\right)",
        condition=principal("B"),
        reference="Higham, Functions of matrices, (3.16)",
    )
)
register(
    Operation(
        node=PowerFrechetMatrix,
        name="Kronecker matrix of the Fréchet derivative of a real power",
        shape=_squared_size(1),
        equations=(
            Equation(
                "transpose of the matrix of a Fréchet derivative of a real power",
                "frechet(1/3, X)' = frechet(1/3, X')",
                "F'",
                lambda F, a, X: make(PowerFrechetMatrix, a, transpose(X)),
            ),
        ),
        value=lambda xp, a, A: xp.kernels.power_frechet_matrix(a, A),
        text="frechet({*})",
        latex=r"K_{x^{{A}}}\left({B}\right)",
        condition=principal("B"),
        reference="Higham, Functions of matrices, (3.17)",
    )
)
