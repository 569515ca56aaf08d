"""The people: a hundred members and the guides of every store, all invented.

Their phones are made up as well. The first member and the first guide are those that the demo
hands out tokens for.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from datasources.demo.chance import chance
from datasources.demo.stores import SITES
from datasources.demo.traffic import HOT_SKUS
from domain.associates import Associate, AssociateRole
from domain.bindings import Binding, BindingSource, Periods
from domain.consents import EVERY_CHANNEL, Consent, ConsentState, Purpose
from domain.locations import LocationType
from domain.members import Gender, Identifier, IdentifierType, Member, MemberStatus, Profile
from domain.tablets import TabletKey
from domain.visits import Visit
from domain.wishlist import Wish

MEMBER, GUIDE = "member-demo", "associate-demo"
"""Whom the demo's tokens are for."""
GUIDE_STORE = "SH001"
TABLET, PIN = TabletKey("demo-tablet", "demo-key"), "135790"
"""What the demo's guide signs in with; the demo listens on its own machine only."""
MEMBERS, CLIENTS, VISITORS, GUIDES = 100, 12, 5, 2
SOURCE = "demo"
STORES = tuple(site.id for site in SITES if site.type is LocationType.STORE)
_SURNAMES = "林陈黄张李王吴刘蔡杨许郑谢郭洪曾周叶苏庄江吕何罗高萧潘简朱钟"
_GIVEN = (
    *("晓雨", "子涵", "欣怡", "浩然", "思远", "佳宁", "若曦", "明轩", "雅婷", "俊杰"),
    *("诗涵", "宇航", "梦琪", "天佑", "可馨", "志强", "慧敏", "嘉豪", "静怡", "文博"),
)
_PROSPECT_EVERY = 9
_YEAR = 365
_BIRTHDAY_SOON = 1
"""The number of the client whose birthday is in three days."""


def guides() -> Iterator[Associate]:
    """Two to a store, the demo's own first."""
    yield Associate(GUIDE, "陈思敏", GUIDE_STORE, role=AssociateRole.MANAGER)
    for store in STORES:
        for number in range(1, GUIDES + 1):
            yield Associate(f"{store}-{number}", _name("guide", store, number), store)


def members(now: datetime) -> Iterator[Member]:
    """All of them; every ninth has bought, and not joined."""
    for number in range(MEMBERS):
        dice = chance("member", number)
        joined = number % _PROSPECT_EVERY != _PROSPECT_EVERY // 2
        created_at = now - timedelta(days=dice.randint(_YEAR, 3 * _YEAR))
        yield Member(
            id=member_id(number),
            code=f"8810{number:06}",
            status=MemberStatus.ACTIVE if joined else MemberStatus.PROSPECT,
            registration_source=dice.choice(("STORE", "MINI_PROGRAM")) if joined else "IMPORT",
            created_at=created_at,
            profile=Profile(
                name=_name("member", number),
                gender=dice.choice((Gender.FEMALE, Gender.FEMALE, Gender.MALE, None)),
                birthday=_birthday(number, now) if joined else None,
            ),
            home_location_id=home(number),
            identifiers=(
                _named(IdentifierType.PHONE, f"+861990000{number:04}", created_at),
                _named(IdentifierType.CARD, f"621000{number:06}", created_at),
            ),
        )


def consents(of: Sequence[Member]) -> Mapping[str, Sequence[Consent]]:
    """What who joined agreed to: all of it the demo's own member, the others most of it."""
    said: dict[str, Sequence[Consent]] = {}
    for number, member in enumerate(of):
        if member.status is MemberStatus.ACTIVE:
            dice = chance("consent", number)
            given = [it for it in Purpose if number == 0 or it is Purpose.MEMBERSHIP or dice.random() < 0.7]
            said[member.id] = [_yes(purpose, member.created_at) for purpose in given]
    return said


def bindings(now: datetime) -> Sequence[Binding]:
    """Whom the demo's guide looks after."""
    since, periods = now - timedelta(days=20), Periods()
    return [
        Binding(
            id=f"demo-{number}",
            member_id=member_id(number),
            associate_id=GUIDE,
            since=since,
            valid_until=since + periods.valid,
            protected_until=since + periods.protected,
            source=BindingSource.SCAN,
        )
        for number in range(CLIENTS)
    ]


def visits(now: datetime) -> Sequence[Visit]:
    """Who came into the demo's store within the hour, clients and others."""
    came = range(CLIENTS - 2, CLIENTS + VISITORS)
    return [Visit(GUIDE_STORE, member_id(number), now - timedelta(minutes=7 * nth)) for nth, number in enumerate(came)]


def wishes(now: datetime) -> Mapping[str, Sequence[Wish]]:
    """What the clients would have one day."""
    since = now - timedelta(days=2)
    return {member_id(number): [Wish(HOT_SKUS[number % len(HOT_SKUS)], since)] for number in range(CLIENTS)}


def member_id(number: int) -> str:
    """The key of a member."""
    return MEMBER if number == 0 else f"demo-member-{number:03}"


def home(number: int) -> str:
    """The store where a member mostly buys."""
    return GUIDE_STORE if number < CLIENTS + VISITORS else chance("home", number).choice(STORES)


def _birthday(number: int, now: datetime) -> date:
    day = now.date() + timedelta(3) if number == _BIRTHDAY_SOON else date(2026, 1, 1) + timedelta(number * 3 % _YEAR)
    return day.replace(year=1972 + number % 8 * 4)  # years that have every day


def _name(*whose: str | int) -> str:
    dice = chance("name", *whose)
    return dice.choice(_SURNAMES) + dice.choice(_GIVEN)


def _named(type: IdentifierType, value: str, at: datetime) -> Identifier:
    return Identifier(type, value, is_verified=True, source=SOURCE, linked_at=at)


def _yes(purpose: Purpose, at: datetime) -> Consent:
    return Consent(purpose, EVERY_CHANNEL, ConsentState.GRANTED, "2026-01", at, place=SOURCE, text_hash="")
