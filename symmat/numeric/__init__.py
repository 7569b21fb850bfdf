"""Numbers: expressions as NumPy code, and derivatives held against finite differences.

Only this package imports NumPy and SciPy, and nothing imports it before numbers are asked for.
"""

from symmat.numeric.check import CheckReport, check, laws
from symmat.numeric.function import NumericFunction, lower
from symmat.numeric.powers import binary_powers

__all__ = ["CheckReport", "NumericFunction", "binary_powers", "check", "laws", "lower"]
