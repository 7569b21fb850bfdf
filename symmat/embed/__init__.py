"""Derivatives inside documents: thin adapters over the API."""
