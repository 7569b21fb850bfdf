"""The symbols of a text: each has one term, made where it first appears."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn

from sympy import Basic, pi

from symmat.algebra.sizes import size
from symmat.core.constructors import constant, dimension, integer_symbol, matrix_symbol, number, scalar_symbol
from symmat.errors import LimitProblem, NameProblem, ShapeProblem, UnsupportedProblem
from symmat.language.declarations import SQUARE, Declaration, Declarations
from symmat.language.inference import Inference
from symmat.language.names import LONGEST_NUMBER, is_reserved
from symmat.language.sizes import Size
from symmat.language.source import Source
from symmat.language.surface import Surface
from symmat.language.terms import Term, Terms, known


class Symbols:
    """What the names of one text stand for; ``targets`` are the names that are defined somewhere in it."""

    def __init__(
        self, source: Source, sizes: Inference, terms: Terms, declared: Declarations, targets: set[str]
    ) -> None:
        self.symbols: dict[str, Term] = {}
        self.definitions: dict[str, Term] = {}
        self._source = source
        self._sizes = sizes
        self._terms = terms
        self._declared = declared
        self._targets = targets
        self._indices: dict[str, Term] = {}
        self._bound: dict[str, list[int]] = {}
        self._letters = set(declared.sizes)

    def find(self, node: Surface) -> Term:
        """The term of a name where it is used: a definition, a known symbol, or a new one."""
        name = node.value
        found = self.definitions.get(name) or self.symbols.get(name)
        if found is None:
            if name in self._targets:
                self._source.fail(
                    NameProblem, f"{name} is used before it is defined", node, "definitions stand in front"
                )
            if name == "π":
                return self._terms.known(constant(pi), node)
            found = self.symbols[name] = self._new(name, node)
        return found

    def undeclared(self, node: Surface) -> bool:
        """Whether a piece is a symbol of which nothing was said."""
        return node.rule == "symbol" and node.value not in self._declared.names and node.value not in self.definitions

    def index(self, node: Surface) -> Term:
        """The index of a finite sum inside it: an integer that no name of the text can mean."""
        self._bound.setdefault(node.value, []).append(node.start)
        if node.value not in self._indices:
            self._indices[node.value] = self._terms.known(index_symbol(node.value), node, integer=True)
        return self._indices[node.value]

    def binds(self, index: str, start: int) -> bool:
        """Whether an index stands behind ``start`` where no inner sum binds it; from now on it is bound there."""
        places = self._bound.get(index, [])
        count = len(places)
        while places and places[-1] >= start:
            places.pop()
        return len(places) < count

    def differential_of(self, node: Surface) -> Term:
        """The term of X in dX."""
        name = node.value
        defined = self.definitions.get(name)
        if defined is not None and not defined.integer:
            what = f"the differential of the definition {name} is not supported yet"
            self._source.fail(UnsupportedProblem, what, node, f"define d{name} = … in front")
        term = self.find(node)
        if term.integer or name not in self.symbols:
            kind = "an integer" if term.integer else "a number"
            self._source.fail(NameProblem, f"{name} is {kind}: it has no differential", node)
        return term

    def _new(self, name: str, node: Surface) -> Term:
        kind = self._declared.kind(name)
        if kind == "integer":
            return self._terms.known(integer_symbol(name), node, integer=True)
        if kind == "scalar":
            return self._terms.known(scalar_symbol(name), node)
        said = self._declared.names.get(name, Declaration(kind))
        rows = Size(said.rows, "declared") if said.rows is not None else Size()
        cols = Size(said.cols, "declared") if said.cols is not None else Size()
        if kind == "vector":
            cols = Size(number(1))
        if said.properties & SQUARE and said.rows is None:
            cols = rows
        properties = said.properties - {"constant"}
        return self._terms.new(
            lambda: matrix_symbol(name, known(rows), known(cols), properties), (), (rows, cols), node
        )

    # ------------------------------------------------------------ definitions

    def define(self, name: str, term: Term, node: Surface) -> None:
        """Give a name to what is read; a dS has the shape of S."""
        self.refuse_taken(name, node)
        base = self.definitions.get(name[1:]) if name[0] == "d" else None
        if base is not None and (
            len(base.dims) != len(term.dims)
            or not all(self._sizes.unify(a, b, node) for a, b in zip(base.dims, term.dims, strict=True))
        ):
            self._source.fail(ShapeProblem, f"{name} has not the shape of {name[1:]}", node)
        self.definitions[name] = term

    def refuse_taken(self, name: str, node: Surface) -> None:
        """A name to be defined must have no other meaning."""
        target = node.parts[0]
        if is_reserved(name):
            what = f"{name} has a meaning in the notation and cannot be defined"
            self._source.fail(NameProblem, what, target, "give the definition another name")
        if name in self._declared.sizes:
            self._source.fail(NameProblem, f"{name} is declared as a size and defined", target, "give it another name")
        if name in self._declared.names:
            self._source.fail(
                NameProblem, f"{name} is declared and defined", target, "give the definition another name"
            )
        if name in self.definitions:
            self._source.fail(NameProblem, f"{name} is defined twice", target, "give the second one another name")
        if name in self.symbols:
            self._source.fail(NameProblem, f"{name} is a symbol already", target, "give the definition another name")
        if len(name) > 1 and name[0] == "d" and name[1:] in self.symbols:
            what = f"{name} is the differential of {name[1:]} and cannot be defined"
            self._source.fail(NameProblem, what, target, "give the definition another name")

    def refuse_named_differentials(self) -> None:
        """Nothing is declared or defined dX where there is an X."""
        for names, how in ((self._declared.names, "declared"), (self.definitions, "defined")):
            for name in names:
                if name[0] == "d" and name[1:] in self.symbols:
                    what = f"{name} is {how}, and it is the differential of {name[1:]}"
                    self._source.fail(NameProblem, what, self.symbols[name[1:]].origin, f"give {name} another name")

    # ------------------------------------------------------------ sizes

    def named_size(self, node: Surface) -> Size:
        """The size that a number or a letter stands for, as in I_n."""
        name = node.value
        if name.isdigit():
            if len(name) > LONGEST_NUMBER:
                self._source.fail(
                    LimitProblem, f"a number of more than {LONGEST_NUMBER} digits", node, "write a letter: I_n"
                )
            return self._size(self._terms.known(number(int(name)), node, True, Fraction(name)), node, name)
        if name in self._targets:
            return self._size(self.find(node), node, name)
        kind = self._declared.kind(name)
        if kind != "integer":
            self._refuse_size(name, f"a {kind}", node)
        self._letters.add(name)
        return Size(dimension(name), "given")

    def size_of(self, node: Surface) -> Size:
        """The size that an integer expression stands for, as in zeros(m, n+1)."""
        return self._size(node.term, node, self._source.words(node))

    def _size(self, term: Term, node: Surface, shown: str) -> Size:
        if not term.integer:
            self._refuse_size(shown, term.kind, node)
        if term.value is not None and term.value < 1:
            self._source.fail(
                ShapeProblem, f"a size of {term.value}", node, "sizes are whole numbers from 1, or letters"
            )
        try:
            return Size(size(term.node), "given")
        except LimitProblem as limit:
            self._source.fail(LimitProblem, limit.message, node, limit.hint)

    def _refuse_size(self, shown: str, kind: str, node: Surface) -> NoReturn:
        hint = f"declare {shown}: integer" if not node.parts and node.rule != "number" else ""
        self._source.fail(ShapeProblem, f"{shown} is {kind}, and a size is an integer", node, hint)

    def name_free(self) -> None:
        """Name the sizes that nothing fixes, by letters that are not in use."""
        used = {*self._letters, *self.symbols, *self.definitions, *self._indices}
        self._sizes.name_free([size for term in self.symbols.values() for size in term.dims], used)


def index_symbol(name: str) -> Basic:
    """The stand-in for an index until its sum is built."""
    return integer_symbol(f"{name} bound")
