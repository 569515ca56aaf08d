"""Transfers in any order and at once, over two workers and a real store: nothing is lost, nothing held for nobody.

Slow, for each story begins with a database of its own, and every step of it is a transaction on disk.
"""

import asyncio
import itertools
import shutil
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import domain.transfers
import resolvers.housekeeping
import resolvers.transfers
from datasources.store.store import Store
from domain.reservations import ReservationState
from domain.stock import held
from domain.transfers import Transfer, TransferState
from resolvers.transfer_holds import HELD_FOR
from resolvers.transfers import Answer, Ask, Go, Units
from tests.builders import INTEGRATOR, count, entry, moved, shop
from tests.resolvers.reserving import Clock, visit
from tests.worlds import fill, tell

SKU, PLACES, EACH = "DJ01-L", ("SH001", "SH002", "SH003"), 5
STEPS = [state for state in TransferState if state is not TransferState.DRAFT]
steps = st.tuples(st.integers(0, 99), st.sampled_from([*STEPS, *[None] * 20]), st.none() | st.integers(1, 4))
copies = itertools.count()


class Stores(RuleBasedStateMachine):
    """Two workers of one shop; what is left in the network is counted beside it."""

    def __init__(self, template: Path, directory: Path) -> None:
        super().__init__()
        file = shutil.copyfile(template, directory / f"{next(copies)}.sqlite3")
        url = f"sqlite+aiosqlite:///{file}"
        self.clock, self.runner = Clock(), asyncio.Runner()
        self.stores = [Store(url) for _ in range(2)]
        self.doors = [visit(store, self.clock, INTEGRATOR) for store in self.stores]
        self.ids: list[str] = []
        self.traded, self.keys = 0, itertools.count()
        self.run(fill(url, [entry("DJ01"), *map(shop, PLACES)]))
        self.run(tell(self.stores[0], *(count(EACH, location_id=place) for place in PLACES)))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @rule(on=st.sampled_from([timedelta(seconds=1), timedelta(hours=9), HELD_FOR]))
    def wait(self, on: timedelta) -> None:
        self.clock.wind(on)

    @rule(place=st.sampled_from(PLACES), delta=st.integers(-2, 2).filter(bool))
    def trade(self, place: str, delta: int) -> None:
        """A till sells what it sells; a truck brings."""
        self.clock.wind(timedelta(seconds=1))
        fact = moved(delta, f"e{next(self.keys)}", at=self.clock(), location_id=place)
        self.run(tell(self.stores[0], fact, now=self.clock()))
        self.traded += delta

    @precondition(lambda self: len(self.ids) < 4)
    @rule(ends=st.permutations(PLACES), quantity=st.integers(1, 4))
    def ask(self, ends: list[str], quantity: int) -> None:
        wish = Ask(ends[0], ends[1], [Units(SKU, quantity)], f"ask{next(self.keys)}")
        answer: Answer = self.run(resolvers.transfers.create(self.doors[0], wish))
        assert answer.transfer
        self.ids.append(answer.transfer.id)

    @precondition(lambda self: self.ids)
    @rule(rush=st.lists(steps, min_size=1, max_size=4))
    def step(self, rush: list[tuple[int, TransferState | None, int | None]]) -> None:
        """Several steps at once: the next one that is due, or any; some of them on one transfer."""
        self.clock.wind(timedelta(seconds=1))
        known = self.transfers()
        asked = []
        for n, (pick, to, quantity) in enumerate(rush):
            transfer = known[pick % len(known)]
            due = to or (domain.transfers.allowed(transfer) or STEPS)[0]
            lines = None if quantity is None else [Units(SKU, quantity)]
            command = Go(due, transfer.id, f"step{next(self.keys)}", lines)
            asked.append(resolvers.transfers.go(self.doors[n % 2], command))
        for answer in self.run(at_once(asked)):
            assert (answer.transfer is None) == bool(answer.user_errors)

    @rule()
    def sweep(self) -> None:
        sources = self.doors[1].sources
        self.run(resolvers.housekeeping.sweep(sources.reservations, sources.reserve, self.clock()))

    def transfers(self) -> Sequence[Transfer]:
        found: Sequence[Transfer] = self.run(self.doors[1].sources.transfers.transfers(self.ids))
        return found

    @invariant()
    def nothing_is_lost_from_sight_and_nothing_held_for_nobody_STK_2_RSV_3(self) -> None:
        known, now = self.transfers(), self.clock()
        holds = self.run(self.doors[0].sources.reservations.reservations([one.hold or "" for one in known]))
        kept = [one is not None and one.state_at(now) is ReservationState.ACTIVE for one in holds]
        book = self.run(self.doors[0].sources.stock.levels([SKU], PLACES))
        for transfer, hold in zip(known, holds, strict=True):
            assert (hold is not None) == bool(domain.transfers.to_hold(transfer))
            assert hold is None or hold.lines == domain.transfers.to_hold(transfer)
        for place in PLACES:
            level = book[SKU, place]
            sent = [one for one in known if one.from_location_id == place]
            here = [one for one, is_kept in zip(known, kept, strict=True) if is_kept and one in sent]
            assert held(level, now) == sum(line.quantity for one in here for line in domain.transfers.to_hold(one))
            assert level.in_transit_out == sum(one.in_transit for one in sent)
            assert level.in_transit_in == sum(one.in_transit for one in known if one.to_location_id == place)
        lines = [line for one in known for line in one.lines]
        assert all(line.shipped == line.in_transit + line.received + line.lost for line in lines)
        total = sum(level.on_hand + level.in_transit_in for level in book.values())
        assert total == len(PLACES) * EACH + self.traded - sum(line.lost for line in lines)

    def teardown(self) -> None:
        for store in self.stores:
            self.run(store.close())
        self.runner.close()


async def at_once(asked: Sequence[Coroutine[Any, Any, Answer]]) -> Sequence[Answer]:
    return await asyncio.gather(*asked)


def test_transfers_at_once_and_by_the_clock_lose_nothing_STK_2(migrated_sqlite_template: Path, tmp_path: Path) -> None:
    class Here(Stores):
        def __init__(self) -> None:
            super().__init__(migrated_sqlite_template, tmp_path)

    few = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    run_state_machine_as_test(Here, settings=few)
