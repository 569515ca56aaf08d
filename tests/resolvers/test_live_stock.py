"""A subscriber sees what is there, then every change of it, and in the end holds exactly what the book says."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

import domain.events
import resolvers.live_stock
import resolvers.relay
from datasources.bus.memory import MemoryBus
from datasources.ports.errors import Unavailable
from datasources.ports.stock import StockSource
from datasources.ports.work import Work
from datasources.store.store import Store
from domain.availability import StockSignal
from domain.events import Event
from domain.stock import Key, StockLevel
from resolvers.availability import Offer
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.live_stock import MAX_WATCHED, Update
from tests.builders import INTEGRATOR, NOW, count, entry, minutes, moved, on_sale, shop
from tests.resolvers.dying import Passing
from tests.worlds import asked, fill, sources, tell

pytestmark = pytest.mark.anyio

PATIENCE_S = 5.0
SKU, PLACE = "DJ01-L", "SH001"


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    goods = on_sale(entry("DJ01", sizes=("L", "M")))
    await fill(migrated_database_url, [*goods, entry("HIDDEN"), shop("SH001"), shop("SH002")])
    return store


@pytest.fixture
async def ctx(filled: Store) -> AsyncIterator[Context]:
    """An integrator in a world whose relay runs."""
    bus = MemoryBus()
    relay = asyncio.create_task(resolvers.relay.run(filled.log, bus))
    yield asked(sources(filled, bus), viewer=INTEGRATOR)
    relay.cancel()
    with suppress(asyncio.CancelledError):
        await relay


def watched(ctx: Context, skus: Sequence[str] = (SKU,), locations: Sequence[str] = (PLACE,)) -> Any:
    """A subscription, to be closed by the test."""
    return aclosing(resolvers.live_stock.changes(ctx, skus=skus, location_ids=locations))


async def following(updates: AsyncIterator[Update]) -> Update:
    """The next update, which must not be long in coming."""
    return await asyncio.wait_for(anext(updates), PATIENCE_S)


async def seen(ctx: Context, updates: AsyncIterator[Update]) -> Sequence[Offer]:
    """The next update, as its viewer sees it."""
    return (await resolvers.live_stock.offers(ctx.anew(), [await following(updates)]))[0]


def held(update: Update) -> list[tuple[str, str, int | None, int]]:
    """Where, how many and in which version."""
    return [(*key, level.on_hand if level else None, level.version if level else 0) for key, level in update.found]


async def test_first_what_is_there_then_what_changes_LIV_1(ctx: Context, filled: Store) -> None:
    await tell(filled, count(5))
    async with watched(ctx, [SKU, "DJ01-M", SKU], [PLACE]) as updates:
        snapshot = await following(updates)
        assert snapshot.is_snapshot
        assert held(snapshot) == [(SKU, PLACE, 5, 1), ("DJ01-M", PLACE, None, 0)]
        await tell(filled, moved(-1, "till-1", at=NOW + minutes(1)), count(7, location_id="SH002"))
        change = await following(updates)
        assert not change.is_snapshot
        assert held(change) == [(SKU, PLACE, 4, 2)]
        await tell(filled, count(3, sku="DJ01-M"))
        assert held(await following(updates)) == [("DJ01-M", PLACE, 3, 1)]


async def test_a_shopper_s_stream_shows_no_more_than_a_shopper_s_page_STK_12(ctx: Context, filled: Store) -> None:
    shopper = asked(ctx.sources)
    async with watched(shopper) as updates:
        assert [offer.availability.signal for offer in await seen(shopper, updates)] == [StockSignal.UNKNOWN]
        for quantity, number in ((50, None), (2, 2), (0, None)):
            await tell(filled, count(quantity, at=NOW + minutes(60 - quantity)))
            assert [offer.availability.quantity for offer in await seen(shopper, updates)] == [number]


@dataclass(slots=True)
class Interrupted(Passing):
    """Where levels are read as they are committed, and something happens between reading and answer."""

    meanwhile: Callable[[], Awaitable[object]]

    @property
    def stock(self) -> StockSource:
        """This, itself."""
        return self

    def work(self) -> AbstractAsyncContextManager[Work]:
        """As ever."""
        return self.place.work()

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        """Levels as they were before."""
        found = await self.place.stock.levels(skus, location_ids)
        await self.meanwhile()
        return found


async def test_what_happens_while_the_snapshot_is_read_is_not_lost(filled: Store) -> None:
    bus = MemoryBus()
    await tell(filled, count(5))

    async def sell() -> None:
        await tell(filled, moved(-1, "till-1", at=NOW + minutes(1)))
        await filled.log.forward(bus.publish, limit=9)

    world = replace(sources(filled, bus), workplace=Interrupted(filled, sell))
    async with watched(asked(world, viewer=INTEGRATOR)) as updates:
        assert held(await following(updates)) == [(SKU, PLACE, 5, 1)]
        assert held(await following(updates)) == [(SKU, PLACE, 4, 2)]


async def test_what_the_snapshot_holds_already_is_not_told_again_LIV_1(filled: Store) -> None:
    bus = MemoryBus()
    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    await tell(filled, count(5))
    async with watched(ctx) as updates:
        assert held(await following(updates)) == [(SKU, PLACE, 5, 1)]
        await filled.log.forward(bus.publish, limit=9)
        await tell(filled, moved(-1, "till-1", at=NOW + minutes(1)))
        await filled.log.forward(bus.publish, limit=9)
        assert held(await following(updates)) == [(SKU, PLACE, 4, 2)]


async def test_an_older_version_that_comes_late_is_never_shown_LIV_1(filled: Store) -> None:
    bus = MemoryBus()
    positions = itertools.count(1)

    async def publish(**versions: int) -> None:
        levels = [StockLevel(f"DJ01-{size}", PLACE, 9, version, NOW, NOW, "pos") for size, version in versions.items()]
        await bus.publish([replace(domain.events.stock_changed(n), position=next(positions)) for n in levels])

    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    async with watched(ctx, [SKU, "DJ01-M"]) as updates:
        await following(updates)
        await publish(L=3, M=1)
        assert [version for *_, version in held(await following(updates))] == [3, 1]
        await publish(L=2, M=2)
        assert held(await following(updates)) == [("DJ01-M", PLACE, 9, 2)]
        await publish(L=3, M=3)
        assert held(await following(updates)) == [("DJ01-M", PLACE, 9, 3)]


async def test_in_the_end_a_slow_subscriber_holds_what_the_book_says_LIV_3(ctx: Context, filled: Store) -> None:
    skus, places = [SKU, "DJ01-M"], ["SH001", "SH002"]
    known: dict[tuple[str, str], int | None] = {}
    async with watched(ctx, skus, places) as updates:
        known |= {(sku, place): quantity for sku, place, quantity, _ in held(await following(updates))}
        for n in range(30):
            await tell(filled, count(n, at=NOW + minutes(n / 9), sku=skus[n % 2], location_id=places[n // 2 % 2]))
            if n % 10 == 0:
                await asyncio.sleep(0.01)
        book = await filled.stock.levels(skus, places)
        while known != {key: level.on_hand for key, level in book.items()}:
            known |= {(sku, place): quantity for sku, place, quantity, _ in held(await following(updates))}


async def test_who_does_not_read_delays_nobody_and_finds_the_last_of_each_key_LIV_5(
    filled: Store,
) -> None:
    bus = MemoryBus()
    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    async with watched(ctx) as slow, watched(ctx) as quick:
        await following(slow)
        await following(quick)
        for n in range(1, 30):
            await tell(filled, count(n, at=NOW + minutes(n)))
            await filled.log.forward(bus.publish, limit=9)
            assert held(await following(quick)) == [(SKU, PLACE, n, n)]
        assert held(await following(slow)) == [(SKU, PLACE, 29, 29)]
        await tell(filled, count(0, at=NOW + minutes(30)))
        await filled.log.forward(bus.publish, limit=9)
        assert held(await following(slow)) == [(SKU, PLACE, 0, 30)]


async def test_a_subscription_that_ends_leaves_nothing_behind(filled: Store) -> None:
    bus = MemoryBus()
    async with watched(asked(sources(filled, bus), viewer=INTEGRATOR)) as updates:
        await following(updates)
    await bus.publish([Event(domain.events.Topic.STOCK_CHANGED, "x", 1, {}, NOW, 1)])
    with pytest.raises(StopAsyncIteration):
        await anext(updates)


@pytest.mark.parametrize(
    ("skus", "locations", "code"),
    [
        (["nope"], [PLACE], "UNKNOWN_SKU"),
        (["HIDDEN-L"], [PLACE], "UNKNOWN_SKU"),
        ([SKU], ["nowhere"], "UNKNOWN_LOCATION"),
        ([], [PLACE], "TOO_MANY_WATCHED"),
        ([SKU], [], "TOO_MANY_WATCHED"),
    ],
)
async def test_only_what_one_may_see_can_be_watched(
    filled: Store, skus: list[str], locations: list[str], code: str
) -> None:
    async with watched(asked(filled), skus, locations) as updates:
        with pytest.raises(BadQuestion) as refused:
            await following(updates)
    assert refused.value.code == code


async def test_no_more_than_so_many_pairs_can_be_watched(store: Store, migrated_database_url: str) -> None:
    wide = entry("WIDE", sizes=[str(n) for n in range(MAX_WATCHED // 2 + 1)])
    await fill(migrated_database_url, [*on_sale(wide), shop("SH001"), shop("SH002")])
    skus = [variant.sku for variant in wide.variants]
    async with watched(asked(store), skus, ["SH001", "SH002"]) as updates:
        with pytest.raises(BadQuestion, match=str(MAX_WATCHED)):
            await following(updates)
    async with watched(asked(store), skus[1:], ["SH001", "SH002"]) as updates:
        assert len((await following(updates)).found) == MAX_WATCHED


class AwayAtFirst(MemoryBus):
    """A bus that is away once, and then there."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = True

    async def publish(self, events: Sequence[Event]) -> None:
        """Fail the first time."""
        if self.is_away:
            self.is_away = False
            raise Unavailable("bus", "away")
        await super().publish(events)


async def test_a_bus_that_was_away_hears_everything_when_it_is_back(filled: Store) -> None:
    bus = AwayAtFirst()
    relay = asyncio.create_task(resolvers.relay.run(filled.log, bus))
    async with watched(asked(sources(filled, bus), viewer=INTEGRATOR)) as updates:
        await following(updates)
        await tell(filled, count(5))
        assert held(await following(updates)) == [(SKU, PLACE, 5, 1)]
    relay.cancel()
    with suppress(asyncio.CancelledError):
        await relay
