"""Prices and listings, cached: by the product whose variants they are of, because events name products."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from datasources.cache.cache import Cache
from datasources.cache.catalog import CachedCatalog
from datasources.ports.prices import AssortmentSource, PriceSource
from domain.assortment import Listing
from domain.prices import Price

T = TypeVar("T")
Ask = Callable[[Sequence[str]], Awaitable[Sequence[Sequence[T]]]]


class PerVariant(Generic[T]):
    """What a source says of each sku, held for all variants of a product at once."""

    def __init__(self, ask: Ask[T], catalog: CachedCatalog, *, most: int) -> None:
        self._ask = ask
        self._catalog = catalog
        self.by_product: Cache[str, Mapping[str, Sequence[T]]] = Cache(self._load, most=most)

    async def of(self, skus: Sequence[str]) -> Sequence[Sequence[T]]:
        """What is said of each sku, in the order asked."""
        owners = await self._catalog.owners(skus)
        wanted = [id for id in dict.fromkeys(owners) if id is not None]
        held: dict[str | None, Mapping[str, Sequence[T]]]
        held = dict(zip(wanted, await self.by_product.many(wanted), strict=True))
        try:
            return [held[owner][sku] for owner, sku in zip(owners, skus, strict=True)]
        except KeyError:  # a sku that nobody knows, or whose product is not the one it was
            return await self._with_unknown(skus, owners, held)

    async def _with_unknown(
        self, skus: Sequence[str], owners: Sequence[str | None], held: Mapping[str | None, Mapping[str, Sequence[T]]]
    ) -> Sequence[Sequence[T]]:
        found = [held.get(owner, {}).get(sku) for owner, sku in zip(owners, skus, strict=True)]
        astray = [sku for sku, owner, said in zip(skus, owners, found, strict=True) if said is None and owner]
        fresh = dict(zip(astray, await self._ask(astray), strict=True)) if astray else {}
        return [fresh.get(sku, ()) if said is None else said for sku, said in zip(skus, found, strict=True)]

    async def _load(self, product_ids: list[str]) -> Sequence[Mapping[str, Sequence[T]]]:
        families = await self._catalog.families(product_ids)
        skus = [sku for family in families for sku in family]
        said = dict(zip(skus, await self._ask(skus), strict=True))
        return [{sku: said[sku] for sku in family} for family in families]


class CachedPrices:
    """Prices as candidates; a price list that changed forgets all of them."""

    def __init__(self, source: PriceSource, catalog: CachedCatalog, *, most: int) -> None:
        self._held: PerVariant[Price] = PerVariant(source.prices, catalog, most=most)
        self.by_product = self._held.by_product

    async def prices(self, skus: Sequence[str]) -> Sequence[Sequence[Price]]:
        return await self._held.of(skus)


class CachedListings:
    """Where and when variants are on sale."""

    def __init__(self, source: AssortmentSource, catalog: CachedCatalog, *, most: int) -> None:
        self._held: PerVariant[Listing] = PerVariant(source.listings, catalog, most=most)
        self.by_product = self._held.by_product

    async def listings(self, skus: Sequence[str]) -> Sequence[Sequence[Listing]]:
        return await self._held.of(skus)


if TYPE_CHECKING:
    _prices: type[PriceSource] = CachedPrices
    _listings: type[AssortmentSource] = CachedListings
