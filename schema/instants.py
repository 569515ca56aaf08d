"""Instants that clients send: ISO 8601 with a zone, never a local time that could mean two moments."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import NewType

import strawberry

Instant = NewType("Instant", datetime)


def _parse(value: object) -> datetime:
    with suppress(ValueError, OverflowError):  # the last: a moment that is before the year 1, or after 9999, in UTC
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    raise ValueError(f"{value!r} is not an instant; write it as 2026-11-21T09:30:00Z or with +08:00.")


DEFINITION = strawberry.scalar(
    name="Instant",
    description="A moment, ISO 8601 with its zone, such as 2026-11-21T09:30:00Z or 2026-11-21T17:30:00+08:00.",
    serialize=datetime.isoformat,
    parse_value=_parse,
)
"""How GraphQL reads an `Instant`; `schema.build` hands it to the schema."""
