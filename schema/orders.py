"""Orders, in GraphQL's words: what was bought, and what of it went back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

import domain.orders
import resolvers.lines
import resolvers.order_claims
import resolvers.orders
from domain.money import Money as Amount
from domain.viewers import Scope
from resolvers.orders import PricedLine, PricedTotals
from resolvers.paging import Connection, Edge
from schema.base import Argument, batch, derived, plain, view
from schema.channels import Channel
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.locations import Location
from schema.money import Money
from schema.node import Node, global_id
from schema.paging import AFTER, FIRST, PageInfo
from schema.references import MemberReference, VariantReference
from schema.refusals.base import UserError


def _of_line(name: str, description: str) -> Any:
    return derived(lambda priced: Amount(getattr(priced.line, name), priced.currency), description=description)


def _of_totals(name: str, description: str) -> Any:
    return derived(lambda priced: Amount(getattr(priced.totals, name), priced.currency), description=description)


@view(PricedLine, description="Units of one sku, as they were sold.")
class OrderLine:
    sku: str = plain("What was sold, as the channel that sold it calls it.")
    title: str = plain("What it was called then.", attribute="line.title")
    variant: VariantReference | None = batch(
        resolvers.lines.variant_of, description="The variant as it is now; null if the catalogue has none of this sku."
    )
    quantity: int = plain("Units sold.", attribute="line.quantity")
    returned: int = plain("Units of them that came back.", attribute="line.returned")
    is_merchandise: bool = plain(
        "False for what is no product, such as freight, a fee, or a discount written as a line.",
        attribute="line.is_merchandise",
    )
    unit_price: Money = _of_line("unit_price_minor", "The price of one unit before any discount.")
    net: Money = _of_line("net_minor", "What was paid for all units.")
    refunded: Money = _of_line("refunded_minor", "What of that went back.")


@view(PricedTotals, description="What an order comes to.")
class OrderTotals:
    merchandise: Money = _of_totals("merchandise_minor", "What was paid for products.")
    other: Money = _of_totals("other_minor", "What was paid for the rest, such as freight; below zero for discounts.")
    refunds: Money = _of_totals("refunds_minor", "What went back.")
    net: Money = _of_totals("net_minor", "Merchandise and other, refunds deducted.")


@view(domain.orders.Order, description="One purchase, in any channel.")
class Order(Node):
    id: strawberry.ID = global_id("Order", resolvers.orders.orders_by_ids)
    number: str = plain("What the system that took it calls it; unique within `source`.")
    source: str = plain("The system that took it.")
    channel: Channel = plain("Where it was placed.")
    store: Location | None = batch(
        resolvers.orders.store_of, description="The store that sold it; null if none did, or nobody knows which."
    )
    member: MemberReference | None = batch(
        resolvers.orders.member_of, description="Who bought it; null if nobody knows, or you may not."
    )
    lines: list[OrderLine] = derived(resolvers.orders.lines_of, description="What was bought, line by line.")
    totals: OrderTotals = derived(resolvers.orders.totals_of, description="What it comes to.")
    placed_at: datetime = plain("When it was placed, in UTC.")
    completed_at: datetime | None = plain("When it was completed, in UTC; null while it is not.")


@view(Edge, description="An order in a list.")
class OrderEdge:
    node: Order = plain("The order.")
    cursor: str = plain("Go on after it with this.")


@view(Connection, description="A page of orders.")
class OrderConnection:
    nodes: list[Order] = plain("The orders.")
    edges: list[OrderEdge] = plain("The orders, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@strawberry.type
class OrderingMember:
    """The part of a member that orders contribute."""

    orders: OrderConnection | None = batch(
        resolvers.orders.of_members,
        description="What they bought in any channel, the newest first. Null while who keeps orders does not answer.",
        first=FIRST,
        after=AFTER,
    )


@strawberry.type
class OrderQuery:
    order: Order | None = batch(
        resolvers.orders.order,
        description="One order by its id; null if there is none of a member that you may see.",
        id=Argument("Its id.", strawberry.ID),
    )


@input(resolvers.order_claims.ClaimOrder, description="A receipt that somebody was given before they were known.")
class OrderClaimInput:
    source: str = strawberry.field(description="The system that took the order, such as the name of the till's.")
    number: str = strawberry.field(description="The number on the receipt.")
    total: Decimal = strawberry.field(description="What was paid, as the receipt says it.")
    idempotency_key: str = strawberry.field(description=KEY)
    member: strawberry.ID | None = strawberry.field(default=None, description="Whose it is; null: yours.")


@view(resolvers.order_claims.Answer, description="The order that was claimed.")
class OrderClaimPayload:
    order: Order | None = plain("The order, which is the member's now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class OrderMutation:
    order_claim: OrderClaimPayload = command(
        resolvers.order_claims.claim,
        description="Claim what was bought before anybody knew who you were, by its receipt: it stands in your history "
        "then, and its points are yours, once. Whoever guesses is slowed.",
        input=OrderClaimInput,
        scope=(Scope.PROFILE, Scope.MEMBERS_WRITE),
    )
