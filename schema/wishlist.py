"""Wish lists, in GraphQL's words."""

from datetime import datetime

import strawberry

import domain.wishlist
import resolvers.wishlist
from resolvers.paging import Connection
from schema.base import batch, plain, view
from schema.catalog import Variant
from schema.paging import AFTER, FIRST, PageInfo


@view(domain.wishlist.Wish, description="Something that a member would have one day (收藏).")
class Wish:
    sku: str = plain("The variant's sku.")
    variant: Variant | None = batch(
        resolvers.wishlist.variant_of, description="The variant; null where it is not on sale here any more."
    )
    added_at: datetime = plain("Since when it is wished for, in UTC.")


@view(Connection, description="A page of a wish list.")
class WishConnection:
    nodes: list[Wish] = plain("The wishes, the latest first.")
    page_info: PageInfo = plain("Whether more follow.")


@strawberry.type
class WishingMember:
    """The part of a member that wish lists contribute."""

    wishlist: WishConnection = batch(
        resolvers.wishlist.wishlist_of,
        description="What they would have one day, the latest first; whoever looks after them sees it as well.",
        first=FIRST,
        after=AFTER,
    )
