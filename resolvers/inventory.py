"""Use cases that change stock: counts and movements of many items, in one transaction, each exactly once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from datasources.ports.work import KeyReused
from domain.movements import CLOCK_SKEW, INBOUND, OUTBOUND, Adjustment, Count, MovementType, Outcome, Status
from domain.refusals import (
    EmptyField,
    IdempotencyConflict,
    NegativeQuantity,
    ObservedInFuture,
    Path,
    QuantityChanged,
    Refusal,
    TooManyItems,
    UnknownLocation,
    UnknownSku,
    WrongDirection,
)
from resolvers import ids, receipts, stock_book
from resolvers.context import Context
from resolvers.receipts import ItemResult, Receipt

MAX_ITEMS = 200


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
    """So many pieces came (+) or went (−)."""

    sku: str
    location: str
    delta: int
    event_id: str
    type: MovementType = MovementType.ADJUSTMENT
    occurred_at: datetime | None = None


Item = SetItem | AdjustItem


@dataclass(frozen=True, slots=True)
class Command:
    """Items to take into the book; the same key with the same items gives the same receipt again."""

    items: Sequence[Item]
    idempotency_key: str


async def write(ctx: Context, command: Command) -> Receipt:
    """Take all items that can be taken, in one transaction; the others come back FAILED with their reasons."""
    if refused := _refuse(command):
        return Receipt(refusals=tuple(refused))
    now = ctx.clock()
    items = [replace(item, location=ids.key_of("Location", item.location)) for item in command.items]
    reasons = await _reasons(ctx, items, now)
    entries = [_entry(item, now) for item, refused in zip(items, reasons, strict=True) if not refused]
    claim = {
        "client": ctx.viewer.id,
        "key": command.idempotency_key,
        "request_hash": receipts.request_hash([{"kind": type(i).__name__, **asdict(i)} for i in command.items]),
    }
    try:
        async with ctx.sources.workplace.work() as work:
            answered = await work.answered(**claim)
            if answered is not None:
                return receipts.load(answered)
            outcomes = iter(await stock_book.record(work, entries, source=ctx.viewer.id, now=now))
            results = [
                ItemResult(index, Status.FAILED, refusals=tuple(refused))
                if refused
                else _result(index, items[index], next(outcomes))
                for index, refused in enumerate(reasons)
            ]
            receipt = Receipt(results)
            await work.answer(**claim, response=receipts.dump(receipt))
            return receipt
    except KeyReused:
        return Receipt(refusals=(IdempotencyConflict(("input", "idempotencyKey"), command.idempotency_key),))


def _result(index: int, item: Item, outcome: Outcome) -> ItemResult:
    """What became of an item that was taken to the book."""
    if outcome.status is not Status.FAILED or not isinstance(item, SetItem) or item.change_from is None:
        return ItemResult(index, outcome.status, outcome.level)
    path: Path = ("input", "items", index, "changeFromQuantity")
    changed = QuantityChanged(path, item.change_from, outcome.level.on_hand if outcome.level else None)
    return ItemResult(index, outcome.status, outcome.level, (changed,))


def _refuse(command: Command) -> Sequence[Refusal]:
    """What is wrong with the command as a whole."""
    refused: list[Refusal] = []
    if not command.idempotency_key.strip():
        refused.append(EmptyField(("input", "idempotencyKey")))
    if not command.items:
        refused.append(EmptyField(("input", "items")))
    if len(command.items) > MAX_ITEMS:
        refused.append(TooManyItems(("input", "items"), limit=MAX_ITEMS, given=len(command.items)))
    return refused


async def _reasons(ctx: Context, items: Sequence[Item], now: datetime) -> Sequence[Sequence[Refusal]]:
    """What is wrong with each item."""
    known = ctx.sources.workplace  # not a cache: what was imported a moment ago elsewhere can be counted at once
    variants = await known.catalog.variants([item.sku for item in items])
    places = await known.locations.locations([item.location for item in items])
    reasons: list[list[Refusal]] = []
    for index, (item, variant, place) in enumerate(zip(items, variants, places, strict=True)):
        path: Path = ("input", "items", index)
        found: list[Refusal] = [] if variant else [UnknownSku((*path, "sku"), item.sku)]
        if place is None:
            found.append(UnknownLocation((*path, "location"), item.location))
        reasons.append([*found, *_wrong(item, path, now)])
    return reasons


def _wrong(item: Item, path: Path, now: datetime) -> Sequence[Refusal]:
    happened_at = item.observed_at if isinstance(item, SetItem) else item.occurred_at
    wrong: list[Refusal] = []
    if happened_at is not None and happened_at > now + CLOCK_SKEW:
        field = "observedAt" if isinstance(item, SetItem) else "occurredAt"
        wrong.append(ObservedInFuture((*path, field), happened_at, now))
    if isinstance(item, SetItem):
        return [*wrong, NegativeQuantity((*path, "quantity"), item.quantity)] if item.quantity < 0 else wrong
    if not item.event_id.strip():
        wrong.append(EmptyField((*path, "eventId")))
    against = (item.delta < 0 and item.type in INBOUND) or (item.delta > 0 and item.type in OUTBOUND)
    if item.delta == 0 or against:
        wrong.append(WrongDirection((*path, "delta"), item.delta, item.type.value))
    return wrong


def _entry(item: Item, now: datetime) -> Count | Adjustment:
    if isinstance(item, SetItem):
        return Count(item.sku, item.location, item.quantity, item.observed_at or now, item.change_from)
    return Adjustment(item.sku, item.location, item.delta, item.event_id, item.occurred_at or now, item.type)
