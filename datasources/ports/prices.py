"""What we ask of whoever keeps price lists and assortments."""

from collections.abc import Sequence
from typing import Protocol

from domain.assortment import Listing
from domain.prices import Price


class PriceSource(Protocol):
    """Prices as candidates: which one counts is the domain's to say."""

    async def prices(self, skus: Sequence[str]) -> Sequence[Sequence[Price]]:
        """All prices per sku, of every list and quantity, in the order asked; an unknown sku has none."""
        ...


class AssortmentSource(Protocol):
    """Where and when variants are on sale."""

    async def listings(self, skus: Sequence[str]) -> Sequence[Sequence[Listing]]:
        """All listings per sku, in the order asked; an unknown sku has none."""
        ...
