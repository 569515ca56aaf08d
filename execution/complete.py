"""Completing columns (specification §6.4.3): from what a reader gave to what the answer holds.

A live column has neither nulls nor exceptions in it; `completer` deals with those, and that is where a null in a
non-null position becomes a fault, and where a nullable position absorbs one.
"""

from __future__ import annotations  # else every closure made below evaluates its annotations

from collections.abc import AsyncIterable, Callable, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, cast

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import is_iterable

from execution import leaves, objects, waiting
from execution.columns import Column, Fault
from execution.plan import Complete, Field, Items, Picked, Place, Running
from execution.waiting import Eventually, then

Live = Callable[[Sequence[Any], set[type], Place, Running], Eventually[Column]]


def completer(output: GraphQLOutputType) -> Complete:
    """Make the completer of a type, whatever field asks for it: the place tells."""
    is_nullable = not is_non_null_type(output)
    named = cast("GraphQLOutputType", get_nullable_type(output))
    live = _live(named)
    legal, holds = leaves.LEGAL.get(named.name, _NONE) if is_leaf_type(named) else _NONE

    def complete(raw: Sequence[Any], place: Place, run: Running) -> Eventually[Column]:
        kinds = set(map(type, raw))
        if kinds <= legal and raw and holds(raw):  # scalars that pass as they are: most columns
            return Column(cast("list[Any]", raw))
        if not any(map(_is_odd, kinds)):
            done = live(raw, kinds, place, run)
            if done.__class__ is Column and not done.is_faulty:  # the way that nearly every column goes
                return done
            return then(done, lambda column: settle(column, place, run))
        if any(map(waiting.is_awaitable, kinds)):
            return then(waiting.settled(raw), lambda values: complete(values, place, run))
        slots = [slot for slot, value in enumerate(raw) if not _is_dead(value.__class__)]
        rest = [raw[slot] for slot in slots]
        some = live(rest, set(map(type, rest)), Picked(place, slots), run) if slots else Column([])
        return then(some, lambda column: settle(spread(raw, slots, column, place, run), place, run))

    def spread(raw: Sequence[Any], slots: Sequence[int], column: Column, place: Place, run: Running) -> Column:
        """Put the completed slots back among the dead ones."""
        values: list[Any] = [_reason(value, place.field, is_nullable=is_nullable) for value in raw]
        for slot, value in zip(slots, column.values, strict=True):
            values[slot] = value
        for slot, value in enumerate(values):
            if isinstance(value, Exception):
                values[slot] = run.fault(value, place, slot)
        return Column(values, is_faulty=True)

    def settle(column: Column, place: Place, run: Running) -> Column:
        """Absorb faults where null is allowed; pass them on where it is not."""
        if not column.is_faulty:
            return column
        if not is_nullable:
            return Column(column.values, any(isinstance(value, Fault) for value in column.values))
        values = [None if isinstance(value, Fault) else value for value in column.values]
        run.faults.absorb([(v, place.path(slot)) for slot, v in enumerate(column.values) if isinstance(v, Fault)])
        return Column(values)

    return complete


def _live(output: GraphQLOutputType) -> Live:
    if is_list_type(output):
        return _lists(output)
    if is_leaf_type(output):
        return _leaves(output)
    if is_abstract_type(output):
        return objects.abstract(output)
    return objects.concrete(cast("GraphQLObjectType", output))


def _leaves(leaf: GraphQLLeafType) -> Live:
    whole, one = leaves.coercion(leaf), leaves.coerce_one(leaf)

    def complete(raw: Sequence[Any], kinds: set[type], place: Place, run: Running) -> Column:
        coerced = whole(raw, kinds) if raw else raw
        if coerced is not None:
            return Column(cast("list[Any]", coerced))
        values: list[Any] = []
        for slot, value in enumerate(raw):
            try:
                values.append(one(value))
            except Exception as error:
                values.append(run.fault(error, place, slot))
        return Column(values, is_faulty=True)

    return complete


def _lists(output: GraphQLList[GraphQLOutputType]) -> Live:
    complete_items = completer(output.of_type)

    def complete(raw: Sequence[Any], kinds: set[type], place: Place, run: Running) -> Eventually[Column]:
        if kinds <= _LISTS:
            return flatten(raw, place, run)
        made = waiting.settled([_list(value, place.field) for value in raw])
        return then(made, lambda found: outer(found, place, run))

    def outer(found: Sequence[Any], place: Place, run: Running) -> Eventually[Column]:
        """Some values may have turned out not to be lists; complete the others."""
        faults = {s: run.fault(v, place, s) for s, v in enumerate(found) if isinstance(v, Exception)}
        done = flatten([() if slot in faults else value for slot, value in enumerate(found)], place, run)
        return then(done, lambda column: _with(faults, column))

    def flatten(lists: Sequence[Sequence[Any]], place: Place, run: Running) -> Eventually[Column]:
        lengths = list(map(len, lists))
        done = complete_items(list(chain.from_iterable(lists)), Items(place, lengths), run)
        return then(done, lambda column: _cut(column, lengths))

    return complete


def _cut(column: Column, lengths: Sequence[int]) -> Column:
    """Cut completed items into their lists again; a fault that passed through an item is the list's own."""
    items = iter(column.values)
    values: list[Any] = [list(islice(items, length)) for length in lengths]
    if column.is_faulty:
        values = [next((v for v in value if isinstance(v, Fault)), value) for value in values]
    return Column(values, column.is_faulty)


def _with(faults: dict[int, Fault], column: Column) -> Column:
    if not faults:
        return column
    return Column([faults.get(slot, value) for slot, value in enumerate(column.values)], is_faulty=True)


def _list(value: Any, field: Field) -> Any:
    """The items of a value that claims to be a list; or the exception that says why it is none."""
    if isinstance(value, AsyncIterable):
        return _gathered(value)
    if not is_iterable(value):
        return GraphQLError(f"Expected Iterable, but did not find one for field '{field.label}'.")
    try:
        return list(value)
    except Exception as error:
        return error


async def _gathered(values: AsyncIterable[Any]) -> list[Any]:
    return [value async for value in values]


def _reason(value: Any, field: Field, *, is_nullable: bool) -> Any:
    """What a dead slot comes to: null, or an exception."""
    if isinstance(value, Exception):
        return value
    if is_nullable:
        return None
    return TypeError(f"Cannot return null for non-nullable field {field.label}.")


@cache
def _is_dead(kind: type) -> bool:
    return kind is type(None) or kind is type(Undefined) or issubclass(kind, Exception)


@cache
def _is_odd(kind: type) -> bool:
    return _is_dead(kind) or waiting.is_awaitable(kind)


_LISTS = {list, tuple}
_NONE: tuple[frozenset[type], Callable[[Sequence[Any]], bool]] = (frozenset(), bool)
