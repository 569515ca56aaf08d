"""Use cases on clients: a member becomes an associate's, stays so by contact, and is handed over when they leave.

Whoever binds a member locks them first: two scans at once are one after the other (CLI-5).
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import domain.bindings
import domain.events
from datasources.ports.work import Work
from domain.bindings import Binding, BindingSource, Bound, Wish
from domain.members import Member
from domain.pages import cut
from domain.refusals.base import Refusal
from domain.refusals.clients import SameAssociate
from domain.viewers import Role
from resolvers import associates, commands, ids, members, paging, scanning
from resolvers.claims import Done, Refused
from resolvers.context import Context
from resolvers.paging import Connection


@dataclass(frozen=True, slots=True)
class Bind:
    """The code or card of a member who is to be somebody's client; `associate` None: who asks."""

    code: str
    idempotency_key: str
    associate: str | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """All clients and open tasks of somebody, from now on another's."""

    from_associate: str
    to_associate: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Who looks after the member now, or why nothing was done."""

    client: Binding | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many clients have a new associate, or why none."""

    clients: int | None = None
    user_errors: Sequence[Refusal] = ()


async def bind(ctx: Context, command: Bind) -> Answer:
    """An associate scans a member for themself; the merchant assigns whom they want to whom they want."""

    async def do(work: Work) -> str:
        who = await associates.acting(ctx, work, command.associate)
        member = await scanning.scanned(ctx, work, command.code)
        source = BindingSource.SCAN if who.id == ctx.viewer.id else BindingSource.ASSIGNMENT
        await bound(ctx, work, member.id, who.id, source=source, now=ctx.clock())
        return member.id

    done = await commands.changed(ctx, command, do)
    return Answer(await _shown(ctx, done), done.user_errors)


async def bound(
    ctx: Context, work: Work, member_id: str, associate_id: str, *, source: BindingSource, now: datetime
) -> Binding:
    """Bind a member, who is locked.

    Raises:
        Refused: CLIENT_PROTECTED.
    """
    current = (await work.clients.open([member_id])).get(member_id)
    holder = (await work.associates.by_id([current.associate_id]))[0] if current else None
    wish = Wish(uuid.uuid4().hex, member_id, associate_id, source)
    is_free = holder is not None and not holder.is_active
    periods = ctx.policies.client_periods
    made = domain.bindings.bind(wish, current, periods, is_free=is_free, path=scanning.AT_CODE, now=now)
    if not isinstance(made, Bound):
        raise Refused(made)
    await _keep(work, [made])
    return made.now


async def led_to_join(ctx: Context, work: Work, member_id: str, *, now: datetime) -> None:
    """Whoever of the associates led a member, who is locked, to join has a client, unless they are another's."""
    (who,) = await work.associates.by_id([ctx.viewer.id])
    if ctx.viewer.role is Role.ASSOCIATE and who is not None and who.is_active:
        with suppress(Refused):
            await bound(ctx, work, member_id, who.id, source=BindingSource.REGISTRATION, now=now)


async def met(ctx: Context, work: Work, member_id: str, associate_id: str, *, now: datetime) -> None:
    """A member, who is locked, and an associate had to do with each other: contact, if they are theirs."""
    current = (await work.clients.open([member_id])).get(member_id)
    if current is not None and current.associate_id == associate_id and now < current.valid_until:
        await work.clients.write([domain.bindings.renewed(current, ctx.policies.client_periods, now)])


async def hand_over(ctx: Context, command: HandOver) -> HandedOver:
    """Give another associate all clients of one who leaves, and what there is to do for them (CLI-6)."""

    async def do(work: Work) -> str:
        heir = await associates.required(work, command.to_associate, path=("input", "toAssociate"))
        leaver = ids.key_of("Associate", command.from_associate)
        if leaver == heir.id:
            raise Refused(SameAssociate(("input", "toAssociate"), command.to_associate))
        held = await work.members.locked(await work.clients.open_of(leaver))
        now, theirs = ctx.clock(), (await work.clients.open(held)).values()
        valid = [one for one in theirs if one.associate_id == leaver and now < one.valid_until]
        periods = ctx.policies.client_periods
        wishes = [Wish(uuid.uuid4().hex, one.member_id, heir.id, BindingSource.ASSIGNMENT) for one in valid]
        pairs = zip(valid, wishes, strict=True)
        await _keep(work, [domain.bindings.handed_over(one, wish, periods, now) for one, wish in pairs])
        await work.client_tasks.hand_over(leaver, to=heir.id)
        await work.tell([domain.events.tasks_changed(heir.location_id, now)])
        return str(len(valid))

    done = await commands.changed(ctx, command, do)
    return HandedOver(None if done.text is None else int(done.text), done.user_errors)


async def my_clients(
    ctx: Context, roots: Sequence[None], *, first: int = 24, after: str | None = None
) -> Sequence[Connection[Binding]]:
    """The clients of the associate who asks; nobody else has any."""
    size = paging.checked_first(first)
    skipped = paging.decode(after, kinds=(str,))
    is_associate = ctx.viewer.role is Role.ASSOCIATE
    last = str(skipped[0]) if skipped else None
    found = (
        await ctx.sources.clients.clients_of(ctx.viewer.id, ctx.clock(), limit=size + 1, after=last)
        if is_associate
        else []
    )
    return [paging.connection(cut(found, size, lambda one: (one.member_id,)))]


async def bound_to(ctx: Context, found: Sequence[Member]) -> Sequence[Binding | None]:
    """Who looks after each member now."""
    held = await ctx.sources.clients.held([one.id for one in found], ctx.clock())
    return [held.get(one.id) for one in found]


async def member_of(ctx: Context, bindings: Sequence[Binding]) -> Sequence[Member | None]:
    """Whom each is about, if the viewer may see them."""
    return await members.members_by_ids(ctx, [one.member_id for one in bindings])


async def _keep(work: Work, made: Sequence[Bound]) -> None:
    await work.clients.write([one for bound in made for one in (bound.ended, bound.now) if one is not None])


async def _shown(ctx: Context, done: Done) -> Binding | None:
    if done.text is None:
        return None
    return (await ctx.sources.clients.held([done.text], ctx.clock())).get(done.text)
