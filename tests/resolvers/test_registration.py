"""Somebody becomes known by what they do, and a member by what they say."""

import asyncio
from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select

import resolvers.consents
import resolvers.registration
from datasources.store.engine import rows
from datasources.store.member_tables import access_log
from datasources.store.store import Store
from domain.consents import Purpose
from domain.members import ContactPreference, Gender, Identifier, IdentifierType, MemberStatus, Profile
from domain.refusals.general import EmptyField, ObservedInFuture, TransitionRefused
from domain.refusals.identity import BadIdentifier, CannotVerify
from domain.refusals.locations import NotYourLocation, UnknownLocation
from domain.refusals.members import UnknownMember
from domain.viewers import Role
from resolvers.identifiers import Name
from resolvers.registration import ContactWish, ProfileWish, Register, Update
from tests import builders
from tests.builders import NOW
from tests.people import identifier, keep, look_after, member
from tests.resolvers.identity import CARD, EVIDENCE, PHONE, by, erp, registered, verified
from tests.worlds import fill

pytestmark = pytest.mark.anyio
TYPE = IdentifierType


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [builders.shop("SH001"), builders.shop("SH002")])
    return store


async def test_a_prospect_joins_by_their_own_consent(shop: Store) -> None:
    await keep(shop, member("m1", status=MemberStatus.PROSPECT))
    ctx = by(shop, Role.MEMBER, "m1")
    wish = Register(EVIDENCE, "k", ProfileWish(" 王芳", Gender.FEMALE, date(1990, 5, 1)), home_location="SH001")
    joined = (await resolvers.registration.register(ctx, wish)).member
    assert joined
    assert joined.status is MemberStatus.ACTIVE
    assert joined.home_location_id == "SH001"
    assert joined.profile == Profile(" 王芳", Gender.FEMALE, date(1990, 5, 1))
    assert await resolvers.consents.granted(ctx, {"m1"}, Purpose.MEMBERSHIP) == {"m1"}
    assert await resolvers.registration.register(ctx, wish) == resolvers.registration.Answer(joined)
    again = await resolvers.registration.register(ctx, replace(wish, idempotency_key="other"))
    assert again.user_errors == (TransitionRefused(("input",), "ACTIVE", "ACTIVE", ()),)


async def test_an_associate_registers_into_their_own_store_and_vouches_for_nothing(shop: Store) -> None:
    ctx = by(shop, Role.ASSOCIATE, "ann", "SH001")
    made = await registered(ctx, Name(TYPE.PHONE, PHONE))
    assert (made.home_location_id, made.status, made.registration_source) == ("SH001", MemberStatus.ACTIVE, "STORE")
    assert made.identifiers == (Identifier(TYPE.PHONE, "+8613800138000", False, "ann", NOW),)
    assert [(look.member_id, look.viewer_id) for look in await rows(shop._readers, select(access_log))] == [
        (made.id, "ann")
    ]
    for wish, wrong in (
        ({"identifiers": [verified(TYPE.CARD, CARD)]}, CannotVerify(("input", "identifiers", 0, "isVerified"), "CARD")),
        ({"identifiers": [Name(TYPE.PHONE, "123")]}, BadIdentifier(("input", "identifiers", 0, "value"), "PHONE")),
        ({"identifiers": [Name(TYPE.POS_ID, "1")]}, EmptyField(("input", "identifiers", 0, "realm"))),
        ({"identifiers": ()}, EmptyField(("input", "identifiers"))),
        ({"registration_source": ""}, EmptyField(("input", "registrationSource"))),
        ({"home_location": "SH002"}, NotYourLocation(("input", "homeLocation"), "SH002")),
        ({"consent": replace(EVIDENCE, text_hash=" ")}, EmptyField(("input", "consent", "textHash"))),
    ):
        plain = Register(EVIDENCE, "k", identifiers=[Name(TYPE.CARD, CARD)], registration_source="STORE")
        answer = await resolvers.registration.register(ctx, replace(plain, **wish))
        assert tuple(answer.user_errors) == (wrong,)


async def test_whom_a_system_knows_already_joins_as_who_they_are(shop: Store) -> None:
    card = identifier(TYPE.CARD, "VIP00123456")
    await keep(shop, member("m1", status=MemberStatus.PROSPECT, identifiers=(card,)))
    joined = await registered(erp(shop), verified(TYPE.CARD, CARD), verified(TYPE.PHONE, PHONE))
    assert (joined.id, joined.status) == ("m1", MemberStatus.ACTIVE)
    assert {name.value for name in joined.identifiers} == {"VIP00123456", "+8613800138000"}
    assert joined.registration_source == "STORE"


async def test_by_two_names_of_two_prospects_one_member_joins(shop: Store) -> None:
    card, phone = identifier(TYPE.CARD, "VIP00123456"), identifier(TYPE.PHONE, "+8613800138000")
    prospects = [
        member("m1", status=MemberStatus.PROSPECT, identifiers=(card,)),
        member("m2", status=MemberStatus.PROSPECT, identifiers=(phone,)),
    ]
    await keep(shop, *prospects)
    joined = await registered(erp(shop), verified(TYPE.CARD, CARD), verified(TYPE.PHONE, PHONE))
    assert joined.id == "m1"
    assert joined.status is MemberStatus.ACTIVE
    assert len(joined.identifiers) == 2


async def test_a_member_says_how_they_want_to_be_spoken_to(shop: Store) -> None:
    await keep(shop, member("m1", profile=Profile("王芳", birthday=date(1990, 5, 1))))
    ctx = by(shop, Role.MEMBER, "m1")
    quiet = ContactWish("SMS", "zh", time(21), time(9))
    answer = await resolvers.registration.update(ctx, Update("k", contact_preference=quiet, home_location="SH002"))
    assert answer.member
    assert answer.member.contact == ContactPreference("SMS", "zh", time(21), time(9))
    assert (answer.member.profile, answer.member.home_location_id) == (
        Profile("王芳", birthday=date(1990, 5, 1)),
        "SH002",
    )
    for wish, wrong in (
        (Update("1", home_location="nowhere"), UnknownLocation(("input", "homeLocation"), "nowhere")),
        (
            Update("2", contact_preference=ContactWish(quiet_from=time(9))),
            EmptyField(("input", "contactPreference", "quietUntil")),
        ),
        (
            Update("3", profile=ProfileWish(birthday=date(2027, 1, 1))),
            ObservedInFuture(("input", "profile", "birthday"), NOW.replace(2027, 1, 1, 0), NOW),
        ),
        (Update("4", member="m2"), UnknownMember(("input", "member"), "m2")),
    ):
        assert tuple((await resolvers.registration.update(ctx, wish)).user_errors) == (wrong,)


async def test_an_associate_writes_down_what_their_client_told_and_moves_nobody(shop: Store) -> None:
    await keep(shop, member("m1", home_location_id="SH002"))
    await look_after(shop, "ann", "m1", location="SH001")
    ctx = by(shop, Role.ASSOCIATE, "ann", "SH001")
    answer = await resolvers.registration.update(ctx, Update("k", "m1", ProfileWish(name="Anna")))
    assert answer.member
    assert (answer.member.profile.name, answer.member.home_location_id) == ("Anna", "SH002")


async def test_an_order_makes_a_prospect_once_who_has_consented_to_nothing_MEM_11(shop: Store) -> None:
    phone = Identifier(TYPE.PHONE, "+8613800138000", False, "shop", NOW)

    async def ordered() -> str:
        async with shop.work() as work:
            return (await resolvers.registration.prospect_for(work, [phone], now=NOW)).id

    ids = await asyncio.gather(*(ordered() for _ in range(4)))
    assert len(set(ids)) == 1
    (found,) = await shop.members.members(ids[:1])
    assert found
    assert (found.status, found.registration_source) == (MemberStatus.PROSPECT, "shop")
    assert await shop.consents.consents(ids) == {}


async def test_who_shows_that_a_phone_is_theirs_is_the_prospect_who_ordered_with_it_MEM_11(shop: Store) -> None:
    told = identifier(TYPE.PHONE, "+8613800138000", is_verified=False)
    login = identifier(TYPE.OPENID, "o-1", realm="wx1")
    thief = member("thief", identifiers=(told, login), created_at=builders.LONG_AGO)
    number = identifier(TYPE.POS_ID, "17850", realm="till")
    await keep(shop, member("p1", status=MemberStatus.PROSPECT, identifiers=(number, told)), thief)
    async with shop.work() as work:
        shown = replace(told, is_verified=True, source="sms")
        found = await resolvers.registration.prospect_for(work, [shown], now=NOW)
    assert (found.id, set(found.identifiers)) == ("p1", {number, shown}), "whoever only typed it can still log in"
    assert (await shop.members.by_identifier({told.key}))[told.key].id == "p1"


async def test_whoever_shows_two_names_is_found_by_either_and_has_both_then(shop: Store) -> None:
    login = Identifier(TYPE.OPENID, "o-1", True, "wechat", NOW, "wx1")
    union = Identifier(TYPE.UNIONID, "u-1", True, "wechat", NOW)
    await keep(shop, member("m1", identifiers=(union,)))
    async with shop.work() as work:
        found = await resolvers.registration.prospect_for(work, [login, union], now=NOW)
    assert (found.id, {name.key for name in found.identifiers}) == ("m1", {login.key, union.key})
    async with shop.work() as work:
        made = await resolvers.registration.prospect_for(work, [replace(login, value="o-2")], now=NOW)
        assert await resolvers.registration.prospect_for(work, [replace(login, value="o-2")], now=NOW) == made
