"""Price resolution: which of several price lists gives the price, and which it was.

Knows nothing of promotions: a quote is the price before any offer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from domain.assortment import Channel
from domain.money import Money


@dataclass(frozen=True, slots=True)
class PriceList:
    """A set of prices with the context it holds for; an empty scope holds everywhere. Valid in `[from, to)`."""

    id: str
    name: str
    currency: str
    channel: Channel | None = None
    store_group: str | None = None
    member_tier: str | None = None
    priority: int = 0
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def specificity(self) -> int:
        """Count the scoped attributes that are set, store, channel and tier."""
        return sum(scope is not None for scope in (self.store_group, self.channel, self.member_tier))


@dataclass(frozen=True, slots=True)
class Price:
    """The amount for one unit of a sku from `min_quantity` units on, in one list."""

    price_list: PriceList
    sku: str
    amount_minor: int
    min_quantity: int = 1


@dataclass(frozen=True, slots=True)
class PriceContext:
    """Who asks for a price, where, when, and for how many."""

    currency: str
    at: datetime
    channel: Channel | None = None
    store_group: str | None = None
    member_tier: str | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """The price of one unit, the base price it is measured against, and the list that gave it."""

    sku: str
    list: Money
    price: Money
    price_list: PriceList
    valid_until: datetime | None
    as_of: datetime


def resolve(sku: str, candidates: Iterable[Price], context: PriceContext) -> PriceQuote | None:
    """Choose the price: most specific list, then priority, then lowest amount, then list id (CAT-3).

    `list` is the base price, of the lists without scope the one of lowest priority, the same in all channels (CAT-6):
    a sale everywhere is an unscoped list of higher priority. The winner itself where no such list prices the sku;
    None when nothing matches.
    """
    matching = [p for p in candidates if p.sku == sku and _matches(p, context)]
    if not matching:
        return None
    winner = min(matching, key=_rank)
    base = min((p for p in matching if p.price_list.specificity == 0), key=_base_rank, default=winner)
    return PriceQuote(
        sku=sku,
        list=Money(base.amount_minor, context.currency),
        price=Money(winner.amount_minor, context.currency),
        price_list=winner.price_list,
        valid_until=winner.price_list.valid_to,
        as_of=context.at,
    )


def rising_steps(prices: Iterable[Price]) -> list[tuple[str, str, int]]:
    """Find (list id, sku, quantity) where buying more costs more a piece: a warning, not an error (CAT-5)."""
    steps = sorted(prices, key=lambda p: (p.price_list.id, p.sku, p.min_quantity))
    return [
        (later.price_list.id, later.sku, later.min_quantity)
        for earlier, later in pairwise(steps)
        if (earlier.price_list.id, earlier.sku) == (later.price_list.id, later.sku)
        and later.amount_minor > earlier.amount_minor
    ]


def _matches(price: Price, context: PriceContext) -> bool:
    scope = price.price_list
    return (
        scope.currency == context.currency
        and price.min_quantity <= context.quantity
        and (scope.valid_from is None or scope.valid_from <= context.at)
        and (scope.valid_to is None or context.at < scope.valid_to)
        and scope.channel in (None, context.channel)
        and scope.store_group in (None, context.store_group)
        and scope.member_tier in (None, context.member_tier)
    )


def _rank(price: Price) -> tuple[int, int, int, str, int]:
    scope = price.price_list
    return (-scope.specificity, -scope.priority, price.amount_minor, scope.id, -price.min_quantity)


def _base_rank(price: Price) -> tuple[int, int, str, int]:
    scope = price.price_list
    return (scope.priority, price.amount_minor, scope.id, -price.min_quantity)
