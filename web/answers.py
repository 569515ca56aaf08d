"""Answers outside GraphQL: errors of the transport in the same shape as GraphQL's own."""

from typing import Any

import orjson
from starlette.responses import Response


def error(status: int, code: str, message: str, request_id: str) -> Response:
    """An error of the transport: HTTP status, stable code, and the request's id."""
    body = {"errors": [{"message": message, "extensions": {"code": code, "requestId": request_id}}]}
    return json(body, status)


def json(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, media_type="application/json")
