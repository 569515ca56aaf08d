"""Measures: what is known of a plan before it runs. The scopes it needs, how deep it goes, and what it may cost.

Cost is static: one for each field that a resolver stands behind, or what its declaration says, times the sizes of the
lists around it. A list's size is the argument that its field declares as `size`; a connection hands it down to the
lists in it. Without one, a list counts as `UNSIZED`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    value_from_ast_untyped,
)

from execution.plan import Field, Plan, Selection

UNSIZED = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """What a plan needs and may cost, at most, with these variables."""

    scopes: frozenset[Any]
    depth: int
    cost: int


def measure(plan: Plan, variables: Mapping[str, Any]) -> Measures:
    """Measure a plan; of an abstract type's possible types the costliest counts, and the scopes of all."""
    return _Measuring(plan, variables).selection(plan.root, size=None)


@dataclass(frozen=True, slots=True)
class _Measuring:
    plan: Plan
    variables: Mapping[str, Any]
    known: dict[tuple[int, int | None], Measures] = field(default_factory=dict)

    def selection(self, selection: Selection, size: int | None) -> Measures:
        """Measure a selection once per size, for under interfaces one may be met from many types."""
        key = (id(selection), size)
        if key not in self.known:
            self.known[key] = _sum([self._field(f, size) for f in selection.fields if self._is_included(f)])
        return self.known[key]

    def _field(self, field: Field, size: int | None) -> Measures:
        declaration = field.declaration
        own = declaration.cost if declaration.cost is not None else int(declaration.attribute is None)
        asked = self._size(field)
        is_list = _is_list(field.definition.type)
        times = next(n for n in (asked, size, UNSIZED) if n is not None) if is_list else 1
        below = _most([self.selection(field.select(type), None if is_list else asked) for type in self._types(field)])
        scopes = below.scopes | ({declaration.scope} if declaration.scope is not None else frozenset())
        return Measures(scopes, below.depth + 1, own + times * below.cost)

    def _size(self, field: Field) -> int | None:
        """The value of the argument that bounds the field's list, its default where it is not given."""
        name = field.declaration.size
        if name is None:
            return None
        argument = next((a for a in field.nodes[0].arguments or () if a.name.value == name), None)
        if argument is None:
            given = field.definition.args[name].default_value
        else:
            given = value_from_ast_untyped(argument.value, dict(self.variables))
        if given is Undefined:  # a variable that was not given
            given = field.definition.args[name].default_value
        return max(given, 0) if isinstance(given, int) else None

    def _types(self, field: Field) -> Sequence[GraphQLObjectType]:
        named: GraphQLNamedType = get_named_type(field.definition.type)
        if is_abstract_type(named):
            return self.plan.schema.get_possible_types(named)
        return [named] if isinstance(named, GraphQLObjectType) else []

    def _is_included(self, field: Field) -> bool:
        return any(all(self.variables.get(name) is want for name, want in guards) for _, guards in field.guards)


def _sum(parts: Sequence[Measures]) -> Measures:
    return Measures(
        scopes=frozenset().union(*(part.scopes for part in parts)),
        depth=max((part.depth for part in parts), default=0),
        cost=sum(part.cost for part in parts),
    )


def _most(parts: Sequence[Measures]) -> Measures:
    return Measures(
        scopes=frozenset().union(*(part.scopes for part in parts)),
        depth=max((part.depth for part in parts), default=0),
        cost=max((part.cost for part in parts), default=0),
    )


def _is_list(type: Any) -> bool:
    return is_list_type(type.of_type if is_non_null_type(type) else type)
