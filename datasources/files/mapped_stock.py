"""Stock counts by a mapping: so many pieces of a sku, seen at a location."""

from collections.abc import Sequence
from datetime import datetime

from datasources.files.record import Record
from domain.imports import Item
from domain.movements import Count


def items(record: Record, written_at: datetime) -> Sequence[Item]:
    """One count; without a time of its own it was seen when the file was written."""
    count = Count(
        sku=record.needed("sku"),
        location_id=record.needed("location"),
        quantity=_quantity(record),
        observed_at=record.instant("observed_at") or written_at,
    )
    return [count]


def _quantity(record: Record) -> int:
    """An empty cell is no zero: nobody counted."""
    if not record.needed("quantity"):
        return 0
    return record.whole("quantity", 0) or 0
