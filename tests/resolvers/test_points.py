"""Points on both databases: what is told, in whatever order; what is read; what a merge moves and gives back."""

import random
from datetime import timedelta

import pytest

from datasources.ports.points import Since
from datasources.store.store import Store
from domain.facts import Fact, Kind, Returned, Side
from domain.programmes import Programme
from domain.standings import Expiring, balance
from resolvers import points, points_merging
from resolvers.points import returned, told
from tests.builders import NOW
from tests.datasources.cached import statements
from tests.resolvers import points_told as books
from tests.resolvers.points_told import CREDIT, POINTS, STARS, earned, tell

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


async def test_points_wait_until_the_order_is_completed(store: Store) -> None:
    first, second = earned("order", 30)
    await tell(store, "m1", first)
    assert await books.balance(store, "m1") == (30, 0, 0)
    await tell(store, "m1", second, first)
    assert await books.balance(store, "m1") == (0, 30, 0)
    await books.check_books(store, "m1")


async def test_what_is_told_again_changes_nothing_PTS_5(store: Store) -> None:
    facts = [*earned("order", 30), *returned("return", order="order", units=[Returned("", 10)], occurred_at=NOW)]
    for _ in range(3):
        await tell(store, "m1", *facts)
    found = await store.points.standings(["m1"], ["points"])
    assert found[("m1", "points")].version == 1
    assert await books.balance(store, "m1") == (0, 20, 0)


async def test_swapped_uploads_end_as_if_they_had_come_in_order_PTS_5(store: Store) -> None:
    facts: list[Fact] = []
    for number in range(12):
        at = NOW - (400 - 30 * number) * DAY
        facts += earned(f"order-{number}", 10 + number, at)
        facts += returned(f"return-{number}", order=f"order-{number}", units=[Returned("", 3)], occurred_at=at + DAY)
        facts.append(Fact(Kind.ADJUST, f"spent-{number}", at + 2 * DAY, amount=-4))
    shuffled = facts.copy()
    random.Random(7).shuffle(shuffled)  # an order, not a secret
    await tell(store, "in-order", *facts)
    for fact in shuffled:
        await tell(store, "swapped", fact)
    for member in ("in-order", "swapped"):
        async with store.work() as work:
            await points.expire(work, [(member, "points")], now=NOW)
    assert await books.folded(store, "swapped") == await books.folded(store, "in-order")
    await books.check_books(store, "in-order", "swapped")
    for days in (0, 100, 250, 395):
        at = NOW - days * DAY
        both = await store.points.as_of(["in-order", "swapped"], "points", at)
        assert both.get("swapped") == both.get("in-order")


async def test_what_has_expired_does_not_count_before_it_is_swept(store: Store) -> None:
    await tell(store, "m1", *earned("old", 30, NOW - 364 * DAY), *earned("new", 12, NOW - 10 * DAY))
    standing = (await store.points.standings(["m1"], ["points"]))[("m1", "points")]
    today, tomorrow = balance(standing, POINTS, NOW), balance(standing, POINTS, NOW + 2 * DAY)
    assert (today.active, today.expiring_next) == (42, Expiring(30, NOW + DAY))
    assert (tomorrow.active, tomorrow.expiring_next) == (12, Expiring(12, NOW + 355 * DAY))
    assert await store.points.due(NOW, limit=9) == []
    due = await store.points.due(NOW + 2 * DAY, limit=9)
    async with store.work() as work:
        await points.expire(work, due, now=NOW + 2 * DAY)
    assert await books.balance(store, "m1") == (0, 12, 0)
    assert await store.points.due(NOW + 2 * DAY, limit=9) == []
    newest = (await store.points.history(["m1"], programme=None, limit=1, before=None))["m1"][0]
    assert (newest.kind, newest.active, newest.occurred_at) == (Kind.EXPIRE, -30, NOW + DAY)


async def test_many_members_cost_no_more_statements_than_one(store: Store) -> None:
    async def cost(*members: str) -> int:
        with statements(store) as sent:
            async with store.work() as work:
                await points.post_many(work, [told(one, POINTS, earned(f"o-{one}", 5)) for one in members], now=NOW)
        return len(sent)

    assert await cost("a") == await cost(*(f"m{number}" for number in range(50)))
    with statements(store) as sent:
        found = await store.points.standings([f"m{number}" for number in range(50)], ["points", "stars"])
        entries = await store.points.history([f"m{n}" for n in range(50)], programme=None, limit=3, before=None)
    assert (len(found), len(entries), len(sent)) == (50, 50, 2)


async def test_points_stars_and_credit_never_mix_PTS_12(store: Store) -> None:
    await tell(store, "m1", *earned("order", 30))
    await tell(store, "m1", *earned("order", 4, programme=STARS), programme=STARS)
    await tell(store, "m1", Fact(Kind.ADJUST, "gift", NOW, amount=5_000), programme=CREDIT)
    wallets: list[Programme] = [POINTS, STARS, CREDIT]
    assert [await books.balance(store, "m1", one) for one in wallets] == [(0, 30, 0), (0, 4, 0), (0, 5_000, 0)]
    for one in wallets:
        await books.check_books(store, "m1", programme=one)


async def test_a_statement_is_walked_newest_first_and_misses_nothing_since_a_version(store: Store) -> None:
    for number in range(5):
        await tell(store, "m1", *earned(f"order-{number}", 10, NOW - (9 - number) * DAY))
    first = (await store.points.history(["m1"], programme="points", limit=4, before=None))["m1"]
    last = first[-1]
    rest = (await store.points.history(["m1"], programme="points", limit=99, before=(last.occurred_at, last.id)))["m1"]
    assert [one.occurred_at for one in (*first, *rest)] == sorted(
        (one.occurred_at for one in (*first, *rest)), reverse=True
    )
    assert len({one.id for one in (*first, *rest)}) == 10
    key = ("m1", "points")
    some = (await store.points.since([Since(key, 2, 4)]))[key]
    assert [(one.kind, one.ref) for one in some] == [
        (kind, f"order-{number}") for number in (2, 3) for kind in (Kind.EARN_PENDING, Kind.ACTIVATE)
    ]


async def _merge(store: Store) -> dict[str, object]:
    async with store.work() as work:
        return await points_merging.join(work, absorbed="a", survivor="b", now=NOW)


async def _part(store: Store, record: dict[str, object]) -> None:
    async with store.work() as work:
        await points_merging.part(work, record, now=NOW + DAY)


async def test_a_merge_moves_every_point_and_is_undone_without_a_trace_MEM_3_MEM_4(store: Store) -> None:
    await tell(store, "a", *earned("o1", 30), *earned("o2", 8)[:1])
    await tell(store, "a", *earned("o1", 3, programme=STARS), programme=STARS)
    await tell(store, "b", *earned("o3", 5))
    record = await _merge(store)
    assert (await books.balance(store, "a"), await books.balance(store, "b")) == ((0, 0, 0), (8, 35, 0))
    assert await books.balance(store, "b", STARS) == (0, 3, 0)
    assert (await books.folded(store))[Side.MOVED] == 0
    history = (await store.points.history(["b"], programme="points", limit=50, before=None))["b"]
    assert {one.ref for one in history if one.kind is Kind.EARN_PENDING} == {"o1", "o2", "o3"}
    await _part(store, record)
    assert (await books.balance(store, "a"), await books.balance(store, "b")) == ((8, 30, 0), (0, 5, 0))
    assert (await books.folded(store))[Side.MOVED] == 0
    await books.check_books(store, "a", "b")
    history = (await store.points.history(["b"], programme="points", limit=50, before=None))["b"]
    assert {one.ref for one in history} == {"o3"}


async def test_a_replay_after_a_merge_changes_nothing_and_a_return_finds_its_order(store: Store) -> None:
    await tell(store, "a", *earned("o1", 30))
    record = await _merge(store)
    await tell(store, "b", *earned("o1", 30))
    assert await books.balance(store, "b") == (0, 30, 0)
    await tell(store, "b", *returned("r1", order="o1", units=[Returned("", 12)], occurred_at=NOW), now=NOW + DAY)
    await tell(store, "b", *earned("o9", 7), now=NOW + DAY)
    assert await books.balance(store, "b") == (0, 25, 0)
    await _part(store, record)
    assert (await books.balance(store, "a"), await books.balance(store, "b")) == ((0, 18, 0), (0, 7, 0))
    await books.check_books(store, "a", "b")


async def test_an_order_earned_by_a_late_till_after_a_merge_meets_its_return(store: Store) -> None:
    back = returned("r1", order="o1", occurred_at=NOW)
    await tell(store, "a", *back)
    await _merge(store)
    await tell(store, "b", *earned("o1", 30, NOW - DAY), now=NOW + DAY)
    assert await books.balance(store, "b") == (0, 0, 0)
    await books.check_books(store, "a", "b")


async def test_who_is_forgotten_leaves_sums_and_no_words_MEM_10(store: Store) -> None:
    gift = Fact(Kind.ADJUST, "gift", NOW, amount=9, reason="for her wedding", operator="guide-1")
    await tell(store, "m1", gift)
    async with store.work() as work:
        await points_merging.forget(work, "m1", now=NOW)
    entry = (await store.points.history(["m1"], programme=None, limit=1, before=None))["m1"][0]
    assert (entry.reason, entry.active) == ("", 9)
    await books.check_books(store, "m1")
