"""Lots: points that were earned together and expire together, and what is frozen of them for a purchase."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.allocation import unit_share
from domain.facts import Returned, Share

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lot:
    """`amount` is what was earned; of that, so much waits, is free, or is frozen. The rest is spent, expired or gone.

    `earned_by` is the ref of what brought it. `active_from` and `expires_at` are known once it is active.
    """

    id: str
    earned_by: str
    amount: int
    pending: int = 0
    remaining: int = 0
    frozen: int = 0
    active_from: datetime | None = None
    expires_at: datetime | None = None
    shares: tuple[Share, ...] = ()

    def has_expired(self, at: datetime) -> bool:
        """Whether it is good no more (PTS-10)."""
        return self.expires_at is not None and self.expires_at <= at

    @property
    def is_open(self) -> bool:
        """Whether anything of it is left."""
        return bool(self.pending or self.remaining or self.frozen)


@dataclass(frozen=True, slots=True)
class Part:
    """What a freeze holds of one lot, what of that was spent, and what of the spent was given back."""

    lot: str
    frozen: int
    spent: int = 0
    restored: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """Points frozen for one purchase, lot by lot in the order they were taken."""

    ref: str
    parts: tuple[Part, ...]
    shares: tuple[Share, ...] = ()
    value_minor: int = 0
    is_captured: bool = False

    @property
    def frozen(self) -> int:
        """Frozen still."""
        return sum(part.frozen for part in self.parts)

    @property
    def spent(self) -> int:
        """Spent, given back or not."""
        return sum(part.spent for part in self.parts)

    @property
    def returnable(self) -> int:
        """Spent, and not given back."""
        return sum(part.spent - part.restored for part in self.parts)


def spending_order(lot: Lot) -> tuple[datetime, datetime, str]:
    """First to expire, first out (PTS-9); then the older one."""
    return (lot.expires_at or NEVER, lot.active_from or NEVER, lot.id)


def free(lots: Iterable[Lot]) -> Sequence[Lot]:
    """Lots that can be spent from, in the order they are."""
    return sorted((lot for lot in lots if lot.remaining), key=spending_order)


def total(lots: Iterable[Lot]) -> tuple[int, int, int]:
    """What waits, is free, and is frozen in all of them."""
    held = [(lot.pending, lot.remaining, lot.frozen) for lot in lots]
    return sum(one[0] for one in held), sum(one[1] for one in held), sum(one[2] for one in held)


def taken_back(shares: Sequence[Share], returned: Sequence[Returned] | None) -> tuple[tuple[Share, ...], int]:
    """Shares after units came back (None: all that had not), and what these units carry (PTS-7).

    Units that are not there, or came back before, carry nothing.
    """
    units: Counter[str] = Counter()
    for one in returned or ():
        units[one.key] += one.units
    after, amount = [], 0
    for share in shares:
        left = share.units - share.taken
        more = left if returned is None else min(left, units[share.key])
        amount += unit_share(share.amount, share.units, taken=share.taken, more=more)
        after.append(replace(share, taken=share.taken + more))
    return tuple(after), amount
