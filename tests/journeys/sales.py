"""A sale as it is set up: the goods, the servers, and who comes to buy."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2

import compose
import settings
from datasources.store.store import Store
from domain.stock import Key
from domain.viewers import Role
from tests import builders, worlds
from tests.journeys.buyers import Buyer, Shop
from tests.journeys.house import Door, House

PLACES = ("SH001", "SH002")
LIVES_FOR = (1, 250)
"""After so many answers a server dies: however slow the machine is, something is going on."""


async def open_shop(url: str, counted_in: Mapping[Key, int]) -> None:
    """A jacket in all sizes that were counted an hour ago, two stores, and as many pieces as were counted."""
    at = compose.utc_now() - builders.minutes(60)
    sizes = sorted({sku.rpartition("-")[2] for sku, _ in counted_in})
    goods = builders.on_sale(builders.entry(sizes=sizes))
    counts = [
        builders.count(quantity, at=at, sku=sku, location_id=place) for (sku, place), quantity in counted_in.items()
    ]
    await worlds.fill(url, [*goods, *map(builders.shop, PLACES)])
    store = Store(url)
    await worlds.tell(store, *counts, now=at)
    await store.close()


@asynccontextmanager
async def shop_at(*urls: str) -> AsyncIterator[Shop]:
    """These servers, as buyers reach them."""
    async with httpx2.AsyncClient(timeout=20, limits=httpx2.Limits(max_connections=None)) as http:
        yield Shop(urls, http)


def crowd(count: int, shop: Shop, house: House, goods: Sequence[Key], dice: random.Random) -> Sequence[Buyer]:
    """So many buyers, each with a name and dice of their own; a till hands over."""
    names = [f"buyer-{number}" for number in range(count)]
    [till] = tokens(house, ["till"], Role.INTEGRATOR)
    return [
        Buyer(name, shop, goods, random.Random(dice.random()), authorization, till, likes=number)
        for number, (name, authorization) in enumerate(zip(names, tokens(house, names, Role.MEMBER), strict=True))
    ]


@asynccontextmanager
async def serving(house: House, *, port: int) -> AsyncIterator[Door]:
    """`server.py serve`, started and ended while others go on; it is ended even where nobody waits for its start."""
    serving = house.serving(port=port)
    starting = asyncio.create_task(asyncio.to_thread(serving.__enter__))
    try:
        yield await asyncio.shield(starting)
    finally:
        await starting
        await asyncio.to_thread(serving.__exit__, None, None, None)


async def kill_again_and_again(house: House, shop: Shop, dice: random.Random, *, port: int, kills: int) -> None:
    """Serve and kill the server in the middle of whatever it does, so many times."""
    for _ in range(kills):
        async with serving(house, port=port) as door:
            await until_answered(shop, dice.randint(*LIVES_FOR))
            await asyncio.sleep(dice.uniform(0, 0.02))
            os.kill(door.pid, signal.SIGKILL)


async def until_answered(shop: Shop, more: int) -> None:
    """Wait until buyers had so many answers more."""
    until = shop.answered + more
    while shop.answered < until:  # noqa: ASYNC110  # what is waited for happens in other tasks
        await asyncio.sleep(0.005)


def tokens(house: House, names: Sequence[str], role: Role) -> Sequence[str]:
    """An `Authorization` for each name, as an operator's `token` command issues it."""
    issuer = compose.tokens(settings.load(jwks_file=house.directory / "keys.json"))
    return ["Bearer " + issuer.issue(subject=name, role=role, lifetime=timedelta(days=1)) for name in names]
