"""The notation: from text to interned nodes, with kinds and shapes inferred and errors that say what to write.

``read`` goes through characters, tokens, the surface tree, terms with open sizes, and nodes.
"""

from symmat import operations as operations  # its records are what texts call by name
from symmat.language.declarations import declare, parse_names
from symmat.language.reader import Reading, read
from symmat.language.sympy_input import described, read_sympy, spelled

__all__ = ["Reading", "declare", "described", "parse_names", "read", "read_sympy", "spelled"]
