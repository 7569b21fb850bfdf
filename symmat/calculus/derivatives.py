"""The derivatives that people ask for, as a reader sees them and as a program for numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import chain, islice

from sympy import Basic, OneMatrix

from symmat.algebra.depths import with_depths
from symmat.algebra.measures import is_value, length, program_length, unfolded
from symmat.algebra.normal import normal, normalizer
from symmat.calculus import orders
from symmat.calculus.index_form import gradient_entry, index_form
from symmat.calculus.naming import cotangent_names
from symmat.calculus.projection import project, refuse_second_order
from symmat.calculus.vectorize import vec_matrix
from symmat.core.constructors import (
    add,
    differential_symbol,
    hole,
    make,
    mul,
    number,
    seed,
    shape_of,
    trace,
    transpose,
    zero,
)
from symmat.core.differential import differential
from symmat.core.pullback import pullback
from symmat.core.structure import FREE, structure
from symmat.core.table import Shape, afresh, lessons
from symmat.core.walks import definitions_in, postorder, replace
from symmat.effort import sharing
from symmat.errors import LimitProblem, ShapeProblem
from symmat.operations.kronecker_forms import kron_product
from symmat.operations.vec import Duplication, UnitVector, vec
from symmat.shapes import show_shape

READABLE = 400
"""Up to so many factors a gradient is written out; above, the cotangents of definitions are definitions too."""

LONGEST_TRIED = 2_000
"""What has more symbols and operations is not written out to see how short it becomes."""

LONGEST_MATRIX = 50_000
"""Of so many symbols and operations a Jacobian or Hessian is still written out."""


class Derivative:
    """``shown`` is the normal form, worked out when it is asked for; ``program`` computes the same from an F.

    That F is the one that was asked about, or one made fit for numbers.  Both know what was learnt when the derivative
    was taken, and nothing of what was asked since.
    """

    def __init__(self, program: Callable[[Basic], Basic], show: Callable[[], Basic]) -> None:
        self.program = program
        self._show = show
        self._lessons = lessons()

    @cached_property
    def shown(self) -> Basic:
        """What a reader sees."""
        with afresh(self._lessons), sharing(3 / 4):  # the rest is for printing
            return with_depths(self._show())


@afresh()
def nth_differential(F: Basic, variables: Sequence[Basic], order: int) -> Derivative:
    """dF, d²F, …: linear in each differential.  That of a scalar is shown from its gradient, as tr(g' dX)."""
    if order > 1:
        for variable in variables:
            refuse_second_order(variable)

    def program(G: Basic) -> Basic:
        with sharing(3 / 4):  # the rest is for the code
            return orders.nth(orders.computed(G, _directions(variables)), order)

    program(F)
    return Derivative(program, lambda: orders.nth(shown_differentials(F, variables), order))


def shown_differentials(F: Basic, variables: Sequence[Basic], from_gradients: bool = True) -> Iterator[Basic]:
    """dF, d²F, … as a reader sees them."""
    directions = _directions(variables)
    change = _present(differential(F, directions), shape_of(F))
    if shape_of(F) or not from_gradients:
        return orders.shown(F, [_normal_after(F, change)], directions)
    first = _shortest(F, normal(_from_gradients(F, variables)), change)
    return chain([first], islice(orders.shown(F, (form for form in (first, normal(change))), directions), 1, None))


def _directions(variables: Sequence[Basic]) -> dict[Basic, Basic]:
    return {v: differential_symbol(v) for v in variables}


def _shortest(f: Basic, from_gradient: Basic, change: Basic) -> Basic:
    """tr(g' dX); but sum(dX), and not tr(ones' dX) with a fixed matrix that f does not have."""
    if not _fixed_matrices(from_gradient) - _fixed_matrices(f):
        return from_gradient
    return min(from_gradient, normal(change), key=length)


def _fixed_matrices(root: Basic) -> set[type[Basic]]:
    return {type(node) for node in postorder(root) if isinstance(node, OneMatrix | UnitVector)}


def _from_gradients(f: Basic, variables: Sequence[Basic]) -> Basic:
    """Σ tr(g' dX) over the variables X with their gradients g."""
    normal(f)  # first, so that what the user wrote is shown in the order in which it was written
    terms = []
    for variable, pulled in zip(variables, _pulled(f, seed(), variables), strict=True):
        if pulled is not None:
            normal(pulled)
            terms.append(trace(mul(normal(transpose(pulled)), differential_symbol(variable))))
    return add(*terms) if terms else number(0)


@afresh()
def adjoint(F: Basic, variable: Basic, G: Basic, projected: bool = True) -> Derivative:
    """F'(X)*[G]: ⟨G, F'(X)[dX]⟩ = ⟨F'(X)*[G], dX⟩ with ⟨A, B⟩ = tr(A'B)."""

    def tangent(pulled: Basic | None) -> Basic:
        whole = _present(pulled, shape_of(variable))
        return project(variable, whole) if projected else whole

    def program(H: Basic) -> Basic:
        return tangent(pullback(H, G, [variable])[0])

    program(F)
    return Derivative(program, lambda: _normal_after(F, tangent(_pulled(F, G, [variable])[0])))


@afresh()
def gradient(f: Basic, variable: Basic, projected: bool = True) -> Derivative:
    """∇f, in the shape of X: df = tr(∇f' dX)."""
    pulled = adjoint(f, variable, seed(), projected)
    return Derivative(lambda g: replace(pulled.program(g), {seed(): number(1)}), lambda: pulled.shown)


@afresh()
def half_jacobian(F: Basic, variable: Basic) -> Derivative:
    """J D with the duplication matrix D: the Jacobian in the free entries of a symmetric variable.

    vec dX = D vech dX holds for a symmetric dX, as a square X that is nothing else may have.
    """
    shape = shape_of(variable)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapeProblem(f"vech is of a square matrix, and {variable} is {show_shape(shape)}")
    kind = structure(variable)
    if kind is not FREE and kind.sign <= 0:
        raise ShapeProblem(
            f"vech has the free entries of a symmetric matrix, and {variable} is {kind.name}", "leave out vech"
        )
    full = jacobian(F, variable)
    D = make(Duplication, shape[0])

    def times(J: Basic) -> Basic:
        return normal(mul(J, D))

    return Derivative(lambda G: times(full.program(G)), lambda: times(full.shown))


@afresh()
def jacobian_entries(F: Basic, variable: Basic) -> Derivative:
    """J_ijkl = ∂F_ij / ∂X_kl; of a scalar function the entries of the gradient."""
    entry = index_form(F, variable) if shape_of(F) else gradient_entry(F, variable, gradient(F, variable).shown)
    return Derivative(lambda _: entry, lambda: entry)


@afresh()
def jacobian(F: Basic, variable: Basic) -> Derivative:
    """J with vec F'(X)[dX] = J vec dX; of a scalar function the row vec(∇f)'."""
    if not shape_of(F):
        of_scalar = gradient(F, variable)

        def row(slope: Basic) -> Basic:
            return transpose(vec(slope)) if shape_of(variable) else slope

        return Derivative(lambda g: row(of_scalar.program(g)), lambda: normal(row(of_scalar.shown)))
    dX = differential_symbol(variable)
    change = _present(differential(F, {variable: dX}), shape_of(F))
    normal(F)
    matrix = _vectorized(change, dX)
    return Derivative(lambda _: _computed(matrix), lambda: _written(matrix))


@afresh()
def hessian(f: Basic, variable: Basic) -> Derivative:
    """H with d(vec ∇f) = H vec dX: the Jacobian of the gradient, in Kronecker form where X is a matrix.

    Of a structured X only directions in its tangent space count.  H is symmetric on them, and so everywhere once the
    direction is projected, where it is not as it stands.
    """
    refuse_second_order(variable)
    shape, direction = shape_of(variable), differential_symbol(variable)
    normal(f)
    change = _present(differential(_slope(f, variable), {variable: direction}), shape)
    if not shape:
        found = replace(change, {direction: number(1)})
    else:
        found = _vectorized(change, direction, partial(project, variable))
        if structure(variable) is not FREE and normal(transpose(found)) is not normal(found):
            E = hole(shape)
            found = kron_product(found, vec_matrix(project(variable, E), E))
    return Derivative(lambda _: _computed(found), lambda: _written(found))


def _computed(matrix: Basic) -> Basic:
    """The form that is computed: the normal form, but of what would be too long as it stands."""
    return matrix if length(matrix) > LONGEST_MATRIX else normal(matrix)


def _written(matrix: Basic) -> Basic:
    """The form that is shown; a LimitProblem where it is longer than anybody reads."""
    if length(matrix) > LONGEST_MATRIX:
        raise LimitProblem(
            f"the matrix has over {LONGEST_MATRIX:,} symbols when it is written out",
            "compute it with .numpy(), which works out once what is shared, or take the adjoint",
        )
    return normalizer().collected(matrix)


def _normal_after(F: Basic, node: Basic) -> Basic:
    """The normal form, with the sums that F has shown in the order in which they were written."""
    normal(F)
    return normal(node)


@afresh()
def slope(f: Basic, variable: Basic) -> Basic:
    """∇f as it is differentiated: of a program in the form, with names or without, whose differential is shorter."""
    if not definitions_in(f):
        return gradient(f, variable).shown
    directions = {variable: differential_symbol(variable)}
    normal(f)

    def measured(g: Basic) -> int:
        return program_length(_present(differential(normal(g), directions), shape_of(variable)))

    [pulled] = _pulled(f, seed(), [variable], measured)
    return with_depths(normal(project(variable, _present(pulled, shape_of(variable)))))


def _slope(f: Basic, variable: Basic) -> Basic:
    """The gradient, in its normal form where that is short or a program, and fit to be differentiated."""
    if structure(variable) is not FREE:
        return slope(f, variable)
    raw = _present(pullback(f, seed(), [variable])[0], shape_of(variable))
    if not definitions_in(f) and length(raw) > orders.SHORT:
        return raw
    simple = slope(f, variable) if definitions_in(f) else normal(raw)
    return raw if orders.has_sums(simple) else simple


def _vectorized(change: Basic, E: Basic, tangent: Callable[[Basic], Basic] = lambda g: g) -> Basic:
    """The matrix of what is linear in E: with matrices of its definitions by name where that is shorter."""
    if length(change) > LONGEST_MATRIX:
        return vec_matrix(change, E, tangent, named=True)
    change = normalizer().expanded(change)
    if all(map(is_value, definitions_in(change))):
        return vec_matrix(change, E, tangent)
    plain = vec_matrix(change, E, tangent) if unfolded(change, is_value) <= READABLE else None
    named = vec_matrix(change, E, tangent, named=True)
    return named if plain is None else min(plain, named, key=lambda m: program_length(normalizer().collected(m)))


def _pulled(
    F: Basic, G: Basic, variables: Sequence[Basic], measured: Callable[[Basic], int] | None = None
) -> list[Basic | None]:
    """The pullback, with cotangents of definitions by name where that is shorter than without."""
    pulled = pullback(F, G, variables)
    if not definitions_in(F):
        return pulled
    named = pullback(F, G, variables, cotangent_names(F, G))
    parts = [part for part in pulled if part is not None]
    if any(unfolded(part, is_value) > LONGEST_TRIED for part in parts):
        return named
    try:
        for part in parts:
            normalizer().within(READABLE, part)
    except LimitProblem:
        return named
    measure = measured or (lambda part: program_length(normal(part)))
    return min(pulled, named, key=lambda found: sum(measure(part) for part in found if part is not None))


def _present(node: Basic | None, shape: Shape) -> Basic:
    """A structural zero made a node, at the end."""
    return zero(shape) if node is None else node
