"""A store whose database goes away in the middle of every transaction, just before its end."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from datasources.ports.catalog import CatalogSource
from datasources.ports.errors import Unavailable
from datasources.ports.locations import LocationSource
from datasources.ports.stock import StockSource
from datasources.ports.work import ClientKey, Remembered, Work, Workplace


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
    """A transaction whose database goes away just before the end; until then all of it works."""

    work: Work

    def __getattr__(self, name: str) -> Any:
        return getattr(self.work, name)

    async def remember(self, answers: Mapping[ClientKey, Remembered]) -> None:
        """Never arrives."""
        raise Unavailable("store", "gone")


@dataclass(slots=True)
class DyingPlace(Passing):
    """A store that dies in every transaction."""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Begin what will not end well."""
        async with self.place.work() as work:
            yield cast("Work", DyingWork(work))
