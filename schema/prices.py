"""Prices, in GraphQL's words. Which list wins stands in `domain/prices.py`."""

from datetime import datetime

import strawberry

import domain.prices
import resolvers.prices
from schema.base import Argument, batch, plain, view
from schema.channels import Channel
from schema.money import Money


@view(domain.prices.PriceList, description="The set of prices that a quote was taken from.")
class PriceList:
    code: str = plain("The merchant's own code of the list.", attribute="id")
    name: str = plain("What the list is called.")


@view(domain.prices.PriceQuote, description="What one unit costs here and now, before any promotion, and why.")
class PriceQuote:
    list: Money = plain("The base price, the same in every channel; strike it through where `price` is lower.")
    price: Money = plain("What one unit costs.")
    price_list: PriceList = plain("The list that gave the price.")
    valid_until: datetime | None = plain("When that list ends, in UTC; null if it does not.")
    as_of: datetime = plain("The moment the price holds for, in UTC.")


@strawberry.type
class PricedVariant:
    """The part of a variant that prices contribute."""

    price: PriceQuote | None = batch(
        resolvers.prices.quotes,
        description="Its price for you; null where no list prices it in this currency.",
        channel=Argument("Null: the channel of the request.", Channel | None),
        store_id=Argument("Id or code of the store, for lists of one group of stores.", strawberry.ID | None),
        quantity="How many are bought: lists may have steps. At least 1.",
        currency="ISO 4217 code; null: the merchant's own.",
    )
