"""Sphinx: ``.. symmat:diff:: X^3`` and :symmat:diff:`X^3`; a wrong expression is a warning at its line.

Enable it by ``extensions = ["symmat.embed.sphinx"]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from symmat import __version__
from symmat.api import Result, diff
from symmat.embed.reference import Entry, Family, families
from symmat.errors import SymmatError

if TYPE_CHECKING:
    from sphinx.util.typing import ExtensionMetadata  # since Sphinx 7.3

logger = logging.getLogger(__name__)


class DiffDirective(SphinxDirective):
    """The differential of an expression as displayed mathematics, with its derivation if ``:steps:`` is given."""

    required_arguments = 0
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "wrt": directives.unchanged,
        "let": directives.unchanged,
        "order": directives.positive_int,
        "steps": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """One block of mathematics, or a visible error and a warning."""
        text = "\n".join([*self.arguments, *self.content])
        try:
            options = self.options
            result = diff(text, options.get("wrt"), let=options.get("let", ""), order=options.get("order", 1))
            shown = result.steps.latex() if "steps" in options else result.latex(equation=True)
        except SymmatError as error:
            logger.warning("symmat: %s", error, location=self.get_location(), type="symmat", subtype=error.kind)
            return [nodes.literal_block(str(error), str(error), classes=["symmat-error"], language="none")]
        block = nodes.math_block(shown, shown, nowrap=False, number=None, label=None, docname=self.env.docname)
        self.set_source_info(block)
        return [block]


class DiffRole(SphinxRole):
    """The differential of an expression in running text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Inline mathematics, or a visible error and a warning."""
        try:
            result: Result = diff(self.text)
            shown = result.latex(equation=True)
        except SymmatError as error:
            logger.warning("symmat: %s", error, location=self.get_location(), type="symmat", subtype=error.kind)
            return [nodes.literal(str(error), str(error), classes=["symmat-error"])], []
        return [nodes.math(self.rawtext, shown)], []


class OperationsDirective(SphinxDirective):
    """The reference of all operations, from their records."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """A section for each family, and in it one for each operation."""
        return [self._family(family) for family in families()]

    def _family(self, family: Family) -> nodes.section:
        section = self._section(f"operations {family.title}")
        section += nodes.title(family.title, family.title)
        section += [nodes.paragraph("", text) for text in family.about.split("\n\n") if text]
        section += [self._entry(entry) for entry in family.entries]
        return section

    def _entry(self, entry: Entry) -> nodes.section:
        """How it is typed, its derivatives, its condition, its source."""
        section = self._section(f"operation {entry.name} {entry.text}")
        section += nodes.title("", "", nodes.Text(f"{entry.name}: "), nodes.literal(entry.text, entry.text))
        rows = [entry.latex, *(latex for _, latex in entry.derivatives)]
        section += nodes.math_block("", _aligned(rows), nowrap=False, number=None, label=None)
        said = [f"It is {entry.shape}."]
        said += ["Its differential is not there yet."] if entry.missing else []
        said += [f"If {', '.join(entry.conditions)}."] if entry.conditions else []
        said += [f"{entry.reference}."] if entry.reference else []
        section += nodes.paragraph("", "  ".join(said))
        return section

    def _section(self, name: str) -> nodes.section:
        """A section that can be linked to: norm1(x) and norm1(X) by two links."""
        section = nodes.section(names=[name])
        self.state.document.set_id(section)
        return section


def _aligned(rows: list[str]) -> str:
    shown = [row.replace(" = ", " &= ", 1) if " = " in row else f"& {row}" for row in rows]
    return "\\begin{aligned}\n" + " \\\\\n".join(shown) + "\n\\end{aligned}"


class SymmatDomain(Domain):
    """The names ``symmat:diff`` and ``symmat:operations`` in documents."""

    name = "symmat"
    label = "symmat"
    directives: ClassVar[dict[str, Any]] = {"diff": DiffDirective, "operations": OperationsDirective}
    roles: ClassVar[dict[str, Any]] = {"diff": DiffRole()}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain."""
    app.add_domain(SymmatDomain)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
