"""Collecting fields (specification §6.3.2): once per document, with `@skip` and `@include` kept as guards.

A guard is a variable and the value it must have. A field's occurrence carries the guards of everything around it, so
that a run decides with the variables at hand what a compiled plan includes, without compiling again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

Guards = frozenset[tuple[str, bool]]
ALWAYS: Guards = frozenset()


class Unplannable(Exception):
    """The operation holds something that the engine leaves to graphql-core; the message says what."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place in the document that selects a field; included when all guards hold."""

    node: FieldNode
    guards: Guards
    order: int


Occurrences = dict[str, list[Occurrence]]
Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(slots=True)
class _Collecting:
    schema: GraphQLSchema
    fragments: Fragments
    type: GraphQLObjectType
    found: Occurrences = field(default_factory=dict)
    spread: dict[str, list[Guards]] = field(default_factory=dict)
    count: int = 0

    def visit(self, selections: SelectionSetNode, around: Guards) -> None:
        for selection in selections.selections:
            guards = _guards(selection, around)
            if guards is None:
                continue
            if isinstance(selection, FieldNode):
                self._add(selection, guards)
            else:
                self._enter(selection, guards)

    def _add(self, node: FieldNode, guards: Guards) -> None:
        key = node.alias.value if node.alias else node.name.value
        self.found.setdefault(key, []).append(Occurrence(node, guards, self.count))
        self.count += 1

    def _enter(self, selection: SelectionNode, guards: Guards) -> None:
        fragment: SelectionNode | FragmentDefinitionNode | None = selection
        if isinstance(selection, FragmentSpreadNode):
            if self._is_spread_already(selection.name.value, guards):
                return
            fragment = self.fragments.get(selection.name.value)
        if isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode) and self._applies(fragment):
            self.visit(fragment.selection_set, guards)

    def _is_spread_already(self, name: str, guards: Guards) -> bool:
        """A fragment counts once; again only where the first time might not have counted."""
        before = self.spread.setdefault(name, [])
        if any(earlier <= guards for earlier in before):
            return True
        before.append(guards)
        return False

    def _applies(self, fragment: InlineFragmentNode | FragmentDefinitionNode) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self.schema.get_type(fragment.type_condition.name.value)
        return condition is self.type or (is_abstract_type(condition) and self.schema.is_sub_type(condition, self.type))


def collect(
    schema: GraphQLSchema,
    fragments: Fragments,
    type: GraphQLObjectType,
    selections: Sequence[tuple[SelectionSetNode, Guards]],
) -> Occurrences:
    """Collect what selection sets select on an object type, by response key, in the order of the document."""
    collecting = _Collecting(schema, fragments, type)
    for selection_set, guards in selections:
        collecting.visit(selection_set, guards)
    return collecting.found


def _guards(selection: SelectionNode, around: Guards) -> Guards | None:
    """The guards around and on a selection; None where a constant excludes it."""
    guards = around
    for directive, included_if in _conditions(selection):
        value = (directive.arguments or ())[0].value
        if isinstance(value, VariableNode):
            guards |= {(value.name.value, included_if)}
        elif isinstance(value, BooleanValueNode) and value.value is not included_if:
            return None
    return guards


def _conditions(selection: SelectionNode) -> Iterator[tuple[DirectiveNode, bool]]:
    for directive in getattr(selection, "directives", None) or ():
        if directive.name.value in ("skip", "include"):
            yield directive, directive.name.value == "include"
