"""The prices: one list for everybody and four for some, all in yuan; what a thing costs hangs on its style alone.

Lists that cut the price always carry a scope, so that the base price stays one and the same everywhere (CAT-6).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from datasources.demo.chance import chance
from datasources.demo.products import Fate, Style
from datasources.demo.stores import EAST
from domain.channels import Channel
from domain.prices import Price, PriceList

CURRENCY = "CNY"
GOLD = "gold"
_STEPPED = {"SX": ((3, 9000), (10, 8000)), "TS": ((3, 9500),), "HT": ((5, 9000),)}
"""Kinds that get cheaper by the dozen: from how many pieces on, and what is left of the price in basis points."""
_FLASH_LEFT, _EAST_LEFT, _MINI_LEFT, _GOLD_LEFT = 8000, 9500, 9500, 9000


def price_lists(now: datetime) -> tuple[PriceList, ...]:
    """Make the lists: base, mini-program, gold members, the stores of the east, and a sale in the app around `now`."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        PriceList("CNY-BASE", "基准价", CURRENCY),
        PriceList("CNY-MINI", "小程序专享价", CURRENCY, channel=Channel.MINI_PROGRAM),
        PriceList("CNY-GOLD", "金卡会员价", CURRENCY, member_tier=GOLD),
        PriceList("CNY-EAST", "华东门店价", CURRENCY, store_group=EAST),
        PriceList(
            "CNY-FLASH",
            "App 限时抢购",
            CURRENCY,
            channel=Channel.APP,
            priority=10,
            valid_from=today - timedelta(days=3),
            valid_to=today + timedelta(days=11),
        ),
    )


def prices(style: Style, lists: tuple[PriceList, ...]) -> Iterator[Price]:
    """Price every variant of a style; colour and size cost nothing extra."""
    by_id = {price_list.id: price_list for price_list in lists}
    for sku in style.skus:
        for list_id, min_quantity, amount_minor in _steps(style):
            yield Price(by_id[list_id], sku, amount_minor, min_quantity)


def base_minor(style: Style) -> int:
    """Set the base price in fen: between its kind's cheapest and dearest, and ending in 9 yuan as labels do."""
    yuan = chance("price", style.code).randint(*style.kind.yuan)
    return max(9, round(yuan / 10) * 10 - 1) * 100


def _steps(style: Style) -> Iterator[tuple[str, int, int]]:
    base = base_minor(style)
    yield "CNY-BASE", 1, base
    for min_quantity, left in _STEPPED.get(style.kind.code, ()):
        yield "CNY-BASE", min_quantity, _cut(base, left)
    if style.fate in (Fate.DRAFT, Fate.ARCHIVED):
        return
    turns = (("CNY-MINI", 3, _MINI_LEFT), ("CNY-GOLD", 2, _GOLD_LEFT), ("CNY-EAST", 7, _EAST_LEFT))
    for list_id, every, left in (*turns, ("CNY-FLASH", 9, _FLASH_LEFT)):
        if style.number % every == 0:
            yield list_id, 1, _cut(base, left)


def _cut(base: int, left_basis_points: int) -> int:
    """Take a share of a price, down to whole jiao: half a fen is on no label."""
    return base * left_basis_points // 10_000 // 10 * 10
