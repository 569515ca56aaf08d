"""Operations as HTTP brings them: one JSON object by POST, or a query in the address of a GET."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from strawberry.types.graphql import OperationType

BROWSER = "This is the GraphQL endpoint: POST an operation, or open /explorer/."
READING = frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION})
EVERYTHING = frozenset(OperationType)


class Refused(Exception):
    """A request that holds no operation; the message says what one looks like."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Operation(NamedTuple):
    """What is asked, and which kinds of operation may be: a GET changes nothing."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    allowed: frozenset[OperationType]


def read(request: Request, body: bytes) -> Operation:
    """Read the operation that a request holds.

    Raises:
        Refused: it holds none.
    """
    if request.method == "POST":
        if "application/json" not in request.headers.get("content-type", ""):
            raise Refused(415, "Send the operation as JSON, with `Content-Type: application/json`.")
        return _operation(_json(body), EVERYTHING)
    if request.method != "GET":
        raise Refused(405, "GraphQL only supports GET and POST requests.")
    told: dict[str, Any] = dict(request.query_params)
    if "query" not in told and any(kind in request.headers.get("accept", "") for kind in ("text/html", "*/*")):
        raise Refused(404, BROWSER)
    return _operation(
        told | {name: _json(told[name]) for name in ("variables", "extensions") if told.get(name)}, READING
    )


def _operation(told: Any, allowed: frozenset[OperationType]) -> Operation:
    if not isinstance(told, Mapping):
        raise Refused(400, "The body must be one JSON object with a `query`.")
    query, variables, name = told.get("query"), told.get("variables"), told.get("operationName")
    if not isinstance(query, str) or not query:
        raise Refused(400, "`query` must be the text of an operation.")
    if not isinstance(variables, dict | None) or not isinstance(told.get("extensions"), dict | None):
        raise Refused(400, "`variables` and `extensions` must be objects, or null.")
    if not isinstance(name, str | None):
        raise Refused(400, "`operationName` must be a text, or null.", "BAD_OPERATION")
    return Operation(query, variables, name, allowed)


def _json(text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise Refused(400, f"This is not JSON: {fault}.") from None
