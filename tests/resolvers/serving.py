"""Two stores with guides for tests, and members who come in: each test says who is whose."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from datasources.store.store import Store
from domain.associates import Associate
from domain.bindings import Binding
from domain.consents import ConsentState, Purpose
from domain.members import IdentifierType, Profile
from domain.viewers import Role, Viewer, viewer
from resolvers import clients
from resolvers.clients import Bind
from resolvers.context import Context
from tests.people import consent, identifier, keep, member
from tests.resolvers.reserving import GOODS, Clock, visit
from tests.worlds import fill

GUIDES = {"ann": "SH001", "bob": "SH001", "cai": "SH002", "dan": "SH002"}
BORN = {"m1": date(1990, 11, 24), "m2": date(1985, 6, 1), "m3": date(1996, 2, 29), "m4": None}
MEMBERS = [
    member(
        id,
        profile=Profile(name=f"顾客{id}", birthday=born),
        identifiers=(identifier(IdentifierType.CARD, f"99{id}".upper()),),
    )
    for id, born in BORN.items()
]


def guide(id: str, location: str | None = None) -> Viewer:
    """An associate with all rights of one, at their store."""
    return viewer(subject=id, role=Role.ASSOCIATE, scopes=None, location_id=location or GUIDES[id])


async def furnish(store: Store, url: str, *, shared: Collection[str] = ("m1",)) -> None:
    """Write stores, goods, guides and members; those of `shared` let associates know about them."""
    await fill(url, GOODS)
    async with store.work() as work:
        for id, location in GUIDES.items():
            await work.associates.write(Associate(id, f"导购{id}", location))
    await keep(store, *MEMBERS)
    async with store.work() as work:
        said = consent(Purpose.SHARE_WITH_ASSOCIATE, ConsentState.GRANTED)
        await work.consents.write({id: [said] for id in shared})


def at(store: Store, clock: Clock, who: Viewer) -> Context:
    """Somebody who asks by the test's clock."""
    return visit(store, clock, who)


async def scan(ctx: Context, member_id: str = "m1", *, key: str | None = None) -> clients.Answer:
    """A guide scans a member's code."""
    return await clients.bind(ctx.anew(), Bind(f"C-{member_id}", key or f"{ctx.viewer.id}-{member_id}-{ctx.clock()}"))


async def scanned(ctx: Context, *member_ids: str) -> None:
    """A guide scans members who are nobody else's."""
    for id in member_ids:
        answer = await scan(ctx, id)
        assert answer.client is not None, answer.user_errors


async def history(store: Store, member_id: str) -> list[Binding]:
    """All bindings there ever were of a member, the oldest first."""
    async with store.work() as work:
        return list((await work.clients.history([member_id])).get(member_id, []))


@asynccontextmanager
async def doors(url: str, count: int, clock: Clock) -> AsyncIterator[list[Context]]:
    """As many workers on one database."""
    opened = [Store(url) for _ in range(count)]
    try:
        yield [at(store, clock, guide("ann")) for store in opened]
    finally:
        for store in opened:
            await store.close()


def by(ctx: Context, who: Viewer) -> Context:
    """The same worker, asked by somebody else."""
    return replace(ctx, viewer=who)
