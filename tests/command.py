"""The command line in this process, as fast as a call: what it prints, where, and its exit status."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from unittest.mock import patch

from symmat.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def symmat(*words, stdin="", encoding="utf-8"):
    """Run the command, on a terminal with an encoding."""
    given, out, err = (io.TextIOWrapper(io.BytesIO(data), encoding) for data in (stdin.encode(), b"", b""))
    streams = patch.multiple(sys, argv=["symmat", *words], stdin=given, stdout=out, stderr=err)
    code = 0
    with streams, patch("symmat.cli.gc"):  # which is told that a process ends soon
        try:
            main(prog_name="symmat")
        except SystemExit as ended:
            code = ended.code or 0
        out.flush(), err.flush()
    return Done(code, *(stream.buffer.getvalue().decode(encoding) for stream in (out, err)))
