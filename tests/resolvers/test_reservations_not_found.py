"""Goods that a store keeps for somebody and cannot find are given back, and counted."""

from dataclasses import replace

import pytest

import resolvers.reservations
from datasources.store.store import Store
from domain.counting import CountState
from domain.refusals.general import IdempotencyConflict, TransitionRefused
from domain.refusals.reservations import UnknownReservation
from domain.reservations import ReleaseReason, ReservationKind, ReservationState
from domain.tasks import TaskKind
from resolvers import tasks
from resolvers.context import Context
from resolvers.errors import NotAllowed
from resolvers.reservations import Release
from tests.builders import ASSOCIATE, INTEGRATOR, MEMBER, NOW, count, minutes
from tests.resolvers.reserving import GOODS, L2, SH002_ASSOCIATE, L, M, act, kept, level, visit
from tests.worlds import fill, tell

pytestmark = pytest.mark.anyio


@pytest.fixture
async def member(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, GOODS)
    await tell(store, count(5, at=NOW - minutes(9)), count(2, sku=M[0], at=NOW - minutes(9)))
    return visit(store, lambda: NOW)


async def to_do(ctx: Context) -> list[TaskKind]:
    """What an associate of SH001 has to do."""
    (found,) = await tasks.tasks(replace(ctx, viewer=ASSOCIATE), [None], location="SH001")
    return [task.kind for task in found]


async def test_what_nobody_finds_becomes_a_count(member: Context) -> None:
    reservation = await kept(member, (L, 1), (M, 2), kind=ReservationKind.STORE_RESERVE, reference="王女士")
    assert await to_do(member) == [TaskKind.KEEP_READY]
    associate = replace(member, viewer=ASSOCIATE)
    for _ in "12":
        answer = await resolvers.reservations.release(associate, Release(reservation.id, "k", ReleaseReason.NOT_FOUND))
        assert answer.reservation
        assert answer.reservation.state is ReservationState.RELEASED
    assert await to_do(member) == [TaskKind.COUNT]
    (session,) = await member.sources.counts.open_at("SH001", limit=9)
    assert (session.skus, session.note, session.state) == ((L[0], M[0]), "王女士", CountState.OPEN)
    other = await resolvers.reservations.release(associate, Release(reservation.id, "other", ReleaseReason.NOT_FOUND))
    assert other.reservation
    assert await to_do(member) == [TaskKind.COUNT]


async def test_what_nobody_finds_is_counted_where_it_should_have_been(member: Context, store: Store) -> None:
    """A cart may be kept in two stores: each counts its own."""
    await tell(store, count(1, location_id=L2[1], at=NOW - minutes(9)))
    reservation = await kept(member, (L, 1), (L2, 1), (M, 1))
    everywhere = replace(member, viewer=INTEGRATOR)
    await resolvers.reservations.release(everywhere, Release(reservation.id, "k", ReleaseReason.NOT_FOUND))
    opened = {place: await member.sources.counts.open_at(place, limit=9) for place in ("SH001", "SH002")}
    assert {place: [one.skus for one in found] for place, found in opened.items()} == {
        "SH001": [(L[0], M[0])],
        "SH002": [(L[0],)],
    }


async def test_who_only_does_not_want_it_opens_no_count(member: Context) -> None:
    reservation = await kept(member, kind=ReservationKind.STORE_RESERVE)
    answer = await resolvers.reservations.release(member, Release(reservation.id, "k"))
    assert answer.reservation
    assert await to_do(member) == []
    with pytest.raises(NotAllowed, match="stock:count"):
        await resolvers.reservations.release(member, Release(reservation.id, "k2", ReleaseReason.NOT_FOUND))
    associate = replace(member, viewer=ASSOCIATE)
    await resolvers.reservations.release(associate, Release(reservation.id, "k"))
    again = await resolvers.reservations.release(associate, Release(reservation.id, "k", ReleaseReason.NOT_FOUND))
    assert again.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "k"),)
    assert await to_do(member) == []


async def test_what_is_not_given_back_is_not_counted(member: Context) -> None:
    reservation = await kept(member)
    foreign = replace(member, viewer=SH002_ASSOCIATE)
    missing = await resolvers.reservations.release(foreign, Release(reservation.id, "k", ReleaseReason.NOT_FOUND))
    assert isinstance(missing.user_errors[0], UnknownReservation)
    await act(member, "confirm", reservation)
    associate = replace(member, viewer=ASSOCIATE)
    refused = await resolvers.reservations.release(associate, Release(reservation.id, "k", ReleaseReason.NOT_FOUND))
    assert isinstance(refused.user_errors[0], TransitionRefused)
    assert await to_do(member) == []
    assert (await level(member)).committed == 1


async def test_a_member_s_rights_do_not_reach_the_shelves(member: Context) -> None:
    reservation = await kept(replace(member, viewer=MEMBER), key="mine")
    with pytest.raises(NotAllowed):
        await resolvers.reservations.release(member, Release(reservation.id, "k", ReleaseReason.NOT_FOUND))
    (found,) = await member.sources.reservations.reservations([reservation.id])
    assert found
    assert found.state is ReservationState.ACTIVE
