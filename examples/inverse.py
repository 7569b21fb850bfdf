"""The differential of an inverse: its formula, its derivation, and the proof by numbers."""

import symmat as sm

result = sm.diff("A X^-1 B", "X")
print(result)
print(result.steps)
print(result.check())
