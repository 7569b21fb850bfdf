"""Do the tests see?  Small faults are put into the code, one at a time, and the tests must find each.

    python -m tests.mutation --count 150 --seed 0

Every mutant runs in a copy of the checkout and in a process of its own: the tests that import the changed module come
first, the first failure ends the run, and a test that takes too long has found a loop.  A mutant that survives needs a
test that sees it, or is equivalent to the code as it was (DeMillo, Lipton & Sayward, Hints on test data selection,
1978).
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "algebra", "facts", "operations", "calculus", "language", "numeric")
TESTS = (
    "test_normal", "test_equations", "test_printing", "test_laws", "test_numeric", "test_conditions", "test_expand",
    "test_derivation", "test_structured", "test_sandwiches", "test_sympy_input", "test_program", "test_names",
    "test_history", "test_domains", "test_check_sizes", "test_results_of_programs", "test_growth",
    "test_errors",
)  # fmt: skip
"""From what finds most in the shortest time."""
FIRST = {
    "numeric": ("test_numeric",), "demands": ("test_domains",), "arguments": ("test_domains",),
    "conditions": ("test_conditions",), "facts": ("test_conditions",),
    "increment": ("test_expand",), "bounds": ("test_expand",),
    "derivation": ("test_derivation",), "explanation": ("test_derivation",),
    "sandwiches": ("test_sandwiches",), "program": ("test_program",), "foreign": ("test_sympy_input",),
    "projection": ("test_structured",), "draw": ("test_numeric",),
}  # fmt: skip
"""The tests of a module or a package, where they are not those that import it."""
SECONDS = 60
"""Of processor time: no test of ours takes as long."""

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMBINED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.MatMult: ast.Add,
    ast.BitXor: ast.BitOr,
}  # fmt: skip
COMMUTES = frozenset(("times", "plus", "max", "min", "gcd", "lcm", "same_word", "same_factor", "isclose"))
"""To swap what these are given is no fault."""
REMOVED = (ast.Call, ast.AugAssign, ast.Raise, ast.Continue, ast.Break)
"""Statements that are taken away."""


@dataclass(frozen=True)
class Mutant:
    """A fault: the code of a file with one node changed."""

    path: Path
    line: int
    change: str
    source: str

    @property
    def package(self) -> str:
        return self.path.parent.name

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.change}"


# ---------------------------------------------------------------- faults


def replacements(node: ast.AST) -> Iterator[ast.AST | None]:
    """What a node may be exchanged for; None takes a statement away."""
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            yield changed(node, ops=[*node.ops[:i], COMPARED[type(op)](), *node.ops[i + 1 :]])
    elif isinstance(node, ast.BinOp) and not (is_text(node.left) or is_text(node.right)):
        yield changed(node, op=COMBINED[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield changed(node, value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield changed(node, value=node.value + 1)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield changed(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Call) and len(node.args) > 1 and not any(isinstance(a, ast.Starred) for a in node.args):
        commutes = ast.unparse(node.func).rpartition(".")[2] in COMMUTES
        if not commutes and ast.dump(node.args[0]) != ast.dump(node.args[1]):
            yield changed(node, args=[node.args[1], node.args[0], *node.args[2:]])
    elif isinstance(node, ast.Return) and node.value is not None and not is_none(node.value):
        yield changed(node, value=ast.Constant(None))
    elif isinstance(node, ast.stmt) and isinstance(node.value if isinstance(node, ast.Expr) else node, REMOVED):
        yield None


def changed(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def sites(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Every node that runs, by its parent, its field and its place there: no annotation, no docstring, no message."""
    stack = [tree]
    while stack:
        parent = stack.pop()
        for name, value in ast.iter_fields(parent):
            if name in ("annotation", "returns", "decorator_list", "exc") or isinstance(parent, ast.FormattedValue):
                continue
            if isinstance(parent, ast.If) and ast.unparse(parent.test) == "TYPE_CHECKING":
                continue
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST) and not isinstance(child, ast.AnnAssign | ast.ClassDef | ast.JoinedStr):
                    yield parent, name, i if isinstance(value, list) else None
                if isinstance(child, ast.AST):
                    stack.append(child)


def mutants(path: Path) -> Iterator[Callable[[], Mutant]]:
    """All faults of a file, each made when it is asked for."""
    tree = ast.parse(path.read_text("utf-8"))
    for parent, name, place in sites(tree):
        value = getattr(parent, name)
        node = value if place is None else value[place]
        for new in replacements(node):
            yield lambda at=(parent, name, place, node, new): made(path, tree, *at)


def made(
    path: Path, tree: ast.Module, parent: ast.AST, name: str, place: int | None, node: ast.AST, new: ast.AST | None
) -> Mutant:
    """The file with a node exchanged."""
    other = new if new is not None else ast.copy_location(ast.Pass(), node)
    exchange(parent, name, place, other)
    source = ast.unparse(ast.fix_missing_locations(tree))
    after = shown(other)
    exchange(parent, name, place, node)
    return Mutant(path, getattr(node, "lineno", 0), f"{shown(node)}  →  {after}", source)


def exchange(parent: ast.AST, name: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[place] = node


def shown(node: ast.AST) -> str:
    """A node on one line: of a statement its head."""
    text = ast.unparse(node).splitlines()[0]
    return text if len(text) <= 80 else text[:77] + "…"


# ---------------------------------------------------------------- running


def order(path: Path) -> list[str]:
    """The test files for a changed file: its own, those that import it, then the rest."""
    module = f"symmat.{path.parent.name}.{path.stem}"
    own = [*FIRST.get(path.stem, ()), *FIRST.get(path.parent.name, ())]
    importing = [name for name in TESTS if module in (ROOT / "tests" / f"{name}.py").read_text("utf-8")]
    return list(dict.fromkeys([*own, *importing, *TESTS]))


def preload() -> None:
    """What every run needs and no mutant changes is imported once."""
    import lark
    import pytest
    import scipy.linalg
    import scipy.special
    import sympy

    assert all((lark, pytest, scipy.linalg, scipy.special, sympy))


def run(tree: Path, tests: Sequence[str], log: Path) -> int:
    """The exit status of pytest, in a child process, with ``tree`` in the place of the checkout."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        os.chdir(tree)
        sys.path[:] = [str(tree), *(p for p in sys.path if Path(p or ".").resolve() not in (ROOT, tree))]
        for name in [name for name in sys.modules if name.partition(".")[0] in ("symmat", "tests")]:
            del sys.modules[name]
        import pytest

        options = ["-x", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "--assert=plain", "--tb=line"]
        status = next(
            (s for name in tests if (s := int(pytest.main([*options, f"tests/{name}.py"], [Limit(tree)])))), 0
        )
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class Limit:
    """Ends a test that takes too long."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree

    def pytest_collection_finish(self) -> None:
        import symmat

        assert Path(symmat.__file__).is_relative_to(self._tree), "the tests run on the copy"

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        Path(self._tree, "running").write_text(nodeid, "utf-8")
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # which ends the process
        signal.setitimer(signal.ITIMER_PROF, SECONDS)

    def pytest_runtest_logfinish(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)


def tested(mutant: Mutant, tree: Path) -> str:
    """What became of a mutant: killed, and by what, or survived."""
    log, path = tree / "log", tree / mutant.path.relative_to(ROOT)
    before = path.read_text("utf-8")
    put(path, mutant.source)
    status = run(tree, order(mutant.path), log)
    put(path, before)
    if status == 0:
        return "SURVIVED"
    if status < 0:
        return f"killed by {(tree / 'running').read_text('utf-8')} after {SECONDS} s"
    failed = [line for line in log.read_text("utf-8", "replace").splitlines() if line.startswith(("FAILED", "ERROR"))]
    return f"killed by {failed[0].split()[1] if failed else 'an import'}"


def put(path: Path, source: str) -> None:
    """Write a module; what was compiled of it goes."""
    path.write_text(source, "utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Do the tests see?")
    parser.add_argument("--count", type=int, default=150, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--package", default="|".join(PACKAGES), help="of which packages")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long")
    given = parser.parse_args()
    paths = [p for name in given.package.split("|") for p in sorted((ROOT / "symmat" / name).glob("*.py"))]
    every = [make for path in paths for make in mutants(path)]
    chosen = random.Random(given.seed).sample(every, min(given.count, len(every)))
    print(f"seed {given.seed}: {len(chosen)} of {len(every)} mutants of {len(paths)} files", flush=True)
    preload()
    killed, total, started = Counter[str](), Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "checkout").resolve()
        kept = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__")
        shutil.copytree(ROOT, tree, ignore=kept)
        if run(tree, TESTS, tree / "log"):
            print("the tests fail without a mutant:", (tree / "log").read_text("utf-8")[-2000:])
            return 2
        for number, make in enumerate(chosen, 1):
            if time.monotonic() - started > 60 * given.minutes:
                break
            mutant = make()
            outcome = tested(mutant, tree)
            total[mutant.package] += 1
            killed[mutant.package] += outcome != "SURVIVED"
            done = "#" * (20 * number // len(chosen))
            print(f"[{done:<20}] {number}/{len(chosen)}  {mutant}  {outcome}", flush=True)
    for package, count in total.items():
        print(f"{package:<12} {killed[package]} of {count} killed")
    rate = killed.total() / max(1, total.total())
    print(f"{killed.total()} of {total.total()} killed: {rate:.0%} (seed {given.seed})")
    return 0 if rate >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
