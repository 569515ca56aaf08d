"""Readers: how the column of a field is read from all objects of a level at once.

What kind of reader a field gets is decided once, when the plan is compiled: an attribute, a pure function of the
object, a batch resolver, a mapping's key, or an ordinary resolver that is called object by object.
"""

from __future__ import annotations  # else every closure made below evaluates its annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from graphql import FieldNode, TypeNameMetaFieldDef, VariableNode, default_field_resolver
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import Visitor, visit

from execution import waiting
from execution.loaders import call
from execution.plan import Field, Place, Read, Running
from execution.waiting import Eventually

Arguments = Callable[[Running], Mapping[str, Any]]
Batch = Callable[..., Awaitable[Sequence[Any]]]
NOTHING: Mapping[str, Any] = {}
NO_VARIABLES = VariableValues({}, {})
_UNCHANGING = (str, int, float, bytes, type(None), Enum, Decimal, date, time, timedelta, UUID)


def reader(field: Field) -> Read:
    """Choose the reader of a field by its declaration. It holds nothing of the document but the field's arguments."""
    if field.definition is TypeNameMetaFieldDef:
        return lambda objects, place, run: [place.field.parent.name] * len(objects)
    declaration = field.declaration
    if declaration.attribute is not None:
        return _each(attrgetter(declaration.attribute))
    if declaration.derived is not None:
        return _each(declaration.derived)
    if declaration.batch is not None:
        return _batch(declaration.batch, declaration.name, _arguments(field, declaration.convert))
    resolve = field.definition.resolve
    if resolve is None:
        return _by_default(field.name, _arguments(field))
    return _ordinary(resolve, _arguments(field))


def _each(read: Callable[[Any], Any]) -> Read:
    """A function of the object alone, mapped over the column."""

    def column(objects: Sequence[Any], place: Place, run: Running) -> Sequence[Any]:
        try:
            return list(map(read, objects))
        except Exception:  # one of them fails: find out which
            return [_attempt(read, value) for value in objects]

    return column


def _batch(resolve: Batch, name: str, arguments: Arguments) -> Read:
    """A batch resolver: called once for the column."""

    async def column(objects: Sequence[Any], place: Place, run: Running) -> Sequence[Any]:
        try:
            given = arguments(run)
        except Exception as error:
            return [error] * len(objects)
        results = await waiting.outcome(call(partial(resolve, **given), run.context, objects, name=name))
        return [results] * len(objects) if isinstance(results, Exception) else results

    return column


def _by_default(name: str, arguments: Arguments) -> Read:
    """What graphql-core does without a resolver: a mapping's key, else an attribute; what is callable is called."""
    ordinary = _ordinary(default_field_resolver, arguments)

    def column(objects: Sequence[Any], place: Place, run: Running) -> Eventually[Sequence[Any]]:
        if set(map(type, objects)) == {dict}:
            values = [value.get(name) for value in objects]
            if not any(map(_is_callable, set(map(type, values)))):
                return waiting.settled(values)
        return ordinary(objects, place, run)

    return column


def _ordinary(resolve: Callable[..., Any], arguments: Arguments) -> Read:
    """A resolver of one object, sync or async: called for each, awaited together."""

    def column(objects: Sequence[Any], place: Place, run: Running) -> Eventually[Sequence[Any]]:
        try:
            given = arguments(run)
        except Exception as error:
            return [error] * len(objects)
        is_shared = _is_shareable(given)
        return waiting.settled(
            [
                _attempt(resolve, value, run.info(place, slot), **(given if is_shared else arguments(run)))
                for slot, value in enumerate(objects)
            ]
        )

    return column


def _arguments(field: Field, convert: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> Arguments:
    """The field's arguments: computed once where they are constant, per run where they hold variables.

    Also per run where a resolver could change them, as it could a list: what it does to them must not outlive the run.
    """
    definition, node = field.definition, field.nodes[0]
    if not definition.args:
        return lambda run: NOTHING

    def compute(variables: VariableValues) -> Mapping[str, Any]:
        given = get_argument_values(definition, node, variables)
        return convert(given) if convert else given

    if _has_variables(node):
        return lambda run: compute(run.variables)
    try:
        constant = compute(NO_VARIABLES)
    except Exception:  # a constant that its scalar refuses is a fault of the field, at run time
        return lambda run: compute(run.variables)
    return (lambda run: constant) if _is_shareable(constant) else (lambda run: compute(run.variables))


def _is_shareable(given: Mapping[str, Any]) -> bool:
    return all(isinstance(value, _UNCHANGING) for value in given.values())


def _has_variables(node: FieldNode) -> bool:
    found: list[VariableNode] = []

    class Finder(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.append(node)

    for argument in node.arguments or ():
        visit(argument, Finder())
    return bool(found)


def _attempt(call: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
    try:
        return call(*given, **named)
    except Exception as error:
        return error


@cache
def _is_callable(kind: type) -> bool:
    return issubclass(kind, Callable)  # type: ignore[arg-type]  # an ABC at run time
