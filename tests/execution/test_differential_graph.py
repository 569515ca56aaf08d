"""The engine against strawberry's own executor over the whole graph and the demo's shop: the same answers."""

import asyncio
import os
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
import strawberry
import structlog.testing
from strawberry.schema.config import StrawberryConfig

import resolvers.ids
import resolvers.rfm
import schema.build
import schema.instants
import schema.refusals.base
from datasources.demo import catalogue as seed
from datasources.store.store import Store
from domain.catalog import Product
from domain.consents import Purpose
from domain.imports import ProductEntry
from domain.movements import Count
from domain.viewers import Viewer
from schema.catalog import Category, Variant
from schema.catalog import Product as ProductView
from schema.locations import Location
from tests.builders import NOW, VIEWERS
from tests.execution.compare import assert_same_in_time
from tests.execution.operations import Operation, Values, operation
from tests.execution.seeds import seeds
from tests.people import consent, keep, member, order
from tests.worlds import asked as surroundings
from tests.worlds import fill, tell

BLOCKS = 2
CASES = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 50
COUNTS = 1_500

ENGINE = schema.build.unified()
GRAPH = ENGINE._schema


class Oracle(strawberry.Schema):
    """Strawberry's schema, which does not print its errors."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        pass


ORACLE = Oracle(
    schema.build.Query,
    schema.build.Mutation,
    schema.build.Subscription,
    types=[ProductView, Variant, Category, Location, *schema.refusals.base.TYPES],
    config=StrawberryConfig(scalar_map={schema.instants.Instant: schema.instants.DEFINITION}),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite_template: Path) -> str:
    """The demo's catalogue, what stands on some of its shelves, and members who bought; one lets us profile them."""
    file = shutil.copyfile(migrated_sqlite_template, tmp_path_factory.mktemp("demo") / "shop.sqlite3")
    url = f"sqlite+aiosqlite:///{file}"
    items = [item for line in seed.lines(NOW) for item in line.items]
    counts = [item for item in items if isinstance(item, Count)][:COUNTS]

    async def stock() -> None:
        await fill(url, [item for item in items if not isinstance(item, Count)])
        store = Store(url)
        await tell(store, *counts, source=seed.SOURCE)
        people = [member(f"m-{n}") for n in range(1, 4)]
        await keep(store, *people, orders=[order(one.id, one.id, 300_000, at=NOW) for one in people])
        async with store.work() as work:
            await work.consents.write({"m-1": [consent(Purpose.PROFILING)]})
        await resolvers.rfm.recompute(store.rfm, NOW)
        await store.close()

    asyncio.run(stock())
    return url


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")  # graphql-core drops some
@pytest.mark.parametrize("block", range(BLOCKS))
def test_any_question_about_the_shop_gets_the_answer_of_strawberry_s_executor(shop: str, block: int) -> None:
    async def cases() -> None:
        store = Store(shop)
        values = told()
        for number in seeds(block, CASES):
            await case(number, store, values)
        await store.close()

    with structlog.testing.capture_logs():
        asyncio.run(cases())


async def case(number: int, store: Store, values: Values) -> None:
    random = Random(number)
    viewer = random.choice(VIEWERS)
    asked = operation(GRAPH, random, values, depth=random.randint(2, 5), told=frozenset({"first"}))
    try:
        ours, theirs = [await answered(graph, asked, store, viewer) for graph in (ENGINE, ORACLE)]
        assert_same_in_time(ours, theirs)
    except BaseException as failure:
        failure.add_note(f"seed {number}: {asked.text}\n{asked.variables}")
        raise


async def answered(graph: strawberry.Schema, asked: Operation, store: Store, viewer: Viewer) -> Any:
    ctx: Any = surroundings(store, viewer=viewer)
    return await graph.execute(asked.text, asked.variables, context_value=ctx)


def told() -> Values:
    """What arguments are told: things of the shop, and things that are in none."""
    entries = [i for line in seed.lines(NOW) for i in line.items if isinstance(i, ProductEntry)][:12]
    products: list[Product] = [entry.product for entry in entries]
    skus = [entry.variants[0].sku for entry in entries]
    stores = ["SH001", "SH002", "SH003", "nowhere", "", resolvers.ids.encode("Location", "SH001")]
    objects = [resolvers.ids.encode("Product", product.id) for product in products]
    objects += [resolvers.ids.encode("Variant", sku) for sku in skus]
    return {
        "id": [*objects, *stores, "UHJvZHVjdDo", "?"],
        "ids": [*objects, resolvers.ids.encode("Category", products[0].category_ids[0]), "nothing"],
        "slug": [*(product.slug for product in products), "no-such-slug"],
        "code": [*skus, "6900000000000", ""],
        "storeId": stores,
        "storeIds": stores,
        "categoryId": [resolvers.ids.encode("Category", products[0].category_ids[0]), "?"],
        "brand": [products[0].brand, "no such brand"],
        "text": ["羽绒", "jacket", "a", ""],
        "after": ["", "no cursor"],
        "first": [0, 1, 2, 3, 3, 4, -1],
        "quantity": [0, 1, 1, 10],
        "currency": ["CNY", "EUR", "?"],
        "latitude": [31.23, 91],
        "longitude": [121.47],
        "radiusKm": [1, 50, -1],
        "Boolean": [True, False],
        "Decimal": ["9.00", "0.01", "1.001", "-1"],
        "Instant": ["2026-11-01T00:00:00Z", "2026-11-21T09:30:00Z", "2027-01-01T00:00:00Z", "yesterday"],
        "Int": [1, 2],
        "String": ["a"],
        "Float": [1.5],
        "ID": ["?"],
        "segment": ["111", "000", "?"],
        "tier": ["member", "gold", "?"],
    }
