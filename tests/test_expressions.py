"""The random expressions that other tests draw hold everything, and are the same for the same seed."""

from __future__ import annotations

from random import Random

from symmat.expressions.operation import operations
from symmat.expressions.properties import properties
from symmat.expressions.table import interning
from symmat.expressions.walks import postorder
from tests.expressions import PROPERTIES, draw_expression


def test_every_operation_and_every_property_is_drawn():
    nodes, declared, varying = set(), set(), set()
    for seed in range(2500):
        with interning():
            drawn = draw_expression(Random(seed))
            for node in postorder(drawn.expression):
                nodes.add(type(node))
                declared |= properties(node)
            varying |= {word for v in drawn.variables for word in properties(v)}
    assert not [record.name for record in operations() if record.node not in nodes]
    assert declared >= set(PROPERTIES) and varying >= set(PROPERTIES)


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
