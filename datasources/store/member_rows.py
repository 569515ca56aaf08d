"""Members as rows, and whole as JSON: both ways, side by side."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

import domain.identifiers
from domain.members import ContactPreference, Gender, Identifier, IdentifierType, Member, MemberStatus, Profile


def row(member: Member) -> dict[str, Any]:
    """A member, without what they are called where."""
    profile, contact = member.profile, member.contact
    return {
        "id": member.id,
        "code": member.code,
        "status": member.status.value,
        "name": profile.name,
        "gender": profile.gender.value if profile.gender else None,
        "birthday": profile.birthday,
        "registration_source": member.registration_source,
        "home_location_id": member.home_location_id,
        "created_at": member.created_at,
        "merged_into": member.merged_into,
        "version": member.version,
        "birthday_frozen_until": profile.birthday_frozen_until,
        "contact_channel": contact.channel,
        "contact_language": contact.language,
        "quiet_from": _clock(contact.quiet_from),
        "quiet_until": _clock(contact.quiet_until),
    }


def to_member(row: Row[Any] | SimpleNamespace, named: Sequence[Identifier]) -> Member:
    """A member of their row, and of what they are called where."""
    return Member(
        id=row.id,
        code=row.code,
        status=MemberStatus(row.status),
        registration_source=row.registration_source,
        created_at=row.created_at,
        profile=Profile(row.name, Gender(row.gender) if row.gender else None, row.birthday, row.birthday_frozen_until),
        contact=ContactPreference(
            row.contact_channel, row.contact_language, _time(row.quiet_from), _time(row.quiet_until)
        ),
        home_location_id=row.home_location_id,
        identifiers=tuple(named),
        merged_into=row.merged_into,
        version=row.version,
    )


def identifier_row(member_id: str, one: Identifier) -> dict[str, Any]:
    """A name, and the end of it by which somebody is found."""
    return {
        "member_id": member_id,
        "type": one.type.value,
        "realm": one.realm,
        "value": one.value,
        "is_verified": one.is_verified,
        "source": one.source,
        "linked_at": one.linked_at,
        "tail": domain.identifiers.tail(one),
    }


def to_identifier(row: Row[Any]) -> Identifier:
    """A name of its row."""
    return Identifier(IdentifierType(row.type), row.value, row.is_verified, row.source, row.linked_at, row.realm)


def packed(member: Member) -> dict[str, Any]:
    """A member as they stand, all of it, for JSON."""
    names = [
        [one.type.value, one.value, one.is_verified, one.source, one.linked_at.isoformat(), one.realm]
        for one in member.identifiers
    ]
    facts = row(member) | {"identifiers": names}
    return {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in facts.items()}


def unpacked(facts: Mapping[str, Any]) -> Member:
    """A member as they were packed."""
    named = [
        Identifier(IdentifierType(type), value, is_verified, source, datetime.fromisoformat(linked_at), realm)
        for type, value, is_verified, source, linked_at, realm in facts["identifiers"]
    ]
    read = {name: _READ[name](fact) for name, fact in facts.items() if name in _READ and fact is not None}
    return to_member(SimpleNamespace(**{**facts, **read}), named)


_READ: Mapping[str, Callable[[str], Any]] = {
    "birthday": date.fromisoformat,
    "birthday_frozen_until": datetime.fromisoformat,
    "created_at": datetime.fromisoformat,
}


def _clock(moment: time | None) -> str:
    return "" if moment is None else moment.isoformat("minutes")


def _time(clock: str) -> time | None:
    return time.fromisoformat(clock) if clock else None
