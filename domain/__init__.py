"""The rules of the trade: values and pure functions. No I/O, no clock, no randomness, no async."""
