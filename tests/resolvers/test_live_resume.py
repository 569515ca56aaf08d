"""A watcher that was cut off goes on where it was, or begins anew and is told so; without a socket it just asks."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

import resolvers.availability
import resolvers.live_stock
from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.channels import Channel
from domain.geo import Coordinates
from resolvers import cursors
from resolvers.context import Context
from resolvers.cursors import Cursor
from resolvers.errors import BadQuestion
from resolvers.live_stock import Update
from tests.builders import INTEGRATOR, NOW, PEOPLES_SQUARE, count, entry, minutes, on_sale, shop
from tests.datasources.cached import Worker, cached_sources, caches_of, carried
from tests.worlds import asked, fill, sources, tell

pytestmark = pytest.mark.anyio

PATIENCE_S = 5.0
L, M = "DJ01-L", "DJ01-M"
FAR = Coordinates(31.30, 121.47)


class Nowhere(MemoryBus):
    """A bus that is slow: what is published has not come yet."""

    async def publish(self, events: Any) -> None:
        """Keep it."""


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    goods = on_sale(entry("DJ01", sizes=("L", "M")), channel=Channel.MINI_PROGRAM)
    pos = on_sale(entry("DJ01", sizes=("L", "M")), channel=Channel.POS)[1:]
    await fill(migrated_database_url, [*goods, *pos, shop("SH001"), shop("SH002", coordinates=FAR)])
    await tell(store, count(5), count(7, sku=M))
    await carried(store, MemoryBus())
    return store


@pytest.fixture
def ctx(filled: Store) -> Context:
    return asked(filled, viewer=INTEGRATOR)


async def since(ctx: Context, after: str | None = None, **said: Any) -> Update:
    """What one question finds: these two skus in one store, unless said otherwise."""
    asked_for = {"skus": [L, M], "locations": ["SH001"]} | said
    (update,) = await resolvers.live_stock.since(ctx.anew(), [None], **asked_for, after=after)
    return update


def told(update: Update) -> tuple[bool, dict[str, int | None]]:
    """Whether it is a snapshot, and how many of each sku there are."""
    return update.is_snapshot, {sku: level.on_hand if level else None for (sku, _), level in update.found}


async def test_who_asks_again_hears_only_what_changed_LIV_2(ctx: Context, filled: Store) -> None:
    first = await since(ctx)
    assert told(first) == (True, {L: 5, M: 7})
    assert told(await since(ctx, first.cursor)) == (False, {})
    await tell(filled, count(4, at=NOW + minutes(1)), count(1, location_id="SH002"))
    await carried(filled, MemoryBus())
    second = await since(ctx, first.cursor)
    assert told(second) == (False, {L: 4})
    assert told(await since(ctx, second.cursor)) == (False, {})
    assert told(await since(ctx, first.cursor)) == (False, {L: 4})


async def test_a_stream_goes_on_with_what_was_missed_and_then_live_LIV_2(filled: Store) -> None:
    bus = MemoryBus()
    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    cursor = (await since(ctx)).cursor
    await tell(filled, count(4, at=NOW + minutes(1)))
    await carried(filled, bus)
    following = resolvers.live_stock.changes(ctx, skus=[L, M], location_ids=["SH001"], after=cursor)
    async with aclosing(following) as updates:
        assert told(await anext(updates)) == (False, {L: 4})
        await tell(filled, count(6, at=NOW + minutes(2), sku=M))
        await carried(filled, bus)
        live = await asyncio.wait_for(anext(updates), PATIENCE_S)
        assert told(live) == (False, {M: 6})
    assert told(await since(ctx, live.cursor)) == (False, {})


async def test_where_nothing_was_missed_a_stream_says_so_at_once(ctx: Context) -> None:
    cursor = (await since(ctx)).cursor
    async with aclosing(
        resolvers.live_stock.changes(ctx, skus=[L, M], location_ids=["SH001"], after=cursor)
    ) as updates:
        assert told(await anext(updates)) == (False, {})


@pytest.mark.parametrize(
    "said",
    [{"skus": [L]}, {"skus": [L, M, "DJ01-L"], "locations": ["SH001", "SH002"]}, {"locations": ["SH002"]}],
    ids=["fewer", "more", "elsewhere"],
)
async def test_who_goes_on_with_other_things_gets_a_snapshot_LIV_2(ctx: Context, said: dict[str, Any]) -> None:
    cursor = (await since(ctx)).cursor
    assert (await since(ctx, cursor, **said)).is_snapshot


async def test_who_may_see_more_or_less_than_before_gets_a_snapshot(ctx: Context) -> None:
    cursor = (await since(ctx)).cursor
    assert not (await since(ctx, cursor, skus=[M, L, M])).is_snapshot
    assert (await since(asked(ctx.sources), cursor)).is_snapshot
    assert (await since(replace(ctx, channel=Channel.POS), cursor)).is_snapshot


async def test_a_cursor_of_another_database_or_of_a_time_that_is_not_yet_gives_a_snapshot(ctx: Context) -> None:
    cursor = cursors.decode((await since(ctx)).cursor)
    assert cursor is not None
    for strange in (replace(cursor, log=cursors.digest("other")), replace(cursor, position=2**40)):
        assert (await since(ctx, cursors.encode(strange))).is_snapshot
    assert (await since(ctx, cursors.encode(Cursor(cursor.log, -1, cursor.watch)))).is_snapshot


async def test_what_is_no_longer_kept_is_made_good_by_a_snapshot_LIV_2(ctx: Context, filled: Store) -> None:
    cursor = (await since(ctx)).cursor
    await tell(filled, count(4, at=NOW + minutes(1)))
    await carried(filled, MemoryBus())
    await filled.forget(events_before=NOW.replace(year=2100), answers_before=NOW, limit=1_000)
    assert told(await since(ctx, cursor)) == (True, {L: 4, M: 7})


@pytest.mark.parametrize("after", ["?", "", "W10", "WyJhIiwgMSwgMl0", "x" * 5_000])
async def test_what_is_no_cursor_is_a_bad_question(ctx: Context, after: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        await since(ctx, after)
    assert refused.value.code == "BAD_CURSOR"
    with pytest.raises(BadQuestion):
        await anext(resolvers.live_stock.changes(ctx, skus=[L], location_ids=["SH001"], after=after))


async def test_the_nearest_stores_are_watched_where_none_are_named(ctx: Context) -> None:
    near: dict[str, Any] = {"locations": None, "near": PEOPLES_SQUARE}
    both = await since(ctx, skus=[L], **near)
    assert [place for (_, place), _ in both.found] == ["SH001", "SH002"]
    assert [round(offer.distance_km or 0) for offer in (await resolvers.live_stock.offers(ctx, [both]))[0]] == [0, 8]
    assert [place for (_, place), _ in (await since(ctx, skus=[L], **near, first=1)).found] == ["SH001"]
    assert (await since(ctx, skus=[L], **near, radius_km=5.0, after=both.cursor)).is_snapshot
    assert (await since(ctx, skus=[L], locations=None, near=Coordinates(0, 0))).found == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"locations": None}, "BAD_ARGUMENT"),
        ({"locations": None, "near": PEOPLES_SQUARE, "first": 51}, "PAGE_SIZE"),
        ({"locations": None, "near": PEOPLES_SQUARE, "radius_km": 0.0}, "BAD_ARGUMENT"),
        ({"skus": [f"s{n}" for n in range(1_001)]}, "TOO_MANY_WATCHED"),
    ],
)
async def test_it_must_be_said_where_and_not_too_much(ctx: Context, said: dict[str, Any], code: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        await since(ctx, **said)
    assert refused.value.code == code


async def test_a_worker_whose_cache_lags_behind_the_log_never_says_so_with_a_cursor(filled: Store) -> None:
    """Else who goes on from that cursor would never hear of what the cache did not know."""
    caches = caches_of(filled)
    caches.found()
    ctx = asked(cached_sources(Worker(filled, MemoryBus(), caches)), viewer=INTEGRATOR)
    assert (await caches.stock.levels([L], ["SH001"]))[L, "SH001"].on_hand == 5
    await tell(filled, count(4, at=NOW + minutes(1)))
    await carried(filled, Nowhere())
    assert (await caches.stock.levels([L], ["SH001"]))[L, "SH001"].on_hand == 5
    assert told(await since(ctx)) == (True, {L: 4, M: 7})


async def test_who_is_shown_what_was_old_already_goes_on_with_what_is_new_LIV_2(ctx: Context, filled: Store) -> None:
    """Another field of the operation saw an older version, which has no place before the position of now (STK-11)."""
    variants = [variant for variant in await ctx.sources.catalog.variants([L]) if variant]
    await resolvers.availability.offers(ctx, variants, store_ids=["SH001"])
    await tell(filled, count(4, at=NOW + minutes(1)))
    await carried(filled, MemoryBus())
    (shown,) = await resolvers.live_stock.since(ctx, [None], skus=[L, M], locations=["SH001"])
    assert told(shown) == (True, {L: 5, M: 7})
    again = await since(ctx, shown.cursor)
    assert {L: 4}.items() <= told(again)[1].items()
