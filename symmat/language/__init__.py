"""The notation: text to expressions, with kinds and shapes inferred."""

from symmat.language.declarations import declare
from symmat.language.reader import Reading, parse_names, read

__all__ = ["Reading", "declare", "parse_names", "read"]
