"""Pickups: what a store keeps for members who will come for it.

A reservation is a member's who made it, or, made by an associate, whose id is its reference.
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
    """What waits at a store, by whoever it may be for."""
    waiting = await ctx.sources.reservations.waiting_at(location_id, ctx.clock(), limit=MOST_AT_A_STORE)
    kept: defaultdict[str, list[Reservation]] = defaultdict(list)
    for one in waiting:
        for name in {one.client, ids.key_of("Member", one.reference or "")}:
            kept[name].append(one)
    return kept
