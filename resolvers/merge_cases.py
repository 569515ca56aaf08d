"""Use cases on merging: two members made one by somebody's word, parted again, and the queue of what waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import domain.merging
from datasources.ports.work import Work
from domain.members import Member
from domain.merging import REVERSIBLE_FOR, Decision, Merge, MergeCase
from domain.pages import cut
from domain.refusals.base import Path, Refusal
from domain.refusals.identity import CaseDecided, CaseObsolete, MergeFinal, SameMember, UnknownMerge, UnknownMergeCase
from domain.viewers import Scope
from resolvers import commands, ids, members, merging, paging
from resolvers.claims import Done, Refused
from resolvers.context import Context
from resolvers.paging import Connection

MERGES = 100
"""So many of the newest merges into a member are shown."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Two members who are one person, as somebody says."""

    member: str
    other: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Undo:
    """A merge to take back."""

    merge: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """What a person decides of a merge that waits."""

    case: str
    decision: Decision
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The merge that was done or undone, or the case that waits or was decided; or why nothing was done."""

    merge: Merge | None = None
    case: MergeCase | None = None
    user_errors: Sequence[Refusal] = ()


async def merge(ctx: Context, command: Ask) -> Answer:
    """Make two members one; what speaks against it opens a case, which is for somebody to look at."""

    async def do(work: Work) -> str:
        references = {"member": command.member, "other": command.other}
        named = [await members.named(ctx, work, it, path=("input", field)) for field, it in references.items()]
        if len({member.id for member in named}) == 1:
            raise Refused(SameMember(("input", "other"), command.other))
        one, other = await members.held(work, *(member.id for member in named))
        now = ctx.clock()
        if (obstacle := domain.merging.obstacle(one, other)) is not None:
            return f"case {(await merging.wait(work, one, other, obstacle, seen_at=now, now=now)).id}"
        return f"merge {(await _merged(ctx, work, one, other, now)).id}"

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def unmerge(ctx: Context, command: Undo) -> Answer:
    """Take a merge back within thirty days: each is as they were, and what came since stays with who went on."""

    async def do(work: Work) -> str:
        at: Path = ("input", "merge")
        done = await work.merges.merge(ids.key_of("MemberMerge", command.merge))
        if done is None:
            raise Refused(UnknownMerge(at, command.merge))
        found = await work.members.locked([done.kept.id, done.absorbed.id])
        kept, absorbed = found[done.kept.id], found[done.absorbed.id]
        now = ctx.clock()
        if not domain.merging.is_reversible(done, kept, now):
            raise Refused(MergeFinal(at, done.at + REVERSIBLE_FOR))
        await merging.part(work, done, kept=kept, absorbed=absorbed, by=ctx.viewer.id, now=now)
        return f"merge {done.id}"

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def resolve(ctx: Context, command: Resolve) -> Answer:
    """Decide a case: both are one person, whatever speaks against it, or they are two, whatever they share."""

    async def do(work: Work) -> str:
        at: Path = ("input", "case")
        case = await work.merges.case(ids.key_of("MemberMergeCase", command.case))
        if case is None:
            raise Refused(UnknownMergeCase(at, command.case))
        if case.decision is not None:
            raise Refused(CaseDecided(at, case.decision.value))
        now = ctx.clock()
        if command.decision is Decision.MERGED:
            found = await work.members.locked([case.first_id, case.second_id])
            if not all(member.is_live for member in found.values()):
                raise Refused(CaseObsolete(at))
            await _merged(ctx, work, found[case.first_id], found[case.second_id], now)
        decided = replace(case, decision=command.decision, decided_at=now, decided_by=ctx.viewer.id)
        await work.merges.write_case(decided)
        return f"case {case.id}"

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def queue(
    ctx: Context, roots: Sequence[None], *, first: int = 50, after: str | None = None
) -> Sequence[Connection[MergeCase]]:
    """What waits for a person's word, the oldest first."""
    size = paging.checked_first(first)
    position = paging.decode(after, kinds=(str, str))
    since = (datetime.fromisoformat(str(position[0])), str(position[1])) if position else None
    found = await ctx.sources.merges.open_cases(after=since, limit=size + 1)
    return [paging.connection(cut(found, size, lambda case: (case.opened_at.isoformat(), case.id)))]


async def merges_by_ids(ctx: Context, merge_ids: Sequence[str]) -> Sequence[Merge | None]:
    """Merges by key, in the order asked; none for who may not merge."""
    if not ctx.viewer.may(Scope.MEMBERS_MERGE):
        return [None] * len(merge_ids)
    return await ctx.sources.merges.merges(merge_ids)


async def cases_by_ids(ctx: Context, case_ids: Sequence[str]) -> Sequence[MergeCase | None]:
    """Cases by key, in the order asked; none for who may not merge."""
    if not ctx.viewer.may(Scope.MEMBERS_MERGE):
        return [None] * len(case_ids)
    return await ctx.sources.merges.cases(case_ids)


async def merges_into(ctx: Context, found: Sequence[Member]) -> Sequence[Sequence[Merge]]:
    """What was merged into each member and not taken back, the newest first."""
    merges = await ctx.sources.merges.into([member.id for member in found], limit=MERGES)
    return [merges.get(member.id, ()) for member in found]


async def survivors_of(ctx: Context, merges: Sequence[Merge]) -> Sequence[Member | None]:
    """Who each merge went into, as they are now."""
    return await members.members_by_ids(ctx, [merge.kept.id for merge in merges])


async def absorbed_of(ctx: Context, merges: Sequence[Merge]) -> Sequence[Member | None]:
    """Who went into another; while the merge stands, that is the other."""
    return await members.members_by_ids(ctx, [merge.absorbed.id for merge in merges])


async def members_of(ctx: Context, cases: Sequence[MergeCase]) -> Sequence[Sequence[Member]]:
    """The members of each case as they are now: one, where they were merged."""
    pairs = [(case.first_id, case.second_id) for case in cases]
    found = await members.members_by_ids(ctx, [id for pair in pairs for id in pair])
    both = zip(found[::2], found[1::2], strict=True)
    return [list({one.id: one for one in pair if one is not None}.values()) for pair in both]


async def _merged(ctx: Context, work: Work, one: Member, other: Member, now: datetime) -> Merge:
    return await merging.merge(work, domain.merging.together(one, other), by=ctx.viewer.id, now=now)


async def _answer(ctx: Context, done: Done) -> Answer:
    if done.text is None:
        return Answer(user_errors=done.user_errors)
    kind, id = done.text.split(" ")
    if kind == "case":
        return Answer(case=(await ctx.sources.merges.cases([id]))[0])
    return Answer(merge=(await ctx.sources.merges.merges([id]))[0])
