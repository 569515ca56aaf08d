"""Statuses: what became of one item of many that were sent together, whatever the items are."""

from enum import Enum


class Status(Enum):
    """What became of one item."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    STALE = "STALE"
    FAILED = "FAILED"
