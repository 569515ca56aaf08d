"""Use cases on audiences: the members to whom something applies, a page at a time.

Segment and tag are found by the store; tier and consent are asked of whoever owns them, for one stretch of members
after the other. A page that had to look through too many of them ends early, with the cursor to go on from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import domain.tags
from datasources.ports.rfm import Audience
from domain.consents import Purpose
from domain.members import Member
from domain.pages import Position
from domain.rfm import NAMES, Segment, segment_of
from resolvers import consents, members, paging, tiers
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.paging import Connection, Edge, PageInfo

STRETCH = 500
MAX_STRETCHES = 20


async def audience(
    ctx: Context,
    roots: Sequence[None],
    *,
    segment: str | None = None,
    tag: str | None = None,
    tier: str | None = None,
    marketing: bool = False,
    first: int = 50,
    after: str | None = None,
) -> Sequence[Connection[Member]]:
    """Members of a segment, with a tag, of a tier, who let us write to them; what is None does not matter."""
    paging.checked_first(first)
    place = paging.decode(after, kinds=(str,))
    wanted = _segment(segment)
    run = await ctx.sources.rfm.latest() if wanted is not None else None
    if wanted is not None and (run is None or not run.sizes[wanted]):
        return [Connection([], PageInfo(has_next_page=False, end=None))]
    _check_tier(ctx, tier)
    path = domain.tags.normal(tag) if tag is not None else None
    looked = _Look(ctx, Audience(at=ctx.clock(), run=run, segment=wanted, path=path), tier, marketing)
    found, end = await looked.through(str(place[0]) if place else None, first)
    people = await ctx.sources.members.members(found)
    seen = await members.visible(ctx, people)
    edges = [Edge(one, (one.id,)) for one in seen if one is not None]
    return [Connection(edges, PageInfo(has_next_page=end is not None, end=end or _last(edges)))]


@dataclass(frozen=True, slots=True)
class _Look:
    """A search through the members in the order of their ids."""

    ctx: Context
    asked: Audience
    tier: str | None
    marketing: bool

    async def through(self, after: str | None, first: int) -> tuple[Sequence[str], Position | None]:
        """The next ids, at most `first`, and where to go on; None: there are no more."""
        is_plain = self.tier is None and not self.marketing
        limit = first + 1 if is_plain else STRETCH
        found: list[str] = []
        for _ in range(MAX_STRETCHES):
            stretch = await self.ctx.sources.rfm.audience(self.asked, after=after, limit=limit)
            found += await self._kept(stretch)
            if len(found) > first:
                return found[:first], (found[first - 1],)
            if len(stretch) < limit:
                return found, None
            after = stretch[-1]
        return found, (str(after),)

    async def _kept(self, member_ids: Sequence[str]) -> Sequence[str]:
        kept = member_ids
        if self.marketing:
            reachable = await consents.granted(self.ctx, kept, Purpose.MARKETING)
            kept = [id for id in kept if id in reachable]
        if self.tier is not None and kept:
            codes = await tiers.tier_codes(self.ctx, kept)
            kept = [id for id, code in zip(kept, codes, strict=True) if code == self.tier]
        return kept


def _segment(bits: str | None) -> Segment | None:
    if bits is None:
        return None
    if bits not in NAMES:
        raise BadQuestion("BAD_ARGUMENT", f"{bits!r} is no segment; these are: {', '.join(NAMES)}.")
    return segment_of(bits)


def _check_tier(ctx: Context, tier: str | None) -> None:
    codes = [one.code for one in ctx.policies.ladder.tiers]
    if tier is not None and tier not in codes:
        raise BadQuestion("BAD_ARGUMENT", f"{tier!r} is no tier; these are: {', '.join(codes)}.")


def _last(edges: Sequence[Edge[Member]]) -> Position | None:
    return edges[-1].position if edges else None
