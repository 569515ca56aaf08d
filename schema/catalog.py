"""The catalogue, in GraphQL's words. What is listed where stands in `domain/assortment.py`."""

from datetime import datetime

import strawberry

import domain.catalog
import resolvers.catalog
import resolvers.categories
from domain.catalog import BarcodeType, MediaKind, ProductSort, ProductStatus, UnitOfMeasure
from resolvers.catalog import ProductsAsked
from resolvers.paging import Connection, Edge
from schema.availability import AvailableVariant
from schema.base import Argument, batch, enum, plain, view
from schema.inputs import input
from schema.node import Node, global_id
from schema.paging import AFTER, FIRST, PageInfo
from schema.prices import PricedVariant

enum(
    ProductStatus,
    "Whether shoppers may see a product.",
    DRAFT="Being written; staff of the catalogue only.",
    ACTIVE="Shown where it is listed.",
    ARCHIVED="Kept for old orders; staff of the catalogue only.",
)
enum(UnitOfMeasure, "The unit that a quantity counts.", EACH="Pieces.", GRAM="Grams, for goods by weight.")
enum(MediaKind, "What a piece of media is.", IMAGE="A picture.", VIDEO="A film.", MODEL_3D="A model to turn around.")
enum(
    BarcodeType,
    "How a code is carried.",
    EAN="Printed bars: EAN, UPC or GTIN.",
    QR="A square code with a text of the merchant's.",
    EPC="A radio tag (RFID) of one single piece.",
)
enum(
    ProductSort,
    "The order of a list of products, ties by id.",
    NEWEST="The newest first.",
    TITLE="By title.",
)


IN_STORE = Argument(
    "Id or code of a store: also what only that store lists. Null: an associate's own store.", strawberry.ID | None
)


@view(domain.catalog.Option, description="One dimension in which the variants of a product differ.")
class Option:
    name: str = plain("Such as size or 尺码.")
    values: list[str] = plain("Every value, in display order.")


@view(domain.catalog.OptionValue, description="A variant's place in one dimension.")
class OptionValue:
    name: str = plain("Such as size or 尺码.")
    value: str = plain("Such as L or 红.")


@view(domain.catalog.Media, description="A picture or film.")
class Media:
    url: str = plain("Where it is; relative addresses are on this server.")
    alt: str = plain("What it shows, in words.")
    kind: MediaKind = plain("What it is.")


@view(domain.catalog.Barcode, description="A code that leads to exactly one variant.")
class Barcode:
    type: BarcodeType = plain("How it is carried.")
    value: str = plain("Its content; a GTIN in its shortest form.")


@view(domain.catalog.Category, description="A shelf of the shop; shelves nest.")
class Category(Node):
    id: strawberry.ID = global_id("Category", resolvers.categories.by_ids)
    slug: str = plain("The readable part of its address.")
    name: str = plain("What the shelf is called.")
    parent: "Category | None" = batch(
        resolvers.categories.parent_of, description="What it lies under; null at the top."
    )
    children: list["Category"] = batch(resolvers.categories.children_of, description="What lies under it, in order.")


@view(domain.catalog.Variant, description="What one can buy: a product in one size and colour.")
class Variant(AvailableVariant, PricedVariant, Node):
    id: strawberry.ID = global_id("Variant", resolvers.catalog.variants_by_skus, key="sku")
    sku: str = plain("The merchant's stock keeping unit, the same in every channel and system.")
    product: "Product | None" = batch(resolvers.catalog.product_of, description="The product it is a variant of.")
    option_values: list[OptionValue] = plain("Its size, colour and the like.")
    barcodes: list[Barcode] = plain("The codes on its labels.")
    uom: UnitOfMeasure = plain("What a quantity of it counts.")
    weight_g: int | None = plain("Weight of one unit in grams; null if unknown.")


@view(domain.catalog.Product, description="What a shopper reads about an item, the same in every channel.")
class Product(Node):
    id: strawberry.ID = global_id("Product", resolvers.catalog.products_by_ids)
    code: str = plain("The merchant's own style code.", attribute="id")
    slug: str = plain("The readable part of its address.")
    title: str = plain("What it is called.")
    description: str = plain("Plain text; empty if nothing was written.")
    brand: str = plain("Its brand; empty if it has none.")
    status: ProductStatus = plain("Whether shoppers may see it.")
    options: list[Option] = plain("In what its variants differ.")
    media: list[Media] = plain("Pictures, the main one first.")
    categories: list[Category] = batch(
        resolvers.categories.of_products, description="Where it is filed, the main shelf first."
    )
    variants: list[Variant] = batch(
        resolvers.catalog.variants_of,
        description="The variants on sale in this channel, in display order.",
        store_id=IN_STORE,
    )
    created_at: datetime = plain("When it came into the catalogue, in UTC.")


@view(Edge, description="A product in a list.")
class ProductEdge:
    node: Product = plain("The product.")
    cursor: str = plain("Go on after it with this.")


@view(Connection, description="A page of products.")
class ProductConnection:
    nodes: list[Product] = plain("The products.")
    edges: list[ProductEdge] = plain("The products, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@input(ProductsAsked, description="Which products a list holds; what is left out does not matter.")
class ProductFilter:
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of a category: what is filed there or below."
    )
    brand: str | None = strawberry.field(default=None, description="Exactly this brand.")
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id or code of a store: also what only that store lists."
    )


_FILTER = Argument("Which of them.", ProductFilter | None)


@strawberry.type
class CatalogQuery:
    product: Product | None = batch(
        resolvers.catalog.product,
        description="One product by id or by slug; null if there is none on sale in this channel.",
        id=Argument("Its id.", strawberry.ID | None),
        slug="The readable part of its address.",
        store_id=IN_STORE,
    )
    product_by_code: Variant | None = batch(
        resolvers.catalog.product_by_code,
        description="The variant, and through it the product, that a scanned code leads to; null if none.",
        code="What the scanner read: EAN, UPC, GTIN, a QR text, an EPC tag, or a typed sku.",
        store_id=IN_STORE,
    )
    products: ProductConnection = batch(
        resolvers.catalog.products,
        description="Products on sale in this channel, a page at a time.",
        filter=_FILTER,
        sort="In which order.",
        first=FIRST,
        after=AFTER,
    )
    search_products: ProductConnection = batch(
        resolvers.catalog.search,
        description="Products that hold every word in title, code, brand, category or description, best first.",
        text="Words in Chinese or English; two characters are enough (羽绒).",
        filter=_FILTER,
        first=FIRST,
        after=AFTER,
    )
    categories: list[Category] = batch(resolvers.categories.roots, description="The top of the tree, in order.")
