"""What the demo's members bought in the last year, and what they can have for the points they earned by it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from datasources.demo import people, prices
from datasources.demo.chance import chance
from datasources.demo.products import Fate, Style, styles
from domain.channels import Channel
from domain.orders import Order, OrderLine
from domain.rewards import Reward, RewardKind

PROGRAMME = "points"
RETURNABLE = timedelta(days=7)
_YEAR = 365
_BASKETS = (1, 1, 1, 2, 2, 3)
_ORDERS = (0, 1, 1, 1, 2, 2, 3, 4, 6, 9)
_OF_THE_FIRST = 24
"""Enough to be what the demo's token says they are: gold."""
_TASTE = 12
"""So many styles that lie side by side are one taste."""


def orders(now: datetime) -> Iterator[Order]:
    """All of it, oldest first; the newest are not complete: they may still come back."""
    found = [order for number in range(people.MEMBERS) for order in _orders(number, now)]
    yield from sorted(found, key=lambda order: (order.placed_at, order.id))


def rewards() -> Iterator[Reward]:
    """A gift, a coupon and a service."""
    yield Reward("tote", RewardKind.GIFT, "帆布袋 Tote bag", PROGRAMME, 500, stock=200)
    yield Reward("coupon-20", RewardKind.COUPON, "20 元券 Coupon of 20 yuan", PROGRAMME, 1_500)
    yield Reward(
        "styling", RewardKind.SERVICE, "造型咨询 Styling hour in store", PROGRAMME, 3_000, channels=(Channel.POS,)
    )


def _orders(number: int, now: datetime) -> Iterator[Order]:
    dice = chance("orders", number)
    for nth in range(_OF_THE_FIRST if number == 0 else dice.choice(_ORDERS)):
        at = now - timedelta(days=dice.randrange(_YEAR), minutes=dice.randrange(600))
        is_online = dice.random() < 0.4
        id = f"demo-{number:03}-{nth}"
        basket = _basket(number, nth)
        yield Order(
            id=id,
            number=f"D{number:03}{nth:02}",
            source=people.SOURCE,
            channel=Channel.MINI_PROGRAM if is_online else Channel.POS,
            currency=prices.CURRENCY,
            placed_at=at,
            completed_at=at + RETURNABLE if at + RETURNABLE < now else None,
            location_id=None if is_online else people.home(number),
            member_id=people.member_id(number),
            associate_id=people.GUIDE if number < people.CLIENTS and not is_online else None,
            lines=tuple(_line(id, place, style, dice.randrange(99)) for place, style in enumerate(basket)),
        )


def _basket(number: int, nth: int) -> list[Style]:
    """Things of one taste, as one person buys them."""
    dice, on_sale = chance("basket", number, nth), _on_sale()
    taste = chance("taste", number).randrange(len(on_sale))
    near = [on_sale[(taste + step) % len(on_sale)] for step in range(_TASTE)]
    return dice.sample(near, _BASKETS[-1] if number == 0 else dice.choice(_BASKETS))


def _line(order_id: str, place: int, style: Style, pick: int) -> OrderLine:
    sku, price = style.skus[pick % len(style.skus)], prices.base_minor(style)
    return OrderLine(f"{order_id}:{place}", sku, style.entry.product.title, 1, price, price)


@cache
def _on_sale() -> tuple[Style, ...]:
    return tuple(style for style in styles() if style.fate is Fate.ON_SALE)
