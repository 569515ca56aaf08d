"""A member sees their own; staff see masked what they have no right or leave to see, and each look is written down."""

from datetime import date

import pytest
from sqlalchemy import select

import resolvers.personal
from datasources.store.engine import rows
from datasources.store.member_tables import access_log
from datasources.store.store import Store
from domain.consents import ConsentState, Purpose
from domain.members import Gender, IdentifierType, Member, Profile
from domain.viewers import SCOPES_OF_ROLE, Role, Scope, Viewer
from tests.people import consent, identifier, keep, member
from tests.resolvers.identity import by, erp
from tests.worlds import asked

pytestmark = pytest.mark.anyio
TOLD = Profile("王芳", Gender.FEMALE, date(1990, 5, 1))
NAMES = (
    identifier(IdentifierType.EMAIL, "fang.wang@example.com"),
    identifier(IdentifierType.PHONE, "+8613800138000"),
)
PEOPLE = [member(id, profile=TOLD, identifiers=NAMES if id == "m1" else ()) for id in ("m1", "m2", "m3")]
MASKED = Profile("王*")


@pytest.fixture
async def people(store: Store) -> Store:
    """Three with the same name: one shares it with associates, one has stopped to, one was never asked."""
    await keep(store, *PEOPLE)
    async with store.work() as work:
        share = Purpose.SHARE_WITH_ASSOCIATE
        await work.consents.write({"m1": [consent(share)], "m2": [consent(share, ConsentState.WITHDRAWN)]})
    return store


async def looks(store: Store) -> list[tuple[str, str, list[str]]]:
    found = await rows(store._readers, select(access_log).order_by(access_log.c.id))
    return [(look.member_id, look.viewer_id, look.fields) for look in found if look.kind == "UNMASK"]


async def test_a_member_sees_their_own_and_nobody_is_told(people: Store) -> None:
    ctx = by(people, Role.MEMBER, "m1")
    seen = await resolvers.personal.profiles(ctx, PEOPLE[:1])
    assert [(one.profile, one.is_masked) for one in seen] == [(TOLD, False)]
    (names,) = await resolvers.personal.identifiers(ctx, PEOPLE[:1])
    assert [name.value for name in names] == ["fang.wang@example.com", "+8613800138000"]
    assert await looks(people) == []


async def test_an_associate_sees_what_a_member_shares_and_the_look_is_written_down_CLI_2(people: Store) -> None:
    ctx = by(people, Role.ASSOCIATE, "ann", "SH001", request_id="r-1")
    seen = await resolvers.personal.profiles(ctx, PEOPLE)
    assert [(one.profile, one.is_masked) for one in seen] == [(TOLD, False), (MASKED, True), (MASKED, True)]
    assert await looks(people) == [("m1", "ann", ["name", "gender", "birthday"])]


async def test_masked_names_are_enough_to_ask_whether_they_are_theirs_CLI_2(people: Store) -> None:
    scopes = SCOPES_OF_ROLE[Role.ASSOCIATE] - {Scope.PERSONAL_DATA}
    ctx = asked(people, viewer=Viewer("ann", Role.ASSOCIATE, scopes, location_id="SH001"))
    (names,) = await resolvers.personal.identifiers(ctx, PEOPLE[:1])
    assert [(name.value, name.is_masked) for name in names] == [("f***@example.com", True), ("138****8000", True)]
    assert await looks(people) == []


@pytest.mark.parametrize("found", [PEOPLE, PEOPLE[:1]])
async def test_a_system_with_the_right_sees_all_of_them_in_one_look(people: Store, found: list[Member]) -> None:
    seen = await resolvers.personal.profiles(erp(people), found)
    assert {one.is_masked for one in seen} == {False}
    assert [member_id for member_id, _, _ in await looks(people)] == [one.id for one in found]


async def test_a_system_without_the_right_sees_them_masked(people: Store) -> None:
    scopes = SCOPES_OF_ROLE[Role.INTEGRATOR] - {Scope.PERSONAL_DATA}
    seen = await resolvers.personal.profiles(asked(people, viewer=Viewer("erp", Role.INTEGRATOR, scopes)), PEOPLE)
    assert {one.profile for one in seen} == {MASKED}
