"""A survey of a document before it is compiled: what in it is for graphql-core, found without knowing any type.

Selections below the root are compiled when a run first meets their type. What the engine does not take must be known
before the first resolver is called, so it is looked for here, in the whole operation at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import FragmentSpreadNode, NonNullTypeNode, OperationDefinitionNode, SelectionSetNode, VariableNode

from execution.collect import Fragments, Unplannable

MOST_SPREADS = 10_000
"""So often may fragments be spread in all. Under guards each time may count, and nested fragments multiply."""


@dataclass(slots=True)
class _Survey:
    fragments: Fragments
    conditions: set[str] = field(default_factory=set)
    spreads: dict[str, int] = field(default_factory=dict)

    def count(self, selections: SelectionSetNode) -> int:
        """Visit a selection set, fragments once; count how many spreads it comes to if none is recognised."""
        total = 0
        for selection in selections.selections:
            for directive in selection.directives or ():
                if directive.name.value in ("defer", "stream"):
                    raise Unplannable(f"@{directive.name.value} is for graphql-core to deliver")
                if directive.name.value in ("skip", "include"):
                    values = (argument.value for argument in directive.arguments or ())
                    self.conditions.update(value.name.value for value in values if isinstance(value, VariableNode))
            if isinstance(selection, FragmentSpreadNode):
                total += 1 + self.spread(selection.name.value)
            elif (below := getattr(selection, "selection_set", None)) is not None:
                total += self.count(below)
        return total

    def spread(self, name: str) -> int:
        if name not in self.spreads:
            fragment = self.fragments[name]
            if fragment.variable_definitions:
                raise Unplannable("a fragment with variables of its own is for graphql-core to spread")
            self.spreads[name] = self.count(fragment.selection_set)
        return self.spreads[name]


def nullable_conditions(operation: OperationDefinitionNode, fragments: Fragments) -> frozenset[str]:
    """The variables in `@skip` and `@include` that may be null although they must not: they have a default (§5.8.5).

    Raises:
        Unplannable: something in the operation is for graphql-core.
    """
    if any(directive.name.value == "experimental_disableErrorPropagation" for directive in operation.directives or ()):
        raise Unplannable("without error propagation is graphql-core's experiment")
    survey = _Survey(fragments)
    if survey.count(operation.selection_set) > MOST_SPREADS and survey.conditions:
        raise Unplannable("fragments are spread too often under too many conditions")
    return frozenset(survey.conditions.intersection(_nullable(operation)))


def _nullable(operation: OperationDefinitionNode) -> Iterator[str]:
    for definition in operation.variable_definitions or ():
        if not isinstance(definition.type, NonNullTypeNode):
            yield definition.variable.name.value
