"""Every field a mapping knows: a row that fills them all becomes the whole thing, and a wrong cell is named."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.files import mapped, mapping
from domain.assortment import Listing
from domain.catalog import (
    Barcode,
    BarcodeType,
    Category,
    Media,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    UnitOfMeasure,
    Variant,
)
from domain.channels import Channel
from domain.geo import Coordinates, CoordinateSystem
from domain.imports import Line, NamedCategory, ProductEntry
from domain.locations import Capability, DeliveryZone, Location, LocationStatus, LocationType
from domain.movements import Count
from domain.opening import OpenInterval
from domain.prices import Price, PriceList

MORNING, EVENING = datetime(2026, 11, 21, 0, tzinfo=UTC), datetime(2026, 11, 21, 12, tzinfo=UTC)
ROWS: Mapping[str, Mapping[str, str]] = {
    "stock": {"sku": "A", "location": "SH001", "quantity": "7", "observed_at": "2026-11-21 08:00"},
    "prices": {
        "sku": "A", "amount": "12.5", "currency": "cny", "min_quantity": "3", "price_list": "gold",
        "price_list_name": "金卡价", "channel": "pos", "store_group": "east", "member_tier": "gold", "priority": "7",
        "valid_from": "2026-11-21 08:00", "valid_to": "2026-11-21T12:00Z",
    },
    "stores": {
        "id": "S1", "name": "一店", "type": "warehouse", "address": "街 1 号", "city": "上海市", "latitude": "31.2",
        "longitude": "121.4", "coordinate_system": "bd09", "time_zone": "Asia/Urumqi", "hours": "18:00-24:00",
        "capabilities": "pickup;returns", "prep_minutes": "100000", "daily_capacity": "40",
        "delivery_radius_km": "0", "store_group": "east", "status": "suspended",
    },
    "products": {
        "product": "P", "sku": "P-1", "title": "Down coat", "slug": "Down Coat", "description": "<p>Warm</p>",
        "brand": "北境", "status": "draft", "categories": "Coats/Down;New", "images": "/1.jpg,https://shop.example/2.jpg",
        "created_at": "2026-11-21 08:00", "barcodes": "x;y;x", "barcode_type": "qr", "uom": "gram", "weight_g": "420",
        "channels": "web,pos", "listed_from": "2026-11-21 08:00", "listed_to": "2026-11-21 20:00",
    },
}  # fmt: skip
"""A sound row of each kind, under our own names for the columns."""


def read(tmp_path: Path, kind: str, *rows: Mapping[str, str]) -> list[Line]:
    """What a table with these rows says, all columns called as our fields are."""
    map_path, path = tmp_path / "map.toml", tmp_path / "input.csv"
    options = '[options]\n"Size" = "size"\n' if "size" in rows[0] else ""
    columns = "".join(f'{name} = "{name}"\n' for name in rows[0] if name != "size")
    map_path.write_text(f'kind = "{kind}"\n[columns]\n{columns}{options}', encoding="utf-8")
    text = io.StringIO()
    table = csv.DictWriter(text, rows[0])
    table.writeheader()
    table.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return list(mapped.read(path, map_path=map_path).lines)


@pytest.mark.parametrize("kind", mapping.FIELDS)
def test_every_field_there_is_is_filled_below(kind: str) -> None:
    assert set(ROWS[kind]) == set(mapping.FIELDS[kind])


def test_a_count_says_what_was_seen_where_and_when_by_the_local_clock(tmp_path: Path) -> None:
    (line,) = read(tmp_path, "stock", ROWS["stock"])
    assert line == Line(2, (Count("A", "SH001", 7, MORNING),), file="input.csv")


def test_a_price_comes_with_all_that_its_list_holds_for_and_the_list_is_told_once(tmp_path: Path) -> None:
    gold = PriceList("gold", "金卡价", "CNY", Channel.POS, "east", "gold", 7, MORNING, EVENING)
    first, second = read(tmp_path, "prices", ROWS["prices"], {**ROWS["prices"], "sku": "B"})
    assert (first.items, first.problems) == ((gold, Price(gold, "A", 1250, 3)), ())
    assert (second.items, second.problems) == ((Price(gold, "B", 1250, 3),), ())


def test_a_price_of_a_list_that_the_file_does_not_describe_leaves_the_list_as_it_is(tmp_path: Path) -> None:
    row = {name: ROWS["prices"][name] for name in ("sku", "amount", "currency", "price_list")}
    (line,) = read(tmp_path, "prices", row)
    assert line.items == (Price(PriceList("gold", "gold", "CNY"), "A", 1250),)


def test_a_store_says_where_it_is_when_it_opens_and_what_it_can_do(tmp_path: Path) -> None:
    (line,) = read(tmp_path, "stores", ROWS["stores"])
    assert line.problems == ()
    assert line.items == (
        Location(
            id="S1",
            type=LocationType.WAREHOUSE,
            name="一店",
            address="街 1 号",
            city="上海市",
            coordinates=Coordinates(31.2, 121.4, CoordinateSystem.BD09),
            time_zone="Asia/Urumqi",
            hours=tuple(OpenInterval(weekday, 1080, 1440) for weekday in range(7)),
            capabilities=frozenset({Capability.PICKUP, Capability.RETURNS}),
            prep_minutes=100_000,
            daily_capacity=40,
            delivery_zone=DeliveryZone(radius_km=0),
            status=LocationStatus.SUSPENDED,
            store_group="east",
        ),
    )


@pytest.mark.parametrize(
    ("hours", "stretches"),
    [
        ("10:00-22:00", [(600, 1320)]),
        ("0:00-24:00", [(0, 1440)]),
        ("18:00-02:00", [(0, 120), (1080, 1440)]),
        ("18:00-0:00", [(1080, 1440)]),
        ("", []),
    ],
)
def test_hours_over_midnight_are_two_stretches_a_day(
    tmp_path: Path, hours: str, stretches: list[tuple[int, int]]
) -> None:
    (line,) = read(tmp_path, "stores", {**ROWS["stores"], "hours": hours})
    (store,) = line.items
    assert isinstance(store, Location)
    assert store.hours == tuple(OpenInterval(weekday, *each) for weekday in range(7) for each in stretches)


def test_a_product_comes_with_its_categories_its_sizes_and_where_each_is_on_sale(tmp_path: Path) -> None:
    large, medium = {**ROWS["products"], "size": "L"}, {**ROWS["products"], "sku": "P-2", "size": " M ", "barcodes": ""}
    (line,) = read(tmp_path, "products", large, medium)
    product = Product(
        id="P",
        slug="down-coat",
        title="Down coat",
        description="Warm",
        brand="北境",
        status=ProductStatus.DRAFT,
        options=(Option("Size", ("L", "M")),),
        media=(Media("/1.jpg", "Down coat"), Media("https://shop.example/2.jpg", "Down coat")),
        category_ids=("coats-down", "new"),
        created_at=MORNING,
    )
    codes = (Barcode(BarcodeType.QR, "x"), Barcode(BarcodeType.QR, "y"))
    variants = (
        Variant("P-1", "P", (OptionValue("Size", "L"),), codes, UnitOfMeasure.GRAM, 420, position=0),
        Variant("P-2", "P", (OptionValue("Size", "M"),), (), UnitOfMeasure.GRAM, 420, position=1),
    )
    shelves = [("coats", "Coats", None), ("coats-down", "Down", "coats"), ("new", "New", None)]
    assert (line.number, line.problems, line.warnings) == (2, (), ())
    assert line.items == (
        *(NamedCategory(Category(id, id, name, parent)) for id, name, parent in shelves),
        ProductEntry(product, variants),
        *(Listing(v.sku, channel, MORNING, EVENING) for v in variants for channel in (Channel.WEB, Channel.POS)),
    )


@pytest.mark.parametrize(("channels", "listed"), [("", []), ("all", list(Channel)), ("APP", [Channel.APP])])
def test_variants_are_on_sale_in_the_channels_named_or_in_all_and_since_ever(
    tmp_path: Path, channels: str, listed: list[Channel]
) -> None:
    row = {"product": "P", "sku": "P-1", "title": "Coat", "channels": channels}
    (line,) = read(tmp_path, "products", row)
    found = [item for item in line.items if isinstance(item, Listing)]
    assert found == [Listing("P-1", channel, datetime(1970, 1, 1, tzinfo=UTC)) for channel in listed]


def test_what_a_table_has_no_column_for_it_says_nothing_of(tmp_path: Path) -> None:
    (line,) = read(tmp_path, "products", {"product": "P", "sku": "P-1", "title": "Coat", "barcodes": "", "brand": ""})
    (entry,) = line.items
    assert isinstance(entry, ProductEntry)
    assert entry.silent == {
        *("slug", "description", "status", "category_ids", "media", "uom", "weight_g", "created_at"),
    }


@pytest.mark.parametrize(
    ("kind", "field", "cell", "code"),
    [
        ("stock", "sku", "x" * 10_001, "TOO_LONG"),
        ("stock", "quantity", "2000000001", "OUT_OF_RANGE"),
        ("stock", "quantity", "1,5", "BAD_NUMBER"),
        ("stock", "quantity", "1,2345", "BAD_NUMBER"),
        ("prices", "currency", "RMBX", "BAD_CURRENCY"),
        ("prices", "currency", "人民币", "BAD_CURRENCY"),
        ("prices", "min_quantity", "0", "OUT_OF_RANGE"),
        ("prices", "min_quantity", "1.5", "BAD_NUMBER"),
        ("prices", "priority", "-1", "OUT_OF_RANGE"),
        ("prices", "channel", "radio", "UNKNOWN_WORD"),
        ("prices", "valid_from", "soon", "BAD_DATE"),
        ("prices", "valid_to", "2026-02-30", "BAD_DATE"),
        ("prices", "amount", "10000000000.01", "BAD_PRICE"),
        ("prices", "amount", "12,5", "BAD_PRICE"),
        ("stores", "type", "kiosk", "UNKNOWN_WORD"),
        ("stores", "status", "asleep", "UNKNOWN_WORD"),
        ("stores", "coordinate_system", "GPS", "UNKNOWN_WORD"),
        ("stores", "longitude", "180.1", "OUT_OF_RANGE"),
        ("stores", "longitude", "", "EMPTY"),
        ("stores", "time_zone", "Mars/Base", "BAD_TIME_ZONE"),
        ("stores", "hours", "10:00-10:00", "BAD_HOURS"),
        ("stores", "hours", "10:00-24:01", "BAD_HOURS"),
        ("stores", "hours", "24:00-02:00", "BAD_HOURS"),
        ("stores", "prep_minutes", "100001", "OUT_OF_RANGE"),
        ("stores", "daily_capacity", "-1", "OUT_OF_RANGE"),
        ("stores", "delivery_radius_km", "-0.1", "OUT_OF_RANGE"),
        ("products", "title", " ", "EMPTY"),
        ("products", "status", "sold", "UNKNOWN_WORD"),
        ("products", "images", "javascript:alert(1)", "BAD_URL"),
        ("products", "barcode_type", "RUNE", "UNKNOWN_WORD"),
        ("products", "uom", "dozen", "UNKNOWN_WORD"),
        ("products", "weight_g", "-1", "OUT_OF_RANGE"),
        ("products", "channels", "web;radio", "UNKNOWN_WORD"),
        ("products", "listed_to", "soon", "BAD_DATE"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_named_and_its_line_brings_nothing(
    tmp_path: Path, kind: str, field: str, cell: str, code: str
) -> None:
    bad, sound = read(tmp_path, kind, {**ROWS[kind], field: cell}, ROWS[kind])
    assert [(problem.field, problem.code) for problem in bad.problems] == [(field, code)]
    assert (bad.items, sound.problems) == ((), ())
