"""Use cases on blocking: the house lets a member sign in, earn and redeem no longer, until it does again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import domain.consents
from datasources.ports.work import Work
from domain.consents import Purpose
from domain.members import Member, MemberStatus
from domain.refusals.base import Refusal
from domain.refusals.general import TransitionRefused
from domain.viewers import Role
from resolvers import commands, members, merging, sessions
from resolvers.claims import Refused
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Block:
    """Who is to be let in no longer."""

    member: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Unblock:
    """Who is to be let in again."""

    member: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The member as they are now, or why nothing was done."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def block(ctx: Context, command: Block) -> Answer:
    """Let a member in no longer, and sign them out wherever they are."""

    async def do(work: Work) -> str:
        member = await members.locked(ctx, work, command.member)
        if member.status is MemberStatus.BLOCKED:
            raise _refused(member, MemberStatus.BLOCKED)
        await sessions.end_all_of(work, {member.id}, Role.MEMBER, now=ctx.clock())
        return await _put(ctx, work, member, MemberStatus.BLOCKED)

    return await _answer(ctx, command, do)


async def unblock(ctx: Context, command: Unblock) -> Answer:
    """Let a member in again, as what they were: who has not joined, or no longer would, is a prospect (MEM-11)."""

    async def do(work: Work) -> str:
        member = await members.locked(ctx, work, command.member)
        said = (await work.consents.consents({member.id})).get(member.id, ())
        has_joined = domain.consents.permits(said, Purpose.MEMBERSHIP)
        status = MemberStatus.ACTIVE if has_joined else MemberStatus.PROSPECT
        if member.status is not MemberStatus.BLOCKED:
            raise _refused(member, status)
        return await _put(ctx, work, member, status)

    return await _answer(ctx, command, do)


async def _put(ctx: Context, work: Work, member: Member, status: MemberStatus) -> str:
    await work.members.write([replace(member, status=status, version=member.version + 1)])
    await merging.tell(work, member.id, now=ctx.clock())
    return member.id


async def _answer(ctx: Context, command: Block | Unblock, do: Callable[[Work], Awaitable[str]]) -> Answer:
    done = await commands.changed(ctx, command, do)
    return Answer(await members.answered(ctx, done), done.user_errors)


def _refused(member: Member, to: MemberStatus) -> Refused:
    return Refused(TransitionRefused(members.AT_MEMBER, member.status.value, to.value, ()))
