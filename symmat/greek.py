"""The Greek letters: by name, as characters, and as commands of LaTeX."""

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
GREEK_NAMES = {letter: name for name, letter in GREEK.items()}
COMMANDS = {letter: f"\\var{name}" if letter in "εφ" else f"\\{name}" for letter, name in GREEK_NAMES.items()}
"""How each letter is set in LaTeX; ϵ and ϕ are read as well."""
