"""What was bought before anybody knew who it was becomes theirs by the receipt: once, and for nobody who guesses."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from datasources.store.store import Store
from domain.refusals.orders import UnknownReceipt
from domain.refusals.sessions import TooManyTries
from domain.viewers import Role
from resolvers import order_claims
from resolvers.order_claims import Answer, ClaimOrder
from tests.builders import NOW
from tests.people import keep, member, order
from tests.resolvers import points_told as books
from tests.resolvers.identity import by

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
UNKNOWN = (UnknownReceipt(("input", "number"), "r1"),)


@pytest.fixture
async def shop(store: Store) -> Store:
    """Two members, a receipt of nobody's of which one unit came back, and one of somebody's."""
    bought = order("r1", None, 10_000, 5_000, at=NOW - DAY)
    first, second = bought.lines
    back = replace(second, returned=1, refunded_minor=5_000)
    await keep(
        store, member("ann"), member("bob"), orders=[replace(bought, lines=(first, back)), order("r2", "bob", 900)]
    )
    return store


async def claim(store: Store, who: str, *, total: str = "150.00", number: str = "r1", key: str = "k") -> Answer:
    return await order_claims.claim(by(store, Role.MEMBER, who), ClaimOrder("pos", number, Decimal(total), key))


async def test_a_receipt_is_claimed_once_with_the_points_of_what_was_kept(shop: Store) -> None:
    done = await claim(shop, "ann")
    assert done.order is not None
    assert done.order.member_id == "ann"
    assert await books.balance(shop, "ann") == (0, 100, 0)
    assert (await claim(shop, "ann", key="again")).order == done.order
    assert await books.balance(shop, "ann") == (0, 100, 0)
    assert (await claim(shop, "bob")).user_errors == UNKNOWN
    await books.check_books(shop, "ann")


async def test_of_many_who_claim_one_receipt_at_once_one_has_it(shop: Store) -> None:
    done = await asyncio.gather(*(claim(shop, who, key=f"{who}{n}") for n in range(3) for who in ("ann", "bob")))
    owners = {one.order.member_id for one in done if one.order is not None}
    assert len(owners) == 1
    assert sum(one.order is not None for one in done) == 3


@pytest.mark.parametrize("said", [{"total": "150.01"}, {"number": "r3"}, {"number": "r2", "total": "9.00"}])
async def test_a_wrong_total_a_wrong_number_and_anothers_receipt_are_answered_alike(
    shop: Store, said: dict[str, str]
) -> None:
    refused = (await claim(shop, "ann", **said)).user_errors
    assert refused == (UnknownReceipt(("input", "number"), said.get("number", "r1")),)


async def test_who_guesses_is_slowed(shop: Store) -> None:
    told = [(await claim(shop, "ann", total=f"{n}.00", key=str(n))).user_errors for n in range(1, 7)]
    assert told[:5] == [UNKNOWN] * 5
    assert [type(one) for one in told[5]] == [TooManyTries]
    assert (await claim(shop, "bob")).order is not None
