"""The ASGI app: a list of routes you can read, and what each request passes through on its way."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from web import answers, health
from web.explorer import pages
from web.graphql import Endpoint
from web.health import Check
from web.requests import Bounded, Identified

Picture = Callable[[str], str | None]
"""The SVG of a style code, or None."""


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
) -> Starlette:
    """Put the app together."""
    routes = [
        Route("/", lambda request: RedirectResponse("/explorer/")),
        Route("/graphql", endpoint, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", endpoint),
        Route("/livez", health.livez),
        Route("/readyz", health.readyz(checks)),
        Mount("/explorer", routes=pages.routes(explorer)),
        *([Route("/media/demo/{style}.svg", _drawn(picture))] if picture else []),
        Mount("/media", StaticFiles(directory=media_dir, check_dir=False)),
    ]
    middleware = [
        Middleware(Identified),
        Middleware(CORSMiddleware, allow_origins=allowed_origins, allow_methods=["GET", "POST"], allow_headers=["*"]),
        Middleware(Bounded, max_body_bytes=max_body_bytes),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={404: _not_found})


def _drawn(picture: Picture) -> Callable[[Request], Response]:
    def drawn(request: Request) -> Response:
        svg = picture(request.path_params["style"])
        if svg is None:
            return answers.error(404, "NOT_FOUND", "There is no such picture.", request.state.request_id)
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    return drawn


def _not_found(request: Request, error: Exception) -> Response:
    return answers.error(404, "NOT_FOUND", "There is nothing here. Try /graphql.", request.state.request_id)
