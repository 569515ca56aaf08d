"""What a member told of themself, in GraphQL's words. Who sees it unmasked stands in `resolvers/personal.py`."""

from datetime import date, datetime, time

import strawberry

import domain.members
import resolvers.personal
from domain.members import Gender, IdentifierType
from schema.base import batch, enum, plain, view

enum(Gender, "What somebody said of their gender.", FEMALE="Female.", MALE="Male.", OTHER="Neither, or both.")
enum(
    IdentifierType,
    "What kind of name a system has for somebody.",
    PHONE="A phone, in E.164: +8613800138000. One person's alone.",
    UNIONID="WeChat's name for somebody, over all apps of one merchant. One person's alone.",
    OPENID="WeChat's name for somebody in one app, which the realm names.",
    EXTERNAL_USERID="WeCom's name for somebody outside the house.",
    CARD="The number of a member card, without blanks and in capitals. One person's alone.",
    POS_ID="What a system of tills calls somebody; the realm names the system.",
    EMAIL="An e-mail address, in small letters.",
)
MASKED = "Whether you see it masked: staff need members:personal, associates the member's SHARE_WITH_ASSOCIATE as well."


@view(resolvers.personal.SeenProfile, description="What a member told of themself, as you may see it.")
class MemberProfile:
    name: str = plain("What they are called; masked: its first character. May be empty.", attribute="profile.name")
    gender: Gender | None = plain(
        "What they said of their gender; null if they did not, or masked.", attribute="profile.gender"
    )
    birthday: date | None = plain("When they were born; null if unknown, or masked.", attribute="profile.birthday")
    birthday_frozen_until: datetime | None = plain(
        "Until when birthdays bring them nothing, in UTC: two of them were known. Null: they do; or masked.",
        attribute="profile.birthday_frozen_until",
    )
    is_masked: bool = plain(MASKED)


@view(resolvers.personal.SeenIdentifier, description="A name that a system knows a member by.")
class MemberIdentifier:
    type: IdentifierType = plain("What kind of name.")
    value: str = plain("The name in its one normal form; masked: `138****8000`, `a***@x.com`, `****3456`.")
    realm: str = plain("The app of an OPENID, the system of a POS_ID; otherwise empty.")
    is_verified: bool = plain("Whether somebody has shown that it is theirs.")
    source: str = plain("Who said it: the subject of their token.")
    linked_at: datetime = plain("Since when it is known, in UTC.")
    is_masked: bool = plain(MASKED)


@view(domain.members.ContactPreference, description="How a member wants to be spoken to.")
class ContactPreference:
    channel: str = plain("The channel they like best, such as SMS or WECOM; empty if they did not say.")
    language: str = plain("The language they like best, such as zh or en; empty if they did not say.")
    quiet_from: time | None = plain("From when, where they live, nobody should call or write; null: at any time.")
    quiet_until: time | None = plain("Until when; before `quietFrom`, on the next day.")


@strawberry.type
class PersonalMember:
    """The part of a member that is their own business."""

    profile: MemberProfile = batch(
        resolvers.personal.profiles,
        description="What they told of themself, as you may see it; that staff saw it unmasked is written down.",
    )
    identifiers: list[MemberIdentifier] = batch(
        resolvers.personal.identifiers,
        description="What they are called where, as you may see it; that staff saw it unmasked is written down.",
    )
    contact_preference: ContactPreference = plain("How they want to be spoken to.", attribute="contact")
