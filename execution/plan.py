"""Plans: an operation compiled once. A tree of selections, each a list of fields bound to readers and completers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode

from execution.collect import Fragments, Guards
from execution.columns import Column, Eventually, Key, Place
from execution.declared import Declaration

if TYPE_CHECKING:
    from execution.run import Run

Read = Callable[[Sequence[Any], Place, "Run"], Eventually[Sequence[Any]]]
"""Gives the raw column of a field for all objects; an exception in a slot is that object's error."""

Complete = Callable[[Sequence[Any], Place, "Run"], Eventually[Column]]
"""Completes a raw column."""

Select = Callable[[GraphQLObjectType], "Selection"]
"""Gives what a field selects of a concrete type, compiled when it is first asked for."""


@dataclass(slots=True, eq=False)
class Field:
    """One response key of a selection: how its column is read, and how it is completed."""

    key: Key
    name: str
    nodes: list[FieldNode]
    guards: Sequence[tuple[int, Guards]]
    parent: GraphQLObjectType
    definition: GraphQLField
    declaration: Declaration
    select: Select = field(init=False)
    read: Read = field(init=False)
    complete: Complete = field(init=False)

    @property
    def is_guarded(self) -> bool:
        """Whether the variables decide which of the nodes count."""
        return any(guards for _, guards in self.guards)

    @property
    def label(self) -> str:
        """Type and field, as messages name them."""
        return f"{self.parent.name}.{self.name}"


@dataclass(slots=True, eq=False)
class Selection:
    """The fields asked of one object type. `is_guarded` says that the variables decide which of them are included.

    `is_pure` says that the object alone decides what its row is; None while nobody has asked (`sharing.py`).
    """

    type: GraphQLObjectType
    fields: Sequence[Field]
    is_guarded: bool
    keys: tuple[str, ...]
    is_pure: bool | None = None


@dataclass(slots=True, eq=False)
class Plan:
    """A compiled operation, for any number of runs and any variables but null for one of its `conditions`."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Fragments
    root: Selection
    is_serial: bool
    conditions: frozenset[str] = frozenset()
