"""Reservations (预占): units kept for somebody until a moment, and what becomes of them.

    create (all lines or none)
      ─────► ACTIVE ──confirm──► CONFIRMED ──fulfil──► (sold, gone from the book)
               │ └─extend, up to a limit
               ├──release──────► RELEASED
               └──by the clock─► EXPIRED

Every decision is pure: it is given the levels of its lines, locked, and gives them back changed, or says no and
changes nothing (RSV-2). Expiry is by clock, never by a sweeper: what has expired counts no more, swept or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import domain.ledger
from domain.availability import Sight, available_to_promise, told
from domain.channels import Channel
from domain.movements import Adjustment, Movement, MovementType
from domain.refusals.base import Path, Refusal
from domain.refusals.general import TransitionRefused
from domain.refusals.reservations import ExtensionTooLong, ReservationExpired
from domain.refusals.stock import OutOfStock
from domain.stock import Hold, Key, StockLevel, holds, terms_of, with_hold, with_terms


class ReservationKind(Enum):
    """What units are kept for."""

    CHECKOUT = "CHECKOUT"
    STORE_RESERVE = "STORE_RESERVE"
    GROUP_BUY = "GROUP_BUY"
    TRANSFER = "TRANSFER"


class ReleaseReason(Enum):
    """Why units are given back before their time."""

    CUSTOMER = "CUSTOMER"
    NOT_FOUND = "NOT_FOUND"


class ReservationState(Enum):
    """Where a reservation stands; all but ACTIVE are final."""

    ACTIVE = "ACTIVE"
    CONFIRMED = "CONFIRMED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


SOURCE = "reservations"
"""Who tells the book of what is handed over; what a level is known by stays who counted it."""

TRANSITIONS: Mapping[ReservationState, tuple[ReservationState, ...]] = {
    ReservationState.ACTIVE: (ReservationState.CONFIRMED, ReservationState.RELEASED, ReservationState.EXPIRED),
    ReservationState.CONFIRMED: (),
    ReservationState.RELEASED: (),
    ReservationState.EXPIRED: (),
}
"""Where each state can go; a reservation ends once (RSV-4)."""


@dataclass(frozen=True, slots=True)
class ReservationLine:
    """So many units of a sku at a location."""

    sku: str
    location_id: str
    quantity: int

    @property
    def key(self) -> Key:
        """The level they are kept of."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units kept. `client` is who asked and may act on it, `reference` their own name for it, such as a cart's id.

    `expires_at` is the end of a slot of holds. `extendable_until` is the latest it can become (RSV-6). `fulfilled_at`
    says when confirmed units left the book.
    """

    id: str
    client: str
    idempotency_key: str
    request_hash: str
    kind: ReservationKind
    channel: Channel
    lines: tuple[ReservationLine, ...]
    reference: str | None
    created_at: datetime
    expires_at: datetime
    extendable_until: datetime
    state: ReservationState = ReservationState.ACTIVE
    settled_at: datetime | None = None
    fulfilled_at: datetime | None = None

    def state_at(self, now: datetime) -> ReservationState:
        """Where it stands at `now`, by the clock."""
        has_expired = self.state is ReservationState.ACTIVE and now >= self.expires_at
        return ReservationState.EXPIRED if has_expired else self.state


@dataclass(frozen=True, slots=True)
class Changed:
    """What a decision changes: the reservation as it is now, its levels, and lines for the book."""

    reservation: Reservation
    levels: Mapping[Key, StockLevel]
    movements: Sequence[Movement] = ()


Levels = Mapping[Key, StockLevel]
Decision = Changed | Sequence[Refusal]
"""What is changed, or why nothing is."""


def create(wanted: Reservation, levels: Levels, sight: Sight) -> Decision:
    """Keep every line, or none: each short one is refused with what there is (RSV-1, RSV-2)."""
    kept: dict[Key, StockLevel] = {}
    short: list[Refusal] = []
    for index, line in enumerate(wanted.lines):
        level = kept.get(line.key) or levels.get(line.key)
        available = _promised(level, wanted.channel, sight)
        if level is None or line.quantity > available:
            path: Path = ("input", "lines", index)
            short.append(OutOfStock(path, line.sku, line.location_id, line.quantity, told(available, sight)))
            continue
        hold = Hold(wanted.expires_at, wanted.channel, line.quantity)
        kept[line.key] = with_hold(level, hold, now=sight.now)
    return short or Changed(wanted, kept)


def confirm(reservation: Reservation, levels: Levels, *, path: Path, now: datetime) -> Decision:
    """Turn what is held into what is committed, in one step (RSV-5). Once is as good as twice (RSV-4)."""
    if reservation.state is ReservationState.CONFIRMED:
        return Changed(reservation, {})
    if refused := _refused(reservation, levels, ReservationState.CONFIRMED, path=path, now=now):
        return refused
    changed: dict[Key, StockLevel] = {}
    for line in reservation.lines:
        level = _let_go(changed.get(line.key, levels[line.key]), line, reservation, now)
        level = _charged(level, reservation.channel, line.quantity)
        changed[line.key] = replace(level, committed=level.committed + line.quantity)
    return _settled(reservation, ReservationState.CONFIRMED, changed, now)


def extend(reservation: Reservation, levels: Levels, *, until: datetime, path: Path, now: datetime) -> Decision:
    """Keep it until later, a slot's end, or until its limit where that comes first (RSV-6). Never makes it shorter."""
    if refused := _refused(reservation, levels, ReservationState.ACTIVE, path=path, now=now):
        return refused
    limit = reservation.extendable_until
    if until > limit <= reservation.expires_at:
        return (ExtensionTooLong(path, limit),)
    until = min(until, limit)
    if until <= reservation.expires_at:
        return Changed(reservation, {})
    longer = replace(reservation, expires_at=until)
    changed: dict[Key, StockLevel] = {}
    for line in reservation.lines:
        level = _let_go(changed.get(line.key, levels[line.key]), line, reservation, now)
        changed[line.key] = with_hold(level, Hold(until, reservation.channel, line.quantity), now=now)
    return Changed(longer, changed)


def release(reservation: Reservation, levels: Levels, *, path: Path, now: datetime) -> Decision:
    """Give everything back (RSV-3). Released twice is released once."""
    if reservation.state is ReservationState.RELEASED:
        return Changed(reservation, {})
    if refused := _refused(reservation, levels, ReservationState.RELEASED, path=path, now=now):
        return refused
    changed: dict[Key, StockLevel] = {}
    for line in reservation.lines:
        changed[line.key] = _let_go(changed.get(line.key, levels[line.key]), line, reservation, now)
    return _settled(reservation, ReservationState.RELEASED, changed, now)


def expire(reservation: Reservation, levels: Levels, *, now: datetime) -> Changed:
    """Write down what the clock has done; what it let go was not counted before either."""
    if reservation.state_at(now) is not ReservationState.EXPIRED or reservation.state is ReservationState.EXPIRED:
        return Changed(reservation, {})
    swept = {line.key: _swept(levels[line.key], now) for line in reservation.lines if line.key in levels}
    changed = {key: level for key, level in swept.items() if level is not levels[key]}
    return _settled(reservation, ReservationState.EXPIRED, changed, now)


def fulfil(reservation: Reservation, levels: Levels, *, path: Path, now: datetime) -> Decision:
    """Hand it over: the units leave the book as sold; one that is still held is confirmed on the way."""
    if reservation.fulfilled_at is not None:
        return Changed(reservation, {})
    confirmed = confirm(reservation, levels, path=path, now=now)
    if not isinstance(confirmed, Changed):
        return confirmed
    changed = dict(levels) | dict(confirmed.levels)
    movements: list[Movement] = []
    for number, line in enumerate(reservation.lines):
        level = changed[line.key]
        sale = _sale(reservation, number, _after_its_count(level, now))
        outcome = domain.ledger.adjust(level, sale, seen=False, source=SOURCE, now=now)
        if outcome.level is not None and outcome.movement is not None:
            changed[line.key] = replace(
                outcome.level, committed=outcome.level.committed - line.quantity, source=level.source
            )
            movements.append(outcome.movement)
    own = {line.key: changed[line.key] for line in reservation.lines}
    return Changed(replace(confirmed.reservation, fulfilled_at=now), own, movements)


def merged(lines: Sequence[ReservationLine]) -> tuple[ReservationLine, ...]:
    """One line per level, in the order of their first mention."""
    quantities: dict[Key, int] = {}
    for line in lines:
        quantities[line.key] = quantities.get(line.key, 0) + line.quantity
    return tuple(ReservationLine(*key, quantity) for key, quantity in quantities.items())


def _promised(level: StockLevel | None, channel: Channel, sight: Sight) -> int:
    if level is None:
        return 0
    return available_to_promise(level, channel=channel, now=sight.now, freshness=sight.freshness_of(level.source))


def _refused(
    reservation: Reservation, levels: Levels, to: ReservationState, *, path: Path, now: datetime
) -> Sequence[Refusal]:
    """Why a reservation cannot go on; another worker's clock may have let its holds go before ours."""
    state = reservation.state_at(now)
    if state is ReservationState.ACTIVE:
        if all(line.key in levels and holds(levels[line.key], _hold(reservation, line)) for line in reservation.lines):
            return ()
        state = ReservationState.EXPIRED
    if state is ReservationState.EXPIRED:
        return (ReservationExpired(path, reservation.id, reservation.expires_at),)
    return (TransitionRefused(path, state.value, to.value, tuple(next.value for next in TRANSITIONS[state])),)


def _hold(reservation: Reservation, line: ReservationLine) -> Hold:
    return Hold(reservation.expires_at, reservation.channel, line.quantity)


def _let_go(level: StockLevel, line: ReservationLine, reservation: Reservation, now: datetime) -> StockLevel:
    return with_hold(level, Hold(reservation.expires_at, reservation.channel, -line.quantity), now=now)


def _charged(level: StockLevel, channel: Channel, quantity: int) -> StockLevel:
    """The level after a channel's quota has paid for units that are held no more."""
    terms = terms_of(level, channel)
    if terms.quota is None:
        return level
    return with_terms(level, replace(terms, quota=max(0, terms.quota - quantity)))


def _swept(level: StockLevel, now: datetime) -> StockLevel:
    left = tuple(hold for hold in level.holds if hold.expires_at > now)
    return level if left == level.holds else replace(level, holds=left, version=level.version + 1)


def _sale(reservation: Reservation, number: int, at: datetime) -> Adjustment:
    """The sale of one line; its channel's quota has paid when it was confirmed."""
    line = reservation.lines[number]
    return Adjustment(line.sku, line.location_id, -line.quantity, f"{reservation.id}:{number}", at, MovementType.SALE)


def _after_its_count(level: StockLevel, now: datetime) -> datetime:
    """When units are handed over: whoever counted them saw them still, though their clock may run ahead of ours."""
    return now if level.counted_at is None else max(now, level.counted_at + datetime.resolution)


def _settled(
    reservation: Reservation, state: ReservationState, levels: Mapping[Key, StockLevel], now: datetime
) -> Changed:
    return Changed(replace(reservation, state=state, settled_at=now), levels)
