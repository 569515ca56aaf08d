"""Transfers (跨店调货): units on their way from one location to another, none of them lost from sight.

    DRAFT ► REQUESTED ► APPROVED ► PICKED ► IN_TRANSIT ► RECEIVED (in parts, again and again) ► CLOSED
      └───────┴──────────┴──────────┴──► REJECTED by the sender, CANCELLED by the receiver

From APPROVED on the units are held at the sender, by a reservation. While they travel they stand in two buckets:
the sender's in_transit_out and the receiver's in_transit_in. What never arrives leaves both as lost (STK-2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from domain.movements import MovementType, Route, Shift
from domain.refusals.base import Path, Refusal
from domain.refusals.general import EmptyField, QuantityTooHigh, TransitionRefused
from domain.refusals.stock import SkuNotListed
from domain.reservations import ReservationLine
from domain.stock import Bucket, Key, StockLevel


class TransferState(Enum):
    """Where a transfer stands."""

    DRAFT = "DRAFT"
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    PICKED = "PICKED"
    IN_TRANSIT = "IN_TRANSIT"
    RECEIVED = "RECEIVED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


_GIVEN_UP = (TransferState.REJECTED, TransferState.CANCELLED)

TRANSITIONS: Mapping[TransferState, tuple[TransferState, ...]] = {
    TransferState.DRAFT: (TransferState.REQUESTED, TransferState.CANCELLED),
    TransferState.REQUESTED: (TransferState.APPROVED, *_GIVEN_UP),
    TransferState.APPROVED: (TransferState.PICKED, *_GIVEN_UP),
    TransferState.PICKED: (TransferState.IN_TRANSIT, *_GIVEN_UP),
    TransferState.IN_TRANSIT: (TransferState.RECEIVED, TransferState.CLOSED),
    TransferState.RECEIVED: (TransferState.RECEIVED, TransferState.CLOSED),
    TransferState.CLOSED: (),
    TransferState.REJECTED: (),
    TransferState.CANCELLED: (),
}
"""Where each state can go. What arrives in parts is RECEIVED several times; what never arrives is closed as lost."""

SENDERS = frozenset({TransferState.APPROVED, TransferState.REJECTED, TransferState.PICKED, TransferState.IN_TRANSIT})
"""What the sending store says; everything else is the receiving store's word."""


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A sku under way. `requested ≥ picked ≥ shipped ≥ received + lost`, each 0 until its time has come."""

    sku: str
    requested: int
    picked: int = 0
    shipped: int = 0
    received: int = 0
    lost: int = 0

    @property
    def in_transit(self) -> int:
        """Shipped, and neither received nor lost so far."""
        return self.shipped - self.received - self.lost


@dataclass(frozen=True, slots=True)
class Transfer:
    """Units that one location sends to another. `hold` is the reservation that keeps them at the sender."""

    id: str
    from_location_id: str
    to_location_id: str
    state: TransferState
    lines: tuple[TransferLine, ...]
    note: str
    requested_by: str
    created_at: datetime
    changed_at: datetime
    expected_at: datetime | None = None
    hold: str | None = None

    @property
    def keys(self) -> frozenset[Key]:
        """The levels at both ends."""
        ends = (self.from_location_id, self.to_location_id)
        return frozenset((line.sku, end) for line in self.lines for end in ends)

    @property
    def in_transit(self) -> int:
        """All units that are on their way."""
        return sum(line.in_transit for line in self.lines)


@dataclass(frozen=True, slots=True)
class Moved:
    """A transfer after a step, and what the step writes into the book."""

    transfer: Transfer
    entries: Sequence[Shift] = ()


Quantities = Mapping[str, int]
"""Units by sku."""
Decision = Moved | Sequence[Refusal]
"""What is changed, or why nothing is."""
AT_LINES: Path = ("input", "lines")


def allowed(transfer: Transfer) -> Sequence[TransferState]:
    """Where it can go from here: nothing more is received of what has arrived altogether."""
    everything = TRANSITIONS[transfer.state]
    is_all_there = transfer.state is TransferState.RECEIVED and transfer.in_transit == 0
    return [state for state in everything if not (is_all_there and state is TransferState.RECEIVED)]


def step(transfer: Transfer, to: TransferState, *, path: Path, now: datetime) -> Decision:
    """Go to a state that moves nothing: requested, approved, rejected, cancelled."""
    if refused := _refused(transfer, to, path):
        return refused
    return Moved(replace(transfer, state=to, changed_at=now))


def pick(transfer: Transfer, quantities: Quantities | None, *, path: Path, now: datetime) -> Decision:
    """Say what was taken off the shelf: what was requested (None), or so many of each; what is not named, none."""
    if refused := _refused(transfer, TransferState.PICKED, path):
        return refused
    most = {line.sku: line.requested for line in transfer.lines}
    picked = most if quantities is None else quantities
    if refused := _wrong(picked, most):
        return refused
    lines = tuple(replace(line, picked=picked.get(line.sku, 0)) for line in transfer.lines)
    return Moved(replace(transfer, state=TransferState.PICKED, lines=lines, changed_at=now))


def ship(transfer: Transfer, *, path: Path, now: datetime) -> Decision:
    """Everything that was picked leaves the sender's shelf and is on its way to the receiver."""
    if refused := _refused(transfer, TransferState.IN_TRANSIT, path):
        return refused
    entries: list[Shift] = []
    for line in transfer.lines:
        out = Route(Bucket.SELLABLE, Bucket.IN_TRANSIT_OUT, line.picked)
        coming = Route(None, Bucket.IN_TRANSIT_IN, line.picked)
        entries += _both(transfer, line, out, coming, type=MovementType.TRANSFER_OUT, now=now)
    lines = tuple(replace(line, shipped=line.picked) for line in transfer.lines)
    return Moved(replace(transfer, state=TransferState.IN_TRANSIT, lines=lines, hold=None, changed_at=now), entries)


def receive(transfer: Transfer, quantities: Quantities | None, *, path: Path, now: datetime) -> Decision:
    """So many of each have arrived, or everything that was still on its way (None)."""
    if refused := _refused(transfer, TransferState.RECEIVED, path):
        return refused
    most = {line.sku: line.in_transit for line in transfer.lines}
    arrived = most if quantities is None else quantities
    if refused := _wrong(arrived, most):
        return refused
    entries: list[Shift] = []
    for line in transfer.lines:
        gone = Route(Bucket.IN_TRANSIT_OUT, None, arrived.get(line.sku, 0))
        here = Route(Bucket.IN_TRANSIT_IN, Bucket.SELLABLE, arrived.get(line.sku, 0))
        entries += _both(transfer, line, gone, here, type=MovementType.TRANSFER_IN, now=now)
    lines = tuple(replace(line, received=line.received + arrived.get(line.sku, 0)) for line in transfer.lines)
    return Moved(replace(transfer, state=TransferState.RECEIVED, lines=lines, changed_at=now), entries)


def close(transfer: Transfer, *, path: Path, now: datetime) -> Decision:
    """Wait for no more: what has not arrived is lost."""
    if refused := _refused(transfer, TransferState.CLOSED, path):
        return refused
    entries: list[Shift] = []
    for line in transfer.lines:
        gone = Route(Bucket.IN_TRANSIT_OUT, None, line.in_transit)
        never = Route(Bucket.IN_TRANSIT_IN, None, line.in_transit)
        entries += _both(transfer, line, gone, never, type=MovementType.ADJUSTMENT, now=now)
    lines = tuple(replace(line, lost=line.in_transit) for line in transfer.lines)
    return Moved(replace(transfer, state=TransferState.CLOSED, lines=lines, changed_at=now), entries)


def to_hold(transfer: Transfer) -> tuple[ReservationLine, ...]:
    """What is kept at the sender as long as it stands there: what was requested, then what was picked."""
    if transfer.state not in (TransferState.APPROVED, TransferState.PICKED):
        return ()
    is_picked = transfer.state is TransferState.PICKED
    wanted = [(line.sku, line.picked if is_picked else line.requested) for line in transfer.lines]
    return tuple(ReservationLine(sku, transfer.from_location_id, quantity) for sku, quantity in wanted if quantity)


def after_their_counts(entries: Sequence[Shift], levels: Mapping[Key, StockLevel]) -> Sequence[Shift]:
    """The same, none of it before the last count of its level: a counter whose clock runs ahead saw no units go."""
    counted = {key: level.counted_at for key, level in levels.items() if level.counted_at is not None}
    soonest = {key: counted_at + datetime.resolution for key, counted_at in counted.items()}
    return [replace(one, occurred_at=max(one.occurred_at, soonest.get(one.key, one.occurred_at))) for one in entries]


def _both(
    transfer: Transfer, line: TransferLine, sent: Route, taken: Route, *, type: MovementType, now: datetime
) -> Sequence[Shift]:
    """The two lines of the book, one at each end; of no units there are none.

    Their names say how far the line was, so that no step's name is that of another.
    """
    if sent.quantity == 0:
        return ()
    name = f"transfer:{transfer.id}:{line.sku}:{line.shipped}-{line.received}:{type.value.lower()}"
    return (
        Shift(line.sku, transfer.from_location_id, sent, f"{name}:from", now, type),
        Shift(line.sku, transfer.to_location_id, taken, f"{name}:to", now, type),
    )


def _wrong(quantities: Quantities, most: Quantities) -> Sequence[Refusal]:
    """What is wrong with quantities of which each has its most: there must be some, and none of another sku."""
    wrong: list[Refusal] = [SkuNotListed(AT_LINES, sku) for sku in quantities if sku not in most]
    wrong += [
        QuantityTooHigh(AT_LINES, sku, quantity, most[sku])
        for sku, quantity in quantities.items()
        if sku in most and quantity > most[sku]
    ]
    return wrong or ([] if any(quantities.values()) else [EmptyField(AT_LINES)])


def _refused(transfer: Transfer, to: TransferState, path: Path) -> Sequence[Refusal]:
    may = allowed(transfer)
    if to in may:
        return ()
    return (TransitionRefused(path, transfer.state.value, to.value, tuple(state.value for state in may)),)
