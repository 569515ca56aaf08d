"""Use cases on associates: who works where, and who tells us of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from datasources.ports.work import Work
from domain.associates import Associate, AssociateRole
from domain.locations import Location
from domain.refusals.base import Path, Refusal
from domain.refusals.clients import UnknownAssociate, WeComUserTaken
from domain.refusals.locations import UnknownLocation
from domain.viewers import Role, Scope
from resolvers import commands, ids, inputs, locations, sessions
from resolvers.claims import Refused
from resolvers.context import Context

MOST_AT_A_STORE = 250
AT_ASSOCIATE: Path = ("input", "associate")


class OfAssociate(Protocol):
    """Whatever an associate did, or has."""

    @property
    def associate_id(self) -> str:
        """Who."""
        ...


@dataclass(frozen=True, slots=True)
class Employ:
    """Somebody as they are now; `associate` is the merchant's own code of them."""

    associate: str
    name: str
    location: str
    idempotency_key: str
    we_com_user_id: str | None = None
    role: AssociateRole = AssociateRole.GUIDE
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The associate as they are now, or why nothing was done."""

    associate: Associate | None = None
    user_errors: Sequence[Refusal] = ()


async def associates_by_ids(ctx: Context, associate_ids: Sequence[str]) -> Sequence[Associate | None]:
    """Associates by key, in the order asked; None for whoever is not of the staff."""
    if not ctx.viewer.may(Scope.MEMBERS_READ):
        return [None] * len(associate_ids)
    return await ctx.sources.associates.associates(associate_ids)


async def working_at(ctx: Context, roots: Sequence[None], *, location: str) -> Sequence[Sequence[Associate]]:
    """Who works at a location now.

    Raises:
        BadQuestion: UNKNOWN_LOCATION, or FORBIDDEN where an associate asks for another store.
    """
    place = await locations.own(ctx, location)
    return [await ctx.sources.associates.working_at(place.id, limit=MOST_AT_A_STORE)]


async def associate_of(ctx: Context, things: Sequence[OfAssociate]) -> Sequence[Associate | None]:
    """Whose each is."""
    return await ctx.sources.associates.associates([thing.associate_id for thing in things])


async def location_of(ctx: Context, found: Sequence[Associate]) -> Sequence[Location | None]:
    """Where each works."""
    return await ctx.sources.locations.locations([one.location_id for one in found])


async def put(ctx: Context, command: Employ) -> Answer:
    """Write down who somebody is, and where they work; whether they are new or not."""

    async def do(work: Work) -> str:
        location = ids.key_of("Location", command.location)
        wrong = [
            *inputs.wrong_text(AT_ASSOCIATE, command.associate),
            *inputs.wrong_text(("input", "name"), command.name),
        ]
        if (await ctx.sources.workplace.locations.locations([location]))[0] is None:
            wrong.append(UnknownLocation(("input", "location"), command.location))
        if wrong:
            raise Refused(*wrong)
        id, at_wecom = ids.key_of("Associate", command.associate), command.we_com_user_id or None
        other = await work.associates.at_wecom(at_wecom) if at_wecom is not None else None
        if other is not None and other.id != id:
            raise Refused(WeComUserTaken(("input", "weComUserId"), other.wecom_user_id or ""))
        associate = Associate(
            id=id,
            name=command.name,
            location_id=location,
            wecom_user_id=at_wecom,
            role=command.role,
            is_active=command.is_active,
        )
        (former,) = await work.associates.by_id([id])
        await work.associates.write(associate)
        if former is not None and (not associate.is_active or associate.location_id != former.location_id):
            await sessions.end_all_of(work, {id}, Role.ASSOCIATE, now=ctx.clock())
        return associate.id

    done = await commands.changed(ctx, command, do)
    found = await ctx.sources.associates.associates([done.text]) if done.text is not None else [None]
    return Answer(found[0], done.user_errors)


async def acting(ctx: Context, work: Work, reference: str | None) -> Associate:
    """For whom somebody acts: an associate for themself, the merchant for whomever they name.

    Raises:
        Refused: UNKNOWN_ASSOCIATE, with the id as sent.
    """
    key = ctx.viewer.id if reference is None else ids.key_of("Associate", reference)
    if ctx.viewer.role is Role.ASSOCIATE and key != ctx.viewer.id:
        raise Refused(UnknownAssociate(AT_ASSOCIATE, str(reference)))
    return await required(work, key)


async def required(work: Work, reference: str, *, path: Path = AT_ASSOCIATE) -> Associate:
    """Somebody who works here.

    Raises:
        Refused: UNKNOWN_ASSOCIATE, with the id as sent.
    """
    (found,) = await work.associates.by_id([ids.key_of("Associate", reference)])
    if found is None or not found.is_active:
        raise Refused(UnknownAssociate(path, reference))
    return found
