"""The normal form: what the walks of :mod:`symmat.core` leave, as a reader wants to see it."""
