"""The demo, once per worker, and houses of a test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.journeys.house import Door, House


class Demo(NamedTuple):
    """A running demo: where it answers, the tokens it printed, and its house."""

    door: Door
    tokens: dict[str, str]
    house: House


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`server.py demo`, started in an empty directory."""
    directory = tmp_path_factory.mktemp("demo")
    house = House(directory, f"sqlite+aiosqlite:///{directory}/demo.sqlite3")
    with house.demo() as (door, tokens):
        yield Demo(door, tokens, house)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty directory with SQLite."""
    return House(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/shop.sqlite3")
