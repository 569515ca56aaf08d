"""The tablet of a store, through the graph: who came in, what they are shown as, and what nobody else is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import pytest

import resolvers.ids
import resolvers.relay
import schema.build
from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.viewers import GUEST, Viewer
from resolvers.context import Context
from tests.builders import ASSOCIATE, INTEGRATOR, MEMBER, shop
from tests.schema import client_operations
from tests.schema.client_operations import CLIENT, ID, OPERATIONS, STRANGER, VIEW
from tests.schema.store_operations import mutation
from tests.worlds import asked, fill, sources

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
PATIENCE_S = 5.0
OTHER = replace(ASSOCIATE, id="a-2", location_id="SH002")
WATCH = 'subscription { memberInStore(store: "SH001") { isSnapshot visits { at member { id profile { name } } } } }'
LOOK = f"query ($id: ID!) {{ {VIEW} }}"


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> AsyncIterator[Context]:
    """An associate of SH001 in a world whose relay runs."""
    await fill(migrated_database_url, [shop("SH001"), shop("SH002")])
    await client_operations.plant(store)
    bus = MemoryBus()
    relay = asyncio.create_task(resolvers.relay.run(store.log, bus))
    yield asked(sources(store, bus), viewer=ASSOCIATE)
    relay.cancel()
    with suppress(asyncio.CancelledError):
        await relay


async def ask(ctx: Context, text: str, **variables: Any) -> tuple[Any, list[str]]:
    """The data, and the codes of the errors."""
    done = await GRAPH.execute(text, variable_values=variables, context_value=ctx.anew())
    return done.data, [(error.extensions or {})["code"] for error in done.errors or []]


async def test_an_associate_is_shown_all_of_a_client_on_one_page(ctx: Context) -> None:
    data, errors = await ask(ctx, LOOK, id=ID)
    assert errors == []
    shown = data["clientView"]
    assert (shown["member"]["code"], shown["birthdayInDays"], shown["openPickups"]) == ("C-c-1", 3, [])
    assert shown["binding"]["associate"]["code"] == "a-1"
    assert [(task["kind"], task["dueOn"]) for task in shown["tasks"]] == [
        ("BIRTHDAY", "2026-11-24"),
        ("FOLLOW_UP", "2026-11-25"),
    ]
    assert [note["text"] for note in shown["notes"]] == ["喜欢宽松版型"]


@pytest.mark.parametrize("viewer", [OTHER, ASSOCIATE], ids=["of another store", "of the store"])
async def test_whom_one_may_not_see_is_as_good_as_nobody_byte_for_byte_CLI_1(ctx: Context, viewer: Viewer) -> None:
    """Reading, and each command that names a member: only the id itself differs."""
    unseen, nobody = (resolvers.ids.encode("Member", key) for key in (STRANGER, "c-9"))
    who = replace(ctx, viewer=viewer)
    commands = {
        "clientNoteAdd": {"text": "x"},
        "clientTaskCreate": {"dueOn": "2026-11-30", "note": "x"},
    }
    for id in (unseen, nobody):
        told = [await ask(who, LOOK, id=id)]
        for field, said in commands.items():
            text, variables = mutation(field, "", {**said, "member": id, "idempotencyKey": f"{field}{id}"})
            told.append(await ask(who, text, **variables))
        assert told[0] == ({"clientView": None}, [])
        if id == unseen:
            first = orjson.dumps(told)
    assert orjson.dumps(told) == first.replace(unseen.encode(), nobody.encode())


@pytest.mark.parametrize("field", OPERATIONS)
async def test_neither_guests_nor_members_serve_anybody(ctx: Context, field: str) -> None:
    text, variables = OPERATIONS[field]
    for viewer, code in ((GUEST, "UNAUTHENTICATED"), (MEMBER, "FORBIDDEN")):
        assert (await ask(replace(ctx, viewer=viewer), text, **variables))[1] == [code]


@pytest.mark.parametrize("field", ["associateUpsert", "clientsHandOver", "commissionStatementClose"])
async def test_what_the_merchant_decides_no_associate_does(ctx: Context, field: str) -> None:
    text, variables = OPERATIONS[field]
    assert (await ask(ctx, text, **variables))[1] == ["FORBIDDEN"]
    assert (await ask(replace(ctx, viewer=INTEGRATOR), text, **variables))[1] == []


async def test_a_tablet_shows_masked_who_is_in_the_store_CLI_2(ctx: Context) -> None:
    stream: Any = await GRAPH.subscribe(WATCH, context_value=ctx)

    async def told() -> tuple[bool, list[tuple[str, str]]]:
        update = (await asyncio.wait_for(anext(stream), PATIENCE_S)).data["memberInStore"]
        seen = [(visit["member"]["id"], visit["member"]["profile"]["name"]) for visit in update["visits"]]
        return update["isSnapshot"], seen

    assert await told() == (True, [(ID, "周洁")])
    text, variables = mutation("memberCheckIn", "member { id }", {"code": "C-c-2", "location": "SH001"})
    assert (await ask(ctx, text, **variables))[1] == []
    is_snapshot, ((_, name),) = await told()
    assert (is_snapshot, name) == (False, "顾*")
    await stream.aclose()


async def test_a_tablet_of_another_store_watches_in_vain(ctx: Context) -> None:
    for viewer, code in ((OTHER, "FORBIDDEN"), (MEMBER, "FORBIDDEN"), (GUEST, "UNAUTHENTICATED")):
        stream: Any = await GRAPH.subscribe(WATCH, context_value=replace(ctx, viewer=viewer))
        result = await anext(stream) if hasattr(stream, "__anext__") else stream
        assert [error.extensions["code"] for error in result.errors] == [code]


async def test_a_member_is_told_who_looks_after_them(ctx: Context) -> None:
    own = replace(ctx, viewer=replace(MEMBER, id=CLIENT))
    data, errors = await ask(own, "{ me { lastVisitAt boundTo { associate { name } member { id } } } }")
    assert errors == []
    bound = {"associate": {"name": "李娜"}, "member": {"id": ID}}
    assert data == {"me": {"lastVisitAt": "2026-11-21T04:00:00+00:00", "boundTo": bound}}
