"""What may be known of a value, and what an operation may ask of its operands: the words that records use for it."""

from __future__ import annotations

from collections.abc import Mapping

Facts = frozenset[str]

POSITIVE, NONNEGATIVE, NONZERO = "every entry > 0", "every entry ≥ 0", "no entry is 0"
NOT_NULL = "not the zero matrix"
COLUMNS, ROWS, FULL_RANK = "full column rank", "full row rank", "full rank"
SYMMETRIC, SKEW, SEMIDEFINITE = "symmetric", "skew", "positive semidefinite"
ORIENTED = "positive determinant"
SPECTRUM = "no real eigenvalue ≤ 0"
MINORS = "leading minors that are not 0"
WITHIN_ONE, BELOW_ONE = "every entry from -1 to 1", "every entry between -1 and 1"

IS_POSITIVE = "{A} > 0"
ENTRIES_POSITIVE = "every entry of {A} > 0"
IS_NONNEGATIVE = "{A} ≥ 0"
ENTRIES_NONNEGATIVE = "every entry of {A} ≥ 0"
IS_NOT_ZERO = "{A} ≠ 0"
ENTRIES_NOT_ZERO = "no entry of {A} is 0"
IS_INVERTIBLE = "{A} is invertible"
INVERTIBLE_IN_THIS_FORM = "{A} is invertible (in this form)"
HAS_FULL_RANK = "{A} has full rank"
KEEPS_ITS_RANK = "the rank of {A} does not change"
IS_DEFINITE = "{A} is positive definite"
IS_ORIENTED = "det({A}) > 0"
HAS_LOGARITHM = "{A} has no eigenvalue on the closed negative real axis"
HAS_MINORS = "the leading minors of {A} are not 0"
IS_WITHIN_ONE, IS_BELOW_ONE = "{A} is from -1 to 1", "{A} is between -1 and 1"
ENTRIES_WITHIN_ONE, ENTRIES_BELOW_ONE = f"every entry of {IS_WITHIN_ONE}", f"every entry of {IS_BELOW_ONE}"
HAS_POWER = "{A} ≠ 0 or {B} ≥ 1"
ENTRIES_HAVE_POWER = "no entry of {A} is 0 or {B} ≥ 1"
NO_COMMON_EIGENVALUE = "{A} and -{B} have no common eigenvalue"
IS_SYMMETRIC = "{A} is symmetric"
LARGEST_IS_ALONE, SMALLEST_IS_ALONE = (f"the {end} entry of {{A}} is the only one" for end in ("largest", "smallest"))
LARGEST_SINGULAR_VALUE_IS_SIMPLE = "the largest singular value of {A} is simple"
DIFFERS, ENTRIES_DIFFER = "{A} ≠ {B}", "no entry of {A} is that of {B}"
NO_ENTRY_IS, IS_NO_ENTRY = "no entry of {A} is {B}", "no entry of {B} is {A}"

MEANING: Mapping[str, Facts] = {
    INVERTIBLE_IN_THIS_FORM: frozenset((COLUMNS, ROWS)),
    IS_INVERTIBLE: frozenset((COLUMNS, ROWS)),
    IS_NOT_ZERO: frozenset((NOT_NULL,)),
    ENTRIES_NOT_ZERO: frozenset((NONZERO,)),
    IS_WITHIN_ONE: frozenset((WITHIN_ONE,)),
    ENTRIES_WITHIN_ONE: frozenset((WITHIN_ONE,)),
    IS_BELOW_ONE: frozenset((WITHIN_ONE, BELOW_ONE)),
    ENTRIES_BELOW_ONE: frozenset((WITHIN_ONE, BELOW_ONE)),
    IS_NONNEGATIVE: frozenset((NONNEGATIVE,)),
    ENTRIES_NONNEGATIVE: frozenset((NONNEGATIVE,)),
    IS_POSITIVE: frozenset((POSITIVE,)),
    ENTRIES_POSITIVE: frozenset((POSITIVE,)),
    HAS_FULL_RANK: frozenset((FULL_RANK,)),
    IS_ORIENTED: frozenset((ORIENTED,)),
    HAS_LOGARITHM: frozenset((SPECTRUM,)),
    HAS_MINORS: frozenset((MINORS,)),
    IS_DEFINITE: frozenset((SEMIDEFINITE, COLUMNS)),
    IS_SYMMETRIC: frozenset((SYMMETRIC,)),
}
"""The facts about {A} that a condition says in words."""
