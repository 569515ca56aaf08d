"""What we ask of the store when a file comes in: what it knows already, and one transaction for a batch of items."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datasources.ports.work import Work
from domain.imports import Item, Outcome, Tally
from domain.known import Known, Wanted


class Unreadable(Exception):
    """An input cannot be read at all; the message says what is wrong with it and what to do."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far one input has been read: `done` lines of it, and what became of them."""

    input: str
    done: int
    tally: Tally
    is_finished: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What became of each item, in the order given, and what looks different now."""

    outcomes: Sequence[Sequence[Outcome]]
    product_ids: frozenset[str]
    location_ids: frozenset[str]
    category_ids: frozenset[str] = frozenset()
    price_list_ids: frozenset[str] = frozenset()


class Register(Protocol):
    """The writing side of catalogue, prices, listings and locations, inside a unit of work."""

    async def known(self, wanted: Wanted) -> Known:
        """Everything the store holds of what a batch speaks of."""
        ...

    async def put(self, items: Sequence[Item]) -> Written:
        """Keep admitted items, writing only what differs; counts of stock are not for the register."""
        ...

    async def checkpoint(self, input: str) -> Checkpoint | None:
        """How far this input was read before."""
        ...

    async def mark(self, checkpoint: Checkpoint) -> None:
        """Keep how far an input is read, in the same transaction as its rows."""
        ...


class ImportWork(Work, Protocol):
    """A unit of work that may write everything a file can hold."""

    @property
    def register(self) -> Register:
        """The catalogue, prices, listings and locations."""
        ...

    def attempt(self) -> AbstractAsyncContextManager[None]:
        """Write something that the store may refuse; then it leaves no trace, and the transaction goes on.

        Raises:
            Rejected: the store cannot hold what was written.
        """
        ...


class ImportPlace(Protocol):
    """Where imports write, one import's batch at a time."""

    def work(self) -> AbstractAsyncContextManager[ImportWork]:
        """Begin a transaction; it commits when the context ends well, and leaves no trace when it does not.

        Raises:
            Unavailable: the store does not answer.
        """
        ...
