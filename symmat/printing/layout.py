r"""LaTeX on a page: how wide a formula is, and where a long one is broken into rows of ``aligned``.

Widths are in points, for Computer Modern at 10 points, and a line is the 345 points of ``article``.  They are
estimates: a letter counts by its kind, a fraction as the wider of its parts, an exponent as seven tenths.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field

LINE, INDENT = 330.0, 10.0
"""A line is a little shorter than it is, for what an estimate misses."""
SMALL, BOLD = 0.7, 1.15
"""The size of an exponent, and the width of bold letters."""

Equation = tuple[str, str, str]
"""A left side, the sign of a relation, and a right side."""

_TOKEN = re.compile(
    r"""(?P<open>\\(?:left|[bB]igl)(?:\\[A-Za-z]+|\\?.)|\\l[vV]ert|[(\[])
    |(?P<close>\\(?:right|[bB]igr)(?:\\[A-Za-z]+|\\?.)|\\r[vV]ert|[)\]])
    |(?P<begin>\\begin\{\w+\})
    |(?P<end>\\end\{\w+\})
    |(?P<font>\\(?:mathrm|operatorname|mathbf|boldsymbol|mathcal|mathsf|text)\b\s*)
    |(?P<script>[\^_])
    |(?P<brace>\{)
    |(?P<unbrace>\})
    |(?P<blank>\s+)
    |(?P<symbol>\\[A-Za-z]+|\\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_WIDTHS = {
    **dict.fromkeys(("+", "-", r"\otimes", r"\odot", r"\oslash", r"\times"), 12.2), r"\cdot": 7.2,
    **dict.fromkeys(("=", r"\le"), 13.3), r"\,": 1.7, r"\;": 2.8, r"\quad": 10.0, ",": 4.4, "&": 10.0,
    r"\sum": 16.1, r"\sqrt": 8.3, r"\ldots": 13.4, r"\nabla": 8.3, r"\top": 7.8, "|": 2.8,
    **dict.fromkeys("MW", 10.8), "m": 8.8, "w": 7.2,
    **{rf"\{word}": 5.0 * len(word) + 1.7 for word in (
        "log", "exp", "det", "max", "min", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan",
    )},
}  # fmt: skip
_SIGNS = frozenset("+-")
_INFIX = frozenset((r"\otimes", r"\odot", r"\oslash"))
_NO_FACTORS = frozenset((*_SIGNS, *_INFIX, r"\cdot", r"\times", "=", r"\le", r"\,", r"\;", r"\quad", r"\sum", "("))


@dataclass(slots=True)
class _Frame:
    """What is open in braces: its width so far, that of its widest row, and what the next braces are for.

    ``over`` is the width of what the next index or exponent stands over: the other of the two, or a sum.
    """

    role: str = ""
    width: float = 0.0
    widest: float = 0.0
    above: float = 0.0
    over: float = 0.0
    waiting: list[str] = field(default_factory=list)

    def take(self, role: str, width: float) -> None:
        """A part in braces, or a symbol."""
        if role == "above":
            self.above = width
        elif role == "below":
            self.width += max(self.above, width) + 2.4
        elif role == "script":
            self.width += max(0.0, width * SMALL - self.over)
            self.over = max(self.over, width * SMALL)
            return
        else:
            self.width += width * (BOLD if role == "bold" else 1)
        self.over = width if role == "sum" else 0.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line may end: what is before it, how far inside it is, and the sign that the next line begins with."""

    at: int
    before: float
    cost: int
    sign: str = ""


@dataclass(slots=True)
class _Measured:
    """The width of a formula, the places where it may be broken, and its growing brackets."""

    width: float = 0.0
    places: list[_Place] = field(default_factory=list)
    grown: list[tuple[int, int]] = field(default_factory=list)


def width(latex: str) -> float:
    """About how wide a formula is on paper, in points."""
    return _measured(latex).width


def display(left: str, right: str, defined: Sequence[str] = ()) -> str:
    """An equation with the definitions that it uses: in a block of several rows where it is longer than a line."""
    where = rf" \quad \text{{where }} {_SEPARATOR.join(defined)}" if defined else ""
    whole = f"{left} = {right}{where}"
    return whole if width(whole) <= LINE else aligned([*rows([(left, "=", right)]), *where_rows(defined)])


def rows(equations: Sequence[Equation]) -> list[str]:
    """Equations, one below the other, as rows of ``aligned``."""
    return [row for found in rows_of_each(equations) for row in found]


def rows_of_each(equations: Sequence[Equation]) -> list[list[str]]:
    """The rows of each equation, as wide as a line at most, where all stand in one ``aligned``.

    Where the right sides do not fit beside the widest left side, left sides of more than a third of a line have rows of
    their own.
    """
    lefts = [width(left) for left, _, _ in equations]
    fit = max(lefts) + _WIDTHS["="] + max(width(right) for _, _, right in equations) <= LINE
    column = max((left for left in lefts if fit or left <= LINE / 3), default=0.0) + _WIDTHS["="]
    found: list[list[str]] = []
    for wide, (left, sign, right) in zip(lefts, equations, strict=True):
        if fit or wide <= LINE / 3:
            found.append(_indented(f"{left} &{sign} ".lstrip(), right, LINE - column))
        else:
            room = LINE - column - INDENT
            below = (rf"&\quad {line}" for line in broken(f"{sign} {right}", room))
            found.append([*_indented("&", left, LINE), *below])
    return found


def aligned(lines: Sequence[str]) -> str:
    """Rows as one block."""
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def broken(latex: str, room: float) -> list[str]:
    """A formula in lines that are no wider than ``room``, as far as it can be broken.

    A line ends before a plus or a minus or between factors, as far outside of brackets as it can; in its first third it
    ends only between the terms of the whole, or where nothing else can be done.
    """
    found = _measured(latex)
    ends: list[_Place] = []
    done, ahead = 0.0, found.places[::-1]
    while found.width - done > room and ahead:
        within = [ahead.pop()]
        while ahead and ahead[-1].before - done <= room:
            within.append(ahead.pop())
        best = min(within, key=lambda place: (place.cost > 0 and place.before - done < room / 3, place.cost, -place.at))
        ahead += [place for place in reversed(within) if place.at > best.at]
        done = best.before
        ends.append(best)
    if not ends:
        return [latex]
    text = _parted(latex, found.grown, [end.at for end in ends])
    starts = [0, *(end.at for end in ends)]
    lines = ["".join(text[a:b]).strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    signs = ["", *(end.sign for end in ends)]
    return [sign + (line.removeprefix(r"\, ") if sign else line) for sign, line in zip(signs, lines, strict=True)]


_SEPARATOR = r", \; "


def where_rows(defined: Sequence[str]) -> list[str]:
    """Definitions in rows of their own."""
    found: list[str] = []
    for i, equation in enumerate(defined):
        start = r"&\quad " if i else r"&\text{where } "
        end = _SEPARATOR.rstrip() if i + 1 < len(defined) else ""
        found += _indented(start, equation + end, LINE - width(start))
    return found


def _indented(start: str, latex: str, room: float) -> list[str]:
    """A formula after what stands at the start of its first row."""
    first, *rest = [latex] if width(latex) <= room else broken(latex, room - INDENT)
    return [start + first, *(rf"&\quad {line}" for line in rest)]


def _parted(latex: str, grown: Sequence[tuple[int, int]], ends: Sequence[int]) -> list[str]:
    r"""The characters, with a fixed size for ``\left`` and ``\right`` in two rows."""
    characters = list(latex)
    for opened, closed in grown:
        if bisect(ends, opened) < bisect(ends, closed):
            characters[opened : opened + 5] = r"\Bigl"
            characters[closed : closed + 6] = [*r"\Bigr", ""]
    return characters


def _measured(latex: str) -> _Measured:
    """One pass over the tokens; a line ends only outside of braces and of matrices."""
    result = _Measured()
    frames = [_Frame()]
    fences: list[int] = []
    last = "("
    for found in _TOKEN.finditer(latex):
        kind, token, top = str(found.lastgroup), found[0], frames[-1]
        if kind == "blank":
            if len(frames) == 1:
                result.places += _place(latex, found.end(), top.width, len(fences), last)
            continue
        if kind in ("brace", "begin"):
            frames.append(_Frame(top.waiting.pop() if top.waiting and kind == "brace" else kind))
        elif kind in ("unbrace", "end") and len(frames) > 1:
            frames.pop()
            frames[-1].take(top.role, max(top.width, top.widest) + (10.0 if kind == "end" else 0))
        elif kind == "script":
            top.waiting = ["script"]
        elif token == r"\frac":
            top.waiting = ["below", "above"]
        elif token == r"\\":
            top.widest, top.width = max(top.widest, top.width), 0.0
        elif kind != "font":
            role = top.waiting.pop() if top.waiting else "sum" if token == r"\sum" else ""
            top.take(role, _WIDTHS.get(token) or _letter(token))
        elif token.startswith((r"\boldsymbol", r"\mathbf")):
            top.waiting = ["bold"]
        elif token.startswith(r"\operatorname"):
            top.width += 1.7
        if len(frames) > 1 or kind == "script" or (last == r"\sum" and kind == "unbrace"):
            continue
        if kind == "open":
            fences.append(found.start())
        elif kind == "close" and fences:
            opened = fences.pop()
            if token.startswith(r"\right"):
                result.grown.append((opened, found.start()))
        last = {"open": "(", "close": ")"}.get(kind, token)
    result.width = frames[0].width
    return result


def _letter(token: str) -> float:
    if token.startswith("\\"):
        return 6.0
    return 8.0 if token.isupper() else 5.4 if token.islower() else 5.0 if token.isdigit() else 3.9


def _place(latex: str, at: int, before: float, depth: int, last: str) -> list[_Place]:
    """The place at a blank, if a line may end there."""
    found = _TOKEN.match(latex, at)
    if found is None or found.lastgroup == "close":
        return []
    token = found[0]
    if token in _SIGNS and latex[found.end() : found.end() + 1] == " ":
        return [_Place(at, before, 2 * depth)] if last not in _NO_FACTORS else []
    if token in _INFIX or last == ",":
        return [_Place(at, before, 2 * depth + 1)]
    if last in _NO_FACTORS or token in _NO_FACTORS - {r"\,", "("}:
        return []
    return [_Place(at, before, 2 * depth + 1, "" if token == r"\cdot" else r"\cdot ")]
