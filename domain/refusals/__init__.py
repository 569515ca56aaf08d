"""Refusals: every way the business says no, as values that carry their facts; a file for each topic."""
