"""A small shop behind the real app: two sizes of one jacket, two stores, some of it counted."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import compose
import resolvers.imports
from datasources.store.imports import SqlImports
from domain.imports import Item, Line
from resolvers.imports import Job
from tests import builders
from tests.web.front import Front, Wiring, opened

Open = Callable[[Wiring], Front]


@pytest.fixture(scope="session")
def shop_file(migrated_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the small shop in it, to be copied."""
    file = tmp_path_factory.mktemp("shop") / "shop.sqlite3"
    shutil.copyfile(migrated_sqlite_template, file)
    asyncio.run(_stock(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def open_front(shop_file: Path, tmp_path: Path) -> Iterator[Open]:
    """Open the app with a wiring of the test's own."""
    database = tmp_path / "shop.sqlite3"
    shutil.copyfile(shop_file, database)
    with ExitStack() as stack:
        yield lambda wiring: stack.enter_context(opened(database, tmp_path, wiring))


@pytest.fixture
def front(open_front: Open) -> Front:
    """The app as the house wires it."""
    return open_front(Wiring())


async def _stock(url: str) -> None:
    now = compose.utc_now()
    jacket = builders.entry("DJ01", sizes=("M", "L"), title="轻暖羽绒服")
    items: list[Item] = [
        *builders.on_sale(jacket),
        builders.BASE,
        builders.priced("DJ01-L", 129_900),
        builders.shop("SH001"),
        builders.shop("SH002"),
        builders.count(7, at=now),
        builders.count(2, at=now, location_id="SH002"),
    ]
    place = SqlImports(url)
    try:
        lines = [Line(number, (item,)) for number, item in enumerate(items, start=1)]
        report = await resolvers.imports.run(place, lines, Job("shop", "erp", compose.utc_now))
        assert report.findings == []
    finally:
        await place.close()
