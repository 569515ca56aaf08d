"""Tills tell of points while their server is killed again and again: nothing is lost, nothing counts twice.

A failure prints the seed of its dice; give it back in KILL_SEED. Slow, for the real server is started five times.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from datasources.store.store import Store
from domain.facts import Side
from domain.viewers import Role
from tests import people
from tests.journeys import sales
from tests.journeys.buyers import Shop
from tests.journeys.house import House, free_port
from tests.resolvers import points_told as books

pytestmark = pytest.mark.anyio

TILLS, KILLS, MEMBERS = 16, 4, 6
EARN = """mutation ($input: PointsEarnInput!) { answer: pointsEarn(input: $input) {
  points userErrors { __typename } } }"""
REDEEM = """mutation ($input: PointsRedeemInput!) { answer: pointsRedeem(input: $input) {
  points userErrors { __typename } } }"""


@dataclass(slots=True)
class Till:
    """Tells of sales and takes points, each told until it is answered; `moved` is what it was told became of it."""

    name: str
    shop: Shop
    authorization: str
    dice: random.Random
    moved: Counter[str] = field(default_factory=Counter)
    last: tuple[str, dict[str, Any], Any] | None = None

    async def work(self, is_over: asyncio.Event) -> None:
        """One customer after the other."""
        number = 0
        while not is_over.is_set():
            number += 1
            await self.serve(f"{self.name}/{number}")

    async def serve(self, ref: str) -> None:
        """Somebody pays, or pays with points; sometimes it is told twice at once."""
        member, amount = f"m{self.dice.randrange(MEMBERS)}", self.dice.randint(1, 90)
        asked: dict[str, Any] = {"member": member, "idempotencyKey": ref}
        if self.dice.random() < 0.6:
            query, sign = EARN, 1
            asked |= {"order": ref, "amount": f"{amount}.00", "isCompleted": True}
        else:
            query, sign = REDEEM, -1
            asked |= {"ref": ref, "points": amount}
        copies = self.dice.choice((1, 1, 2))
        told = await asyncio.gather(*(self.ask(query, asked) for _ in range(copies)))
        done = [answer for answer in told if answer["points"] is not None]  # a refusal leaves the key free
        assert all(answer == done[0] for answer in done)
        if done:
            self.moved[member] += sign * done[0]["points"]
            self.last = query, asked, done[0]

    async def ask(self, query: str, asked: dict[str, Any]) -> Any:
        """Ask until there is an answer."""
        return await self.shop.ask(query, asked, authorization=self.authorization)

    async def ask_again(self) -> None:
        """What was done last is answered alike."""
        assert self.last is not None
        query, asked, told = self.last
        assert await self.ask(query, asked) == told


async def test_tills_whose_server_is_killed_count_every_point_once_PTS_5(
    tmp_path: Path, migrated_database_url: str
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.randrange(2**32))
    print(f"KILL_SEED={seed}")
    dice = random.Random(seed)
    house, port = House(tmp_path, migrated_database_url), free_port()
    assert house.run("keys").returncode == 0
    names = [f"m{number}" for number in range(MEMBERS)]
    async with opened(migrated_database_url) as store:
        await people.keep(store, *map(people.member, names))
    async with sales.shop_at(f"http://127.0.0.1:{port}") as shop, AsyncExitStack() as until_the_end:
        doors = [f"till-{number}" for number in range(TILLS)]
        issued = sales.tokens(house, doors, Role.INTEGRATOR)
        tills = [
            Till(name, shop, token, random.Random(dice.random())) for name, token in zip(doors, issued, strict=True)
        ]
        is_over = asyncio.Event()
        async with asyncio.TaskGroup() as day:
            for till in tills:
                day.create_task(till.work(is_over))
            await sales.kill_again_and_again(house, shop, dice, port=port, kills=KILLS)
            await until_the_end.enter_async_context(sales.serving(house, port=port))
            await sales.until_answered(shop, sales.LIVES_FOR[1])
            is_over.set()
        for till in tills:
            await till.ask_again()
    told: Counter[str] = Counter()
    for till in tills:
        told.update(till.moved)
    async with opened(migrated_database_url) as store:
        await books.check_books(store, *names)
        assert {name: (await books.folded(store, name))[Side.ACTIVE] for name in names} == {n: told[n] for n in names}
    assert shop.unanswered > KILLS


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """An open store, for as long as it is looked at."""
    store = Store(url)
    yield store
    await store.close()
