"""Levels of stock as staff and integrators read them, in GraphQL's words. Their rules stand in `domain/stock.py`."""

from datetime import datetime

import strawberry

import resolvers.lines
import resolvers.stock_levels
from domain.stock import Bucket, StockLevel
from domain.viewers import Scope
from resolvers.stock_levels import MAX_LEVELS, NAMES, ChannelTerms, Quantity
from schema.base import Argument, batch, enum, plain, view
from schema.channels import Channel
from schema.inbound import Inbound
from schema.locations import Location
from schema.references import VariantReference

enum(
    Bucket,
    "Where in the book a piece stands. All but those in transit are physically there.",
    SELLABLE="On the shelf, for sale.",
    DAMAGED="There, and cannot be sold.",
    QUALITY_CONTROL="There, and being tested.",
    DISPLAY="There, shown, and not for sale.",
    IN_TRANSIT_IN="On its way here; written by a transfer.",
    IN_TRANSIT_OUT="On its way from here; written by a transfer.",
)


@view(ChannelTerms, description="What a channel may take of a level.")
class InventoryChannelTerms:
    channel: Channel = plain("Which channel.")
    safety: int = plain("The last pieces that are never promised to it.")
    quota: int | None = plain("Its share, less what was sold of it; null: as much as there is.")
    quota_left: int | None = plain("The same without what is held of it now; null where there is no quota.")


@view(Quantity, description="A number of a level, by the name that Shopify gives it.")
class InventoryQuantity:
    name: str = plain("The name.")
    quantity: int = plain("Pieces.")


@view(
    StockLevel,
    description="What the book says of a sku at a location: onHand = available + committed + held + unsellable.",
)
class InventoryLevel:
    sku: str = plain("The variant's sku.")
    variant: VariantReference | None = batch(resolvers.lines.variant_of, description="The variant.")
    location_code: str = plain("The merchant's own code of the location.", attribute="location_id")
    location: Location | None = batch(resolvers.lines.location_of, description="Where.")
    on_hand: int = plain("Pieces that are there, whatever their state; below zero says that a count is due.")
    available: int = batch(
        resolvers.stock_levels.available_of,
        description="Pieces for sale that are not promised now, before what channels keep back; below zero: oversold.",
    )
    committed: int = plain("Pieces that are sold and not handed over.")
    held: int = batch(resolvers.stock_levels.held_of, description="Pieces that are reserved now, by the clock.")
    unsellable: int = plain("Pieces that are damaged, tested or on display.")
    damaged: int = plain("Pieces that cannot be sold; below zero says that a movement is still to be told.")
    quality_control: int = plain("Pieces that are being tested; below zero likewise.")
    display: int = plain("Pieces that are shown; below zero likewise.")
    in_transit_in: int = plain("Pieces on their way here by transfers.")
    in_transit_out: int = plain("Pieces on their way from here by transfers, no longer on hand.")
    oversold_by: int = batch(
        resolvers.stock_levels.oversold_by_of,
        description="Pieces that are promised and not there, 0 when all is well; nothing more is promised until then.",
    )
    terms: list[InventoryChannelTerms] = batch(
        resolvers.stock_levels.terms_of_levels,
        description="What channels may take; a channel without terms is left out.",
    )
    inbound: list[Inbound] = batch(
        resolvers.stock_levels.inbound_of,
        description="What is confirmed to come, the first to come first, late ones too.",
    )
    quantities: list[InventoryQuantity] = batch(
        resolvers.stock_levels.quantities_of,
        description="The same numbers by Shopify's names, in the order asked. Reserved holds what is on display too; "
        "incoming is in transit or confirmed to come; safety_stock is that of your channel, and a part of available.",
        names=f"Any of {', '.join(NAMES)}; null: all of them. Another one is error BAD_ARGUMENT.",
    )
    version: int = plain("Rises with every change.")
    as_of: datetime = plain("The latest moment the book knows of, in UTC.")
    received_at: datetime = plain("When it was told to us last, in UTC.")
    counted_at: datetime | None = plain("When it was counted last, in UTC; null if never.")
    source: str = plain("Who told of it.")


@strawberry.type
class StockLevelQuery:
    inventory_levels: list[InventoryLevel] = batch(
        resolvers.stock_levels.levels,
        description="What the book says of these skus at these locations, sku by sku; nothing where nobody ever told.",
        scope=Scope.STOCK_READ,
        skus=f"Which variants. At most {MAX_LEVELS} pairs of sku and location, else error BAD_ARGUMENT.",
        locations=Argument("Ids or codes of the locations.", list[strawberry.ID]),
    )
