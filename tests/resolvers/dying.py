"""A store whose database goes away in the middle of every transaction, just before its end."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from datasources.ports.catalog import CatalogSource
from datasources.ports.counting import CountBook
from datasources.ports.errors import Unavailable
from datasources.ports.inbound import InboundBook
from datasources.ports.locations import LocationSource
from datasources.ports.reservations import ReservationBook
from datasources.ports.stock import StockBook, StockSource
from datasources.ports.transfers import TransferBook
from datasources.ports.work import ClientKey, Remembered, Work, Workplace
from domain.events import Event


@dataclass(slots=True)
class Passing:
    """A store whose readers work as ever; what its transactions do, a test says."""

    place: Workplace

    @property
    def catalog(self) -> CatalogSource:
        """As ever."""
        return self.place.catalog

    @property
    def locations(self) -> LocationSource:
        """As ever."""
        return self.place.locations

    @property
    def stock(self) -> StockSource:
        """As ever."""
        return self.place.stock


@dataclass(frozen=True, slots=True)
class DyingWork:
    """A transaction whose database goes away just before the end."""

    work: Work

    @property
    def stock(self) -> StockBook:
        """The book, which still works."""
        return self.work.stock

    async def locked_key(self, key: ClientKey) -> Remembered | None:
        """Still works."""
        return await self.work.locked_key(key)

    @property
    def reservations(self) -> ReservationBook:
        """Still works."""
        return self.work.reservations

    @property
    def inbound(self) -> InboundBook:
        """Still works."""
        return self.work.inbound

    @property
    def counts(self) -> CountBook:
        """Still works."""
        return self.work.counts

    @property
    def transfers(self) -> TransferBook:
        """Still works."""
        return self.work.transfers

    async def remembered(self, keys: Collection[ClientKey]) -> Mapping[ClientKey, Remembered]:
        """Still works."""
        return await self.work.remembered(keys)

    async def remember(self, answers: Mapping[ClientKey, Remembered]) -> None:
        """Never arrives."""
        raise Unavailable("store", "gone")

    async def tell(self, events: Sequence[Event]) -> None:
        """Still works."""
        await self.work.tell(events)


@dataclass(slots=True)
class DyingPlace(Passing):
    """A store that dies in every transaction."""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Begin what will not end well."""
        async with self.place.work() as work:
            yield DyingWork(work)
