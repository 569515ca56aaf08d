"""Pickups: what a store keeps for members who will come for it.

A reservation is a member's who made it, or, made by an associate, whose id is its reference. A member's own reference
is their own affair: nobody puts anything on another's page.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.members import Member
from domain.reservations import Reservation
from resolvers import ids
from resolvers.context import Context

MOST_AT_A_STORE = 1_000


async def of_members(ctx: Context, found: Sequence[Member]) -> Sequence[Sequence[Reservation]]:
    """What waits for each member at the viewer's store, the first to expire first."""
    if ctx.viewer.location_id is None:
        return [[] for _ in found]
    kept = await waiting_at(ctx, ctx.viewer.location_id)
    return [kept.get(one.id, []) for one in found]


async def waiting_at(ctx: Context, location_id: str) -> Mapping[str, Sequence[Reservation]]:
    """What waits at a store, by whoever it is for."""
    waiting = await ctx.sources.reservations.waiting_at(location_id, ctx.clock(), limit=MOST_AT_A_STORE)
    made_for_others = sorted({one.client for one in waiting if one.reference})
    staff = {one.id for one in await ctx.sources.associates.associates(made_for_others) if one is not None}
    kept: defaultdict[str, list[Reservation]] = defaultdict(list)
    for one in waiting:
        whose = ids.key_of("Member", one.reference) if one.reference and one.client in staff else one.client
        kept[whose].append(one)
    return kept
