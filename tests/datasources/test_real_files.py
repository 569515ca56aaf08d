"""The real catalogue and the real stores: all of them go in, with their dirt named, and again without a change.

Slow: two thousand variants and eight thousand stores are imported twice into each database.
"""

from collections import Counter
from datetime import UTC, datetime

from datasources.files import magento, stores
from datasources.store import tables
from domain.geo import Coordinates, CoordinateSystem, convert, distance_km
from domain.imports import Kind, ProductEntry
from domain.locations import Capability, Location
from domain.statuses import Status
from tests.datasources.real import real
from tests.resolvers.imported import Books

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def created(report_rows: dict[Kind, dict[Status, int]]) -> dict[str, int]:
    return {kind.value: counts[Status.CREATED] for kind, counts in report_rows.items()}


def test_the_real_catalogue_goes_in_whole_and_a_second_time_without_a_change(migrated_database_url: str) -> None:
    folder, books = real("magento-luma"), Books(migrated_database_url)
    report = books.take(magento.read(folder, now=NOW).lines)
    assert report.problems == []
    assert created(dict(report.tally.rows())) == {
        "categories": 28 + 5,
        "products": 147 + 44,
        "variants": 1847 + 44,
        "price lists": 2,
        "prices": 1847 + 44 + 1,
        "listings": 4 * (1847 + 44),
    }
    told = Counter(row["topic"] for row in books.rows(tables.outbox))
    assert told == {"category.changed": 28 + 5, "catalog.changed": 147 + 44, "price_list.changed": 2}
    before = books.content()
    again = books.take(magento.read(folder, now=datetime.now(UTC)).lines)
    assert {s for _, counts in again.tally.rows() for s, n in counts.items() if n} == {Status.UNCHANGED}
    assert books.content() == before


def test_the_dirt_of_the_real_catalogue_is_named_by_file_line_and_field() -> None:
    lines = list(magento.read(real("magento-luma"), now=NOW).lines)
    found = Counter(problem.code for line in lines for problem in line.warnings)
    assert found == {"NOT_STOCK": 6, "IMAGE_MISSING": 164, "NO_OFFER": 5, "CATEGORY_DERIVED": 4}
    (offer,) = [line for line in lines if line.place == "products_gear_watches.csv:77"]
    assert [(w.field, w.code) for w in offer.warnings if w.code == "NO_OFFER"] == [("special_price", "NO_OFFER")]


def test_a_real_product_reads_as_a_shopper_would_see_it() -> None:
    lines = magento.read(real("magento-luma"), now=NOW).lines
    entries = {item.product.id: item for line in lines for item in line.items if isinstance(item, ProductEntry)}
    hoodie = entries["MH01"]
    assert hoodie.product.title == "Chaz Kangeroo Hoodie"
    assert hoodie.product.description.splitlines()[-1] == "• Machine wash/dry."
    assert [option.values for option in hoodie.product.options] == [
        ("XS", "S", "M", "L", "XL"),
        ("Black", "Gray", "Orange"),
    ]
    assert [media.url for media in hoodie.product.media] == ["/media/magento/mh01-gray_main.jpg"]
    assert hoodie.product.category_ids == ("hoodies-and-sweatshirts-men", "eco-friendly")
    assert entries["24-MB01"].product.media[0].url == "/media/magento/mb01-blue-0.jpg"
    assert "/media/magento/wb04-blue-0.jpg" in [media.url for media in entries["WB04"].product.media]
    assert entries["24-WB04"].product.media == ()  # a bag that shares its number with that bra
    everything = " ".join(entry.product.title + entry.product.description for entry in entries.values())
    assert "<" not in everything
    assert "&trade;" not in everything


def test_the_real_stores_go_in_whole_and_a_second_time_without_a_change(migrated_database_url: str) -> None:
    path, books = real("cn-starbucks-stores/stores.json"), Books(migrated_database_url)
    report = books.take(stores.read(path).lines)
    assert report.findings == []
    assert report.tally.of(Kind.LOCATION)[Status.CREATED] == 7798
    again = books.take(stores.read(path).lines)
    assert again.tally.of(Kind.LOCATION)[Status.UNCHANGED] == 7798
    assert len(books.rows(tables.outbox)) == 7798


def test_real_stores_stand_where_gps_finds_them_and_do_what_their_features_say(migrated_sqlite_url: str) -> None:
    path, books = real("cn-starbucks-stores/stores.json"), Books(migrated_sqlite_url)
    locations = [item for line in stores.read(path).lines for item in line.items if isinstance(item, Location)]
    able = Counter(capability for location in locations for capability in location.capabilities)
    assert able == {Capability.PICKUP: 5153, Capability.CITY_COURIER: 3921}
    books.take(list(stores.read(path).lines)[:1])
    (row,) = books.rows(tables.locations)
    assert (row["id"], row["coordinate_system"]) == ("1137", "GCJ02")
    given = Coordinates(row["latitude"], row["longitude"], CoordinateSystem.GCJ02)
    stored = Coordinates(row["wgs84_latitude"], row["wgs84_longitude"])
    assert distance_km(convert(given, CoordinateSystem.WGS84), stored) < 0.001
    assert 0.1 < distance_km(Coordinates(row["latitude"], row["longitude"]), stored) < 1
