"""The price that somebody sees: theirs by channel, store, tier, quantity and currency."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

import resolvers.prices
from datasources.store.store import Store
from domain.channels import Channel
from domain.imports import Item
from domain.prices import PriceList
from resolvers.context import Context
from resolvers.errors import BadQuestion
from tests.builders import BASE, MEMBER, NOW, entry, priced, shop, variant
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

JACKET = variant("DJ01-L")
WEB = PriceList("web", "网店", "CNY", channel=Channel.WEB)
EAST = PriceList("east", "华东", "CNY", store_group="east")
GOLD = PriceList("gold", "金卡", "CNY", member_tier="gold")
DOLLARS = PriceList("usd", "USD", "USD")


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    prices: list[Item] = [
        BASE,
        WEB,
        EAST,
        GOLD,
        DOLLARS,
        *(priced("DJ01-L", 40000), priced("DJ01-L", 38000, from_quantity=10)),
        *(priced("DJ01-L", amount, list=of) for of, amount in ((WEB, 39000), (EAST, 37000), (GOLD, 36000))),
        priced("DJ01-L", 6000, list=DOLLARS),
    ]
    shops = [shop("SH001", store_group="east"), shop("CD001")]
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), *shops, *prices])
    return asked(store)


def _same(at: datetime | None) -> datetime:
    """A clock that stands."""
    assert at is not None
    return at


async def price(ctx: Context, **said: Any) -> tuple[int, int, str]:
    """What is paid, the base price, and the list."""
    (quote,) = await resolvers.prices.quotes(ctx, [JACKET], **said)
    assert quote is not None
    return quote.price.amount_minor, quote.list.amount_minor, quote.price_list.id


async def test_everybody_pays_the_base_price_where_nothing_else_holds_CAT_6(ctx: Context) -> None:
    for channel in (Channel.MINI_PROGRAM, Channel.APP, Channel.POS):
        assert await price(ctx, channel=channel) == (40000, 40000, "base")


async def test_the_channel_is_the_request_s_unless_another_is_asked_for(ctx: Context) -> None:
    assert await price(replace(ctx, channel=Channel.WEB)) == (39000, 40000, "web")
    assert await price(ctx, channel=Channel.WEB) == (39000, 40000, "web")


async def test_a_price_is_that_of_the_moment_at_which_it_is_asked(ctx: Context, migrated_database_url: str) -> None:
    tomorrow = NOW + timedelta(days=1)
    sale = PriceList("sale", "双十二", "CNY", priority=1, valid_from=tomorrow, valid_to=tomorrow + timedelta(days=1))
    await fill(migrated_database_url, [sale, priced("DJ01-L", 30000, list=sale)])
    for at, amount, until in ((NOW, 40000, None), (tomorrow, 30000, sale.valid_to), (sale.valid_to, 40000, None)):
        (quote,) = await resolvers.prices.quotes(replace(ctx, clock=partial(_same, at)), [JACKET])
        assert quote is not None
        assert (quote.price.amount_minor, quote.as_of, quote.valid_until) == (amount, at, until)


async def test_a_store_s_group_has_its_own_prices(ctx: Context) -> None:
    assert await price(ctx, store_id="SH001") == (37000, 40000, "east")
    assert await price(ctx, store_id="CD001") == (40000, 40000, "base")


async def test_a_member_s_tier_counts_without_being_asked_for(ctx: Context) -> None:
    assert await price(replace(ctx, viewer=MEMBER)) == (36000, 40000, "gold")


async def test_buying_more_and_paying_in_another_currency(ctx: Context) -> None:
    assert await price(ctx, quantity=10) == (38000, 38000, "base")
    assert await price(ctx, currency="USD") == (6000, 6000, "usd")


async def test_quotes_keep_the_order_asked_and_there_is_none_where_no_list_has_a_price(ctx: Context) -> None:
    asked_for = [variant("DJ01-M"), JACKET, variant("nope"), JACKET]
    found = await resolvers.prices.quotes(ctx, asked_for)
    assert [quote and quote.sku for quote in found] == [None, "DJ01-L", None, "DJ01-L"]
    assert await resolvers.prices.quotes(ctx, [JACKET], currency="EUR") == [None]


@pytest.mark.parametrize(
    ("said", "code"), [({"quantity": 0}, "BAD_ARGUMENT"), ({"store_id": "nope"}, "UNKNOWN_LOCATION")]
)
async def test_a_price_of_nothing_or_of_nowhere_is_a_bad_question(
    ctx: Context, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadQuestion) as refused:
        await resolvers.prices.quotes(ctx, [JACKET], **said)
    assert refused.value.code == code
