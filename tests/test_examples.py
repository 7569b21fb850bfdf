"""The examples run, as they stand, and print what they should: rounding aside, word for word."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDING = re.compile(r"\d\.\de-1\d|0\.0e\+00")
PASSED = """\
Taylor slope    2.00      passed
adjoint error   ε   passed
Jacobian error  ε   passed
code error      ε   passed
the derivative agrees with the numbers (seed 0, m = 4, n = 6, p = 5)
"""
PRINTED = {
    "inverse": f"""\
dF = -A X^-1 dX X^-1 B
dF = d(A X^-1 B)
   = A d(X^-1) B    [constant factor]
     (X^-1 X = I)
     (d(X^-1) X + X^-1 dX = 0)
   = -A X^-1 dX X^-1 B    [inverse]
{PASSED}""",
    "logistic_regression": f"""\
grad(sum(softplus(X w)) - y'X w + λ w'w, w) = X' sigmoid(X w) + 2 λ w - X'y
hessian(sum(softplus(X w)) - y'X w + λ w'w, w) = X' diag(sigmoid(X w) ∘ (ones(m) - sigmoid(X w))) X + 2 λ I
{PASSED.replace("n = 6, p = 5", "n = 2")}norm of the gradient: ε
""",
    "newton_schulz": """\
30 steps: 59 lines, from
Y_1 = X (2 I - A X)
Y_2 = Y_1 (2 I - A Y_1)
Y_3 = Y_2 (2 I - A Y_2)
to
G_{Y1} = G_{Y2} (2 I - A Y_1)' - A'Y_1'G_{Y2}
G_{Y1} (2 I - A X)' - A'X'G_{Y1}
""",
    "ridge_regression": """\
grad((A x - b)' (A x - b) + λ x'x, x) = 2 A' (A x - b) + 2 λ x
distance to the solution: ε
""",
}


def test_every_example_is_here():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_example(name):
    command = [sys.executable, str(EXAMPLES / f"{name}.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert ROUNDING.sub("ε", done.stdout) == PRINTED[name]
