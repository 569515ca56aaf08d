"""What the commands say: progress of long work, what to do next, and in one sentence why a command cannot go on."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import alembic.util
import sqlalchemy.exc
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from starlette.applications import Starlette

import compose
import datasources.store.migrate
import settings
import web.tokens
from settings import Settings
from web.tokens import Tokens

console = Console(stderr=True)


class Refused(Exception):
    """Whoever typed the command can mend it; the message says how."""


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar from the first step on: `step(done, total)`."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def serve(app: Starlette, options: Mapping[str, Any], announce: Callable[[int], None]) -> None:
    """Serve until Ctrl-C, and announce the port as soon as requests are answered."""
    with suppress(KeyboardInterrupt):
        _Announcing(uvicorn.Config(app, **options), announce).run()


def address(host: str, port: int) -> None:
    """Say where the graph is served."""
    print(f"The graph is served at http://{host}:{port}/graphql; try it in /explorer/. Ctrl-C ends it.", flush=True)


def next_steps(host: str, port: int, tokens: Mapping[str, str]) -> None:
    """Say where everything is, and a line to try."""
    at = f"http://{host}:{port}"
    query = '{"query":"{ searchProducts(text: \\"羽绒\\", first: 3) { nodes { title } } }"}'
    print(
        f"""
The shop is open, and alive: somebody buys every two seconds. Ctrl-C closes it.

  explorer   {at}/explorer/     tabs for a shopper, a member, an associate and an integrator
  graph      {at}/graphql       HTTP, WebSocket (graphql-transport-ws) and SSE
  health     {at}/readyz        and {at}/livez
  docs       {at}/docs/

Try it:

  curl -s {at}/graphql -H 'content-type: application/json' -d '{query}'

Tokens for `Authorization: Bearer …` (30 days):

"""
        + "\n\n".join(f"  {who}\n  {token}" for who, token in tokens.items()),
        flush=True,
    )


def migrate(url: str) -> None:
    """Bring the database to the schema that this code expects; SQLite makes its file, we the folder around it.

    Raises:
        Refused: it cannot be opened, or is newer than this code.
    """
    scheme, _, path = url.partition(":///")
    try:
        if scheme.startswith("sqlite"):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        datasources.store.migrate.migrate(url)
    except (OSError, sqlalchemy.exc.SQLAlchemyError, alembic.util.CommandError) as failure:
        reason = getattr(failure, "orig", failure)
        address = settings.without_password(url)
        raise Refused(
            f"The database cannot be brought up to date: {reason}. It is {address} (COMMERCE_DATABASE_URL)"
        ) from failure


def make_keys(file: Path) -> None:
    """Make the key set, unless it is there.

    Raises:
        Refused: it cannot be written.
    """
    try:
        web.tokens.make_keys(file)
    except OSError as failure:
        raise Refused(f"{file} cannot be written: {failure.strerror}. COMMERCE_JWKS_FILE names another") from failure


def issuer(chosen: Settings) -> Tokens:
    """Whoever issues tokens.

    Raises:
        Refused: there is no key set.
    """
    try:
        return compose.tokens(chosen)
    except (OSError, ValueError) as fault:
        raise Refused(f"COMMERCE_JWKS_FILE: {fault}") from fault


def listenable(host: str, port: int) -> None:
    """Return where an address can be listened on, before anything long begins.

    Raises:
        Refused: it is taken, or not this machine's.
    """
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as failure:
        reason = os.strerror(failure.errno) if failure.errno else str(failure)
        raise Refused(
            f"Nobody can listen on {host}:{port}: {reason}. End what listens there, or choose another: "
            "COMMERCE_PORT and COMMERCE_HOST, or `demo --port`"
        ) from failure


class _Announcing(uvicorn.Server):
    """Announces itself once it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[int], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])
