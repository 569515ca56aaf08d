"""Visits: who came in is seen by the store's people for a while, and by nobody else; tablets hear of it at once."""

import asyncio
import random
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from datasources.bus.memory import MemoryBus
from datasources.store.engine import rows
from datasources.store.member_tables import access_log
from datasources.store.store import Store
from domain.bindings import Binding, BindingSource
from domain.refusals.locations import NotYourLocation, UnknownLocation
from domain.refusals.members import UnknownMember
from domain.viewers import Role
from domain.visits import Visit, may_see
from resolvers import client_view, ids, members, visits
from resolvers.context import Context
from resolvers.errors import NotAllowed
from resolvers.visits import CheckIn, Update
from tests.builders import INTEGRATOR, NOW
from tests.datasources.cached import carried
from tests.people import keep, member
from tests.resolvers.reserving import Clock
from tests.resolvers.serving import GUIDES, at, by, furnish, guide, scanned
from tests.worlds import sources

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
PATIENCE_S = 5.0
AT_LOCATION = ("input", "location")


@pytest.fixture
async def ann(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """A guide of SH001."""
    await furnish(store, migrated_database_url)
    return at(store, clock, guide("ann"))


async def came(ctx: Context, member_id: str, location: str = "SH001") -> visits.Answer:
    """Somebody shows their code."""
    return await visits.check_in(ctx.anew(), CheckIn(f"C-{member_id}", location, f"{member_id}-{ctx.clock()}"))


async def test_the_people_of_a_store_see_for_a_month_who_came_in_CLI_1(ann: Context, clock: Clock) -> None:
    assert (await came(ann, "m1")).member is not None
    bob, cai = by(ann, guide("bob")), by(ann, guide("cai"))
    for days, seen in ((0, True), (29, True), (1, False)):
        clock.wind(days * DAY)
        for who, may in ((bob, seen), (cai, False)):
            (found,) = await members.members_by_ids(who.anew(), ["m1"])
            assert (found is not None) == may


async def test_who_came_is_only_told_where_they_are(ann: Context) -> None:
    assert (await came(ann, "m1", "SH002")).user_errors == (NotYourLocation(AT_LOCATION, "SH002"),)
    refused = await came(by(ann, INTEGRATOR), "m1", "nowhere")
    assert refused.user_errors == (UnknownLocation(AT_LOCATION, "nowhere"),)
    nobody = await visits.check_in(ann, CheckIn("C-m9", "SH001", "k"))
    assert nobody.user_errors == (UnknownMember(("input", "code"), "C-m9"),)


@pytest.mark.parametrize("seed", range(4))
async def test_an_associate_sees_whom_the_rule_names_and_every_view_is_kept_CLI_1(
    ann: Context, store: Store, seed: int
) -> None:
    """Bindings and visits at random; the rule of `domain/visits.py` says who sees whom."""
    dice = random.Random(seed)
    people = [f"p{n}" for n in range(12)]
    await keep(store, *(member(id) for id in people))
    bound, seen_at = [], []
    for id in people:
        since = NOW - dice.choice([1, 100, 179, 180, 200]) * DAY
        until = since + 180 * DAY
        over = dice.choice([None, since + DAY])
        bound.append(Binding(f"b-{id}", id, dice.choice(list(GUIDES)), since, until, since, BindingSource.SCAN, over))
        days = dice.choice([0, 29, 30, 31])
        seen_at.append(Visit(dice.choice(["SH001", "SH002"]), id, NOW - days * DAY))
    async with store.work() as work:
        await work.clients.write(bound)
        await work.clients.came(seen_at)
    for who, location in GUIDES.items():
        allowed = may_see(associate_id=who, location_id=location, bindings=bound, visits=seen_at, now=NOW)
        ctx = by(ann, guide(who)).anew()
        found = await members.members_by_ids(ctx, people)
        assert {one.id for one in found if one is not None} == allowed
        looks = await rows(store._readers, select(access_log).where(access_log.c.viewer_id == who))
        assert sorted(look.member_id for look in looks) == sorted(allowed)


async def test_another_s_client_is_as_good_as_nobody_CLI_1(ann: Context, store: Store) -> None:
    await scanned(ann, "m1")
    cai = by(ann, guide("cai"))
    for id in ("m1", "nobody"):
        assert await client_view.view(cai.anew(), [None], member=ids.encode("Member", id)) == [None]
    assert await rows(store._readers, select(access_log).where(access_log.c.viewer_id == "cai")) == []
    (own,) = await client_view.view(ann.anew(), [None], member=ids.encode("Member", "m1"))
    assert own is not None
    looks = await rows(store._readers, select(access_log))
    assert [(look.viewer_id, look.member_id, look.role) for look in looks] == [("ann", "m1", Role.ASSOCIATE.value)]


async def test_a_tablet_shows_who_is_there_and_then_whoever_comes(ann: Context, store: Store, clock: Clock) -> None:
    bus = MemoryBus()
    live = replace(ann, sources=sources(store, bus, clock))
    await came(ann, "m1")
    clock.wind(timedelta(minutes=50))
    await came(ann, "m2")
    clock.wind(timedelta(minutes=20))
    await carried(store, bus)

    async def told() -> tuple[list[str], bool]:
        update: Update = await asyncio.wait_for(anext(updates), PATIENCE_S)
        return [one.member_id for one in update.visits], update.is_snapshot

    async with aclosing(visits.in_store(live, location="SH001")) as updates:
        assert await told() == (["m2"], True)
        await came(by(ann, INTEGRATOR), "m4", "SH002")
        for id in ("m3", "m4"):
            await came(ann, id)
        await carried(store, bus)
        assert await told() == (["m3", "m4"], False)
        clock.wind(timedelta(minutes=1))
        await came(ann, "m2")
        await carried(store, bus)
        assert await told() == (["m2"], False)


async def test_who_is_behind_hears_of_everybody_as_one(ann: Context) -> None:
    visit = Visit("SH001", "m1", NOW)
    again, other = replace(visit, last_at=NOW + DAY), replace(visit, member_id="m2")
    watched = await visits.in_store(ann, location="SH001").open()
    as_one = watched.as_one([Update([visit], is_snapshot=True), Update([other, again], is_snapshot=False)])
    assert as_one == Update([other, again], is_snapshot=True)


async def test_a_tablet_watches_its_own_store_alone(ann: Context) -> None:
    with pytest.raises(NotAllowed):
        await anext(visits.in_store(ann, location="SH002"))
