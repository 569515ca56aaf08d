"""Use cases on members: who somebody is, for whoever may know; another's is as good as none.

Whoever of the staff is shown a member is written down before (CLI-1), once per operation.
"""

from collections.abc import Mapping, Sequence

from datasources.ports.access import AccessLog
from datasources.ports.work import Raced, Work
from domain.access import Access, AccessKind
from domain.locations import Location
from domain.members import Member, MemberStatus
from domain.refusals.base import Path
from domain.refusals.members import UnknownMember
from domain.viewers import Role, Scope
from resolvers import ids
from resolvers.claims import Done, Refused
from resolvers.context import Context

AT_MEMBER: Path = ("input", "member")
_LOGGED = "members.logged"
"""Where an operation remembers whom it has written down."""


async def me(ctx: Context, roots: Sequence[None]) -> Sequence[Member | None]:
    """Who asks, if they are a member."""
    if ctx.viewer.role is not Role.MEMBER:
        return [None]
    return await members_by_ids(ctx, [ctx.viewer.id])


async def member(ctx: Context, roots: Sequence[None], *, id: str) -> Sequence[Member | None]:
    """One member by id."""
    return await members_by_ids(ctx, [ids.decode("Member", id)])


async def members_by_ids(ctx: Context, member_ids: Sequence[str]) -> Sequence[Member | None]:
    """Members by key, in the order asked, who they are now; None for whom the viewer may not see."""
    found = await current(ctx, member_ids)
    return await visible(ctx, [found.get(id) for id in member_ids])


async def visible(ctx: Context, found: Sequence[Member | None]) -> Sequence[Member | None]:
    """Let those through whom the viewer may see, and write down that staff saw them."""
    shown = await _seen(ctx, found)
    logged: set[str] = ctx.loaders.setdefault(_LOGGED, set())
    new = {one.id for one in shown if one is not None} - logged
    await _log(ctx, ctx.sources.access, sorted(new))
    logged.update(new)
    return shown


async def answered(ctx: Context, done: Done) -> Member | None:
    """The member whose id a command kept, as they are now; None where nothing was done."""
    return None if done.text is None else (await members_by_ids(ctx, [done.text]))[0]


async def introduced(ctx: Context, member_id: str) -> Member | None:
    """Whom somebody has just written down, as they are now: shown once to who did, bound to them or not, and logged."""
    found = (await current(ctx, [member_id])).get(member_id)
    await _log(ctx, ctx.sources.access, [found.id] if found is not None else [])
    return found


async def homes_of(ctx: Context, found: Sequence[Member]) -> Sequence[Location | None]:
    """The store that each is at home in, if they are in any."""
    homes = [member.home_location_id or "" for member in found]
    return await ctx.sources.locations.locations(homes)


async def current(ctx: Context, member_ids: Sequence[str]) -> Mapping[str, Member]:
    """Who these are now, by the ids asked: whoever was merged is who they were merged into. The erased are nobody."""
    found = {id: one for id, one in zip(member_ids, await ctx.sources.members.members(member_ids), strict=True) if one}
    while moved := {one.merged_into for one in found.values() if one.merged_into is not None}:
        later = {one.id: one for one in await ctx.sources.members.members(sorted(moved)) if one}
        found = {id: later[one.merged_into] if one.merged_into else one for id, one in found.items()}
    return {id: one for id, one in found.items() if one.status is not MemberStatus.ERASED}


async def named(ctx: Context, work: Work, reference: str, *, path: Path = AT_MEMBER) -> Member:
    """The member that a command names by id, as they are committed, if the viewer may see them; the look is kept.

    Raises:
        Refused: UNKNOWN_MEMBER, with the id as sent.
    """
    found = await current(ctx, [ids.key_of("Member", reference)])
    seen = next(iter(await _seen(ctx, list(found.values()))), None)
    if seen is None:
        raise Refused(UnknownMember(path, reference))
    await _log(ctx, work.access, [seen.id])
    return seen


async def locked(ctx: Context, work: Work, reference: str, *, path: Path = AT_MEMBER) -> Member:
    """The member that a command names by id, locked, if the viewer may see them.

    Raises:
        Refused: UNKNOWN_MEMBER, with the id as sent.
    """
    return (await held(work, (await named(ctx, work, reference, path=path)).id))[0]


async def held(work: Work, *member_ids: str) -> Sequence[Member]:
    """Live members, locked, in the order asked; they are locked in the order of their ids.

    Raises:
        Raced: one was merged or erased meanwhile.
    """
    found = await work.members.locked(member_ids)
    if not all(member.is_live for member in found.values()):
        raise Raced("merged or erased meanwhile")
    return [found[id] for id in member_ids]


async def own(ctx: Context, asked: frozenset[str]) -> frozenset[str]:
    """Which of these members is the one who asks; only a token of before a merge has to be looked up."""
    if ctx.viewer.id in asked:
        return frozenset({ctx.viewer.id})
    return asked & frozenset(one.id for one in (await current(ctx, [ctx.viewer.id])).values())


async def _allowed(ctx: Context, found: Sequence[Member]) -> frozenset[str]:
    viewer, asked = ctx.viewer, frozenset(one.id for one in found)
    if not asked:
        return asked
    if viewer.role is Role.MEMBER:
        return await own(ctx, asked)
    if not viewer.may(Scope.MEMBERS_READ):
        return frozenset()
    if viewer.role is not Role.ASSOCIATE:
        return asked
    return await ctx.sources.clients.seen_by(
        associate_id=viewer.id, location_id=viewer.location_id, member_ids=asked, now=ctx.clock()
    )


async def _seen(ctx: Context, found: Sequence[Member | None]) -> Sequence[Member | None]:
    allowed = await _allowed(ctx, [one for one in found if one is not None])
    return [one if one is not None and one.id in allowed else None for one in found]


async def _log(ctx: Context, log: AccessLog, member_ids: Sequence[str]) -> None:
    viewer, now = ctx.viewer, ctx.clock()
    if viewer.role is not Role.MEMBER:
        looks = [Access(AccessKind.VIEW, id, viewer.id, viewer.role, now, ctx.request_id) for id in member_ids]
        await log.record(looks)
