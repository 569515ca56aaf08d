"""Standings: what a member has in a programme, as the clock says it now, swept or not."""

from dataclasses import dataclass
from datetime import datetime

from domain.facts import Kind
from domain.programmes import Programme


@dataclass(frozen=True, slots=True)
class Expiring:
    """So many points that end together."""

    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as it is kept: `active` is less what is owed; `expiring` are its free lots that end."""

    pending: int = 0
    active: int = 0
    frozen: int = 0
    debt: int = 0
    version: int = 0
    expiring: tuple[Expiring, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """What somebody has of a programme at a moment; what has expired by then does not count."""

    programme: Programme
    pending: int
    active: int
    frozen: int
    debt: int
    expiring_next: Expiring | None
    as_of: datetime


def balance(standing: Standing, programme: Programme, now: datetime) -> Balance:
    """Look at an account at a moment: correct by the clock, before any sweep has written it down."""
    gone = sum(lot.amount for lot in standing.expiring if lot.at <= now)
    following = next((lot for lot in standing.expiring if lot.at > now), None)
    if following is not None:
        together = sum(lot.amount for lot in standing.expiring if lot.at == following.at)
        following = Expiring(together, following.at)
    return Balance(
        programme=programme,
        pending=standing.pending,
        active=standing.active - gone,
        frozen=standing.frozen,
        debt=standing.debt,
        expiring_next=following,
        as_of=now,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction as a member's statement shows it: what it did to what they have.

    `version`: of the account, where it is one writing that is shown; 0 where it is all that was ever written of it.
    """

    id: str
    programme: str
    kind: Kind
    ref: str
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    pending: int
    active: int
    frozen: int
    version: int = 0
