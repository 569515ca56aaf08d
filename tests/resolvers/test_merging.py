"""Two records become one person, and two again when that was wrong; what nobody can know is asked of a person."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

import resolvers.consents
import resolvers.members
import resolvers.merge_cases
from datasources.store.store import Store
from domain.consents import ConsentState, Purpose
from domain.events import Topic
from domain.members import ContactPreference, IdentifierType, Member, MemberStatus, Profile
from domain.merging import Decision, MergeCase, Obstacle
from domain.refusals.identity import (
    CaseDecided,
    CaseObsolete,
    KeptApart,
    MergeFinal,
    SameMember,
    UnknownMerge,
    UnknownMergeCase,
)
from domain.refusals.members import UnknownMember
from domain.viewers import Role
from resolvers import ids
from resolvers.merge_cases import Answer, Ask, Resolve, Undo
from tests import builders
from tests.builders import NOW
from tests.people import consent, identifier, keep, member
from tests.resolvers.identity import CARD, PHONE, by, erp, linked, live, verified
from tests.resolvers.stocktaking import told

pytestmark = pytest.mark.anyio
TYPE = IdentifierType
OLD = member(
    "old",
    created_at=builders.LONG_AGO,
    profile=Profile("王芳", birthday=date(1990, 5, 1)),
    identifiers=(identifier(TYPE.PHONE, "+8613800138000"),),
)
NEW = member(
    "new",
    profile=Profile("Fang", birthday=date(1991, 5, 1)),
    contact=ContactPreference("SMS"),
    identifiers=(identifier(TYPE.CARD, "VIP00123456"), identifier(TYPE.EMAIL, "a@x.com", is_verified=False)),
)
OTHER_PHONE = member("two", identifiers=(identifier(TYPE.PHONE, "+8613900139000"),))


@pytest.fixture
async def both(store: Store) -> Store:
    """One person twice, one of them with another birthday, and somebody with another phone."""
    await keep(store, OLD, NEW, OTHER_PHONE)
    async with store.work() as work:
        yes = [consent(Purpose.MEMBERSHIP), consent(Purpose.MARKETING), consent(Purpose.PROFILING)]
        no = [consent(Purpose.MEMBERSHIP), consent(Purpose.MARKETING, ConsentState.DENIED)]
        await work.consents.write({"old": yes, "new": no})
    return store


async def merged(store: Store, one: str = "new", other: str = "old", *, key: str = "merge") -> Answer:
    return await resolvers.merge_cases.merge(erp(store), Ask(one, other, key))


async def undone(store: Store, answer: Answer, *, days: int = 0, key: str = "undo") -> Answer:
    assert answer.merge
    ctx = erp(store, at=NOW + timedelta(days=days))
    return await resolvers.merge_cases.unmerge(ctx, Undo(ids.encode("MemberMerge", answer.merge.id), key))


async def waiting(store: Store) -> MergeCase:
    (case,) = await store.merges.open_cases(after=None, limit=9)
    return case


async def stands(store: Store) -> list[Member]:
    found = await store.members.members(["old", "new"])
    return [replace(one, version=1) for one in found if one]


async def test_the_oldest_goes_on_with_everything_and_both_tokens_are_theirs(both: Store) -> None:
    answer = await merged(both)
    assert answer.merge
    assert (answer.merge.kept.id, answer.merge.absorbed.id, answer.merge.by) == ("old", "new", "erp")
    own = [(await resolvers.members.me(by(both, Role.MEMBER, id), [None]))[0] for id in ("old", "new")]
    assert own[0] == own[1]
    assert own[0]
    assert {name.value for name in own[0].identifiers} == {"+8613800138000", "VIP00123456", "a@x.com"}
    assert own[0].profile == Profile("王芳", None, date(1990, 5, 1), NOW + timedelta(days=365))
    assert own[0].contact == ContactPreference("SMS")
    assert [event for event in await told(both) if event[0] is Topic.MEMBER_CHANGED] == [
        (Topic.MEMBER_CHANGED, "old"),
        (Topic.MEMBER_CHANGED, "new"),
    ]


async def test_merged_they_allow_what_both_allowed_MEM_5(both: Store) -> None:
    await merged(both)
    (said,) = (await both.consents.consents({"old", "new"})).values()
    assert {(one.purpose.value, one.state.value) for one in said} == {
        ("MEMBERSHIP", "GRANTED"),
        ("MARKETING", "DENIED"),
        ("PROFILING", "UNKNOWN"),
    }


async def test_merged_and_taken_apart_both_are_as_before_MEM_4(both: Store) -> None:
    before, said = await stands(both), await both.consents.consents({"old", "new"})
    answer = await undone(both, await merged(both), days=29)
    assert answer.merge
    assert answer.merge.undone_at == NOW + timedelta(days=29)
    assert await stands(both) == before
    assert await both.consents.consents({"old", "new"}) == said


async def test_what_was_said_since_a_merge_stays_with_who_went_on_MEM_4(both: Store) -> None:
    answer = await merged(both)
    no = consent(Purpose.MEMBERSHIP, ConsentState.WITHDRAWN)
    async with both.work() as work:
        await work.consents.write({"old": [replace(no, at=NOW + timedelta(days=1))]})
    await undone(both, answer)
    said = await both.consents.consents({"old", "new"})
    states = {id: {one.purpose.value: one.state.value for one in words} for id, words in said.items()}
    assert states == {
        "old": {"MEMBERSHIP": "WITHDRAWN", "MARKETING": "GRANTED", "PROFILING": "GRANTED"},
        "new": {"MEMBERSHIP": "GRANTED", "MARKETING": "DENIED"},
    }


async def test_a_merge_is_taken_back_once_and_within_thirty_days(both: Store) -> None:
    answer = await merged(both)
    final = (MergeFinal(("input", "merge"), NOW + timedelta(days=30)),)
    assert (await undone(both, answer, days=30, key="late")).user_errors == final
    await undone(both, answer)
    assert (await undone(both, answer, key="twice")).user_errors == final
    unknown = await resolvers.merge_cases.unmerge(erp(both), Undo("none", "k"))
    assert unknown.user_errors == (UnknownMerge(("input", "merge"), "none"),)


async def test_whom_somebody_took_apart_no_card_makes_one_again(both: Store) -> None:
    await undone(both, await merged(both))
    refused = await linked(erp(both), OLD, verified(TYPE.CARD, CARD))
    assert refused.user_errors == (KeptApart(("input", "value"), "CARD"),)
    assert (await merged(both, key="a person says so")).merge


async def test_three_records_part_in_the_order_they_came_together(both: Store) -> None:
    third = member("third", created_at=builders.LONG_AGO - timedelta(days=1))
    await keep(both, third)
    first = await merged(both)
    second = await merged(both, "new", "third", key="second")
    assert second.merge
    assert (second.merge.kept.id, second.merge.absorbed.id) == ("third", "old")
    assert (await undone(both, first)).user_errors, "who went on then has gone on as somebody else"
    await undone(both, second, key="2")
    await undone(both, first, key="1")
    assert [one.id for one in await live(both, [OLD, NEW, third])] == ["old", "new", "third"]


async def test_two_phones_wait_for_a_person_who_says_that_they_are_one(both: Store) -> None:
    answer = await merged(both, "two")
    assert answer.case
    assert (answer.merge, answer.case.obstacle) == (None, Obstacle.DIFFERENT_PHONES)
    assert await waiting(both) == answer.case
    ctx = erp(both)
    decided = await resolvers.merge_cases.resolve(ctx, Resolve(answer.case.id, Decision.MERGED, "k"))
    assert decided.case
    assert (decided.case.decision, decided.case.decided_by) == (Decision.MERGED, "erp")
    (survivor,) = await live(both, [OLD, OTHER_PHONE])
    assert {one.value for one in survivor.identifiers} == {"+8613800138000", "+8613900139000"}
    again = await resolvers.merge_cases.resolve(ctx, Resolve(answer.case.id, Decision.KEPT_APART, "k2"))
    assert again.user_errors == (CaseDecided(("input", "case"), "MERGED"),)
    ((shown,),) = await resolvers.merge_cases.members_of(ctx, [decided.case])
    assert shown.id == "old"


async def test_who_is_blocked_is_merged_by_a_person_only_and_kept_apart_they_stay(both: Store) -> None:
    card = identifier(TYPE.CARD, "VIP00999999")
    await keep(both, member("bad", status=MemberStatus.BLOCKED, identifiers=(card,)))
    assert (await linked(erp(both), NEW, verified(TYPE.CARD, "VIP00999999"))).is_queued
    case = await waiting(both)
    assert case.obstacle is Obstacle.BLOCKED_MEMBER
    await resolvers.merge_cases.resolve(erp(both), Resolve(case.id, Decision.KEPT_APART, "k"))
    refused = await linked(erp(both), NEW, verified(TYPE.CARD, "VIP00999999"), key="again")
    assert refused.user_errors == (KeptApart(("input", "value"), "CARD"),)
    assert await both.merges.open_cases(after=None, limit=9) == []


async def test_a_case_whose_members_are_gone_can_only_be_closed(both: Store) -> None:
    answer = await merged(both, "two")
    assert answer.case
    await merged(both, key="2")
    await keep(both, replace(OTHER_PHONE, merged_into="old", identifiers=()))
    gone = await resolvers.merge_cases.resolve(erp(both), Resolve(answer.case.id, Decision.MERGED, "k"))
    assert gone.user_errors == (CaseObsolete(("input", "case")),)
    unknown = await resolvers.merge_cases.resolve(erp(both), Resolve("none", Decision.MERGED, "k2"))
    assert unknown.user_errors == (UnknownMergeCase(("input", "case"), "none"),)


async def test_nobody_is_merged_with_themself_or_with_nobody(both: Store) -> None:
    assert (await merged(both, "old", "old")).user_errors == (SameMember(("input", "other"), "old"),)
    assert (await merged(both, "old", "none")).user_errors == (UnknownMember(("input", "other"), "none"),)
    await merged(both)
    assert (await merged(both, key="2")).user_errors == (SameMember(("input", "other"), "old"),)


async def test_merged_by_two_at_once_they_are_merged_once(both: Store) -> None:
    answers = await asyncio.gather(*(merged(both, key=f"k{n}") for n in range(3)))
    assert sum(answer.merge is not None for answer in answers) == 1
    assert len((await both.merges.into({"old"}, limit=9))["old"]) == 1


async def test_the_queue_is_read_page_by_page_the_oldest_first(both: Store) -> None:
    people = [member(f"p{n}", identifiers=(identifier(TYPE.PHONE, f"+861380013800{n}"),)) for n in range(1, 4)]
    await keep(both, *people)
    for n, one in enumerate(people):
        ctx = erp(both, at=NOW + timedelta(minutes=n))
        await resolvers.merge_cases.merge(ctx, Ask(one.id, "old", f"k{n}"))
    seen: list[str] = []
    after = None
    while True:
        (page,) = await resolvers.merge_cases.queue(erp(both), [None], first=2, after=after)
        seen += [case.second_id for case in page.nodes]
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            break
    assert seen == ["p1", "p2", "p3"]


async def test_a_replay_of_a_merge_answers_as_before(both: Store) -> None:
    first = await merged(both)
    assert await merged(both) == first
    assert await linked(erp(both), NEW, verified(TYPE.PHONE, PHONE)) == await linked(
        erp(both), NEW, verified(TYPE.PHONE, PHONE)
    )
