"""Plans: an operation compiled once. A tree of selections, each a list of fields bound to readers and completers.

A `Place` says of which field a column is, and where its slots stand in the answer; `Running` is all that readers and
completers know of who runs them.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Protocol

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.values import VariableValues

from execution.collect import Fragments, Guards
from execution.columns import Column, Fault, Faults, Key, Path
from execution.declared import Declaration
from execution.waiting import Eventually

Read = Callable[[Sequence[Any], "Place", "Running"], Eventually[Sequence[Any]]]
"""Gives the raw column of a field for all objects; an exception in a slot is that object's error."""

Complete = Callable[[Sequence[Any], "Place", "Running"], Eventually[Column]]
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


class Place:
    """Where the slots of a column stand, and of which field they are. Costs nothing until a fault asks for a path."""

    __slots__ = ("field",)
    field: Field

    def path(self, slot: int) -> Path:
        """The response path of one slot."""
        return ()


class Under(Place):
    """Every slot under the same slot of the parent, at one key."""

    __slots__ = ("_parent",)

    def __init__(self, parent: Place, field: Field) -> None:
        self._parent = parent
        self.field = field

    def path(self, slot: int) -> Path:
        return (*self._parent.path(slot), self.field.key)


class Items(Place):
    """The items of the parent's lists, one list after the other."""

    __slots__ = ("_ends", "_lengths", "_parent")

    def __init__(self, parent: Place, lengths: Sequence[int]) -> None:
        self.field = parent.field
        self._parent = parent
        self._lengths = lengths
        self._ends: list[int] | None = None

    def path(self, slot: int) -> Path:
        if self._ends is None:
            self._ends = list(accumulate(self._lengths))
        parent = bisect_right(self._ends, slot)
        return (*self._parent.path(parent), slot - self._ends[parent] + self._lengths[parent])


class Picked(Place):
    """Some slots of the parent."""

    __slots__ = ("_parent", "_slots")

    def __init__(self, parent: Place, slots: Sequence[int]) -> None:
        self.field = parent.field
        self._parent = parent
        self._slots = slots

    def path(self, slot: int) -> Path:
        return self._parent.path(self._slots[slot])


class Running(Protocol):
    """One execution of a plan."""

    plan: Plan
    variables: VariableValues
    context: Any
    faults: Faults

    def rows(self, selection: Selection, objects: Sequence[Any], place: Place) -> Eventually[Column]:
        """Read and complete a selection for all objects, all its fields at once, one row per object."""
        ...

    def anew(self) -> "Running":
        """The same run, which has met no faults yet."""
        ...

    def fault(self, error: Exception, place: Place, slot: int) -> Fault:
        """What an exception means for one slot."""
        ...

    def nodes(self, field: Field) -> list[FieldNode]:
        """Where the document selects a field, as far as the variables include it."""
        ...

    def info(self, place: Place, slot: int) -> GraphQLResolveInfo[Any]:
        """What an ordinary resolver is told of where it is called."""
        ...
