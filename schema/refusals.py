"""Refusals, in GraphQL's words: every way the business says no, with its facts."""

from datetime import datetime

import strawberry

import domain.refusals
import resolvers.messages
from schema.base import batch, derived, plain, view


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


TYPES = [
    UnknownSku,
    UnknownLocation,
    NegativeQuantity,
    WrongDirection,
    ObservedInFuture,
    TooManyItems,
    EmptyField,
    IdempotencyConflict,
]
