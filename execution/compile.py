"""Compiling: from a document to a plan. What depends on the document alone is decided here, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from graphql import (
    FragmentDefinitionNode,
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
from execution.plan import Field, Plan, Selection
from execution.readers import reader
from execution.survey import nullable_conditions

SelectionSets = Sequence[tuple[SelectionSetNode, Guards]]


def compile_operation(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Plan:
    """Compile one validated operation.

    Raises:
        Unplannable: it introspects, or defers.
    """
    root_type = schema.get_root_type(operation.operation)
    if root_type is None:
        raise Unplannable(f"the schema has no {operation.operation.value} type")
    conditions = nullable_conditions(operation, fragments)
    root = _Compiling(schema, fragments).selection(root_type, [(operation.selection_set, ALWAYS)])
    is_serial = operation.operation is OperationType.MUTATION
    return Plan(schema, operation, fragments, root, is_serial, conditions)


@dataclass(frozen=True, slots=True)
class _Compiling:
    schema: GraphQLSchema
    fragments: Fragments
    made: dict[object, Selection] = field(default_factory=dict)

    def selection(self, type: GraphQLObjectType, sets: SelectionSets) -> Selection:
        """Compile what is selected of a type; once, whatever the types above it: under interfaces they multiply."""
        key = (type, *((id(selection_set), guards) for selection_set, guards in sets))
        if key not in self.made:
            self.made[key] = self._selection(type, sets)
        return self.made[key]

    def _selection(self, type: GraphQLObjectType, sets: SelectionSets) -> Selection:
        found = collect(self.schema, self.fragments, type, sets)
        fields = [self._field(type, Key(key, order), used) for order, (key, used) in enumerate(found.items())]
        return Selection(
            type=type,
            fields=fields,
            is_guarded=any(occurrence.guards for used in found.values() for occurrence in used),
            keys=tuple(found),
        )

    def _field(self, type: GraphQLObjectType, key: Key, used: Sequence[Occurrence]) -> Field:
        name = used[0].node.name.value
        definition = self.schema.get_field(type, name)
        if definition is None or definition in _INTROSPECTION:
            raise Unplannable(f"{type.name}.{name} is for graphql-core to answer")
        made = Field(
            key=key,
            name=name,
            nodes=[occurrence.node for occurrence in used],
            guards=[(occurrence.order, occurrence.guards) for occurrence in used],
            parent=type,
            definition=definition,
            declaration=declared.of(definition, self.schema),
        )
        below = [(o.node.selection_set, o.guards) for o in used if o.node.selection_set is not None]
        made.select = cache(partial(self.selection, sets=below))
        made.read = reader(made)
        made.complete = completer(definition.type, made)
        return made


_INTROSPECTION = (SchemaMetaFieldDef, TypeMetaFieldDef)
