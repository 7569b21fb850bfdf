"""Derivatives: each is one walk over the nodes that asks the records."""
