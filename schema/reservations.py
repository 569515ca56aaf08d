"""Reservations, in GraphQL's words. What each step may do stands in `domain/reservations.py`."""

from datetime import datetime

import strawberry

import domain.reservations
import resolvers.lines
import resolvers.reservations
from domain.reservations import ReleaseReason, ReservationKind, ReservationState
from domain.viewers import Scope
from resolvers.reservations import Act, Release, Reserve
from resolvers.rounds import Answer
from schema.base import Argument, batch, enum, plain, view
from schema.catalog import Variant
from schema.channels import Channel
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.locations import Location
from schema.node import Node, global_id
from schema.refusals.base import UserError

enum(
    ReservationKind,
    "What units are kept for.",
    CHECKOUT="While somebody pays; for minutes.",
    STORE_RESERVE="In a store, until it closes the next day; the store sees it as a task.",
    GROUP_BUY="While a group forms, and a little longer.",
    TRANSFER="For another store; made by a transfer.",
)
enum(
    ReleaseReason,
    "Why units are given back before their time.",
    CUSTOMER="Nobody wants them any more.",
    NOT_FOUND="The store cannot find them: a count of them is opened there. Only for staff.",
)
enum(
    ReservationState,
    "Where a reservation stands; all but ACTIVE are final.",
    ACTIVE="Its units are held.",
    CONFIRMED="Its units are committed: sold, and not yet handed over.",
    RELEASED="Given back before its time.",
    EXPIRED="Its time has passed, by the clock.",
)


@view(domain.reservations.ReservationLine, description="So many units of a sku at a location.")
class ReservationLine:
    sku: str = plain("The variant's sku.")
    variant: Variant | None = batch(resolvers.lines.variant_of, description="The variant.")
    location: Location | None = batch(resolvers.lines.location_of, description="Where they are kept.")
    quantity: int = plain("Units, above zero.")


@view(domain.reservations.Reservation, description="Units kept for somebody (预占).")
class Reservation(Node):
    id: strawberry.ID = global_id("Reservation", resolvers.reservations.reservations_by_ids)
    kind: ReservationKind = plain("What they are kept for.")
    state: ReservationState = batch(
        resolvers.reservations.state_of, description="Where it stands now, by the clock: never ACTIVE past its time."
    )
    channel: Channel = plain("Whose share the units are of.")
    reference: str | None = plain("The cart, order or name it was made for, as the client called it.")
    lines: list[ReservationLine] = plain("What is kept, one line for each sku at each location.")
    created_at: datetime = plain("When it was made, in UTC.")
    expires_at: datetime = plain("Until when units are held, in UTC; not one second longer.")
    extendable_until: datetime = plain("The latest that `expiresAt` can become, in UTC.")
    settled_at: datetime | None = plain("When it was confirmed, released or found expired, in UTC; null before.")
    fulfilled_at: datetime | None = plain("When the units were handed over, in UTC; null before.")
    allowed_transitions: list[ReservationState] = batch(
        resolvers.reservations.next_of, description="The states it can go to from here; empty when it is final."
    )


@input(domain.reservations.ReservationLine, description="So many units of a sku at a location.")
class ReservationLineInput:
    sku: str = strawberry.field(description="The variant's sku.")
    location_id: strawberry.ID = strawberry.field(name="location", description="Id or code of the location.")
    quantity: int = strawberry.field(description="Units, above zero.")


@input(Reserve, description="Units to keep: all lines, or none.")
class ReservationCreateInput:
    lines: list[ReservationLineInput] = strawberry.field(
        description=f"1 to {resolvers.reservations.MAX_LINES}; a STORE_RESERVE is of one store."
    )
    idempotency_key: str = strawberry.field(
        description="Unique for this wish: sent again with the same content, it gives the same reservation."
    )
    kind: ReservationKind = strawberry.field(
        default=ReservationKind.CHECKOUT, description="What for; TRANSFER is made by a transfer only."
    )
    reference: str | None = strawberry.field(
        default=None, description="Your own name for it, such as a cart's id or the name a customer gave."
    )
    until: Instant | None = strawberry.field(
        default=None, description="For GROUP_BUY: when its window ends. The other kinds know by themselves."
    )


@strawberry.input
class _Act:
    reservation: strawberry.ID = strawberry.field(description="Its id.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(Act, description="Which reservation is paid for.")
class ReservationConfirmInput(_Act):
    pass


@input(Act, description="Which reservation to keep longer.")
class ReservationExtendInput(_Act):
    pass


@input(Release, description="Which reservation to give back.")
class ReservationReleaseInput(_Act):
    reason: ReleaseReason = strawberry.field(default=ReleaseReason.CUSTOMER, description="Why.")


@input(Act, description="Which reservation is handed over.")
class ReservationFulfilInput(_Act):
    pass


@strawberry.type
class _Answer:
    reservation: Reservation | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(Answer, description="What was kept, or what is short.")
class ReservationCreatePayload(_Answer):
    pass


@view(Answer, description="What is committed now.")
class ReservationConfirmPayload(_Answer):
    pass


@view(Answer, description="Until when it is kept now.")
class ReservationExtendPayload(_Answer):
    pass


@view(Answer, description="What was given back.")
class ReservationReleasePayload(_Answer):
    pass


@view(Answer, description="What was handed over.")
class ReservationFulfilPayload(_Answer):
    pass


@strawberry.type
class ReservationQuery:
    reservation: Reservation | None = batch(
        resolvers.reservations.reservation,
        description="One reservation by its id; null if there is none that you may see.",
        id=Argument("Its id.", strawberry.ID),
    )


@strawberry.type
class ReservationMutation:
    reservation_create: ReservationCreatePayload = command(
        resolvers.reservations.create,
        description="Keep units for a while: all lines, or none. Each short line is an OutOfStock.",
        input=ReservationCreateInput,
        scope=Scope.RESERVATIONS_WRITE,
    )
    reservation_confirm: ReservationConfirmPayload = command(
        resolvers.reservations.confirm,
        description="What was held is paid for, and committed from now on.",
        input=ReservationConfirmInput,
        scope=Scope.RESERVATIONS_WRITE,
    )
    reservation_extend: ReservationExtendPayload = command(
        resolvers.reservations.extend,
        description="Keep it for the usual time from now on, up to `extendableUntil`.",
        input=ReservationExtendInput,
        scope=Scope.RESERVATIONS_WRITE,
    )
    reservation_release: ReservationReleasePayload = command(
        resolvers.reservations.release,
        description="Give everything back before its time.",
        input=ReservationReleaseInput,
        scope=Scope.RESERVATIONS_WRITE,
    )
    reservation_fulfil: ReservationFulfilPayload = command(
        resolvers.reservations.fulfil,
        description="Hand it over: the units leave the book as sold. What is still held is confirmed on the way.",
        input=ReservationFulfilInput,
        scope=Scope.STOCK_READ,
    )
