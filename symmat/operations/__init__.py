"""The operations, one file a family; importing this package registers their records."""

from symmat.operations import (
    algebra,
    determinant,
    elementwise,
    inverse,
    kronecker,
    trace,
)

__all__ = ["algebra", "determinant", "elementwise", "inverse", "kronecker", "trace"]
