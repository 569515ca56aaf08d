"""Live stock, in GraphQL's words: a subscription, the same as a query, and looking again at what was seen."""

import strawberry

import resolvers.live_stock
from resolvers.availability import MAX_OFFERS
from resolvers.live_stock import MAX_WATCHED
from schema.availability import AvailabilityOffer
from schema.base import Argument, batch, derived, plain, subscription, view
from schema.locations import RADIUS, GeoPointInput

SKUS = "Which variants, by sku."
LOCATIONS = f"Ids or codes of the locations, or give `near`. At most {MAX_WATCHED} pairs of sku and location."
NEAR = "Where you are: gives distances and, without `locations`, the nearest open stores as they are found now."
FIRST = f"How many of the nearest stores, 1 to {MAX_OFFERS}, where `locations` is not given."
AFTER = (
    "The `cursor` of the last update you have: the first update is then what changed after it, or a snapshot where "
    "that cannot be told any more, or other things were watched. Null: a snapshot. Another text is error BAD_CURSOR."
)


@view(
    resolvers.live_stock.Update,
    description="Stock that was looked at, or that changed. Keep the offer with the highest `version` of each sku and "
    "location, and the last `cursor`.",
)
class AvailabilityUpdate:
    is_snapshot: bool = plain(
        "True: it holds everything that is watched, forget what you had. False: it holds what changed, maybe nothing."
    )
    offers: list[AvailabilityOffer] = batch(
        resolvers.live_stock.offers, description="The present state of each; never a difference."
    )
    cursor: str = plain("Hand it back as `after`, to the query or the subscription, to hear only what you missed.")
    consistency_token: str = derived(
        lambda update: update.consistency_token,
        description="Names the versions told here, and the instant: `stockAsOf` gives the same offers again.",
    )


@strawberry.type
class LiveStockQuery:
    stock_changes: AvailabilityUpdate = batch(
        resolvers.live_stock.since,
        description="What `availabilityChanged` would tell first, for clients that cannot hold a socket: ask now and "
        "then, each time with the `cursor` of the last answer.",
        skus=SKUS,
        locations=Argument(LOCATIONS, list[strawberry.ID] | None),
        near=Argument(NEAR, GeoPointInput | None),
        radius_km=RADIUS,
        first=FIRST,
        after=AFTER,
    )
    stock_as_of: AvailabilityUpdate = batch(
        resolvers.live_stock.as_of,
        description="The same update once more: the same versions of the same levels, looked at in the same instant, "
        "as you may see them. What is asked beyond its offers (their `variant`) is of now.",
        token=Argument(
            "The `consistencyToken` of an update. Error CONSISTENCY_TOKEN_EXPIRED when what was seen then is no longer "
            "kept, BAD_CONSISTENCY_TOKEN when it is none of ours.",
            name="consistencyToken",
        ),
    )


@strawberry.type
class LiveStockSubscription:
    availability_changed: AvailabilityUpdate = subscription(
        resolvers.live_stock.changes,
        description="Stock of these variants, live: a snapshot, or what you missed, then what changes. What only time "
        "changes is not told: a hold that ends is, about a second later; `staleAfter` says how long a word is good.",
        skus=SKUS,
        location_ids=Argument(LOCATIONS, list[strawberry.ID] | None, name="locations"),
        near=Argument(NEAR, GeoPointInput | None),
        radius_km=RADIUS,
        first=FIRST,
        after=AFTER,
    )
