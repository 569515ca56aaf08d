"""Statuses, in GraphQL's words: what became of one item of many."""

from domain.statuses import Status
from schema.base import enum

__all__ = ["Status"]

enum(
    Status,
    "What became of one item.",
    CREATED="Nothing was known of it before.",
    UPDATED="It was known, and has changed.",
    UNCHANGED="It was so already, or this event was told before.",
    STALE="From before the last count, which saw it: the level is as it was.",
    FAILED="Refused; see `errors`.",
)
