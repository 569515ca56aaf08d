"""What members prefer follows from what they buy, of those who let us, and leaves alone what people say."""

from datetime import timedelta

import pytest

import resolvers.preferences
import resolvers.tags
from datasources.store.store import Store
from domain.catalog import Category
from domain.consents import ConsentState, Purpose
from domain.orders import Order, OrderLine
from domain.tags import Dimension
from resolvers.context import Context
from resolvers.tags import Place, RemoveTags
from tests.builders import NOW, entry, on_sale
from tests.people import keep, order
from tests.resolvers.knowing import house, later, opened, says, seen
from tests.worlds import fill

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    """Jackets lie under clothes and outdoor; bags are filed nowhere else; somebody bought both."""
    await opened(store, migrated_database_url)
    shelves = [Category("1", "clothes", "衣"), Category("2", "outdoor", "户外", "1"), Category("3", "bags", "包")]
    goods = on_sale(entry("JACKET", category_ids=("2", "3")), entry("BAG", category_ids=("3",)), entry("LOOSE"))
    await fill(migrated_database_url, [*shelves, *goods])
    await keep(store, orders=[bought("o1", "JACKET-L", 700), bought("o2", "BAG-L", 300), bought("o3", "LOOSE-L", 900)])
    return store


def bought(id: str, sku: str, net_minor: int, days_ago: int = 1) -> Order:
    """Something that m1 bought."""
    line = OrderLine(id, sku, sku, 1, net_minor, net_minor)
    return order(id, "m1", at=NOW - days_ago * DAY, lines=(line,))


async def shown(ctx: Context) -> list[tuple[str, int]]:
    """What is said of m1, and how surely."""
    (tags,) = await resolvers.tags.tags_of(ctx, [await seen(ctx)])
    return [(tag.path, tag.confidence_bp) for tag in tags]


async def test_preferences_follow_the_purchases_of_those_who_let_us(shop: Store) -> None:
    ctx = house(shop)
    await resolvers.preferences.refresh_all(ctx)
    assert await shop.tags.tags({"m1"}) == {}
    await says(shop, Purpose.PROFILING)
    await resolvers.preferences.refresh_all(ctx)
    assert await shown(ctx) == [("category/bags", 3_000), ("category/clothes/outdoor", 7_000)]
    before = await shop.tags.tags({"m1"})
    await resolvers.preferences.refresh_all(later(ctx, NOW + DAY))
    assert await shop.tags.tags({"m1"}) == before
    await keep(shop, orders=[bought("o4", "BAG-L", 99_000)])
    await resolvers.preferences.refresh_all(later(ctx, NOW + DAY))
    assert await shown(later(ctx, NOW + DAY)) == [("category/bags", 9_930)]
    await says(shop, Purpose.PROFILING, ConsentState.WITHDRAWN)
    await resolvers.preferences.refresh_all(later(ctx, NOW + 2 * DAY))
    await says(shop, Purpose.PROFILING)
    assert await shown(later(ctx, NOW + 2 * DAY)) == []


async def test_what_a_person_took_back_rules_do_not_say_again(shop: Store) -> None:
    await says(shop, Purpose.PROFILING)
    ctx = house(shop)
    await resolvers.preferences.refresh_all(ctx)
    gone = RemoveTags("m1", [Place(Dimension.CONSUMPTION, "category/bags")], "k")
    assert (await resolvers.tags.remove(later(ctx, NOW + DAY), gone)).user_errors == ()
    await resolvers.preferences.refresh_all(later(ctx, NOW + 2 * DAY))
    assert await shown(later(ctx, NOW + 2 * DAY)) == [("category/clothes/outdoor", 7_000)]
