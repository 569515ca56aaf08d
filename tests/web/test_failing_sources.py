"""A source that is down costs its own fields; a mistake of ours is hidden behind an incident id; neither is silent."""

import asyncio
from dataclasses import replace
from pathlib import Path

import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from datasources.ports.errors import Unavailable
from resolvers.context import Sources
from tests.web.conftest import Open
from tests.web.failing import BrokenStock, DeadStock
from tests.web.front import Front, Wiring
from web.explorer.pages import Explorer

STOCK = """{ productByCode(code: "DJ01-L") {
  sku product { title } price { price { amount } } availability(storeIds: ["SH001"]) { quantity }
} }"""


def with_dead_stock(sources: Sources) -> Sources:
    return replace(sources, stock=DeadStock())


def with_broken_stock(sources: Sources) -> Sources:
    return replace(sources, stock=BrokenStock())


def test_a_dead_source_costs_its_own_field_and_names_itself(open_front: Open) -> None:
    answer = open_front(Wiring(sources=with_dead_stock)).ask(STOCK)
    (error,) = answer["errors"]
    facts = {key: error["extensions"][key] for key in ("code", "source", "retryable")}
    assert facts == {"code": "SOURCE_UNAVAILABLE", "source": "pos", "retryable": True}
    assert error["path"] == ["productByCode", "availability"]
    assert answer["data"]["productByCode"] == {
        "sku": "DJ01-L",
        "product": {"title": "轻暖羽绒服"},
        "price": {"price": {"amount": "1299.00"}},
        "availability": None,
    }


def test_a_mistake_of_ours_is_masked_and_found_in_the_log_by_its_incident_id(open_front: Open) -> None:
    front = open_front(Wiring(sources=with_broken_stock))
    with capture_logs(processors=[merge_contextvars]) as logs:
        answer = front.ask(STOCK, headers={"x-request-id": "till-7-0001"})
    (error,) = answer["errors"]
    assert "hunter2" not in str(answer)
    assert (error["extensions"]["code"], error["extensions"]["requestId"]) == ("INTERNAL", "till-7-0001")
    (incident,) = (line for line in logs if line["event"] == "incident")
    assert incident["incident_id"] == error["extensions"]["incidentId"]
    assert isinstance(incident["exc_info"], ZeroDivisionError)


def test_a_mistake_outside_graphql_is_masked_too(open_front: Open, tmp_path: Path) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("password=hunter2")

    front = open_front(Wiring(checks={"pos": broken}))
    with capture_logs() as logs:
        answer = front.client.get("/readyz")
    (error,) = answer.json()["errors"]
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    assert [line["incident_id"] for line in logs if line["event"] == "incident"] == [error["extensions"]["incidentId"]]


def test_every_log_line_of_a_request_carries_its_id(front: Front) -> None:
    with capture_logs(processors=[merge_contextvars]) as logs:
        front.ask("{ __typename }", headers={"x-request-id": "till-7-0002"})
    assert [(line["event"], line["status"], line["path"]) for line in logs] == [("request", 200, "/graphql")]
    assert {line["request_id"] for line in logs} == {"till-7-0002"}
    assert structlog.contextvars.get_contextvars() == {}


def test_a_shop_that_has_all_it_needs_is_ready(front: Front) -> None:
    assert front.client.get("/livez").json() == {"status": "ok"}
    answer = front.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": {"store": "ok", "bus": "ok"}})


def test_readiness_says_what_is_not_there(open_front: Open) -> None:
    async def dead() -> None:
        raise Unavailable("bus", "connection refused")

    answer = open_front(Wiring(checks={"bus": dead})).client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "checks": {"store": "ok", "bus": "bus: connection refused"}}


def test_readiness_waits_for_nobody_who_does_not_answer(open_front: Open) -> None:
    async def hanging() -> None:
        await asyncio.Event().wait()

    answer = open_front(Wiring(checks={"bus": hanging, "pos": hanging})).client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"store": "ok", **dict.fromkeys(("bus", "pos"), "no answer within 2 s")}


def test_a_database_without_tables_is_alive_and_not_ready(open_front: Open, database_url: str) -> None:
    front = open_front(Wiring(database_url=database_url))
    assert front.client.get("/livez").status_code == 200
    answer = front.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["store"].startswith("store: ")
    assert answer.json()["checks"]["bus"] == "ok"


def test_the_explorer_without_its_code_says_which_command_brings_it(open_front: Open, tmp_path: Path) -> None:
    front = open_front(Wiring(explorer=Explorer(node_modules=tmp_path)))
    page = front.client.get("/explorer/")
    assert page.status_code == 503
    assert "scripts/explorer-assets" in page.text
    assert front.client.get("/explorer/graphiql.js").status_code == 404
    assert front.client.get("/explorer/explorer.css").status_code == 200
