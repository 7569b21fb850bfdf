"""The documentation is built with symmat's own extension: the mathematics in it comes from symmat."""

import runpy

from symmat import __version__

project = "symmat"
author = "The symmat authors"
copyright = "2026, The symmat authors"
version = release = __version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.mathjax", "symmat.embed.sphinx"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "Matrix derivatives that can be trusted", "fixed_sidebar": True}
autodoc_typehints = "description"
nitpicky = False

runpy.run_path("remainder.py", run_name="__main__")  # Sphinx reads this file in its own directory
