"""Leaves: a column of scalars or enum values, passed through untouched where it is legal as it stands."""

from __future__ import annotations  # else every closure made below evaluates its annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import Enum
from math import isfinite
from operator import attrgetter
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, Undefined
from graphql.pyutils import inspect

Coerce = Callable[[Any], Any]

_MIN_INT, _MAX_INT = -(2**31), 2**31 - 1

LEGAL: dict[str, tuple[frozenset[type], Callable[[Iterable[Any]], bool]]] = {
    "String": (frozenset({str}), lambda column: True),
    "ID": (frozenset({str}), lambda column: True),
    "Boolean": (frozenset({bool}), lambda column: True),
    "Int": (frozenset({int}), lambda column: min(column) >= _MIN_INT and max(column) <= _MAX_INT),
    "Float": (frozenset({float}), lambda column: all(map(isfinite, column))),
}
"""For the built-in scalars: the Python types that pass as they are, and what else must hold of the whole column."""


def coercion(leaf: GraphQLLeafType) -> Callable[[Sequence[Any], set[type]], Sequence[Any] | None]:
    """Make a function that coerces a whole column without nulls, or gives None where a slot needs a closer look."""
    if leaf.name in LEGAL:
        types, holds = LEGAL[leaf.name]
        return lambda column, kinds: column if kinds <= types and holds(column) else None
    if isinstance(leaf, GraphQLEnumType):
        return _enum(coerce_one(leaf))
    coerce = coerce_one(leaf)
    return lambda column, kinds: _each(coerce, column)


def coerce_one(leaf: GraphQLLeafType) -> Coerce:
    """Coerce one value as §6.4.3 asks.

    Raises:
        Exception: whatever the type says of a value that it does not take.
    """

    def coerce(value: Any) -> Any:
        coerced = leaf.coerce_output_value(value)
        if coerced is None or coerced is Undefined:
            raise TypeError(
                f"Expected `{inspect(leaf)}.coerce_output_value({inspect(value)})` to return non-nullable value,"
                f" returned: {inspect(coerced)}"
            )
        return coerced

    return coerce


def _enum(coerce: Coerce) -> Callable[[Sequence[Any], set[type]], Sequence[Any] | None]:
    """By the names of the members of one class, else by value: to hash a member, `Enum` runs Python."""
    memory, by_class = _Memory(coerce), dict[type, dict[str, Any]]()

    def whole(column: Sequence[Any], kinds: set[type]) -> Sequence[Any] | None:
        kind, *others = kinds
        if others or not issubclass(kind, Enum):
            return _each(memory.__getitem__, column)
        if kind not in by_class:
            by_class[kind] = _by_name(kind, coerce)
        return _each(by_class[kind].__getitem__, map(_name, column))

    return whole


def _by_name(kind: type[Enum], coerce: Coerce) -> dict[str, Any]:
    found = {}
    for member in kind:
        with suppress(Exception):  # the schema may show fewer members than there are
            found[_name(member)] = coerce(member)
    return found


_name = attrgetter("_name_")


class _Memory(dict[Any, Any]):
    """Coerces each distinct value once; an enum has few."""

    def __init__(self, coerce: Coerce) -> None:
        super().__init__()
        self._coerce = coerce

    def __missing__(self, value: Any) -> Any:
        coerced = self._coerce(value)
        if len(self) < 1_000:
            self[value] = coerced
        return coerced


def _each(coerce: Coerce, column: Iterable[Any]) -> Sequence[Any] | None:
    try:
        return list(map(coerce, column))
    except Exception:  # somebody's scalar may raise anything; the slow way tells which slot it was
        return None
