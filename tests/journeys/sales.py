"""A sale as it is set up: the goods, the servers, and who comes to buy."""

import asyncio
import random
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

SIZES, PLACES = ("L", "M"), ("SH001", "SH002")


async def open_shop(url: str, counted_in: Mapping[Key, int]) -> None:
    """Two sizes of a jacket, two stores, and so many pieces of each as were counted a minute ago."""
    at = compose.utc_now() - builders.minutes(60)
    goods = builders.on_sale(builders.entry(sizes=SIZES))
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


def tokens(house: House, names: Sequence[str], role: Role) -> Sequence[str]:
    """An `Authorization` for each name, as an operator's `token` command issues it."""
    issuer = compose.tokens(settings.load(jwks_file=house.directory / "keys.json"))
    return ["Bearer " + issuer.issue(subject=name, role=role, lifetime=timedelta(days=1)) for name in names]
