"""Admission: which items of an import may go in, given what is known, and why the others may not.

An item is refused alone: nothing it says of itself keeps the rest of the file out. Variants of a product are
refused one by one, so that one doubled barcode does not cost fifteen sizes.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import domain.catalog
import domain.prices
from domain.assortment import Listing
from domain.catalog import Category, Option, Variant
from domain.imports import Item, Kind, NamedCategory, Problem, ProductEntry, kinds
from domain.known import Known
from domain.locations import Location
from domain.movements import CLOCK_SKEW, Count
from domain.prices import Price, PriceList
from domain.stock import MAX_QUANTITY


@dataclass(frozen=True, slots=True)
class Admission:
    """What of an item may go in (None: nothing), what was refused, and what looks wrong."""

    item: Item | None
    refused: tuple[Kind, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def admit(item: Item, known: Known, *, now: datetime) -> Admission:
    """Decide on one item, and let `known` know of it when it may go in."""
    if problems := tuple(_problems(item, known, now)):
        return Admission(None, kinds(item), problems)
    match item:
        case ProductEntry():
            return _admit_product(item, known)
        case Category():
            known.category_slugs[item.id] = item.slug
        case NamedCategory(category):
            known.category_slugs.setdefault(category.id, category.slug)
        case PriceList():
            known.currencies[item.id] = item.currency
        case Location():
            known.location_ids.add(item.id)
        case Price():
            return Admission(item, warnings=tuple(_rising(item, known)))
    return Admission(item)


def _problems(item: Item, known: Known, now: datetime) -> Iterator[Problem]:
    match item:
        case Category():
            yield from _category_problems(item, known)
        case NamedCategory(category):
            if category.id not in known.category_slugs:
                yield from _category_problems(category, known)
        case ProductEntry():
            yield from _product_problems(item, known)
        case PriceList(valid_from=start, valid_to=end):
            if start is not None and end is not None and start >= end:
                yield Problem("valid_to", "EMPTY_INTERVAL", "ends before it begins: correct the dates")
        case Price():
            yield from _price_problems(item, known)
        case Listing():
            yield from _listing_problems(item, known)
        case Count():
            yield from _count_problems(item, known, now)


def _category_problems(category: Category, known: Known) -> Iterator[Problem]:
    if category.parent_id == category.id:
        yield Problem("parent", "OWN_PARENT", f"category {category.id} stands under itself: name another parent")
    elif category.parent_id is not None and category.parent_id not in known.category_slugs:
        yield _unknown_category("parent", category.parent_id)
    owner = _owner(known.category_slugs, category.slug)
    if owner not in (None, category.id):
        yield _slug_taken(category.slug, f"category {owner}")


def _product_problems(entry: ProductEntry, known: Known) -> Iterator[Problem]:
    product = entry.product
    owner = _owner(known.product_slugs, product.slug)
    if owner not in (None, product.id) and not ("slug" in entry.silent and product.id in known.product_slugs):
        yield _slug_taken(product.slug, f"product {owner}")
    for category_id in product.category_ids:
        if category_id not in known.category_slugs:
            yield _unknown_category("categories", category_id)


def _price_problems(price: Price, known: Known) -> Iterator[Problem]:
    currency = known.currencies.get(price.price_list.id)
    if currency is None:
        message = f"there is no price list {price.price_list.id!r}: import it first, or name it in this file"
        yield Problem("price_list", "UNKNOWN_PRICE_LIST", message)
    elif currency != price.price_list.currency:
        message = f"list {price.price_list.id} is in {currency}, not in {price.price_list.currency}"
        yield Problem("currency", "OTHER_CURRENCY", message)
    if price.amount_minor < 0:
        yield Problem("amount", "NEGATIVE_PRICE", f"{price.amount_minor} is below zero")
    if price.min_quantity < 1:
        yield Problem("min_quantity", "BAD_QUANTITY", f"{price.min_quantity} is below one")
    yield from _unknown_sku(price.sku, known)


def _listing_problems(listing: Listing, known: Known) -> Iterator[Problem]:
    yield from _unknown_sku(listing.sku, known)
    if listing.location_id is not None:
        yield from _unknown_location(listing.location_id, known)
    if listing.listed_to is not None and listing.listed_to <= listing.listed_from:
        yield Problem("listed_to", "EMPTY_INTERVAL", "ends before it begins: correct the dates")


def _count_problems(count: Count, known: Known, now: datetime) -> Iterator[Problem]:
    yield from _unknown_sku(count.sku, known)
    yield from _unknown_location(count.location_id, known)
    if count.quantity < 0:
        yield Problem("quantity", "NEGATIVE_QUANTITY", f"{count.quantity} pieces cannot be counted: zero or more")
    if count.quantity > MAX_QUANTITY:
        yield Problem("quantity", "OUT_OF_RANGE", f"{count.quantity} pieces are more than {MAX_QUANTITY}: correct it")
    if count.observed_at > now + CLOCK_SKEW:
        message = f"{count.observed_at.isoformat()} is yet to come: check date, time zone and clock"
        yield Problem("observed_at", "OBSERVED_IN_FUTURE", message)


def _admit_product(entry: ProductEntry, known: Known) -> Admission:
    refused = _refused_variants(entry, known)
    admitted = [variant for place, variant in enumerate(entry.variants) if place not in refused]
    known.product_slugs[entry.product.id] = entry.product.slug
    for variant in admitted:
        _learn(variant, known, is_labelled="barcodes" not in entry.silent)
    options = _options(entry, admitted, known)
    known.options[entry.product.id] = options
    return Admission(
        replace(entry, product=replace(entry.product, options=options), variants=tuple(admitted)),
        refused=(Kind.VARIANT,) * len(refused),
        problems=tuple(problem for _, problems in sorted(refused.items()) for problem in problems),
    )


def _refused_variants(entry: ProductEntry, known: Known) -> dict[int, list[Problem]]:
    """Which variants of an entry may not go in, by their place in it.

    A variant that is refused stays as it is stored, and so may stand in the way of one that seemed sound: whenever
    one is refused, the rest is looked at anew.
    """
    refused: dict[int, list[Problem]] = {}
    while (found := _first_refusal(entry, known, refused)) is not None:
        place, problems = found
        refused[place] = problems
    return refused


def _first_refusal(entry: ProductEntry, known: Known, refused: Container[int]) -> tuple[int, list[Problem]] | None:
    candidates = {place: variant for place, variant in enumerate(entry.variants) if place not in refused}
    told = {variant.sku for variant in candidates.values()}
    standing = [variant for sku, variant in known.siblings(entry.product.id).items() if sku not in told]
    labels = dict(known.barcodes)
    for place, variant in candidates.items():
        if problems := list(_variant_problems(variant, standing, known, labels)):
            return place, problems
        standing.append(variant)
        _relabel(variant, known, labels)
    return None


def _variant_problems(
    variant: Variant, standing: Sequence[Variant], known: Known, labels: Mapping[str, str]
) -> Iterator[Problem]:
    if any(other.sku == variant.sku for other in standing):
        yield Problem("sku", "REPEATED", f"{variant.sku} stands twice in one product: keep one of the two")
        return
    stored = known.variants.get(variant.sku)
    if stored is not None and stored.product_id != variant.product_id:
        message = f"{variant.sku} is a variant of product {stored.product_id}: give this one another sku"
        yield Problem("sku", "SKU_TAKEN", message)
    for twins in domain.catalog.same_options([*standing, variant]):
        if variant.sku in twins:
            other = next(sku for sku in twins if sku != variant.sku)
            message = f"{variant.sku} and {other} have the same options: tell them apart by one (CAT-1)"
            yield Problem("options", "SAME_OPTIONS", message)
    for barcode in variant.barcodes:
        owner = labels.get(barcode.value, variant.sku)
        if owner != variant.sku:
            message = f"{barcode.value} belongs to {owner}: correct the one or the other (CAT-2)"
            yield Problem("barcode", "BARCODE_TAKEN", message)


def _relabel(variant: Variant, known: Known, labels: dict[str, str]) -> None:
    """Let a variant give up the barcodes it had, and take those it has."""
    stored = known.variants.get(variant.sku)
    for barcode in stored.barcodes if stored else ():
        labels.pop(barcode.value, None)
    labels |= {barcode.value: variant.sku for barcode in variant.barcodes}


def _learn(variant: Variant, known: Known, *, is_labelled: bool) -> None:
    stored = known.variants.get(variant.sku)
    if stored is not None and not is_labelled:
        variant = replace(variant, barcodes=stored.barcodes)
    _relabel(variant, known, known.barcodes)
    known.variants[variant.sku] = variant


def _options(entry: ProductEntry, admitted: list[Variant], known: Known) -> tuple[Option, ...]:
    """The options of the whole product, also of the variants that this entry does not name.

    What is stored already stays in its order where it covers them all, so that a product told in several parts
    settles, and telling it again changes nothing.
    """
    given = {variant.sku for variant in admitted}
    others = [variant for variant in known.siblings(entry.product.id).values() if variant.sku not in given]
    if not others and len(admitted) == len(entry.variants):
        return entry.product.options
    everyone = domain.catalog.options_of(sorted([*admitted, *others], key=lambda v: (v.position, v.sku)))
    stored = known.options.get(entry.product.id, ())
    return stored if _as_sets(stored) == _as_sets(everyone) else everyone


def _as_sets(options: tuple[Option, ...]) -> dict[str, frozenset[str]]:
    return {option.name: frozenset(option.values) for option in options}


def _rising(price: Price, known: Known) -> Iterator[Problem]:
    """CAT-5, for the step this price makes and the one after it."""
    steps = known.steps.setdefault((price.price_list.id, price.sku), {})
    steps[price.min_quantity] = price.amount_minor
    ladder = [replace(price, min_quantity=quantity, amount_minor=amount) for quantity, amount in steps.items()]
    next_step = min((quantity for quantity in steps if quantity > price.min_quantity), default=None)
    for _, _, quantity in domain.prices.rising_steps(ladder):
        if quantity in (price.min_quantity, next_step):
            message = f"from {quantity} pieces on {price.sku} costs more a piece than below (CAT-5)"
            yield Problem("amount", "RISING_STEP", message)


def _owner(slugs: dict[str, str], slug: str) -> str | None:
    return next((id for id, taken in slugs.items() if taken == slug), None)


def _slug_taken(slug: str, owner: str) -> Problem:
    return Problem("slug", "DUPLICATE_SLUG", f"{slug!r} is the address of {owner}: give this one another")


def _unknown_category(field: str, id: str) -> Problem:
    return Problem(field, "UNKNOWN_CATEGORY", f"there is no category {id!r}: import it first")


def _unknown_sku(sku: str, known: Known) -> Iterator[Problem]:
    if sku not in known.variants:
        yield Problem("sku", "UNKNOWN_SKU", f"no variant has the sku {sku!r}: import its product first")


def _unknown_location(id: str, known: Known) -> Iterator[Problem]:
    if id not in known.location_ids:
        yield Problem("location", "UNKNOWN_LOCATION", f"there is no location {id!r}: import it first")
