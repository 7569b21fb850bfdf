"""How the tests run, and which of them are fast: a sample of every kind in less than 30 seconds of one core."""

from __future__ import annotations

import gc

import pytest

FAST = {
    "test_conditions.py": 2, "test_errors.py": 2, "test_language.py": 1, "test_latex_input.py": 2, "test_plugins.py": 3,
    "test_packaging.py": 2, "test_printing.py": 1, "test_program.py": 1, "test_sympy_input.py": 1, "test_normal.py": 10,
    "test_laws.py": 60, "test_derivation.py": 60, "test_numeric.py": 20, "test_registry.py": 10,
}  # fmt: skip
"""One in so many tests of a file."""


def pytest_collection_modifyitems(items):
    for place, item in enumerate(items):
        share = FAST.get(item.path.name)
        if share and place % share == 0:
            item.add_marker(pytest.mark.fast)


@pytest.fixture(scope="module", autouse=True)
def settled():
    """What earlier modules left in memory is not gone through by each collection in this one: that took a fifth."""
    gc.collect()
    gc.freeze()
