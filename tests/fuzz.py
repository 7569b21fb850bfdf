"""Fuzzed inputs to every public function: read or refused, within a second and 500 MB, and never a traceback.

``python -m tests.fuzz --count 100000`` draws token soup, broken formulas, odd options and what multiplies, one input a
seed; ``--seed N --count 1`` draws one again.  Each runs in a process of its own kind: a worker that may hang, run out
of memory or die.  The law is that a call answers, or raises a SymmatError.
"""

from __future__ import annotations

import gc
import io
import json
import multiprocessing
import multiprocessing.connection
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import click
from click.testing import CliRunner

import symmat as sm
from symmat import cli
from symmat.core.table import interning
from tests.cases import ROWS
from tests.expressions import draw_expression
from tests.growing import growing

SECONDS, MEGABYTES, LENGTH = 1.0, 500, 200
PATIENCE = 120
"""The seconds of CPU time and the megabytes that an input of a length may take; real seconds until a worker is lost."""

WORDS = [
    *"ABCXYSTGIxyabdefghijklmnλμαβσπ0123456789", "dX", "dx", "dλ", "I_n", "X_1", "x_i", "x_{new}", "X_{ij}", "A_{12}",
    "tr(", "det(", "logdet(", "inv(", "vec(", "vech(", "unvec(", "kron(", "diag(", "tril(", "sym(", "skew(", "pinv(",
    "adj(", "solve(", "sylvester(", "sum(", "mean(", "rowsum(", "norm(", "norm1(", "norm2(", "normnuc(", "logsumexp(",
    "softmax(", "exp(", "exp.(", "log(", "sqrt(", "sin(", "abs(", "abs.(", "max(", "max.(", "relu(", "step(", "expm(",
    "logm(", "sqrtm(", "sinm(", "frechet(", "frechet(expm, ", "frechet(α, ", "svd(", "qr(", "lu(", "eigh(", "chol(",
    ").U", ").S", ").V", ").L", ").Q", ").R", ").values", ").vectors", "blocksum(", "gaps(", "argmax(", "dot(",
    "zeros(", "ones(", "commutation(", "duplication(", "elimination(", "basis(", "differences(", "erf(",
    "sum(i = 0..k, ", "sum(i = 1..2, ", "sum(j = 0..i, ", "(", ")", "(", ")", "(", ")", "[", "]", "{", "}", "|", "||",
    "‖", "^", "^-1", "^T", "^2", "^3", "^k", "^{k-1}", "^(1/2)", "^α", "'", "'", "²", "⁻¹", "ᵀ", ".^", ".*", "./", "+",
    "-", " + ", " - ", "*", "/", " / ", "\\", " ⊗ ", " ∘ ", ":", ",", ", ", ";", "; ", "=", " = ", ".", "..", "_", " ",
    " ", " ", "\n", "\t", "0.5", "1/2", "1e-3", "10^6", "-1", "d(", "grad(", "[1,2]", "[i,j]", "[1..n, :]", "[:, 1]",
]  # fmt: skip
COMMANDS = [
    r"\operatorname{tr}", r"\mathrm{tr}", r"\det", r"\log", r"\log\det", r"\frac", r"\frac12", r"\tfrac{1}{2}", r"\sum",
    r"\sum_{i=0}^{k-1}", r"\sum_{i=1}^{2}", r"\left(", r"\right)", r"\left\|", r"\right\|", r"\|", r"\lVert", r"\rVert",
    r"\left|", r"\right|", r"\lambda", r"\Sigma", r"\beta", r"\mathbf{X}", r"\mathbf", r"\boldsymbol{\mu}",
    r"\bm{x}", r"\hat{x}", r"\tilde X", r"\top", r"^{\top}", r"^\top", r"^{-1}",
    r"^T", r"^{\mathsf T}", r"_{ij}", r"_2^2", r"_F",
    r"\odot", r"\otimes", r"\cdot", r"\times", r"\circ", r"\exp", r"\sin", r"\sin^2", r"\sqrt", r"\sqrt{",
    r"\mathrm{d}",
    r"\mathrm{d}X", r"\,", r"\;", r"\quad", r"\!", r"\\", r"&", r"\begin{bmatrix}", r"\end{bmatrix}", r"\begin{align}",
    r"\end{align}", r"\begin{vmatrix}", r"\end{vmatrix}", r"\text{where}", r"\label{a}", r"$", r"\[", r"\]", r"{", r"}",
    r"{", r"}", r"(", r")", r"[", r"]", r"\{", r"\}", r"^", r"_", r"+", r"-", r"=", r",", r";", "\n", " ", " ",
    "A", "X", "x", "b", "k", "n", "2", "i", "0", r"\langle", r"\rangle", r"\lvert", r"\rvert", r"\nabla_X",
    r"\partial", r"\prod",
    r"{n \over 2}", r"\mathbf 1", r"\operatorname{expm}", r"\operatorname{vec}", r"\operatorname{diag}", "%", "~", "'",
]  # fmt: skip
LETS = [
    "", "", "", "X: n×n", "X: n×n symmetric", "X: n×n spd", "X: n×n skew", "X: n×n orthogonal", "X: m×n orthogonal",
    "X: n×n diagonal", "X: n×n lower", "X: n×n upper", "X: n×n unit lower", "X: n×n unit upper", "X: n×n invertible",
    "A, B, X: n×n", "A: m×n; X: n×p", "X: 3×4", "X: 2×2", "X: 1×1", "X: 3×1", "x: n", "x: 5", "x: scalar", "c: scalar",
    "X: n×n constant", "A: n×n spd; X: n×n symmetric", "k: integer", "x: 1", "X: 10^6×2", "X: 100000×100000",
    "n: integer", "λ: n", "S: spd", "X: n×n+1", "X: n*m×n", "y: vector; X: matrix", "X: R^n", "x_i: n", "T: n×n",
    "X: 99999999999999999999×3", "A: 0×n", "X: n×n symmetric; x: n; A: m×n; b: m; c: scalar; k: integer",
]  # fmt: skip
LET_WORDS = [*"AXxTndλ:;,×", "n×n", "3×4", "m×n", "symmetric", "spd", "orthogonal", "unit lower", "scalar", "integer",
             "vector", "constant", ": ", "; ", " ", "10^6", "n+1", "n*n", "2", "\n", "∈", "R^n"]  # fmt: skip
WRTS: list[Any] = [
    None, None, None, None, "X", "X", "x", "A", "A, X", "X, x", "λ", "", "Q", "X[1,2]", "n", "k", "S", "dX", "X,", ",",
    ["X"], ["A", "X"], [], 5, b"X", ("X", "X"), "\\Sigma", "I", "tr", "X_1", "λ, X", "G", "Х",
]  # fmt: skip
FOLLOWING = ["text", "unicode", "ascii", "latex", "steps", "conditions", "let", "expr", "to_json", "numpy", "check"]
PLANES = [(0, 0x80), (0x80, 0x530), (0x2000, 0x2C00), (0x3000, 0xD7FF), (0xD800, 0xE000), (0xE000, 0x10000),
          (0x10000, 0x20000), (0x1D400, 0x1D800), (0x20000, 0x110000)]  # fmt: skip


@dataclass(frozen=True)
class Input:
    """One call of a public function, and what is asked of its result."""

    seed: int
    kind: str
    function: str
    text: str
    let: Any = ""
    wrt: Any = None
    options: dict[str, Any] = field(default_factory=dict)
    following: tuple[str, ...] = ()
    parsed: bool = False
    """Whether the function gets what `parse` gives, and not the text."""

    def __str__(self) -> str:
        options = "".join(f", {name}={value!r}" for name, value in self.options.items())
        F = f"{self.text!r}, let={self.let!r}" if not self.parsed else f"parse({self.text!r}, {self.let!r})"
        told = f"{self.function}({F}, wrt={self.wrt!r}{options})"
        return "".join([told, *(f" .{name}" for name in self.following)])


@dataclass(frozen=True)
class Outcome:
    """What came of an input; ``fault`` names the failure and where it was, and is empty where the law holds."""

    kind: str
    fault: str = ""
    detail: str = ""
    seconds: float = 0.0


# ---------------------------------------------------------------- drawing


def valid() -> list[tuple[str, str, str]]:
    """The texts of the table of cases and of the README, with their declarations and variables."""
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    found = re.findall(r'symmat \w+ "([^"]+)"(?: --wrt (\S+))?(?: --let "([^"]+)")?', readme)
    return [(row.text, row.let, row.wrt) for row in ROWS] + [(text, let, wrt) for text, wrt, let in found]


VALID = valid()


def draw(seed: int, kind: str = "") -> Input:
    """The input of a seed: of any kind, or of one."""
    rng = Random(seed)
    kind = kind or rng.choice(list(KINDS))
    text, let, wrt = KINDS[kind](rng)
    if rng.random() < 0.25:
        let = rng.choice(LETS) if rng.random() < 0.6 else soup(rng, LET_WORDS, 12)
    if rng.random() < 0.15:
        wrt = rng.choice(WRTS)
    if not wrt and rng.random() < 0.7:
        wrt = "X" if "X" in text else "x" if "x" in text else rng.choice(re.findall("[A-Zα-ω]", text) or [None])
    function = rng.choices(list(FUNCTIONS), [weight for weight, _ in FUNCTIONS.values()])[0]
    if function in ("grad", "hessian") and rng.random() < 0.6 and ";" not in text:
        text = rng.choice(["sum({})", "||{}||^2", "tr({})", "sum(A ({}) B)"]).format(text)
    options = {name: rng.choice(values) for name, values in OPTIONS.get(function, {}).items() if rng.random() < 0.5}
    following = tuple(rng.sample(FOLLOWING, rng.randint(1, 3))) if function in RESULTS else ()
    if rng.random() < 0.02:
        odd = rng.choice(["let", "text", "options"])
        value: Any = rng.choice([None, 5, 1.5, True, b"X", [], {}, object, float("nan"), ("X: n×n",), ["c: scalar", 3]])
        let, text = (value, text) if odd == "let" else (let, value) if odd == "text" else (let, text)
        options = {**options, "order": value} if odd == "options" and function in ("diff", "expand") else options
    parsed = function not in ("parse", "command") and rng.random() < 0.1
    return Input(seed, kind, function, text, let, wrt or None, options, following, parsed)


def soup(rng: Random, words: list[str], most: int = 24) -> str:
    return "".join(rng.choices(words, k=rng.randint(1, most)))


def of_words(rng: Random) -> tuple[str, str, Any]:
    return soup(rng, WORDS), "", None


def of_commands(rng: Random) -> tuple[str, str, Any]:
    return soup(rng, COMMANDS), "", None


def of_characters(rng: Random) -> tuple[str, str, Any]:
    characters = [chr(rng.randrange(*rng.choice(PLANES))) for _ in range(rng.randint(1, 8))]
    return "".join(rng.choice((c, "X", " ")) for c in characters * 2), "", None


def as_it_is(rng: Random) -> tuple[str, str, Any]:
    return rng.choice(VALID)


def mutated(rng: Random) -> tuple[str, str, Any]:
    """A valid text after one to three accidents."""
    text, let, wrt = rng.choice(VALID)
    for _ in range(rng.randint(1, 3)):
        first, last = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        piece = text[first:last]
        accident = rng.randrange(7)
        if accident == 0:
            text = text[:first] + rng.choice(WORDS) + text[first:]
        elif accident == 1:
            text = text[:first] + text[last:]
        elif accident == 2:
            text = text[:last] + piece + text[last:]
        elif accident == 3:
            other = rng.choice(VALID)[0]
            text = text[:first] + other[rng.randrange(len(other)) :]
        elif accident == 4:
            text = text[:last] + piece * rng.randint(2, 30) + text[last:]
        elif accident == 5:
            text = text[:first] + chr(rng.randrange(*rng.choice(PLANES))) + text[first:]
        else:
            name = rng.choice(WORDS)
            text = text.replace(rng.choice(text or "X"), name)
        text = text[:LENGTH]
    return text, let, wrt


def joined(rng: Random) -> tuple[str, str, Any]:
    """Valid texts side by side, or inside each other."""
    first, let, wrt = rng.choice(VALID)
    second = rng.choice(VALID)[0]
    sign = rng.choice([" + ", " - ", " ", " * ", " ∘ ", " ⊗ ", "; ", " / ", " \\ ", " : ", "\n", ", "])
    grouped = f"({first}){sign}({second})" if rng.random() < 0.7 else first + sign + second
    if rng.random() < 0.4:
        grouped = first.replace("X", f"({second})") if "X" in first else f"{second}({first})"
    return grouped[:LENGTH], let, wrt


def wrapped(rng: Random) -> tuple[str, str, Any]:
    """A valid text inside functions, transposed and raised."""
    text, let, wrt = rng.choice(VALID)
    words = [word for word in WORDS if word.endswith("(")]
    for _ in range(rng.randint(1, 3)):
        text = f"{rng.choice(words)}{text}){rng.choice(['', '', '^2', '^-1', chr(39), '^k', ' X', ' + X'])}"
    return text[:LENGTH], let, wrt


def composed(rng: Random) -> tuple[str, str, Any]:
    """A random expression of any operations, as it is printed."""
    with interning():
        drawn = draw_expression(rng, depth=rng.randint(1, 3))
        return drawn.text[:LENGTH], drawn.declarations, rng.choice(drawn.variables).name


def multiplied(rng: Random) -> tuple[str, str, Any]:
    return growing(rng, LENGTH)


def deep(rng: Random) -> tuple[str, str, Any]:
    """One piece over and over, up to the length."""
    pieces = [
        *WORDS,
        *COMMANDS,
        "-(",
        "(A + ",
        "(X ",
        "[X, ",
        "||",
        "(-",
        "X'",
        "X^-1 ",
        "inv(X ",
        r"\frac{X}{",
        "{(",
        "A; ",
    ]
    piece = rng.choice(pieces) + rng.choice(["", "", " ", "X", rng.choice(pieces)])
    times = rng.randint(2, max(2, LENGTH // 2 // len(piece)))
    closing = rng.choice(["", ")", "]", "}", "'", "|", " X", "+ X"])
    return (piece * times + rng.choice(["X", "", "x", "1"]) + closing * times)[:LENGTH], "", None


KINDS: dict[str, Callable[[Random], tuple[str, str, Any]]] = {
    "words": of_words,
    "LaTeX": of_commands,
    "characters": of_characters,
    "valid": as_it_is,
    "mutated": mutated,
    "joined": joined,
    "wrapped": wrapped,
    "composed": composed,
    "multiplied": multiplied,
    "repeated": deep,
}
ORDERS = [1, 2, 3, 4, 5, 7, 20, 64, 65, 100, 1000, 10**6, 10**30, 0, -1]
OPTIONS: dict[str, dict[str, list[Any]]] = {
    "diff": {"order": ORDERS},
    "expand": {"order": ORDERS},
    "jacobian": {"form": ["kron", "index", "index", "other", None], "vech": [True, False]},
    "check": {"seed": [0, 1, 7, -1, 2**64]},
    "command": {"--order": ORDERS, "--format": [*cli.FORMATS, "pdf"], "--steps": [True], "--form": ["index", "kron"],
                "--vech": [True], "--seed": ["0", "-3", "x"]},
}  # fmt: skip


# ---------------------------------------------------------------- running


def command(given: Input) -> str:
    """A call of the command line, which must not fall back on its last resort."""
    rng = Random(given.seed)
    name = rng.choice(["diff", "adjoint", "grad", "jacobian", "hessian", "expand", "show", "check", ""])
    words = [*([name] if name else []), str(given.text)]
    for option, value in (("--wrt", given.wrt), ("--let", given.let), *given.options.items()):
        words += [option] if value is True else [option, str(value)] if value else []
    done = CliRunner().invoke(cli.main, words, prog_name="symmat", env={"SYMMAT_DEBUG": "1"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    if done.exit_code not in (cli.DONE, cli.FALSE, cli.BAD_INPUT):
        raise RuntimeError(f"the exit status {done.exit_code}: {done.output}")
    return done.output


def called(given: Input) -> Any:
    function = getattr(sm, given.function)
    if given.function == "parse":
        return function(given.text, given.let)
    if given.parsed:
        return function(sm.parse(given.text, given.let), given.wrt, **given.options)
    return function(given.text, given.wrt, let=given.let, **given.options)


FUNCTIONS: dict[str, tuple[int, Callable[[Input], Any]]] = {
    "parse": (2, called),
    "diff": (5, called),
    "adjoint": (3, called),
    "grad": (4, called),
    "jacobian": (4, called),
    "hessian": (4, called),
    "expand": (3, called),
    "show": (3, called),
    "check": (1, called),
    "command": (3, command),
}
RESULTS = frozenset(("diff", "adjoint", "grad", "jacobian", "hessian", "expand", "show"))


class TooSlow(BaseException):
    """The time is over; no handler of errors may catch it."""


def run(given: Input) -> Outcome:
    """What comes of an input: the function, and then what is asked of its result, each within its own bounds."""
    result, slowest = None, 0.0
    for name in (given.function, *given.following):

        def act(name: str = name, result: Any = result) -> Any:
            if name == given.function:
                return FUNCTIONS[name][1](given)
            member = getattr(result, name, None)
            answer = member() if callable(member) else member
            if name != "expr":  # SymPy prints that
                str(answer) if name != "to_json" else json.dumps(answer)
            return answer

        outcome, result = bounded(act, name)
        slowest = max(slowest, outcome.seconds)
        if outcome.kind != "answered":
            return replace(outcome, seconds=slowest)
    return Outcome("answered", seconds=slowest)


def bounded(
    act: Callable[[], Any], name: str, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> tuple[Outcome, Any]:
    """Run within some seconds of CPU time and some memory beyond what is in use."""
    try:
        return _bounded(act, name, seconds, megabytes)
    except TooSlow:  # it came when the answer was there
        _stopped()
        return Outcome("slow", f"slow {name}", seconds=seconds), None


def _bounded(act: Callable[[], Any], name: str, seconds: float, megabytes: int) -> tuple[Outcome, Any]:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    signal.signal(signal.SIGPROF, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 2**20, hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    start, result = time.process_time(), None
    try:
        result = act()
        outcome = Outcome("answered")
    except sm.SymmatError as error:
        str(error)
        advised = error.kind != "limit" or error.hint
        outcome = Outcome(f"refused: {error.kind}") if advised else Outcome("no advice", f"no advice {error.message}")
    except TooSlow as slow:
        outcome = Outcome("slow", f"slow {name}", _where(slow))
    except MemoryError as error:
        outcome = Outcome("memory", f"memory {name} {_place(error)}", _where(error))
    except BaseException as error:  # SystemExit and RecursionError too
        outcome = Outcome(
            "traceback", f"{type(error).__name__} {name} {_place(error)}", f"{error}\n{_where(error)}"[-1500:]
        )
    finally:
        _stopped()
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    return replace(outcome, seconds=time.process_time() - start), result


def _stop(signum: int, frame: Any) -> None:
    signal.setitimer(signal.ITIMER_PROF, 2.0)  # again, where this one is lost in a destructor
    raise TooSlow


def _stopped() -> None:
    """No stop comes any more."""
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_PROF, 0)


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    found = traceback.extract_tb(error.__traceback__)
    return [frame for frame in found if "/symmat/" in frame.filename or "/grammar/" in frame.filename]


def _place(error: BaseException) -> str:
    """The innermost function of ours."""
    frames = _frames(error)
    return f"{Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else "?"


def _where(error: BaseException) -> str:
    """Our functions on the way to the failure, without those that call themselves."""
    names = [f"{Path(frame.filename).stem}:{frame.lineno} {frame.name}" for frame in _frames(error)]
    shown = list(dict.fromkeys(names))
    return " < ".join(reversed(shown[-14:]))


# ---------------------------------------------------------------- workers


def work(pipe: multiprocessing.connection.Connection) -> None:
    """Run what comes through the pipe until nothing does; seeds are inputs too."""
    sys.stdin = io.StringIO()
    for kind in ("diff", "jacobian", "check", "show", "command"):  # imports and caches
        run(Input(0, "warm", kind, "X^2", following=("latex", "steps", "check", "numpy") if kind == "diff" else ()))
    gc.collect()
    while (given := pipe.recv()) is not None:
        found = draw(given) if isinstance(given, int) else given
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 12, resource.RLIM_INFINITY))  # the kernel's own stop
        outcome = run(found)
        if outcome.kind == "slow" and not isinstance(given, int):
            gc.collect()
        pipe.send((found, outcome))


class Worker:
    """A process that runs inputs; a new one takes the place of one that is lost."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, given: int | Input) -> tuple[Input, Outcome]:
        """What comes of an input, or of that of a seed."""
        self.pipe.send(given)
        try:
            if self.pipe.poll(PATIENCE):
                answer: tuple[Input, Outcome] = self.pipe.recv()
                return answer
        except (EOFError, ConnectionResetError):
            pass
        self.process.kill()
        self.process.join()
        status = self.process.exitcode
        self.start()
        found = draw(given) if isinstance(given, int) else given
        return found, Outcome("lost", f"lost {found.function}", f"the process ended with {status}")

    def end(self) -> None:
        self.pipe.send(None)
        self.process.join()


def shortened(worker: Worker, given: Input, fault: str, tries: int) -> Input:
    """A shorter input with the same fault: what can be left out of the call, and pieces of its text."""

    def same(other: Input) -> bool:
        nonlocal tries
        tries -= 1
        return worker.ask(other)[1].fault == fault

    for simpler in (
        {"parsed": False},
        {"options": {}},
        {"let": ""},
        {"wrt": None},
        *({"following": (f,)} for f in given.following),
    ):
        if tries > 0 and same(replace(given, **simpler)):
            given = replace(given, **simpler)
    size = len(given.text) // 2 if isinstance(given.text, str) else 0
    while size and tries > 0:
        for start in range(0, len(given.text), size):
            other = replace(given, text=given.text[:start] + given.text[start + size :])
            if tries > 0 and other.text != given.text and same(other):
                given = other
                break
        else:
            size //= 2
    return given


def campaign(
    inputs: Iterable[int | Input], until: float = float("inf"), tries: int = 60
) -> Iterator[tuple[Input, Outcome]]:
    """Each input and its outcome; the first of each fault is confirmed, and shortened."""
    worker, known = Worker(), set[str]()
    for one in inputs:
        given, outcome = worker.ask(one)
        if outcome.fault and outcome.kind == "slow":
            outcome = worker.ask(given)[1]  # what is slow only once was the machine
        if outcome.fault and outcome.fault not in known:
            known.add(outcome.fault)
            given = shortened(worker, given, outcome.fault, min(tries, 3) if outcome.kind == "slow" else tries)
        yield given, outcome
        if time.monotonic() > until:
            break
    worker.end()


@click.command()
@click.option("--count", default=100_000, show_default=True, help="How many inputs.")
@click.option("--seed", default=0, show_default=True, help="The seed of the first; the next has the next.")
@click.option("--seconds", default=0.0, help="Stop after so many seconds of real time.")
@click.option("--report", type=click.File("w", "utf-8"), help="A file for the failures, as they come.")
def main(count: int, seed: int, seconds: float, report: Any) -> None:
    """Fuzz every public function."""
    print(f"seeds {seed} … {seed + count - 1}")
    outcomes, times, faults = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    until = time.monotonic() + seconds if seconds else float("inf")
    slowest = 0.0
    with click.progressbar(campaign(range(seed, seed + count), until), length=count, file=sys.stderr) as bar:
        for given, outcome in bar:
            outcomes[given.kind, outcome.kind.partition(":")[0]] += 1
            times[given.function] += 1
            slowest = max(slowest, outcome.seconds)
            if outcome.fault:
                faults[outcome.fault] += 1
                if faults[outcome.fault] <= 3 or outcome.kind == "slow":
                    message = f"\nseed {given.seed}: {outcome.fault}\n  {given}\n  {outcome.detail}"
                    print(message, file=report or sys.stdout, flush=True)
    kinds = list(dict.fromkeys(kind for _, kind in sorted(outcomes)))
    print(f"\n{'input':<12}" + "".join(f"{kind:>12}" for kind in kinds))
    for drawn in KINDS:
        print(f"{drawn:<12}" + "".join(f"{outcomes[drawn, kind]:>12}" for kind in kinds))
    print(f"{'all':<12}" + "".join(f"{sum(n for (_, k), n in outcomes.items() if k == kind):>12}" for kind in kinds))
    print("calls: " + ", ".join(f"{name} {times[name]}" for name in FUNCTIONS))
    print(f"the slowest answer took {slowest:.2f} s of CPU time")
    for fault, times_seen in faults.most_common():
        print(f"{times_seen:>6}  {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
