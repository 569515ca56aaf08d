"""What a member bought and may like, through the graph."""

from typing import Any

import pytest

import schema.build
from datasources.store.store import Store
from domain.consents import ConsentState, Purpose
from domain.orders import Order, OrderLine
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers import ids
from tests.builders import count, entry, on_sale, shop
from tests.people import consent, keep, member, order
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
ANN = Viewer("ann", Role.MEMBER, SCOPES_OF_ROLE[Role.MEMBER])
ERP = Viewer("erp", Role.INTEGRATOR, SCOPES_OF_ROLE[Role.INTEGRATOR])
HISTORY = """{ me { orders(first: 1) { pageInfo { hasNextPage endCursor } edges { cursor } nodes {
  id number source channel placedAt completedAt store { code } member { code }
  totals { merchandise { amount currencyCode } other { amount } refunds { amount } net { amount } }
  lines { sku title quantity returned isMerchandise unitPrice { amount } net { amount } refunded { amount }
          variant { product { title } } } } } } }"""
LIKED = """query ($id: ID!) { member(id: $id) { code recommendedProducts(store: "S1", first: 3) {
  reason isInStore variant { sku } offer { signal location { code } } } } }"""


def bought(id: str, *skus: str, **said: Any) -> Order:
    return order(id, None, lines=tuple(OrderLine(f"{id}:{sku}", sku, sku, 1, 100, 100) for sku in skus), **said)


@pytest.fixture
async def books(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [*on_sale(entry("TEA"), entry("CUP")), shop("S1")])
    await tell(store, count(5, sku="CUP-L", location_id="S1"))
    lines = (
        OrderLine("1", "TEA-L", "Tea", 2, 1000, 1900, returned=1, refunded_minor=950),
        OrderLine("2", "POST", "Postage", 1, 300, 300, is_merchandise=False),
    )
    own = order("o1", "ann", lines=lines, location_id="S1")
    await keep(
        store, member("ann"), orders=[own, order("o0", "ann", 1), *(bought(f"t{n}", "TEA-L", "CUP-L") for n in "12")]
    )
    await store.recommender.learn(baskets=10)
    return store


async def ask(store: Store, viewer: Viewer, text: str, **variables: Any) -> tuple[Any, list[Any]]:
    """The data, and what machines are told of errors."""
    done = await GRAPH.execute(text, variable_values=variables, context_value=asked(store, viewer=viewer))
    return done.data, [(error.path, (error.extensions or {}).get("code")) for error in done.errors or []]


async def test_a_member_reads_their_own_history(books: Store) -> None:
    data, errors = await ask(books, ANN, HISTORY)
    assert errors == []
    page = data["me"]["orders"]
    assert page["pageInfo"] == {"hasNextPage": True, "endCursor": page["edges"][0]["cursor"]}
    (found,) = page["nodes"]
    assert found["totals"] == {
        "merchandise": {"amount": "19.00", "currencyCode": "CNY"},
        "other": {"amount": "3.00"},
        "refunds": {"amount": "9.50"},
        "net": {"amount": "12.50"},
    }
    assert (found["number"], found["source"], found["channel"], found["store"]) == ("o1", "pos", "POS", {"code": "S1"})
    assert found["member"] == {"code": "C-ann"}
    tea, postage = found["lines"]
    assert (tea["quantity"], tea["returned"], tea["refunded"], tea["variant"]["product"]["title"]) == (
        2,
        1,
        {"amount": "9.50"},
        "Jacket TEA",
    )
    assert (postage["isMerchandise"], postage["variant"]) == (False, None)


async def test_an_order_is_found_again_by_its_id_and_is_nobody_elses(books: Store) -> None:
    text = "query ($id: ID!) { order(id: $id) { number } node(id: $id) { ... on Order { number } } }"
    own, other = ids.encode("Order", "o1"), ids.encode("Order", "t1")
    assert await ask(books, ANN, text, id=own) == ({"order": {"number": "o1"}, "node": {"number": "o1"}}, [])
    nothing = await ask(books, ANN, text, id=other)
    assert nothing == ({"order": None, "node": None}, [])
    assert await ask(books, ANN, text, id=ids.encode("Order", "nowhere")) == nothing


async def test_recommendations_need_consent_and_the_rest_of_the_answer_is_unaffected_MEM_8(books: Store) -> None:
    key = ids.encode("Member", "ann")
    for who in (ERP, ANN):
        data, errors = await ask(books, who, LIKED, id=key)
        assert data == {"member": {"code": "C-ann", "recommendedProducts": None}}
        assert errors == [(["member", "recommendedProducts"], "CONSENT_REQUIRED")]
    async with books.work() as work:
        await work.consents.write({"ann": [consent(Purpose.PROFILING)]})
    liked = {
        "reason": "BOUGHT_TOGETHER",
        "isInStore": True,
        "variant": {"sku": "CUP-L"},
        "offer": {"signal": "IN_STOCK", "location": {"code": "S1"}},
    }
    for who in (ERP, ANN):
        data, errors = await ask(books, who, LIKED, id=key)
        assert (data, errors) == ({"member": {"code": "C-ann", "recommendedProducts": [liked]}}, [])
    async with books.work() as work:
        await work.consents.write({"ann": [consent(Purpose.PROFILING, ConsentState.WITHDRAWN)]})
    data, _ = await ask(books, ANN, LIKED, id=key)
    assert data["member"]["recommendedProducts"] is None
