"""Compiling: from a document to a plan. What depends on the document alone is decided here, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    compiling = _Compiling(schema, fragments)
    root = compiling.selection(root_type, [(operation.selection_set, ALWAYS)])
    return Plan(schema, operation, fragments, root, is_serial=operation.operation is OperationType.MUTATION)


@dataclass(frozen=True, slots=True)
class _Compiling:
    schema: GraphQLSchema
    fragments: Fragments

    def selection(self, type: GraphQLObjectType, sets: SelectionSets) -> Selection:
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
        field = Field(
            key=key,
            name=name,
            nodes=[occurrence.node for occurrence in used],
            guards=[(occurrence.order, occurrence.guards) for occurrence in used],
            parent=type,
            definition=definition,
            declaration=declared.of(definition, self.schema),
        )
        below = [(o.node.selection_set, o.guards) for o in used if o.node.selection_set is not None]
        field.select = cache(partial(self.selection, sets=below))
        field.read = reader(field)
        field.complete = completer(definition.type, field)
        return field


_INTROSPECTION = (SchemaMetaFieldDef, TypeMetaFieldDef)
