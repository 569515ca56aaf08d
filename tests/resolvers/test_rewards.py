"""Rewards: offered here and now, redeemed in any channel for points of any other, handed over once."""

from datetime import timedelta

import pytest

from datasources.store.store import Store
from domain.channels import Channel
from domain.refusals.general import EmptyField, NegativeQuantity, QuantityNotPositive
from domain.refusals.points import (
    MemberNotActive,
    NotEnoughPoints,
    RedemptionUsed,
    RewardNotOffered,
    UnknownRedemption,
    UnknownReward,
)
from resolvers import rewards
from resolvers.rewards import Fulfil, Redeem
from tests import people
from tests.builders import NOW
from tests.resolvers import points_told as books
from tests.resolvers.points_told import STARS
from tests.resolvers.points_world import associate_asks, earn, furnish, member_asks, offer, till

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    """m1 has 150 points, all of them earned at a till."""
    await furnish(store, migrated_database_url)
    await earn(store, "m1", 150)
    return store


async def test_points_of_a_till_redeem_in_the_mini_program_what_a_store_hands_over_once(shop: Store) -> None:
    await offer(shop, "mug", stock=3)
    mine = member_asks(shop, "m1", channel=Channel.MINI_PROGRAM)
    got = await rewards.redeem(mine, Redeem("m1", "mug", "k1"))
    assert got.redemption is not None
    assert (got.redemption.points, got.redemption.channel) == (100, Channel.MINI_PROGRAM)
    assert await rewards.redeem(mine, Redeem("m1", "mug", "k1")) == got
    assert await books.balance(shop, "m1") == (0, 50, 0)

    guide = associate_asks(shop, "bob", "S2")
    done = await rewards.fulfil(guide, Fulfil(got.redemption.code.lower(), "k2"))
    assert done.redemption is not None
    assert (done.redemption.is_fulfilled, done.redemption.location_id) == (True, "S2")
    again = await rewards.fulfil(guide, Fulfil(got.redemption.code, "k3"))
    assert again.user_errors == (RedemptionUsed(("input", "code"), got.redemption.code, NOW),)
    ((shown,),) = await rewards.of_members(mine, [people.member("m1")])
    assert shown == done.redemption
    ((left,),) = await rewards.offered(mine, [None])
    assert left.stock == 2
    await books.check_books(shop, "m1")


async def test_what_is_not_offered_here_or_now_is_not_redeemed(shop: Store) -> None:
    await offer(shop, "tea", channels=(Channel.POS,))
    await offer(shop, "late", valid_from=NOW + DAY)
    await offer(shop, "gone", valid_until=NOW)
    mine = member_asks(shop, "m1")
    for code in ("tea", "late", "gone"):
        refused = await rewards.redeem(mine, Redeem("m1", code, f"k-{code}"))
        assert [type(one) for one in refused.user_errors] == [RewardNotOffered]
    assert await rewards.offered(mine, [None]) == [[]]
    assert [one.code for one in (await rewards.offered(till(shop), [None]))[0]] == ["tea"]
    assert await books.balance(shop, "m1") == (0, 150, 0)


async def test_what_cannot_be_redeemed_says_why(shop: Store) -> None:
    await offer(shop, "car", cost=151)
    await offer(shop, "pin", cost=1)
    mine = member_asks(shop, "m1")

    async def refused(member: str, reward: str) -> list[type]:
        answer = await rewards.redeem(till(shop), Redeem(member, reward, f"{member}-{reward}"))
        return [type(one) for one in answer.user_errors]

    assert await refused("m1", "car") == [NotEnoughPoints]
    assert await refused("m1", "boat") == [UnknownReward]
    assert await refused("new", "pin") == [MemberNotActive]
    unknown = await rewards.fulfil(mine, Fulfil("NOPE", "k"))
    assert unknown.user_errors == (UnknownRedemption(("input", "code"), "NOPE"),)


async def test_a_reward_is_paid_in_the_programme_it_names(shop: Store) -> None:
    await earn(shop, "m1", 2_500, "o2", programme="stars")
    assert await books.balance(shop, "m1", STARS) == (0, 100, 0)
    await offer(shop, "mug", programme="stars", cost=60)
    assert (await rewards.redeem(member_asks(shop, "m1"), Redeem("m1", "mug", "k"))).redemption
    assert await books.balance(shop, "m1", STARS) == (0, 40, 0)
    assert await books.balance(shop, "m1") == (0, 150, 0)


async def test_a_reward_that_is_saved_again_is_offered_otherwise(shop: Store) -> None:
    await offer(shop, "mug")
    saved = await offer(shop, "mug", cost=30, idempotency_key="k2")
    assert (saved.reward.cost, saved.reward.version) == (30, 2)
    wrong = await offer(shop, "", cost=0, stock=-1, idempotency_key="k3")
    assert [type(one) for one in wrong.user_errors] == [EmptyField, QuantityNotPositive, NegativeQuantity]


async def test_redemptions_go_with_a_merge_and_come_back(shop: Store) -> None:
    await offer(shop, "mug")
    got = await rewards.redeem(member_asks(shop, "m1"), Redeem("m1", "mug", "k1"))
    assert got.redemption is not None
    async with shop.work() as work:
        record = await rewards.join(work, absorbed="m1", survivor="m2", now=NOW)
    of = await shop.rewards.of_members(["m1", "m2"], limit=9)
    assert {who: [one.id for one in found] for who, found in of.items()} == {"m2": [got.redemption.id]}
    async with shop.work() as work:
        await rewards.part(work, record, now=NOW)
    assert [*await shop.rewards.of_members(["m1", "m2"], limit=9)] == ["m1"]
