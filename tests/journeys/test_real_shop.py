"""From somebody's files to a live number on a screen: the main job, on real input, through real processes.

Slow: it imports a real catalogue and eight thousand stores, and serves them.
"""

from typing import Any

import pytest

from tests.datasources.real import real
from tests.journeys.house import Door, House

SHANGHAI = {"latitude": 31.2304, "longitude": 121.4737}
SKU = "MH01-XS-Black"
STORES = (
    "query ($near: GeoPointInput!) { stores(near: $near, first: 3) { nodes { distanceKm location { id code name } } } }"
)
NEAR = """query ($sku: String!, $near: GeoPointInput!) {
  productByCode(code: $sku) {
    product { title media { url } }
    price(currency: "USD") { price { amount currencyCode } }
    availability(near: $near, onlyAvailable: true) { location { id } distanceKm signal quantity }
  }
}"""
WATCH = """subscription ($skus: [String!]!, $stores: [ID!]!) {
  availabilityChanged(skus: $skus, locations: $stores) { isSnapshot offers { signal quantity version } }
}"""
COUNT = """mutation ($items: [InventorySetItem!]!, $key: String!) {
  inventorySet(input: {items: $items, idempotencyKey: $key}) { results { status } userErrors { code } }
}"""
SELL = """mutation ($items: [InventoryAdjustItem!]!, $key: String!) {
  inventoryAdjust(input: {items: $items, idempotencyKey: $key}) { results { status } userErrors { code } }
}"""


@pytest.mark.anyio
async def test_a_merchants_files_become_a_shop_whose_stock_is_seen_live(house: House) -> None:
    open_shop(house)
    erp, associate = house.token("integrator"), house.token("associate")
    with house.serving() as door:
        nearest = door.ask(STORES, near=SHANGHAI)["stores"]["nodes"]
        store = nearest[0]["location"]
        assert nearest[0]["distanceKm"] <= nearest[1]["distanceKm"] < 1
        tell(door, COUNT, erp, key="k-1", sku=SKU, location=store["code"], quantity=2)

        found = door.ask(NEAR, sku=SKU, near=SHANGHAI)["productByCode"]
        assert found["product"]["title"] == "Chaz Kangeroo Hoodie"
        assert found["price"]["price"] == {"amount": "52.00", "currencyCode": "USD"}
        (offer,) = found["availability"]
        assert (offer["location"]["id"], offer["signal"], offer["quantity"]) == (store["id"], "LOW", 2)
        assert (house.directory / found["product"]["media"][0]["url"].lstrip("/")).is_file()

        watched = {"skus": [SKU], "stores": [store["id"]]}
        async with (
            door.watching(WATCH, authorization=associate, **watched) as socket,
            door.streaming(WATCH, authorization=associate, **watched) as events,
        ):
            assert [await quantity(socket), await quantity(events)] == [2, 2]
            sale = {"sku": SKU, "location": store["id"], "delta": -1, "type": "SALE", "eventId": "till-7:1"}
            tell(door, SELL, erp, key="k-2", **sale)
            assert [await quantity(socket), await quantity(events)] == [1, 1]


def open_shop(house: House) -> None:
    """What the README tells a merchant to type."""
    for arguments in (
        ("migrate",),
        ("keys",),
        ("import", "magento", str(real("magento-luma"))),
        ("import", "stores", str(real("cn-starbucks-stores/stores.json"))),
    ):
        done = house.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def tell(door: Door, mutation: str, authorization: str, *, key: str, **item: Any) -> None:
    """Write one item, and see that it was taken."""
    (payload,) = door.ask(mutation, authorization=authorization, items=[item], key=key).values()
    assert payload["userErrors"] == []
    assert payload["results"][0]["status"] in ("CREATED", "UPDATED")


async def quantity(updates: Any) -> int:
    """The number in the next update."""
    told = await anext(updates)
    return int(told["availabilityChanged"]["offers"][0]["quantity"])
