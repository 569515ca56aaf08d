"""A name that two have makes them one, or is left to a person; nobody vouches for what they did not see."""

import asyncio

import pytest

import resolvers.identifiers
from datasources.store.store import Store
from domain.events import Topic
from domain.members import IdentifierKey, IdentifierType
from domain.merging import Obstacle
from domain.refusals.identity import BadIdentifier, CannotVerify, IdentifierTaken, OtherPhone, UnknownIdentifier
from domain.viewers import Role
from resolvers.identifiers import Name, Unlink
from tests import builders
from tests.people import identifier, keep, look_after, member
from tests.resolvers.identity import CARD, EMAIL, PHONE, by, erp, linked, live, verified
from tests.resolvers.stocktaking import told
from tests.worlds import fill

pytestmark = pytest.mark.anyio
TYPE = IdentifierType
NUMBER = "+8613800138000"


async def test_a_member_says_their_e_mail_themself_and_does_not_vouch_for_it(store: Store) -> None:
    await keep(store, member("m1"))
    ctx = by(store, Role.MEMBER, "m1")
    answer = await linked(ctx, member("m1"), Name(TYPE.EMAIL, EMAIL))
    assert answer.member
    assert [(name.value, name.is_verified) for name in answer.member.identifiers] == [("fang.wang@example.com", False)]
    assert (Topic.MEMBER_CHANGED, "m1") in await told(store)
    refused = await linked(ctx, member("m1"), verified(TYPE.EMAIL, EMAIL))
    assert refused.user_errors == (CannotVerify(("input", "isVerified"), "EMAIL"),)
    wrong = await linked(ctx, member("m1"), Name(TYPE.EMAIL, "fang", "realm"))
    at = [("input", "value"), ("input", "realm")]
    assert wrong.user_errors == tuple(BadIdentifier(path, "EMAIL") for path in at)


async def test_what_is_told_and_then_shown_is_verified(store: Store) -> None:
    await keep(store, member("m1", identifiers=(identifier(TYPE.PHONE, NUMBER, is_verified=False),)))
    answer = await linked(erp(store), member("m1"), verified(TYPE.PHONE, PHONE))
    assert answer.member
    assert [(name.value, name.is_verified) for name in answer.member.identifiers] == [(NUMBER, True)]


async def test_a_card_that_another_has_makes_both_one(store: Store) -> None:
    await keep(store, member("m1", identifiers=(identifier(TYPE.PHONE, NUMBER),)))
    await keep(store, member("m2", identifiers=(identifier(TYPE.CARD, "VIP00123456"),), created_at=builders.LONG_AGO))
    answer = await linked(erp(store), member("m1"), verified(TYPE.CARD, CARD))
    assert answer.member
    assert (answer.member.id, answer.is_queued) == ("m2", False)
    assert {name.value for name in answer.member.identifiers} == {NUMBER, "VIP00123456"}
    assert [one.id for one in await live(store, [member("m1"), member("m2")])] == ["m2"]


async def test_with_two_phones_a_person_decides_and_is_asked_once_MEM_1(store: Store) -> None:
    phones = [identifier(TYPE.PHONE, number) for number in (NUMBER, "+8613900139000")]
    card = identifier(TYPE.CARD, "VIP00123456")
    await keep(store, member("m1", identifiers=(phones[0],)), member("m2", identifiers=(phones[1], card)))
    for key in "12":
        answer = await linked(erp(store), member("m1"), verified(TYPE.CARD, CARD), key=key)
        assert answer.is_queued
        assert answer.member
        assert answer.member.identifiers == (phones[0],)
    (case,) = await store.merges.open_cases(after=None, limit=9)
    assert (case.first_id, case.second_id, case.obstacle) == ("m1", "m2", Obstacle.DIFFERENT_PHONES)


async def test_a_second_phone_is_refused_while_the_first_is_theirs(store: Store) -> None:
    await keep(store, member("m1", identifiers=(identifier(TYPE.PHONE, "+8613900139000"),)))
    answer = await linked(erp(store), member("m1"), verified(TYPE.PHONE, PHONE))
    assert answer.user_errors == (OtherPhone(("input", "value")),)
    gone = await resolvers.identifiers.unlink(erp(store), Unlink(TYPE.PHONE, "139 0013 9000", "k", "m1"))
    assert gone.member
    assert gone.member.identifiers == ()
    assert (await linked(erp(store), member("m1"), verified(TYPE.PHONE, PHONE), key="again")).member


async def test_a_verified_e_mail_is_one_member_s_and_merges_nobody_MEM_2(store: Store) -> None:
    await keep(store, member("m1", identifiers=(identifier(TYPE.EMAIL, "fang.wang@example.com"),)), member("m2"))
    answer = await linked(erp(store), member("m2"), verified(TYPE.EMAIL, EMAIL))
    assert answer.user_errors == (IdentifierTaken(("input", "value"), "EMAIL"),)


async def test_an_associate_takes_back_only_what_nobody_has_verified(store: Store, migrated_database_url: str) -> None:
    await fill(migrated_database_url, [builders.shop("SH001")])
    await keep(store, member("m1", identifiers=(identifier(TYPE.PHONE, NUMBER),)))
    await look_after(store, "ann", "m1", location="SH001")
    ann = by(store, Role.ASSOCIATE, "ann", "SH001")
    refused = await resolvers.identifiers.unlink(ann, Unlink(TYPE.PHONE, PHONE, "k", "m1"))
    assert refused.user_errors == (CannotVerify(("input", "value"), "PHONE"),)
    unknown = await resolvers.identifiers.unlink(ann, Unlink(TYPE.CARD, CARD, "k", "m1"))
    assert unknown.user_errors == (UnknownIdentifier(("input", "value"), "CARD"),)
    await linked(ann, member("m1"), Name(TYPE.CARD, CARD))
    gone = await resolvers.identifiers.unlink(ann, Unlink(TYPE.CARD, CARD, "k", "m1"))
    assert gone.member
    assert [name.type for name in gone.member.identifiers] == [TYPE.PHONE]


async def test_a_phone_linked_to_two_at_once_ends_with_one_live_member_MEM_2(store: Store) -> None:
    people = [member(f"m{n}") for n in range(4)]
    await keep(store, *people)
    name = verified(TYPE.PHONE, PHONE)
    answers = await asyncio.gather(*(linked(erp(store), one, name) for one in people))
    assert not any(answer.user_errors for answer in answers)
    (survivor,) = await live(store, people)
    assert survivor.id == "m0"
    assert [one.value for one in survivor.identifiers] == [NUMBER]
    assert (await store.members.by_identifier({IdentifierKey(TYPE.PHONE, NUMBER)})).keys()
