"""Expressions for readers: the notation, the notation with Unicode marks, and LaTeX."""

from symmat.printing.ascii import Ascii
from symmat.printing.latex import LaTeX, Style
from symmat.printing.printer import Printer
from symmat.printing.text import Text
from symmat.printing.unicode import Unicode

__all__ = ["Ascii", "LaTeX", "Printer", "Style", "Text", "Unicode"]
