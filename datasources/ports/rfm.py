"""What we ask of whoever knows the figures of all members, and keeps where they stand among each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.rfm import Figures, Run, Segment
from domain.worth import Bought, Repurchase


@dataclass(frozen=True, slots=True)
class Audience:
    """Which members: of this segment of this run, with a tag on this path or below it now; None does not matter."""

    at: datetime
    run: Run | None = None
    segment: Segment | None = None
    path: str | None = None


class RfmSource(Protocol):
    """The last computation that came to its end."""

    async def latest(self) -> Run | None:
        """The computation with the latest `as_of`; None: there was none so far."""
        ...

    async def figures(self, run_id: str, member_ids: Collection[str]) -> Mapping[str, Figures]:
        """What a computation found of each of these; who had never bought is not in it."""
        ...

    async def audience(self, asked: Audience, *, after: str | None, limit: int) -> Sequence[str]:
        """The ids of live members that are asked for, in their order, after one of them."""
        ...


class RfmBook(Protocol):
    """Where a computation reads and writes, each step committed by itself; it is not seen before its end."""

    async def begin(self, run_id: str, as_of: datetime) -> None:
        """Open a computation."""
        ...

    async def page(
        self, *, after: str, as_of: datetime, window: timedelta, limit: int
    ) -> Sequence[tuple[str, Figures]]:
        """The figures of the next members who ever completed an order, in the order of their ids."""
        ...

    async def keep(self, run_id: str, found: Sequence[tuple[str, Figures]]) -> None:
        """Keep figures of a computation."""
        ...

    async def finish(self, run: Run) -> None:
        """Let a computation be seen."""
        ...

    async def forget_before(self, as_of: datetime, *, limit: int) -> int:
        """Delete at most so many figures of computations before this moment; return how many."""
        ...


class WorthSource(Protocol):
    """What members bought, summed up."""

    async def bought(self, member_ids: Collection[str], *, until: datetime) -> Mapping[str, Bought]:
        """All completed orders of each member before a moment; who has none is not in it."""
        ...

    async def repurchase(self, *, since: datetime, until: datetime) -> Repurchase:
        """How many members completed an order in [since, until), and how many more than one."""
        ...
