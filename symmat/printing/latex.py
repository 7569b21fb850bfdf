r"""LaTeX that needs amsmath only: ``A \, \mathrm{d}X \, B``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sympy import Add, Basic, Inverse, MatAdd, MatrixSymbol, Symbol

from symmat.expressions.constructors import shape_of
from symmat.expressions.nodes import MatrixDifferential
from symmat.expressions.operation import operation
from symmat.printing.printer import ATOM, INFIX, POSTFIX, PRODUCT, Piece, Printer, size_text

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip


LONGEST_LINE = 80
"""A longer sum in an equation is broken, in characters that a reader sees."""
WIDEST_NUMERATOR, LONGEST_SYMBOL = 24, 3
"""A matrix that is no wider stands in the numerator, as x over its norm, but beside what is just a symbol: 1/n X."""
SQUARE = re.compile(r"\b(\w) \1\b")


@dataclass(frozen=True)
class Style:
    """What authors differ in: the mark of a transpose, bold matrices and vectors, and parentheses around dX."""

    transpose: str = r"\top"
    bold: bool = False
    parentheses: bool = False


class LaTeX(Printer):
    """LaTeX for mathematics mode, in a style."""

    def __init__(
        self, names: Mapping[str, str] | None = None, definitions: Collection[str] = (), style: Style | None = None
    ) -> None:
        super().__init__(names, definitions)
        self.style = style or Style()

    def symbol(self, node: MatrixSymbol | Symbol) -> Piece:
        """A symbol, bold if it is a matrix or a vector and the style wants it."""
        if not (self.style.bold and shape_of(node)):
            return super().symbol(node)
        if isinstance(node, MatrixDifferential):
            return Piece(self.moving(self.bold(node.name[1:])))
        return Piece(self.bold(node.name))

    def bold(self, name: str) -> str:
        """A name in bold: Greek letters as well."""
        stem, _, subscript = self.name(name).partition("_")
        return rf"\boldsymbol{{{stem}}}" + (f"_{subscript}" if subscript else "")

    def moving(self, shown: str, order: int = 1) -> str:
        """dX, in parentheses if the style wants it."""
        d = rf"\mathrm{{d}}{f'^{{{order}}}' * (order > 1)}{shown}"
        return f"({d})" if self.style.parentheses else d

    def name(self, name: str) -> str:
        stem, _, subscript = name.replace("{", "").replace("}", "").partition("_")
        if not subscript and (digits := re.fullmatch(r"(\D+)(\d+)", stem)):
            stem, subscript = digits.groups()
        letter = f"\\{GREEK[stem]}" if stem in GREEK else stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
        return f"{letter}_{{{subscript}}}" if subscript else letter

    def differential(self, name: str, order: int = 1) -> str:
        return self.moving(self.name(name), order)

    def group(self, text: str) -> str:
        return rf"\left({text}\right)"

    def juxtapose(self, pieces: Sequence[str], nodes: Sequence[Basic]) -> str:
        text = pieces[0]
        for piece in pieces[1:]:
            if piece[0].isdigit():
                text += r" \cdot " + piece
            else:
                apart = r"\mathrm{d}" in (piece[:10], last_symbol(text))
                text += (r" \, " if apart else " ") + piece
        return text

    def quotient(self, above: Sequence[tuple[Basic, Piece]], below: Sequence[Piece], sign: str) -> Piece:
        top = [f for f in above if not shape_of(f[0])]
        matrices = [f for f in above if shape_of(f[0])]
        denominator = " ".join(self.within(p, PRODUCT) if len(below) > 1 else p.text for p in below)
        beside = width(self.factors(above)) > WIDEST_NUMERATOR if width(denominator) > LONGEST_SYMBOL else True
        if matrices and not beside:
            return Piece(rf"{sign}\frac{{{self.factors(above)}}}{{{denominator}}}", 0 if sign else PRODUCT)
        numerator = (
            self.juxtapose([p.text if len(top) == 1 else self.within(p, PRODUCT + 1) for _, p in top], [])
            if top
            else "1"
        )
        fraction = rf"\frac{{{numerator}}}{{{denominator}}}"
        if matrices:
            return Piece(f"{sign}{fraction} {self.factors(matrices)}", 0 if sign else PRODUCT)
        return Piece(sign + fraction, 0 if sign else PRODUCT)

    def ratio(self, p: int, q: int) -> Piece:
        return Piece(rf"\frac{{{p}}}{{{q}}}", PRODUCT + 1)

    def raised(self, base: str, exponent: str, node: Basic) -> str:
        return f"{base}^{{{exponent.replace(' ', '')}}}"

    def inverse(self, base: Piece) -> Piece:
        return self.marked(base, "-1")

    def transposed(self, node: Basic, args: Sequence[Piece]) -> Piece:
        matrix = node.args[0]
        if type(matrix) is Inverse:
            return self.marked(self.done[matrix.args[0]], "-" + self.style.transpose)
        return self.marked(args[0], self.style.transpose)

    def marked(self, base: Piece, mark: str) -> Piece:
        return Piece(f"{self.within(base, ATOM)}^{{{mark}}}", ATOM - 1)

    def lines(self, root: Basic) -> list[str]:
        """A long sum, a few terms a line."""
        whole = self.done[root].text
        if type(root) not in (Add, MatAdd) or width(whole) <= LONGEST_LINE:
            return [whole]
        lines: list[str] = []
        for term in root.args:
            shown = self.done[term].text
            signed = shown if shown.startswith("-") else f"+ {shown}"
            signed = f"- {shown[1:]}" if shown.startswith("-") else signed
            if lines and width(lines[-1]) + width(signed) <= LONGEST_LINE:
                lines[-1] += " " + signed
            else:
                lines.append(signed)
        lines[0] = lines[0].removeprefix("+ ")
        return lines

    def aligned(self, left: str, lines: Sequence[str]) -> str:
        rows = " \\\\\n".join([f"{left} &= {lines[0]}", *(rf"&\quad {{}} {line}" for line in lines[1:])])
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"

    def call(self, node: Basic, args: Sequence[Piece]) -> Piece:
        record = operation(type(node))
        template = record.latex(node) if callable(record.latex) else record.latex
        if template:
            raised = "!}" in template or re.search(r"\^\{[^^]*\}$", template)
            precedence = INFIX if record.infix else POSTFIX if raised else ATOM
            return Piece(self.filled(template, node, args), precedence)
        return Piece(rf"\operatorname{{{record.spelling}}}{self.group(', '.join(a.text for a in args))}")

    def norm(self, text: str, is_matrix: bool) -> str:
        return rf"\left\| {text} \right\|" if is_matrix else rf"\left| {text} \right|"

    def order_of(self, text: str) -> str:
        return rf"O{self.group(text)}"

    def infix(self, node: Basic) -> str:
        return f" {operation(type(node)).latex} "  # an infix record's latex is its sign

    def zero(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(rf"\mathbf{{0}}_{{{self.sizes(node)}}}")

    def ones(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(rf"\mathbf{{1}}_{{{self.sizes(node)}}}")

    def sizes(self, node: Basic) -> str:
        """Rows and columns, as a subscript."""
        rows, cols = (SQUARE.sub(r"\1^{2}", size_text(side)) for side in node.args)
        return rows if cols == "1" else rf"{rows} \times {cols}"

    def sized(self, size: str) -> str:
        squared = SQUARE.sub(r"\1^{2}", size)
        return f"I_{{{squared}}}"

    def finite_sum(self, node: Basic, args: Sequence[Piece]) -> Piece:
        body, index, lower, upper = args
        return Piece(
            rf"\sum_{{{index.text}={lower.text}}}^{{{upper.text.replace(' ', '')}}} {self.within(body, PRODUCT)}",
            PRODUCT,
        )

    def pending(self, node: Basic, args: Sequence[Piece]) -> Piece:
        return Piece(rf"\mathrm{{d}}{self.group(args[0].text)}")

    def left_side(self, kind: str, order: int, letter: str, inner: Piece, names: Sequence[str]) -> str:
        function = letter or self.group(inner.text)
        if kind == "diff":
            d = r"\mathrm{d}" if order == 1 else rf"\mathrm{{d}}^{{{order}}}"
            return d + function
        if kind == "grad":
            return rf"\nabla_{{{names[0]}}} {function}"
        if kind == "hessian":
            return rf"\nabla^{{2}}_{{{names[0]}}} {function}"
        if kind == "adjoint":
            return rf"{function}'({names[0]})^{{*}}[G]"
        if kind == "entries":
            return rf"J_{{{''.join(names[1:])}}}"
        vec = "vech" if kind == "half jacobian" else "vec"
        below = rf"\partial (\operatorname{{{vec}}} {names[0]})^{{\top}}"
        return rf"\frac{{\partial \operatorname{{vec}} {function}}}{{{below}}}"

    def with_definitions(self, shown: str, defined: Sequence[str]) -> str:
        where = r", \; ".join(defined)
        return rf"{shown} \quad \text{{where }} {where}" if defined else shown


def width(latex: str) -> int:
    """About as many characters as a reader sees."""
    return len(re.sub(r"\\(?:left|right|operatorname|mathrm|mathbf|frac)|\\[A-Za-z]+|[{}^_ ]", "", latex))


def last_symbol(text: str) -> str:
    r"""``\mathrm{d}`` if the text ends in a differential."""
    return (
        r"\mathrm{d}"
        if re.search(r"\\mathrm\{d\}(\\(?:mathrm|boldsymbol)\{[\\\w]+\}|\\?[A-Za-z]+)(_\{\w+\})?(\^\{[^}]*\})?$", text)
        else ""
    )
