"""What we ask of whoever keeps what members did: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.behaviour import Behaviour

EventName = tuple[str, str]
"""(source, event id)."""


class BehaviourSource(Protocol):
    """Events as they are committed. Whether they may be shown, their reader must know (MEM-7)."""

    async def behaviour(
        self, member_ids: Collection[str], *, since: datetime, limit: int
    ) -> Mapping[str, Sequence[Behaviour]]:
        """The newest events of each member after a moment, at most so many each."""
        ...

    async def viewed(self, member_ids: Collection[str], *, since: datetime, limit: int) -> Mapping[str, Sequence[str]]:
        """The ids of the products each member looked at last, each once, at most so many each."""
        ...


class BehaviourShelf(Protocol):
    """Where events are cleared away that nobody should keep."""

    async def forget_before(self, moment: datetime, *, limit: int) -> int:
        """Delete at most so many events from before a moment; return how many."""
        ...


class BehaviourBook(Protocol):
    """Events inside a unit of work; whoever writes has locked the members."""

    async def known(self, names: Collection[EventName]) -> frozenset[EventName]:
        """Those of these that are kept already."""
        ...

    async def write(self, events: Collection[Behaviour], *, most: int) -> None:
        """Keep events that are new; of each member no more than so many, the newest.

        Raises:
            Raced: another transaction kept one of them meanwhile.
        """
        ...

    async def owned(self, member_id: str) -> Sequence[EventName]:
        """The names of a member's events."""
        ...

    async def give(self, names: Collection[EventName], *, to: str) -> None:
        """Make these another member's."""
        ...

    async def forget(self, member_id: str) -> None:
        """Delete all events of a member."""
        ...
