"""The caches of one worker, and what each event makes them forget.

They hold nothing while events may pass unheard: before the bus is open, and while it is away.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasources.cache.cache import Cache
from datasources.cache.catalog import CachedCatalog, CachedCategories
from datasources.cache.locations import CachedLocations
from datasources.cache.prices import CachedListings, CachedPrices
from datasources.cache.stock import CachedStock
from datasources.ports.catalog import CatalogSource, CategorySource
from datasources.ports.locations import LocationSource
from datasources.ports.prices import AssortmentSource, PriceSource
from datasources.ports.stock import StockSource
from domain.events import Event, Topic


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is held at most, in things of one kind; locations and categories are few, and bounded all the same."""

    products: int
    levels: int
    locations: int = 10_000
    categories: int = 10_000


class Caches:
    """The reading ports, cached; told of what changes as a follower of the bus."""

    def __init__(
        self,
        *,
        catalog: CatalogSource,
        categories: CategorySource,
        prices: PriceSource,
        assortment: AssortmentSource,
        locations: LocationSource,
        stock: StockSource,
        bounds: Bounds,
    ) -> None:
        self.catalog = CachedCatalog(catalog, most=bounds.products)
        self.categories = CachedCategories(categories, most=bounds.categories)
        self.prices = CachedPrices(prices, self.catalog, most=bounds.products)
        self.assortment = CachedListings(assortment, self.catalog, most=bounds.products)
        self.locations = CachedLocations(locations, most=bounds.locations)
        self.stock = CachedStock(stock, most=bounds.levels)
        self._forget: Mapping[Topic, Callable[[Event], None]] = {
            Topic.STOCK_CHANGED: self.stock.changed,
            Topic.CATALOG_CHANGED: lambda event: self._product_changed(event.key),
            Topic.CATEGORY_CHANGED: lambda event: self.categories.changed(),
            Topic.PRICE_LIST_CHANGED: lambda event: self.prices.by_product.clear(),
            Topic.LOCATION_CHANGED: lambda event: self.locations.changed(event.key),
        }

    def heard(self, events: Sequence[Event]) -> None:
        """Forget what these events say is no longer true, or hold what they say instead."""
        try:
            for event in events:
                if (forget := self._forget.get(event.topic)) is not None:  # of other topics nothing is held
                    forget(event)
        except (KeyError, TypeError, ValueError):  # an event that cannot be read may be about anything
            self.clear()
        if any(event.topic is Topic.CATALOG_CHANGED for event in events):
            self.catalog.something_is_new()

    def lost(self) -> None:
        """Hold nothing: events may pass unheard."""
        for cache in self._all():
            cache.shut()

    def found(self) -> None:
        """Begin anew: every event of what is committed from now on will be heard."""
        for cache in self._all():
            cache.open()

    def clear(self) -> None:
        """Forget everything, and go on."""
        for cache in self._all():
            cache.clear()

    async def kept_young(self, max_age_s: float) -> None:
        """Forget everything once in `max_age_s`, until cancelled.

        The last resort against whatever raises no event: a row edited by hand, a backup brought back.
        """
        while True:
            await asyncio.sleep(max_age_s)
            self.clear()

    def _product_changed(self, id: str) -> None:
        self.catalog.product_changed(id)
        self.prices.by_product.drop(id)
        self.assortment.by_product.drop(id)

    def _all(self) -> Iterator[Cache[Any, Any]]:
        yield from self.catalog.caches
        yield from self.categories.caches
        yield from self.locations.caches
        yield from (self.prices.by_product, self.assortment.by_product, self.stock.by_key)


if TYPE_CHECKING:
    from datasources.ports.events import Follower

    _port: type[Follower] = Caches
