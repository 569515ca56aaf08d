"""Price resolution: which of several price lists gives the price, and which it was.

Knows nothing of promotions: a quote is the price before any offer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from domain.channels import Channel
from domain.money import Money

Standing = tuple[int, int]
"""What a list counts for in a context: minus its specificity, minus its priority."""
_Outcome = tuple[Money, Money, "PriceList", datetime | None, datetime]
"""A quote, but for the sku."""


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


class PriceQuote(NamedTuple):
    """The price of one unit, the base price it is measured against, and the list that gave it.

    A tuple, for a page makes hundreds of them: a frozen dataclass takes three times as long to make.
    """

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
    return resolve_each([(sku, candidates)], context)[0]


def resolve_each(asked: Iterable[tuple[str, Iterable[Price]]], context: PriceContext) -> Sequence[PriceQuote | None]:
    """The same for many skus in one context: pages hold hundreds, and most sizes of a product cost the same.

    So candidates that come to the same are weighed once, and equal amounts are one object.
    """
    standings: dict[int, Standing | None] = {}
    weighed: dict[tuple[tuple[int, int, int], ...], tuple[Sequence[Price], _Outcome | None]] = {}
    quotes = []
    for sku, candidates in asked:
        own = [price for price in candidates if price.sku == sku]
        terms = tuple([(id(price.price_list), price.amount_minor, price.min_quantity) for price in own])
        if terms not in weighed:  # with its candidates, so that no other list gets the identity of one that is gone
            weighed[terms] = own, _weighed(own, context, standings)
        outcome = weighed[terms][1]
        quotes.append(None if outcome is None else PriceQuote(sku, *outcome))
    return quotes


def rising_steps(prices: Iterable[Price]) -> list[tuple[str, str, int]]:
    """Find (list id, sku, quantity) where buying more costs more a piece: a warning, not an error (CAT-5)."""
    steps = sorted(prices, key=lambda p: (p.price_list.id, p.sku, p.min_quantity))
    return [
        (later.price_list.id, later.sku, later.min_quantity)
        for earlier, later in pairwise(steps)
        if (earlier.price_list.id, earlier.sku) == (later.price_list.id, later.sku)
        and later.amount_minor > earlier.amount_minor
    ]


def _standing(scope: PriceList, context: PriceContext) -> Standing | None:
    """What a list counts for in a context, less being more; None where it does not hold."""
    holds = (
        scope.currency == context.currency
        and (scope.valid_from is None or scope.valid_from <= context.at)
        and (scope.valid_to is None or context.at < scope.valid_to)
        and scope.channel in (None, context.channel)
        and scope.store_group in (None, context.store_group)
        and scope.member_tier in (None, context.member_tier)
    )
    return (-scope.specificity, -scope.priority) if holds else None


def _weighed(
    candidates: Iterable[Price], context: PriceContext, standings: dict[int, Standing | None]
) -> _Outcome | None:
    """The winner and what it is measured against; each list's standing is found once."""
    matching: list[tuple[Standing, Price]] = []
    for price in candidates:
        scope = price.price_list
        if id(scope) not in standings:
            standings[id(scope)] = _standing(scope, context)
        standing = standings[id(scope)]
        if standing is not None and price.min_quantity <= context.quantity:
            matching.append((standing, price))
    if not matching:
        return None
    _, winner = min(matching, key=_rank)
    _, base = min((candidate for candidate in matching if candidate[0][0] == 0), key=_base_rank, default=(None, winner))
    scope, price_paid = winner.price_list, Money(winner.amount_minor, context.currency)
    usual = price_paid if base is winner else Money(base.amount_minor, context.currency)
    return usual, price_paid, scope, scope.valid_to, context.at


def _rank(candidate: tuple[Standing, Price]) -> tuple[Standing, int, str, int]:
    standing, price = candidate
    return (standing, price.amount_minor, price.price_list.id, -price.min_quantity)


def _base_rank(candidate: tuple[Standing, Price]) -> tuple[int, int, str, int]:
    (_, minus_priority), price = candidate
    return (-minus_priority, price.amount_minor, price.price_list.id, -price.min_quantity)
