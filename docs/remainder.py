"""Draw remainder.svg: the Taylor remainder over the step, for d(X^-1) and for a formula that forgets the order.

It needs NumPy alone, and runs whenever the documentation is built.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import symmat as sm

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 560, 360, 70, 20, 20, 50
SMALLEST, LARGEST = -9, 1
"""The powers of ten on the vertical axis; the horizontal one goes from 10^-4 to 1."""

RIGHT_ONE = sm.diff("X^-1")
LINES = [
    ("#b3261e", "-X^-2 dX", "dF = -X⁻² dX forgets the order: slope 1", (3e-4, 4e-2)),
    ("#1f5fa8", RIGHT_ONE.text(), f"dF = {RIGHT_ONE.unicode()}: slope 2", (2e-2, 2e-6)),
]
"""The color of each, the formula, what it is called, and where."""


def remainders(formula: str, steps: np.ndarray) -> list[float]:
    """The norm of F(X + h dX) - F(X) - h dF for F = X^-1, at the same X and dX for every formula."""
    X, dX = np.random.default_rng(0).standard_normal((2, 4, 4))
    X += 4 * np.eye(4)
    # a formula in dX: its differential in dX, at dX, is its value, for it is linear
    dF = sm.diff(formula.replace("dX", "E"), "E").numpy()(X=X, dE=dX)
    return [float(np.linalg.norm(np.linalg.inv(X + h * dX) - np.linalg.inv(X) - h * dF)) for h in steps]


def place(h: float, remainder: float) -> tuple[float, float]:
    """The point of a drawing with logarithmic axes."""
    across = (np.log10(h) + 4) / 4
    up = (np.log10(remainder) - SMALLEST) / (LARGEST - SMALLEST)
    return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def text(x: float, y: float, words: str, style: str = "") -> str:
    """A label."""
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{words}</text>'


def power_of_ten(exponent: int) -> str:
    """10 with its exponent raised."""
    return f'10<tspan dy="-5" font-size="9">{exponent}</tspan>' if exponent else "1"


def drawing() -> str:
    """The picture."""
    parts = []
    for exponent in range(-4, 1):
        x, bottom = place(10.0**exponent, 10.0**SMALLEST)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="#ddd"/>')
        parts.append(text(x, bottom + 20, power_of_ten(exponent), 'text-anchor="middle"'))
    for exponent in range(SMALLEST, LARGEST + 1, 2):
        left, y = place(1e-4, 10.0**exponent)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(text(left - 8, y + 4, power_of_ten(exponent), 'text-anchor="end"'))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "step h", 'text-anchor="middle"'))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    turned = f'text-anchor="middle" transform="rotate(-90 18 {middle})"'
    parts.append(text(18, middle, "‖F(X + h dX) − F(X) − h dF‖", turned))
    steps = np.logspace(-4, 0, 17)
    for color, formula, words, where in LINES:
        points = [place(h, r) for h, r in zip(steps, remainders(formula, steps), strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in points]
        parts.append(text(*place(*where), words.replace("-", "−"), f'fill="{color}"'))
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("remainder.svg").write_text(drawing(), encoding="utf-8")
