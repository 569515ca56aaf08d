"""Health: whether the process lives, and whether everything it needs answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from datasources.ports.errors import SourceError
from web import answers

Check = Callable[[], Awaitable[None]]
PATIENCE_S = 2.0
"""Who asks does not wait longer: what takes longer is not there."""


async def livez(request: Request) -> Response:
    """The process answers."""
    return answers.json({"status": "ok"})


def readyz(checks: Mapping[str, Check]) -> Callable[[Request], Awaitable[Response]]:
    """Answer 200 when every check passes, else 503 with the reason beside each one that does not."""

    async def ready(request: Request) -> Response:
        reasons = await asyncio.gather(*map(_try, checks.values()))
        found = dict(zip(checks, reasons, strict=True))
        is_ready = all(reason == "ok" for reason in found.values())
        return answers.json(
            {"status": "ok" if is_ready else "not ready", "checks": found}, status=200 if is_ready else 503
        )

    return ready


async def _try(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await check()
    except SourceError as failure:
        return str(failure)
    except TimeoutError:
        return f"no answer within {PATIENCE_S:g} s"
    return "ok"
