"""NumPy and SciPy with the kernels, as values are computed over them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import scipy.linalg
import scipy.special

from symmat.numeric import kernels

NUMPY = SimpleNamespace(
    **vars(np),
    scipy=scipy,
    kernels=kernels,
    scalar=np.float64,
    undefined=(np.linalg.LinAlgError, ValueError, ArithmeticError),
)
"""``scalar`` is what an exact number becomes, ``undefined`` are the errors of a value that does not exist."""
