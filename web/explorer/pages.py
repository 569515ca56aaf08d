"""The explorer's pages: one HTML file, GraphiQL's own files as npm installed them, and the tabs it opens with.

Serves a fixed list of files and nothing beside it; the page may speak to this server alone (content security policy).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from web import answers
from web.explorer.tabs import TABS

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node_modules"
OWN = {"explorer.js": HERE / "explorer.js", "explorer.css": HERE / "explorer.css"}
MODULES = {
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
}
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # GraphiQL sets styles from its code
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the explorer needs: a token per kind of user, empty outside the demo; and where npm put GraphiQL."""

    tokens: Mapping[str, str] = field(default_factory=dict)
    node_modules: Path = NODE_MODULES


def routes(explorer: Explorer) -> list[BaseRoute]:
    """The explorer's routes."""
    modules = {name: explorer.node_modules / path for name, path in MODULES.items()}

    async def page(request: Request) -> Response:
        if all(path.is_file() for path in modules.values()):
            return FileResponse(HERE / "index.html", headers=PAGE_HEADERS)
        return FileResponse(HERE / "missing.html", status_code=503, headers=PAGE_HEADERS)

    async def file(request: Request) -> Response:
        path = {**OWN, **modules}.get(request.path_params["name"])
        if path is None or not path.is_file():
            return answers.error(404, "NOT_FOUND", "The explorer has no such file.", request.state.request_id)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def tabs(request: Request) -> Response:
        return answers.json([{"query": tab.query, "variables": tab.variables, "role": tab.role} for tab in TABS])

    async def tokens(request: Request) -> Response:
        return answers.json(dict(explorer.tokens))

    return [
        Route("/", page),
        Route("/tabs.json", tabs),
        Route("/tokens.json", tokens),
        Route("/{name}", file),
    ]
