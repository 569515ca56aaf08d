"""Rights while a stream runs: they are looked at for every event, and who lost them is told no more (LIV-4)."""

import json
from datetime import datetime, timedelta

import pytest

import compose
from domain.viewers import Role
from tests.web.conftest import Open
from tests.web.front import Front, Wiring
from tests.web.test_live import WATCH, closing_code, count, greet, socket, watch
from web.pulse import Pace


class Clock:
    """A clock that the test sets forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return compose.utc_now() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patient(open_front: Open, clock: Clock) -> Front:
    """A server that never pings, so that only events end a stream."""
    return open_front(Wiring(clock=clock))


def test_a_token_that_expires_ends_its_subscriptions_with_the_next_event_LIV_4(patient: Front, clock: Clock) -> None:
    with socket(patient) as opened, socket(patient) as guest:
        greet(opened, {"authorization": patient.bearer(Role.ASSOCIATE, lifetime=timedelta(minutes=5))})
        greet(guest)
        watch(opened)
        watch(guest)
        clock.ahead = timedelta(minutes=6)
        count(patient, 4, "k-1")
        told = opened.receive_json()["payload"]
        said = told["errors"][0]["extensions"]
        assert (told["data"], said["code"], said["reason"]) == (None, "UNAUTHENTICATED", "TOKEN_EXPIRED")
        assert opened.receive_json() == {"id": "1", "type": "complete"}
        assert guest.receive_json()["payload"]["data"]["availabilityChanged"]["isSnapshot"] is False


def test_a_token_that_is_only_just_past_its_time_still_holds_for_clocks_differ(patient: Front, clock: Clock) -> None:
    with socket(patient) as opened:
        greet(opened, {"authorization": patient.bearer(Role.ASSOCIATE, lifetime=timedelta(minutes=5))})
        watch(opened)
        clock.ahead = timedelta(minutes=5, seconds=10)
        count(patient, 4, "k-1")
        assert opened.receive_json()["payload"]["data"]["availabilityChanged"]["offers"][0]["quantity"] == 4


def test_who_asks_for_more_with_a_token_that_expired_is_sent_away_LIV_4(patient: Front, clock: Clock) -> None:
    with socket(patient) as opened:
        greet(opened, {"authorization": patient.bearer(Role.ASSOCIATE, lifetime=timedelta(minutes=5))})
        clock.ahead = timedelta(minutes=6)
        opened.send_json({"type": "subscribe", "id": "1", "payload": {"query": WATCH}})
        assert closing_code(opened) == 4403


def test_a_socket_whose_token_expired_is_closed_though_nothing_happens_LIV_4(open_front: Open, clock: Clock) -> None:
    front = open_front(Wiring(clock=clock, pace=Pace(ping_every_s=0.2)))
    with socket(front) as opened:
        greet(opened, {"authorization": front.bearer(Role.ASSOCIATE, lifetime=timedelta(minutes=5))})
        assert opened.receive_json() == {"type": "ping"}
        clock.ahead = timedelta(minutes=6)
        assert closing_code(opened) == 4403


def test_over_server_sent_events_a_token_that_expires_ends_the_stream_LIV_4(patient: Front, clock: Clock) -> None:
    authorization = patient.bearer(Role.ASSOCIATE, lifetime=timedelta(minutes=5))
    clock.ahead = timedelta(minutes=6)  # it expired between its verification, by our own clock, and the first event
    headers = {"accept": "text/event-stream", "authorization": authorization}
    answer = patient.client.post("/graphql", json={"query": WATCH}, headers=headers)
    told = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    assert [error["extensions"]["reason"] for data in told for error in data.get("errors", [])] == ["TOKEN_EXPIRED"]
