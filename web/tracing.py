"""Tracing: a span for every request, and below it one for every level that the engine reads.

Costs nothing where it is not enabled: neither the middleware nor the hook is there.
"""

import time

from opentelemetry import trace
from opentelemetry.propagate import extract
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from execution.run import Hook, Level

NAME = "unified-commerce-graph"


class Traced:
    """Opens a span around each request, below the caller's own if `traceparent` names one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tracer = trace.get_tracer(NAME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        caller = extract(Headers(scope=scope))
        attributes = {"url.path": scope["path"], "request.id": scope["state"]["request_id"]}
        name = f"{scope.get('method', 'WEBSOCKET')} {scope['path']}"
        with self._tracer.start_as_current_span(name, context=caller, attributes=attributes):
            await self._app(scope, receive, send)


def levels() -> Hook:
    """Make the engine's hook: a span per level, as long as the level took."""
    tracer = trace.get_tracer(NAME)

    def hear(level: Level) -> None:
        ended_ns = time.time_ns()
        began_ns = ended_ns - int(level.seconds * 1e9)
        attributes = {"graphql.objects": level.objects}
        tracer.start_span(level.name, start_time=began_ns, attributes=attributes).end(end_time=ended_ns)

    return hear
