"""A round takes what has gathered; everyone gets an answer of their own, and nobody's misfortune is anybody else's."""

import asyncio
from collections.abc import Sequence

import pytest

from datasources.ports.errors import Unavailable
from resolvers.combining import MOST, Combiner

pytestmark = pytest.mark.anyio


class Bug(Exception):
    """A command that cannot be done."""


class Counter:
    """Answers n with n·10, notes its rounds, and does nothing while its door is shut."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.door = asyncio.Event()
        self.door.set()

    async def run(self, commands: Sequence[int]) -> Sequence[int]:
        self.rounds.append(list(commands))
        await self.door.wait()
        if -1 in commands:
            raise Bug
        if -2 in commands:
            raise Unavailable("store", "gone")
        return [command * 10 for command in commands]


async def settled(*asked: "asyncio.Task[int]") -> list[int | BaseException]:
    return await asyncio.gather(*asked, return_exceptions=True)


def ask(combiner: Combiner[int, int], *commands: int) -> list["asyncio.Task[int]"]:
    return [asyncio.create_task(combiner.submit(command)) for command in commands]


async def test_what_comes_during_a_round_makes_the_next_one_and_each_gets_its_own_answer() -> None:
    counter = Counter()
    combiner = Combiner(counter.run)
    counter.door.clear()
    first = ask(combiner, 1)
    await asyncio.sleep(0.01)
    rest = ask(combiner, 2, 3, 4)
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in (*first, *rest))  # nothing is answered before its round is done
    counter.door.set()
    assert await settled(*first, *rest) == [10, 20, 30, 40]
    assert counter.rounds == [[1], [2, 3, 4]]


async def test_a_rush_is_done_in_rounds_of_a_bounded_size_in_the_order_it_came() -> None:
    counter = Counter()
    commands = list(range(MOST * 2 + 5))
    answers = await settled(*ask(Combiner(counter.run), *commands))
    assert answers == [command * 10 for command in commands]
    assert [len(one) for one in counter.rounds] == [MOST, MOST, 5]
    assert sum(counter.rounds, []) == commands  # noqa: RUF017  # three lists


async def test_after_a_pause_it_goes_on() -> None:
    counter = Counter()
    combiner = Combiner(counter.run)
    for command in (1, 2):
        assert await combiner.submit(command) == command * 10
        await asyncio.sleep(0.01)
    assert counter.rounds == [[1], [2]]


async def test_a_command_that_cannot_be_done_fails_alone() -> None:
    counter = Counter()
    answers = await settled(*ask(Combiner(counter.run), 1, -1, 2))
    assert [answers[0], type(answers[1]), answers[2]] == [10, Bug, 20]


async def test_when_the_store_is_away_everybody_of_the_round_hears_it_once_and_the_next_round_is_tried() -> None:
    counter = Counter()
    combiner = Combiner(counter.run)
    counter.door.clear()
    first = ask(combiner, 1, -2, 2)
    await asyncio.sleep(0.01)
    later = ask(combiner, 3)
    counter.door.set()
    assert [type(answer) for answer in await settled(*first)] == [Unavailable] * 3
    assert await settled(*later) == [30]
    assert counter.rounds == [[1, -2, 2], [3]]  # not one by one: that would triple the load of a store in need


@pytest.mark.parametrize("when", ["while it waits", "while it is done"])
async def test_whoever_leaves_takes_nobody_with_them(when: str) -> None:
    counter = Counter()
    combiner = Combiner(counter.run)
    counter.door.clear()
    first = ask(combiner, 1, 2)
    await asyncio.sleep(0.01)
    later = ask(combiner, 3, 4)
    await asyncio.sleep(0.01)
    leaving = later[0] if when == "while it waits" else first[0]
    leaving.cancel()
    await asyncio.sleep(0.01)
    counter.door.set()
    answers = await settled(*(task for task in (*first, *later) if task is not leaving))
    assert answers == ([10, 20, 40] if when == "while it waits" else [20, 30, 40])
    assert leaving.cancelled()
    assert counter.rounds == [[1, 2], [4] if when == "while it waits" else [3, 4]]


async def test_when_the_process_ends_nobody_waits_for_ever() -> None:
    """The round under way is cancelled as every task is; whoever is in it, or waits for the next one, hears so."""
    counter, before = Counter(), asyncio.all_tasks()
    combiner = Combiner(counter.run)
    counter.door.clear()
    first = ask(combiner, 1, 2)
    await asyncio.sleep(0.01)
    later = ask(combiner, 3)
    await asyncio.sleep(0.01)
    (rounds,) = asyncio.all_tasks() - before - {*first, *later}
    rounds.cancel()
    async with asyncio.timeout(5):
        assert [type(answer) for answer in await settled(*first, *later)] == [asyncio.CancelledError] * 3


async def test_the_one_who_began_the_rounds_may_leave_too() -> None:
    counter = Counter()
    combiner = Combiner(counter.run)
    counter.door.clear()
    (first,) = ask(combiner, 1)
    await asyncio.sleep(0.01)
    first.cancel()
    (second,) = ask(combiner, 2)
    await asyncio.sleep(0.01)
    counter.door.set()
    assert await settled(second) == [20]
