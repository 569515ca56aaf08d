"""Live stock over a WebSocket and over server-sent events: who may open one, and what arrives."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from domain.viewers import Role
from tests.web.conftest import Open
from tests.web.front import Front, Wiring

PROTOCOL = "graphql-transport-ws"
WATCH = """subscription {
  availabilityChanged(skus: ["DJ01-L"], locations: ["SH001"]) { isSnapshot offers { quantity version } }
}"""
COUNT = """mutation ($quantity: Int!, $key: String!) {
  inventorySet(input: {items: [{sku: "DJ01-L", location: "SH001", quantity: $quantity}], idempotencyKey: $key}) {
    results { status }
  }
}"""


@contextmanager
def socket(front: Front, **headers: str) -> Iterator[WebSocketTestSession]:
    with front.client.websocket_connect("/graphql", subprotocols=[PROTOCOL], headers=headers) as opened:
        yield opened


def greet(opened: WebSocketTestSession, payload: Mapping[str, Any] | None = None) -> None:
    opened.send_json({"type": "connection_init", "payload": payload})
    assert opened.receive_json()["type"] == "connection_ack"


def watch(opened: WebSocketTestSession, query: str = WATCH, id: str = "1") -> Any:
    opened.send_json({"type": "subscribe", "id": id, "payload": {"query": query}})
    return opened.receive_json()


def closing_code(opened: WebSocketTestSession) -> int:
    with pytest.raises(WebSocketDisconnect) as closed:
        opened.receive_json()
    return closed.value.code


def count(front: Front, quantity: int, key: str) -> None:
    front.ask(COUNT, role=Role.INTEGRATOR, quantity=quantity, key=key)


def test_a_socket_gets_a_snapshot_and_then_what_changes(front: Front) -> None:
    with socket(front) as opened:
        greet(opened, {"authorization": front.bearer(Role.ASSOCIATE)})
        first = watch(opened)["payload"]["data"]["availabilityChanged"]
        assert (first["isSnapshot"], first["offers"][0]["quantity"]) == (True, 7)
        count(front, 5, "k-1")
        second = opened.receive_json()["payload"]["data"]["availabilityChanged"]
        assert second["isSnapshot"] is False
        assert second["offers"] == [{"quantity": 5, "version": first["offers"][0]["version"] + 1}]


def test_a_shopper_on_a_socket_sees_no_numbers(front: Front) -> None:
    with socket(front) as opened:
        greet(opened)
        assert watch(opened)["payload"]["data"]["availabilityChanged"]["offers"][0]["quantity"] is None


@pytest.mark.parametrize("authorization", ["Bearer garbage", "garbage", 5, ["x"]])
def test_a_socket_with_a_bad_token_is_closed(front: Front, authorization: Any) -> None:
    with socket(front) as opened:
        opened.send_json({"type": "connection_init", "payload": {"Authorization": authorization}})
        assert closing_code(opened) == 4403


def test_a_socket_with_a_token_past_its_time_is_closed(front: Front) -> None:
    with socket(front) as opened:
        stale = front.bearer(Role.MEMBER, lifetime=timedelta(hours=-1))
        opened.send_json({"type": "connection_init", "payload": {"authorization": stale}})
        with pytest.raises(WebSocketDisconnect) as closed:
            opened.receive_json()
    assert (closed.value.code, closed.value.reason.split(":")[0]) == (4403, "TOKEN_EXPIRED")


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", 4400), ('{"type": "nonsense"}', 4400), ('{"type": "connection_init", "payload": "x"}', 4400)],
)
def test_a_socket_that_speaks_another_language_is_closed(front: Front, text: str, code: int) -> None:
    with socket(front) as opened:
        opened.send_text(text)
        assert closing_code(opened) == code


def test_asking_before_the_greeting_closes_the_socket(front: Front) -> None:
    with socket(front) as opened:
        opened.send_json({"type": "subscribe", "id": "1", "payload": {"query": WATCH}})
        assert closing_code(opened) == 4401


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (WATCH.replace("SH001", "SH999"), "UNKNOWN_LOCATION"),
        (WATCH.replace("DJ01-L", "NOTHING"), "UNKNOWN_SKU"),
        (WATCH.replace('["DJ01-L"]', "[]"), "TOO_MANY_WATCHED"),
        (WATCH.replace("isSnapshot", "nothing"), "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_watching_what_is_not_there_says_why_and_leaves_the_socket_open(front: Front, query: str, code: str) -> None:
    with socket(front) as opened:
        greet(opened)
        message = watch(opened, query)
        (error,) = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert error["extensions"]["code"] == code
        assert error["extensions"]["requestId"]
        if message["type"] == "next":
            assert opened.receive_json() == {"id": "1", "type": "complete"}
        assert watch(opened, id="2")["type"] == "next"


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        ("https://servicewechat.com", True),
        ("weapp://wx0123456789abcdef", True),
        ("https://shop.example", True),
        ("http://testserver", True),
        ("https://elsewhere.example", False),
        ("https://servicewechat.com.elsewhere.example", False),
        ("https://elsewhere.example/?servicewechat.com", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_wechat_and_pages_we_know_may_open_a_socket_and_foreign_ones_may_not(
    open_front: Open, origin: str, is_let_in: bool
) -> None:
    front = open_front(Wiring(allowed_origins=("https://shop.example",)))
    if is_let_in:
        with socket(front, origin=origin) as opened:
            greet(opened)
        return
    with pytest.raises(WebSocketDisconnect), socket(front, origin=origin):
        pass


def test_a_foreign_page_reads_nothing_and_a_known_one_may(open_front: Open) -> None:
    front = open_front(Wiring(allowed_origins=("https://shop.example",)))

    def allowed(origin: str) -> str | None:
        return front.client.get("/livez", headers={"origin": origin}).headers.get("access-control-allow-origin")

    assert allowed("https://shop.example") == "https://shop.example"
    assert allowed("https://elsewhere.example") is None


def test_a_plain_post_is_told_where_to_subscribe(front: Front) -> None:
    answer = front.client.post("/graphql", json={"query": WATCH})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "BAD_OPERATION")
    assert "text/event-stream" in error["message"]


def test_a_subscription_that_is_refused_over_sse_says_why_and_ends(front: Front) -> None:
    query = WATCH.replace("SH001", "SH999")
    answer = front.client.post("/graphql", json={"query": query}, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    assert [error["extensions"]["code"] for data in told for error in data.get("errors", [])] == ["UNKNOWN_LOCATION"]
