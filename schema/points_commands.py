"""What can be told of points and done with them, in GraphQL's words."""

from decimal import Decimal
from functools import partial

import strawberry

import resolvers.points_asked
import resolvers.points_commands
import resolvers.points_spending
from domain.facts import Kind
from domain.viewers import Scope
from resolvers.points_commands import MAX_LINES
from schema.base import plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.money import Money
from schema.points import PointsBalance
from schema.refusals.base import UserError

MEMBER = "Id of the member."
PROGRAMME = "Code of the programme; null: the usual one."
OCCURRED = "When it happened, by your clock; null: now. It may come late, and in any order."
REF = "Your own reference of the purchase, such as a cart or receipt; what was done under it is not done twice."


@input(resolvers.points_commands.BoughtLine, description="A line of a purchase.")
class PointsLineInput:
    id: str = strawberry.field(description="The line's id in the order; returns name it.")
    quantity: int = strawberry.field(description="Units, 1 or more.")
    amount: Decimal = strawberry.field(description="What was paid for the line, in the major unit.")


@input(resolvers.points_commands.ReturnedLine, description="Units of a line that came back.")
class PointsReturnedLineInput:
    id: str = strawberry.field(description="The line's id as it was when it earned.")
    quantity: int = strawberry.field(description="Units, 1 or more.")


@input(resolvers.points_commands.Earn, description="A purchase that brings points.")
class PointsEarnInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    order: str = strawberry.field(description="Id of the order: it earns once.")
    amount: Decimal = strawberry.field(
        description="What was paid for merchandise, in the major unit: without shipping, gifts and store credit."
    )
    idempotency_key: str = strawberry.field(description=KEY)
    lines: list[PointsLineInput] = strawberry.field(
        default_factory=list,
        description=f"Its lines, at most {MAX_LINES}, so that returns reverse exactly what each earned.",
    )
    is_completed: bool = strawberry.field(default=False, description="True: what it earns can be spent at once.")
    occurred_at: Instant | None = strawberry.field(default=None, description=OCCURRED)
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@input(resolvers.points_commands.Activate, description="An order that is completed.")
class PointsActivateInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    order: str = strawberry.field(description="Id of the order.")
    idempotency_key: str = strawberry.field(description=KEY)
    occurred_at: Instant | None = strawberry.field(default=None, description=OCCURRED)
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@input(resolvers.points_commands.Reverse, description="Units that came back.")
class PointsReverseInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    order: str = strawberry.field(description="Id of the order that earned.")
    ref: str = strawberry.field(description="Id of the return: it is taken once.")
    idempotency_key: str = strawberry.field(description=KEY)
    lines: list[PointsReturnedLineInput] | None = strawberry.field(
        default=None,
        description=f"What came back, at most {MAX_LINES} lines; null: all that had not. "
        "An order that was told without its lines comes back as a whole.",
    )
    burn: str | None = strawberry.field(
        default=None, description="The `ref` of points that paid for the order: they are given back. Null: none did."
    )
    occurred_at: Instant | None = strawberry.field(default=None, description=OCCURRED)
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@input(resolvers.points_commands.Adjust, description="A correction by hand.")
class PointsAdjustInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    points: int = strawberry.field(description="How many to give; below zero: to take.")
    reason: str = strawberry.field(description="Why, for the statement; at most 200 characters.")
    idempotency_key: str = strawberry.field(description=KEY)
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@strawberry.input
class _Spend:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    points: int = strawberry.field(description="How many, 1 or more; never more are taken than their value needs.")
    ref: str = strawberry.field(description=REF)
    idempotency_key: str = strawberry.field(description=KEY)
    amount: Decimal | None = strawberry.field(
        default=None, description="What is to be paid, in the major unit; null: they pay for nothing in money."
    )
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@input(partial(resolvers.points_spending.Spend, False), description="Points to hold for a purchase.")
class PointsFreezeInput(_Spend):
    pass


@input(partial(resolvers.points_spending.Spend, True), description="Points that pay, in one step.")
class PointsRedeemInput(_Spend):
    pass


@input(partial(resolvers.points_spending.Settle, Kind.CAPTURE), description="Frozen points that are spent.")
class PointsCaptureInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    ref: str = strawberry.field(description="What they were frozen as.")
    idempotency_key: str = strawberry.field(description=KEY)
    points: int | None = strawberry.field(
        default=None, description="How many; null: all. The rest stays frozen until it is given back."
    )
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@input(partial(resolvers.points_spending.Settle, Kind.UNFREEZE), description="Frozen points that are given back.")
class PointsUnfreezeInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    ref: str = strawberry.field(description="What they were frozen as.")
    idempotency_key: str = strawberry.field(description=KEY)
    programme: str | None = strawberry.field(default=None, description=PROGRAMME)


@strawberry.type
class _Answer:
    balance: PointsBalance | None = plain("What the member has now; null where it was refused.")
    points: int | None = plain("What was moved; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class _Paid(_Answer):
    value: Money | None = plain("What the points pay; null where it was refused.")


@view(resolvers.points_asked.Answer, description="What a purchase brought.")
class PointsEarnPayload(_Answer):
    pass


@view(resolvers.points_asked.Answer, description="What can be spent now.")
class PointsActivatePayload(_Answer):
    pass


@view(resolvers.points_asked.Answer, description="What a return took and gave back.")
class PointsReversePayload(_Answer):
    pass


@view(resolvers.points_asked.Answer, description="What was corrected.")
class PointsAdjustPayload(_Answer):
    pass


@view(resolvers.points_asked.Answer, description="What is held.")
class PointsFreezePayload(_Paid):
    pass


@view(resolvers.points_asked.Answer, description="What was spent.")
class PointsRedeemPayload(_Paid):
    pass


@view(resolvers.points_asked.Answer, description="What of the frozen was spent.")
class PointsCapturePayload(_Answer):
    pass


@view(resolvers.points_asked.Answer, description="What was given back.")
class PointsUnfreezePayload(_Answer):
    pass


@strawberry.type
class PointsMutation:
    points_earn: PointsEarnPayload = command(
        resolvers.points_commands.earn,
        description="Tell of a purchase: it brings points, which wait until it is completed. Prospects earn as well.",
        input=PointsEarnInput,
        scope=Scope.POINTS_WRITE,
    )
    points_activate: PointsActivatePayload = command(
        resolvers.points_commands.activate,
        description="Tell that an order is completed: what it earned can be spent.",
        input=PointsActivateInput,
        scope=Scope.POINTS_WRITE,
    )
    points_reverse: PointsReversePayload = command(
        resolvers.points_commands.reverse,
        description="Tell of a return: what the units earned is taken back, what was spent on them is given back. It "
        "may come before its purchase, and waits for it.",
        input=PointsReverseInput,
        scope=Scope.POINTS_WRITE,
    )
    points_adjust: PointsAdjustPayload = command(
        resolvers.points_commands.adjust,
        description="Correct a balance by hand.",
        input=PointsAdjustInput,
        scope=Scope.POINTS_WRITE,
    )
    points_freeze: PointsFreezePayload = command(
        resolvers.points_spending.spend,
        description="Hold points for a purchase that is not paid yet: the first to expire first.",
        input=PointsFreezeInput,
        scope=Scope.POINTS_WRITE,
    )
    points_capture: PointsCapturePayload = command(
        resolvers.points_spending.settle,
        description="Spend points that are held: the purchase is paid.",
        input=PointsCaptureInput,
        scope=Scope.POINTS_WRITE,
    )
    points_unfreeze: PointsUnfreezePayload = command(
        resolvers.points_spending.settle,
        description="Give held points back as they were, to the same lots with the same expiry.",
        input=PointsUnfreezeInput,
        scope=Scope.POINTS_WRITE,
    )
    points_redeem: PointsRedeemPayload = command(
        resolvers.points_spending.spend,
        description="Pay with points in one step, as at a till. Whoever has joined may.",
        input=PointsRedeemInput,
        scope=Scope.POINTS_REDEEM,
    )
