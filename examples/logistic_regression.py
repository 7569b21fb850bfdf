"""Logistic regression by Newton's method, with the gradient and the Hessian that symmat derives."""

import numpy as np

import symmat as sm

loss = "sum(softplus(X w)) - y'X w + λ w'w"
gradient, hessian = sm.grad(loss, "w"), sm.hessian(loss, "w")
print(gradient)
print(hessian)
print(gradient.check())

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 4))
y = (rng.random(200) < 1 / (1 + np.exp(-X @ [2, -1, 0.5, 0]))) * 1.0
slope, curvature = gradient.numpy(), hessian.numpy()

w = np.zeros(4)
for _ in range(8):
    w -= np.linalg.solve(curvature(X=X, w=w, λ=0.1), slope(X=X, w=w, y=y, λ=0.1))
print("norm of the gradient:", f"{np.linalg.norm(slope(X=X, w=w, y=y, λ=0.1)):.1e}")
