"""Numbers: expressions as NumPy code, and derivatives held against finite differences.

Only this package imports NumPy and SciPy, and nothing imports it before numbers are asked for.
"""

from symmat.numeric.check import CheckReport, check, laws
from symmat.numeric.demands import Demand, Demands
from symmat.numeric.function import NumericFunction, lower
from symmat.numeric.powers import binary_powers

__all__ = ["CheckReport", "Demand", "Demands", "NumericFunction", "binary_powers", "check", "laws", "lower"]
