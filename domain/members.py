"""Members: one record per person, however many channels know them; what a person is called where is an identifier."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum


class MemberStatus(Enum):
    """How far somebody is a member: a prospect has bought, and consented to nothing yet (MEM-11)."""

    PROSPECT = "PROSPECT"
    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"
    ERASED = "ERASED"


class IdentifierType(Enum):
    """What kind of name a system has for somebody."""

    PHONE = "PHONE"
    UNIONID = "UNIONID"
    OPENID = "OPENID"
    EXTERNAL_USERID = "EXTERNAL_USERID"
    CARD = "CARD"
    POS_ID = "POS_ID"
    EMAIL = "EMAIL"


STRONG = frozenset({IdentifierType.PHONE, IdentifierType.UNIONID, IdentifierType.CARD})
"""Types that are one person's alone: who shares one of these, verified, is the same person (domain.md §8)."""


class Gender(Enum):
    """What somebody said of their gender."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class IdentifierKey:
    """A name within its realm: the app of an OPENID, the system of a POS_ID; other types have none."""

    type: IdentifierType
    value: str
    realm: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name that `source` knows a member by; `value` is in its normal form (MEM-6)."""

    type: IdentifierType
    value: str
    is_verified: bool
    source: str
    linked_at: datetime
    realm: str = ""

    @property
    def key(self) -> IdentifierKey:
        """What it names, whoever says so."""
        return IdentifierKey(self.type, self.value, self.realm)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member told of themself; `birthday_frozen_until`: who told two birthdays gets no presents until then."""

    name: str = ""
    gender: Gender | None = None
    birthday: date | None = None
    birthday_frozen_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactPreference:
    """How a member wants to be spoken to: `channel` such as SMS, never from `quiet_from` to `quiet_until` there."""

    channel: str = ""
    language: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person. `code` is the number on their card and in their QR; `merged_into` is who they are now."""

    id: str
    code: str
    status: MemberStatus
    registration_source: str
    created_at: datetime
    profile: Profile = Profile()
    contact: ContactPreference = ContactPreference()
    home_location_id: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    merged_into: str | None = None
    version: int = 1

    @property
    def is_live(self) -> bool:
        """Whether this record still stands for somebody."""
        return self.merged_into is None and self.status is not MemberStatus.ERASED
