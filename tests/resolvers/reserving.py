"""A shop to reserve in: two sizes of a jacket, a store that keeps things, one that does not, and some that are shut.

Its clock stands still until a test moves it; workers are as many as a test opens, each with a store and rounds of its
own.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import resolvers.reservations
from datasources.store.store import Store
from domain.channels import Channel
from domain.imports import Item
from domain.locations import Capability, LocationStatus
from domain.opening import OpenInterval
from domain.refusals.base import Path, Refusal
from domain.reservations import Reservation, ReservationKind, ReservationLine
from domain.stock import Key, StockLevel
from domain.viewers import Role, Viewer, viewer
from resolvers.context import Context
from resolvers.reservations import Act, Release, Reserve
from resolvers.rounds import Answer
from tests.builders import MEMBER, NOW, count, entry, listing, shop
from tests.worlds import asked, fill, sources, tell

L, M = ("DJ01-L", "SH001"), ("DJ01-M", "SH001")
L2 = ("DJ01-L", "SH002")
HERE: Path = ("input", "reservation")
KEY: Path = ("input", "idempotencyKey")
LINE: Path = ("input", "lines", 0)
EVERY_DAY = tuple(OpenInterval(weekday, 600, 1320) for weekday in range(7))
JACKET = entry("DJ01", sizes=("L", "M"))
GOODS: Sequence[Item] = (
    JACKET,
    entry("HIDDEN"),
    *(listing(variant.sku, channel) for variant in JACKET.variants for channel in Channel),
    shop("SH001", capabilities=frozenset({Capability.RESERVE}), hours=EVERY_DAY),
    shop("SH002"),
    shop("SH003", status=LocationStatus.SUSPENDED, capabilities=frozenset({Capability.RESERVE})),
    shop("SH004", status=LocationStatus.CLOSED, capabilities=frozenset({Capability.RESERVE})),
)
OTHER_MEMBER = viewer(subject="m-2", role=Role.MEMBER, scopes=None)
SH002_ASSOCIATE = viewer(subject="a-2", role=Role.ASSOCIATE, scopes=None, location_id="SH002")


@dataclass(slots=True)
class Clock:
    """A clock that a test winds."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wind(self, on: timedelta) -> None:
        self.now += on


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """The member; seven large jackets and two medium ones in the store that keeps things, a large one in another."""
    await fill(migrated_database_url, GOODS)
    await tell(store, count(7), count(2, sku="DJ01-M"), count(1, location_id="SH002"))
    return visit(store, clock)


def visit(store: Store, clock: Callable[[], datetime], viewer: Viewer = MEMBER, **said: Any) -> Context:
    """Somebody who asks one worker, by its clock."""
    return replace(asked(sources(store, clock=clock), viewer=viewer, **said), clock=clock)


@asynccontextmanager
async def workers(url: str, count: int, clock: Callable[[], datetime]) -> AsyncIterator[list[Context]]:
    """As many workers on one database, and the member at each of them."""
    async with AsyncExitStack() as stack:
        opened = [Store(url) for _ in range(count)]
        for store in opened:
            stack.push_async_callback(store.close)
        yield [visit(store, clock) for store in opened]


async def reserve(
    ctx: Context,
    *lines: tuple[Key, int],
    key: str = "k",
    kind: ReservationKind = ReservationKind.CHECKOUT,
    until: datetime | None = None,
    reference: str | None = None,
) -> Answer:
    """Ask for units; one of the large jacket where nothing is said."""
    wanted = [ReservationLine(*where, quantity) for where, quantity in lines or [(L, 1)]]
    return await resolvers.reservations.create(ctx, Reserve(kind, wanted, key, reference, until))


async def kept(ctx: Context, *lines: tuple[Key, int], key: str = "k", **said: Any) -> Reservation:
    """Units that are there to be had."""
    answer = await reserve(ctx, *lines, key=key, **said)
    assert answer.reservation is not None, answer.user_errors
    return answer.reservation


async def act(ctx: Context, step: str, reservation: Reservation | str, *, key: str | None = None) -> Answer:
    """Confirm, extend, release or fulfil."""
    id = reservation if isinstance(reservation, str) else reservation.id
    rule: Callable[[Context, Act], Any] = getattr(resolvers.reservations, step)
    command = Release if step == "release" else Act
    answer: Answer = await rule(ctx, command(id, key or f"{step}-{id}"))
    return answer


def refusals(answer: Answer) -> list[Refusal]:
    """Why nothing was done."""
    assert answer.reservation is None
    assert answer.user_errors
    return list(answer.user_errors)


async def level(ctx: Context, key: Key = L) -> StockLevel:
    """What the book says."""
    return (await ctx.sources.stock.levels([key[0]], [key[1]]))[key]


async def stored(ctx: Context, reservation: Reservation) -> Reservation:
    """The reservation as it is written down."""
    (found,) = await ctx.sources.reservations.reservations([reservation.id])
    assert found is not None
    return found
