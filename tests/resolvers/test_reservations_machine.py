"""Use cases in any order and at once, over two workers and a real store: the book is always what its reservations say.

Keys come again, with the same wish and with others; steps come again, late and together; sweeps come whenever.
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

import resolvers.housekeeping
from datasources.store.store import Store
from domain.refusals.general import IdempotencyConflict
from domain.refusals.stock import OutOfStock
from domain.reservations import Reservation, ReservationState
from domain.stock import Key, held
from resolvers.rounds import Answer
from tests.builders import count
from tests.resolvers.reserving import GOODS, Clock, L, M, act, reserve, visit
from tests.worlds import fill, tell

AT_FIRST = {L: 6, M: 4}

levels = st.sampled_from([L, M])
wishes = st.tuples(st.integers(0, 9), st.dictionaries(levels, st.integers(1, 3), min_size=1))
steps = st.tuples(st.sampled_from(["confirm", "extend", "release", "fulfil"]), st.integers(0, 99))
copies = itertools.count()


class Counter(RuleBasedStateMachine):
    """Two workers of one shop, and every reservation that was ever acknowledged."""

    def __init__(self, template: Path, directory: Path) -> None:
        super().__init__()
        file = shutil.copyfile(template, directory / f"{next(copies)}.sqlite3")
        self.url = f"sqlite+aiosqlite:///{file}"
        self.clock, self.runner = Clock(), asyncio.Runner()
        self.stores = [Store(self.url) for _ in range(2)]
        self.doors = [visit(store, self.clock) for store in self.stores]
        self.acknowledged: dict[str, Reservation] = {}
        self.of_key: dict[str, tuple[str, dict[Key, int]]] = {}
        self.run(fill(self.url, GOODS))
        self.run(tell(self.stores[0], count(AT_FIRST[L]), count(AT_FIRST[M], sku="DJ01-M")))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @rule(seconds=st.sampled_from([1, 60, 600, 900]))
    def wait(self, seconds: int) -> None:
        self.clock.wind(timedelta(seconds=seconds))

    @rule(rush=st.lists(wishes, min_size=1, max_size=5))
    def come(self, rush: list[tuple[int, dict[Key, int]]]) -> None:
        """Several at once; the same key may come twice, and be an old one (RSV-8, §0 idempotency)."""
        asked = [reserve(self.doors[n % 2], *sorted(wish.items()), key=f"k{key}") for n, (key, wish) in enumerate(rush)]
        for (key, wish), answer in zip(rush, self.run(at_once(asked)), strict=True):
            if answer.reservation is not None:
                made = answer.reservation
                assert self.of_key.setdefault(f"k{key}", (made.id, wish)) == (made.id, wish)
                self.acknowledged[made.id] = made
            else:
                assert {type(refusal) for refusal in answer.user_errors} <= {OutOfStock, IdempotencyConflict}

    @precondition(lambda self: self.acknowledged)
    @rule(rush=st.lists(steps, min_size=1, max_size=4))
    def act(self, rush: list[tuple[str, int]]) -> None:
        """Several steps at once, some of them on one reservation, some of them late (RSV-4)."""
        ids = sorted(self.acknowledged)
        asked = [act(self.doors[n % 2], step, ids[pick % len(ids)]) for n, (step, pick) in enumerate(rush)]
        for answer in self.run(at_once(asked)):
            assert answer.reservation is not None or answer.user_errors

    @rule(by=st.integers(0, 1))
    def sweep(self, by: int) -> None:
        sources = self.doors[by].sources
        self.run(resolvers.housekeeping.sweep(sources.reservations, sources.reserve, self.clock()))

    @invariant()
    def the_book_is_what_its_reservations_say(self) -> None:
        """RSV-1, RSV-4, RSV-5, and nothing acknowledged is lost."""
        ids = sorted(self.acknowledged)
        found: list[Reservation] = self.run(self.doors[0].sources.reservations.reservations(ids))
        assert [one.id for one in found] == ids
        book = self.run(self.doors[1].sources.stock.levels(["DJ01-L", "DJ01-M"], ["SH001"]))
        for key, level in book.items():
            active = [one for one in found if one.state_at(self.clock()) is ReservationState.ACTIVE]
            paid = [one for one in found if one.state is ReservationState.CONFIRMED and one.fulfilled_at is None]
            gone = [one for one in found if one.fulfilled_at is not None]
            assert held(level, self.clock()) == units(active, key)
            assert level.committed == units(paid, key)
            assert level.on_hand == AT_FIRST[key] - units(gone, key)
            assert units(active, key) + units(paid, key) <= level.on_hand
        for one in found:
            former = self.acknowledged[one.id]
            assert former.state in (ReservationState.ACTIVE, one.state)
            self.acknowledged[one.id] = one

    def teardown(self) -> None:
        for store in self.stores:
            self.run(store.close())
        self.runner.close()


async def at_once(asked: Sequence[Coroutine[Any, Any, Answer]]) -> Sequence[Answer]:
    return await asyncio.gather(*asked)


def units(reservations: Sequence[Reservation], key: Key) -> int:
    return sum(line.quantity for one in reservations for line in one.lines if line.key == key)


def test_the_book_is_what_its_reservations_say_whatever_is_asked_at_once_RSV_1_4_5_8(
    migrated_sqlite_template: Path, tmp_path: Path
) -> None:
    class Here(Counter):
        def __init__(self) -> None:
            super().__init__(migrated_sqlite_template, tmp_path)

    few = settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    run_state_machine_as_test(Here, settings=few)
