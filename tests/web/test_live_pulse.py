"""Who is still there: sockets are pinged in turns, and who does not answer, or never greets, is not waited for."""

import asyncio

import pytest

from tests.web.conftest import Open
from tests.web.front import Wiring
from tests.web.test_live import closing_code, greet, socket, watch
from web.pulse import GROUPS, Pace, Pulse

QUICK = Pace(ping_every_s=0.1, greeting_s=0.1)


def test_the_server_pings_and_who_answers_stays(open_front: Open) -> None:
    front = open_front(Wiring(pace=QUICK))
    with socket(front) as opened:
        greet(opened)
        for _ in range(5):
            assert opened.receive_json() == {"type": "ping"}
            opened.send_json({"type": "pong"})
        assert watch(opened)["type"] in ("next", "ping")


def test_who_answers_no_ping_is_not_waited_for(open_front: Open) -> None:
    front = open_front(Wiring(pace=QUICK))
    with socket(front) as opened:
        greet(opened)
        assert [opened.receive_json() for _ in range(2)] == [{"type": "ping"}] * 2
        assert closing_code(opened) == 4408


def test_who_does_not_greet_is_not_waited_for(open_front: Open) -> None:
    front = open_front(Wiring(pace=QUICK))
    with socket(front) as opened:
        assert closing_code(opened) == 4408


class Counting:
    """Counts its turns, and says so."""

    def __init__(self) -> None:
        self.turns = 0
        self.had_one = asyncio.Event()

    def beat(self) -> None:
        self.turns += 1
        self.had_one.set()


@pytest.mark.anyio
async def test_everybody_has_a_turn_and_not_all_at_once() -> None:
    pulse, many = Pulse(every_s=0.2), [Counting() for _ in range(3 * GROUPS)]
    for one in many:
        pulse.join(one)
    await many[0].had_one.wait()
    assert sum(one.turns for one in many) == 3
    await asyncio.gather(*(one.had_one.wait() for one in many))
    assert {one.turns for one in many} == {1}


@pytest.mark.anyio
async def test_who_left_has_no_turn_and_the_timer_starts_again_for_the_next() -> None:
    pulse, gone, later = Pulse(every_s=0.02), Counting(), Counting()
    group = pulse.join(gone)
    await gone.had_one.wait()
    group.discard(gone)
    turns = gone.turns
    await asyncio.sleep(0.1)
    assert gone.turns == turns
    pulse.join(later)
    await later.had_one.wait()
