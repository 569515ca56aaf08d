"""Use cases on transfers: units asked for, approved, picked, shipped, received and accounted for.

Every step is one transaction: the transfer first, then the levels at both ends in key order, then what is held.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import domain.events
import domain.transfers
from datasources.ports.work import Work
from domain.locations import Location, LocationStatus
from domain.movements import Outcome, Shift
from domain.refusals.base import Path, Refusal
from domain.refusals.general import QuantityNotPositive, QuantityTooHigh
from domain.refusals.locations import LocationCannot, NotYourLocation, SameLocation, UnknownLocation
from domain.refusals.stock import UnknownTransfer
from domain.statuses import Status
from domain.stock import MAX_QUANTITY
from domain.transfers import Decision, Moved, Quantities, Transfer, TransferLine, TransferState
from domain.viewers import Viewer
from resolvers import commands, ids, inputs, stock_book, stock_items, transfer_holds
from resolvers.claims import Done, Refused
from resolvers.context import Context
from resolvers.transfer_holds import AT_TRANSFER

MAX_LINES = 100
MAX_UNITS = 1_000_000


@dataclass(frozen=True, slots=True)
class Units:
    """So many units of a sku."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Units that one location would have of another."""

    from_location: str
    to_location: str
    lines: Sequence[Units]
    idempotency_key: str
    note: str = ""
    expected_at: datetime | None = None
    as_draft: bool = False


@dataclass(frozen=True, slots=True)
class Go:
    """A transfer's next step; `lines` None where the step has none, or means all of them."""

    to: TransferState
    transfer: str
    idempotency_key: str
    lines: Sequence[Units] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The transfer as it is now, or why nothing was done."""

    transfer: Transfer | None = None
    user_errors: Sequence[Refusal] = ()


async def create(ctx: Context, command: Ask) -> Answer:
    """Write down what one location would have of another; unless it is a draft, ask for it."""
    ends = [ids.key_of("Location", end) for end in (command.from_location, command.to_location)]

    async def do(work: Work) -> str:
        if wrong := [*_wrong_in_itself(command), *await _wrong_ends(ctx, ends), *await _wrong_skus(ctx, command.lines)]:
            raise Refused(*wrong)
        now = ctx.clock()
        transfer = Transfer(
            id=uuid.uuid4().hex,
            from_location_id=ends[0],
            to_location_id=ends[1],
            state=TransferState.DRAFT if command.as_draft else TransferState.REQUESTED,
            lines=tuple(TransferLine(sku, quantity) for sku, quantity in _summed(command.lines).items()),
            note=command.note,
            requested_by=ctx.viewer.id,
            created_at=now,
            changed_at=now,
            expected_at=command.expected_at,
        )
        await _keep(work, transfer, now)
        return transfer.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def go(ctx: Context, command: Go) -> Answer:
    """Take a transfer one step on: the state, the book, what is held and the events change together, or not at all."""

    async def do(work: Work) -> str:
        if wrong := _wrong_quantities(command.lines or (), least=0):
            raise Refused(*wrong)
        transfer = await _locked(ctx, work, command)
        levels = await work.stock.locked(transfer.keys)
        now = ctx.clock()
        moved = _decided(transfer, command, now)
        after = await transfer_holds.follow(ctx, work, transfer, moved.transfer, now=now)
        entries = domain.transfers.after_their_counts(moved.entries, levels)
        _check_taken(entries, await stock_book.record(work, entries, source=ctx.viewer.id, now=now))
        await _keep(work, after, now)
        return transfer.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def transfers_by_ids(ctx: Context, transfer_ids: Sequence[str]) -> Sequence[Transfer | None]:
    """Transfers by key, in the order asked; between other stores they are as good as none."""
    found = await ctx.sources.transfers.transfers(transfer_ids)
    return [one if one is not None and _may_see(ctx.viewer, one) else None for one in found]


async def transfer(ctx: Context, roots: Sequence[None], *, id: str) -> Sequence[Transfer | None]:
    """One transfer by its id."""
    return await transfers_by_ids(ctx, [ids.key_of("Transfer", id)])


async def sender_of(ctx: Context, transfers: Sequence[Transfer]) -> Sequence[Location | None]:
    """Where the units of each come from."""
    return await ctx.sources.locations.locations([transfer.from_location_id for transfer in transfers])


async def receiver_of(ctx: Context, transfers: Sequence[Transfer]) -> Sequence[Location | None]:
    """Where the units of each go."""
    return await ctx.sources.locations.locations([transfer.to_location_id for transfer in transfers])


async def _answer(ctx: Context, done: Done) -> Answer:
    found = await ctx.sources.transfers.transfers([done.text]) if done.text is not None else [None]
    return Answer(found[0], done.user_errors)


async def _locked(ctx: Context, work: Work, command: Go) -> Transfer:
    """The transfer to go on with, where the viewer may take this step."""
    transfer = await work.transfers.locked(ids.key_of("Transfer", command.transfer))
    if transfer is None or not _may_see(ctx.viewer, transfer):
        raise Refused(UnknownTransfer(AT_TRANSFER, command.transfer))
    is_sender = command.to in domain.transfers.SENDERS
    whose = transfer.from_location_id if is_sender else transfer.to_location_id
    if not ctx.viewer.acts_for(whose):
        raise Refused(NotYourLocation(AT_TRANSFER, whose))
    return transfer


def _decided(transfer: Transfer, command: Go, now: datetime) -> Moved:
    """What the step makes of the transfer, before anything is held or given back."""
    quantities: Quantities | None = None if command.lines is None else _summed(command.lines)
    decision: Decision
    if command.to is TransferState.PICKED:
        decision = domain.transfers.pick(transfer, quantities, path=AT_TRANSFER, now=now)
    elif command.to is TransferState.IN_TRANSIT:
        decision = domain.transfers.ship(transfer, path=AT_TRANSFER, now=now)
    elif command.to is TransferState.RECEIVED:
        decision = domain.transfers.receive(transfer, quantities, path=AT_TRANSFER, now=now)
    elif command.to is TransferState.CLOSED:
        decision = domain.transfers.close(transfer, path=AT_TRANSFER, now=now)
    else:
        decision = domain.transfers.step(transfer, command.to, path=AT_TRANSFER, now=now)
    if isinstance(decision, Moved):
        return decision
    raise Refused(*decision)


def _check_taken(entries: Sequence[Shift], outcomes: Sequence[Outcome]) -> None:
    """A book that would hold more than can be true takes nothing of the step."""
    failed = [entry for entry, outcome in zip(entries, outcomes, strict=True) if outcome.status is Status.FAILED]
    if failed:
        raise Refused(*(QuantityTooHigh(AT_TRANSFER, one.sku, one.route.quantity, MAX_QUANTITY) for one in failed))


async def _keep(work: Work, transfer: Transfer, now: datetime) -> None:
    await work.transfers.write(transfer)
    ends = (transfer.from_location_id, transfer.to_location_id)
    await work.tell([domain.events.tasks_changed(end, now) for end in ends])


def _may_see(viewer: Viewer, transfer: Transfer) -> bool:
    return viewer.acts_for(transfer.from_location_id) or viewer.acts_for(transfer.to_location_id)


def _summed(lines: Sequence[Units]) -> dict[str, int]:
    """Units by sku, in the order of their first mention."""
    quantities: dict[str, int] = {}
    for line in lines:
        quantities[line.sku] = quantities.get(line.sku, 0) + line.quantity
    return quantities


def _wrong_in_itself(command: Ask) -> Sequence[Refusal]:
    return [
        *inputs.too_long(("input", "note"), command.note),
        *inputs.wrong_size(("input", "lines"), command.lines, most=MAX_LINES),
        *_wrong_quantities(command.lines, least=1),
    ]


def _wrong_quantities(lines: Sequence[Units], *, least: int) -> Sequence[Refusal]:
    paths: Sequence[Path] = [("input", "lines", index, "quantity") for index in range(len(lines))]
    return [
        QuantityNotPositive(path, line.quantity)
        for path, line in zip(paths, lines, strict=True)
        if not least <= line.quantity <= MAX_UNITS
    ]


async def _wrong_skus(ctx: Context, lines: Sequence[Units]) -> Sequence[Refusal]:
    paths: Sequence[Path] = [("input", "lines", index, "sku") for index in range(len(lines))]
    return list((await stock_items.unknown_skus(ctx, [line.sku for line in lines], paths)).values())


async def _wrong_ends(ctx: Context, ends: Sequence[str]) -> Sequence[Refusal]:
    """Both are open and not the same, and whoever asks works where the units are to go."""
    wrong: list[Refusal] = []
    places = await ctx.sources.workplace.locations.locations(ends)
    for field, end, place in zip(("fromLocation", "toLocation"), ends, places, strict=True):
        if place is None:
            wrong.append(UnknownLocation(("input", field), end))
        elif place.status is not LocationStatus.OPEN:
            wrong.append(LocationCannot(("input", field), end, LocationStatus.OPEN.value))
    if ends[0] == ends[1]:
        wrong.append(SameLocation(("input", "toLocation"), ends[1]))
    if not ctx.viewer.acts_for(ends[1]):
        wrong.append(NotYourLocation(("input", "toLocation"), ends[1]))
    return wrong
