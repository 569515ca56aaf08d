"""What every connection shares: where a page ends."""

import resolvers.paging
from schema.base import plain, view

FIRST = f"How many at most, 1 to {resolvers.paging.MAX_FIRST}; otherwise error PAGE_SIZE."
AFTER = "Go on after this cursor, from `pageInfo.endCursor` of the page before."


@view(resolvers.paging.PageInfo, description="Whether more items follow, and how to ask for them.")
class PageInfo:
    has_next_page: bool = plain("True when more items follow.")
    end_cursor: str | None = plain("Cursor of the last item of this page; null on an empty page.")
