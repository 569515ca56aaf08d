"""The outbox: events that were committed with what they tell of, and the gap-free positions a relay gives them.

A relay leads while there is something to forward and gives the lead back at once, so that any process that commits
can lead next: nobody has to be called. The lead is a lease by the database's clock; the row `relay` is locked only
while positions are given, which is where a leader whose lease was taken over is found out.
"""

import asyncio
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import ColumnElement, Row, Text, cast, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.errors import Unavailable
from datasources.ports.events import Extent
from datasources.store import bulk, engine
from datasources.store.sql import among, among_pairs, listed
from datasources.store.tables import Instant, outbox, relay
from domain.events import Event, Topic

if TYPE_CHECKING:
    from datasources.ports.events import EventLog, Publish

TERM = timedelta(seconds=10)
LOOK_AGAIN_S = 0.005
"""How soon to look whether a lead that is elsewhere was given back, while there is something to forward."""

log = structlog.get_logger()


class SqlEventLog:
    """Hands out committed events, one relay at a time over all processes, and keeps them to be read again."""

    def __init__(self, readers: AsyncEngine, writers: AsyncEngine, *, term: timedelta = TERM) -> None:
        self._readers = readers
        self._writers = writers
        self._term = term
        self._name = secrets.token_hex(8)
        self._committed = asyncio.Event()
        self._another_leads = False
        self._knows = False

    async def forward(self, publish: "Publish", *, limit: int) -> int:
        with engine.failures():
            knows, self._knows = self._knows and not self._another_leads, False
            if not knows and not await self._may_lead():
                return 0
            count, published = 0, 0
            try:
                while events := await self._next(published, limit):
                    await publish(events)
                    published = events[-1].position
                    count += len(events)
                    if len(events) < limit:
                        break  # what is committed from now on wakes whoever committed it
            finally:
                await self._give_back(published)
            return count

    async def wait(self, timeout_s: float) -> None:
        if self._another_leads:
            await asyncio.sleep(min(LOOK_AGAIN_S, timeout_s))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):  # wait_for may swallow its being cancelled (Python 3.11)
                await self._committed.wait()
        self._committed.clear()

    def wake(self) -> None:
        """Tell the relay of this process that there is something to forward."""
        self._knows = True
        self._committed.set()

    async def extent(self) -> Extent:
        oldest = select(func.min(outbox.c.position)).scalar_subquery()
        [row] = await engine.rows(self._readers, select(relay.c.log, relay.c.position, oldest.label("oldest")))
        return Extent(row.log, row.oldest or row.position + 1, row.position)

    async def after(self, position: int, *, limit: int) -> Sequence[Event] | None:
        later = select(outbox).where(outbox.c.position > position).order_by(outbox.c.position).limit(limit)
        rows = await engine.rows(self._readers, later)
        is_whole = rows[0].position == position + 1 if rows else (await self.extent()).holds_after(position)
        return list(_known(rows)) if is_whole else None

    async def keys_after(self, position: int, topic: Topic, keys: Collection[str]) -> Collection[str] | None:
        key = listed(keys, self._readers.dialect.name)
        later = select(outbox.c.id).where(
            outbox.c.topic == topic.value, outbox.c.key == key, outbox.c.position > position
        )
        one = later.offset(0).exists()  # the fence: PostgreSQL would rather read every later event than ask per key
        waiting = select(outbox.c.key).where(
            outbox.c.topic == topic.value, among(outbox.c.key, keys), outbox.c.position.is_(None)
        )
        found = {name for (name,) in await engine.rows(self._readers, select(key).where(one).union_all(waiting))}
        return found if (await self.extent()).holds_after(position) else None

    async def versions(self, topic: Topic, versions: Mapping[str, int]) -> Sequence[Event]:
        pairs = [(key, str(version)) for key, version in versions.items()]
        wanted = select(outbox).where(
            outbox.c.topic == topic.value,
            among(outbox.c.key, versions),  # the index finds the keys; they are few, and so are the events of each
            among_pairs(outbox.c.key, cast(outbox.c.version, Text), pairs),
        )
        return list(_known(await engine.rows(self._readers, wanted)))

    async def _may_lead(self) -> bool:
        """Look, without a lock, whether there is something to forward that nobody is about to."""
        waits = or_(relay.c.position > relay.c.published, exists().where(outbox.c.position.is_(None)))
        [row] = await engine.rows(self._readers, select(relay, self._now().label("now"), waits.label("waits")))
        self._another_leads = row.waits and not self._is_free(row)
        return row.waits and not self._another_leads

    async def _next(self, published: int, limit: int) -> Sequence[Event]:
        """Note what was published, and take or keep the lead for the next events; none where there are none."""
        async with self._writers.begin() as connection:
            row = await self._lead(connection)
            if row is None:
                return []
            done = max(published, row.published)
            left = await self._unpublished(connection, done, limit) if done < row.position else []
            fresh = await self._number(connection, row.position, limit - len(left)) if len(left) < limit else []
            events = [*left, *fresh]
            if events:
                values = {"position": max(row.position, events[-1].position), "published": done}
                lease = {"leader": self._name, "leads_until": row.now + self._term}
                await connection.execute(update(relay).values(**values, **lease))
            return events

    async def _lead(self, connection: AsyncConnection) -> Row[Any] | None:
        """The row `relay`, locked until the transaction ends; None where another relay has the lease."""
        locked = select(relay, self._now().label("now")).with_for_update()
        if connection.dialect.name == "postgresql":
            locked = locked.add_columns(*(func.set_config(name, value, True) for name, value in self._chosen().items()))
        row = (await connection.execute(locked)).one()
        self._another_leads = not self._is_free(row)
        return None if self._another_leads else row

    def _chosen(self) -> Mapping[str, str]:
        """What PostgreSQL keeps to in this transaction: a host that vanishes does not hold the lock for ever, and the
        next events are read by their index, not by sorting all that wait."""
        limit_ms = int(self._term.total_seconds() * 1_000)
        return {"idle_in_transaction_session_timeout": str(limit_ms), "enable_bitmapscan": "off", "enable_sort": "off"}

    def _is_free(self, row: Row[Any]) -> bool:
        """Nobody leads, or no longer; nobody is given more than a term, unless the clock was put back since."""
        latest = row.now + max(TERM, self._term)
        return row.leader in (None, self._name) or not row.now < row.leads_until <= latest

    def _now(self) -> ColumnElement[datetime]:
        """The clock that all relays share; on SQLite they share a machine."""
        if self._writers.dialect.name == "postgresql":
            return func.clock_timestamp(type_=Instant())
        return literal(datetime.now(UTC), Instant())

    async def _unpublished(self, connection: AsyncConnection, published: int, limit: int) -> Sequence[Event]:
        """Events that have positions and were not published: somebody died, or the bus was away."""
        waiting = select(outbox).where(outbox.c.position > published).order_by(outbox.c.position).limit(limit)
        return [_event(row) for row in await connection.execute(waiting)]

    async def _number(self, connection: AsyncConnection, last: int, limit: int) -> Sequence[Event]:
        """Give the next events positions; they are committed before anybody hears of them."""
        new = select(outbox.c.id).where(outbox.c.position.is_(None)).order_by(outbox.c.id).limit(limit).subquery()
        given = select(new.c.id, (func.row_number().over(order_by=new.c.id) + last).label("position")).subquery()
        number = update(outbox).where(outbox.c.id == given.c.id).values(position=given.c.position).returning(outbox)
        rows = await connection.execute(number)
        return sorted((_event(row) for row in rows), key=lambda event: event.position)

    async def _give_back(self, published: int) -> None:
        """Note what was published, and let others lead. Where the store is away, the lease runs out by itself.

        PostgreSQL need not wait for the disk: a note that is lost makes the same events come again.
        """
        values = {"leader": None, "leads_until": None} | ({"published": published} if published else {})
        note = update(relay).where(relay.c.leader == self._name).values(**values)
        if self._writers.dialect.name == "postgresql":
            note = note.returning(func.set_config("synchronous_commit", "off", True))
        with suppress(Unavailable), engine.failures():
            async with self._writers.begin() as connection:
                await connection.execute(note)


async def append(connection: AsyncConnection, events: Sequence[Event]) -> None:
    """Put events into the outbox of this transaction."""
    now = datetime.now(UTC)
    await bulk.insert(connection, outbox, [_row(event) | {"recorded_at": now} for event in events])


def _row(event: Event) -> dict[str, Any]:
    return {
        "topic": event.topic.value,
        "key": event.key,
        "version": event.version,
        "payload": dict(event.payload),
        "occurred_at": event.occurred_at,
    }


def _known(rows: Sequence[Row[Any]]) -> Iterator[Event]:
    """Those of topics that this version knows: in a rolling upgrade a newer one may tell of others."""
    for row in rows:
        try:
            yield _event(row)
        except ValueError as unknown:
            log.warning("log.unreadable", position=row.position, reason=str(unknown))


def _event(row: Row[Any]) -> Event:
    return Event(
        topic=Topic(row.topic),
        key=row.key,
        version=row.version,
        payload=row.payload,
        occurred_at=row.occurred_at,
        position=row.position or 0,
    )


if TYPE_CHECKING:
    _port: type[EventLog] = SqlEventLog
