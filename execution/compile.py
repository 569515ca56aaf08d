"""Compiling: from a document to a plan. What depends on the document alone is decided here, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

from graphql import (
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
)

from execution import declared
from execution.collect import ALWAYS, Fragments, Guards, Occurrence, Unplannable, collect
from execution.columns import Key
from execution.complete import completer
from execution.declared import Declaration
from execution.plan import Complete, Field, Plan, Read, Selection
from execution.readers import reader
from execution.survey import nullable_conditions

SelectionSets = Sequence[tuple[SelectionSetNode, Guards]]


class Known(NamedTuple):
    """What is known of a field before any document: `read` too, unless the field has arguments."""

    definition: GraphQLField
    declaration: Declaration
    complete: Complete
    read: Read | None


class Definitions:
    """A schema's fields, each made ready when it is first asked for, and shared by all plans."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._known: dict[tuple[str, str], Known] = {}

    def field(self, key: Key, used: Sequence[Occurrence], type: GraphQLObjectType) -> Field:
        """Bind what a document selects of a type at one key."""
        name = used[0].node.name.value
        known = self._known.get((type.name, name)) or self._first(type, name)
        made = Field(
            key=key,
            name=name,
            nodes=[occurrence.node for occurrence in used],
            guards=[(occurrence.order, occurrence.guards) for occurrence in used],
            parent=type,
            definition=known.definition,
            declaration=known.declaration,
        )
        made.complete, made.read = known.complete, known.read or reader(made)
        if known.read is None and not known.definition.args:
            self._known[type.name, name] = known._replace(read=made.read)
        return made

    def _first(self, type: GraphQLObjectType, name: str) -> Known:
        definition = self.schema.get_field(type, name)
        if definition is None or definition in _INTROSPECTION:
            raise Unplannable(f"{type.name}.{name} is for graphql-core to answer")
        known = Known(definition, declared.of(definition, self.schema), completer(definition.type), None)
        self._known[type.name, name] = known
        return known


def compile_operation(
    definitions: Definitions, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Plan:
    """Compile one validated operation.

    Raises:
        Unplannable: it introspects, or defers.
    """
    schema = definitions.schema
    root_type = schema.get_root_type(operation.operation)
    if root_type is None:
        raise Unplannable(f"the schema has no {operation.operation.value} type")
    conditions = nullable_conditions(operation, fragments)
    root = _Compiling(definitions, fragments).selection(root_type, [(operation.selection_set, ALWAYS)])
    is_serial = operation.operation is OperationType.MUTATION
    return Plan(schema, operation, fragments, root, is_serial, conditions)


@dataclass(frozen=True, slots=True)
class _Compiling:
    definitions: Definitions
    fragments: Fragments
    made: dict[object, Selection] = field(default_factory=dict)

    def selection(self, type: GraphQLObjectType, sets: SelectionSets) -> Selection:
        """Compile what is selected of a type; once, whatever the types above it: under interfaces they multiply."""
        key = (type, *((id(selection_set), guards) for selection_set, guards in sets))
        if key not in self.made:
            self.made[key] = self._selection(type, sets)
        return self.made[key]

    def _selection(self, type: GraphQLObjectType, sets: SelectionSets) -> Selection:
        found = collect(self.definitions.schema, self.fragments, type, sets)
        fields = [self._field(type, Key(key, order), used) for order, (key, used) in enumerate(found.items())]
        return Selection(
            type=type,
            fields=fields,
            is_guarded=any(occurrence.guards for used in found.values() for occurrence in used),
            keys=tuple(found),
        )

    def _field(self, type: GraphQLObjectType, key: Key, used: Sequence[Occurrence]) -> Field:
        made = self.definitions.field(key, used, type)
        if below := [(o.node.selection_set, o.guards) for o in used if o.node.selection_set is not None]:
            made.select = cache(partial(self.selection, sets=below))
        return made


_INTROSPECTION = (SchemaMetaFieldDef, TypeMetaFieldDef)
