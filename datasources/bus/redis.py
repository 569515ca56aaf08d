"""The bus between processes: a Redis Stream that every process reads from where it is, and shares out by its hub."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import orjson
import redis.asyncio
import structlog
from redis.exceptions import RedisError

from datasources.bus.hub import Hub
from datasources.ports.errors import Unavailable
from domain.events import Event, Topic

SOURCE = "redis"
KEPT_EVENTS = 100_000
BLOCK_MS = 1_000
RETRY_S = 0.5

log = structlog.get_logger()


class RedisBus:
    """Publishes to a stream; one reader per process follows it and survives a restart of Redis."""

    def __init__(self, url: str, *, stream: str = "commerce:events") -> None:
        self._redis = redis.asyncio.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._stream = stream
        self._hub = Hub()
        self._reader: asyncio.Task[None] | None = None
        self._is_closed = False

    async def open(self) -> None:
        """Begin to follow the stream from its present end.

        Raises:
            Unavailable: Redis does not answer.
        """
        self._reader = asyncio.create_task(self._follow(await self._end()))

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

    async def _end(self) -> bytes:
        try:
            last = await self._redis.xrevrange(self._stream, count=1)
        except (RedisError, OSError) as failure:
            raise Unavailable(SOURCE, type(failure).__name__) from failure
        return cast("bytes", last[0][0]) if last else b"0"

    async def _follow(self, last: bytes) -> None:
        while not self._is_closed:  # cancelling is not enough: redis-py may swallow it while it reconnects
            try:
                found = await self._redis.xread({self._stream: last}, count=500, block=BLOCK_MS)
            except (RedisError, OSError) as failure:
                log.warning("bus.unavailable", source=SOURCE, reason=str(failure))
                await asyncio.sleep(RETRY_S)
                continue
            for id, fields in _entries(found):
                last = id
                self._hub.dispatch([_decode(fields[b"event"])])


def _entries(found: Any) -> Sequence[tuple[bytes, dict[bytes, bytes]]]:
    """Read the entries of one stream, in the shape of either protocol version."""
    if not found:
        return []
    entries = next(iter(found.values()))[0] if isinstance(found, dict) else found[0][1]
    return list(entries)


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
