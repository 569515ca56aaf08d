"""Commission, in GraphQL's words. Who a sale counts for stands in `domain/commission.py`."""

from datetime import datetime

import strawberry

import domain.commission
import domain.share_tokens
import resolvers.associates
import resolvers.commission_statements
import resolvers.share_tokens
from domain.commission import EntryKind, Ground
from domain.viewers import Scope
from resolvers.commission_statements import Account, Paid, Pay
from resolvers.paging import Connection, Edge
from resolvers.share_tokens import Share
from schema.associates import Associate
from schema.base import Argument, batch, derived, enum, plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.money import Money
from schema.paging import AFTER, FIRST, PageInfo
from schema.refusals.base import UserError

enum(
    Ground,
    "Why a sale counts for an associate; the first that applies.",
    name="CommissionGround",
    SOLD_BY="The till said who sold it.",
    SHARE_TOKEN="It was ordered with a code that the associate had shared.",  # noqa: S106  # no secret
    BINDING="The member was the associate's client when they ordered.",
)
enum(
    EntryKind,
    "What an entry is.",
    name="CommissionEntryKind",
    ACCRUAL="Earned when the order was completed.",
    CLAW_BACK="Given back when units returned.",
)


@view(domain.commission.Entry, description="What an associate earned by a line of an order, or gave back.")
class CommissionEntry:
    kind: EntryKind = plain("What it is.")
    ground: Ground = plain("Why the sale counts for them.")
    order_code: str = plain("The order's own key.", attribute="order_id")
    line_code: str = plain("The key of its line.", attribute="line_id")
    units: int = plain("Units that were sold, or came back.")
    share_basis_points: int = plain("Their share of the line; of 10000.", attribute="share_bp")
    amount: Money = plain("What they earned; below zero: gave back.")
    at: datetime = plain("When it was entered, in UTC.")
    is_paid: bool = derived(
        lambda entry: entry.statement_id is not None, description="Whether a statement was closed over it."
    )


@view(Edge, description="An entry in a list.")
class CommissionEntryEdge:
    node: CommissionEntry = plain("The entry.")
    cursor: str = plain("Go on after it with this.")


@view(Connection, description="A page of entries.")
class CommissionEntryConnection:
    nodes: list[CommissionEntry] = plain("The entries, the oldest first.")
    edges: list[CommissionEntryEdge] = plain("The entries, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@view(Account, description="An associate's commission in a period.")
class CommissionStatement:
    associate: Associate | None = batch(resolvers.associates.associate_of, description="Whose.")
    since: datetime = plain("From when on, in UTC.")
    until: datetime = plain("Up to when, that moment not included, in UTC.")
    accrued: list[Money] = derived(
        lambda one: one.come_to(EntryKind.ACCRUAL), description="What was earned, by currency."
    )
    clawed_back: list[Money] = derived(
        lambda one: one.come_to(EntryKind.CLAW_BACK), description="What was given back, by currency; below zero."
    )
    total: list[Money] = derived(lambda one: one.come_to(*EntryKind), description="What is left of it, by currency.")
    entries: CommissionEntryConnection = batch(
        resolvers.commission_statements.entries_of, description="All of it, entry by entry.", first=FIRST, after=AFTER
    )


@view(domain.commission.Statement, description="What an associate was paid. It never changes.")
class CommissionPayment:
    associate: Associate | None = batch(resolvers.associates.associate_of, description="Who.")
    until: datetime = plain("All that was entered before, and not paid before, in UTC.")
    closed_at: datetime = plain("When it was closed, in UTC.")
    totals: list[Money] = plain("What was paid, by currency; below zero, more came back than was earned.")


@view(domain.share_tokens.ShareToken, description="A code to be sent along with what an associate recommends.")
class ShareToken:
    code: str = plain("What the order carries.")
    associate: Associate | None = batch(resolvers.associates.associate_of, description="For whom the sale counts.")
    valid_until: datetime = plain("Until when an order counts, in UTC.")


@input(Pay, description="What is paid to whom.")
class CommissionStatementCloseInput:
    associate: strawberry.ID = strawberry.field(description="Id or code of the associate.")
    until: Instant = strawberry.field(description="All that was entered before, and is not paid; not after now.")
    idempotency_key: str = strawberry.field(description=KEY)


@view(Paid, description="What was paid.")
class CommissionStatementClosePayload:
    payment: CommissionPayment | None = plain("The statement; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@input(Share, description="For whom a code is made.")
class ShareTokenCreateInput:
    associate: strawberry.ID | None = strawberry.field(
        default=None, description="Id or code of the associate, where the merchant makes it; null: you."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@view(resolvers.share_tokens.Answer, description="The code.")
class ShareTokenCreatePayload:
    share_token: ShareToken | None = plain("The code; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class CommissionQuery:
    commission_statement: CommissionStatement = batch(
        resolvers.commission_statements.account,
        description="An associate's commission in a period; an associate sees their own only.",
        scope=Scope.CLIENTS_WRITE,
        associate=Argument("Id or code of the associate; null: you.", strawberry.ID | None),
        since=Argument("From when on.", Instant),
        until=Argument("Up to when, that moment not included.", Instant),
    )


@strawberry.type
class CommissionMutation:
    share_token_create: ShareTokenCreatePayload = command(
        resolvers.share_tokens.create,
        description="Make a code that you send along with what you recommend; orders count for you for a week.",
        input=ShareTokenCreateInput,
        scope=Scope.CLIENTS_WRITE,
    )
    commission_statement_close: CommissionStatementClosePayload = command(
        resolvers.commission_statements.close,
        description="Say that an associate was paid what was entered before a moment. It is never edited; what "
        "returns later is a new entry, and goes with the next statement.",
        input=CommissionStatementCloseInput,
        scope=Scope.CLIENTS_ADMIN,
    )
