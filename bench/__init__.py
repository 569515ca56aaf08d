"""Benchmarks: what is measured here is a ratio, never a promise; none of it runs in the test suite."""
