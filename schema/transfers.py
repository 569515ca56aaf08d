"""Transfers between locations, in GraphQL's words. What each step may do stands in `domain/transfers.py`."""

from datetime import datetime
from functools import partial
from typing import Any

import strawberry

import domain.transfers
import resolvers.lines
import resolvers.transfers
from domain.transfers import TransferState
from domain.viewers import Scope
from resolvers.transfers import Answer, Ask, Go, Units
from schema.base import Argument, batch, derived, enum, plain, view
from schema.catalog import Variant
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.locations import Location
from schema.node import Node, global_id
from schema.refusals.base import UserError

enum(
    TransferState,
    "Where a transfer stands.",
    DRAFT="Written down, not asked for yet.",
    REQUESTED="The receiving store asks for it.",
    APPROVED="The sending store agrees; the units are held there.",
    PICKED="Taken off the shelf, and held.",
    IN_TRANSIT="On the way.",
    RECEIVED="Some has arrived, or all of it.",
    CLOSED="Nobody waits for more; what has not arrived is lost.",
    REJECTED="The sending store does not send it.",
    CANCELLED="The receiving store does not want it any more.",
)


@view(domain.transfers.TransferLine, description="A sku of a transfer; each number is 0 until its time has come.")
class TransferLine:
    sku: str = plain("The variant's sku.")
    variant: Variant | None = batch(resolvers.lines.variant_of, description="The variant.")
    requested: int = plain("Units asked for.")
    picked: int = plain("Units taken off the shelf.")
    shipped: int = plain("Units sent: always `inTransit` and `received` and `lost` together.")
    in_transit: int = plain("Units on their way.")
    received: int = plain("Units that have arrived.")
    lost: int = plain("Units that were sent and never arrived.")


@view(domain.transfers.Transfer, description="Units that one location sends to another (跨店调货).")
class Transfer(Node):
    id: strawberry.ID = global_id("Transfer", resolvers.transfers.transfers_by_ids)
    from_location: Location | None = batch(resolvers.transfers.sender_of, description="Where the units come from.")
    to_location: Location | None = batch(resolvers.transfers.receiver_of, description="Where they go.")
    state: TransferState = plain("Where it stands.")
    lines: list[TransferLine] = plain(f"What is sent, one line for each sku, at most {resolvers.transfers.MAX_LINES}.")
    note: str = plain("Why, in somebody's own words; may be empty.")
    requested_by: str = plain("Who made it: the subject of their token.")
    created_at: datetime = plain("When it was made, in UTC.")
    changed_at: datetime = plain("When its last step was taken, in UTC.")
    expected_at: datetime | None = plain("When it should arrive, in UTC; null if nobody said.")
    allowed_transitions: list[TransferState] = derived(
        domain.transfers.allowed,
        description="The states it can go to from here; empty when it is final.",
    )


@input(Units, description="So many units of a sku.")
class TransferLineInput:
    sku: str = strawberry.field(description="The variant's sku.")
    quantity: int = strawberry.field(description="Units; those of one sku are added up.")


@input(Ask, description="Units that one location would have of another.")
class TransferCreateInput:
    from_location: strawberry.ID = strawberry.field(description="Id or code of the location that has them.")
    to_location: strawberry.ID = strawberry.field(
        description="Id or code of the location that would have them; an associate's own."
    )
    lines: list[TransferLineInput] = strawberry.field(description=f"1 to {resolvers.transfers.MAX_LINES}.")
    idempotency_key: str = strawberry.field(description=KEY)
    note: str = strawberry.field(default="", description="Why, for the other store; at most 200 characters.")
    expected_at: Instant | None = strawberry.field(default=None, description="When they should be there.")
    as_draft: bool = strawberry.field(default=False, description="Write it down only, and request it later.")


@strawberry.input
class _Step:
    transfer: strawberry.ID = strawberry.field(description="Which transfer.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(partial(Go, TransferState.REQUESTED), description="Which draft to ask for.")
class TransferRequestInput(_Step):
    pass


@input(partial(Go, TransferState.APPROVED), description="Which transfer to agree to.")
class TransferApproveInput(_Step):
    pass


@input(partial(Go, TransferState.REJECTED), description="Which transfer is not sent.")
class TransferRejectInput(_Step):
    pass


@input(partial(Go, TransferState.CANCELLED), description="Which transfer is wanted no more.")
class TransferCancelInput(_Step):
    pass


@input(partial(Go, TransferState.PICKED), description="What was taken off the shelf.")
class TransferPickInput(_Step):
    lines: list[TransferLineInput] | None = strawberry.field(
        default=None, description="No more than was requested; a sku that is missing was not found. Null: all of it."
    )


@input(partial(Go, TransferState.IN_TRANSIT), description="Which transfer leaves.")
class TransferShipInput(_Step):
    pass


@input(partial(Go, TransferState.RECEIVED), description="What has arrived.")
class TransferReceiveInput(_Step):
    lines: list[TransferLineInput] | None = strawberry.field(
        default=None, description="No more than is on its way; the rest may come later. Null: all that is on its way."
    )


@input(partial(Go, TransferState.CLOSED), description="Which transfer nobody waits for any more.")
class TransferCloseInput(_Step):
    pass


@strawberry.type
class _Answer:
    transfer: Transfer | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(Answer, description="What is asked for, or written down.")
class TransferCreatePayload(_Answer):
    pass


@view(Answer, description="What is asked for now.")
class TransferRequestPayload(_Answer):
    pass


@view(Answer, description="What is held now, or what is short.")
class TransferApprovePayload(_Answer):
    pass


@view(Answer, description="What is not sent.")
class TransferRejectPayload(_Answer):
    pass


@view(Answer, description="What is wanted no more.")
class TransferCancelPayload(_Answer):
    pass


@view(Answer, description="What is ready to leave.")
class TransferPickPayload(_Answer):
    pass


@view(Answer, description="What is on its way.")
class TransferShipPayload(_Answer):
    pass


@view(Answer, description="What has arrived, and what is still on its way.")
class TransferReceivePayload(_Answer):
    pass


@view(Answer, description="What arrived in the end, and what was lost.")
class TransferClosePayload(_Answer):
    pass


@strawberry.type
class TransferQuery:
    transfer: Transfer | None = batch(
        resolvers.transfers.transfer,
        description="One transfer by its id; null if there is none that you may see: that of the two stores only.",
        scope=Scope.STOCK_READ,
        id=Argument("Its id.", strawberry.ID),
    )


def _step(input: type, description: str) -> Any:
    return command(resolvers.transfers.go, description=description, input=input, scope=Scope.STOCK_COUNT)


@strawberry.type
class TransferMutation:
    transfer_create: TransferCreatePayload = command(
        resolvers.transfers.create,
        description="Ask another location for units, or write a draft of it. The receiving store asks.",
        input=TransferCreateInput,
        scope=Scope.STOCK_COUNT,
    )
    transfer_request: TransferRequestPayload = _step(TransferRequestInput, "Ask for a draft. The receiving store asks.")
    transfer_approve: TransferApprovePayload = _step(
        TransferApproveInput,
        "Agree to send it: its units are held, all or none; each short line is an OutOfStock. The sending store does.",
    )
    transfer_reject: TransferRejectPayload = _step(
        TransferRejectInput, "Do not send it; what was held is given back. The sending store rejects."
    )
    transfer_cancel: TransferCancelPayload = _step(
        TransferCancelInput, "Want it no more; what was held is given back. The receiving store cancels."
    )
    transfer_pick: TransferPickPayload = _step(
        TransferPickInput,
        "Say what was taken off the shelf; what was not found is given back. The sending store picks.",
    )
    transfer_ship: TransferShipPayload = _step(
        TransferShipInput, "Send it: the units leave the sender's book and are on their way. The sending store ships."
    )
    transfer_receive: TransferReceivePayload = _step(
        TransferReceiveInput, "Say what has arrived, in as many parts as it comes. The receiving store receives."
    )
    transfer_close: TransferClosePayload = _step(
        TransferCloseInput, "Wait for no more: what has not arrived is written off. The receiving store closes."
    )
