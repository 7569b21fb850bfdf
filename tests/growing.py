"""Short texts whose answers could be long: what is doubled, nested, raised, or of many dimensions."""

from __future__ import annotations

from random import Random

LETTERS = "ABCXYZ"
FACTORS = ["X", "X", "A", "X'", "X^-1", "(A + X)", "(A + X)^-1", "X^2", "X A", "exp.(X)", "inv(X)", "X^k"]
SCALARS = ["tr(X)", "tr(X) tr(X)", "||X||", "det(X)", "λ", "x'x", "sin(λ)", "(λ + 1)", "tr(X A)", "||x||^2", "log(λ)"]
SIZES = ["2", "3", "9", "99", "10^6", "n", "k", "(n+1)", "(i+j+k+l)", "n^9", "m n", "10^40"]
SIGNS = [" ", " ", " + ", " - ", " ∘ ", " ⊗ ", " ⊗ ", " * "]
FUNCTIONS = [
    "inv(", "tril(", "diag(diag(", "vec(", "sym(", "expm(", "exp.(", "pinv(", "adj(", "sqrtm(", "tr(", "exp(", "sin(",
    "log(", "log(det(", "||", "det(", "sum(", "softmax(vec(", "abs.(", "norm2(", "kron(X, ", "sylvester(A, B, ",
    "vech(",
    "frechet(expm, X, ", "sum(i = 0..9, X^i ", "sum(i = 0..k, X^i ", "solve(A, ", "(A + ", "(X ", "X ⊗ (", "1/(1 + ",
]  # fmt: skip


def growing(rng: Random, length: int) -> tuple[str, str, None]:
    """A text of at most a length, and declarations."""
    text = rng.choice(FAMILIES)(rng, length)
    return text[:length], rng.choice(["", "", "", "A, B, X: n×n", "X: n×n symmetric", "X: 3×3", "X: 2×2; A: 2×2"]), None


def closed(text: str) -> str:
    """The text with its brackets closed."""
    opened = []
    for c in text:
        if c in "([":
            opened.append(")" if c == "(" else "]")
        elif c in ")]" and opened:
            opened.pop()
    bars = "||" if text.count("||") % 2 else ""
    return text + "".join(reversed(opened)) + bars


def doubled(rng: Random, length: int) -> str:
    """Definitions, each of which uses the one before twice."""
    scalar = rng.random() < 0.5
    first = rng.choice(SCALARS if scalar else FACTORS)
    pattern = rng.choice(
        ["{p} {p}", "{p} {p} + {p}", "{p} + {p}", "{p} ({p} + 1)", "{p} / (1 + {p})", "exp({p}) {p}", "{p}^2", "{p}^9"]
        if scalar
        else ["{p} {p}", "{p} (2 I - A {p})", "{p} + {p}'", "{p} ∘ {p}", "{p} ⊗ {p}", "[{p}, {p}; {p}, {p}]", "{p}^2",
              "{p} {p}' {p}", "inv({p}) {p}", "{p} A + {p}", "expm({p})", "{p}^9", "tr({p}) {p}", "||{p}|| {p}"]
    )  # fmt: skip
    name = "abc"[rng.randrange(3)] if scalar else "PQY"[rng.randrange(3)]
    text, i = f"{name}_1 = {first}", 1
    end = rng.choice(["{p}", "tr({p})", "det({p})", "{p}'{p}"]) if not scalar else "{p}"
    while len(text) < length - 40 and i < 25:
        i += 1
        text += f"; {name}_{i} = " + pattern.format(p=f"{name}_{i - 1}")
    return f"{text}; " + end.format(p=f"{name}_{i}")


def chain(rng: Random, length: int) -> str:
    """One or two operations over and over."""
    signs = rng.choices(SIGNS, k=rng.randint(1, 2))
    signs = signs if len({s in " * " for s in signs}) == 1 else signs[:1]
    factors = rng.choices(FACTORS + (SCALARS if signs[0] not in (" ∘ ", " ⊗ ") else []), k=rng.randint(1, 3))
    text = rng.choice(factors)
    for _ in range(rng.choice([3, 5, 8, 13, 40, 90])):
        more = rng.choice(signs) + rng.choice(factors)
        if len(text) + len(more) > length - 10:
            break
        text += more
    return rng.choice(["{}", "{}", "tr({})", "||{}||^2", "det({})", "({})^9", "({})^-1", "expm({})"]).format(text)


def nested(rng: Random, length: int) -> str:
    """Functions of functions."""
    functions = rng.choices(FUNCTIONS, k=rng.randint(1, 3))
    text = ""
    for _ in range(rng.choice([2, 3, 5, 10, 30])):
        more = rng.choice(functions)
        if len(text) + len(more) > length * 2 // 3:
            break
        text += more
    return closed(text + rng.choice(["X", "x", "λ", "A X", "tr(X)", "X B X", "||x||"]))


def powers(rng: Random, length: int) -> str:
    """Powers of powers, with exponents of all sizes."""
    exponents = [
        "2",
        "3",
        "9",
        "50",
        "99",
        "135",
        "999",
        "10^6",
        "1000000",
        "k",
        "(k+1)",
        "-1",
        "-9",
        "(1/2)",
        "α",
        "0",
    ]
    text = rng.choice(["X", "(A + X)", "(X A)", "λ", "tr(X)", "(λ + 1)", "(X + X')", "||x||", "(2 X)", "10", "(X - X)"])
    for _ in range(rng.randint(1, 6)):
        text = f"({text}^{rng.choice(exponents)}{rng.choice(['', '', ' + X', ' A', ' - 1'])})"
    return rng.choice(["{}", "tr({})", "det({})", "{} X", "exp({}) X"]).format(text)


def sums(rng: Random, length: int) -> str:
    """Sums in sums, of many terms and with large bounds."""
    text = rng.choice(["X^i", "X^(i+j)", "λ^i X", "X^i A X^j", "i X", "(A - A)^i X", "X^i ⊗ X", "X^(i j k)", "tr(X^i)"])
    letters = [c for c in "ijklmnp" if c in text.replace("λ", "")] or ["i"]
    for letter in rng.sample(letters, len(letters)) + rng.sample("ijkl", rng.randint(0, 3)):
        low = rng.choice(["0", "1", "-3", "-k", "i", "5"])
        high = rng.choice(["2", "3", "9", "99", "1000", "10^6", "10^30", "k", "k-1", "n", "i", "i+1", "2^k", "0"])
        text = f"sum({letter} = {low}..{high}, {text if rng.random() < 0.7 else f'{letter} ' + text})"
    return rng.choice(["{}", "tr({})", "({})^2", "{} X"]).format(text)


def blocks(rng: Random, length: int) -> str:
    """Blocks of blocks."""
    text = rng.choice(["X", "A", "c", "tr(X)", "X A", "X^-1", "1", "I", "0"])
    for _ in range(rng.randint(1, 6)):
        form = rng.choice(
            ["[{0}, {0}]", "[{0}; {0}]", "[{0}, {0}; {0}, {0}]", "[{0}, A; B, {0}]", "[{0}]", "[A; {0}; B]"]
        )
        if len(form.format(text)) > length - 20:
            break
        text = form.format(text)
    return rng.choice(
        ["{}", "inv({})", "det({})", "tr({})", "{} {}", "mean({})", "||{}||^2", "vec({})", "{}'"]
    ).replace("{}", text)


def sized(rng: Random, length: int) -> str:
    """Sizes and numbers that are large, or long to write down."""

    def size() -> str:
        base = rng.choice(SIZES)
        return (
            f"({base} + {rng.choice(SIZES)})^{rng.choice(['2', '5', '40', '999', '10^6'])}"
            if rng.random() < 0.4
            else base
        )

    number = rng.choice(
        ["10^400", "2^1000000", "1e300", "9" * 100, "0." + "3" * 60, "1e-300", "7^7^7", "10^-400", "(1/3)^99"]
    )
    return rng.choice([
        f"zeros({size()}, n) + X", f"ones({size()}, {size()}) X", f"commutation({size()}, {size()}) vec(X)",
        f"I_{rng.choice('9nk')} X",
        f"duplication({size()})", f"basis({size()}, {size()})", f"{number} X", f"X + {number} A", f"X[{size()}, 1]",
        f"X[1..{size()}, :]", f"unvec(x, {size()}, {size()})", f"tr(X) / {number}", f"({number} X)^9", f"x[{size()}] x",
        f"sum(i = 0..{size()}, i X)", f"tr(ones({size()}, {size()}))", f"elimination({size()}) vec(X)",
        f"(3^-1)/9 X * {number}",
    ])  # fmt: skip


def mixed(rng: Random, length: int) -> str:
    """One of these inside of another."""
    inner = rng.choice([chain, nested, powers, sums, blocks])(rng, length // 3)
    outer = rng.choice([chain, nested, powers, blocks])(rng, length // 2)
    return outer.replace("X", f"({inner})", rng.randint(1, 3))


FAMILIES = [doubled, doubled, chain, chain, nested, nested, powers, powers, sums, blocks, sized, mixed]
