"""A store counts, sends and receives through the graph, and sees what there is to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

import resolvers.relay
import schema.build
from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.viewers import GUEST
from resolvers.context import Context
from tests.builders import ASSOCIATE, MEMBER, NOW, count, entry, minutes, on_sale, shop
from tests.schema.store_operations import COUNT, OPERATIONS, TASKS, TRANSFER, mutation, plant
from tests.worlds import asked, fill, sources, tell

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
PATIENCE_S = 5.0
WATCH = 'subscription { storeTasksChanged(location: "SH001") { tasks { kind subject { id } } } }'


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> AsyncIterator[Context]:
    """An associate of SH001 in a world whose relay runs."""
    await fill(migrated_database_url, [*on_sale(entry("DJ01")), shop("SH001"), shop("SH002")])
    await tell(store, count(5, at=NOW - minutes(60)))
    bus = MemoryBus()
    relay = asyncio.create_task(resolvers.relay.run(store.log, bus))
    yield asked(sources(store, bus), viewer=ASSOCIATE)
    relay.cancel()
    with suppress(asyncio.CancelledError):
        await relay


async def ask(ctx: Context, text: str, variables: dict[str, Any] | None = None) -> tuple[Any, list[str]]:
    """The data, and the codes of the errors."""
    done = await GRAPH.execute(text, variable_values=variables or {}, context_value=ctx.anew())
    return done.data, [(error.extensions or {})["code"] for error in done.errors or []]


async def do(ctx: Context, field: str, answer: str, **input: Any) -> Any:
    """What a mutation that is not refused gives."""
    data, errors = await ask(ctx, *mutation(field, answer, input))
    assert errors == []
    assert data[field]["userErrors"] == []
    return next(value for name, value in data[field].items() if name != "userErrors")


async def kinds(ctx: Context) -> list[str]:
    """What there is to do."""
    data, errors = await ask(ctx, f"{{ {TASKS} }}")
    assert errors == []
    return [task["kind"] for task in data["storeTasks"]]


@pytest.mark.parametrize("field", OPERATIONS)
async def test_nothing_that_is_due_is_refused(ctx: Context, store: Store, field: str) -> None:
    await tell(store, count(0, location_id="SH002", at=NOW - minutes(60)))
    await plant(store)
    everywhere = replace(ctx, viewer=replace(ASSOCIATE, location_id=None))
    data, errors = await ask(everywhere, *OPERATIONS[field])
    assert errors == []
    assert not isinstance(data[field], dict) or data[field].get("userErrors", []) == []


async def test_a_count_by_two_devices_with_its_variance_before_and_after_approval(ctx: Context, store: Store) -> None:
    opened = await do(ctx, "stockCountOpen", COUNT, location="SH001", skus=["DJ01-L"])
    assert (opened["state"], opened["allowedTransitions"]) == ("OPEN", ["COUNTING", "REJECTED"])
    assert await kinds(ctx) == ["COUNT"]
    for device, quantity in (("shelf", 2), ("backroom", 1)):
        lines = [{"sku": "DJ01-L", "quantity": quantity}]
        seen = {"stockCount": opened["id"], "device": device, "lines": lines}
        counting = await do(ctx, "stockCountRecord", COUNT, **seen, idempotencyKey=device)
    (line,) = counting["lines"]["nodes"]
    assert (line["counted"], line["book"], line["variance"], line["status"]) == (3, 5, -2, "UPDATED")
    assert [(tally["device"], tally["quantity"]) for tally in line["tallies"]] == [("backroom", 1), ("shelf", 2)]
    await do(ctx, "stockCountSubmit", COUNT, stockCount=opened["id"])
    assert await kinds(ctx) == ["APPROVE_COUNT"]
    approved = await do(ctx, "stockCountApprove", COUNT, stockCount=opened["id"])
    (line,) = approved["lines"]["nodes"]
    assert (line["variance"], line["level"]) == (-2, {"onHand": 3, "oversoldBy": 0})
    assert await kinds(ctx) == []


async def test_a_transfer_between_two_stores_as_each_of_them_sees_it(ctx: Context) -> None:
    sender, receiver = ctx, replace(ctx, viewer=replace(ASSOCIATE, id="a-2", location_id="SH002"))
    wish = {"fromLocation": "SH001", "toLocation": "SH002", "lines": [{"sku": "DJ01-L", "quantity": 3}]}
    transfer = (await do(receiver, "transferCreate", TRANSFER, **wish))["id"]
    for field, task in (("Approve", "APPROVE"), ("Pick", "PICK"), ("Ship", "SHIP")):
        assert await kinds(sender) == [f"{task}_TRANSFER"]
        await do(sender, f"transfer{field}", TRANSFER, transfer=transfer)
    assert (await kinds(sender), await ask_tasks_of(receiver, "SH002")) == ([], ["RECEIVE_TRANSFER"])
    part = {"transfer": transfer, "lines": [{"sku": "DJ01-L", "quantity": 2}]}
    received = await do(receiver, "transferReceive", TRANSFER, **part)
    assert received["allowedTransitions"] == ["RECEIVED", "CLOSED"]
    closed = await do(receiver, "transferClose", TRANSFER, transfer=transfer)
    (line,) = closed["lines"]
    assert (line["shipped"], line["inTransit"], line["received"], line["lost"]) == (3, 0, 2, 1)
    assert await ask_tasks_of(receiver, "SH002") == []


async def ask_tasks_of(ctx: Context, location: str) -> list[str]:
    """What there is to do at another store."""
    data, errors = await ask(ctx, f"{{ {TASKS.replace('SH001', location)} }}")
    assert errors == []
    return [task["kind"] for task in data["storeTasks"]]


async def test_tasks_are_watched_live(ctx: Context) -> None:
    stream = await GRAPH.subscribe(WATCH, context_value=ctx)

    async def told() -> list[str]:
        update = await asyncio.wait_for(anext(stream), PATIENCE_S)
        assert update.data
        return [task["kind"] for task in update.data["storeTasksChanged"]["tasks"]]

    assert await told() == []
    opened = await do(ctx, "stockCountOpen", COUNT, location="SH001")
    assert await told() == ["COUNT"]
    await do(ctx, "stockCountReject", COUNT, stockCount=opened["id"])
    assert await told() == []
    await stream.aclose()


async def test_only_a_store_s_own_people_see_what_it_has_to_do(ctx: Context) -> None:
    tasks = f"{{ {TASKS} }}"
    other = replace(ASSOCIATE, location_id="SH002")
    for viewer, code in ((other, "FORBIDDEN"), (MEMBER, "FORBIDDEN"), (GUEST, "UNAUTHENTICATED")):
        who = replace(ctx, viewer=viewer)
        assert (await ask(who, tasks))[1] == [code]
        assert await refused(who) == [code]
    assert (await ask(ctx, tasks.replace("SH001", "nowhere")))[1] == ["UNKNOWN_LOCATION"]
    assert (await ask(ctx, tasks.replace("first: 9", "first: 0")))[1] == ["PAGE_SIZE"]


async def refused(ctx: Context) -> list[str]:
    """The codes with which a subscription is refused."""
    stream = await GRAPH.subscribe(WATCH, context_value=ctx)
    result: Any = await anext(stream) if hasattr(stream, "__anext__") else stream
    return [(error.extensions or {})["code"] for error in result.errors or []]
