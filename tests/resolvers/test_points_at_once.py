"""Many who would have the same points at once, at two workers: one of them does, and the books are right."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from datasources.store.store import Store
from domain.facts import Side
from domain.refusals.points import NotEnoughPoints, RewardSoldOut
from resolvers import rewards
from resolvers.rewards import Redeem
from tests.resolvers import points_told as books
from tests.resolvers.points_world import earn, furnish, member_asks, offer, redeem

pytestmark = pytest.mark.anyio
CLIENTS = 64


@pytest.fixture
async def doors(store: Store, migrated_database_url: str) -> AsyncIterator[list[Store]]:
    """The same shop at two workers; the member has 100 points."""
    await furnish(store, migrated_database_url)
    await earn(store, "m1", 100)
    other = Store(migrated_database_url)
    yield [store, other]
    await other.close()


async def test_of_64_who_redeem_the_same_100_points_one_wins_PTS_4(doors: list[Store]) -> None:
    answers = await asyncio.gather(
        *(redeem(member_asks(doors[n % 2], "m1"), "m1", 100, f"r{n}") for n in range(CLIENTS))
    )
    won = [one for one in answers if one.points is not None]
    lost = [one.user_errors for one in answers if one.points is None]
    assert [one.points for one in won] == [100]
    assert lost == [(NotEnoughPoints(("input", "points"), 100, 0),)] * (CLIENTS - 1)
    assert await books.balance(doors[0], "m1") == (0, 0, 0)
    assert (await books.folded(doors[0]))[Side.REDEEMED] == 100
    await books.check_books(doors[0], "m1")


async def test_one_key_sent_64_times_at_once_redeems_once_PTS_5(doors: list[Store]) -> None:
    answers = await asyncio.gather(
        *(redeem(member_asks(doors[n % 2], "m1"), "m1", 30, "r1", idempotency_key="one") for n in range(CLIENTS))
    )
    assert [(one.points, one.balance.active) for one in answers] == [(30, 70)] * CLIENTS
    assert (await books.folded(doors[0]))[Side.REDEEMED] == 30
    await books.check_books(doors[0], "m1")


async def test_64_tills_that_tell_of_one_purchase_at_once_tell_of_it_once_PTS_5(doors: list[Store]) -> None:
    await asyncio.gather(
        *(earn(doors[n % 2], "m2", 40, "same", idempotency_key=f"k{n}") for n in range(CLIENTS)),
    )
    assert await books.balance(doors[0], "m2") == (0, 40, 0)
    await books.check_books(doors[0], "m2")


async def test_the_last_of_a_reward_goes_to_one(doors: list[Store]) -> None:
    await earn(doors[0], "m2", 100)
    await offer(doors[0], "mug", stock=1, cost=50)
    answers = await asyncio.gather(
        *(
            rewards.redeem(member_asks(doors[n % 2], who), Redeem(who, "mug", f"k{n}"))
            for n, who in enumerate(["m1", "m2"] * 8)
        )
    )
    assert len([one for one in answers if one.redemption]) == 1
    assert {type(one.user_errors[0]) for one in answers if one.redemption is None} == {RewardSoldOut}
    assert (await books.folded(doors[0]))[Side.REDEEMED] == 50
