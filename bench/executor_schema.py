"""The shop's schema for the executor's benchmark: declared as the real one is, its batch resolvers do no work.

The same types make three schemas: one for the engine, one for strawberry's own executor as it comes, and one for
strawberry's with its caches of parsed and validated documents.
"""

from collections.abc import Sequence

import strawberry
from strawberry.extensions import ParserCache, ValidationCache

import schema.availability  # noqa: F401  # names the signals
from bench import executor_shop as shop
from domain.availability import StockSignal
from schema.base import batch, derived, plain, view
from schema.executing import EngineSchema


async def _products(ctx: shop.Context, roots: Sequence[None], *, first: int = 24) -> Sequence[Sequence[shop.Product]]:
    return [ctx.products[:first]]


async def _product(ctx: shop.Context, roots: Sequence[None]) -> Sequence[shop.Product]:
    return [ctx.products[0]]


async def _variants(ctx: shop.Context, products: Sequence[shop.Product]) -> Sequence[Sequence[shop.Variant]]:
    return [product.variants for product in products]


async def _prices(ctx: shop.Context, variants: Sequence[shop.Variant]) -> Sequence[shop.Money]:
    return [variant.price for variant in variants]


async def _offers(ctx: shop.Context, variants: Sequence[shop.Variant]) -> Sequence[Sequence[shop.Offer]]:
    return [variant.offers for variant in variants]


@view(shop.Money, description="An amount of one currency.")
class Money:
    amount: str = plain("The amount in the major unit.")
    currency_code: str = plain("ISO 4217 code.", attribute="currency")


@view(shop.Offer, description="What one store has of one variant.")
class Offer:
    store: str = plain("Where.")
    distance_km: float = derived(lambda offer: offer.distance_m / 1_000, description="Kilometres as the crow flies.")
    signal: StockSignal = plain("In stock, low or out.", attribute="level.signal")
    quantity: int = plain("How many.", attribute="level.quantity")
    is_stale: bool = plain("Whether that is an old word.", attribute="level.is_stale")


@view(shop.Variant, description="One size and colour.")
class Variant:
    sku: str = plain("Its stock keeping unit.")
    size: str = plain("Its size.")
    colour: str = plain("Its colour.")
    weight_g: int = plain("Grams.")
    position: int = plain("Its place among the others.")
    price: Money = batch(_prices, description="What it costs.")
    offers: list[Offer] = batch(_offers, description="Who has it.")


@view(shop.Product, description="What a shopper reads about.")
class Product:
    id: strawberry.ID = plain("Its id.")
    slug: str = plain("The readable part of its address.")
    title: str = plain("What it is called.")
    brand: str = plain("Its brand.")
    version: int = plain("Rises with every change.")
    variants: list[Variant] = batch(_variants, description="Its sizes and colours.")


@strawberry.type
class Query:
    product: Product = batch(_product, description="The first product.")
    products: list[Product] = batch(_products, description="Products.", first="At most so many.")


def engine() -> EngineSchema:
    """The schema on a new engine, which has seen no operation."""
    return EngineSchema(Query)


ours = engine()
theirs = strawberry.Schema(Query)
theirs_cached = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])
