"""What the commands say: progress of long work, where the graph is served, and what to do next."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from starlette.applications import Starlette

console = Console(stderr=True)


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


def next_steps(host: str, port: int, tokens: Mapping[str, str], *, pin: str) -> None:
    """Say where everything is, and lines to try; `pin` is what an associate signs in with."""
    at = f"http://{host}:{port}"
    query = '{"query":"{ searchProducts(text: \\"羽绒\\", first: 3) { nodes { title } } }"}'
    sign_in = '{"query":"mutation { wechatLogin(input: {code: \\"demo-anna\\"}) { session { accessToken } } }"}'
    print(
        f"""
The shop is open, and alive: somebody buys every two seconds. Ctrl-C closes it.

  explorer   {at}/explorer/     tabs for a shopper, a member, an associate and an integrator
  graph      {at}/graphql       HTTP, WebSocket (graphql-transport-ws) and SSE
  health     {at}/readyz        and {at}/livez
  docs       {at}/docs/

Try it:

  curl -s {at}/graphql -H 'content-type: application/json' -d '{query}'

Sign in as anybody: WeChat is simulated, and each code works once (demo-anna, demo-anna:2, …).

  curl -s {at}/graphql -H 'content-type: application/json' -d '{sign_in}'

An associate signs in on a tablet: associateLogin(input: {pin}).

Tokens for `Authorization: Bearer …` (30 days):

"""
        + "\n\n".join(f"  {who}\n  {token}" for who, token in tokens.items()),
        flush=True,
    )


class _Announcing(uvicorn.Server):
    """Announces itself once it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[int], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])
