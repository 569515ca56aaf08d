"""The client view: one member as their associate sees them on the tablet, put together from every topic."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.bindings import Binding
from domain.client_notes import ClientNote
from domain.client_tasks import ClientTask
from domain.members import Member
from domain.reservations import Reservation
from resolvers import birthdays, client_tasks, clients, members, paging, pickups
from resolvers.context import Context
from resolvers.errors import ConsentRequired

MAX_NOTES = 50


@dataclass(frozen=True, slots=True)
class ClientView:
    """A member, for whoever serves them."""

    member: Member


async def view(ctx: Context, roots: Sequence[None], *, member: str) -> Sequence[ClientView | None]:
    """One member, if the viewer may see them; the look is written down."""
    (found,) = await members.member(ctx, roots, id=member)
    return [ClientView(found) if found is not None else None]


async def birthday_in_days(ctx: Context, views: Sequence[ClientView]) -> Sequence[int | ConsentRequired | None]:
    """How far off each birthday is."""
    return await birthdays.in_days(ctx, _members(views))


async def open_pickups(ctx: Context, views: Sequence[ClientView]) -> Sequence[Sequence[Reservation]]:
    """What waits for each at the viewer's store."""
    return await pickups.of_members(ctx, _members(views))


async def tasks(ctx: Context, views: Sequence[ClientView]) -> Sequence[Sequence[ClientTask]]:
    """What the viewer is to do for each."""
    return await client_tasks.on_members(ctx, _members(views))


async def client(ctx: Context, views: Sequence[ClientView]) -> Sequence[Binding | None]:
    """Who looks after each."""
    return await clients.bound_to(ctx, _members(views))


async def notes(ctx: Context, views: Sequence[ClientView], *, first: int = 10) -> Sequence[Sequence[ClientNote]]:
    """What was written down about each, the newest first."""
    size = paging.checked_first(first, most=MAX_NOTES)
    found = await ctx.sources.client_tasks.notes_on([view.member.id for view in views], limit=size)
    return [found.get(view.member.id, []) for view in views]


def _members(views: Sequence[ClientView]) -> Sequence[Member]:
    return [view.member for view in views]
