"""A member's points, live: a snapshot, then every transaction, whatever is lost on the way, for whom may see them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.events import Event
from domain.standings import Entry
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers import live_points, points_merging
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.live_points import Update
from tests.builders import NOW
from tests.resolvers import points_told as books
from tests.resolvers.points_told import earned, tell
from tests.resolvers.points_world import furnish
from tests.worlds import asked, sources

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


class Watching:
    """One who watches, and the bus that a test carries events on."""

    def __init__(self, store: Store, who: str = "m1", role: Role = Role.MEMBER, location: str | None = None) -> None:
        self.store, self.bus, self.now = store, MemoryBus(), NOW
        viewer = Viewer(who, role, SCOPES_OF_ROLE[role], location_id=location)
        self.ctx: Context = Context(sources(store, self.bus), asked(store).policies, lambda: self.now, viewer=viewer)
        self.seen: list[Entry] = []
        self.states: dict[str, tuple[int, int, int, int]] = {}

    async def carry(self) -> int:
        """Let the bus carry what waits; how much that was."""
        carried = 0
        while some := await self.store.log.forward(self.bus.publish, limit=100):
            carried += some
        return carried

    async def forget(self) -> None:
        """Let events pass that nobody hears."""

        async def nowhere(events: Sequence[Event]) -> None:
            return None

        while await self.store.log.forward(nowhere, limit=100):
            pass

    async def take(self, update: Update) -> Update:
        (entries,) = await live_points.transactions(self.ctx, [update])
        before = self.states.get("points", (0, 0, 0, 0))
        if update.is_snapshot:
            self.seen.clear()
        self.seen += entries
        now = {s.programme.code: s.standing for s in update.states}["points"]
        if not update.is_snapshot:
            mine = [entry for entry in entries if entry.programme == "points"]
            assert before[:3] == (
                now.pending - sum(entry.pending for entry in mine),
                now.active - sum(entry.active for entry in mine),
                now.frozen - sum(entry.frozen for entry in mine),
            ), "what is told leads from what was held to what is held (LIV-1)"
        self.states["points"] = (now.pending, now.active, now.frozen, now.version)
        return update


async def following(stream: AsyncGenerator[Update, None]) -> Update:
    """What is told next; it is there already."""
    return await asyncio.wait_for(anext(stream), 10)


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    return await furnish(store, migrated_database_url)


async def test_a_snapshot_then_every_transaction_though_the_bus_keeps_the_last_only_LIV_1(shop: Store) -> None:
    await tell(shop, "m1", *earned("before", 5))
    me = Watching(shop)
    stream = live_points.changes(me.ctx, member="m1")
    assert (await me.take(await following(stream))).is_snapshot
    for number in range(5):
        await tell(shop, "m1", *earned(f"o{number}", 10 + number))
    await me.carry()
    await me.take(await following(stream))
    assert [(one.ref, one.active) for one in me.seen if one.active] == [(f"o{n}", 10 + n) for n in range(5)]
    assert me.states["points"][:3] == await books.balance(shop, "m1")
    await stream.aclose()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(st.sampled_from(["tell", "tell", "late", "carry", "lose", "read", "cut"]), max_size=14))
async def test_whoever_is_slow_cut_off_or_comes_back_hears_of_everything_once_LIV_1_LIV_2_LIV_5(
    shop: Store, steps: list[str]
) -> None:
    number = (await shop.points.standings(["m1"], ["points"])).get(("m1", "points"))
    count = number.version if number else 0
    me = Watching(shop)
    stream = live_points.changes(me.ctx, member="m1")
    update = await me.take(await following(stream))
    version = me.states["points"][3]
    pending = False
    for step in steps:
        if step in ("tell", "late"):
            count += 1
            at = NOW if step == "tell" else NOW - DAY
            await tell(shop, "m1", *earned(f"{step}-{count}", 7, at))
        elif step == "carry":
            is_news = await _has_news(shop, me)
            pending = (await me.carry() > 0 and is_news) or pending
        elif step == "lose":
            await me.forget()
        elif step == "read" and pending:
            update, pending = await me.take(await following(stream)), False
        elif step == "cut":
            await stream.aclose()
            stream = live_points.changes(me.ctx, member="m1", after=update.cursor)
            update, pending = await me.take(await following(stream)), False
            assert not update.is_snapshot
    await stream.aclose()
    stream = live_points.changes(me.ctx, member="m1", after=update.cursor)
    await me.take(await following(stream))
    await stream.aclose()
    assert me.states["points"][:3] == await books.balance(shop, "m1")
    versions = [one.version for one in me.seen]
    assert versions == sorted(versions)
    assert set(versions) == set(range(version + 1, me.states["points"][3] + 1))
    assert len({(one.id, one.version) for one in me.seen}) == len(me.seen)


async def _has_news(store: Store, me: Watching) -> bool:
    standing = (await store.points.standings(["m1"], ["points"])).get(("m1", "points"))
    return standing is not None and standing.version > me.states["points"][3]


async def test_many_updates_that_are_one_hold_all_transactions_and_no_more_than_two_numbers(shop: Store) -> None:
    me = Watching(shop)
    live = live_points.changes(me.ctx, member="m1")
    watched = await live.open()
    first, _ = await watched.look()
    updates = [first]
    for number in range(40):
        await tell(shop, "m1", *earned(f"o{number}", 3))
        _, news = await watched.look()
        assert news is not None
        updates.append(news)
    one = watched.as_one(updates)
    assert len(one.spans) == 1
    (entries,) = await live_points.transactions(me.ctx, [one])
    assert len(entries) == 80
    assert one.states == updates[-1].states


async def test_a_cursor_of_another_member_or_of_nothing_is_not_gone_on_from(shop: Store) -> None:
    me = Watching(shop)
    stream = live_points.changes(me.ctx, member="m1")
    cursor = (await anext(stream)).cursor
    await stream.aclose()
    other = Watching(shop, "m2")
    assert (await anext(live_points.changes(other.ctx, member="m2", after=cursor))).is_snapshot
    with pytest.raises(BadQuestion, match="not a cursor"):
        await anext(live_points.changes(me.ctx, member="m1", after="rubbish"))


@pytest.mark.parametrize(
    ("who", "role", "location"),
    [("m2", Role.MEMBER, None), ("ann", Role.ASSOCIATE, "S1"), ("guest", Role.GUEST, None)],
)
async def test_another_s_points_are_watched_like_those_of_nobody(
    shop: Store, who: str, role: Role, location: str | None
) -> None:
    watching = Watching(shop, who, role, location)
    said = []
    for member in ("new", "nobody"):
        with pytest.raises(BadQuestion) as refused:
            await anext(live_points.changes(watching.ctx, member=member))
        said.append((refused.value.code, str(refused.value).replace(member, "…")))
    assert said[0] == said[1] == ("UNKNOWN_MEMBER", "There is no member … that you may see.")


async def test_an_associate_who_may_see_a_member_no_more_is_told_no_more_LIV_4(shop: Store) -> None:
    ann = Watching(shop, "ann", Role.ASSOCIATE, "S1")
    stream = live_points.changes(ann.ctx, member="m1")
    await anext(stream)
    ann.now = NOW + 400 * DAY  # their binding has ended by then
    await tell(shop, "m1", *earned("o1", 10))
    await ann.carry()
    with pytest.raises(BadQuestion) as ended:
        await asyncio.wait_for(anext(stream), 10)
    assert ended.value.code == "UNKNOWN_MEMBER"


async def test_who_is_merged_is_watched_under_their_new_name(shop: Store) -> None:
    await tell(shop, "m1", *earned("o1", 10))
    me = Watching(shop)
    stream = live_points.changes(me.ctx, member="m1")
    await anext(stream)
    async with shop.work() as work:
        (gone,) = [*(await work.members.locked({"m1"})).values()]
        await work.members.write([replace(gone, merged_into="m2", identifiers=())])
        await points_merging.join(work, absorbed="m1", survivor="m2", now=NOW)
    await me.carry()
    with pytest.raises(BadQuestion) as ended:
        await asyncio.wait_for(anext(stream), 10)
    assert ended.value.code == "MEMBER_MERGED"
    renamed = await anext(live_points.changes(me.ctx, member="m2"))
    assert {one.programme.code: one.standing.active for one in renamed.states}["points"] == 10
