"""Nobody works for a client that has gone, and no operation works for ever."""

import asyncio
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from starlette.types import Message

import settings
import web.tokens
from resolvers.context import Sources
from tests.web.conftest import Open
from tests.web.failing import EndlessStock
from tests.web.front import Wiring, application

STOCK = '{ productByCode(code: "DJ01-L") { sku availability(storeIds: ["SH001"]) { quantity } } }'


@pytest.mark.anyio
async def test_what_is_done_for_a_client_that_goes_away_is_cancelled(shop_file: Path, tmp_path: Path) -> None:
    stock = EndlessStock()
    chosen = settings.load(database_url=f"sqlite+aiosqlite:///{shop_file}", jwks_file=tmp_path / "keys.json")
    web.tokens.make_keys(chosen.jwks_file)
    app = application(chosen, Wiring(sources=lambda sources: replace(sources, stock=stock)))
    asked = [{"type": "http.request", "body": orjson.dumps({"query": STOCK}), "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await stock.asked.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app), asyncio.timeout(10):
        await app(_scope(), receive, send)
    assert stock.given_up == 1
    assert sent[0]["status"] == 499


def test_an_operation_ends_at_its_deadline_and_so_does_what_works_for_it(open_front: Open) -> None:
    stock = EndlessStock()

    def with_endless_stock(sources: Sources) -> Sources:
        return replace(sources, stock=stock)

    front = open_front(Wiring(sources=with_endless_stock, deadline_s=0.2))
    assert front.refusal(STOCK) == "DEADLINE_EXCEEDED"
    assert stock.given_up == 1
    assert front.ask('{ productByCode(code: "DJ01-L") { sku } }')["data"] == {"productByCode": {"sku": "DJ01-L"}}


def _scope() -> dict[str, object]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"host", b"shop.example")],
        "server": ("shop.example", 80),
        "client": ("127.0.0.1", 1),
        "state": {},
    }
