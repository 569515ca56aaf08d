"""Columns: the values of one field for all objects of a level, where each slot stands in the answer, and its fault.

A slot that cannot be completed holds a `Fault` until a nullable position absorbs it (specification §6.4.4).
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from types import CoroutineType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias, TypeGuard, TypeVar, cast

from graphql import GraphQLError

if TYPE_CHECKING:
    from execution.plan import Field

T = TypeVar("T")
U = TypeVar("U")
PathPart = str | int
Path = tuple[PathPart, ...]


class Key(str):
    """A response key that knows its place among its siblings, so that faults can be put in the order of the answer."""

    __slots__ = ("order",)
    order: int

    def __new__(cls, text: str, order: int) -> Self:
        key = super().__new__(cls, text)
        key.order = order
        return key


class Place:
    """Where the slots of a column stand, and of which field they are. Costs nothing until a fault asks for a path."""

    __slots__ = ("field",)
    field: "Field"

    def path(self, slot: int) -> Path:
        """The response path of one slot."""
        return ()


ROOT = Place()


class Under(Place):
    """Every slot under the same slot of the parent, at one key."""

    __slots__ = ("_parent",)

    def __init__(self, parent: Place, field: "Field") -> None:
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


class Fault:
    """What keeps a slot from being completed, and where it arose."""

    __slots__ = ("error", "path")

    def __init__(self, error: GraphQLError, path: Path) -> None:
        self.error = error
        self.path = path


class Column(NamedTuple):
    """Completed values, and whether any of them is a `Fault` on its way up."""

    values: list[Any]
    is_faulty: bool = False


Eventually: TypeAlias = T | Coroutine[Any, Any, T]


def is_to_come(value: Eventually[T]) -> TypeGuard[Coroutine[Any, Any, T]]:
    """Say whether a value must be awaited. Ours are always coroutines of `async def`, never anything awaitable."""
    return isinstance(value, CoroutineType)


async def arrived(value: Eventually[T]) -> T:
    """The value, awaited where it must be."""
    return await value if is_to_come(value) else cast("T", value)


def then(value: Eventually[T], follow: Callable[[T], Eventually[U]]) -> Eventually[U]:
    """Go on with a value now if it is there, else when it comes: what needs no waiting costs no coroutine."""
    if is_to_come(value):
        return _when_there(value, follow)
    return follow(cast("T", value))


async def _when_there(value: Awaitable[T], follow: Callable[[T], Eventually[U]]) -> U:
    return await arrived(follow(await value))


@dataclass(slots=True)
class Faults:
    """The faults of one run that were absorbed, each at the nullable position that it made null."""

    found: list[Fault] = field(default_factory=list)

    def absorb(self, absorbed: Sequence[tuple[Fault, Path]]) -> None:
        """Keep the faults that made positions of one column null, and forget what comes after them below those.

        A position becomes null for one reason only: its first in the order of the answer (§6.4.4).
        """
        last = {position: _order(fault.path) for fault, position in absorbed if fault.path != position}
        if last:
            depth = len(next(iter(last)))  # the same for all: they are of one column
            self.found = [f for f in self.found if not (at := last.get(f.path[:depth])) or _order(f.path) < at]
        self.found.extend(fault for fault, _ in absorbed)

    @property
    def errors(self) -> list[GraphQLError]:
        """The errors, in the order in which they were met."""
        return [fault.error for fault in self.found]


def _order(path: Path) -> tuple[int, ...]:
    return tuple(part.order if isinstance(part, Key) else int(part) for part in path)
