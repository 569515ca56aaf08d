"""The ASGI app: a list of routes you can read, and what each request passes through on its way."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

import schema.errors
from web import answers, docs, health
from web.explorer import pages
from web.graphql import Endpoint
from web.health import Check
from web.requests import Bounded, Identified
from web.tracing import Traced

Picture = Callable[[str], str]
"""Draws a style as SVG; KeyError where there is no such style."""


def app(
    endpoint: Endpoint,
    *,
    checks: Mapping[str, Check],
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]],
    media_dir: Path,
    max_body_bytes: int,
    allowed_origins: tuple[str, ...],
    explorer: pages.Explorer,
    picture: Picture | None = None,
    is_traced: bool = False,
) -> Starlette:
    """Put the app together."""
    routes = [
        Route("/", lambda request: RedirectResponse("/explorer/")),
        Route("/graphql", endpoint, methods=["GET", "POST"]),
        Route("/livez", health.livez),
        Route("/readyz", health.readyz(checks)),
        Mount("/docs", routes=docs.routes()),
        Mount("/explorer", routes=pages.routes(explorer)),
        *([Route("/media/demo/{style}.svg", _drawn(picture))] if picture else []),
        Mount("/media", Media(directory=media_dir, check_dir=False)),
    ]
    middleware = [
        Middleware(Identified),
        *([Middleware(Traced)] if is_traced else []),
        Middleware(Sockets, endpoint=endpoint, path="/graphql"),
        Middleware(
            CORSMiddleware,
            allow_origins=allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=["x-request-id"],
        ),
        Middleware(Bounded, max_body_bytes=max_body_bytes),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers=HANDLERS)


class Sockets:
    """Serves WebSockets here, above what only HTTP needs: each layer below would stay on the stack for hours, times ten
    thousand, and stand between every message and its client.
    """

    def __init__(self, app: ASGIApp, *, endpoint: ASGIApp, path: str) -> None:
        self._app = app
        self._endpoint = endpoint
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "websocket" and scope["path"] == self._path
        await (self._endpoint if is_ours else self._app)(scope, receive, send)


class Media(StaticFiles):
    """The files of a directory that an import may make at any time: until then there is nothing in it."""

    async def check_config(self) -> None:
        if not await asyncio.to_thread(Path(str(self.directory)).is_dir):
            raise HTTPException(404)


def _drawn(picture: Picture) -> Callable[[Request], Response]:
    def drawn(request: Request) -> Response:
        try:
            svg = picture(request.path_params["style"])
        except KeyError:
            return answers.refusal(404, "There is no such picture.", request.state.request_id)
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    return drawn


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = REFUSALS.get(status, getattr(error, "detail", "This cannot be answered."))
    answer = answers.refusal(status, told, request.state.request_id)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _broken(request: Request, error: Exception) -> Response:
    request_id = request.state.request_id
    incident_id = schema.errors.incident(error, request_id)
    answer = answers.error(500, "INTERNAL", schema.errors.INCIDENT, request_id, incidentId=incident_id)
    answer.headers["x-request-id"] = request_id
    return answer


REFUSALS = {
    404: "There is nothing here. Try /graphql.",
    405: "This address does not take that method; `Allow` names those it takes.",
}
HANDLERS = {HTTPException: _refused, Exception: _broken}
