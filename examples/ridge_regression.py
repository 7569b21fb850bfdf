"""Ridge regression by gradient descent, with the gradient that symmat derives."""

import numpy as np

import symmat as sm

loss = "(A x - b)' (A x - b) + λ x'x"
gradient = sm.grad(loss, "x")
print(gradient)

rng = np.random.default_rng(0)
A, b, weight = rng.standard_normal((20, 5)), rng.standard_normal(20), 0.1
slope = gradient.numpy()
step = 0.5 / (np.linalg.norm(A, 2) ** 2 + weight)

x = np.zeros(5)
for _ in range(2000):
    x -= step * slope(A=A, x=x, b=b, λ=weight)

exact = np.linalg.solve(A.T @ A + weight * np.eye(5), A.T @ b)
print("distance to the solution:", f"{np.linalg.norm(x - exact):.1e}")
