"""Availability, in GraphQL's words. What a viewer may know stands in `domain/availability.py`."""

from datetime import datetime

import strawberry

import resolvers.availability
import resolvers.lines
from domain.availability import StockSignal
from schema.base import Argument, batch, derived, enum, plain, view
from schema.inbound import ExpectedOffer
from schema.locations import RADIUS, GeoPointInput, Location
from schema.references import VariantReference

enum(
    StockSignal,
    "What a shopper needs to know before walking to a store.",
    IN_STOCK="There is enough.",
    LOW="There are few; `quantity` says how many.",
    OUT="There is none to sell.",
    UNKNOWN="No source says, or its word is too old. Never read it as in stock or out.",
)


@view(resolvers.availability.Offer, description="What one location offers of one variant, and how old that word is.")
class AvailabilityOffer(ExpectedOffer):
    sku: str = plain("The variant's sku.")
    variant: VariantReference | None = batch(resolvers.lines.variant_of, description="The variant.")
    location: Location = plain("Where.")
    distance_km: float | None = derived(
        lambda offer: None if offer.distance_km is None else round(offer.distance_km, 3),
        description="Kilometres as the crow flies, to the metre; null when no `near` was given.",
    )
    signal: StockSignal = derived(lambda offer: offer.availability.signal, description="In stock, low, out or unknown.")
    quantity: int | None = derived(
        lambda offer: offer.availability.quantity,
        description="How many may still be sold. Shoppers see it only when the signal is LOW, staff always.",
    )
    ready_at: datetime | None = batch(
        resolvers.availability.ready_at,
        description="When it could be handed over there, in UTC; null if its hours are unknown.",
    )
    as_of: datetime | None = derived(
        lambda offer: offer.availability.as_of,
        description="When the source last saw this, in UTC; null if it never did.",
    )
    source: str | None = derived(
        lambda offer: offer.availability.source, description="Who said so; null if nobody ever did."
    )
    stale_after: datetime | None = derived(
        lambda offer: offer.availability.stale_after, description="Until when the word holds, in UTC."
    )
    is_stale: bool = derived(
        lambda offer: offer.availability.is_stale, description="True when the word is older than it should be."
    )
    version: int = derived(
        lambda offer: offer.availability.version, description="Rises with every change of this level; 0 if unknown."
    )


@strawberry.type
class AvailableVariant:
    """The part of a variant that stock contributes."""

    availability: list[AvailabilityOffer] | None = batch(
        resolvers.availability.offers,
        description=(
            "Which stores have it: those named, in that order, or those near that ever reported it, nearest first. "
            "Null, with error SOURCE_UNAVAILABLE, while who keeps stock does not answer."
        ),
        near=Argument("Where you are; gives distances. Needed unless `storeIds` is given.", GeoPointInput | None),
        store_ids=Argument(
            f"Ids or codes of stores or warehouses, at most {resolvers.availability.MAX_OFFERS}. "
            "An unknown one is error UNKNOWN_LOCATION.",
            list[strawberry.ID] | None,
        ),
        first=f"How many offers at most, 1 to {resolvers.availability.MAX_OFFERS}; null: every store named, or "
        f"the {resolvers.availability.USUAL_OFFERS} nearest.",
        radius_km=RADIUS,
        only_available="Only offers that are in stock or low.",
    )
