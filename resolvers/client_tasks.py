"""Use cases on client tasks: what an associate is to do for their clients, and what became of it."""

import asyncio
import uuid
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import domain.client_tasks
import domain.events
from datasources.ports.events import Heard
from datasources.ports.work import Work
from domain.associates import Associate
from domain.client_tasks import ClientTask, ClientTaskKind, ClientTaskState
from domain.events import Topic
from domain.members import Member
from domain.refusals.base import Path, Refusal
from domain.refusals.clients import UnknownClientTask
from domain.viewers import Role
from resolvers import abandoned, associates, birthdays, commands, ids, inputs, members, paging, pickups
from resolvers.claims import Do, Refused
from resolvers.context import Context
from resolvers.errors import NotAllowed
from resolvers.live import Live

MAX_TASKS = 250
USUAL_TASKS = 50
AT_TASK: Path = ("input", "task")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to do for a member by a day; `associate` None: who asks does it."""

    member: str
    due_on: date
    note: str
    idempotency_key: str
    associate: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """A task that is done, or is not to be done, and what came of it."""

    task: str
    state: ClientTaskState
    idempotency_key: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The task as it is now, or why nothing was done."""

    task: ClientTask | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """What an associate is to do now; never a difference."""

    tasks: Sequence[ClientTask]


async def tasks(ctx: Context, roots: Sequence[None], *, first: int = USUAL_TASKS) -> Sequence[Sequence[ClientTask]]:
    """What the associate who asks is to do, the first day first."""
    size = paging.checked_first(first, most=MAX_TASKS)
    return [(await _waiting(ctx, await _asking(ctx)))[:size]]


def changes(ctx: Context, *, first: int = USUAL_TASKS) -> Live[Update]:
    """What the associate who asks is to do, and again after every change at their store."""

    async def opened() -> _Watched:
        return _Watched(ctx, await _asking(ctx), paging.checked_first(first, most=MAX_TASKS))

    return Live(ctx.sources.bus, opened)


async def on_members(ctx: Context, found: Sequence[Member]) -> Sequence[Sequence[ClientTask]]:
    """What the associate who asks is to do for each member; nobody else has anything to do."""
    if ctx.viewer.role is not Role.ASSOCIATE:
        return [[] for _ in found]
    waiting = await _waiting(ctx, await _asking(ctx))
    return [[task for task in waiting if task.member_id == one.id] for one in found]


async def create(ctx: Context, command: FollowUp) -> Answer:
    """Write down what is to be done for a member."""

    async def do(work: Work) -> str:
        if wrong := inputs.wrong_text(("input", "note"), command.note):
            raise Refused(*wrong)
        who = await associates.acting(ctx, work, command.associate)
        member = await members.locked(ctx, work, command.member)
        kind, id, now = ClientTaskKind.FOLLOW_UP, uuid.uuid4().hex, ctx.clock()
        await _keep(work, ClientTask(id, kind, member.id, who.id, command.due_on, now, command.note), who)
        return id

    return await _answered(ctx, command, do)


async def close(ctx: Context, command: Close) -> Answer:
    """Say what became of a task, once. What was derived is kept from then on, so that it does not come back."""

    async def do(work: Work) -> str:
        if wrong := inputs.too_long(("input", "result"), command.result):
            raise Refused(*wrong)
        task = await _locked(ctx, work, command.task)
        (who,) = await work.associates.by_id([task.associate_id])
        decided = domain.client_tasks.close(task, command.state, result=command.result, path=AT_TASK, now=ctx.clock())
        if isinstance(decided, Refusal):
            raise Refused(decided)
        await _keep(work, decided, who)
        return task.id

    return await _answered(ctx, command, do)


async def member_of(ctx: Context, found: Sequence[ClientTask]) -> Sequence[Member | None]:
    """Whom each is for, if the viewer may see them."""
    return await members.members_by_ids(ctx, [one.member_id for one in found])


class _Watched:
    """What an associate is to do. Every update is the whole: the last one is enough."""

    topic = Topic.TASKS_CHANGED

    def __init__(self, ctx: Context, who: Associate, size: int) -> None:
        self._ctx = ctx
        self._who = who
        self._size = size
        self.keys: Collection[str] = (who.location_id,)
        self.name: Hashable = who.id

    async def look(self) -> tuple[Update, None]:
        """What there is to do now; who is there hears of it by its event."""
        return Update((await _waiting(self._ctx, self._who))[: self._size]), None

    async def heard(self, heard: Heard) -> Update:
        """The same again."""
        return (await self.look())[0]

    def as_one(self, updates: Sequence[Update]) -> Update:
        """The last."""
        return updates[-1]


async def _asking(ctx: Context) -> Associate:
    """The associate who asks.

    Raises:
        NotAllowed: FORBIDDEN, whoever asks is none who works here.
    """
    (who,) = await ctx.sources.associates.associates([ctx.viewer.id])
    if ctx.viewer.role is not Role.ASSOCIATE or who is None or not who.is_active:
        raise NotAllowed("FORBIDDEN", "Only associates who work here have tasks of their own.")
    return who


async def _waiting(ctx: Context, who: Associate) -> Sequence[ClientTask]:
    kept, derived = await asyncio.gather(ctx.sources.client_tasks.open_of(who.id, limit=MAX_TASKS), _derived(ctx, who))
    closed = await ctx.sources.client_tasks.tasks([task.id for task in derived])
    return domain.client_tasks.waiting([*kept, *closed], derived)


async def _derived(ctx: Context, who: Associate) -> Sequence[ClientTask]:
    """What the calendar and the store's shelf give them to do."""
    now = ctx.clock()
    (zone,) = await birthdays.zones(ctx, [who.location_id])
    (today,) = await birthdays.days_at(ctx, [who.location_id], now)
    born, kept, let_lie = await asyncio.gather(
        birthdays.soon(ctx, who, today), pickups.waiting_at(ctx, who.location_id), abandoned.tasks(ctx, who, today)
    )
    held = await ctx.sources.clients.held(kept, now)
    own = {name: reservations for name, reservations in kept.items() if name in held}
    mine = {name: reservations for name, reservations in own.items() if held[name].associate_id == who.id}
    ahead = ctx.policies.birthday_ahead_days
    return [
        *domain.client_tasks.birthdays(who.id, born, today=today, ahead_days=ahead, now=now),
        *domain.client_tasks.pickups(who.id, mine, time_zone=zone),
        *let_lie,
    ]


async def _locked(ctx: Context, work: Work, reference: str) -> ClientTask:
    """The task to be closed, if it is the viewer's own, or they are no associate."""
    id = ids.key_of("ClientTask", reference)
    task = await work.client_tasks.locked(id)
    if task is None and ctx.viewer.role is Role.ASSOCIATE:
        derived = {one.id: one for one in await _derived(ctx, await _asking(ctx))}.get(id)
        if derived is not None:
            await work.members.locked({derived.member_id})  # whoever else closes it is waited for
            task = await work.client_tasks.locked(id) or derived
    if task is None or (ctx.viewer.role is Role.ASSOCIATE and task.associate_id != ctx.viewer.id):
        raise Refused(UnknownClientTask(AT_TASK, reference))
    return task


async def _keep(work: Work, task: ClientTask, who: Associate | None) -> None:
    await work.client_tasks.write(task)
    if who is not None:
        await work.tell([domain.events.tasks_changed(who.location_id, task.closed_at or task.since)])


async def _answered(ctx: Context, command: FollowUp | Close, do: Do) -> Answer:
    done = await commands.changed(ctx, command, do)
    found = await ctx.sources.client_tasks.tasks([done.text] if done.text is not None else [])
    return Answer(found[0] if found else None, done.user_errors)
