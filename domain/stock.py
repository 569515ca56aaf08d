"""Stock: how counts and movements make a level, how fresh it is, and what of it may be promised.

A level is a fold: the last count plus every movement that happened after it. Knows nothing of reservations yet,
and never clamps the book: a level below zero says that a count is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

Key = tuple[str, str]
"""(sku, location id): what a level is kept for."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far a source's clock may run ahead of ours; later instants would block every true observation after them."""


class MovementType(Enum):
    """Why a level changed."""

    RECEIPT = "RECEIPT"
    SALE = "SALE"
    RETURN = "RETURN"
    ADJUSTMENT = "ADJUSTMENT"
    COUNT_VARIANCE = "COUNT_VARIANCE"


INBOUND = frozenset({MovementType.RECEIPT, MovementType.RETURN})
OUTBOUND = frozenset({MovementType.SALE})


class Status(Enum):
    """What became of one item of an import."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    STALE = "STALE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Count:
    """Somebody looked: this many pieces at this moment."""

    sku: str
    location_id: str
    quantity: int
    observed_at: datetime

    @property
    def key(self) -> Key:
        """What was counted."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Something happened: this many pieces came or went. `event_id` is unique per source."""

    sku: str
    location_id: str
    delta: int
    event_id: str
    occurred_at: datetime
    type: MovementType = MovementType.ADJUSTMENT

    @property
    def key(self) -> Key:
        """What was moved."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the append-only book. A count's line carries the counted quantity and the variance it found."""

    type: MovementType
    sku: str
    location_id: str
    delta: int
    occurred_at: datetime
    recorded_at: datetime
    source: str
    event_id: str
    counted: int | None = None

    @property
    def key(self) -> Key:
        """Which level the line belongs to."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class StockLevel:
    """What the book says is there, and since when it says so."""

    sku: str
    location_id: str
    on_hand: int
    version: int
    as_of: datetime
    received_at: datetime
    source: str
    counted_at: datetime | None = None
    counted: int = 0

    @property
    def key(self) -> Key:
        """Which level this is."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one item did: its status, the level after it, and the line it wrote, if any."""

    status: Status
    level: StockLevel | None
    movement: Movement | None = None


def observe(
    level: StockLevel | None, count: Count, *, later: Sequence[Movement], source: str, now: datetime
) -> Outcome:
    """Take a count into the book: it replaces everything up to its moment, what happened later stays added.

    `later` holds at least the movements of this key with `occurred_at > count.observed_at`. An older count than the
    last one is STALE; of two counts of one instant the lower stands, whichever came first (never promise what may
    not be there; DSR-1).
    """
    if level is not None and level.counted_at is not None:
        if count.observed_at < level.counted_at:
            return Outcome(Status.STALE, level)
        if count.observed_at == level.counted_at and count.quantity >= level.counted:
            return Outcome(Status.UNCHANGED if count.quantity == level.counted else Status.STALE, level)
    since = [m for m in later if m.counted is None and m.key == count.key and m.occurred_at > count.observed_at]
    on_hand = count.quantity + sum(m.delta for m in since)
    before = level.on_hand if level else 0
    after = StockLevel(
        sku=count.sku,
        location_id=count.location_id,
        on_hand=on_hand,
        version=(level.version if level else 0) + 1,
        as_of=max([count.observed_at, *(m.occurred_at for m in since)]),
        received_at=now,
        source=source,
        counted_at=count.observed_at,
        counted=count.quantity,
    )
    movement = Movement(
        type=MovementType.COUNT_VARIANCE,
        sku=count.sku,
        location_id=count.location_id,
        delta=on_hand - before,
        occurred_at=count.observed_at,
        recorded_at=now,
        source=source,
        event_id=f"count:{count.sku}:{count.location_id}:{count.observed_at.isoformat()}:{count.quantity}",
        counted=count.quantity,
    )
    return Outcome(_status(level, after), after, movement)


def adjust(level: StockLevel | None, adjustment: Adjustment, *, seen: bool, source: str, now: datetime) -> Outcome:
    """Take a movement into the book, once.

    `seen` says that this source told of `event_id` before (STK-3). What happened no later than the last count is
    already in it: STALE, so that a late till upload is not deducted twice.
    """
    if seen:
        return Outcome(Status.UNCHANGED, level)
    if level is not None and level.counted_at is not None and adjustment.occurred_at <= level.counted_at:
        return Outcome(Status.STALE, level)
    movement = Movement(
        type=adjustment.type,
        sku=adjustment.sku,
        location_id=adjustment.location_id,
        delta=adjustment.delta,
        occurred_at=adjustment.occurred_at,
        recorded_at=now,
        source=source,
        event_id=adjustment.event_id,
    )
    after = _moved(level, movement)
    return Outcome(_status(level, after), after, movement)


def fold(movements: Sequence[Movement]) -> int:
    """Sum a key's book: the last count plus what happened after it (STK-1); the slow, obvious definition."""
    counts = [m for m in movements if m.counted is not None]
    last = max(counts, key=lambda m: (m.occurred_at, -(m.counted or 0)), default=None)
    moved = [m for m in movements if m.counted is None and (last is None or m.occurred_at > last.occurred_at)]
    return (last.counted or 0 if last else 0) + sum(m.delta for m in moved)


def _moved(level: StockLevel | None, movement: Movement) -> StockLevel:
    if level is None:
        return StockLevel(
            sku=movement.sku,
            location_id=movement.location_id,
            on_hand=movement.delta,
            version=1,
            as_of=movement.occurred_at,
            received_at=movement.recorded_at,
            source=movement.source,
        )
    return replace(
        level,
        on_hand=level.on_hand + movement.delta,
        version=level.version + 1,
        as_of=max(level.as_of, movement.occurred_at),
        received_at=movement.recorded_at,
        source=movement.source,
    )


def _status(before: StockLevel | None, after: StockLevel) -> Status:
    if before is None:
        return Status.CREATED
    return Status.UPDATED if before.on_hand != after.on_hand else Status.UNCHANGED
