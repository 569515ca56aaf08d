"""Pages: a stretch of a long list, walked by keyset and never by offset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")
Position = tuple[str | int | float, ...]
"""The sort key of the last item seen, ending in a unique part."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items in order, each with its own position, and whether more follow."""

    items: Sequence[tuple[T, Position]]
    has_next: bool

    @property
    def nodes(self) -> Sequence[T]:
        """The items without their positions."""
        return [item for item, _ in self.items]


def cut(found: Sequence[T], first: int, position: Callable[[T], Position]) -> Page[T]:
    """Make a page of at most `first` items from a list that holds one more where more follow."""
    return Page([(item, position(item)) for item in found[:first]], has_next=len(found) > first)
