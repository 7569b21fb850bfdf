"""The documentation builds with warnings as errors, its examples run, and a wrong formula is a warning at its line."""

from __future__ import annotations

import doctest
import html
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.command import symmat
from tests.plugins import registered

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.rst"))]
EXTENDING = ROOT / "docs" / "extending.rst"
"""Its operation is another package's, with a test of its own."""


def build(source, target, *options):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", *options, str(source), str(target)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_documentation_builds(tmp_path):
    done = build(ROOT / "docs", tmp_path, "-W", "--keep-going")
    assert (done.returncode, done.stderr) == (0, "")
    page = html.unescape((tmp_path / "index.html").read_text("utf-8"))
    assert r"\mathrm{d}F = \mathrm{d}X \, X^{2} + X \, \mathrm{d}X \, X + X^{2} \, \mathrm{d}X" in page
    assert r"\mathrm{d}F" in (tmp_path / "start.html").read_text("utf-8")
    operations = (tmp_path / "operations.html").read_text("utf-8")
    assert operations.index("The trace") < operations.index("The factors of the standard factorisations")
    assert "Its differential is not there yet." in operations
    links = re.findall(r'<section id="([^"]*)"', operations)
    assert len(set(links)) == len(links) > 140
    names = (tmp_path / "api.html").read_text("utf-8")
    for documented in ("CheckReport", "NumericFunction", "Steps", "Expansion", "Summary"):
        assert f">{documented}<" in names


def test_the_picture_has_slopes_one_and_two():
    picture = runpy.run_path(str(ROOT / "docs" / "remainder.py"))
    steps = np.logspace(-4, -1, 7)
    for (_, formula, words, _), slope in zip(picture["LINES"], (1, 2), strict=True):
        assert words.endswith(f"slope {slope}")
        assert np.polyfit(np.log(steps), np.log(picture["remainders"](formula, steps)), 1)[0] == pytest.approx(
            slope, abs=0.1
        )
    assert ElementTree.fromstring(picture["drawing"]()).tag.endswith("svg")


def test_a_wrong_expression_is_a_warning_at_its_line_and_visible(tmp_path):
    (tmp_path / "conf.py").write_text('extensions = ["symmat.embed.sphinx"]\n')
    (tmp_path / "index.rst").write_text("Page\n====\n\n.. symmat:diff:: A + <X\n\nIn text :symmat:diff:`x y`.\n")
    done = build(tmp_path, tmp_path / "out")
    assert done.returncode == 0
    assert re.search(r"index\.rst:4: WARNING: symmat: .*'<'", done.stderr)
    assert re.search(r"index\.rst:6: WARNING: symmat: the product x y", done.stderr)
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "&lt;" in page
    assert "has no meaning here" in re.sub(r"<[^>]*>", "", page)
    assert build(tmp_path, tmp_path / "strict", "-W").returncode != 0


def test_the_options_of_the_directive(tmp_path):
    (tmp_path / "conf.py").write_text('extensions = ["symmat.embed.sphinx"]\n')
    text = ".. symmat:diff:: A X\n   :wrt: A\n   :let: A: 2×3\n\n.. symmat:diff:: X^-1\n   :steps:\n\n"
    text += ".. symmat:diff:: X^2\n   :order: 2\n\n.. symmat:diff::\n\n   S = X'X\n   S^2\n"
    (tmp_path / "index.rst").write_text("Page\n====\n\n" + text)
    done = build(tmp_path, tmp_path / "out", "-W")
    assert (done.returncode, done.stderr) == (0, "")
    page = html.unescape((tmp_path / "out" / "index.html").read_text("utf-8"))
    for shown in (r"\mathrm{d}A \, X", r"\begin{aligned}", r"\mathrm{d}^{2}F = 2", r"\text{where } S = X^{\top} X"):
        assert shown in page


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_examples(page):
    text = page.read_text("utf-8")
    # doctest ends an example at a blank line, and a fence is none
    text = re.sub(r"^```.*$", "", text, flags=re.M)
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    with registered():  # a page may add operations of its own
        runner.run(test)
    assert runner.failures == 0


COMMAND = re.compile(r"^ *\$ (symmat .*)\n((?: *[^$\s].*\n)+)", re.M)
COMMANDS = [
    pytest.param(command, shown, id=command)
    for page in PAGES
    if page != EXTENDING
    for command, shown in COMMAND.findall(page.read_text("utf-8"))
]


@pytest.mark.parametrize(("command", "shown"), COMMANDS)
def test_console_examples(command, shown):
    if set(command).isdisjoint("$`|<>&"):
        done = symmat(*shlex.split(command)[1:])
    else:
        run = command.replace("symmat", f'"{sys.executable}" -m symmat', 1)
        done = subprocess.run(["bash", "-c", run], capture_output=True, text=True)
    lines = [line.strip() for line in shown.splitlines() if line.strip() and not line.startswith("```")]
    rounding = re.compile(r"\d\.\de-1\d")
    assert [rounding.sub("ε", x) for x in done.stdout.splitlines()] == [rounding.sub("ε", x) for x in lines]
