"""Counts, of factors and of terms, that the values of letters can make negative: where that matters, and where not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from math import inf

from sympy import Basic, Integer, Pow, expand

from symmat.algebra.measures import is_count
from symmat.algebra.sizes import polynomial
from symmat.core.nodes import SUMS
from symmat.core.walks import postorder
from symmat.numeric.plan import PRODUCTS, Plan
from symmat.numeric.ranks import shape_of

Slack = Callable[[Basic], float]
"""How far below 0 a count may fall that stands within."""


class Counts:
    """What is known of the counts in the expressions of a plan."""

    def __init__(self, plan: Plan, roots: Sequence[Basic]) -> None:
        self._plan, self._roots = plan, roots

    def is_nonnegative(self, user: Basic, count: Basic) -> bool:
        """Whether a count is at least 0 wherever its user stands: within the bounds of an index it falls no lower."""
        count = polynomial(count)
        for bound in (s for s in count.free_symbols if (user, s) in self._plan.ranges):
            if all(is_natural(least(count, bound, *ends)) for ends in self._plan.ranges[user, bound]):
                return True
        return is_natural(count)

    def slack(self, user: Basic, count: Basic) -> float:
        """How far below 0 a count may fall and do no harm: 1 for k X^(k-1), any number in a sum without terms then."""
        count = polynomial(count)
        slacks = {node: slack(count) for node, slack in self._around.items() if node is not user}
        for enough in sorted(set(slacks.values()) - {0}, reverse=True):
            harmless = {node for node, slack in slacks.items() if slack >= enough}
            if user not in set(postorder(*self._roots, skip=harmless.__contains__)):
                return enough
        return 0

    @cached_property
    def _around(self) -> dict[Basic, Slack]:
        """The sums, and the products of which integers are factors that nothing divides out again."""
        found: dict[Basic, Slack] = {}
        nodes = [*postorder(*self._roots)]
        divisors = {polynomial(n.args[0]) for n in nodes if type(n) is Pow and is_count(n) and is_natural(-n.args[1])}
        factors: dict[Basic, frozenset[Basic]] = {}
        for node in nodes:
            factors[node] = self._integers(node, factors)
            if type(node) in SUMS:
                found[node] = slack_in_sum(*node.args[1:])
            elif type(node) in PRODUCTS and (integers := factors[node] - divisors):
                found[node] = slack_under(integers)
        return found

    def _integers(self, node: Basic, factors: Mapping[Basic, frozenset[Basic]]) -> frozenset[Basic]:
        """The factors of a product that are made of integers alone, from those of its operands."""
        core, _, inverted = self._plan.view(node)
        if type(core) in PRODUCTS:
            return frozenset[Basic]() if inverted else frozenset[Basic]().union(*(factors[a] for a in core.args))
        if type(core) is Pow and isinstance(core.args[1], Integer) and core.args[1].p > 0:
            return factors[core.args[0]]
        return frozenset((polynomial(core),)) if not shape_of(core) and is_count(core) else frozenset()


def slack_in_sum(bound: Basic, lower: Basic, upper: Basic) -> Slack:
    """Any number where the count is at least 0 at every index, or where the sum has no terms unless it is."""
    terms = polynomial(upper) - polynomial(lower)

    def slack(count: Basic) -> float:
        return inf if is_natural(least(count, bound, lower, upper)) or is_natural(expand(count - terms)) else 0

    return slack


def slack_under(integers: Set[Basic]) -> Slack:
    """The last count below 0, of those that occur, down to which one of some factors is 0."""

    def slack(count: Basic) -> float:
        zeros = defaultdict[int, set[int]](set)  # where a factor s is 0, a count of a s + d is d
        for s in integers:
            letter = next(iter(s.free_symbols), s)
            a = count.coeff(letter) / (s.coeff(letter) or 1)
            d = expand(count - a * s)
            if isinstance(a, Integer) and isinstance(d, Integer) and a.p > 0:
                zeros[int(a.p)].add(int(d.p))
        lowest = 0
        for step, found in zeros.items():
            below = min(found) % step - step
            while below in found:
                lowest = min(lowest, below)
                below -= step
        return -lowest

    return slack


def least(count: Basic, bound: Basic, lower: Basic, upper: Basic) -> Basic:
    """What a count is where it is smallest within the bounds of an index, on which it depends as on a number."""
    end = lower if count.coeff(bound).is_positive else upper
    return expand(count.xreplace({bound: polynomial(end)}))


def is_natural(count: Basic) -> bool:
    return isinstance(count, Integer) and bool(count.p >= 0)
