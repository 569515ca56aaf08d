"""Lists of products: every product is met exactly once, page by page, in either order; words find what holds them."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import domain.search
from datasources.ports.catalog import ProductFilter
from datasources.store.product_index import MOST_RANKED
from datasources.store.store import Store
from domain.assortment import Shelf
from domain.catalog import Category, ProductSort, ProductStatus
from domain.channels import Channel
from domain.imports import ProductEntry
from domain.pages import Page, Position
from tests.builders import NOW, entry, listing, on_sale
from tests.worlds import fill

pytestmark = pytest.mark.anyio

EVERYTHING = ProductFilter(shelf=None)
ON_SALE = ProductFilter(shelf=Shelf(Channel.MINI_PROGRAM, NOW))
over_databases = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
examples = itertools.count()
PATIENCE = 99

moments = st.integers(0, 2).map(lambda n: NOW + timedelta(microseconds=n))
titles = st.sampled_from(["Anorak", "Coat", "羽绒服", "羽绒背心", "Down coat"])
catalogues = st.lists(st.tuples(titles, moments), min_size=1, max_size=9)


def catalogue(rows: list[tuple[str, object]]) -> tuple[str, list[ProductEntry]]:
    """Products of a brand of their own, so that each example stands alone in one database."""
    brand = f"brand-{next(examples)}"
    return brand, [entry(f"{brand}-{n}", brand=brand, title=title, created_at=at) for n, (title, at) in enumerate(rows)]


async def walked(page_after: Callable[[Position | None], Awaitable[Page[str]]]) -> list[str]:
    """Ids met from the first page to the last."""
    met: list[str] = []
    after: Position | None = None
    while len(met) < PATIENCE:
        page = await page_after(after)
        assert page.nodes or after is None, "the page before said that more follow"
        met += page.nodes
        if not page.has_next:
            return met
        after = page.items[-1][1]
    raise AssertionError(f"the pages never end: {met[:9]}")


@over_databases
@given(catalogues, st.sampled_from(ProductSort), st.integers(1, 4), st.booleans())
async def test_browsing_meets_every_product_once_in_order_ties_by_id(
    store: Store,
    migrated_database_url: str,
    rows: list[tuple[str, object]],
    sort: ProductSort,
    size: int,
    by_category: bool,
) -> None:
    brand, entries = catalogue(rows)
    top, below = Category(brand, brand, "top"), Category(f"{brand}-below", f"{brand}-below", "below", brand)
    filed = [
        replace(e, product=replace(e.product, category_ids=(brand, below.id)[n % 2 :])) for n, e in enumerate(entries)
    ]
    await fill(migrated_database_url, [top, below, *filed])
    found = [entry.product for entry in entries]
    if sort is ProductSort.NEWEST:
        found.sort(key=lambda product: (product.created_at, product.id), reverse=True)
    else:
        found.sort(key=lambda product: (product.title, product.id))
    filter = replace(EVERYTHING, category_id=brand) if by_category else replace(EVERYTHING, brand=brand)
    met = await walked(lambda after: store.index.browse(filter=filter, sort=sort, first=size, after=after))
    assert met == [product.id for product in found]


@over_databases
@given(
    catalogues, st.lists(st.sampled_from(["coat", "down", "羽绒", "羽绒服", "Anoraks"]), max_size=2), st.integers(1, 4)
)
async def test_searching_meets_what_holds_every_word_once(
    store: Store, migrated_database_url: str, rows: list[tuple[str, object]], words: list[str], size: int
) -> None:
    brand, entries = catalogue(rows)
    await fill(migrated_database_url, entries)
    terms = domain.search.query_terms(" ".join(words))
    filter = replace(EVERYTHING, brand=brand)
    met = await walked(lambda after: store.index.search(terms=terms, filter=filter, first=size, after=after))
    holding = [e.product.id for e in entries if terms and set(terms) <= domain.search.index_terms(e.product.title)]
    assert met == sorted(holding)  # all hold them in their titles


async def search(store: Store, text: str, filter: ProductFilter = EVERYTHING) -> list[str]:
    """Ids of the products found, best first."""
    page = await store.index.search(terms=domain.search.query_terms(text), filter=filter, first=50, after=None)
    return list(page.nodes)


async def browse(store: Store, filter: ProductFilter) -> list[str]:
    """Ids of the products listed, by title."""
    page = await store.index.browse(filter=filter, sort=ProductSort.TITLE, first=50, after=None)
    return list(page.nodes)


async def test_two_characters_of_chinese_and_words_of_english_are_found(
    store: Store, migrated_database_url: str
) -> None:
    await fill(
        migrated_database_url,
        [entry("A", title="轻薄羽绒服"), entry("B", title="Men's Down Jackets"), entry("C", title="绒羽毛衣")],
    )
    assert await search(store, "羽绒") == ["A"]
    assert await search(store, "羽绒服") == ["A"]
    assert await search(store, "jacket") == await search(store, "JACKETS down") == ["B"]
    assert await search(store, "jacket 羽绒") == []
    assert await search(store, "?!") == []


async def test_the_title_counts_most_then_codes_then_the_shelf_then_the_text(
    store: Store, migrated_database_url: str
) -> None:
    await fill(
        migrated_database_url,
        [
            Category("c", "c", "fleece"),
            entry("T-text", description="lined with fleece"),
            entry("B-shelf", category_ids=("c",)),
            entry("fleece"),
            entry("Z-title", title="Fleece vest"),
            entry("A-title", title="Fleece coat"),
        ],
    )
    assert await search(store, "fleece") == ["A-title", "Z-title", "fleece", "B-shelf", "T-text"]


async def test_a_category_holds_what_is_filed_there_and_below_and_each_product_once(
    store: Store, migrated_database_url: str
) -> None:
    tree = [Category("top", "top", "top"), Category("mid", "mid", "mid", "top"), Category("low", "low", "low", "mid")]
    await fill(
        migrated_database_url,
        [
            *tree,
            Category("other", "other", "other"),
            entry("A", category_ids=("top",)),
            entry("B", category_ids=("low", "mid")),
            entry("C", category_ids=("other",)),
            entry("D"),
        ],
    )
    for id, inside in (("top", ["A", "B"]), ("mid", ["B"]), ("other", ["C"]), ("nope", [])):
        assert await browse(store, replace(EVERYTHING, category_id=id)) == inside


async def test_a_product_stands_where_it_is_filed_now_and_under_the_title_it_has_now(
    store: Store, migrated_database_url: str
) -> None:
    tree = [Category("one", "one", "one"), Category("two", "two", "two"), Category("low", "low", "low", "one")]
    coat = entry("A", title="Coat", category_ids=("low",))
    await fill(migrated_database_url, [*tree, coat, entry("B", title="Bag", category_ids=("two",))])
    await fill(migrated_database_url, [replace(tree[2], parent_id="two")])
    for id, inside in (("one", []), ("two", ["B", "A"]), ("low", ["A"])):
        assert await browse(store, replace(EVERYTHING, category_id=id)) == inside
    await fill(migrated_database_url, [replace(coat, product=replace(coat.product, title="Anorak"))])
    assert await browse(store, replace(EVERYTHING, category_id="two")) == ["A", "B"]
    await fill(migrated_database_url, [replace(coat, product=replace(coat.product, category_ids=("one",)))])
    for id, inside in (("one", ["A"]), ("two", ["B"]), ("low", [])):
        assert await browse(store, replace(EVERYTHING, category_id=id)) == inside


async def test_words_are_looked_for_in_the_category_and_below(store: Store, migrated_database_url: str) -> None:
    tree = [Category("top", "top", "top"), Category("low", "low", "low", "top"), Category("other", "other", "other")]
    coats = [entry(id, title="Down coat", category_ids=(category,)) for id, category in (("A", "low"), ("B", "other"))]
    await fill(migrated_database_url, [*tree, *coats])
    for words in ("coat", "down coat"):
        assert await search(store, words, replace(EVERYTHING, category_id="top")) == ["A"]


async def test_what_holds_all_words_best_comes_first_where_they_are_not_in_too_many_products(
    store: Store, migrated_database_url: str
) -> None:
    await fill(
        migrated_database_url,
        [
            entry("A", title="Coat", description="filled with down"),
            entry("B", title="Down", description="for a coat"),
            entry("C", title="Down coat"),
            entry("D", title="Coat"),
        ],
    )
    assert await search(store, "down coat") == ["C", "A", "B"]


async def test_words_that_very_many_products_hold_meet_each_of_them_once_the_first_word_counts(
    store: Store, migrated_database_url: str
) -> None:
    titled = [entry(f"T{n:04}", title="Down coat") for n in range(MOST_RANKED)]
    text = [
        entry("A", title="Coat", description="filled with down"),
        entry("B", title="Down", description="for a coat"),
    ]
    await fill(migrated_database_url, [*titled, *text, entry("C", title="Coat")])
    terms = domain.search.query_terms("down coat")
    met: list[str] = []
    page = await store.index.search(terms=terms, filter=EVERYTHING, first=MOST_RANKED - 9, after=None)
    while page.items:
        met += page.nodes
        page = await store.index.search(terms=terms, filter=EVERYTHING, first=9, after=page.items[-1][1])
    assert met == ["B", *(e.product.id for e in titled), "A"]


async def test_shoppers_browse_and_find_only_what_is_on_sale_where_they_stand_CAT_7(
    store: Store, migrated_database_url: str
) -> None:
    title = {"title": "羽绒服"}
    await fill(
        migrated_database_url,
        [
            *on_sale(entry("A", **title)),
            *on_sale(entry("B-draft", status=ProductStatus.DRAFT, **title)),
            *on_sale(entry("C-archived", status=ProductStatus.ARCHIVED, **title)),
            *on_sale(entry("D-web", **title), channel=Channel.WEB),
            entry("E-unlisted", **title),
            *(entry("F-future", **title), listing("F-future-L", listed_from=NOW + timedelta(seconds=1))),
            *(entry("G-ended", **title), listing("G-ended-L", listed_to=NOW)),
            *(entry("H-store", **title), listing("H-store-L", location_id="SH001")),
            *(entry("I-begins", **title), listing("I-begins-L", listed_from=NOW, listed_to=NOW + timedelta(seconds=1))),
        ],
    )
    at_the_store = ProductFilter(Shelf(Channel.MINI_PROGRAM, NOW, "SH001"))
    for ask in (browse, lambda store, filter: search(store, "羽绒", filter)):
        assert await ask(store, ON_SALE) == ["A", "I-begins"]
        assert await ask(store, at_the_store) == ["A", "H-store", "I-begins"]
        assert len(await ask(store, EVERYTHING)) == 9


async def test_a_page_knows_whether_more_follow(store: Store, migrated_database_url: str) -> None:
    await fill(migrated_database_url, [entry("A"), entry("B")])
    for first, has_next in ((1, True), (2, False), (3, False)):
        page = await store.index.browse(filter=EVERYTHING, sort=ProductSort.TITLE, first=first, after=None)
        assert (len(page.items), page.has_next) == (min(first, 2), has_next)
