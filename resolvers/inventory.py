"""Use cases that change stock: counts and movements of many items, in one transaction, each exactly once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from datasources.ports.work import Work
from domain.movements import Outcome
from domain.refusals.base import Path, Refusal
from domain.refusals.general import QuantityTooHigh
from domain.refusals.stock import QuantityChanged
from domain.statuses import Status
from domain.stock import MAX_QUANTITY
from resolvers import commands, ids, inbound, stock_book, stock_items
from resolvers.context import Context
from resolvers.receipts import ItemResult, Receipt
from resolvers.stock_items import AdjustItem, Command, Item, MoveItem, SetItem


async def write(ctx: Context, command: Command[Item]) -> Receipt:
    """Take all items that can be taken, in one transaction; the others come back FAILED with their reasons."""
    if refused := stock_items.refused(command):
        return Receipt(refusals=tuple(refused))
    now = ctx.clock()
    items = [replace(item, location=ids.key_of("Location", item.location)) for item in command.items]
    reasons = [
        [*unknown, *stock_items.wrong(item, stock_items.at(index), now)]
        for index, (item, unknown) in enumerate(zip(items, await stock_items.unknown(ctx, items), strict=True))
    ]
    sound = {index: item for index, item in enumerate(items) if not reasons[index]}
    return await commands.receipted(ctx, command, partial(_take, ctx, sound, reasons))


async def _take(ctx: Context, sound: Mapping[int, Item], reasons: Sequence[Sequence[Refusal]], work: Work) -> Receipt:
    """Take what is sound into the book, and off what was expected; say of each item what became of it."""
    source, now = ctx.viewer.id, ctx.clock()
    entries = {index: stock_items.entry(item, now) for index, item in sound.items()}
    references = {i: item.inbound for i, item in sound.items() if isinstance(item, AdjustItem) and item.inbound}
    expected = await inbound.awaited(work, references, entries, source=source) if references else None
    taken = [index for index in entries if expected is None or index not in expected.unknown]
    recorded = await stock_book.record(work, [entries[index] for index in taken], source=source, now=now)
    outcomes = dict(zip(taken, recorded, strict=True))
    if expected is not None:
        await inbound.receive(work, expected, {i: o.movement for i, o in outcomes.items() if o.movement})
    results = []
    for index, refused in enumerate(reasons):
        if index in outcomes:
            results.append(_result(index, sound[index], outcomes[index]))
        else:
            unknown = expected.unknown.get(index, ()) if expected else ()
            results.append(ItemResult(index, Status.FAILED, refusals=(*refused, *unknown)))
    return Receipt(results)


def _result(index: int, item: Item, outcome: Outcome) -> ItemResult:
    """What became of an item that was taken to the book."""
    refusals = (_refusal(index, item, outcome),) if outcome.status is Status.FAILED else ()
    return ItemResult(index, outcome.status, outcome.level, refusals)


def _refusal(index: int, item: Item, outcome: Outcome) -> Refusal:
    """Why the book did not take an item: it holds another number than was expected, or would hold too many."""
    path: Path = stock_items.at(index)
    actual = outcome.level.on_hand if outcome.level else None
    match item:
        case SetItem(change_from=int(expected)) if expected != actual:
            return QuantityChanged((*path, "changeFromQuantity"), expected, actual)
        case SetItem(quantity=quantity) | MoveItem(quantity=quantity):
            return QuantityTooHigh((*path, "quantity"), item.sku, quantity, MAX_QUANTITY)
        case AdjustItem(delta=delta):
            return QuantityTooHigh((*path, "delta"), item.sku, abs(delta), MAX_QUANTITY)
