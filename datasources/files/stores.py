"""A chain's stores as its public finder gives them: JSON with id, name, city, address, GCJ-02 position and features.

Takes no opening hours, which it does not hold; what it can do is read from the features.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from datasources.files import plain_text, tabular
from datasources.files.reading import Input, identity
from datasources.ports.imports import Unreadable
from domain.geo import Coordinates, CoordinateSystem
from domain.imports import Line, Problem
from domain.locations import Capability, Location, LocationType

CAPABILITIES: Mapping[str, Capability] = {"MOP": Capability.PICKUP, "DL": Capability.CITY_COURIER}
"""Features that say what a store does for an order: mobile order and pay is fetched, delivery is brought."""
_LONGEST_ID = 64


def read(path: Path) -> Input:
    """Open a file of stores; entries are counted as lines, for the whole file may stand on one.

    Raises:
        Unreadable: no such file, no JSON, or no list of stores in it.
    """
    content = tabular.contents(path)
    try:
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as failure:
        raise Unreadable(f"{path.name} is no JSON ({failure}): was it fetched completely?") from failure
    stores = document.get("data") if isinstance(document, dict) else document
    if not isinstance(stores, list):
        raise Unreadable(f"{path.name} holds no list of stores: expected a list, or an object with the list as `data`")
    return Input(identity("stores", [content]), _lines(path.name, stores), len(stores))


def _lines(file: str, stores: Sequence[Any]) -> Iterator[Line]:
    for number, store in enumerate(stores, start=1):
        if not isinstance(store, dict):
            yield Line(
                number, (), (Problem("entry", "BAD_ENTRY", "is no object with the facts of a store"),), file=file
            )
        elif problems := tuple(_problems(store)):
            yield Line(number, (), problems, file=file)
        else:
            yield Line(number, (_location(store),), file=file)


def _problems(store: Mapping[str, Any]) -> Iterator[Problem]:
    id = store.get("id")
    if (
        isinstance(id, bool)
        or not isinstance(id, int | str)
        or not 0 < len(plain_text.squeezed(str(id))) <= _LONGEST_ID
    ):
        yield Problem("id", "BAD_ID", f"{id!r} is no number or text of 1 to {_LONGEST_ID} characters")
    for field in ("name", "city", "address"):
        if not isinstance(store.get(field), str) or not plain_text.squeezed(store[field]):
            yield Problem(field, "EMPTY", "is missing or empty: every store needs it")
    for field, limit in (("latitude", 90), ("longitude", 180)):
        value = store.get(field)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.fabs(value) <= limit:
            yield Problem(field, "BAD_COORDINATES", f"{value!r} is no number of degrees within ±{limit}")
    features = store.get("features", [])
    if not isinstance(features, list) or not all(isinstance(feature, str) for feature in features):
        yield Problem("features", "BAD_FEATURES", "is no list of words")


def _location(store: Mapping[str, Any]) -> Location:
    features = store.get("features", [])
    return Location(
        id=plain_text.squeezed(str(store["id"])),
        type=LocationType.STORE,
        name=plain_text.squeezed(store["name"]),
        address=plain_text.squeezed(store["address"]),
        city=plain_text.squeezed(store["city"]),
        coordinates=Coordinates(float(store["latitude"]), float(store["longitude"]), CoordinateSystem.GCJ02),
        capabilities=frozenset(CAPABILITIES[feature] for feature in features if feature in CAPABILITIES),
    )
