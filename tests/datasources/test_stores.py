"""A chain's stores: what they say of themselves, and what no store can say."""

import json
from pathlib import Path
from typing import Any

import pytest

from datasources.files import stores
from datasources.ports.imports import Unreadable
from domain.geo import CoordinateSystem
from domain.locations import Capability, Location

STORE = {
    "id": 1137,
    "name": "  奥特莱斯店 ",
    "city": "嘉兴市",
    "address": "启潮路\n199号",
    "latitude": 30.3,
    "longitude": 120.4,
    "features": ["OG", "MOP"],
}


def read(tmp_path: Path, *found: Any) -> list[tuple[int, Any]]:
    """Lines with their location, or with the fields that are wrong."""
    path = tmp_path / "stores.json"
    path.write_text(json.dumps({"data": found}), encoding="utf-8")
    lines = stores.read(path).lines
    return [(line.number, line.items[0] if line.items else [p.field for p in line.problems]) for line in lines]


def test_a_store_reads_as_a_location_with_the_position_as_given(tmp_path: Path) -> None:
    ((_, found),) = read(tmp_path, STORE)
    assert isinstance(found, Location)
    assert (found.id, found.name, found.address) == ("1137", "奥特莱斯店", "启潮路 199号")
    assert found.coordinates is not None
    assert found.coordinates.system is CoordinateSystem.GCJ02
    assert found.capabilities == {Capability.PICKUP}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None),
        ("id", True),
        ("id", ""),
        ("id", "x" * 65),
        ("name", " "),
        ("city", None),
        ("address", 7),
        ("latitude", "30"),
        ("latitude", 91),
        ("longitude", None),
        ("features", "OG"),
        ("features", [1]),
    ],
)
def test_what_no_store_can_say_is_named_and_costs_only_that_store(tmp_path: Path, field: str, value: object) -> None:
    assert read(tmp_path, {**STORE, field: value}, "no store", STORE)[:2] == [(1, [field]), (2, ["entry"])]


@pytest.mark.parametrize(
    ("content", "says"), [("", "is empty"), ("[{", "is no JSON"), ('{"data": 3}', "no list of stores")]
)
def test_a_file_without_stores_is_unreadable(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "stores.json"
    path.write_text(content)
    with pytest.raises(Unreadable, match=says):
        stores.read(path)
