"""``python -m symmat`` is the command line."""

from symmat.cli import main

main(prog_name="symmat")
