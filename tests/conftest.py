"""How the tests run."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(scope="module", autouse=True)
def settled():
    """What earlier modules left in memory is not gone through by each collection in this one: that took a fifth."""
    gc.collect()
    gc.freeze()
