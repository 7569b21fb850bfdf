"""Operations of other packages, which are known where a test wants them and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from symmat import registry
from symmat.core import operation as core
from symmat.core.operation import Abbreviation, Operation, abbreviate, operations, register

TABLES = (core._records, core._composites, registry._meanings)


@contextmanager
def registered(*records: Operation | Abbreviation) -> Iterator[None]:
    """The records are known inside the block."""
    operations()
    before = [dict(table) for table in TABLES]
    try:
        for record in records:
            abbreviate(record) if isinstance(record, Abbreviation) else register(record)
        yield
    finally:
        for table, known in zip(TABLES, before, strict=True):
            table.clear()
            table.update(known)
