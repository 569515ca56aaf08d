"""What transfers keep at the sender: units held from their approval on, until they are shipped or given back."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import domain.reservations
import domain.transfers
from datasources.ports.work import Work
from domain.channels import Channel
from domain.refusals.base import Path
from domain.reservations import Decision, Levels, Reservation, ReservationKind, ReservationLine
from domain.stock import slot_end
from domain.transfers import Transfer, TransferState
from resolvers import availability, receipts
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.rounds import Create, Step, settle_within

HELD_FOR = timedelta(days=30)
"""How long units wait at the sender; what takes longer is looked for again when it is picked or shipped."""
AT_TRANSFER: Path = ("input", "transfer")


async def follow(ctx: Context, work: Work, before: Transfer, after: Transfer, *, now: datetime) -> Transfer:
    """Hold at the sender what waits there after a step, and nothing else; return the transfer with its hold.

    What is shipped must have been held to this moment. If the clock was faster, it is looked for once more.

    Raises:
        Refused: OutOfStock for each line of which there is not enough left.
    """
    wanted = domain.transfers.to_hold(after)
    if wanted and wanted == domain.transfers.to_hold(before):
        return after
    was_held = await _let_go(work, before, now)
    if wanted:
        id = after.id if before.hold is None else uuid.uuid4().hex
        return replace(after, hold=await _keep(ctx, work, _reservation(after, id, wanted, now), now))
    if after.state is TransferState.IN_TRANSIT and not was_held:
        again = _reservation(before, uuid.uuid4().hex, domain.transfers.to_hold(before), now)
        await _let_go(work, replace(before, hold=await _keep(ctx, work, again, now)), now)
    return replace(after, hold=None)


async def _let_go(work: Work, transfer: Transfer, now: datetime) -> bool:
    """End the hold of a transfer; tell whether there was one that the clock had not ended before."""
    if transfer.hold is None:
        return False
    held = (await work.reservations.by_id({transfer.hold}))[transfer.hold]
    (ended,) = await settle_within(work, [Step(held, _release)], now=now)
    return ended.reservation is not None


async def _keep(ctx: Context, work: Work, wanted: Reservation, now: datetime) -> str:
    (kept,) = await settle_within(work, [Create(wanted, availability.sight(ctx))], now=now)
    if kept.reservation is None:
        raise Refused(*(replace(refusal, path=AT_TRANSFER) for refusal in kept.user_errors))
    return kept.reservation.id


def _release(held: Reservation, levels: Levels, now: datetime) -> Decision:
    return domain.reservations.release(held, levels, path=AT_TRANSFER, now=now)


def _reservation(transfer: Transfer, id: str, lines: tuple[ReservationLine, ...], now: datetime) -> Reservation:
    """Units kept for another store, as if it had come to the till: what the till must leave, it must leave too."""
    expires_at = slot_end(now + HELD_FOR)
    return Reservation(
        id=id,
        client=f"transfer:{transfer.id}",
        idempotency_key=id,
        request_hash=receipts.request_hash(id),
        kind=ReservationKind.TRANSFER,
        channel=Channel.POS,
        lines=lines,
        reference=transfer.id,
        created_at=now,
        expires_at=expires_at,
        extendable_until=expires_at,
    )
