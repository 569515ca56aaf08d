"""The front of the house in process: the real app over a small shop, and a client that speaks to it.

Nothing is patched: where a test needs a source that fails, it hands in a complete adapter that does.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

import compose
import schema.build
import schema.executing
import settings
import web.app
import web.tokens
import web.tracing
from datasources.demo import pictures
from domain.channels import Channel
from domain.viewers import Role, Viewer
from resolvers.context import Context, Sources
from web.explorer.pages import Explorer
from web.graphql import Endpoint
from web.health import Check
from web.pulse import Pace
from web.tokens import Tokens

MAX_BODY_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a test connects otherwise than the house does."""

    sources: Callable[[Sources], Sources] = lambda sources: sources
    checks: Mapping[str, Check] = field(default_factory=dict)
    explorer: Explorer = field(default_factory=Explorer)
    allowed_origins: tuple[str, ...] = ()
    database_url: str | None = None
    bus_url: str = "memory://"
    deadline_s: float | None = None
    is_traced: bool = False
    clock: Callable[[], datetime] = compose.utc_now
    pace: Pace = field(default_factory=lambda: Pace(ping_every_s=3_600))
    """Nobody is pinged amid what a test reads, however slow the machine is; tests of pings choose a pace."""


@dataclass(frozen=True, slots=True)
class Front:
    """A client of the running app, and whoever issues tokens."""

    client: TestClient
    tokens: Tokens

    def bearer(self, role: Role, *, lifetime: timedelta = timedelta(hours=1)) -> str:
        """An `Authorization` of somebody in this role."""
        return "Bearer " + self.tokens.issue(subject=f"{role.value}-1", role=role, lifetime=lifetime)

    def ask(
        self, query: str, *, role: Role | None = None, headers: Mapping[str, str] | None = None, **said: Any
    ) -> Any:
        """The JSON answer to an operation; `said` are its variables."""
        authorization = {"authorization": self.bearer(role)} if role else {}
        body = {"query": query, "variables": said}
        answer = self.client.post("/graphql", json=body, headers={**authorization, **(headers or {})})
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    def refusal(self, query: str, *, role: Role | None = None, **said: Any) -> str:
        """The code of the only error that an operation gets."""
        answer = self.ask(query, role=role, **said)
        (error,) = answer["errors"]
        assert error["extensions"]["requestId"]
        assert error["message"]
        return str(error["extensions"]["code"])


@contextmanager
def opened(database: Path, directory: Path, wiring: Wiring) -> Iterator[Front]:
    """The app, from start to end of its life, and a client of it."""
    url = wiring.database_url or f"sqlite+aiosqlite:///{database}"
    chosen = settings.load(
        database_url=url,
        bus_url=wiring.bus_url,
        jwks_file=directory / "keys.json",
        media_dir=directory / "media",
        allowed_origins=wiring.allowed_origins,
        max_body_bytes=MAX_BODY_BYTES,
        simulated_sign_in=True,
    )
    web.tokens.make_keys(chosen.jwks_file)
    with TestClient(application(chosen, wiring), raise_server_exceptions=False) as client:
        yield Front(client, compose.tokens(chosen))


def application(chosen: settings.Settings, wiring: Wiring) -> Starlette:
    """The app as `compose.py` puts it together, but for what the wiring says."""
    world = compose.world(chosen)

    def surroundings(viewer: Viewer, channel: Channel, language: str, request_id: str) -> Context:
        sources = wiring.sources(world.sources)
        return Context(sources, world.policies, wiring.clock, viewer, channel, language, request_id)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with compose.alive(world):
            yield

    endpoint = Endpoint(
        _schema(wiring.deadline_s, is_traced=wiring.is_traced),
        tokens=compose.tokens(chosen),
        surroundings=surroundings,
        allowed_origins=chosen.allowed_origins,
        pace=wiring.pace,
    )
    return web.app.app(
        endpoint,
        checks={"store": world.store.ping, "bus": world.bus.ping, **wiring.checks},
        lifespan=lifespan,
        media_dir=chosen.media_dir,
        max_body_bytes=chosen.max_body_bytes,
        allowed_origins=chosen.allowed_origins,
        explorer=wiring.explorer,
        picture=pictures.svg,
        is_traced=wiring.is_traced,
    )


@cache
def _schema(deadline_s: float | None, *, is_traced: bool) -> schema.executing.EngineSchema:
    return schema.build.unified(hook=web.tracing.levels() if is_traced else None, deadline_s=deadline_s)
