"""Servers the tests speak to: one that runs and lets us in, else a throwaway one.

Never touches what is not its own: on PostgreSQL databases under names of our own, on Redis databases that were
empty and that we claimed. `python -m tests.servers` prints the names of those that cannot be had.
"""

import asyncio
import contextlib
import getpass
import itertools
import os
import secrets
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import asyncpg
import redis as redis_py

from tests import throwaway
from tests.throwaway import NoServer

RUNNING_REDIS = "redis://127.0.0.1:6379"
CLAIM_KEY, CLAIM_S = "ucg-test-claim", 900
_FOREIGN = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Databases:
    """Databases of our own on one PostgreSQL server, by an administrator's connection."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._names = (f"ucg_test_{os.getpid()}_{secrets.token_hex(3)}_{n}" for n in itertools.count())
        self._runner = asyncio.Runner()
        self._connection = self._runner.run(_connect_admin(admin_url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()

    @contextlib.contextmanager
    def fresh(self, *, template: str = "template0") -> Iterator[str]:
        """Make a database, empty or a copy of one of ours (its URL); give its URL; drop it."""
        name = next(self._names)
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(template).path.lstrip("/") or template}"')
        try:
            yield urlsplit(self._admin_url)._replace(scheme="postgresql+asyncpg", path=f"/{name}").geturl()
        finally:
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        self._runner.run(self._connection.execute(statement))


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The administrator's URL of a PostgreSQL: the one named, the one running, or a throwaway one."""
    if url := os.environ.get("TEST_POSTGRES_URL") or _running_postgres():
        yield url.replace("+asyncpg", "", 1)
        return
    with throwaway.postgres() as url:
        yield url


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis: the one named, the one running, or a throwaway one."""
    if url := os.environ.get("TEST_REDIS_URL") or _running_redis():
        yield url
        return
    with throwaway.redis() as url:
        yield url


@contextlib.contextmanager
def redis_database(server_url: str) -> Iterator[str]:
    """Claim an empty database of a Redis, so that it is ours to flush; give its URL; leave it empty."""
    for number in range(15, -1, -1):
        url = urlsplit(server_url)._replace(path=f"/{number}").geturl()
        with redis_py.Redis.from_url(url) as client:
            if client.set(CLAIM_KEY, os.getpid(), nx=True, ex=CLAIM_S) and client.dbsize() == 1:
                yield url
                client.flushdb()
                return
            if client.get(CLAIM_KEY) == str(os.getpid()).encode():
                client.delete(CLAIM_KEY)
    raise NoServer(f"no empty database on {server_url}: stop what uses it, or set TEST_REDIS_URL to another server")


def flush(url: str) -> None:
    """Empty a database that we claimed, and keep the claim."""
    with redis_py.Redis.from_url(url) as client, client.pipeline(transaction=True) as pipeline:
        pipeline.flushdb()
        pipeline.set(CLAIM_KEY, os.getpid(), ex=CLAIM_S)
        pipeline.execute()


def missing() -> list[str]:
    """The servers that neither run nor can be started here."""
    have_postgres = os.environ.get("TEST_POSTGRES_URL") or _running_postgres() or throwaway.postgres_programs()
    have_redis = os.environ.get("TEST_REDIS_URL") or _running_redis() or throwaway.redis_program()
    return [name for name, have in (("PostgreSQL", have_postgres), ("Redis", have_redis)) if not have]


def _running_postgres() -> str | None:
    """The URL of a server on the usual port that lets us in and lets us make databases."""
    users = dict.fromkeys((os.environ.get("PGUSER", "postgres"), getpass.getuser()))
    urls = [f"postgresql://{user}@127.0.0.1:5432/postgres" for user in users]
    return next((url for url in urls if asyncio.run(_may_create(url))), None)


def _running_redis() -> str | None:
    with contextlib.suppress(redis_py.RedisError), redis_py.Redis.from_url(RUNNING_REDIS, socket_timeout=2) as client:
        return RUNNING_REDIS if client.ping() else None
    return None


async def _may_create(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=2)
    except _FOREIGN:
        return False
    try:
        asked = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        return bool(await connection.fetchval(asked))
    finally:
        await connection.close()


async def _connect_admin(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect, waiting for a server that is still starting."""
    give_up_at = time.monotonic() + throwaway.START_S
    while True:
        try:
            return await asyncpg.connect(url)
        except _FOREIGN as error:
            if time.monotonic() > give_up_at:
                raise NoServer(f"PostgreSQL does not let us in: {error}") from error
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    print(" ".join(missing()))
