"""Kinds and shapes of a surface tree: what each product means, from left to right, and which sizes are equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symmat.errors import (
    AmbiguousProblem,
    NameProblem,
    ShapeProblem,
    SymmatError,
    UnsupportedProblem,
)
from symmat.expressions.operation import Operation, spelled
from symmat.language.declarations import Declaration
from symmat.language.inference import Dims, Inference, Size, pattern_size
from symmat.language.names import kind_of
from symmat.language.surface import Surface, postorder

LETTERS = "mnpqrstuvwabcdefgh"


@dataclass
class Named:
    """A symbol: its kind, its shape, and the properties that were declared."""

    kind: str
    dims: Dims
    properties: frozenset[str] = frozenset()


@dataclass
class Plan:
    """A product as it is to be built: factors in order, each a piece of text, a reciprocal, or a product of its own."""

    factors: list[tuple[str, Any]]
    dims: Dims


class Shapes(Inference):
    """The kinds and shapes of one text."""

    def __init__(self, source: str, declared: Mapping[str, Declaration]) -> None:
        super().__init__(source)
        self.declared = declared
        self.symbols: dict[str, Named] = {}
        self.definitions: dict[str, Dims] = {}
        self.plans: dict[Surface, Plan] = {}
        self.letters: dict[str, Size] = {}
        self.sized: list[Surface] = []
        self.rules: dict[str, Callable[[Surface], Dims]] = {
            "number": lambda node: (),
            "index": lambda node: (),
            "symbol": self.symbol,
            "differential": self.differential,
            "identity": self.identity,
            "sum": self.sum,
            "negative": lambda node: self.shapes[node.parts[0]],
            "chain": self.chain,
            "ratio": self.ratio,
            "transposed": self.transposed,
            "power": self.power,
            "raised": self.raised,
            "call": self.call,
            "finite sum": self.finite_sum,
        }

    def define(self, name: str, body: Surface) -> None:
        """A definition: its name has the shape of its body from here on."""
        self.definitions[name] = self.infer(body, name)

    def infer(self, root: Surface, name: str | None = None) -> Dims:
        """The shape of a piece of text and of all its parts."""
        for node in postorder(root):
            if node.value == name and name and node.kind == "symbol" and name not in self.definitions:
                raise self.fail(NameProblem, f"{name} is defined by itself", "give the result another name", node)
            self.shapes[node] = self.rules[node.kind](node)
        return self.shapes[root]

    def name_sizes(self) -> None:
        """Letters for the sizes that nothing fixes, in order of appearance."""
        free: dict[Size, None] = {}
        for symbol in self.symbols.values():
            free.update(dict.fromkeys(d.root() for d in symbol.dims if d.root().value is None))
        taken = set(self.symbols) | set(self.letters) | set(self.definitions) | set(self.declared)
        letters = [letter for letter in LETTERS if letter not in taken]
        letters += [f"n_{i}" for i in range(len(free))]
        if len(free) == 1 and "n" in letters:
            letters = ["n"]
        for size, letter in zip(free, letters, strict=False):
            size.value = letter
        for node in self.sized:
            if any(d.root().value is None for d in self.shapes[node]):
                raise self.fail(ShapeProblem, "nothing says how large this is", "write I_n or I_3, or zeros(m,n)", node)

    def size(self, word: str, why: str = "") -> Size:
        """A declared size: a number, or a letter that is the same size everywhere."""
        if word.isdigit():
            return Size(int(word), why)
        return self.letters.setdefault(word, Size(word, why))

    def product_size(self, words: Sequence[str]) -> Size:
        """The size ``m n``."""
        parts = [self.size(word) for word in words]
        return parts[0] if len(parts) == 1 else Size(tuple(parts))

    # ------------------------------------------------------------ leaves

    def symbol(self, node: Surface) -> Dims:
        name = node.value
        if name in self.definitions:
            return self.definitions[name]
        return self.named(name).dims

    def named(self, name: str) -> Named:
        if name not in self.symbols:
            given = self.declared.get(name)
            if given is None and name == "π":
                return Named("scalar", ())
            if given is None:
                in_sizes = any(name in (d.rows, d.cols) for d in self.declared.values())
                given = Declaration("integer" if in_sizes else kind_of(name))
            dims: Dims = ()
            if given.kind in ("matrix", "vector"):
                rows = self.size(given.rows, "declared") if given.rows else Size()
                cols = self.size(given.cols, "declared") if given.cols else Size(1 if given.kind == "vector" else None)
                if "invertible" in given.properties and not given.rows:
                    cols = rows
                dims = (rows, cols)
            self.symbols[name] = Named(given.kind, dims, given.properties)
        return self.symbols[name]

    def differential(self, node: Surface) -> Dims:
        if node.value in self.definitions:
            message = f"the differential of the definition {node.value} is not supported yet"
            raise self.fail(UnsupportedProblem, message, f"define d{node.value} = … as well", node)
        named = self.named(node.value)
        if named.kind == "integer":
            raise self.fail(NameProblem, f"{node.value} is an integer: it has no differential", "", node)
        return named.dims

    def identity(self, node: Surface) -> Dims:
        if node.value:
            size = self.product_size(node.value.split())
        else:
            size = Size()
            self.sized.append(node)
        return (size, size)

    # ------------------------------------------------------------ sums

    def sum(self, node: Surface) -> Dims:
        terms = [t for t in node.parts if not self.is_zero(t)]
        if not terms:
            return ()
        first = terms[0]
        dims = self.shapes[first]
        for term in terms[1:]:
            other = self.shapes[term]
            if bool(dims) != bool(other):
                scalar, matrix = (first, term) if other else (term, first)
                vector = self.shapes[matrix][1].is_one
                word = self.words(scalar)
                times = "" if word == "1" else word + " "
                hint = f"write {times}ones(n)" if vector else f"write {times}I, or {times}ones(m,n) for every entry"
                raise self.fail(
                    ShapeProblem,
                    f"{word} is a scalar and {self.words(matrix)} is {self.shown(self.shapes[matrix])}",
                    hint,
                    term,
                )
            for side in range(len(dims)):
                if dims[side].is_one != other[side].is_one:
                    raise self.clash((first, side), (term, side), node)
                self.equal(dims[side], other[side], (first, side), (term, side), node)
        for zero in filter(self.is_zero, node.parts):
            self.shapes[zero] = dims
        return dims

    def is_zero(self, node: Surface) -> bool:
        """Whether this is the bare 0, which has the size of what it is added to."""
        return node.kind == "number" and float(node.value) == 0

    # ------------------------------------------------------------ products

    def chain(self, node: Surface) -> Dims:
        operators = [None if o is None else o.type for o in node.value]
        if "KRON" in operators:
            return self.kronecker(node, operators)
        plan = Plan([], ())
        last: Surface | None = None
        for factor, operator in zip(node.parts, [None, *operators], strict=True):
            self.multiply(plan, factor, operator, last, node)
            last = factor
        return self.finish(node, plan)

    def multiply(self, plan: Plan, factor: Surface, operator: str | None, last: Surface | None, whole: Surface) -> None:
        """One more factor on the right of a product."""
        dims = self.shapes[factor]
        if operator == "SLASH":
            self.check_divisor(whole, last or factor, factor)
            if plan.dims and plan.dims[0].is_one and plan.dims[1].is_one:
                plan.factors, plan.dims = [("product", Plan(plan.factors, plan.dims))], ()
            plan.factors.append(("over", factor))
            return
        if operator == "BACKSLASH":
            if plan.dims and not plan.dims[0].is_one:
                left = Surface("product", [], whole.start, (last or whole).end)
                self.shapes[left] = plan.dims
                self.square(left, whole, "left division")
            plan.factors = [("inverse", Plan(plan.factors, plan.dims))]
        if not dims:
            plan.factors.append(("factor", factor))
            return
        if plan.dims and plan.dims[0].is_one and plan.dims[1].is_one:
            plan.factors = [("product", Plan(plan.factors, plan.dims))]
            plan.dims = ()
        if plan.dims:
            self.meet(plan.dims, dims, last or factor, factor, whole)
            plan.dims = (plan.dims[0], dims[1])
        else:
            plan.dims = dims
        plan.factors.append(("factor", factor))

    def meet(self, left: Dims, right: Dims, a: Surface, b: Surface, whole: Surface) -> None:
        """The columns of the left factor are the rows of the right one."""
        cols, rows = left[1], right[0]
        free = cols.root().value is None or rows.root().value is None
        if cols.is_one != rows.is_one and free:
            raise self.readings(left, right, a, b, whole)
        kept = self.shapes.get(a)
        self.shapes[a] = kept if kept else left
        try:
            self.equal(cols, rows, (a, 1), (b, 0), whole)
        except ShapeProblem as problem:
            if left[1].is_one and right[1].is_one:
                raise self.readings(left, right, a, b, whole) from None
            raise problem from None
        finally:
            self.shapes[a] = kept if kept is not None else left

    def readings(self, left: Dims, right: Dims, a: Surface, b: Surface, whole: Surface) -> SymmatError:
        """The error of a product that is no matrix product but is often written, with what may be meant."""
        x, y = self.words(a), self.words(b)
        if left[1].is_one and right[1].is_one and not left[0].is_one:
            what = f"{x} and {y} are both column vectors"
            hint = f"write {x}'{y} for the scalar, {x} {y}' for the matrix, {x} ∘ {y} for the entries"
        elif left[1].is_one:
            what = f"{x} is a column vector and {y} is {self.shown(right)}"
            hint = f"write {x}'{y}, or declare {x} a scalar"
        else:
            what = f"{x} is {self.shown(left)} and {y} has one row"
            hint = f"write the scalar in front, as (b'c) {x}, or declare a size"
        if whole.kind == "number":
            hint = ""
        return AmbiguousProblem(
            f"the product {self.words(whole)} is not a matrix product: {what}",
            hint,
            source=self.source,
            position=a.start,
            end=b.end,
        )

    def finish(self, node: Surface, plan: Plan) -> Dims:
        self.plans[node] = plan
        if plan.dims and plan.dims[0].is_one and plan.dims[1].is_one:
            return ()
        return plan.dims

    def kronecker(self, node: Surface, operators: list[str | None]) -> Dims:
        """A chain of ⊗, with scalars in front."""
        start = next((i for i, f in enumerate(node.parts) if self.shapes[f]), 0)
        if any(o != "KRON" for o in operators[start:]) or any(not self.shapes[f] for f in node.parts[start:]):
            inner = self.words(node)
            raise self.fail(
                AmbiguousProblem, f"⊗ mixed with a product in {inner}", "use parentheses: (A ⊗ B) C or A ⊗ (B C)", node
            )
        dims = self.shapes[node.parts[start]]
        for factor in node.parts[start + 1 :]:
            sizes = [dict(zip("ab", pair, strict=True)) for pair in zip(dims, self.shapes[factor], strict=True)]
            dims = tuple(pattern_size("ab", s) for s in sizes)
        self.plans[node] = Plan([("factor", f) for f in node.parts[:start]] + [("kron", node.parts[start:])], dims)
        return dims

    def check_divisor(self, whole: Surface, above: Surface, below: Surface) -> None:
        dims = self.shapes[below]
        if dims:
            a, b = self.words(above), self.words(below)
            raise self.fail(
                AmbiguousProblem,
                f"division by {b}, which is {self.shown(dims)}",
                f"write {a} {b}^-1 or {b} \\ {a}",
                below,
            )

    def ratio(self, node: Surface) -> Dims:
        above, below = node.parts
        self.check_divisor(node, above, below)
        return self.shapes[above]

    # ------------------------------------------------------------ powers, functions

    def transposed(self, node: Surface) -> Dims:
        base = node.parts[0]
        if base.kind == "number":
            raise self.fail(AmbiguousProblem, f"{base.value}' is the transpose of a number", "write ones(n)'", node)
        return self.shapes[base][::-1]

    def power(self, node: Surface) -> Dims:
        base, exponent = node.parts
        dims = self.shapes[base]
        if base.kind == "symbol" and base.value == "e" and "e" not in self.declared:
            hint = "write exp(x) for a scalar, expm(X) for a matrix, or declare e"
            raise self.fail(AmbiguousProblem, f"{self.words(node)} is read as an exponential", hint, node)
        if self.shapes[exponent]:
            what = "the exponent has to be a number"
            raise self.fail(
                UnsupportedProblem, f"{what}, and {self.words(exponent)} is a matrix", "write expm(…)", exponent
            )
        if dims:
            self.powered(node)
        return dims

    def raised(self, node: Surface) -> Dims:
        if self.shapes[node.parts[0]]:
            self.powered(node)
        return self.shapes[node.parts[0]]

    def powered(self, node: Surface) -> None:
        base = node.parts[0]
        rows, cols = self.shapes[base]
        word = self.words(base)
        if cols.is_one and not rows.is_one:
            hint = f"write {word}'{word}, {word} {word}' or {word}.^2"
            raise self.fail(AmbiguousProblem, f"{self.words(node)} is a power of a vector", hint, node)
        self.square(base, node, "a power or an inverse")

    def call(self, node: Surface) -> Dims:
        name = node.value
        if name == "zeros":
            return self.zeros(node)
        record = spelled(name)
        if record is None:
            raise self.fail(UnsupportedProblem, f"the function {name} is not supported yet", "", node)
        types = record.types
        if len(node.parts) != len(types.arguments):
            many = len(types.arguments)
            message = f"{name} takes {many} argument{'s' * (many != 1)}, and has {len(node.parts)}"
            raise self.fail(ShapeProblem, message, "", node)
        sizes: dict[str, Size] = {"1": Size(1)}
        for pattern, part in zip(types.arguments, node.parts, strict=True):
            if pattern and pattern[0].startswith("#"):
                sizes[pattern[0][1:]] = self.whole(part)
            else:
                self.check_scalar(record, pattern, part)
                self.match(pattern, part, sizes, node, name)
        return tuple(pattern_size(letters, sizes) for letters in types.result)

    def check_scalar(self, record: Operation, pattern: tuple[str, ...], part: Surface) -> None:
        if not pattern and (dims := self.shapes[part]):
            word, name = self.words(part), record.spelling
            if dims[1].is_one:
                raise self.fail(UnsupportedProblem, f"{name} of a vector is not supported yet", "", part)
            message = f"{name}({word}) of a matrix is read both ways"
            raise self.fail(
                AmbiguousProblem, message, f"write {name}.({word}) for the entries, or {name}m({word})", part
            )
        if len(pattern) == 2 and not self.shapes[part]:
            message = f"{record.spelling} takes a matrix, and {self.words(part)} is a scalar"
            raise self.fail(ShapeProblem, message, "", part)

    def zeros(self, node: Surface) -> Dims:
        sizes = [self.whole(part) for part in node.parts]
        return (sizes[0], sizes[1] if len(sizes) > 1 else Size(1))

    def whole(self, node: Surface) -> Size:
        """An argument that is a size: a number or an integer letter."""
        if node.kind == "number" and str(node.value).isdigit():
            return Size(int(node.value))
        if node.kind == "symbol" and self.named(node.value).kind == "integer":
            return self.size(node.value)
        if node.kind == "chain" and all(o is None or o.type == "TIMES" for o in node.value):
            parts = [self.whole(part) for part in node.parts]
            return self.product_size([str(p) for p in parts])
        raise self.fail(ShapeProblem, f"{self.words(node)} is not a size", "write a number or an integer letter", node)

    def finite_sum(self, node: Surface) -> Dims:
        lower, upper, body = node.parts
        for bound in (lower, upper):
            if self.shapes[bound]:
                raise self.fail(ShapeProblem, f"the bound {self.words(bound)} is a matrix", "write an integer", bound)
        return self.shapes[body]

    def fail(self, kind: type[SymmatError], message: str, hint: str, node: Surface) -> SymmatError:
        """An error at a piece of text."""
        return kind(message, hint, source=self.source, position=node.start, end=node.end)
