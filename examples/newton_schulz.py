"""Newton–Schulz steps as definitions: the derivative of a program is a program, linear in its length."""

from itertools import pairwise

import symmat as sm

steps = 30
names = ["X", *(f"Y_{k}" for k in range(1, steps))]
definitions = "; ".join(f"{new} = {old} (2 I - A {old})" for old, new in pairwise(names))
program = f"{definitions}; tr(B {names[-1]} (2 I - A {names[-1]}))"

gradient = sm.grad(program, "X", let="X: n×n")
lines = gradient.text().split("; ")
print(f"{steps} steps: {len(lines)} lines, from")
print(*lines[:3], sep="\n")
print("to")
print(*lines[-2:], sep="\n")
