"""Decides whether production may be let through: rules over evidence and what is deployed."""
