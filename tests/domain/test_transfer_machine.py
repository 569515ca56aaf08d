"""No unit is lost from sight between two stores, whatever else is sold, received and counted meanwhile.

Slow, for after every step of a hundred stories every unit is looked for, and the whole book added up again.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import domain.ledger
import domain.transfers
from domain.ledger import Buckets
from domain.movements import Adjustment, Count, MovementType
from domain.statuses import Status
from domain.stock import Key
from domain.transfers import Moved, Transfer, TransferLine, TransferState
from tests.builders import NOW, minutes
from tests.domain.book import Book
from tests.domain.sending import decided

SKUS, PLACES = ("L", "M"), ("A", "B", "C")
KEYS = st.tuples(st.sampled_from(SKUS), st.sampled_from(PLACES))
SOME = st.none() | st.dictionaries(st.sampled_from([*SKUS, "X"]), st.integers(0, 4))
SHARE = st.none() | st.dictionaries(st.sampled_from(SKUS), st.integers(0, 4), min_size=1)
OF = {TransferState.PICKED: "wanted", TransferState.RECEIVED: "road"}
MAY = {
    "DRAFT": "REQUESTED CANCELLED",
    "REQUESTED": "APPROVED REJECTED CANCELLED",
    "APPROVED": "PICKED REJECTED CANCELLED",
    "PICKED": "IN_TRANSIT REJECTED CANCELLED",
    "IN_TRANSIT": "RECEIVED CLOSED",
    "RECEIVED": "RECEIVED CLOSED",
    "CLOSED": "",
    "REJECTED": "",
    "CANCELLED": "",
}
"""domain.md §4.2, by hand."""


@dataclass
class Parcel:
    """The obvious transfer: every single unit of it, and where that is."""

    from_place: str
    to_place: str
    units: list[tuple[str, str]]
    """(sku, wanted | shelf | road | there | lost)."""

    def moved(self, sku: str, quantity: int, *, to: str, of: str) -> None:
        """Some units of a sku go on."""
        for n, unit in enumerate(self.units):
            if quantity and unit == (sku, of):
                self.units[n] = (sku, to)
                quantity -= 1

    def many(self, sku: str, *wheres: str) -> int:
        """How many units of a sku are in one of these places."""
        return sum(unit == (sku, where) for unit in self.units for where in wheres)


class Stores(RuleBasedStateMachine):
    """Three stores that send each other goods; beside each transfer the list of its units."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.book = Book()
        self.shelves: Counter[Key] = Counter()
        self.entered = 0
        """Units that the network has gained by everything that is no transfer, and lost by what never arrived."""
        self.transfers: list[Transfer] = []
        self.parcels: list[Parcel] = []

    @initialize(quantities=st.lists(st.integers(0, 9), min_size=6, max_size=6))
    def open(self, quantities: list[int]) -> None:
        """Every shelf is counted once."""
        keys = [(sku, place) for sku in SKUS for place in PLACES]
        for key, quantity in zip(keys, quantities, strict=True):
            self.count(key, quantity, ahead=0)

    @rule(amount=st.integers(1, 10_000))
    def time_passes(self, amount: int) -> None:
        """The clock goes on, sometimes by much."""
        self.now += timedelta(seconds=amount)

    @rule(
        key=KEYS,
        quantity=st.integers(0, 9),
        ahead=st.integers(0, 4),
    )
    def count(self, key: Key, quantity: int, ahead: int) -> None:
        """Somebody counts a shelf, with a clock that may run ahead."""
        at = self._soon(key, self.now + minutes(ahead))
        self.book.take(Count(*key, quantity, at), now=self.now)
        self.entered += quantity - self.shelves[key]
        self.shelves[key] = quantity

    @rule(key=KEYS, delta=st.integers(-5, 5).filter(bool))
    def trade(self, key: Key, delta: int) -> None:
        """A till sells, a truck brings."""
        kind = MovementType.RECEIPT if delta > 0 else MovementType.SALE
        name = f"e{len(self.book.lines)}"
        self.book.take(Adjustment(*key, delta, name, self._soon(key, self.now), kind), now=self.now)
        self.entered += delta
        self.shelves[key] += delta

    @precondition(lambda self: sum(bool(MAY[transfer.state.value]) for transfer in self.transfers) < 2)
    @rule(
        ends=st.permutations(PLACES),
        wanted=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 4), min_size=1),
        is_draft=st.booleans(),
    )
    def ask(self, ends: list[str], wanted: dict[str, int], is_draft: bool) -> None:
        """One store would have something of another."""
        state = TransferState.DRAFT if is_draft else TransferState.REQUESTED
        lines = tuple(TransferLine(sku, quantity) for sku, quantity in wanted.items())
        id = f"t{len(self.transfers)}"
        self.transfers.append(Transfer(id, ends[0], ends[1], state, lines, "", "a", self.now, self.now))
        units = [(sku, "wanted") for sku, quantity in wanted.items() for _ in range(quantity)]
        self.parcels.append(Parcel(ends[0], ends[1], units))

    @rule(which=st.integers(0, 99), nth=st.sampled_from([0, 0, 0, 0, 1, 2]), share=SHARE)
    def go_on(self, which: int, nth: int, share: dict[str, int] | None) -> None:
        """Somebody takes a step that is due, mostly the usual one, with all of it or a share."""
        due = [n for n, transfer in enumerate(self.transfers) if MAY[transfer.state.value]]
        if not due:
            return
        which = due[which % len(due)]
        may = MAY[self.transfers[which].state.value].split()
        to = TransferState(may[nth % len(may) if nth else 0])
        most = {sku: self.parcels[which].many(sku, OF.get(to, "wanted")) for sku in SKUS}
        self.step(which, to, share and {sku: min(share.get(sku, 0), most[sku]) for sku in SKUS if most[sku]})

    @rule(which=st.integers(0, 99), to=st.sampled_from(TransferState), some=SOME)
    def step(self, which: int, to: TransferState, some: dict[str, int] | None) -> None:
        """Somebody tries a step, whether it is its time or not."""
        if not self.transfers:
            return
        which %= len(self.transfers)
        before = self.transfers[which]
        decision = decided(before, to, some, self.now)
        if not isinstance(decision, Moved):
            assert not self._may(which, to, some)
            return
        assert self._may(which, to, some)
        self.transfers[which] = decision.transfer
        for entry in domain.transfers.after_their_counts(decision.entries, self.book.levels):
            assert self.book.take(entry, now=self.now).status in (Status.CREATED, Status.UPDATED)
        self._follow(self.parcels[which], to, some)

    def _soon(self, key: Key, at: datetime) -> datetime:
        """A moment that the last count of a shelf did not see."""
        level = self.book.levels.get(key)
        return at if level is None or level.counted_at is None else max(at, level.counted_at + datetime.resolution)

    def _may(self, which: int, to: TransferState, some: dict[str, int] | None) -> bool:
        transfer, parcel = self.transfers[which], self.parcels[which]
        if to.value not in MAY[transfer.state.value].split():
            return False
        if to not in (TransferState.PICKED, TransferState.RECEIVED):
            return True
        most = {line.sku: parcel.many(line.sku, OF[to]) for line in transfer.lines}
        some = most if some is None else some
        return any(some.values()) and all(sku in most and quantity <= most[sku] for sku, quantity in some.items())

    def _follow(self, parcel: Parcel, to: TransferState, some: dict[str, int] | None) -> None:
        """Move the units of the list."""
        for sku in SKUS:
            if to is TransferState.PICKED:
                parcel.moved(sku, 9 if some is None else some.get(sku, 0), of="wanted", to="shelf")
            elif to is TransferState.IN_TRANSIT:
                self.shelves[sku, parcel.from_place] -= parcel.many(sku, "shelf")
                parcel.moved(sku, 9, of="shelf", to="road")
            elif to is TransferState.RECEIVED:
                there = parcel.many(sku, "there")
                parcel.moved(sku, 9 if some is None else some.get(sku, 0), of="road", to="there")
                self.shelves[sku, parcel.to_place] += parcel.many(sku, "there") - there
            elif to is TransferState.CLOSED:
                self.entered -= parcel.many(sku, "road")
                parcel.moved(sku, 9, of="road", to="lost")

    @invariant()
    def what_is_shipped_is_in_transit_received_or_lost_STK_2(self) -> None:
        for transfer, parcel in zip(self.transfers, self.parcels, strict=True):
            for line in transfer.lines:
                assert line.shipped == line.in_transit + line.received + line.lost
                wheres = ("road", "there", "lost")
                assert (line.in_transit, line.received, line.lost) == tuple(parcel.many(line.sku, w) for w in wheres)

    @invariant()
    def the_book_shows_every_unit_where_it_is_STK_1_STK_2(self) -> None:
        for key, level in self.book.levels.items():
            sku, place = key
            coming = sum(parcel.many(sku, "road") for parcel in self.parcels if parcel.to_place == place)
            gone = sum(parcel.many(sku, "road") for parcel in self.parcels if parcel.from_place == place)
            shown = (level.on_hand, level.in_transit_in, level.in_transit_out)
            assert shown == (self.shelves[key], coming, gone)
            lines = [line for line in self.book.lines if line.key == key]
            assert domain.ledger.fold(lines) == Buckets(shown[0], 0, 0, 0, shown[1], shown[2])

    @invariant()
    def the_network_s_total_changes_by_no_transfer_STK_2(self) -> None:
        levels = self.book.levels.values()
        assert sum(level.on_hand + level.in_transit_in for level in levels) == self.entered


TestNoUnitIsLostFromSight = Stores.TestCase
