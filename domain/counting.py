"""Stock counting (盘点): what people found on the shelves, beside what the book says was there.

    OPEN ──first tally──► COUNTING ──submit──► SUBMITTED ──approve──► APPROVED (written into the book)
      └────────────────────┴────────────reject──┴───────────────────► REJECTED (nothing is)

Several devices count one sku; what a count says is decided by the ledger, before its approval as at it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import domain.ledger
from domain.movements import Count, Movement, Outcome
from domain.refusals.base import Path, Refusal
from domain.refusals.general import TransitionRefused
from domain.statuses import Status
from domain.stock import Key, StockLevel


class CountState(Enum):
    """Where a count stands."""

    OPEN = "OPEN"
    COUNTING = "COUNTING"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


TRANSITIONS: Mapping[CountState, tuple[CountState, ...]] = {
    CountState.OPEN: (CountState.COUNTING, CountState.REJECTED),
    CountState.COUNTING: (CountState.SUBMITTED, CountState.REJECTED),
    CountState.SUBMITTED: (CountState.APPROVED, CountState.REJECTED),
    CountState.APPROVED: (),
    CountState.REJECTED: (),
}
"""Where each state can go; a count that is given up is rejected."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one device saw of one sku: so many pieces at this moment, whatever their state."""

    sku: str
    device: str
    quantity: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sku's count does to the book: the quantity the book had at its moment, and how far that was off.

    `book` is None where the count changes nothing for a newer one stands: STALE.
    """

    status: Status
    book: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A sku of a count: everything that was seen of it, and by which device."""

    count_id: str
    location_id: str
    sku: str
    tallies: tuple[Tally, ...]

    @property
    def counted(self) -> int:
        """What all devices together saw."""
        return sum(tally.quantity for tally in self.tallies)

    @property
    def counted_at(self) -> datetime:
        """The first of their moments: what was sold since is taken off, lest we promise what is not there."""
        return min(tally.counted_at for tally in self.tallies)

    @property
    def entry(self) -> Count:
        """The same for the book."""
        return Count(self.sku, self.location_id, self.counted, self.counted_at)


@dataclass(frozen=True, slots=True)
class StockCount:
    """A count of some skus at a location, or of everything there (`skus` empty).

    `findings` are kept when it is approved; before, they change with the book.
    """

    id: str
    location_id: str
    state: CountState
    skus: tuple[str, ...]
    note: str
    opened_by: str
    opened_at: datetime
    tallies: tuple[Tally, ...] = ()
    submitted_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    findings: Mapping[str, Finding] | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """What was seen, sku by sku."""
        seen: dict[str, list[Tally]] = {}
        for tally in sorted(self.tallies, key=lambda tally: (tally.sku, tally.device)):
            seen.setdefault(tally.sku, []).append(tally)
        return [Line(self.id, self.location_id, sku, tuple(tallies)) for sku, tallies in seen.items()]


def record(count: StockCount, tallies: Iterable[Tally], *, path: Path) -> StockCount | Refusal:
    """Take in what devices saw: of one device and sku the latest word stands, of two at one moment the lower.

    So the order in which they arrive does not matter, nor how often.
    """
    if count.state is not CountState.COUNTING and (refused := _refused(count, CountState.COUNTING, path)):
        return refused
    stands = {(tally.sku, tally.device): tally for tally in count.tallies}
    for tally in tallies:
        place = (tally.sku, tally.device)
        stands[place] = max(stands.get(place, tally), tally, key=lambda one: (one.counted_at, -one.quantity))
    return replace(count, state=CountState.COUNTING, tallies=tuple(stands.values()))


def submit(count: StockCount, *, path: Path, now: datetime) -> StockCount | Refusal:
    """Say that all has been counted."""
    refused = _refused(count, CountState.SUBMITTED, path)
    return refused or replace(count, state=CountState.SUBMITTED, submitted_at=now)


def reject(count: StockCount, *, by: str, path: Path, now: datetime) -> StockCount | Refusal:
    """Give it up, or do not believe it: nothing is written into the book."""
    refused = _refused(count, CountState.REJECTED, path)
    return refused or replace(count, state=CountState.REJECTED, settled_at=now, settled_by=by)


def approve(count: StockCount, *, by: str, path: Path, now: datetime) -> StockCount | Refusal:
    """Believe it; what the book makes of its lines is added by `settled`."""
    refused = _refused(count, CountState.APPROVED, path)
    return refused or replace(count, state=CountState.APPROVED, settled_at=now, settled_by=by)


def settled(count: StockCount, outcomes: Sequence[Outcome]) -> StockCount:
    """The count with what the book made of each of its lines."""
    found = zip(count.lines, outcomes, strict=True)
    return replace(count, findings={line.sku: finding(line, outcome) for line, outcome in found})


def compare(line: Line, levels: Mapping[Key, StockLevel], later: Sequence[Movement], *, now: datetime) -> Finding:
    """What approving a line would do now; `later` holds at least what happened at its location after its moment."""
    level = levels.get((line.sku, line.location_id))
    return finding(line, domain.ledger.observe(level, line.entry, later=later, source="", now=now))


def finding(line: Line, outcome: Outcome) -> Finding:
    """Read the book's word at the line's moment out of what the ledger made of it."""
    if outcome.movement is not None:
        return Finding(outcome.status, line.counted - outcome.movement.route.on_hand)
    return Finding(outcome.status, line.counted if outcome.status is Status.UNCHANGED else None)


def _refused(count: StockCount, to: CountState, path: Path) -> TransitionRefused | None:
    if to in TRANSITIONS[count.state]:
        return None
    allowed = tuple(state.value for state in TRANSITIONS[count.state])
    return TransitionRefused(path, count.state.value, to.value, allowed)
