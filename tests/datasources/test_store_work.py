"""A unit of work happens whole or not at all, and a request that comes twice is answered once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

import domain.events
from datasources.ports.errors import Unavailable
from datasources.ports.work import Raced, Remembered
from datasources.store.store import Store
from domain.events import Event
from domain.movements import MovementType
from domain.statuses import Status
from domain.stock import StockLevel
from tests.builders import NOW, count, entry, minutes, moved, shop
from tests.worlds import cut_connections, fill, tell

pytestmark = pytest.mark.anyio

KEY = ("DJ01-L", "SH001")


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), shop("SH001"), shop("SH002")])
    return store


async def on_hand(store: Store) -> int | None:
    """What the book says of the one level that tests write."""
    level = (await store.stock.levels([KEY[0]], [KEY[1]])).get(KEY)
    return level.on_hand if level else None


async def published(store: Store) -> list[Event]:
    """Everything in the outbox."""
    events: list[Event] = []

    async def take(batch: Sequence[Event]) -> None:
        events.extend(batch)

    await store.log.forward(take, limit=1000)
    return events


class ChangedMyMind(Exception):
    """Whoever wrote gives up before the end."""


async def test_what_is_given_up_leaves_no_trace(filled: Store) -> None:
    level = StockLevel(*KEY, 5, 1, NOW, NOW, "pos")

    async def give_up() -> None:
        async with filled.work() as work:
            await work.stock.write([level], [])
            await work.remember({("pos", "k"): Remembered("h", "done")})
            await work.tell([domain.events.stock_changed(level)])
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await give_up()
    assert await on_hand(filled) is None
    assert await published(filled) == []
    async with filled.work() as work:
        assert await work.locked_key(("pos", "k")) is None


async def test_level_line_and_event_become_true_together(filled: Store) -> None:
    await tell(filled, count(5), moved(-1, "till-1", at=NOW + minutes(1)))
    assert await on_hand(filled) == 4
    async with filled.work() as work:
        lines = await work.stock.movements_after([KEY], NOW - minutes(1))
    assert [(line.type, line.route.on_hand) for line in lines] == [
        (MovementType.COUNT_VARIANCE, 5),
        (MovementType.ADJUSTMENT, -1),
    ]
    (event,) = await published(filled)
    assert domain.events.level_of(event).on_hand == 4


async def test_a_mistake_of_ours_is_not_taken_for_a_dead_database(filled: Store) -> None:
    with pytest.raises(IntegrityError):
        async with filled.work() as work:
            await work.stock.write([StockLevel("nope", "SH001", 5, 1, NOW, NOW, "pos")], [])
    assert await filled.stock.levels(["nope"], ["SH001"]) == {}


async def test_a_key_is_answered_once_for_its_client_and_says_for_which_request(filled: Store) -> None:
    async with filled.work() as work:
        assert await work.locked_key(("pos", "k")) is None
        await work.remember({("pos", "k"): Remembered("one", "done")})
    async with filled.work() as work:
        assert await work.locked_key(("pos", "k")) == Remembered("one", "done")
        assert await work.locked_key(("erp", "k")) is None

    async def write_again() -> None:
        async with filled.work() as work:
            await work.remember({("pos", "k"): Remembered("other", "done")})

    with pytest.raises(Raced):
        await write_again()


async def test_of_ten_requests_with_one_key_at_once_one_is_done(filled: Store) -> None:
    async def request(number: int) -> bool:
        async with filled.work() as work:
            if await work.locked_key(("pos", "k")) is not None:
                return False
            await asyncio.sleep(0.005)
            await work.remember({("pos", "k"): Remembered("h", str(number))})
            return True

    assert sum(await asyncio.gather(*map(request, range(10)))) == 1


async def test_two_first_words_on_one_level_at_once_are_both_kept_STK_1(filled: Store) -> None:
    both = await asyncio.gather(*(tell(filled, moved(1, f"e{n}")) for n in range(2)))
    assert sorted(o.level.version for outcomes in both for o in outcomes if o.level) == [1, 2]
    assert {o.status for outcomes in both for o in outcomes} == {Status.CREATED, Status.UPDATED}
    assert await on_hand(filled) == 2


async def test_fifty_sales_at_once_are_fifty_sales_STK_1(filled: Store) -> None:
    await tell(filled, count(100))
    after = NOW + minutes(1)
    await asyncio.gather(*(tell(filled, moved(-1, f"till-{n}", at=after)) for n in range(50)))
    assert await on_hand(filled) == 50
    versions = [event.version for event in await published(filled)]
    assert versions == list(range(1, 52))


async def test_one_sale_reported_by_ten_tills_at_once_is_one_sale_STK_3(filled: Store) -> None:
    await asyncio.gather(*(tell(filled, moved(-1, "till-1")) for _ in range(10)))
    assert await on_hand(filled) == -1


async def test_levels_are_locked_and_read_by_exactly_their_keys(filled: Store) -> None:
    await tell(filled, count(1), count(2, sku="DJ01-M"), count(3, location_id="SH002"))
    crossed = [("DJ01-M", "SH001"), ("DJ01-L", "SH002"), ("DJ01-M", "SH002")]
    async with filled.work() as work:
        found = await work.stock.locked(crossed)
        assert {key: level.on_hand for key, level in found.items()} == {crossed[0]: 2, crossed[1]: 3}
        assert {m.key for m in await work.stock.movements_after(crossed[:2], NOW - minutes(1))} == set(crossed[:2])
        assert await work.stock.movements_after(crossed, NOW) == []
    assert len(await filled.stock.levels(["DJ01-L", "DJ01-M", "nope"], ["SH001", "SH002"])) == 3


async def test_lines_come_in_the_order_in_which_they_happened_however_late_they_were_told(filled: Store) -> None:
    for number in (3, 1, 2):
        await tell(filled, moved(1, f"e{number}", at=NOW + minutes(number)))
    await tell(filled, moved(1, "e4", at=NOW + minutes(3)))
    async with filled.work() as work:
        lines = await work.stock.movements_after([KEY], NOW)
    assert [line.event_id for line in lines] == ["e1", "e2", "e3", "e4"]


async def test_an_event_id_belongs_to_the_source_that_told_of_it(filled: Store) -> None:
    await tell(filled, moved(1, "e1"), source="pos")
    async with filled.work() as work:
        assert await work.stock.seen("pos", ["e1", "e2"]) == {"e1"}
        assert await work.stock.seen("erp", ["e1", "e2"]) == frozenset()
    await tell(filled, moved(1, "e1"), source="erp")
    assert await on_hand(filled) == 2


async def test_instants_keep_their_moment_and_their_microseconds(filled: Store) -> None:
    at = NOW + timedelta(microseconds=123456)
    await tell(filled, count(1, at=at))
    level = (await filled.stock.levels([KEY[0]], [KEY[1]]))[KEY]
    assert (level.as_of, level.counted_at, level.received_at) == (at, at, NOW)


async def test_a_connection_that_dies_in_the_middle_leaves_nothing_and_the_next_one_works(
    migrated_postgres_url: str,
) -> None:
    await fill(migrated_postgres_url, [entry("DJ01"), shop("SH001")])
    store = Store(migrated_postgres_url)

    async def lose_the_connection() -> None:
        async with store.work() as work:
            await work.stock.write([StockLevel(*KEY, 5, 1, NOW, NOW, "pos")], [])
            await cut_connections(migrated_postgres_url)

    with pytest.raises(Unavailable):
        await lose_the_connection()
    assert await on_hand(store) is None
    await tell(store, count(3))
    assert await on_hand(store) == 3
    await store.close()


async def test_a_database_that_is_away_or_not_migrated_is_said_to_be_unavailable(empty_sqlite_url: str) -> None:
    for url in (empty_sqlite_url, "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"):
        store = Store(url)
        with pytest.raises(Unavailable):
            await store.ping()
        with pytest.raises(Unavailable):
            await store.catalog.products(["DJ01"])
        await store.close()


async def test_a_migrated_database_answers(store: Store) -> None:
    await store.ping()
