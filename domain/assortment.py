"""The assortment: which variant is on sale in which channel and store, and from when to when (上架时间)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.channels import Channel


@dataclass(frozen=True, slots=True)
class Listing:
    """A variant on sale in a channel, in one store or (`location_id` None) in all, in `[listed_from, listed_to)`."""

    sku: str
    channel: Channel
    listed_from: datetime
    listed_to: datetime | None = None
    location_id: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where and when somebody looks: a channel, a moment, and perhaps a store."""

    channel: Channel
    at: datetime
    location_id: str | None = None


def is_listed(listings: Iterable[Listing], shelf: Shelf) -> bool:
    """Say whether one variant's listings put it on this shelf (CAT-7).

    A listing for all stores holds in each of them; one for a single store holds only for who asks for that store.
    """
    for listing in listings:  # no any(…): its generator takes longer than a variant's few listings
        if (
            listing.channel is shelf.channel
            and (listing.location_id is None or listing.location_id == shelf.location_id)
            and listing.listed_from <= shelf.at
            and (listing.listed_to is None or shelf.at < listing.listed_to)
        ):
            return True
    return False
