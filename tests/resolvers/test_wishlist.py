"""A wish list holds what its member put there; whoever looks after them sees it, a page at a time."""

import json
from datetime import timedelta

import pytest

import resolvers.wishlist
from datasources.store.store import Store
from domain.refusals.behaviour import WishlistFull
from domain.refusals.stock import UnknownSku
from domain.wishlist import MOST, Wish
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.wishlist import AddWish, RemoveWish
from tests.builders import NOW, entry
from tests.resolvers.knowing import guide, later, opened, seen, self
from tests.worlds import fill

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
AT_SKU = ("input", "sku")


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    return await opened(store, migrated_database_url)


async def listed(ctx: Context, id: str = "m1") -> list[str]:
    """The skus on a list as whoever asks sees them."""
    (page,) = await resolvers.wishlist.wishlist_of(ctx, [await seen(ctx, id)])
    return [wish.sku for wish in page.nodes]


async def test_what_is_wished_for_last_stands_first_and_keeps_its_place(shop: Store) -> None:
    ctx = self(shop)
    for day, sku in enumerate(["DJ01-M", "DJ01-L", "DJ01-M"]):
        answer = await resolvers.wishlist.add(later(ctx, NOW + day * DAY), AddWish(sku, f"k{day}"))
        assert answer.user_errors == ()
    assert await listed(ctx) == await listed(guide(shop)) == ["DJ01-L", "DJ01-M"]
    (page,) = await resolvers.wishlist.wishlist_of(guide(shop), [await seen(ctx)])
    variants = await resolvers.wishlist.variant_of(ctx, page.nodes)
    assert [one.sku for one in variants if one] == ["DJ01-L", "DJ01-M"]
    for _ in "12":
        assert (await resolvers.wishlist.remove(ctx, RemoveWish("DJ01-L", "gone"))).user_errors == ()
    assert await listed(ctx) == ["DJ01-M"]


async def test_a_list_is_walked_page_by_page(shop: Store) -> None:
    wishes = [Wish(f"{id}-L", NOW - day * DAY) for day, id in enumerate(["DJ01", "DJ02"])]
    async with shop.work() as work:
        await work.wishes.write("m1", [*wishes, Wish("DJ01-M", NOW - DAY)])
    ctx, after = self(shop), None
    walked = []
    for _ in range(3):
        (page,) = await resolvers.wishlist.wishlist_of(ctx, [await seen(ctx)], first=1, after=after)
        after = page.page_info.end_cursor
        walked.append((page.nodes[0].sku, page.page_info.has_next_page))
    assert walked == [("DJ01-L", True), ("DJ01-M", True), ("DJ02-L", False)]
    with pytest.raises(BadQuestion):
        await resolvers.wishlist.wishlist_of(ctx, [], after="none of ours")


async def test_what_there_is_not_cannot_be_wished_for(shop: Store) -> None:
    answer = await resolvers.wishlist.add(self(shop), AddWish("DJ09-L", "k"))
    assert answer.user_errors == (UnknownSku(AT_SKU, "DJ09-L"),)


async def test_a_list_has_an_end(shop: Store, migrated_database_url: str) -> None:
    many = entry("MANY", sizes=[str(n) for n in range(MOST)])
    await fill(migrated_database_url, [many])
    async with shop.work() as work:
        await work.wishes.write("m1", [Wish(variant.sku, NOW) for variant in many.variants])
    answer = await resolvers.wishlist.add(self(shop), AddWish("DJ01-L", "k"))
    assert answer.user_errors == (WishlistFull(AT_SKU, MOST),)
    assert (await resolvers.wishlist.add(self(shop), AddWish("MANY-1", "k"))).user_errors == ()


async def test_a_merge_makes_two_lists_one_and_is_undone_but_for_what_changed_since_MEM_4(shop: Store) -> None:
    async with shop.work() as work:
        await work.wishes.write("m1", [Wish("DJ01-M", NOW - 2 * DAY), Wish("DJ01-L", NOW)])
        await work.wishes.write("m2", [Wish("DJ01-M", NOW - DAY), Wish("DJ02-L", NOW - 3 * DAY)])
    before = await shop.wishes.wishes({"m1", "m2"})
    for since in (None, "DJ02-L"):
        async with shop.work() as work:
            record = await resolvers.wishlist.join(work, absorbed="m1", survivor="m2", now=NOW)
        united = [Wish("DJ01-L", NOW), Wish("DJ01-M", NOW - 2 * DAY), Wish("DJ02-L", NOW - 3 * DAY)]
        assert await shop.wishes.wishes({"m1", "m2"}) == {"m2": united}
        if since is not None:
            await resolvers.wishlist.remove(self(shop, "m2"), RemoveWish(since, "k"))
        async with shop.work() as work:
            await resolvers.wishlist.part(work, json.loads(json.dumps(record)), now=NOW)
        after = await shop.wishes.wishes({"m1", "m2"})
        assert after == {"m1": before["m1"], "m2": [wish for wish in before["m2"] if wish.sku != since]}
    async with shop.work() as work:
        await resolvers.wishlist.forget(work, "m1", now=NOW)
    assert set(await shop.wishes.wishes({"m1", "m2"})) == {"m2"}
