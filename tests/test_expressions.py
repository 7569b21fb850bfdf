"""The random expressions that other tests draw hold everything, and are the same for the same seed."""

from __future__ import annotations

from random import Random

from sympy import Determinant, MatMul, MatPow, Trace, Transpose

from symmat.core.constructors import shape_of
from symmat.core.operation import operations
from symmat.core.structure import properties
from symmat.core.table import interning
from symmat.core.walks import postorder
from tests.expressions import PROPERTIES, draw_expression

TELLING = {
    "tr(Q Q') of a tall orthogonal Q": lambda node: type(node) is Trace and is_outer_gram(node.args[0], "orthogonal"),
    "det(K^k) of a skew K": lambda node: type(node) is Determinant and is_power(node.args[0], "skew"),
    "(K^k)' of a skew K": lambda node: type(node) is Transpose and is_power(node.args[0], "skew"),
    "(S^k)' of a symmetric S": lambda node: type(node) is Transpose and is_power(node.args[0], "symmetric"),
}
"""Products and powers of which a property says more, or less, than it seems to."""


def is_outer_gram(node, word):
    if type(node) is not MatMul or word not in properties(node.args[0]) or len(node.args) != 2:
        return False
    Q, turned = node.args
    return type(turned) is Transpose and turned.args[0] is Q and shape_of(Q)[0] != shape_of(Q)[1]


def is_power(node, word):
    return type(node) is MatPow and word in properties(node.args[0]) and not node.args[1].is_Integer


def test_every_operation_and_every_property_is_drawn():
    nodes, declared, varying, known = set(), set(), set(), set()
    for seed in range(2500):
        with interning():
            drawn = draw_expression(Random(seed))
            for node in postorder(drawn.expression):
                nodes.add(type(node))
                declared |= properties(node)
                known |= {kind for kind, is_kind in TELLING.items() if is_kind(node)}
            varying |= {word for v in drawn.variables for word in properties(v)}
    assert not [record.name for record in operations() if record.node not in nodes]
    assert declared >= set(PROPERTIES) and varying >= set(PROPERTIES)
    assert known == set(TELLING)


def test_an_operation_that_is_asked_for_occurs():
    for seed, record in enumerate(operations()):
        assert any(occurs(record.node, 1000 * turn + seed) for turn in range(20)), record.name


def occurs(node, seed):
    with interning():
        drawn = draw_expression(Random(seed), focus=node)
        return any(type(each) is node for each in postorder(drawn.expression))


def test_the_same_seed_draws_the_same():
    for seed in range(50):
        with interning():
            one = draw_expression(Random(seed))
            first = one.text, one.declarations
        with interning():
            other = draw_expression(Random(seed))
            assert (other.text, other.declarations) == first
