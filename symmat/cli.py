"""The command line: options in, text out.  What a command does is in the API."""

from __future__ import annotations

import gc
import importlib
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from symmat import __version__
from symmat.effort import answering
from symmat.errors import RecordProblem, SymmatError
from symmat.registry import plugins

if TYPE_CHECKING:
    from symmat.api import Result

FORMATS = ("text", "unicode", "latex", "numpy", "json")
DONE, FALSE, BAD_INPUT, OUR_FAULT, SYSTEM_FAULT, INTERRUPTED = 0, 1, 2, 70, 74, 130
ASCII: Mapping[str, str] = {"×": " x ", "≥": ">=", "≠": "!=", "↦": "->", "∘": ".*"}
"""The signs in words and declarations, for a terminal without them."""


class Commands(click.Group):
    """The commands; ``symmat EXPR`` alone is ``symmat show EXPR``."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command; what is wrong with the options is JSON where JSON is asked for."""
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            words = " ".join(sys.argv[1:]).replace("=", " ")
            if "--format json" in words:
                fail(SymmatError(error.format_message()), "json")
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(INTERRUPTED)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """An expression that begins with a minus is no option."""
        if args and args[0].startswith("-") and not args[0].startswith("--") and args[0] != "-h":
            args = ["show", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named, or ``show`` for an expression: a word before an expression must be a command."""
        if args and args[0] not in self.commands:
            if args[0].isalpha() and len(args) > 1 and not args[1].startswith("--"):
                ctx.fail(f"there is no command {args[0]}; there are {', '.join(self.commands)}")
            args = ["show", *args]
        return super().resolve_command(ctx, args)


class Expression(click.Command):
    """A command whose first argument may begin with a minus: ``symmat diff "-X^3"``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options by name; everything else that begins with a minus is an expression."""
        names = {name for p in self.get_params(ctx) for name in (*p.opts, *p.secondary_opts) if name.startswith("-")}
        flags = {name for p in self.get_params(ctx) if getattr(p, "is_flag", False) for name in p.opts}
        options: list[str] = []
        expressions: list[str] = []
        rest = iter(args)
        for word in rest:
            name = word.partition("=")[0]
            if word == "--":
                expressions += rest
            elif name in names or (word.startswith("--") and word[2:3].isalpha()):
                options.append(word)
                if name in names and name not in flags and "=" not in word:
                    value = next(rest, None)
                    if value is None:
                        raise click.BadOptionUsage(name, f"{name} needs a value", ctx)
                    options.append(value)
            else:
                expressions.append(word)
        return super().parse_args(ctx, [*options, "--", *expressions])


def shared(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all commands share."""
    for option in reversed(
        (
            click.argument("expression", metavar="EXPR"),
            click.option("--wrt", multiple=True, metavar="NAMES", help="What varies: X, or A,X for both."),
            click.option("--let", multiple=True, metavar="DECL", help='Declarations: "A: m×n; x: n; c: scalar".'),
            click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True),
            click.option("--seed", type=click.IntRange(0), default=0, help="The seed of random matrices."),
        )
    ):
        command = option(command)
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="symmat")
def main() -> None:
    """Matrix derivatives that can be trusted.

    \b
    symmat diff "X^3"                     dF = dX X^2 + X dX X + X^2 dX
    symmat grad "tr(A X^-1 B)" --wrt X    the gradient, in the shape of X
    symmat adjoint "A X B" --wrt X        the reverse mode
    symmat expand "X^3"                   the increment by degree, with its remainder
    symmat check "X^3"                    the derivative against numbers
    symmat "||A x - b||^2" --wrt x        everything that applies

    Write expressions in double quotes: in single ones the shell eats the prime.
    """


DERIVATIVES = {
    "diff": """The differential dF = F'(X)[dX].

    \b
    symmat diff "X^3"
    symmat diff "A X B + C" --wrt X --format latex
    symmat diff "S = X'X + λ I; S^-1 B" --wrt X --steps
    """,
    "adjoint": """The adjoint F'(X)*[G]: the reverse mode.

    \b
    symmat adjoint "A X B" --wrt X
    symmat adjoint "X^-1" --format numpy
    """,
    "grad": """The gradient of a scalar function, in the shape of X.

    \b
    symmat grad "x'A x" --wrt x
    symmat grad "logdet(X)" --format latex
    """,
    "jacobian": """The matrix J of vec dF = J vec dX; vec stacks columns.

    \b
    symmat jacobian "A X B" --wrt X
    symmat jacobian "x x'x"
    symmat jacobian "X^2" --form index
    """,
    "hessian": """The second derivative of a scalar function; for a matrix X that of vec X.

    \b
    symmat hessian "x'A x" --wrt x
    symmat hessian "tr(X'A X)" --wrt X
    """,
}
"""The commands that derive something, with their help."""


def add_derivative(kind: str, description: str) -> None:
    """The command of one kind of derivative; only a differential has an order, and only a Jacobian forms."""

    def run(
        expression: str, wrt: Sequence[str], let: Sequence[str], form: str, seed: int, steps: bool, **options: Any
    ) -> None:
        if "entries" in options:
            options["form"] = options.pop("entries")
        answer(kind, expression, wrt, let, form, steps, options)

    command = click.option("--steps", is_flag=True, help="Show the derivation, one rule a line.")(run)
    if kind == "diff":
        command = click.option("--order", type=click.IntRange(1), default=1, show_default=True, help="dF, d²F, …")(
            command
        )
    if kind == "jacobian":
        command = click.option("--vech", is_flag=True, help="Times the duplication matrix.")(command)
        command = click.option(
            "--form",
            "entries",
            type=click.Choice(("kron", "index")),
            default="kron",
            show_default=True,
            help="Kronecker products, or J_ijkl.",
        )(command)
    main.command(kind, cls=Expression, help=inspect.cleandoc(description))(shared(command))


for kind, description in DERIVATIVES.items():
    add_derivative(kind, description)


@main.command(cls=Expression)
@shared
@click.option("--steps", is_flag=True, help="Show the derivation of the linear part, one rule a line.")
@click.option("--order", type=click.IntRange(1), default=1, show_default=True, help="The degree up to which to go.")
def expand(
    expression: str, wrt: Sequence[str], let: Sequence[str], form: str, seed: int, steps: bool, order: int
) -> None:
    """F(X + dX) - F(X) by degree in dX, with the exact remainder and a bound of its norm.

    \b
    symmat expand "X^3"
    symmat expand "X^-1" --order 2
    """
    whole(form, lambda: engine().expand(read(expression), ", ".join(wrt), let="; ".join(let), order=order), steps)


@main.command("show", cls=Expression)
@shared
def summary(expression: str, wrt: Sequence[str], let: Sequence[str], form: str, seed: int) -> None:
    """Everything that applies: shapes, differential, gradient or adjoint, Jacobian or Hessian, conditions.

    \b
    symmat show "||A x - b||^2" --wrt x
    symmat "A X B"
    """
    whole(form, lambda: engine().show(read(expression), ", ".join(wrt), let="; ".join(let)))


def whole(form: str, make: Callable[[], Any], steps: bool = False) -> None:
    """Several formulas at once, printed, with their derivation in front if that is wanted."""

    def run() -> int:
        if form == "numpy":
            raise SymmatError("there is no numpy form of several formulas", "ask for one: symmat diff … --format numpy")
        found, kind = make(), spelled(form)
        if kind == "json":
            show(json.dumps(found.to_json(), indent=2))
            return DONE
        for part in [found.steps, found] if steps else [found]:
            printed = {"latex": part.latex, "unicode": part.unicode, "text": part.text, "ascii": part.ascii}[kind]()
            show(f"\\[\n{printed}\n\\]" if kind == "latex" else printed)
        return DONE

    guarded(run, form)


@main.command(cls=Expression)
@shared
def check(expression: str, wrt: Sequence[str], let: Sequence[str], form: str, seed: int) -> None:
    """The derivative against numbers: Taylor remainder, adjoint and Jacobian.

    \b
    symmat check "X^3"
    symmat check "X (X'X)^-1 X'" --let "X: 5×3" --seed 7
    """

    def run() -> int:
        if form not in ("text", "unicode", "json"):
            raise SymmatError(f"a check has no {form} form", "write --format text or --format json")
        report = engine().check(read(expression), ", ".join(wrt), let="; ".join(let), seed=seed)
        show(json.dumps(report.to_json(), indent=2) if form == "json" else str(report))
        return DONE if report else FALSE

    guarded(run, form)


def answer(
    kind: str,
    expression: str,
    wrt: Sequence[str],
    let: Sequence[str],
    form: str,
    steps: bool,
    options: Mapping[str, Any],
) -> None:
    """One derivative, printed."""

    def run() -> int:
        result = getattr(engine(), kind)(read(expression), ", ".join(wrt), let="; ".join(let), **options)
        show(printed(result, form, steps))
        return DONE

    guarded(run, form)


def engine() -> ModuleType:
    """The API, imported without garbage collection: it would take a tenth of the start and find nothing."""
    if "symmat.api" not in sys.modules:
        gc.disable()
        try:
            importlib.import_module("symmat.api")
        finally:
            gc.freeze()
            gc.enable()
    return sys.modules["symmat.api"]


def printed(result: Result, form: str, steps: bool) -> str:
    """The result in a format, or its derivation, which ends in it."""
    if form == "json":
        return json.dumps(result.to_json(), indent=2)
    if form == "latex":
        return f"\\[\n{result.steps.latex() if steps else result.latex(equation=True)}\n\\]"
    if form == "numpy":
        comments = [f"# {line}" for line in result.steps.text().splitlines()] if steps else []
        return "\n".join([*comments, result.numpy().source.rstrip("\n")])
    kind = spelled(form)
    if not steps:
        return {"unicode": result.unicode, "text": result.text, "ascii": result.ascii}[kind](equation=True)
    derivation = {"unicode": result.steps.unicode, "text": result.steps.text, "ascii": result.steps.ascii}[kind]()
    return "\n".join([derivation, *([f"if {', '.join(result.conditions)}"] if result.conditions else [])])


def spelled(form: str) -> str:
    """The format, or ``ascii`` for text on a terminal without the signs of the notation."""
    return "ascii" if form in ("text", "unicode") and not has("λ∘⊗ᵀ⁻‖") else form


def has(text: str) -> bool:
    """Whether the terminal has these characters."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read(expression: str) -> str:
    """The expression, from standard input if it is one dash."""
    if expression != "-":
        return expression
    try:
        return sys.stdin.buffer.read().decode()
    except AttributeError:  # Python has no stdin where it is closed
        raise SymmatError("standard input is closed", "write the expression instead of -") from None
    except UnicodeDecodeError as error:
        raise SymmatError(
            f"standard input is not UTF-8: byte {error.start} is {error.object[error.start]:#x}"
        ) from None


def show(text: str) -> None:
    """Print, in characters that the terminal has."""
    if not has(text):
        from symmat.greek import GREEK_NAMES

        encoding = sys.stdout.encoding
        for sign, written in {**GREEK_NAMES, **ASCII}.items():
            text = text.replace(sign, written)
        text = text.encode(encoding, "replace").decode(encoding)
    click.echo(text)


def guarded(run: Callable[[], int], form: str) -> NoReturn:
    """Run a command; what goes wrong is a message and an exit status, never a traceback."""
    try:
        with answering():
            sys.exit(run())
    except SymmatError as error:
        fail(error, form)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # say nothing more at exit
        if isinstance(error, BrokenPipeError):  # nobody reads on
            sys.exit(DONE)
        click.echo(f"error: {error.strerror}", err=True)
        sys.exit(SYSTEM_FAULT)
    except Exception as error:  # the one place that catches everything: the user shall not see a traceback
        if os.environ.get("SYMMAT_DEBUG"):
            raise
        fault = f"a fault of symmat's own ({type(error).__name__}: {error}); please report the expression"
        if of_plugin(error):
            traceback.print_exception(error)
            fault = "a fault of an operation of another package; please report it to its author"
        click.echo(f"error: {fault}", err=True)
        sys.exit(OUR_FAULT)


def of_plugin(error: BaseException) -> bool:
    """Whether the fault is that of an operation of another package: its record is wrong, or its code raises."""
    packages = {point.module.partition(".")[0] for point in plugins()}
    passed = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
    return isinstance(error, RecordProblem) or any(name.partition(".")[0] in packages for name in passed)


def fail(error: SymmatError, form: str = "text") -> NoReturn:
    """Say what is wrong with the input, and end."""
    if form == "json":
        members = ("kind", "position", "end", "message", "hint")
        show(json.dumps({"error": {name: getattr(error, name) for name in members}}, indent=2))
    else:
        click.echo(f"error: {error}", err=True)
    sys.exit(BAD_INPUT)
