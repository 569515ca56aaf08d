"""Client tasks: what comes of the calendar, of the shelf and by hand, until somebody says what became of it."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.behaviour import Behaviour, BehaviourKind
from domain.client_tasks import ClientTask, ClientTaskKind, ClientTaskState
from domain.consents import Purpose
from domain.refusals.clients import UnknownAssociate, UnknownClientTask
from domain.refusals.general import EmptyField, TransitionRefused
from domain.refusals.members import UnknownMember
from domain.reservations import ReservationKind
from resolvers import birthdays, client_notes, client_tasks, client_view, clients, ids
from resolvers.client_tasks import Close, FollowUp
from resolvers.client_view import ClientView
from resolvers.clients import HandOver
from resolvers.context import Context
from resolvers.errors import ConsentRequired, NotAllowed
from tests.builders import ADMINISTRATOR, INTEGRATOR, MEMBER, NOW, count
from tests.datasources.cached import carried
from tests.people import consent, order
from tests.resolvers.reserving import Clock, L, kept
from tests.resolvers.serving import MEMBERS, at, by, furnish, guide, scanned
from tests.worlds import sources, tell

pytestmark = pytest.mark.anyio

PATIENCE_S = 5.0
AT_TASK = ("input", "task")
DONE = ClientTaskState.DONE
DAY = timedelta(days=1)
M1, M2, M3, _ = MEMBERS


@pytest.fixture
async def ann(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """A guide of SH001 with three clients; the first's birthday is in three days, the second's is not."""
    await furnish(store, migrated_database_url, shared=("m1", "m2"))
    await tell(store, count(9))
    ctx = at(store, clock, guide("ann"))
    await scanned(ctx, "m1", "m2", "m3")
    return ctx


async def waiting(ctx: Context) -> list[ClientTask]:
    """What an associate is to do."""
    return list((await client_tasks.tasks(ctx.anew(), [None]))[0])


async def follow_up(ctx: Context, member: str = "m2", due_on: date = date(2026, 11, 22)) -> ClientTask:
    """Somebody writes down what is to be done."""
    answer = await client_tasks.create(ctx.anew(), FollowUp(member, due_on, "新品到店", f"k-{member}"))
    assert answer.task is not None, answer.user_errors
    return answer.task


async def close(ctx: Context, task: str, state: ClientTaskState = DONE) -> client_tasks.Answer:
    """Say what became of one."""
    return await client_tasks.close(ctx.anew(), Close(task, state, f"{task}-{state}-{ctx.viewer.id}", "已联系"))


async def test_what_is_to_be_done_comes_by_the_day_until_it_is_closed(ann: Context, clock: Clock) -> None:
    made = await follow_up(ann)
    assert [(one.kind, one.member_id, one.due_on) for one in await waiting(ann)] == [
        (ClientTaskKind.FOLLOW_UP, "m2", date(2026, 11, 22)),
        (ClientTaskKind.BIRTHDAY, "m1", date(2026, 11, 24)),
    ]
    closed = (await close(ann, made.id)).task
    assert closed == replace(made, state=DONE, closed_at=NOW, result="已联系")
    birthday = (await waiting(ann))[0]
    assert (await close(ann, birthday.id, ClientTaskState.DISMISSED)).task is not None
    assert await waiting(ann) == []
    assert (await close(ann, birthday.id)).user_errors == (TransitionRefused(AT_TASK, "DISMISSED", "DONE", ()),)
    clock.wind(4 * DAY)
    assert await waiting(ann) == []


async def test_a_birthday_that_a_member_does_not_share_is_no_task_and_no_number_CLI_2(
    ann: Context, store: Store, clock: Clock
) -> None:
    clock.now = NOW.replace(month=2, day=25) + 365 * DAY
    await scanned(ann, "m3")
    assert await waiting(ann) == []
    shared, unshared = await birthdays.in_days(ann, [M1, M3])
    assert shared == 272
    assert isinstance(unshared, ConsentRequired)
    assert unshared.facts == {"purpose": Purpose.SHARE_WITH_ASSOCIATE.value}
    assert await birthdays.in_days(by(ann, INTEGRATOR), [M3, MEMBERS[3]]) == [3, None]


async def test_what_a_store_keeps_for_a_client_is_a_task_of_their_guide(ann: Context, store: Store) -> None:
    own = replace(by(ann, MEMBER), viewer=replace(MEMBER, id="m2"))
    mine = await kept(own, (L, 1), kind=ReservationKind.STORE_RESERVE)
    tablet = await kept(ann, (L, 1), key="t", kind=ReservationKind.STORE_RESERVE, reference=ids.encode("Member", "m3"))
    other = replace(own, viewer=replace(MEMBER, id="m4"))
    await kept(other, (L, 1), key="o", kind=ReservationKind.STORE_RESERVE, reference=ids.encode("Member", "m3"))
    tasks = [one for one in await waiting(ann) if one.kind is ClientTaskKind.PICKUP]
    assert {(one.id, one.member_id) for one in tasks} == {(f"pickup-{mine.id}", "m2"), (f"pickup-{tablet.id}", "m3")}
    views = [ClientView(one) for one in MEMBERS[:3]]
    found = await client_view.open_pickups(ann, views)
    assert [[one.id for one in own] for own in found] == [[], [mine.id], [tablet.id]]
    assert await client_view.open_pickups(by(ann, guide("cai")), views) == [[], [], []]
    assert await client_view.open_pickups(by(ann, INTEGRATOR), views) == [[], [], []]
    assert [len(own) for own in await client_view.tasks(ann, views)] == [1, 1, 1]
    assert await client_view.tasks(by(ann, INTEGRATOR), views) == [[], [], []]


async def test_tasks_are_made_for_own_clients_and_closed_by_whoever_has_them(ann: Context) -> None:
    cai = by(ann, guide("cai"))
    made = await follow_up(ann)
    for task in (made.id, "birthday-m1-2026", "nothing"):
        assert (await close(cai, task)).user_errors == (UnknownClientTask(AT_TASK, task),)
    assert (await close(by(ann, ADMINISTRATOR), made.id)).task is not None
    wish = FollowUp("m1", date(2026, 11, 30), "x", "k")
    refused = await client_tasks.create(cai, wish)
    assert refused.user_errors == (UnknownMember(("input", "member"), "m1"),)
    empty = await client_tasks.create(ann, replace(wish, note=" "))
    assert empty.user_errors == (EmptyField(("input", "note")),)
    for who, named in ((guide("ann"), "bob"), (ADMINISTRATOR, None)):
        refused = await client_tasks.create(by(ann, who), replace(wish, associate=named, idempotency_key=f"k{named}"))
        assert [type(one) for one in refused.user_errors] == [UnknownAssociate]
    with pytest.raises(NotAllowed):
        await waiting(by(ann, INTEGRATOR))


async def test_open_tasks_go_to_whoever_follows_and_closed_ones_stay_CLI_6(ann: Context, store: Store) -> None:
    await close(ann, (await follow_up(ann)).id)
    left = await follow_up(ann, "m3")
    await clients.hand_over(by(ann, ADMINISTRATOR), HandOver("ann", "cai", "over"))
    cai = by(ann, guide("cai"))
    assert next((one.id, one.associate_id) for one in await waiting(cai)) == (left.id, "cai")
    assert [one.kind for one in await waiting(cai)] == [ClientTaskKind.FOLLOW_UP, ClientTaskKind.BIRTHDAY]
    assert await waiting(ann) == []


async def test_of_two_who_close_a_birthday_at_once_one_does(ann: Context) -> None:
    (birthday,) = await waiting(ann)
    states = (DONE, ClientTaskState.DISMISSED)
    answers = await asyncio.gather(*(close(ann, birthday.id, state) for state in states))
    assert sum(one.task is not None for one in answers) == 1
    assert [type(refusal) for one in answers for refusal in one.user_errors] == [TransitionRefused]


async def test_tasks_are_watched_live(ann: Context, store: Store, clock: Clock) -> None:
    bus = MemoryBus()
    await carried(store, bus)
    live = replace(ann, sources=sources(store, bus, clock))
    async with aclosing(client_tasks.changes(live)) as updates:
        assert [one.kind for one in (await anext(updates)).tasks] == [ClientTaskKind.BIRTHDAY]
        await follow_up(ann)
        await carried(store, bus)
        then = await asyncio.wait_for(anext(updates), PATIENCE_S)
    assert [one.kind for one in then.tasks] == [ClientTaskKind.FOLLOW_UP, ClientTaskKind.BIRTHDAY]


async def test_notes_are_kept_with_author_and_time_the_newest_first(ann: Context, clock: Clock) -> None:
    for n, text in enumerate(("喜欢宽松版型", "下周回访")):
        answer = await client_notes.add(ann.anew(), client_notes.Add("m1", text, f"k{n}"))
        assert answer.note is not None
        assert (answer.note.author_id, answer.note.at) == ("ann", clock.now)
        clock.wind(DAY)
    ((second, first), none) = await client_view.notes(ann, [ClientView(M1), ClientView(M2)])
    assert ([first.text, second.text], none) == (["喜欢宽松版型", "下周回访"], [])
    (newest, _) = await client_view.notes(ann, [ClientView(M1), ClientView(M2)], first=1)
    assert list(newest) == [second]
    refused = await client_notes.add(by(ann, guide("cai")), client_notes.Add("m1", "x", "k"))
    assert refused.user_errors == (UnknownMember(("input", "member"), "m1"),)


async def test_what_a_client_let_lie_is_a_task_where_they_let_us_know_MEM_7(
    ann: Context, store: Store, clock: Clock
) -> None:
    async with store.work() as work:
        await work.consents.write({id: [consent(Purpose.PROFILING)] for id in ("m2", "m3", "m4")})
        for member in ("m1", "m2", "m3", "m4"):
            looks = [Behaviour("app", f"{member}{n}", member, BehaviourKind.BROWSE, NOW, "DJ01") for n in range(3)]
            await work.behaviour.write(looks, most=9)
        ordered = order("o1", "m3", 100, at=NOW)
        await work.orders.write([replace(ordered, lines=(replace(ordered.lines[0], sku="DJ01-L"),))])
    assert not [one for one in await waiting(ann) if one.kind is ClientTaskKind.ABANDONED_BROWSE]
    clock.wind(DAY)
    (task,) = [one for one in await waiting(ann) if one.kind is ClientTaskKind.ABANDONED_BROWSE]
    assert (task.member_id, task.note, task.due_on) == ("m2", "DJ01", date(2026, 11, 22))
    assert (await close(ann, task.id)).task is not None
    assert task.id not in [one.id for one in await waiting(ann)]
