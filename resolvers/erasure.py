"""Erasure: a member who is forgotten. What they were owed and paid stays summed up, who they were nowhere (MEM-10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from datasources.ports.work import Work
from domain.members import ContactPreference, Member, MemberStatus, Profile
from domain.refusals.base import Refusal
from resolvers import commands, members, merging
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Erase:
    """Who is to be forgotten; None: who asks."""

    idempotency_key: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is left of the member, or why nothing was erased."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def erase(ctx: Context, command: Erase) -> Answer:
    """Forget a member, with whoever was merged into them: for good, and in every topic."""

    async def do(work: Work) -> str:
        member = await members.locked(ctx, work, command.member or ctx.viewer.id)
        absorbed = await work.members.absorbed_by(member.id)
        everybody = [member, *(await work.members.locked(absorbed)).values()]
        now = ctx.clock()
        for one in everybody:
            for topic in merging.TOPICS.values():
                await topic.forget(work, one.id, now=now)
            await work.merges.forget(one.id)
        await work.members.write([_nobody(one) for one in everybody])
        await merging.tell(work, *(one.id for one in everybody), now=now)
        return member.id

    done = await commands.changed(ctx, command, do)
    found = await ctx.sources.members.members([done.text]) if done.text is not None else [None]
    return Answer(found[0], done.user_errors)


def _nobody(member: Member) -> Member:
    """A record that sums can still be kept under."""
    return Member(
        id=member.id,
        code=member.id,
        status=MemberStatus.ERASED,
        registration_source=member.registration_source,
        created_at=member.created_at,
        profile=Profile(),
        contact=ContactPreference(),
        home_location_id=None,
        identifiers=(),
        merged_into=member.merged_into,
        version=member.version + 1,
    )
