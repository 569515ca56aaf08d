"""Personal data: what a viewer sees of a member's own facts, and that it is written down what staff see unmasked.

A member sees their own. Staff need a right of their own for it, and associates the member's consent as well (CLI-2);
everybody else sees enough to ask for the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import domain.masking
from domain.access import Access, AccessKind
from domain.consents import Purpose
from domain.members import Identifier, IdentifierType, Member, Profile
from domain.viewers import Role, Scope
from resolvers import consents, members
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class SeenProfile:
    """What a viewer sees of a profile."""

    profile: Profile
    is_masked: bool


@dataclass(frozen=True, slots=True)
class SeenIdentifier:
    """What a viewer sees of a name."""

    type: IdentifierType
    value: str
    realm: str
    is_verified: bool
    source: str
    linked_at: datetime
    is_masked: bool


async def profiles(ctx: Context, found: Sequence[Member]) -> Sequence[SeenProfile]:
    """What each member told of themself, as the viewer may see it."""
    open_ids = await _unmasked(ctx, found, ("name", "gender", "birthday"))
    return [
        SeenProfile(member.profile, is_masked=False)
        if member.id in open_ids
        else SeenProfile(domain.masking.profile(member.profile), is_masked=True)
        for member in found
    ]


async def identifiers(ctx: Context, found: Sequence[Member]) -> Sequence[Sequence[SeenIdentifier]]:
    """What each member is called where, as the viewer may see it."""
    open_ids = await _unmasked(ctx, found, ("identifiers",))
    return [[_seen(name, is_masked=member.id not in open_ids) for name in member.identifiers] for member in found]


async def _unmasked(ctx: Context, found: Sequence[Member], fields: tuple[str, ...]) -> frozenset[str]:
    """Whose data the viewer sees as it is; staff only after it was written down, once for all of them."""
    asked, viewer = frozenset(member.id for member in found), ctx.viewer
    if viewer.role is Role.MEMBER:
        return await members.own(ctx, asked)
    if not viewer.may(Scope.PERSONAL_DATA):
        return frozenset()
    if viewer.role is Role.ASSOCIATE:
        asked &= await consents.granted(ctx, asked, Purpose.SHARE_WITH_ASSOCIATE)
    now = ctx.clock()
    looks = [Access(AccessKind.UNMASK, id, viewer.id, viewer.role, now, ctx.request_id, fields) for id in sorted(asked)]
    await ctx.sources.access.record(looks)
    return asked


def _seen(name: Identifier, *, is_masked: bool) -> SeenIdentifier:
    value = domain.masking.identifier(name.type, name.value) if is_masked else name.value
    return SeenIdentifier(name.type, value, name.realm, name.is_verified, name.source, name.linked_at, is_masked)
