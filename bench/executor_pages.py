"""What the executor's benchmark asks, and the same answers by hand.

By hand is what a careful programmer writes who needs this answer and no other.
"""

from collections.abc import Sequence
from typing import Any

from bench.executor_shop import Offer, Product, Variant

Rows = dict[str, Any]

PAGE = """
query ProductPage($first: Int!) {
  products(first: $first) {
    id
    title
    brand
    variants {
      sku
      size
      price { amount currencyCode }
      offers { store distanceKm signal isStale }
    }
  }
}
"""
WIDE = "query Wide($first: Int!) { products(first: $first) { variants { sku size colour weightG position } } }"
FLAT = "query Flat($first: Int!) { products(first: $first) { id slug title brand version } }"
SINGLE = "{ product { id slug title brand version } }"


def page(products: Sequence[Product]) -> Rows:
    """Build the product page."""
    return {
        "products": [
            {
                "id": product.id,
                "title": product.title,
                "brand": product.brand,
                "variants": [_variant(variant) for variant in product.variants],
            }
            for product in products
        ]
    }


def _variant(variant: Variant) -> Rows:
    return {
        "sku": variant.sku,
        "size": variant.size,
        "price": {"amount": variant.price.amount, "currencyCode": variant.price.currency},
        "offers": [_offer(offer) for offer in variant.offers],
    }


def _offer(offer: Offer) -> Rows:
    level = offer.level
    return {
        "store": offer.store,
        "distanceKm": offer.distance_m / 1_000,
        "signal": level.signal.value,
        "isStale": level.is_stale,
    }


def flat(products: Sequence[Product]) -> Rows:
    """Build a flat list."""
    return {
        "products": [
            {"id": one.id, "slug": one.slug, "title": one.title, "brand": one.brand, "version": one.version}
            for one in products
        ]
    }
