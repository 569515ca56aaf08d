"""Sessions: tokens that follow each other, and their end: here, everywhere, and for a thief."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.sessions
from datasources.store.store import Store
from domain.members import MemberStatus
from domain.viewers import Role
from resolvers.errors import NotAllowed, Unauthenticated
from resolvers.sessions import End, EndAll
from tests.builders import ADMINISTRATOR
from tests.datasources.telling import Listener, drain
from tests.people import keep, order
from tests.resolvers.signing import House, codes, granted, staffed, worker

pytestmark = pytest.mark.anyio
OVER = ["SESSION_ENDED"]


async def test_a_refresh_token_is_changed_for_new_tokens_of_the_same_session(house: House) -> None:
    first = await house.by_wechat()
    house.clock.wind(timedelta(days=10))
    second = granted(await house.refreshed(first.refresh_token))
    assert second.expires_at == house.clock.now + timedelta(minutes=15)
    assert second.refresh_expires_at == house.clock.now + timedelta(days=30)
    told = [json.loads(one.access_token) for one in (first, second)]
    assert told[0] == told[1]
    assert second.viewer == first.viewer
    assert len({first.refresh_token, second.refresh_token}) == 2


async def test_a_former_refresh_token_ends_the_session_with_all_its_tokens(house: House) -> None:
    first = await house.by_wechat()
    second = granted(await house.refreshed(first.refresh_token))
    third = granted(await house.refreshed(second.refresh_token))
    assert codes(await house.refreshed(first.refresh_token)) == OVER
    assert house.has_ended(third)
    assert codes(await house.refreshed(third.refresh_token)) == OVER
    with pytest.raises(Unauthenticated) as refused:
        house.as_signed_in(third).check()
    assert refused.value.reason == "SESSION_ENDED"


async def test_of_many_who_show_one_token_at_once_exactly_one_is_answered(house: House) -> None:
    first = await house.by_wechat()
    answers = await asyncio.gather(*(house.refreshed(first.refresh_token) for _ in range(8)))
    assert len([one for one in answers if one.session]) == 1
    assert [codes(one) for one in answers if one.session is None] == [OVER] * 7
    assert house.has_ended(first)


async def test_who_does_not_come_back_for_thirty_days_signs_in_again(house: House) -> None:
    first = await house.by_wechat()
    house.clock.wind(timedelta(days=30))
    assert codes(await house.refreshed(first.refresh_token)) == OVER


@pytest.mark.parametrize("text", ["", "garbage", "a.b.c", "a.b", "x" * 10_000])
async def test_what_was_never_a_refresh_token_is_refused_and_ends_nothing(house: House, text: str) -> None:
    session = await house.by_wechat()
    assert codes(await house.refreshed(text)) == OVER
    id = session.refresh_token.partition(".")[0]
    assert codes(await house.refreshed(f"{id}.guess.guess")) == OVER
    assert codes(await resolvers.sessions.end(house.asked(), End(f"{id}.guess.guess"))) == OVER
    assert not house.has_ended(session)


async def test_who_signs_out_ends_one_session_by_either_token(house: House) -> None:
    phone, tablet, third = [await house.by_wechat(f"anna:{n}") for n in range(3)]
    assert (await resolvers.sessions.end(house.as_signed_in(phone), End())).ended_count == 1
    assert (await resolvers.sessions.end(house.asked(), End(tablet.refresh_token))).ended_count == 1
    assert [house.has_ended(one) for one in (phone, tablet, third)] == [True, True, False]
    assert codes(await resolvers.sessions.end(house.asked(), End(tablet.refresh_token))) == OVER


async def test_who_signs_out_everywhere_ends_all_of_theirs_and_nobody_elses(house: House) -> None:
    first, second = [await house.by_wechat(f"anna:{n}") for n in range(2)]
    other, staff = await house.by_wechat("bert"), granted(await (await staffed(house)).by_pin())
    assert (await resolvers.sessions.end_all(house.as_signed_in(first), EndAll(but_this=True))).ended_count == 1
    assert (await resolvers.sessions.end_all(house.as_signed_in(first), EndAll())).ended_count == 1
    assert [house.has_ended(one) for one in (first, second, other, staff)] == [True, True, False, False]


async def test_a_guest_has_no_session_to_end(house: House) -> None:
    for ended in (resolvers.sessions.end(house.asked(), End()), resolvers.sessions.end_all(house.asked(), EndAll())):
        with pytest.raises(NotAllowed):
            await ended
    assert codes(await resolvers.sessions.end(house.asked(ADMINISTRATOR), End())) == OVER


async def test_who_was_blocked_or_erased_is_signed_out_with_the_next_refresh(house: House) -> None:
    for person, status in (("anna", MemberStatus.BLOCKED), ("bert", MemberStatus.ERASED)):
        session = await house.by_wechat(person)
        member = (await house.store.members.members([json.loads(session.access_token)["sub"]]))[0]
        assert member is not None
        await keep(house.store, replace(member, status=status, identifiers=()))
        assert codes(await house.refreshed(session.refresh_token)) == OVER
        assert house.has_ended(session)


async def test_who_was_merged_goes_on_as_who_they_are_now(house: House) -> None:
    absorbed, survivor = await house.by_wechat("anna"), await house.by_wechat("bert")
    ids = [json.loads(one.access_token)["sub"] for one in (absorbed, survivor)]
    async with house.store.work() as work:
        held = (await work.members.locked({ids[0]}))[ids[0]]
        await work.members.write([replace(held, identifiers=(), merged_into=ids[1])])
        record = await resolvers.sessions.join(work, absorbed=ids[0], survivor=ids[1], now=house.clock())
    assert len(record["sessions"]) == 1
    after = granted(await house.refreshed(absorbed.refresh_token))
    assert json.loads(after.access_token)["sub"] == ids[1]
    async with house.store.work() as work:
        await resolvers.sessions.part(work, record, now=house.clock())
    assert [house.has_ended(one) for one in (after, survivor)] == [True, False]


async def test_who_is_forgotten_is_signed_out(house: House) -> None:
    session = await house.by_wechat()
    async with house.store.work() as work:
        await resolvers.sessions.forget(work, json.loads(session.access_token)["sub"], now=house.clock())
    assert house.has_ended(session)


async def test_another_worker_hears_of_the_end_or_reads_of_it(house: House, migrated_database_url: str) -> None:
    session, other = await house.by_wechat(), Store(migrated_database_url)
    elsewhere = worker(house, other)
    elsewhere.sources.ended.found()
    await resolvers.sessions.end(house.as_signed_in(session), End())
    assert not elsewhere.has_ended(session)
    listener = Listener()
    await drain(house.store, listener)
    elsewhere.sources.ended.heard(listener.heard)
    assert elsewhere.has_ended(session)
    fresh = worker(house, other)
    await fresh.sources.ended.read(other.sessions, house.clock())
    assert fresh.has_ended(session)
    await other.close()


async def test_sessions_that_were_over_long_ago_are_forgotten(house: House) -> None:
    ended, running = await house.by_wechat("anna"), await house.by_wechat("bert")
    await resolvers.sessions.end(house.as_signed_in(ended), End())
    before = house.clock() + timedelta(days=1)
    await house.store.forget(events_before=before, answers_before=before, limit=10)
    async with house.store.work() as work:
        for session, is_kept in ((ended, False), (running, True)):
            assert (await work.sessions.locked(json.loads(session.access_token)["sid"]) is not None) == is_kept
        assert await work.sessions.running_of({"nobody"}, Role.MEMBER) == []


async def test_a_members_tokens_carry_their_tier_and_the_next_one_a_new_tier(house: House, store: Store) -> None:
    first = await house.by_wechat()
    assert first.viewer is not None
    ladder = house.asked().policies.ladder.tiers
    bought = order("o1", first.viewer.id, ladder[-1].threshold_minor, at=house.clock.now - timedelta(days=1))
    await keep(store, orders=[bought])
    second = granted(await house.refreshed(first.refresh_token))
    tiers = [json.loads(one.access_token)["tier"] for one in (first, second)]
    assert tiers == [ladder[0].code, ladder[-1].code]
