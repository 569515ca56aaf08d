"""What a shopper asks of the growth benchmark's catalogue: lists, searches, a scan, a product, prices."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import resolvers.availability
import resolvers.prices
from bench import growth_catalogue, growth_shop
from bench.growth_catalogue import COMMON_BRAND, RARE_BRAND, SIZES, STORES
from bench.growth_shop import Ask, Asks, Subject
from compose import World
from datasources.store import search_terms
from datasources.store.migrate import migrate_async
from domain.catalog import Product, ProductSort, Variant
from domain.channels import Channel
from domain.viewers import GUEST
from resolvers import catalog, ids, paging
from resolvers.catalog import ProductsAsked
from resolvers.context import Context
from resolvers.paging import Connection
from tests import builders

FIRST, DEEP = 24, 40
"""How many stand on a page, and which product of the middle copy the deep ones go on from: a jacket."""

List = Callable[[Context, Sequence[None]], Awaitable[Sequence[Connection[Product]]]]


@asynccontextmanager
async def opened(database_url: str, variants: int) -> AsyncIterator[Asks]:
    """Plant the shop with so many variants, and open it."""
    await migrate_async(database_url)
    copies = growth_catalogue.copies_of(variants)
    await growth_catalogue.plant(database_url, copies)
    async with growth_shop.world(database_url) as world:
        asks: dict[str, Ask] = {name: partial(_list, world, of) for name, of in _lists(copies // 2).items()}
        asks |= _others(world, copies // 2)
        yield {f"{SUBJECT.figure}_{name}": ask for name, ask in asks.items()}


SUBJECT = Subject("p50_variants", "variants", few=1_000, many=1_000_000, opened=opened)


def _lists(copy: int) -> dict[str, List]:
    """Pages, from the beginning and on from a product of this copy."""
    id, made_at = growth_catalogue.product_id(DEEP, copy), growth_catalogue.made_at(copy)
    newest = paging.encode((made_at.isoformat(), id))
    titles = paging.encode((growth_catalogue.title(DEEP), id))
    best = paging.encode((search_terms.TITLE, id))
    clothes, hats = (ProductsAsked(category_id=ids.encode("Category", id)) for id in ("clothes", "hats"))
    products, search = partial(catalog.products, first=FIRST), partial(catalog.search, first=FIRST)
    return {
        "newest": products,
        "newest_deep": partial(products, after=newest),
        "title": partial(products, sort=ProductSort.TITLE),
        "title_deep": partial(products, sort=ProductSort.TITLE, after=titles),
        "category": partial(products, filter=clothes),
        "category_deep": partial(products, filter=clothes, after=newest),
        "category_small": partial(products, filter=hats),
        "brand": partial(products, filter=ProductsAsked(brand=COMMON_BRAND)),
        "brand_small": partial(products, filter=ProductsAsked(brand=RARE_BRAND)),
        "search": partial(search, text="jacket"),
        "search_deep": partial(search, text="jacket", after=best),
        "search_zh": partial(search, text="羽绒"),
        "search_words": partial(search, text="warm jackets"),
        "search_rare": partial(search, text="sou'wester"),
        "search_rare_zh": partial(search, text="雨帽"),
        "search_rare_and_common": partial(search, text="warm sou'wester"),
    }


def _others(world: World, copy: int) -> Asks:
    id = growth_catalogue.product_id(DEEP, copy)
    page = [growth_catalogue.product_id(number, copy) for number in range(FIRST)]
    newest = _lists(copy)["newest"], _lists(copy)["newest_deep"]
    return {
        "page": partial(_page, world, newest[0]),
        "page_deep": partial(_page, world, newest[1]),
        "scan": partial(_scan, world, f"qr:{id}-3"),
        "slug": partial(_slug, world, f"p-{id}".lower()),
        "prices": partial(_prices, world, [f"{id}-{size}" for id in page for size in range(SIZES)]),
    }


def _guest(world: World) -> Context:
    return world.surroundings(GUEST, Channel.MINI_PROGRAM, "zh", "bench")


async def _list(world: World, asked: List, _: int) -> None:
    """The products of a page alone: what else stands on it costs the same whichever page it is."""
    (page,) = await asked(_guest(world), [None])
    assert len(page.nodes) == FIRST


async def _page(world: World, asked: List, _: int) -> None:
    """A page of products with all their variants, prices, and levels in each of the stores."""
    ctx = _guest(world)
    (page,) = await asked(ctx, [None])
    assert len(page.nodes) == FIRST
    await _shown(ctx, page.nodes)


async def _scan(world: World, code: str, _: int) -> None:
    """What a code at the shelf leads to."""
    ctx = _guest(world)
    (variant,) = await catalog.product_by_code(ctx, [None], code=code)
    assert variant
    assert all(await catalog.product_of(ctx, [variant]))
    await _offered(ctx, [variant])


async def _slug(world: World, slug: str, _: int) -> None:
    """The page of one product."""
    ctx = _guest(world)
    (product,) = await catalog.product(ctx, [None], slug=slug)
    assert product
    await _shown(ctx, [product])


async def _prices(world: World, skus: Sequence[str], _: int) -> None:
    """What a page of variants costs."""
    quotes = await resolvers.prices.quotes(_guest(world), [builders.variant(sku) for sku in skus])
    assert all(quotes)


async def _shown(ctx: Context, products: Sequence[Product]) -> None:
    variants = [variant for each in await catalog.variants_of(ctx, products) for variant in each]
    assert len(variants) == SIZES * len(products)
    await _offered(ctx, variants)


async def _offered(ctx: Context, variants: Sequence[Variant]) -> None:
    """Prices, and what each of the stores has."""
    assert all(await resolvers.prices.quotes(ctx, variants))
    offers = await resolvers.availability.offers(ctx, variants, store_ids=STORES)
    assert all(offer.level for each in offers for offer in each)
