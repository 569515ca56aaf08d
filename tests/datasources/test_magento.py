"""A Magento export with every kind of dirt in it: what is sound goes in, the rest is named by file, line and field."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.files import magento, plain_text
from datasources.ports.imports import Unreadable
from domain.catalog import Category, ProductStatus
from domain.imports import Line, NamedCategory, ProductEntry
from domain.prices import Price

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CATEGORIES = "name,url_key,path,position\nMen,men,,3\nTops,tops-men,Men,\n"
HEADER = "sku,product_type,categories,name,price,url_key,base_image,visibility,product_online,configurable_variations\n"
GEAR = "category,name,sku,price,special_price,description\n"


def read(tmp_path: Path, *rows: str, gear: str = "", categories: str = CATEGORIES) -> list[Line]:
    (tmp_path / "categories.csv").write_text(categories)
    (tmp_path / "products.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    if gear:
        (tmp_path / "products_gear.csv").write_text(GEAR + gear)
    images = tmp_path / "images"
    images.mkdir()
    for name in ("h1.jpg", "mb01-blue-0.jpg", "mb01-red.jpg"):
        (images / name).touch()
    return list(magento.read(tmp_path, now=NOW).lines)


def simple(sku: str, price: str = "52", visibility: str = "Not Visible Individually") -> str:
    return f"{sku},simple,,{sku},{price},,,{visibility},1,"


def configurable(sku: str, variations: str, name: str = "Hoodie", online: str = "1", image: str = "/h/1/h1.jpg") -> str:
    return f'{sku},configurable,"Default Category/Men/Tops,Default Category",{name},9,,{image},,{online},"{variations}"'


def problems(lines: list[Line]) -> list[tuple[str, str, str]]:
    return [(line.place, problem.field, problem.code) for line in lines for problem in line.problems]


def warnings(lines: list[Line]) -> list[tuple[str, str, str]]:
    return [(line.place, problem.field, problem.code) for line in lines for problem in line.warnings]


def entries(lines: list[Line]) -> list[ProductEntry]:
    return [item for line in lines for item in line.items if isinstance(item, ProductEntry)]


def test_variants_are_bound_to_their_product_by_its_variations(tmp_path: Path) -> None:
    lines = read(tmp_path, simple("H-S"), simple("H-M", "49.5"), configurable("H", "sku=H-S,size=S|sku=H-M,size=M"))
    assert problems(lines) == warnings(lines) == []
    (entry,) = entries(lines)
    assert [(variant.sku, variant.option_values[0].value) for variant in entry.variants] == [("H-S", "S"), ("H-M", "M")]
    assert (entry.product.slug, entry.product.category_ids) == ("hoodie", ("tops-men",))
    amounts = {item.sku: item.amount_minor for line in lines for item in line.items if isinstance(item, Price)}
    assert amounts == {"H-S": 5200, "H-M": 4950}
    categories = [item for line in lines for item in line.items if isinstance(item, Category)]
    assert [(category.id, category.parent_id, category.position) for category in categories] == [
        ("men", None, 3),
        ("tops-men", "men", 1),
    ]


def test_rows_that_cannot_be_taken_are_named_and_cost_only_themselves(tmp_path: Path) -> None:
    lines = read(
        tmp_path,
        simple("H-S", "free"),
        simple("H-M"),
        simple("H-M"),
        simple("LOST"),
        ",simple,,x,1,,,,1,",
        "B,bundle,,x,1,,,,1,",
        "short,row",
        configurable("H", "sku=H-S,size=S|sku=H-M,size=M"),
        configurable("I", "size=S"),
        configurable("J", "sku=H-Q,size=S", name=" "),
        simple("ALONE", visibility="Catalog"),
    )
    assert sorted(problems(lines)) == [
        ("products.csv:10", "configurable_variations", "BAD_VARIATIONS"),
        ("products.csv:11", "name", "EMPTY"),
        ("products.csv:2", "price", "BAD_PRICE"),
        ("products.csv:4", "sku", "REPEATED"),
        ("products.csv:5", "sku", "ORPHAN"),
        ("products.csv:6", "sku", "EMPTY"),
        ("products.csv:7", "product_type", "UNKNOWN_TYPE"),
        ("products.csv:8", "line", "RAGGED"),
    ]
    assert warnings(lines) == [("products.csv:9", "configurable_variations", "MISSING_VARIANT")]
    assert [[variant.sku for variant in entry.variants] for entry in entries(lines)] == [["H-M"], ["ALONE"]]


def test_categories_of_nowhere_and_without_a_name_are_named(tmp_path: Path) -> None:
    lines = read(tmp_path, categories="name,url_key,path,position\n,x,,1\nTops,tops,Men,\nMen,men,,first\n")
    assert problems(lines) == [
        ("categories.csv:2", "name", "EMPTY"),
        ("categories.csv:3", "path", "UNKNOWN_CATEGORY"),
        ("categories.csv:4", "position", "BAD_NUMBER"),
    ]


def test_what_is_offline_is_a_draft_and_on_no_shelf_and_pictures_that_are_gone_are_left_out(tmp_path: Path) -> None:
    lines = read(tmp_path, simple("H-S"), configurable("H", "sku=H-S,size=S", online="2", image="/x/../gone.jpg"))
    (entry,) = entries(lines)
    assert (entry.product.status, entry.product.media) == (ProductStatus.DRAFT, ())
    assert warnings(lines) == [("products.csv:3", "base_image", "IMAGE_MISSING")]
    assert len([item for line in lines for item in line.items if not isinstance(item, Category)]) == 4


def test_gear_lists_its_categories_by_newlines_and_makes_those_that_are_missing(tmp_path: Path) -> None:
    gear = (
        '"Gear\nBags\nMen\nTops","Duffle&trade;  Bag ",24-MB01,34,24,"<p>Big<p><ul><li>Handles"\nGear,Rope,24-X,1,1,\n'
    )
    bra = configurable("MB01", "sku=MB01-S,size=S", image="/m/b/mb01-red.jpg")
    lines = read(tmp_path, simple("MB01-S"), bra, gear=gear)
    _, bag, _ = entries(lines)
    assert (bag.product.title, bag.product.description) == ("Duffle™ Bag", "Big\n• Handles")
    assert bag.product.category_ids == ("gear", "gear-bags", "men", "tops-men")
    assert [media.url for media in bag.product.media] == ["/media/magento/mb01-blue-0.jpg"]
    named = [item.category.name for line in lines for item in line.items if isinstance(item, NamedCategory)]
    assert named == ["Gear", "Bags"]
    assert warnings(lines) == [
        ("products_gear.csv:2", "categories", "CATEGORY_DERIVED"),
        ("products_gear.csv:6", "special_price", "NO_OFFER"),
        ("products_gear.csv:6", "sku", "IMAGE_MISSING"),
    ]


def test_a_folder_that_is_no_export_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is no folder"):
        magento.read(tmp_path / "nothing", now=NOW)
    with pytest.raises(Unreadable, match="no table of products"):
        magento.read(tmp_path, now=NOW)


def test_a_changed_picture_folder_is_another_input(tmp_path: Path) -> None:
    read(tmp_path, simple("H-S"))
    before = magento.read(tmp_path, now=NOW).id
    (tmp_path / "images" / "new.jpg").touch()
    assert magento.read(tmp_path, now=NOW).id != before


def test_markup_scripts_and_control_characters_never_get_through() -> None:
    text = plain_text.of_html("<p>A &amp; B<script>alert(1)</script><br/>\x00C\x1b[31m</br>D<style>p{}</style>")
    assert text == "A & B\nC[31m\nD"
