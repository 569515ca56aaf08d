"""Imports: what a line of somebody's file says in our words, what is wrong with it, and what became of it.

Knows no file format and no store.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from domain.assortment import Listing
from domain.catalog import Category, Product, Variant
from domain.locations import Location
from domain.movements import Count
from domain.prices import Price, PriceList
from domain.statuses import Status
from domain.transactions import Transaction


@dataclass(frozen=True, slots=True)
class ProductEntry:
    """A product with all its variants: what is absent from `variants` is left alone, never removed.

    `silent` names the fields of product or variant that the input says nothing of, such as `barcodes`: they get
    their default where the product is new, and are left alone where it is not.
    """

    product: Product
    variants: tuple[Variant, ...]
    silent: frozenset[str] = frozenset()


def silent_but(given: Iterable[str]) -> frozenset[str]:
    """Name the fields of products and variants that an input does not give; without some there would be no product."""
    return frozenset({*Product.__slots__, *Variant.__slots__} - _ALWAYS_GIVEN - set(given))


_ALWAYS_GIVEN = {"id", "title", "options", "sku", "product_id", "option_values", "position"}


@dataclass(frozen=True, slots=True)
class NamedCategory:
    """A category that a product only names: it is made where there is none, and left alone where there is one."""

    category: Category


Item = Category | NamedCategory | ProductEntry | PriceList | Price | Listing | Location | Count | Transaction


class Kind(Enum):
    """What an outcome is counted under."""

    LINE = "unreadable lines"
    CATEGORY = "categories"
    PRODUCT = "products"
    VARIANT = "variants"
    PRICE_LIST = "price lists"
    PRICE = "prices"
    LISTING = "listings"
    LOCATION = "locations"
    STOCK = "stock counts"
    MEMBER = "members"
    ORDER = "orders"
    RETURN = "returns"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line, or one field of it, was not taken; the message says what to do.

    `line` is where it stands, if not where what it belongs to begins.
    """

    field: str
    code: str
    message: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input, numbered as an editor shows it. With problems it carries no items.

    `warnings` are what was left out or looks wrong while the items go in all the same. `rows` is for how many lines
    of the input it stands: those of a till's receipt become one.
    """

    number: int
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    file: str = ""
    rows: int = 1

    @property
    def place(self) -> str:
        """Where the line stands, as editors and compilers write it."""
        return f"{self.file}:{self.number}" if self.file else str(self.number)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem or a warning, and the line it stands on."""

    file: str
    line: int
    problem: Problem
    is_warning: bool = False


Outcome = tuple[Kind, Status]
"""What became of one thing: a product entry gives one for the product and one for each variant."""


@dataclass(slots=True)
class Tally:
    """How many things of each kind were created, updated, unchanged, stale and failed."""

    counts: Counter[Outcome] = field(default_factory=Counter)

    def add(self, kind: Kind, status: Status, times: int = 1) -> None:
        """Count an outcome."""
        self.counts[kind, status] += times

    def of(self, kind: Kind) -> dict[Status, int]:
        """The counts of one kind, every status present."""
        return {status: self.counts[kind, status] for status in Status}

    def rows(self) -> Iterator[tuple[Kind, dict[Status, int]]]:
        """Kinds that occurred, in the order of `Kind`."""
        for kind in Kind:
            found = self.of(kind)
            if any(found.values()):
                yield kind, found

    @property
    def failed(self) -> int:
        """Everything that did not go in."""
        return sum(times for (_, status), times in self.counts.items() if status is Status.FAILED)

    def as_json(self) -> dict[str, dict[str, int]]:
        """Write the counts in words, for the checkpoint."""
        return {
            kind.name: {status.value: times for status, times in found.items() if times} for kind, found in self.rows()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Mapping[str, int]]) -> "Tally":
        """Read the counts back."""
        return cls(
            Counter(
                {
                    (Kind[kind], Status(status)): times
                    for kind, found in stored.items()
                    for status, times in found.items()
                }
            )
        )


def kinds(item: Item) -> tuple[Kind, ...]:
    """What an item counts as: a product entry as the product and each of its variants."""
    if isinstance(item, ProductEntry):
        return (Kind.PRODUCT, *(Kind.VARIANT for _ in item.variants))
    if isinstance(item, Transaction):
        return (Kind.RETURN if item.is_return else Kind.ORDER,)
    return (_KINDS[type(item)],)


_KINDS: Mapping[type, Kind] = {
    Category: Kind.CATEGORY,
    NamedCategory: Kind.CATEGORY,
    PriceList: Kind.PRICE_LIST,
    Price: Kind.PRICE,
    Listing: Kind.LISTING,
    Location: Kind.LOCATION,
    Count: Kind.STOCK,
}


def identities(item: Item) -> Iterator[tuple[Hashable, Hashable, str]]:
    """Name what an item speaks of: its key, all it says of it, and the words for it in a message.

    One file that says two things of one key would say the last one on every run, so the second is refused. Counts
    are not named: of several counts the latest stands (DSR-1).
    """
    match item:
        case ProductEntry(product, variants):
            yield ("product", product.id), _without_options(product), f"product {product.id}"
            for variant in variants:
                yield ("variant", variant.sku), variant, f"sku {variant.sku}"
        case Price(price_list, sku, amount, quantity):
            yield ("price", price_list.id, sku, quantity), amount, f"the price of {sku} in list {price_list.id}"
        case Listing(sku, channel, _, _, location_id):
            yield ("listing", sku, channel, location_id), item, f"the listing of {sku} in {channel.value}"
        case Category() | PriceList() | Location():
            name = _KINDS[type(item)].value
            yield (name, item.id), item, f"{_SINGULAR[type(item)]} {item.id}"
        case Transaction(number, realm):
            yield ("transaction", realm, number), item, f"transaction {number}"
        case Count() | NamedCategory():
            return


def _without_options(product: Product) -> Hashable:
    """A product split over several lines has the options of all of them, so those of one line prove nothing."""
    return tuple(getattr(product, name) for name in _PRODUCT_FIELDS)


_PRODUCT_FIELDS = ("slug", "title", "description", "brand", "status", "media", "category_ids")
_SINGULAR: Mapping[type, str] = {Category: "category", PriceList: "price list", Location: "location"}
