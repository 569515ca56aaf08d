"""Bringing stock in, in GraphQL's words. How counts and movements make a level stands in `domain/stock.py`."""

from datetime import datetime

import strawberry

import resolvers.inventory
import resolvers.receipts
from domain.movements import MovementType, Status
from domain.stock import StockLevel
from domain.viewers import Scope
from resolvers.inventory import AdjustItem, Command, SetItem
from resolvers.receipts import ItemResult
from schema.base import command, enum, plain, view
from schema.instants import Instant
from schema.refusals import UserError

enum(
    MovementType,
    "Why a level changed.",
    RECEIPT="Goods came in; the delta is above zero.",
    SALE="Goods were sold; the delta is below zero.",
    RETURN="Goods came back; the delta is above zero.",
    ADJUSTMENT="A correction, either way.",
    COUNT_VARIANCE="A count found another number; written by the system.",
    TRANSFER_OUT="Goods went on their way to another location; written by a transfer.",
    TRANSFER_IN="Goods arrived from another location; written by a transfer.",
    DAMAGE="Goods are there, and cannot be sold.",
    RELEASE_QC="Goods have passed quality control.",
)
enum(
    Status,
    "What became of one item.",
    CREATED="The first word on this sku at this location.",
    UPDATED="The quantity changed.",
    UNCHANGED="It was so already, or this event was told before.",
    STALE="From before the last count, which saw it: the level is as it was.",
    FAILED="Refused; see `errors`.",
)
MOST = resolvers.inventory.MAX_ITEMS
RESULTS = "One per item, in the order of the input; empty if all was refused."
USER_ERRORS = "Every reason why something was not done; empty when all is well."
KEY = "Unique for this request: sent again with the same content, it gives the same answer and does nothing twice."


@strawberry.input(description="So many pieces of a sku were seen at a location.")
class InventorySetItem:
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    quantity: int = strawberry.field(description="Pieces that are physically there, 0 or more.")
    observed_at: Instant | None = strawberry.field(
        default=None, description="When somebody looked; null: now. An older word than the last one is STALE."
    )
    change_from_quantity: int | None = strawberry.field(
        default=None,
        description="Compare-and-set: take it only if the book holds this now; null: in any case.",
    )

    def to_domain(self) -> SetItem:
        """The same in the words of the use case."""
        return SetItem(self.sku, self.location, self.quantity, self.observed_at, self.change_from_quantity)


@strawberry.input(description="So many pieces of a sku came or went.")
class InventoryAdjustItem:
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    delta: int = strawberry.field(description="Pieces that came (above zero) or went (below).")
    event_id: str = strawberry.field(description="Unique at your side: told twice, it counts once.")
    type: MovementType = strawberry.field(default=MovementType.ADJUSTMENT, description="Why.")
    occurred_at: Instant | None = strawberry.field(
        default=None, description="When it happened; null: now. What a later count has seen already is STALE."
    )

    def to_domain(self) -> AdjustItem:
        """The same in the words of the use case."""
        return AdjustItem(self.sku, self.location, self.delta, self.event_id, self.type, self.occurred_at)


@strawberry.input(description="Counts to take into the book.")
class InventorySetInput:
    items: list[InventorySetItem] = strawberry.field(description=f"1 to {MOST} of them, taken in this order.")
    idempotency_key: str = strawberry.field(description=KEY)

    def to_domain(self) -> Command:
        """The same in the words of the use case."""
        return Command([item.to_domain() for item in self.items], self.idempotency_key)


@strawberry.input(description="Movements to take into the book.")
class InventoryAdjustInput:
    items: list[InventoryAdjustItem] = strawberry.field(description=f"1 to {MOST} of them, taken in this order.")
    idempotency_key: str = strawberry.field(description=KEY)

    def to_domain(self) -> Command:
        """The same in the words of the use case."""
        return Command([item.to_domain() for item in self.items], self.idempotency_key)


@view(StockLevel, description="What the book says is at a location.")
class InventoryLevel:
    sku: str = plain("The variant's sku.")
    location_code: str = plain("The merchant's own code of the location.", attribute="location_id")
    on_hand: int = plain("Pieces in the book; below zero says that a count is due.")
    version: int = plain("Rises with every change.")
    as_of: datetime = plain("The latest moment the book knows of, in UTC.")
    source: str = plain("Who told of it.")


@view(ItemResult, description="What became of one item.")
class InventoryItemResult:
    index: int = plain("Its place in the input, from 0.")
    status: Status = plain("What became of it.")
    level: InventoryLevel | None = plain("The level after it; null where there is none.")
    errors: list[UserError] = plain("Why it FAILED; empty otherwise.", attribute="refusals")


@view(resolvers.receipts.Receipt, description="What became of the counts, item by item.")
class InventorySetPayload:
    results: list[InventoryItemResult] = plain(RESULTS)
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.receipts.Receipt, description="What became of the movements, item by item.")
class InventoryAdjustPayload:
    results: list[InventoryItemResult] = plain(RESULTS)
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class InventoryMutation:
    inventory_set: InventorySetPayload = command(
        resolvers.inventory.write,
        description="Say how many pieces there are: the last observation wins. Items that cannot be taken fail alone.",
        input=InventorySetInput,
        scope=Scope.STOCK_WRITE,
    )
    inventory_adjust: InventoryAdjustPayload = command(
        resolvers.inventory.write,
        description="Say how many pieces came or went: each event counts once. Items that cannot be taken fail alone.",
        input=InventoryAdjustInput,
        scope=Scope.STOCK_WRITE,
    )
