"""What it means that two executors gave the same answer."""

import re
from typing import Any, Protocol

import orjson
from graphql import GraphQLError


class Answer(Protocol):
    """What every executor gives."""

    data: Any
    errors: list[GraphQLError] | None


Path = tuple[str | int, ...]
Told = tuple[Path, str, tuple[Any, ...], str]

VARYING = (
    re.compile(r"(?<=but got: ).*|(?<=with value ).*|(?<=value\().*", re.DOTALL),  # values to come print differently
    re.compile(r"\d+ results for \d+ objects"),  # strawberry's executor gathers other batches
    re.compile(r"0x[0-9a-f]+"),
)


def assert_same(ours: Answer, theirs: Answer) -> None:
    """Hold two answers against each other: data byte for byte, key order included, errors as a set.

    Errors agree in path, message, locations and extensions.
    """
    assert orjson.dumps(ours.data) == orjson.dumps(theirs.data)
    assert set(map(_told, ours.errors or [])) == set(map(_told, theirs.errors or []))


def assert_same_in_time(ours: Answer, theirs: Answer) -> None:
    """The same, where graphql-core waited for resolvers.

    Below a position that propagation made null, it reports whichever error came first in time, we the first in the
    order of the answer. Only such errors may differ, and only in which they are: each such position has some.
    """
    assert orjson.dumps(ours.data) == orjson.dumps(theirs.data)
    our_own, our_nulled = _apart(ours)
    their_own, their_nulled = _apart(theirs)
    assert our_own == their_own
    assert our_nulled == their_nulled


def _apart(result: Answer) -> tuple[set[Told], set[Path]]:
    """The errors that stand at their own null, and the positions that are null by errors below them."""
    told = {_told(error) for error in result.errors or []}
    nulled = {one: _nulled(result.data, one[0]) for one in told}
    own = {one for one in told if nulled[one] == one[0]}
    return own, {nulled[one] for one in told - own}


def _told(error: GraphQLError) -> Told:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error:
        cause = cause.original_error
    message = str(getattr(cause, "message", cause)) if cause else error.message  # ours may be masked already
    for varying in VARYING:
        message = varying.sub("…", message)
    extensions = error.extensions if "requestId" not in (error.extensions or {}) else getattr(cause, "extensions", None)
    return tuple(error.path or ()), message, tuple(error.locations or ()), repr(extensions or {})


def _nulled(data: Any, path: Path) -> Path:
    """The position on the way to `path` that is null in the data; an error's own path may lead elsewhere."""
    for depth, part in enumerate(path):
        if data is None:
            return path[:depth]
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return path
    return path
