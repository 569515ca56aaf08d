"""What a field's declaration says of how it is read: here the engine knows strawberry's definitions, and only here.

A strawberry field without a resolver is an attribute. Its `metadata` may name a `batch` resolver, `async (ctx,
objects, **arguments) → one result per object`, or a `derived` function of the object; and, for whoever checks plans,
`scope`, `cost` and `size` (the argument that bounds a list).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLAbstractType, GraphQLField, GraphQLObjectType, GraphQLSchema
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.union import StrawberryUnion

DEFINITION = "strawberry-definition"


@dataclass(frozen=True, slots=True)
class Declaration:
    """How a field is read, and what it costs and needs."""

    attribute: str | None = None
    derived: Callable[[Any], Any] | None = None
    batch: Callable[..., Awaitable[Sequence[Any]]] | None = None
    name: str = ""
    convert: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    scope: Any = None
    cost: int | None = None
    size: str | None = None


PLAIN = Declaration()


def of(definition: GraphQLField, schema: GraphQLSchema) -> Declaration:
    """Read a field's declaration; a field that is not strawberry's has none."""
    field = definition.extensions.get(DEFINITION)
    if not isinstance(field, StrawberryField):
        return PLAIN
    told: dict[str, Any] = dict(field.metadata)
    if field.extensions:  # permissions and the like stand around the resolver: only strawberry's own way honours them
        read: dict[str, Any] = {}
    elif field.is_subscription:  # its resolver is the source of the events; the field's value is the event itself
        read = {"derived": _itself}
    elif "batch" in told:
        read = {"batch": told["batch"], "convert": _conversion(field, schema)}
    elif "derived" in told:
        read = {"derived": told["derived"]}
    elif field.is_basic_field and field.default_resolver is getattr:
        read = {"attribute": field.python_name}
    else:
        read = {}
    facts = {name: told[name] for name in ("name", "scope", "cost", "size") if name in told}
    return Declaration(**read, **facts)


def is_told_by_class(output: GraphQLObjectType) -> bool:
    """Say whether no check of somebody's own must be asked, object by object, if values are of this type."""
    return output.is_type_of is None or getattr(output.is_type_of, "classes", None) is not None


def is_resolved_by_class(output: GraphQLAbstractType) -> bool:
    """Say whether no resolver of somebody's own finds the object type behind an abstract one."""
    if output.resolve_type is None:
        return True
    told = output.extensions.get(DEFINITION)
    return isinstance(told, StrawberryUnion) or (
        isinstance(told, StrawberryObjectDefinition) and told.resolve_type is None
    )


def _itself(event: Any) -> Any:
    return event


def _conversion(field: StrawberryField, schema: GraphQLSchema) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """How strawberry turns GraphQL's argument values into Python's: names, and input objects of their classes."""
    owner = schema.extensions[DEFINITION]

    def convert(given: dict[str, Any]) -> dict[str, Any]:
        return convert_arguments(
            given, field.arguments, scalar_registry=owner.schema_converter.scalar_registry, config=owner.config
        )

    return convert
