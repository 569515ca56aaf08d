"""The explorer's pages: one HTML file, GraphiQL's own files as npm installed them, and the tabs it opens with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from web import answers

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node_modules"


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the explorer's tabs need: a token per kind of user, empty outside the demo."""

    tokens: Mapping[str, str] = field(default_factory=dict)


def routes(explorer: Explorer) -> list[BaseRoute]:
    """The explorer's routes."""

    async def page(request: Request) -> Response:
        return FileResponse(HERE / "index.html")

    async def tokens(request: Request) -> Response:
        return answers.json(dict(explorer.tokens))

    return [
        Route("/", page),
        Route("/tokens.json", tokens),
        Mount("/modules", StaticFiles(directory=NODE_MODULES, check_dir=False)),
        Mount("/", StaticFiles(directory=HERE)),
    ]
