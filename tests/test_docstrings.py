"""What is public says the formula first, then shapes, errors and source."""

from __future__ import annotations

import inspect
import re

import pytest

import symmat as sm
from symmat.core.operation import operations

FUNCTIONS = [getattr(sm, name) for name in sm.__all__ if inspect.isfunction(getattr(sm, name))]
FORMULA = re.compile(r"(?!The |An |A [a-z]|What |Whether )[^,:;]*([(∇Σ‖√|]|(?<![A-Za-z])[A-Zxyα](?![a-z]))")
SOURCE = re.compile(r"[A-Z]\w+.*(ch\.|sec\.|\(\d|\d{4}|\d\.\d|thm|prop|lemma|p\.)")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_public_functions(function):
    doc = " ".join(inspect.getdoc(function).split())
    assert FORMULA.match(doc), "the formula comes first"
    assert re.search(r"[Ss]hape|×", doc), "which shapes?"
    assert re.search(r"Raises (Symmat|Shape|Value|Limit)", doc), "which errors?"
    assert ">>> " in doc, "an example?"
    assert function in (sm.parse, sm.show) or SOURCE.search(doc), "which source?"


OURS = [record for record in operations() if record.node.__module__.startswith("symmat.")]


@pytest.mark.parametrize("record", OURS, ids=lambda record: record.node.__name__)
def test_the_node_of_a_record_says_its_formula_first(record):
    assert record.node.__doc__ and FORMULA.match(record.node.__doc__), record.node.__doc__


@pytest.mark.parametrize("record", operations(), ids=lambda record: record.node.__name__)
def test_a_record_says_its_shapes_and_its_source(record):
    own = record.node.__module__.startswith("symmat.operations")
    assert record.signature or record.shape or not own, "which shapes?"
    assert SOURCE.match(record.reference), record.reference
