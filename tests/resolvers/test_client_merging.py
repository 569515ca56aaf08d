"""What is kept of clients when two members turn out to be one, or to be two again, and when one goes."""

from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from datasources.store.store import Store
from domain.visits import Visit
from resolvers import client_merging, client_notes, client_tasks
from resolvers.client_tasks import FollowUp
from resolvers.context import Context
from tests.builders import NOW
from tests.people import visit as walk_in
from tests.resolvers.reserving import Clock
from tests.resolvers.serving import at, by, furnish, guide, history, scanned

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def ann(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """A guide of SH001."""
    await furnish(store, migrated_database_url)
    return at(store, clock, guide("ann"))


async def join(store: Store, clock: Clock, absorbed: str = "m1", survivor: str = "m2") -> dict[str, Any]:
    """Two are one; what is remembered of it has been JSON since."""
    async with store.work() as work:
        done = await client_merging.join(work, absorbed=absorbed, survivor=survivor, now=clock.now)
    read: dict[str, Any] = orjson.loads(orjson.dumps(done))
    return read


async def kept(ctx: Context, *member_ids: str) -> dict[str, Any]:
    """Everything there is of these members."""
    async with ctx.sources.workplace.work() as work:
        seen = {id: await work.clients.visits_of(id) for id in member_ids}
    held = await ctx.sources.clients.held(member_ids, ctx.clock())
    notes = await ctx.sources.client_tasks.notes_on(member_ids, limit=9)
    tasks = await ctx.sources.client_tasks.open_of("ann", limit=9)
    noted = {id: [one.text for one in notes.get(id, [])] for id in member_ids}
    to_do = {id: [one.note for one in tasks if one.member_id == id] for id in member_ids}
    return {id: (held.get(id), noted[id], to_do[id], seen[id]) for id in member_ids}


async def write_down(ctx: Context, member: str) -> None:
    """Note something, and something to do."""
    await client_notes.add(ctx.anew(), client_notes.Add(member, f"of {member}", f"n-{member}"))
    await client_tasks.create(ctx.anew(), FollowUp(member, date(2026, 12, 1), f"for {member}", f"t-{member}"))


@pytest.mark.parametrize("survivor_has", [False, True], ids=["nobody's", "another's client"])
async def test_two_who_were_joined_and_parted_are_as_before_MEM_4(
    ann: Context, store: Store, clock: Clock, survivor_has: bool
) -> None:
    await scanned(ann, "m1")
    if survivor_has:
        await scanned(by(ann, guide("bob")), "m2")
    await write_down(ann, "m1")
    await walk_in(store, "m1", "SH001", NOW)
    await walk_in(store, "m2", "SH001", NOW - DAY)
    await walk_in(store, "m1", "SH002", NOW - 2 * DAY)
    before = await kept(ann, "m1", "m2")
    clock.wind(DAY)
    record = await join(store, clock)
    together = await kept(ann, "m1", "m2")
    assert together["m1"] == (None, [], [], [])
    binding, notes, tasks, visits = together["m2"]
    assert (binding.associate_id, notes, tasks) == ("bob" if survivor_has else "ann", ["of m1"], ["for m1"])
    assert visits == [Visit("SH001", "m2", NOW), Visit("SH002", "m2", NOW - 2 * DAY)]
    clock.wind(DAY)
    async with store.work() as work:
        await client_merging.part(work, record, now=clock.now)
    assert await kept(ann, "m1", "m2") == before


async def test_who_came_in_meanwhile_came_as_the_one_they_were(ann: Context, store: Store, clock: Clock) -> None:
    await walk_in(store, "m1", "SH001", NOW)
    record = await join(store, clock)
    async with store.work() as work:
        await work.clients.came([Visit("SH001", "m2", NOW + DAY)])
        await client_merging.part(work, record, now=NOW + 2 * DAY)
        seen = [*await work.clients.visits_of("m1"), *await work.clients.visits_of("m2")]
    assert seen == [Visit("SH001", "m1", NOW), Visit("SH001", "m2", NOW + DAY)]


async def test_a_guide_of_who_was_absorbed_follows_only_where_there_is_none_CLI_5(
    ann: Context, store: Store, clock: Clock
) -> None:
    await scanned(ann, "m1")
    await scanned(by(ann, guide("bob")), "m2")
    await join(store, clock)
    await join(store, clock, "m2", "m3")
    open_now = [one for id in ("m1", "m2", "m3") for one in await history(store, id) if one.ended_at is None]
    assert [(one.member_id, one.associate_id) for one in open_now] == [("m3", "bob")]


async def test_of_who_is_forgotten_nothing_personal_is_kept_MEM_10(ann: Context, store: Store, clock: Clock) -> None:
    await scanned(ann, "m1", "m2")
    await write_down(ann, "m1")
    await write_down(ann, "m2")
    await walk_in(store, "m1", "SH001")
    async with store.work() as work:
        await client_merging.forget(work, "m1", now=clock.now)
    after = await kept(ann, "m1", "m2")
    assert after["m1"] == (None, [], [], [])
    assert after["m2"][1:3] == (["of m2"], ["for m2"])
