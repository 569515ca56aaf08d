"""A real shop, as its log tells it: what the import makes of it, against a count that shares no code with ours.

Slow: it imports half a million rows, the last year of the log, and serves them.
"""

import asyncio
import csv
import gzip
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from datasources.store.member_tables import member_identifiers, orders
from datasources.store.order_tables import co_purchases, returns
from datasources.store.points_tables import points_postings
from datasources.store.store import Store
from domain.rfm import Figures, Run
from resolvers import ids
from resolvers.rfm import recompute
from tests.datasources.real import real
from tests.journeys.house import House
from tests.resolvers.imported import Books

YEAR_BEFORE_THE_END = "2010-12-10"
"""Everything since then is within the year that counts, so that no order of a customer falls out of it."""
LONDON = ZoneInfo("Europe/London")
NO_GOODS = {"POST", "DOT", "C2", "D", "M", "S", "PADS", "CRUK", "BANK CHARGES", "AMAZONFEE"}
"""What the shop's own description of the data and a look at it say is no article; and vouchers."""
HISTORY = """query ($id: ID!, $after: String) { member(id: $id) { orders(first: 50, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { number placedAt totals { net { amount currencyCode } refunds { amount } } lines { quantity } } } } }"""


@dataclass(slots=True)
class Counted:
    """The log, counted by hand."""

    invoices: defaultdict[str, list[tuple[str, int, Decimal]]] = field(default_factory=lambda: defaultdict(list))
    when: dict[str, datetime] = field(default_factory=dict)
    whose: dict[str, str] = field(default_factory=dict)

    def sales(self) -> Iterator[str]:
        return (number for number in self.invoices if not number.startswith("C"))

    def of(self, customer: str) -> list[str]:
        return [number for number in self.invoices if self.whose[number] == customer]

    def worth(self, number: str) -> Decimal:
        return sum((units * price for _, units, price in self.invoices[number]), Decimal())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last year of the real log."""
    path = tmp_path_factory.mktemp("log") / "sample.csv.gz"
    found = real("online-retail/online_retail.csv.gz")
    with (
        gzip.open(found, "rt", encoding="utf-8", newline="") as whole,
        gzip.open(path, "wt", encoding="utf-8", newline="") as part,
    ):
        rows, written = csv.reader(whole), csv.writer(part)
        written.writerow(header := next(rows))
        written.writerows(row for row in rows if row[header.index("InvoiceDate")] >= YEAR_BEFORE_THE_END)
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> House:
    """A house in which the log was imported."""
    directory = tmp_path_factory.mktemp("shop")
    house = House(directory, f"sqlite+aiosqlite:///{directory}/shop.sqlite3", currency="GBP")
    assert house.run("keys").returncode == 0
    done = house.run("import", "transactions", str(sample), "--errors", "errors.csv")
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return house


@pytest.fixture(scope="module")
def counted(sample: Path) -> Counted:
    found = Counted()
    with gzip.open(sample, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            units, price, number = int(row["Quantity"]), Decimal(row["UnitPrice"]), row["InvoiceNo"]
            is_adjusted = row["StockCode"] == "B" or price < Decimal("0.01")
            if is_adjusted or (units < 0) != number.startswith("C"):
                continue
            found.invoices[number].append((row["StockCode"].upper(), units, price))
            at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=LONDON).astimezone(UTC)
            found.when.setdefault(number, at)
            found.whose[number] = row["CustomerID"]
    return found


@pytest.fixture(scope="module")
def customers(shop: House) -> dict[str, str]:
    """Whose number is whose."""
    return {row["value"]: row["member_id"] for row in Books(shop.database_url).rows(member_identifiers)}


def test_every_invoice_and_every_penny_is_there(shop: House, counted: Counted, customers: dict[str, str]) -> None:
    books = Books(shop.database_url)
    sold = {row["number"]: row for row in books.rows(orders)}
    assert {number: row["net_minor"] for number, row in sold.items()} == {
        number: int(100 * counted.worth(number)) for number in counted.sales()
    }
    assert all(row["placed_at"] == counted.when[number] for number, row in sold.items())
    assert {row["number"]: -row["refunded_minor"] for row in books.rows(returns)} == {
        number: int(100 * counted.worth(number)) for number in counted.invoices if number.startswith("C")
    }
    assert set(customers) == set(counted.whose.values()) - {""}
    owners = {id: value for value, id in customers.items()}
    assert {n: owners.get(row["member_id"], "") for n, row in sold.items()} == {n: counted.whose[n] for n in sold}


def test_what_stays_with_the_shop_of_each_customer_is_what_they_paid_less_what_they_got_back(
    shop: House, counted: Counted, customers: dict[str, str]
) -> None:
    books = Books(shop.database_url)
    stayed: Counter[str] = Counter()
    for row in books.rows(orders):
        stayed[row["member_id"]] += row["net_minor"] - row["refunded_minor"]
    for row in books.rows(returns):
        stayed[row["member_id"]] -= row["without_receipt_minor"]
    for customer, id in customers.items():
        assert stayed[id] == int(100 * sum(map(counted.worth, counted.of(customer)))), customer


def test_the_cells_of_members_are_as_large_as_a_plain_count_says_ANA_1(
    shop: House, counted: Counted, customers: dict[str, str]
) -> None:
    as_of = max(counted.when[number] for number in counted.sales())
    figures: dict[str, tuple[int, int, Decimal]] = {}
    for customer in customers:
        numbers = counted.of(customer)
        bought = [number for number in numbers if not number.startswith("C")]
        if bought:
            recency = (as_of - max(counted.when[number] for number in bought)).days
            figures[customer] = (recency, len(bought), sum(map(counted.worth, numbers), Decimal()))
    cut_days, cut_orders, cut_amount = (statistics.median(part) for part in zip(*figures.values(), strict=True))
    cells = Counter(
        (days <= cut_days, often >= cut_orders, much >= cut_amount) for days, often, much in figures.values()
    )
    run, found = asyncio.run(_computed(shop, as_of, list(customers.values())))
    assert {tuple(map(bool, map(int, segment.bits))): size for segment, size in run.sizes.items() if size} == cells
    assert run.members == len(figures) == sum(cells.values())
    owners = {id: customer for customer, id in customers.items()}
    assert {
        owners[id]: (one.recency_days, one.orders, Decimal(one.amount_minor) / 100) for id, one in found.items()
    } == figures


def test_every_pound_paid_for_goods_earns_a_point_and_the_ledger_sums_to_zero_PTS_1(
    shop: House, counted: Counted, customers: dict[str, str]
) -> None:
    books = Books(shop.database_url)
    assert sum(row["amount"] for row in books.rows(points_postings)) == 0
    earned: Counter[str] = Counter()
    for row in books.rows(points_postings):
        if row["side"] == "PENDING" and row["amount"] > 0:
            earned[row["member_id"]] += row["amount"]
    assert earned == {
        customers[customer]: pounds
        for customer in customers
        if (pounds := sum(_pounds(counted, number) for number in counted.of(customer) if not number.startswith("C")))
    }


def _pounds(counted: Counted, number: str) -> int:
    """Whole pounds that an invoice comes to, goods only."""
    goods = (units * price for code, units, price in counted.invoices[number] if _is_goods(code))
    return int(sum(goods, Decimal()))


def _is_goods(code: str) -> bool:
    return code not in NO_GOODS and not code.startswith("GIFT")


async def _computed(shop: House, as_of: datetime, member_ids: Sequence[str]) -> tuple[Run, Mapping[str, Figures]]:
    store = Store(shop.database_url)
    try:
        run = await recompute(store.rfm, as_of)
        return run, await store.rfm.figures(run.id, member_ids)
    finally:
        await store.close()


def test_a_customers_history_is_read_page_by_page(shop: House, counted: Counted, customers: dict[str, str]) -> None:
    named = Counter(counted.whose[number] for number in counted.sales() if counted.whose[number])
    customer = max(named, key=lambda one: named[one])
    bought = [number for number in counted.of(customer) if not number.startswith("C")]
    wanted = sorted((counted.when[number] for number in bought), reverse=True)
    found: list[Any] = []
    integrator = shop.token("integrator")
    with shop.serving() as door:
        page: Any = {"hasNextPage": True, "endCursor": None}
        while page["hasNextPage"]:
            asked = {"id": ids.encode("Member", customers[customer]), "after": page["endCursor"]}
            asked_of = door.ask(HISTORY, authorization=integrator, **asked)["member"]["orders"]
            found += asked_of["nodes"]
            page = asked_of["pageInfo"]
    assert [datetime.fromisoformat(one["placedAt"]) for one in found] == wanted
    paid = sum(Decimal(one["totals"]["net"]["amount"]) + Decimal(one["totals"]["refunds"]["amount"]) for one in found)
    assert paid == sum(map(counted.worth, bought))


def test_the_pairs_that_go_best_together_are_those_that_a_plain_count_finds(shop: House, counted: Counted) -> None:
    baskets = [{code for code, *_ in counted.invoices[number] if _is_goods(code)} for number in counted.sales()]
    baskets = [basket for basket in baskets if len(basket) <= 100]
    alone = Counter(code for basket in baskets for code in basket)
    both = Counter(pair for basket in baskets for pair in combinations(sorted(basket), 2))
    found: defaultdict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for (one, other), n in both.items():
        if n > 1:
            score = n / math.sqrt(alone[one] * alone[other])
            found[one].append((score, n, other))
            found[other].append((score, n, one))
    learned = {row["sku"]: row for row in Books(shop.database_url).rows(co_purchases)}
    assert {sku: row["baskets"] for sku, row in learned.items()} == alone
    for sku, row in learned.items():
        best = sorted(found[sku], reverse=True)[: len(row["neighbours"])]
        assert len(best) == min(50, len(found[sku]))
        assert [score for _, score, _ in row["neighbours"]] == pytest.approx([score for score, *_ in best])
        assert {(other, n) for other, _, n in row["neighbours"]} <= {(other, n) for _, n, other in found[sku]}
    (first, second), _ = both.most_common(1)[0]
    assert second in {other for other, *_ in learned[first]["neighbours"]}


def test_every_dirty_line_is_told(shop: House, sample: Path) -> None:
    with (shop.directory / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {(int(row["line"]), row["code"]) for row in csv.DictReader(file)}
    with gzip.open(sample, "rt", encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file), start=2))
    seen: set[tuple[str, ...]] = set()
    for line, row in rows:
        number, code, units, price = row["InvoiceNo"], row["StockCode"], int(row["Quantity"]), Decimal(row["UnitPrice"])
        if units < 0 and not number.startswith("C"):
            assert (line, "STOCK_CORRECTION") in told
        elif price < Decimal("0.01"):
            assert {(line, "NO_PRICE"), (line, "ADJUSTMENT")} & told
        else:
            assert ((line, "NO_PRODUCT") in told) == (code.upper() in NO_GOODS or code.startswith("gift"))
            assert ((line, "REPEATED_LINE") in told) == (tuple(row.values()) in seen)
            seen.add(tuple(row.values()))


def test_a_second_run_changes_nothing(shop: House, sample: Path) -> None:
    books = Books(shop.database_url)
    before = books.content()
    done = shop.run("import", "transactions", str(sample))
    assert done.returncode == 0
    assert books.content() == before
