"""Errors as clients see them: each has a stable code and the request's id; what is our own mistake is masked."""

import uuid
from typing import Any

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

import resolvers.errors

INCIDENT = "Something went wrong on our side. Tell us the incident id if it stays so."

log = structlog.get_logger()


def explain(error: GraphQLError, request_id: str) -> None:
    """Give an error its code and the request's id; hide what only concerns us behind an incident id."""
    extensions: dict[str, Any] = {"requestId": request_id, **_facts(error)}
    if extensions["code"] == "INTERNAL":
        error.message = INCIDENT
        extensions["incidentId"] = incident(error.original_error, request_id)
    error.extensions = extensions


def incident(error: BaseException | None, request_id: str) -> str:
    """Write a mistake of our own into the log; return the id under which it stands there."""
    incident_id = uuid.uuid4().hex
    log.error("incident", incident_id=incident_id, request_id=request_id, exc_info=error)
    return incident_id


def _facts(error: GraphQLError) -> dict[str, Any]:
    if error.extensions and "code" in error.extensions:
        return {"code": error.extensions["code"]}
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if (known := resolvers.errors.facts(cause)) is not None:
        return known
    if isinstance(cause, CannotGetOperationTypeError | InvalidOperationTypeError):
        return {"code": "BAD_OPERATION"}
    if isinstance(error, GraphQLSyntaxError):
        return {"code": "GRAPHQL_PARSE_FAILED"}
    if cause is None or (isinstance(cause, GraphQLError | ValueError) and error.path is None):
        return {"code": "GRAPHQL_VALIDATION_FAILED"}
    return {"code": "INTERNAL"}
