"""A sale whose server is killed again and again, in the middle of whatever it does: nothing is lost, nothing twice.

A failure prints the seed of its dice; give it back in KILL_SEED. Slow, for the real server is started nine times.
"""

import asyncio
import os
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

import compose
import resolvers.reservations
from datasources.store.store import Store
from domain.reservations import ReservationKind, ReservationLine, ReservationState
from domain.stock import Key
from domain.viewers import Role, viewer
from resolvers import ids
from resolvers.reservations import Reserve
from tests import worlds
from tests.journeys import books, buyers, sales
from tests.journeys.buyers import Shop, Told
from tests.journeys.house import House, free_port

pytestmark = pytest.mark.anyio

BUYERS, KILLS = 64, 8
HOT: Key = ("DJ01-L", "SH001")
COUNTED_IN = {HOT: 400, ("DJ01-L", "SH002"): 150, ("DJ01-M", "SH001"): 150, ("DJ01-M", "SH002"): 150}
LEFT_BEHIND, GOES_ON = 20, timedelta(seconds=8)
"""So many carts, and how long their units are held when the sale begins, at least: a slot more at most."""


async def test_a_server_that_is_killed_in_a_sale_loses_nothing_and_sells_nothing_twice(
    tmp_path: Path, migrated_database_url: str
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.randrange(2**32))
    print(f"KILL_SEED={seed}")
    dice = random.Random(seed)
    house, port = House(tmp_path, migrated_database_url), free_port()
    assert house.run("keys").returncode == 0
    await sales.open_shop(migrated_database_url, COUNTED_IN)
    left = await leave_behind(migrated_database_url)
    async with sales.shop_at(f"http://127.0.0.1:{port}") as shop, AsyncExitStack() as until_the_end:
        crowd = sales.crowd(BUYERS, shop, house, list(COUNTED_IN), dice)
        is_over = asyncio.Event()
        async with asyncio.TaskGroup() as sale:
            for buyer in crowd:
                sale.create_task(buyer.buy(is_over))
            await sales.kill_again_and_again(house, shop, dice, port=port, kills=KILLS)
            await until_the_end.enter_async_context(sales.serving(house, port=port))
            await sales.until_answered(shop, sales.LIVES_FOR[1])
            is_over.set()
        for buyer in crowd:
            await buyer.ask_again()
        await too_late(shop, house, left[0])
        written = await books.settled(migrated_database_url, COUNTED_IN)
    written.check()
    told = [wish for buyer in crowd for wish in buyer.told]
    books.check_told(written, [*left, *told])
    assert shop.unanswered > KILLS
    assert not all(wish.ids for wish in told), "there was enough for everybody"
    assert written.kept(HOT, ReservationState.CONFIRMED, fulfilled=True)


async def leave_behind(url: str) -> Sequence[Told]:
    """Carts that were left a quarter of an hour ago: what they hold expires by the clock, in the middle of the sale."""
    store = Store(url)
    left = [Told(f"left-{number}", {HOT: 2}, states=["EXPIRED"]) for number in range(LEFT_BEHIND)]
    then = compose.utc_now() - worlds.POLICIES.reservation_ttl + GOES_ON
    for wish in left:
        ctx = worlds.asked(store, at=then, viewer=viewer(subject=wish.key, role=Role.MEMBER, scopes=None))
        lines = [ReservationLine(*key, quantity) for key, quantity in wish.lines.items()]
        answer = await resolvers.reservations.create(ctx, Reserve(ReservationKind.CHECKOUT, lines, wish.key))
        assert answer.reservation
        wish.ids.add(answer.reservation.id)
    await store.close()
    return left


async def too_late(shop: Shop, house: House, left: Told) -> None:
    """Pay for a cart that has expired."""
    [authorization] = sales.tokens(house, [left.key], Role.MEMBER)
    [id] = left.ids
    asked = {"reservation": ids.encode("Reservation", id), "idempotencyKey": "too-late"}
    answer = await shop.ask(buyers.STEP % ("Confirm", "Confirm"), asked, authorization=authorization)
    assert answer == {"reservation": None, "userErrors": [{"__typename": "ReservationExpired"}]}
