"""What somebody allows is their word or what staff heard, with its evidence; the last word counts."""

from dataclasses import replace

import pytest

import resolvers.consents
from datasources.store.store import Store
from domain.consents import ConsentState, Purpose
from domain.refusals.general import EmptyField
from domain.refusals.members import UnknownMember
from domain.viewers import Role
from resolvers.consents import Grant, Withdraw
from resolvers.context import Context
from tests.builders import NOW, minutes
from tests.people import keep, member
from tests.resolvers.identity import EVIDENCE, by, erp

pytestmark = pytest.mark.anyio
MARKETING = Purpose.MARKETING


@pytest.fixture
async def ctx(store: Store) -> Context:
    await keep(store, member("m1"), member("m2"))
    return by(store, Role.MEMBER, "m1")


async def states(ctx: Context) -> list[tuple[str, str]]:
    (said,) = await resolvers.consents.consents_of(ctx, [member("m1")])
    return [(one.channel, one.state.value) for one in said]


async def test_a_yes_permits_and_a_no_ends_it_and_both_are_kept(ctx: Context, store: Store) -> None:
    await resolvers.consents.grant(ctx, Grant(MARKETING, EVIDENCE, "1", channel="SMS"))
    assert await resolvers.consents.granted(ctx, {"m1", "m2"}, MARKETING, channel="SMS") == {"m1"}
    assert await resolvers.consents.granted(ctx, {"m1"}, MARKETING) == set()
    later = by(store, Role.MEMBER, "m1", at=NOW + minutes(1))
    answer = await resolvers.consents.withdraw(later, Withdraw(MARKETING, EVIDENCE, "2", channel="SMS"))
    assert answer.member
    assert await resolvers.consents.granted(ctx, {"m1"}, MARKETING, channel="SMS") == set()
    (history,) = await resolvers.consents.history_of(ctx, [answer.member])
    assert [(one.state, one.at) for one in history] == [
        (ConsentState.WITHDRAWN, NOW + minutes(1)),
        (ConsentState.GRANTED, NOW),
    ]
    assert {(one.version, one.place, one.text_hash) for one in history} == {("v1", "SH001 counter", "f00dcafe")}


async def test_who_never_allowed_it_denies_it(ctx: Context) -> None:
    await resolvers.consents.withdraw(ctx, Withdraw(MARKETING, EVIDENCE, "1"))
    assert await states(ctx) == [("", "DENIED")]


async def test_staff_write_down_what_they_heard_and_a_member_only_their_own(ctx: Context, store: Store) -> None:
    answer = await resolvers.consents.grant(erp(store), Grant(MARKETING, EVIDENCE, "1", member="m1"))
    assert answer.member
    assert await states(ctx) == [("", "GRANTED")]
    refused = await resolvers.consents.grant(ctx, Grant(MARKETING, EVIDENCE, "1", member="m2"))
    assert refused.user_errors == (UnknownMember(("input", "member"), "m2"),)


async def test_without_evidence_nothing_was_said(ctx: Context) -> None:
    wish = Grant(MARKETING, replace(EVIDENCE, place="", version=" "), "1")
    at = ("input", "evidence")
    answer = await resolvers.consents.grant(ctx, wish)
    assert answer.user_errors == (EmptyField((*at, "version")), EmptyField((*at, "place")))
    assert await states(ctx) == []


async def test_a_word_sent_again_is_said_once(ctx: Context) -> None:
    for _ in "12":
        await resolvers.consents.grant(ctx, Grant(MARKETING, EVIDENCE, "1"))
    (history,) = await resolvers.consents.history_of(ctx, [member("m1")])
    assert len(history) == 1
