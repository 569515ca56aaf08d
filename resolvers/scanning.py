"""Scanning: who shows a code or a card at a counter. Whoever holds it lets themself be seen."""

import domain.identifiers
from datasources.ports.work import Work
from domain.members import IdentifierKey, IdentifierType, Member
from domain.refusals.base import Path
from domain.refusals.members import UnknownMember
from resolvers import members
from resolvers.claims import Refused
from resolvers.context import Context

AT_CODE: Path = ("input", "code")


async def scanned(ctx: Context, work: Work, text: str) -> Member:
    """The member whose code or card was scanned, locked.

    Raises:
        Refused: UNKNOWN_MEMBER, with the text as sent.
    """
    code, card = text.strip(), domain.identifiers.normal(IdentifierType.CARD, text)
    found = (await ctx.sources.members.by_code([code])).get(code)
    if found is None and card is not None:
        key = IdentifierKey(IdentifierType.CARD, card)
        found = (await ctx.sources.members.by_identifier([key])).get(key)
    now = (await members.current(ctx, [found.id])).get(found.id) if found is not None else None
    if now is None:
        raise Refused(UnknownMember(AT_CODE, text))
    return (await members.held(work, now.id))[0]
