"""What is imported when, and in which direction."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "symmat"
LAYERS = [
    ("errors", "field", "greek"),
    ("effort", "limits", "shapes", "registry"),
    ("consistency",),
    ("core",),
    ("algebra",),
    ("facts",),
    ("operations",),
    ("calculus",),
    ("language", "printing", "numeric"),
    ("identity",),
    ("result",),
    ("summary", "expansion"),
    ("api",),
    ("cli", "embed", "testing"),
    ("__main__",),
]
RANK = {name: i for i, layer in enumerate(LAYERS) for name in layer}
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
MODULES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_import_alone_loads_nothing_heavy():
    heavy = run(
        "import sys, symmat; print([m for m in ('sympy', 'lark', 'numpy', 'scipy', 'click') if m in sys.modules])"
    )
    assert heavy == "[]"


def test_a_differential_needs_no_numpy():
    code = "import sys, symmat; symmat.diff('X^3').latex(); print([m for m in ('numpy', 'scipy') if m in sys.modules])"
    assert run(code) == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            part = name.removeprefix("symmat.").split(".")[0] if name.startswith("symmat.") else None
            if part in RANK and part != own:
                assert RANK[part] < RANK[own], f"{own} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400, "is it two things?"


def test_the_grammar_is_found():
    from symmat.language.grammar import grammar_text

    assert "start: item" in grammar_text()


def test_unknown_attributes_are_errors():
    import symmat

    assert not hasattr(symmat, "nonsense")
    assert {"diff", "grad", "adjoint", "SymmatError"} <= set(dir(symmat))
    assert all(getattr(symmat, name) for name in symmat.__all__)


def test_the_core_is_read_in_an_hour():
    """What one must know to add an operation is few lines."""
    assert sum(len(path.read_text("utf-8").splitlines()) for path in (ROOT / "core").glob("*.py")) <= 1500


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_needs_a_later_one(package):
    """The files of a package have an order in which they are read; what only types or functions import counts."""
    own = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    needs = {}
    for name in own:
        found = ast.walk(ast.parse((ROOT / package / f"{name}.py").read_text("utf-8")))
        imports = [n for n in found if isinstance(n, ast.ImportFrom) and n.module]
        needs[name] = {n.module.rpartition(".")[2] for n in imports if n.module.startswith(f"symmat.{package}.")}
        needs[name] |= {alias.name for n in imports if n.module == f"symmat.{package}" for alias in n.names} & own
    assert set(TopologicalSorter(needs).static_order()) == own
