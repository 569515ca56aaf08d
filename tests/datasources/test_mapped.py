"""Any table by a mapping: the examples of the documentation at work, and everything a cell can get wrong."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.files import mapped
from datasources.ports.imports import Unreadable
from domain.catalog import ProductStatus
from domain.channels import Channel
from domain.geo import CoordinateSystem
from domain.imports import Item, Line, NamedCategory, ProductEntry
from domain.locations import Capability, Location
from domain.movements import Count
from domain.prices import Price, PriceList

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
STORES = "门店编码,门店名称,地址,城市,纬度,经度,营业时间,服务\n"
STOCK = 'kind = "stock"\n[columns]\nsku = "货号"\nlocation = "门店"\nquantity = "数量"\n'


def lines(tmp_path: Path, content: str, *, example: str = "", plan: str = "") -> list[Line]:
    map_path = EXAMPLES / f"{example}.toml" if example else tmp_path / "map.toml"
    if plan:
        map_path.write_text(plan, encoding="utf-8")
    path = tmp_path / "input.csv"
    path.write_text(content, encoding="utf-8")
    return list(mapped.read(path, map_path=map_path).lines)


def items(tmp_path: Path, content: str, *, example: str) -> list[Item]:
    found = lines(tmp_path, content, example=example)
    assert [line.problems for line in found if line.problems] == []
    return [item for line in found for item in line.items]


def problems(tmp_path: Path, content: str, *, example: str = "", plan: str = "") -> list[tuple[int, str, str]]:
    found = lines(tmp_path, content, example=example, plan=plan)
    return [(line.number, problem.field, problem.code) for line in found for problem in line.problems]


def test_the_example_of_stock_counts_works(tmp_path: Path) -> None:
    content = '货号,门店,数量,盘点时间\nA,南京西路店,"1,200",2026/11/21 18:30\nB,SH002,０,2026-11-21T10:00Z\n'
    assert items(tmp_path, content, example="stock") == [
        Count("A", "SH001", 1200, datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        Count("B", "SH002", 0, datetime(2026, 11, 21, 10, 0, tzinfo=UTC)),
    ]


def test_the_example_of_products_works(tmp_path: Path) -> None:
    content = (
        "款号,货号,品名,描述,品牌,分类,条码,图片,状态,颜色,尺码\n"
        "P1,P1-1,轻暖羽绒服,<p>90% 白鹅绒</p>,北境,服装/羽绒服;新品,2000000000015、https-1,https://shop.example/1.jpg,在售,黑,M\n"
        "P2,P2-1,卫衣,,北境,服装,,,下架,,\n"
        "P1,P1-2,轻暖羽绒服,<p>90% 白鹅绒</p>,北境,服装/羽绒服;新品,,https://shop.example/1.jpg,在售,黑,L\n"
    )
    found = items(tmp_path, content, example="products")
    jacket, hoodie = (item for item in found if isinstance(item, ProductEntry))
    assert [variant.sku for variant in jacket.variants] == ["P1-1", "P1-2"]
    assert [option.values for option in jacket.product.options] == [("黑",), ("M", "L")]
    assert jacket.product.description == "90% 白鹅绒"
    assert jacket.product.category_ids == ("服装-羽绒服", "新品")
    assert [barcode.value for barcode in jacket.variants[0].barcodes] == ["2000000000015", "https-1"]
    assert jacket.silent == {"slug", "uom", "weight_g", "created_at"}
    assert hoodie.product.status is ProductStatus.ARCHIVED
    named = [item.category for item in found if isinstance(item, NamedCategory)]
    assert [(category.name, category.parent_id) for category in named] == [
        ("服装", None),
        ("羽绒服", "服装"),
        ("新品", None),
    ]


def test_the_example_of_prices_works(tmp_path: Path) -> None:
    content = '货号,售价,起订量\nA,¥1,\nA,"¥1,299.00",2\nB,0.5,\n'
    base, *found = items(tmp_path, content, example="prices")
    assert isinstance(base, PriceList)
    assert (base.id, base.member_tier, base.currency, base.channel) == ("base", None, "CNY", None)
    assert found == [Price(base, "A", 100), Price(base, "A", 129900, 2), Price(base, "B", 50)]


def test_the_example_of_prices_becomes_a_members_list_as_it_says(tmp_path: Path) -> None:
    plan = (EXAMPLES / "prices.toml").read_text(encoding="utf-8").replace("# member_tier", "member_tier")
    (line,) = lines(tmp_path, "货号,售价,起订量\nA,¥1,\n", plan=plan.replace("# priority", "priority"))
    gold, price = line.items
    assert isinstance(gold, PriceList)
    assert (gold.member_tier, gold.priority, price) == ("gold", 10, Price(gold, "A", 100))


def test_the_example_of_stores_works(tmp_path: Path) -> None:
    content = STORES + "1,一店,街 1 号,上海市,31.23,121.47,10:00-22:00,自提、同城\n2,二店,,,,,18:00–02:00,\n"
    first, second = items(tmp_path, content, example="stores")
    assert isinstance(first, Location)
    assert isinstance(second, Location)
    assert first.coordinates is not None
    assert first.coordinates.system is CoordinateSystem.GCJ02
    assert first.capabilities == {Capability.PICKUP, Capability.CITY_COURIER}
    assert len(first.hours) == 7
    assert (len(second.hours), second.coordinates) == (14, None)


def test_a_count_without_a_time_was_seen_when_the_file_was_written(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "货号,门店,数量\nA,S,1\n", plan=STOCK)
    (item,) = line.items
    assert isinstance(item, Count)
    assert item.observed_at.timestamp() == int((tmp_path / "input.csv").stat().st_mtime)


def test_every_cell_that_is_no_good_is_named_as_the_file_names_it(tmp_path: Path) -> None:
    content = "货号,门店,数量\n,S,1\nA,,1\nA,S,-3\nA,S,\nA,S,2.5\nA,S,many\nA,S,1e99\nA,S\n,,x\nA,S,NaN\n"
    assert problems(tmp_path, content, plan=STOCK) == [
        (2, "货号", "EMPTY"),
        (3, "门店", "EMPTY"),
        (4, "数量", "NEGATIVE_QUANTITY"),
        (5, "数量", "EMPTY"),
        (6, "数量", "BAD_NUMBER"),
        (7, "数量", "BAD_NUMBER"),
        (8, "数量", "BAD_NUMBER"),
        (9, "line", "RAGGED"),
        (10, "货号", "EMPTY"),
        (10, "门店", "EMPTY"),
        (10, "数量", "BAD_NUMBER"),
        (11, "数量", "BAD_NUMBER"),
    ]


def test_prices_that_are_none_are_named(tmp_path: Path) -> None:
    content = "货号,售价,起订量\nA,-1,\nA,1.234,\nA,free,\nA,,\nA,99999999999999,\nA,1,0\n"
    assert problems(tmp_path, content, example="prices") == [
        (2, "售价", "BAD_PRICE"),
        (3, "售价", "BAD_PRICE"),
        (4, "售价", "BAD_PRICE"),
        (5, "售价", "EMPTY"),
        (6, "售价", "BAD_PRICE"),
        (7, "起订量", "OUT_OF_RANGE"),
    ]


def test_words_dates_places_and_hours_that_are_none_are_named(tmp_path: Path) -> None:
    content = STORES + "1,a,,,91,1,,\n1,a,,,,1,,\n1,a,,,,,all day,\n1,a,,,,,,修鞋\n"
    assert problems(tmp_path, content, example="stores") == [
        (2, "纬度", "OUT_OF_RANGE"),
        (3, "纬度", "EMPTY"),
        (4, "营业时间", "BAD_HOURS"),
        (5, "服务", "UNKNOWN_WORD"),
    ]
    stock = "货号,门店,数量,盘点时间\nA,S,1,yesterday\nA,S,1,2026/02/30 10:00\n"
    assert problems(tmp_path, stock, example="stock") == [(2, "盘点时间", "BAD_DATE"), (3, "盘点时间", "BAD_DATE")]


def test_two_lines_that_disagree_on_one_product_are_warned_of(tmp_path: Path) -> None:
    plan = 'kind = "products"\n[columns]\nproduct = "p"\nsku = "s"\ntitle = "t"\n'
    (line,) = lines(tmp_path, "p,s,t\nP,P-1,Coat\nP,P-2,Jacket\n", plan=plan)
    assert [(warning.field, warning.code) for warning in line.warnings] == [("t", "DIFFERS")]
    (entry,) = line.items
    assert isinstance(entry, ProductEntry)
    assert entry.product.title == "Coat"


def test_channels_put_variants_on_sale(tmp_path: Path) -> None:
    plan = 'kind = "products"\n[columns]\nproduct = "p"\nsku = "s"\ntitle = "t"\n[constants]\nchannels = "web; pos"\n'
    (line,) = lines(tmp_path, "p,s,t\nP,P-1,Coat\n", plan=plan)
    assert [item.channel for item in line.items if not isinstance(item, ProductEntry)] == [Channel.WEB, Channel.POS]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ("kind = ", "is no TOML"),
        ('kind = "shoes"\n', "kind is 'shoes', but must be one of stock, products, prices, stores"),
        (
            STOCK + 'colour = "x"\n',
            "columns.colour: stock have no such field, but sku, location, quantity, observed_at",
        ),
        (STOCK + '[constants]\nsku = "x"\n', "sku has a column and a constant"),
        ('kind = "stock"\n[columns]\nsku = "货号"\n', "location needs a column or a constant; quantity needs"),
        (STOCK.replace("门店", "店铺"), "has no column '店铺'. Its columns are: 货号, 门店, 数量"),
        ('time_zone = "Mars"\n' + STOCK, "time_zone 'Mars' is not known"),
        ('delimiter = "ab"\n' + STOCK, "delimiter must be one character"),
        ("header_line = 0\n" + STOCK, "header_line must be a number from 1"),
        ("speed = 3\n" + STOCK, "'speed' is not known here"),
        (STOCK + "[formats]\nobserved_at = 3\n", "formats.observed_at is 3"),
        (STOCK + '[options]\nsize = "s"\n', "options are for products only"),
    ],
)
def test_a_mapping_that_cannot_work_says_what_would(tmp_path: Path, plan: str, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        lines(tmp_path, "货号,门店,数量\nA,S,1\n", plan=plan)
    assert says in str(refused.value)
