"""Bringing stock in, in GraphQL's words. How counts and movements make a level stands in `domain/ledger.py`."""

import strawberry

import resolvers.inventory
import resolvers.receipts
from domain.movements import MovementType
from domain.stock import MAX_QUANTITY, Bucket
from domain.viewers import Scope
from resolvers.receipts import ItemResult
from resolvers.stock_items import MAX_ITEMS, AdjustItem, Command, MoveItem, SetItem
from schema.base import enum, plain, view
from schema.channels import Channel
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.refusals.base import UserError
from schema.statuses import Status
from schema.stock_levels import InventoryLevel

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
    DAMAGE="Goods were damaged: moved to what cannot be sold, or thrown away; a delta is below zero.",
    RELEASE_QC="Goods have passed quality control; written by `inventoryMove`.",
)
RESULTS = "One per item, in the order of the input; empty if all was refused."
EVENT = "Unique at your side: told twice, it counts once."
WHEN = "When it happened; null: now. What a later count has seen already is STALE."


@input(SetItem, description="So many pieces of a sku were seen at a location.")
class InventorySetItem:
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    quantity: int = strawberry.field(description=f"Pieces that are physically there, 0 to {MAX_QUANTITY:,}.")
    observed_at: Instant | None = strawberry.field(
        default=None, description="When somebody looked; null: now. An older word than the last one is STALE."
    )
    change_from: int | None = strawberry.field(
        default=None,
        name="changeFromQuantity",
        description="Compare-and-set: take it only if the book holds this now; null: in any case.",
    )


@input(AdjustItem, description="So many pieces of a sku came or went.")
class InventoryAdjustItem:
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    delta: int = strawberry.field(description="Pieces that came (above zero) or went (below).")
    event_id: str = strawberry.field(description=EVENT)
    type: MovementType = strawberry.field(
        default=MovementType.ADJUSTMENT, description="Why: RECEIPT, SALE, RETURN, ADJUSTMENT or DAMAGE."
    )
    occurred_at: Instant | None = strawberry.field(default=None, description=WHEN)
    bucket: Bucket = strawberry.field(
        default=Bucket.SELLABLE, description="Where they came into, or went from; not one in transit."
    )
    channel: Channel | None = strawberry.field(
        default=None, description="Of a SALE: whose share it was of; that channel's quota pays for it."
    )
    inbound: str | None = strawberry.field(
        default=None, description="Of a RECEIPT: the reference it was expected under, of which less is expected then."
    )


@input(MoveItem, description="So many pieces of a sku changed their state.")
class InventoryMoveItem:
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    quantity: int = strawberry.field(description="Pieces, above zero.")
    from_bucket: Bucket = strawberry.field(name="from", description="What they were; not one in transit.")
    to_bucket: Bucket = strawberry.field(name="to", description="What they are now; not one in transit.")
    event_id: str = strawberry.field(description=EVENT)
    occurred_at: Instant | None = strawberry.field(default=None, description="When it happened; null: now.")


@input(Command, description="Counts to take into the book.")
class InventorySetInput:
    items: list[InventorySetItem] = strawberry.field(description=f"1 to {MAX_ITEMS} of them, taken in this order.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(Command, description="Movements to take into the book.")
class InventoryAdjustInput:
    items: list[InventoryAdjustItem] = strawberry.field(description=f"1 to {MAX_ITEMS} of them, taken in this order.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(Command, description="Pieces that changed their state.")
class InventoryMoveInput:
    items: list[InventoryMoveItem] = strawberry.field(description=f"1 to {MAX_ITEMS} of them, taken in this order.")
    idempotency_key: str = strawberry.field(description=KEY)


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


@view(resolvers.receipts.Receipt, description="What became of the moves, item by item.")
class InventoryMovePayload:
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
    inventory_move: InventoryMovePayload = command(
        resolvers.inventory.write,
        description="Say that pieces were damaged, released, put on display or taken back: on hand stays as it is.",
        input=InventoryMoveInput,
        scope=Scope.STOCK_WRITE,
    )
