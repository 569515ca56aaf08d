"""Completing objects: columns of rows; for abstract types, the column split by concrete type and put together again."""

from __future__ import annotations  # else every closure made below evaluates its annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    default_type_resolver,
    is_object_type,
)
from graphql.pyutils import inspect

from execution import declared, sharing, waiting
from execution.columns import Column, Fault
from execution.plan import Field, Picked, Place, Running
from execution.waiting import Eventually, arrived, is_to_come, then

Live = Callable[[Sequence[Any], set[type], Place, Running], Eventually[Column]]


def concrete(output: GraphQLObjectType) -> Live:
    """Complete values of an object type: each becomes a row."""
    is_type_of = output.is_type_of
    classes = getattr(is_type_of, "classes", None)

    def complete(raw: Sequence[Any], kinds: set[Any], place: Place, run: Running) -> Eventually[Column]:
        if is_type_of is None or (classes is not None and all(issubclass(kind, classes) for kind in kinds)):
            return sharing.rows(place.field.select(output), raw, place, run)
        said = [_attempt(is_type_of, value, run.info(place, slot)) for slot, value in enumerate(raw)]
        return then(waiting.settled(said), lambda answers: checked(raw, answers, place, run))

    def checked(raw: Sequence[Any], answers: Sequence[Any], place: Place, run: Running) -> Eventually[Column]:
        verdicts = [
            answer if isinstance(answer, Exception) or answer else _not_of_type(output, value, run.nodes(place.field))
            for value, answer in zip(raw, answers, strict=True)
        ]
        slots = [slot for slot, verdict in enumerate(verdicts) if not isinstance(verdict, Exception)]
        those, inside = [raw[slot] for slot in slots], Picked(place, slots)
        rows = run.rows(place.field.select(output), those, inside) if slots else Column([])
        return then(rows, lambda column: _merged(verdicts, [(slots, column)], place, run))

    return complete


def abstract(output: GraphQLAbstractType) -> Live:
    """Complete values of an interface or union: split by concrete type, completed each as such, in order again."""
    by_type: dict[GraphQLObjectType, Live] = {}
    dispatch: list[Callable[[set[Any]], dict[Any, GraphQLObjectType] | None]] = []

    def complete(raw: Sequence[Any], kinds: set[Any], place: Place, run: Running) -> Eventually[Column]:
        if not dispatch:
            dispatch.append(_by_class(output, run.plan.schema))
        known = dispatch[0](kinds)
        if known is not None:
            return split(raw, [known[value.__class__] for value in raw], place, run)
        resolve = output.resolve_type or default_type_resolver
        said = [_attempt(resolve, value, run.info(place, slot), output) for slot, value in enumerate(raw)]
        return then(waiting.settled(said), lambda names: split(raw, types(raw, names, place, run), place, run))

    def types(raw: Sequence[Any], names: Sequence[Any], place: Place, run: Running) -> Sequence[Any]:
        return [_type(name, value, output, place.field, run) for value, name in zip(raw, names, strict=True)]

    def split(raw: Sequence[Any], types: Sequence[Any], place: Place, run: Running) -> Eventually[Column]:
        groups: defaultdict[GraphQLObjectType, list[int]] = defaultdict(list)
        for slot, found in enumerate(types):
            if not isinstance(found, Exception):
                groups[found].append(slot)
        parts = [part(found, [raw[s] for s in slots], Picked(place, slots), run) for found, slots in groups.items()]
        return then(
            _together(parts),
            lambda columns: _merged(types, list(zip(groups.values(), columns, strict=True)), place, run),
        )

    def part(found: GraphQLObjectType, values: Sequence[Any], place: Place, run: Running) -> Eventually[Column]:
        if found not in by_type:
            by_type[found] = concrete(found)
        return by_type[found](values, {value.__class__ for value in values}, place, run)

    return complete


def _by_class(
    output: GraphQLAbstractType, schema: GraphQLSchema
) -> Callable[[set[Any]], dict[Any, GraphQLObjectType] | None]:
    """Where every possible type names its Python classes, the class of a value tells its type, once per class.

    Unless the abstract type has a resolver of somebody's own: then that decides.
    """
    possible = [(t, getattr(t.is_type_of, "classes", None)) for t in schema.get_possible_types(output)]
    if any(classes is None for _, classes in possible) or not declared.is_resolved_by_class(output):
        return lambda kinds: None
    known: dict[Any, GraphQLObjectType] = {}

    def find(kinds: set[Any]) -> dict[Any, GraphQLObjectType] | None:
        for kind in kinds - known.keys():
            found = next((t for t, classes in possible if issubclass(kind, classes or ())), None)
            if found is None:
                return None
            known[kind] = found
        return known

    return find


def _together(parts: Sequence[Eventually[Column]]) -> Eventually[Sequence[Column]]:
    if any(map(is_to_come, parts)):
        return waiting.together(map(arrived, parts))
    return cast("Sequence[Column]", parts)


def _merged(whole: Sequence[Any], parts: Sequence[tuple[Sequence[int], Column]], place: Place, run: Running) -> Column:
    """Put completed parts into their slots; what is an exception in `whole` is a fault."""
    values: list[Any] = list(whole)
    for slots, column in parts:
        for slot, value in zip(slots, column.values, strict=True):
            values[slot] = value
    for slot, value in enumerate(values):
        if isinstance(value, Exception):
            values[slot] = run.fault(value, place, slot)
    return Column(values, is_faulty=any(isinstance(value, Fault) for value in values))


def _attempt(ask: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return ask(*arguments)
    except Exception as error:
        return error


def _not_of_type(output: GraphQLObjectType, value: Any, nodes: Sequence[FieldNode]) -> GraphQLError:
    return GraphQLError(f"Expected value of type '{output.name}' but got: {inspect(value)}.", nodes)


def _type(name: Any, value: Any, abstract: GraphQLAbstractType, field: Field, run: Running) -> Any:
    """The object type behind what a type resolver said; or the exception that says why there is none (§6.4.3)."""
    if isinstance(name, Exception):
        return name
    schema, nodes = run.plan.schema, run.nodes(field)
    where = f"Abstract type '{abstract}' must resolve to an Object type at runtime for field '{field.label}'"
    if name is None:
        return GraphQLError(
            f"{where}. Either the '{abstract}' type should provide a 'resolve_type' function or each possible type"
            " should provide an 'is_type_of' function.",
            nodes,
        )
    if not isinstance(name, str):
        return GraphQLError(
            f"{where} with value {inspect(value)}, received '{inspect(name)}', which is not a valid Object type name.",
            nodes,
        )
    found = schema.get_type(name)
    if found is None:
        message = f"Abstract type '{abstract}' was resolved to a type '{name}' that does not exist inside the schema."
    elif not is_object_type(found):
        message = f"Abstract type '{abstract}' was resolved to a non-object type '{name}'."
    elif not schema.is_sub_type(abstract, found):
        message = f"Runtime Object type '{found}' is not a possible type for '{abstract}'."
    else:
        return found
    return GraphQLError(message, nodes)
