"""Reservations over HTTP: who may make them, what comes back, and what nobody else gets to see."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from domain.viewers import Role
from resolvers import ids
from tests.web.front import Front

CREATE = """mutation ($input: ReservationCreateInput!) { reservationCreate(input: $input) {
    reservation {
        id kind state channel reference expiresAt extendableUntil settledAt fulfilledAt allowedTransitions
        lines { sku quantity variant { product { title } } location { code } }
    }
    userErrors { __typename code message path ... on OutOfStock { sku requested available location { code } } }
} }"""
STEP = """mutation ($input: Reservation%sInput!) { reservation%s(input: $input) {
    reservation { id state settledAt fulfilledAt allowedTransitions }
    userErrors { __typename code message path }
} }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename ... on Reservation { state } } reservation(id: $id) { state } }"
FREE = '{ productByCode(code: "DJ01-L") { availability(storeIds: ["SH001"]) { quantity } } }'
OTHER_MEMBER = "member-2"

keys = (f"key-{n}" for n in itertools.count())


def wish(quantity: int = 1, **said: Any) -> dict[str, Any]:
    line = {"sku": "DJ01-L", "location": "SH001", "quantity": quantity}
    return {"lines": [line], "idempotencyKey": next(keys), **said}


def create(front: Front, input: dict[str, Any], *, role: Role = Role.MEMBER, language: str = "zh") -> Any:
    answer = front.ask(CREATE, role=role, headers={"accept-language": language}, input=input)
    assert "errors" not in answer, answer
    return answer["data"]["reservationCreate"]


def step(front: Front, what: str, id: str, *, role: Role = Role.MEMBER) -> Any:
    input = {"reservation": id, "idempotencyKey": next(keys)}
    answer = front.ask(STEP % (what, what), role=role, input=input)
    assert "errors" not in answer, answer
    return answer["data"][f"reservation{what}"]


def stranger(front: Front) -> str:
    """Another member's authorization."""
    return "Bearer " + front.tokens.issue(subject=OTHER_MEMBER, role=Role.MEMBER, lifetime=timedelta(hours=1))


def free(front: Front) -> int:
    answer = front.ask(FREE, role=Role.ASSOCIATE)
    return int(answer["data"]["productByCode"]["availability"][0]["quantity"])


def test_a_member_keeps_extends_and_pays_and_an_integrator_hands_over(front: Front) -> None:
    made = create(front, wish(2, reference="cart-7"))
    assert made["userErrors"] == []
    kept = made["reservation"]
    assert (kept["kind"], kept["state"], kept["channel"], kept["reference"]) == (
        "CHECKOUT", "ACTIVE", "MINI_PROGRAM", "cart-7",
    )  # fmt: skip
    assert kept["allowedTransitions"] == ["CONFIRMED", "RELEASED", "EXPIRED"]
    assert (kept["settledAt"], kept["fulfilledAt"]) == (None, None)
    assert kept["lines"] == [
        {"sku": "DJ01-L", "quantity": 2, "variant": {"product": {"title": "轻暖羽绒服"}}, "location": {"code": "SH001"}}
    ]
    assert kept["expiresAt"] < kept["extendableUntil"]
    assert free(front) == 5
    assert step(front, "Extend", kept["id"])["reservation"]["state"] == "ACTIVE"
    paid = step(front, "Confirm", kept["id"])["reservation"]
    assert (paid["id"], paid["state"], paid["allowedTransitions"]) == (kept["id"], "CONFIRMED", [])
    assert paid["settledAt"] is not None
    done = step(front, "Fulfil", kept["id"], role=Role.INTEGRATOR)["reservation"]
    assert done["fulfilledAt"] is not None
    assert free(front) == 5


def test_what_is_given_back_is_free_again(front: Front) -> None:
    kept = create(front, wish(7))["reservation"]
    assert free(front) == 0
    assert step(front, "Release", kept["id"])["reservation"]["state"] == "RELEASED"
    assert free(front) == 7


@pytest.mark.parametrize("what", ["Confirm", "Extend", "Release", "Fulfil"])
def test_guests_sign_in_first_and_shoppers_hand_nothing_over(front: Front, what: str) -> None:
    kept = create(front, wish())["reservation"]
    input = {"reservation": kept["id"], "idempotencyKey": "k"}
    assert front.refusal(STEP % (what, what), input=input) == "UNAUTHENTICATED"
    assert front.refusal(CREATE, input=wish()) == "UNAUTHENTICATED"
    if what == "Fulfil":
        assert front.refusal(STEP % (what, what), role=Role.MEMBER, input=input) == "FORBIDDEN"
    assert free(front) == 6


@pytest.mark.parametrize(("role", "available"), [(Role.MEMBER, None), (Role.ASSOCIATE, 7), (Role.INTEGRATOR, 7)])
def test_what_is_short_is_told_with_as_many_numbers_as_one_may_know_STK_12(
    front: Front, role: Role, available: int | None
) -> None:
    made = create(front, wish(8), role=role, language="en")
    assert made["reservation"] is None
    (short,) = made["userErrors"]
    assert "There are not 8 of DJ01-L left" in short.pop("message")
    assert short == {
        "__typename": "OutOfStock", "code": "OUT_OF_STOCK", "path": ["input", "lines", "0"],
        "sku": "DJ01-L", "requested": 8, "available": available, "location": {"code": "SH001"},
    }  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "库存不足"), ("en", "Ask for fewer")])
def test_a_refusal_is_said_in_the_clients_language(front: Front, language: str, words: str) -> None:
    (short,) = create(front, wish(8), language=language)["userErrors"]
    assert words in short["message"]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"lines": []}, ["EMPTY_FIELD"]),
        ({"idempotencyKey": " "}, ["EMPTY_FIELD"]),
        ({"idempotencyKey": "x" * 201}, ["TEXT_TOO_LONG"]),
        ({"kind": "TRANSFER"}, ["KIND_NOT_OFFERED"]),
        ({"kind": "GROUP_BUY"}, ["EMPTY_FIELD"]),
        ({"kind": "GROUP_BUY", "until": "2020-01-01T00:00:00Z"}, ["EXTENSION_TOO_LONG"]),
        ({"kind": "STORE_RESERVE"}, ["LOCATION_CANNOT"]),
        ({"lines": [{"sku": "nope", "location": "nowhere", "quantity": 0}]}, ["QUANTITY_NOT_POSITIVE"]),
        ({"lines": [{"sku": "nope", "location": "nowhere", "quantity": 1}]}, ["UNKNOWN_SKU", "UNKNOWN_LOCATION"]),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_and_keeps_nothing(
    front: Front, said: dict[str, Any], codes: list[str]
) -> None:
    made = create(front, wish(**said))
    assert made["reservation"] is None
    assert [error["code"] for error in made["userErrors"]] == codes
    assert all(error["message"] for error in made["userErrors"])
    assert free(front) == 7


@pytest.mark.parametrize(
    "said",
    [
        {"idempotencyKey": "a\0b"},
        {"reference": "\0"},
        {"lines": [{"sku": "DJ01-L", "location": "SH001", "quantity": 2**31}]},
        {"lines": [{"sku": "DJ01-L", "location": "SH001", "quantity": 1.5}]},
        {"kind": "NOTHING"},
        {"kind": "GROUP_BUY", "until": "tomorrow"},
        {"kind": "GROUP_BUY", "until": "2026-11-21T10:00:00"},
    ],
)
def test_what_is_no_wish_at_all_is_a_bad_question(front: Front, said: dict[str, Any]) -> None:
    assert front.refusal(CREATE, role=Role.MEMBER, input=wish(**said)) in ("BAD_ARGUMENT", "GRAPHQL_VALIDATION_FAILED")
    assert free(front) == 7


def test_it_is_found_by_its_id_and_by_nobody_else_PRO_19(front: Front) -> None:
    kept = create(front, wish())["reservation"]
    own = front.ask(NODE, role=Role.MEMBER, id=kept["id"])["data"]
    assert own == {"node": {"__typename": "Reservation", "state": "ACTIVE"}, "reservation": {"state": "ACTIVE"}}
    nothing = {"node": None, "reservation": None}
    other = {"authorization": stranger(front)}
    for id in (kept["id"], ids.encode("Reservation", "nope")):
        assert front.ask(NODE, headers=other, id=id)["data"] == nothing
        assert front.ask(NODE, id=id)["data"] == nothing


@pytest.mark.parametrize("what", ["Confirm", "Extend", "Release"])
def test_to_a_stranger_it_is_as_if_it_were_not_there_PRO_19(front: Front, what: str) -> None:
    kept = create(front, wish())["reservation"]
    other = {"authorization": stranger(front)}
    told = []
    for id in (kept["id"], ids.encode("Reservation", "nope")):
        input = {"reservation": id, "idempotencyKey": next(keys)}
        answer = front.ask(STEP % (what, what), headers=other, input=input)["data"][f"reservation{what}"]
        (refused,) = answer["userErrors"]
        told.append((answer["reservation"], {**refused, "message": refused["message"].replace(id, "…")}))
    assert told[0] == told[1]
    assert told[0][1]["code"] == "UNKNOWN_RESERVATION"
    assert front.ask(NODE, role=Role.MEMBER, id=kept["id"])["data"]["node"]["state"] == "ACTIVE"


def test_the_same_wish_sent_again_keeps_nothing_more(front: Front) -> None:
    asked = wish(2)
    first = create(front, asked)["reservation"]
    step(front, "Confirm", first["id"])
    again = create(front, asked)["reservation"]
    assert (again["id"], again["state"]) == (first["id"], "CONFIRMED")
    assert free(front) == 5
    (conflict,) = create(front, {**asked, "reference": "other"})["userErrors"]
    assert (conflict["code"], conflict["path"]) == ("IDEMPOTENCY_CONFLICT", ["input", "idempotencyKey"])


def test_after_its_end_it_goes_nowhere(front: Front) -> None:
    kept = create(front, wish())["reservation"]
    step(front, "Release", kept["id"])
    (refused,) = step(front, "Confirm", kept["id"])["userErrors"]
    assert (refused["__typename"], refused["code"]) == ("TransitionRefused", "TRANSITION_REFUSED")
