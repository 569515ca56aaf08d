"""A guide reserves on the tablet for a client while shoppers reserve for themselves: nothing is kept twice."""

import asyncio

import pytest

from datasources.store.store import Store
from domain.refusals.stock import OutOfStock
from domain.reservations import ReservationKind
from domain.stock import held
from resolvers import ids, pickups
from tests.builders import MEMBER, count
from tests.resolvers.reserving import Clock, level, reserve
from tests.resolvers.serving import MEMBERS, at, by, doors, furnish, guide
from tests.worlds import tell

pytestmark = pytest.mark.anyio


async def test_pieces_reserved_on_the_tablet_are_of_the_same_shelf_as_everybody_s_CLI_7(
    store: Store, migrated_database_url: str, clock: Clock
) -> None:
    await furnish(store, migrated_database_url)
    await tell(store, count(5))
    client = ids.encode("Member", "m1")
    async with doors(migrated_database_url, 3, clock) as workers:
        wishes = []
        for n in range(24):
            who = guide("ann") if n % 2 else MEMBER
            kind = ReservationKind.STORE_RESERVE if n % 2 else ReservationKind.CHECKOUT
            reference = client if n % 2 else None
            wishes.append(reserve(by(workers[n % 3], who), key=f"k{n}", kind=kind, reference=reference))
        answers = await asyncio.gather(*wishes)
    kept = [one.reservation for one in answers if one.reservation is not None]
    refused = {type(refusal) for one in answers for refusal in one.user_errors}
    assert sum(line.quantity for one in kept for line in one.lines) == 5
    assert refused == {OutOfStock}
    ctx = at(store, clock, guide("ann"))
    assert held(await level(ctx), clock.now) == 5
    tablet = {one.id for one in kept if one.client == "ann"}
    (waiting,) = await pickups.of_members(ctx, MEMBERS[:1])
    assert {one.id for one in waiting} == tablet
