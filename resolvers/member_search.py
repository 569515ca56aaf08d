"""Looking members up, as at a counter: the end of their phone, all of it, a card, or the code on their own screen."""

from collections.abc import Sequence

from datasources.ports.members import Clientele, Sought
from domain.identifiers import TAIL
from domain.members import IdentifierKey, IdentifierType, Member
from domain.pages import Page, cut
from domain.viewers import Role
from resolvers import identifiers, members, paging
from resolvers.context import Context
from resolvers.paging import Connection

MAX_FOUND = 50
LOOKED_FOR = (IdentifierType.PHONE, IdentifierType.CARD)


async def search(
    ctx: Context, roots: Sequence[None], *, text: str, first: int = 20, after: str | None = None
) -> Sequence[Connection[Member]]:
    """Members whom a text may mean, those the viewer may see, in the order of their ids."""
    size = paging.checked_first(first, most=MAX_FOUND)
    position = paging.decode(after, kinds=(str,))
    found = await ctx.sources.members.search(
        _sought(text.strip()), among=_clientele(ctx), after=str(position[0]) if position else None, limit=size + 1
    )
    page = cut(found, size, lambda id: (id,))
    shown = dict(zip(page.nodes, await members.members_by_ids(ctx, page.nodes), strict=True))
    nodes = [(member, place) for id, place in page.items if (member := shown[id]) is not None]
    return [paging.connection(Page(nodes, page.has_next))]


def _sought(text: str) -> Sought:
    names = {type: identifiers.normal(type, text) for type in LOOKED_FOR}
    keys = [IdentifierKey(type, value) for type, value in names.items() if value is not None]
    is_tail = len(text) == TAIL and text.isascii() and text.isdigit()
    return Sought(code=text, names=keys, tail=text if is_tail else None)


def _clientele(ctx: Context) -> Clientele | None:
    viewer = ctx.viewer
    return Clientele(viewer.id, viewer.location_id, ctx.clock()) if viewer.role is Role.ASSOCIATE else None
