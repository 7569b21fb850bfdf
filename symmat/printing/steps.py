"""A derivation for readers: lines of text, or an aligned block of LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

Both = tuple[str, str]
"""Something in the notation and in LaTeX."""


@dataclass(frozen=True)
class Line:
    """One step in the notation and in LaTeX: what is derived, the expression before and after, and why."""

    rule: str
    left: Both
    old: Both
    new: Both
    reasons: tuple[Both, ...] = ()
    read_off: bool = False

    @property
    def before(self) -> str:
        """The whole expression before the rule."""
        return self.old[0]

    @property
    def after(self) -> str:
        """The whole expression after the rule."""
        return self.new[0]

    @property
    def reason(self) -> tuple[str, ...]:
        """The defining equation and its differential, where the rule comes from one."""
        return tuple(text for text, _ in self.reasons)

    def __str__(self) -> str:
        because = f", from {' and '.join(self.reason)}" if self.reason else ""
        return f"{self.rule}{because}: {self.before} = {self.after}"

    def to_json(self) -> dict[str, Any]:
        """The step as plain data."""
        return {
            "rule": self.rule,
            "before": self.before,
            "after": self.after,
            "latex": {"before": self.old[1], "after": self.new[1]},
            "reason": list(self.reason),
        }


class Steps(list[Line]):
    """The steps of a derivation, in order."""

    def __str__(self) -> str:
        lines = []
        for (left, _), group in groupby(self, key=lambda step: step.left):
            steps = list(group)
            if steps[0].read_off:
                lines.append(f"{left} = {steps[0].after}    [{steps[0].rule}]")
                continue
            lines.append(f"{left} = {steps[0].before}")
            for step in _telling(steps):
                lines += [f"{'':{len(left)}}   ({text})" for text in step.reason]
                lines.append(f"{'':{len(left)}} = {step.after}    [{step.rule}]")
        return "\n".join(lines)

    def latex(self) -> str:
        r"""An ``aligned`` block: one rule a line, with its name."""
        rows = []
        for (_, left), group in groupby(self, key=lambda step: step.left):
            steps = list(group)
            if steps[0].read_off:
                rows.append(rf"{left} &= {steps[0].new[1]} && \text{{{steps[0].rule}}}")
                continue
            rows.append(f"{left} &= {steps[0].old[1]}")
            for step in _telling(steps):
                why = rf"\text{{{step.rule}}}"
                if step.reasons:
                    why += r"\colon\ " + r" \Rightarrow ".join(latex for _, latex in step.reasons)
                rows.append(f"&= {step.new[1]} && {why}")
        body = " \\\\\n".join(rows)
        return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _telling(steps: list[Line]) -> list[Line]:
    """The steps that change what is shown, and one at least."""
    return [step for step in steps if step.before != step.after] or steps[-1:]
