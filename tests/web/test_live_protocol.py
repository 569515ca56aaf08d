"""`graphql-transport-ws`, message by message: what the protocol's document asks of a server, and what we add."""

from typing import Any

import pytest

from domain.viewers import Role
from tests.web.front import Front
from tests.web.test_live import COUNT, WATCH, closing_code, count, greet, socket, watch


def subscribe(id: Any, **payload: Any) -> dict[str, Any]:
    return {"type": "subscribe", "id": id, "payload": {"query": WATCH} | payload}


def test_greeting_twice_closes_the_socket(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        opened.send_json({"type": "connection_init"})
        assert closing_code(opened) == 4429


def test_an_id_in_use_closes_the_socket(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        assert watch(opened)["type"] == "next"
        opened.send_json(subscribe("1"))
        assert closing_code(opened) == 4409


def test_an_id_is_free_again_once_its_subscription_is_complete(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        for _ in range(3):
            assert watch(opened)["payload"]["data"]["availabilityChanged"]["isSnapshot"] is True
            opened.send_json({"type": "complete", "id": "1"})


def test_what_was_completed_is_told_nothing_more(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        watch(opened, id="1")
        watch(opened, id="2")
        opened.send_json({"type": "complete", "id": "1"})
        count(front, 3, "k-1")
        assert opened.receive_json()["id"] == "2"


def test_completing_what_is_not_there_is_no_fault(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        opened.send_json({"type": "complete", "id": "1"})
        assert watch(opened)["type"] == "next"


def test_a_ping_is_answered_at_any_time(front: Front) -> None:
    with socket(front) as opened:
        opened.send_json({"type": "ping"})
        assert opened.receive_json() == {"type": "pong"}
        greet(opened)
        opened.send_json({"type": "ping", "payload": {"any": "thing"}})
        assert opened.receive_json() == {"type": "pong"}
        opened.send_json({"type": "pong"})
        assert watch(opened)["type"] == "next"


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        '{"id": "1"}',
        '{"type": "complete"}',
        '{"type": "subscribe", "id": 5, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "operationName": 5}}',
    ],
)
def test_a_message_that_is_none_closes_the_socket(front: Front, message: str) -> None:
    with socket(front) as opened:
        greet(opened)
        opened.send_text(message)
        assert closing_code(opened) == 4400


@pytest.mark.parametrize("channel", [5, ["STORE"], {"name": "STORE"}, "shop"])
def test_a_channel_that_is_none_closes_the_socket(front: Front, channel: Any) -> None:
    """Prices differ by channel: nobody is shown another channel's without a word."""
    with socket(front) as opened:
        opened.send_json({"type": "connection_init", "payload": {"X-Channel": channel}})
        assert closing_code(opened) == 4400


def test_bytes_close_the_socket(front: Front) -> None:
    with socket(front) as opened:
        opened.send_bytes(b'{"type": "connection_init"}')
        assert closing_code(opened) == 4400


def test_another_protocol_is_not_spoken(front: Front) -> None:
    with front.client.websocket_connect("/graphql", subprotocols=["graphql-ws"]) as opened:
        assert closing_code(opened) == 4406


@pytest.mark.parametrize(
    "payload", [{"query": "subscription {"}, {"query": "subscription { nothing }"}, {"operationName": "Nowhere"}]
)
def test_an_operation_that_cannot_run_is_an_error_and_the_socket_stays(front: Front, payload: Any) -> None:
    with socket(front) as opened:
        greet(opened)
        opened.send_json(subscribe("1", **payload))
        message = opened.receive_json()
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"]["code"]
        assert watch(opened)["type"] == "next"


def test_queries_and_mutations_run_over_a_socket_too(front: Front) -> None:
    with socket(front) as opened:
        greet(opened, {"authorization": front.bearer(Role.INTEGRATOR)})
        asked = subscribe("q", query="query Q { __typename } query R { x: __typename }", operationName="R")
        opened.send_json(asked)
        assert opened.receive_json() == {"id": "q", "type": "next", "payload": {"data": {"x": "Query"}}}
        assert opened.receive_json() == {"id": "q", "type": "complete"}
        opened.send_json(subscribe("m", query=COUNT, variables={"quantity": 4, "key": "k-1"}))
        assert opened.receive_json()["payload"]["data"]["inventorySet"]["results"] == [{"status": "UPDATED"}]


def test_a_socket_holds_fifty_subscriptions_and_says_no_to_more(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        for number in range(50):
            assert watch(opened, id=str(number))["type"] == "next"
        message = watch(opened, id="50")
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "TOO_MANY_SUBSCRIPTIONS")
        opened.send_json({"type": "complete", "id": "7"})
        assert watch(opened, id="50")["type"] == "next"


def test_viewers_of_different_rights_are_told_different_things_of_the_same_change(front: Front) -> None:
    with socket(front) as shopper, socket(front) as associate:
        greet(shopper)
        greet(associate, {"authorization": front.bearer(Role.ASSOCIATE)})
        watch(shopper)
        watch(associate)
        count(front, 6, "k-1")
        told = [opened.receive_json()["payload"]["data"] for opened in (shopper, associate)]
        assert [update["availabilityChanged"]["offers"][0]["quantity"] for update in told] == [None, 6]
