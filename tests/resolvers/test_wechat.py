"""Who signs in by WeChat is the same person every time; whom nobody knows is a prospect with no consent."""

import asyncio
import json
from dataclasses import replace

import pytest

import resolvers.sessions
import resolvers.wechat
from datasources.ports.errors import Rejected, Unavailable
from datasources.wechat.absent import AbsentWeChat
from datasources.wechat.simulator import SimulatedWeChat
from domain.members import Identifier, IdentifierKey, IdentifierType, Member, MemberStatus
from domain.viewers import Role, Viewer
from resolvers.errors import NotAllowed, Unauthenticated
from resolvers.sessions import End, Granted
from resolvers.wechat import BindPhone, Bound, Login
from tests.builders import ADMINISTRATOR
from tests.people import identifier, keep, member
from tests.resolvers.signing import PHONE, House, codes, granted

pytestmark = pytest.mark.anyio
PHONE_KEY = IdentifierKey(IdentifierType.PHONE, PHONE)


async def bound(house: House, session: Granted, code: str = PHONE) -> Bound:
    return await resolvers.wechat.bind_phone(house.as_signed_in(session), BindPhone(code))


async def known(house: House) -> list[Member]:
    """Everybody there is."""
    people = await asyncio.gather(*(house.sources.wechat.session(f"{name}:look") for name in ("anna", "bert")))
    keys = {IdentifierKey(IdentifierType.OPENID, who.openid, "wx-simulated") for who in people}
    return list((await house.store.members.by_identifier(keys)).values())


async def test_whom_nobody_knows_is_a_prospect_who_has_consented_to_nothing_MEM_11(house: House) -> None:
    session = await house.by_wechat()
    (prospect,) = await known(house)
    assert session.viewer == prospect
    assert (prospect.status, prospect.registration_source) == (MemberStatus.PROSPECT, "WECHAT")
    assert {one.type for one in prospect.identifiers} == {IdentifierType.OPENID, IdentifierType.UNIONID}
    assert not any(await house.store.consents.consents([prospect.id]))
    assert json.loads(session.access_token)["sub"] == prospect.id


async def test_the_same_person_is_the_same_member_every_time(house: House) -> None:
    first, second = await house.by_wechat("anna:1"), await house.by_wechat("anna:2")
    other = await house.by_wechat("solo")
    assert first.viewer == second.viewer
    assert other.viewer
    assert len(other.viewer.identifiers) == 1
    assert other.viewer != first.viewer


async def test_who_signs_in_twice_at_once_for_the_first_time_becomes_one_member(house: House) -> None:
    sessions = await asyncio.gather(*(house.by_wechat(f"anna:{n}") for n in range(6)))
    assert len({session.viewer.id for session in sessions if session.viewer}) == 1


async def test_whom_another_app_of_the_house_knows_by_unionid_is_recognised(house: House) -> None:
    unionid = (await SimulatedWeChat().session("anna")).unionid or ""
    await keep(house.store, member("m1", identifiers=(identifier(IdentifierType.UNIONID, unionid),)))
    session = await house.by_wechat("anna")
    assert session.viewer is not None
    assert (session.viewer.id, session.viewer.version) == ("m1", 2)
    assert await known(house) == [session.viewer]


async def test_a_code_that_wechat_does_not_take_is_refused(house: House) -> None:
    await house.by_wechat("anna:1")
    for code in ("bad", "badger", "anna:1", "", ":1"):
        assert codes(await resolvers.wechat.login(house.asked(), Login(code))) == ["WECHAT_REFUSED"]


async def test_a_member_who_is_blocked_is_not_let_in(house: House) -> None:
    session = await house.by_wechat("anna:1")
    assert session.viewer
    await keep(house.store, replace(session.viewer, status=MemberStatus.BLOCKED))
    assert codes(await resolvers.wechat.login(house.asked(), Login("anna:2"))) == ["MEMBER_BLOCKED"]


async def test_who_binds_a_phone_goes_on_in_the_session_with_new_tokens(house: House) -> None:
    before = await house.by_wechat()
    after = granted(await bound(house, before))
    assert after.viewer
    assert PHONE_KEY in {one.key for one in after.viewer.identifiers if one.is_verified}
    assert json.loads(after.access_token) == json.loads(before.access_token)
    assert codes(await house.refreshed(before.refresh_token)) == ["SESSION_ENDED"]
    again = [await house.refreshed(after.refresh_token), await house.by_phone(await house.code_for())]
    assert [who(granted(one)) for one in again] == [who(after)] * 2


async def test_binding_the_same_phone_again_changes_nothing(house: House) -> None:
    first = granted(await bound(house, await house.by_wechat(), f"{PHONE}:1"))
    second = granted(await bound(house, first, f"{PHONE}:2"))
    assert who(second) == who(first)


async def test_who_was_signed_out_meanwhile_binds_nothing(house: House) -> None:
    session = await house.by_wechat()
    await resolvers.sessions.end(house.asked(), End(session.refresh_token))
    with pytest.raises(Unauthenticated):
        await bound(house, session)
    assert await house.store.members.by_identifier({PHONE_KEY}) == {}


async def test_a_token_that_no_session_gave_out_begins_one(house: House) -> None:
    session = await house.by_wechat()
    assert session.viewer
    issued = Viewer(session.viewer.id, Role.MEMBER)
    after = granted(await resolvers.wechat.bind_phone(house.asked(issued), BindPhone(PHONE)))
    assert granted(await house.refreshed(after.refresh_token)).viewer


def who(session: Granted) -> tuple[str, int, frozenset[Identifier]]:
    """Whose session it is, and what they are called by; in whatever order."""
    assert session.viewer
    return session.viewer.id, session.viewer.version, frozenset(session.viewer.identifiers)


async def test_who_binds_the_phone_of_another_member_is_that_one_from_now_on_MEM_2(house: House) -> None:
    phone = identifier(IdentifierType.PHONE, PHONE)
    await keep(house.store, member("m1", identifiers=(phone,)))
    before = await house.by_wechat("anna:1")
    after = granted(await bound(house, before))
    assert json.loads(after.access_token)["sub"] == "m1"
    assert after.viewer
    assert {one.type for one in after.viewer.identifiers} == {
        IdentifierType.PHONE,
        IdentifierType.OPENID,
        IdentifierType.UNIONID,
    }
    again = [granted(await house.refreshed(after.refresh_token)), await house.by_wechat("anna:2")]
    assert {json.loads(one.access_token)["sub"] for one in again} == {"m1"}


async def test_who_has_another_phone_than_whom_they_share_one_with_waits_for_a_person(house: House) -> None:
    await keep(house.store, member("m1", identifiers=(identifier(IdentifierType.PHONE, PHONE),)))
    before = granted(await bound(house, await house.by_wechat(), "13900139000"))
    answer = await bound(house, before)
    assert answer.is_queued
    assert who(granted(answer)) == who(before)


async def test_whose_membership_is_forgotten_leaves_no_code_of_their_phone(house: House) -> None:
    session = granted(await bound(house, await house.by_wechat()))
    await house.code_for()
    assert session.viewer
    async with house.store.work() as work:
        await resolvers.sessions.forget(work, session.viewer.id, now=house.clock())
    async with house.store.work() as work:
        assert await work.codes.locked(PHONE) is None
    assert house.has_ended(session)


async def test_only_a_member_binds_a_phone(house: House) -> None:
    for ctx, code in ((house.asked(), "UNAUTHENTICATED"), (house.asked(ADMINISTRATOR), "FORBIDDEN")):
        with pytest.raises(NotAllowed) as refused:
            await resolvers.wechat.bind_phone(ctx, BindPhone(PHONE))
        assert refused.value.code == code
    assert codes(await bound(house, await house.by_wechat(), "bad")) == ["WECHAT_REFUSED"]


async def test_where_no_wechat_is_configured_it_is_a_source_that_is_away(house: House) -> None:
    away = replace(house.asked(), sources=replace(house.sources, wechat=AbsentWeChat()))
    with pytest.raises(Unavailable):
        await resolvers.wechat.login(away, Login("anna"))
    with pytest.raises(Unavailable):
        await AbsentWeChat().phone("anna")


async def test_a_simulated_code_works_once_for_each_use_and_a_phone_is_the_same_every_time() -> None:
    simulated = SimulatedWeChat()
    await simulated.session("anna:1")
    phones = [await simulated.phone(code) for code in ("anna:1", "anna:2", "13800138000")]
    assert phones[0] == phones[1]
    assert phones[2] == "13800138000"
    with pytest.raises(Rejected):
        await simulated.phone("anna:1")
