"""Imports: what a line of somebody's file says in our words, and what is wrong with it."""

from dataclasses import dataclass

from domain.assortment import Listing
from domain.catalog import Category, Product, Variant
from domain.locations import Location
from domain.prices import Price, PriceList
from domain.stock import Count


@dataclass(frozen=True, slots=True)
class ProductEntry:
    """A product with all its variants: what is absent from `variants` is left alone, never removed."""

    product: Product
    variants: tuple[Variant, ...]


Item = Category | ProductEntry | PriceList | Price | Listing | Location | Count


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line, or one field of it, was not taken; the message says what to do."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input, numbered as an editor shows it. With problems it carries no items."""

    number: int
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
