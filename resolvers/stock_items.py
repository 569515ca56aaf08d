"""Items of commands on stock: counts, pieces that came or went, pieces that changed their state, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from domain.channels import Channel
from domain.movements import INBOUND, OUTBOUND, Adjustment, Count, MovementType, Route, Shift
from domain.refusals.base import Path, Refusal
from domain.refusals.general import QuantityNotPositive, WrongDirection
from domain.refusals.locations import UnknownLocation
from domain.refusals.stock import BucketNotAllowed, TypeNotAllowed, UnknownSku
from domain.stock import PHYSICAL, Bucket
from resolvers import inputs
from resolvers.claims import AT_KEY
from resolvers.context import Context

MAX_ITEMS = 200
TOLD = (
    MovementType.RECEIPT,
    MovementType.SALE,
    MovementType.RETURN,
    MovementType.ADJUSTMENT,
    MovementType.DAMAGE,
)
"""What a source may tell of as pieces that came or went; the rest is written by counts, moves and transfers."""


class Placed(Protocol):
    """Whatever is about a sku at a location."""

    @property
    def sku(self) -> str:
        """The variant's sku."""
        ...

    @property
    def location(self) -> str:
        """The location's key."""
        ...


@dataclass(frozen=True, slots=True)
class SetItem:
    """So many pieces of a sku were seen at a location; `observed_at` None: now."""

    sku: str
    location: str
    quantity: int
    observed_at: datetime | None = None
    change_from: int | None = None


@dataclass(frozen=True, slots=True)
class AdjustItem:
    """So many pieces came (+) into a bucket or went (−) from it.

    `channel` is whose share a SALE was of, `inbound` the reference under which a RECEIPT was expected.
    """

    sku: str
    location: str
    delta: int
    event_id: str
    type: MovementType = MovementType.ADJUSTMENT
    occurred_at: datetime | None = None
    bucket: Bucket = Bucket.SELLABLE
    channel: Channel | None = None
    inbound: str | None = None


@dataclass(frozen=True, slots=True)
class MoveItem:
    """So many pieces of a location changed their state."""

    sku: str
    location: str
    quantity: int
    from_bucket: Bucket
    to_bucket: Bucket
    event_id: str
    occurred_at: datetime | None = None

    @property
    def type(self) -> MovementType:
        """What that is called in the book."""
        if self.to_bucket is Bucket.DAMAGED:
            return MovementType.DAMAGE
        is_release = (self.from_bucket, self.to_bucket) == (Bucket.QUALITY_CONTROL, Bucket.SELLABLE)
        return MovementType.RELEASE_QC if is_release else MovementType.ADJUSTMENT


Item = SetItem | AdjustItem | MoveItem
Kind = TypeVar("Kind", covariant=True)


@dataclass(frozen=True, slots=True)
class Command(Generic[Kind]):
    """Items to take into the book; the same key with the same items gives the same receipt again."""

    items: Sequence[Kind]
    idempotency_key: str


def refused(command: Command[object]) -> Sequence[Refusal]:
    """What is wrong with a command as a whole."""
    return [
        *inputs.wrong_text(AT_KEY, command.idempotency_key),
        *inputs.wrong_size(("input", "items"), command.items, most=MAX_ITEMS),
    ]


async def unknown(ctx: Context, items: Sequence[Placed]) -> Sequence[list[Refusal]]:
    """Which of these skus and locations there are not, item by item."""
    paths: Sequence[Path] = [(*at(index), "sku") for index in range(len(items))]
    skus = await unknown_skus(ctx, [item.sku for item in items], paths)
    places = await ctx.sources.workplace.locations.locations([item.location for item in items])
    reasons: list[list[Refusal]] = []
    for index, (item, path, place) in enumerate(zip(items, paths, places, strict=True)):
        found: list[Refusal] = [skus[path]] if path in skus else []
        if place is None:
            found.append(UnknownLocation((*at(index), "location"), item.location))
        reasons.append(found)
    return reasons


async def unknown_skus(ctx: Context, skus: Sequence[str], paths: Sequence[Path]) -> Mapping[Path, UnknownSku]:
    """Which of these skus there are not, by where they stand; no cache is asked, for it may not know the newest."""
    found = await ctx.sources.workplace.catalog.variants(skus)
    named = zip(skus, paths, found, strict=True)
    return {path: UnknownSku(path, sku) for sku, path, variant in named if variant is None}


def wrong(item: Item, path: Path, now: datetime) -> Sequence[Refusal]:
    """What is wrong with an item in itself."""
    if isinstance(item, SetItem):
        return [
            *inputs.too_early((*path, "observedAt"), item.observed_at, now),
            *inputs.wrong_quantity((*path, "quantity"), item.quantity, item.sku),
        ]
    return [
        *inputs.too_early((*path, "occurredAt"), item.occurred_at, now),
        *inputs.wrong_text((*path, "eventId"), item.event_id),
        *(_wrong_adjustment(item, path) if isinstance(item, AdjustItem) else _wrong_move(item, path)),
    ]


def entry(item: Item, now: datetime) -> Count | Adjustment | Shift:
    """The item as the book takes it."""
    if isinstance(item, SetItem):
        return Count(item.sku, item.location, item.quantity, item.observed_at or now, item.change_from)
    happened_at = item.occurred_at or now
    if isinstance(item, MoveItem):
        route = Route(item.from_bucket, item.to_bucket, item.quantity)
        return Shift(item.sku, item.location, route, item.event_id, happened_at, item.type)
    return Adjustment(
        item.sku, item.location, item.delta, item.event_id, happened_at, item.type, item.bucket, item.channel
    )


def at(index: int) -> Path:
    """Where an item stands in the input."""
    return ("input", "items", index)


def _wrong_adjustment(item: AdjustItem, path: Path) -> Sequence[Refusal]:
    found: list[Refusal] = []
    against = (item.delta < 0 and item.type in INBOUND) or (item.delta > 0 and item.type in OUTBOUND)
    if item.delta == 0 or against:
        found.append(WrongDirection((*path, "delta"), item.delta, item.type.value))
    found += inputs.wrong_quantity((*path, "delta"), abs(item.delta), item.sku)
    if item.type not in TOLD:
        found.append(_only(item, (*path, "type"), *TOLD))
    if item.channel is not None and item.type is not MovementType.SALE:
        found.append(_only(item, (*path, "channel"), MovementType.SALE))
    if item.inbound is not None and item.type is not MovementType.RECEIPT:
        found.append(_only(item, (*path, "inbound"), MovementType.RECEIPT))
    return [*found, *_not_by_hand(item.bucket, (*path, "bucket"))]


def _wrong_move(item: MoveItem, path: Path) -> Sequence[Refusal]:
    found = list(inputs.wrong_quantity((*path, "quantity"), item.quantity, item.sku))
    if item.quantity <= 0:
        found = [QuantityNotPositive((*path, "quantity"), item.quantity)]
    found += _not_by_hand(item.from_bucket, (*path, "from"))
    return [*found, *_not_by_hand(item.to_bucket, (*path, "to"), besides=item.from_bucket)]


def _not_by_hand(bucket: Bucket, path: Path, *, besides: Bucket | None = None) -> Sequence[Refusal]:
    allowed = [known for known in Bucket if known in PHYSICAL and known is not besides]
    return [] if bucket in allowed else [BucketNotAllowed(path, bucket.value, tuple(one.value for one in allowed))]


def _only(item: AdjustItem, path: Path, *allowed: MovementType) -> Refusal:
    return TypeNotAllowed(path, item.type.value, tuple(type.value for type in allowed))
