"""What channels may take of stock, in GraphQL's words. How it bounds them stands in `domain/availability.py`."""

import strawberry

import resolvers.terms
from domain.viewers import Scope
from resolvers.receipts import Receipt
from resolvers.stock_items import MAX_ITEMS, Command
from resolvers.terms import TermsItem
from schema.base import derived, plain, view
from schema.channels import Channel
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.refusals.base import UserError
from schema.stock_levels import InventoryLevel


@input(TermsItem, description="What a channel may take of a sku at a location, in the place of what it might before.")
class InventoryTermsItem:
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    channel: Channel = strawberry.field(description="Which channel.")
    safety: int = strawberry.field(default=0, description="The last pieces, never promised to it; 0: none.")
    quota: int | None = strawberry.field(
        default=None, description="What it may take from now on, what it holds included; null: as much as there is."
    )


@input(Command, description="Safety stocks and quotas.")
class InventoryTermsSetInput:
    items: list[InventoryTermsItem] = strawberry.field(
        description=f"1 to {MAX_ITEMS} of them, all or none: so a quota moves from one channel to another at once."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@view(Receipt, description="The levels with their terms.")
class InventoryTermsSetPayload:
    levels: list[InventoryLevel] = derived(
        lambda receipt: [result.level for result in receipt.results],
        description="One per item, in the order of the input; empty if refused.",
    )
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class TermsMutation:
    inventory_terms_set: InventoryTermsSetPayload = command(
        resolvers.terms.set_terms,
        description="Say what channels may take of levels: what each keeps back, and its share.",
        input=InventoryTermsSetInput,
        scope=Scope.STOCK_WRITE,
    )
