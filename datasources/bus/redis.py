"""The bus between processes: a Redis Stream that every process reads from where it is, and shares out by its hub."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import orjson
import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from datasources.bus.hub import Hub
from datasources.ports.errors import Unavailable
from datasources.ports.events import Follower
from domain.events import Event, Topic

SOURCE = "redis"
KEPT_EVENTS = 100_000
BLOCK_MS = 1_000
RETRY_S = 0.5
START = b"0-0"

log = structlog.get_logger()


class RedisBus:
    """Publishes to a stream; one reader per process follows it and survives a restart of Redis."""

    def __init__(self, url: str, *, stream: str = "commerce:events") -> None:
        self._redis = redis.asyncio.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        # One connection and no second try, so that no break passes unnoticed: Redis may have forgotten events in it.
        self._reading = redis.asyncio.from_url(
            url,
            socket_timeout=5,
            socket_connect_timeout=2,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._stream = stream
        self._hub = Hub()
        self._last = b""
        self._reader: asyncio.Task[None] | None = None
        self._is_closed = False

    async def open(self) -> None:
        """Begin to follow the stream from its present end.

        Raises:
            Unavailable: Redis does not answer.
        """
        await self._attach()
        self._reader = asyncio.create_task(self._follow())

    async def publish(self, events: Sequence[Event]) -> None:
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for event in events:
                    pipe.xadd(self._stream, {b"event": _encode(event)}, maxlen=KEPT_EVENTS, approximate=True)
                await pipe.execute()
        except (RedisError, OSError) as failure:
            raise Unavailable(SOURCE, type(failure).__name__) from failure

    @asynccontextmanager
    async def listen(self, topic: Topic, keys: Collection[str] | None) -> AsyncIterator[AsyncIterator[Sequence[Event]]]:
        with self._hub.listening(topic, keys) as mailbox:
            yield mailbox.batches()

    def follow(self, follower: Follower) -> None:
        self._hub.follow(follower)

    async def ping(self) -> None:
        try:
            await self._redis.ping()
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

    async def _attach(self) -> None:
        """Read on after what was read last, or at the end; a stream that began anew is read from its start."""
        try:
            newest = await self._reading.xrevrange(self._stream, count=1)
        except (RedisError, OSError) as failure:
            raise Unavailable(SOURCE, type(failure).__name__) from failure
        end = cast("bytes", newest[0][0]) if newest else START
        if not self._last:
            self._last = end
        elif _order(end) < _order(self._last):
            self._last = START
        self._hub.found()

    async def _follow(self) -> None:
        is_attached = True
        try:
            while not self._is_closed:  # cancelling is not enough: redis-py may swallow it while it reconnects
                try:
                    if not is_attached:
                        await self._attach()
                        is_attached = True
                    await self._read()
                except (Unavailable, RedisError, OSError) as failure:
                    self._hub.lost()
                    is_attached = False
                    log.warning("bus.unavailable", source=SOURCE, reason=str(failure))
                    await asyncio.sleep(RETRY_S)
        finally:
            self._hub.lost()

    async def _read(self) -> None:
        found = await self._reading.xread({self._stream: self._last}, count=500, block=BLOCK_MS)
        if entries := _entries(found):
            self._last = entries[-1][0]
            self._hub.dispatch(list(_readable(entries)))


def _order(id: bytes) -> tuple[int, ...]:
    """Stream ids as they follow each other."""
    return tuple(map(int, id.split(b"-")))


def _entries(found: Any) -> Sequence[tuple[bytes, dict[bytes, bytes]]]:
    """Read the entries of one stream, in the shape of either protocol version."""
    if not found:
        return []
    entries = next(iter(found.values()))[0] if isinstance(found, dict) else found[0][1]
    return list(entries)


def _readable(entries: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> Iterator[Event]:
    """What this version understands; what it leaves out is a gap in the positions, and followers begin anew."""
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
