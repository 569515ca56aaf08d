"""Who signs out at one worker is signed out at every other, by the bus they share."""

import pytest

from tests.web.conftest import Open
from tests.web.front import Front, Wiring
from tests.web.test_live import greet, socket, watch
from tests.web.test_sign_in import ME, asked, bearer, reason, signed_in


@pytest.fixture
def workers(open_front: Open, redis_url: str) -> list[Front]:
    """Two of them, over one store and one bus."""
    return [open_front(Wiring(bus_url=redis_url)) for _ in range(2)]


def test_a_session_that_ends_at_one_worker_ends_its_subscriptions_at_the_other_LIV_4(workers: list[Front]) -> None:
    here, there = workers
    session = signed_in(here)
    assert there.ask(ME, headers=bearer(session))["data"]["me"]
    with socket(there) as opened:
        greet(opened, bearer(session))
        assert watch(opened)["type"] == "next"
        asked(here, "sessionEndAll", "endedCount", by=session)
        told = opened.receive_json()["payload"]  # though nothing happens that it watches
        assert told["errors"][0]["extensions"]["reason"] == "SESSION_ENDED"
    assert reason(there, session) == reason(here, session) == "SESSION_ENDED"


def test_a_refresh_token_is_good_at_every_worker_and_only_once(workers: list[Front]) -> None:
    here, there = workers
    first = signed_in(here)
    second = asked(there, "sessionRefresh", refreshToken=first["refreshToken"])["session"]
    again = asked(here, "sessionRefresh", refreshToken=first["refreshToken"])
    assert again["session"] is None
    assert reason(here, second) == "SESSION_ENDED"
