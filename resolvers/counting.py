"""Use cases on stock counts: open one, take in what devices see, submit it, approve or reject it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import domain.counting
import domain.events
from datasources.ports.work import Work
from domain.counting import CountState, StockCount, Tally
from domain.refusals.base import Path, Refusal
from domain.refusals.general import QuantityTooHigh
from domain.refusals.locations import NotYourLocation, UnknownLocation
from domain.refusals.stock import SkuNotListed, UnknownStockCount
from domain.reservations import Reservation
from domain.statuses import Status
from domain.stock import MAX_QUANTITY
from resolvers import commands, ids, inputs, receipts, stock_book, stock_items
from resolvers.claims import Claim, Done, Refused, claimed
from resolvers.context import Context

MAX_SKUS = 1_000
MAX_LINES = 200
AT_COUNT: Path = ("input", "stockCount")
AT_LOCATION: Path = ("input", "location")


@dataclass(frozen=True, slots=True)
class Open:
    """Count these skus at a location; none named: everything there."""

    location: str
    skus: Sequence[str]
    note: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Seen:
    """So many pieces of a sku; `counted_at` None: now."""

    sku: str
    quantity: int
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What one device saw."""

    stock_count: str
    device: str
    lines: Sequence[Seen]
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class _Settle:
    stock_count: str
    idempotency_key: str


class Submit(_Settle):
    """All has been counted."""


class Approve(_Settle):
    """Write what was counted into the book."""


class Reject(_Settle):
    """Give it up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The count as it is now, or why nothing was done."""

    stock_count: StockCount | None = None
    user_errors: Sequence[Refusal] = ()


async def open(ctx: Context, command: Open) -> Answer:
    """Begin to count."""
    location_id, skus = ids.key_of("Location", command.location), tuple(dict.fromkeys(command.skus))

    async def do(work: Work) -> str:
        await _check_place(ctx, location_id)
        _check(inputs.too_many(("input", "skus"), skus, most=MAX_SKUS))
        _check(inputs.too_long(("input", "note"), command.note))
        await _check_skus(ctx, skus, [("input", "skus", index) for index in range(len(skus))])
        return await _opened(ctx, work, location_id, skus=skus, note=command.note)

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def open_for(ctx: Context, reservation: Reservation) -> None:
    """Have the goods of a reservation counted that nobody found: each location once, however often it is said."""

    async def do(work: Work) -> str:
        places = sorted({line.location_id for line in reservation.lines})
        for place in places:
            skus = tuple(line.sku for line in reservation.lines if line.location_id == place)
            await _opened(ctx, work, place, skus=skus, note=reservation.reference or "")
        return reservation.id

    claim = Claim("not-found", reservation.id, receipts.request_hash(reservation.id))
    await claimed(ctx.sources.workplace, claim, do)


async def record(ctx: Context, command: Record) -> Answer:
    """Take in what a device saw; sent again, it is the same."""

    async def do(work: Work) -> str:
        now = ctx.clock()
        _check(_wrong_in_itself(command, now))
        skus = [line.sku for line in command.lines]
        await _check_skus(ctx, skus, [("input", "lines", index, "sku") for index in range(len(skus))])
        count = await _locked(ctx, work, command.stock_count)
        _check_listed(count, skus)
        after = _let(
            domain.counting.record(count, [_tally(line, command.device, now) for line in command.lines], path=AT_COUNT)
        )
        await work.counts.write(after, set(after.tallies) - set(count.tallies))
        if after.state is not count.state:
            await work.tell([domain.events.tasks_changed(count.location_id, now)])
        return count.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def submit(ctx: Context, command: Submit) -> Answer:
    """All has been counted; somebody is to look at it."""
    return await _settle(ctx, command, lambda count, now: domain.counting.submit(count, path=AT_COUNT, now=now))


async def reject(ctx: Context, command: Reject) -> Answer:
    """Give a count up, or do not believe it; the book stays as it is."""
    by = ctx.viewer.id
    return await _settle(ctx, command, lambda count, now: domain.counting.reject(count, by=by, path=AT_COUNT, now=now))


async def approve(ctx: Context, command: Approve) -> Answer:
    """Write every line into the book, together with the count's end; a line that a newer count overtook is STALE."""

    async def do(work: Work) -> str:
        count, now = await _locked(ctx, work, command.stock_count), ctx.clock()
        after = _let(domain.counting.approve(count, by=ctx.viewer.id, path=AT_COUNT, now=now))
        lines = count.lines
        outcomes = await stock_book.record(work, [line.entry for line in lines], source=ctx.viewer.id, now=now)
        too_much = [line for line, outcome in zip(lines, outcomes, strict=True) if outcome.status is Status.FAILED]
        if too_much:
            raise Refused(*(QuantityTooHigh(AT_COUNT, line.sku, line.counted, MAX_QUANTITY) for line in too_much))
        await work.counts.write(domain.counting.settled(after, outcomes))
        await work.tell([domain.events.tasks_changed(count.location_id, now)])
        return count.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def stock_counts_by_ids(ctx: Context, count_ids: Sequence[str]) -> Sequence[StockCount | None]:
    """Counts by key, in the order asked; another store's is as good as none."""
    found = await ctx.sources.counts.counts(count_ids)
    return [one if one is not None and ctx.viewer.acts_for(one.location_id) else None for one in found]


async def stock_count(ctx: Context, roots: Sequence[None], *, id: str) -> Sequence[StockCount | None]:
    """One count by its id."""
    return await stock_counts_by_ids(ctx, [ids.key_of("StockCount", id)])


async def _answer(ctx: Context, done: Done) -> Answer:
    found = await ctx.sources.counts.counts([done.text]) if done.text is not None else [None]
    return Answer(found[0], done.user_errors)


async def _settle(
    ctx: Context, command: Submit | Reject, decide: Callable[[StockCount, datetime], StockCount | Refusal]
) -> Answer:
    async def do(work: Work) -> str:
        count, now = await _locked(ctx, work, command.stock_count), ctx.clock()
        await work.counts.write(_let(decide(count, now)))
        await work.tell([domain.events.tasks_changed(count.location_id, now)])
        return count.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def _opened(ctx: Context, work: Work, location_id: str, *, skus: tuple[str, ...], note: str) -> str:
    id, now = uuid.uuid4().hex, ctx.clock()
    await work.counts.write(StockCount(id, location_id, CountState.OPEN, skus, note, ctx.viewer.id, now))
    await work.tell([domain.events.tasks_changed(location_id, now)])
    return id


def _let(decided: StockCount | Refusal) -> StockCount:
    if isinstance(decided, StockCount):
        return decided
    raise Refused(decided)


async def _locked(ctx: Context, work: Work, reference: str) -> StockCount:
    count = await work.counts.locked(ids.key_of("StockCount", reference))
    if count is None or not ctx.viewer.acts_for(count.location_id):
        raise Refused(UnknownStockCount(AT_COUNT, reference))
    return count


async def _check_place(ctx: Context, location_id: str) -> None:
    (place,) = await ctx.sources.workplace.locations.locations([location_id])
    if place is None:
        raise Refused(UnknownLocation(AT_LOCATION, location_id))
    if not ctx.viewer.acts_for(location_id):
        raise Refused(NotYourLocation(AT_LOCATION, location_id))


async def _check_skus(ctx: Context, skus: Sequence[str], paths: Sequence[Path]) -> None:
    _check(list((await stock_items.unknown_skus(ctx, skus, paths)).values()))


def _check_listed(count: StockCount, skus: Sequence[str]) -> None:
    listed = set(count.skus) or set(skus)
    _check([SkuNotListed(("input", "lines", i, "sku"), sku) for i, sku in enumerate(skus) if sku not in listed])


def _check(wrong: Sequence[Refusal]) -> None:
    if wrong:
        raise Refused(*wrong)


def _wrong_in_itself(command: Record, now: datetime) -> Sequence[Refusal]:
    """What is wrong with what a device says, before anything is looked up."""
    wrong = [
        *inputs.wrong_text(("input", "device"), command.device),
        *inputs.wrong_size(("input", "lines"), command.lines, most=MAX_LINES),
    ]
    for index, line in enumerate(command.lines):
        path: Path = ("input", "lines", index)
        wrong += inputs.wrong_quantity((*path, "quantity"), line.quantity, line.sku)
        wrong += inputs.too_early((*path, "countedAt"), line.counted_at, now)
    return wrong


def _tally(line: Seen, device: str, now: datetime) -> Tally:
    """A device whose clock runs ahead saw it now: a count from the future would hide what happens until then."""
    return Tally(line.sku, device, line.quantity, min(line.counted_at or now, now))
