"""Scanning: who shows a code or a card at a counter. Whoever holds it lets themself be seen."""

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
    read = text.strip()
    card = IdentifierKey(IdentifierType.CARD, read.upper())
    found = (await ctx.sources.members.by_code([read])).get(read)
    found = found or (await ctx.sources.members.by_identifier([card])).get(card)
    now = (await members.current(ctx, [found.id])).get(found.id) if found else None
    held = (await work.members.locked({now.id})).get(now.id) if now else None
    if held is None or not held.is_live:
        raise Refused(UnknownMember(AT_CODE, text))
    return held
