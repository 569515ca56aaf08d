"""A shop in memory for the executor's benchmark: objects as the domain has them, and no world behind them."""

from dataclasses import dataclass, field
from typing import Any

from domain.availability import StockSignal

STORES = ("SH001", "SH002", "BJ001")
COLOURS = ("ink blue", "oat", "pine", "brick")


@dataclass(frozen=True, slots=True)
class Money:
    """What something costs."""

    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Level:
    """What one store has of one variant."""

    signal: StockSignal
    quantity: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """Where a variant is, and how far that is."""

    store: str
    distance_m: int
    level: Level


@dataclass(frozen=True, slots=True)
class Variant:
    """One size and colour of a product."""

    sku: str
    size: str
    colour: str
    weight_g: int
    position: int
    price: Money
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """What a shopper reads about."""

    id: str
    slug: str
    title: str
    brand: str
    version: int
    variants: tuple[Variant, ...]


@dataclass(slots=True)
class Context:
    """One operation's surroundings: what there is, and the loaders that strawberry's executor needs."""

    products: tuple[Product, ...]
    loaders: dict[Any, Any] = field(default_factory=dict)


def shop(products: int, variants: int = 0, stores: int = 0) -> tuple[Product, ...]:
    """Make so many products, with so many variants each, in so many stores."""
    return tuple(_product(number, variants, stores) for number in range(products))


def _product(number: int, variants: int, stores: int) -> Product:
    made = tuple(_variant(f"MH{number:02}", position, stores) for position in range(variants))
    return Product(f"MH{number:02}", f"coat-{number}", f"Down coat {number} 羽绒服", "North", number % 7, made)


def _variant(code: str, position: int, stores: int) -> Variant:
    offers = tuple(_offer(place, position) for place in range(stores))
    price = Money(f"{899 + position}.00", "CNY")
    colour = COLOURS[position % len(COLOURS)]
    return Variant(f"{code}-{position}", f"{34 + 2 * position}", colour, 840 + position, position, price, offers)


def _offer(place: int, position: int) -> Offer:
    quantity = (3 * place + position) % 9
    signal = StockSignal.IN_STOCK if quantity > 3 else StockSignal.LOW if quantity else StockSignal.OUT
    return Offer(STORES[place % len(STORES)], 1_250 + 640 * place, Level(signal, quantity, is_stale=False))
