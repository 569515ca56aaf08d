"""The register: catalogue, prices, listings and locations written on the connection of one transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.imports import Checkpoint, Written
from datasources.store import filing, known, rows, search_terms, tables
from datasources.store.sql import among
from datasources.store.upsert import Record, replace, upsert
from domain.assortment import Listing
from domain.catalog import Category
from domain.imports import Item, Kind, NamedCategory, Outcome, ProductEntry, Tally
from domain.known import Known, Wanted
from domain.locations import Location
from domain.prices import Price, PriceList
from domain.statuses import Status

PORTION = 1_000
"""Products whose derived rows are written at once."""

T = TypeVar("T", bound=Item)
Numbered = Sequence[tuple[int, T]]
"""Items with their places in the batch."""
Outcomes = dict[int, list[Outcome]]


class SqlRegister:
    """Writes a batch table by table, in the order in which rows lean on each other."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(self, wanted: Wanted) -> Known:
        return await known.load(self._connection, wanted)

    async def put(self, items: Sequence[Item]) -> Written:
        outcomes: Outcomes = {number: [] for number in range(len(items))}
        renamed = await self._categories(_categories(items), outcomes)
        touched = await self._products(_only(ProductEntry, items), outcomes)
        for some in _portions(touched | await filing.under(self._connection, renamed)):
            await filing.rewrite(self._connection, some)
        for some in _portions(touched | await search_terms.filed_under(self._connection, renamed)):
            await search_terms.rewrite(self._connection, some)
        location_ids = await self._locations(_only(Location, items), outcomes)
        rescoped = await self._price_lists(_only(PriceList, items), outcomes)
        repriced = await self._prices(_only(Price, items), outcomes)
        relisted = await self._listings(_only(Listing, items), outcomes)
        affected = await self._product_ids(repriced | relisted)
        return Written(
            list(outcomes.values()),
            product_ids=touched | frozenset(affected.values()),
            location_ids=location_ids,
            category_ids=renamed,
            price_list_ids=rescoped,
        )

    async def checkpoint(self, input: str) -> Checkpoint | None:
        found = await self._connection.execute(select(tables.import_runs).where(tables.import_runs.c.input == input))
        row = found.one_or_none()
        if row is None:
            return None
        tally = Tally.from_json(row.counts)
        return Checkpoint(row.input, row.line, tally, is_finished=row.finished, updated_at=row.updated_at)

    async def mark(self, checkpoint: Checkpoint) -> None:
        values = {
            "input": checkpoint.input,
            "line": checkpoint.done,
            "counts": checkpoint.tally.as_json(),
            "finished": checkpoint.is_finished,
            "updated_at": checkpoint.updated_at.astimezone(UTC),
        }
        await upsert(self._connection, tables.import_runs, [Record(values)])

    async def _categories(self, found: "Sequence[_NumberedCategory]", outcomes: Outcomes) -> frozenset[str]:
        records = [Record(values := rows.category(item), values if is_named else ()) for _, item, is_named in found]
        statuses = await upsert(self._connection, tables.categories, records, inserts_first=True)
        return _note(outcomes, Kind.CATEGORY, [(n, item.id) for n, item, _ in found], statuses)

    async def _products(self, entries: Numbered[ProductEntry], outcomes: Outcomes) -> frozenset[str]:
        """Products with their filing, then variants with their labels; which products look different now."""
        records = [Record(rows.product(entry.product), rows.silent(entry)) for _, entry in entries]
        statuses = await upsert(self._connection, tables.products, records)
        filings = {e.product.id: rows.filing(e.product) for _, e in entries if "category_ids" not in e.silent}
        owner = tables.product_categories.c.product_id
        refiled = await replace(self._connection, tables.product_categories, owner, filings)
        named = [(n, entry.product.id) for n, entry in entries]
        changed = _note(outcomes, Kind.PRODUCT, named, _updated(statuses, [id in refiled for _, id in named]))
        return changed | await self._variants(entries, outcomes)

    async def _variants(self, entries: Numbered[ProductEntry], outcomes: Outcomes) -> frozenset[str]:
        found = [(n, entry, variant) for n, entry in entries for variant in entry.variants]
        records = [Record(rows.variant(variant), entry.silent) for _, entry, variant in found]
        statuses = await upsert(self._connection, tables.variants, records)
        labels = {v.sku: rows.barcodes(v) for _, entry, v in found if "barcodes" not in entry.silent}
        relabelled = await replace(self._connection, tables.barcodes, tables.barcodes.c.sku, labels)
        statuses = _updated(statuses, [variant.sku in relabelled for _, _, variant in found])
        return _note(outcomes, Kind.VARIANT, [(n, variant.product_id) for n, _, variant in found], statuses)

    async def _locations(self, found: Numbered[Location], outcomes: Outcomes) -> frozenset[str]:
        statuses = await upsert(self._connection, tables.locations, [Record(rows.location(item)) for _, item in found])
        return _note(outcomes, Kind.LOCATION, [(n, item.id) for n, item in found], statuses)

    async def _price_lists(self, found: Numbered[PriceList], outcomes: Outcomes) -> frozenset[str]:
        records = [Record(rows.price_list(item)) for _, item in found]
        statuses = await upsert(self._connection, tables.price_lists, records)
        return _note(outcomes, Kind.PRICE_LIST, [(n, item.id) for n, item in found], statuses)

    async def _prices(self, found: Numbered[Price], outcomes: Outcomes) -> frozenset[str]:
        statuses = await upsert(self._connection, tables.prices, [Record(rows.price(item)) for _, item in found])
        return _note(outcomes, Kind.PRICE, [(n, item.sku) for n, item in found], statuses)

    async def _listings(self, found: Numbered[Listing], outcomes: Outcomes) -> frozenset[str]:
        product_ids = await self._product_ids({item.sku for _, item in found})
        records = [Record(rows.listing(item, product_ids[item.sku])) for _, item in found]
        statuses = await upsert(self._connection, tables.listings, records)
        return _note(outcomes, Kind.LISTING, [(n, item.sku) for n, item in found], statuses)

    async def _product_ids(self, skus: Iterable[str]) -> Mapping[str, str]:
        wanted = sorted(skus)
        if not wanted:
            return {}
        columns = (tables.variants.c.sku, tables.variants.c.product_id)
        found = await self._connection.execute(select(*columns).where(among(tables.variants.c.sku, wanted)))
        return {row.sku: row.product_id for row in found}


def _portions(ids: Collection[str]) -> Iterator[Sequence[str]]:
    """A category may hold a million products: they are not all read at once."""
    ordered = sorted(ids)
    return (ordered[n : n + PORTION] for n in range(0, len(ordered), PORTION))


_NumberedCategory = tuple[int, Category, bool]
"""Whether it is only named: then what is stored stays as it is."""


def _categories(items: Sequence[Item]) -> Sequence[_NumberedCategory]:
    """In the order of the batch, for a category may stand under one that is only named, and the other way round."""
    named = ((n, item.category, True) for n, item in _only(NamedCategory, items))
    full = ((n, item, False) for n, item in _only(Category, items))
    return sorted((*named, *full), key=lambda numbered: numbered[0])


def _only(type: type[T], items: Sequence[Item]) -> Numbered[T]:
    return [(number, item) for number, item in enumerate(items) if isinstance(item, type)]


def _note(
    outcomes: Outcomes, kind: Kind, named: Sequence[tuple[int, str]], statuses: Sequence[Status]
) -> frozenset[str]:
    """Keep what became of each item, and return the names of those that changed."""
    for (number, _), status in zip(named, statuses, strict=True):
        outcomes[number].append((kind, status))
    changed = zip(named, statuses, strict=True)
    return frozenset(name for (_, name), status in changed if status is not Status.UNCHANGED)


def _updated(statuses: Sequence[Status], is_changed: Sequence[bool]) -> Sequence[Status]:
    """A row that stayed counts as updated where what belongs to it did not."""
    return [
        Status.UPDATED if changed and status is Status.UNCHANGED else status
        for status, changed in zip(statuses, is_changed, strict=True)
    ]


if TYPE_CHECKING:
    from datasources.ports.imports import Register

    _port: type[Register] = SqlRegister
