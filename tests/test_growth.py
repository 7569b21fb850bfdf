"""Reading, differentiating and every result of a program are linear: twice the input is about twice the work.

Lines and calls are counted, not seconds, so that the answer is the same on every machine.
"""

from __future__ import annotations

import re
import sys
import time
import tracemalloc

import pytest
from sympy.core.cache import clear_cache

import symmat as sm
from symmat.calculus.conditions import conditions
from symmat.calculus.unrolled import LONGEST_SUM, unrolled
from symmat.core.constructors import differential_symbol
from symmat.core.differential import differential
from symmat.core.nodes import SUMS
from symmat.core.table import interning
from symmat.core.walks import postorder, symbols
from symmat.errors import LimitProblem, SymmatError
from symmat.language import parse_names, read

READ = {
    "parentheses": lambda n: "(" * n + "X" + ")" * n,
    "inverses": lambda n: "inv(" * n + "X" + ")" * n,
    "minus": lambda n: "-(" * n + "X" + ")" * n,
    "primes": lambda n: "X" + "'" * n,
    "terms": lambda n: " + ".join(["X"] * n),
    "factors": lambda n: " ".join(["X"] * n),
    "a run of letters": lambda n: "X" * n,
    "names": lambda n: " ".join(f"A_{i}" for i in range(n)),
    "definitions": lambda n: "A_0 = X; " + "".join(f"A_{i + 1} = A_{i}; " for i in range(n)) + f"A_{n}",
    "blocks in blocks": lambda n: "[" * n + "X" + "]" * n,
    "a row of blocks": lambda n: "[" + " ".join(["X"] * n) + "]",
    "a column of blocks": lambda n: "[" + "; ".join(["X"] * n) + "]",
    "a row of other blocks": lambda n: "[" + " ".join(f"A_{i}" for i in range(n)) + "]",
    "a column of other blocks": lambda n: "[" + "; ".join(f"A_{i}" for i in range(n)) + "]",
    "vec of vec": lambda n: " + ".join("vec(" * n + name + ")" * n for name in "XY"),
    "differentials": lambda n: " ".join(["dX"] * n) + " d (x)",
    "norms": lambda n: " + ".join(["||x||"] * n),
    "entries": lambda n: " + ".join(["X[1,2]"] * n),
    "LaTeX terms": lambda n: " + ".join([r"\mathbf{A} \mathbf{X}"] * n),
    "LaTeX brackets": lambda n: r"\left(" * n + "X" + r"\right)" * n,
    "LaTeX fractions": lambda n: r"\frac{" * n + "X" + "}{2}" * n,
    "LaTeX exponents": lambda n: r"\mathbf{X}^{" + "k^{" * n + "2" + "}" * (n + 1),
    "LaTeX styles": lambda n: r"\mathbf{" * n + "X" + "}" * n,
    "LaTeX groups": lambda n: "{" * n + r"\mathbf{X}" + "}" * n,
    "LaTeX entries": lambda n: r"\begin{bmatrix}" + r" & ".join([r"A \, X"] * n) + r"\end{bmatrix}",
    "a LaTeX display": lambda n: (
        r"\begin{align} A &= X \\ " + r"B_1 &= A \label{a} \\ % X".join("\n" * n) + r"\end{align}"
    ),
    "LaTeX columns": lambda n: r"\begin{align} " + "& " * n + r"X \end{align}",
    "LaTeX functions of functions": lambda n: r"\det " * n + "X",
    "never closed": lambda n: "(" * n,
    "never closed in LaTeX": lambda n: r"\mathbf{" * n,
    "towers": lambda n: "X" + "^2" * n,
}

DIFFERENTIATED = {
    "a power": lambda n: f"X^{n}",
    "a product": lambda n: " ".join(f"A_{i} X" for i in range(n)),
    "functions of functions": lambda n: "tril(" * n + "X" + ")" * n,
    "a program": lambda n: "Y = X; " + "".join(f"A_{i} = Y X; Y_{i} = A_{i}'; " for i in range(n)) + f"Y_{n - 1}",
}


CONDITIONED = {
    "inverses": lambda n: "inv(" * n + "X" + ")" * n,
    "inverses of sums": lambda n: "inv(A + " * n + "X" + ")" * n,
    "norms in sums": lambda n: " + ".join(f"||X - A_{i}||^-1" for i in range(n)),
    "scalars": lambda n: "log(" * n + "tr(X)" + ")" * n,
}


def lines(run) -> int:
    """The number of lines of Python that a call executes."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    clear_cache()  # SymPy would not work out a size again
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


def calls(run):
    """The number of calls that a call makes, cheaper to count than lines, and what it returns."""
    count = 0

    def profile(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    clear_cache()
    sys.setprofile(profile)
    try:
        answer = run()
    finally:
        sys.setprofile(None)
    return count, answer


def program(first, following, last):
    """A text with n definitions; ``{0}`` is the definition before, ``{1}`` the one before that."""

    def text(n):
        names = ["S_1", "S_1", *(f"S_{i}" for i in range(2, n + 1))]
        items = [f"S_{i} = {following.format(names[i - 1], names[i - 2])}" for i in range(2, n + 1)]
        return "; ".join([f"S_1 = {first}", *items, last.format(names[n])])

    return text


PROGRAMS = {
    "Newton–Schulz steps": (program("X (2 I - A X)", "{0} (2 I - A {0})", "tr({0})"), "X"),
    "matrices": (program("X (2 I - A X)", "{0} (2 I - A {0})", "{0}"), "X"),
    "scalars": (program("tr(X) tr(X)", "{0} {0} + {0}", "{0}"), "X"),
    "quotients": (program("det(X)", "{0} / (1 + {0})", "{0}"), "X"),
    "used several times": (program("X'X + I", "{0} A {1} + {1}", "logdet({0})"), "X"),
    "inverses": (program("X'X + I", "{0}^-1 {0} {0} + {1}", "logdet({0})"), "X"),
    "vectors of length one": (program("x / ||x||", "({0} + a) / ||{0} + a||", "a'{0}"), "x"),
    "layers": (program("tanh(A x)", "tanh(B {0})", "||{0} - y||^2"), "x"),
    "norms of norms": (lambda n: "x / ||(" * n + "x" + ")||" * n, "x"),
    "sums in inverses": (lambda n: "inv(A + " * n + "X" + ")" * n, "X"),
    "sums in products": (lambda n: "A (B + " * n + "X" + ")" * n, "X"),
    "parentheses": (lambda n: "(" * n + "X" + " + A)" * n, "X"),
    "functions of functions": (lambda n: "sin(λ exp(" * n + "λ" + "))" * n, "λ"),
    "blocks": (program("X", "[{0}, {0}; {0}, {0}]", "tr({0}'{0})"), "X"),
}

RESULTS = {
    "differential": lambda text, wrt: sm.diff(text, wrt).text(),
    "second differential": lambda text, wrt: sm.diff(text, wrt, order=2).text(),
    "adjoint": lambda text, wrt: sm.adjoint(text, wrt).text(),
    "Unicode": lambda text, wrt: sm.adjoint(text, wrt).unicode(),
    "LaTeX": lambda text, wrt: sm.adjoint(text, wrt).latex(equation=True),
    "numbers": lambda text, wrt: sm.adjoint(text, wrt).numpy().source,
    "steps": lambda text, wrt: sm.diff(text, wrt).steps.text(),
    "steps in LaTeX": lambda text, wrt: sm.adjoint(text, wrt).steps.latex(),
    "JSON": lambda text, wrt: sm.adjoint(text, wrt).to_json(),
    "expression": lambda text, wrt: sm.adjoint(text, wrt).expr.definitions,
    "Jacobian": lambda text, wrt: sm.jacobian(text, wrt).text(),
    "Jacobian by entries": lambda text, wrt: sm.jacobian(text, wrt, form="index").text(),
    "Jacobian in numbers": lambda text, wrt: sm.jacobian(text, wrt).numpy().source,
    "Hessian": lambda text, wrt: sm.hessian(text, wrt).text(),
    "Hessian in numbers": lambda text, wrt: sm.hessian(text, wrt).numpy().source,
    "steps to the Hessian": lambda text, wrt: sm.hessian(text, wrt).steps.text(),
    "increment": lambda text, wrt: sm.expand(text, wrt, order=2).text(),
    "conditions": lambda text, wrt: sm.diff(text, wrt).conditions,
    "summary": lambda text, wrt: sm.show(text, wrt).text(),
    "check": lambda text, wrt: sm.check(text, wrt),
}

HARDEST = ("Hessian", "increment")
"""What every program is asked for; Newton–Schulz steps are asked for everything."""
NESTED = ("norms of norms", "sums in inverses", "sums in products", "functions of functions")
OF_MATRICES = ("matrices", *NESTED[:3], "parentheses")
ASKED = [
    *(("Newton–Schulz steps", result) for result in RESULTS),
    *((name, result) for name in PROGRAMS for result in HARDEST if result != "Hessian" or name not in OF_MATRICES),
    *((name, result) for name in NESTED for result in ("second differential", "adjoint")),
    *(("matrices", result) for result in ("Jacobian", "Jacobian by entries", "Jacobian in numbers")),
    *((name, "steps") for name in ("scalars", "quotients", "inverses")),
    ("layers", "steps to the Hessian"),
]


def read_or_refuse(text):
    try:
        with interning():
            read(text)
    except SymmatError:
        return


def grows_linearly(run, size):
    run(size), run(2 * size)  # imports and caches
    small, large = lines(lambda: run(size)), lines(lambda: run(2 * size))
    assert large < 2.5 * small, f"{small} lines at {size}, {large} at {2 * size}"


@pytest.mark.parametrize("name", READ)
def test_reading(name):
    grows_linearly(lambda n: read_or_refuse(READ[name](n)), 300)


@pytest.mark.parametrize("derivative", [sm.diff, sm.grad])
def test_displaying_a_program(derivative):
    def newton_schulz(steps):
        definitions = [f"Y_{i + 1} = Y_{i} (2 I - A Y_{i})" for i in range(1, steps)]
        str(derivative("; ".join(["Y_1 = X (2 I - A X)", *definitions, f"tr(Y_{steps})"]), "X"))

    newton_schulz(500)  # none of its walks recurses
    grows_linearly(newton_schulz, 30)


@pytest.mark.parametrize(("name", "result"), dict.fromkeys(ASKED))
def test_results_of_programs(name, result):
    text, wrt = PROGRAMS[name]

    def run(n):
        return str(RESULTS[result](text(n), wrt))

    run(2)  # imports and caches
    sizes = (20, 40) if name in NESTED else (6, 12)
    (few, short), (many, long) = (calls(lambda n=n: run(n)) for n in sizes)
    assert many < 3 * few, f"{few} and {many} calls"
    assert len(long) < 3 * len(short), f"{len(short)} and {len(long)} characters"


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_differentiating(name):
    def program(n):
        with interning():
            F = read(DIFFERENTIATED[name](n)).expr
            [X] = (s for s in symbols(F) if s.name == "X")
            differential(F, {X: differential_symbol(X)})

    grows_linearly(program, 60)


@pytest.mark.parametrize("name", CONDITIONED)
def test_conditions(name):
    def collect(n):
        with interning():
            F = read(CONDITIONED[name](n)).expr
            [X] = (s for s in symbols(F) if s.name == "X")
            assert list(conditions(F, [X]))

    grows_linearly(collect, 60)


def test_the_memory_of_left_division():
    def peak(n):
        tracemalloc.start()
        try:
            read_or_refuse("A \\ " * n + "X")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(500)
    assert peak(4000) < 2.5 * peak(2000)


def test_the_time_of_a_list_of_names():
    def seconds(n):
        text = ", ".join(f"X_{i}" for i in range(n))
        times = []
        for _ in range(3):
            start = time.process_time()
            parse_names(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(20_000) < 8 * seconds(5_000)


def joined(sign, term):
    """A chain of n terms, the i-th as given."""
    return lambda n: sign.join(term.format(i=i) for i in range(n))


CHAINS = {
    "a power": (lambda n: f"X^{n}", "X"),
    "a product": (joined(" ", "A_{i} X"), "X"),
    "a product of equal pairs": (joined(" ", "A X"), "X"),
    "a product around one X": (lambda n: joined(" ", "A_{i}")(n) + " X", "X"),
    "a product of sums": (joined(" ", "(A_{i} + X)"), "X"),
    "inverses": (joined(" ", "X^-1 A"), "X"),
    "∘ of equal factors": (joined(" ∘ ", "X"), "X"),
    "∘": (joined(" ∘ ", "A_{i} ∘ X"), "X"),
    "∘ around one X": (lambda n: joined(" ∘ ", "A_{i}")(n) + " ∘ X", "X"),
    "⊗ of equal factors": (joined(" ⊗ ", "X"), "X"),
    "⊗ around one X": (lambda n: joined(" ⊗ ", "A_{i}")(n) + " ⊗ X", "X"),
    "diagonals": (lambda n: "diag(diag(A " * n + "X" + "))" * n, "X"),
    "triangles": (lambda n: "tril(A " * n + "X" + ")" * n, "X"),
    "transposes": (lambda n: "(A " * n + "X" + ")'" * n, "X"),
    "parentheses": (lambda n: "".join(f"(A_{i} + " for i in range(n)) + "X" + ")" * n, "X"),
    "a sum": (joined(" + ", "A_{i} X B_{i}"), "X"),
    "a sum of squares": (joined(" + ", "X A_{i} X"), "X"),
    "a polynomial": (joined(" + ", "λ_{i} X^{i}"), "X"),
    "a trace of a power": (lambda n: f"tr(X^{n})", "X"),
    "a trace of a product": (lambda n: f"tr({joined(' ', 'A_{i} X')(n)})", "X"),
    "a product of scalars": (joined(" ", "tr(A_{i} X)"), "X"),
    "a power of a scalar": (lambda n: f"tr(A X)^{n}", "X"),
    "a sum of scalars": (joined(" + ", "x'A_{i} x"), "x"),
    "a sum of logarithms": (joined(" + ", "log(1 + exp(-a_{i}'x))"), "x"),
    "a sum of norms": (joined(" + ", "||X - A_{i}||"), "X"),
    "scalar functions": (lambda n: "exp(sin(" * n + "λ" + "))" * n, "λ"),
}


OF_CHAINS = ("differential", "LaTeX", "numbers", "Jacobian", "conditions")
ASKED_OF_CHAINS = [
    # conditions come after the differential, and that of a polynomial is quadratic
    *((name, result) for name in CHAINS for result in OF_CHAINS if (name, result) != ("a polynomial", "conditions")),
    *((name, "steps") for name in CHAINS if name not in ("a polynomial", "a sum of logarithms", "scalar functions")),
    *(
        (name, "second differential")
        for name in ("a power", "∘", "triangles", "a sum of squares", "a trace of a power")
    ),
    # a polynomial has an exact remainder, with all its degrees up to 64
    *((name, "increment") for name in ("a product around one X", "∘", "diagonals", "parentheses", "a sum of squares")),
    *((name, "Hessian") for name in ("a trace of a power", "a power of a scalar", "a sum of scalars")),
]


@pytest.mark.parametrize(("name", "result"), ASKED_OF_CHAINS)
def test_results_of_chains(name, result):
    """Twice the length is no more work than it is more to read and to print."""
    text, wrt = CHAINS[name]

    def run(n):
        return text(n) + str(RESULTS[result](text(n), wrt))

    run(2)  # imports and caches
    (few, short), (many, long) = (calls(lambda n=n: run(n)) for n in (8, 16))
    allowed = 1.5 * max(2, len(long) / len(short))
    assert many < allowed * few, f"{few} and {many} calls for {len(short)} and {len(long)} characters"


def test_the_hessian_of_a_high_power():
    """No length of the gradient makes it suddenly dearer."""
    few, many = (calls(lambda n=n: sm.hessian(f"tr(X^{n})").text())[0] for n in (130, 140))
    assert many < 1.2 * few


TOO_HIGH = {
    "an inverse": (sm.expand, "(A + X)^-1"),
    "a power": (sm.expand, "X^60"),
    "a power of many degrees": (sm.expand, "X^100"),
    "a product of sums": (sm.expand, " ".join(f"(A_{i} + X)" for i in range(40))),
    "functions of functions": (sm.expand, "exp(sin(exp(sin(tr(X)))))"),
    "a pseudoinverse": (sm.diff, "pinv(X)"),
}


@pytest.mark.parametrize("name", TOO_HIGH)
def test_an_order_that_is_too_high(name):
    """The error comes before the work, and the ways that its hint names are ways that work."""
    derive, F = TOO_HIGH[name]
    with pytest.raises(LimitProblem) as caught:
        derive(F, "X", order=1000).text()
    way, order = re.match(r"(take|compute) order (\d+)", caught.value.hint).groups()
    result = derive(F, "X", order=int(order))
    assert result.text() if way == "take" else result.numpy()
    assert derive is sm.diff or ".numpy()" not in caught.value.hint
    if ".numpy()" in caught.value.hint:
        assert result.numpy()


def test_orders_that_come_back():
    assert sm.diff("X^-1", order=32).text().count("dX") == 32
    assert sm.expand("X^-1", order=65).terms.keys() == set(range(1, 66))
    assert len(sm.expand("(A + X)^-1", "X", order=65).terms) == 65
    assert sm.diff("exp(sin(exp(sin(λ))))", order=14).numpy()(lambda_=0.0, dlambda=1.0)


@pytest.mark.parametrize(("terms", "written_out"), [(LONGEST_SUM, True), (LONGEST_SUM + 1, False)])
def test_a_sum_is_written_out_up_to_a_limit(terms, written_out):
    with interning():
        reading = read(f"sum(i = 0..{terms - 1}, X^i)")
        found = unrolled(reading.expr, frozenset((reading.symbols["X"],)))
        assert written_out is not any(type(node) in SUMS for node in postorder(found))
