"""Of all lists that hold, the most specific gives the price; the quote says which, and what the base price is."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import domain.prices
from domain.channels import Channel
from domain.money import Money
from domain.prices import Price, PriceContext, PriceList, PriceQuote
from tests.builders import BASE, NOW, priced

days = st.integers(-2, 2).map(lambda n: NOW + timedelta(days=n))
scoped = (
    st.builds(  # what is sampled twice is what a context holds more often than not: rules are seen where lists meet
        PriceList,
        id=st.integers(0, 99).map(lambda n: f"list-{n:02}"),
        name=st.just(""),
        currency=st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
        channel=st.none() | st.sampled_from([Channel.WEB, Channel.WEB, Channel.POS]),
        store_group=st.none() | st.sampled_from(["east", "east", "west"]),
        member_tier=st.none() | st.sampled_from(["gold", "gold", "silver"]),
        priority=st.integers(0, 2),
        valid_from=st.sampled_from([None, None]) | days,
        valid_to=st.sampled_from([None, None]) | days,
    )
)
unscoped = st.builds(replace, scoped, channel=st.none(), store_group=st.none(), member_tier=st.none())
lists = scoped | unscoped
contexts = st.builds(
    PriceContext,
    currency=st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
    at=days,
    channel=st.sampled_from([Channel.WEB, Channel.WEB, Channel.POS, None]),
    store_group=st.sampled_from(["east", "east", "west", None]),
    member_tier=st.sampled_from(["gold", "gold", "silver", None]),
    quantity=st.integers(1, 4),
)


@st.composite
def candidates(draw: st.DrawFn, *, sku: str = "S1") -> list[Price]:
    """Prices of one sku in a few lists, at most one per list and quantity."""
    found = draw(st.lists(lists, max_size=5, unique_by=lambda found: found.id))
    steps = st.dictionaries(st.integers(1, 4), st.integers(1, 4).map(lambda n: n * 100), max_size=2)
    return [Price(of, sku, amount, quantity) for of in found for quantity, amount in draw(steps).items()]


def holds(of: PriceList, context: PriceContext) -> bool:
    """What `domain.md` says, attribute by attribute."""
    scopes = [
        (of.channel, context.channel),
        (of.store_group, context.store_group),
        (of.member_tier, context.member_tier),
    ]
    since = of.valid_from is None or context.at >= of.valid_from
    until = of.valid_to is None or context.at < of.valid_to
    return of.currency == context.currency and since and until and all(a is None or a == b for a, b in scopes)


def chosen(found: list[Price], context: PriceContext) -> Price | None:
    """The slow, obvious winner: keep the best by one rule after another."""
    left = [price for price in found if holds(price.price_list, context) and price.min_quantity <= context.quantity]
    if not left:
        return None
    scoped = [max(_scopes(price.price_list) for price in left)]
    left = [price for price in left if _scopes(price.price_list) in scoped]
    left = [price for price in left if price.price_list.priority == max(p.price_list.priority for p in left)]
    left = [price for price in left if price.amount_minor == min(p.amount_minor for p in left)]
    return next(price for price in left if price.price_list.id == min(p.price_list.id for p in left))


def _scopes(of: PriceList) -> int:
    return [of.store_group, of.channel, of.member_tier].count(None) * -1


@given(candidates(), contexts)
def test_the_most_specific_list_wins_then_priority_then_the_lowest_amount(
    found: list[Price], context: PriceContext
) -> None:
    quote, winner = domain.prices.resolve("S1", found, context), chosen(found, context)
    if winner is None:
        assert quote is None
    else:
        assert quote is not None
        assert (quote.price, quote.price_list) == (Money(winner.amount_minor, context.currency), winner.price_list)
        assert (quote.valid_until, quote.as_of) == (winner.price_list.valid_to, context.at)


@pytest.mark.parametrize("scope", [{"channel": Channel.POS}, {"store_group": "east"}, {"member_tier": "gold"}])
def test_a_list_for_one_store_channel_or_tier_beats_one_for_everybody_whatever_its_priority(
    scope: dict[str, Any],
) -> None:
    found = [
        priced("S1", 100, list=replace(BASE, priority=9)),
        priced("S1", 200, list=PriceList("a", "", "CNY", **scope)),
    ]
    quote = domain.prices.resolve("S1", found, PriceContext("CNY", NOW, Channel.POS, "east", "gold"))
    assert quote is not None
    assert (quote.price, quote.list) == (Money(200, "CNY"), Money(100, "CNY"))


@given(candidates(), contexts, st.randoms(use_true_random=False))
def test_the_order_in_which_prices_are_kept_does_not_matter_CAT_3(
    found: list[Price], context: PriceContext, shuffler: Random
) -> None:
    before = domain.prices.resolve("S1", found, context)
    shuffler.shuffle(found)
    assert domain.prices.resolve("S1", found, context) == before


@given(candidates(), lists, contexts)
def test_a_list_that_does_not_hold_changes_nothing_CAT_4(
    found: list[Price], other: PriceList, context: PriceContext
) -> None:
    assume(not holds(other, context))
    with_it = [*found, Price(other, "S1", 1)]
    assert domain.prices.resolve("S1", with_it, context) == domain.prices.resolve("S1", found, context)


@given(candidates(), candidates(sku="S2"), contexts)
def test_prices_of_other_skus_change_nothing(found: list[Price], others: list[Price], context: PriceContext) -> None:
    assert domain.prices.resolve("S1", found + others, context) == domain.prices.resolve("S1", found, context)


@given(candidates(), st.lists(st.integers(1, 4), min_size=10, max_size=10))
def test_a_step_where_buying_more_costs_more_a_piece_is_found_for_each_sku_of_each_list_CAT_5(
    found: list[Price], amounts: list[int]
) -> None:
    other = [replace(price, sku="S2", amount_minor=n * 100) for price, n in zip(found, amounts, strict=False)]
    expected = set()
    for of, sku in {(price.price_list.id, price.sku) for price in (*found, *other)}:
        steps = [price for price in (*found, *other) if (price.price_list.id, price.sku) == (of, sku)]
        for below, above in pairwise(sorted(steps, key=lambda price: price.min_quantity)):
            if above.amount_minor > below.amount_minor:
                expected.add((of, sku, above.min_quantity))
    rising = domain.prices.rising_steps([*found, *other])
    assert (set(rising), len(rising)) == (expected, len(expected))


@given(candidates(), contexts)
def test_the_base_price_is_one_in_every_channel_store_and_tier_CAT_6(found: list[Price], context: PriceContext) -> None:
    found, context = [*found, priced("S1", 250)], replace(context, currency="CNY")
    contexts = [
        replace(context, channel=channel, store_group=group, member_tier=tier)
        for channel in (None, Channel.WEB, Channel.POS)
        for group in (None, "east", "west")
        for tier in (None, "gold", "silver")
    ]
    quotes = [domain.prices.resolve("S1", found, each) for each in contexts]
    assert len({quote.list for quote in quotes if quote}) == 1
    assert None not in quotes


@given(candidates(), contexts)
def test_the_base_price_is_that_of_the_unscoped_list_of_lowest_priority_CAT_6(
    found: list[Price], context: PriceContext
) -> None:
    quote = domain.prices.resolve("S1", found, context)
    base = [p for p in found if holds(p.price_list, context) and p.min_quantity <= context.quantity]
    base = [p for p in base if _scopes(p.price_list) == -3]
    base = [p for p in base if p.price_list.priority == min(b.price_list.priority for b in base)]
    if quote is not None:
        assert quote.list.amount_minor == min((p.amount_minor for p in base), default=quote.price.amount_minor)


def test_a_sale_everywhere_is_measured_against_the_price_before_it() -> None:
    sale = PriceList("sale", "双十二", "CNY", priority=10)
    quote = domain.prices.resolve("S1", [priced("S1", 39900), priced("S1", 29900, list=sale)], PriceContext("CNY", NOW))
    assert quote is not None
    assert (quote.list, quote.price, quote.price_list) == (Money(39900, "CNY"), Money(29900, "CNY"), sale)


def test_gold_members_pay_less_at_the_till_of_the_east_and_the_quote_says_why() -> None:
    gold = PriceList("gold-east", "东区金卡", "CNY", Channel.POS, "east", "gold", valid_to=NOW + timedelta(days=1))
    found = [priced("S1", 39900), priced("S1", 34900, list=gold)]
    context = PriceContext("CNY", NOW, Channel.POS, "east", "gold")
    base, less = Money(39900, "CNY"), Money(34900, "CNY")
    assert domain.prices.resolve("S1", found, context) == PriceQuote("S1", base, less, gold, gold.valid_to, NOW)
    for other in (replace(context, member_tier=None), replace(context, at=NOW + timedelta(days=1))):
        assert domain.prices.resolve("S1", found, other) == PriceQuote("S1", base, base, BASE, None, other.at)


@pytest.mark.parametrize(("quantity", "amount"), [(1, 100), (4, 100), (5, 90), (10, 80), (11, 80)])
def test_buying_more_costs_less_a_piece_from_the_step_on(quantity: int, amount: int) -> None:
    steps = [priced("S1", 100), priced("S1", 90, from_quantity=5), priced("S1", 80, from_quantity=10)]
    quote = domain.prices.resolve("S1", steps, PriceContext("CNY", NOW, quantity=quantity))
    assert quote is not None
    assert quote.price == Money(amount, "CNY")


def test_without_a_list_for_everybody_the_price_is_its_own_base() -> None:
    web = PriceList("web", "网店", "CNY", Channel.WEB)
    quote = domain.prices.resolve("S1", [priced("S1", 500, list=web)], PriceContext("CNY", NOW, Channel.WEB))
    assert quote is not None
    assert quote.list == quote.price == Money(500, "CNY")
