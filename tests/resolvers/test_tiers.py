"""Tiers follow from orders and grants as they are kept; what they give is used no more often than it may be."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.tiers
from datasources.store.store import Store
from domain.money import Money
from domain.refusals.members import UnknownMember
from domain.refusals.tiers import EndsBeforeItBegins, EntitlementNotHeld, EntitlementUsedUp, UnknownTier
from domain.tiers import ALTERATION, BIRTHDAY_GIFT, LADDER, Ladder
from resolvers.tiers import GrantTier, UseEntitlement
from tests.builders import NOW
from tests.people import keep, order
from tests.resolvers.knowing import guide, house, later, opened, seen, self
from tests.worlds import POLICIES

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
GIFT = UseEntitlement("m1", "birthday-gift", "k")
AT_ENTITLEMENT = ("input", "entitlement")


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    """m1 has bought for 11,500 yuan, of which 500 went back, and has not paid for the rest; m2 has bought nothing."""
    await opened(store, migrated_database_url)
    whole = order("o2", "m1", 250_000, at=NOW - 40 * DAY)
    partly = replace(whole, lines=(replace(whole.lines[0], refunded_minor=50_000),))
    unpaid = order("o3", "m1", 5_000_000, at=NOW - DAY, completed_at=None)
    await keep(store, orders=[order("o1", "m1", 900_000, at=NOW - 50 * DAY), partly, unpaid])
    return store


async def test_a_tier_is_what_completed_orders_have_earned_refunds_deducted_MEM_9(shop: Store) -> None:
    ctx = house(shop)
    people = [await seen(ctx, "m1"), await seen(ctx, "m2")]
    assert [tier.code for tier in await resolvers.tiers.tier_of(ctx, people)] == ["gold", "member"]
    assert await resolvers.tiers.tier_codes(ctx, ["m2", "m1", "nobody"]) == ["member", "gold", "member"]
    told, nothing = await resolvers.tiers.progress_of(ctx, people)
    assert (told.qualifying, told.missing) == (Money(1_100_000, "CNY"), Money(3_900_000, "CNY"))
    assert (told.holds_until, told.is_in_grace) == (NOW + 325 * DAY, False)
    assert (nothing.next, nothing.missing, nothing.holds_until) == (LADDER.tiers[1], Money(200_000, "CNY"), None)
    (graced,) = await resolvers.tiers.progress_of(later(ctx, NOW + 354 * DAY), people[:1])
    assert (graced.is_in_grace, graced.to_keep) == (True, Money(1_000_000, "CNY"))
    assert await resolvers.tiers.tier_codes(later(ctx, NOW + 355 * DAY), ["m1"]) == ["member"]


async def test_what_a_tier_gives_is_counted_down_and_comes_back_with_time(shop: Store) -> None:
    ctx = guide(shop)
    (before,) = await resolvers.tiers.entitlements_of(ctx, [await seen(ctx)])
    assert [(held.entitlement.code, held.left) for held in before] == [
        ("gift-wrapping", None),
        ("birthday-gift", 1),
        ("free-delivery", 2),
        ("alteration", 4),
    ]
    answer = await resolvers.tiers.use(ctx, GIFT)
    assert answer.member is not None
    assert await resolvers.tiers.use(ctx.anew(), GIFT) == answer
    (after,) = await resolvers.tiers.entitlements_of(ctx, [answer.member])
    assert [(held.left, held.again_at) for held in after if held.entitlement == BIRTHDAY_GIFT] == [(0, NOW + 365 * DAY)]
    once_more = UseEntitlement("m1", "birthday-gift", "k2")
    refused = await resolvers.tiers.use(ctx.anew(), once_more)
    assert refused.user_errors == (EntitlementUsedUp(AT_ENTITLEMENT, "birthday-gift", 1, NOW + 365 * DAY),)
    await keep(shop, orders=[order("o9", "m1", 5_000_000, at=NOW + 300 * DAY)])
    a_year_on = later(house(shop), NOW + 365 * DAY)
    assert (await resolvers.tiers.use(a_year_on, once_more)).member is not None


async def test_what_a_tier_does_not_give_is_not_given(shop: Store) -> None:
    refused = await resolvers.tiers.use(guide(shop), UseEntitlement("m1", "preview", "k"))
    assert refused.user_errors == (EntitlementNotHeld(AT_ENTITLEMENT, "preview", "gold"),)
    for id in ("m2", "nobody"):
        refused = await resolvers.tiers.use(guide(shop), UseEntitlement(id, "alteration", f"k-{id}"))
        assert refused.user_errors == (UnknownMember(("input", "member"), id),)


async def test_whoever_uses_it_at_once_it_is_used_no_more_often_than_it_may_be(shop: Store) -> None:
    commands = [UseEntitlement("m1", "alteration", f"k{n}") for n in range(12)]
    answers = await asyncio.gather(*(resolvers.tiers.use(guide(shop), command) for command in commands))
    assert sum(answer.member is not None for answer in answers) == ALTERATION.uses == 4
    (held,) = await resolvers.tiers.entitlements_of(guide(shop), [await seen(guide(shop))])
    assert [one.left for one in held if one.entitlement == ALTERATION] == [0]


async def test_a_tier_of_another_system_is_brought_along_by_the_mapping(shop: Store) -> None:
    ladder = Ladder("2", LADDER.tiers, imported={"VIP3": "black"})
    ctx = house(shop, policies=replace(POLICIES, ladder=ladder))
    granted = await resolvers.tiers.grant(ctx, GrantTier("m2", "VIP3", NOW + 10 * DAY, "k"))
    assert granted.member is not None
    assert await resolvers.tiers.tier_codes(ctx, ["m2"]) == ["black"]
    assert await resolvers.tiers.tier_codes(later(ctx, NOW + 10 * DAY), ["m2"]) == ["member"]
    refused = await resolvers.tiers.grant(ctx, GrantTier("m2", "VIP9", NOW, "k2"))
    assert refused.user_errors == (
        UnknownTier(("input", "tier"), "VIP9", ("member", "silver", "gold", "black")),
        EndsBeforeItBegins(("input", "until"), NOW, NOW),
    )


async def test_a_merge_brings_grants_and_uses_together_and_is_undone_MEM_4(shop: Store) -> None:
    ctx = house(shop)
    await resolvers.tiers.use(ctx, GIFT)
    await resolvers.tiers.grant(ctx, GrantTier("m1", "black", NOW + DAY, "k2"))
    async with shop.work() as work:
        record = await resolvers.tiers.join(work, absorbed="m1", survivor="m2", now=NOW)
        assert await work.tiers.owned("m1") == {"grants": [], "uses": []}
    assert await resolvers.tiers.tier_codes(ctx.anew(), ["m1", "m2"]) == ["gold", "black"]
    async with shop.work() as work:
        await resolvers.tiers.part(work, json.loads(json.dumps(record)), now=NOW)
    assert await resolvers.tiers.tier_codes(ctx.anew(), ["m1", "m2"]) == ["black", "member"]


async def test_the_ladder_is_told_to_everybody(shop: Store) -> None:
    (tiers,) = await resolvers.tiers.ladder(self(shop), [None])
    amounts = await resolvers.tiers.threshold_of(self(shop), tiers)
    assert [amount.amount_minor for amount in amounts] == [0, 200_000, 1_000_000, 5_000_000]
