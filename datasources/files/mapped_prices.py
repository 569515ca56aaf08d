"""Prices by a mapping: amounts of a price list, and the list itself where the file describes it."""

from collections.abc import Sequence
from datetime import datetime

from datasources.files.record import Record
from domain.channels import Channel
from domain.imports import Item
from domain.prices import Price, PriceList


def items(record: Record, written_at: datetime) -> Sequence[Item]:
    """One price. With `price_list_name` its list is created or changed too; without, it must be there."""
    price_list = _price_list(record)
    price = Price(
        price_list=price_list,
        sku=record.needed("sku"),
        amount_minor=record.amount("amount", price_list.currency),
        min_quantity=record.whole("min_quantity", 1, low=1) or 1,
    )
    return [price_list, price] if record.gives("price_list_name") else [price]


def _price_list(record: Record) -> PriceList:
    id, currency = record.needed("price_list"), record.needed("currency").upper()
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        record.wrong("currency", "BAD_CURRENCY", f"{currency!r} is no ISO code such as CNY")
    return PriceList(
        id=id,
        name=record.text("price_list_name", id),
        currency=currency,
        channel=record.choice("channel", Channel, Channel.WEB) if record.text("channel") else None,
        store_group=record.text("store_group") or None,
        member_tier=record.text("member_tier") or None,
        priority=record.whole("priority", 0) or 0,
        valid_from=record.instant("valid_from"),
        valid_to=record.instant("valid_to"),
    )
