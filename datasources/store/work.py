"""A unit of work: one transaction for rows, the idempotency record and the events, or nothing of them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.work import ClientKey, Raced, Remembered
from datasources.store import bulk, outbox
from datasources.store.access import SqlAccessLog
from datasources.store.associates import SqlAssociateBook
from datasources.store.behaviour import SqlBehaviourBook
from datasources.store.client_tasks import SqlClientTaskBook
from datasources.store.clients import SqlClientBook
from datasources.store.commission import SqlCommissionBook
from datasources.store.consents import SqlConsentBook
from datasources.store.counting import SqlCountBook
from datasources.store.inbound import SqlInboundBook
from datasources.store.members import SqlMemberBook
from datasources.store.merges import SqlMergeBook
from datasources.store.orders import SqlOrderBook
from datasources.store.points_book import SqlPointsBook
from datasources.store.reservations import SqlReservationBook
from datasources.store.returns import SqlReturnBook
from datasources.store.rewards import SqlRewardBook
from datasources.store.sessions import SqlSessionBook
from datasources.store.sign_in import SqlCodeBook, SqlTabletBook, SqlTryBook
from datasources.store.sql import by_pairs
from datasources.store.stock import SqlStockBook
from datasources.store.tables import idempotency
from datasources.store.tags import SqlMemberTagBook
from datasources.store.tiers import SqlTierBook
from datasources.store.transfers import SqlTransferBook
from datasources.store.wishlist import SqlWishBook
from domain.events import Event


class SqlWork:
    """What one transaction may do."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.stock = SqlStockBook(connection)
        self.reservations = SqlReservationBook(connection)
        self.inbound = SqlInboundBook(connection)
        self.counts = SqlCountBook(connection)
        self.transfers = SqlTransferBook(connection)
        self.members = SqlMemberBook(connection)
        self.access = SqlAccessLog(lambda: nullcontext(connection))
        self.consents = SqlConsentBook(connection)
        self.merges = SqlMergeBook(connection)
        self.orders = SqlOrderBook(connection)
        self.returns = SqlReturnBook(connection)
        self.tiers = SqlTierBook(connection)
        self.tags = SqlMemberTagBook(connection)
        self.behaviour = SqlBehaviourBook(connection)
        self.wishes = SqlWishBook(connection)
        self.associates = SqlAssociateBook(connection)
        self.clients = SqlClientBook(connection)
        self.client_tasks = SqlClientTaskBook(connection)
        self.commission = SqlCommissionBook(connection)
        self.points = SqlPointsBook(connection)
        self.rewards = SqlRewardBook(connection)
        self.sessions = SqlSessionBook(connection)
        self.codes = SqlCodeBook(connection)
        self.tries = SqlTryBook(connection)
        self.tablets = SqlTabletBook(connection)
        self.told: list[Event] = []

    async def locked_key(self, key: ClientKey) -> Remembered | None:
        if self._connection.dialect.name == "postgresql":
            locked = func.pg_advisory_xact_lock(func.hashtextextended("/".join(key), 0))
            await self._connection.execute(select(locked))
        return (await self.remembered({key})).get(key)

    async def remembered(self, keys: Collection[ClientKey]) -> Mapping[ClientKey, Remembered]:
        found = await by_pairs(self._connection, (idempotency.c.client, idempotency.c.key), keys)
        return {(row.client, row.key): Remembered(row.request_hash, row.response) for row in found}

    async def remember(self, answers: Mapping[ClientKey, Remembered]) -> None:
        now = datetime.now(UTC)
        rows = [
            {"client": client, "key": key, "created_at": now, **kept._asdict()}
            for (client, key), kept in answers.items()
        ]
        try:
            await bulk.insert(self._connection, idempotency, rows)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure

    async def tell(self, events: Sequence[Event]) -> None:
        if events:
            self.told += events
            await outbox.append(self._connection, events)


if TYPE_CHECKING:
    from datasources.ports.work import Work

    def _port(work: SqlWork) -> Work:
        return work
