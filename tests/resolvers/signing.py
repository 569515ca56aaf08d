"""A house where people sign in: WeChat and messages are simulated, the clock stands still until a test winds it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from sqlalchemy import insert

import domain.viewers
import resolvers.phone_codes
import resolvers.phones
import resolvers.pins
import resolvers.sessions
import resolvers.tablets
import resolvers.wechat
from datasources.messages.simulator import SimulatedSender
from datasources.store.member_tables import associates
from datasources.store.store import Store
from domain.refusals.base import Refusal
from domain.viewers import GUEST, Role, Viewer
from resolvers.context import Context, Sources
from resolvers.sessions import Granted
from resolvers.tablets import Register
from tests.builders import ADMINISTRATOR, shop
from tests.resolvers.reserving import Clock
from tests.worlds import POLICIES, fill, sources

PHONE = "+8613800138000"
PIN = "294817"


@dataclass(slots=True)
class House:
    """One process that signs people in."""

    store: Store
    sources: Sources
    clock: Clock
    tablet: str = ""

    def asked(self, viewer: Viewer = GUEST) -> Context:
        """Somebody asks."""
        return Context(self.sources, POLICIES, self.clock, viewer)

    def as_signed_in(self, session: Granted) -> Context:
        """Whoever a session's access token is of asks."""
        claims = json.loads(session.access_token)
        viewer = domain.viewers.viewer(
            subject=claims["sub"],
            role=Role(claims["role"]),
            scopes=None,
            location_id=claims["location"],
            session_id=claims["sid"],
            expires_at=session.expires_at,
        )
        return self.asked(viewer)

    async def by_wechat(self, code: str = "anna") -> Granted:
        """Sign in by WeChat."""
        return granted(await resolvers.wechat.login(self.asked(), resolvers.wechat.Login(code)))

    async def code_for(self, phone: str = PHONE) -> str:
        """Have a code sent, and look at the phone."""
        sent = await resolvers.phone_codes.send(self.asked(), resolvers.phone_codes.Send(phone))
        assert sent.user_errors == ()
        return cast("SimulatedSender", self.sources.sender).last[resolvers.phones.normal(phone) or ""]

    async def by_phone(self, code: str, phone: str = PHONE) -> resolvers.sessions.Answer:
        """Try to sign in by a phone."""
        return await resolvers.phone_codes.login(self.asked(), resolvers.phone_codes.Login(phone, code))

    async def by_pin(self, pin: str = PIN, who: str = "li", tablet: str | None = None) -> resolvers.sessions.Answer:
        """Try to sign in on the tablet."""
        shown = resolvers.tablets.Login(self.tablet if tablet is None else tablet, who, pin)
        return await resolvers.tablets.login(self.asked(), shown)

    async def refreshed(self, refresh_token: str) -> resolvers.sessions.Answer:
        """Try to refresh."""
        return await resolvers.sessions.refresh(self.asked(), resolvers.sessions.Refresh(refresh_token))

    def has_ended(self, session: Granted) -> bool:
        """Whether this process refuses a session's access token."""
        return bool(self.sources.ended.holds(json.loads(session.access_token)["sid"]))


@pytest.fixture
async def house(store: Store, migrated_database_url: str, clock: Clock) -> House:
    """A house of two stores, where nobody is known yet."""
    await fill(migrated_database_url, [shop("SH001"), shop("SH002")])
    return House(store, sources(store, clock=clock), clock)


async def staffed(house: House) -> House:
    """Li works in SH001, where a tablet lies; Wu works in SH002, and Xu has left. All have the same PIN."""
    pin_hash = await resolvers.pins.hashed(PIN)
    async with house.store._writers.begin() as connection:
        for id, place, is_active in (("li", "SH001", True), ("wu", "SH002", True), ("xu", "SH001", False)):
            who = {"id": id, "name": id, "location_id": place, "role": "GUIDE", "is_active": is_active}
            await connection.execute(insert(associates), [who | {"pin_hash": pin_hash}])
    house.tablet = await registered(house)
    return house


async def registered(house: House, name: str = "SH001-1", location: str = "SH001") -> str:
    """Make a tablet known."""
    done = await resolvers.tablets.register(house.asked(ADMINISTRATOR), Register(name, location))
    assert done.key, done.user_errors
    return done.key


def worker(house: House, store: Store) -> House:
    """Another process over another store of the same database."""
    return replace(house, store=store, sources=sources(store, clock=house.clock))


def granted(answer: resolvers.sessions.Answer | resolvers.wechat.Bound) -> Granted:
    """The session of an answer that says yes."""
    assert answer.session is not None, answer.user_errors
    return answer.session


def codes(answer: Any) -> list[str]:
    """Why it was refused."""
    refusals: Sequence[Refusal] = answer.user_errors
    return [refusal.code for refusal in refusals]
