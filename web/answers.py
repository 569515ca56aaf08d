"""Answers outside GraphQL: errors of the transport in the same shape as GraphQL's own."""

from typing import Any

import orjson
from starlette.responses import Response

CODES = {
    400: "BAD_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "BODY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}
"""The code of each status that HTTP itself explains."""


def error(status: int, code: str, message: str, request_id: str, **facts: str) -> Response:
    """An error of the transport: HTTP status, stable code, the request's id, and further facts."""
    body = {"errors": [{"message": message, "extensions": {"code": code, "requestId": request_id, **facts}}]}
    return json(body, status)


def refusal(status: int, message: str, request_id: str, *, code: str | None = None) -> Response:
    """An error that HTTP itself explains: the code follows from the status, unless one is given."""
    return error(status, code or CODES.get(status, "BAD_REQUEST"), message, request_id)


def json(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, media_type="application/json")
