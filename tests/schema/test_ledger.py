"""The ledger as clients see it: every number of a level, who may read it, and no number that cannot be told."""

from typing import Any

import pytest

import schema.build
from datasources.store.store import Store
from domain.channels import Channel
from domain.stock import MAX_QUANTITY
from domain.viewers import GUEST, Viewer
from tests.builders import ASSOCIATE, INTEGRATOR, MEMBER, NOW, count, entry, minutes, on_sale, shop
from tests.schema.ledger_operations import HERE, LEVEL, LEVELS, OPERATIONS
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
ASKED = OPERATIONS["inventoryLevels"][1]
ADJUST = """mutation ($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) {
    results { status level { %s } errors { __typename code } } userErrors { code path } } }"""
OFFER = """query ($units: Int!) { productByCode(code: "DJ01-L") { availability(storeIds: ["SH001"]) {
    signal incoming { quantity expectedAt } availableFrom(quantity: $units) } } }"""


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [*on_sale(entry("DJ01"), channel=Channel.APP), shop("SH001")])
    await tell(store, count(5, at=NOW - minutes(5)))
    return store


async def answer(store: Store, operation: str, viewer: Viewer = INTEGRATOR, **variables: Any) -> tuple[Any, list[str]]:
    """The data, and the codes of the errors, asked from the app."""
    ctx = asked(store, viewer=viewer, channel=Channel.APP)
    done = await GRAPH.execute(operation, variable_values=variables, context_value=ctx)
    return done.data, [(error.extensions or {})["code"] for error in done.errors or []]


async def adjusted(store: Store, key: str, **item: Any) -> Any:
    """What became of one adjustment."""
    input = {"items": [{**HERE, "eventId": key, **item}], "idempotencyKey": key}
    data, errors = await answer(store, ADJUST % LEVEL, input=input)
    assert errors == []
    return data["inventoryAdjust"]


async def test_a_level_says_everything_there_is_to_know(filled: Store) -> None:
    for name in ("inventoryMove", "inventoryTermsSet", "inventoryInboundSet"):
        operation, variables = OPERATIONS[name]
        assert (await answer(filled, operation, **variables))[1] == []
    data, errors = await answer(filled, LEVELS % LEVEL, **ASKED)
    (level,) = data["inventoryLevels"]
    assert errors == []
    assert {q["name"]: q["quantity"] for q in level.pop("quantities")} == {
        "available": 4, "committed": 0, "reserved": 0, "damaged": 1, "safety_stock": 1, "quality_control": 0,
        "incoming": 5, "on_hand": 5,
    }  # fmt: skip
    assert level.pop("inbound") == [
        {
            "reference": "PO-1", "quantity": 5, "expectedAt": "2026-11-22T04:00:00+00:00",
            "location": {"code": "SH001"}, "variant": {"sku": "DJ01-L"},
        }
    ]  # fmt: skip
    assert level == {
        "sku": "DJ01-L", "locationCode": "SH001", "location": {"code": "SH001"}, "variant": {"sku": "DJ01-L"},
        "onHand": 5, "available": 4, "committed": 0, "held": 0, "unsellable": 1, "damaged": 1, "qualityControl": 0,
        "display": 0, "inTransitIn": 0, "inTransitOut": 0, "oversoldBy": 0, "version": 3, "asOf": NOW.isoformat(),
        "receivedAt": NOW.isoformat(), "countedAt": (NOW - minutes(5)).isoformat(), "source": "erp",
        "terms": [{"channel": "APP", "safety": 1, "quota": 3, "quotaLeft": 3}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("viewer", "codes"),
    [(GUEST, ["UNAUTHENTICATED"]), (MEMBER, ["FORBIDDEN"]), (ASSOCIATE, []), (INTEGRATOR, [])],
    ids=lambda seen: seen.id if isinstance(seen, Viewer) else "",
)
async def test_only_staff_and_integrators_read_levels_STK_12(filled: Store, viewer: Viewer, codes: list[str]) -> None:
    assert (await answer(filled, LEVELS % "onHand", viewer, **ASKED))[1] == codes


@pytest.mark.parametrize("name", ["inventoryMove", "inventoryTermsSet", "inventoryInboundSet"])
async def test_associates_do_not_write_the_ledger(filled: Store, name: str) -> None:
    operation, variables = OPERATIONS[name]
    assert (await answer(filled, operation, ASSOCIATE, **variables))[1] == ["FORBIDDEN"]


async def test_a_shopper_is_told_when_and_not_how_many_STK_12(filled: Store) -> None:
    operation, variables = OPERATIONS["inventoryInboundSet"]
    await answer(filled, operation, **variables)
    tomorrow = "2026-11-22T04:00:00+00:00"
    for viewer, quantity in ((GUEST, None), (ASSOCIATE, 5)):
        data, errors = await answer(filled, OFFER, viewer, units=6)
        assert (data["productByCode"]["availability"], errors) == (
            [
                {
                    "signal": "IN_STOCK",
                    "incoming": [{"quantity": quantity, "expectedAt": tomorrow}],
                    "availableFrom": tomorrow,
                }
            ],
            [],
        )


async def test_a_name_that_shopify_does_not_know_is_a_bad_argument(filled: Store) -> None:
    asked_for = 'quantities(names: ["on_hand", "on_order"]) { name }'
    assert (await answer(filled, LEVELS % asked_for, **ASKED))[1] == ["BAD_ARGUMENT"]


async def test_a_level_never_holds_what_an_answer_cannot_tell(filled: Store) -> None:
    """Movements of the largest quantity there is, again and again: refused with a reason, and always answered.

    Slow, for each is a mutation through the whole graph.
    """
    buckets = ("SELLABLE", "DAMAGED", "QUALITY_CONTROL", "DISPLAY")
    for n in range(12):
        said = await adjusted(filled, f"in-{n}", delta=MAX_QUANTITY, bucket=buckets[n % 4])
        assert said["userErrors"] == [{"code": "QUANTITY_TOO_HIGH", "path": ["input", "items", "0", "delta"]}]
    said = await adjusted(filled, "fill", delta=MAX_QUANTITY - 5)
    assert said["results"][0]["level"]["onHand"] == MAX_QUANTITY
    for n in range(6):
        said = await adjusted(filled, f"out-{n}", delta=-MAX_QUANTITY, bucket=buckets[1 + n % 3])
        level = said["results"][0]["level"]
        assert level["onHand"] == level["available"] + level["unsellable"]
    huge = {"items": [{**HERE, "eventId": "e", "delta": 2**31 - 1}], "idempotencyKey": "huge"}
    data, errors = await answer(filled, ADJUST % "onHand", input=huge)
    assert (errors, data["inventoryAdjust"]["results"][0]["errors"]) == (
        [],
        [{"__typename": "QuantityTooHigh", "code": "QUANTITY_TOO_HIGH"}],
    )
