"""Compile the LaTeX of the whole table with a real LaTeX and with KaTeX: ``python -m tests.latex_compiles``.

KaTeX is in strict mode, with room for the macros of a derivation of two pages, and TeX counts what is wider than the
text of ``article``.  Needs pdflatex, or node with the katex package (``NODE_PATH``); what is not there is left out.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import symmat as sm
from symmat.errors import SymmatError
from tests.cases import ROWS

HEAD = r"""\documentclass{article}\usepackage{amsmath}\begin{document}
\def\show#1{\[#1\]\setbox0\hbox{$\displaystyle #1$}\ifdim\wd0>345pt\message{[too wide]}\fi}
"""
CHECK = """
const katex = require('katex');
let bad = 0;
for (const s of JSON.parse(require('fs').readFileSync(0, 'utf8')))
  try { katex.renderToString(s, {strict: 'error', displayMode: true, maxExpand: 1e5}); }
  catch (e) { bad += 1; console.log(s + '\\n  ' + e.message); }
console.log(bad + ' failed');
process.exit(bad ? 1 : 0);
"""


def formulas() -> Iterator[str]:
    """Differential, adjoint, Jacobian, gradient and Hessian with their derivations, and increment, of every row."""
    for row in ROWS:
        total = sm.diff(row.text, row.wrt, let=row.let)
        yield total.latex(equation=True)
        yield total.latex(equation=True, bold=True, parentheses=True, transpose=r"\mathsf{T}")
        yield total.steps.latex()
        for name in [v.name for v in total.question.variables]:
            for derive in (sm.adjoint, sm.jacobian, sm.grad, sm.hessian):
                try:
                    found = derive(row.text, name, let=row.let)
                    yield found.latex(equation=True)
                    yield found.steps.latex()
                except SymmatError:
                    continue  # a matrix function has no gradient
        try:
            yield sm.expand(row.text, row.wrt, let=row.let).latex()
        except SymmatError:
            continue  # an orthogonal variable


def main() -> int:
    """The number of engines that found an error."""
    found = list(formulas())
    print(f"{len(found)} formulas")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("pdflatex"):
            body = "\n".join(rf"\show{{{formula}}}" for formula in found)
            (Path(folder) / "all.tex").write_text(HEAD + body + r"\end{document}", encoding="utf-8")
            command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "all.tex"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
            failures += bool(done.returncode)
            errors = [line for line in done.stdout.splitlines() if line.startswith(("!", "l."))]
            print("pdflatex:", "all compile" if not done.returncode else "\n".join(errors[:6]))
            print(done.stdout.count("[too wide]"), "are wider than 345 points")
        else:
            print("pdflatex is not there")
    if shutil.which("node") and not subprocess.run(["node", "-e", "require('katex')"], capture_output=True).returncode:
        done = subprocess.run(["node", "-e", CHECK], input=json.dumps(found), capture_output=True, text=True)
        failures += bool(done.returncode)
        print("KaTeX, strict:", done.stdout[-1500:].strip())
    else:
        print("KaTeX is not there")
    return failures


if __name__ == "__main__":
    sys.exit(main())
