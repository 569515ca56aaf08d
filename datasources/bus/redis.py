"""The bus between processes: a Redis Stream that every process follows from its end, and shares out by its hub.

The stream carries events quickly and keeps nothing that counts: it is named after the log, and whatever a process
did not hear by it (Redis was away or began anew, an entry is cut off or cannot be read) is read from the log.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import orjson
import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from datasources.bus.hub import Hub, Mailbox
from datasources.ports.errors import SourceError, Unavailable
from datasources.ports.events import EventLog, Follower
from datasources.ports.outages import Outage
from domain.events import Event, Topic

SOURCE = "redis"
STREAM = "commerce:events:"
KEPT_EVENTS = 100_000
KEPT_S = 24 * 3_600
"""A stream that nobody writes to is gone after a day, as its database may be."""
BLOCK_MS = 1_000
"""How long a silence lasts before the log is asked whether there is really nothing to hear."""
RETRY_S = 0.5
START = b"0-0"
NOWHERE = "commerce:events:"
"""A stream that never is there: whether Redis takes what is written is tried with it."""

log = structlog.get_logger()


class RedisBus:
    """Publishes to a stream; one reader per process follows it and survives a restart of Redis."""

    def __init__(self, url: str) -> None:
        self._redis = redis.asyncio.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        # One connection and no second try, so that no break passes unnoticed: Redis may have forgotten events in it.
        self._reading = redis.asyncio.from_url(
            url,
            socket_timeout=5,
            socket_connect_timeout=2,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._stream: str | None = None
        self._hub = Hub()
        self._last = START
        self._reader: asyncio.Task[None] | None = None
        self._is_closed = False

    async def open(self, log: EventLog) -> None:
        """Begin to follow the stream of this log from its present end.

        Raises:
            Unavailable: Redis or the log does not answer.
        """
        self._stream = STREAM + (await log.extent()).log
        await self._find_end()
        self._hub.read_from(log, (await log.extent()).position)
        self._hub.found()
        self._reader = asyncio.create_task(self._follow())

    async def publish(self, events: Sequence[Event]) -> None:
        if self._stream is None:
            raise Unavailable(SOURCE, "not open")
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for event in events:
                    pipe.xadd(self._stream, {b"event": _encode(event)}, maxlen=KEPT_EVENTS, approximate=True)
                pipe.expire(self._stream, KEPT_S)
                await pipe.execute()
        except (RedisError, OSError) as failure:
            raise Unavailable(SOURCE, type(failure).__name__) from failure

    def listen(self, topic: Topic, keys: Collection[str] | None) -> Mailbox:
        return self._hub.listening(topic, keys)

    def follow(self, follower: Follower) -> None:
        self._hub.follow(follower)

    async def ping(self) -> None:
        try:  # one whose memory is full, or that copies another, still answers PING
            await self._redis.xadd(NOWHERE, {b"event": b""}, nomkstream=True)
        except (RedisError, OSError) as failure:
            raise Unavailable(SOURCE, type(failure).__name__) from failure

    async def close(self) -> None:
        """Stop following and give the connections back."""
        self._is_closed = True
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        await self._redis.aclose()
        await self._reading.aclose()

    async def _find_end(self) -> None:
        """Read on from the end: what came before it has a position by now, and is in the log."""
        try:
            newest = await self._reading.xrevrange(str(self._stream), count=1)
        except (RedisError, OSError) as failure:
            raise Unavailable(SOURCE, type(failure).__name__) from failure
        self._last = cast("bytes", newest[0][0]) if newest else START

    async def _attach(self) -> None:
        """Follow the stream again, after what came meanwhile."""
        await self._find_end()
        await self._hub.catch_up()
        self._hub.found()

    async def _follow(self) -> None:
        outage, is_attached = Outage("bus"), True
        try:
            while not self._is_closed:  # cancelling is not enough: redis-py may swallow it while it reconnects
                try:
                    if not is_attached:
                        await self._attach()
                        is_attached = True
                    await self._read()
                    outage.passed()
                except Exception as failure:  # whatever it is, nobody would notice that this process hears nothing
                    self._hub.lost()
                    is_attached = False
                    outage.met(_ours(failure))
                    await asyncio.sleep(RETRY_S)
        finally:
            self._hub.lost()

    async def _read(self) -> None:
        found = await self._reading.xread({str(self._stream): self._last}, count=500, block=BLOCK_MS)
        entries = _entries(found)
        if not entries:
            await self._look()
            return
        self._last = entries[-1][0]
        events = list(_readable(entries))
        await self._hub.take(events)
        if len(events) < len(entries):
            await self._hub.catch_up()

    async def _look(self) -> None:
        """Read what has a position and did not come: Redis takes no writes, or forgot them while we were connected."""
        with suppress(SourceError):  # a store that is away is no reason to forget what is held of it
            await self._hub.catch_up()


def _ours(failure: Exception) -> Exception:
    """A failure in our words, if it is one of those that are waited for."""
    return Unavailable(SOURCE, str(failure)) if isinstance(failure, RedisError | OSError) else failure


def _entries(found: Any) -> Sequence[tuple[bytes, dict[bytes, bytes]]]:
    """Read the entries of one stream, in the shape of either protocol version."""
    if not found:
        return []
    entries = next(iter(found.values()))[0] if isinstance(found, dict) else found[0][1]
    return list(entries)


def _readable(entries: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> Iterator[Event]:
    """What this version understands; what it leaves out is looked for in the log."""
    for id, fields in entries:
        try:
            yield _decode(fields[b"event"])
        except (KeyError, TypeError, ValueError) as failure:
            log.warning("bus.unreadable", source=SOURCE, entry=id.decode(), reason=str(failure))


def _encode(event: Event) -> bytes:
    return orjson.dumps(
        {
            "topic": event.topic.value,
            "key": event.key,
            "version": event.version,
            "payload": dict(event.payload),
            "occurred_at": event.occurred_at,
            "position": event.position,
        }
    )


def _decode(data: bytes) -> Event:
    values = orjson.loads(data)
    return Event(
        **values | {"topic": Topic(values["topic"]), "occurred_at": datetime.fromisoformat(values["occurred_at"])}
    )


if TYPE_CHECKING:
    from datasources.ports.events import EventBus

    _port: type[EventBus] = RedisBus
