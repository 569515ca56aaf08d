"""Recognising: which member stands behind what somebody has just proved; whoever nobody knows becomes a prospect.

A prospect has consented to nothing (MEM-11): signing in is no consent.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import domain.events
from datasources.ports.work import Raced, Work
from domain.members import Identifier, Member, MemberStatus
from domain.refusals.base import Path
from domain.refusals.sessions import BoundElsewhere, MemberBlocked
from resolvers.claims import Refused

CODE_DIGITS = 10


async def recognised(work: Work, proved: Sequence[Identifier], *, path: Path, now: datetime) -> Member:
    """Find the member who has these identifiers, the first one found; a new one, if nobody does.

    Raises:
        Refused: MEMBER_BLOCKED, the house does not let them in.
        Raced: something happened to that member, or to one like them, at the same time; do it again.
    """
    found = await work.members.by_identifier({one.key for one in proved})
    known = next((found[one.key].id for one in proved if one.key in found), None)
    if known is None:
        return await _new(work, proved, now)
    member = (await work.members.locked({known}))[known]
    if not member.is_live:
        raise Raced("merged or erased meanwhile")
    if member.status is MemberStatus.BLOCKED:
        raise Refused(MemberBlocked(path))
    for one in proved:
        member = await linked(work, member, one, path=path, now=now)
    return member


async def linked(work: Work, member: Member, one: Identifier, *, path: Path, now: datetime) -> Member:
    """Give a member an identifier that they proved; return who they are then.

    Raises:
        Refused: BOUND_ELSEWHERE, it is another member's.
    """
    if any(had.key == one.key and had.is_verified for had in member.identifiers):
        return member
    if one.key in await work.members.by_identifier({one.key}):
        raise Refused(BoundElsewhere(path))
    others = tuple(had for had in member.identifiers if had.key != one.key)
    changed = replace(member, identifiers=(*others, one), version=member.version + 1)
    await _keep(work, changed, now)
    return changed


async def _new(work: Work, proved: Sequence[Identifier], now: datetime) -> Member:
    member = Member(
        id=uuid.uuid4().hex,
        code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
        status=MemberStatus.PROSPECT,
        registration_source=proved[0].source,
        created_at=now,
        identifiers=tuple(proved),
    )
    await _keep(work, member, now)
    return member


async def _keep(work: Work, member: Member, now: datetime) -> None:
    await work.members.write([member])
    await work.tell([domain.events.member_changed(member.id, now)])
