"""A small house for tests of what is known of members: a store, two products, people, and whoever asks."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from datasources.store.store import Store
from domain.consents import ConsentState, Purpose
from domain.members import Member
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers import members
from resolvers.context import Context
from tests.builders import NOW, entry, on_sale, shop
from tests.people import consent, keep, look_after, member
from tests.worlds import asked, fill

STORE = "S1"
GUIDE = "ann"


async def opened(store: Store, url: str) -> Store:
    """A house in which Ann looks after m1, and nobody after m2."""
    await fill(url, [shop(STORE), *on_sale(entry("DJ01", sizes=("M", "L")), entry("DJ02"))])
    await keep(store, member("m1"), member("m2"))
    await look_after(store, GUIDE, "m1", location=STORE)
    return store


def of(store: Store, role: Role, id: str, *, at: datetime = NOW, **said: Any) -> Context:
    """Somebody with all rights of their role, an associate in the store."""
    location = STORE if role is Role.ASSOCIATE else None
    return asked(store, at=at, viewer=Viewer(id, role, SCOPES_OF_ROLE[role], location_id=location), **said)


def guide(store: Store, **said: Any) -> Context:
    """Ann asks."""
    return of(store, Role.ASSOCIATE, GUIDE, **said)


def self(store: Store, id: str = "m1", **said: Any) -> Context:
    """A member asks."""
    return of(store, Role.MEMBER, id, **said)


def house(store: Store, **said: Any) -> Context:
    """The merchant's own system asks."""
    return of(store, Role.INTEGRATOR, "crm", **said)


async def says(
    store: Store,
    purpose: Purpose,
    state: ConsentState = ConsentState.GRANTED,
    *,
    id: str = "m1",
) -> None:
    """A member allows something, or does not any more."""
    async with store.work() as work:
        await work.consents.write({id: [consent(purpose, state)]})


async def seen(ctx: Context, id: str = "m1") -> Member:
    """The member as whoever asks sees them."""
    (found,) = await members.members_by_ids(ctx.anew(), [id])
    assert found is not None
    return found


def later(ctx: Context, at: datetime) -> Context:
    """The same asks again at another moment."""
    return replace(ctx.anew(), clock=lambda: at)
