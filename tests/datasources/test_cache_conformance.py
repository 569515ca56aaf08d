"""With caches in front, every port says what the store says, whatever is read and written in between.

Slow: an example writes a dozen changes as files and tills do, and asks the caches and the store the same after each.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import resolvers.imports
from datasources.bus.memory import MemoryBus
from datasources.cache.caches import Bounds
from datasources.store.imports import SqlImports
from datasources.store.store import Store
from domain.assortment import Listing
from domain.catalog import Barcode, BarcodeType, Category
from domain.channels import Channel
from domain.geo import Box, Coordinates, CoordinateSystem
from domain.imports import Item, Line, ProductEntry
from domain.locations import LocationStatus
from domain.movements import Count
from domain.prices import Price, PriceList
from resolvers.imports import Job
from tests.builders import LONG_AGO, NOW, PEOPLES_SQUARE, entry, listing, minutes, priced, shop
from tests.datasources.cached import Worker, carried, worker
from tests.worlds import tell

pytestmark = pytest.mark.anyio

over_databases = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
moments = itertools.count()

PRODUCTS = ("P1", "P2", "P3")
SIZES = ("S", "M")
SKUS = tuple(f"{id}-{size}" for id in PRODUCTS for size in SIZES)
PLACES = ("SH001", "SH002", "WH1")
SHELVES = ("c1", "c2")
LISTS = ("base", "sale")
WIDE, NARROW = Box(-90.0, -180.0, 90.0, 180.0), Box(31.0, 121.0, 31.5, 121.5)

numbers = st.integers(0, 3)


def _entry(id: str, sizes: Sequence[str], n: int, shelf: str | None) -> list[Item]:
    made = entry(id, sizes=sizes, title=f"title {n}", slug=f"{id.lower()}-{n}", category_ids=(shelf,) if shelf else ())
    labelled = [replace(v, barcodes=(Barcode(BarcodeType.QR, f"{v.sku}/{n}"),) if n else ()) for v in made.variants]
    shelves: list[Item] = [Category(shelf, shelf, shelf)] if shelf else []
    return [*shelves, ProductEntry(made.product, tuple(labelled))]


def _list(id: str, n: int) -> PriceList:
    return PriceList(id, id, "CNY", priority=n, valid_to=NOW + timedelta(days=n) if n else None)


def _shop(id: str, n: int) -> Item:
    at = (None, PEOPLES_SQUARE, Coordinates(31.3, 121.4, CoordinateSystem.GCJ02), Coordinates(60.0, 10.0))[n]
    return shop(id, coordinates=at, status=LocationStatus.CLOSED if n == 1 else LocationStatus.OPEN)


changes = st.one_of(
    st.builds(
        _entry,
        st.sampled_from(PRODUCTS),
        st.lists(st.sampled_from(SIZES), min_size=1, max_size=2, unique=True),
        numbers,
        st.sampled_from([None, *SHELVES]),
    ),
    st.builds(lambda id, n: [Category(id, f"{id}-{n}", str(n), position=n)], st.sampled_from(SHELVES), numbers),
    st.builds(lambda id, n: [_list(id, n)], st.sampled_from(LISTS), numbers),
    st.builds(
        lambda sku, id, n: [PriceList(id, id, "CNY"), priced(sku, 100 + n, list=PriceList(id, id, "CNY"))],
        st.sampled_from(SKUS),
        st.sampled_from(LISTS),
        numbers,
    ),
    st.builds(
        lambda sku, n: [listing(sku, Channel.WEB if n == 1 else Channel.APP, listed_to=NOW + minutes(n))],
        st.sampled_from(SKUS),
        numbers,
    ),
    st.builds(lambda id, n: [_shop(id, n)], st.sampled_from(PLACES), numbers),
    st.builds(
        lambda sku, place, n: Count(sku, place, n, LONG_AGO), st.sampled_from(SKUS), st.sampled_from(PLACES), numbers
    ),
)
SLUGS = tuple(f"{id.lower()}-{n}" for id in PRODUCTS for n in range(4))
CODES = tuple(f"{sku}/{n}" for sku in SKUS for n in range(4))
Question = Callable[[Any], Awaitable[Any]]
"""One question to caches or to the store, by the names that both have for their ports."""
QUESTIONS: dict[str, Question] = {
    "products": lambda ports: ports.catalog.products([*PRODUCTS, "x"]),
    "products by slug": lambda ports: ports.catalog.products_by_slug([*SLUGS, "x"]),
    "variants": lambda ports: ports.catalog.variants(["x", *SKUS]),
    "variants of": lambda ports: ports.catalog.variants_of([*PRODUCTS, "x"]),
    "codes": lambda ports: ports.catalog.skus_by_code([*CODES, "x"]),
    "categories": lambda ports: ports.categories.categories([*SHELVES, ""]),
    "children": lambda ports: ports.categories.children([None, *SHELVES]),
    "prices": lambda ports: ports.prices.prices([*SKUS, "x", SKUS[0]]),
    "listings": lambda ports: ports.assortment.listings([*SKUS, "x"]),
    "locations": lambda ports: ports.locations.locations([*PLACES, "x"]),
    "a wide box": lambda ports: ports.locations.within(WIDE, limit=9),
    "a narrow box": lambda ports: ports.locations.within(NARROW, limit=1),
    "levels": lambda ports: ports.stock.levels([*SKUS, "x"], PLACES),
}
ROOMY, TIGHT = Bounds(products=100, levels=100), Bounds(products=2, levels=3, locations=2, categories=2)


class Straight:
    """The store's ports by the names that `Caches` gives them."""

    def __init__(self, store: Store) -> None:
        self.catalog, self.categories, self.index = store.catalog, store.catalog, store.index
        self.prices, self.assortment = store.prices, store.prices
        self.locations, self.stock = store.locations, store.stock


@pytest.fixture
async def place(migrated_database_url: str) -> AsyncIterator[SqlImports]:
    opened = SqlImports(migrated_database_url)
    yield opened
    await opened.close()


async def written(place: SqlImports, here: Worker, change: Any) -> None:
    """Make a change as files and tills do; one that cannot be (a price of nothing) is refused and changes nothing."""
    at = NOW + timedelta(seconds=next(moments))
    if isinstance(change, Count):
        known = (
            await here.store.catalog.variants([change.sku]),
            await here.store.locations.locations([change.location_id]),
        )
        if known[0][0] and known[1][0]:
            await tell(here.store, replace(change, observed_at=at), now=at)
        return
    lines = [Line(number, (item,)) for number, item in enumerate(change, start=1)]
    await resolvers.imports.run(place, lines, Job(f"file {at}", "erp", lambda: at))


async def same(here: Worker, asked: Collection[str]) -> None:
    """Ask both, the caches first."""
    for name in asked:
        cached, stored = await QUESTIONS[name](here.caches), await QUESTIONS[name](Straight(here.store))
        assert (name, plain(cached)) == (name, plain(stored))


def plain(answer: Any) -> Any:
    """An answer without what no port promises: the order of prices and listings, and the kind of its sequences."""
    return answer if isinstance(answer, dict) else [_in_order(part) for part in answer]


def _in_order(part: Any) -> Any:
    if not isinstance(part, list | tuple):
        return part
    return sorted(part, key=repr) if any(isinstance(one, Price | Listing) for one in part) else list(part)


@pytest.mark.parametrize("bounds", [ROOMY, TIGHT], ids=["roomy", "tight"])
@over_databases
@given(st.lists(st.tuples(changes, st.sets(st.sampled_from(sorted(QUESTIONS)))), min_size=5, max_size=12))
async def test_whatever_is_written_caches_say_what_the_store_says(
    migrated_database_url: str, place: SqlImports, bounds: Bounds, sequence: list[tuple[Any, set[str]]]
) -> None:
    async with worker(migrated_database_url, MemoryBus(), bounds) as here:
        await same(here, QUESTIONS)
        for change, in_between in sequence:
            await written(place, here, change)
            await carried(here.store, here.bus)
            await same(here, sorted(in_between))
        await same(here, QUESTIONS)
