"""Every way into the graph works, and every object is found again by its id."""

from dataclasses import fields
from typing import Any

import graphql
import pytest
from strawberry.types.base import StrawberryObjectDefinition

import resolvers.availability
import resolvers.ids
import resolvers.paging
import resolvers.rounds
import schema.build
from datasources.store.store import Store
from domain.catalog import Category
from domain.channels import Channel
from domain.imports import Item
from domain.refusals.base import KINDS, Refusal
from domain.reservations import Reservation, ReservationKind, ReservationLine
from domain.viewers import GUEST, Viewer
from resolvers.rounds import Create
from tests.builders import BASE, INTEGRATOR, NOW, count, entry, minutes, on_sale, priced, shop
from tests.schema import operations
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
WORDS = graphql.build_schema(GRAPH.as_str())
KEYS = {"Product": "DJ01", "Variant": "DJ01-L", "Category": "women", "Location": "SH001"}
IDS = {kind: resolvers.ids.encode(kind, key) for kind, key in KEYS.items()}
KEPT = resolvers.ids.encode("Reservation", "kept")
NEAR = {"latitude": 31.23, "longitude": 121.47}

SET = {"items": [{"sku": "DJ01-L", "location": "SH001", "quantity": 9}], "idempotencyKey": "a"}
ADJUST = {"items": [{"sku": "DJ01-L", "location": "SH001", "delta": -1, "eventId": "e"}], "idempotencyKey": "b"}
OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "product": ("query ($id: ID!) { product(id: $id) { title status options { values } } }", {"id": IDS["Product"]}),
    "productByCode": ('{ productByCode(code: "DJ01-L") { sku product { title } price { price { amount } } } }', {}),
    "products": (
        "{ products(sort: TITLE) { nodes { variants { sku } categories { name } } pageInfo { endCursor } } }",
        {},
    ),
    "searchProducts": ('{ searchProducts(text: "jacket") { edges { cursor node { title } } } }', {}),
    "categories": ("{ categories { name parent { id } children { slug } } }", {}),
    "location": ('{ location(id: "SH001") { code coordinates(system: GCJ02) { latitude } hours { weekday } } }', {}),
    "stores": (
        "query ($near: GeoPointInput!) { stores(near: $near) { nodes { distanceKm location { capabilities } } } }",
        {"near": NEAR},
    ),
    "node": ("query ($id: ID!) { node(id: $id) { __typename id } }", {"id": IDS["Location"]}),
    "nodes": (
        """query ($ids: [ID!]!, $near: GeoPointInput!)
        { nodes(ids: $ids) { ... on Variant { availability(near: $near) { signal } } } }""",
        {"ids": [IDS["Variant"]], "near": NEAR},
    ),
    "inventorySet": (
        """mutation ($input: InventorySetInput!)
        { inventorySet(input: $input) { results { status level { onHand asOf } } userErrors { code } } }""",
        {"input": SET},
    ),
    "inventoryAdjust": (
        """mutation ($input: InventoryAdjustInput!)
        { inventoryAdjust(input: $input) { results { status } userErrors { code } } }""",
        {"input": ADJUST},
    ),
    "reservation": ("query ($id: ID!) { reservation(id: $id) { state lines { quantity } } }", {"id": KEPT}),
    "reservationCreate": (
        """mutation ($input: ReservationCreateInput!)
        { reservationCreate(input: $input) { reservation { lines { variant { sku } } } userErrors { code } } }""",
        {"input": {"lines": [{"sku": "DJ01-L", "location": "SH001", "quantity": 1}], "idempotencyKey": "c"}},
    ),
    **{
        f"reservation{step}": (
            f"""mutation ($input: Reservation{step}Input!)
            {{ reservation{step}(input: $input) {{ reservation {{ id state }} userErrors {{ code }} }} }}""",
            {"input": {"reservation": KEPT, "idempotencyKey": "d"}},
        )
        for step in ("Confirm", "Extend", "Release", "Fulfil")
    },
    **operations.OPERATIONS,
    "stockChanges": (
        """query ($near: GeoPointInput!)
        { stockChanges(skus: ["DJ01-L"], near: $near) { isSnapshot cursor consistencyToken offers { signal } } }""",
        {"near": NEAR},
    ),
    "stockAsOf": ("query ($token: String!) { stockAsOf(consistencyToken: $token) { offers { signal } } }", {}),
}
ONE_KEPT = Reservation(
    id="kept",
    client=INTEGRATOR.id,
    idempotency_key="kept",
    request_hash="",
    kind=ReservationKind.CHECKOUT,
    channel=Channel.MINI_PROGRAM,
    lines=(ReservationLine("MH01-L", "SH001", 1),),
    reference=None,
    created_at=NOW,
    expires_at=NOW + minutes(15),
    extendable_until=NOW + minutes(45),
)
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
FAR_EAST = "0001-01-01T00:00:00+14:00"  # before the first moment there is, in UTC
SEARCH_AFTER = 'query ($text: String!) { searchProducts(text: "jacket", after: $text) { nodes { id } } }'


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    goods = on_sale(entry("DJ01", sizes=("L", "M"), category_ids=("women",)), entry("MH01"))
    prices: list[Item] = [BASE, priced("DJ01-L", 39900)]
    shelf = Category("women", "women", "女装")
    await fill(migrated_database_url, [shelf, *goods, *prices, shop("SH001"), shop("SH002")])
    await tell(store, count(5, at=NOW.replace(hour=1)), count(1, sku="MH01-L"))
    await resolvers.rounds.settle(store, lambda: NOW, [Create(ONE_KEPT, resolvers.availability.sight(asked(store)))])
    await operations.plant(store)
    return store


async def answer(
    store: Store, operation: str, viewer: Viewer = GUEST, *, language: str = "zh", **variables: Any
) -> tuple[Any, list[str]]:
    """The data, and the codes of the errors."""
    ctx = asked(store, viewer=viewer, language=language)
    done = await GRAPH.execute(operation, variable_values=variables, context_value=ctx)
    return done.data, [(error.extensions or {})["code"] for error in done.errors or []]


def test_every_way_in_is_tried_below() -> None:
    assert WORDS.query_type
    assert WORDS.mutation_type
    assert set(OPERATIONS) == {*WORDS.query_type.fields, *WORDS.mutation_type.fields}


@pytest.mark.parametrize("field", OPERATIONS)
async def test_every_way_in_works(filled: Store, field: str) -> None:
    operation, variables = OPERATIONS[field]
    if field == "stockAsOf":
        seen, _ = await answer(filled, OPERATIONS["stockChanges"][0], INTEGRATOR, near=NEAR)
        variables = {"token": seen["stockChanges"]["consistencyToken"]}
    data, errors = await answer(filled, operation, operations.VIEWERS.get(field, INTEGRATOR), **variables)
    assert errors == []
    assert data[field]


async def test_a_jacket_is_found_priced_and_near_in_one_question(filled: Store) -> None:
    question = """query ($category: ID!, $near: GeoPointInput!) {
        searchProducts(text: "jacket", first: 1, filter: {categoryId: $category}) { nodes { variants {
            sku
            price { price { amount } priceList { code } }
            availability(near: $near) { signal quantity distanceKm location { code } asOf source isStale version }
        } } } }"""
    data, errors = await answer(filled, question, category=IDS["Category"], near=NEAR)
    assert errors == []
    large, medium = data["searchProducts"]["nodes"][0]["variants"]
    assert large["price"] == {"price": {"amount": "399.00"}, "priceList": {"code": "base"}}
    (offer,) = large["availability"]
    assert 0 < offer.pop("distanceKm") < 1
    as_of = "2026-11-21T01:00:00+00:00"
    assert offer == {
        "signal": "IN_STOCK", "quantity": None, "location": {"code": "SH001"},
        "asOf": as_of, "source": "pos", "isStale": True, "version": 1,
    }  # fmt: skip
    assert medium == {"sku": "DJ01-M", "price": None, "availability": []}


async def test_nodes_come_in_the_order_asked_whatever_their_kinds(filled: Store) -> None:
    unknown = resolvers.ids.encode("Product", "nope")
    wanted = [IDS["Location"], IDS["Variant"], unknown, IDS["Product"], IDS["Category"], IDS["Variant"]]
    data, errors = await answer(filled, NODES, ids=wanted)
    assert errors == []
    assert [found and found["id"] for found in data["nodes"]] == [id if id != unknown else None for id in wanted]
    kinds = ["Location", "Variant", None, "Product", "Category", "Variant"]
    assert [found and found["__typename"] for found in data["nodes"]] == kinds
    for kind, id in IDS.items():
        data, _ = await answer(filled, NODE, id=id)
        assert data == {"node": {"__typename": kind, "id": id}}


async def test_what_is_no_id_or_too_many_ids_is_a_bad_question(filled: Store) -> None:
    assert await answer(filled, NODE, id="nope") == ({"node": None}, ["BAD_ID"])
    assert (await answer(filled, NODES, ids=[IDS["Product"]] * 251))[1] == ["PAGE_SIZE"]


@pytest.mark.parametrize(
    ("operation", "text", "code"),
    [
        ("query ($text: String!) { product(slug: $text) { id } }", "a\0", "BAD_ARGUMENT"),
        ("query ($text: String!) { products(filter: {brand: $text}) { nodes { id } } }", "a\0", "BAD_ARGUMENT"),
        ("query ($text: ID!) { node(id: $text) { id } }", resolvers.ids.encode("Product", "a\0"), "BAD_ID"),
        ("query ($text: String!) { products(after: $text) { nodes { id } } }", ("a", "b"), "BAD_CURSOR"),
        ("query ($text: String!) { products(after: $text) { nodes { id } } }", ("2026-11-21", "b"), "BAD_CURSOR"),
        ("query ($text: String!) { products(after: $text) { nodes { id } } }", (FAR_EAST, "b"), "BAD_CURSOR"),
        ("query ($text: String!) { products(sort: TITLE, after: $text) { nodes { id } } }", ("a\0", "b"), "BAD_CURSOR"),
        (SEARCH_AFTER, (10**30, "b"), "BAD_CURSOR"),
        (SEARCH_AFTER, (float("nan"), "b"), "BAD_CURSOR"),
    ],
)
async def test_what_no_store_can_compare_is_a_bad_question_on_every_database(
    filled: Store, operation: str, text: str | tuple[str | float, str], code: str
) -> None:
    sent = text if isinstance(text, str) else resolvers.paging.encode(text)
    assert (await answer(filled, operation, text=sent))[1] == [code]


async def test_a_shopper_does_not_find_by_id_what_is_not_on_sale(filled: Store, migrated_database_url: str) -> None:
    await fill(migrated_database_url, [entry("HIDDEN")])
    for kind, key in (("Product", "HIDDEN"), ("Variant", "HIDDEN-L")):
        id = resolvers.ids.encode(kind, key)
        assert await answer(filled, NODE, id=id) == ({"node": None}, [])
        assert await answer(filled, NODE, INTEGRATOR, id=id) == ({"node": {"__typename": kind, "id": id}}, [])


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_reason_has_a_type_that_carries_its_facts(kind: type[Refusal]) -> None:
    shown = WORDS.type_map[kind.__name__]
    assert isinstance(shown, graphql.GraphQLObjectType)
    assert [interface.name for interface in shown.interfaces] == ["UserError"]
    facts = {GRAPH.config.name_converter.apply_naming_config(field.name) for field in fields(kind)}
    assert set(shown.fields) == facts | {"code", "message", "path"}


async def test_reasons_are_told_with_type_facts_and_words(filled: Store) -> None:
    question = """mutation ($input: InventorySetInput!) { inventorySet(input: $input) {
        results { status errors { code } }
        userErrors { __typename code message path ... on UnknownSku { sku } ... on NegativeQuantity { quantity } }
    } }"""
    input = {"items": [{"sku": "nope", "location": "SH001", "quantity": -1}], "idempotencyKey": "k"}
    data, errors = await answer(filled, question, INTEGRATOR, language="en", input=input)
    assert errors == []
    codes = [{"code": "UNKNOWN_SKU"}, {"code": "NEGATIVE_QUANTITY"}]
    assert data["inventorySet"]["results"] == [{"status": "FAILED", "errors": codes}]
    sku, quantity = data["inventorySet"]["userErrors"]
    assert (sku["__typename"], sku["sku"], sku["path"]) == ("UnknownSku", "nope", ["input", "items", "0", "sku"])
    assert (quantity["__typename"], quantity["quantity"]) == ("NegativeQuantity", -1)
    assert "nope" in sku["message"]


async def test_who_may_not_write_stock_writes_none(filled: Store) -> None:
    for viewer, code in ((GUEST, "UNAUTHENTICATED"), (INTEGRATOR, None)):
        operation, variables = OPERATIONS["inventorySet"]
        _, errors = await answer(filled, operation, viewer, **variables)
        assert errors == ([code] if code else [])


async def test_a_subscription_begins_with_what_is_there(filled: Store) -> None:
    watch = """subscription { availabilityChanged(skus: ["DJ01-L"], locations: ["SH001"]) {
        isSnapshot offers { sku signal variant { product { title } } } } }"""
    stream = await GRAPH.subscribe(watch, context_value=asked(filled))
    first = await anext(stream)
    await stream.aclose()
    offer = {"sku": "DJ01-L", "signal": "IN_STOCK", "variant": {"product": {"title": "Jacket DJ01"}}}
    assert first.data == {"availabilityChanged": {"isSnapshot": True, "offers": [offer]}}


def test_strawberry_still_says_where_a_field_comes_from() -> None:
    """`get_fields` is documented and `field.origin` is not: the federated schema will stand on both."""
    variant = GRAPH.get_type_by_name("Variant")
    assert isinstance(variant, StrawberryObjectDefinition)
    origins = {field.name: field.origin.__name__ for field in GRAPH.get_fields(variant) if field.origin}
    assert origins["price"] == "PricedVariant"
    assert origins["availability"] == "AvailableVariant"
    assert {origins[name] for name in ("sku", "product", "barcodes")} == {"Variant"}


def test_every_field_says_how_it_gets_its_value() -> None:
    """What the breadth-first engine will read: a batch resolver, a pure function, or neither for an attribute."""
    product = GRAPH.get_type_by_name("Product")
    assert isinstance(product, StrawberryObjectDefinition)
    metadata = {field.name: field.metadata for field in GRAPH.get_fields(product)}
    assert set(metadata["variants"]) == {"batch", "name", "scope", "size"}
    assert metadata["variants"]["name"] == "resolvers.catalog.variants_of"
    assert set(metadata["id"]) == {"derived"}
    assert metadata["title"] == {}
