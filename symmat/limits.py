"""The largest sizes and numbers: nobody means larger ones, and to work with them takes long."""

from __future__ import annotations

from math import comb, prod

from sympy import Add, Basic, Mul

from symmat.errors import LimitProblem

LARGEST_NUMBER = 14_000  # bits: Python refuses to print integers of more than 4300 digits
LARGEST_SIZE = 256
"""The degree of a size in its letters, and the number of its terms."""


def refuse_large(*sizes: Basic, power: int = 1) -> None:
    """A LimitProblem where a power of a product of sizes has more digits, letters or terms than anybody means."""
    letters = len({letter for size in sizes for letter in size.free_symbols})
    counts = [len(Add.make_args(size)) for size in sizes]
    degree, bits = (power * sum(map(measure, sizes)) for measure in (_degree, _bits))
    work = prod(counts) if power == 1 else comb(min(power, LARGEST_SIZE) + counts[0] - 1, counts[0] - 1)
    terms = min(work, comb(degree + letters, letters))
    if max(degree, terms, work / 10) > LARGEST_SIZE or bits > LARGEST_NUMBER:
        raise LimitProblem(
            f"a size of over {LARGEST_SIZE:,} factors or terms, or {LARGEST_NUMBER * 3 // 10:,} digits",
            "write one matrix K of this size: K: m×n",
        )


def _degree(size: Basic) -> int:
    """The number of letters in the longest term of a size."""
    return max(
        sum(
            int(factor.exp) if factor.is_Pow and factor.exp.is_Integer else 1
            for factor in Mul.make_args(term)
            if not factor.is_Number
        )
        for term in Add.make_args(size)
    )


def _bits(size: Basic) -> int:
    """The length of the longest number in a size."""
    return max(int(term.as_coeff_Mul()[0].p).bit_length() for term in Add.make_args(size))
