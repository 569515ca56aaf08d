"""Merging: several records of one person become one, and can be taken apart again within thirty days.

Who shares a verified phone, union id or card is one person. Two phones are two people until somebody decides
otherwise: where a merge would join members with different verified phones, it waits for a person (MEM-1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

import domain.identifiers
from domain.members import ContactPreference, Identifier, IdentifierKey, IdentifierType, Member, MemberStatus, Profile

REVERSIBLE_FOR = timedelta(days=30)
BIRTHDAY_FROZEN_FOR = timedelta(days=365)

_T = TypeVar("_T", Profile, ContactPreference)


class Obstacle(Enum):
    """Why a merge waits for a person's word."""

    DIFFERENT_PHONES = "DIFFERENT_PHONES"
    BLOCKED_MEMBER = "BLOCKED_MEMBER"
    TAKEN_APART = "TAKEN_APART"


class Decision(Enum):
    """What a person decided of a merge that waited."""

    MERGED = "MERGED"
    KEPT_APART = "KEPT_APART"


@dataclass(frozen=True, slots=True)
class MergeCase:
    """Two members who seem to be one person, of whom a person must decide; `seen_at` is when they were seen as one."""

    id: str
    first_id: str
    second_id: str
    obstacle: Obstacle
    seen_at: datetime
    opened_at: datetime
    decision: Decision | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """The audit record of a merge: both members as they were, the survivor as it was made, and what topics did."""

    id: str
    kept: Member
    absorbed: Member
    made: Member
    at: datetime
    by: str
    topics: Mapping[str, Any]
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A member with one more name."""

    member: Member


@dataclass(frozen=True, slots=True)
class Together:
    """Two members who are one person: the first goes on, the second goes into it."""

    kept: Member
    absorbed: Member


def link(member: Member, name: Identifier, holder: Member | None) -> Linked | Together | Obstacle:
    """Decide what a name makes of who was seen with it, where `holder` has it, verified, already (MEM-1, MEM-2).

    A name that is not binding is only kept. The obstacle of DIFFERENT_PHONES without a holder: one phone a member.
    """
    if holder is not None and holder.id != member.id and domain.identifiers.is_binding(name):
        return obstacle(member, holder) or together(member, holder)
    if holder is None and name.type is IdentifierType.PHONE and name.is_verified and phones(member) - {name.value}:
        return Obstacle.DIFFERENT_PHONES
    return Linked(replace(member, identifiers=_united(member.identifiers, (name,))))


def obstacle(one: Member, other: Member) -> Obstacle | None:
    """Why these two are not merged without a person's word: their phones, or a block that a merge might lift."""
    if phones(one) and phones(other):
        return Obstacle.DIFFERENT_PHONES  # a phone of both would be held by one of them alone (MEM-2)
    if (one.status is MemberStatus.BLOCKED) != (other.status is MemberStatus.BLOCKED):
        return Obstacle.BLOCKED_MEMBER
    return None


def together(one: Member, other: Member) -> Together:
    """Put two in the order in which they merge: the oldest goes on."""
    kept = oldest((one, other))
    return Together(kept, other if kept is one else one)


def oldest(members: Iterable[Member]) -> Member:
    """The oldest ACTIVE one, where none is active the oldest of all; of one age the smallest id."""
    return min(members, key=lambda one: (one.status is not MemberStatus.ACTIVE, one.created_at, one.id))


def phones(member: Member) -> frozenset[str]:
    """The phones that were shown to be theirs."""
    own = member.identifiers
    return frozenset(name.value for name in own if name.is_verified and name.type is IdentifierType.PHONE)


def merged(pair: Together, now: datetime) -> tuple[Member, Member]:
    """Both records afterwards: the survivor with all names and what it had not been told, the other a mere pointer."""
    kept, absorbed = pair.kept, pair.absorbed
    made = replace(
        kept,
        identifiers=_united(kept.identifiers, absorbed.identifiers),
        profile=_one_profile(kept, absorbed, now),
        contact=absorbed.contact if kept.contact == ContactPreference() else kept.contact,
        home_location_id=kept.home_location_id or absorbed.home_location_id,
        version=kept.version + 1,
    )
    gone = replace(
        absorbed,
        identifiers=(),
        profile=Profile(),
        contact=ContactPreference(),
        merged_into=kept.id,
        version=absorbed.version + 1,
    )
    return made, gone


def is_reversible(merge: Merge, kept: Member, now: datetime) -> bool:
    """Say whether a merge can be taken back: it is young, was not taken back, and its survivor goes on."""
    return merge.undone_at is None and kept.is_live and now < merge.at + REVERSIBLE_FOR


def parted(merge: Merge, kept: Member, absorbed: Member) -> tuple[Member, Member]:
    """Both records apart again: as they were, and what was told since stays with the survivor (MEM-4).

    A name that the survivor has given up since goes to nobody.
    """
    now = {name.key: name for name in kept.identifiers}
    made = {name.key: name for name in merge.made.identifiers}
    before = {name.key: name for name in merge.kept.identifiers}
    theirs = {name.key: name for name in merge.absorbed.identifiers}
    alone = replace(
        kept,
        identifiers=_back(now, made, before, but=theirs),
        profile=_told_before(kept.profile, merge.made.profile, merge.kept.profile),
        contact=_told_before(kept.contact, merge.made.contact, merge.kept.contact),
        home_location_id=merge.kept.home_location_id
        if kept.home_location_id == merge.made.home_location_id
        else kept.home_location_id,
        version=kept.version + 1,
    )
    shared = {key: now[key] for key in theirs if key in now}
    again = replace(merge.absorbed, identifiers=_back(shared, made, theirs, but=()), version=absorbed.version + 1)
    return alone, again


def _back(
    now: Mapping[IdentifierKey, Identifier],
    made: Mapping[IdentifierKey, Identifier],
    before: Mapping[IdentifierKey, Identifier],
    *,
    but: Iterable[IdentifierKey],
) -> tuple[Identifier, ...]:
    """Names as they were before, except those that changed since; without those that came from the other side only."""
    others = set(but) - set(before)
    kept = {key: before[key] if name == made.get(key) and key in before else name for key, name in now.items()}
    return _ordered(name for key, name in kept.items() if key not in others)


def _told_before(now: _T, made: _T, before: _T) -> _T:
    """Take back what the merge told, field by field; what was told since stays."""
    untouched = [field.name for field in fields(now) if getattr(now, field.name) == getattr(made, field.name)]
    return replace(now, **{name: getattr(before, name) for name in untouched})


def _united(first: Sequence[Identifier], second: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """All names of both; of one that both have, who verified it, then who said it first."""
    best: dict[IdentifierKey, Identifier] = {}
    for one in (*first, *second):
        best[one.key] = min(best.get(one.key, one), one, key=lambda name: (not name.is_verified, name.linked_at))
    return _ordered(best.values())


def _ordered(names: Iterable[Identifier]) -> tuple[Identifier, ...]:
    return tuple(sorted(names, key=lambda name: (name.linked_at, name.type.value, name.realm, name.value)))


def _one_profile(kept: Member, absorbed: Member, now: datetime) -> Profile:
    """What either told. Of two birthdays the one told by the older record holds, and brings no presents for a year."""
    mine, theirs = kept.profile, absorbed.profile
    told = [member.profile.birthday for member in sorted((kept, absorbed), key=lambda it: (it.created_at, it.id))]
    birthdays = [birthday for birthday in told if birthday is not None]
    frozen = [until for until in (mine.birthday_frozen_until, theirs.birthday_frozen_until) if until is not None]
    if len(set(birthdays)) > 1:
        frozen.append(now + BIRTHDAY_FROZEN_FOR)
    return Profile(
        name=mine.name or theirs.name,
        gender=mine.gender or theirs.gender,
        birthday=birthdays[0] if birthdays else None,
        birthday_frozen_until=max(frozen, default=None),
    )
