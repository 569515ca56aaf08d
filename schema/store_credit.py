"""Store credit (储值), in GraphQL's words: money of a member's with us, in a ledger of its own."""

from datetime import datetime
from decimal import Decimal

import strawberry

import domain.standings
import resolvers.points_asked
import resolvers.points_shown
import resolvers.store_credit
from domain.viewers import Scope
from schema.base import Argument, batch, derived, plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.money import Money
from schema.refusals.base import UserError

CURRENCY = "ISO 4217 code; null: the merchant's own."
REF = "Your own reference: what was done under it is not done twice."


@view(domain.standings.Balance, description="Money that a member has with us. It does not expire, and is never owed.")
class StoreCredit:
    available: Money = derived(resolvers.points_shown.credit_of, description="What can be spent.")
    as_of: datetime = plain("The moment it holds for, in UTC.")


@strawberry.type
class CreditedMember:
    """The part of a member that store credit contributes."""

    store_credit: StoreCredit | None = batch(
        resolvers.points_shown.credit,
        description="Their money with us in a currency; null where its source is down.",
        currency=Argument(f"{CURRENCY} One that we keep no credit in is error UNKNOWN_PROGRAMME.", str | None),
    )


@input(resolvers.store_credit.Issue, description="Money to give.")
class StoreCreditIssueInput:
    member: strawberry.ID = strawberry.field(description="Id of the member.")
    amount: Decimal = strawberry.field(description="How much, in the major unit, above zero.")
    ref: str = strawberry.field(description=REF)
    reason: str = strawberry.field(description="Why; at most 200 characters.")
    idempotency_key: str = strawberry.field(description=KEY)
    currency: str | None = strawberry.field(default=None, description=CURRENCY)


@input(resolvers.store_credit.Spend, description="Money that pays.")
class StoreCreditSpendInput:
    member: strawberry.ID = strawberry.field(description="Id of the member.")
    amount: Decimal = strawberry.field(description="How much, in the major unit, above zero.")
    ref: str = strawberry.field(description=REF)
    idempotency_key: str = strawberry.field(description=KEY)
    currency: str | None = strawberry.field(default=None, description=CURRENCY)


@strawberry.type
class _Answer:
    store_credit: StoreCredit | None = plain("What the member has now; null where it was refused.", attribute="balance")
    value: Money | None = plain("What was moved; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.points_asked.Answer, description="What was given.")
class StoreCreditIssuePayload(_Answer):
    pass


@view(resolvers.points_asked.Answer, description="What was spent.")
class StoreCreditSpendPayload(_Answer):
    pass


@strawberry.type
class StoreCreditMutation:
    store_credit_issue: StoreCreditIssuePayload = command(
        resolvers.store_credit.issue,
        description="Give a member money to spend with us, such as for a return.",
        input=StoreCreditIssueInput,
        scope=Scope.POINTS_WRITE,
    )
    store_credit_spend: StoreCreditSpendPayload = command(
        resolvers.store_credit.spend,
        description="Pay with a member's store credit, in one step.",
        input=StoreCreditSpendInput,
        scope=Scope.POINTS_WRITE,
    )
