"""The books of a sale: everything that was committed, read at one moment, and what must be true of it at any."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

import domain.ledger
from datasources.store import engine
from datasources.store.stock import movement
from datasources.store.stock_tables import reservations, stock_levels, stock_movements
from datasources.store.store import Store
from datasources.store.tables import outbox, relay
from domain.events import Event, Topic, level_of
from domain.movements import Movement
from domain.reservations import Reservation, ReservationState
from domain.stock import Key, StockLevel, held, oversold_by
from tests.journeys.buyers import Told

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Books:
    """What was counted in, and what is written."""

    counted_in: Mapping[Key, int]
    levels: Mapping[Key, StockLevel]
    movements: Sequence[Movement]
    reservations: Mapping[str, Reservation]
    events: Sequence[Event]
    waiting: int
    read_at: datetime

    def check(self) -> None:
        """Everything that must be true whoever bought what, and whatever broke meanwhile."""
        self._every_event_has_its_place()
        self._the_last_event_of_a_level_is_the_level()
        self._nothing_was_ever_oversold()
        self._levels_are_folds()
        self._every_unit_is_accounted_for()

    def kept(self, key: Key, *states: ReservationState, fulfilled: bool = False) -> int:
        """The units of a level in reservations in these states, handed over or not."""
        return sum(
            line.quantity
            for one in self.reservations.values()
            if one.state_at(self.read_at) in states and (one.fulfilled_at is not None) == fulfilled
            for line in one.lines
            if line.key == key
        )

    def _every_event_has_its_place(self) -> None:
        assert self.waiting == 0
        assert [event.position for event in self.events] == list(range(1, len(self.events) + 1))

    def _the_last_event_of_a_level_is_the_level(self) -> None:
        told: defaultdict[Key, list[StockLevel]] = defaultdict(list)
        for level in self._told():
            told[level.key].append(level)
        for key, levels in told.items():
            versions = [level.version for level in levels]
            assert versions == sorted(set(versions)), key
        assert {key: levels[-1] for key, levels in told.items()} == self.levels

    def _nothing_was_ever_oversold(self) -> None:
        for level in self._told():  # without asking the clock: what had expired by then is not in a level any more
            promised = level.committed + sum(hold.quantity for hold in level.holds)
            assert promised + level.unsellable <= level.on_hand, level

    def _levels_are_folds(self) -> None:
        """STK-1."""
        lines: defaultdict[Key, list[Movement]] = defaultdict(list)
        for line in self.movements:
            lines[line.key].append(line)
        assert {key: domain.ledger.fold(lines[key]).on_hand for key in lines} == {
            key: level.on_hand for key, level in self.levels.items()
        }

    def _every_unit_is_accounted_for(self) -> None:
        """Sold and remaining are what was counted in, by the levels and by the reservations alike."""
        for key, level in self.levels.items():
            sold = self.kept(key, ReservationState.CONFIRMED, fulfilled=True)
            committed = self.kept(key, ReservationState.CONFIRMED)
            active = self.kept(key, ReservationState.ACTIVE)
            assert (level.on_hand, level.committed) == (self.counted_in[key] - sold, committed), key
            assert held(level, self.read_at) == active, key
            assert oversold_by(level, self.read_at) == 0

    def _told(self) -> Iterable[StockLevel]:
        return (level_of(event) for event in self.events if event.topic is Topic.STOCK_CHANGED)


async def read(url: str, counted_in: Mapping[Key, int], *, now: datetime) -> Books:
    """Read everything, as a process that has just started would."""
    store, readers = Store(url), engine.reading(url)
    try:
        kept = [row.id for row in await engine.rows(readers, select(reservations.c.id))]
        lines = await engine.rows(readers, select(stock_movements).order_by(stock_movements.c.id))
        places = await engine.rows(readers, select(stock_levels.c.sku, stock_levels.c.location_id))
        [state] = await engine.rows(readers, select(relay.c.position, relay.c.published))
        [rows] = await engine.rows(readers, select(func.count()).select_from(outbox))
        skus, locations = {row.sku for row in places}, {row.location_id for row in places}
        found = [one for one in await store.reservations.reservations(kept) if one is not None]
        return Books(
            counted_in=counted_in,
            levels=await store.stock.levels(skus, locations),
            movements=[movement(row._mapping) for row in lines],
            reservations={one.id: one for one in found},
            events=await store.log.after(0, limit=1_000_000) or (),
            waiting=rows[0] - state.published,
            read_at=now,
        )
    finally:
        await store.close()
        await readers.dispose()


async def settled(url: str, counted_in: Mapping[Key, int]) -> Books:
    """Read the books when every event was published, and what the clock has done is written down."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await read(url, counted_in, now=datetime.now(UTC))
            due = [one for one in found.reservations.values() if one.state is not one.state_at(found.read_at)]
            if not found.waiting and not due:
                return found
            await asyncio.sleep(0.2)


def check_told(books: Books, told: Sequence[Told]) -> None:
    """What buyers were told is what is written: no reservation is lost, none is nobody's, and one key made one."""
    assert max(Counter(wish.key for wish in told).values()) == 1
    made = {wish.key: wish for wish in told if wish.ids}
    assert {key: len(wish.ids) for key, wish in made.items()} == dict.fromkeys(made, 1)
    assert {one.idempotency_key: {id} for id, one in books.reservations.items()} == {
        key: wish.ids for key, wish in made.items()
    }
    for one in books.reservations.values():
        wish = made[one.idempotency_key]
        assert {line.key: line.quantity for line in one.lines} == wish.lines
        assert one.state.value == wish.states[-1], (one, wish)
        assert (one.fulfilled_at is not None) == wish.is_fulfilled, (one, wish)
