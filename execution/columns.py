"""Columns: the values of one field for all objects of a level, and the faults of those that have none.

A slot that cannot be completed holds a `Fault` until a nullable position absorbs it (specification §6.4.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from graphql import GraphQLError

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
