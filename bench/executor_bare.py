"""The shop as strawberry serves it fastest: its own objects, every field an attribute, no resolver, loader or check.

Nobody who reads from a source can have it so; it is here so that the comparison leaves no doubt.
"""

import strawberry
from strawberry.extensions import ParserCache, ValidationCache

from bench import executor_shop as shop
from domain.availability import StockSignal


@strawberry.type
class Money:
    amount: str
    currency_code: str


@strawberry.type
class Offer:
    store: str
    distance_km: float
    signal: StockSignal
    quantity: int
    is_stale: bool


@strawberry.type
class Variant:
    sku: str
    size: str
    colour: str
    weight_g: int
    position: int
    price: Money
    offers: list[Offer]


@strawberry.type
class Product:
    id: strawberry.ID
    slug: str
    title: str
    brand: str
    version: int
    variants: list[Variant]


@strawberry.type
class Query:
    @strawberry.field
    def products(self, info: strawberry.Info[list[Product], None], first: int = 24) -> list[Product]:
        return info.context[:first]


schema = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])


def copied(products: tuple[shop.Product, ...]) -> list[Product]:
    """The same shop in strawberry's own objects."""
    return [_product(product) for product in products]


def _product(product: shop.Product) -> Product:
    return Product(
        id=strawberry.ID(product.id),
        slug=product.slug,
        title=product.title,
        brand=product.brand,
        version=product.version,
        variants=[_variant(variant) for variant in product.variants],
    )


def _variant(variant: shop.Variant) -> Variant:
    return Variant(
        sku=variant.sku,
        size=variant.size,
        colour=variant.colour,
        weight_g=variant.weight_g,
        position=variant.position,
        price=Money(amount=variant.price.amount, currency_code=variant.price.currency),
        offers=[_offer(offer) for offer in variant.offers],
    )


def _offer(offer: shop.Offer) -> Offer:
    return Offer(
        store=offer.store,
        distance_km=offer.distance_m / 1_000,
        signal=offer.level.signal,
        quantity=offer.level.quantity,
        is_stale=offer.level.is_stale,
    )
