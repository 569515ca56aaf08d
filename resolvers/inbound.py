"""Use cases on what is confirmed to come: told by integrators, received with the goods, shown as when there is more."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

import domain.inbound
import domain.projection
from datasources.ports.work import Work
from domain.availability import StockSignal
from domain.inbound import Inbound
from domain.movements import Adjustment, Count, Movement, Shift
from domain.projection import Due
from domain.refusals.base import Refusal
from domain.refusals.general import QuantityTooHigh
from domain.refusals.stock import UnknownInbound
from domain.stock import MAX_QUANTITY, Key
from domain.viewers import Scope
from resolvers import commands, ids, inputs, stock_items
from resolvers.availability import Offer
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.receipts import Receipt
from resolvers.stock_items import Command

MAX_ASKED = 1_000
"""For how many units one may ask when they can be had."""


@dataclass(frozen=True, slots=True)
class InboundItem:
    """So many pieces of a sku are confirmed to come to a location, and when; none: they no longer are."""

    reference: str
    sku: str
    location: str
    quantity: int
    expected_at: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected now, or why nothing was changed."""

    inbound: Sequence[Inbound] = ()
    user_errors: Sequence[Refusal] = ()


class Incoming(NamedTuple):
    """Pieces to come, as a viewer may know of them: shoppers are told when, not how many (STK-12)."""

    quantity: int | None
    expected_at: datetime


async def set_inbound(ctx: Context, command: Command[InboundItem]) -> Expected:
    """Say what is to come: every item, or none."""
    if refused := stock_items.refused(command):
        return Expected(user_errors=refused)
    items = [replace(item, location=ids.key_of("Location", item.location)) for item in command.items]
    unknown = await stock_items.unknown(ctx, items)
    reasons = [reason for index, item in enumerate(items) for reason in (*unknown[index], *_wrong(item, index))]
    if reasons:
        return Expected(user_errors=reasons)
    lines = [_line(ctx, item) for item in items]
    receipt = await commands.receipted(ctx, command, partial(_write, lines))
    if receipt.refusals:
        return Expected(user_errors=receipt.refusals)
    return Expected([line for line in _last(lines) if line.quantity])


@dataclass(frozen=True, slots=True)
class Awaited:
    """What receipts of one command are of: the lines they name, and those that name none."""

    lines: dict[int, Inbound] = field(default_factory=dict)
    unknown: dict[int, tuple[Refusal, ...]] = field(default_factory=dict)


async def awaited(
    work: Work, references: Mapping[int, str], entries: Mapping[int, Count | Adjustment | Shift], *, source: str
) -> Awaited:
    """Find what these receipts were expected as; the levels of all entries are locked from here on.

    A receipt that was told before is known, whatever is left to come of it: it will do nothing twice.
    """
    await work.stock.locked({entry.key for entry in entries.values()})
    receipts = {index: entry for index in references if isinstance(entry := entries[index], Adjustment)}
    by_key = await work.inbound.inbound({entry.key for entry in receipts.values()})
    told = await work.stock.seen(source, [entry.event_id for entry in receipts.values()])
    found = Awaited()
    for index, entry in receipts.items():
        line = next((line for line in by_key.get(entry.key, ()) if line.reference == references[index]), None)
        if line is not None:
            found.lines[index] = line
        elif entry.event_id not in told:
            found.unknown[index] = (UnknownInbound((*stock_items.at(index), "inbound"), references[index]),)
    return found


async def receive(work: Work, expected: Awaited, movements: Mapping[int, Movement]) -> None:
    """Take what has come off what was expected, in the transaction that took it into the book."""
    left: dict[tuple[str, Key], Inbound] = {}
    for index, line in expected.lines.items():
        if index in movements:
            known = left.get((line.reference, line.key), line)
            left[line.reference, line.key] = domain.inbound.arrived(known, movements[index].route.quantity)
    await work.inbound.write(left.values())


async def incoming_of(ctx: Context, offers: Sequence[Offer]) -> Sequence[Sequence[Incoming]]:
    """What is still to come to each offer; what is late is not told, for nobody knows when it will."""
    sees_numbers, coming = ctx.viewer.may(Scope.STOCK_READ), await _coming(ctx, offers)
    return [
        [
            Incoming(due.quantity if sees_numbers else None, due.at)
            for due in coming.get((offer.sku, offer.location.id), ())
            if due.at > offer.at
        ]
        for offer in offers
    ]


async def available_from(ctx: Context, offers: Sequence[Offer], *, quantity: int) -> Sequence[datetime | None]:
    """The earliest moment for which so many can be promised; None where that is not known, or the stock is not."""
    if not 0 < quantity <= MAX_ASKED:
        raise BadQuestion("BAD_ARGUMENT", f"Ask for 1 to {MAX_ASKED} units; it was {quantity}.")
    coming = await _coming(ctx, offers)
    found: list[datetime | None] = []
    for offer in offers:
        if offer.level is None or offer.availability.signal is StockSignal.UNKNOWN:
            found.append(None)
            continue
        freshness, dues = ctx.policies.freshness_of(offer.level.source), coming.get(offer.level.key, ())
        ahead = domain.projection.outlook(offer.level, dues, channel=ctx.channel, now=offer.at, freshness=freshness)
        found.append(domain.projection.promisable_from(ahead, quantity))
    return found


async def _coming(ctx: Context, offers: Sequence[Offer]) -> Mapping[Key, Sequence[Due]]:
    """What is confirmed to come or under way to each offer, the first to come first."""
    keys = {(offer.sku, offer.location.id) for offer in offers}
    inbound, transfers = await asyncio.gather(
        ctx.sources.inbound.inbound(keys), ctx.sources.transfers.under_way_to({place for _, place in keys})
    )
    coming = {key: [Due(line.expected_at, line.quantity) for line in lines] for key, lines in inbound.items()}
    for transfer in transfers:
        for line in transfer.lines:
            if transfer.expected_at and line.in_transit:
                coming.setdefault((line.sku, transfer.to_location_id), []).append(
                    Due(transfer.expected_at, line.in_transit)
                )
    return {key: sorted(dues) for key, dues in coming.items()}


def _wrong(item: InboundItem, index: int) -> Sequence[Refusal]:
    path = stock_items.at(index)
    return [
        *inputs.wrong_text((*path, "reference"), item.reference),
        *inputs.wrong_quantity((*path, "quantity"), item.quantity, item.sku),
    ]


def _line(ctx: Context, item: InboundItem) -> Inbound:
    return Inbound(item.reference, item.sku, item.location, item.quantity, item.expected_at, ctx.viewer.id, ctx.clock())


async def _write(lines: Sequence[Inbound], work: Work) -> Receipt:
    """Keep what was said, unless more would be expected of something than a level can hold."""
    keys = {line.key for line in lines}
    await work.stock.locked(keys)
    after = {key: {line.reference: line for line in known} for key, known in (await work.inbound.inbound(keys)).items()}
    for index, line in enumerate(lines):
        here = after.setdefault(line.key, {})
        here[line.reference] = line
        if domain.inbound.total(here.values()) > MAX_QUANTITY:
            path = (*stock_items.at(index), "quantity")
            raise Refused(QuantityTooHigh(path, line.sku, line.quantity, MAX_QUANTITY))
    await work.inbound.write(_last(lines))
    return Receipt()


def _last(lines: Sequence[Inbound]) -> Sequence[Inbound]:
    """What was said last of each."""
    return list({(line.reference, line.key): line for line in lines}.values())
