"""Open worlds for tests: a migrated store on each engine, filled with what a test says, and somebody who asks.

The adapters are the real ones, in the roles that `compose` gives them; the bus is the one in process.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import asyncpg
import pytest

import resolvers.rounds
import resolvers.stock_book
from datasources.bus.memory import MemoryBus
from datasources.messages.simulator import SimulatedSender
from datasources.ports.events import EventBus
from datasources.store.imports import SqlImports
from datasources.store.store import Store
from datasources.wechat.simulator import SimulatedWeChat
from domain.availability import Freshness
from domain.imports import Item
from domain.movements import Adjustment, Count, Outcome, Shift
from domain.programmes import usual
from domain.tiers import LADDER, Ladder
from domain.viewers import Role
from resolvers.combining import Combiner
from resolvers.context import Context, Policies, Sources
from resolvers.ended import EndedSessions
from tests.builders import NOW

POLICIES = Policies(
    currency="CNY", low_stock_threshold=3, freshness=Freshness(timedelta(hours=1)), programmes=usual("CNY")
)


@pytest.fixture
async def store(migrated_database_url: str) -> AsyncIterator[Store]:
    """An open store with all tables and no rows, once per engine."""
    opened = Store(migrated_database_url)
    yield opened
    await opened.close()


async def fill(url: str, items: Sequence[Item]) -> None:
    """Write catalogue, prices, listings and locations, as imports do."""
    place = SqlImports(url)
    try:
        async with place.work() as work:
            await work.register.put(items)
    finally:
        await place.close()


async def tell(
    store: Store, *facts: Count | Adjustment | Shift, source: str = "pos", now: datetime = NOW
) -> Sequence[Outcome]:
    """Take counts and movements into the book."""
    async with store.work() as work:
        return await resolvers.stock_book.record(work, facts, source=source, now=now)


class PlainIssuer:
    """Writes what a token would say."""

    def issue(self, *, subject: str, role: Role, lifetime: timedelta, **facts: str | None) -> str:
        """As it is, so that a test can read it."""
        return json.dumps({"sub": subject, "role": role.value, "s": lifetime.total_seconds(), **facts})


def ended_of(store: Store) -> EndedSessions:
    """What a process knows of sessions that end in it."""
    ended = EndedSessions(timedelta(minutes=15, seconds=30))
    store.on_commit(ended.heard)
    return ended


def sources(
    store: Store,
    bus: EventBus | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
    ladder: Ladder = LADDER,
) -> Sources:
    """Every role served by the store, as in production."""
    return Sources(
        catalog=store.catalog,
        categories=store.categories,
        index=store.index,
        prices=store.prices,
        assortment=store.assortment,
        locations=store.locations,
        stock=store.stock,
        bus=bus or MemoryBus(),
        workplace=store,
        reservations=store.reservations,
        inbound=store.inbound,
        counts=store.counts,
        transfers=store.transfers,
        members=store.members,
        consents=store.consents,
        merges=store.merges,
        orders=store.orders,
        recommender=store.recommender,
        clients=store.clients,
        access=store.access,
        tiers=store.tiers(ladder),
        entitlements=store.entitlements,
        tags=store.tags,
        behaviour=store.behaviour,
        wishes=store.wishes,
        rfm=store.rfm,
        worth=store.worth,
        associates=store.associates,
        client_tasks=store.client_tasks,
        commission=store.commission,
        points=store.points,
        rewards=store.rewards,
        sessions=store.sessions,
        ended=ended_of(store),
        wechat=SimulatedWeChat(),
        sender=SimulatedSender(),
        issuer=PlainIssuer(),
        log=store.log,
        reserve=Combiner(partial(resolvers.rounds.settle, store, clock)),
    )


def asked(by: Store | Sources, *, at: datetime = NOW, policies: Policies = POLICIES, **said: Any) -> Context:
    """One operation's surroundings; a guest of the mini program unless said otherwise."""
    known = by if isinstance(by, Sources) else sources(by, clock=lambda: at, ladder=policies.ladder)
    return Context(known, policies, lambda: at, **said)


async def cut_connections(url: str) -> None:
    """End every connection to the database, and wait until they are gone."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
