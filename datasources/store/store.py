"""The open store: every port that our own database serves, over one pool to read and one to write."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.errors import Unavailable
from datasources.ports.outages import Outage
from datasources.store import engine, retention
from datasources.store.access import SqlAccessLog
from datasources.store.associates import SqlAssociates
from datasources.store.behaviour import SqlBehaviours
from datasources.store.catalog import SqlCatalog
from datasources.store.client_tasks import SqlClientTasks
from datasources.store.clients import SqlClients
from datasources.store.commission import SqlCommission
from datasources.store.consents import SqlConsents
from datasources.store.counting import SqlCounts
from datasources.store.inbound import SqlInbound
from datasources.store.locations import SqlLocations
from datasources.store.members import SqlMembers
from datasources.store.merges import SqlMerges
from datasources.store.orders import SqlOrders
from datasources.store.outbox import SqlEventLog
from datasources.store.points import SqlPoints
from datasources.store.prices import SqlPrices
from datasources.store.product_index import SqlProductIndex
from datasources.store.recommender import SqlRecommender
from datasources.store.reservations import SqlReservations
from datasources.store.rewards import SqlRewards
from datasources.store.rfm import SqlRfm
from datasources.store.sessions import SqlSessions
from datasources.store.stock import SqlStock
from datasources.store.tables import relay
from datasources.store.tags import SqlMemberTags
from datasources.store.tiers import SqlEntitlements, SqlTiers
from datasources.store.transfers import SqlTransfers
from datasources.store.wishlist import SqlWishes
from datasources.store.work import SqlWork
from datasources.store.worth import SqlWorth
from domain.events import Event
from domain.tiers import Ladder

PATIENCE_S = 8
"""Who waits longer for somebody's lock is refused: before the operation is ended, and with a reason to be read."""


class Store:
    """Ports as attributes, `work()` to change something, `close()` at the end."""

    def __init__(self, url: str) -> None:
        self._readers = engine.reading(url)
        self._writers = engine.writing(url, patience_s=PATIENCE_S)
        self.catalog = self.categories = SqlCatalog(self._readers)
        self.index = SqlProductIndex(self._readers)
        self.prices = self.assortment = SqlPrices(self._readers)
        self.locations = SqlLocations(self._readers)
        self.stock = SqlStock(self._readers)
        self.reservations = SqlReservations(self._readers)
        self.inbound = SqlInbound(self._readers)
        self.counts = SqlCounts(self._readers)
        self.transfers = SqlTransfers(self._readers)
        self.members = SqlMembers(self._readers)
        self.consents = SqlConsents(self._readers)
        self.merges = SqlMerges(self._readers)
        self.orders = SqlOrders(self._readers)
        self.recommender = SqlRecommender(self._readers, self._written)
        self.clients = SqlClients(self._readers)
        self.associates = SqlAssociates(self._readers)
        self.client_tasks = SqlClientTasks(self._readers)
        self.commission = SqlCommission(self._readers)
        self.sessions = SqlSessions(self._readers)
        self.access = SqlAccessLog(self._written)
        self.entitlements = SqlEntitlements(self._readers)
        self.tags = SqlMemberTags(self._readers)
        self.behaviour = SqlBehaviours(self._readers, self._written)
        self.wishes = SqlWishes(self._readers)
        self.rfm = SqlRfm(self._readers, self._written)
        self.worth = SqlWorth(self._readers)
        self.points = SqlPoints(self._readers)
        self.rewards = SqlRewards(self._readers)
        self.log = SqlEventLog(self._readers, self._writers)
        self._hear: list[Callable[[Sequence[Event]], None]] = []
        self._outage = Outage("store")

    @asynccontextmanager
    async def work(self) -> AsyncIterator[SqlWork]:
        """Begin a transaction.

        Raises:
            Unavailable: the database does not answer.
        """
        async with self._written() as connection:
            work = SqlWork(connection)
            yield work
        if work.told:
            self.log.wake()
            for hear in self._hear:
                hear(work.told)

    def tiers(self, ladder: Ladder) -> SqlTiers:
        """Where members stand on a ladder, by what they bought."""
        return SqlTiers(self._readers, ladder)

    def on_commit(self, hear: Callable[[Sequence[Event]], None]) -> None:
        """Tell somebody in this process of events as soon as they are committed, before they have positions."""
        self._hear.append(hear)

    async def forget(self, *, events_before: datetime, answers_before: datetime, limit: int) -> int:
        """Delete what nobody needs to read again: so many events, answers, and remains of sign-ins, at most."""
        async with self._written() as connection:
            events = await retention.forget_events(connection, events_before, limit)
            sign_ins = await retention.forget_sign_ins(connection, answers_before, limit)
            return max(events, sign_ins, await retention.forget_answers(connection, answers_before, limit))

    async def ping(self) -> None:
        """Return when the database answers, is migrated, and has taken what was written of late.

        Raises:
            Unavailable: it does not, or is not.
        """
        if not await engine.rows(self._readers, select(relay.c.position)):
            raise Unavailable(engine.SOURCE, "not migrated")
        if self._outage.reason is not None:  # somebody could not write: try with what changes nothing
            async with self._written() as connection:
                await connection.execute(update(relay).values(position=relay.c.position))
        if self._outage.lasts:  # a disk that is full still takes what is small
            raise Unavailable(engine.SOURCE, str(self._outage.reason))

    async def close(self) -> None:
        """Give all connections back."""
        await self._readers.dispose()
        await self._writers.dispose()

    @asynccontextmanager
    async def _written(self) -> AsyncIterator[AsyncConnection]:
        """A transaction; that it failed for the database's sake is said once, however many ask."""
        try:
            with engine.failures():
                async with self._writers.begin() as connection:
                    yield connection
        except Unavailable as failure:
            self._outage.met(failure)
            raise
        self._outage.passed()


if TYPE_CHECKING:
    from datasources.ports.retention import Retention
    from datasources.ports.work import Workplace

    def _ports(store: Store) -> tuple[Workplace, Retention]:
        return store, store
