"""Use cases on visits: a member comes into a store, and its people see who is there."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

import domain.events
from datasources.ports.events import Heard, Missed
from datasources.ports.work import Work
from domain.events import Topic
from domain.locations import Location
from domain.members import Member
from domain.refusals.base import Path, Refusal
from domain.refusals.locations import NotYourLocation, UnknownLocation
from domain.viewers import Role
from domain.visits import LATELY, Visit
from resolvers import clients, commands, ids, locations, members, scanning
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.live import Live

MOST = 250
"""So many at once, the last to come."""
AT_LOCATION: Path = ("input", "location")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The code or card of a member who came into a store."""

    code: str
    location: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Who came, or why nothing was done."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Who came; all of the last hour where `is_snapshot`."""

    visits: Sequence[Visit]
    is_snapshot: bool


async def check_in(ctx: Context, command: CheckIn) -> Answer:
    """Somebody shows their code in a store: its people may see them for a while, and their own guide met them."""
    location = ids.key_of("Location", command.location)

    async def do(work: Work) -> str:
        if not ctx.viewer.acts_for(location):
            raise Refused(NotYourLocation(AT_LOCATION, location))
        if (await ctx.sources.workplace.locations.locations([location]))[0] is None:
            raise Refused(UnknownLocation(AT_LOCATION, command.location))
        member = await scanning.scanned(ctx, work, command.code)
        now = ctx.clock()
        await work.clients.came([Visit(location, member.id, now)])
        if ctx.viewer.role is Role.ASSOCIATE:
            await clients.met(ctx, work, member.id, ctx.viewer.id, now=now)
        await work.tell([domain.events.member_in_store(location, now)])
        return member.id

    done = await commands.changed(ctx, command, do)
    return Answer(await members.answered(ctx, done), done.user_errors)


def in_store(ctx: Context, *, location: str) -> Live[Update]:
    """Who came into a store within the last hour, and then whoever comes.

    Raises:
        BadQuestion: UNKNOWN_LOCATION, or FORBIDDEN where an associate asks for another store, at first.
    """

    async def opened() -> _Door:
        return _Door(ctx, await locations.own(ctx, location))

    return Live(ctx.sources.bus, opened)


async def last_visit_at(ctx: Context, found: Sequence[Member]) -> Sequence[datetime | None]:
    """When each was last seen: by an associate in their own store, by everybody else in any."""
    where = ctx.viewer.location_id if ctx.viewer.role is Role.ASSOCIATE else None
    last = await ctx.sources.clients.last_visits([one.id for one in found], location_id=where)
    return [last.get(one.id) for one in found]


async def member_of(ctx: Context, visits: Sequence[Visit]) -> Sequence[Member | None]:
    """Who came, if the viewer may see them."""
    return await members.members_by_ids(ctx, [one.member_id for one in visits])


class _Door:
    """Who comes into a store. An event says that somebody came; who, is read: so nobody is missed, nor told twice."""

    topic = Topic.MEMBER_IN_STORE

    def __init__(self, ctx: Context, place: Location) -> None:
        self._ctx = ctx
        self._place = place
        self._told: frozenset[Visit] = frozenset()
        self.keys: Collection[str] = (place.id,)
        self.name: Hashable = place.id

    async def look(self) -> tuple[Update, Update | None]:
        """Who came within the hour; whom of them those who are there do not know yet."""
        lately, new = await self._lately()
        return Update(lately, is_snapshot=True), Update(new, is_snapshot=False) if new else None

    async def heard(self, heard: Heard) -> Update | None:
        """Who is new, or all where something was missed."""
        lately, new = await self._lately()
        if isinstance(heard, Missed):
            return Update(lately, is_snapshot=True)
        return Update(new, is_snapshot=False) if new else None

    def as_one(self, updates: Sequence[Update]) -> Update:
        """Everybody, as they came; whoever came twice, the last time."""
        visits = {one.member_id: one for update in updates for one in update.visits}
        in_order = sorted(visits.values(), key=lambda one: (one.last_at, one.member_id))
        return Update(in_order, is_snapshot=any(update.is_snapshot for update in updates))

    async def _lately(self) -> tuple[Sequence[Visit], Sequence[Visit]]:
        since = self._ctx.clock() - LATELY
        lately = await self._ctx.sources.clients.visits_at(self._place.id, since=since, limit=MOST)
        new = [one for one in lately if one not in self._told]
        self._told = frozenset(lately)
        return lately, new
