"""The products: two hundred styles with their colours, sizes and codes, made from the table of kinds.

Says nothing of prices, stock or where a style is listed; nothing here depends on the day it runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from itertools import product

import domain.catalog
from datasources.demo import clothes, extras, labels
from datasources.demo.categories import ROOT_OF
from datasources.demo.chance import chance
from datasources.demo.kinds import Kind
from datasources.demo.palette import COLOURS, SIZE_RUNS, Colour
from datasources.demo.wording import describe
from domain.catalog import Media, OptionValue, Product, ProductStatus, Variant
from domain.imports import ProductEntry

KINDS = (*clothes.OUTERWEAR, *clothes.TOPS, *clothes.BOTTOMS, *extras.FOOTWEAR, *extras.ACCESSORIES)
FIRST_SEASON = datetime(2025, 2, 10, 2, 0, tzinfo=UTC)
_MOST_VARIANTS = 16


class Fate(Enum):
    """Where a style stands in its life with the merchant."""

    ON_SALE = "ON_SALE"
    STORE_ONLY = "STORE_ONLY"
    UPCOMING = "UPCOMING"
    DRAFT = "DRAFT"
    ARCHIVED = "ARCHIVED"


@dataclass(frozen=True, slots=True)
class Style:
    """A product with what the rest of the demo wants to know of it. `number` counts from 0 over all kinds."""

    number: int
    kind: Kind
    fate: Fate
    colours: tuple[Colour, ...]
    entry: ProductEntry

    @property
    def code(self) -> str:
        """The style code, which is the product's id."""
        return self.entry.product.id

    @property
    def skus(self) -> tuple[str, ...]:
        """The skus of its variants, in display order."""
        return tuple(variant.sku for variant in self.entry.variants)


@cache
def styles() -> tuple[Style, ...]:
    """Make all two hundred, always the same."""
    return tuple(_style(number, *model) for number, model in enumerate(_models()))


@cache
def by_code() -> dict[str, Style]:
    """Find a style by its code."""
    return {style.code: style for style in styles()}


def _models() -> Iterator[tuple[Kind, int]]:
    for kind in KINDS:
        yield from ((kind, place) for place in range(len(kind.names)))


def _style(number: int, kind: Kind, place: int) -> Style:
    code = f"{kind.code}{place + 1:02d}"
    fate = _fate(number, flagship=place == 0)
    colours = _colours(kind, code, flagship=place == 0)
    chinese, english = kind.names[place]
    slug = f"{english} {kind.noun_en} {code}".lower().replace(" ", "-")
    variants = tuple(_variants(kind, code, colours=colours, number=number, slug=slug))
    goods = Product(
        id=code,
        slug=slug,
        title=f"{chinese}{kind.noun} {english} {kind.noun_en}",
        description=describe(kind, code, english=english),
        brand=kind.brands[place % len(kind.brands)],
        status=_STATUS.get(fate, ProductStatus.ACTIVE),
        options=domain.catalog.options_of(variants),
        media=(Media(f"/media/demo/{code}.svg", f"{chinese}{kind.noun}"),),
        category_ids=(kind.category, ROOT_OF[kind.category]),
        created_at=_created_at(code, fate),
    )
    return Style(number, kind, fate, colours, ProductEntry(goods, variants))


def _variants(kind: Kind, code: str, *, colours: tuple[Colour, ...], number: int, slug: str) -> Iterator[Variant]:
    sizes = SIZE_RUNS[kind.sizes] or (None,)
    for position, (colour, size) in enumerate(product(colours, sizes)):
        shown = [OptionValue("颜色", colour.name)] if len(colours) > 1 or size else []
        shown += [OptionValue("尺码", size)] if size else []
        yield Variant(
            sku="-".join(part for part in (code, colour.code, size) if part),
            product_id=code,
            option_values=tuple(shown),
            barcodes=labels.labels(number=number, position=position, slug=slug),
            weight_g=kind.weight_g,
            position=position,
        )


def _colours(kind: Kind, code: str, *, flagship: bool) -> tuple[Colour, ...]:
    """Choose the colours of one style: its kind's first three or four for the flagship, one to three for the others."""
    names = kind.colours.split()
    if not flagship:
        dice = chance("colours", code)
        chosen = dice.sample(names, dice.choice((1, 2, 2, 3)))
        names = sorted(chosen, key=names.index)
    most = _MOST_VARIANTS // max(4, len(SIZE_RUNS[kind.sizes]))
    return tuple(COLOURS[name] for name in names[:most])


def _fate(number: int, *, flagship: bool) -> Fate:
    """Decide by the number alone, so that there are always a few of each; flagships are always on sale."""
    if flagship:
        return Fate.ON_SALE
    turns = ((40, 11, Fate.DRAFT), (40, 26, Fate.ARCHIVED), (33, 16, Fate.UPCOMING), (20, 9, Fate.STORE_ONLY))
    return next((fate for every, offset, fate in turns if number % every == offset), Fate.ON_SALE)


def _created_at(code: str, fate: Fate) -> datetime:
    """Date a style: the archived ones in the first season, the upcoming and the drafts in the last weeks."""
    days = {Fate.ARCHIVED: (0, 150), Fate.UPCOMING: (600, 628), Fate.DRAFT: (600, 628)}.get(fate, (0, 620))
    dice = chance("created", code)
    return FIRST_SEASON + timedelta(days=dice.randint(*days), minutes=dice.randrange(480))


_STATUS = {Fate.DRAFT: ProductStatus.DRAFT, Fate.ARCHIVED: ProductStatus.ARCHIVED}
