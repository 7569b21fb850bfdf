"""The notation: from text to interned nodes, with kinds and shapes inferred and errors that say what to write.

``read`` goes through characters, tokens, the surface tree, terms with open sizes, and nodes.
"""

from symmat import operations as operations  # its records are what texts call by name
from symmat.language.declarations import declare, parse_names
from symmat.language.reader import Reading, read

__all__ = ["Reading", "declare", "parse_names", "read"]
