"""The ledger: how counts and movements make a level.

A level is a fold: the last count plus every movement that happened after it (Square's rule for offline tills), and
for what is damaged, tested, shown or under way simply every movement. Knows nothing of what is promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.movements import Adjustment, Count, Movement, MovementType, Outcome, Route, Shift
from domain.statuses import Status
from domain.stock import MAX_QUANTITY, Bucket, Key, StockLevel, terms_of, with_terms


def observe(
    level: StockLevel | None, count: Count, *, later: Sequence[Movement], source: str, now: datetime
) -> Outcome:
    """Take a count into the book: it replaces everything up to its moment, what happened later stays added.

    `later` holds at least the movements of this key with `occurred_at > count.observed_at`. An older count than the
    last one is STALE; of two counts of one instant the lower stands, whichever came first (never promise what may
    not be there; DSR-1). Where the book is not what `change_from` says, or would hold too much: FAILED.
    """
    if count.change_from is not None and (level is None or level.on_hand != count.change_from):
        return Outcome(Status.FAILED, level)
    if level is not None and level.counted_at is not None:
        if count.observed_at < level.counted_at:
            return Outcome(Status.STALE, level)
        if count.observed_at == level.counted_at and count.quantity >= level.counted:
            return Outcome(Status.UNCHANGED if count.quantity == level.counted else Status.STALE, level)
    since = [m for m in later if m.counted is None and m.key == count.key and m.occurred_at > count.observed_at]
    on_hand = count.quantity + sum(m.route.on_hand for m in since)
    known = level or _first(count.key, at=count.observed_at, source=source, now=now)
    after = replace(
        known,
        on_hand=on_hand,
        version=known.version + 1,
        as_of=max([count.observed_at, *(m.occurred_at for m in since)]),
        received_at=now,
        source=source,
        counted_at=count.observed_at,
        counted=count.quantity,
    )
    if _is_too_much(after):
        return Outcome(Status.FAILED, level)
    movement = Movement(
        type=MovementType.COUNT_VARIANCE,
        sku=count.sku,
        location_id=count.location_id,
        route=_variance(on_hand - known.on_hand),
        occurred_at=count.observed_at,
        recorded_at=now,
        source=source,
        event_id=f"count:{count.sku}:{count.location_id}:{count.observed_at.isoformat()}:{count.quantity}",
        counted=count.quantity,
    )
    return Outcome(_status(level, after), after, movement)


def adjust(level: StockLevel | None, entry: Adjustment | Shift, *, seen: bool, source: str, now: datetime) -> Outcome:
    """Take a movement into the book, once.

    `seen` says that this source told of `event_id` before (STK-3). What happened no later than the last count is
    already in what was counted: STALE, so that a late till upload is not deducted twice. Its line is kept all the
    same, and what it says of damaged or shown pieces counts, and of demand and quotas: nobody counted those. What
    would make a bucket too large to be true is not taken: FAILED.
    """
    if seen:
        return Outcome(Status.UNCHANGED, level)
    movement = Movement(
        type=entry.type,
        sku=entry.sku,
        location_id=entry.location_id,
        route=entry.route,
        occurred_at=entry.occurred_at,
        recorded_at=now,
        source=source,
        event_id=entry.event_id,
    )
    is_counted = level is not None and level.counted_at is not None and entry.occurred_at <= level.counted_at
    known = level or _first(entry.key, at=entry.occurred_at, source=source, now=now)
    after = _moved(known, movement, is_counted=is_counted)
    if _is_too_much(after):
        return Outcome(Status.FAILED, level)
    if entry.type is MovementType.SALE:
        after = _sold(after, entry)
    if is_counted and _buckets(after) == _buckets(known):
        is_as_before = (after.terms, after.sales) == (known.terms, known.sales)
        return Outcome(Status.STALE, level if is_as_before else after, movement)
    return Outcome(_status(level, after), after, movement)


@dataclass(frozen=True, slots=True)
class Buckets:
    """The book of one level, bucket by bucket."""

    on_hand: int = 0
    damaged: int = 0
    quality_control: int = 0
    display: int = 0
    in_transit_in: int = 0
    in_transit_out: int = 0


def fold(movements: Sequence[Movement]) -> Buckets:
    """Sum a key's book: the last count plus what happened after it (STK-1); the slow, obvious definition."""
    counts = [m for m in movements if m.counted is not None]
    last = max(counts, key=lambda m: (m.occurred_at, -(m.counted or 0)), default=None)
    moves = [m for m in movements if m.counted is None]
    since = [m for m in moves if last is None or m.occurred_at > last.occurred_at]
    return Buckets(
        (last.counted or 0 if last else 0) + sum(m.route.on_hand for m in since),
        *(sum(m.route.into(bucket) for m in moves) for bucket in _KEPT),
    )


_KEPT = {bucket: bucket.value.lower() for bucket in Bucket if bucket is not Bucket.SELLABLE}
"""The buckets that a level keeps beside what is on hand, by its own names; what is sellable is the rest of it."""


def _buckets(level: StockLevel) -> Buckets:
    return Buckets(level.on_hand, *(getattr(level, name) for name in _KEPT.values()))


def _is_too_much(level: StockLevel) -> bool:
    """A book that nobody can mean."""
    kept = (level.on_hand, *(getattr(level, name) for name in _KEPT.values()))
    return level.unsellable > MAX_QUANTITY or max(map(abs, kept)) > MAX_QUANTITY


def _first(key: Key, *, at: datetime, source: str, now: datetime) -> StockLevel:
    """A level that nobody has told of before."""
    return StockLevel(*key, on_hand=0, version=0, as_of=at, received_at=now, source=source)


def _moved(level: StockLevel, movement: Movement, *, is_counted: bool) -> StockLevel:
    """The level after a movement; what is on hand has been counted since, or not."""
    route = movement.route
    return replace(
        level,
        **{name: getattr(level, name) + route.into(bucket) for bucket, name in _KEPT.items()},
        on_hand=level.on_hand + (0 if is_counted else route.on_hand),
        version=level.version + 1,
        as_of=max(level.as_of, movement.occurred_at),
        received_at=movement.recorded_at,
        source=movement.source,
    )


def _sold(level: StockLevel, sale: Adjustment | Shift) -> StockLevel:
    """The level after a sale was weighed, and taken off the quota of the channel it was of."""
    weighed = replace(level, sales=level.sales.sold(sale.route.quantity, sale.occurred_at))
    if sale.channel is None:
        return weighed
    terms = terms_of(weighed, sale.channel)
    if terms.quota is None:
        return weighed
    return with_terms(weighed, replace(terms, quota=max(0, terms.quota - sale.route.quantity)))


def _variance(delta: int) -> Route:
    """What a count found beyond the book, or missing from it; the only route of no pieces is that of a right book."""
    return Route(None, Bucket.SELLABLE, delta) if delta >= 0 else Route(Bucket.SELLABLE, None, -delta)


def _status(before: StockLevel | None, after: StockLevel) -> Status:
    if before is None:
        return Status.CREATED
    return Status.UPDATED if _buckets(before) != _buckets(after) else Status.UNCHANGED
