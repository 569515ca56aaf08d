"""What is wrong with an operation is said with a stable code, in the place it concerns; nothing is half-written."""

import base64
from typing import Any

import pytest

from domain.viewers import Role
from resolvers import ids
from tests.web.front import Front

NEAR = "near: {latitude: 31.23, longitude: 121.47}"
SET = """mutation ($items: [InventorySetItem!]!, $key: String!) {
  inventorySet(input: {items: $items, idempotencyKey: $key}) {
    results { status level { onHand version } errors { __typename code message path } }
    userErrors { __typename code message path }
  }
}"""
SEVEN = {"sku": "DJ01-L", "location": "SH001", "quantity": 7}


def b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ product(id: "nonsense") { id } }', "BAD_ID"),
        (f'{{ product(id: "{ids.encode("Variant", "DJ01-L")}") {{ id }} }}', "BAD_ID"),
        ('{ node(id: "\u7fbd") { id } }', "BAD_ID"),
        (f'{{ node(id: "{b64("Basket:1")}") {{ id }} }}', "BAD_ID"),
        ('{ products(filter: {categoryId: "x"}) { nodes { id } } }', "BAD_ID"),
        ('{ products(filter: {storeId: "SH999"}) { nodes { id } } }', "UNKNOWN_LOCATION"),
        ('{ productByCode(code: "DJ01-L") { availability(storeIds: ["SH999"]) { sku } } }', "UNKNOWN_LOCATION"),
        ('{ productByCode(code: "DJ01-L") { price(storeId: "SH999") { asOf } } }', "UNKNOWN_LOCATION"),
        ('{ productByCode(code: "DJ01-L") { availability { sku } } }', "BAD_ARGUMENT"),
        (f"{{ stores({NEAR}, radiusKm: 0) {{ nodes {{ distanceKm }} }} }}", "BAD_ARGUMENT"),
        (f"{{ stores({NEAR}, radiusKm: 20001) {{ nodes {{ distanceKm }} }} }}", "BAD_ARGUMENT"),
        ("{ stores(near: {latitude: 91, longitude: 0}) { nodes { distanceKm } } }", "BAD_COORDINATES"),
        ("{ products(first: 100000) { nodes { id } } }", "PAGE_SIZE"),
        ("{ products(first: 0) { nodes { id } } }", "PAGE_SIZE"),
        ("{ products(first: -1) { nodes { id } } }", "PAGE_SIZE"),
        (f"{{ stores({NEAR}, first: 251) {{ nodes {{ distanceKm }} }} }}", "PAGE_SIZE"),
        ('{ products(after: "nonsense") { nodes { id } } }', "BAD_CURSOR"),
        (f'{{ products(after: "{b64("[1]")}") {{ nodes {{ id }} }} }}', "BAD_CURSOR"),
        (f'{{ products(after: "{b64("[" * 9_000)}") {{ nodes {{ id }} }} }}', "BAD_CURSOR"),
        (f'{{ searchProducts(text: "羽绒", after: "{b64("[[],{}]")}") {{ nodes {{ id }} }} }}', "BAD_CURSOR"),
        (f'{{ stores({NEAR}, after: "{b64("[1.5,2]")}") {{ nodes {{ distanceKm }} }} }}', "BAD_CURSOR"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ products(first: 3000000000) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ stores { nodes { distanceKm } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { products(first: $n) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ products(", "GRAPHQL_PARSE_FAILED"),
        ("subscription { availabilityChanged(skus: [], locations: []) { isSnapshot } }", "BAD_OPERATION"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(front: Front, query: str, code: str) -> None:
    assert front.refusal(query) == code


def test_one_wrong_field_costs_itself_and_no_other(front: Front) -> None:
    answer = front.ask('{ good: productByCode(code: "DJ01-L") { sku } bad: product(id: "nonsense") { id } }')
    assert answer["data"] == {"good": {"sku": "DJ01-L"}, "bad": None}
    assert answer["errors"][0]["path"] == ["bad"]


def test_what_does_not_exist_is_null_and_no_error(front: Front) -> None:
    unknown = ids.encode("Product", "NOTHING")
    query = (
        f'{{ product(id: "{unknown}") {{ id }} productByCode(code: "0000") {{ sku }} node(id: "{unknown}") {{ id }} }}'
    )
    assert front.ask(query) == {"data": {"product": None, "productByCode": None, "node": None}}


@pytest.mark.parametrize(
    ("role", "code"), [(None, "UNAUTHENTICATED"), (Role.MEMBER, "FORBIDDEN"), (Role.ASSOCIATE, "FORBIDDEN")]
)
def test_only_an_integrator_may_write_stock(front: Front, role: Role | None, code: str) -> None:
    assert front.refusal(SET, role=role, items=[SEVEN], key="k-1") == code
    assert on_hand(front) == 7


@pytest.mark.parametrize("local_time", ["2026-11-21T09:30:00", "2026-11-21", "yesterday", "", 5])
def test_a_time_without_its_zone_is_no_instant(front: Front, local_time: Any) -> None:
    item = {**SEVEN, "observedAt": local_time}
    assert front.refusal(SET, role=Role.INTEGRATOR, items=[item], key="k-1") == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_no_calendar_holds_in_utc_is_no_instant(front: Front, moment: str) -> None:
    item = {**SEVEN, "observedAt": moment}
    assert front.refusal(SET, role=Role.INTEGRATOR, items=[item], key="k-1") == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("item", "code", "field"),
    [
        ({**SEVEN, "quantity": -1}, "NEGATIVE_QUANTITY", "quantity"),
        ({**SEVEN, "sku": "NOTHING"}, "UNKNOWN_SKU", "sku"),
        ({**SEVEN, "location": "SH999"}, "UNKNOWN_LOCATION", "location"),
        ({**SEVEN, "observedAt": "2099-01-01T00:00:00Z"}, "OBSERVED_IN_FUTURE", "observedAt"),
    ],
)
def test_an_item_that_cannot_be_taken_fails_alone(front: Front, item: dict[str, Any], code: str, field: str) -> None:
    good = {"sku": "DJ01-L", "location": "SH002", "quantity": 9}
    payload = front.ask(SET, role=Role.INTEGRATOR, items=[good, item], key="k-1")["data"]["inventorySet"]
    taken, failed = payload["results"]
    assert (taken["status"], taken["level"]["onHand"]) == ("UPDATED", 9)
    assert failed["status"] == "FAILED"
    (error,) = failed["errors"]
    assert (error["code"], error["path"]) == (code, ["input", "items", "1", field])
    assert payload["userErrors"] == failed["errors"]
    assert on_hand(front) == 7


@pytest.mark.parametrize(
    ("items", "key", "code"),
    [([SEVEN], " ", "EMPTY_FIELD"), ([], "k-1", "EMPTY_FIELD"), ([SEVEN] * 201, "k-1", "TOO_MANY_ITEMS")],
)
def test_a_command_that_is_wrong_as_a_whole_does_nothing(
    front: Front, items: list[dict[str, Any]], key: str, code: str
) -> None:
    payload = front.ask(SET, role=Role.INTEGRATOR, items=items, key=key)["data"]["inventorySet"]
    assert [error["code"] for error in payload["userErrors"]] == [code]
    assert payload["results"] == []


def test_a_key_used_for_another_request_is_a_conflict(front: Front) -> None:
    front.ask(SET, role=Role.INTEGRATOR, items=[SEVEN], key="k-1")
    payload = front.ask(SET, role=Role.INTEGRATOR, items=[{**SEVEN, "quantity": 1}], key="k-1")["data"]["inventorySet"]
    assert [error["code"] for error in payload["userErrors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert on_hand(front) == 7


def test_refusals_speak_the_language_asked_for_and_chinese_by_default(front: Front) -> None:
    def said(language: str) -> str:
        payload = front.ask(SET, role=Role.INTEGRATOR, items=[], key="k-1", headers={"accept-language": language})
        return str(payload["data"]["inventorySet"]["userErrors"][0]["message"])

    assert said("en-GB,en;q=0.9") == "This field must not be empty."
    assert said("zh-CN,zh;q=0.9") == said("fr") == "此项不能为空。"


def on_hand(front: Front) -> int:
    query = '{ productByCode(code: "DJ01-L") { availability(storeIds: ["SH001"]) { quantity } } }'
    answer = front.ask(query, role=Role.ASSOCIATE)
    return int(answer["data"]["productByCode"]["availability"][0]["quantity"])
