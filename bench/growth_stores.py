"""The shop of the growth benchmark: one product, and as many stores that have it as are wanted.

The stores are a chain's: the biggest city has one in seven, the next half of that, the hundredth a handful; in a city
they crowd in the middle and thin out over the suburbs, so that the ring around a shopper holds hundreds. A chain of ten
has them all in the first city. Positions are as the maps here give them (GCJ-02).
"""

import itertools
import math
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import resolvers.availability
from bench import growth_shop
from bench.growth_shop import Asks, Subject
from compose import World
from datasources.store.imports import SqlImports
from datasources.store.migrate import migrate_async
from domain.catalog import Variant
from domain.channels import Channel
from domain.geo import Coordinates, CoordinateSystem
from domain.imports import Item
from domain.locations import Location
from domain.opening import OpenInterval
from domain.stock import StockLevel
from domain.viewers import GUEST
from resolvers import locations
from resolvers.context import Context
from tests import builders

SIZES, FIRST, BATCH = 8, 5, 500
SHOPPER = builders.PEOPLES_SQUARE
SUBURBS_KM, KM_PER_DEGREE = 8.0, 111.2
OPEN = tuple(OpenInterval(weekday, 600, 1_320) for weekday in range(7))
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@asynccontextmanager
async def opened(database_url: str, stores: int) -> AsyncIterator[Asks]:
    """Plant the shop with so many stores, and open it twice: without memory, and as a worker that serves."""
    await migrate_async(database_url)
    chain = list(itertools.islice(_chain(), stores))
    entry = builders.entry(sizes=map(str, range(SIZES)))
    await _plant(database_url, chain, builders.on_sale(entry), entry.variants)
    named = [store.id for store in chain[:: max(1, stores // 3)]][:3]
    async with growth_shop.world(database_url) as cold, growth_shop.cached_world(database_url) as warm:
        asks = {
            f"{SUBJECT.figure}_{question}{suffix}": ask
            for world, suffix in ((cold, ""), (warm, "_cached"))
            for question, ask in _asks(world, entry.variants, named).items()
        }
        yield asks


SUBJECT = Subject("p50_stores", "stores", few=10, many=5_000, opened=opened)


def _asks(world: World, variants: Sequence[Variant], named: Sequence[str]) -> Asks:
    return {
        "near": partial(_near, world),
        "availability": partial(_availability, world, variants),
        "named": partial(_named, world, variants, named),
    }


def _guest(world: World) -> Context:
    return world.surroundings(GUEST, Channel.MINI_PROGRAM, "zh", "bench")


async def _near(world: World, _: int) -> None:
    """The stores that a phone shows first."""
    (page,) = await locations.stores(_guest(world), [None], near=SHOPPER, first=FIRST)
    assert len(page.nodes) == FIRST


async def _availability(world: World, variants: Sequence[Variant], _: int) -> None:
    """Where near the shopper each variant of a product page is."""
    offers = await resolvers.availability.offers(_guest(world), variants, near=SHOPPER, first=FIRST)
    assert [len(each) for each in offers] == [FIRST] * len(variants)


async def _named(world: World, variants: Sequence[Variant], ids: Sequence[str], _: int) -> None:
    """What the shopper's own stores have of it."""
    offers = await resolvers.availability.offers(_guest(world), variants, store_ids=ids)
    assert [len(each) for each in offers] == [len(ids)] * len(variants)


def _chain() -> Iterator[Location]:
    """Stores without end, the first ten in the first city."""
    dice = random.Random(7)  # it scatters stores, and keeps no secrets
    cities = [SHOPPER, *(Coordinates(dice.uniform(22, 41), dice.uniform(103, 121)) for _ in range(280))]
    sizes = [1 / rank**0.9 for rank in range(1, len(cities) + 1)]
    for number in itertools.count():
        city = cities[0] if number < 10 else dice.choices(cities, sizes)[0]
        yield builders.shop(
            f"S{number:05}", coordinates=_suburb(city, dice), hours=OPEN, address="人民大道100号 1层", store_group="all"
        )


def _suburb(city: Coordinates, dice: random.Random) -> Coordinates:
    """A point in a city, as its map shows it."""
    away, turn = dice.expovariate(1 / SUBURBS_KM) / KM_PER_DEGREE, dice.uniform(0, 2 * math.pi)
    north, east = away * math.cos(turn), away * math.sin(turn) / math.cos(math.radians(city.latitude))
    return Coordinates(city.latitude + north, city.longitude + east, CoordinateSystem.GCJ02)


async def _plant(url: str, chain: Sequence[Location], goods: Sequence[Item], variants: Sequence[Variant]) -> None:
    """Write the product, the stores, and a level of every variant in four of five of them."""
    place = SqlImports(url)
    async with place.work() as work:
        await work.register.put(goods)
    for done in growth_shop.progress(len(chain), BATCH, "stores"):
        async with place.work() as work:
            stores = chain[done : done + BATCH]
            await work.register.put(stores)
            levels = [
                StockLevel(variant.sku, store.id, 9, 1, NOW, NOW, "bench")
                for place_of, store in enumerate(stores)
                for nth, variant in enumerate(variants)
                if (place_of + nth) % 5
            ]
            await work.stock.write(levels, [])
    await place.close()
    await growth_shop.settled(url)
