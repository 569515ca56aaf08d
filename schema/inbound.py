"""What is confirmed to come, in GraphQL's words. What it lets us promise stands in `domain/projection.py`."""

from datetime import datetime

import strawberry

import domain.inbound
import resolvers.inbound
import resolvers.lines
from domain.viewers import Scope
from resolvers.inbound import MAX_ASKED, Expected, InboundItem
from resolvers.stock_items import MAX_ITEMS, Command
from schema.base import batch, plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.locations import Location
from schema.references import VariantReference
from schema.refusals.base import UserError


@view(domain.inbound.Inbound, description="Pieces that are confirmed to come, such as those of a purchase order.")
class Inbound:
    reference: str = plain("The purchase order or delivery, as you named it.")
    sku: str = plain("The variant's sku.")
    variant: VariantReference | None = batch(resolvers.lines.variant_of, description="The variant.")
    location: Location | None = batch(resolvers.lines.location_of, description="Where they will come to.")
    quantity: int = plain("Pieces that have not come yet.")
    expected_at: datetime = plain("When they will, in UTC. Once it has passed nothing is promised of them.")


@view(resolvers.inbound.Incoming, description="Pieces that will come to a location.")
class Incoming:
    quantity: int | None = plain("How many; null to shoppers.")
    expected_at: datetime = plain("When, in UTC.")


@strawberry.type
class ExpectedOffer:
    """The part of an offer that what is to come contributes."""

    incoming: list[Incoming] = batch(
        resolvers.inbound.incoming_of,
        description="What is confirmed to come, the first to come first; what is late is left out.",
    )
    available_from: datetime | None = batch(
        resolvers.inbound.available_from,
        description="The earliest moment for which so many can be promised, in UTC: now, or when enough has come. "
        "Null where no such moment is known.",
        quantity=f"Units, 1 to {MAX_ASKED}.",
    )


@input(InboundItem, description="So many pieces of a sku will come to a location.")
class InventoryInboundItem:
    reference: str = strawberry.field(description="The purchase order or delivery, as you name it.")
    sku: str = strawberry.field(description="The variant's sku.")
    location: strawberry.ID = strawberry.field(description="Id or code of the location.")
    quantity: int = strawberry.field(description="Pieces still to come in all; 0: none any more.")
    expected_at: Instant = strawberry.field(description="When they will.")


@input(Command, description="Deliveries that are confirmed, or no longer are.")
class InventoryInboundSetInput:
    items: list[InventoryInboundItem] = strawberry.field(
        description=f"1 to {MAX_ITEMS} of them: all are taken, or none."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@view(Expected, description="What is expected now of what was said.")
class InventoryInboundSetPayload:
    inbound: list[Inbound] = plain("As it was taken, without what is no longer expected; empty if refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class InboundMutation:
    inventory_inbound_set: InventoryInboundSetPayload = command(
        resolvers.inbound.set_inbound,
        description="Say what is confirmed to come: each reference, sku and location holds what was said of it last.",
        input=InventoryInboundSetInput,
        scope=Scope.STOCK_WRITE,
    )
