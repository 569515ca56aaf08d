"""Any table by a mapping: stock counts, products, prices or stores out of somebody's CSV or xlsx."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from datasources.files import mapped_prices, mapped_products, mapped_stock, mapped_stores, mapping, tabular
from datasources.files.mapping import Plan
from datasources.files.reading import Input, identity
from datasources.files.record import Record
from datasources.files.tabular import Table
from domain.imports import Item, Line
from domain.prices import PriceList

_ITEMS: Mapping[str, Callable[[Record, datetime], Sequence[Item]]] = {
    "stock": mapped_stock.items,
    "prices": mapped_prices.items,
    "stores": mapped_stores.items,
}


def read(path: Path, *, map_path: Path) -> Input:
    """Open a table; the time of facts that carry none is when the file was last written.

    Raises:
        Unreadable: the mapping or the table cannot be used; the message says why and lists what is there.
    """
    plan = mapping.read(map_path)
    table = tabular.read(path, plan.layout)
    mapping.check(plan, table)
    written_at = datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)
    id = identity(plan.kind, [tabular.contents(path), tabular.contents(map_path)])
    if plan.kind == "products":
        lines = list(mapped_products.lines(table, plan, written_at))
        return Input(id, lines, len(lines))
    return Input(id, _lines(table, plan, written_at), len(table.rows))


def _lines(table: Table, plan: Plan, written_at: datetime) -> Iterator[Line]:
    """One line per row; a price list that says nothing new is not said again."""
    said: set[Item] = set()
    for row in table.rows:
        if row.problem is not None:
            yield Line(row.line, (), (row.problem,), file=table.file)
            continue
        record = Record(row, plan)
        items = _ITEMS[plan.kind](record, written_at)
        if record.problems:
            yield Line(row.line, (), tuple(record.problems), file=table.file)
            continue
        yield Line(row.line, tuple(item for item in items if item not in said), file=table.file)
        said.update(item for item in items if isinstance(item, PriceList))
