"""Refusals, in GraphQL's words: every way the business says no, with its facts."""

from datetime import datetime

import strawberry

import domain.refusals
import resolvers.locations
import resolvers.messages
from schema.base import batch, derived, plain, view
from schema.locations import Location


@strawberry.interface(description="One reason why something was not done. New kinds come; read `code` and `message`.")
class UserError:
    code: str = derived(domain.refusals.code, description="Stable name of the kind, such as UNKNOWN_SKU.")
    message: str = batch(
        resolvers.messages.texts, description="What to do, in Chinese or English by `Accept-Language`."
    )
    path: list[str] = derived(
        lambda refusal: [str(part) for part in refusal.path],
        description="Where in the arguments: names and list indices, from `input` down.",
    )


@view(domain.refusals.UnknownSku, description="No variant has this sku.")
class UnknownSku(UserError):
    sku: str = plain("The sku as sent.")


@view(domain.refusals.UnknownLocation, description="No location has this id or code.")
class UnknownLocation(UserError):
    location: str = plain("The location as sent.")


@view(domain.refusals.NegativeQuantity, description="A count below zero.")
class NegativeQuantity(UserError):
    quantity: int = plain("The quantity as sent.")


@view(domain.refusals.WrongDirection, description="A movement of no pieces, or against its type.")
class WrongDirection(UserError):
    delta: int = plain("The delta as sent.")
    type: str = plain("The type of the movement.")


@view(domain.refusals.ObservedInFuture, description="An observation from beyond the clock's tolerance.")
class ObservedInFuture(UserError):
    observed_at: datetime = plain("When it was observed, as sent, in UTC.")
    now: datetime = plain("What our clock says, in UTC.")


@view(domain.refusals.TooManyItems, description="More items than one call takes.")
class TooManyItems(UserError):
    limit: int = plain("How many a call takes.")
    given: int = plain("How many were sent.")


@view(domain.refusals.EmptyField, description="A field that must say something says nothing.")
class EmptyField(UserError):
    pass


@view(domain.refusals.IdempotencyConflict, description="The key was used for another request.")
class IdempotencyConflict(UserError):
    key: str = plain("The key as sent.")


@view(domain.refusals.OutOfStock, description="Fewer units are left than are asked for.")
class OutOfStock(UserError):
    sku: str = plain("The variant's sku.")
    location: Location | None = batch(resolvers.locations.of_refusals, description="Where they are short.")
    requested: int = plain("Units asked for.")
    available: int | None = plain("Units left; null where it is not yours to know: staff see it, others if it is low.")


@view(domain.refusals.QuantityNotPositive, description="A quantity that must be above zero.")
class QuantityNotPositive(UserError):
    quantity: int = plain("The quantity as sent.")


@view(domain.refusals.QuantityChanged, description="The book holds another quantity than you expected.")
class QuantityChanged(UserError):
    expected: int = plain("What you expected.")
    actual: int | None = plain("What is in the book; null if nothing was ever reported.")


@view(domain.refusals.NeverCounted, description="Nothing was ever reported of this sku at this location.")
class NeverCounted(UserError):
    sku: str = plain("The sku as sent.")
    location: Location | None = batch(resolvers.locations.of_refusals, description="Where.")


@view(domain.refusals.LocationCannot, description="A location that is closed, or lacks a capability.")
class LocationCannot(UserError):
    location: Location | None = batch(resolvers.locations.of_refusals, description="Which.")
    capability: str = plain("What it lacks: a capability, or OPEN.")


@view(domain.refusals.UnknownReservation, description="No reservation that you may see has this id.")
class UnknownReservation(UserError):
    reservation: str = plain("The id as sent.")


@view(domain.refusals.ReservationExpired, description="A reservation whose time has passed.")
class ReservationExpired(UserError):
    reservation: str = plain("Its key.")
    expired_at: datetime = plain("When its time was over, in UTC.")


@view(domain.refusals.ExtensionTooLong, description="Units would be kept longer than the limit.")
class ExtensionTooLong(UserError):
    latest: datetime = plain("The latest moment that is allowed, in UTC.")


@view(domain.refusals.TransitionRefused, description="A step that its state does not allow.")
class TransitionRefused(UserError):
    from_state: str = plain("The state it is in.")
    to_state: str = plain("The state it was to go to.")
    allowed: list[str] = plain("The states it can go to; empty when it is final.")


@view(domain.refusals.NotYourLocation, description="An associate acts for another store than their own.")
class NotYourLocation(UserError):
    location: Location | None = batch(resolvers.locations.of_refusals, description="Which one it is.")


@view(domain.refusals.UnknownStockCount, description="No stock count that you may see has this id.")
class UnknownStockCount(UserError):
    stock_count: str = plain("The id as sent.")


@view(domain.refusals.UnknownTransfer, description="No transfer that you may see has this id.")
class UnknownTransfer(UserError):
    transfer: str = plain("The id as sent.")


@view(domain.refusals.SkuNotListed, description="A sku that the count or transfer is not about.")
class SkuNotListed(UserError):
    sku: str = plain("The sku as sent.")


@view(domain.refusals.QuantityTooHigh, description="More units than the step before left, or than can be meant.")
class QuantityTooHigh(UserError):
    sku: str = plain("The variant's sku.")
    quantity: int = plain("The quantity as sent.")
    most: int = plain("How many there can be.")


@view(domain.refusals.SameLocation, description="A transfer from a location to itself.")
class SameLocation(UserError):
    location: Location | None = batch(resolvers.locations.of_refusals, description="Which.")


@view(domain.refusals.KindNotOffered, description="A reservation of a kind that only the house makes and ends.")
class KindNotOffered(UserError):
    kind: str = plain("The kind, such as TRANSFER.")


@view(domain.refusals.TypeNotAllowed, description="A movement of a type that is not told like this.")
class TypeNotAllowed(UserError):
    type: str = plain("The type as sent.")
    allowed: list[str] = plain("The types that are.")


@view(domain.refusals.BucketNotAllowed, description="A bucket that pieces are not moved from or to by hand.")
class BucketNotAllowed(UserError):
    bucket: str = plain("The bucket as sent.")
    allowed: list[str] = plain("Those between which they are.")


@view(domain.refusals.UnknownInbound, description="Nothing of the sku is expected at the location as this.")
class UnknownInbound(UserError):
    reference: str = plain("The reference as sent.")


@view(domain.refusals.TextTooLong, description="A text of more characters than are kept.")
class TextTooLong(UserError):
    limit: int = plain("How many characters are kept.")
    given: int = plain("How many were sent.")


TYPES = [
    UnknownSku,
    UnknownLocation,
    NegativeQuantity,
    WrongDirection,
    ObservedInFuture,
    TooManyItems,
    EmptyField,
    IdempotencyConflict,
    OutOfStock,
    QuantityNotPositive,
    QuantityChanged,
    NeverCounted,
    LocationCannot,
    UnknownReservation,
    ReservationExpired,
    ExtensionTooLong,
    TransitionRefused,
    NotYourLocation,
    UnknownStockCount,
    UnknownTransfer,
    SkuNotListed,
    QuantityTooHigh,
    SameLocation,
    KindNotOffered,
    TypeNotAllowed,
    BucketNotAllowed,
    UnknownInbound,
    TextTooLong,
]
