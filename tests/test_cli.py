"""The command line: what it prints, where, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from symmat.cli import guarded
from tests.command import symmat


def process(*words, stdin=None, encoding="utf-8"):
    """Run the command in a process of its own, on a terminal with an encoding."""
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "symmat", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, encoding="utf-8", env=env, timeout=60)


SHOWN = {
    ("diff", "X^3"): "dF = dX X^2 + X dX X + X^2 dX",
    ("diff", "-X^3"): "dF = -dX X^2 - X dX X - X^2 dX",
    ("diff", "--", "-X^3"): "dF = -dX X^2 - X dX X - X^2 dX",
    ("diff", "--wrt", "X", "--", "-X"): "dF = -dX",
    ("diff", "X^3", "--format", "unicode"): "dF = dX X² + X dX X + X² dX",
    ("diff", "A X B + C", "--wrt", "X"): "dF = A dX B",
    ("diff", "A X", "--wrt", "A", "--wrt", "X"): "dF = dA X + A dX",
    ("diff", "A X", "--wrt", "A,X"): "dF = dA X + A dX",
    ("diff", "c X", "--let", "c: scalar", "--let", "X: n×n"): "dF = c dX",
    ("diff", "X^2", "--order", "2"): "d2F = 2 dX^2",
    ("grad", "x'A x", "--wrt", "x"): "grad(x'A x, x) = (A + A') x",
    ("adjoint", "A X B", "--wrt", "X"): "adjoint(A X B, X) = A'G B'",
    ("jacobian", "A X B", "--wrt=X"): "jacobian(A X B, X) = B' ⊗ A",
    ("diff", "X^-1", "--format=latex"): "\\[\n\\mathrm{d}F = -X^{-1} \\, \\mathrm{d}X \\, X^{-1}\n\\]",
}


@pytest.mark.parametrize("words", SHOWN)
def test_prints(words):
    done = symmat(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, SHOWN[words] + "\n", "")


SAME = {
    ("diff", "X^3"): "utf-8",
    ("x'A x", "--wrt", "x"): "ascii",
    ("diff", "A +"): "utf-8",
    ("diff", "X", "--format", "json", "--wrt"): "utf-8",
    ("check", "X^-1"): "utf-8",
    ("grad", "-"): "ascii",
}


@pytest.mark.parametrize("words", SAME, ids=" ".join)
def test_a_process_does_what_a_call_does(words):
    done, called = (run(*words, stdin="tr(X ∘ A)\n", encoding=SAME[words]) for run in (process, symmat))
    assert (done.returncode, done.stdout, done.stderr) == (called.returncode, called.stdout, called.stderr)


def test_steps():
    done = symmat("diff", "X^-1", "--steps")
    assert done.stdout.splitlines() == [
        "dF = d(X^-1)",
        "     (X^-1 X = I)",
        "     (d(X^-1) X + X^-1 dX = 0)",
        "   = -X^-1 dX X^-1    [inverse]",
        "if X is invertible",
    ]
    assert "\\begin{aligned}" in symmat("diff", "X^-1", "--steps", "--format", "latex").stdout
    assert "     (d(X⁻¹) X + X⁻¹ dX = 0)\n" in symmat("diff", "X^-1", "--steps", "--format", "unicode").stdout
    commented, code = symmat("diff", "X^-1", "--steps", "--format", "numpy").stdout.split("\nimport", 1)
    assert all(line.startswith("# ") for line in commented.splitlines())
    assert "def f(" in code


def test_numpy_source_runs_alone():
    source = symmat("diff", "X^3", "--format", "numpy").stdout
    program = source + "\nX = dX = np.eye(2)\nprint(f(X=X, dX=dX)[0, 0])"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "3.0\n"


def test_json():
    result = json.loads(symmat("diff", "A X^-1", "--wrt", "X", "--format", "json").stdout)
    assert result["text"] == "-A X^-1 dX X^-1"
    assert result["wrt"] == ["X"]
    assert result["conditions"] == ["X is invertible"]
    assert result["let"]["A"] == {"kind": "matrix", "rows": "m", "cols": "n", "properties": []}
    last = result["steps"][-1]
    assert (last["of"], last["rule"], last["after"]) == ("dF", "inverse", result["text"])
    assert (last["unicode"]["after"], last["latex"]["after"]) == (result["unicode"], result["latex"])
    assert set(result) == {"input", "kind", "wrt", "let", "text", "unicode", "latex", "numpy", "conditions", "steps"}


def test_standard_input():
    assert symmat("diff", "-", stdin="X^2\n").stdout == "dF = dX X + X dX\n"


def test_check():
    done = symmat("check", "X^3")
    assert done.returncode == 0
    assert "Taylor slope    2.00      passed" in done.stdout
    assert "exact" in symmat("check", "A X B + C").stdout
    report = json.loads(symmat("check", "X^-1", "--seed", "3", "--format", "json").stdout)
    assert report["ok"]
    assert report["seed"] == 3


BAD = [
    ("diff", "A +"),
    ("diff", "x y"),
    ("diff", "A B"),
    ("diff", "X^3", "--wrt", "Y"),
    ("grad", "X"),
    ("diff", "__import__('os')"),
    ("diff", ""),
    ("x y",),
    ("show", "X", "--format", "numpy"),
    ("diff",),
    ("diff", "X", "--format", "yaml"),
    ("diff", "X", "--nonsense"),
    ("diff", "X", "--order", "0"),
    ("diff", "X", "--wrt"),
    ("foo", "X^3"),
    ("gradient", "X^3", "--wrt", "X"),
    ("check", "X", "--format", "latex"),
]


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input(words):
    done = symmat(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "rror: " in done.stderr
    assert "Traceback" not in done.stderr


def test_an_expression_alone_is_shown():
    done = symmat("||A x - b||^2", "--wrt", "x")
    assert done.stdout == symmat("show", "||A x - b||^2", "--wrt", "x").stdout
    assert done.stdout.splitlines() == [
        "read as       ||A x - b||^2",
        "shape         a scalar",
        "where         A: m×n; x: n; b: m",
        "differential  df = 2 (A x - b)'A dx",
        "gradient      grad(||A x - b||^2, x) = 2 A' (A x - b)",
        "Hessian       hessian(||A x - b||^2, x) = 2 A'A",
    ]
    assert symmat("-X^3").stdout.startswith("read as       -X^3\n")
    assert "all symbols vary; name one" in symmat("show", "tr(A B)").stdout
    assert "(" in symmat("show", "normnuc(X)").stdout.splitlines()[-2]
    assert json.loads(symmat("show", "A X", "--format", "json").stdout)["results"]["jacobian"]["text"] == "I_p ⊗ A"


def test_expand():
    shown = symmat("expand", "X^-1", "--order", "2").stdout.splitlines()
    assert shown[0] == "F(X + dX) - F(X) = -X^-1 dX X^-1 + X^-1 dX X^-1 dX X^-1 + R"
    assert symmat("expand", "A X").stdout.splitlines()[-1] == "exact, no remainder"
    assert json.loads(symmat("expand", "X^2", "--format", "json").stdout)["remainder"] == "dX^2"
    assert symmat("expand", "X^2", "--format", "latex").stdout.startswith("\\[\n\\begin{aligned}")
    assert symmat("expand", "X", "--format", "numpy").returncode == 2
    assert symmat("expand", "X^2", "--steps").stdout.splitlines()[0] == "dF = d(X^2)"
    assert symmat("expand", "X^2", "--steps", "--format", "latex").stdout.count("\\begin{aligned}") == 2


def test_forms_of_a_jacobian():
    assert symmat("jacobian", "A X B", "--wrt", "X", "--form", "index").stdout == (
        "jacobian(A X B, X)[i, j, k, l] = A[i, k] B[l, j]\n"
    )
    assert symmat("jacobian", "X^2", "--vech").stdout == (
        "jacobian(X^2, vech(X)) = (X' ⊗ I_n + I_n ⊗ X) duplication(n)\n"
    )


def test_bad_input_as_json():
    done = symmat("diff", "A +", "--format", "json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert (error["kind"], error["position"], error["end"]) == ("syntax", 3, 4)
    assert set(error) == {"kind", "position", "end", "message", "hint"}


USAGE = {
    ("diff", "X", "--wrt"): "--wrt needs a value",
    ("diff",): "EXPR",
    ("diff", "X", "--order", "0"): "x>=1",
    ("gradient", "X"): "there is no command gradient",
}


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_usage(words):
    assert USAGE[words] in symmat(*words).stderr
    done = symmat(*words[:2], "--format", "json", *words[2:])
    assert done.returncode == 2
    assert done.stderr == ""
    assert USAGE[words] in json.loads(done.stdout)["error"]["message"]


def test_json_is_ascii():
    done = symmat("adjoint", "λ X'", "--wrt", "X", "--format", "json", encoding="ascii")
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["unicode"] == "λ Gᵀ"


TROUBLE = {
    "diff - <&-": (2, "standard input is closed"),
    r"printf '\377 X' | {} diff -": (2, "standard input is not UTF-8"),
    "diff X > /dev/full": (74, "No space left"),
}


@pytest.mark.parametrize("command", TROUBLE)
def test_trouble_with_files(command):
    run = f"'{sys.executable}' -m symmat"
    shown = command.replace("{}", run) if "{}" in command else f"{run} {command}"
    done = subprocess.run(["bash", "-c", shown], capture_output=True, text=True)
    code, words = TROUBLE[command]
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_an_interrupt():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        guarded(interrupted, "text")
    assert ended.value.code == 130


def test_a_terminal_without_the_signs():
    done = symmat("jacobian", "A X B", "--wrt", "X", encoding="ascii")
    assert done.stdout == "jacobian(A X B, X) = kron(B', A)\n"
    done = symmat("diff", "λ A ∘ X'", "--format", "unicode", "--wrt", "X", encoding="ascii")
    assert done.stdout == "dF = lambda (A .* dX')\n"
    done = symmat("diff", "X ⊗ A ⊗ B", "--wrt", "X", "--steps", encoding="ascii")
    assert done.stdout.splitlines()[-1] == "   = kron(kron(dX, A), B)    [Kronecker product]"
    assert "?" not in done.stdout
    done = symmat("λ ||A x||", "--wrt", "x", encoding="ascii")
    assert done.stdout.splitlines()[2] == "where         lambda: scalar; A: m x n; x: n"


def test_norms_have_their_own_bars():
    done = symmat("diff", "||A x||^2 / ||x||", "--format", "unicode", "--wrt", "x")
    assert done.stdout == "df = (2 AᵀA x − ‖A x‖² x / ‖x‖²)ᵀdx / ‖x‖\n"


def test_help_has_examples():
    for command in ("diff", "adjoint", "grad", "jacobian", "hessian", "check"):
        assert f'symmat {command} "' in symmat(command, "--help").stdout
    assert "symmat diff" in symmat("--help").stdout
    assert symmat("--version").stdout.startswith("symmat, version ")


def test_a_closed_pipe_is_quiet():
    command = f'"{sys.executable}" -m symmat diff "X^250" | head -c 1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stdout == "d"
    assert done.stderr == ""
