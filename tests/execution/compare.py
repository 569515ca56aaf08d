"""What it means that two executors gave the same answer."""

from collections.abc import Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

Path = tuple[str | int, ...]


def assert_same(ours: ExecutionResult, theirs: ExecutionResult, *, is_timely: bool = True) -> None:
    """Hold two answers against each other: data byte for byte, key order included, errors as a set.

    Where resolvers wait (`is_timely` False), graphql-core reports for a position made null by propagation whichever
    error happened to come first; there only the position is compared.
    """
    assert orjson.dumps(ours.data) == orjson.dumps(theirs.data)
    assert _told(ours, is_timely=is_timely) == _told(theirs, is_timely=is_timely)


def _told(result: ExecutionResult, *, is_timely: bool) -> set[tuple[Path, str]]:
    errors: Sequence[GraphQLError] = result.errors or []
    found = {(tuple(error.path or ()), error.message) for error in errors}
    if is_timely:
        return found
    return {
        (path, message) if _nulled(result.data, path) == path else (_nulled(result.data, path), "")
        for path, message in found
    }


def _nulled(data: Any, path: Path) -> Path:
    """The position on the way to `path` that is null in the data."""
    for depth, part in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[part]
    return path
