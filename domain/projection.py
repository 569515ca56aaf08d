"""Projection: what may be promised for later, of what is there and what is confirmed to come (domain.md §4.1).

S(u) is the stock now and what comes until u, D(u) what is due until u; ATP(t) = max(0, min over u ≥ t of S(u) − D(u)):
whatever is promised for t must leave enough for everything that is due after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from domain.availability import Freshness, promisable, quota_left
from domain.channels import Channel
from domain.stock import StockLevel


class Due(NamedTuple):
    """So many units at a moment: to come, or owed."""

    at: datetime
    quantity: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is now, what comes and what is owed, and how much may be promised in all (None: no limit)."""

    now: datetime
    stock: int
    supply: tuple[Due, ...] = ()
    demand: tuple[Due, ...] = ()
    most: int | None = None


def outlook(
    level: StockLevel, coming: Iterable[Due], *, channel: Channel, now: datetime, freshness: Freshness
) -> Outlook:
    """Look ahead from a level and what is coming, as a channel may.

    What is held or committed has no date and is owed at once. What should have come already and did not is left out:
    nobody knows when it will.
    """
    return Outlook(
        now,
        promisable(level, channel=channel, now=now, freshness=freshness),
        supply=tuple(due for due in coming if due.at > now),
        most=quota_left(level, channel, now),
    )


def least_from(outlook: Outlook, at: datetime) -> int:
    """The least that is ever left from a moment on: min over u ≥ at of S(u) − D(u)."""
    return next(least for moment, least in reversed(_least(outlook)) if moment <= max(at, outlook.now))


def promisable_at(outlook: Outlook, at: datetime) -> int:
    """Count the units that may be promised for a moment, now or later: ATP(t); never below zero (STK-6)."""
    least = least_from(outlook, at)
    return max(0, least if outlook.most is None else min(least, outlook.most))


def promisable_from(outlook: Outlook, quantity: int) -> datetime | None:
    """The earliest moment for which so many may be promised; None: for none that is known."""
    if outlook.most is not None and outlook.most < quantity:
        return None
    return next((moment for moment, least in _least(outlook) if least >= quantity), None)


def _least(outlook: Outlook) -> Sequence[Due]:
    """Every moment at which something changes, from now on, and the least that is left from it on."""
    changes = {outlook.now: outlook.stock}
    for at, quantity in (*outlook.supply, *(Due(due.at, -due.quantity) for due in outlook.demand)):
        moment = max(at, outlook.now)
        changes[moment] = changes.get(moment, 0) + quantity
    moments = sorted(changes)
    left = list(accumulate(changes[moment] for moment in moments))
    least = list(accumulate(reversed(left), min))[::-1]
    return [Due(moment, quantity) for moment, quantity in zip(moments, least, strict=True)]
