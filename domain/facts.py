"""Facts of a points account: what was told of it, each once, and what the ledger writes of each.

A fact says what happened and when by its source's clock; which postings it makes depends on those before it, and is
decided by `domain/points.py`. Facts arrive late and in any order: `order` is the one order that counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any


class Kind(Enum):
    """What happened to points, in the order in which facts of one instant count."""

    MERGE = "MERGE"
    EARN_PENDING = "EARN_PENDING"
    ACTIVATE = "ACTIVATE"
    ADJUST = "ADJUST"
    FREEZE = "FREEZE"
    CAPTURE = "CAPTURE"
    UNFREEZE = "UNFREEZE"
    RESTORE_BURN = "RESTORE_BURN"
    REVERSE_EARN = "REVERSE_EARN"
    EXPIRE = "EXPIRE"


RANK: Mapping[Kind, int] = {kind: rank for rank, kind in enumerate(Kind)}


class Side(Enum):
    """The accounts of a ledger: three of each member, the others of the programme."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    ISSUED = "ISSUED"
    REDEEMED = "REDEEMED"
    BREAKAGE = "BREAKAGE"
    ADJUSTMENT = "ADJUSTMENT"
    MOVED = "MOVED"
    """Between two members that are joined: zero as soon as both sides are written."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules a fact was told under, kept with it: what a programme changes later does not change what was.

    `expiry_days` None: what it brings is good for ever. `debt_limit`: how far it may bring a balance below zero.
    """

    expiry_days: int | None = None
    debt_limit: int = 0

    def expires_at(self, active_from: datetime) -> datetime | None:
        """Until when what becomes active at a moment is good."""
        return None if self.expiry_days is None else active_from + timedelta(days=self.expiry_days)


Name = tuple[Kind, str]
"""(kind, ref): what a fact is known by within its account, told once or many times (PTS-5)."""
Order = tuple[datetime, int, str]
"""Instant, rank of the kind, ref: the order in which facts count, whatever order they came in."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a line carries of an amount, and how many of its units have been taken back."""

    key: str
    units: int
    amount: int
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Returned:
    """Units of a line that came back."""

    key: str
    units: int


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to an account. `ref` names the order, checkout, return or correction it came with.

    `of`: for returns, the ref of the earning or the freeze they give back. `amount` None: all there is; only ADJUST may
    be below zero. `shares` say how an earning or freeze lies on its lines, `returned` what of them came back (None: all
    that had not).
    `moved`: what a merge brings, packed (`domain/points_records.py`); None on the side that it leaves.
    """

    kind: Kind
    ref: str
    occurred_at: datetime
    amount: int | None = None
    of: str = ""
    shares: tuple[Share, ...] = ()
    returned: tuple[Returned, ...] | None = None
    value_minor: int = 0
    reason: str = ""
    operator: str = ""
    moved: Mapping[str, Any] | None = None
    terms: Terms = Terms()

    @property
    def name(self) -> Name:
        """What it is known by."""
        return (self.kind, self.ref)

    @property
    def parent(self) -> Name | None:
        """The fact without which this one has no meaning: it waits for it, however long (PTS-5)."""
        if self.kind is Kind.ACTIVATE:
            return (Kind.EARN_PENDING, self.ref)
        if self.kind is Kind.REVERSE_EARN:
            return (Kind.EARN_PENDING, self.of)
        if self.kind in (Kind.CAPTURE, Kind.UNFREEZE):
            return (Kind.FREEZE, self.ref)
        return (Kind.CAPTURE, self.of) if self.kind is Kind.RESTORE_BURN else None

    def order(self, at: datetime) -> Order:
        """Where it stands among the facts of its account, when it counts from an instant on."""
        return (at, RANK[self.kind], self.ref)


@dataclass(frozen=True, slots=True)
class Posting:
    """So many points onto an account, or off it; `lot` names the lot of a member's ACTIVE or FROZEN."""

    side: Side
    amount: int
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a fact, or the clock (EXPIRE), did at an instant: postings that sum to zero (PTS-1)."""

    kind: Kind
    ref: str
    occurred_at: datetime
    postings: Sequence[Posting]

    @property
    def name(self) -> Name:
        """What it is known by."""
        return (self.kind, self.ref)

    def change(self, side: Side) -> int:
        """By how much it changes an account."""
        return sum(posting.amount for posting in self.postings if posting.side is side)
