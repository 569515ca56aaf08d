"""Birthdays as associates hear of them: how many days off, and only of members who share that with them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import domain.birthdays
from domain.associates import Associate
from domain.consents import Purpose
from domain.members import Member
from domain.viewers import Role
from resolvers import consents
from resolvers.context import Context
from resolvers.errors import ConsentRequired

MOST = 500
"""Clients of one associate who celebrate within a few days."""


async def in_days(ctx: Context, found: Sequence[Member]) -> Sequence[int | ConsentRequired | None]:
    """How far off each birthday is, by the calendar of the viewer's store, or the member's; None: not known."""
    places = [ctx.viewer.location_id or one.home_location_id for one in found]
    days = await days_at(ctx, places, ctx.clock())
    shared = await _shared(ctx, [one.id for one in found])
    return [
        _off(one.profile.birthday, day) if one.id in shared else ConsentRequired(Purpose.SHARE_WITH_ASSOCIATE)
        for one, day in zip(found, days, strict=True)
    ]


async def soon(ctx: Context, associate: Associate, today: date) -> Mapping[str, date]:
    """The birthdays that an associate's clients celebrate within the next days."""
    days = domain.birthdays.born_on(today, ahead_days=ctx.policies.birthday_ahead_days)
    born = await ctx.sources.clients.birthdays(associate.id, days, ctx.clock(), limit=MOST)
    shared = await _shared(ctx, born)
    return {id: birthday for id, birthday in born.items() if id in shared}


async def days_at(ctx: Context, location_ids: Sequence[str | None], at: datetime) -> Sequence[date]:
    """The date at an instant at each location; where there is none, the merchant's."""
    return [domain.birthdays.day_at(at, zone) for zone in await zones(ctx, location_ids)]


async def zones(ctx: Context, location_ids: Sequence[str | None]) -> Sequence[str]:
    """Each location's time zone; where there is none, the merchant's."""
    places = await ctx.sources.locations.locations([id or "" for id in location_ids])
    return [place.time_zone if place is not None else ctx.policies.time_zone for place in places]


def _off(birthday: date | None, today: date) -> int | None:
    return domain.birthdays.days_until(birthday, today) if birthday is not None else None


async def _shared(ctx: Context, member_ids: Collection[str]) -> Collection[str]:
    """Those whose birthday the viewer may hear of."""
    if ctx.viewer.role is not Role.ASSOCIATE:
        return member_ids
    return await consents.granted(ctx, member_ids, Purpose.SHARE_WITH_ASSOCIATE)
